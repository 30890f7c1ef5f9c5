"""Rules among options, worked out by hand: alternatives, what needs what, what is decided already, who supervises."""

from __future__ import annotations

from typing import Any

import pandas as pd
import pytest

import chaine_valeur as cv
from chaine_valeur.planning.plan import plan

from .plan_cases import budget, chosen, posts
from .plan_checks import sound


def linked(f: cv.Filiere, *pairs: str) -> cv.Filiere:
    """Return the filière in which of each pair the first needs the second."""
    links = pd.DataFrame([tuple(pair) for pair in pairs], columns=["option_id", "needs_option_id"])
    return f.with_table("option_links", links)


# -- alternatives ----------------------------------------------------------------------------------------------


def test_of_two_groups_one_each() -> None:
    # v: a 3 or b 4; w: c 2 or d 1; e is in no group
    f = posts(name=list("abcde"), insertion_fte=[3, 4, 2, 1, 1], alternative_group=["v", "v", "w", "w", None])
    found = plan(f, years=[2025], lang="en")
    sound(found, f)
    assert chosen(found) == {"b": 2025, "c": 2025, "e": 2025} and found.value == 7.0
    assert found.not_taken[["code", "loss", "instead_of"]].values.tolist() == [
        ["alternative", 1.0, "b"], ["alternative", 1.0, "c"],
    ]  # fmt: skip
    assert found.why_not("a") == (
        "Its alternative “b” is in the plan; taking it would cost 1 FTE-year; it would take the place of “b”."
    )


def test_a_group_of_one_excludes_nothing() -> None:
    f = posts(name=["a", "b"], insertion_fte=[1, 1], alternative_group=["v", "w"])
    assert plan(f, years=[2025]).value == 2.0


def test_alternatives_exclude_one_another_in_all_years_and_units() -> None:
    # not a in 2025 and b in 2026, nor a unit of each: 2 units of b, 2 FTE over two years
    f = posts(name=["a", "b"], insertion_fte=[1, 1], alternative_group=["v", "v"], units_max=[1, 2],
              investment_eur=[1000, 1000])  # fmt: skip
    found = plan(f, budgets=budget(amount_eur=9000), years=[2025, 2026])
    assert chosen(found) == {"b": 2025} and found.value == 4.0


def test_the_better_alternative_may_leave_no_money_for_the_rest() -> None:
    # a 4 for 6 000, b 3 for 3 000 (one of both), c 2 for 3 000: with 6 000 b and c (5) beat a (4)
    f = posts(name=list("abc"), insertion_fte=[4, 3, 2], investment_eur=[6000, 3000, 3000],
              alternative_group=["v", "v", None])  # fmt: skip
    found = plan(f, budgets=budget(amount_eur=6000), years=[2025])
    assert chosen(found) == {"b": 2025, "c": 2025}
    row = found.not_taken.loc["a"]
    # a would take the place of both
    assert (row["code"], row["loss"], row["instead_of"]) == ("alternative", 1.0, "b;c")


# -- what needs what -------------------------------------------------------------------------------------------


def test_a_chain_of_needs_is_paid_for_as_a_whole() -> None:
    # c (6 FTE) needs b needs a: 1 000 + 2 000 + 3 000; d alone: 5 for 5 000
    f = linked(
        posts(name=list("abcd"), insertion_fte=[0, 0, 6, 5], investment_eur=[1000, 2000, 3000, 5000]),
        "cb",
        "ba",
    )
    rich, poor = (
        plan(f, budgets=budget(amount_eur=amount), years=[2025], lang="en") for amount in (6000, 5999)
    )
    assert chosen(rich) == {"a": 2025, "b": 2025, "c": 2025}
    assert rich.chosen["reason"].to_dict() == {
        "a": "Needed by “b”.", "b": "Needed by “c”.", "c": "Brings 6 insertion FTE from 2025 on.",
    }  # fmt: skip
    assert chosen(poor) == {"d": 2025}
    # all of the chain costs more than there is; a or b with a would push d out: 5 FTE; b is told by what it needs
    assert poor.not_taken["code"].to_dict() == {"a": "displaced", "b": "needs", "c": "money"}
    assert poor.not_taken.loc["b", ["loss", "instead_of"]].tolist() == [5.0, "d"]


