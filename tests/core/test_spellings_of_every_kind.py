"""What stands in a column of each kind, spelling by spelling, written out."""

from __future__ import annotations

from datetime import date, datetime
from decimal import Decimal
from typing import Any

import numpy as np
import pandas as pd
import pytest

from chaine_valeur.spellings import Texts, are_clean, cell_text, clean_texts, spelled
from chaine_valeur.table_state import Links, RawTable, State

NAT = pd.NaT
#: name → column, number of each cell, spellings
KINDS: dict[str, tuple[pd.Series, list[int], list[Any]]] = {
    "text": (pd.Series(["b", None, "a", "b", ""], dtype="str"), [0, -1, 1, 0, 2], ["b", "a", ""]),
    "text with NA": (pd.Series(["b", pd.NA, "b"], dtype="string"), [0, -1, 0], ["b"]),
    "text kept as objects": (pd.Series(["b", None, np.nan, "B"], dtype=object), [0, -1, -1, 1], ["b", "B"]),
    "numbers": (pd.Series([1.5, np.nan, 1.5, 0.0]), [0, -1, 0, 1], [1.5, 0.0]),
    "whole numbers": (pd.Series([3, 3, -1]), [0, 0, 1], [3, -1]),
    "small numbers": (pd.Series([200, 7, 200], dtype="uint8"), [0, 1, 0], [200, 7]),
    "years": (pd.Series([2021, None, 2019, 2021], dtype="Int64"), [0, -1, 1, 0], [2021, 2019]),
    "yes and no": (pd.Series([True, False, True]), [0, 1, 0], [True, False]),
    "yes, no, unknown": (pd.Series([None, False, True], dtype="boolean"), [-1, 0, 1], [False, True]),
    "days": (
        pd.Series(pd.to_datetime(["2024-03-12", None, "2024-03-12"])),
        [0, -1, 0], [pd.Timestamp("2024-03-12")],
    ),
    "words of a list": (pd.Series(["x", "y", None, "x"], dtype="category"), [0, 1, -1, 0], ["x", "y"]),
    # of numbers: pandas makes floats of them where one is missing, as a sheet does; they read as 2 and 1
    "numbers of a list": (pd.Series([2, 1, None, 2], dtype=pd.CategoricalDtype([1, 2, 3])), [0, 1, -1, 0], [2.0, 1.0]),
    "all kinds": (
        pd.Series(["1", 1, 1.0, True, None, NAT, pd.NA, "1", Decimal(1), 1], dtype=object),
        [0, 1, 2, 3, -1, -1, -1, 0, 4, 1], ["1", 1, 1.0, True, Decimal(1)],
    ),
    "days and words": (
        pd.Series([date(2024, 3, 12), "2024-03-12", datetime(2024, 3, 12), date(2024, 3, 12)], dtype=object),
        [0, 1, 2, 0], [date(2024, 3, 12), "2024-03-12", datetime(2024, 3, 12)],
    ),
    "several entries": (
        pd.Series([["a", "b"], ("a", "b"), np.array(["c"]), "a;b", None], dtype=object),
        [0, 0, 1, 0, -1], ["a;b", "c"],
    ),
    "numpy among Python": (pd.Series([np.int64(2), 2, np.float64(2), "x"], dtype=object), [0, 1, 2, 3],
                           [np.int64(2), 2, np.float64(2), "x"]),
    "nothing": (pd.Series([None, np.nan], dtype=object), [-1, -1], []),
    "no cell": (pd.Series([], dtype=object), [], []),
    "no number": (pd.Series([], dtype="float64"), [], []),
}  # fmt: skip


@pytest.mark.parametrize("name", KINDS)
def test_numbers_and_spellings(name: str) -> None:
    cells, numbers, spellings = KINDS[name]
    before = cells.copy(deep=True)
    found, told = spelled(cells)
    assert found.tolist() == numbers
    assert [(type(one), one) for one in told] == [(type(one), one) for one in spellings]
    pd.testing.assert_series_equal(cells, before)


@pytest.mark.parametrize("name", KINDS)
def test_neither_the_index_nor_further_rows_change_them(name: str) -> None:
    cells, numbers, _ = KINDS[name]
    moved = cells.set_axis(range(10, 10 + len(cells)))
    assert spelled(moved)[0].tolist() == numbers
    twice = pd.concat([cells, cells], ignore_index=True)
    assert spelled(twice)[0].tolist() == numbers * 2
    assert len(spelled(cells.iloc[:0])[1]) == 0


