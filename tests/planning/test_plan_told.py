"""What a plan tells, leaves aside and refuses."""

from __future__ import annotations

from typing import Any

import numpy as np
import pandas as pd
import pytest

import chaine_valeur as cv
from chaine_valeur.errors import (
    ArgumentError,
    InfeasibleError,
    MissingTableError,
    UnknownNameError,
    ValidationError,
)
from chaine_valeur.planning.plan import plan

from .plan_cases import budget, chain, chosen, posts


def test_unknown_figures_are_left_aside_and_told() -> None:
    f = posts(name=["a", "b", "c"], insertion_fte=[9, None, 1], investment_eur=[None, 0, 0])
    found = plan(f, budgets={"name": ["x", "y"], "amount_eur": [None, 5.0]}, years=[2025], lang="en")
    assert chosen(found) == {"c": 2025}  # a may cost anything; b brings nothing that is known
    assert found.aside[["table", "id", "code"]].values.tolist() == [
        ["options", "a", "unknown_cost"], ["budgets", "x", "unknown_amount"], ["options", "b", "unknown_fte"],
    ]  # fmt: skip
    assert found.not_taken["code"].to_dict() == {"a": "unknown_cost", "b": "no_gain"}
    assert found.notes() == [
        "Over the years of the plan: 1 FTE-year; in the last one: 1 insertion FTE.",
        "Among the options whose cost is known, no other choice does better: this is proved.",
        "Budgets pay 0\xa0€; 5\xa0€ are left.",
        "No flow is stated: tonnages and viability are not checked.",
        "Options left aside, as their cost is not known: “a”.",
        "Budgets left aside, as their amount is not known: “x”.",
        "Their insertion FTE are not known and count for nothing: “b”.",
    ]
    assert found.by_year["served_t_per_year"].isna().all()


def test_why_an_option_is_not_taken() -> None:
    f = posts(name=["a", "b", "c", "d"], insertion_fte=[4, 3, 9, 1], investment_eur=[5000, 4000, 50000, 0],
              earliest_year=[None, None, None, 2030])  # fmt: skip
    found = plan(f, budgets=budget(amount_eur=6000), years=[2025], lang="en")
    rows = found.not_taken[["code", "loss", "instead_of"]].astype(object)
    assert rows.where(rows.notna(), None).values.tolist() == [
        ["displaced", 1.0, "a"], ["money", None, None], ["outside_years", None, None],
    ]  # fmt: skip
    assert found.not_taken["reason"].tolist() == [
        "Taking it would cost 1 FTE-year; it would take the place of “a”.",
        "It costs more than what may be spent on it: the amount of “Enveloppe”.",
        "It can only be decided outside the years of the plan.",
    ]
    assert found.why_not("a") == ""
    assert (
        found.why_not("b", lang="fr")
        == "La retenir coûterait 1 année de travail à temps plein\u202f; elle prendrait la place de «\xa0a\xa0»."
    )
    with pytest.raises(UnknownNameError, match="zz"):
        found.why_not("zz")


def test_infeasible_names_the_budget_and_what_asks_for_it() -> None:
    f = posts(name=["a", "b"], insertion_fte=[1, 1], investment_eur=[7000, 1], mandatory=[True, False])
    money = {"name": ["petit", "autre"], "amount_eur": [6000, 900_000], "purposes": [None, "training"]}
    with pytest.raises(InfeasibleError, match="«\xa0petit\xa0»") as raised:
        plan(f, budgets=money, years=[2025])
    assert raised.value.rows == ("mandatory:a", "budget:petit")
    with pytest.raises(InfeasibleError, match="no budget may pay") as raised:
        plan(f, budgets=budget(amount_eur=9000, purposes="training"), years=[2025], lang="en")
    assert raised.value.rows == ("mandatory:a",)


@pytest.mark.parametrize(
    ("option", "asks", "rows"),
    [
        ({"minimum_viable_t_per_year": 101, "capacity_t_per_year": 200}, {}, ("mandatory:o", "viability:o")),
        ({"running_cost_eur_per_year": 1000, "receipts_eur_per_t": 100}, {}, ("mandatory:o", "cap:o")),
        ({"supervision_fte": 0.1}, {"supervision_ratio": 0.2}, ("mandatory:o", "supervision:plan-o")),
    ],
)
def test_infeasible_names_the_rule(
    option: dict[str, Any], asks: dict[str, Any], rows: tuple[str, ...]
) -> None:
    f = chain(stage_id="s", structure_kind="ACI", mandatory=True, **option)
    with pytest.raises(InfeasibleError) as raised:
        plan(f, years=[2025], **asks)
    assert raised.value.rows == rows


def test_what_is_refused() -> None:
    f = posts(name=["a", "b"], insertion_fte=[1, 1])
    frame = f.options
    with pytest.raises(ValidationError, match="nobody"):
        plan(f, frame.assign(actor_id="nobody"), years=[2025])
    with pytest.raises(ValidationError, match="-5"):
        plan(f, frame.assign(investment_eur=-5.0), years=[2025])
    with pytest.raises(UnknownNameError, match="insertion_fte"):
        plan(f, years=[2025], objective="insertion")
    with pytest.raises(ArgumentError, match="follow one another"):
        plan(f, years=[2025, 2027])
    with pytest.raises(ArgumentError, match="quelles années"):
        plan(f)
    for wrong in ({"commercial_cap": 1.5}, {"gap": -1}, {"time_limit_s": 0}, {"supervision_ratio": -0.1}):
        with pytest.raises(ArgumentError, match=next(iter(wrong))):
            plan(f, years=[2025], **wrong)  # type: ignore[arg-type]
    with pytest.raises(MissingTableError, match="options"):
        plan(cv.Filiere.from_tables(actors={"name": ["A"]}), years=[2025])
    with pytest.raises(MissingTableError, match="no_flow"):
        plan(f, years=[2025], objective="served_t")
    assert f.options.equals(frame)


def test_a_circle_of_precedences_is_named() -> None:
    from chaine_valeur.planning.plan.tables import _no_circle

    links = pd.DataFrame({"option_id": ["a", "b", "c"], "needs_option_id": ["b", "c", "a"]})
    with pytest.raises(ArgumentError, match="a → b → c → a|b → c → a → b|c → a → b → c|a → c → b → a"):
        _no_circle(links)
    f = posts(name=["a", "b", "c"], insertion_fte=[1, 1, 1])
    with pytest.raises(ValidationError, match="→"):
        f.with_table("option_links", links)


def test_shapes_stay_when_nothing_is_taken() -> None:
    f = posts(name=["a"], insertion_fte=[1], investment_eur=[10])
    poor, rich = (plan(f, budgets=budget(amount_eur=amount), years=[2025]) for amount in (0, 10))
    for name in ("chosen", "by_year", "funding", "flows", "served", "unspent", "after", "not_taken", "aside"):
        left, right = getattr(poor, name), getattr(rich, name)
        assert list(left.columns) == list(right.columns) and left.index.name == right.index.name, name
        assert (left.dtypes == right.dtypes).all(), name
    assert len(poor.chosen) == 0 and np.isnan(poor.not_taken["loss"]).all()
