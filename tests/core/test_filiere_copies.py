"""A filière is frozen: what is made from it is another one, and the first stays as it was."""

from __future__ import annotations

import copy
import pickle
from collections.abc import Callable
from typing import Any

import networkx as nx
import pandas as pd
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from chaine_valeur import schema
from chaine_valeur.errors import UnknownNameError, ValidationError
from chaine_valeur.filiere import Filiere
from chaine_valeur.io.graph import from_networkx, to_networkx

from .hand import by_hand
from .reading import read

pytestmark = pytest.mark.long

NESTED = {
    # a region holds a pays, the pays an EPCI; Rouen is in the region alone
    "territory_id": ["R", "R", "R", "R", "P", "P", "P", "E", "E"],
    "commune_code": ["76384", "76114", "76476", "76540", "76384", "76114", "76476", "76384", "76114"],
    "name": ["Région"] * 4 + ["Pays"] * 3 + ["Caux Seine"] * 2,
    "commune_name": [*(towns := ["Lillebonne", "Bolbec", "Port-Jérôme", "Rouen"]), *towns[:3], *towns[:2]],
}  # fmt: skip
PLACES = {"name": ["L", "B", "P", "R", "Caen", "?", "outside"],
          "commune_code": ["76384", "76114", "76476", "76540", "14118", None, "76384"],
          "actor_type": [None] * 6 + ["extérieur"]}  # fmt: skip


@pytest.fixture(scope="module")
def hand() -> Filiere:
    return by_hand()


@pytest.fixture(scope="module")
def nested() -> Filiere:
    return Filiere.from_tables(
        filiere={"name": ["F"], "territory_id": ["E"]}, actors=PLACES, territories=NESTED
    )


def snapshot(f: Filiere) -> dict[str, Any]:
    """Everything that can be seen of a filière, copied deep."""
    seen = {name: f.table(name).copy(deep=True) for name in schema.tables()}
    places = {name: f.where(name).copy(deep=True) for name in schema.tables()}
    aside = {name: rows.copy(deep=True) for name, rows in f.set_aside.items()}
    return {
        "tables": seen,
        "places": places,
        "aside": aside,
        "problems": f.problems,
        "cells": dict(f.unknown_cells),
    }


def same(a: Any, b: Any) -> bool:
    if isinstance(a, dict):
        return a.keys() == b.keys() and all(same(a[key], b[key]) for key in a)
    return a.equals(b) if isinstance(a, pd.DataFrame) else a == b


CHANGES: dict[str, Callable[[Filiere], Any]] = {
    "with_rows": lambda f: f.with_rows("actors", {"name": ["Neuf"]}),
    "replacing": lambda f: f.with_rows("flows", f.flows.loc[["f1"]].assign(quantity_t_per_year=1.0)),
    "bad rows": lambda f: f.with_rows("flows", {"source": ["Zorg"]}, strict=False),
    "with_table": lambda f: f.with_table("groups", pd.DataFrame({"name": ["X"]}), strict=False),
    "without_actors": lambda f: f.without_actors("tri", "labo"),
    "without_rows": lambda f: f.without_rows("stages", "tri"),
    "at": lambda f: f.at(2021),
    "within": lambda f: f.within("R"),
    "within a commune": lambda f: f.within("76384"),
    "network": lambda f: f.network.ties(directed=True),
    "summary": lambda f: (repr(f), f._repr_html_(), f.is_local(), f.years, dir(f)),
    "graph": to_networkx,
    "pickle": lambda f: pickle.loads(pickle.dumps(f)),
    "deep copy": copy.deepcopy,
}


@pytest.mark.parametrize("change", CHANGES.values(), ids=CHANGES)
def test_no_change_touches_the_original(hand, change):
    before, shown = snapshot(hand), repr(hand)
    change(hand)
    assert same(snapshot(hand), before)
    assert repr(hand) == shown


@pytest.mark.parametrize("attribute", ["year", "actors", "name", "problems", "territory_id", "anything"])
def test_no_attribute_can_be_set(hand, attribute):
    with pytest.raises(AttributeError, match="frozen|with_rows"):
        setattr(hand, attribute, None)


def test_what_it_hands_out_is_a_copy(hand):
    for give in (lambda: hand.flows, lambda: hand.problems, lambda: hand.where("flows")):
        frame = give()
        frame.iloc[:, 0] = frame.iloc[::-1, 0].array
        frame["mine"] = 1
        assert "mine" not in give().columns
    assert hand.table("flows").equals(hand.flows)


