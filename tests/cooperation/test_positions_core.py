"""Core and periphery: brute force, optima known in closed form, and what has no fit."""

from __future__ import annotations

from itertools import product

import networkx as nx
import numpy as np
import pandas as pd
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from chaine_valeur.analysis.cooperation.positions import core_periphery as module
from chaine_valeur.analysis.cooperation.positions import core_search
from chaine_valeur.analysis.cooperation.positions.core_periphery import (
    core_periphery,
    core_periphery_measure,
)
from chaine_valeur.analysis.cooperation.positions.coreness import coreness
from chaine_valeur.analysis.cooperation.ties.layer import ties_of
from chaine_valeur.errors import UnknownNameError
from chaine_valeur.filiere import Filiere
from tests.cooperation.campnet import campnet


def fit_of(graph: nx.Graph, core: list[bool]) -> float:
    """Return the correlation of the ties with the pattern of a core, over ordered pairs; NaN if undefined."""
    inside = np.array(core)
    pattern = inside[:, None] | inside[None, :]
    others = ~np.eye(len(core), dtype=bool)
    ties, ideal = nx.to_numpy_array(graph)[others], pattern[others].astype(float)
    if np.ptp(ties) == 0 or np.ptp(ideal) == 0:
        return np.nan
    return float(np.corrcoef(ties, ideal)[0, 1])


def best_by_force(graph: nx.Graph) -> tuple[float, list[bool]]:
    """Return the best of all cores: of those that fit best the smallest, of most ties, of earliest nodes."""
    degrees = [degree for _, degree in graph.degree]
    fits = {core: fit_of(graph, list(core)) for core in product([True, False], repeat=len(graph))}
    best = max(fit for fit in fits.values() if not np.isnan(fit))
    equal = [core for core, fit in fits.items() if fit > best - 1e-12]  # the earliest nodes first
    ties = [sum(degree for degree, inside in zip(degrees, core, strict=True) if inside) for core in equal]
    place = min(range(len(equal)), key=lambda place: (sum(equal[place]), -ties[place], place))
    return best, list(equal[place])


@pytest.mark.parametrize("directed", [False, True])
@pytest.mark.parametrize("seed", range(8))
def test_brute_force_agrees(seed: int, directed: bool) -> None:
    size = 5 + seed % 4
    graph = nx.gnp_random_graph(size, 0.3 + 0.06 * seed, seed=seed, directed=directed)
    found = core_periphery(graph, lang="en")
    best, core = best_by_force(graph)
    assert found.exact
    assert found.fit == pytest.approx(best, abs=1e-12)
    assert found.core.tolist() == core
    assert found.core.index.tolist() == list(range(size))
    assert (found.core.index.name, found.core.name, str(found.core.dtype)) == ("actor_id", "core", "boolean")


def test_parts_of_any_size_give_the_same(monkeypatch: pytest.MonkeyPatch) -> None:
    graph = nx.gnp_random_graph(9, 0.4, seed=2)
    whole = core_periphery(graph)
    monkeypatch.setattr(core_search, "PART", 7)
    parts = core_periphery(graph)
    assert parts.fit == whole.fit
    pd.testing.assert_series_equal(parts.core, whole.core)


@pytest.mark.parametrize("leaves", [2, 5, 30])
def test_a_star_fits_perfectly(leaves: int) -> None:
    found = core_periphery(nx.star_graph(leaves))
    assert found.fit == pytest.approx(1)
    assert found.core[found.core].index.tolist() == [0]
    assert found.exact == (leaves < 20)


@pytest.mark.parametrize("rest", [4, 40])
def test_a_circle_tied_to_all_fits_perfectly(rest: int) -> None:
    graph = nx.complete_graph(3)
    graph.add_edges_from((inner, outer) for inner in range(3) for outer in range(3, 3 + rest))
    found = core_periphery(graph)
    assert found.fit == pytest.approx(1)
    assert found.core[found.core].index.tolist() == [0, 1, 2]


def test_a_path_by_hand() -> None:
    # 0 – 1 – 2 – 3: with 1 and 2 in the core, five of six pairs are ideal and three tied, all of them ideal:
    # (3·6 − 3·5) / √(5·1 · 3·3) = 3 / √45; with 1 alone, three are ideal and two of them tied:
    # (2·6 − 3·3) / √(9 · 9) = 1/3
    found = core_periphery(nx.path_graph(4))
    assert found.fit == pytest.approx(3 / np.sqrt(45))
    assert found.core.tolist() == [False, True, True, False]


def test_by_hand(hand: Filiere) -> None:
    graph: nx.Graph = nx.Graph()
    graph.add_nodes_from(["filature", "atelier", "mairie", "agglo", "relais", "ressourcerie", "labo"])
    graph.add_edges_from([("filature", "mairie"), ("mairie", "relais"), ("filature", "relais"),
                          ("atelier", "mairie"), ("agglo", "atelier"), ("agglo", "ressourcerie")])  # fmt: skip
    best, core = best_by_force(graph)
    found = core_periphery(hand, lang="en")
    assert found.fit == pytest.approx(best)
    assert found.core.tolist() == core
    assert found.n_unknown == 7
    assert found.note == f"{sum(core)} actors in the core, of 7"


