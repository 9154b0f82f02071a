"""Whom an address of the network stands for, where calls of one sender are counted together."""

from __future__ import annotations

from ipaddress import IPv6Address, IPv6Network, ip_address

# Of IPv6 a household or a ward is given 64 bits of addresses, and takes a new one whenever it likes (RFC 6177, RFC 8981).
_HOUSEHOLD = 64


def sender_of(address: str) -> str:
    """The sender behind an address: an IPv4 address itself, however it is written; of IPv6 its household's network. What is
    no address stands for itself."""
    try:
        found = ip_address(address.strip().partition("%")[0])
    except ValueError:
        return address
    if not isinstance(found, IPv6Address):
        return str(found)
    if found.ipv4_mapped is not None:
        return str(found.ipv4_mapped)
    return str(IPv6Network((found, _HOUSEHOLD), strict=False))