# -- equality -------------------------------------------------------------------------------------------


def test_equal_is_what_holds_the_same_tables(hand):
    assert hand == by_hand()
    assert hand == hand.with_table("groups", hand.groups)
    assert hand == hand.without_actors()
    assert hand != hand.with_rows("groups", {"name": ["Neuf"]})
    assert hand != hand.with_table("flows", hand.flows.assign(Mine=1.0))
    assert hand != hand.with_table("flows", hand.flows.iloc[::-1])  # the order of rows says which came first
    assert (hand == 3) is False
    nan = read(actors={"name": ["A"], "latitude": [None]})
    assert nan == read(actors={"name": ["A"], "latitude": ["?"]})
    assert nan != read(actors={"name": ["A"], "latitude": [0]})
    with pytest.raises(TypeError, match="unhashable"):
        hash(hand)


def test_pickled_it_is_whole():
    f = read(actors={"name": ["A", None], "pole": ["zorg", None]}, territories=NESTED).at(2020)
    back = pickle.loads(pickle.dumps(f))
    assert back == f
    assert back.year == 2020
    assert same(snapshot(back), snapshot(f))


# -- with and without -----------------------------------------------------------------------------------


def test_strict_changes_refuse_what_loose_ones_set_aside(hand):
    with pytest.raises(ValidationError) as caught:
        hand.with_rows("cooperations", {"actor_id": ["Tri", "Tri"], "to_actor_id": ["Tri", "Zorg"]})
    assert sorted(caught.value.problems.query("severity == 'error'")["code"]) == [
        "self_tie",
        "unknown_reference",
    ]
    loose = hand.with_rows(
        "cooperations", {"actor_id": ["Tri", "Tri"], "to_actor_id": ["Tri", "Zorg"]}, strict=False
    )
    assert loose.cooperations.equals(hand.cooperations)
    assert len(loose.set_aside["cooperations"]) == 2
    with pytest.raises(UnknownNameError, match="actors"):
        hand.with_rows("actor", {"name": ["X"]})


def test_a_replaced_row_is_replaced_whole(hand):
    f = hand.with_rows("flows", {"flow_id": ["f1"], "source": ["ménages"], "target": ["Collecte SA"]})
    assert len(f.flows) == len(hand.flows)
    row = f.flows.loc["f1"]
    assert pd.isna(row["quantity_t_per_year"])
    assert pd.isna(row["confidence"])
    others = [key for key in hand.flows.index if key != "f1"]
    assert f.flows.loc[others].equals(hand.flows.loc[others])


@pytest.mark.parametrize(
    ("table", "gone", "left"),
    [
        ("materials", "fil", {"flows": ["f1", "f2", "f2-old", "f5", "gone"]}),
        ("groups", "gt", {"memberships": []}),
        ("territories", "perimeter-1", {"filiere": ["a-la-main"]}),  # its other communes still bound T
        ("sources", "entretien", {"cell_sources": []}),
        ("stages", "tri", {"stage_links": ["stage-link-1", "stage-link-4"]}),
    ],
)
def test_what_refers_to_a_row_goes_with_it(hand, table, gone, left):
    f = hand.without_rows(table, gone)
    assert gone not in f.table(table).index
    for name, identifiers in left.items():
        assert list(f.table(name).index) == identifiers
    assert not f.set_aside
    with pytest.raises(UnknownNameError, match=gone):
        f.without_rows(table, gone)


def test_taking_out_one_by_one_or_together_is_the_same(hand):
    assert hand.without_actors("tri", "labo") == hand.without_actors("labo").without_actors("tri")
    assert hand.without_actors() == hand


# -- at a year ------------------------------------------------------------------------------------------

PERIODS = {"name": ["ever", "from 2020", "until 2020", "2019 to 2021", "2020"],
           "since": [None, 2020, None, 2019, 2020], "until": [None, None, 2020, 2021, 2020]}  # fmt: skip


