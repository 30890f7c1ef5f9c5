"""In a notebook without ipywidgets duckdb refuses to set its progress bar: the stock is read all the same."""

from __future__ import annotations

from typing import Any

import duckdb
import pytest

from chaine_valeur import datasets
from chaine_valeur.io.sirene import read_sirene


class Picky:
    """A connection that refuses one setting, as it does in such a notebook."""

    def __init__(self, connection: Any) -> None:
        self._connection = connection
        self.refused = 0

    def execute(self, sql: str, *more: Any) -> Any:
        if "enable_progress_bar" in sql:
            self.refused += 1
            raise duckdb.InvalidInputException("required package 'ipywidgets' is missing")
        return self._connection.execute(sql, *more)

    def __getattr__(self, name: str) -> Any:
        return getattr(self._connection, name)


def test_a_refused_progress_bar_does_not_matter(monkeypatch: pytest.MonkeyPatch) -> None:
    stock = datasets.open_data("exemple_complet")["establishments"]
    before = read_sirene(stock, naf="13.10Z").frame
    made: list[Picky] = []
    connect = duckdb.connect

    def picky(*args: Any, **more: Any) -> Picky:
        made.append(Picky(connect(*args, **more)))
        return made[-1]

    monkeypatch.setattr(duckdb, "connect", picky)
    after = read_sirene(stock, naf="13.10Z").frame
    assert [one.refused for one in made] == [1]
    assert len(before) and after.equals(before)
