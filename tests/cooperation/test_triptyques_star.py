"""A star around the animating body: its shape, its share, and who is to be introduced to whom."""

from __future__ import annotations

import math

import networkx as nx
import numpy as np
import pandas as pd
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from chaine_valeur import Filiere
from chaine_valeur.analysis.cooperation.triptyques import star
from chaine_valeur.analysis.cooperation.triptyques.pairs import (
    common_partners,
    documented,
    first_pair,
    introducers,
    missing_pairs,
)
from chaine_valeur.analysis.cooperation.triptyques.star import (
    animation_share,
    animation_share_measure,
    animation_star,
)
from chaine_valeur.errors import UnknownNameError
from chaine_valeur.network import Ties
from tests.cooperation.random_ties import completions, layers, unknown_pairs

COLUMNS = ["pole", "ties", "ties_share", "ties_without", "poles_tied", "open_centre", "open_share", "to_ask",
           "closed", "closed_without"]  # fmt: skip


def test_by_hand(hand: Filiere) -> None:
    """Mairie and Agglo are the territorial bodies. Six ties: Mairie has three, Agglo two."""
    found = animation_star(hand)
    assert found.columns.tolist() == COLUMNS
    assert found.index.tolist() == ["mairie", "agglo"] and found.index.name == "actor_id"
    assert found["pole"].tolist() == ["elected", "elected"]
    assert found["ties"].tolist() == [3, 2] and found["ties_without"].tolist() == [3, 4]
    assert found["ties_share"].tolist() == [3 / 6, 2 / 6]
    # Mairie: its own, enterprises, ESS; so has Agglo (Atelier, Ressourcerie)
    assert found["poles_tied"].tolist() == [3, 3]
    # Atelier – Relais through Mairie, known untied; Atelier – Ressourcerie through Agglo, undocumented
    assert found["open_centre"].tolist() == [1, 1] and found["open_share"].tolist() == [0.5, 0.5]
    assert found["to_ask"].tolist() == [0, 1]
    assert found["closed"].tolist() == [1, 0] and found["closed_without"].tolist() == [0, 1]


def test_share_by_hand(hand: Filiere) -> None:
    measure = animation_share_measure(hand, lang="en")
    # Mairie was asked: its ties are known. 7 undocumented pairs among the others: 3 of 6 + 7 at least
    assert (measure.value, measure.low, measure.high) == (0.5, 3 / 13, 0.5)
    assert (measure.numerator, measure.denominator, measure.n_unknown) == (3, 6, 7)
    assert measure.note == "Mairie: 3 of 6 known ties" and measure.unit == "share"
    assert animation_share(hand) == 0.5
    # of Agglo, who was not asked: Filature and Labo are undocumented (rows speak of Atelier and Ressourcerie)
    agglo = animation_share_measure(hand, hub="agglo")
    assert (agglo.value, agglo.low, agglo.high) == (2 / 6, 2 / 11, 4 / 8)
    assert "c6" in measure.rows["cooperations"] and measure.rows["actors"] == ("mairie", "relais")
    assert 0 < measure.hypothesis_share < 1
    # without Atelier and the other, three ties are left, Filature – Relais without Mairie
    assert animation_share(hand, actors=["filature", "mairie", "relais"]) == pytest.approx(2 / 3)
    # the only funding is that of Agglo; the only support goes between Mairie and Relais
    assert animation_share(hand, kind="funding") == 1.0
    assert animation_share(hand, kind="support", hub="agglo") == 0.0


def test_in_a_graph() -> None:
    graph = nx.star_graph(4)
    graph.add_edge(1, 1)
    nx.set_node_attributes(
        graph, {0: "elected", 1: "enterprise", 2: "enterprise", 3: "ess", 4: "other"}, "pole"
    )
    every = animation_star(graph)
    assert every.index.tolist() == [0, 1, 2, 3, 4]  # most ties first, then in their order
    assert every.loc[0].tolist() == ["elected", 4, 1.0, 0, 3, 2, 1.0, 0, 0, 0]
    assert every.loc[4, "poles_tied"] == 1 and pd.isna(every.loc[4, "pole"])
    assert animation_star(graph, hub=[3, 0]).index.tolist() == [0, 3]
    assert animation_share(graph) == 1.0 and animation_share(graph, hub=1) == 0.25
    assert animation_share_measure(graph, hub=1).low == 0.25  # everything is documented
    with pytest.raises(UnknownNameError, match="no actor 9 who could cooperate"):
        animation_star(graph, hub=9)
    tuples = nx.relabel_nodes(graph, {node: (node, "x") for node in graph})
    assert animation_share(tuples, hub=(1, "x")) == 0.25


