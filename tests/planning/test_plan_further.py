"""Asking a plan again, against every set of options tried: more money, other sets, the front, the price of closing."""

from __future__ import annotations

import itertools
from typing import Any

import numpy as np
import pandas as pd
import pytest

import chaine_valeur as cv
from chaine_valeur.errors import ArgumentError
from chaine_valeur.planning.plan import (
    alternatives,
    closing,
    closing_cost,
    pareto,
    plan,
    what_more_buys,
)

from .plan_cases import budget, chain, posts

#: Options of the sets tried: FTE, euros.
OPTIONS = {"a": (5.0, 6000.0), "b": (4.0, 5000.0), "c": (3.5, 3000.0), "d": (2.0, 2500.0), "e": (1.0, 1500.0)}


def priced(**more: Any) -> cv.Filiere:
    fte, cost = zip(*OPTIONS.values(), strict=True)
    return posts(name=list(OPTIONS), insertion_fte=list(fte), investment_eur=list(cost), **more)


def sets(money: float) -> dict[str, float]:
    """Return every set of options within some money, with its FTE."""
    found = {}
    for size in range(len(OPTIONS) + 1):
        for part in itertools.combinations(OPTIONS, size):
            if sum(OPTIONS[one][1] for one in part) <= money:
                found[";".join(part)] = sum(OPTIONS[one][0] for one in part)
    return found


# -- what more money buys --------------------------------------------------------------------------------------


@pytest.mark.parametrize("more", [500.0, 1500.0, 4000.0])
def test_more_money_against_every_set(more: float) -> None:
    first = plan(priced(), budgets=budget(amount_eur=8500), years=[2025])
    assert first.value == max(sets(8500).values())
    bought = what_more_buys(first, amount_eur=more)
    best = max(sets(8500 + more).values())
    assert bought["gain"].tolist() == pytest.approx([best - first.value])
    row = bought.iloc[0]
    now = set(first.chosen.index) - set(row["dropped"].split(";")) | (set(row["added"].split(";")) - {""})
    assert sum(OPTIONS[one][0] for one in now) == pytest.approx(best)
    assert row["gain_within_year"] == row["gain"]  # no limit a year


def test_each_budget_is_asked_by_itself() -> None:
    # a: 6 000 of investment; p: 5 000 of training. Each budget lacks 1 000 for its own
    f = posts(name=["a", "p"], insertion_fte=[3, 2], investment_eur=[6000, 0], running_cost_eur_per_year=[0, 5000],
              purpose=[None, "training"])  # fmt: skip
    money = {"name": ["inv", "form"], "amount_eur": [5000, 4000], "purposes": ["investment", "training"]}
    first = plan(f, budgets=money, years=[2025])
    bought = what_more_buys(first, amount_eur=1000)
    assert bought.index.tolist() == ["inv", "form"] and bought["gain"].tolist() == [3.0, 2.0]
    assert bought["added"].tolist() == ["a", "p"] and bought["dropped"].tolist() == ["", ""]
    assert what_more_buys(first, amount_eur=999)["gain"].tolist() == [0.0, 0.0]


def test_more_money_may_drop_something_for_something_better() -> None:
    # 5 000: b (4 FTE for 5 000); 6 000: a (5 for 6 000) instead
    f = posts(name=["a", "b"], insertion_fte=[5, 4], investment_eur=[6000, 5000])
    bought = what_more_buys(plan(f, budgets=budget(amount_eur=5000), years=[2025]), amount_eur=1000)
    assert bought.loc["enveloppe", ["gain", "added", "dropped"]].tolist() == [1.0, "a", "b"]


def test_more_money_within_a_yearly_limit_may_still_buy_a_later_year() -> None:
    # 3 000 a year; a and b 3 000 each. 3 000 in all: a for two years (2 × 2). 3 000 more: b in 2026 too (+ 1),
    # at once if the limit grows along (+ 2)
    f = posts(name=["a", "b"], insertion_fte=[2, 1], investment_eur=[3000, 3000])
    first = plan(f, budgets=budget(amount_eur=3000, yearly_limit_eur_per_year=3000), years=[2025, 2026])
    bought = what_more_buys(first, amount_eur=3000)
    assert first.value == 4.0 and bought.iloc[0][["gain", "gain_within_year"]].tolist() == [2.0, 1.0]


@pytest.mark.parametrize("amount", [0, -1, np.nan, np.inf])
def test_more_money_is_a_number_above_nothing(amount: float) -> None:
    first = plan(posts(name=["a"], insertion_fte=[1]), budgets=budget(amount_eur=1), years=[2025])
    with pytest.raises(ArgumentError, match="amount_eur"):
        what_more_buys(first, amount_eur=amount)


def test_nothing_to_ask_without_a_budget() -> None:
    first = plan(posts(name=["a"], insertion_fte=[1]), years=[2025])
    bought = what_more_buys(first)
    assert bought.empty and bought.index.name == "budget_id"
    assert list(bought.columns) == ["name", "more_eur", "gain", "gain_within_year", "added", "dropped"]