@pytest.mark.parametrize(
    ("cell", "text"),
    [
        (276.0, "276"),  # as a sheet stores 276
        (276.5, "276.5"),
        (-0.0, "0"),
        (1e15, "1000000000000000"),
        (1e300, "1e+300"),  # written out, it would be three hundred digits that nobody typed
        (float("inf"), "inf"),
        (12, "12"),
        (10**20, "1" + "0" * 20),
        (True, "True"),
        (np.float64(3.0), "3"),
        (Decimal("2.50"), "2.50"),
        (datetime(2024, 3, 12), "2024-03-12"),
        (datetime(2024, 3, 12, 8, 30), "2024-03-12 08:30:00"),
        (date(2024, 3, 12), "2024-03-12"),
        (None, ""),
        (np.nan, ""),
        (pd.NA, ""),
        (pd.NaT, ""),
        ("  a  b ", "a  b"),  # blanks within are those of the writer
        ("a\u00a0", "a"),
        ("\ufeffname\u202f", "name"),
        ("E\u0301tang", "\u00c9tang"),  # one letter, however it was typed
        ("a\r\nb\rc", "a\nb\nc"),
        ("a\x00b\x07", "ab"),  # what no document can hold
        ("\ud800x", "x"),  # half a character
        ("a\tb\t", "a\tb"),
        ("\n \t", ""),
        ("👩\u200d🌾", "👩\u200d🌾"),
        ("محمد", "محمد"),
    ],
)
def test_the_text_of_a_cell(cell: Any, text: str) -> None:
    assert cell_text(cell) == text
    assert cell_text(text) == text  # it is clean now
    assert clean_texts([cell]) == [text or None]


def test_plain_text_is_not_gone_through_again() -> None:
    cells = ["Relais", "a b"]
    assert clean_texts(cells) is cells
    assert clean_texts(["Relais", " a b"]) == ["Relais", "a b"]
    # a bar in a cell may look like a border: it is looked at, and nothing is lost
    for odd in (["a|", "b"], ["a | b"], ["|"], ["a||b"]):
        assert clean_texts(odd) == odd
    assert are_clean(["a|b"]) and not are_clean(["a||b"])


# -- texts and references as numbers -------------------------------------------------------------------


@pytest.mark.parametrize("dtype", ["str", object, "category"])
def test_texts_of_a_column(dtype: Any) -> None:
    found = Texts.of(pd.Series(["b", None, "a", "b"], dtype=dtype))
    assert (found.numbers.tolist(), list(found.values)) == ([0, -1, 1, 0], ["b", "a"])
    again = found.cells(pd.RangeIndex(4))
    assert (again.dropna().tolist(), again.isna().tolist()) == (["b", "a", "b"], [False, True, False, False])
    assert isinstance(again.dtype, pd.StringDtype)


def test_texts_of_values_that_were_read() -> None:
    plain = Texts.read(np.array([1, 0, -1]), ["a", "b"])
    assert (plain.numbers.tolist(), plain.values) == ([1, 0, -1], ["a", "b"])
    # « x » and « X » were read as one, « ? » as nothing: numbers are counted anew
    merged = Texts.read(np.array([3, 2, 1, 0, -1, 3]), ["x", None, "y", "x"])
    assert (merged.numbers.tolist(), merged.values) == ([0, 1, -1, 0, -1, 0], ["x", "y"])
    nothing = Texts.read(np.array([0, -1]), [None])
    assert (nothing.numbers.tolist(), nothing.values) == ([-1, -1], [])
    assert nothing.cells(pd.RangeIndex(2)).isna().all()


@pytest.fixture
def state() -> State:
    frame = pd.DataFrame(
        {
            "actor_id": pd.array(["a", "b", None, "a"], dtype="str"),
            "year": pd.array([1, 1, None, 1], dtype="Int64"),
        }
    )
    return State.of(
        "activities", frame, RawTable(frame.copy(), pd.Series(["S"] * 4), pd.Series([2, 3, 4, 5]))
    )


def test_references_as_numbers(state: State) -> None:
    links = state.links_of("actor_id")
    assert (links.numbers.tolist(), links.values, links.rows.tolist()) == (
        [0, 1, -1, 0],
        ["a", "b"],
        [-1, -1],
    )
    assert state.links_of("actor_id") is links
    links.rows[:] = [7, 3]
    assert links.of_cells.tolist() == [7, 3, -1, 7]
    assert state.codes_of("actor_id").tolist() == [7, 3, -1, 7]  # rows, once they are known
    state.set_aside(np.array([False, True, False, False]), "why")
    assert state.linked_in("actor_id").tolist() == [7, -1, 7]
    state.blank("actor_id", [0])
    assert links.of_cells.tolist() == [-1, 3, -1, 7] and state.blanked == 1
    assert state.frame["actor_id"].isna().tolist() == [True, False, True, False]
    assert Links(np.array([], dtype=np.intp), [], np.array([], dtype=np.intp)).of_cells.tolist() == []


def test_rows_that_say_the_same(state: State) -> None:
    # a 1, b 1, nothing, a 1: the unknown is one thing too
    assert state.numbered_in("actor_id", "year").tolist() == [0, 1, 2, 0]
    assert state.numbered_in("year").tolist() == [0, 0, 1, 0]
    assert state.numbered_in().tolist() == [0, 0, 0, 0]
    state.set_aside_at([0], "first")
    state.set_aside_at([0, 2], "second")
    state.set_aside_at([], "third")
    assert state.reasons == {0: "first", 2: "second"}  # the first reason stays
    assert (state.positions_in.tolist(), state.numbered_in("actor_id").tolist()) == ([1, 3], [0, 1])
    out = state.rows_set_aside()
    assert out[["sheet", "row", "reason"]].values.tolist() == [["S", 2, "first"], ["S", 4, "second"]]
    assert len(state.rows_in) == 2
