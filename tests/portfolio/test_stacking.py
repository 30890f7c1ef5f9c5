"""Filières as columns of many of them and back: by hand, from ten seeds, and in both ways of holding texts."""

from __future__ import annotations

import copy
import pickle
from dataclasses import replace
from typing import Any

import numpy as np
import pandas as pd
import pytest

from chaine_valeur.filiere import Filiere
from chaine_valeur.portfolio import Portfolio
from chaine_valeur.portfolio.rebuilt import conformed_of, frame_of, problems_of, rows_referred_to
from chaine_valeur.portfolio.stack import (
    PROBLEMS,
    ROW,
    SHEET,
    Coded,
    Stack,
    Store,
    dtypes_of,
    merged,
    offsets_of,
    space_of,
)
from chaine_valeur.portfolio.stacking import joined, stacked
from chaine_valeur.references import refers_to_rows, targets_of
from chaine_valeur.schema import table, tables

from .drawn import drawn, drawn_insertion
from .making import assert_same, faulty, odd, small, tiny

SEEDS = range(10)


def rebuilt(store: Store, place: int) -> Filiere:
    return Filiere(conformed_of(store, place), year=store.years[place])


def texts(*values: str | None) -> Any:
    return pd.array(list(values), dtype="str")


@pytest.fixture(scope="module")
def three() -> Store:
    """Two actors; one actor; two actors. The first and the last are the same filière."""
    return stacked([small(), tiny(), small()])


# -- by hand --------------------------------------------------------------------------------------------


def test_texts_are_held_once_for_a_key_and_what_refers_to_it(three: Store) -> None:
    actors, flows = three.stacks["actors"], three.stacks["flows"]
    # identifiers in the order in which they first appear: relais, tri (small), verre (tiny)
    assert list(three.texts["actors.actor_id"]) == ["relais", "tri", "verre"]
    assert actors.columns["actor_id"].codes.tolist() == [0, 1, 2, 0, 1]
    # a flow from relais to tri in the first and in the third, none in the second
    assert flows.columns["source"] == Coded(flows.columns["source"].codes, "actors.actor_id")
    assert flows.columns["source"].codes.tolist() == [0, 0]
    assert flows.columns["target"].codes.tolist() == [1, 1]
    assert actors.columns["actor_id"].codes.dtype == np.int32


def test_offsets_and_lengths(three: Store) -> None:
    assert three.n == 3
    assert three.offsets("actors").tolist() == [0, 2, 3, 5]
    assert three.offsets("flows").tolist() == [0, 1, 1, 2]
    assert three.offsets("groups").tolist() == [0, 0, 0, 0]  # a table that nobody has
    assert three.offsets("groups").dtype == np.int64
    assert [len(three.stacks[name]) for name in ("actors", "flows", "filiere")] == [5, 2, 3]
    assert "groups" not in three.stacks


def test_a_column_of_which_nothing_is_known_is_left_out(three: Store) -> None:
    assert "year" not in three.stacks["flows"].columns
    assert "surveyed_on" in three.stacks["actors"].columns  # known of one actor out of two
    assert {SHEET, ROW} <= set(three.stacks["actors"].columns)
    # it comes back, unknown and in its dtype
    back = frame_of(three, "flows", columns=["year", "quantity_t_per_year"], compact=False)
    assert back["year"].isna().all() and str(back["year"].dtype) == "Int64"
    assert back["quantity_t_per_year"].tolist() == [12.5, 12.5]
    assert back.index.equals(pd.RangeIndex(2))


def test_years_and_what_was_set_aside_stay_with_their_filiere() -> None:
    store = stacked([small(), faulty(), small().at(2024)])
    assert list(store.years) == [None, None, 2024]
    # an actor without a name, a flow whose source stands nowhere; « here » is no latitude
    assert list(store.aside) == [1]
    assert {name: len(rows) for name, rows in store.aside[1].items()} == {"actors": 1, "flows": 1}
    assert list(store.refused) == [1]
    # the second filière found something, the others did not (or not that): their problems are apart
    found = np.diff(store.offsets(PROBLEMS))
    assert found.tolist() == [len(f.problems) for f in (small(), faulty(), small().at(2024))]


