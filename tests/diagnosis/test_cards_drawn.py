"""The cards over filières drawn at random: ranges hold, are no wider than needed, and functions give the figures."""

from __future__ import annotations

from collections.abc import Mapping
from functools import cache
from math import inf

import pytest

from chaine_valeur import datasets
from chaine_valeur.analysis.measure import Measure
from chaine_valeur.diagnosis import available_cards, available_indicators
from chaine_valeur.filiere import Filiere
from tests.cooperation.random_filiere import random_filiere
from tests.portfolio.drawn import drawn, drawn_insertion
from tests.portfolio.drawn_trade import drawn_trade

from .cards_checked import NOT_PARTS, function_disagrees, measured, range_faults
from .cards_hand import AT_THE_END, NEAR_THE_END

pytestmark = pytest.mark.long

INDICATORS, CARDS = available_indicators(), available_cards()
DRAWS = 30
EXAMPLES = ["exemple_complet", "lin_composite", "textiles_france_2020", "textiles_usages"]


@cache
def filieres() -> Mapping[str, Filiere]:
    """Return the examples, year by year, and filières of each kind of draw."""
    found = {name: datasets.load(name) for name in EXAMPLES}
    found |= {f"{name}@{year}": f.at(year) for name, f in list(found.items()) for year in f.years}
    for seed in range(DRAWS):
        found[f"drawn-{seed}"] = drawn(seed, whole=bool(seed % 2))
        found[f"insertion-{seed}"] = drawn_insertion(seed)
        found[f"trade-{seed}"] = drawn_trade(seed)
    return found | {f"random-{seed}": random_filiere(seed).f for seed in range(DRAWS // 3)}


@cache
def measures() -> Mapping[str, Mapping[str, Measure]]:
    """Return filière → indicator → measure."""
    return {name: measured(f, INDICATORS.values()) for name, f in filieres().items()}


def seen(name: str) -> list[float]:
    """Return the known values and bounds of an indicator over all filières."""
    found = [measure for of_one in measures().values() for measure in [of_one[name]]]
    return [value for one in found for value in (one.value, one.low, one.high) if value == value]


@pytest.mark.parametrize("name", CARDS)
def test_every_value_and_bound_lies_in_the_range(name: str) -> None:
    faults = {where: range_faults(CARDS[name], of_one[name]) for where, of_one in measures().items()}
    assert not {where: found for where, found in faults.items() if found}


@pytest.mark.parametrize("name", CARDS)
def test_the_function_gives_the_figure(name: str) -> None:
    faults = {
        where: function_disagrees(name, CARDS[name], f, measures()[where][name])
        for where, f in filieres().items()
    }
    assert not {where: found for where, found in faults.items() if found}


@pytest.mark.parametrize("name", CARDS)
def test_the_range_is_no_wider_than_needed(name: str) -> None:
    """Each end is reached by some draw, or by hand, or come near by hand; an open share goes beyond 1."""
    card, found = CARDS[name], seen(name)
    found += [value for value, _ in AT_THE_END.get(name, [])]
    found += [value for value, _ in [NEAR_THE_END[name]]] if name in NEAR_THE_END else []
    assert found, name
    for end, extreme in ((card.low, min(found)), (card.high, max(found))):
        assert abs(end) == inf or extreme == pytest.approx(end, abs=1e-3), (end, extreme)
    if name in NOT_PARTS:
        assert max(found) > 1
    if card.low == -inf:
        assert min(found) < 0


@pytest.mark.parametrize("name", sorted(set(CARDS) - {"D12"}))
def test_the_draws_say_something_of_each_indicator(name: str) -> None:
    """The test of the test; D12 asks for more actors than are drawn, and stands among those by hand."""
    values = [of_one[name].value for of_one in measures().values()]
    assert sum(value == value for value in values) >= 5, name
    assert any(value != value for value in values), name