# -- other sets ------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("within", [0.1, 0.25])
def test_alternatives_against_every_set(within: float) -> None:
    first = plan(priced(), budgets=budget(amount_eur=9000), years=[2025])
    others = alternatives(first, within=within, most=50)
    every = sets(9000)
    best = ";".join(sorted(first.chosen.index))
    assert every[best] == first.value
    # sets within the share that no other listed one contains: adding to a set is no other set
    floor = first.value * (1 - within) - 1e-9
    near = {s: v for s, v in every.items() if v >= floor and s != best}
    got = dict(zip(others["options"], others["value"], strict=True))
    assert all(near[s] == pytest.approx(v) for s, v in got.items())
    values = others["value"].tolist()
    assert values == sorted(values, reverse=True) and others["rank"].tolist() == list(
        range(1, len(values) + 1)
    )
    for missing in set(near) - set(got):  # what is not listed only takes away from, or adds to, one that is
        own = set(missing.split(";"))
        assert any(set(s.split(";")) <= own for s in [*got, best])
    assert np.allclose(others["loss"], first.value - others["value"])
    cost = [sum(OPTIONS[one][1] for one in s.split(";")) for s in others["options"]]
    assert others["from_budgets_eur"].tolist() == pytest.approx(cost)


def test_alternatives_of_a_plan_that_takes_nothing() -> None:
    first = plan(
        posts(name=["a"], insertion_fte=[1], investment_eur=[9]), budgets=budget(amount_eur=1), years=[2025]
    )
    others = alternatives(first, within=1.0)
    assert others.empty and list(others.columns)[:3] == ["rank", "value", "loss"]


def test_what_is_decided_is_in_every_alternative() -> None:
    f = posts(
        name=["a", "b", "c"],
        insertion_fte=[1, 2, 2],
        investment_eur=[1000, 1000, 1000],
        mandatory=[True, False, False],
    )
    first = plan(f, budgets=budget(amount_eur=2000), years=[2025])
    others = alternatives(first, within=1.0)
    assert others["options"].tolist() == ["a;c", "a"]
    assert others[["added", "dropped"]].values.tolist() == [["c", "b"], ["", "b"]]


@pytest.mark.parametrize("asks", [{"within": -0.1}, {"within": 1.1}, {"most": 0}, {"within": np.nan}])
def test_alternatives_refuse(asks: dict[str, Any]) -> None:
    first = plan(posts(name=["a"], insertion_fte=[1]), years=[2025])
    with pytest.raises(ArgumentError, match="within"):
        alternatives(first, **asks)


# -- the front -------------------------------------------------------------------------------------------------


@pytest.fixture(scope="module")
def trade() -> cv.Filiere:
    """Return options of jobs (p, q), of tonnes (o), and of both (w), over one year."""
    f = chain(actor_id="a", stage_id="s", capacity_t_per_year=25, insertion_fte=0.0, investment_eur=4000)
    rows = [
        {"option_id": "p", "name": "p", "kind": "posts", "insertion_fte": 2.0, "investment_eur": 3000.0},
        {"option_id": "q", "name": "q", "kind": "posts", "insertion_fte": 1.0, "investment_eur": 1000.0},
        {"option_id": "w", "name": "w", "kind": "activity", "actor_id": "a", "stage_id": "s",
         "capacity_t_per_year": 15.0, "insertion_fte": 1.5, "investment_eur": 5000.0},
    ]  # fmt: skip
    f = f.with_rows("options", [row | {"running_cost_eur_per_year": 0.0} for row in rows])
    return f.with_table("budgets", pd.DataFrame(budget(amount_eur=9000)))


#: FTE, tonnes, euros of each option of `trade`.
EACH = {"o": (0.0, 25.0, 4000.0), "p": (2.0, 0.0, 3000.0), "q": (1.0, 0.0, 1000.0), "w": (1.5, 15.0, 5000.0)}


def test_the_front_lies_among_sets_that_none_dominates(trade: cv.Filiere) -> None:
    front = pareto(trade, years=[2025], points=5)
    every = [
        tuple(sum(EACH[one][k] for one in part) for k in range(3))
        for size in range(5) for part in itertools.combinations(EACH, size)
        if sum(EACH[one][2] for one in part) <= 9000
    ]  # fmt: skip
    kept = {
        v for v in every
        if not any(w != v and w[0] >= v[0] and w[1] >= v[1] and w[2] <= v[2] for w in every)
    }  # fmt: skip
    got = list(front[["insertion_fte", "served_t", "budgets_eur"]].itertuples(index=False, name=None))
    assert len(got) == len(set(got)) and set(got) <= kept and front["proved"].all()
    assert front["budgets_eur"].is_monotonic_increasing
    for names, *point in front[["options", "insertion_fte", "served_t", "budgets_eur"]].itertuples(
        index=False
    ):
        assert point == [sum(EACH[one][k] for one in names.split(";") if one) for k in range(3)]


