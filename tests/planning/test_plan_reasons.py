"""Why an option is in a plan, or not: an instance by hand for each code, in words, in both languages."""

from __future__ import annotations

from typing import Any

import numpy as np
import pandas as pd
import pytest

import chaine_valeur as cv
from chaine_valeur.errors import UnknownNameError
from chaine_valeur.planning.plan import plan
from chaine_valeur.planning.plan.reasons import MOST

from .plan_cases import budget, chain, posts

NB, THIN = "\u00a0", "\u202f"


def told(found: Any, option: str) -> tuple[Any, ...]:
    """Return code, loss, more euros and what would go, ``None`` where blank."""
    row = found.not_taken.loc[option]
    return tuple(None if pd.isna(row[c]) else row[c] for c in ("code", "loss", "more_eur", "instead_of"))


def test_outside_years() -> None:
    found = plan(
        posts(name=["a", "b"], insertion_fte=[1, 1], earliest_year=[None, 2030]), years=[2025], lang="fr"
    )
    assert told(found, "b") == ("outside_years", None, None, None)
    assert found.why_not("b") == "Elle ne peut être décidée qu’en dehors des années du plan."


def test_too_late() -> None:
    found = plan(posts(name=["a", "b"], insertion_fte=[1, 1], delay_years=[0, 2]), years=[2025, 2026])
    assert told(found, "b") == ("too_late", None, None, None)
    # decided in 2025, a delay of one year is in time; decided in 2026 only, it is not
    last = posts(name=["a", "b"], insertion_fte=[1, 1], delay_years=[0, 1], earliest_year=[None, 2026])
    assert told(plan(last, years=[2025, 2026]), "b")[0] == "too_late"


def test_needs_aside() -> None:
    f = posts(name=["a", "b", "c"], insertion_fte=[1, 1, 1], investment_eur=[None, 0, 0])
    f = f.with_table("option_links", pd.DataFrame({"option_id": ["b"], "needs_option_id": ["a"]}))
    found = plan(f, years=[2025], lang="en")
    assert found.chosen.index.tolist() == ["c"]
    assert told(found, "a") == ("unknown_cost", None, None, None)
    assert told(found, "b") == ("needs_aside", None, None, None)
    assert found.why_not("b") == "What it needs is left aside."
    assert (
        found.why_not("a", lang="en") == "Its cost is not known: to be asked for before anything is decided."
    )
    assert found.why_not("a", lang="fr").startswith("Son coût n’est pas connu")


def test_actor_gone() -> None:
    f = cv.Filiere.from_tables(
        actors={"name": ["A", "B"], "until": [None, 2020], "status": ["active", "closed"]},
        options={"name": ["a", "b"], "kind": "posts", "actor_id": ["a", "b"], "insertion_fte": [1, 1],
                 "investment_eur": 0, "running_cost_eur_per_year": 0},
    )  # fmt: skip
    found = plan(f, years=[2025], year=2024, lang="en")
    assert told(found, "b") == ("actor_gone", None, None, None)
    assert found.why_not("b") == "Its actor is no longer there in the year planned from."


def test_viability_names_nothing_but_itself() -> None:
    # 101 t are asked for, 100 are there
    f = chain(stage_id="s", capacity_t_per_year=200, minimum_viable_t_per_year=101)
    found = plan(f, years=[2025], lang="en")
    assert told(found, "o") == ("viability", None, None, None)
    assert found.why_not("o") == "It would stay under the tonnage below which it cannot live."
    assert found.why_not("o", lang="fr") == "Elle n’atteindrait pas son tonnage minimal viable."


def test_viability_beside_what_is_decided() -> None:
    # 100 t: what is decided already has to carry 60, the other 50
    f = chain(stage_id="s", capacity_t_per_year=80, minimum_viable_t_per_year=60, mandatory=True)
    other = f.options.reset_index().assign(
        option_id="p", name="p", mandatory=False, minimum_viable_t_per_year=50.0
    )
    found = plan(f.with_rows("options", other), years=[2025], lang="en")
    assert told(found, "p")[0] == "viability"
    assert found.why_not("p") == (
        "It would stay under the tonnage below which it cannot live, because of this too: the decision already taken on "
        "“o” and the tonnage below which “o” cannot live."
    )


