"""`Filiere.codes`: every column that refers to rows, in tables small enough to read, as given and as changed."""

from __future__ import annotations

from typing import Any

import numpy as np
import pandas as pd
import pytest

from chaine_valeur.errors import ArgumentError, UnknownNameError
from chaine_valeur.filiere import Filiere
from chaine_valeur.network.positions import (
    any_at,
    codes_of,
    count_at,
    distinct,
    first_of,
    is_among,
    latest_year,
    of_kinds,
    places_within,
    sum_at,
    whole_years,
)
from chaine_valeur.references import refers_to_rows
from chaine_valeur.schema import tables
from chaine_valeur.spellings import Texts

from .reading import read

#: Actors a b c, stages s t, materials m, a group g, a source r, an option o: written by name or by identifier.
TABLES: dict[str, Any] = {
    "stages": {"stage_id": ["s", "t"], "name": ["Tri", "Filage"], "source_id": [None, "Rapport"]},
    "stage_links": {"stage_id": ["Tri"], "to_stage_id": ["t"], "material_id": ["Fil"]},
    "materials": {"material_id": ["m"], "name": ["Fil"]},
    "actors": {"actor_id": list("abc"), "name": ["Ada", "Bea", "Cléo"], "part_of": [None, "Ada", "b"]},
    "activities": {"actor_id": ["Cléo", "a"], "stage_id": ["t", "Tri"]},
    "flows": {
        "flow_id": ["f", "g", "h"], "source": ["c", None, "Ada"], "target": ["Bea", "a", None],
        "source_stage": ["Filage", None, "s"], "target_stage": [None, "s", None], "material_id": ["m", None, "Fil"],
        "year": [2020, 2021, 2022], "same_flow_as": [None, None, None],
    },
    "cooperations": {"actor_id": ["b"], "to_actor_id": ["cleo"], "source_id": ["r"]},
    "groups": {"group_id": ["g"], "name": ["Groupe"], "referent_id": ["Cléo"]},
    "memberships": {"group_id": ["Groupe", "g"], "actor_id": ["b", "a"]},
    "sources": {"source_id": ["r"], "name": ["Rapport"]},
}  # fmt: skip
EXPECTED: dict[tuple[str, str], list[int]] = {
    ("stages", "source_id"): [-1, 0],
    ("stage_links", "stage_id"): [0],
    ("stage_links", "to_stage_id"): [1],
    ("stage_links", "material_id"): [0],
    ("actors", "part_of"): [-1, 0, 1],
    ("activities", "actor_id"): [2, 0],
    ("activities", "stage_id"): [1, 0],
    ("flows", "source"): [2, -1, 0],
    ("flows", "target"): [1, 0, -1],
    ("flows", "source_stage"): [1, -1, 0],
    ("flows", "target_stage"): [-1, 0, -1],
    ("flows", "material_id"): [0, -1, 0],
    ("flows", "same_flow_as"): [-1, -1, -1],
    ("cooperations", "actor_id"): [1],
    ("cooperations", "to_actor_id"): [2],
    ("cooperations", "source_id"): [0],
    ("groups", "referent_id"): [2],
    ("memberships", "group_id"): [0, 0],
    ("memberships", "actor_id"): [1, 0],
    ("costs", "actor_id"): [],  # a table that is not there
}


@pytest.fixture(scope="module")
def f() -> Filiere:
    return Filiere.from_tables(**TABLES)


@pytest.mark.parametrize("column", EXPECTED, ids=".".join)
def test_each_column(f: Filiere, column: tuple[str, str]) -> None:
    found = f.codes(*column)
    assert (found.tolist(), found.dtype) == (EXPECTED[column], np.int32)


def test_every_column_that_refers_is_answered(f: Filiere) -> None:
    for name in tables():
        for column in refers_to_rows(name):
            codes = f.codes(name, column)
            assert len(codes) == len(f.table(name))
            # what is written stands at the row that is told
            known = codes >= 0
            assert (known == f.table(name)[column].notna().to_numpy(bool)).all()


@pytest.mark.parametrize("column", ["name", "year", "note", "siret"])
def test_a_column_that_refers_to_nothing(f: Filiere, column: str) -> None:
    home = "flows" if column == "year" else "actors"
    with pytest.raises(ArgumentError, match=f"'{column}' of table '{home}' refers to no row of a table"):
        f.codes(home, column)


