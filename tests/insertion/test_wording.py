"""The words of results and costs, in both languages, each with the plural and the spaces of its own."""

from __future__ import annotations

import pytest

from chaine_valeur.analysis.insertion.results import money_of, result_of
from chaine_valeur.analysis.insertion.wording import (
    about,
    amount_of,
    cost_words,
    excluded,
    purpose_words,
    result_words,
)
from chaine_valeur.vocabulary import labels
from tests.insertion.programme import funding, plain, programme, with_outcomes


@pytest.mark.parametrize(
    ("value", "unit", "french", "english"),
    [
        (1.0, "post", "1 poste", "1 post"),
        (12.0, "post", "12 postes", "12 posts"),
        # in French what is below two is singular, in English only one is
        (0.0, "post", "0 poste", "0 posts"),
        (4.5, "fte", "4,5 ETP", "4.5 FTE"),
        (1.0, "person", "1 personne", "1 person"),
        (1200.0, "person", "1 200 personnes", "1,200 persons"),
        (0.525, "share", "53 %", "53%"),
        (2.0, "structure", "2 structures", "2 structures"),
        (1.0, "event", "1 événement", "1 event"),
    ],
)
def test_an_amount_with_its_unit(value: float, unit: str, french: str, english: str) -> None:
    assert plain(amount_of(value, unit, "fr")) == french
    assert plain(amount_of(value, unit, "en")) == english


@pytest.mark.parametrize("unit", labels("outcome_unit"))
@pytest.mark.parametrize("lang", ["fr", "en"])
def test_every_unit_has_words(unit: str, lang: str) -> None:
    """A unit added to the vocabulary is not told as another one."""
    said = {amount_of(7.0, one, lang) for one in labels("outcome_unit")}
    assert amount_of(7.0, unit, lang)[:1] == "7"
    assert len(said) == len(labels("outcome_unit"))


@pytest.mark.parametrize(
    ("value", "approximate", "french", "english"),
    [
        (30.0, True, "une trentaine", "about thirty"),
        (30.0, False, "30", "30"),
        (31.0, True, "environ 31", "about 31"),
        (12.5, True, "environ 12,5", "about 12.5"),
        (12.0, True, "une douzaine", "about a dozen"),
        (100.0, True, "une centaine", "about a hundred"),
    ],
)
def test_a_round_number_that_is_approximate_has_a_word(
    value: float, approximate: bool, french: str, english: str
) -> None:
    assert plain(about(value, "fr", approximate=approximate)) == french
    assert plain(about(value, "en", approximate=approximate)) == english


@pytest.mark.parametrize("purpose", labels("funding_purpose"))
@pytest.mark.parametrize("lang", ["fr", "en"])
def test_every_purpose_has_words_within_a_sentence(purpose: str, lang: str) -> None:
    said = purpose_words(purpose, lang)
    assert said and said[0].islower()


def test_a_cost_names_its_perimeter_and_what_is_left_out() -> None:
    money = money_of(programme(), scope="programme", purposes=["animation"])
    assert plain(cost_words(money, 21, "post", "fr")) == "10 952 € d’animation par poste, hors aides aux SIAE"
    assert plain(cost_words(money, 10, "fte", "fr")) == "23 000 € d’animation par ETP, hors aides aux SIAE"
    assert plain(excluded(money, "en")) == "excluding aid to the SIAE"
    # nothing else is known of the perimeter: nothing is left out
    alone = programme(funding=funding()[funding()["purpose"] == "animation"])
    assert excluded(money_of(alone, scope="programme", purposes=["animation"]), "fr") == ""


def test_a_cost_with_an_unknown_amount_is_a_least_one() -> None:
    rows = funding().assign(purpose="animation")
    money = money_of(programme(funding=rows), scope="programme", purposes=["animation"])
    assert plain(cost_words(money, 21, "post", "fr")).startswith("au moins 10 952 €")
    assert plain(cost_words(money, 21, "post", "en")).startswith("at least 10,952 €")


@pytest.mark.parametrize(
    ("target", "reached", "share"),
    [(30.0, 21.0, "(70 %)"), (29.0, 21.0, ""), (30.0, 0.0, "(0 %)"), (40.0, 50.0, "(125 %)")],
)
def test_a_percentage_is_told_from_thirty_on(target: float, reached: float, share: str) -> None:
    """Below, both numbers stand there already: « 21 pour 29 » needs no « 72 % »."""
    f = with_outcomes({"target": target, "reached": reached})
    said = plain(result_words(result_of(f, scope="programme", unit="post"), "fr"))
    assert (share in said) if share else ("%" not in said)


def test_what_cannot_be_compared_has_no_percentage() -> None:
    """Two rows, one without a target: 7 of 40 is told, and 7 + 20 is not held against it."""
    f = with_outcomes({"target": 40, "reached": 7}, {"reached": 20})
    said = plain(result_words(result_of(f, scope="programme", unit="post"), "fr"))
    assert said == "27 postes créés pour 40 attendus"
