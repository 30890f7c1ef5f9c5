"""How strong a tie is, and layers of some of the actors only."""

from __future__ import annotations

import networkx as nx
import numpy as np
import pytest

from chaine_valeur import Filiere
from chaine_valeur.analysis.cooperation.ties.counting import count_pairs
from chaine_valeur.analysis.cooperation.ties.layer import ties_of
from chaine_valeur.analysis.cooperation.ties.rows import documented_by
from chaine_valeur.analysis.cooperation.ties.strength import SCALE, strengths
from chaine_valeur.errors import UnknownNameError
from chaine_valeur.vocabulary import Intensity

ROWS = [
    # first, second, kind, intensity, state
    ("A", "B", "support", "information", "observed"),
    ("B", "A", "research", "agreement", "observed"),
    ("A", "C", "support", None, "observed"),
    ("C", "D", "support", "contract", "observed"),
    ("D", "A", "training", "contract", "absent"),
]
FIELDS = ["actor_id", "to_actor_id", "kind", "intensity", "state"]


@pytest.fixture(scope="module")
def f() -> Filiere:
    return Filiere.from_tables(
        actors={"actor_id": list("ABCD"), "name": list("ABCD")},
        cooperations={field: [row[place] for row in ROWS] for place, field in enumerate(FIELDS)},
    )


def by_pair(f: Filiere, *, directed: bool, kind: str | None = None) -> dict[tuple[str, str], float]:
    ties = ties_of(f, directed=directed, kind=kind)
    values = strengths(f, ties, kind=kind)
    return dict(zip(zip(ties.nodes[ties.a], ties.nodes[ties.b], strict=True), values.tolist(), strict=True))


def test_the_scale_follows_the_vocabulary() -> None:
    assert list(SCALE) == [term.value for term in Intensity]
    assert list(SCALE.values()) == [1, 2, 3, 4]


def test_the_strongest_of_parallel_ties_counts(f: Filiere) -> None:
    found = by_pair(f, directed=False)
    assert found == pytest.approx({("A", "B"): 3.0, ("A", "C"): np.nan, ("C", "D"): 4.0}, nan_ok=True)


def test_a_shared_tie_is_as_strong_both_ways(f: Filiere) -> None:
    # support A → B is information, 1; research between B and A is an agreement, 3, and goes both ways
    found = by_pair(f, directed=True)
    expected = {("A", "B"): 3.0, ("B", "A"): 3.0, ("A", "C"): np.nan, ("C", "D"): 4.0}
    assert found == pytest.approx(expected, nan_ok=True)


def test_of_one_kind(f: Filiere) -> None:
    assert by_pair(f, directed=False, kind="support")["A", "B"] == 1.0
    assert by_pair(f, directed=False, kind="research") == {("A", "B"): 3.0}


def test_of_some_of_the_actors(f: Filiere) -> None:
    ties = ties_of(f, actors=["C", "D"])
    assert (ties.nodes.tolist(), ties.a.tolist(), ties.b.tolist()) == (["C", "D"], [0], [1])
    assert strengths(f, ties).tolist() == [4.0]
    # the absence between D and A leaves with A
    assert len(ties.absent_a) == 0


def test_a_graph_may_name_the_attribute() -> None:
    graph = nx.MultiDiGraph()
    graph.add_edge("x", "y", weight=1, hours=10)
    graph.add_edge("x", "y", weight=5, hours=2)
    graph.add_edge("y", "z", weight=2)
    graph.add_edge("z", "z", weight=99)
    ties = ties_of(graph)
    assert strengths(graph, ties).tolist() == [5.0, 2.0]
    assert strengths(graph, ties, weight="hours").tolist() == pytest.approx([10.0, np.nan], nan_ok=True)
    assert strengths(graph.to_undirected(), ties_of(graph, directed=False)).tolist() == [5.0, 2.0]


def test_no_tie_has_no_strength() -> None:
    assert strengths(nx.empty_graph(3), ties_of(nx.empty_graph(3))).tolist() == []


@pytest.mark.parametrize("directed", [False, True])
def test_a_subset_is_the_subgraph(directed: bool) -> None:
    graph = nx.gnp_random_graph(12, 0.4, seed=3, directed=directed)
    some = [1, 3, 4, 8, 9, 11]
    ties, whole = ties_of(graph, actors=some), ties_of(graph.subgraph(some))
    order = [whole.nodes.get_loc(node) for node in ties.nodes]
    assert ties.nodes.tolist() == some
    np.testing.assert_array_equal(ties.matrix.toarray(), whole.matrix.toarray()[np.ix_(order, order)])
    assert count_pairs(ties).possible[0, 0] == count_pairs(whole).possible[0, 0]


def test_who_was_asked_follows_a_subset() -> None:
    f = Filiere.from_tables(
        actors={"actor_id": list("ABC"), "name": list("ABC"), "surveyed_on": ["2022-01-01", None, None]},
        cooperations={"actor_id": ["A", "B"], "to_actor_id": ["B", "C"], "kind": ["support", "support"]},
    )
    ties = ties_of(f, actors=["B", "C"])
    assert ties.asked.tolist() == [False, False]
    rows = documented_by(f, actors=["B", "C"])
    assert rows["actors"] == ()
    assert rows["cooperations"] == (f.cooperations.index[1],)


def test_an_actor_that_does_not_exist() -> None:
    graph = nx.path_graph(["Relais", "Filature"])
    with pytest.raises(UnknownNameError, match="did you mean: Relais"):
        ties_of(graph, actors=["Relai"])
    with pytest.raises(TypeError, match="give a list"):
        ties_of(graph, actors="Relais")
