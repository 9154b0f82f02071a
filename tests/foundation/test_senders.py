"""Whose calls are counted together."""

from __future__ import annotations

import pytest

from core.foundation.senders import sender_of


@pytest.mark.parametrize(
    ("address", "sender"),
    [
        ("203.0.113.7", "203.0.113.7"),
        ("::ffff:203.0.113.7", "203.0.113.7"),
        ("2001:db8:7:1::1", "2001:db8:7:1::/64"),
        ("2001:db8:7:1:ffff:1:2:3", "2001:db8:7:1::/64"),
        ("fe80::1%eth0", "fe80::/64"),
        ("testclient", "testclient"),
        ("", ""),
    ],
)
def test_of_ipv6_a_network_is_one_sender_of_ipv4_an_address(address: str, sender: str) -> None:
    assert sender_of(address) == sender
