"""What holds of every plan: money adds up, every option is taken or told why not, nothing given changes."""

from __future__ import annotations

import copy

import numpy as np
import pandas as pd
import pytest
from hypothesis import given, settings

from chaine_valeur.planning.plan import plan

from .plan_by_force import drawn, filiere_of
from .plan_checks import sound
from .plan_drawn import OBJECTIVES, SEEDS, solved

few = settings(max_examples=4, deadline=None)


@few
@given(seed=SEEDS, objective=OBJECTIVES)
def test_decisions_money_and_totals_hold_together(seed: int, objective: str) -> None:
    one = drawn(seed, options=8, years=3)
    f = filiere_of(one)
    found = solved(one, objective, f)
    if found is None:
        return
    sound(found, f, commercial_cap=one.commercial_cap)
    assert set(found.chosen.index).isdisjoint(set(f.options.index) - set(found.work.asked.options.index))
    assert (found.unspent["unspent_eur"] >= -0.01).all() and found.gap == 0.0
    carried = found.flows.groupby(["year", "source"])["t_per_year"].sum()
    for (_, source), amount in carried.items():  # nobody sends more than it has
        if source in ("r", "r2"):
            assert amount <= one.supply[str(source).upper()] + 1e-3
    for row in found.served.to_dict("records"):
        assert row["served_t_per_year"] <= one.demand + 1e-3


@few
@given(seed=SEEDS, objective=OBJECTIVES)
def test_every_option_is_either_taken_or_told_why_not(seed: int, objective: str) -> None:
    one = drawn(seed, options=5, years=2)
    f = filiere_of(one)
    found = solved(one, objective, f)
    if found is None:
        return
    rest = found.not_taken
    assert sorted([*found.chosen.index, *rest.index]) == sorted(f.options.index)
    assert rest["reason"].str.endswith(".").all() and (rest["loss"].dropna() >= 0).all()
    excluded = rest["code"].isin(
        ["viability", "supervision", "cap", "money", "mandatory", "no_payer", "outside_years", "too_late"]
    )
    assert rest.loc[excluded, "loss"].isna().all()
    assert (rest.loc[rest["code"] == "displaced", "loss"] > 0).all()
    assert (rest.loc[rest["code"] == "no_gain", "loss"] == 0).all()
    for name, row in rest.iterrows():
        if pd.notna(row["instead_of"]):
            assert (
                set(row["instead_of"].split(";")) <= set(found.chosen.index) and name not in row["instead_of"]
            )
        if pd.notna(row["loss"]):  # made mandatory, it costs exactly that
            forced = copy.deepcopy(one)
            next(o for o in forced.options if o["id"] == name)["mandatory"] = True
            other = solved(forced, objective)
            assert other is not None and other.value >= found.value - row["loss"] - 1e-4


def test_a_plan_changes_none_of_its_arguments() -> None:
    one = drawn(13, options=5, years=2)
    f = filiere_of(one)
    options, budgets = f.options.copy(), {"name": ["x"], "amount_eur": [9000.0]}
    tables = {
        name: f.table(name).copy()
        for name in ("actors", "activities", "flows", "options", "budgets", "markets")
    }
    given_budgets = copy.deepcopy(budgets)
    found = plan(f, options, budgets, years=one.years)
    found.notes(), found.to_actions(), found.not_taken
    pd.testing.assert_frame_equal(options, f.options)
    assert budgets == given_budgets
    for name, frame in tables.items():
        pd.testing.assert_frame_equal(f.table(name), frame)
    with pytest.raises(AttributeError):
        found.value = 1.0  # type: ignore[misc]
    assert np.isfinite(found.value)