def test_campnet_every_core_tried() -> None:
    found = core_periphery(campnet(), directed=False, lang="en")
    assert found.exact
    assert found.fit == pytest.approx(fit_of(campnet().to_undirected(), found.core.tolist()))
    # no exchange, and no move, is better
    for name in found.core.index:
        moved = found.core.copy()
        moved[name] = not moved[name]
        assert not fit_of(campnet().to_undirected(), moved.tolist()) > found.fit + 1e-12


@pytest.mark.parametrize("directed", [False, True])
def test_the_search_comes_close(directed: bool) -> None:
    missed = []
    for seed in range(10):
        ties = ties_of(nx.gnp_random_graph(11, 0.15 + 0.03 * seed, seed=seed, directed=directed))
        best, core = core_search.best_core(ties)
        fit, found = core_search.search_core(ties)
        assert fit <= best + 1e-12
        missed.append(best - fit)
        assert core.shape == found.shape == (11,)
    assert max(missed) < 0.03
    assert np.mean(np.array(missed) > 1e-9) <= 0.1


@pytest.mark.parametrize("directed", [False, True])
@pytest.mark.parametrize("seed", range(3))
def test_the_fit_that_is_searched_is_that_of_its_core(
    seed: int, directed: bool, monkeypatch: pytest.MonkeyPatch
) -> None:
    graph = nx.gnp_random_graph(26, 0.2, seed=seed, directed=directed)
    found = core_periphery(graph, lang="en")
    assert not found.exact
    assert found.fit == pytest.approx(fit_of(graph, found.core.tolist()))
    assert found.note.endswith("; found by search: another core may fit better")
    # from the best first actors only, as for large filières: no better
    monkeypatch.setattr(core_search, "MOST_FOR_STARTS", 0)
    quick = core_periphery(graph)
    assert 0 <= quick.fit <= found.fit + 1e-12
    assert quick.fit == pytest.approx(fit_of(graph, quick.core.tolist()))


@pytest.mark.parametrize("directed", [False, True])
def test_the_fit_is_kept_up_to_date_from_any_start(directed: bool) -> None:
    rng = np.random.default_rng(0)
    exchanges = 0
    for seed in range(40):
        graph = nx.gnp_random_graph(12, 0.3, seed=seed, directed=directed)
        ties = ties_of(graph)
        start = np.zeros(12, dtype=bool)
        start[rng.choice(12, 1 + seed % 9, replace=False)] = True
        (fit,), (core,) = core_search._improved(
            ties, (ties.matrix + ties.matrix.T).tocsr(), start[np.newaxis]
        )
        assert fit == pytest.approx(fit_of(graph, core.tolist()))
        assert fit >= fit_of(graph, start.tolist()) - 1e-12
        exchanges += int((core & ~start).any() and (start & ~core).any())
    assert exchanges > 5


