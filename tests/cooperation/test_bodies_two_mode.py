"""Density, overlap, projection and bridges: by hand, and networkx as the referee on random graphs."""

from __future__ import annotations

import math
from itertools import combinations, product
from typing import Any

import networkx as nx
import numpy as np
import pandas as pd
import pytest
from networkx.algorithms import bipartite

from chaine_valeur.analysis.cooperation.bodies import projection, two_mode
from chaine_valeur.analysis.cooperation.bodies.projection import CO_MEMBERSHIP_COLUMNS, co_membership
from chaine_valeur.analysis.cooperation.bodies.two_mode import (
    bridging_actors,
    group_overlap,
    two_mode_density,
    two_mode_density_measure,
)
from chaine_valeur.errors import ArgumentError
from chaine_valeur.io.graph import to_networkx
from tests.cooperation.bodies_hand import bodies

OVERLAP = ["group_id", "to_group_id", "group_label", "to_group_label", "members", "to_members", "shared", "jaccard",
           "overlap", "only_actor_id"]  # fmt: skip
BRIDGES = ["label", "groups", "pairs", "pairs_alone", "parts", "group_ids"]
SEEDS = range(8)


def random_two_modes(seed: int, kind: type[nx.Graph] = nx.Graph) -> nx.Graph:
    """Return actors a0… and groups g0…, some of either alone."""
    rng = np.random.default_rng(seed)
    graph = kind()
    actors, groups = (
        [f"a{n}" for n in range(rng.integers(1, 14))],
        [f"g{n}" for n in range(rng.integers(1, 7))],
    )
    graph.add_nodes_from(actors, bipartite=0)
    graph.add_nodes_from(groups, bipartite=1)
    share = rng.uniform(0.05, 0.5)
    graph.add_edges_from(pair for pair in product(actors, groups) if rng.random() < share)
    return graph


def sides(graph: nx.Graph) -> tuple[list[str], list[str]]:
    modes = dict(graph.nodes(data="bipartite"))
    return [node for node in graph if modes[node] == 0], [node for node in graph if modes[node] == 1]


# -- density --------------------------------------------------------------------------------------------


def test_density_by_hand() -> None:
    measure = two_mode_density_measure(bodies(), lang="en")
    # 4 + 2 + 1 + 1 + 1 memberships of 5 actors in 5 groups; the members of the forum are not stated
    assert measure.value == two_mode_density(bodies()) == 9 / 25
    assert (measure.numerator, measure.denominator, measure.n_unknown) == (9, 25, 1)
    assert (measure.low, measure.high) == (9 / 30, 14 / 30)  # nobody sits in the forum, or all five
    assert measure.unit == "share"
    assert measure.note == "9 memberships of 25 possible; 1 group whose members are not stated is left out"
    assert set(measure.rows) == {"groups", "memberships"} and len(measure.rows["memberships"]) == 10
    assert two_mode_density(bodies(), kinds=["steering"]) == 2 / 5


def test_density_in_an_earlier_year() -> None:
    """In 2019: COPIL two members, Club, Dormant and Papier one each, and the forum; five could sit."""
    measure = two_mode_density_measure(bodies(), year=2019)
    assert (measure.numerator, measure.denominator) == (5, 20)


@pytest.mark.parametrize("seed", SEEDS)
def test_density_is_that_of_networkx(seed: int) -> None:
    graph = random_two_modes(seed)
    actors, groups = sides(graph)
    measure = two_mode_density_measure(graph)
    assert measure.value == pytest.approx(bipartite.density(graph, actors))
    assert measure.low == measure.high == measure.value and measure.n_unknown == 0
    as_lists = nx.empty_graph(actors)
    nx.set_node_attributes(as_lists, {actor: [*graph[actor]] for actor in actors}, "group")
    met = [group for group in groups if graph[group]]  # nobody names a group in which nobody sits
    if met:
        assert two_mode_density(as_lists) == pytest.approx(graph.number_of_edges() / (len(actors) * len(met)))


@pytest.mark.parametrize(
    ("changed", "note"),
    [
        ({"groups": None, "memberships": None, "meetings": None}, "no group"),
        ({"memberships": None}, "no member of a group is stated"),
    ],
)
def test_density_unknown(changed: dict[str, Any], note: str) -> None:
    measure = two_mode_density_measure(bodies(**changed), lang="en")
    assert math.isnan(measure.value) and measure.note == note
    assert two_mode_density_measure(bodies(**changed)).note != note
    assert [measure.low, measure.high] == (
        [0, 1] if "member" in note else pytest.approx([math.nan] * 2, nan_ok=True)
    )


