"""The cards of the indicators: one each, formulas that come out, functions that exist, ranges that hold."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import FrozenInstanceError, replace
from math import exp, inf, log, nan

import pytest

from chaine_valeur import datasets
from chaine_valeur.analysis import (
    accounts,
    cooperation,
    flows,
    gaps,
    insertion,
    reconciliation,
    resilience,
    territory,
)
from chaine_valeur.analysis.accounts import cards as of_accounts
from chaine_valeur.analysis.card import Card, Reference
from chaine_valeur.analysis.cooperation import cards as of_cooperation
from chaine_valeur.analysis.flows import cards as of_flows
from chaine_valeur.analysis.gaps import cards as of_gaps
from chaine_valeur.analysis.insertion import cards as of_insertion
from chaine_valeur.analysis.measure import Measure
from chaine_valeur.analysis.reconciliation import cards as of_reconciliation
from chaine_valeur.analysis.resilience import cards as of_resilience
from chaine_valeur.analysis.territory import cards as of_territory
from chaine_valeur.diagnosis import available_cards, available_indicators, card_of
from chaine_valeur.errors import UnknownNameError
from chaine_valeur.filiere import Filiere

from .cards_checked import (
    APART,
    NOT_PARTS,
    SIGNED,
    TAKEN,
    faults_of,
    formula_faults,
    function_disagrees,
    letter_faults,
    measured,
    public,
    range_faults,
    unit_faults,
)
from .cards_hand import AT_THE_END, NEAR_THE_END, Making, left

INDICATORS, CARDS = available_indicators(), available_cards()
ROOMS = [
    (gaps, of_gaps), (flows, of_flows), (reconciliation, of_reconciliation), (resilience, of_resilience),
    (territory, of_territory), (accounts, of_accounts), (cooperation, of_cooperation), (insertion, of_insertion),
]  # fmt: skip
EXAMPLES = ["exemple_complet", "lin_composite", "textiles_france_2020", "textiles_usages"]


@pytest.fixture(scope="module", params=EXAMPLES)
def example(request: pytest.FixtureRequest) -> tuple[Filiere, Mapping[str, Measure]]:
    f = datasets.load(request.param)
    return f, measured(f, INDICATORS.values())


@pytest.mark.parametrize(("room", "cards"), ROOMS, ids=[room.__name__.split(".")[-1] for room, _ in ROOMS])
def test_each_room_has_a_card_for_each_of_its_indicators_and_no_other(room: object, cards: object) -> None:
    listed = [one.indicator_id for one in room.INDICATORS]  # type: ignore[attr-defined]
    assert sorted(cards.CARDS) == sorted(listed)  # type: ignore[attr-defined]
    assert len(listed) == len(set(listed))


def test_the_cards_are_those_of_the_indicators_in_their_order() -> None:
    assert list(CARDS) == list(INDICATORS)
    assert len(CARDS) == sum(len(cards.CARDS) for _, cards in ROOMS)
    assert all(CARDS[name] is card for _, cards in ROOMS for name, card in cards.CARDS.items())


def test_a_card_is_asked_for_by_name() -> None:
    assert card_of("A1") is CARDS["A1"]
    with pytest.raises(UnknownNameError, match="no indicator 'A1-anywere'.*A1-anywhere"):
        card_of("A1-anywere")


def test_what_is_given_away_may_be_changed_without_harm() -> None:
    mine = available_cards()
    mine.clear()
    assert len(available_cards()) == len(CARDS)
    with pytest.raises(FrozenInstanceError):
        card_of("A1").low = -1  # type: ignore[misc]


@pytest.mark.parametrize("name", CARDS)
def test_nothing_is_wrong_with_the_card(name: str) -> None:
    assert not faults_of(name, CARDS[name], INDICATORS[name])


def test_the_figures_of_the_examples_lie_in_the_range(example: tuple[Filiere, Mapping[str, Measure]]) -> None:
    outside = {name: range_faults(CARDS[name], measure) for name, measure in example[1].items()}
    assert not {name: found for name, found in outside.items() if found}
    assert sum(measure.value == measure.value for measure in example[1].values()) > 5


def test_the_function_gives_the_figure_of_the_examples(
    example: tuple[Filiere, Mapping[str, Measure]],
) -> None:
    f, measures = example
    found = {name: function_disagrees(name, CARDS[name], f, measure) for name, measure in measures.items()}
    assert not {name: told for name, told in found.items() if told}


def test_how_the_figure_is_taken_is_known_for_each_card_that_says_so() -> None:
    assert {name for name, card in CARDS.items() if card.taken} == {*TAKEN, *APART}


ENDS = [(name, value, making) for name, found in AT_THE_END.items() for value, making in found]


@pytest.mark.parametrize(
    ("name", "value", "making"), ENDS, ids=[f"{name}={value:.2g}" for name, value, _ in ENDS]
)
def test_an_end_of_the_range_is_reached(name: str, value: float, making: Making) -> None:
    f, card = making(), CARDS[name]
    measure = measured(f, [INDICATORS[name]])[name]
    assert measure.value == pytest.approx(value, abs=1e-12)
    assert not range_faults(card, measure)
    # at an end; or beyond 1, in a share that is no part of a whole
    assert value in (pytest.approx(card.low), pytest.approx(card.high)) or (value > 1 and name in NOT_PARTS)
    assert not function_disagrees(name, card, f, measure)


@pytest.mark.parametrize("name", NEAR_THE_END)
def test_an_end_of_the_range_is_come_near(name: str) -> None:
    value, making = NEAR_THE_END[name]
    found = measured(making(), [INDICATORS[name]])[name].value
    assert value in (CARDS[name].low, CARDS[name].high)
    assert found != value
    assert found == pytest.approx(value, abs=0.05)


def test_of_too_few_exits_nothing_is_shown() -> None:
    """The range then holds no figure to be told, which is no fault."""
    measure = measured(left(4, 4), [INDICATORS["G7"]])["G7"]
    assert measure.value != measure.value
    assert not range_faults(CARDS["G7"], measure)


def test_where_a_part_is_the_whole_the_function_gives_the_figure_too() -> None:
    """Of the four that are put together in another way: one actor at one stage, and nothing to put together."""
    f = Filiere.from_tables(
        stages={"name": ["Collecte", "Tri", "Vente"]},
        actors={"name": ["Benne", "Trieuse", "Boutique", "Étal"]},
        activities={
            "actor_id": ["Benne", "Trieuse", "Boutique", "Étal"],
            "stage_id": ["Collecte", "Tri", "Vente", "Vente"],
            "capacity_t_per_year": [None, 120, 30, 10],
            "jobs_fte": [None, 8, None, None],
            "fixed_cost_eur_per_year": [None, 8000, None, None],
            "variable_cost_eur_per_t": [None, 50, None, None],
        },
        flows={
            "source": ["Benne", "Trieuse"],
            "target": ["Trieuse", "Boutique"],
            "quantity_t_per_year": [100, 90],
            "amount_eur_per_year": [0, 15_000],
        },
        strict=False,
    )
    found = measured(f, [INDICATORS[name] for name in sorted(APART)])
    parts = {name: public(CARDS[name])(f) for name in APART}
    # collection and sorting rest on one actor each; the sale, on two of 30 t and 10 t
    assert parts["A12"].tolist() == [1, 1, 0.625]
    assert found["A12"].value == pytest.approx(2 / 3)
    # 15 000 − 8 000 − 50 × 100 = 2 000 € for 100 t
    assert parts["F6"]["trieuse"] == found["F6"].value == 20
    # 8 FTE for 100 t: those of the others are not known
    assert parts["F7"]["tri"] == found["F7"].value == pytest.approx(0.08)
    # 100 t in and 90 t out, each at a quarter: 10 t of √(25² + 22.5²) = 33.6 t
    closed = parts["B1"][parts["B1"]["state"] == "closed"]
    assert len(closed) == 1
    assert (closed["z"].abs() <= 2).mean() == found["B1"].value == 1


# -- the check is checked: cards that are false on purpose ----------------------------------------------

FALSE = {
    "a command that nobody knows": ("D1", {"math": r"\frac{2\,|E|}{n (n - 1)} \foo"}, "not known to the converter"),
    "a brace that stays open": ("D1", {"math": r"\frac{2\,|E|}{n (n - 1)"}, "braces do not close"),
    "a bar that stays open": ("D1", {"math": r"\left| E n"}, "left and right do not pair"),
    "dollar signs": ("D1", {"math": r"$E n$"}, "dollar signs"),
    "a letter that is nowhere": ("D1", {"symbols": (*CARDS["D1"].symbols, ("k", "nothing"))}, "k is told and stands"),
    "a letter that nobody tells": ("D1", {"symbols": CARDS["D1"].symbols[1:]}, "nobody tells what E is"),
    "a function that is not there": ("D1", {"function": "chaine_valeur.cooperation.densite"}, "is not public"),
    "a function that is hidden": ("D1", {"function": "chaine_valeur.cooperation.indicators.core_of_many"}, "not public"),
    "a function of somebody else": ("D1", {"function": "numpy.mean"}, "is not public"),
    "an argument that it does not take": ("D1", {"arguments": {"by": "pole"}}, "unexpected keyword argument 'by'"),
    "half a sentence": ("D1", {"beyond": "More ties are not"}, "no sentence"),
    "a sentence for a phrase": ("D7", {"taken": "It is the mean."}, "a sentence"),
    "a field": ("D1", {"beyond": "More ties are not {better}."}, "a field"),
    "a share above 1": ("D1", {"high": 2}, "no upper end of a share"),
    "a share below 0": ("D1", {"low": -1}, "no lower end"),
    "an amount that is never negative": ("F1", {"low": 0}, "no lower end"),
    "a share that ends too early": ("B7", {"high": 1}, "no upper end of a share"),
    "a count that ends": ("A6", {"high": 9}, "counts, and ends at 9"),
}  # fmt: skip


@pytest.mark.parametrize(("name", "changed", "told"), FALSE.values(), ids=FALSE)
def test_a_false_card_is_caught(name: str, changed: dict[str, object], told: str) -> None:
    card = replace(CARDS[name], **changed)  # type: ignore[arg-type]
    found = faults_of(name, card, INDICATORS[name])
    assert any(told in fault for fault in found), found


def test_a_function_that_computes_another_thing_is_caught() -> None:
    f, name = datasets.load("exemple_complet"), "D1"
    measure = measured(f, [INDICATORS[name]])[name]
    wrong = replace(CARDS[name], function="chaine_valeur.cooperation.average_degree")
    assert "the diagnosis" in function_disagrees(name, wrong, f, measure)[0]
    assert not function_disagrees(name, CARDS[name], f, measure)


def test_a_range_that_does_not_hold_is_caught() -> None:
    card = replace(CARDS["D1"], low=0.2, high=0.5)
    assert range_faults(card, Measure(0.1, "share", low=0.3, high=0.6)) == ["value 0.1", "high 0.6"]
    assert range_faults(card, Measure(nan, "share")) == []


@pytest.mark.parametrize(
    "changed",
    [
        {"math": " "}, {"symbols": ()}, {"symbols": (("E", ""),)}, {"beyond": ""}, {"n_actors_why": ""}, {"function": ""},
        {"low": 1, "high": 1}, {"low": nan}, {"n_actors": 0}, {"references": (Reference(""),)},
    ],
    ids=str,
)  # fmt: skip
def test_a_card_with_a_hole_is_refused(changed: dict[str, object]) -> None:
    with pytest.raises(ValueError, match=r"missing|no such card"):
        replace(CARDS["D1"], **changed)  # type: ignore[arg-type]


@pytest.mark.parametrize(
    ("value", "inside"),
    [
        (0, True),
        (1, True),
        (-1e-12, True),
        (1 + 1e-12, True),
        (-1e-6, False),
        (1.01, False),
        (inf, False),
        (nan, True),
    ],
)
def test_a_range_forgives_the_rounding_of_floats_and_no_more(value: float, inside: bool) -> None:
    assert CARDS["D1"].contains(value) is inside


def test_an_open_range_holds_what_is_infinite_and_large_values_by_their_size() -> None:
    assert CARDS["B7"].contains(inf)
    assert not CARDS["B7"].contains(-inf)
    assert CARDS["F1"].contains(-inf)
    large = replace(CARDS["B7"], high=1e12)
    assert large.contains(1e12 + 1)
    assert not large.contains(1.1e12)


def test_the_robustness_ends_where_its_formula_does() -> None:
    """−a ln a is highest at a = 1/e, where it is 1/e."""
    assert CARDS["C5"].high == pytest.approx(exp(-1))
    assert all(-a * log(a) < CARDS["C5"].high for a in (0.3, 0.36, 0.37, 0.4))


def test_what_is_said_of_exceptions_is_true() -> None:
    """No indicator is excused that does not need it."""
    assert set(NOT_PARTS) == {
        name for name, one in INDICATORS.items() if one.unit == "share" and CARDS[name].high > 1
    }
    assert set(SIGNED) == {name for name, card in CARDS.items() if card.low < 0}
    assert not [fault for name in CARDS for fault in unit_faults(name, CARDS[name], INDICATORS[name].unit)]


def test_letters_are_looked_for_in_the_formula_and_not_in_its_commands() -> None:
    """The d of \\quad and the s of \\sum are no letters of a formula."""
    card = Card(
        math=r"\sum_k M_k \quad", symbols=(("M_k", "money"), ("d", "days")), low=0, high=1, n_actors=1,
        n_actors_why="One.", beyond="Nothing.", function="chaine_valeur.gaps.orphans",
    )  # fmt: skip
    assert list(letter_faults(card)) == [r"d is told and stands in no place of _kM_k"]


def test_the_converter_alone_would_let_an_unknown_command_pass() -> None:
    """Why its answer is looked at."""
    from latex2mathml.converter import convert

    assert r"\foo" in convert(r"\foo")
    assert list(formula_faults(r"\foo")) == [r"not known to the converter: \foo"]
    assert list(formula_faults(r"\frac{a}{b}")) == []


def test_references_say_whether_they_were_opened() -> None:
    cited = [one for card in CARDS.values() for one in card.references]
    assert {one.verified for one in cited} == {True, False}
    texts = {one.text: one.verified for one in cited}
    assert all(texts[one.text] == one.verified for one in cited)
    assert all(one.doi == "" or one.doi.startswith("10.") for one in cited)
