"""From how many actors on an indicator means something: the reason that its card gives is true."""

from __future__ import annotations

from itertools import product
from math import comb

import networkx as nx
import numpy as np
import pytest

from chaine_valeur import cooperation
from chaine_valeur.analysis.card import BY_AMOUNTS, BY_CASES, BY_FLOWS
from chaine_valeur.analysis.cooperation.indicators import core_of_many
from chaine_valeur.analysis.insertion import FEWEST_EXITS
from chaine_valeur.diagnosis import available_cards, available_indicators
from chaine_valeur.diagnosis.run import measured_by
from chaine_valeur.language import SMALL_NUMBER, number
from chaine_valeur.vocabulary import Pole

from .cards_hand import everyone, left, named, seated, sold, tied, traded

INDICATORS, CARDS = available_indicators(), available_cards()
WITH_FLOWS = [name for name, card in CARDS.items() if card.n_actors_why == BY_FLOWS]


def most(count: int, parts: int) -> int:
    """Return the most tuples with one actor of each of some colleges that so many actors can make."""
    shares = product(range(count + 1), repeat=parts - 1)
    return max(int(np.prod([*some, count - sum(some)])) for some in shares if sum(some) <= count)


@pytest.mark.parametrize(
    ("name", "cases"),
    [("D1", lambda n: comb(n, 2)), ("D2", lambda n: most(n, 2)), ("D6", lambda n: most(n, 3))],
    ids=["D1", "D2", "D6"],
)  # fmt: skip
def test_from_so_many_actors_on_there_are_thirty_cases(name: str, cases) -> None:  # type: ignore[no-untyped-def]
    """And the numbers in the sentence are those of so many, and of one less."""
    card = CARDS[name]
    assert cases(card.n_actors) >= SMALL_NUMBER > cases(card.n_actors - 1)
    assert f" {cases(card.n_actors)} " in card.n_actors_why
    points = 100 / cases(card.n_actors - 1)
    assert points > 3 if "more than three points" in card.n_actors_why else points >= 4


@pytest.mark.parametrize("name", ["D3", "D9", "D11", "D15", "D16"])
def test_shares_of_ties_need_as_many_actors_as_thirty_pairs(name: str) -> None:
    assert comb(CARDS[name].n_actors, 2) >= SMALL_NUMBER > comb(CARDS[name].n_actors - 1, 2)
    assert "eight" in CARDS[name].n_actors_why
    assert CARDS[name].n_actors == 9


@pytest.mark.parametrize("seed", range(12))
def test_one_tie_moves_the_centralisation_of_eleven_actors_by_a_tenth_at_most(seed: int) -> None:
    size = CARDS["D4"].n_actors
    graph = nx.gnp_random_graph(size, [0.1, 0.3, 0.6][seed % 3], seed=seed)
    if not graph.size():
        graph.add_edge(0, 1)
    assert largest_move(graph) <= 0.1 + 1e-12


def test_one_tie_moves_the_centralisation_of_ten_actors_by_more() -> None:
    assert largest_move(nx.star_graph(9)) > 0.1
    assert largest_move(nx.star_graph(10)) == pytest.approx(0.1)


def largest_move(graph: nx.Graph) -> float:
    """Return by how much one tie more, or one less, moves the centralisation at most."""
    before, moves = cooperation.centralization(graph), []
    for one, other in everyone(len(graph)):
        changed = graph.copy()
        if changed.has_edge(one, other):
            changed.remove_edge(one, other)
        else:
            changed.add_edge(one, other)
        moves.append(abs(cooperation.centralization(changed) - before))
    return max(moves)


def test_without_its_animation_a_filiere_of_ten_keeps_eight_tenths_of_its_pairs_at_most() -> None:
    for size, left_over in ((10, 0.8), (4, 0.5)):
        f = tied(size, everyone(size), roles=["animator"] + ["expert"] * (size - 1))
        found = measured_by(f, INDICATORS["D17"], "en").value
        assert found == pytest.approx(left_over) == pytest.approx(1 - 2 / size)
    assert CARDS["D17"].n_actors == 10
    assert "0.8 with ten actors" in CARDS["D17"].n_actors_why


def test_a_core_is_shown_from_thirty_actors_on() -> None:
    star = [(0, other) for other in range(1, 29)]
    fewer, enough = tied(29, star), tied(30, [*star, (0, 29)])
    assert np.isnan(core_of_many(fewer, lang="en").value)
    assert core_of_many(enough, lang="en").value == pytest.approx(1)
    assert CARDS["D12"].n_actors == 30
    assert "thirty" in CARDS["D12"].n_actors_why