def test_without_an_actor(f: Filiere) -> None:
    apart = Filiere.from_tables(
        **{**TABLES, "actors": {"actor_id": list("abc"), "name": ["Ada", "Bea", "Cléo"]}}
    )
    fewer = apart.without_actors("a")
    # b and c are 0 and 1; the rows that named « a » went with it
    assert fewer.actors.index.tolist() == ["b", "c"]
    assert fewer.codes("flows", "source").tolist() == [1]
    assert fewer.codes("flows", "target").tolist() == [0]
    assert fewer.codes("activities", "actor_id").tolist() == [1]
    assert fewer.codes("memberships", "actor_id").tolist() == [0]
    assert fewer.codes("groups", "referent_id").tolist() == [1]
    assert apart.codes("flows", "source").tolist() == [2, -1, 0]  # of the first, nothing has changed
    # what is a part of another goes with it: b is one of a, c one of b
    rest = f.without_actors("b")
    assert rest.actors.index.tolist() == ["a"]
    assert rest.codes("groups", "referent_id").tolist() == [-1]
    assert (rest.codes("flows", "source").tolist(), rest.codes("flows", "target").tolist()) == (
        [-1, 0],
        [0, -1],
    )


def test_in_one_year(f: Filiere) -> None:
    assert f.at(2022).codes("flows", "source").tolist() == [0]
    assert f.at(1999).codes("flows", "source").tolist() == []
    assert f.at(2021).codes("activities", "stage_id").tolist() == [1, 0]


def test_with_one_more(f: Filiere) -> None:
    more = f.with_rows("actors", {"actor_id": ["0"], "name": ["Zoé"], "part_of": ["c"]})
    place = more.actors.index.get_loc("0")
    assert more.codes("actors", "part_of")[place] == more.actors.index.get_loc("c")
    again = more.with_rows("flows", {"flow_id": ["i"], "source": ["Zoé"], "target": ["Bea"], "year": [2023]})
    assert again.codes("flows", "source").tolist() == [2, -1, 0, place]


def test_rows_that_were_set_aside_are_not_counted() -> None:
    f = read(
        actors={"actor_id": ["a", "a", "b"], "name": ["A", "Again", "B"]},
        flows={"source": ["B", "Again", "a"], "target": ["A", "A", "b"], "year": [1, 2, 3]},
    )
    assert f.actors.index.tolist() == ["a", "b"]
    # « Again » stood on the row that is gone: its flow goes too
    assert (f.codes("flows", "source").tolist(), f.codes("flows", "target").tolist()) == ([1, 0], [0, 1])


# -- from cells to positions ---------------------------------------------------------------------------


def test_positions_of_cells() -> None:
    cells = pd.Series(["b", None, "z", "a"], dtype="str")
    assert codes_of(cells, pd.Index(["a", "b"])).tolist() == [1, -1, -1, 0]
    told = Texts.of(cells)
    assert told.known.tolist() == [True, False, True, True]
    assert told.ranks(["z", "b"]).tolist() == [1, -1, 0, -1]
    assert told.among("a", "z").tolist() == [False, False, True, True]
    assert told.among().tolist() == [False] * 4
    empty = Texts.of(cells.iloc[:0])
    assert empty.ranks(["a"]).tolist() == empty.among("a").tolist() == []
    for stored in (cells.astype("category"), cells.astype(object)):
        assert Texts.of(stored).ranks(["z", "b"]).tolist() == [1, -1, 0, -1]


def test_what_is_told_by_a_cell_is_asked_once() -> None:
    asked: list[str] = []

    def tell(cell: str) -> list[int]:
        asked.append(cell)
        return [len(cell), 1]

    cells = pd.Series(["aa", None, "b", "aa"], dtype="str")
    found = Texts.of(cells).told(tell, unknown=[0, -1], dtype=np.int8)
    assert found.tolist() == [[2, 1], [0, -1], [1, 1], [2, 1]]
    assert (asked, found.dtype) == (["aa", "b"], np.int8)


def test_kept_texts_take_few_bytes_and_cannot_be_written_into() -> None:
    few = Texts.kept(pd.Series(["b", None, "a", "b"], dtype="str"))
    assert (few.numbers.tolist(), few.values, few.numbers.dtype) == ([0, -1, 1, 0], ["b", "a"], np.int8)
    with pytest.raises(ValueError, match="read-only"):
        few.numbers[0] = 1
    for n, dtype in ((127, np.int8), (128, np.int32)):  # the last place that fits is 126 of 127 values
        kept = Texts.kept(pd.Series([str(place) for place in range(n)], dtype="str"))
        assert kept.numbers.tolist() == list(range(n)) and kept.numbers.dtype == dtype


