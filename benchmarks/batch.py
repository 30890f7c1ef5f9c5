"""Thousands of small filières in one pass, against a loop of plain networkx; and one small filière, warm."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

import pandas as pd

import chaine_valeur as cv
from chaine_valeur.analysis.structure import structure_of
from chaine_valeur.diagnosis import available_indicators
from chaine_valeur.kernels import using
from chaine_valeur.portfolio import Portfolio, breaks

from .generator import Chain, layered_chain
from .measuring import Figure, alternately, same, timed
from .referee import graphs, numbers
from .shared import SHARED, renamed
from .structure import fresh, modes

__all__ = ["ACTORS", "FILIERES", "OPTIMA", "batch", "latency", "numbers_of", "one_pass", "repeated"]

#: Filières of the batch, actors of each, how many of them differ: networkx is timed on these.
FILIERES, ACTORS, DISTINCT = 25_000, 50, 200
#: Indicators that solve the linear program of what the chain can carry: they are left out of the latency.
OPTIMA = ("B8", "A7", "A8")


def repeated(distinct: Portfolio, filieres: int) -> Portfolio:
    """Return a portfolio of so many filières, which are those given again and again under other codes."""
    parts: list[Portfolio] = []
    left = filieres
    while left > 0:  # some hundred times
        some = distinct if left >= len(distinct) else distinct.select(list(distinct)[:left])
        parts.append(Portfolio(some._store, [f"{code}-{len(parts):05d}" for code in some.codes]))
        left -= len(some)
    return Portfolio.concat(parts)


def anew(p: Portfolio) -> Portfolio:
    """Return the same portfolio with nothing computed yet."""
    return Portfolio(p._store, p.codes)


def one_pass(p: Portfolio) -> tuple[pd.DataFrame, pd.DataFrame, pd.DataFrame]:
    """Return the figures that networkx computes too, breaks and structure of all filières, as frames."""
    return p.figures(SHARED), breaks(p), structure_of(p.core)


def numbers_of(
    found: tuple[pd.DataFrame, pd.DataFrame, pd.DataFrame], codes: list[str]
) -> list[dict[str, float]]:
    """Return, of the first filières of a pass, the numbers that networkx computes too, under the same names."""
    figures, broken, structure = found
    terms: dict[str, dict[str, tuple[float, float, float]]] = {code: {} for code in codes}
    some = figures[figures["filiere_code"].isin(codes)]
    for row in some.itertuples(index=False):
        terms[row.filiere_code][row.indicator_id] = (row.value, row.numerator, row.denominator)
    some = broken[broken["filiere_code"].isin(codes)]
    kinds = pd.crosstab(some["filiere_code"].astype("str"), some["kind"]).reindex(codes, fill_value=0)
    kinds = kinds.reindex(columns=broken["kind"].cat.categories, fill_value=0)
    return [renamed(terms[code], kinds.loc[code], structure.iloc[place]) for place, code in enumerate(codes)]


def by_networkx(chains: list[Chain]) -> list[dict[str, float]]:
    """Return the numbers of each chain, one after another."""
    return [numbers(graphs(chain)) for chain in chains]


def batch(
    *,
    runs: int,
    filieres: int = FILIERES,
    distinct: int = DISTINCT,
    tell: Callable[[str], None] = lambda _: None,
) -> list[Figure]:
    """Return microseconds per filière: ours in one pass over all, networkx in a loop over those that differ.

    The same numbers are asserted of each of those that differ. The loop over all would take what it takes for these,
    times as many.
    """
    distinct = min(distinct, filieres)
    tell(f"{distinct} filières of {ACTORS} actors, checked; {filieres:,} in a portfolio")
    chains = [layered_chain(ACTORS, seed=seed) for seed in range(distinct)]
    each = Portfolio.from_filieres(
        (f"f{place:04d}", cv.Filiere.from_tables(**chain.tables)) for place, chain in enumerate(chains)
    )
    p = repeated(each, filieres)

    def act(kernels: str) -> Callable[[], Any]:
        def whole() -> Any:
            with using(kernels):
                return one_pass(anew(p))

        return whole

    acts = {kernels: act(kernels) for kernels in modes()}
    for kernels in acts:
        with using(kernels):
            one_pass(anew(each))  # modules imported, numba's cache read
    tell("  one pass")
    seconds, given = alternately(acts, runs=runs)
    every, _ = timed(lambda: anew(p).figures(), runs=1)
    tell(f"  networkx, {distinct} of them")
    theirs, expected = timed(lambda: by_networkx(chains), runs=runs)
    for kernels, found in given.items():
        for place, mine in enumerate(numbers_of(found, p.codes[:distinct].tolist())):
            same(mine, expected[place], who=f"networkx, of filière {place}, {kernels} kernels")
    unit = "microseconds per filière"
    return [
        *(
            Figure("batch", "figures, breaks and structure", filieres, kernels, unit, 1e6 * value / filieres)
            for kernels, value in seconds.items()
        ),
        Figure("batch", "every figure of one pass", filieres, "plain", unit, 1e6 * every / filieres),
        Figure("batch", "the same numbers, one by one", distinct, "networkx", unit, 1e6 * theirs / distinct),
    ]


def latency(*, runs: int, tell: Callable[[str], None] = lambda _: None) -> list[Figure]:
    """Return the seconds of one filière of 50 actors, the process warm, nothing of the filière computed before.

    All indicators but `OPTIMA`, one by one with their notes and frames; those of one pass, as a portfolio of one.
    """
    tell(f"one filière of {ACTORS} actors, {5 * runs} times")
    f = cv.Filiere.from_tables(**layered_chain(ACTORS).tables)
    wanted = [name for name in available_indicators(profile="expert") if name not in OPTIMA]
    slow = [*OPTIMA, "B1", "B3", "B3-checked", "B6", "D12"]
    without = [name for name in wanted if name not in slow]

    def diagnosed(indicators: list[str]) -> pd.DataFrame:
        return cv.diagnose(fresh(f), profile="expert", checks=[], indicators=indicators).indicators

    acts: dict[str, Callable[[], Any]] = {
        f"all {len(wanted)} indicators": lambda: diagnosed(wanted),
        f"{len(without)} of them, nothing fitted": lambda: diagnosed(without),
        "a portfolio of one, its figures": lambda: Portfolio.from_filieres({"f": fresh(f)}).figures(),
    }
    found = []
    for kernels in modes():
        with using(kernels):
            for act in acts.values():
                act()
            seconds, _ = alternately(acts, runs=5 * runs)
        found += [
            Figure("latency", what, ACTORS, kernels, "seconds", value) for what, value in seconds.items()
        ]
    return found
