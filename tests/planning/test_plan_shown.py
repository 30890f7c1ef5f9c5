"""A plan as actions, as text, as a page; told while it is worked out; options and budgets given beside the filière."""

from __future__ import annotations

import threading
from typing import Any

import numpy as np
import pandas as pd
import pytest

import chaine_valeur as cv
from chaine_valeur.errors import MissingTableError, ValidationError
from chaine_valeur.planning.plan import plan
from chaine_valeur.planning.plan.large import solved_large
from chaine_valeur.planning.plan.solve import Found, solved
from chaine_valeur.planning.plan.work import work_of

from .plan_cases import budget, chain, chosen, posts
from .plan_checks import sound

# -- as actions ------------------------------------------------------------------------------------------------


def test_actions_by_hand() -> None:
    # a: 2 units of 1.5 FTE for 2 × 1 000 + 2 × 500 a year in 2026; b costs 700 and brings no FTE, but a needs it
    f = posts(name=["Poste à pourvoir", "b"], option_id=["a", "b"], actor_id=["atelier", None],
              insertion_fte=[1.5, 0], investment_eur=[1000, 700], running_cost_eur_per_year=[500, 0],
              units_max=[2, 1], delay_years=[1, 0])  # fmt: skip
    f = f.with_table("option_links", pd.DataFrame({"option_id": ["a"], "needs_option_id": ["b"]}))
    found = plan(f, budgets=budget(amount_eur=9000), years=[2025, 2026], lang="fr")
    rows = found.to_actions().set_index("option_id")
    assert rows.index.tolist() == ["a", "b"]
    assert rows.loc["a"].drop("objective").to_dict() == {
        "action_id": "plan-a", "name": "Poste à pourvoir", "stage_id": rows.loc["a", "stage_id"], "owner_id": "atelier",
        "starts_on": pd.Timestamp("2025-01-01"), "ends_on": pd.Timestamp("2026-12-31"), "cost_eur": 3000.0,
        "state": "proposed", "indicator": "ETP d’insertion", "target": 3.0, "unit": "fte",
    }  # fmt: skip
    assert (
        pd.isna(rows.loc["a", "stage_id"]) and pd.isna(rows.loc["b", ["indicator", "target", "unit"]]).all()
    )
    assert rows.loc["b", "ends_on"] == pd.Timestamp("2025-12-31")
    assert rows["objective"].tolist() == found.chosen["reason"].tolist()


def test_actions_go_through_the_tables_and_back() -> None:
    f = chain(stage_id="s", structure_kind="ACI", capacity_t_per_year=30, investment_eur=500)
    found = plan(f, budgets=budget(amount_eur=500), years=[2025], lang="fr")
    rows = found.to_actions()
    acted = f.with_rows("actions", rows)
    back = acted.actions.reset_index()[rows.columns]
    for column in rows:  # as they were, whatever the table makes of their kind
        left, right = (
            frame[column].astype(object).where(frame[column].notna(), None).tolist() for frame in (rows, back)
        )
        assert left == right, column
    # twice the same plan: the same action, not two
    again = acted.with_rows("actions", plan(acted, budgets=budget(amount_eur=500), years=[2025]).to_actions())
    assert again.actions.index.tolist() == ["plan-o"]
    assert len(f.actions) == 0


def test_no_action_from_an_empty_plan() -> None:
    f = posts(name=["a"], insertion_fte=[1], investment_eur=[10])
    rows = plan(f, years=[2025]).to_actions()
    assert rows.empty and list(rows.columns)[:3] == ["action_id", "name", "option_id"]
    assert f.with_rows("actions", rows).actions.empty


# -- as text and page ------------------------------------------------------------------------------------------


def test_a_name_is_only_a_name_on_a_page() -> None:
    f = posts(name=["<b>a</b> & Cie"], option_id=["a"], insertion_fte=[1], units_max=[2])
    found = plan(f, years=[2025], lang="en")
    page = found._repr_html_()
    assert "&lt;b&gt;a&lt;/b&gt; &amp; Cie" in page and "<b>a</b>" not in page and "1 option taken" in page
    assert repr(found).splitlines() == [
        "<Plan 2025–2025, insertion_fte 2, optimal: 1 of 1 options>", "  2025  <b>a</b> & Cie × 2",
    ]  # fmt: skip