def test_one_need_serves_several() -> None:
    # a (9 000) alone opens b, c and d of 1 000 each
    f = linked(
        posts(name=list("abcd"), insertion_fte=[0, 1, 1, 1], investment_eur=[9000, 1000, 1000, 1000]),
        "ba",
        "ca",
        "da",
    )
    assert plan(f, budgets=budget(amount_eur=11000), years=[2025]).value == 2.0
    assert plan(f, budgets=budget(amount_eur=9999), years=[2025]).value == 0.0


def test_several_needs_are_all_asked_for() -> None:
    f = linked(posts(name=list("abc"), insertion_fte=[0, 0, 1], investment_eur=[1000, 2000, 500]), "ca", "cb")
    assert plan(f, budgets=budget(amount_eur=3500), years=[2025]).value == 1.0
    assert plan(f, budgets=budget(amount_eur=3499), years=[2025]).value == 0.0


def test_what_is_needed_may_come_before_but_not_after() -> None:
    # 1 000 a year: a in 2025, b, which needs it, in 2026; the other way round is not allowed
    f = linked(posts(name=["b", "a"], insertion_fte=[5, 1], investment_eur=[1000, 1000]), "ba")
    found = plan(f, budgets=budget(amount_eur=2000, yearly_limit_eur_per_year=1000), years=[2025, 2026])
    assert chosen(found) == {"a": 2025, "b": 2026} and found.value == 7.0  # 1 × 2 + 5
    free = f.with_table("option_links", f.option_links.iloc[:0])
    assert (
        plan(free, budgets=budget(amount_eur=2000, yearly_limit_eur_per_year=1000), years=[2025, 2026]).value
        == 11.0
    )


@pytest.mark.parametrize(
    ("needed_from", "waits_until", "taken"), [(2026, 2026, True), (2026, 2025, False), (2025, 2025, True)]
)
def test_years_of_what_is_needed(needed_from: int, waits_until: int, taken: bool) -> None:
    f = linked(posts(name=["a", "b"], insertion_fte=[0, 1], earliest_year=[needed_from, None],
                     latest_year=[None, waits_until]), "ba")  # fmt: skip
    found = plan(f, years=[2025, 2026], lang="en")
    assert ("b" in chosen(found)) is taken
    if not taken:
        assert found.not_taken["code"].to_dict() == {"a": "no_gain", "b": "needs"}
        assert found.why_not("b") == "It does not go together with what “b” needs first."


def test_a_need_asks_for_one_unit_only() -> None:
    # 3 units of b at 1 000 need one unit of a at 1 000
    f = linked(
        posts(name=["a", "b"], insertion_fte=[0, 1], investment_eur=[1000, 1000], units_max=[3, 3]), "ba"
    )
    found = plan(f, budgets=budget(amount_eur=4000), years=[2025])
    assert found.chosen["units"].to_dict() == {"a": 1, "b": 3}


def test_a_need_among_alternatives() -> None:
    # c needs b, which excludes a (4): b and c bring 1 + 2 = 3, a alone 4
    f = linked(posts(name=list("abc"), insertion_fte=[4, 1, 2], alternative_group=["v", "v", None]), "cb")
    found = plan(f, years=[2025], lang="en")
    assert chosen(found) == {"a": 2025}
    row = found.not_taken.loc["c"]
    assert (row["code"], row["loss"], row["instead_of"]) == ("needs", 1.0, "a")
    assert row["reason"] == (
        "What it needs is not in the plan: “b”; taking it would cost 1 FTE-year; it would take the place of “a”."
    )


# -- what is decided already -----------------------------------------------------------------------------------


