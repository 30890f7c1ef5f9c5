"""Burt's holes: UCINET's table of « campnet », networkx and igraph as referees, a filière by hand."""

from __future__ import annotations

import networkx as nx
import numpy as np
import pandas as pd
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from chaine_valeur.analysis.cooperation.positions import neighbours
from chaine_valeur.analysis.cooperation.positions.holes import (
    constraint,
    constraint_ego,
    effective_size,
    effective_size_ego,
    efficiency,
    efficiency_ego,
    hierarchy,
    hierarchy_ego,
)
from chaine_valeur.analysis.cooperation.positions.holes_table import structural_holes
from chaine_valeur.errors import ArgumentError, UnknownNameError
from chaine_valeur.filiere import Filiere
from tests.cooperation.campnet import NAMED, campnet
from tests.cooperation.hand import _TIES, TABLES, by_hand

COLUMNS = [
    "degree", "effective_size", "efficiency", "constraint", "hierarchy", "ln_constraint", "indirects",
    "density", "average_degree", "open_pairs",
]  # fmt: skip

#: UCINET as printed by xucinet, ``tests/testthat/_snaps/xstructuralholes.md`` (ego-network model, union, sum):
#: Degree EffSize Efficiency Constraint Hierarchy LnConstraint Indirects Density AvgDeg OpenPairs
UCINET = """
HOLLY   5 3.857 0.771 0.436 0.088 -0.829 0.419 0.3   1.2   14
BRAZEY  3 1.0   0.333 1.024 0.041  0.024 0.733 1.0   2.0   0
CAROL   3 2.0   0.667 0.804 0.108 -0.218 0.507 0.5   1.0   3
PAM     5 3.875 0.775 0.516 0.13  -0.661 0.508 0.25  1.0   15
PAT     4 3.571 0.893 0.39  0.026 -0.942 0.238 0.167 0.5   10
JENNIE  3 2.333 0.778 0.611 0.052 -0.492 0.333 0.333 0.667 4
PAULINE 5 3.857 0.771 0.537 0.145 -0.623 0.533 0.25  1.0   15
ANN     3 1.6   0.533 0.933 0.151 -0.069 0.6   0.667 1.333 2
MICHAEL 5 3.071 0.614 0.601 0.18  -0.509 0.597 0.35  1.4   13
BILL    3 1.0   0.333 1.08  0.0    0.077 0.8   1.0   2.0   0
LEE     3 1.667 0.556 0.823 0.01  -0.195 0.567 0.667 1.333 2
DON     4 2.143 0.536 0.702 0.088 -0.354 0.619 0.5   1.5   6
JOHN    3 2.333 0.778 0.728 0.077 -0.317 0.444 0.333 0.667 4
HARRY   4 1.75  0.438 0.79  0.125 -0.235 0.696 0.583 1.75  5
GERY    4 2.9   0.725 0.649 0.245 -0.432 0.473 0.25  0.75  9
STEVE   5 3.062 0.613 0.615 0.084 -0.486 0.689 0.45  1.8   11
BERT    4 2.214 0.554 0.718 0.084 -0.331 0.645 0.583 1.75  5
RUSS    4 2.786 0.696 0.628 0.09  -0.466 0.529 0.333 1.0   8
"""
#: constraint by igraph 1.3.5 (and networkx), directed and undirected; then the ego-network model of UCINET
#: recomputed to all digits: constraint and effective size
DIGITS = """
HOLLY   0.386459345643  0.3382          0.43637188208616773 3.8571428571428568
BRAZEY  0.8697030895692 0.7733950617284 1.0238888888888886  1.0
CAROL   0.5649489795918 0.5536111111111 0.8044444444444446  2.0
PAM     0.4354053287982 0.3738666666667 0.5163194444444443  3.875
PAT     0.3360099958351 0.3261111111111 0.39002267573696137 3.5714285714285716
JENNIE  0.5025          0.4686419753086 0.6111111111111112  2.3333333333333335
PAULINE 0.4236703456893 0.3639222222222 0.5365079365079365  3.857142857142857
ANN     0.6886621315193 0.5812345679012 0.9333333333333336  1.5999999999999999
MICHAEL 0.5578231292517 0.4744222222222 0.6010603220880189  3.071428571428571
BILL    0.85689090451   0.7172222222222 1.08                1.0
LEE     0.6906533446712 0.7733950617284 0.8227777777777778  1.6666666666666667
DON     0.6215465778148 0.6493576388889 0.7018140589569161  2.1428571428571432
JOHN    0.5125623582766 0.4583333333333 0.7283950617283952  2.3333333333333335
HARRY   0.7051524313429 0.6493576388889 0.7903321050642477  1.75
GERY    0.4718424036281 0.4047569444444 0.6491111111111112  2.9000000000000004
STEVE   0.573610136763  0.5             0.6148247059240362  3.0625
BERT    0.634498357166  0.6134895833333 0.7183262760886667  2.2142857142857144
RUSS    0.4839387523717 0.4752256944444 0.6275510204081631  2.7857142857142856
"""