def test_the_ends_of_the_front_are_plans_of_one_aim(trade: cv.Filiere) -> None:
    front = pareto(trade, years=[2025], points=3)
    most = {goal: plan(trade, years=[2025], objective=goal) for goal in ("insertion_fte", "served_t")}
    assert front["insertion_fte"].max() == pytest.approx(most["insertion_fte"].value)
    assert front["served_t"].max() == pytest.approx(most["served_t"].value)
    # by hand: p, q and w cost 9 000: 4.5 FTE, against 3 with o; o and w: 40 t for 9 000
    assert front["insertion_fte"].max() == 4.5 and front["served_t"].max() == 40.0
    assert front.iloc[0].tolist() == [0.0, 0.0, 0.0, "", True]


# -- the price of closing --------------------------------------------------------------------------------------


@pytest.fixture(scope="module")
def short() -> cv.Filiere:
    """Return the chain of which 60 t of 100 are missing, and four extensions of A."""
    f = chain(actor_id="a", stage_id="s", capacity_t_per_year=60, investment_eur=9500)
    rows = [
        ("h", 30.0, 4000.0, 500.0),
        ("i", 30.0, 4200.0, 0.0),
        ("j", 15.0, 1800.0, 200.0),
        ("k", 50.0, 7000.0, 0.0),
    ]
    more = [
        {"option_id": name, "name": name, "kind": "activity", "actor_id": "a", "stage_id": "s",
         "capacity_t_per_year": tonnes, "investment_eur": start, "running_cost_eur_per_year": running}
        for name, tonnes, start, running in rows
    ]  # fmt: skip
    return f.with_rows("options", more)


#: Tonnes, euros at the start, euros a year.
EXTENSIONS = {
    "o": (60, 9500, 0),
    "h": (30, 4000, 500),
    "i": (30, 4200, 0),
    "j": (15, 1800, 200),
    "k": (50, 7000, 0),
}


@pytest.mark.parametrize("share", [0.4, 0.41, 0.55, 0.7, 0.85, 1.0])
def test_closing_against_every_set(short: cv.Filiere, share: float) -> None:
    # decided in the last year of two, each is paid for one year of operation
    missing = 100 * share - 40
    tried = {
        part: sum(EXTENSIONS[one][1] + EXTENSIONS[one][2] for one in part)
        for size in range(6) for part in itertools.combinations(EXTENSIONS, size)
        if sum(EXTENSIONS[one][0] for one in part) >= missing - 1e-9
    }  # fmt: skip
    found = closing(short, years=[2025, 2026], share=share)
    assert found.cost_eur == min(tried.values()) and found.reason == ""
    assert tried[tuple(one for one in EXTENSIONS if one in found.chosen.index)] == found.cost_eur
    assert found.chosen["from_budgets_eur"].sum() == pytest.approx(found.cost_eur)


def test_closing_looks_at_no_budget_and_no_more_years_cost_more(short: cv.Filiere) -> None:
    poor = short.with_table("budgets", pd.DataFrame(budget(amount_eur=1, purposes="training")))
    costs = [closing_cost(poor, years=range(2025, 2025 + span)) for span in (1, 2)]
    # h and i 8 700, o 9 500, i and two more…: h + i = 4 000 + 500 + 4 200 = 8 700
    assert costs == [8700.0, 8700.0]


def test_closing_counts_aid_and_receipts() -> None:
    # 60 t × 50 € = 3 000 and aid of 1 000 of the yearly 5 000; 2 000 at the start: 3 000 from budgets
    f = chain(actor_id="a", stage_id="s", structure_kind="company", capacity_t_per_year=60, receipts_eur_per_t=50,
              running_cost_eur_per_year=5000, investment_eur=2000, post_aid_eur_per_year=1000)  # fmt: skip
    assert closing_cost(f, years=[2025]) == 3000.0
    # an ACI: 1 500 of receipts count at most
    aci = f.with_table("options", f.options.assign(structure_kind="ACI"))
    assert closing_cost(aci, years=[2025]) == 4500.0
    assert closing_cost(aci, years=[2025], commercial_cap=0.5) == 3500.0


def test_closing_pays_for_what_is_decided_already(short: cv.Filiere) -> None:
    # o alone is decided and serves all: 9 500, though h and i would cost 8 700
    decided = short.with_table("options", short.options.assign(mandatory=[True] + [False] * 4))
    assert closing_cost(decided, years=[2025]) == 9500.0


@pytest.mark.parametrize("share", [0, -1, 1.01, np.nan])
def test_a_share_to_serve_is_a_share(short: cv.Filiere, share: float) -> None:
    with pytest.raises(ArgumentError, match="share"):
        closing_cost(short, years=[2025], share=share)
