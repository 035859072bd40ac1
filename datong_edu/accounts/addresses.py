"""Where a request comes from: the address that lockouts and the audit trail name."""

from ipaddress import IPv6Address, ip_address, ip_network

from django.conf import settings
from django.http import HttpRequest

IPV6_HOUSEHOLD = 64
"""Bits of an IPv6 address that belong to the line; whoever has the line chooses the rest at will."""


def client_address(request: HttpRequest) -> str | None:
    """The client's address: the connection's own, unless that is a trusted proxy, which is believed.

    X-Forwarded-For is read from its right end, where our proxies write; what a client put there itself stands
    further left and is never reached.  An IPv6 address counts as its whole line (/64).
    """
    near = str(request.META.get("REMOTE_ADDR", ""))
    hops = [
        hop.strip() for hop in str(request.META.get("HTTP_X_FORWARDED_FOR", "")).split(",") if hop.strip()
    ]
    while hops and _is_trusted(near):
        near = hops.pop()
    return _line_of(near) or _line_of(str(request.META.get("REMOTE_ADDR", "")))


def _is_trusted(text: str) -> bool:
    try:
        address = ip_address(text)
    except ValueError:
        return False
    return any(address in network for network in settings.TRUSTED_PROXIES)


def _line_of(text: str) -> str | None:
    try:
        address = ip_address(text)
    except ValueError:
        return None
    if not isinstance(address, IPv6Address):
        return str(address)
    if address.ipv4_mapped:
        return str(address.ipv4_mapped)
    return str(ip_network((address, IPV6_HOUSEHOLD), strict=False).network_address)
