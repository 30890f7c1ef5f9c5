"""What a plan rests on, each case worked out by hand: money asked for, cells not read, outlets, passages supposed."""

from __future__ import annotations

from typing import Any

import numpy as np
import pandas as pd
import pytest

import chaine_valeur as cv
from chaine_valeur.errors import InfeasibleError
from chaine_valeur.planning.plan import Plan, plan

from .plan_cases import budget, chain, chosen, posts
from .plan_checks import sound

pytestmark = pytest.mark.long


def told(found: Plan, code: str) -> list[list[Any]]:
    """Return the rows of one code: identifier, detail, the two numbers."""
    rows = found.assumed[found.assumed["code"] == code]
    return rows[["id", "detail", "amount", "other"]].astype(object).where(rows.notna(), None).values.tolist()


def workshop(**more: Any) -> cv.Filiere:
    """Return R → A → M as in `chain`, with a new activity of 30 t at s; M asks for 40 t, which A brings today."""
    f = chain(kind="activity", stage_id="s", capacity_t_per_year=30.0, insertion_fte=2.0, **more)
    return f.with_table("markets", f.markets.assign(quantity_t_per_year=[100.0, 40.0]))


# -- outlets ---------------------------------------------------------------------------------------------------


def test_what_nobody_takes_is_told_with_the_receipts_that_rest_on_it() -> None:
    # 30 t have to enter, M asks for 20 of them; at least cost the new one earns 30 × 10 = 300
    f = workshop(minimum_viable_t_per_year=30.0, receipts_eur_per_t=10.0, running_cost_eur_per_year=300.0)
    f = f.with_table("markets", f.markets.assign(quantity_t_per_year=[100.0, 20.0]))
    found = plan(f, years=[2025], lang="en")
    sound(found, f)
    assert found.chosen["t_per_year"].tolist() == [30.0] and found.by_year["receipts_eur"].tolist() == [300.0]
    ((option, _, left, receipts),) = told(found, "no_taker")
    # what M takes of it is free: 0 to 30 t are left over, as A can serve M alone
    assert option == "o" and receipts == 300.0 and left == 10.0
    assert found.assumptions()[-1] == (
        "Of what “o” takes in or passes on, 10\u00a0t/year find nobody who takes them: an outlet is still to be found. "
        "Its receipts (300\u00a0€ a year) count all that enters."
    )


def test_what_the_plan_becomes_with_outlets() -> None:
    # of 30 t M takes 20: with outlets the new one cannot live, b alone is left
    f = workshop(minimum_viable_t_per_year=30.0)
    f = f.with_table("markets", f.markets.assign(quantity_t_per_year=[100.0, 20.0]))
    other = {"option_id": "b", "name": "b", "kind": "posts", "insertion_fte": 1.0, "investment_eur": 0.0,
             "running_cost_eur_per_year": 0.0}  # fmt: skip
    f = f.with_table(
        "options", pd.concat([f.options.reset_index(), pd.DataFrame([other])], ignore_index=True)
    )
    found = plan(f, years=[2025], lang="en")
    strict = found.with_outlets
    assert strict is not None and strict.with_outlets is strict
    assert (found.value, strict.value, chosen(strict)) == (3.0, 1.0, {"b": 2025})
    assert found.otherwise() == [
        "If all of it had to find a taker: 1 FTE-year instead of 3 FTE-years; no longer taken: “o”."
    ]
    decided = f.with_table("options", f.options.assign(mandatory=[True, False]))
    assert plan(decided, years=[2025], lang="en").otherwise() == [
        "If all of it had to find a taker, no plan would hold."
    ]


def test_with_outlets_what_is_made_has_to_be_taken() -> None:
    # M asks for 40 t: the new one may have 30 of them, so that it lives; of 20 t it could not
    f = workshop(minimum_viable_t_per_year=30.0)
    found = plan(f, years=[2025], outlets=True)
    assert chosen(found) == {"o": 2025} and not told(found, "no_taker")
    less = f.with_table("markets", f.markets.assign(quantity_t_per_year=[100.0, 20.0]))
    assert chosen(plan(less, years=[2025])) == {"o": 2025}
    strict = plan(less, years=[2025], outlets=True, lang="en")
    assert chosen(strict) == {}
    assert strict.not_taken["code"].tolist() == ["viability"]
    assert strict.why_not("o") == (
        "It would stay under the tonnage below which it cannot live, because of this too: an outlet for all that is "
        "passed on or made."
    )
    with pytest.raises(InfeasibleError) as raised:
        plan(
            less.with_table("options", less.options.assign(mandatory=True)),
            years=[2025],
            outlets=True,
            lang="en",
        )
    assert "an outlet for all that is passed on or made" in str(raised.value)


