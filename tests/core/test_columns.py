"""A table as arrays: what is unknown, what is shared, and some rows of it."""

from __future__ import annotations

import sys

import numpy as np
import pandas as pd
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from chaine_valeur.columns import Columns, Rows, columns, numbered, ranks_of
from chaine_valeur.filiere import Filiere

from .hand import by_hand

NAN = np.nan


@pytest.fixture(scope="module")
def frame() -> pd.DataFrame:
    """Every dtype that a table has: text, numbers, whole numbers, yes or no, days."""
    return pd.DataFrame(
        {
            "kind": pd.array(["a", None, "b", "a"], dtype="str"),
            "t": [1.5, NAN, 0.0, -2.0],
            "year": pd.array([2021, None, 2019, 2021], dtype="Int64"),
            "required": pd.array([True, None, False, True], dtype="boolean"),
            "on": pd.to_datetime(["2024-03-31", None, "1970-01-01", "1969-12-31"]),
        },
        index=pd.Index(["w", "x", "y", "z"], name="row_id"),
    )


@pytest.fixture(scope="module")
def whole(frame: pd.DataFrame) -> Columns:
    return Columns(frame)


def test_each_kind_of_column(whole: Columns) -> None:
    assert whole.text("kind").tolist() == ["a", None, "b", "a"]
    for name, expected in (
        ("t", [1.5, NAN, 0, -2]),
        ("year", [2021, NAN, 2019, 2021]),
        ("required", [1, NAN, 0, 1]),
    ):
        found = whole.number(name)
        assert found.dtype == np.float64
        np.testing.assert_array_equal(found, expected, err_msg=name)
        assert whole.known(name).tolist() == [True, False, True, True]
    # months since year 0: 12 · 2024 + 2, 12 · 1970, and the last one of 1969
    np.testing.assert_array_equal(whole.months("on"), [24290, NAN, 23640, 23639])
    assert whole.known("on").tolist() == [True, False, True, True]
    assert whole.years == (2019, 2021)


def test_rows_and_identifiers(whole: Columns, frame: pd.DataFrame) -> None:
    assert (len(whole), whole.ids.tolist(), whole.index.name) == (4, ["w", "x", "y", "z"], "row_id")
    assert whole.place == {"w": 0, "x": 1, "y": 2, "z": 3}
    found = whole.places(["z", None, "nobody", "w", "z"])
    assert (found.dtype, found.tolist()) == (np.int32, [3, -1, -1, 0, 3])
    assert whole.places([]).tolist() == []
    assert whole.places(frame.index.to_numpy(object)).tolist() == [0, 1, 2, 3]


def test_terms(whole: Columns) -> None:
    assert whole.among("kind", "a").tolist() == [True, False, False, True]
    assert whole.among("kind", "b", "a", "c").tolist() == [True, False, True, True]
    assert whole.among("kind", "A").tolist() == [False] * 4  # a term, not a word
    # no term is asked for: none is one of them
    assert Columns(whole.frame).among("kind").tolist() == [False] * 4
    assert whole.ranks("kind", ["b", "a"]).tolist() == [1, -1, 0, 1]
    assert whole.ranks("kind", []).tolist() == [-1] * 4
    assert whole.ranks("kind", ["b"]).dtype == np.int32


@pytest.mark.parametrize("first", ["known", "among"])
def test_no_term_and_what_is_known_are_two_things(frame: pd.DataFrame, first: str) -> None:
    """Both are kept by the name of the column, whichever was asked for first."""
    table = Columns(frame)
    asked = {"known": lambda: table.known("kind"), "among": lambda: table.among("kind")}
    asked[first]()
    assert asked["known"]().tolist() == [True, False, True, True]
    assert asked["among"]().tolist() == [False] * 4


def test_what_is_kept_is_shared_and_cannot_be_changed(whole: Columns, frame: pd.DataFrame) -> None:
    before = frame.copy()
    for make in (
        lambda: whole.text("kind"),
        lambda: whole.number("t"),
        lambda: whole.months("on"),
        lambda: whole.known("t"),
        lambda: whole.among("kind", "a"),
        lambda: whole.ids,
    ):
        found = make()
        assert make() is found
        with pytest.raises(ValueError, match="read-only"):
            found[0] = found[1]
    pd.testing.assert_frame_equal(frame, before)
    frame.loc["w", "t"] = 1.5  # the frame itself stays one that can be written to