def test_what_is_decided_is_paid_first() -> None:
    # a brings nothing for 4 000 of the 6 000: b (3 for 3 000) no longer fits, c (1 for 2 000) does
    f = posts(
        name=list("abc"),
        insertion_fte=[0, 3, 1],
        investment_eur=[4000, 3000, 2000],
        mandatory=[True, False, False],
    )
    found = plan(f, budgets=budget(amount_eur=6000), years=[2025], lang="en")
    assert chosen(found) == {"a": 2025, "c": 2025}
    assert found.chosen.loc["a", "reason"] == "Already decided."
    assert found.not_taken["code"].to_dict() == {"b": "mandatory"}
    assert (
        found.why_not("b")
        == "It does not go together with the decision already taken on “a” and the amount of “Enveloppe”."
    )


def test_what_is_decided_may_be_so_in_any_year_and_number() -> None:
    # already decided says neither when nor how many: of 2 units one, in the only year that somebody pays
    f = posts(name=["a"], insertion_fte=[1], investment_eur=[1000], units_max=[2], mandatory=[True])
    found = plan(f, budgets=budget(amount_eur=1500, first_year=2026), years=[2025, 2026])
    assert chosen(found) == {"a": 2026} and found.chosen.loc["a", "units"] == 1


def test_what_is_decided_drags_along_what_it_needs() -> None:
    f = linked(
        posts(name=list("ab"), insertion_fte=[0, 0], investment_eur=[500, 700], mandatory=[False, True]), "ba"
    )
    found = plan(f, budgets=budget(amount_eur=1200), years=[2025])
    assert chosen(found) == {"a": 2025, "b": 2025}


# -- supervision -----------------------------------------------------------------------------------------------


def at_work(f: cv.Filiere, insertion: float | None, supervision: float | None) -> cv.Filiere:
    """Return the filière in which the actor « Atelier » works already."""
    act = {
        "actor_id": ["atelier"],
        "stage_id": ["tri"],
        "insertion_fte": [insertion],
        "supervision_fte": [supervision],
    }
    return f.with_table("stages", pd.DataFrame({"name": ["Tri"]})).with_table("activities", pd.DataFrame(act))


@pytest.mark.parametrize(
    ("today", "ratio", "value"),
    [
        ((10.0, 3.0), 0.2, 5.0),  # 3 ≥ 0.2 × 15
        ((10.0, 2.9), 0.2, 0.0),
        ((0.0, 0.0), 0.2, 0.0),  # 0 of 1
        ((0.0, 1.0), 0.2, 5.0),
        ((20.0, 3.0), 0.2, 0.0),  # below today already: 4 would be needed
        ((10.0, 0.0), 0.0, 5.0),
    ],
)
def test_the_ratio_is_that_of_the_whole_structure(
    today: tuple[float, float], ratio: float, value: float
) -> None:
    f = at_work(posts(name=["a"], actor_id=["atelier"], insertion_fte=[5], supervision_fte=[0]), *today)
    found = plan(f, years=[2025], supervision_ratio=ratio, lang="en")
    assert found.value == value
    if not value:
        assert found.not_taken["code"].to_dict() == {"a": "supervision"}
        assert found.why_not("a") == "It does not go together with the supervision ratio of “Atelier”."


def test_who_is_below_today_catches_up_with_the_first_option() -> None:
    # today 1 of supervision for 10 at a ratio of 0.2: 1 is missing. a asks for 0.2 more, b brings 1.2: exactly enough
    f = at_work(posts(name=["a", "b"], actor_id=["atelier"] * 2, insertion_fte=[1, 0], supervision_fte=[0, 1.2],
                      investment_eur=[0, 3000]), 10.0, 1.0)  # fmt: skip
    found = plan(f, budgets=budget(amount_eur=3000), years=[2025], supervision_ratio=0.2)
    assert chosen(found) == {"a": 2025, "b": 2025}
    short = f.with_table("options", f.options.assign(supervision_fte=[0.0, 1.19]))
    assert plan(short, budgets=budget(amount_eur=3000), years=[2025], supervision_ratio=0.2).value == 0.0


def test_supervision_has_to_be_there_in_each_year() -> None:
    # b, who supervises, starts a year later than a could: a waits for it
    f = posts(
        name=["a", "b"],
        actor_id=["atelier"] * 2,
        insertion_fte=[4, 0],
        supervision_fte=[0, 1],
        delay_years=[0, 1],
    )
    found = plan(f, years=range(2025, 2028), supervision_ratio=0.25)
    assert found.chosen["starts_year"].to_dict() == {"b": 2026, "a": 2026} and found.value == 8.0


