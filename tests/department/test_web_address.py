"""Which address is printed and sent, and under which names a request is for us."""

from __future__ import annotations

from collections.abc import Iterator

import pytest

from core.department.profile import house
from core.department.web_address import (
    NoWebAddress,
    OnlyThisMachine,
    confirm_web_address,
    host_of,
    is_in_house,
    is_ours,
    known_names,
    public_address,
)
from core.foundation.access import NotAllowed
from core.foundation.house import House
from core.foundation.settings import settings
from tests.conftest import World

CARE = frozenset({"care.hospital.example"})


@pytest.fixture
def pinned(monkeypatch: pytest.MonkeyPatch) -> Iterator[None]:
    monkeypatch.setenv("PILOTDESK_PUBLIC_URL", "https://pinned.example/")
    settings.cache_clear()
    yield
    settings.cache_clear()


def now(world: World) -> House:
    found: House = world.ask("nurse", house)
    return found


@pytest.mark.parametrize(
    ("typed", "kept"),
    [
        ("https://care.hospital.example", "https://care.hospital.example"),
        (" HTTPS://Care.Hospital.example/today?id=1 ", "https://care.hospital.example"),
        ("care.hospital.example:8443", "https://care.hospital.example:8443"),
        ("http://192.168.1.20:8501/", "http://192.168.1.20:8501"),
        ("http://[fd00::5]:8501", "http://[fd00::5]:8501"),
        # As a browser's bar shows them: the scheme hidden, and no certificate within the house.
        ("192.168.1.20:8501", "http://192.168.1.20:8501"),
        ("pilotdesk:8501/today", "http://pilotdesk:8501"),
        ("", ""),
    ],
)
def test_of_an_address_scheme_and_name_are_kept(world: World, typed: str, kept: str) -> None:
    assert world.do("manager", confirm_web_address, web_address=typed) == kept
    assert public_address(now(world)) == now(world).web_address == kept


@pytest.mark.parametrize(
    "typed",
    [
        "ftp://care.example", "javascript:alert(1)", "https://", "https://a b", "https://me@care.example",
        "https://care.example:99999", "https://care..example", "https://医院.example", "https://-x-", "https://" + "a" * 300,
    ],
)  # fmt: skip
def test_what_is_no_address_is_refused(world: World, typed: str) -> None:
    with pytest.raises(NoWebAddress):
        world.do("manager", confirm_web_address, web_address=typed)


@pytest.mark.parametrize("typed", ["http://localhost:8501", "http://127.0.0.1", "http://[::1]:1", "0.0.0.0"])
def test_an_address_of_this_computer_alone_is_refused(world: World, typed: str) -> None:
    with pytest.raises(OnlyThisMachine):
        world.do("manager", confirm_web_address, web_address=typed)


def test_only_who_may_change_settings_confirms(world: World) -> None:
    with pytest.raises(NotAllowed):
        world.do("nurse", confirm_web_address, web_address="https://care.example")


def test_the_machines_own_word_comes_first_and_the_confirmed_name_still_leads_here(
    world: World, pinned: None
) -> None:
    assert public_address(None) == "https://pinned.example"
    world.do("manager", confirm_web_address, web_address="https://care.hospital.example")
    assert public_address(now(world)) == "https://pinned.example"
    assert known_names(now(world)) == CARE | {"pinned.example"}


@pytest.mark.parametrize(
    ("header", "host"),
    [
        ("Care.Hospital.example:8443", "care.hospital.example"), ("care.hospital.example.", "care.hospital.example"),
        ("[::1]:8501", "::1"), ("", ""), ("care.hospital.example, evil.example", ""), ("evil.example/@care", ""),
        ("care@evil.example", ""), ("[::1", ""), ("care.example:port", ""), ("care.example\tx", ""),
    ],
)  # fmt: skip
def test_a_host_header_is_read_as_one_name_or_not_at_all(header: str, host: str) -> None:
    assert host_of(header) == host


@pytest.mark.parametrize(
    "host", ["localhost", "127.0.0.1", "::1", "10.1.2.3", "192.168.1.5", "172.16.0.9", "fd00::5"]
)
def test_this_computer_and_private_addresses_always_pass(host: str) -> None:
    assert is_ours(host, frozenset()) and is_ours(host, CARE)


def test_a_foreign_name_never_passes() -> None:
    for host in (
        "evil.example",
        "care.hospital.example.evil.example",
        "8.8.8.8",
        "localhost.evil.example",
        "",
    ):
        assert not is_ours(host, frozenset()) and not is_ours(host, CARE)


def test_until_a_name_is_known_the_houses_own_network_may_call_us_as_it_likes() -> None:
    for host in ("pilotdesk", "desk.local", "desk.hospital.internal"):
        assert is_ours(host, frozenset()) and not is_ours(host, CARE)
    assert is_ours("8.8.8.8", frozenset(), "8.8.8.8") and not is_ours("8.8.8.8", frozenset(), "10.0.0.2")
    assert not is_in_house("2001:4860:4860::8888")


def test_the_machines_own_name_passes_under_any_confirmed_one(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("core.department.web_address._machine_names", lambda: frozenset({"desk7.local"}))
    assert is_ours("desk7.local", CARE) and not is_ours("desk8.local", CARE)


def test_the_number_at_which_a_request_arrived_passes_under_any_confirmed_name() -> None:
    """Some houses number their machines publicly: whoever confirmed a wrong name comes back by that number."""
    assert is_ours("11.22.3.4", CARE, "11.22.3.4") and is_ours("11.22.3.4", frozenset(), "11.22.3.4")
    assert not is_ours("11.22.3.4", CARE, "192.168.1.20")
