"""What remains without an actor: by hand, against removing it, within every completion."""

from __future__ import annotations

import math

import networkx as nx
import numpy as np
import pandas as pd
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from chaine_valeur.analysis.cooperation.change.remains import REMAINING, remains_of
from chaine_valeur.analysis.cooperation.change.without_actor import (
    animating_body,
    remaining,
    remaining_measure,
    without_actor,
)
from chaine_valeur.analysis.cooperation.change.without_each import without_each
from chaine_valeur.analysis.cooperation.ties.layer import ties_of
from chaine_valeur.errors import ArgumentError, UnknownNameError
from chaine_valeur.filiere import Filiere
from chaine_valeur.kernels import separations
from chaine_valeur.network import Ties
from tests.cooperation.campnet import campnet
from tests.cooperation.hand import IDS, by_hand, nobody_asked
from tests.cooperation.random_ties import closed_by_hand, completions, layers

COLUMNS = ["label", "with_actor", "without_actor", "remains", "low", "high", "note"]


@pytest.fixture(scope="module")
def hand() -> Filiere:
    return by_hand()


def test_the_animating_body(hand: Filiere) -> None:
    assert animating_body(hand) == "mairie"  # three ties; Agglo, who animates, has two
    assert animating_body(hand, kind="funding") == "agglo"
    assert animating_body(Filiere.from_tables(actors={"name": ["A"], "roles": ["buyer"]})) is None
    with pytest.raises(ArgumentError, match="actor="):
        animating_body(nx.path_graph(3))


def test_by_hand(hand: Filiere) -> None:
    """Filature–Mairie, Mairie–Relais, Filature–Relais, Atelier–Mairie, Atelier–Agglo, Agglo–Ressourcerie."""
    found = without_actor(hand, lang="en")
    assert list(found.columns) == COLUMNS
    assert found.index.name == "measure" and list(found.index) == list(REMAINING)
    before = [6, 6 / 21, 6, 2, 1, 15, 10]
    # left: Filature–Relais; Atelier–Agglo–Ressourcerie; Labo alone
    after = [3, 3 / 15, 3, 3, 0, 1 + 3, 1 + 3]
    np.testing.assert_allclose(found["with_actor"], before)
    np.testing.assert_allclose(found["without_actor"], after)
    np.testing.assert_allclose(found["remains"], [1 / 2, 7 / 10, 1 / 2, 2 / 3, 0, 4 / 15, 4 / 10])
    assert found["note"].tolist() == [""] * 7
    # Mairie was asked: of the 7 undocumented pairs none is its own
    assert found.loc["ties", ["low", "high"]].tolist() == [1 / 2, pytest.approx(10 / 13)]
    assert found.loc["density", ["low", "high"]].tolist() == [pytest.approx(7 / 10), pytest.approx(14 / 13)]
    # all tied: with it and without it, everyone left is linked but Relais, asked, who has Filature
    assert found.loc["reachable_pairs", "high"] == pytest.approx(15 / (15 + 5))
    assert found.loc["reachable_pairs", "low"] == pytest.approx(4 / 21)
    assert found.loc["largest_component", "low"] == pytest.approx(3 / 7)
    assert (found["low"] <= found["remains"]).all() and (found["remains"] <= found["high"]).all()


def test_of_another_actor_and_some_ties(hand: Filiere) -> None:
    assert remaining(hand, actor="labo") == 1  # it links nobody
    assert remaining(hand, of="density", actor="labo") == pytest.approx((6 / 15) / (6 / 21))  # more than 1
    assert remaining(hand, of="triptyques", actor="ressourcerie") == 1
    assert remaining(hand, of="ties", kind="support", actor="relais") == 0
    assert remaining(hand, actors=["mairie", "filature", "relais"]) == pytest.approx(1 / 3)
    assert remaining(hand, year=2014) == pytest.approx(remaining(hand.at(2014)))  # Labo–Filature still there


def test_the_measure(hand: Filiere) -> None:
    found = remaining_measure(hand)
    assert (found.numerator, found.denominator, found.n_unknown) == (4, 15, 7)
    assert found.note == "sans Mairie\u00a0: 4, avec\u00a0: 15"
    assert found.rows["actors"] == ("mairie", "relais")
    assert len(found.rows["cooperations"]) == 10
    fragments = remaining_measure(hand, of="components", lang="en")
    assert (fragments.value, fragments.numerator, fragments.denominator) == (pytest.approx(2 / 3), 2, 3)
    assert fragments.note == "without Mairie: 3, with: 2"


