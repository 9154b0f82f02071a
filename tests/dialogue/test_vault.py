"""Addresses of channels: readable on this machine, nonsense everywhere else."""

from __future__ import annotations

import pytest

from core.dialogue.telling import vault

pytestmark = pytest.mark.usefixtures("own_machine_key")

ADDRESS = {"address": "https://qyapi.weixin.qq.com/cgi-bin/webhook/send?key=key-1234", "secret": ""}


def test_what_is_sealed_opens_here_and_shows_nothing() -> None:
    seal = vault.sealed(ADDRESS)
    assert vault.opened(seal) == ADDRESS
    assert "key-1234" not in seal and vault.sealed(ADDRESS) != seal


def test_another_machine_reads_nothing(monkeypatch: pytest.MonkeyPatch) -> None:
    seal = vault.sealed(ADDRESS)
    monkeypatch.setattr("core.foundation.machine_key.machine_key", lambda: b"8" * 64)
    assert vault.opened(seal) is None


@pytest.mark.parametrize("seal", ["", "x", "gAAAAA==", "\u8e1d"])
def test_what_somebody_changed_is_not_read(seal: str) -> None:
    assert vault.opened(seal) is None


def test_a_changed_seal_is_not_read() -> None:
    seal = vault.sealed(ADDRESS)
    changed = seal[:-10] + ("A" if seal[-10] != "A" else "B") + seal[-9:]
    assert vault.opened(changed) is None
