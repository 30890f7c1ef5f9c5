"""The worked example, all figures at once: no completion of the unknown leaves the bounds; a graph made of the
filière gives what the filière gives.
"""

from __future__ import annotations

import inspect
import math
from collections.abc import Callable
from functools import partial
from typing import Any

import networkx as nx
import numpy as np
import pandas as pd
import pytest

from chaine_valeur.analysis import cooperation as co
from chaine_valeur.analysis.cooperation.change.without_actor import REMAINING
from chaine_valeur.io.graph import from_networkx, to_networkx
from chaine_valeur.network import Ties
from tests.cooperation.worked import UNKNOWN, WHO, completions, digraph, filiere

Figure = Callable[..., Any]

#: Figure → what it is asked besides, of the filière; of a graph `by` is `group`.
UNDIRECTED: dict[Figure, dict[str, Any]] = {
    co.density_measure: {},
    co.average_degree_measure: {},
    co.centralization_measure: {},
    co.number_of_components_measure: {},
    co.largest_component_measure: {},
    co.component_ratio_measure: {},
    co.connectedness_measure: {},
    co.fragmentation_measure: {},
    co.average_distance_measure: {},
    co.diameter_measure: {},
    co.compactness_measure: {},
    co.transitivity_measure: {},
    co.cross_pole_measure: {},
    co.ei_index_measure: {"by": "pole"},
    co.blau_measure: {"by": "pole"},
    co.triptyque_closure_measure: {},
    co.animation_share_measure: {"hub": "agglo"},
    **{partial(co.remaining_measure, of=of): {"actor": "filature"} for of in REMAINING},
}
DIRECTED: dict[Figure, dict[str, Any]] = {
    co.density_measure: {"directed": True},
    co.average_degree_measure: {"directed": True},
    co.number_of_components_measure: {"directed": True},
    co.connectedness_measure: {"directed": True},
    co.compactness_measure: {"directed": True},
    co.average_distance_measure: {"directed": True},
    co.transitivity_measure: {"directed": True},
    co.ei_index_arcs_measure: {"by": "pole"},
    partial(co.centralization_measure, mode="in"): {},
    partial(co.centralization_measure, mode="out"): {},
}


def _inside(found: Any, value: float) -> bool:
    if math.isnan(value):
        return True
    low = -math.inf if math.isnan(found.low) else found.low
    high = math.inf if math.isnan(found.high) else found.high
    return low - 1e-9 <= value <= high + 1e-9


def _of_graph(options: dict[str, Any]) -> dict[str, Any]:
    return {{"by": "group"}.get(name, name): value for name, value in options.items()}


def test_undirected() -> None:
    some = list(completions())[::19]
    for figure, options in UNDIRECTED.items():
        found = figure(filiere(), **options)
        assert _inside(found, found.value)
        for each in some:
            drawn = figure(each, **_of_graph(options))
            assert _inside(found, drawn.value), (figure, options, drawn.value, found.low, found.high)


def test_directed() -> None:
    rng = np.random.default_rng(4)
    arcs = [(WHO[a], WHO[b]) for a, b in [*UNKNOWN, *(pair[::-1] for pair in UNKNOWN), "CM"]]
    assert len(arcs) == 21
    drawn: list[nx.DiGraph] = []
    for chance in np.linspace(0, 1, 40):
        drawn.append(digraph())
        drawn[-1].add_edges_from(arc for arc in arcs if rng.random() < chance)
    for figure, options in DIRECTED.items():
        found = figure(filiere(), **options)
        for each in drawn:
            value = figure(each, **_of_graph({k: v for k, v in options.items() if k != "directed"})).value
            assert _inside(found, value), (figure, options, value, found.low, found.high)


def test_tables() -> None:
    tables = {co.block_density: "density", co.mixing_matrix: "ratio", co.homophily_table: "value"}
    for table, column in tables.items():
        found = table(filiere(), by="pole")
        for each in list(completions())[::37]:
            value = table(each, group="pole")[column]
            low, high = found["low"].fillna(-math.inf), found["high"].fillna(math.inf)
            outside = (value < low - 1e-9) | (value > high + 1e-9)
            assert not outside.any(), (table.__name__, found[outside], value[outside])


def _asks_for_nothing(figure: Any) -> bool:
    if not inspect.isfunction(figure) or figure is co.null_models:  # which yields graphs
        return False
    first, *others = inspect.signature(figure).parameters.values()
    return first.name == "source" and all(one.default is not one.empty for one in others)


NAMES = [name for name in co.__all__ if _asks_for_nothing(getattr(co, name))]


def test_graph_made_of_the_filiere(monkeypatch: pytest.MonkeyPatch) -> None:
    assert len(NAMES) > 80
    drawn = to_networkx(filiere())
    once = from_networkx(drawn)  # it takes a quarter of a second
    monkeypatch.setattr("chaine_valeur.io.graph.from_networkx", lambda _: once)
    for name in NAMES:
        expected, found = getattr(co, name)(filiere()), getattr(co, name)(drawn)
        if isinstance(expected, pd.DataFrame):
            pd.testing.assert_frame_equal(found, expected)
        elif isinstance(expected, pd.Series):
            pd.testing.assert_series_equal(found, expected)
        else:
            assert repr(found) == repr(expected), name
            if isinstance(expected, Ties):
                pd.testing.assert_index_equal(found.nodes, expected.nodes)


@pytest.mark.parametrize("kind", [None, "support", ["support", "funding", "information"]])
def test_year_of_reference(kind: Any) -> None:
    # no tie is of later than 2023, the year that the filière describes
    for figure in (co.cohesion_table, co.triad_table, co.whom_to_ask, co.structural_holes, co.trust_by_actor):
        pd.testing.assert_frame_equal(figure(filiere(), kind=kind), figure(filiere(), kind=kind, year=2023))
