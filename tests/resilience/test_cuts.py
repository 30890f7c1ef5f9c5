"""What buyers cannot do without: by hand, against removal one by one, and dominators against networkx."""

from __future__ import annotations

import networkx as nx
import numpy as np
import pandas as pd
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from chaine_valeur import Filiere
from chaine_valeur.analysis.resilience import cut_actors, cut_passages
from chaine_valeur.analysis.resilience._dominators import dominators
from chaine_valeur.analysis.resilience._supply import stages_of, supply_of
from chaine_valeur.analysis.resilience.cuts import PASSAGE_COLUMNS
from tests.resilience.hand import frames, hand, passing

Pairs = list[tuple[str | None, str | None]]


@st.composite
def exchanges(draw: st.DrawFn) -> Pairs:
    """Flows between suppliers, others and buyers, loops, imports and exports included."""
    names = ["s1", "s2", "x1", "x2", "x3", "b1", "b2", "b3"]
    end = st.sampled_from([*names, None])
    return draw(
        st.lists(st.tuples(end, end).filter(lambda pair: pair[0] != pair[1]), min_size=1, max_size=14)
    )


def supplied(
    pairs: Pairs, *, without: str | None = None, cut: tuple[str | None, str] | None = None
) -> set[str]:
    """Buyers that something reaches, by a search over the pairs: the referee. Origins are those of all pairs."""
    fed = {target for _, target in pairs if target}
    origins = {source for source, _ in pairs if source and (source[0] == "s" or source not in fed)}
    graph = nx.DiGraph()
    graph.add_node("outside")
    graph.add_edges_from(("outside", name) for name in origins)
    for source, target in pairs:
        if target and (source, target) != cut:
            graph.add_edge(source or "import", target)
    graph.add_edge("outside", "import")
    if without in graph:
        graph.remove_node(without)
    return {name for name in nx.descendants(graph, "outside") if name[0] == "b"} & fed


def test_by_hand() -> None:
    """Buyers: the market stages vente (atelier) and reemploi (boutique).

    The atelier is fed by the filature and the negoce: nobody cuts it off. The boutique by the trieur alone,
    which only the households feed.
    """
    found = cut_actors(hand())
    assert found.name == "buyers_cut"
    assert found.dtype == "Int64"
    assert found.to_dict() == {
        "menages": 1, "relais": 0, "trieur": 1, "filature": 0, "atelier": 0, "negoce": 0, "boutique": 0,
        "ancien": 0,
    }  # fmt: skip


def test_passages_by_hand() -> None:
    found = cut_passages(hand())
    assert found.columns.tolist() == PASSAGE_COLUMNS
    assert found[["source", "target", "buyers_cut", "n_flows", "n_unknown"]].values.tolist() == [
        ["menages", "trieur", 1, 1, 0],
        ["trieur", "boutique", 1, 1, 1],
    ]
    assert found["quantity_t_per_year"].tolist()[0] == 40
    assert np.isnan(found["quantity_t_per_year"].tolist()[1])


def test_without_the_other_supply_the_whole_chain_is_cut() -> None:
    """No import, no negoce: filature ← relais or trieur; both hang on the households."""
    flows = frames()["flows"]
    found = cut_actors(hand(flows=flows[~flows["flow_id"].isin(["f6", "f10"])]))
    assert found[["menages", "filature", "relais", "trieur"]].tolist() == [2, 1, 0, 1]


def test_parallel_flows_and_imports_are_passages() -> None:
    f = passing(
        (None, "x"),
        (None, "x"),
        ("x", "b1"),
        ("x", "b1"),
        ("x", "b2"),
        quantity_t_per_year=[1, 2, 3, None, 4],
    )
    assert cut_actors(f)["x"] == 2
    found = cut_passages(f)
    assert found["source"].isna().tolist() == [True, False, False]
    assert found[["target", "buyers_cut", "quantity_t_per_year", "n_flows", "n_unknown"]].values.tolist() == [
        ["x", 2, 3.0, 2, 0],
        ["b1", 1, 3.0, 2, 1],
        ["b2", 1, 4.0, 1, 0],
    ]


def test_a_second_way_makes_nobody_a_cut() -> None:
    f = passing(("s1", "x1"), ("s2", "x2"), ("x1", "b"), ("x2", "b"))
    assert cut_actors(f).sum() == 0
    assert cut_passages(f).empty
    assert cut_passages(f).columns.tolist() == PASSAGE_COLUMNS


def test_a_loop_supplies_nobody_by_itself() -> None:
    """x1 ⇄ x2, fed by s: taking s away leaves a loop that nothing enters."""
    f = passing(("s", "x1"), ("x1", "x2"), ("x2", "x1"), ("x2", "b"))
    assert cut_actors(f).to_dict() == {"s": 1, "x1": 1, "x2": 1, "b": 0}


def test_a_buyer_that_passes_on() -> None:
    f = passing(("s", "b1"), ("b1", "b2"))
    assert cut_actors(f).to_dict() == {"s": 2, "b1": 1, "b2": 0}


