"""Thousands of actors: one card for those of a stage and a commune; nothing is lost, nothing counts twice."""

from __future__ import annotations

from typing import Any

import numpy as np
import pandas as pd
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from chaine_valeur import Filiere, interactive
from chaine_valeur.interactive import grouping
from chaine_valeur.interactive.grouping import grouped
from chaine_valeur.interactive.page import EDGE_FIELDS, NODE_FIELDS
from tests.interactive.neutral import column, data_of, edge, frames, node

ROLES = {"supplier": "Fournisseur", "transformer": "Transformateur", "insertion": "Structure d’insertion"}
PLACES = {"a": "Lille", "b": "Lille", "c": "Rouen", "d": "Rouen", "e": "", "g": "Lille"}


def small() -> tuple[pd.DataFrame, pd.DataFrame, pd.DataFrame]:
    """Sorting: a and b in Lille, c and d in Rouen, e nowhere; spinning: g in Lille; a group and the outside."""
    cards = [
        node("a", "Alpha", roles=("supplier", "transformer"), column_id="tri"),
        node("b", "Bêta", roles=("insertion",), column_id="tri", is_insertion=True, is_doubtful=True),
        node("c", "Gamma", roles=("transformer",), column_id="tri"),
        node("d", "Delta", roles=("transformer",), column_id="tri"),
        node("e", "Epsilon", column_id="tri"),
        node("g", "Êta", roles=("transformer",), column_id="fil"),
        node("copil", "COPIL", kind="group"),
        node("out", "Dehors", kind="outside", column_id=""),
    ]
    said = {"layer": "cooperation", "relation": "k", "relation_label": "Projet"}
    ties = [
        edge("a", "c", quantity_t_per_year=10.0, text="10 t"),
        edge("b", "d", quantity_t_per_year=5.5, text="5,5 t"),
        edge("a", "d", text="tonnage inconnu"),
        edge("b", "c", quantity_t_per_year=2.0, is_hypothesis=True, text="2 t", doubt="supposé"),
        edge("a", "b", quantity_t_per_year=7.0),
        edge("c", "g", quantity_t_per_year=1.0, text="1 t"),
        edge("c", "a", **said, directed=False),
        edge("b", "d", **said, directed=False),
        edge("a", "b", **said, directed=False),
        edge("a", "copil", layer="group", relation="group", relation_label="Siège", directed=False),
        edge("b", "copil", layer="group", relation="group", relation_label="Siège", directed=False),
        edge("out", "a", quantity_t_per_year=3.0),
        edge("a", "g", layer="same", relation="same", relation_label="Même", directed=False),
    ]
    return frames(cards, ties, [column("tri", 0, label="Tri"), column("fil", 1, label="Filature")])


def made(**given: Any) -> tuple[pd.DataFrame, pd.DataFrame]:
    return grouped(*small(), communes=PLACES, roles=ROLES, lang="fr", **given)


def test_a_card_says_how_many_stand_at_which_stage_in_which_commune() -> None:
    nodes, edges = made()
    assert list(nodes.columns) == list(NODE_FIELDS) and list(edges.columns) == list(EDGE_FIELDS)
    # one that stands alone keeps its card and its name; groups and the outside stay
    assert nodes["label"].tolist() == [
        "2 acteurs · Tri · Lille", "2 acteurs · Tri · Rouen", "Epsilon", "Êta", "COPIL", "Dehors",
    ]  # fmt: skip
    assert nodes["node_id"].is_unique
    assert nodes["kind"].tolist() == [*["actor"] * 4, "group", "outside"]
    assert nodes["column_id"].tolist()[:4] == ["tri", "tri", "tri", "fil"]