def test_some_rows(whole: Columns) -> None:
    rows = Rows.where(whole, np.array([True, True, False, True]))
    assert (len(rows), rows.at.tolist(), rows.ids.tolist()) == (3, [0, 1, 3], ["w", "x", "z"])
    assert rows.text("kind").tolist() == ["a", None, "a"]
    np.testing.assert_array_equal(rows.number("t"), [1.5, NAN, -2])
    np.testing.assert_array_equal(rows.months("on"), [24290, NAN, 23639])
    assert rows.known("year").tolist() == [True, False, True]
    assert rows.among("kind", "a").tolist() == [True, False, True]
    assert rows.ranks("kind", ["c", "a"]).tolist() == [1, -1, 1]
    assert rows.years == (2021,)  # what is said of 2019 is not among them
    assert rows.frame.index.tolist() == ["w", "x", "z"]


def test_some_of_some_rows(whole: Columns) -> None:
    rows = Rows(whole, np.array([3, 0, 2, 0]))  # in any order, one of them twice
    assert rows.ids.tolist() == ["z", "w", "y", "w"]
    assert rows[rows.among("kind", "a")].ids.tolist() == ["z", "w", "w"]  # by a mask along them
    assert rows[np.array([2, 0])].ids.tolist() == ["y", "z"]  # by their places among them
    assert type(rows[np.array([0])]) is Rows
    none = rows[np.zeros(4, dtype=bool)]
    assert (len(none), none.years, none.text("kind").tolist(), none.frame.shape) == (0, (), [], (0, 5))


def test_a_table_without_rows() -> None:
    table = columns(Filiere.from_tables(actors={"name": ["A"]}), "flows")
    assert (len(table), table.ids.tolist(), table.years, table.place) == (0, [], (), {})
    assert table.number("quantity_t_per_year").dtype == np.float64
    assert table.among("status", "active").tolist() == table.known("source").tolist() == []
    assert table.places(["f1", None]).tolist() == [-1, -1]


def test_of_a_filiere() -> None:
    f = by_hand()
    flows = columns(f, "flows")
    assert columns(f, "flows") is flows
    np.testing.assert_array_equal(flows.number("quantity_t_per_year"), [60, 50, 70, 30, NAN, 10, 99])
    assert flows.years == (2022,)
    assert flows.ranks("confidence", ["measured", "declared"]).tolist() == [0, 0, -1, -1, -1, 1, 0]
    # « collecte-sa » starts three flows
    assert columns(f, "actors").places(flows.text("source")).tolist() == [0, 1, 1, 2, 3, 2, 1]
    assert columns(f, "actors").places(flows.text("target")).tolist() == f.codes("flows", "target").tolist()
    np.testing.assert_array_equal(
        columns(f, "actors").months("surveyed_on")[[0, 1, 5]], [NAN, 12 * 2022 + 2, 12 * 2022 + 1]
    )
    assert columns(f.without_actors("tri"), "flows") is not flows


@pytest.mark.parametrize("storage", ["python", "pyarrow"])
def test_however_text_is_stored(storage: str) -> None:
    with pd.option_context("mode.string_storage", storage):
        actors = columns(by_hand(), "actors")
        assert actors.frame["pole"].dtype.storage == storage
        assert actors.text("pole").tolist()[:3] == [None, "enterprise", "ess"]
        assert {type(cell) for cell in actors.text("pole")} == {str, type(None)}
        assert actors.known("pole").tolist() == [False, *[True] * 6, False]
        assert actors.among("pole", "ess", "elected").tolist() == [
            False,
            False,
            True,
            False,
            False,
            True,
            False,
            False,
        ]


words = st.lists(st.sampled_from(["a", "b", "", "é", None]), max_size=8)


@settings(max_examples=25)
@given(words, st.lists(st.sampled_from(["b", "é", "c"]), unique=True))
def test_numbers_and_ranks_by_lists(cells: list[str | None], order: list[str]) -> None:
    numbers, texts = numbered(cells)
    assert [None if number < 0 else texts[number] for number in numbers.tolist()] == cells
    assert texts == list(dict.fromkeys(cell for cell in cells if cell is not None))
    ranks = ranks_of(np.array(cells, dtype=object), order)
    assert ranks.tolist() == [order.index(cell) if cell in order else -1 for cell in cells]
    assert numbered(iter(cells))[0].tolist() == numbers.tolist()  # whatever can be gone through once


def test_texts_held_by_python_need_no_pyarrow(monkeypatch: pytest.MonkeyPatch) -> None:
    with pd.option_context("mode.string_storage", "python"):
        f = Filiere.from_tables(actors={"name": ["Relais", "Filature"], "siret": [None, "x"]}, strict=False)
    monkeypatch.setitem(sys.modules, "pyarrow", None)  # a plain installation has none
    assert columns(f, "actors").text("name").tolist() == ["Relais", "Filature"]