def numbers(text: str) -> dict[str, list[float]]:
    """Return the rows of a table of names and numbers."""
    rows = [line.split() for line in text.strip().splitlines()]
    return {row[0]: [float(cell) for cell in row[1:]] for row in rows}


def weighted(seed: int, *, directed: bool) -> nx.Graph:
    """Return a random graph with weights 1 to 4."""
    rng = np.random.default_rng(seed)
    graph = nx.gnp_random_graph(12, 0.12 + 0.03 * seed, seed=seed, directed=directed)
    for _, _, data in graph.edges(data=True):
        data["weight"] = int(rng.integers(1, 5))
    return graph


def assert_same(series: pd.Series, expected: dict[int, float]) -> None:
    assert series.index.tolist() == list(expected)
    np.testing.assert_allclose(series, list(expected.values()), atol=1e-12)


def in_ego_nets(graph: nx.Graph, *, valued: bool) -> dict[int, tuple[float, float, float, float]]:
    """Return constraint, effective size, hierarchy and indirects of each node, from dense matrices."""
    nodes = list(graph)
    a = nx.to_numpy_array(graph, weight="weight" if valued else None)
    z = a + a.T
    found = {}
    for place, node in enumerate(nodes):
        alters = np.flatnonzero(z[place])
        if not len(alters):
            found[node] = (np.nan,) * 4
            continue
        inside = z[np.ix_([place, *alters], [place, *alters])]
        p, m = inside / inside.sum(1, keepdims=True), inside / inside.max(1, keepdims=True)
        first = p[0, 1:]
        indirect = first @ p[1:, 1:]
        held = (first + indirect) ** 2
        share = held / held.mean()
        size = len(alters)
        spread = (share * np.log(share)).sum() / (size * np.log(size)) if size > 1 else np.nan
        found[node] = (held.sum(), size - (m[1:, 1:] @ first).sum(), spread, indirect.sum())
    return found


def test_campnet_as_ucinet_prints_it() -> None:
    table = structural_holes(campnet(), model="ego", lang="en")
    assert list(table.columns) == [*COLUMNS, "n_unknown", "note"]
    assert table.index.name == "actor_id"
    assert table.index.tolist() == list(NAMED)
    for name, printed in numbers(UCINET).items():
        # half a unit of the third decimal (3.0625 is printed 3.062)
        np.testing.assert_allclose(
            table.loc[name, COLUMNS].astype(float), printed, atol=5.01e-4, err_msg=name
        )
    assert (table["n_unknown"] == 0).all()
    assert (table["note"] == "").all()


def test_campnet_constraint_to_all_digits() -> None:
    rows = np.array(list(numbers(DIGITS).values()))
    graph = campnet()
    np.testing.assert_allclose(constraint(graph), rows[:, 0], atol=1e-12)
    np.testing.assert_allclose(constraint(graph, directed=False), rows[:, 1], atol=1e-12)
    np.testing.assert_allclose(constraint_ego(graph), rows[:, 2], atol=1e-12)
    np.testing.assert_allclose(effective_size_ego(graph), rows[:, 3], atol=1e-12)
    # the two models differ by design
    assert (constraint_ego(graph) > constraint(graph)).all()


@pytest.mark.parametrize("model", ["whole", "ego"])
def test_the_functions_are_the_columns(model: str) -> None:
    table = structural_holes(campnet(), model=model)
    functions = {
        "whole": [constraint, effective_size, efficiency, hierarchy],
        "ego": [constraint_ego, effective_size_ego, efficiency_ego, hierarchy_ego],
    }[model]
    for function, name in zip(
        functions, ["constraint", "effective_size", "efficiency", "hierarchy"], strict=True
    ):
        series = function(campnet())
        assert series.name == name
        pd.testing.assert_series_equal(series, table[name])


@pytest.mark.parametrize("directed", [False, True])
@pytest.mark.parametrize("seed", range(10))
def test_networkx_agrees(seed: int, directed: bool) -> None:
    graph = weighted(seed, directed=directed)
    assert_same(constraint(graph), nx.constraint(graph))
    assert_same(constraint(graph, valued=True), nx.constraint(graph, weight="weight"))
    # node by node: for all at once networkx 3.6 does not give its own formula with directed or valued ties
    named = [node for node in graph if len(graph[node])]
    for valued in (False, True):
        asked = nx.effective_size(graph, nodes=named, weight="weight" if valued else None)
        assert_same(effective_size(graph, valued=valued).loc[named], asked)