def test_its_panel_tells_roles_insertion_ties_within_and_names() -> None:
    lille, rouen = made()[0]["details"].tolist()[:2]
    told = dict(lille)
    assert told["Acteurs"] == "2" and told["Commune"] == "Lille"
    # each role once: as many actors hold each, so in the order of the legend
    assert told["Rôles"].replace("\u00a0", " ").split("\n") == [
        "Fournisseur : 1", "Transformateur : 1", "Structure d’insertion : 1",
    ]  # fmt: skip
    assert told["Structures d’insertion"] == "1"
    # a → b carries 7 t, and the two work together
    assert told["Entre eux"].replace("\u00a0", " ").split("\n") == [
        "Flux : 1 lien, 7 t/an",
        "Projet : 1 lien",
    ]
    assert told["Nom"] == "Alpha et Bêta"
    assert "Structures d’insertion" not in dict(rouen) and "Entre eux" not in dict(rouen)
    # what is true of all is drawn, what is true of some is not
    nodes, _ = made()
    assert not nodes["is_insertion"].iloc[0] and not nodes["is_doubtful"].iloc[0]
    assert nodes["roles"].iloc[1] == ("transformer",)


def test_ties_between_two_cards_are_summed_apart_where_unknown_or_supposed() -> None:
    nodes, edges = made()
    lille, rouen = nodes["node_id"].iloc[:2]
    flows = edges[(edges["source"] == lille) & (edges["target"] == rouen) & (edges["layer"] == "flow")]
    # 10 + 5.5 known; one unknown stays unknown and is no 0; 2 t are supposed
    assert flows["quantity_t_per_year"].tolist() == pytest.approx([15.5, np.nan, 2.0], nan_ok=True)
    assert [text.replace("\u00a0", " ") for text in flows["text"]] == [
        "2 liens, 15,5 t/an", "tonnage inconnu", "2 t",
    ]  # fmt: skip
    assert flows["is_hypothesis"].tolist() == [False, False, True]
    assert flows["doubt"].tolist() == ["", "", "supposé"]  # a single row keeps its own words
    # c – a and b – d join the same two cards, whichever way they were written
    both = edges[edges["layer"] == "cooperation"]
    assert [(row.source, row.target, row.text) for row in both.itertuples()] == [(lille, rouen, "2 liens")]
    seats = edges[edges["layer"] == "group"]
    assert [(row.source, row.target, row.text) for row in seats.itertuples()] == [(lille, "copil", "2 liens")]
    assert edges[edges["source"] == "out"]["target"].tolist() == [lille]
    assert edges[edges["target"] == "g"][["source", "text"]].to_numpy().tolist() == [[rouen, "1 t"]]
    assert "same" not in set(edges["layer"])
    assert edges.dtypes.astype(str)[["quantity_t_per_year", "directed", "is_hypothesis"]].tolist() == [
        "float64", "bool", "bool",
    ]  # fmt: skip


def test_small_communes_share_a_card_where_there_would_be_too_many() -> None:
    cards = [
        node(f"{place}{at}", column_id="tri")
        for place, size in (("x", 3), ("y", 2), ("z", 2))
        for at in range(size)
    ]
    cards += [node("u0", column_id="tri"), node("u1", column_id="tri")]
    communes = {card["node_id"]: card["node_id"][0].upper() for card in cards if card["node_id"][0] != "u"}
    nodes, _ = grouped(
        *frames(cards, [], [column("tri", 0, label="Tri")]),
        communes=communes,
        roles={},
        lang="fr",
        most_cards=1,
    )
    # the largest has its own; those of whom the commune is not known are not « elsewhere »
    assert sorted(nodes["label"]) == [
        "2 acteurs · Tri · commune inconnue", "3 acteurs · Tri · X", "4 acteurs · Tri · autres communes",
    ]  # fmt: skip


def test_an_empty_map_stays_empty() -> None:
    nodes, edges = grouped(*frames([]), communes={}, roles={}, lang="en")
    assert (len(nodes), len(edges)) == (0, 0)
    assert list(nodes.columns) == list(NODE_FIELDS)


