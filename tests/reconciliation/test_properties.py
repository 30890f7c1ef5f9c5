"""What holds of every reconciliation: balances, order, names, units, bounds, an independent solver."""

from __future__ import annotations

from typing import Any

import numpy as np
import pandas as pd
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from scipy.optimize import minimize

import chaine_valeur as cv
from chaine_valeur import Filiere
from tests.flows.making import flow, made

pytestmark = pytest.mark.long

RECIPE = [("tri", "in", "usage", 1.0), ("tri", "out", "bon", 0.6), ("tri", "out", "refus", 0.3)]


@st.composite
def chains(draw: st.DrawFn) -> dict[str, Any]:
    """Return the parts of a chain: two resources, one or two sorters, a workshop, two markets."""
    tonnes = st.one_of(st.none(), st.floats(1, 500).map(lambda value: round(value, 1)))
    share = st.sampled_from([0.02, 0.1, 0.3, 1.0])
    sorters = draw(st.integers(1, 2))
    flows = []
    for number in range(sorters):
        name = f"t{number}"
        flows += [flow(source, name, draw(tonnes), material_id="usage", uncertainty_share=draw(share),
                       flow_id=f"{source}-{name}") for source in ("m", "n")]  # fmt: skip
        flows += [
            flow(
                name, "a", draw(tonnes), material_id="bon", uncertainty_share=draw(share), flow_id=f"{name}-a"
            ),
            flow(
                name,
                None,
                draw(tonnes),
                material_id="refus",
                uncertainty_share=draw(share),
                flow_id=f"{name}-r",
            ),
        ]
    flows += [flow("a", end, draw(tonnes), material_id="bon", uncertainty_share=draw(share), flow_id=f"a-{end}")
              for end in ("v", "w")]  # fmt: skip
    actors = {"m": "gisement", "n": "gisement", **{f"t{n}": "tri" for n in range(sorters)}, "a": "atelier",
              "v": "vente", "w": "vente"}  # fmt: skip
    return {"actors": actors, "flows": flows, "recipes": RECIPE,
            "recipe_uncertainty": draw(st.sampled_from([0.0, 0.1]))}  # fmt: skip


def built(parts: dict[str, Any]) -> Filiere:
    return made(parts["actors"], parts["flows"], recipes=parts["recipes"],
                recipe_uncertainty=parts["recipe_uncertainty"])  # fmt: skip


@settings(max_examples=25)
@given(chains())
def test_what_is_found_adds_up(parts: dict[str, Any]) -> None:
    f = built(parts)
    before = f.flows.copy()
    r = cv.reconcile(f)
    problem = r.model.problem
    x = r.solution.x
    scale = max(1.0, float(np.abs(x).max()))
    assert np.abs(problem.A @ x - problem.b).max(initial=0.0) <= 1e-6 * scale
    assert (x >= problem.lower - 1e-6 * scale).all()
    assert (x <= problem.upper + 1e-6 * scale).all()
    if problem.C is not None:
        assert (problem.C @ x <= problem.d + 1e-6 * scale).all()
    pd.testing.assert_frame_equal(f.flows, before)
    # what the workshop receives is what it sends
    found = r.flows["reconciled_t_per_year"]
    entering = found[[name for name in found.index if name.endswith("-a")]].sum()
    assert entering == pytest.approx(found[["a-v", "a-w"]].sum(), abs=1e-5 * scale)


@settings(max_examples=15)
@given(chains())
def test_an_independent_solver_finds_no_better(parts: dict[str, Any]) -> None:
    """SLSQP, started from what was found, cannot lower the weighted sum of squares."""
    r = cv.reconcile(built(parts))
    p = r.model.problem
    measured = p.is_measured & (p.sigma > 0)
    scale = np.where(measured, p.sigma, max(1.0, float(np.abs(r.solution.x).max())))

    def cost(z: np.ndarray) -> float:
        return float((((z * scale - p.measured) / p.sigma)[measured] ** 2).sum())

    def slope(z: np.ndarray) -> np.ndarray:
        found = np.zeros(len(z))
        found[measured] = 2 * ((z * scale - p.measured) / p.sigma)[measured] * (scale / p.sigma)[measured]
        return found

    dense = p.A.toarray() * scale
    constraints = [{"type": "eq", "fun": lambda z: dense @ z - p.b, "jac": lambda z: dense}]
    if p.C is not None:
        below = p.C.toarray() * scale
        constraints.append({"type": "ineq", "fun": lambda z: p.d - below @ z, "jac": lambda z: -below})
    bounds = list(zip(p.lower / scale, p.upper / scale, strict=True))
    start = r.solution.x / scale
    better = minimize(cost, start, jac=slope, bounds=bounds, constraints=constraints, method="SLSQP",
                      options={"maxiter": 200, "ftol": 1e-12})  # fmt: skip
    if better.success:
        assert cost(start) <= better.fun + 1e-4 * (1 + better.fun)
    assert r.solution.objective == pytest.approx(cost(start), rel=1e-6, abs=1e-9)


