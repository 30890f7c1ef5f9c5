"""The plan of the invented example: balanced, within its budgets, the same each time, told."""

from __future__ import annotations

import numpy as np
import pandas as pd
import pytest

import chaine_valeur as cv
from chaine_valeur.planning.plan import Plan, plan

from .plan_cases import posts


@pytest.fixture(scope="module")
def example() -> cv.Filiere:
    return cv.datasets.load("exemple_complet")


@pytest.fixture(scope="module")
def found(example: cv.Filiere) -> Plan:
    return plan(example)


def test_the_funding_of_the_example_is_balanced(found: Plan) -> None:
    sums = found.funding.pivot_table(
        index=["year", "option_id"], columns="side", values="amount_eur", aggfunc="sum"
    )
    assert np.abs(sums["use"] - sums["resource"]).max() < 1e-3
    by_year = found.by_year
    resources = by_year[["from_budgets_eur", "post_aid_eur", "receipts_eur"]].sum(axis=1)
    assert np.allclose(by_year["cost_eur"], resources)
    # within amounts, yearly limits, purposes, shares
    assert (found.unspent["unspent_eur"] >= 0).all() and found.unspent["amount_eur"].sum() == 230_000
    epci = found.funding[found.funding["item"] == "epci"].groupby("year")["amount_eur"].sum()
    assert (epci <= 70_000 + 1e-3).all()
    region = found.funding[found.funding["item"] == "region"].groupby("option_id")["amount_eur"].sum()
    assert (region <= 0.7 * found.chosen["cost_eur"].loc[region.index] + 1e-3).all()
    assert found.chosen["from_budgets_eur"].sum() == pytest.approx(found.unspent["spent_eur"].sum())


def test_the_plan_of_the_example(found: Plan) -> None:
    # posts at the sorting stage for three years (9), the tearing workshop for two (7.6)
    assert (found.value, found.value_at_end, found.status) == (16.6, 6.8, "optimal")
    assert list(found.chosen.index) == ["animer", "effilocher-aci", "fibre-locale", "tri-postes"]
    # 60 t of cotton, of which 0.63 leave the sorting as sorted cotton
    assert found.chosen.loc["effilocher-aci", "t_per_year"] == pytest.approx(37.8)
    codes = found.not_taken["code"].to_dict()
    assert codes["effilocher-cooperative"] == "viability" and codes["formation-pose"] == "no_gain"
    assert codes["bennes-imprimeurs"] == codes["ensachage-local"] == "displaced"
    assert found.aside["code"].tolist() == ["unknown_amount"]
    assert found.by_year["closed_gaps"].tolist() == [1, 2, 2]


def test_today_is_what_the_throughput_says(example: cv.Filiere, found: Plan) -> None:
    today = cv.flows.throughput(example.at(2024)).served_t_per_year
    assert found.work.chain is not None
    assert found.work.chain.served_today == pytest.approx(today)


def test_a_plan_is_the_same_each_time_and_changes_nothing(example: cv.Filiere, found: Plan) -> None:
    before = example.options.copy()
    again = plan(cv.datasets.load("exemple_complet"))
    for name in ("chosen", "by_year", "funding", "flows", "served", "unspent", "after", "not_taken"):
        pd.testing.assert_frame_equal(getattr(again, name), getattr(found, name))
    pd.testing.assert_frame_equal(example.options, before)


def test_a_plan_becomes_actions(example: cv.Filiere, found: Plan) -> None:
    rows = found.to_actions()
    acted = example.with_rows("actions", rows)
    new = acted.actions.loc["plan-effilocher-aci"]
    assert (new["option_id"], new["state"], new["target"]) == ("effilocher-aci", "proposed", 3.8)
    assert len(acted.actions) == len(example.actions) + len(found.chosen)


def test_a_plan_is_shown(found: Plan) -> None:
    assert repr(found).splitlines()[0] == "<Plan 2025–2027, insertion_fte 16.6, optimal: 4 of 9 options>"
    html = found._repr_html_()
    assert "4 options retenues" in html and "&#x27;" not in html and "<script" not in html
    assert (
        found.notes()[1]
        == "Parmi les options chiffrées, aucun autre choix ne fait mieux\xa0: c’est démontré."
    )
    assert (
        found.notes(lang="en")[1]
        == "Among the options whose cost is known, no other choice does better: this is proved."
    )


def test_progress_is_told_only_when_asked() -> None:
    told: list[tuple[str, float]] = []
    f = posts(name=["a"], insertion_fte=[1])
    plan(f, years=[2025], progress=lambda phase, seconds: told.append((phase, seconds)), lang="en")
    phases = list(dict.fromkeys(phase for phase, _ in told))
    assert phases == ["building", "solving", "telling"]
    assert all(seconds >= 0 for _, seconds in told)
