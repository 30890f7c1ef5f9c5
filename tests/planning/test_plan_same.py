"""What changes nothing: an option that is of no use, the order of rows, the unit of money, a plan taken as decided."""

from __future__ import annotations

import random
from dataclasses import replace

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from chaine_valeur import Filiere

from .plan_by_force import filiere_of
from .plan_drawn import SEEDS, distinct, same, solved

pytestmark = pytest.mark.long

few = settings(max_examples=3, deadline=None)


@few
@given(seed=SEEDS)
def test_a_useless_option_changes_nothing(seed: int) -> None:
    one = distinct(seed)
    idle = one.options[0] | {
        "id": "idle", "kind": "other", "place": "other", "fte": 0, "inv": 500.0, "mandatory": False, "group": None,
        "actor": None, "structure": None, "stage": None, "to_actor": None, "to_stage": None, "material": None,
        "cap": None, "min": None, "price": None,
    }  # fmt: skip
    before, after = (
        solved(one, "insertion_fte"),
        solved(replace(one, options=[*one.options, idle]), "insertion_fte"),
    )
    assert (before is None) == (after is None)
    if before is not None and after is not None:
        same(before, after)
        assert after.not_taken.loc["idle", "code"] not in ("alternative", "needs", "viability", "supervision")


@few
@given(seed=SEEDS)
def test_rows_in_another_order_give_the_same_plan(seed: int) -> None:
    one = distinct(seed)
    f = filiere_of(one)
    before = solved(one, "insertion_fte", f)
    r = random.Random(seed)
    frames = {name: f.table(name).reset_index() for name in f}
    for name in ("options", "budgets", "flows", "activities", "markets", "recipes", "stage_links"):
        order = list(range(len(f.table(name))))
        r.shuffle(order)
        if len(order) > 1:
            frames[name] = frames[name].iloc[order]
    shuffled = Filiere.from_tables(**frames)
    after = solved(one, "insertion_fte", shuffled)
    assert (before is None) == (after is None)
    if before is not None and after is not None:
        same(before, after)


@few
@given(seed=SEEDS, scale=st.sampled_from([0.01, 0.1, 100.0, 10_000.0]))
def test_euros_in_another_unit_give_the_same_decisions(seed: int, scale: float) -> None:
    one = distinct(seed)
    other = replace(
        one,
        options=[
            o | {key: None if o[key] is None else o[key] * scale for key in ("inv", "run", "aid", "price")}
            for o in one.options
        ],
        budgets=[
            b | {key: None if b[key] is None else b[key] * scale for key in ("amount", "yearly")}
            for b in one.budgets
        ],
    )
    before, after = solved(one, "insertion_fte"), solved(other, "insertion_fte")
    assert (before is None) == (after is None)
    if before is not None and after is not None:
        assert after.value == pytest.approx(before.value, abs=1e-5)
        assert after.chosen["decided_year"].to_dict() == before.chosen["decided_year"].to_dict()
        assert after.chosen["units"].to_dict() == before.chosen["units"].to_dict()
        assert after.unspent["spent_eur"].sum() == pytest.approx(
            scale * before.unspent["spent_eur"].sum(), abs=max(0.02, 0.02 * scale)
        )


@few
@given(seed=SEEDS)
def test_a_plan_taken_as_decided_is_the_same_plan(seed: int) -> None:
    # what it takes made mandatory in its year, the rest taken away: the same decisions and the same euros
    one = distinct(seed)
    before = solved(one, "insertion_fte")
    if before is None or before.chosen.empty:
        return
    years = before.chosen["decided_year"].to_dict()
    kept = [k for k, o in enumerate(one.options) if o["id"] in years]
    place = {k: new for new, k in enumerate(kept)}
    own = replace(
        one,
        options=[one.options[k] | {"mandatory": True, "from": int(years[one.options[k]["id"]]),
                                   "to": int(years[one.options[k]["id"]])} for k in kept],
        links=[(place[a], place[b]) for a, b in one.links if a in place and b in place],
        budgets=[b for b in one.budgets if b["option"] is None or b["option"] in years],
    )  # fmt: skip
    after = solved(own, "insertion_fte")
    assert after is not None
    same(before, after)
