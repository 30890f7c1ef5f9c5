"""A plan equals the best of every decision tried one by one, with money and flows written a second time."""

from __future__ import annotations

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from chaine_valeur.errors import InfeasibleError
from chaine_valeur.planning.plan import Plan, plan

from .plan_by_force import Instance, best, drawn, filiere_of, searched

pytestmark = pytest.mark.long

SEEDS = st.integers(min_value=0, max_value=10**6)


def planned(one: Instance, objective: str) -> Plan | None:
    """Return the plan of an instance, ``None`` where there is none."""
    try:
        return plan(
            filiere_of(one), years=one.years, objective=objective, commercial_cap=one.commercial_cap,
            supervision_ratio=one.ratio,
        )  # fmt: skip
    except InfeasibleError as error:
        assert error.rows  # something is named
        return None


def agrees(one: Instance, objective: str) -> None:
    """Compare a plan with the best by force: what it reaches, and what budgets pay for that."""
    wanted, got = best(one, objective), planned(one, objective)
    assert (got is None) == (wanted is None)
    if got is None or wanted is None:
        return
    assert got.status == "optimal" and got.gap == 0
    assert got.value == pytest.approx(wanted[0], abs=1e-3)
    assert float(got.unspent["spent_eur"].sum()) == pytest.approx(wanted[1], abs=1.0)


@settings(max_examples=7, deadline=None)
@given(seed=SEEDS, objective=st.sampled_from(["insertion_fte", "served_t", "closed_gaps"]))
def test_a_few_options_over_two_years(seed: int, objective: str) -> None:
    agrees(drawn(seed, options=4, years=2), objective)


@settings(max_examples=4, deadline=None)
@given(seed=SEEDS, objective=st.sampled_from(["insertion_fte", "served_t"]))
def test_three_options_over_three_years(seed: int, objective: str) -> None:
    agrees(drawn(seed, options=3, years=3), objective)


@settings(max_examples=3, deadline=None)
@given(seed=SEEDS)
def test_twelve_options_in_one_year(seed: int) -> None:
    agrees(drawn(seed, options=12, years=1), "insertion_fte")


def found_by_search(seed: int, *, years: int) -> None:
    """Compare a plan with the best of every decision on posts and other options, without a chain."""
    one = drawn(seed, options=12, years=years, chain=False)
    wanted, got = searched(one), planned(one, "insertion_fte")
    assert (got is None) == (wanted is None)
    if got is not None:
        assert got.status == "optimal" and got.value == pytest.approx(wanted, abs=1e-6)


@settings(max_examples=4, deadline=None)
@given(seed=SEEDS)
def test_twelve_options_over_two_years(seed: int) -> None:
    found_by_search(seed, years=2)


@pytest.mark.parametrize("seed", [0, 4, 6, 9])
def test_twelve_options_over_three_years(seed: int) -> None:
    found_by_search(seed, years=3)


# of the instances tried by force while this was written, those in which a rule decides
@pytest.mark.parametrize(
    ("seed", "options", "years", "objective"),
    [(0, 4, 2, "served_t"), (13, 4, 2, "insertion_fte"), (21, 4, 3, "closed_gaps"), (5, 6, 2, "served_t")],
)
def test_instances_kept(seed: int, options: int, years: int, objective: str) -> None:
    agrees(drawn(seed, options=options, years=years), objective)
