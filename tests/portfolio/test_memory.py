"""What can be taken is the least that anybody allows; what the system does not say is no reason to refuse."""

from __future__ import annotations

from pathlib import Path

import pytest

from chaine_valeur.errors import NotEnoughMemoryError
from chaine_valeur.portfolio import memory


@pytest.fixture
def system(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A system of which each file is written by the test."""
    monkeypatch.setattr(memory, "_MEMINFO", tmp_path / "meminfo")
    monkeypatch.setattr(memory, "_CONTAINER", (tmp_path / "max", tmp_path / "current"))
    monkeypatch.setattr(memory, "_of_process", lambda: None)
    (tmp_path / "meminfo").write_text("MemTotal: 99 kB\nMemAvailable:    2048 kB\n", encoding="ascii")
    return tmp_path


def test_what_the_system_holds_available(system: Path) -> None:
    assert memory.available_memory() == 2048 * 1024


def test_what_the_container_leaves(system: Path) -> None:
    (system / "max").write_text("1000000\n", encoding="ascii")
    (system / "current").write_text("400000\n", encoding="ascii")
    assert memory.available_memory() == 600_000
    (system / "max").write_text("max\n", encoding="ascii")
    assert memory.available_memory() == 2048 * 1024


def test_more_held_than_allowed_is_nothing_left(system: Path) -> None:
    (system / "max").write_text("10", encoding="ascii")
    (system / "current").write_text("25", encoding="ascii")
    assert memory.available_memory() == 0


def test_without_the_file_the_pages_are_counted(system: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    (system / "meminfo").unlink()
    sizes = {"SC_AVPHYS_PAGES": 7, "SC_PAGE_SIZE": 4096}
    monkeypatch.setattr(memory.os, "sysconf", sizes.__getitem__, raising=False)
    assert memory.available_memory() == 7 * 4096


def test_a_system_that_says_nothing(system: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    (system / "meminfo").unlink()
    monkeypatch.delattr(memory.os, "sysconf", raising=False)
    assert memory.available_memory() is None
    memory.check_fits("x", 10**15, limit=None, lang="en")  # not known: not refused
    with pytest.raises(NotEnoughMemoryError):
        memory.check_fits("x", 10**15, limit=10, lang="en")


def test_what_is_said(system: Path) -> None:
    memory.check_fits("x", 2048 * 1024, limit=None, lang="en")
    with pytest.raises(NotEnoughMemoryError) as caught:
        memory.check_fits("country", 30_000_000_000, limit=None, lang="en")
    assert "Reading “country” takes about 30\u00a0GB of memory, and there are 2.1\u00a0MB" in str(
        caught.value
    )
    with pytest.raises(NotEnoughMemoryError, match="2,5\u00a0Go"):
        memory.check_fits("pays", 2_500_000_000, limit=1, lang="fr")


def test_this_machine_says_something_or_nothing() -> None:
    found = memory.available_memory()
    assert found is None or found > 0
