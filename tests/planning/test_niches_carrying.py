"""How resource and demand behave whatever the figures: along lines against a loop, in a net against brute force."""

from __future__ import annotations

from functools import reduce
from itertools import product

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from chaine_valeur.planning.niches._carrying import demand_for, resource_for
from chaine_valeur.planning.niches._passing import Passing, Process
from chaine_valeur.planning.niches._pools import Pool

FEW = settings(max_examples=30)
#: Positions of the valley (see niches_valley): stages, then materials.
FLOCK, FIELD, WASH, CARD, FELT, SOAP = range(6)
WOOL, STRAW, CLEAN, GREASE, WEB, BINDER = range(6)
ARCS = [
    (FLOCK, WASH, WOOL),
    (FIELD, CARD, STRAW),
    (WASH, CARD, CLEAN),
    (WASH, SOAP, GREASE),
    (CARD, FELT, WEB),
]
PROCESSES = {
    WASH: (Process(WASH, 0, {WOOL: 1.0}, {CLEAN: 0.6, GREASE: 0.1}),),
    CARD: (
        Process(CARD, 0, {CLEAN: 0.8, BINDER: 0.2}, {WEB: 0.9}),
        Process(CARD, 1, {STRAW: 1.0}, {WEB: 0.5}),
    ),
}
VALLEY = Passing.of(ARCS, PROCESSES)
amounts = st.integers(0, 300)


def pool(material: int, t: float) -> Pool:
    return Pool(material, frozenset(), float(t), (), 0)


def resources(passing: Passing, pools: list[Pool], stages: list[int]) -> list[float]:
    return [resource_for(passing, pools, stage).t for stage in stages]


def demands(passing: Passing, pools: list[Pool], stages: list[int], markets: set[int]) -> list[float]:
    return [demand_for(passing, pools, stage, is_market=stage in markets).t for stage in stages]


# -- along a line -----------------------------------------------------------------------------------


@FEW
@given(
    st.lists(st.floats(0.1, 1.5).map(lambda share: round(share, 3)), min_size=1, max_size=6), amounts, amounts
)
def test_along_a_line_the_yields_multiply(shares: list[float], supply: int, asked: int) -> None:
    """Stage 0 offers material 0, stage n + 1 makes n + 1 of n, the last one buys."""
    size = len(shares)
    passing = Passing.of(
        [(n, n + 1, n) for n in range(size + 1)],
        {n + 1: (Process(n + 1, 0, {n: 1.0}, {n + 1: share}),) for n, share in enumerate(shares)},
    )
    stages = list(range(1, size + 2))
    before = [reduce(lambda t, share: t * share, shares[:n], float(supply)) for n in range(size + 1)]
    after = [reduce(lambda t, share: t / share, reversed(shares[n:]), float(asked)) for n in range(size + 1)]
    assert resources(passing, [pool(0, supply)], stages) == pytest.approx(before, abs=1e-6)
    assert demands(passing, [pool(size, asked)], stages, {size + 1}) == pytest.approx(after, abs=1e-6)


@FEW
@given(
    st.lists(st.floats(0.2, 1).map(lambda share: round(share, 3)), min_size=2, max_size=5), amounts, st.data()
)
def test_what_is_stated_on_the_way_hides_what_is_before_it(
    shares: list[float], supply: int, data: st.DataObject
) -> None:
    size = len(shares)
    passing = Passing.of(
        [(n, n + 1, n) for n in range(size + 1)],
        {n + 1: (Process(n + 1, 0, {n: 1.0}, {n + 1: share}),) for n, share in enumerate(shares)},
    )
    where = data.draw(st.integers(1, size))
    pools = [pool(0, supply), pool(where, 40)]
    alone = resource_for(passing, [pool(where, 40)], size + 1)
    assert resource_for(passing, pools, size + 1).t == alone.t
    assert resource_for(passing, pools, where).t == resource_for(passing, [pool(0, supply)], where).t


# -- in the valley ----------------------------------------------------------------------------------


@FEW
@given(amounts, amounts)
def test_the_resource_in_closed_form(wool: int, straw: int) -> None:
    clean = 0.6 * wool
    expected = [wool, clean / 0.8 + straw, clean / 0.8 * 0.9 + straw * 0.5, 0.1 * wool]
    found = resources(VALLEY, [pool(WOOL, wool), pool(STRAW, straw)], [WASH, CARD, FELT, SOAP])
    assert found == pytest.approx(expected, abs=1e-6)
    assert resource_for(VALLEY, [pool(WOOL, wool), pool(STRAW, straw)], FELT).complements == (BINDER,)


