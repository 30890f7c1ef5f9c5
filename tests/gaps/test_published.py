"""Networks that others published, read as chains: their totals, their paths, their cuts.

- Oyster reef energy model: Dame & Patten 1981, six compartments, kcal/m²/day; total system throughput
  (all flows, inputs and respiration included) 125.0533 and input 41.47, as computed by enaR 3.1.0.
- The flow network of Cormen, Leiserson, Rivest and Stein, Introduction to Algorithms, fig. 26.1; its minimum
  cut is {v1→v3, v4→v3, v4→t}. The example network of the Wikipedia page on Dinic's algorithm.
"""

from __future__ import annotations

import networkx as nx
import pandas as pd
import pytest

from chaine_valeur import Filiere, gaps
from chaine_valeur.analysis.measure import Measure

OYSTER = [
    ("Filter Feeders", "Predators", 0.5135),
    ("Filter Feeders", "Deposited Detritus", 15.791),
    ("Microbiota", "Meiofauna", 1.206),
    ("Microbiota", "Deposit Feeders", 1.206),
    ("Meiofauna", "Deposit Feeders", 0.6609),
    ("Meiofauna", "Deposited Detritus", 4.2403),
    ("Deposit Feeders", "Predators", 0.1721),
    ("Deposit Feeders", "Deposited Detritus", 1.9076),
    ("Predators", "Deposited Detritus", 0.3262),
    ("Deposited Detritus", "Microbiota", 8.1721),
    ("Deposited Detritus", "Meiofauna", 7.2745),
    ("Deposited Detritus", "Deposit Feeders", 0.6431),
    (None, "Filter Feeders", 41.47),
    ("Filter Feeders", None, 25.165),
    ("Microbiota", None, 5.76),
    ("Meiofauna", None, 3.5794),
    ("Deposit Feeders", None, 0.4303),
    ("Predators", None, 0.3594),
    ("Deposited Detritus", None, 6.1759),
]
TOTAL, INPUT = 125.0533, 41.47
CLRS = [("s", "v1"), ("s", "v2"), ("v1", "v2"), ("v2", "v1"), ("v1", "v3"), ("v3", "v2"), ("v2", "v4"),
        ("v4", "v3"), ("v3", "t"), ("v4", "t")]  # fmt: skip
CLRS_CUT = [("v1", "v3"), ("v4", "v3"), ("v4", "t")]
DINIC = [
    ("s", "1"),
    ("s", "2"),
    ("1", "3"),
    ("1", "4"),
    ("1", "2"),
    ("2", "4"),
    ("3", "t"),
    ("4", "3"),
    ("4", "t"),
]
DINIC_CUT = [("2", "4"), ("s", "1")]
NETWORKS = {"clrs": (CLRS, CLRS_CUT), "dinic": (DINIC, DINIC_CUT)}


def measure(identifier: str, f: Filiere) -> Measure:
    return next(each for each in gaps.INDICATORS if each.indicator_id == identifier).measure(f)


# -- a published balance ----------------------------------------------------------------------------------


def reef(*without: tuple[str | None, str | None]) -> Filiere:
    rows = [row for row in OYSTER if row[:2] not in without]
    names = sorted({end for row in OYSTER for end in row[:2] if end})
    return Filiere.from_tables(
        actors={"actor_id": names, "name": names},
        flows=pd.DataFrame(rows, columns=["source", "target", "quantity_t_per_year"]),
    )


def test_all_that_flows_is_the_published_throughput() -> None:
    """Inputs and respiration are import and export: they count once each, and go on."""
    found = measure("A5", reef())
    assert found.denominator == pytest.approx(TOTAL, rel=1e-6)
    assert (found.value, found.numerator) == (0.0, 0.0)
    assert not gaps.dead_ends(reef()).any() and not gaps.orphans(reef()).any()


def test_what_reaches_a_compartment_that_nothing_leaves_any_more_is_stuck() -> None:
    """Without its two outputs (0.3262 and 0.3594) what enters predators, 0.5135 + 0.1721, stops there."""
    f = reef(("Predators", "Deposited Detritus"), ("Predators", None))
    entering, left = 0.5135 + 0.1721, 0.3262 + 0.3594
    assert entering == pytest.approx(left)  # the published model is at steady state
    assert gaps.dead_end_share(f) == pytest.approx(entering / (TOTAL - left))
    ends = gaps.dead_ends(f)
    assert ends[ends].index.tolist() == ["Predators"]
    told = gaps.find(f, lang="en").query("kind == 'dead_end'")
    assert told["quantity"].tolist() == pytest.approx([entering])