def test_no_figure_with_its_reason(hand: Filiere) -> None:
    nobody = Filiere.from_tables(actors={"name": ["A", "B"], "roles": ["buyer", "buyer"]})
    found = remaining_measure(nobody)
    assert math.isnan(found.value)
    assert found.note == "pas d’animateur ni d’acteur territorial parmi les partenaires"
    with pytest.raises(ArgumentError, match="name the actor"):
        without_actor(nobody)
    silent = nobody_asked()
    found = remaining_measure(silent, lang="en")
    assert math.isnan(found.value) and (found.low, found.high) == (0, 1)
    assert found.note == "no cooperation known with it"
    assert remaining_measure(silent, of="triptyques", lang="en").note == "no closed triptyque known with it"
    elsewhere = remaining_measure(hand, actors=["filature", "relais"], lang="en")
    assert elsewhere.note == "no animator or territorial actor among the partners"
    with pytest.raises(UnknownNameError, match="mairie"):
        without_actor(hand, actor="mairi")
    with pytest.raises(UnknownNameError, match="could cooperate"):
        without_actor(hand, actor="menages")  # a diffuse actor is no partner
    with pytest.raises(UnknownNameError, match="ties"):
        remaining(hand, of="tie")
    with pytest.raises(ArgumentError, match="actor="):
        without_actor(nx.path_graph(3))


def test_small_graphs() -> None:
    alone = without_actor(nx.empty_graph(1), actor=0)
    assert alone["remains"].isna().sum() == 6 and alone.loc["largest_component", "remains"] == 0
    pair = without_actor(nx.MultiGraph([(0, 1), (1, 0), (0, 0)]), actor=0, lang="en")
    assert pair.loc["ties", ["with_actor", "without_actor", "remains"]].tolist() == [1, 0, 0]
    assert math.isnan(pair.loc["density", "remains"])  # one actor left: no pair is possible
    assert math.isnan(pair.loc["triptyques", "with_actor"])  # no node has a pole
    assert pair.loc["triptyques", "note"] == "no closed triptyque known with it"
    star = without_actor(nx.star_graph(4), actor=0)
    assert star.loc["components", ["with_actor", "without_actor", "remains"]].tolist() == [1, 4, 0.25]
    two = nx.disjoint_union(nx.path_graph(3), nx.path_graph(2))
    assert remaining(two, actor=1) == pytest.approx(1 / 4)
    assert remaining(two, of="components", actor=1) == pytest.approx(2 / 3)
    assert remaining(two, of="largest_component", actor=1) == pytest.approx(2 / 3)