def test_undefined_is_told() -> None:
    names = ["A", "B", "C"]
    nobody = Filiere.from_tables(actors={"name": names, "roles": ["buyer"] * 3})
    measure = animation_share_measure(nobody, lang="en")
    assert math.isnan(measure.value) and math.isnan(animation_share(nobody))
    assert measure.note == "no animating or territorial body among the actors"
    assert animation_star(nobody).empty and animation_star(nobody).columns.tolist() == COLUMNS
    untied = Filiere.from_tables(actors={"name": names, "roles": ["animator", "buyer", "buyer"]})
    measure = animation_share_measure(untied, lang="en")
    # only pairs of others may turn out tied, or only those of the hub
    assert math.isnan(measure.value) and (measure.low, measure.high) == (0, 1)
    assert measure.note == "no known tie" and measure.n_unknown == 3
    found = animation_star(untied)
    assert found["ties_share"].isna().all() and found["open_share"].isna().all()
    alone = nx.empty_graph(1)
    nx.set_node_attributes(alone, "ess", "pole")
    assert math.isnan(animation_share(alone)) and math.isnan(animation_share_measure(alone).low)


@given(layers(directed=False), st.integers(0, 4))
@settings(max_examples=40)
def test_share_holds_for_every_completion(ties: Ties, chosen: int) -> None:
    if not ties.size or len(unknown_pairs(ties)) > 6:
        return
    hub = chosen % ties.size
    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(star, "ties_of", lambda *_, **__: ties)
        measure = star._share_of(nx.empty_graph(ties.size), [hub], None, None, "en")[0]
    found = [
        graph.degree(hub) / graph.number_of_edges() for graph in completions(ties) if graph.number_of_edges()
    ]
    if not found:
        assert math.isnan(measure.value) and math.isnan(measure.low) and math.isnan(measure.high)
        return
    assert measure.low == pytest.approx(min(found))
    assert measure.high == pytest.approx(max(found))
    if len(ties.a):
        assert measure.low <= measure.value <= measure.high


def test_who_could_introduce_them(hand: Filiere) -> None:
    assert introducers(hand, "atelier", "relais").tolist() == ["mairie"]
    assert introducers(hand, "labo", "relais").tolist() == []
    assert introducers(hand, "filature", "relais", kind="support").tolist() == []
    assert introducers(hand, "agglo", "mairie", actors=["agglo", "mairie", "atelier"]).tolist() == ["atelier"]
    with pytest.raises(UnknownNameError, match="menages"):
        introducers(hand, "menages", "relais")


@pytest.mark.parametrize("seed", range(4))
def test_first_pair_against_a_loop(seed: int) -> None:
    graph = nx.gnp_random_graph(20, 0.15, seed=seed)
    ties = star.ties_of(graph)
    rng = np.random.default_rng(seed)
    rows = np.sort(rng.choice(20, 6, replace=False))
    others = np.setdiff1d(np.arange(20), rows)[:8]
    for columns in (others, rows):
        untied = [(a, b) for a in rows for b in columns if a != b and not graph.has_edge(a, b)]
        shared = {(a, b): len(list(nx.common_neighbors(graph, a, b))) for a, b in untied}
        found = first_pair(ties, rows, columns)
        assert found is not None and found in shared
        assert shared[found] == max(shared.values())
        assert common_partners(ties, *found).tolist() == sorted(nx.common_neighbors(graph, *found))


def test_first_pair_without_a_common_partner() -> None:
    graph = nx.Graph([(0, 1), (2, 3), (2, 4)])
    graph.add_node(5)
    ties = star.ties_of(graph)
    # 5 and 0 have as few ties as it gets into {1, 2}, 5 none: it meets 2, which has most ties
    assert first_pair(ties, np.array([0, 5]), np.array([1, 2])) == (5, 2)
    assert first_pair(ties, np.array([0]), np.array([1])) is None  # already tied
    assert first_pair(ties, np.array([0]), np.array([0])) is None  # not to oneself
    nobody = np.zeros(0, dtype=np.int64)
    assert first_pair(ties, nobody, np.array([1])) is None
    assert first_pair(ties, np.array([1]), nobody) is None


def test_documented_pairs(hand: Filiere) -> None:
    ties = star.ties_of(hand)
    names = ["filature", "atelier", "mairie", "agglo", "relais", "ressourcerie", "labo"]
    first = ties.nodes.get_indexer(["filature", "atelier", "agglo", "labo"])
    second = ties.nodes.get_indexer(["atelier", "relais", "filature", "filature"])
    assert ties.nodes.tolist() == names
    # a row denies the first; Relais was asked; nobody knows of the last two
    assert documented(ties, first, second).tolist() == [True, True, False, False]


def test_missing_pairs_of_some_actors_and_kinds(hand: Filiere) -> None:
    every = missing_pairs(hand)
    assert every[["actor_id", "to_actor_id", "closes"]].values.tolist() == [
        ["atelier", "relais", 1],
        ["atelier", "ressourcerie", 1],
    ]
    without = missing_pairs(hand, actors=[name for name in hand.actors.index[:7] if name != "agglo"])
    assert without["to_actor_id"].tolist() == ["relais"]
    # without the information that they exchange, Filature and Relais have Mairie in common
    some = missing_pairs(hand, kind=["joint_project", "support"])
    assert some[["actor_id", "to_actor_id"]].values.tolist() == [["filature", "relais"]]
    assert missing_pairs(hand, limit=1).equals(every.head(1))
