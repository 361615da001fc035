"""Statuses and heads of all kinds, and answers that are no HTTP."""

from tests.hostile.laboratory import PRODUCT, Behaviour, Experiment, Seen, product
from tests.server import Route, head, in_turn, page, raw

BODY = product()
HEADERS = b"Content-Type: text/html\r\nContent-Length: %d\r\n" % len(BODY)
NO_HTTP = "network_error bad_response"


def status(number: int, **headers: str | int) -> Route:
    """A product with this status."""
    return page(BODY, status=number, **headers)


def line(start: bytes) -> Route:
    """A product with this instead of a status line."""
    return raw(start + HEADERS + b"\r\n" + BODY)


def with_head(lines: bytes) -> Route:
    """A product with these header lines too; the connection stays open."""
    return lambda reply: reply.send(b"HTTP/1.1 200 OK\r\n" + lines + HEADERS + b"\r\n" + BODY)


def once(number: int) -> Behaviour:
    return Behaviour(f"{number}", {"/": status(number)}, f"http_error http_{number}", 1)


def thrice(number: int) -> Behaviour:
    return Behaviour(f"{number}", {"/": status(number)}, f"http_error http_{number}", 3)


def phrase_is_not_shown(seen: Seen) -> None:
    assert b"basilisk" not in seen.ran.written


