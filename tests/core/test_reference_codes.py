"""Each reference as the position of the row that it means: remembered by the checks, or found again."""

from __future__ import annotations

import pickle
from dataclasses import replace
from typing import Any

import numpy as np
import pandas as pd
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

import chaine_valeur as cv
from chaine_valeur.errors import ArgumentError, UnknownNameError
from chaine_valeur.filiere import Filiere
from chaine_valeur.references import refers_to_rows, targets_of
from chaine_valeur.schema import tables
from tests.io.making import filieres

from .hand import by_hand
from .reading import read


def expected(f: Filiere, name: str, column: str) -> list[int]:
    """The plain way: where the identifier of each cell stands among those of the table referred to."""
    place = {identifier: row for row, identifier in enumerate(f.table(targets_of(name)[column][0]).index)}
    return [place.get(cell, -1) for cell in f.table(name)[column].tolist()]


def all_codes(f: Filiere) -> dict[tuple[str, str], list[int]]:
    return {
        (name, column): f.codes(name, column).tolist() for name in tables() for column in refers_to_rows(name)
    }


def assert_right(f: Filiere) -> None:
    assert set(f._conformed.codes) == {(name, column) for name in tables() for column in refers_to_rows(name)}
    for (name, column), found in all_codes(f).items():
        assert found == expected(f, name, column), (name, column)


def test_by_hand() -> None:
    """Rows that go leave no hole: « B » stands first among the actors that are in."""
    f = read(
        actors={"actor_id": ["x", "b", "c"], "name": [None, "B", "C"], "part_of": ["b", None, "B"]},
        stages={"name": ["tri"], "rank": [1]},
        activities={"actor_id": ["C", "x", "b"], "stage_id": ["Tri", "tri", "tri"]},
        flows={
            "flow_id": ["f1", "f2", "f3", "f4"],
            "source": ["b", "Zorglub", "C", "c"],
            "target": [None, "b", "B", "b"],
            "same_flow_as": [None, None, "f4", "f3"],
        },
    )
    assert list(f.actors.index) == ["b", "c"]
    assert f.codes("actors", "part_of").tolist() == [-1, 0]
    assert f.codes("activities", "actor_id").tolist() == [1, 0]
    assert f.codes("activities", "stage_id").tolist() == [0, 0]
    assert list(f.flows.index) == ["f1", "f3", "f4"]
    assert f.codes("flows", "source").tolist() == [0, 1, 1]
    assert f.codes("flows", "target").tolist() == [-1, 0, 0]
    assert f.codes("flows", "same_flow_as").tolist() == [-1, 2, 1]
    assert f.codes("flows", "material_id").tolist() == [-1, -1, -1]
    assert f.codes("memberships", "actor_id").tolist() == []


def test_a_reference_that_was_made_unknown_is_no_row() -> None:
    f = read(
        actors={"name": ["A", "B"], "part_of": ["A", "A"], "source_id": ["nowhere", "Rapport"]},
        sources={"name": ["Rapport"]},
    )
    assert f.codes("actors", "part_of").tolist() == [-1, 0]  # « A » refers to itself
    assert f.codes("actors", "source_id").tolist() == [-1, 0]


@pytest.mark.parametrize("name", cv.datasets.available())
def test_on_every_dataset(name: str) -> None:
    assert_right(cv.datasets.load(name))


@settings(max_examples=20)
@given(filieres())
def test_on_what_is_drawn(f: Filiere) -> None:
    assert_right(f)


@settings(max_examples=20)
@given(
    st.lists(st.sampled_from(["a", "B", "b", "A", "x", "X", "Y", None]), min_size=2, max_size=8), st.data()
)
def test_whatever_goes_with_what(names: list[Any], data: st.DataObject) -> None:
    """Names that are alike, identifiers that are names of others, rows that drag others along."""
    some = st.sampled_from([*names, "a", "nobody"])
    column = st.lists(some, min_size=len(names), max_size=len(names))
    f = read(
        actors={"name": names, "part_of": data.draw(column)},
        flows={"source": data.draw(column), "target": data.draw(column)},
        cooperations={"actor_id": data.draw(column), "to_actor_id": data.draw(column)},
    )
    assert_right(f)


@pytest.mark.parametrize("storage", ["python", "pyarrow"])
def test_however_text_is_stored(storage: str) -> None:
    with pd.option_context("mode.string_storage", storage):
        f = by_hand()
        assert f.actors["actor_type"].dtype.storage == storage
        assert_right(f)
        assert f == by_hand()


def test_they_are_int32_and_cannot_be_written() -> None:
    codes = by_hand().codes("flows", "source")
    assert codes.dtype == np.int32
    with pytest.raises(ValueError, match="read-only"):
        codes[0] = 3


def test_they_are_kept() -> None:
    f = by_hand()
    assert f.codes("flows", "source") is f.codes("flows", "source")
    bare = Filiere(replace(f._conformed, codes={}))
    assert bare.codes("flows", "source") is bare.codes("flows", "source")
    assert all_codes(bare) == all_codes(f)


def test_they_follow_copies() -> None:
    f = by_hand()
    assert_right(f.without_actors("tri"))
    assert_right(f.at(2022))
    assert_right(f.with_rows("actors", {"name": ["Nouveau"]}))
    again = pickle.loads(pickle.dumps(f))
    assert_right(again)
    assert not again.codes("flows", "target").flags.writeable


def test_other_numbers_keep_them_and_fewer_rows_do_not() -> None:
    f = by_hand()
    flows = f.flows.assign(quantity_t_per_year=1.0)
    assert f._with_numbers({"flows": flows}).codes("flows", "source") is f.codes("flows", "source")
    fewer = f._with_numbers({"flows": flows}, without={"actors": {"tri"}})
    assert all_codes(fewer)["flows", "source"] == expected(fewer, "flows", "source")
    assert len(fewer.flows) < len(f.flows)


def test_a_table_put_in_place_of_another_is_looked_up() -> None:
    """What is built by hand may forget the codes: rows of another number are seen."""
    f = by_hand()
    shorter = replace(f._conformed, tables={**f._conformed.tables, "flows": f.flows.iloc[2:]})
    assert Filiere(shorter).codes("flows", "source").tolist() == f.codes("flows", "source")[2:].tolist()


def test_what_has_none() -> None:
    f = by_hand()
    with pytest.raises(UnknownNameError, match="did you mean: flows"):
        f.codes("flow", "source")
    with pytest.raises(UnknownNameError, match="no column 'sources'"):
        f.codes("flows", "sources")
    with pytest.raises(ArgumentError, match="'year' of table 'flows' refers to no row"):
        f.codes("flows", "year")
    with pytest.raises(ArgumentError, match="'territory_id' of table 'filiere' refers to no row"):
        f.codes("filiere", "territory_id")  # several communes make a territory