def test_forms_say_which_filiere_has_which_columns_of_its_own() -> None:
    store = stacked([small(), faulty(), odd(), faulty()])
    actors = store.stacks["actors"]
    assert actors.forms[0] == ()
    assert [dict(form).get("Effectif") for form in actors.forms] == [None, "float64", "str"]
    assert actors.form.tolist() == [0, 1, 2, 1]
    assert set(actors.own) == {pair for form in actors.forms for pair in form}
    # 2 actors of small, 2 of faulty that were kept (one has no name), 1 of odd, 2 again
    numbers = actors.own["Effectif", "float64"]
    assert np.isnan(numbers[[0, 1, 4]]).all()
    assert numbers[[2, 3, 5, 6]].tolist() == [3.0, 5.0, 3.0, 5.0]
    # of two kinds, all of them are text in the table of all
    shown = frame_of(store, "actors", columns=["Effectif"], compact=False)["Effectif"]
    assert shown.fillna("-").tolist() == ["-", "-", "3.0", "5.0", "une dizaine", "3.0", "5.0"]


def test_a_reference_is_looked_up_in_its_own_filiere(three: Store) -> None:
    # actors are rows 0, 1 | 2 | 3, 4: the flow of the third goes from 3 to 4, though texts are those of the first
    assert rows_referred_to(three, "flows", "source", "actors", "actor_id").tolist() == [0, 3]
    assert rows_referred_to(three, "flows", "target", "actors", "actor_id").tolist() == [1, 4]
    # materials: one each in the first and the third
    assert rows_referred_to(three, "flows", "material_id", "materials", "material_id").tolist() == [0, 1]
    # a table without rows, a column of which nothing is known
    assert rows_referred_to(three, "markets", "actor_id", "actors", "actor_id").tolist() == []
    assert rows_referred_to(three, "flows", "source_stage", "stages", "stage_id").tolist() == [-1, -1]


def test_an_identifier_of_another_filiere_is_no_reference() -> None:
    one = Filiere.from_tables(actors={"name": ["Relais"]})
    two = Filiere.from_tables(
        actors={"name": ["Tri", "Gare"]}, flows={"source": ["Tri", None], "target": ["Gare", "Tri"]}
    )
    store = stacked([one, two, one])
    # rows: relais | tri, gare | relais; an unknown end refers to none
    assert rows_referred_to(store, "flows", "source", "actors", "actor_id").tolist() == [1, -1]
    assert rows_referred_to(store, "flows", "target", "actors", "actor_id").tolist() == [2, 1]


# -- small pieces ---------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("sizes", "expected"), [([], [0]), ([0], [0, 0]), ([2, 0, 3], [0, 2, 2, 5]), (iter([1, 1]), [0, 1, 2])]
)
def test_offsets_of(sizes: Any, expected: list[int]) -> None:
    found = offsets_of(sizes)
    assert found.tolist() == expected
    assert found.dtype == np.int64


def test_merged_texts_and_where_each_went() -> None:
    places, distinct = merged([texts("b", "a"), texts(), texts("a", "c", "b")])
    assert list(distinct) == ["b", "a", "c"]
    # the last one is that of −1
    assert [one.tolist() for one in places] == [[0, 1, -1], [-1], [1, 2, 0, -1]]
    assert all(one.dtype == np.int32 for one in places)


@pytest.mark.parametrize(
    ("name", "column", "space"),
    [
        ("actors", "actor_id", "actors.actor_id"),
        ("flows", "source", "actors.actor_id"),
        ("activities", "stage_id", "stages.stage_id"),
        ("actors", "name", "actors.name"),
        ("flows", SHEET, SHEET),
        (PROBLEMS, "table", f"{PROBLEMS}.table"),
    ],
)
def test_columns_share_the_texts_of_what_they_refer_to(name: str, column: str, space: str) -> None:
    assert space_of(name, column) == space


@pytest.mark.parametrize("name", list(tables()))
def test_dtypes_begin_with_the_key_and_end_with_where_rows_were_read(name: str) -> None:
    found = dict(dtypes_of(name))
    assert next(iter(found)) == table(name).key
    assert list(found.items())[-2:] == [(SHEET, "str"), (ROW, "int64")]
    assert set(found) - {SHEET, ROW} == {column.name for column in table(name)}