def test_density_without_an_actor() -> None:
    graph = nx.Graph()
    graph.add_node("g", bipartite=1)
    assert two_mode_density_measure(graph, lang="en").note == "no actor who could sit there"


# -- overlap --------------------------------------------------------------------------------------------


def test_overlap_by_hand() -> None:
    table = group_overlap(bodies())
    assert table.columns.tolist() == OVERLAP
    assert len(table) == 15  # pairs of six groups
    rows = table.set_index(["group_id", "to_group_id"])
    # Mairie and Relais sit in both; four members in all
    assert rows.loc[("gt", "copil")].tolist() == ["GT", "COPIL", 4, 2, 2, 0.5, 1, None]
    assert rows.loc[("gt", "neuf")].tolist() == ["GT", "Neuf", 4, 1, 1, 0.25, 1, "filature"]
    assert rows.loc[("copil", "dormant")].tolist() == ["COPIL", "Dormant", 2, 1, 1, 0.5, 1, "relais"]
    assert rows.loc[("copil", "neuf")].tolist() == ["COPIL", "Neuf", 2, 1, 0, 0, 0, None]
    assert rows.loc[("gt", "forum"), ["jaccard", "overlap"]].isna().all()  # its members are not stated


@pytest.mark.parametrize("seed", SEEDS)
def test_overlap_is_that_of_networkx(seed: int) -> None:
    graph = random_two_modes(seed)
    _, groups = sides(graph)
    counts = bipartite.weighted_projected_graph(graph, groups)
    jaccard = bipartite.overlap_weighted_projected_graph(graph, groups)
    smaller = bipartite.overlap_weighted_projected_graph(graph, groups, jaccard=False)
    table = group_overlap(graph)
    assert list(zip(table["group_id"], table["to_group_id"], strict=True)) == list(combinations(groups, 2))
    for row in table.itertuples():
        pair, both = (row.group_id, row.to_group_id), set(graph[row.group_id]) & set(graph[row.to_group_id])
        assert row.shared == counts.get_edge_data(*pair, {"weight": 0})["weight"]
        if min(row.members, row.to_members):
            assert row.jaccard == pytest.approx(jaccard.get_edge_data(*pair, {"weight": 0})["weight"])
            assert row.overlap == pytest.approx(smaller.get_edge_data(*pair, {"weight": 0})["weight"])
        assert row.only_actor_id == (both.pop() if len(both) == 1 else None)


def test_two_empty_groups_have_no_overlap() -> None:
    graph = nx.Graph()
    graph.add_nodes_from(["g", "h"], bipartite=1)
    assert group_overlap(graph)[["jaccard", "overlap"]].isna().all(axis=None)