def test_who_has_no_recorded_arrival_is_where_it_starts() -> None:
    """Unknown is not absent: x sends, so it has it from somewhere."""
    assert cut_actors(passing(("x", "b"))).to_dict() == {"x": 1, "b": 0}


def test_actors_that_do_not_count() -> None:
    found = cut_actors(hand())
    assert found["ancien"] == 0
    assert not supply_of(hand()).origin[hand().network.actor_ids.get_loc("ancien")]


def test_unknown_without_a_table_of_flows() -> None:
    f = Filiere.from_tables(actors={"actor_id": ["a", "b"], "name": ["A", "B"]})
    assert cut_actors(f).isna().all()
    assert cut_actors(f).index.tolist() == ["a", "b"]
    assert cut_passages(f).empty


@settings(max_examples=10)
@given(exchanges())
def test_removal_one_by_one_gives_the_same(pairs: Pairs) -> None:
    f = passing(*pairs)
    before = supplied(pairs)
    found = cut_actors(f)
    for name in found.index:
        lost = before - supplied(pairs, without=name) - {name}
        assert found[name] == len(lost), name
    passages = cut_passages(f).astype(object)
    passages["source"] = passages["source"].where(passages["source"].notna(), None)
    told = {
        (a, b): n
        for a, b, n in zip(passages["source"], passages["target"], passages["buyers_cut"], strict=True)
    }
    for pair in {pair for pair in pairs if pair[1]}:
        assert told.pop(pair, 0) == len(before - supplied(pairs, cut=pair)), pair
    assert not told


# -- dominators --------------------------------------------------------------------------------------


@settings(max_examples=40)
@given(st.integers(2, 12), st.data())
def test_dominators_are_those_of_networkx(size: int, data: st.DataObject) -> None:
    place = st.integers(0, size - 1)
    edges = data.draw(st.lists(st.tuples(place, place), min_size=1, max_size=30))
    source, target = (np.array(side, dtype=np.int64) for side in zip(*edges, strict=True))
    tree = dominators(source, target, size=size, root=0)
    graph = nx.DiGraph()
    graph.add_nodes_from(range(size))
    graph.add_edges_from(edges)
    referee = {node: over for node, over in nx.immediate_dominators(graph, 0).items() if node != 0}
    assert {node: int(tree.parent[node]) for node in range(1, size) if tree.parent[node] >= 0} == referee
    # what hangs on a node is what its removal cuts off, itself included
    below = tree.below(np.ones(size, dtype=np.int64))
    reached = nx.descendants(graph, 0) | {0}
    for node in range(1, size):
        left = nx.restricted_view(graph, [node], [])
        cut = reached - (nx.descendants(left, 0) | {0})
        assert below[node] == len(cut)
    assert below[0] == len(reached)


def test_a_large_layered_network() -> None:
    """4 000 actors in eight layers and some passages back: as networkx."""
    random = np.random.default_rng(2)
    size = 4000
    layer = np.sort(random.integers(0, 8, size))
    source, target = random.integers(0, size, (2, 8 * size))
    kept = (layer[source] + 1 == layer[target]) | (random.random(8 * size) < 0.01)
    first = np.flatnonzero(layer == 0)
    source = np.concatenate([np.full(len(first), size), source[kept]])
    target = np.concatenate([first, target[kept]])
    tree = dominators(source, target, size=size + 1, root=size)
    graph = nx.DiGraph(zip(source.tolist(), target.tolist(), strict=True))
    referee = nx.immediate_dominators(graph, size)
    assert all(tree.parent[node] == over for node, over in referee.items() if node != size)


def test_stages_that_can_stand_for_one_another_are_one_unit() -> None:
    stages = pd.DataFrame(
        {"stage_id": ["a", "b", "c"], "name": ["A", "B", "C"], "alternative_group": ["Collecte", "collecte ", None],
         "required": [False, True, False]}
    )  # fmt: skip
    f = Filiere.from_tables(
        stages=stages,
        actors={"actor_id": ["x", "y"], "name": ["X", "Y"], "actor_type": ["organisation", "diffuse"]},
        activities={"actor_id": ["x", "y"], "stage_id": ["a", "c"]},
    )
    found = stages_of(f)
    assert found.unit.tolist() == [0, 0, 1]
    assert found.members == ((0, 1), (2,))
    assert found.required.tolist() == [True, False]
    assert found.held.tolist() == [[True, False], [False, True]]
    # told by the gaps: the required unit that one single organisation holds
    assert found.told.tolist() == [True, False]
    assert stages_of(Filiere.from_tables(actors={"name": ["A"]})).size == 0


@pytest.mark.parametrize("size", [1, 2])
def test_dominators_of_next_to_nothing(size: int) -> None:
    none = np.zeros(0, dtype=np.int64)
    tree = dominators(none, none, size=size, root=0)
    assert tree.parent.tolist() == [-1] * size
    assert tree.below(np.ones(size, dtype=np.int64)).tolist() == [1] + [0] * (size - 1)