def test_receipts_with_outlets_are_those_of_what_is_sold() -> None:
    # M asks for 20 t: 20 × 10 = 200 of receipts, the town has to pay 100; without the rule receipts would be 300
    f = workshop(receipts_eur_per_t=10.0, running_cost_eur_per_year=300.0)
    f = f.with_table("markets", f.markets.assign(quantity_t_per_year=[100.0, 20.0]))
    money = budget(amount_eur=100.0)
    found = plan(f, budgets=money, years=[2025], outlets=True)
    assert found.by_year[["receipts_eur", "from_budgets_eur"]].values.tolist() == [[200.0, 100.0]]
    assert chosen(plan(f, budgets=budget(amount_eur=99.0), years=[2025], outlets=True)) == {}
    assert plan(f, budgets=money, years=[2025]).by_year["receipts_eur"].tolist() == [300.0]


@pytest.mark.parametrize("outlets", [True, False])
def test_a_recipe_of_unknown_yield(outlets: bool) -> None:
    # nobody knows how much x a tonne of x gives at s, at most a tonne: M may get its 20 t out of 30, nothing else is made
    f = workshop(minimum_viable_t_per_year=30.0)
    f = f.with_table("markets", f.markets.assign(quantity_t_per_year=[100.0, 20.0]))
    rows = {"stage_id": ["s", "s"], "side": ["in", "out"], "material_id": ["x", "x"], "t_per_t": [1.0, None]}
    found = plan(f.with_table("recipes", pd.DataFrame(rows)), years=[2025], outlets=outlets)
    assert chosen(found) == {"o": 2025} and not told(found, "no_taker")


def test_an_end_of_the_chain_needs_no_outlet() -> None:
    # nothing is expected after m: what a new holder of m takes in may stay there
    f = chain(kind="activity", stage_id="m", capacity_t_per_year=10.0, minimum_viable_t_per_year=10.0)
    found = plan(f, years=[2025], outlets=True)
    assert chosen(found) == {"o": 2025} and not told(found, "no_taker")


# -- passages --------------------------------------------------------------------------------------------------


def test_passages_that_nobody_stated_are_told() -> None:
    f = workshop(minimum_viable_t_per_year=30.0)
    found = plan(f, years=[2025], outlets=True, lang="en")
    # 30 t from R to the new one, 30 t from there to M
    assert told(found, "joined") == [["o", "R;M", 60.0, 2.0]]
    assert found.assumptions()[0] == (
        "“o” is joined to its neighbours (“R” and “M”) by 2 passages that nobody stated or priced: 60\u00a0t/year."
    )
    assert found.assumptions(lang="fr")[0].startswith("L’option «\u00a0o\u00a0» est reliée à «\u00a0R\u00a0»")


@pytest.mark.parametrize("named", [True, False])
def test_a_passage_that_has_a_price_is_not_free(named: bool) -> None:
    # the way from the new activity to M costs 500: without it 10 t or more cannot leave it
    f = workshop(minimum_viable_t_per_year=10.0)
    rows = f.options.reset_index()
    way = {"option_id": "way", "name": "way", "kind": "passage", "stage_id": "s", "to_stage_id": "m", "to_actor_id": "m",
           "investment_eur": 500.0, "running_cost_eur_per_year": 0.0, "material_id": "x" if named else None}  # fmt: skip
    both = pd.concat([rows, pd.DataFrame([way])], ignore_index=True).astype({"structure_kind": "str"})
    f = f.with_table("options", both)
    rich, poor = (
        plan(f, budgets=budget(amount_eur=amount), years=[2025], outlets=True, lang="en")
        for amount in (500.0, 499.0)
    )
    assert chosen(rich) == {"o": 2025, "way": 2025} and rich.chosen["from_budgets_eur"].tolist() == [
        0.0,
        500.0,
    ]
    assert told(rich, "joined")[0][:2] == ["o", "R"]  # only what nobody has a price for is supposed
    assert chosen(poor) == {}
    # left over, the tonnage needs no way: told
    loose = plan(f, budgets=budget(amount_eur=499.0), years=[2025])
    assert chosen(loose) == {"o": 2025} and told(loose, "no_taker")[0][2] >= 10.0


