"""Odd sources: nothing may break, leave its bounds or its shape, or change when actors are listed otherwise."""

from __future__ import annotations

import inspect
from collections.abc import Callable
from functools import cache
from math import isnan
from typing import Any

import networkx as nx
import numpy as np
import pandas as pd
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from chaine_valeur.analysis import cooperation
from chaine_valeur.analysis.measure import Measure
from chaine_valeur.errors import ArgumentError, UnknownNameError
from chaine_valeur.filiere import Filiere

from .plain import filiere_of, told

#: What needs another argument, or draws at random and is tested elsewhere.
LEFT_OUT = {"introducers", "strengths", "significance_sentence", "null_models", "significance_table"}
SLOW = {"significance", "mixing_significance", "ei_test", "core_periphery", "core_periphery_measure"}
FUNCTIONS = [
    (name, getattr(cooperation, name))
    for name in cooperation.__all__
    if inspect.isfunction(getattr(cooperation, name)) and name not in LEFT_OUT | SLOW
]
NAMES = ["A", "B", "C"]
TIE = {"actor_id": ["A"], "to_actor_id": ["B"]}


def two_of(**columns: Any) -> dict[str, Any]:
    return {"actor_id": ["A", "B"], "to_actor_id": ["B", "C"], **columns}


SOURCES: dict[str, Callable[[], Any]] = {
    "nothing": lambda: Filiere.from_tables(actors={"name": []}),
    "one actor": lambda: Filiere.from_tables(actors={"name": ["A"]}),
    "nobody active": lambda: Filiere.from_tables(
        actors={"name": NAMES, "status": ["closed"] * 3}, cooperations=TIE, groups={"name": ["GT"]}
    ),
    "diffuse only": lambda: Filiere.from_tables(
        actors={"name": NAMES, "actor_type": ["diffuse"] * 3}, cooperations=TIE
    ),
    "no pole": lambda: Filiere.from_tables(
        actors={"name": NAMES}, cooperations=TIE, groups={"name": ["GT"]},
        memberships={"group_id": ["GT"] * 3, "actor_id": NAMES},
    ),
    "groups without members": lambda: Filiere.from_tables(actors={"name": NAMES}, groups={"name": ["GT", "CO"]}),
    "meetings of nobody": lambda: Filiere.from_tables(
        actors={"name": NAMES},
        groups={"name": ["GT", "CO"]},
        meetings={"group_id": ["GT", "CO"], "met_on": ["1900-01-01", "2024-06-04"], "actor_id": [None, "A"]},
    ),
    "years far apart": lambda: Filiere.from_tables(
        filiere={"name": ["F"], "reference_year": [2024]},
        actors={"name": NAMES, "since": [1901, None, 2099], "until": [None, 1999, None]},
        cooperations=two_of(since=[1901, 2099], until=[1901, None]),
        flows={"source": ["A", "B"], "target": ["B", "C"], "year": [1902, 2099], "quantity_t_per_year": [1, 2]},
    ),
    "denied only": lambda: Filiere.from_tables(
        actors={"name": NAMES, "pole": ["enterprise", "elected", "ess"]}, cooperations=two_of(state=["absent"] * 2)
    ),
    "a tie both seen and denied": lambda: Filiere.from_tables(
        actors={"name": NAMES, "surveyed_on": ["2024-01-01"] * 3},
        cooperations={
            "actor_id": ["A", "B", "A"],
            "to_actor_id": ["B", "A", "B"],
            "state": ["observed", "absent", "observed"],
            "kind": ["support", None, "research"],
            "trust": [1, None, 4],
        },
        strict=False,
    ),
    "ended before all": lambda: Filiere.from_tables(
        filiere={"name": ["F"], "reference_year": [2024]},
        actors={"name": NAMES},
        cooperations=two_of(until=[1999, 2000]),
        groups={"name": ["GT"], "until": [1999]},
        memberships={"group_id": ["GT"], "actor_id": ["A"], "until": [1998]},
    ),
    "no node": nx.Graph,
    "one loop": lambda: nx.MultiDiGraph([("a", "a")]),
    "tuples": lambda: nx.Graph([((0, 1), (1, 2)), ((1, 2), "x")]),
    "two modes without edges": lambda: two_modes([]),
    "two modes": lambda: two_modes([("A", "GT"), ("B", "GT")]),
}  # fmt: skip


def two_modes(edges: list[tuple[str, str]]) -> nx.Graph:
    graph = nx.Graph()
    graph.add_nodes_from(["A", "B"], bipartite=0)
    graph.add_nodes_from(["GT", "CO"], bipartite=1)
    graph.add_edges_from(edges)
    return graph


