"""Progress is told to who asks for it, and to nobody else."""

from __future__ import annotations

import io
import sys
from typing import Any

import pytest

from chaine_valeur.portfolio import Portfolio, heavy
from chaine_valeur.portfolio.progress import telling

from .making import tiny
from .tasks import count_actors


class Watched(io.StringIO):
    """An error stream that somebody watches."""

    def isatty(self) -> bool:
        return True


def watching(monkeypatch: pytest.MonkeyPatch) -> Watched:
    """Return the error stream from here on; not in a fixture, after which pytest puts its own back."""
    stream = Watched()
    monkeypatch.setattr(sys, "stderr", stream)
    return stream


def test_a_callable_is_called_as_it_is() -> None:
    told: list[Any] = []
    with telling(lambda *said: told.append(said)) as tell:
        tell(1, 2, "a")
    assert told == [(1, 2, "a")]


@pytest.mark.parametrize("asked", [None, False])
def test_nothing_unless_asked(asked: bool | None, monkeypatch: pytest.MonkeyPatch) -> None:
    watched = watching(monkeypatch)
    with telling(asked) as tell:
        tell(1, 2, "a")
    assert watched.getvalue() == ""


def test_nothing_where_nobody_watches(monkeypatch: pytest.MonkeyPatch) -> None:
    stream = io.StringIO()
    monkeypatch.setattr(sys, "stderr", stream)
    heavy(Portfolio.from_filieres({"a": tiny()}), count_actors, progress=True)
    assert stream.getvalue() == ""


def test_a_bar_where_rich_is_installed(monkeypatch: pytest.MonkeyPatch) -> None:
    pytest.importorskip("rich")
    watched = watching(monkeypatch)
    with telling(True) as tell:
        tell(1, 3, "[red]caux[/red].xlsx")  # a name is no markup
        tell(3, 3, "bray.xlsx")
    assert "3/3" in watched.getvalue()
    assert "bray.xlsx" in watched.getvalue()


def test_a_line_where_it_is_not(monkeypatch: pytest.MonkeyPatch) -> None:
    watched = watching(monkeypatch)
    monkeypatch.setitem(sys.modules, "rich.console", None)
    with telling(True) as tell:
        tell(1, 2, "a")
        tell(2, 2, "b")
    assert watched.getvalue() == "\r1 / 2\r2 / 2\n"