# -- money -----------------------------------------------------------------------------------------------------


def requested() -> tuple[cv.Filiere, dict[str, Any]]:
    f = posts(name=["a", "b"], insertion_fte=[3, 2], investment_eur=[9000, 4000])
    return f, {"name": ["town", "region"], "amount_eur": [5000.0, 6000.0], "state": ["granted", "requested"]}


def test_money_that_is_only_requested() -> None:
    # 11 000 pay for a (9 000, 3 FTE); the 5 000 of the town for b (2 FTE)
    f, money = requested()
    found = plan(f, budgets=money, years=[2025], lang="en")
    assert chosen(found) == {"a": 2025}
    ((name, _, amount, spent),) = told(found, "requested")
    assert (name, amount) == ("region", 6000.0) and 4000.0 <= spent <= 6000.0
    firm = found.without_requested
    assert firm is not None and chosen(firm) == {"b": 2025}
    assert firm.unspent.index.tolist() == ["town"]
    assert found.otherwise() == [
        "Without what is only asked for (“region”): 2 FTE-years instead of 3 FTE-years; no longer taken: “a”; taken "
        "instead: “b”."
    ]


def test_nothing_requested_leaves_the_plan_as_it_is() -> None:
    f, money = requested()
    found = plan(f, budgets=money | {"state": ["granted", None]}, years=[2025])
    assert found.without_requested is found and found.otherwise() == [] and not told(found, "requested")


def test_requested_money_that_a_decided_option_cannot_do_without() -> None:
    f, money = requested()
    f = f.with_table("options", f.options.assign(mandatory=[True, False]))
    found = plan(f, budgets=money, years=[2025], lang="en")
    assert found.without_requested is None
    assert found.otherwise() == ["Without what is only asked for (“region”), no plan holds."]


def test_requested_money_that_is_not_needed() -> None:
    f, money = requested()
    found = plan(f, budgets=money | {"amount_eur": [20000.0, 6000.0]}, years=[2025], lang="en")
    if told(found, "requested")[0][3] == 0.0:
        assert "the plan spends nothing of it" in " ".join(found.assumptions())
    assert found.otherwise()[0].endswith(": still 5 FTE-years; the same options.")


def test_a_surplus_of_aid_and_receipts_is_told() -> None:
    # a year costs 1 000, aid 1 500, over two years: 1 000 too much; in service the second year only with a delay of 1
    f = posts(name=["a"], insertion_fte=[1], running_cost_eur_per_year=[1000], post_aid_eur_per_year=[1500])
    assert told(plan(f, years=[2025, 2026]), "surplus") == [["a", "", 1000.0, None]]
    late = f.with_table("options", f.options.assign(delay_years=1))
    assert told(plan(late, years=[2025, 2026]), "surplus") == [["a", "", 500.0, None]]
    even = f.with_table("options", f.options.assign(post_aid_eur_per_year=1000.0))
    assert told(plan(even, years=[2025, 2026]), "surplus") == []


def test_receipts_beyond_the_cap_are_no_surplus() -> None:
    # ACI: 30 % of 1 000; 30 t × 100 = 3 000 are stated, 300 count; aid 700 closes it
    f = workshop(structure_kind="ACI", receipts_eur_per_t=100.0, running_cost_eur_per_year=1000.0,
                 post_aid_eur_per_year=700.0)  # fmt: skip
    found = plan(f, years=[2025])
    assert chosen(found) == {"o": 2025} and told(found, "surplus") == []


def test_years_that_no_budget_covers() -> None:
    f = posts(name=["a"], insertion_fte=[1])
    money = {
        "name": ["x", "y"],
        "amount_eur": [5.0, 5.0],
        "first_year": [2025, 2028],
        "last_year": [2025, 2028],
    }
    found = plan(f, budgets=money, years=range(2025, 2029), lang="en")
    assert told(found, "no_budget_in") == [["", "2026;2027", 2.0, None]]
    assert "No budget may be spent in 2026 and 2027." in found.assumptions()
    assert not told(plan(f, budgets=budget(amount_eur=5.0), years=range(2025, 2029)), "no_budget_in")


# -- what the tables say beside --------------------------------------------------------------------------------


def decided(state: str | None, start: str | None, *, mandatory: bool) -> cv.Filiere:
    """Return an option of which an action is that far; a cheaper year would be another one."""
    f = posts(name=["a"], insertion_fte=[1], mandatory=[mandatory])
    rows = pd.DataFrame({"action_id": ["x"], "name": ["Act"], "option_id": ["a"], "state": [state],
                          "starts_on": pd.to_datetime([start])})  # fmt: skip
    return f.with_table("actions", rows)