BEHAVIOURS = (
    Behaviour("200", {"/": PRODUCT}),
    Behaviour("203", {"/": status(203)}),
    *map(once, (204, 205, 206, 300, 302, 304, 305, 306, 400, 401, 402, 403, 405, 406, 407, 409, 412, 418, 422, 423)),
    *map(once, (426, 428, 431, 451, 499, 600, 777, 999)),
    *map(thrice, (408, 425, 429, 500, 501, 502, 503, 504, 505, 507, 520, 521, 522, 530, 599)),
    *(Behaviour(f"{n}", {"/": status(n)}, f"gone http_{n}", 1) for n in (404, 410)),
    *(Behaviour(f"{n} twice, then 200", {"/": in_turn(status(n), status(n), PRODUCT)}, "ok", 3) for n in (429, 503)),
    Behaviour("206 with a range that was not asked for", {"/": status(206, Content_Range="bytes 0-9/99")},
              "http_error http_206", 1),
    Behaviour("401 that asks for a password", {"/": status(401, WWW_Authenticate='Basic realm="x"')},
              "http_error http_401", 1),
    Behaviour("403 with a captcha", {"/": page(b"<title>x</title><div class=g-recaptcha></div>", status=403)},
              "blocked captcha", 1),
    Behaviour("304 with a body", {"/": raw(head(304) + BODY)}, "http_error http_304", 1),
    Behaviour("204 with a body", {"/": raw(head(204) + BODY)}, "http_error http_204", 1),
    Behaviour("100, then 200", {"/": raw(b"HTTP/1.1 100 Continue\r\n\r\n" + head(200) + BODY)}),
    Behaviour("102 and 103, then 200", {"/": raw(b"HTTP/1.1 102 Processing\r\n\r\nHTTP/1.1 103 Hints\r\nLink: x\r\n\r\n"
              + head(200) + BODY)}),
    Behaviour("101 Switching Protocols", {"/": raw(b"HTTP/1.1 101 Switching\r\nUpgrade: x\r\n\r\n" + BODY)},
              "http_error http_101", 1),
    Behaviour("a status line without phrase", {"/": line(b"HTTP/1.1 200\r\n")}),
    Behaviour("a status line with more blanks", {"/": line(b"HTTP/1.1  200  OK\r\n")}),
    Behaviour("a phrase in no known charset", {"/": line(b"HTTP/1.1 200 \xff\xfe\x80 basilisk\r\n")},
              check=phrase_is_not_shown),
    Behaviour("a phrase with escape sequences", {"/": raw(b"HTTP/1.1 500 \x1b[2Jbasilisk\x07\x00\r\n\r\n")},
              "http_error http_500", 3, phrase_is_not_shown),
    Behaviour("HTTP/1.0", {"/": raw(b"HTTP/1.0 200 OK\r\n\r\n" + BODY)}),
    Behaviour("line feeds only", {"/": raw(b"HTTP/1.1 200 OK\nContent-Type: text/html\n\n" + BODY)}),
    Behaviour("a status of two digits", {"/": line(b"HTTP/1.1 20 OK\r\n")}, NO_HTTP, 3),
    Behaviour("a status of four digits", {"/": line(b"HTTP/1.1 2000 OK\r\n")}, NO_HTTP, 3),
    Behaviour("a negative status", {"/": line(b"HTTP/1.1 -200 OK\r\n")}, NO_HTTP, 3),
    Behaviour("a status that is no number", {"/": line(b"HTTP/1.1 OK\r\n")}, NO_HTTP, 3),
    Behaviour("a status of 000", {"/": line(b"HTTP/1.1 000 OK\r\n")}, NO_HTTP, 3),
    Behaviour("no status", {"/": line(b"HTTP/1.1\r\n")}, NO_HTTP, 3),
    Behaviour("HTTP/2 in plain text", {"/": line(b"HTTP/2 200 OK\r\n")}, NO_HTTP, 3),
    Behaviour("HTTP/9.9", {"/": line(b"HTTP/9.9 200 OK\r\n")}, NO_HTTP, 3),
    Behaviour("ICY instead of HTTP", {"/": line(b"ICY 200 OK\r\n")}, NO_HTTP, 3),
    Behaviour("HTTP/0.9", {"/": raw(BODY)}, NO_HTTP, 3),
    Behaviour("another protocol", {"/": raw(b"SSH-2.0-OpenSSH_9.9\r\n")}, NO_HTTP, 3),
    Behaviour("a greeting of its own", {"/": PRODUCT}, NO_HTTP, None, greet=lambda sock: sock.sendall(b"220 FTP\r\n")),
    Behaviour("TLS on a plain port", {"/": raw(b"\x15\x03\x01\x00\x02\x02\x0a")}, NO_HTTP, 3),
    Behaviour("random bytes", {"/": raw(bytes(range(256)) * 40)}, NO_HTTP, 3),
    Behaviour("zeros", {"/": raw(bytes(1000))}, NO_HTTP, 3),
    Behaviour("empty lines before the status", {"/": raw(b"\r\n\r\n" + head(200) + BODY)}, NO_HTTP, 3),
    Behaviour("a header without a colon", {"/": with_head(b"chair\r\n")}),
    Behaviour("a header without a name", {"/": with_head(b": chair\r\n")}),
    Behaviour("a header with a blank before its colon", {"/": with_head(b"X-Chair : y\r\n")}),
    Behaviour("a header that begins with a blank", {"/": with_head(b" X: y\r\n")}),
    Behaviour("a folded header", {"/": with_head(b"X: y\r\n z\r\n\tw\r\n")}),
    Behaviour("a header with NUL", {"/": with_head(b"X: y\0z\r\n")}),
    Behaviour("a header with a bare carriage return", {"/": with_head(b"X: y\rz: w\r\n")}),
    Behaviour("a header with the odd line ends of Unicode", {"/": with_head(b"X: y\x85\xe2\x80\xa8\x0b\x0c\x1cz\r\n")}),
    Behaviour("headers in no known charset", {"/": with_head(b"X-\xff\xfe: \x80\xff\r\n")}),
    Behaviour("a header with escape sequences", {"/": with_head(b"Server: \x1b]0;basilisk\x07\r\n")},
              check=phrase_is_not_shown),
    Behaviour("a type with escape sequences",
              {"/": raw(b"HTTP/1.1 200 OK\r\nContent-Type: \x1b[31mother/x\r\n\r\n" + BODY)}, "not_product not_html"),
    Behaviour("ninety bad cookies", {"/": with_head(b"Set-Cookie: =;;;==\xff;Domain=.;Path=\0;Expires=x\r\n" * 90)}),
    Behaviour("keep-alive, promised and broken",
              {f"/{n}": raw(b"HTTP/1.1 200 OK\r\nConnection: keep-alive\r\n" + HEADERS + b"\r\n" + BODY)
               for n in range(8)}, {f"/{n}": "ok" for n in range(8)}, 8),
)  # fmt: skip

EXPERIMENTS = (Experiment("statuses", BEHAVIOURS, ("--ignore-robots",)),)
