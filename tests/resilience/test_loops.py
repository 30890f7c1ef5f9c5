"""The loops of the flows."""

from __future__ import annotations

import networkx as nx
import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from chaine_valeur import Filiere
from chaine_valeur.analysis.flows.circularity.matrix import FlowMatrix
from chaine_valeur.analysis.resilience import cycles
from chaine_valeur.analysis.resilience.loops import CYCLE_COLUMNS
from chaine_valeur.errors import ArgumentError, DataQualityWarning
from tests.resilience.hand import hand, passing


def test_by_hand() -> None:
    """relais → filature 60, filature → relais 8: 8 may go all the way round."""
    found = cycles(hand())
    assert found.columns.tolist() == CYCLE_COLUMNS
    assert found.values.tolist() == [["relais → filature", 2, 8.0, "filature", "relais", 0]]


def test_by_activity_and_stage() -> None:
    # activities in the order of the actors and stages in their tables
    assert cycles(hand(), by="activity")["cycle"].tolist() == ["relais · tri → filature · filage"]
    # trieur also sorts: by stage tri → filage carries 80
    assert cycles(hand(), by="stage").values.tolist() == [["tri → filage", 2, 8.0, "filage", "tri", 0]]
    with pytest.raises(ArgumentError, match="by='pole'"):
        cycles(hand(), by="pole")


def test_parallel_flows_are_one_passage() -> None:
    f = passing(("a", "b"), ("a", "b"), ("b", "a"), quantity_t_per_year=[2.0, 3.0, 9.0])
    assert cycles(f).values.tolist() == [["a → b", 2, 5.0, "a", "b", 0]]


def test_an_unknown_passage_leaves_the_loop_unknown() -> None:
    """Beside a known 2 t an unknown flow passes: a → b may carry any more; b → c is the weakest known."""
    f = passing(("a", "b"), ("a", "b"), ("b", "c"), ("c", "a"), quantity_t_per_year=[2.0, None, 5.0, 7.0])
    found = cycles(f).iloc[0]
    assert np.isnan(found["weakest_t_per_year"])
    assert (found["weakest_source"], found["weakest_target"], found["n_unknown"]) == ("b", "c", 1)
    silent = cycles(passing(("a", "b"), ("b", "a"))).iloc[0]
    assert silent["n_unknown"] == 2
    assert silent[["weakest_source", "weakest_target"]].isna().all()


def test_a_measured_zero_makes_no_loop() -> None:
    assert cycles(passing(("a", "b"), ("b", "a"), quantity_t_per_year=[5.0, 0.0])).empty


@pytest.mark.parametrize(
    "f",
    [
        passing(("a", "b"), ("b", "c")),
        Filiere.from_tables(actors={"name": ["A"]}),
        passing((None, "a"), ("a", None)),
    ],
)
def test_no_loop(f: Filiere) -> None:
    found = cycles(f)
    assert found.empty
    assert found.columns.tolist() == CYCLE_COLUMNS
    assert found["weakest_t_per_year"].dtype == "float64"


def test_a_flow_to_oneself_in_a_matrix() -> None:
    found = cycles(FlowMatrix([[3, 1], [0, 0]], inputs=[1, 0], labels=["a", "b"]))
    assert found.values.tolist() == [["a", 1, 3.0, "a", "a", 0]]


def test_more_loops_than_the_limit_are_told() -> None:
    full = FlowMatrix(np.ones((6, 6)) - np.eye(6), inputs=np.ones(6))
    # 6 compartments all to all: Σ_k 6! / ((6 − k)! k) = 15 + 40 + 90 + 144 + 120 = 409
    assert len(cycles(full)) == 409
    with pytest.warns(DataQualityWarning, match="more than 10 loops: the first 10 found"):
        assert len(cycles(full, limit=10)) == 10
    assert len(cycles(full, longest=2)) == 15
    assert len(cycles(full, limit=409)) == 409


@pytest.mark.parametrize("wrong", [{"limit": 0}, {"limit": -1}, {"longest": 0}])
def test_a_list_of_at_least_one_loop_of_at_least_one_step(wrong: dict[str, int]) -> None:
    (name, value), *_ = wrong.items()
    with pytest.raises(ArgumentError, match=f"{name}={value} .*have to be 1 or more"):
        cycles(hand(), **wrong)


@settings(max_examples=25)
@given(st.lists(st.tuples(st.integers(0, 5), st.integers(0, 5)), max_size=14, unique=True))
def test_they_are_those_of_networkx_and_their_weakest_passage(pairs: list[tuple[int, int]]) -> None:
    inner = np.zeros((6, 6))
    for number, (a, b) in enumerate(pairs, 1):
        inner[a, b] = number
    found = cycles(FlowMatrix(inner, inputs=np.zeros(6)))
    referee = {}
    for cycle in nx.simple_cycles(nx.DiGraph(pairs)):
        start = cycle.index(min(cycle))
        cycle = cycle[start:] + cycle[:start]
        steps = list(zip(cycle, [*cycle[1:], cycle[0]], strict=True))
        referee[" → ".join(map(str, cycle))] = min(inner[step] for step in steps)
    assert dict(zip(found["cycle"], found["weakest_t_per_year"], strict=True)) == referee
    assert found["n_steps"].tolist() == sorted(found["n_steps"])
