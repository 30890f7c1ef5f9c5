"""Every column of the program is bounded, and by no less than its rows allow; programs that the solver got wrong."""

from __future__ import annotations

from dataclasses import replace
from typing import Any

import numpy as np
import pandas as pd
import pytest

from chaine_valeur.planning.plan.model import AMPLE, Model
from chaine_valeur.planning.plan.solve import solved
from chaine_valeur.planning.plan.work import Work, work_of

from .plan_by_force import drawn, filiere_of
from .plan_cases import budget, chain, posts
from .plan_drawn import solved as planned
from .test_plan_force import agrees


def work(f: Any, **more: Any) -> Work:
    asks = {"years": [2025, 2026], "objective": "insertion_fte", "commercial_cap": 0.3, "supervision_ratio": None,
            "gap": 0.0, "time_limit_s": 30.0, "year": None, "all_flows": True} | more  # fmt: skip
    return work_of(f, None, None, **asks)


def part(model: Model, name: str) -> list[float]:
    return model.upper[model.parts[name]].tolist()


def test_bounds_of_money_by_hand() -> None:
    # 2 units of 3 000 at the start and 5 000 a year, aid 1 500; b costs nothing: nobody pays anything for it
    f = posts(name=["a", "b"], insertion_fte=[1, 1], investment_eur=[3000, 0], running_cost_eur_per_year=[5000, 0],
              post_aid_eur_per_year=[1500, 900], units_max=[2, 1])  # fmt: skip
    model = work(f.with_table("budgets", pd.DataFrame(budget(amount_eur=1.0)))).model
    # thousand euros, a in each of both years: the start, then the year; along budget, option, kind, year
    assert part(model, "money") == [6.0, 6.0, 10.0, 10.0]
    assert part(model, "aid") == [3.0, 3.0, 0.0, 0.0]  # b has no cost that its aid could pay
    assert part(model, "units") == [2.0, 2.0, 1.0, 1.0] and part(model, "starts") == [1.0, 1.0]


def test_bounds_of_tonnes_and_receipts_by_hand() -> None:
    # 2 units of 30 t, 4 000 a year; whatever is earned pays no more than the yearly cost
    f = chain(
        stage_id="s",
        capacity_t_per_year=30,
        units_max=2,
        receipts_eur_per_t=1000,
        running_cost_eur_per_year=4000,
    )
    own = work(f)
    assert part(own.model, "tonnes") == [60.0, 60.0] and part(own.model, "receipts") == [8.0, 8.0]
    free = work(f.with_table("options", f.options.assign(receipts_eur_per_t=np.nan)))
    assert part(free.model, "receipts") == [0.0, 0.0]
    # the largest limit known is 100 t; what is closed stays so
    assert own.chain is not None
    flows = np.array(part(own.model, "flows"))
    assert set(flows) <= {0.0, AMPLE * 100.0} and (flows == 0).sum() == 2 * (~own.chain.program.open_).sum()


@pytest.mark.parametrize("seed", range(6))
def test_wider_bounds_reach_no_more(seed: int) -> None:
    one = drawn(seed, options=5, years=2)
    own = work(filiere_of(one), commercial_cap=one.commercial_cap, supervision_ratio=one.ratio)
    model = own.model
    assert np.isfinite(model.upper).all() and (model.upper >= model.lower).all()
    loose = np.where(model.whole, model.upper, model.upper * 10)
    for name in ("served_t", "insertion_fte", "closed_gaps"):  # over the three aims
        found = solved(model, model.totals[name])
        wide = solved(replace(model, upper=loose), model.totals[name])
        assert (found is None) == (wide is None)
        if found is not None and wide is not None:
            assert wide.value == pytest.approx(found.value, abs=1e-5)


# Of some two thousand instances drawn, those in which HiGHS 1.12 crashed (1), turned for ever (2), or found nothing
# where a plan that takes nothing is one (3, 4), as long as columns had no bound or its word was taken for it.


@pytest.mark.parametrize(("seed", "objective"), [(5_780_883, "served_t"), (7_776_471, "closed_gaps")])
def test_instances_that_the_solver_got_wrong(seed: int, objective: str) -> None:
    agrees(drawn(seed, options=5, years=2), objective)


def test_an_instance_without_a_plan_that_was_never_told() -> None:
    assert planned(drawn(5_994_696, options=5, years=2), "served_t") is None


def test_a_tie_that_was_said_to_be_none() -> None:
    found = planned(drawn(19_061_046, options=8, years=3), "served_t")
    assert found is not None and found.status == "optimal"
    assert found.value == 0.0 and found.unspent["spent_eur"].sum() == 0.0 and found.chosen.empty