def test_no_move_at_all_leaves_the_first_actors(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(core_search, "MOST_MOVES", 0)
    monkeypatch.setattr(core_search, "MOST_FOR_STARTS", 0)
    graph = nx.barabasi_albert_graph(30, 2, seed=1)
    found = core_periphery(graph)
    inside = found.core.to_numpy(bool)
    assert found.fit == pytest.approx(fit_of(graph, inside.tolist()))
    degree = np.array([graph.degree[node] for node in graph])
    close = coreness(graph).to_numpy()
    # the first by degree, or by coreness
    assert degree[inside].min() >= degree[~inside].max() or close[inside].min() >= close[~inside].max()


@settings(max_examples=25, deadline=None)
@given(st.integers(0, 1000), st.booleans())
def test_never_below_zero_and_never_above_one(seed: int, directed: bool) -> None:
    graph = nx.gnp_random_graph(7, 0.4, seed=seed, directed=directed)
    fit = core_periphery(graph).fit
    assert np.isnan(fit) or -1e-12 <= fit <= 1 + 1e-12


@settings(max_examples=20, deadline=None)
@given(st.integers(0, 1000), st.permutations(range(7)))
def test_renaming_actors_leaves_the_fit(seed: int, order: list[int]) -> None:
    graph = nx.gnp_random_graph(7, 0.4, seed=seed)
    renamed = nx.relabel_nodes(graph, {node: f"n{order[node]}" for node in graph})
    one, other = core_periphery(graph), core_periphery(renamed)
    np.testing.assert_allclose(one.fit, other.fit)
    assert one.core.sum() == other.core.sum()


@pytest.mark.parametrize(
    ("graph", "reason"),
    [
        (nx.empty_graph(0), "fewer than three actors"),
        (nx.path_graph(2), "fewer than three actors"),
        (nx.empty_graph(4), "no known cooperation"),
        (nx.complete_graph(4), "everyone cooperates with everyone"),
    ],
)
def test_no_fit_and_why(graph: nx.Graph, reason: str) -> None:
    found = core_periphery(graph, lang="en")
    assert np.isnan(found.fit)
    assert found.core.isna().tolist() == [True] * len(graph)
    assert found.note == reason
    measure = core_periphery_measure(graph, lang="en")
    assert np.isnan([measure.value, measure.low, measure.high]).all()
    assert measure.note == reason


def test_parallel_ties_ties_with_oneself_and_isolates() -> None:
    multi = nx.MultiGraph([("a", "b"), ("b", "a"), ("b", "c"), ("c", "c")])
    multi.add_node("d")
    plain = nx.Graph([("a", "b"), ("b", "c")])
    plain.add_node("d")
    one, other = core_periphery(multi), core_periphery(plain)
    assert one.fit == other.fit
    assert one.core.tolist() == other.core.tolist() == [False, True, False, False]


def test_measure_of_a_graph() -> None:
    measure = core_periphery_measure(nx.path_graph(4), lang="en")
    assert measure.value == measure.low == measure.high == pytest.approx(3 / np.sqrt(45))
    assert (measure.unit, measure.n_unknown, measure.rows) == ("ratio", 0, {})
    assert measure.note == "2 actors in the core, of 4"


def test_measure_that_was_searched(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(module, "MOST_FOR_EXACT", 3)
    measure = core_periphery_measure(nx.path_graph(4))
    assert measure.value == measure.low
    assert np.isnan(measure.high)
    assert measure.note == (
        "2 acteurs au centre, sur 4\u202f; trouvé par recherche\u00a0: un autre centre peut convenir mieux"
    )


def test_measure_of_a_filiere(hand: Filiere, silent: Filiere) -> None:
    measure = core_periphery_measure(hand, lang="en")
    assert measure.value == core_periphery(hand).fit
    assert np.isnan([measure.low, measure.high]).all()
    assert measure.n_unknown == 7
    assert set(measure.rows) == {"cooperations", "actors"}
    unknown = core_periphery_measure(silent, lang="en")
    assert np.isnan(unknown.value)
    assert (unknown.note, unknown.n_unknown) == ("no known cooperation", 21)


@pytest.mark.parametrize("leaves", [3, 5, 12])
def test_coreness_of_a_star(leaves: int) -> None:
    # the centre is at 1; n leaves minimise n (1 − c)² + n (n − 1)/2 · c⁴: (n − 1) c³ + c = 1
    found = coreness(nx.star_graph(leaves))
    roots = np.roots([leaves - 1, 0, 1, -1])
    leaf = float(roots[np.isreal(roots)].real[0])
    np.testing.assert_allclose(found, [1, *[leaf] * leaves], atol=1e-5)
    assert (found.index.name, found.name) == ("actor_id", "coreness")


def test_coreness_of_a_circle_and_of_those_outside() -> None:
    graph = nx.complete_graph(4)
    graph.add_nodes_from([4, 5])
    np.testing.assert_allclose(coreness(graph), [1, 1, 1, 1, 0, 0], atol=1e-6)


def test_no_step_makes_the_squares_smaller() -> None:
    graph = campnet()
    ties, found = nx.to_numpy_array(graph), coreness(graph).to_numpy()
    others = ~np.eye(len(graph), dtype=bool)

    def squares(c: np.ndarray) -> float:
        return float(((ties - np.outer(c, c))[others] ** 2).sum())

    rng = np.random.default_rng(0)
    least = squares(found)
    for _ in range(200):
        step = rng.normal(size=len(found)) * 0.01
        assert squares(np.clip(found + step, 0, 1)) >= least - 1e-9
    assert ((found >= 0) & (found <= 1)).all()


def test_coreness_of_directed_ties_is_that_of_their_mean() -> None:
    graph = nx.DiGraph([("a", "b"), ("b", "a"), ("b", "c"), ("c", "b"), ("a", "c"), ("c", "a"), ("a", "d")])
    found = coreness(graph)
    np.testing.assert_allclose(coreness(graph.reverse()), found, atol=1e-6)
    assert found["d"] < found["b"] < found["a"]
    # undirected, the tie of d counts whole
    assert coreness(graph, directed=False)["d"] > found["d"]


@pytest.mark.parametrize("graph", [nx.empty_graph(0), nx.path_graph(2), nx.empty_graph(4)])
def test_no_coreness(graph: nx.Graph) -> None:
    found = coreness(graph)
    assert found.index.tolist() == list(graph)
    assert found.isna().all()


def test_coreness_of_a_filiere(hand: Filiere) -> None:
    found = coreness(hand)
    assert found.index.tolist()[2] == found.idxmax() == "mairie"
    assert found["labo"] == 0


def test_errors(hand: Filiere) -> None:
    for function in (core_periphery, core_periphery_measure, coreness):
        with pytest.raises(UnknownNameError):
            function(hand, actors=["nobody"])