def test_supervision() -> None:
    f = posts(name=["a"], actor_id=["atelier"], insertion_fte=[4], supervision_fte=[0.5])
    found = plan(f, years=[2025], supervision_ratio=0.2)
    assert told(found, "a") == ("supervision", None, None, None)
    assert found.why_not("a") == f"Elle n’est pas compatible avec le taux d’encadrement de «{NB}Atelier{NB}»."


def test_cap() -> None:
    # 1 000 a year, of which receipts may pay 300, and nobody else anything
    f = chain(stage_id="s", structure_kind="ACI", capacity_t_per_year=50, receipts_eur_per_t=100,
              running_cost_eur_per_year=1000)  # fmt: skip
    found = plan(f, years=[2025], lang="en")
    assert told(found, "o") == ("cap", None, None, None)
    assert found.why_not("o") == "It does not go together with the limit on commercial receipts of “o”."
    assert plan(f, years=[2025], commercial_cap=1.0).value == 1.0


def test_money_with_one_euro_missing() -> None:
    f = posts(name=["a"], insertion_fte=[1], investment_eur=[1001])
    found = plan(f, budgets=budget(amount_eur=1000), years=[2025])
    assert told(found, "a") == ("money", None, None, None)
    assert found.why_not("a") == (
        f"Elle coûte plus que ce que l’on peut y consacrer{NB}: le montant de «{NB}Enveloppe{NB}»."
    )


def test_no_payer() -> None:
    found = plan(posts(name=["a"], insertion_fte=[1], investment_eur=[1]), years=[2025], lang="en")
    assert told(found, "a") == ("no_payer", None, None, None)


def test_mandatory() -> None:
    f = posts(name=["a", "b"], insertion_fte=[1, 1], alternative_group=["v", "v"], mandatory=[True, False])
    found = plan(f, years=[2025], lang="en")
    assert told(found, "b") == ("mandatory", None, None, None)
    assert found.why_not("b") == (
        "It does not go together with the decision already taken on “a” and the choice of one option only in “v”."
    )


def test_alternative_at_a_loss_and_for_nothing() -> None:
    f = posts(
        name=["a", "b", "c"], insertion_fte=[3, 1, 3], investment_eur=[10, 0, 12], alternative_group=["v"] * 3
    )
    found = plan(f, budgets=budget(amount_eur=100), years=[2025], lang="en")
    # b reaches 2 less and saves 10; c as much as a for 2 more
    assert told(found, "b") == ("alternative", 2.0, -10.0, "a")
    assert told(found, "c") == ("alternative", 0.0, 2.0, "a")
    assert found.why_not("c") == (
        "Its alternative “a” is in the plan; it would add nothing to what is aimed at, "
        "for 2\u00a0€ more from the budgets."
    )


def test_displaced_by_two() -> None:
    # a for 5 or b and c for 3 + 2, 4 FTE against 2 + 3
    f = posts(name=["a", "b", "c"], insertion_fte=[4, 2, 3], investment_eur=[5000, 3000, 2000])
    found = plan(f, budgets=budget(amount_eur=5000), years=[2025])
    assert told(found, "a") == ("displaced", 1.0, 0.0, "b;c")
    assert found.why_not("a") == (
        f"La retenir coûterait 1 année de travail à temps plein{THIN}; elle prendrait la place de «{NB}b{NB}» et "
        f"«{NB}c{NB}»."
    )


def test_no_gain() -> None:
    f = posts(name=["a", "b", "c"], insertion_fte=[1, 0, 0], investment_eur=[0, 0, 50])
    found = plan(f, budgets=budget(amount_eur=100), years=[2025], lang="en")
    assert told(found, "b") == ("no_gain", 0.0, 0.0, None)
    assert told(found, "c") == ("no_gain", 0.0, 50.0, None)
    assert found.why_not("b") == "It would add nothing to what is aimed at."
    assert (
        found.why_not("c") == "It would add nothing to what is aimed at, for 50\u00a0€ more from the budgets."
    )


def test_beyond_the_first_forty_only_what_is_plain_is_said() -> None:
    size = MOST + 3
    f = posts(name=[f"o{n:02d}" for n in range(size)], insertion_fte=[1.0] * size, investment_eur=[10.0] * size,
              earliest_year=[None] * (size - 1) + [2030])  # fmt: skip
    found = plan(f, budgets=budget(amount_eur=9), years=[2025], lang="en")
    codes = found.not_taken["code"]
    assert codes.iloc[:MOST].eq("money").all() and codes.iloc[MOST:].tolist() == ["not_worked_out"] * 2 + [
        "outside_years"
    ]
    assert found.why_not("o41") == "It costs more than what may be spent on it: the amount of “Enveloppe”."
    assert found.not_taken.loc["o41", "reason"] == "Not worked out: ask for this option alone."