def test_without_its_input_the_reef_has_an_orphan() -> None:
    f = reef((None, "Filter Feeders"))
    found = gaps.orphans(f)
    assert found[found].index.tolist() == ["Filter Feeders"]
    told = gaps.find(f, lang="en").query("kind == 'orphan'")
    # it still feeds the others: 0.5135 + 15.791 and 25.165 leave it, all of the published input
    assert told["quantity"].tolist() == pytest.approx([INPUT], rel=1e-4)
    assert told["message"].iloc[0].startswith("Step without a recorded supply: Filter Feeders")


# -- published networks as expected chains ----------------------------------------------------------------


def chain_of_edges(edges: list[tuple[str, str]], *, made: list[tuple[str, str]], closed: str = "") -> Filiere:
    """Each node a stage held by one actor, each arc a required passage; only some passages are made."""
    nodes = list(dict.fromkeys(node for edge in edges for node in edge))
    kinds = {"s": "resource", "t": "market"}
    held = [node for node in nodes if node != closed]
    return Filiere.from_tables(
        stages={"stage_id": nodes, "name": nodes, "kind": [kinds.get(node, "operation") for node in nodes]},
        stage_links=pd.DataFrame(edges, columns=["stage_id", "to_stage_id"]),
        actors={"actor_id": [f"at-{node}" for node in nodes], "name": nodes},
        activities={"actor_id": [f"at-{node}" for node in held], "stage_id": held},
        flows=pd.DataFrame(
            [(f"at-{a}", f"at-{b}") for a, b in made if closed not in (a, b)] or [("at-t", None)],
            columns=["source", "target"],
        ),
    )


def paths_of(edges: list[tuple[str, str]]) -> list[list[str]]:
    return list(nx.all_simple_paths(nx.DiGraph(edges), "s", "t"))


@pytest.mark.parametrize("name", NETWORKS)
def test_the_paths_of_a_published_network_are_those_of_networkx(name: str) -> None:
    edges, _ = NETWORKS[name]
    found = gaps.expected_paths(chain_of_edges(edges, made=edges))
    assert sorted(found["stages"]) == sorted(";".join(path) for path in paths_of(edges))
    assert found["complete"].all()
    # by hand, CLRS: s13t, s124t, s1243t, s1324t, s24t, s243t, s213t; Dinic: s13t, s14t, s143t, s124t, s1243t,
    # s24t, s243t
    assert len(found) == 7


@pytest.mark.parametrize("name", NETWORKS)
def test_without_the_arcs_of_the_minimum_cut_no_path_is_whole(name: str) -> None:
    edges, cut = NETWORKS[name]
    f = chain_of_edges(edges, made=[edge for edge in edges if edge not in cut])
    assert gaps.path_completeness(f) == 0.0
    assert gaps.missing_passage_share(f) == pytest.approx(len(cut) / len(edges))
    told = gaps.find(f)
    (path,) = told[told["kind"] == "broken_path"].itertuples()
    assert (path.stage_id, path.to_stage_id, path.severity) == ("s", "t", "high")
    passages = told[told["kind"] == "missing_passage"]
    assert set(zip(passages["stage_id"], passages["to_stage_id"], strict=True)) == set(cut)


@pytest.mark.parametrize("name", NETWORKS)
def test_without_one_arc_the_paths_that_use_it_are_broken(name: str) -> None:
    edges, _ = NETWORKS[name]
    paths = paths_of(edges)
    for gone in edges:
        whole = [path for path in paths if gone not in set(zip(path[:-1], path[1:], strict=True))]
        f = chain_of_edges(edges, made=[edge for edge in edges if edge != gone])
        assert gaps.path_completeness(f) == pytest.approx(len(whole) / len(paths)), gone


@pytest.mark.parametrize("name", NETWORKS)
def test_the_weight_of_a_missing_stage_is_its_share_of_the_paths(name: str) -> None:
    """w_m is the share of the paths through m; the weights of all stages sum to the mean length of a path."""
    edges, _ = NETWORKS[name]
    paths = paths_of(edges)
    lengths = sum(len(path) for path in paths)
    for stage in dict.fromkeys(node for edge in edges for node in edge):
        through = sum(stage in path for path in paths)
        f = chain_of_edges(edges, made=edges, closed=stage)
        assert gaps.missing_stage_weight(f) == pytest.approx(through / lengths), stage
        assert gaps.stage_coverage(f) == pytest.approx(5 / 6)  # six stages, one of which nobody holds
