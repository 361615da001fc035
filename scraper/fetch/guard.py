"""Which addresses may be asked at all: a public page must not lead us into the user's own network."""

from ipaddress import IPv4Address, IPv4Network, IPv6Address, IPv6Network, ip_address

_NAT64 = IPv6Network("64:ff9b::/96")  # RFC 6052
_NAT64_LOCAL = IPv6Network("64:ff9b:1::/48")  # RFC 8215
_PROTOCOLS = IPv4Network("192.0.0.0/24")  # RFC 6890; older Pythons know a part of it. Oracle's metadata are here
_AZURE = IPv4Address("168.63.129.16")  # its host, which answers its guests; for all others an address like any


def is_public(address: str) -> bool:
    """Whether an IP address belongs to the internet at large, whatever IPv6 wraps it in.

    >>> is_public("::ffff:169.254.169.254"), is_public("8.8.8.8")
    (False, True)
    """
    ip = ip_address(address.partition("%")[0])
    if isinstance(ip, IPv6Address):
        embedded = _embedded(ip)
        if embedded is not None:
            return is_public(str(embedded))
        if ip in _NAT64_LOCAL or ip.is_site_local:
            return False
    elif ip in _PROTOCOLS or ip == _AZURE:
        return False
    return ip.is_global and not ip.is_multicast and not ip.is_reserved


def is_private_literal(hostname: str) -> bool:
    """Whether a host is written as an IP address that is not public, or as a name of this machine (RFC 6761)."""
    if f".{hostname.lower().rstrip('.')}".endswith(".localhost"):
        return True
    try:
        return not is_public(hostname)
    except ValueError:
        return False


def _embedded(ip: IPv6Address) -> IPv4Address | None:
    """The IPv4 address that packets to `ip` would reach in the end: mapped, 6to4, Teredo, NAT64."""
    if ip in _NAT64:
        return IPv4Address(int(ip) & 0xFFFFFFFF)
    if ip.teredo:
        return ip.teredo[1]
    return ip.ipv4_mapped or ip.sixtofour
