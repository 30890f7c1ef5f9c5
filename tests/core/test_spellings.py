"""A column as numbers and spellings: the same whether it is typed already or made of Python objects."""

from __future__ import annotations

from datetime import datetime
from typing import Any

import numpy as np
import pandas as pd
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from chaine_valeur.parse import parse_column
from chaine_valeur.schema import table
from chaine_valeur.spellings import Texts, are_clean, cell_text, clean_texts, is_plain_text, spelled
from chaine_valeur.text import fold, fold_all, slug, slug_all

LINES = st.text(st.characters(exclude_categories=["Cs"]), max_size=6)
#: dtype → cells that it can hold.
TYPED: dict[str, st.SearchStrategy[Any]] = {
    "str": st.one_of(st.none(), LINES, st.sampled_from(["#N/A", " a ", "a", "", "?"])),
    "string": st.one_of(st.none(), LINES),
    "float64": st.one_of(st.none(), st.floats(allow_nan=False)),
    "float32": st.floats(width=32, allow_nan=False, allow_infinity=False),
    "int64": st.integers(-(2**62), 2**62),
    "uint8": st.integers(0, 255),
    "Int64": st.one_of(st.none(), st.integers(1800, 2200)),
    "bool": st.booleans(),
    "boolean": st.one_of(st.none(), st.booleans()),
    "datetime64[us]": st.one_of(st.none(), st.datetimes(datetime(1800, 1, 1), datetime(2100, 1, 1))),
    "category": st.one_of(st.none(), st.sampled_from(["a", "b ", "é"])),
}
#: One column of the schema for each way of reading cells.
COLUMNS = [("actors", name) for name in ("actor_id", "name", "pole", "roles", "siret", "naf", "commune_code",
           "latitude", "in_territory", "since", "surveyed_on")]  # fmt: skip


@pytest.mark.parametrize("dtype", TYPED)
@settings(max_examples=12)
@given(data=st.data())
def test_a_typed_column_reads_as_its_cells_do(dtype: str, data: st.DataObject) -> None:
    cells = pd.Series(data.draw(st.lists(TYPED[dtype], max_size=6)), dtype=dtype)
    plain = pd.Series(cells.to_numpy(object), dtype=object)
    numbers, spellings = spelled(cells)
    as_objects, others = spelled(plain)
    assert numbers.tolist() == as_objects.tolist()
    assert [(type(one), one) for one in spellings] == [(type(one), one) for one in others]
    for home, name in COLUMNS:
        column = table(home)[name]
        typed, loose = parse_column(cells, column), parse_column(plain, column)
        pd.testing.assert_series_equal(typed.values, loose.values)
        assert typed.codes.tolist() == loose.codes.tolist()
        assert typed.refused.tolist() == [row for row, code in enumerate(loose.codes) if code]


def test_text_as_it_should_be_stays_as_it_is() -> None:
    column = table("actors")["note"]
    cells = pd.Series(["a", None, "é", "a"], dtype="str")
    pd.testing.assert_series_equal(parse_column(cells, column).values, cells.rename("note"))
    spaced = pd.Series(["a", None, "é ", "a"], dtype="str")
    assert parse_column(spaced, column).values.tolist()[::2] == ["a", "é"]
    other = "python" if pd.StringDtype(na_value=np.nan).storage == "pyarrow" else "pyarrow"
    assert is_plain_text(cells)
    assert not is_plain_text(cells.astype(pd.StringDtype(other, na_value=np.nan)))
    assert not is_plain_text(cells.astype("string"))
    assert not is_plain_text(cells.astype(object))


def test_equal_to_python_and_not_to_people() -> None:
    numbers, spellings = spelled(pd.Series([1, True, 1.0, None, "1", 1, np.nan, pd.NA], dtype=object))
    assert numbers.tolist() == [0, 1, 2, -1, 3, 0, -1, -1]
    assert [type(one) for one in spellings] == [int, bool, float, str]


def test_a_list_is_the_text_of_a_sheet() -> None:
    assert spelled(pd.Series([["a", "b"], ("a", "b"), 3], dtype=object))[1] == ["a;b", 3]


@settings(max_examples=25)
@given(
    st.lists(
        st.one_of(LINES, st.sampled_from(["a|b", " | ", "#REF!", "ok"]), st.none(), st.integers()), max_size=5
    )
)
def test_clean_is_what_cleaning_leaves_alone(cells: list[Any]) -> None:
    assert clean_texts(cells) == [cell_text(cell) or None for cell in cells]
    if are_clean(cells):
        assert [cell_text(cell) for cell in cells] == cells
        assert not any("#" in cell or not cell for cell in cells)


@pytest.mark.parametrize("cells", [["Relais"], ["a b", "c-d", "x'y"]])
def test_plain_words_are_clean(cells: list[str]) -> None:
    assert are_clean(cells)


@pytest.mark.parametrize(
    "cells", [[], [""], ["a", ""], ["a "], [" a"], ["é"], ["a\n"], ["#N/A"], [None], ["a", 1]]
)
def test_what_has_to_be_looked_at(cells: list[Any]) -> None:
    assert not are_clean(cells)


def test_texts_and_back() -> None:
    cells = pd.Series(["b", None, "a", "b"], dtype="str", index=[7, 3, 5, 1])
    texts = Texts.of(cells)
    assert (texts.numbers.tolist(), texts.values) == ([0, -1, 1, 0], ["b", "a"])
    pd.testing.assert_series_equal(texts.cells(cells.index), cells)
    # two spellings of one text, and one that means nothing
    read = Texts.read(np.array([0, 1, 2, 3, -1]), ["a", None, "b", "a"])
    assert (read.numbers.tolist(), read.values) == ([0, -1, 1, 0, -1], ["a", "b"])
    assert Texts.of(pd.Series([], dtype="str")).values == []


@settings(max_examples=25)
@given(st.lists(st.one_of(LINES, st.sampled_from(["Étang", "a  b", "=", "two\nlines", "日本"])), max_size=5))
def test_many_texts_fold_as_each_does(texts: list[str]) -> None:
    assert fold_all(texts) == [fold(text) for text in texts]
    assert slug_all(fold_all(texts)) == [slug(text) for text in texts]


@pytest.mark.parametrize("blank", [chr(n) for n in range(0x10000) if chr(n).isspace()] + ["\ufeff"])
def test_what_shows_nothing_at_an_end_is_no_text(blank: str) -> None:
    assert cell_text(blank * 2) == ""
    assert cell_text(f"{blank}Étang Bleu{blank}") == "Étang Bleu"