@pytest.mark.parametrize("valued", [False, True])
@pytest.mark.parametrize("directed", [False, True])
@pytest.mark.parametrize("seed", range(6))
def test_ego_nets_one_by_one(seed: int, directed: bool, valued: bool) -> None:
    graph = weighted(seed, directed=directed)
    expected = list(in_ego_nets(graph, valued=valued).values())
    table = structural_holes(graph, model="ego", valued=valued)
    found = table[["constraint", "effective_size", "hierarchy", "indirects"]]
    np.testing.assert_allclose(found, np.array(expected), atol=1e-12)


@pytest.mark.parametrize("model", ["whole", "ego"])
def test_pieces_of_any_size_give_the_same(model: str, monkeypatch: pytest.MonkeyPatch) -> None:
    graph = weighted(8, directed=True)
    whole = structural_holes(graph, model=model, valued=True)
    monkeypatch.setattr(neighbours, "CHUNK", 3)
    pd.testing.assert_frame_equal(structural_holes(graph, model=model, valued=True), whole)


@settings(max_examples=25, deadline=None)
@given(st.integers(0, 1000), st.permutations(range(8)), st.booleans())
def test_renaming_actors_renames_the_rows(seed: int, order: list[int], directed: bool) -> None:
    graph = nx.gnp_random_graph(8, 0.4, seed=seed, directed=directed)
    renamed = nx.relabel_nodes(graph, {node: f"n{order[node]}" for node in graph})
    table, other = structural_holes(graph), structural_holes(renamed)
    other = other.loc[[f"n{order[node]}" for node in graph]]
    np.testing.assert_allclose(table[COLUMNS], other[COLUMNS])


@settings(max_examples=25, deadline=None)
@given(st.integers(0, 1000), st.booleans(), st.sampled_from(["whole", "ego"]))
def test_ranges(seed: int, directed: bool, model: str) -> None:
    graph = nx.gnp_random_graph(9, 0.4, seed=seed, directed=directed)
    table = structural_holes(graph, model=model).dropna(subset="constraint")
    assert (table["constraint"] > 0).all()
    assert (table["effective_size"] <= table["degree"] + 1e-12).all()
    assert (table["effective_size"] >= 1 - 1e-12).all()
    assert table["efficiency"].between(0, 1 + 1e-12).all()
    assert table["hierarchy"].dropna().between(-1e-12, 1 + 1e-12).all()
    assert table["density"].dropna().between(0, 1).all()


def test_strengths_all_alike_change_nothing() -> None:
    graph = campnet()
    nx.set_edge_attributes(graph, 3.0, "weight")
    for model in ("whole", "ego"):
        plain, valued = (structural_holes(graph, model=model, valued=each) for each in (False, True))
        pd.testing.assert_frame_equal(plain, valued)


def test_by_hand(hand: Filiere) -> None:
    table = structural_holes(hand, lang="en")
    assert table["degree"].tolist() == [2, 2, 3, 2, 2, 1, 0]
    expected = {
        # Filature has Mairie (3 ties) and Relais (2), tied: (1/2 + 1/2·1/2)² and (1/2 + 1/2·1/3)²
        "filature": 9 / 16 + 4 / 9,
        "atelier": 1 / 2,  # Mairie and Agglo are not tied: 1/4 twice
        # Mairie: Filature and Relais hold (1/3 + 1/3·1/2)² each, Atelier 1/9
        "mairie": 1 / 4 + 1 / 4 + 1 / 9,
        "agglo": 1 / 2,
        "relais": 9 / 16 + 4 / 9,
        "ressourcerie": 1.0,
        "labo": np.nan,
    }
    np.testing.assert_allclose(table["constraint"], list(expected.values()))
    # contacts less 2 × ties among them / contacts
    np.testing.assert_allclose(table["effective_size"], [1, 2, 3 - 2 / 3, 2, 1, 1, np.nan])
    np.testing.assert_allclose(table["efficiency"], [1 / 2, 1, 7 / 9, 1, 1 / 2, 1, np.nan])
    shares = np.array([9 / 16, 4 / 9]) * 2 / (9 / 16 + 4 / 9)
    skew = (shares * np.log(shares)).sum() / (2 * np.log(2))
    assert table.loc["filature", "hierarchy"] == pytest.approx(skew)
    np.testing.assert_allclose(table["density"], [1, 0, 1 / 3, 0, 1, np.nan, np.nan])
    np.testing.assert_allclose(table["average_degree"], [1, 0, 2 / 3, 0, 1, 0, np.nan])
    np.testing.assert_allclose(table["open_pairs"], [0, 1, 2, 1, 0, 0, np.nan])
    # Filature reaches Mairie through Relais by 1/2 · 1/2, Relais through Mairie by 1/2 · 1/3
    assert table.loc["filature", "indirects"] == pytest.approx(1 / 4 + 1 / 6)
    assert table["n_unknown"].tolist() == [3, 2, 0, 2, 0, 3, 4]
    assert table["note"].tolist() == ["", "", "", "", "", "a single known contact", "no known cooperation"]