def test_too_many_groups(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(two_mode, "MOST_GROUPS", 5)
    for function in (group_overlap, bridging_actors):
        with pytest.raises(ArgumentError, match="6 groups.*kinds="):
            function(bodies())
        assert len(function(bodies(), kinds=["steering"])) == 0


# -- projection -----------------------------------------------------------------------------------------


def test_projection_by_hand() -> None:
    table = co_membership(bodies())
    assert table.columns.tolist() == CO_MEMBERSHIP_COLUMNS
    # four sit in the GT, a third each; Mairie and Relais are also the two of the COPIL
    assert table[["actor_id", "to_actor_id", "groups"]].to_numpy().tolist() == [
        ["filature", "mairie", 1],
        ["filature", "relais", 1],
        ["filature", "labo", 1],
        ["mairie", "relais", 2],
        ["mairie", "labo", 1],
        ["relais", "labo", 1],
    ]
    assert table["newman"].tolist() == pytest.approx([1 / 3, 1 / 3, 1 / 3, 4 / 3, 1 / 3, 1 / 3])
    assert table.loc[3, ["actor_label", "to_actor_label"]].tolist() == ["Mairie", "Relais"]
    assert co_membership(bodies(), largest=3)["groups"].tolist() == [1]
    assert co_membership(bodies(), largest=1).columns.tolist() == CO_MEMBERSHIP_COLUMNS


@pytest.mark.parametrize("chunk", [1, 7, 1_000_000])
@pytest.mark.parametrize("seed", SEEDS)
def test_projection_is_that_of_networkx(seed: int, chunk: int, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(projection, "CHUNK", chunk)
    graph = random_two_modes(seed)
    actors, groups = sides(graph)
    counts = bipartite.weighted_projected_graph(graph, actors)
    newman = bipartite.collaboration_weighted_projected_graph(graph, actors)
    table = co_membership(graph)
    pairs = list(zip(table["actor_id"], table["to_actor_id"], strict=True))
    assert pairs == [pair for pair in combinations(actors, 2) if counts.has_edge(*pair)]
    assert table["groups"].tolist() == [counts.edges[pair]["weight"] for pair in pairs]
    assert table["newman"].tolist() == pytest.approx([newman.edges[pair]["weight"] for pair in pairs])
    # the weights of an actor add up to the groups in which it sits with somebody
    both = pd.concat([table["actor_id"], table["to_actor_id"]], ignore_index=True)
    strength = pd.concat([table["newman"]] * 2, ignore_index=True).groupby(both).sum()
    for actor in actors:
        assert strength.get(actor, 0) == pytest.approx(sum(len(graph[group]) > 1 for group in graph[actor]))


def test_too_many_pairs(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(projection, "MOST_PAIRS", 6)
    with pytest.raises(ArgumentError, match="7 pairs of members.*at most 6.*up to 4 members.*largest="):
        co_membership(bodies())
    assert len(co_membership(bodies(), largest=3)) == 1


# -- bridges --------------------------------------------------------------------------------------------


def test_bridges_by_hand() -> None:
    table = bridging_actors(bodies())
    assert table.columns.tolist() == BRIDGES and table.index.name == "actor_id"
    assert table.index.tolist() == ["relais", "filature", "labo", "mairie"]
    assert table.to_numpy(object).tolist() == [
        # GT and COPIL stay joined by Mairie; without Relais, Dormant is apart from the others
        ["Relais", 3, 3, 2, 2, "gt;copil;dormant"],
        ["Filature", 2, 1, 1, 2, "gt;neuf"],
        ["Labo", 2, 1, 1, 2, "gt;papier"],
        ["Mairie", 2, 1, 0, 1, "gt;copil"],
    ]


@pytest.mark.parametrize("seed", range(24))
def test_bridges_are_cut_points(seed: int) -> None:
    """Against taking each actor out in turn, and the articulation points of networkx."""
    graph = random_two_modes(seed)
    actors, groups = sides(graph)
    table = bridging_actors(graph)
    assert sorted(table.index) == [actor for actor in sorted(actors) if len(graph[actor]) > 1]
    cuts = set(nx.articulation_points(graph))
    for actor, row in table.iterrows():
        mine = set(graph[actor])
        assert row["groups"] == len(mine) and row["pairs"] == math.comb(len(mine), 2)
        others = [set(graph[other]) for other in actors if other != actor]
        alone = [pair for pair in combinations(mine, 2) if not any(set(pair) <= sits for sits in others)]
        assert row["pairs_alone"] == len(alone)
        without = graph.copy()
        without.remove_node(actor)
        assert row["parts"] == sum(bool(part & mine) for part in nx.connected_components(without))
        assert (row["parts"] > 1) == (actor in cuts)
        assert row["group_ids"].split(";") == [group for group in groups if group in mine]


def test_nothing() -> None:
    for source in (
        bodies(groups=None, memberships=None, meetings=None),
        nx.Graph(),
        bodies(memberships=None),
    ):
        assert bridging_actors(source).columns.tolist() == BRIDGES and bridging_actors(source).empty
        assert co_membership(source).columns.tolist() == CO_MEMBERSHIP_COLUMNS and co_membership(source).empty
        assert group_overlap(source).columns.tolist() == OVERLAP
        assert group_overlap(source)["shared"].sum() == 0


@pytest.mark.parametrize("function", [group_overlap, co_membership, bridging_actors])
def test_a_graph_made_of_a_filiere_is_read_back(function: Any) -> None:
    pd.testing.assert_frame_equal(function(to_networkx(bodies())), function(bodies()))


@pytest.mark.parametrize("kind", [nx.DiGraph, nx.MultiGraph, nx.MultiDiGraph])
def test_kinds_of_graphs_say_the_same(kind: type[nx.Graph]) -> None:
    graph, plain = random_two_modes(3, kind), random_two_modes(3)
    for function in (group_overlap, co_membership, bridging_actors):
        pd.testing.assert_frame_equal(function(graph), function(plain))