def test_a_group_of_fewer_seats_than_colleges_is_never_wholly_mixed() -> None:
    poles = [pole.value for pole in Pole]
    assert CARDS["D8"].n_actors == len(poles)
    assert measured_by(seated(poles), INDICATORS["D8"], "en").value == pytest.approx(1)
    assert measured_by(seated(poles[:-1]), INDICATORS["D8"], "en").value < 1 - 1e-6


@pytest.mark.parametrize("count", [2, 3])
def test_a_triptyque_takes_three_actors(count: int) -> None:
    f = seated(["enterprise", "elected", "ess"][:count])
    assert measured_by(f, INDICATORS["D5"], "en").value == (1 if count >= CARDS["D5"].n_actors else 0)


def test_the_value_added_of_one_college_is_no_share() -> None:
    one, two = (sold([5.0] * count, ["ess", "enterprise"][:count]) for count in (1, 2))
    assert np.isnan(measured_by(one, INDICATORS["F3"], "en").value)
    assert measured_by(two, INDICATORS["F3"], "en").value == 0.5
    assert CARDS["F3"].n_actors == 2


@pytest.mark.parametrize("exits", [FEWEST_EXITS - 1, FEWEST_EXITS])
def test_exits_are_shown_from_five_on(exits: int) -> None:
    """The sentence says five in a word."""
    value = measured_by(left(exits, 1), INDICATORS["G7"], "en").value
    assert (value == value) == (exits == 5)
    assert all("Under five exits" in CARDS[name].n_actors_why for name in ("G6", "G7"))


def test_of_three_actors_in_a_row_the_one_in_the_middle_has_a_balance() -> None:
    for count in (2, 3):
        f = traded(count, [(place, place + 1, 5.0) for place in range(count - 1)])
        for name in ("B1", "B3-checked"):
            value = measured_by(f, INDICATORS[name], "en").value
            assert (value > 0) == (count >= CARDS[name].n_actors), (name, count)


@pytest.mark.parametrize("name", WITH_FLOWS)
def test_under_thirty_actors_who_exchange_the_diagnostic_says_that_one_flow_counts(name: str) -> None:
    told = []
    for count in (CARDS[name].n_actors - 1, CARDS[name].n_actors):
        ring = [(place, (place + 1) % count, 2.0) for place in range(count)]
        roles = ["supplier", "buyer"] + [None] * (count - 2)
        f = traded(count, [*ring, (None, 0, 1.0), (1, None, 1.0)], roles=roles)
        told.append(
            f"Only {number(count, 'en')} actors exchange" in measured_by(f, INDICATORS[name], "en").note
        )
    assert told == [True, False]


def test_those_with_flows_are_those_of_circularity_and_resilience() -> None:
    assert WITH_FLOWS == ["B10", "B11", "C1", "C3", "C4", "C5", "C6"]
    assert {CARDS[name].n_actors for name in WITH_FLOWS} == {SMALL_NUMBER}


def test_what_counts_cases_is_told_as_cases_and_what_weighs_is_weighed() -> None:
    """« 7 of 12 » is said of shares of cases; tonnes, euros and FTE are told as a percentage."""
    for name, card in CARDS.items():
        if card.n_actors_why == BY_CASES:
            assert INDICATORS[name].unit == "share", name
            assert not INDICATORS[name].weighed or name == "A2", name
        if card.n_actors_why == BY_AMOUNTS:
            assert INDICATORS[name].unit != "count", name
            assert INDICATORS[name].weighed or INDICATORS[name].unit != "share", name


def test_nobody_alone_cooperates() -> None:
    """An indicator of ties says nothing of a single actor."""
    alone = tied(1, [], pole=["ess"])
    for name, card in CARDS.items():
        if name.startswith("D") and card.n_actors > 6:
            assert np.isnan(measured_by(alone, INDICATORS[name], "en").value), name


def test_names_of_the_hand_made_are_those_of_their_flows() -> None:
    """The test of the tests: a name that is misspelt would be set aside."""
    f = traded(3, [(0, 1, 5.0), (1, 2, 5.0)])
    assert f.actors.index.tolist() == named(3)
    assert not f.set_aside
    assert measured_by(f, INDICATORS["B11"], "en").value == 3