def test_a_plan_that_takes_nothing_is_shown_too() -> None:
    found = plan(posts(name=["a"], insertion_fte=[1], investment_eur=[1]), years=[2025], lang="en")
    assert repr(found) == "<Plan 2025–2025, insertion_fte 0, optimal: 0 of 1 options>"
    assert "0 options taken" in found._repr_html_()
    assert found.notes()[0] == "Over the years of the plan: 0 FTE-years; in the last one: 0 insertion FTE."


# -- how sure it is --------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("value", "bound", "today", "gap"),
    [
        (10.0, 10.0, 0.0, 0.0),
        (10.0, 10.0 + 1e-7, 0.0, 0.0),  # rounding of the solver
        (10.0, 11.0, 0.0, 0.1),
        (10.0, 11.0, 6.0, 0.25),  # 1 of the 4 beyond today
        (10.0, 9.0, 0.0, 0.0),  # a bound below what is found says nothing more
        (6.0, 7.0, 6.0, np.inf),  # nothing found beyond today, and something may be
        (0.0, np.inf, 0.0, np.inf),
    ],
)
def test_the_gap_is_a_share_of_what_is_beyond_today(
    value: float, bound: float, today: float, gap: float
) -> None:
    assert Found(np.zeros(1), value, bound, True).gap(today) == pytest.approx(gap)


@pytest.mark.parametrize("gap", [0.0, 0.02, 0.2])
def test_many_options_with_tonnes_prove_their_gap(gap: float) -> None:
    # 44 extensions and posts beside one another: the exact program as a referee
    random = np.random.default_rng(5)
    f = chain(actor_id="a", stage_id="s", capacity_t_per_year=3, investment_eur=900)
    size = 43
    more = pd.DataFrame(
        {
            "option_id": [f"n{k:02d}" for k in range(size)],
            "name": [f"n{k:02d}" for k in range(size)],
            "kind": np.where(np.arange(size) % 2 == 0, "activity", "posts"),
            "actor_id": "a",
            "stage_id": "s",
            "capacity_t_per_year": np.where(np.arange(size) % 2 == 0, random.integers(1, 9, size), np.nan),
            "insertion_fte": random.integers(0, 5, size).astype(float),
            "investment_eur": random.integers(5, 30, size) * 100.0,
            "running_cost_eur_per_year": random.integers(0, 5, size) * 100.0,
        }
    )
    f = f.with_rows("options", more).with_table(
        "budgets", pd.DataFrame(budget(amount_eur=12_000, yearly_limit_eur_per_year=9000))
    )
    asks: dict[str, Any] = {"years": [2025, 2026], "commercial_cap": 0.3, "supervision_ratio": None, "gap": gap,
                            "time_limit_s": 30.0, "year": None}  # fmt: skip
    work = work_of(f, None, None, objective="served_t", **asks)
    exact = solved(work.model, work.total)
    near = solved_large(work.model, work.total, gap=gap, time_limit_s=30.0, today=work.today)
    assert exact is not None and near is not None and near.in_time
    # both are proven, and the gap is that of what is beyond today's 2 × 40 t
    assert work.today == pytest.approx(80.0) and exact.gap(work.today) == 0.0
    assert near.gap(work.today) <= gap + 1e-6 and near.bound >= exact.value - 1e-6
    assert near.value - 80.0 >= (exact.value - 80.0) * (1 - gap) - 1e-4
    assert near.value <= exact.value + 1e-4
    found = plan(f, years=[2025, 2026], objective="served_t", gap=gap)
    sound(found, f)
    assert found.gap <= gap + 1e-6 and found.status == ("optimal" if found.gap == 0 else "within_gap")


def test_up_to_forty_options_a_plan_is_solved_to_the_end() -> None:
    # a gap of everything is asked for: it is not used
    f = posts(name=["a", "b", "c"], insertion_fte=[5, 4, 6], investment_eur=[6000, 5000, 10000])
    found = plan(f, budgets=budget(amount_eur=10000), years=[2025], gap=1.0)
    assert found.value == 6.0 and found.status == "optimal"


# -- told while it is worked out -------------------------------------------------------------------------------


