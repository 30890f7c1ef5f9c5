"""Plans of instances drawn at random."""

from __future__ import annotations

from dataclasses import replace

import pandas as pd
import pytest
from hypothesis import strategies as st

import chaine_valeur as cv
from chaine_valeur.errors import InfeasibleError
from chaine_valeur.planning.plan import Plan, plan

from .plan_by_force import Instance, drawn, filiere_of

SEEDS = st.integers(min_value=0, max_value=10**6)
OBJECTIVES = st.sampled_from(["insertion_fte", "served_t", "closed_gaps"])


def solved(one: Instance, objective: str, f: cv.Filiere | None = None) -> Plan | None:
    """Return the plan of an instance, ``None`` where there is none."""
    try:
        return plan(
            filiere_of(one) if f is None else f, years=one.years, objective=objective,
            commercial_cap=one.commercial_cap, supervision_ratio=one.ratio,
        )  # fmt: skip
    except InfeasibleError:
        return None


def same(left: Plan, right: Plan) -> None:
    """Check that two plans decide and reach the same."""
    assert right.value == pytest.approx(left.value, abs=1e-5)
    columns = ["units", "decided_year", "starts_year", "cost_eur"]
    first, second = (one.chosen.sort_index()[columns] for one in (left, right))
    pd.testing.assert_frame_equal(first, second, check_exact=False, atol=0.01)
    assert right.unspent["spent_eur"].sum() == pytest.approx(left.unspent["spent_eur"].sum(), abs=0.1)


def distinct(seed: int) -> Instance:
    """Return an instance of which no two sets of options reach or cost the same, so that there is one best."""
    one = drawn(seed, options=5, years=2)
    options = [
        o | {"fte": o["fte"] + 0.01 * 2**k, "inv": o["inv"] + 7.0 * 3**k} for k, o in enumerate(one.options)
    ]
    return replace(one, options=options)