def test_by_hand_in_ego_nets(hand: Filiere) -> None:
    # among Filature, Mairie and Relais everyone has two ties: (1/2 + 1/2·1/2)² twice
    found = constraint_ego(hand)
    assert found["filature"] == found["relais"] == pytest.approx(9 / 8)
    assert found["mairie"] == pytest.approx(11 / 18)  # Filature and Relais have two ties around Mairie
    assert np.isnan(found["labo"])


def test_by_hand_directed(hand: Filiere) -> None:
    # Agglo → Atelier (funding) counts once, Agglo ⇄ Ressourcerie twice: p = 1/3 and 2/3
    assert constraint(hand, directed=True)["agglo"] == pytest.approx(1 / 9 + 4 / 9)


def test_notes_in_french(hand: Filiere) -> None:
    notes = structural_holes(hand)["note"]
    assert notes["ressourcerie"] == "un seul contact connu"
    assert notes["labo"] == "aucune coopération connue"


def test_strength_of_a_filiere_is_its_intensity() -> None:
    intensity = ["contract", "information", "information", "joint_action", "information", "agreement",
                 "information", None, None, None, None, None]  # fmt: skip
    assert len(intensity) == len(_TIES)
    f = by_hand(cooperations={**TABLES["cooperations"], "intensity": intensity})
    # Agglo: agreement (3) with Atelier, information (1) with Ressourcerie: p = 3/4 and 1/4
    assert constraint(f, valued=True)["agglo"] == pytest.approx(9 / 16 + 1 / 16)
    # Mairie: contract (4) with Filature, information (1) with Relais and Atelier; Filature–Relais is 2
    p = np.array([4, 1, 1]) / 6
    held = (p[0] + p[1] * 2 / 3) ** 2 + (p[1] + p[0] * 2 / 6) ** 2 + p[2] ** 2
    assert constraint(f, valued=True)["mairie"] == pytest.approx(held)


def test_strength_that_is_not_stated(hand: Filiere) -> None:
    # no row of this filière states an intensity
    table = structural_holes(hand, valued=True, lang="en")
    assert table["constraint"].isna().all()
    assert set(table["note"]) == {
        "cooperations whose strength is not stated, or is 0",
        "no known cooperation",
    }
    # one that is missing hides only those who depend on it: c and d, and a and b through their contact c
    graph = nx.Graph()
    edges = [("a", "b", 1), ("b", "c", 1), ("a", "c", 1), ("e", "f", 2), ("f", "g", 2)]
    graph.add_weighted_edges_from(edges)
    graph.add_edge("c", "d")
    missing = structural_holes(graph, valued=True)["constraint"].isna()
    assert missing[missing].index.tolist() == ["a", "b", "c", "d"]


def test_strength_of_nothing() -> None:
    graph = nx.Graph()
    graph.add_weighted_edges_from([("a", "b", 0), ("b", "c", 2)])
    found = constraint(graph, valued=True)
    assert np.isnan(found["a"])  # nothing is shared out
    assert found["b"] == found["c"] == 1
    graph["a"]["b"]["weight"] = -1
    with pytest.raises(ArgumentError, match="weaker than nothing"):
        constraint(graph, valued=True)


def test_parallel_ties_and_ties_with_oneself() -> None:
    plain = nx.Graph([("a", "b"), ("b", "c")])
    multi = nx.MultiGraph([("a", "b"), ("b", "a"), ("b", "c"), ("c", "c")])
    pd.testing.assert_frame_equal(structural_holes(multi), structural_holes(plain))


def test_an_actor_who_is_only_named_has_contacts() -> None:
    graph = nx.DiGraph([("a", "c"), ("b", "c")])
    assert effective_size(graph)["c"] == 2
    assert constraint(graph)["c"] == 1 / 2


@pytest.mark.parametrize("size", [0, 1, 4])
def test_nobody_is_tied(size: int) -> None:
    table = structural_holes(nx.empty_graph(size), lang="en")
    assert table.index.tolist() == list(range(size))
    assert (table["degree"] == 0).all()
    assert table[COLUMNS[1:]].isna().all(axis=None)
    assert (table["note"] == "no known cooperation").all()


def test_two_components_do_not_see_each_other() -> None:
    one, other = nx.cycle_graph(3), nx.star_graph(3)
    both = nx.disjoint_union(one, other)
    apart = pd.concat([structural_holes(one), structural_holes(other)])
    np.testing.assert_allclose(structural_holes(both)[COLUMNS], apart[COLUMNS])


def test_errors(hand: Filiere) -> None:
    with pytest.raises(ArgumentError, match="model='half'"):
        structural_holes(hand, model="half")
    with pytest.raises(UnknownNameError):
        constraint(hand, kind="friendship")