def test_who_is_no_option_is_unknown() -> None:
    f = posts(name=["a", "b"], insertion_fte=[1, 1], investment_eur=[0, None])
    found = plan(f, budgets={"name": ["x", "y"], "amount_eur": [None, 5]}, years=[2025])
    for name in ("x", "y", "zz", ""):  # budgets, left aside or not, are none
        with pytest.raises(UnknownNameError, match="option"):
            found.why_not(name)
    assert found.why_not("a") == "" and found.why_not("b") == found.not_taken.loc["b", "reason"]


def test_a_gap_that_is_left_makes_no_loss_negative() -> None:
    # 41 options and a coarse gap: what is found may be bettered by what is not in it; told as no loss
    random = np.random.default_rng(3)
    size = 41
    f = posts(name=[f"o{n:02d}" for n in range(size)], insertion_fte=random.integers(1, 9, size).astype(float),
              investment_eur=random.integers(1, 50, size) * 1000.0)  # fmt: skip
    found = plan(f, budgets=budget(amount_eur=150_000), years=[2025], gap=0.3)
    lost = found.not_taken["loss"].dropna()
    assert len(lost) and (lost >= 0).all()


# -- what is in the plan, and what a plan rests on -------------------------------------------------------------


def test_what_an_option_brings_in_words() -> None:
    f = chain(stage_id="s", structure_kind="ACI", capacity_t_per_year=60, units_max=1, mandatory=True)
    gone = f.without_actors("a")
    english, french = (plan(gone, years=[2025], lang=lang).chosen.loc["o", "reason"] for lang in ("en", "fr"))
    assert english == (
        "Brings 1 insertion FTE from 2025 on; carries 60\u00a0t/year; gives stage “s” an actor here; already decided."
    )
    assert french.startswith("Apporte 1") and "60\u00a0t/an" in french and french.endswith("déjà décidée.")


def test_an_option_that_does_nothing_and_costs_nothing_is_not_taken() -> None:
    found = plan(posts(name=["a"], insertion_fte=[0]), years=[2025])
    assert found.chosen.empty and found.not_taken["code"].tolist() == ["no_gain"]


def test_what_is_left_to_pay_and_not_known_is_told_apart() -> None:
    # a: 400 a year; o would live on receipts too, which only its years will tell
    f = chain(stage_id="s", capacity_t_per_year=30, delay_years=1, receipts_eur_per_t=10, running_cost_eur_per_year=1000,
              mandatory=True)  # fmt: skip
    f = f.with_rows("options", [{"option_id": "a", "name": "a", "kind": "posts", "investment_eur": 0.0,
                                 "running_cost_eur_per_year": 400.0, "insertion_fte": 1.0}])  # fmt: skip
    found = plan(f, budgets=budget(amount_eur=400), years=[2025], lang="en")
    assert found.after["to_pay_eur_per_year"].isna().to_dict() == {"o": True, "a": False}
    assert (
        "After the plan, 400\u00a0€ a year remain to be paid, without what is not known yet: “o”."
        in found.notes()
    )
    # in its first year of operation it is known: 30 × 10 = 300 of the 1 000
    later = plan(f, budgets=budget(amount_eur=5000), years=[2025, 2026], lang="en")
    assert later.after["to_pay_eur_per_year"].to_dict() == {"o": 700.0, "a": 400.0}
    assert "After the plan, 1,100\u00a0€ a year remain to be paid." in later.notes()


@pytest.mark.parametrize(
    ("objective", "first"),
    [
        ("insertion_fte", "Over the years of the plan: 2 FTE-years; in the last one: 1 insertion FTE."),
        ("served_t", "Over the years of the plan: 50\u00a0t; in the last one: 25\u00a0t/year."),
        ("closed_gaps", "Over the years of the plan: 0 gap-years; in the last one: 0 gaps closed."),
    ],
)
def test_notes_of_each_objective(objective: str, first: str) -> None:
    f = chain(actor_id="a", stage_id="s", capacity_t_per_year=25)
    found = plan(f, years=[2025, 2026], objective=objective, lang="en")
    assert found.notes()[0] == first
    assert (
        found.notes()[1]
        == "Among the options whose cost is known, no other choice does better: this is proved."
    )