@settings(max_examples=20)
@given(
    st.lists(st.tuples(st.integers(0, 2), st.integers(0, 3)), min_size=1, max_size=12),
    st.lists(st.tuples(st.integers(0, 11), st.integers(0, 11), st.none() | st.integers(0, 50)), max_size=15),
    st.integers(1, 9),
)
def test_no_actor_no_tonne_is_lost(stands: list[tuple[int, int]], flows: list[Any], most: int) -> None:
    cards = [node(f"a{at}", column_id=f"s{stage}") for at, (stage, _) in enumerate(stands)]
    communes = {f"a{at}": f"C{place}" if place else "" for at, (_, place) in enumerate(stands)}
    ties = [
        edge(
            f"a{a % len(stands)}",
            f"a{b % len(stands)}",
            quantity_t_per_year=float("nan") if t is None else float(t),
        )
        for a, b, t in flows
    ]
    whole = frames(cards, ties, [column(f"s{at}", at) for at in range(3)])
    nodes, edges = grouped(*whole, communes=communes, roles={}, lang="en", most_cards=most)
    counted = [int(dict(one).get("Actors", "1")) for one in nodes["details"]]
    assert sum(counted) == len(stands)
    ends = set(edges["source"]) | set(edges["target"])
    assert ends <= set(nodes["node_id"])
    assert (edges["source"] != edges["target"]).all()
    # what passes between cards, by hand: the tonnes of ties whose ends have different cards
    of = {}
    for at, (stage, _) in enumerate(stands):
        name = communes[f"a{at}"]
        mates = [one for one in nodes.itertuples() if one.column_id == f"s{stage}"]
        own = [
            one
            for one in mates
            if one.node_id == f"a{at}"
            or f"a{at}" in dict(one.details).get("Name", "").replace(" and ", ", ").split(", ")
        ]
        assert len(own) == 1, (name, own)
        of[f"a{at}"] = own[0].node_id
    between = [row["quantity_t_per_year"] for row in ties if of[row["source"]] != of[row["target"]]]
    assert edges["quantity_t_per_year"].sum() == pytest.approx(np.nansum(between))


def test_a_filiere_above_the_limit_is_grouped_and_says_so(monkeypatch: pytest.MonkeyPatch) -> None:
    f = Filiere.from_tables(
        stages={"name": ["Tri", "Filature"], "rank": [1, 2]},
        actors={
            "name": ["A", "B", "C", "D"],
            "commune_name": ["Lille", "Lille", None, None],
            "roles": ["acheteur"] * 4,
        },
        activities={"actor_id": ["A", "B", "C", "D"], "stage_id": ["Tri", "Tri", "Tri", "Filature"]},
        flows={"source": ["A", "B"], "target": ["D", "D"], "quantity_t_per_year": [3, 4]},
    )
    whole = data_of(interactive.map_html(f, lang="fr"))
    assert [one["label"] for one in whole["nodes"]] == ["A", "B", "C", "D"]
    monkeypatch.setattr(grouping, "MOST_ACTORS", 3)
    page = interactive.map_html(f, lang="fr")
    data = data_of(page)
    assert [one["label"] for one in data["nodes"]] == ["2 acteurs · Tri · Lille", "C", "D"]
    (line,) = data["edges"]
    assert line["cv"]["amount"] == "7\u00a0t" and line["cv"]["rows"][0]["text"] == "2 liens, 7\u00a0t/an"
    # the page says it in its heading, its list, its legend; what it counts there are actors and ties, not cards
    assert "4 acteurs · une carte pour les acteurs d’un maillon et d’une commune" in page
    assert data["text"]["actors"] == "Acteurs, par maillon et commune"
    assert (
        data["text"]["count"] == "{shown} cartes sur {total}"
        and "{shown} carte sur" in data["text"]["count_one"]
    )
    assert data["key"][0]["sign"] == "shared"
    assert [one["count"] for one in data["roles"]] == [4]
    assert [one["count"] for one in data["relations"]] == [2]
    assert "shared" not in {one["sign"] for one in whole["key"]}
