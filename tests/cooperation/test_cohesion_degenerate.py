"""Empty, alone, with oneself, in parts, too many: NaN with the reason, never 0."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import networkx as nx
import numpy as np
import pandas as pd
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from chaine_valeur.analysis.cooperation.cohesion import centralization as centralization_module
from chaine_valeur.analysis.cooperation.cohesion import connectedness as connectedness_module
from chaine_valeur.analysis.cooperation.cohesion import paths as paths_module
from chaine_valeur.analysis.cooperation.cohesion.centralization import MODES, centralization_measure
from chaine_valeur.analysis.cooperation.cohesion.components import components, number_of_components
from chaine_valeur.analysis.cooperation.cohesion.connectedness import connectedness, connectedness_measure
from chaine_valeur.analysis.cooperation.cohesion.densities import average_degree, density, density_measure
from chaine_valeur.analysis.cooperation.cohesion.paths import average_distance_measure
from chaine_valeur.analysis.cooperation.cohesion.reciprocity import dyad_share, reciprocity
from chaine_valeur.analysis.cooperation.cohesion.table import FIGURES, cohesion_table
from chaine_valeur.analysis.cooperation.cohesion.valued import (
    mean_tie_strength_measure,
    valued_average_degree,
    valued_density_measure,
)
from chaine_valeur.filiere import Filiere


def of_actors(*names: str) -> Filiere:
    return Filiere.from_tables(actors={"name": list(names)})


@pytest.mark.parametrize("graph", [nx.Graph(), nx.DiGraph()])
def test_nobody(graph: nx.Graph) -> None:
    table = cohesion_table(graph, lang="en")
    assert list(table.index) == list(FIGURES)
    numbers = ["ties", "components", "largest_component"]
    assert table.loc[numbers, "value"].tolist() == [0, 0, 0]
    rest = table.drop(index=numbers)
    assert rest["value"].isna().all() and (rest["note"] != "").all()
    assert components(graph).empty and components(graph).index.name == "actor_id"


@pytest.mark.parametrize("source", [nx.Graph([("a", "a")]), nx.DiGraph([("a", "a")]), of_actors("Relais")])
def test_one_actor_tied_to_itself_or_not(source: Any) -> None:
    table = cohesion_table(source, lang="en")
    numbers = {"ties": 0, "average_degree": 0, "components": 1, "largest_component": 1}
    assert table.loc[list(numbers), "value"].to_dict() == numbers
    rest = table.drop(index=list(numbers))
    assert rest["value"].isna().all() and (rest["note"] != "").all()


def test_nobody_knows_anything() -> None:
    table = cohesion_table(of_actors("Relais", "Filature", "Mairie"), lang="en")
    assert table["value"].isna().all()
    assert (table["note"] != "").all()
    assert table.loc["ties", ["low", "high"]].tolist() == [0, 3]
    assert table.loc["largest_component", ["low", "high"]].tolist() == [1, 3]


def test_no_tie_among_those_who_were_asked() -> None:
    table = cohesion_table(nx.empty_graph(4), lang="en")
    zero = ["ties", "density", "average_degree", "degree_centralization", "connectedness", "compactness"]
    assert (table.loc[zero, "value"] == 0).all()
    assert (table.loc[["component_ratio", "fragmentation"], "value"] == 1).all()
    assert table.loc["components", "value"] == 4
    undefined = ["transitivity", "average_distance", "diameter", "mutuals", "in_centralization"]
    assert table.loc[undefined, "value"].isna().all()
    assert table.loc["transitivity", "note"] == "no actor stands between two others"
    assert table.loc["diameter", "note"] == "no two actors are linked"
    assert table.loc["mutuals", "note"] == "these ties have no direction"


def test_parallel_ties_and_ties_with_oneself_count_once_and_not_at_all() -> None:
    many = nx.MultiGraph([("a", "b"), ("b", "a"), ("a", "a"), ("b", "c")])
    once = nx.Graph([("a", "b"), ("b", "c")])
    pd.testing.assert_frame_equal(cohesion_table(many), cohesion_table(once))
    arcs = nx.MultiDiGraph([("a", "b"), ("a", "b"), ("b", "b"), ("b", "c"), ("b", "a")])
    simple = nx.DiGraph([("a", "b"), ("b", "c"), ("b", "a")])
    pd.testing.assert_frame_equal(cohesion_table(arcs), cohesion_table(simple))


def test_two_components() -> None:
    graph = nx.Graph([("a", "b"), ("c", "d"), ("d", "e"), ("e", "c")])
    assert components(graph).to_dict() == {"a": 2, "b": 2, "c": 1, "d": 1, "e": 1}
    table = cohesion_table(graph)["value"]
    # 2 × 1 + 3 × 2 of 20 ordered pairs, all at one step
    assert (table["connectedness"], table["average_distance"], table["compactness"]) == (0.4, 1, 0.4)
    assert (table["transitivity"], table["diameter"]) == (1, 1)


@pytest.mark.parametrize("mode", MODES)
def test_too_few_for_a_centralisation(mode: str) -> None:
    arcs = mode in ("in", "out")
    graph = nx.DiGraph([("a", "b")]) if arcs else nx.Graph([("a", "b")])
    measure = centralization_measure(graph.subgraph(["a"]) if arcs else graph, mode=mode, lang="en")
    assert np.isnan(measure.value)
    assert measure.note == "too few actors for a centralisation"


@pytest.mark.parametrize("mode", ["degree", "closeness", "betweenness"])
def test_a_star_and_a_circle(mode: str) -> None:
    assert centralization_measure(nx.star_graph(6), mode=mode).value == pytest.approx(1)
    assert centralization_measure(nx.cycle_graph(6), mode=mode).value == pytest.approx(0)


def test_a_directed_star_of_betweenness() -> None:
    star = nx.star_graph(5).to_directed()
    measure = centralization_measure(star, mode="betweenness")
    assert (measure.value, measure.denominator) == (1, 25 * 4)
    assert centralization_measure(star, mode="betweenness", directed=False).denominator == 25 * 4 / 2


def test_beyond_what_is_searched(monkeypatch: pytest.MonkeyPatch) -> None:
    for module in (paths_module, connectedness_module, centralization_module):
        monkeypatch.setattr(module, "MOST_FOR_DISTANCES", 3)
    monkeypatch.setattr(centralization_module, "MOST_FOR_BETWEENNESS", 3)
    why = "4 actors: beyond 3, shortest paths are not looked for"
    line = nx.path_graph(4)
    for measure in (
        average_distance_measure(line, lang="en"),
        centralization_measure(line, mode="closeness", lang="en"),
        centralization_measure(line, mode="betweenness", lang="en"),
        connectedness_measure(nx.path_graph(4, create_using=nx.DiGraph), lang="en"),
    ):
        assert np.isnan([measure.value, measure.low, measure.high]).all()
        assert measure.note == why
    # what needs no path is given all the same, and undirected connectedness takes any size
    table = cohesion_table(line)["value"]
    assert table[["average_distance", "diameter", "compactness"]].isna().all()
    assert (table["connectedness"], table["density"]) == (1, 0.5)
    # one strong component: nobody is searched from
    assert connectedness(nx.cycle_graph(4, create_using=nx.DiGraph)) == 1


@pytest.mark.parametrize(
    ("call", "word"),
    [
        (lambda graph: centralization_measure(graph, mode="eigenvector"), "closeness"),
        (lambda graph: centralization_measure(graph, mode="in"), "directed graph"),
        (lambda graph: centralization_measure(graph, directed=True), "leave directed= out"),
        (lambda graph: components(graph, connection="both"), "strong, weak"),
        (lambda graph: connectedness(graph, following="both"), "directed, weak"),
        (lambda graph: reciprocity(graph, by="pair"), "arc, dyad"),
        (lambda graph: dyad_share(graph, state="tied"), "mutual, asymmetric, null"),
        (lambda graph: density(graph, year=2022), "a graph has no years"),
    ],
)
def test_what_cannot_be_asked(call: Callable[[nx.Graph], object], word: str) -> None:
    with pytest.raises(ValueError, match=word):
        call(nx.path_graph(3))


def test_an_unknown_actor() -> None:
    with pytest.raises(KeyError, match="no actor 'd'"):
        average_degree(nx.Graph([("a", "b")]), actors=["a", "d"])
    with pytest.raises(TypeError, match="give a list"):
        density(nx.Graph([("a", "b")]), actors="a")
    note = density_measure(nx.Graph([("a", "b")]), actors=["a"], lang="en").note
    assert note == "fewer than two actors who could cooperate"
    assert np.isnan(density(nx.Graph([("a", "b")]), actors=[]))


def test_strengths_that_a_graph_does_not_state() -> None:
    graph = nx.Graph([("a", "b", {"weight": 3}), ("b", "c")])
    measure = valued_density_measure(graph, lang="en")
    assert measure.value == 1 and np.isnan([measure.low, measure.high]).all()
    assert (measure.n_unknown, measure.note) == (1, "strength stated of 1 of the 2 ties")
    strength = mean_tie_strength_measure(graph)
    assert strength.value == 3 and np.isnan([strength.low, strength.high]).all()
    without = nx.Graph([("a", "b")])
    assert np.isnan([valued_average_degree(without), mean_tie_strength_measure(without).value]).all()
    note = valued_density_measure(without, lang="en").note
    assert note == "the strength of the only tie is not stated"
    none = mean_tie_strength_measure(nx.empty_graph(3), lang="en")
    assert np.isnan(none.value) and none.note == "no known tie"
    assert valued_density_measure(nx.empty_graph(3)).value == 0


@given(st.integers(0, 2**16), st.booleans())
@settings(max_examples=25, deadline=None)
def test_new_names_change_nothing(seed: int, directed: bool) -> None:
    graph = nx.gnp_random_graph(9, 0.25, seed=seed, directed=directed)
    renamed = nx.relabel_nodes(graph, {node: f"n{node}" for node in graph})
    pd.testing.assert_frame_equal(cohesion_table(graph), cohesion_table(renamed))
    shuffled: nx.Graph = graph.__class__()
    shuffled.add_nodes_from(reversed(list(graph)))
    shuffled.add_edges_from(reversed(list(graph.edges())))
    table, again = cohesion_table(graph), cohesion_table(shuffled)
    np.testing.assert_allclose(table["value"], again["value"], rtol=1e-12)
    numbers = components(graph).value_counts().sort_index().tolist()
    assert components(shuffled).value_counts().sort_index().tolist() == numbers
    assert number_of_components(graph) == len(numbers)
    shares = [
        "density",
        "component_ratio",
        "connectedness",
        "transitivity",
        "compactness",
        "mutuals",
        "nulls",
    ]
    assert table.loc[shares, "value"].dropna().between(0, 1).all()


def test_the_graph_is_left_as_it_was() -> None:
    graph = nx.gnp_random_graph(8, 0.3, seed=1, directed=True)
    before = graph.copy()
    cohesion_table(graph)
    centralization_measure(graph, mode="betweenness")
    assert nx.utils.graphs_equal(graph, before)
