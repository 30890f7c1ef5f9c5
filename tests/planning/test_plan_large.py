"""Many options: the relaxation first; and what holds of every plan."""

from __future__ import annotations

from typing import Any

import numpy as np
import pytest

from chaine_valeur.errors import NotSolvedError
from chaine_valeur.planning.plan import large, plan
from chaine_valeur.planning.plan.large import solved_large
from chaine_valeur.planning.plan.solve import solved
from chaine_valeur.planning.plan.work import work_of

from .plan_cases import budget, chosen, posts


@pytest.mark.parametrize("seed", range(2))
def test_the_way_of_many_options_keeps_its_gap(seed: int) -> None:
    random = np.random.default_rng(seed)
    size = 45
    f = posts(
        name=[f"o{n}" for n in range(size)], insertion_fte=random.integers(1, 9, size).astype(float),
        investment_eur=random.integers(1, 50, size) * 1000.0,
        running_cost_eur_per_year=random.integers(0, 9, size) * 500.0,
        units_max=random.integers(1, 3, size), delay_years=random.integers(0, 2, size),
    )  # fmt: skip
    asks: dict[str, Any] = {"years": range(2025, 2028), "objective": "insertion_fte", "commercial_cap": 0.3,
                            "supervision_ratio": None, "gap": 0.01, "time_limit_s": 30.0, "year": None}  # fmt: skip
    money = {
        "name": ["x", "y"],
        "amount_eur": [200_000, 90_000],
        "yearly_limit_eur_per_year": [80_000, None],
        "purposes": [None, "investment"],
    }
    work = work_of(f, None, money, **asks)
    exact = solved(work.model, work.total)
    near = solved_large(work.model, work.total, gap=0.01, time_limit_s=30.0)
    assert exact is not None and near is not None
    assert near.gap() <= 0.01 and near.bound >= exact.value - 1e-6
    assert exact.value * 0.99 <= near.value <= exact.value + 1e-6
    # every row holds for the decisions that it returns
    values = work.model.matrix @ near.columns
    assert (values <= work.model.high + 1e-5).all() and (values >= work.model.low - 1e-5).all()
    closer = solved_large(work.model, work.total, gap=0.0, time_limit_s=30.0)
    assert closer is not None and closer.value == pytest.approx(exact.value)


def test_more_money_never_reaches_less() -> None:
    f = posts(name=list("abcd"), insertion_fte=[4, 3, 2, 2], investment_eur=[7000, 5000, 3000, 2500])
    values = [
        plan(f, budgets=budget(amount_eur=amount), years=[2025]).value for amount in range(0, 18_000, 3000)
    ]
    # 0; 2 for 3 000; 4 for 5 500; 5 + 2 for 8 000: 3 + 2; 7 for 10 500: 3 + 2 + 2; 9 for 14 500: 4 + 3 + 2
    assert values == [0.0, 2.0, 4.0, 5.0, 7.0, 9.0]


def test_names_of_options_do_not_matter() -> None:
    columns: dict[str, Any] = {"insertion_fte": [4, 3, 2], "investment_eur": [7000, 5000, 3000]}
    money = budget(amount_eur=8000)
    one = plan(posts(name=["a", "b", "c"], **columns), budgets=money, years=[2025])
    other = plan(posts(name=["z", "y", "x"], **columns), budgets=money, years=[2025])
    assert chosen(one) == {"b": 2025, "c": 2025} and chosen(other) == {"y": 2025, "x": 2025}


def many() -> Any:
    """Return the program of 45 options, of which nothing less than the exact way proves the best."""
    random = np.random.default_rng(3)
    size = 45
    f = posts(
        name=[f"o{n}" for n in range(size)], insertion_fte=random.integers(1, 9, size).astype(float),
        investment_eur=random.integers(1, 50, size) * 1000.0,
    )  # fmt: skip
    asks: dict[str, Any] = {"years": [2025], "objective": "insertion_fte", "commercial_cap": 0.3,
                            "supervision_ratio": None, "gap": 0.0, "time_limit_s": 30.0, "year": None}  # fmt: skip
    return work_of(f, None, budget(amount_eur=100_500.0), **asks)


def test_what_was_found_is_kept_where_time_runs_out(monkeypatch: pytest.MonkeyPatch) -> None:
    work, calls = many(), []

    def late(*args: Any, **asks: Any) -> Any:
        calls.append(asks)
        if len(calls) == 3:
            raise NotSolvedError("time")
        return solved(*args, **asks)

    monkeypatch.setattr(large, "solved", late)
    found = solved_large(work.model, work.total, gap=0.0, time_limit_s=30.0)
    assert len(calls) == 3 and found is not None and not found.in_time
    exact = solved(work.model, work.total)
    assert exact is not None and found.value <= exact.value + 1e-6 <= found.bound + 2e-6
    values = work.model.matrix @ found.columns
    assert (values <= work.model.high + 1e-5).all() and (values >= work.model.low - 1e-5).all()


def test_a_trial_that_finds_nothing_in_time_is_left(monkeypatch: pytest.MonkeyPatch) -> None:
    work, calls = many(), []

    def late(*args: Any, **asks: Any) -> Any:
        calls.append(asks)
        if len(calls) < 3:
            raise NotSolvedError("time")
        return solved(*args, **asks)

    monkeypatch.setattr(large, "solved", late)
    found = solved_large(work.model, work.total, gap=0.0, time_limit_s=30.0)
    exact = solved(work.model, work.total)
    assert found is not None and exact is not None and found.value == pytest.approx(exact.value)
    monkeypatch.setattr(large, "solved", lambda *args, **asks: (_ for _ in ()).throw(NotSolvedError("time")))
    with pytest.raises(NotSolvedError):
        solved_large(work.model, work.total, gap=0.0, time_limit_s=30.0)