def test_dtypes_of_problems() -> None:
    found = dict(dtypes_of(PROBLEMS))
    assert {name for name, dtype in found.items() if dtype != "str"} == {"row"}
    assert found["row"] == "Int64"


def test_no_filiere_at_all() -> None:
    for store in (Store.empty(), stacked([]), joined([]), joined([Store.empty(), Store.empty()])):
        assert store.n == 0
        assert store.offsets("actors").tolist() == [0]
        assert dict(store.stacks) == {} and dict(store.texts) == {}
        assert problems_of(store).empty
        for name in ("actors", "flows"):
            found = frame_of(store, name, columns=None, compact=False)
            assert found.empty and table(name).key == found.columns[0]
        assert rows_referred_to(store, "flows", "source", "actors", "actor_id").tolist() == []


# -- some of them ---------------------------------------------------------------------------------------


def test_taken_filieres_leave_the_texts_of_the_others_behind(three: Store) -> None:
    alone = three.take([1])
    assert list(alone.texts["actors.actor_id"]) == ["verre"]
    assert alone.stacks["actors"].columns["actor_id"].codes.tolist() == [0]
    assert "flows" not in alone.stacks
    assert "materials.name" not in alone.texts
    # what was taken from is as it was
    assert list(three.texts["actors.actor_id"]) == ["relais", "tri", "verre"]
    assert three.offsets("actors").tolist() == [0, 2, 3, 5]


def test_taken_in_another_order_and_twice(three: Store) -> None:
    turned = three.take([2, 1, 0, 2])
    assert turned.n == 4
    assert turned.offsets("actors").tolist() == [0, 2, 3, 5, 7]
    for place, f in enumerate([small(), tiny(), small(), small()]):
        assert rebuilt(turned, place) == f
    assert three.take([]).n == 0


def test_what_was_set_aside_moves_with_its_filiere() -> None:
    store = stacked([faulty(), small(), faulty().at(2024)]).take([2, 1])
    assert list(store.aside) == [0] == list(store.refused)
    assert list(store.years) == [2024, None]
    assert_same(rebuilt(store, 0), faulty().at(2024))


def test_joined_stores_are_the_filieres_stacked_together() -> None:
    filieres = [small(), faulty(), odd(), tiny(), small().at(2024)]
    whole = stacked(filieres)
    parts = joined([stacked(filieres[:2]), Store.empty(), stacked(filieres[2:3]), stacked(filieres[3:])])
    assert list(parts.years) == list(whole.years)
    assert list(parts.aside) == list(whole.aside) == [1]
    for name in tables():
        assert parts.offsets(name).tolist() == whole.offsets(name).tolist()
    for name in ("actors", "flows", "filiere"):
        one, other = (frame_of(store, name, columns=None, compact=False) for store in (parts, whole))
        pd.testing.assert_frame_equal(one, other)
    assert_same(rebuilt(parts, 1), faulty())
    assert all(rebuilt(parts, place) == f for place, f in enumerate(filieres))


def test_one_store_alone_is_joined_without_work(three: Store) -> None:
    assert joined([Store.empty(), three]) is three


# -- ten seeds ------------------------------------------------------------------------------------------


@pytest.fixture(scope="module")
def ten() -> Store:
    return stacked([drawn(seed) for seed in SEEDS])


def test_drawn_filieres_come_back_as_they_went(ten: Store) -> None:
    for seed in SEEDS:
        assert rebuilt(ten, seed) == drawn(seed), seed
    for seed in (2, 7):  # with where each row was read, and what was found
        assert_same(rebuilt(ten, seed), drawn(seed))


def test_drawn_filieres_in_any_order_and_in_any_parts(ten: Store) -> None:
    order = np.random.default_rng(7).permutation(len(SEEDS)).tolist()
    turned = ten.take(order)
    parts = joined([ten.take([place]) for place in order])
    for store in (turned, parts):
        for place in (0, 4, 9):
            assert rebuilt(store, place) == drawn(order[place])
    for name in ("actors", "flows", "activities"):
        pd.testing.assert_frame_equal(
            frame_of(turned, name, columns=None, compact=False),
            frame_of(parts, name, columns=None, compact=False),
        )