def test_texts_are_kept_from_validation_and_follow_the_tables() -> None:
    f = Filiere.from_tables(
        actors={"actor_id": ["a", "b", "c"], "name": ["A", "B", "C"], "pole": ["ess", None, "enterprise"]},
        territories={
            "territory_id": ["t", "u"],
            "commune_code": ["76351", "76540"],
            "commune_name": ["Le Havre", "Rouen"],
        },
        flows={"source": ["a", "b"], "target": ["b", "c"], "year": [2023, 2024]},
    )
    kept = f.texts("actors", "pole")
    assert kept is f.texts("actors", "pole") and kept.values == ["ess", "enterprise"]
    assert kept.numbers.tolist() == [0, -1, 1]
    assert f.texts("territories", "commune_name").values == ["Le Havre", "Rouen"]
    # a column without a closed vocabulary is numbered when it is asked for, one that is blank knows nothing
    assert f.texts("actors", "name").values == ["A", "B", "C"]
    assert f.texts("actors", "siret").numbers.tolist() == [-1] * 3 and f.texts("groups", "name").values == []
    # rows that go take their numbers along
    fewer = f.without_actors("a")
    assert fewer.texts("actors", "pole").numbers.tolist() == [-1, 0]
    assert fewer.texts("actors", "pole").values == ["enterprise"]
    assert f.at(2024).texts("flows", "status").numbers.tolist() == [0]
    changed = f.with_table("actors", f.actors.assign(pole=["elected", "ess", "ess"]))
    assert changed.texts("actors", "pole").values == ["elected", "ess"]
    for name, column in (("actors", "no_such_column"), ("no_such_table", "name")):
        with pytest.raises(UnknownNameError, match="no_such"):
            f.texts(name, column)


def test_texts_agree_with_the_tables_of_drawn_numbers() -> None:
    f = Filiere.from_tables(**TABLES)
    frame = f.flows.assign(status=["planned", "active", "active"])
    drawn = f._with_numbers({"flows": frame})
    told = drawn.texts("flows", "status")
    assert [told.values[number] for number in told.numbers] == frame["status"].tolist()
    assert drawn.texts("stages", "kind") is f.texts("stages", "kind")


@pytest.mark.parametrize("most", [300, 5_000, 10**12])
def test_sets_of_numbers_small_and_large(most: int) -> None:
    # few of them are sorted; many small ones are marked: both are what Python's sets say
    rng = np.random.default_rng(3)
    for count in (0, 1, 255, 256, 400):
        numbers, others = (rng.integers(0, most, count) for _ in range(2))
        assert distinct(numbers).tolist() == sorted(set(numbers.tolist()))
        ordered = distinct(others)
        assert is_among(numbers, ordered).tolist() == [
            one in set(others.tolist()) for one in numbers.tolist()
        ]
        negative = np.append(numbers, -1)
        assert distinct(negative).tolist() == sorted(set(negative.tolist()))
        assert is_among(negative, ordered).tolist()[-1] is False
        assert is_among(numbers, np.append(-1, ordered)).tolist() == is_among(numbers, ordered).tolist()
    codes = np.arange(300, dtype=np.int32)
    assert distinct(codes).dtype == np.int32 and is_among(codes, codes[:2]).sum() == 2


def test_places_among_what_belongs_together() -> None:
    assert places_within(np.array([0, 3, 3, 5])).tolist() == [0, 1, 2, 0, 1]
    assert places_within(np.array([0])).tolist() == []


def test_figures_at_positions() -> None:
    places = np.array([2, 0, -1, 2])
    assert any_at(places, 4).tolist() == [True, False, True, False]
    assert count_at(places, 4).tolist() == [1, 0, 2, 0]
    assert sum_at(places, np.array([1.0, np.nan, 9.0, 0.5]), 4).tolist() == [0, 0, 1.5, 0]
    assert first_of(np.array([2, 0, 2]), np.array([7, 8, 9]), 4).tolist() == [8, -1, 7, -1]
    none = np.array([], dtype=np.int64)
    assert any_at(none, 2).tolist() == [False, False] and count_at(none, 2).tolist() == [0, 0]
    assert sum_at(none, none.astype(float), 2).dtype == np.float64


def test_years_and_kinds() -> None:
    years = pd.Series([2020, None, 1999], dtype="Int64")
    assert whole_years(years).tolist() == [2020, -1, 1999]
    assert latest_year(pd.DataFrame({"year": years})) == 2020
    assert latest_year(pd.DataFrame({"year": years.iloc[1:2]})) is None
    rows = pd.DataFrame({"kind": pd.array(["support", None, "research"], dtype="str")})
    assert of_kinds(rows, ["support", "funding"]).tolist() == [True, False, False]
    assert of_kinds(rows, []).tolist() == [False] * 3