def test_units_of_supervision_for_units_of_posts() -> None:
    # 0.25: each unit of b (1 FTE, 2 000) lets 4 units of a (1 FTE, 500) in: 12 500 buy 3 of b and 12 of a at most
    f = posts(name=["a", "b"], actor_id=["atelier"] * 2, insertion_fte=[1, 0], supervision_fte=[0, 1], units_max=[20, 20],
              investment_eur=[500, 2000])  # fmt: skip
    found = plan(f, budgets=budget(amount_eur=12500), years=[2025], supervision_ratio=0.25)
    # 3 × 2 000 + 12 × 500 = 12 000; a 13th would ask for a 4th of b: 8 000 + 6 500
    assert found.chosen["units"].to_dict() == {"a": 12, "b": 3} and found.value == 12.0


def test_structures_do_not_lend_one_another_their_supervisors() -> None:
    # b belongs to a structure of its own; a asks for 1 of 4
    f = posts(name=["a", "b"], actor_id=["atelier", None], structure_kind=[None, "ACI"], insertion_fte=[4, 0],
              supervision_fte=[0, 1])  # fmt: skip
    assert plan(f, years=[2025], supervision_ratio=0.25).value == 0.0


@pytest.mark.parametrize("kind", ["ESAT", "EA", "GEIQ", "company", None])
def test_no_rule_for_who_is_no_insertion_structure(kind: Any) -> None:
    f = posts(name=["a"], structure_kind=[kind], insertion_fte=[4], supervision_fte=[0])
    assert plan(f, years=[2025], supervision_ratio=0.25).value == 4.0


def test_a_rule_that_cannot_be_checked_is_told() -> None:
    # of a the supervision is unknown; of Atelier what it has today
    f = at_work(
        posts(name=["a", "b"], actor_id=["atelier"] * 2, insertion_fte=[4, 1], supervision_fte=[None, 0.2]),
        5.0,
        None,
    )
    found = plan(f, years=[2025], supervision_ratio=0.2, lang="en")
    assert found.value == 5.0
    assert found.aside[["table", "id", "code"]].values.tolist() == [
        ["options", "a", "unknown_supervision"], ["actors", "atelier", "unknown_today"],
    ]  # fmt: skip
    assert found.notes()[-2:] == [
        "The supervision ratio is not checked for them, as their FTE are not known: “a”.",
        "The supervision ratio leaves out what they have today, which is not known: “Atelier”.",
    ]
    assert found.notes(lang="fr")[-2] == (
        "Le taux d’encadrement n’est pas vérifié pour elles, faute de connaître leurs ETP\u00a0: «\u00a0a\u00a0»."
    )
    assert plan(f, years=[2025]).aside.empty  # without the rule there is nothing to tell


@pytest.mark.parametrize(
    ("delays", "years", "decided", "value"),
    [
        # b needs a, which takes two years: b waits for its service, in 2027
        ({"a": 2, "b": 0}, [2025, 2026, 2027], {"a": 2025, "b": 2027}, 1.0),
        # b takes a year itself: decided in 2026, both in service in 2027
        ({"a": 2, "b": 1}, [2025, 2026, 2027], {"a": 2025, "b": 2026}, 1.0),
        # b takes longer than a: decided together
        ({"a": 1, "b": 2}, [2025, 2026, 2027], {"a": 2025, "b": 2025}, 1.0),
        # a would be in service after the years of the plan: b cannot be
        ({"a": 2, "b": 0}, [2025, 2026], {}, 0.0),
    ],
)
def test_what_waits_is_in_service_no_sooner_than_what_it_needs(
    delays: dict[str, int], years: list[int], decided: dict[str, int], value: float
) -> None:
    f = linked(posts(name=list(delays), insertion_fte=[0, 1], delay_years=list(delays.values())), "ba")
    found = plan(f, years=years)
    assert chosen(found) == decided and found.value == value