@pytest.mark.parametrize(
    ("year", "there"),
    [
        (1900, [0, 2]),
        (2018, [0, 2]),
        (2019, [0, 2, 3]),
        (2020, [0, 1, 2, 3, 4]),
        (2021, [0, 1, 3]),
        (2022, [0, 1]),
    ],
)
def test_who_existed_in_a_year_both_ends_included(year, there):
    names = PERIODS["name"]
    f = read(
        actors=PERIODS,
        groups=PERIODS,
        funding={"amount_eur": [1, 2], "since": [2020, None], "until": [2020, None]},
        flows={"source": names, "quantity_t_per_year": range(5), "year": [None, 2020, None, 2020, 2021]},
    )
    g = f.at(year)
    assert g.actors["name"].tolist() == [names[place] for place in there]
    assert g.groups["name"].tolist() == [names[place] for place in there]
    assert len(g.funding) == 2  # money is spoken of over its years, it is no state of affairs
    wanted = [
        place
        for place in there
        if f.flows["year"].iloc[place] is pd.NA or f.flows["year"].iloc[place] == year
    ]
    assert g.flows["quantity_t_per_year"].tolist() == wanted
    assert (g.year, f.year) == (year, None)
    assert g.at(year) == g
    assert not g.set_aside


def test_what_refers_to_one_who_was_not_there_is_not_there():
    f = read(
        actors={"name": ["A", "B"], "since": [None, 2020], "part_of": [None, "A"]},
        groups={"name": ["G"], "referent_id": ["B"]},
        cooperations={"actor_id": ["A"], "to_actor_id": ["B"]},
        memberships={"group_id": ["G"], "actor_id": ["A"]},
    )
    assert f.at(2020) == f
    before = f.at(2019)
    assert before.actors.index.tolist() == ["a"]
    assert before.cooperations.empty
    assert not before.set_aside


# -- within a territory ---------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("territory", "local"),
    [("E", "LB"), ("P", "LBP"), ("R", "LBPR"), ("Pays", "LBP"), ("76540", "R"), ("76384", "L")],
)
def test_territories_within_territories(nested, territory, local):
    f = nested.within(territory)
    found = f.is_local()
    assert found.index.equals(f.actors.index)
    assert "".join(f.actors["name"][found.fillna(False).to_numpy(bool)]) == local
    assert pd.isna(found["x"])  # « ? » folds to nothing: it is known as x, and where it stands is unknown
    assert not found["outside"]
    assert len(f.actors) == len(PLACES["name"])  # who is elsewhere stays
    assert nested.territory_id == "E"


def test_seen_from_one_territory_and_then_from_another(nested):
    assert nested.within("R").within("E") == nested.within("E") == nested
    assert nested.within("76540").within("E").is_local().equals(nested.is_local())


@pytest.mark.parametrize("unknown", ["Z", "", "Caux Sein", "76000"])
def test_a_territory_that_nobody_knows(nested, unknown):
    with pytest.raises(UnknownNameError):
        nested.within(unknown)


def test_two_territories_of_one_name_are_none():
    f = read(
        actors={"name": ["A"]},
        territories={
            "territory_id": ["x", "y"],
            "name": ["Caux", "Caux"],
            "commune_code": ["76384", "76114"],
        },
    )
    with pytest.raises(UnknownNameError, match="Caux"):
        f.within("Caux")
    assert f.within("y").territory_id == "y"


# -- shown ----------------------------------------------------------------------------------------------


@settings(max_examples=15)
@given(st.text(alphabet="<>&\"'/abé=\u202e", min_size=1, max_size=8).filter(str.strip))
def test_no_name_is_ever_markup(name):
    f = read(filiere={"name": [name]}, actors={"name": [name]})
    shown = f._repr_html_().partition("<strong>")[2].partition("</strong>")[0]
    assert not set('<>"') & set(shown)
    assert shown.count("&") == sum(
        shown.count(word) for word in ("&lt;", "&gt;", "&amp;", "&quot;", "&#x27;")
    )


# -- as a graph -----------------------------------------------------------------------------------------


def test_a_graph_holds_a_node_per_actor_and_an_edge_per_row(hand):
    graph = to_networkx(hand)
    assert isinstance(graph, nx.MultiDiGraph)
    assert set(hand.actors.index) | set(hand.groups.index) <= set(graph)
    assert graph.number_of_edges() == len(hand.flows) + len(hand.cooperations) + len(hand.memberships)
    assert from_networkx(graph) == hand
    at = hand.at(2022)
    assert from_networkx(to_networkx(at)).year == 2022
    assert from_networkx(graph.copy()) == hand


@settings(max_examples=3)
@given(st.sets(st.sampled_from(["menages", "collecte-sa", "tri", "filature", "labo", "ancien"]), max_size=3))
def test_less_of_it_comes_back_too(hand, gone):
    f = hand.without_actors(*gone)
    assert from_networkx(to_networkx(f)) == f
    graph = to_networkx(hand)
    graph.remove_nodes_from(gone)
    assert set(from_networkx(graph, strict=False).actors.index) == set(f.actors.index)