@settings(max_examples=12)
@given(chains(), st.randoms(use_true_random=False))
def test_the_order_and_the_names_of_rows_change_nothing(parts: dict[str, Any], random: Any) -> None:
    first = cv.reconcile(built(parts))
    flows = list(parts["flows"])
    random.shuffle(flows)
    names = {name: f"z{name}" for name in parts["actors"]}
    renamed = [
        {**row, "source": names.get(row["source"]), "target": names.get(row["target"])} for row in flows
    ]
    actors = {names[name]: stage for name, stage in parts["actors"].items()}
    second = cv.reconcile(built({**parts, "flows": renamed, "actors": actors}))
    known = first.flows.index[first.flows["data_class"] != "free"]
    a, b = first.flows.loc[known], second.flows.loc[known]
    size = max(1.0, float(a["reconciled_t_per_year"].max()) if len(a) else 1.0)
    assert a["reconciled_t_per_year"].tolist() == pytest.approx(
        b["reconciled_t_per_year"].tolist(), abs=1e-5 * size
    )
    assert a["data_class"].tolist() == b["data_class"].tolist()
    assert first.test.dof == second.test.dof
    assert first.test.chi2 == pytest.approx(second.test.chi2, rel=1e-4, abs=1e-6)


@settings(max_examples=12)
@given(chains(), st.sampled_from([1e-3, 10.0, 1e4]))
def test_tonnes_may_be_kilograms(parts: dict[str, Any], factor: float) -> None:
    """Everything times a factor: flows, deviations and ranges follow, tests and classes stay."""
    first = cv.reconcile(built(parts))
    flows = [{**row, "quantity_t_per_year": None if row["quantity_t_per_year"] is None
              else row["quantity_t_per_year"] * factor} for row in parts["flows"]]  # fmt: skip
    second = cv.reconcile(built({**parts, "flows": flows}))
    known = (first.flows["data_class"] != "free").to_numpy(bool)
    a = first.flows["reconciled_t_per_year"].to_numpy()[known] * factor
    b = second.flows["reconciled_t_per_year"].to_numpy()[known]
    assert b.tolist() == pytest.approx(a.tolist(), rel=1e-4, abs=1e-4 * factor)
    assert first.flows["data_class"].tolist() == second.flows["data_class"].tolist()
    assert second.test.chi2 == pytest.approx(first.test.chi2, rel=1e-3, abs=1e-6)


@settings(max_examples=15)
@given(chains())
def test_ranges_hold_what_was_found_and_measuring_narrows(parts: dict[str, Any]) -> None:
    r = cv.reconcile(built(parts))
    table = r.details()
    size = max(1.0, float(table["reconciled_t_per_year"].max()))
    assert (table["low_t_per_year"] <= table["reconciled_t_per_year"] + 1e-5 * size).all()
    assert (table["reconciled_t_per_year"] <= table["high_t_per_year"] + 1e-5 * size).all()
    declared = table["declared_sd_t"].notna()
    assert (table["reconciled_sd_t"][declared] <= table["declared_sd_t"][declared] * (1 + 1e-6)).all()
    z = table["standardised_adjustment"].dropna()
    # no single adjustment weighs more than all of them together
    assert (z**2 <= r.test.chi2 * (1 + 1e-3) + 1e-6).all()
    advice = r.next_measurements()
    assert advice["reduction_share"].between(0, 1).all()
    assert advice["reduction_share"].is_monotonic_decreasing
