"""The reference paths of many filières, counted together where their chains have neither loops nor alternatives.

Where every unit is one stage and the links make no loop, the paths that pass a unit are those that lead to it times
those that lead on: one sweep down and one sweep up, over all filières at once. The others, few, are counted one by
one, each different chain once.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np

from ...network.positions import any_at, count_at, distinct
from ..many import sums_of
from ..measure import NAN
from ._reference import Reference

if TYPE_CHECKING:
    from numpy.typing import NDArray

    from .chain import Chain

    Codes = NDArray[np.int64]
    Mask = NDArray[np.bool_]
    Values = NDArray[np.float64]

__all__ = ["Paths", "paths_of_many"]

#: Beyond, a float no longer counts one by one: those filières are counted with whole numbers.
_EXACT = 2.0**53


@dataclass(frozen=True)
class Paths:
    """Per filière, the paths that are expected, complete, complete if what is open is there; per unit, its weight."""

    total: Values
    complete: Values
    perhaps: Values
    weight: Values


def paths_of_many(chain: Chain) -> Paths:
    """Return the paths of the filières of a chain: see `chaine_valeur.analysis.gaps._reference.Reference`."""
    n, size = chain.core.n_filieres, chain.n_units
    start, end, seen, perhaps = _joined(chain)
    source, sink = chain.any_member(chain.resource), chain.any_member(chain.market)
    down, loops = _sweep(start, end, source, size)
    up, _ = _sweep(end, start, sink, size)
    through = down * up - (source & sink)
    total = sums_of(chain.unit_filiere, (down - source) * sink, n)
    held = chain.any_member(chain.held)
    complete, may_be = (
        sums_of(chain.unit_filiere, _complete(start[use], end[use], source & held, held, size) * sink, n)
        for use in (seen, perhaps)
    )
    with np.errstate(divide="ignore", invalid="ignore"):
        weight = np.where(total[chain.unit_filiere] > 0, through / total[chain.unit_filiere], NAN)
    apart = any_at(chain.unit_filiere[loops | (count_at(chain.unit, size) > 1)], n) | ~(total < _EXACT)
    found = Paths(total, complete, may_be, weight)
    return _with_counted_apart(chain, found, np.flatnonzero(apart)) if apart.any() else found


def _joined(chain: Chain) -> tuple[Codes, Codes, Mask, Mask]:
    """Return the pairs of units that required links join, each once, whether all of them are seen, or may be.

    A link from a unit to itself is on no path.
    """
    start, end = chain.unit[chain.link_from].astype(np.int64), chain.unit[chain.link_to].astype(np.int64)
    key = start * chain.n_units + end
    pairs = distinct(key[start != end])
    maybe = chain.link_seen | chain.link_open
    unseen, missing = distinct(key[~chain.link_seen]), distinct(key[~maybe])
    size = max(chain.n_units, 1)
    return pairs // size, pairs % size, ~np.isin(pairs, unseen), ~np.isin(pairs, missing)


def _sweep(start: Codes, end: Codes, first: Mask, size: int) -> tuple[Values, Mask]:
    """Return the number of ways from the `first` units to each, itself included, and which are on or after a loop.

    Layer after layer, a layer being the units all of whose predecessors are done (a loop over the layers).
    """
    ways, waiting = first.astype(np.float64), count_at(end, size)
    order = np.argsort(start, kind="stable")
    start, end = start[order], end[order]
    begin = np.searchsorted(start, np.arange(size + 1))
    layer, done = np.flatnonzero(waiting == 0), np.zeros(size, dtype=bool)
    while len(layer):
        done[layer] = True
        number = begin[layer + 1] - begin[layer]
        edge = np.repeat(begin[layer] - (np.cumsum(number) - number), number) + np.arange(number.sum())
        ways += np.bincount(end[edge], np.repeat(ways[layer], number), size)
        left = np.bincount(end[edge], minlength=size)
        waiting = waiting - left
        layer = np.flatnonzero((waiting == 0) & (left > 0))
    return ways, ~done


def _complete(start: Codes, end: Codes, first: Mask, held: Mask, size: int) -> Values:
    """Return the number of complete ways to each unit, of one link at least: every unit held, every link there."""
    inside = held[start] & held[end]
    return _sweep(start[inside], end[inside], first, size)[0] - first


def _with_counted_apart(chain: Chain, found: Paths, filieres: NDArray[np.int64]) -> Paths:
    """Return the paths with those of some filières counted one by one, each different chain once."""
    known: dict[tuple[bytes, ...], tuple[int, int, int, tuple[float, ...]]] = {}
    units = np.searchsorted(chain.unit_filiere, np.arange(chain.core.n_filieres + 1))
    for filiere in filieres.tolist():  # over those that have loops or alternatives
        one = chain.of_filiere(filiere)
        key = _signature(one)
        if key not in known:
            reference = Reference.of(one)
            total, complete = reference.totals()
            known[key] = (total, complete, reference.totals(open_too=True)[1], reference.weights)
        total, complete, perhaps, weights = known[key]
        found.total[filiere], found.complete[filiere], found.perhaps[filiere] = total, complete, perhaps
        found.weight[units[filiere] : units[filiere + 1]] = weights
    return found


def _signature(one: Chain) -> tuple[bytes, ...]:
    """Return what two chains share whose paths are the same."""
    parts = (one.unit, one.resource, one.market, one.stages.rank, one.held,
             one.link_from, one.link_to, one.link_seen, one.link_open)  # fmt: skip
    return tuple(part.tobytes() for part in parts)
