"""Plans asked again: more money, other sets, the front, the price of completing the chain."""

from __future__ import annotations

import itertools

import numpy as np
import pytest

from chaine_valeur.errors import ArgumentError, MissingTableError
from chaine_valeur.planning.plan import (
    alternatives,
    closing,
    closing_cost,
    pareto,
    plan,
    what_more_buys,
)

from .plan_cases import budget, chain, posts


def test_what_more_money_buys() -> None:
    # 9 000: a (4 FTE for 9 000); with 10 000 more a and b (3 for 10 000)
    f = posts(name=["a", "b"], insertion_fte=[4, 3], investment_eur=[9000, 10000])
    first = plan(f, budgets=budget(amount_eur=9000, yearly_limit_eur_per_year=9000), years=[2025])
    more = what_more_buys(first, amount_eur=10000)
    # with the yearly limit of 9 000 kept, nothing can be added in the one year
    assert more.loc["enveloppe"].tolist() == ["Enveloppe", 10000.0, 3.0, 0.0, "b", ""]
    assert what_more_buys(first, amount_eur=9999)["gain"].tolist() == [0.0]
    with pytest.raises(ArgumentError, match="amount_eur"):
        what_more_buys(first, amount_eur=0)


def test_alternatives_come_best_first_and_gain_something() -> None:
    # for 10: {a, b} 10, {a, c} 9, {b, c} 7 FTE; d costs and brings nothing: a set with it is none
    f = posts(name=["a", "b", "c", "d"], insertion_fte=[6, 4, 3, 0], investment_eur=[5000, 5000, 5000, 0])
    first = plan(f, budgets=budget(amount_eur=10000), years=[2025])
    others = alternatives(first, within=0.3)
    assert others[["options", "value", "loss"]].values.tolist() == [["a;c", 9.0, 1.0], ["b;c", 7.0, 3.0]]
    assert others["added"].tolist() == ["c", "c"] and others["dropped"].tolist() == ["b", "a"]
    assert alternatives(first, within=0.3, most=1)["options"].tolist() == ["a;c"]
    assert alternatives(first, within=0.05).empty
    with pytest.raises(ArgumentError, match="within"):
        alternatives(first, within=2)


def test_pareto_equals_every_set_of_options_compared() -> None:
    # an extension (served), posts (jobs), both priced: every one of the 2³ sets is a plan
    f = chain(actor_id="a", stage_id="s", capacity_t_per_year=25, insertion_fte=0.0, investment_eur=4000)
    rows = [
        {"option_id": name, "name": name, "kind": "posts", "insertion_fte": fte, "investment_eur": cost,
         "running_cost_eur_per_year": 0.0}
        for name, fte, cost in (("p", 2.0, 3000.0), ("q", 1.0, 5000.0))
    ]  # fmt: skip
    f = f.with_rows("options", rows)
    front = pareto(f, budgets=budget(amount_eur=12000), years=[2025], points=6)
    value = {"o": (0, 25, 4000), "p": (2, 0, 3000), "q": (1, 0, 5000)}
    sets = [part for size in range(4) for part in itertools.combinations("opq", size)]
    all_ = {part: tuple(sum(value[o][k] for o in part) for k in range(3)) for part in sets}
    kept = {
        v for v in all_.values()
        if not any(w != v and w[0] >= v[0] and w[1] >= v[1] and w[2] <= v[2] for w in all_.values())
    }  # fmt: skip
    got = set(front[["insertion_fte", "served_t", "budgets_eur"]].itertuples(index=False, name=None))
    assert got == kept and front["proved"].all() and front["budgets_eur"].is_monotonic_increasing
    with pytest.raises(ArgumentError, match="points"):
        pareto(f, points=1)
    with pytest.raises(MissingTableError):
        pareto(posts(name=["a"]), years=[2025])


def test_closing_cost_takes_the_cheapest_way() -> None:
    # 100 t asked for, 40 served: o (60 t, 9 000 and 500 a year), or two halves of 30 t at 4 000 each
    f = chain(
        actor_id="a", stage_id="s", capacity_t_per_year=60, investment_eur=9000, running_cost_eur_per_year=500
    )
    half = {"kind": "activity", "actor_id": "a", "stage_id": "s", "capacity_t_per_year": 30.0, "investment_eur": 4000.0,
            "running_cost_eur_per_year": 0.0}  # fmt: skip
    f = f.with_rows("options", [half | {"option_id": n, "name": n} for n in ("h1", "h2")])
    assert closing_cost(f, years=[2025]) == 8000.0
    # 70 % of the demand: one half is enough
    done = closing(f, years=[2025], share=0.7)
    assert (done.cost_eur, done.chosen.index.tolist(), done.reason) == (4000.0, ["h1"], "")
    assert closing_cost(f, years=[2025], share=0.4) == 0.0  # served today
    one = f.without_rows("options", ["o", "h2"])
    never = closing(one, years=[2025], lang="en")
    assert np.isnan(never.cost_eur) and never.chosen.empty
    assert never.reason == (
        "With every option, the chain still serves too little of what is asked for: 70\xa0t/year at most, "
        "of 100\xa0t/year."
    )
    with pytest.raises(ArgumentError, match="share"):
        closing_cost(f, share=0)