@pytest.mark.parametrize(
    ("state", "start", "mandatory", "year"),
    [
        ("under_way", "2026-09-01", True, 2026),
        ("decided", "2027-01-15", True, 2027),
        ("proposed", "2026-09-01", True, 2025),  # nobody decided when
        ("dropped", "2026-09-01", True, 2025),
        ("under_way", None, True, 2025),
        ("under_way", "2024-09-01", True, 2025),  # before the plan: the year is free
        ("under_way", "2026-09-01", False, 2025),  # nobody says that the option is decided
    ],
)
def test_an_action_that_has_begun_says_when(
    state: str, start: str | None, mandatory: bool, year: int
) -> None:
    found = plan(decided(state, start, mandatory=mandatory), years=[2025, 2026, 2027], lang="en")
    assert chosen(found) == {"a": year}
    assert told(found, "begun_then") == ([["a", str(year), None, None]] if year > 2025 else [])
    assert bool(told(found, "begun_not_said")) is (not mandatory)
    if not mandatory:
        assert found.assumptions() == [
            "An action carries “a” already (“Act”), but the option is not said to be decided: the plan chooses freely."
        ]


def test_a_decided_option_of_unknown_cost_is_told_apart() -> None:
    f = posts(name=["a", "b"], insertion_fte=[1, 1], investment_eur=[None, 0], mandatory=[True, False])
    found = plan(f, years=[2025], lang="en")
    assert chosen(found) == {"b": 2025}
    assert found.aside["code"].tolist() == ["decided_unknown_cost"] and found.not_taken.index.tolist() == [
        "a"
    ]
    assert found.assumptions()[0] == (
        "“a” is already decided, but its cost is not known: neither what it costs nor what it brings is counted."
    )


def test_cells_that_could_not_be_read_are_told() -> None:
    tables: dict[str, Any] = {
        "actors": {"name": ["A"]},
        "options": [{"option_id": "a", "name": "a", "kind": "posts", "investment_eur": 0, "running_cost_eur_per_year": 0,
                     "insertion_fte": 1, "delay_years": "bientôt"}],
        "budgets": [{"budget_id": "x", "name": "x", "amount_eur": 9000, "yearly_limit_eur_per_year": "peu"}],
    }  # fmt: skip
    f = cv.Filiere.from_tables(strict=False, **tables)
    found = plan(f, years=[2025], lang="en")
    rows = found.assumed[found.assumed["code"] == "unread"]
    assert rows["table"].tolist() == ["options", "budgets"] and rows["name"].tolist() == ["bientôt", "peu"]
    said = found.assumptions()
    assert len(said) == 2 and "“peu” in" in said[1] and "the plan counts the cell as blank" in said[1]
    # other budgets than those of the filière have no such cell
    other = plan(f, budgets=budget(amount_eur=5.0), years=[2025])
    assert other.assumed["table"].tolist() == ["options"]


# -- the chain -------------------------------------------------------------------------------------------------


def test_what_enters_without_limit_and_what_is_served_today() -> None:
    # nobody brings x to A: it enters without limit; 40 t are served of the 100 asked for
    f = chain(kind="activity", stage_id="s", actor_id="a", capacity_t_per_year=20.0)
    f = f.with_table("flows", f.flows.iloc[[1]])
    found = plan(f, years=[2025], objective="served_t", lang="en")
    assert found.value == 20.0
    ((where, what, amount, _),) = told(found, "unlimited")
    assert (where, what, amount) == ("s", "x", 60.0)
    assert told(found, "served_today") == [["", "", 40.0, 100.0]]
    assert found.assumptions() == [
        "Where nobody states from where it comes, what enters the chain is counted without limit: x at “s” "
        "(60\u00a0t/year).",
        "The chain as it is stated could already serve 40\u00a0t/year of the 100\u00a0t/year asked for: the tonnages of "
        "the plan are those beyond.",
    ]


def test_a_plan_that_supposes_nothing_says_nothing() -> None:
    found = plan(posts(name=["a"], insertion_fte=[1]), budgets=budget(amount_eur=5.0), years=[2025])
    assert found.assumptions() == [] and found.assumed.empty
    assert found.assumed.dtypes[["amount", "other"]].eq(np.dtype("float64")).all()