@pytest.mark.parametrize(("name", "column", "target"), [
    ("flows", "source", "actors"), ("flows", "material_id", "materials"),
    ("activities", "stage_id", "stages"), ("memberships", "group_id", "groups"),
])  # fmt: skip
def test_references_of_many_are_those_of_each(ten: Store, name: str, column: str, target: str) -> None:
    found = rows_referred_to(ten, name, column, target, table(target).key)
    expected = []
    for seed in SEEDS:
        f = drawn(seed)
        own = f.table(target).index.get_indexer(f.table(name)[column])
        expected += np.where(own >= 0, own + ten.offsets(target)[seed], -1).tolist()
    assert found.tolist() == expected
    assert (found >= 0).any()


def test_money_and_results_come_back_too() -> None:
    filieres = [drawn_insertion(0), tiny(), drawn_insertion(1), drawn_insertion(2)]
    store = stacked(filieres)
    for place, f in enumerate(filieres):
        assert rebuilt(store, place) == f


# -- how texts are held ---------------------------------------------------------------------------------


@pytest.mark.parametrize("held", ["python", "pyarrow"])
@pytest.mark.parametrize("first", ["python", "pyarrow"])
def test_texts_are_shown_as_pandas_is_asked_whatever_they_were_stacked_as(first: str, held: str) -> None:
    pytest.importorskip("pyarrow")
    with pd.option_context("mode.string_storage", first):
        made = Filiere.from_tables(
            actors={"name": ["Relais", "Tri"], "commune_name": ["Yvetot", None]},
            flows={"source": ["Relais"], "target": ["Tri"]},
        )
        store = stacked([made, made])
    with pd.option_context("mode.string_storage", held):
        shown = frame_of(store, "actors", columns=None, compact=False)
        assert {shown[name].dtype.storage for name in ("actor_id", "name", "commune_name", "siret")} == {held}
        assert shown["commune_name"].fillna("-").tolist() == ["Yvetot", "-"] * 2
        back = rebuilt(store, 1)
        assert back.actors.index.dtype.storage == held
        assert back.flows["source"].tolist() == ["relais"]
        compact = frame_of(store, "flows", columns=["source", "target"], compact=True)
        assert compact["source"].cat.categories.equals(compact["target"].cat.categories)
        assert compact.astype("str").to_numpy().tolist() == [["relais", "tri"]] * 2


@pytest.mark.parametrize("seed", [1, 4])
def test_both_ways_of_holding_texts_give_the_same_store(seed: int) -> None:
    pytest.importorskip("pyarrow")
    found = {}
    for held in ("python", "pyarrow"):
        with pd.option_context("mode.string_storage", held):
            found[held] = stacked([rebuilt(stacked([drawn(seed)]), 0), tiny()])
    one, other = found["python"], found["pyarrow"]
    assert {space: list(held) for space, held in one.texts.items()} == {
        space: list(held) for space, held in other.texts.items()
    }
    for name, stack in one.stacks.items():
        for column, values in stack.columns.items():
            if isinstance(values, Coded):
                assert values.codes.tolist() == other.stacks[name].columns[column].codes.tolist()


# -- nothing is changed ---------------------------------------------------------------------------------


def test_who_receives_a_table_may_write_into_it(three: Store) -> None:
    f = rebuilt(three, 0)
    flows = f.table("flows")
    flows.loc[:, "quantity_t_per_year"] = 99.0
    flows["source"] = "somebody"
    assert frame_of(three, "flows", columns=["quantity_t_per_year"], compact=False)[
        "quantity_t_per_year"
    ].tolist() == [
        12.5,
        12.5,
    ]
    assert rebuilt(three, 0).table("flows")["source"].tolist() == ["relais"]


def test_stacking_leaves_the_filieres_as_they_are() -> None:
    f = faulty()
    before = copy.deepcopy({name: f.table(name) for name in ("actors", "flows")}), f.problems.copy()
    stacked([f, f])
    for name, frame in before[0].items():
        pd.testing.assert_frame_equal(f.table(name), frame)
    pd.testing.assert_frame_equal(f.problems, before[1])


def test_tables_are_made_when_they_are_asked_for(three: Store) -> None:
    found = conformed_of(three, 0)
    assert list(found.tables) == list(tables()) and len(found.tables) == len(tables())
    assert found.tables["actors"] is found.tables["actors"]
    with pytest.raises(KeyError, match="nothing"):
        found.tables["nothing"]
    # what travels is a plain dictionary, whole
    sent = pickle.loads(pickle.dumps(found.tables))
    assert type(sent) is dict and list(sent) == list(tables())
    pd.testing.assert_frame_equal(sent["actors"], small().table("actors"))