def call(function: Callable[..., Any], source: Any, **keywords: Any) -> Any:
    """Call a function with what it cannot do without; ``None`` where it says that it wants a filière."""
    parameters = inspect.signature(function).parameters
    if isinstance(source, nx.Graph):
        if "group" in parameters and parameters["group"].default is None:
            nx.set_node_attributes(source, "x", "team")
            keywords["group"] = "team"
        for name in ("pole", "group"):
            if parameters.get(name) is not None and parameters[name].default == name:
                nx.set_node_attributes(source, "G" if name == "group" else "ess", name)
        if "flows" in parameters:
            keywords["flows"] = nx.DiGraph([("a", "b")])
        if "actor" in parameters and len(source):
            keywords["actor"] = next(iter(source))
        if next(iter(parameters.values())).annotation in ("Years",):
            source = {2020: source, 2021: source}
            keywords.pop("flows", None)
            if "flows" in parameters:
                keywords["flows"] = {2021: nx.DiGraph([("a", "b")])}
    return function(source, **keywords)


def check(found: Any, name: str) -> None:
    """Bounds are in order, around the value."""
    if isinstance(found, Measure):
        assert not found.low > found.high, found
        assert not found.value < found.low - 1e-9 and not found.value > found.high + 1e-9, found
        assert found.n_unknown >= 0
        assert found.note or not isnan(found.value), (name, found)
    elif isinstance(found, pd.DataFrame):
        assert found.columns.is_unique
        if {"low", "high"} <= set(found.columns):
            low, high = found["low"].to_numpy(np.float64), found["high"].to_numpy(np.float64)
            assert not (low > high + 1e-9).any()


@pytest.mark.parametrize("name", SOURCES)
def test_odd_sources(name: str) -> None:
    made = SOURCES[name]()
    for function_name, function in FUNCTIONS:
        source = made if isinstance(made, Filiere) else made.copy()
        try:
            found = call(function, source)
        except (ArgumentError, UnknownNameError) as refused:
            assert str(refused), function_name  # it says what is wrong: no actor to take away, no attribute…
            assert isinstance(source, nx.Graph) or function_name == "without_actor", (function_name, refused)
            continue
        check(found, function_name)
        if isinstance(found, pd.DataFrame) and isinstance(source, Filiere):
            assert list(found.columns) == columns_of(function_name), function_name


@cache
def columns_of(name: str) -> list[str]:
    """Return the columns of a table of a filière in which there is something of everything."""
    return list(dict(FUNCTIONS)[name](told(0).f).columns)


@pytest.mark.parametrize("seed", [4, 16])
def test_every_function_on_random_filieres(seed: int) -> None:
    t = told(seed)
    f = t.f.at(2020) if seed == 4 else t.f  # made once: each `year=` makes it again
    keywords: dict[str, Any] = (
        {"kind": ["support", "research"]} if seed == 4 else {"actors": t.partners()[:3]}
    )
    for name, function in FUNCTIONS:
        parameters = inspect.signature(function).parameters
        try:
            found = call(function, f, **{key: value for key, value in keywords.items() if key in parameters})
        except ArgumentError as refused:
            assert name == "without_actor", refused
            continue
        check(found, name)


def test_slow_ones_on_odd_sources() -> None:
    for name in ("nothing", "no pole", "denied only", "a tie both seen and denied"):
        f = SOURCES[name]()
        cooperation.ei_test(f, draws=20)
        cooperation.core_periphery(f)
        check(cooperation.core_periphery_measure(f), name)


@settings(max_examples=12, deadline=None)
@given(st.data())
def test_the_order_of_rows_changes_nothing(data: st.DataObject) -> None:
    """Listed in another order, the same filière has the same figures."""
    t = told(data.draw(st.integers(0, 10)))
    shuffled = {name: data.draw(st.permutations(rows)) for name, rows in t.rows.items()}
    f = filiere_of(shuffled)
    for function in (
        cooperation.density_measure,
        cooperation.ei_index_measure,
        cooperation.triptyque_closure_measure,
        cooperation.attendance_measure,
        cooperation.two_mode_density_measure,
        cooperation.persistence_measure,
        cooperation.trust_measure,
        cooperation.trade_without_cooperation_measure,
    ):
        one, other = function(t.f), function(f)
        for name in ("value", "low", "high", "n_unknown"):
            left, right = getattr(one, name), getattr(other, name)
            assert left == pytest.approx(right, nan_ok=True), (function.__name__, name)
    for table_of, key in ((cooperation.brokerage, None), (cooperation.group_table, None)):
        one, other = table_of(t.f), table_of(f)
        assert key is None and one.sort_index().equals(other.sort_index()[one.columns])