def brute(graph: nx.Graph, pole: dict[int, int], actor: int) -> dict[str, float]:
    """Return what remains, from the graph and the graph without the actor."""
    rest = graph.subgraph([node for node in graph if node != actor])
    others = [set(part) - {actor} for part in nx.connected_components(graph)]
    others = [part for part in others if part]

    def reach(parts: list[set[int]]) -> int:
        return sum(len(part) * (len(part) - 1) // 2 for part in parts)

    whole, left = list(nx.connected_components(graph)), list(nx.connected_components(rest))
    kept = {name: code for name, code in pole.items() if name != actor}
    return {
        name: after / before if before else math.nan
        for name, after, before in [
            ("ties", rest.size(), graph.size()),
            ("density", nx.density(rest), nx.density(graph)),
            ("largest_component", max(map(len, left), default=0), max(map(len, whole))),
            ("components", len(others), len(left)),
            ("triptyques", closed_by_hand(rest, kept)[0], closed_by_hand(graph, pole)[0]),
            ("reachable_pairs", reach(left), reach(whole)),
            ("reachable_pairs_of_others", reach(left), reach(others)),
        ]
    }


@given(layers(directed=False, most=5), st.lists(st.integers(0, 3), min_size=5, max_size=5), st.integers(0, 4))
@settings(max_examples=40)
def test_bounds_hold_every_completion(ties: Ties, codes: list[int], actor: int) -> None:
    """A filière of these ties: who was asked, what rows say, and any answer to the rest."""
    if ties.size <= max(actor, 2):
        return
    pole = dict(enumerate(codes[: ties.size]))
    found = remains_of(ties, actor, np.array([code if code < 3 else -1 for code in pole.values()], np.int32))
    for number, complete in enumerate(completions(ties)):
        expected = brute(complete, pole, actor)
        for name, one in found.items():
            if number == 0:  # nothing of the unknown is tied
                assert one.share == pytest.approx(expected[name], nan_ok=True)
            if not math.isnan(expected[name]):
                assert one.low - 1e-12 <= expected[name] <= one.high + 1e-12, name


@given(st.integers(1, 14), st.floats(0, 0.6), st.integers(0, 10_000))
@settings(max_examples=40)
def test_each_actor_taken_away_in_turn(size: int, share: float, seed: int) -> None:
    graph = nx.gnp_random_graph(size, share, seed=seed)
    pole = {node: node % 4 for node in graph}
    nx.set_node_attributes(graph, pole, "pole")
    found = without_each(graph, poles=(0, 1, 2))
    assert found.index.name == "actor_id" and found.index.tolist() == list(graph)
    assert (found["confidentiality"] == "internal").all()
    for actor in graph:
        row, expected = found.loc[actor], brute(graph, pole, actor)
        for name in ("ties", "density", "triptyques", "reachable_pairs", "reachable_pairs_of_others"):
            column = f"{name}_remains" if name == "density" else f"{name}_remain"
            if name == "density" and size == 2:
                assert math.isnan(row[column])  # one actor left
            else:
                assert row[column] == pytest.approx(expected[name], nan_ok=True), name
        assert row["largest_component_remains"] == pytest.approx(expected["largest_component"])
        home = nx.node_connected_component(graph, actor) - {actor}
        assert row["parts"] == nx.number_connected_components(graph.subgraph(home))
    cut = set(found.index[found["parts"] > 1])
    assert cut == set(nx.articulation_points(graph))


@pytest.mark.parametrize(
    "graph",
    [
        nx.path_graph(40),
        nx.star_graph(30),
        nx.barbell_graph(5, 3),
        nx.cycle_graph(9),
        nx.balanced_tree(3, 3),
        nx.lollipop_graph(4, 5),
        nx.disjoint_union(nx.complete_graph(4), nx.star_graph(3)),
        nx.windmill_graph(4, 3),
        nx.grid_2d_graph(4, 5),
    ],
)
def test_cutpoints_of_known_shapes(graph: nx.Graph) -> None:
    cuts = separations(ties_of(graph).graph)
    nodes = list(graph)
    for place, node in enumerate(nodes):
        home = nx.node_connected_component(graph, node) - {node}
        parts = [len(part) for part in nx.connected_components(graph.subgraph(home))]
        assert cuts.parts[place] == len(parts)
        assert cuts.largest[place] == max(parts, default=0)
        assert cuts.pairs[place] == sum(part * (part - 1) // 2 for part in parts)


def test_it_agrees_with_one_actor(hand: Filiere) -> None:
    found = without_each(hand)
    assert found.index.tolist() == IDS[:7]
    for actor in ("mairie", "agglo", "labo"):
        one = without_actor(hand, actor=actor)["remains"]
        assert found.loc[actor, "ties_remain"] == one["ties"]
        assert found.loc[actor, "reachable_pairs_remain"] == pytest.approx(one["reachable_pairs"])
        assert found.loc[actor, "triptyques_remain"] == one["triptyques"]
    assert found["parts"].tolist() == [1, 2, 2, 2, 1, 1, 0]
    camp = without_each(campnet())
    assert camp["parts"].tolist() == [1] * 18  # nobody holds the camp together alone
    assert without_each(nx.Graph()).empty


def test_many_actors() -> None:
    """A star of fifty thousand, and as many ties between its leaves: no loop over actors, no product of a hub."""
    size = 50_000
    rng = np.random.default_rng(0)
    a, b = rng.integers(1, size, (2, size))
    ends = np.unique(np.sort(np.stack([a[a != b], b[a != b]]), axis=0), axis=1).astype(np.int32)
    hub = np.stack([np.zeros(size - 1, np.int32), np.arange(1, size, dtype=np.int32)])
    a, b = np.concatenate([hub, ends], axis=1)
    none = np.zeros(0, np.int32)
    ties = Ties(pd.RangeIndex(size), a, b, none, none, np.ones(size, bool), False)
    cuts = separations(ties.graph)
    lonely = int((np.bincount(ends.ravel(), minlength=size)[1:] == 0).sum())
    assert cuts.parts[0] > lonely > 0 and (cuts.parts[1:] == 1).all()
    assert cuts.largest[0] < size - lonely


def test_a_single_file_of_many_actors() -> None:
    size = 70_000  # of which the pairs are more than 32 bits hold
    found = without_each(nx.path_graph(size))
    assert found["parts"].tolist() == [1, *[2] * (size - 2), 1]
    pairs = size * (size - 1) // 2
    left = (size - 1) * (size - 2) // 2  # without an end, the others are still in one file
    assert found["reachable_pairs_remain"].iloc[0] == pytest.approx(left / pairs)
    assert found["reachable_pairs_of_others_remain"].iloc[[0, -1]].tolist() == [1.0, 1.0]
    middle = size // 2  # the two halves that are left: `middle` actors before it, one less behind
    halves = middle * (middle - 1) // 2 + (size - middle - 1) * (size - middle - 2) // 2
    assert found["reachable_pairs_remain"].iloc[middle] == pytest.approx(halves / pairs)
    assert found["largest_component_remains"].iloc[middle] == pytest.approx(middle / size)
