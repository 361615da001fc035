"""Imported by every interpreter that the laboratory starts: whatever happens in there, nothing leaves this machine."""

import ipaddress
import sys


def _check(event: str, arguments: tuple[object, ...]) -> None:
    match event, arguments:
        case "socket.getaddrinfo", (name, *_) if name not in (b"localhost", "localhost"):
            ipaddress.ip_address(name.decode() if isinstance(name, bytes) else str(name))  # fails for a name
        case "socket.connect", (_, (address, *_)) if not ipaddress.ip_address(address).is_loopback:
            raise ValueError(f"{address} is not on this machine")


sys.addaudithook(_check)