def test_who_is_told_is_told_no_more_afterwards() -> None:
    told: list[str] = []
    before = threading.active_count()
    plan(
        posts(name=["a"], insertion_fte=[1]),
        years=[2025],
        progress=lambda phase, _: told.append(phase),
        lang="fr",
    )
    assert threading.active_count() == before and len(set(told)) == 3
    count = len(told)
    plan(posts(name=["a"], insertion_fte=[1]), years=[2025])
    plan(posts(name=["a"], insertion_fte=[1]), years=[2025], progress=False)
    assert len(told) == count


def test_an_error_ends_the_telling_too() -> None:
    before = threading.active_count()
    with pytest.raises(MissingTableError):
        plan(posts(name=["a"]), years=[2025], objective="served_t", progress=lambda *_: None)
    assert threading.active_count() == before


def test_a_line_on_the_console(capsys: pytest.CaptureFixture[str]) -> None:
    plan(posts(name=["a"], insertion_fte=[1]), years=[2025], progress=True)
    assert capsys.readouterr().out == ""  # what is told goes to the standard error


# -- given beside the filière ----------------------------------------------------------------------------------


def test_options_and_budgets_may_be_rows_of_any_kind() -> None:
    f = cv.Filiere.from_tables(actors={"name": ["Atelier"]})
    columns = {"name": ["a", "b"], "kind": "posts", "insertion_fte": [1, 2], "investment_eur": [400, 500],
               "running_cost_eur_per_year": 0}  # fmt: skip
    frame = pd.DataFrame(columns)
    money = {"name": ["x"], "amount_eur": [500]}
    plans = [
        plan(f, frame, money, years=[2025]),
        plan(f, columns, pd.DataFrame(money), years=[2025]),
        plan(f.with_table("options", frame), None, money, years=[2025]),
        plan(f.with_table("options", frame).with_table("budgets", pd.DataFrame(money)), years=[2025]),
    ]
    assert all(chosen(one) == {"b": 2025} and one.value == 2.0 for one in plans)
    assert f.options.empty and list(frame.columns) == list(columns)


def test_budgets_given_replace_those_of_the_filiere() -> None:
    f = posts(name=["a"], insertion_fte=[1], investment_eur=[100])
    f = f.with_table(
        "budgets",
        pd.DataFrame({"name": ["rich"], "amount_eur": [1e6], "first_year": [2030], "last_year": [2031]}),
    )
    found = plan(f, budgets=budget(amount_eur=99), years=[2025])
    assert found.unspent.index.tolist() == ["enveloppe"] and found.value == 0.0
    assert plan(f, budgets=budget(amount_eur=100, first_year=2026, last_year=2026)).years == (2026,)


@pytest.mark.parametrize(
    ("options", "budgets", "word"),
    [
        ({"actor_id": "nobody"}, {}, "nobody"),
        ({"stage_id": "nowhere"}, {}, "nowhere"),
        ({"running_cost_eur_per_year": -1.0}, {}, "-1"),
        ({"units_max": 0}, {}, "0"),
        ({}, {"amount_eur": -5}, "-5"),
        ({}, {"amount_eur": 1, "option_id": "zz"}, "zz"),
        ({}, {"amount_eur": 1, "largest_share": 1.5}, "1.5|1,5"),
        ({}, {"amount_eur": 1, "purposes": "holidays"}, "holidays"),
    ],
)
def test_rows_that_cannot_be_used_are_named(
    options: dict[str, Any], budgets: dict[str, Any], word: str
) -> None:
    f = posts(name=["a"], insertion_fte=[1])
    with pytest.raises(ValidationError, match=word):
        plan(f, f.options.assign(**options), budget(**({"amount_eur": 1} | budgets)), years=[2025])
    assert plan(f, years=[2025]).value == 1.0  # nothing of it stays


def test_unknown_figures_stay_unknown_in_the_tables() -> None:
    # FTE and jobs of a unknown: NaN in its row, nothing in the totals
    f = posts(name=["a", "b"], insertion_fte=[None, 1], jobs_fte=[None, 2], mandatory=[True, False])
    found = plan(f, years=[2025])
    assert np.isnan(found.chosen.loc["a", ["insertion_fte", "jobs_fte"]].astype(float)).all()
    assert found.chosen.loc["b", ["insertion_fte", "jobs_fte"]].tolist() == [1.0, 2.0]
    assert found.by_year["insertion_fte"].tolist() == [1.0]
    assert found.aside[["id", "code"]].values.tolist() == [["a", "unknown_fte"]]