def test_a_demand_against_brute_force() -> None:
    """Tonnes of wool, felt and soap in whole steps: the most wool of which each tonne has a product that is bought."""
    web, grease = 27.0, 4.0
    best = 0.0
    for with_web, with_grease in product(range(0, 101), repeat=2):
        # so many tonnes of wool whose clean wool is carded and sold as felt, and so many whose grease is sold
        if with_web * 0.6 / 0.8 * 0.9 <= web + 1e-9 and with_grease * 0.1 <= grease + 1e-9:
            best = max(best, with_web + with_grease)
    assert best == 40 + 40
    found = demand_for(VALLEY, [pool(WEB, web), pool(GREASE, grease)], WASH, is_market=False)
    assert found.t == pytest.approx(best)
    assert found.stated == web + grease


@FEW
@given(st.lists(amounts, min_size=4, max_size=4), st.integers(0, 3), st.integers(1, 50))
def test_more_of_anything_never_leaves_less(stated: list[int], which: int, more: int) -> None:
    grown = [amount + more * (place == which) for place, amount in enumerate(stated)]
    stages, markets = [WASH, CARD, FELT, SOAP], {FELT, SOAP}

    def both(figures: list[int]) -> list[float]:
        supplies = [pool(WOOL, figures[0]), pool(STRAW, figures[1])]
        asked = [pool(WEB, figures[2]), pool(GREASE, figures[3])]
        return resources(VALLEY, supplies, stages) + demands(VALLEY, asked, stages, markets)

    assert all(after >= before - 1e-6 for before, after in zip(both(stated), both(grown), strict=True))


@FEW
@given(amounts, amounts, st.permutations(range(5)))
def test_the_order_of_the_passages_does_not_matter(web: int, grease: int, order: list[int]) -> None:
    turned = Passing.of([ARCS[place] for place in order], PROCESSES)
    pools, stages = [pool(WEB, web), pool(GREASE, grease)], [WASH, CARD, FELT, SOAP]
    found = demands(turned, pools, stages, {FELT, SOAP})
    assert found == pytest.approx(demands(VALLEY, pools, stages, {FELT, SOAP}), abs=1e-6)


@FEW
@given(amounts, amounts)
def test_what_the_demand_calls_for_serves_it(web: int, grease: int) -> None:
    """As much wool and straw as the demand takes would bring at least what the felt and the soap ask for."""
    asked = [pool(WEB, web), pool(GREASE, grease)]
    wash, card = demands(VALLEY, asked, [WASH, CARD], set())
    supplies = [pool(WOOL, wash), pool(STRAW, card)]
    felt, soap = resources(VALLEY, supplies, [FELT, SOAP])
    assert felt >= web - 1e-6
    assert soap >= grease - 1e-6


def test_an_input_that_anything_may_be() -> None:
    """A recipe that gives outputs only, per tonne of whatever enters."""
    passing = Passing.of([(0, 1, 0), (0, 1, 1), (1, 2, 2)], {1: (Process(1, 0, {-2: 1.0}, {2: 0.5}),)})
    assert resources(passing, [pool(0, 30), pool(1, 10)], [1, 2]) == pytest.approx([40, 20])
    assert demands(passing, [pool(2, 8)], [1, 2], {2}) == pytest.approx([16, 8])


def test_an_idea_beside_the_chain_never_closes_a_loop() -> None:
    """It takes web and would sell wool: the wool goes nowhere that leads back to the web."""
    passing = VALLEY.with_idea(6, Process(6, 0, {WEB: 1.0}, {WOOL: 0.3}))
    assert [arc for arc in passing.arcs if 6 in arc[:2]] == [(CARD, 6, WEB), (6, -1, WOOL)]
    # one that sells felt's web instead of the card is beside it
    passing = VALLEY.with_idea(6, Process(6, 0, {GREASE: 1.0}, {WEB: 0.5}))
    assert [arc for arc in passing.arcs if 6 in arc[:2]] == [(WASH, 6, GREASE), (6, FELT, WEB)]
    assert demand_for(passing, [pool(WEB, 10)], 6, is_market=False).t == pytest.approx(20)
    assert resource_for(passing, [pool(WOOL, 100)], 6).t == pytest.approx(10)
