"""Looser rules never reach less: more money, fewer conditions of budgets and options, one option more."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from typing import Any

from hypothesis import given, settings
from hypothesis import strategies as st

from .plan_by_force import Instance, drawn
from .plan_drawn import OBJECTIVES, SEEDS, solved


def budgets(**columns: Any) -> Callable[[Instance], Instance]:
    return lambda one: replace(one, budgets=[b | columns for b in one.budgets])


def options(**columns: Any) -> Callable[[Instance], Instance]:
    return lambda one: replace(one, options=[o | columns for o in one.options])


def richer(one: Instance) -> Instance:
    money = [b | {"amount": 2 * b["amount"], "yearly": b["yearly"] and 2 * b["yearly"]} for b in one.budgets]
    return replace(one, budgets=money)


#: Ways of being looser.
LOOSER: dict[str, Callable[[Instance], Instance]] = {
    "money": richer,
    "no yearly limit": budgets(yearly=None),
    "no share": budgets(share=None),
    "no earmark": budgets(option=None),
    "no purpose": budgets(purposes=[]),
    "all years": budgets(first=None, last=None),
    "no alternatives": options(group=None),
    "nothing decided": options(mandatory=False),
    "any year": options(**{"from": None, "to": None}),
    "no viable tonnage": options(min=None),
    # without a share: what costs nothing is no longer eligible; a delay, in turn, spares costs
    "free start": lambda one: options(inv=0.0)(budgets(share=None)(one)),
    "no precedence, ratio or cap": lambda one: replace(one, links=[], ratio=None, commercial_cap=1.0),
}


def no_worse(loose: Instance, tight: Instance, objective: str) -> None:
    """Check that an instance with looser rules reaches at least as much."""
    before, after = solved(tight, objective), solved(loose, objective)
    if before is not None:
        assert after is not None and after.value >= before.value - 1e-5


@settings(max_examples=6, deadline=None)
@given(seed=SEEDS, objective=OBJECTIVES, looser=st.sampled_from(sorted(LOOSER)))
def test_looser_rules_never_reach_less(seed: int, objective: str, looser: str) -> None:
    tight = drawn(seed, options=5, years=2)
    if looser == "no viable tonnage":  # a blank would be that of the stage
        tight.stage_min = {}
    no_worse(LOOSER[looser](tight), tight, objective)


@settings(max_examples=3, deadline=None)
@given(seed=SEEDS, objective=OBJECTIVES)
def test_one_more_option_never_reaches_less(seed: int, objective: str) -> None:
    one = drawn(seed, options=6, years=2)
    last = one.options[-1]["id"]
    fewer = replace(
        one, options=one.options[:-1], links=[pair for pair in one.links if 5 not in pair],
        budgets=[b for b in one.budgets if b["option"] != last],
    )  # fmt: skip
    if one.options[-1]["mandatory"] or any(b == 5 for _, b in one.links):
        return
    no_worse(one, fewer, objective)