def test_texts_of_a_space_that_has_none_are_unknown() -> None:
    stack = Stack(
        np.array([0, 2], dtype=np.int64),
        {
            "actor_id": Coded(np.array([0, 1], dtype=np.int32), "actors.actor_id"),
            "siret": Coded(np.array([-1, -1], dtype=np.int32), "actors.siret"),
        },
    )
    store = Store(1, {"actors": stack}, {"actors.actor_id": texts("a", "b")}, (None,))
    for compact in (False, True):
        found = frame_of(store, "actors", columns=["actor_id", "siret"], compact=compact)
        assert found["actor_id"].tolist() == ["a", "b"]
        assert found["siret"].isna().all()


# -- rows referred to ------------------------------------------------------------------------------------


def without_rows(store: Store) -> Store:
    """Return a store that knows no rows, so that they are looked up by identifier."""
    return replace(store, stacks={name: replace(stack, rows={}) for name, stack in store.stacks.items()})


def referred(store: Store) -> dict[tuple[str, str], list[int]]:
    """Return the rows that every column refers to, counted through all filières."""
    return {
        (name, column): rows_referred_to(store, name, column, *target).tolist()
        for name in tables()
        for column, target in targets_of(name).items()
    }


def test_rows_are_kept_from_the_filieres(three: Store) -> None:
    flows = three.stacks["flows"]
    # each within its own filière: from the first actor to the second
    assert (flows.rows["source"].tolist(), flows.rows["target"].tolist()) == ([0, 0], [1, 1])
    assert rows_referred_to(three, "flows", "source", "actors", "actor_id").tolist() == [0, 3]
    assert rows_referred_to(three, "flows", "target", "actors", "actor_id").tolist() == [1, 4]
    assert "same_flow_as" not in flows.rows  # of which nothing is known
    assert rebuilt(three, 2).codes("flows", "target").tolist() == [1]


def test_rows_kept_are_those_that_are_found() -> None:
    filieres = [drawn(seed) for seed in range(4)] + [tiny(), drawn_insertion(1)]
    store = stacked(filieres)
    expected = referred(without_rows(store))
    assert referred(store) == expected and any(max(rows, default=-1) > 0 for rows in expected.values())
    # one after another, some of them, and where only some know their rows
    halves = [stacked(filieres[:2]), stacked(filieres[2:])]
    assert referred(joined(halves)) == expected
    assert referred(joined([halves[0], without_rows(halves[1])])) == expected
    some = store.take([5, 0, 3])
    assert referred(some) == referred(without_rows(some)) and some.stacks["flows"].rows
    for place, f in enumerate(filieres):
        again = rebuilt(store, place)
        for home in f:
            for column in refers_to_rows(home):
                assert again.codes(home, column).tolist() == f.codes(home, column).tolist()


# -- degenerate -----------------------------------------------------------------------------------------

ODD_NAMES = [
    "=1+1",
    "a;b",
    "«\u00a0Fil\u00a0»",
    "\u05e9\u05dc\u05d5\u05dd",
    "\U0001f9f5",
    "$x_1$",
    "n" * 300,
    "a\tb",
]


def test_names_with_odd_characters() -> None:
    f = Filiere.from_tables(actors={"name": ODD_NAMES}, lang="en")
    store = stacked([f, f, f])
    assert rebuilt(store, 0) == rebuilt(store, 2) == f
    shown = frame_of(store, "actors", columns=["name"], compact=True)["name"]
    assert shown.astype("str").tolist() == f.actors["name"].tolist() * 3


def test_equal_filieres_are_kept_apart() -> None:
    p = Portfolio.from_filieres({code: small() for code in ("b", "a", "c")})
    assert p.codes.tolist() == ["b", "a", "c"]
    assert p.table("actors")["filiere_code"].astype("str").tolist() == ["b", "b", "a", "a", "c", "c"]
    assert p.table("actors")["actor_id"].tolist() == ["relais", "tri"] * 3
    assert p["a"] == p["b"] == p["c"] == small()
