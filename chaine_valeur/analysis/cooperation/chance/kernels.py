"""Measures that are counted in a whole batch of random networks at once, by name.

Each is prepared once for a layer of ties and then takes batches of draws; on the networks of
`chaine_valeur.analysis.cooperation.chance.null_models.null_models` a loop gives the same figures one by one.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

import numpy as np

from ....errors import ArgumentError, UnknownNameError
from ....language import tr
from ....network import Ties
from ....vocabulary import label
from ..ties.partition import blocks_of
from ..triptyques.triads import TRIPTYQUE, poles_of
from ..worlds.sides import n_stated
from .draws import Draws

if TYPE_CHECKING:
    from numpy.typing import NDArray

    from ..ties.layer import Source

    Codes = NDArray[np.integer]
    Mask = NDArray[np.bool_]
    Values = NDArray[np.float64]
    Count = Callable[[Draws], Values]

#: Ties of the draws whose triangles are counted together: their pairs of ties may fill some 100 MB.
SIDE_BY_SIDE = 200_000

__all__ = ["BY_POLE", "KERNELS", "NO_BLOCKS", "Prepared", "block_codes", "cell_counts"]


@dataclass(frozen=True)
class Prepared:
    """A measure ready for batches: `count` gives its value in each draw; `reason` says why it has none."""

    count: Count
    reason: str = ""


def _ei_index(source: Source, ties: Ties, group: str, lang: str) -> Prepared:
    """``(E − I) / (E + I)`` over tied pairs, each once, between actors of known block."""
    return _index(source, ties, group, lang, each_pair_once=True)


def _ei_index_arcs(source: Source, ties: Ties, group: str, lang: str) -> Prepared:
    """``(E − I) / (E + I)`` over arcs."""
    return _index(source, ties, group, lang, each_pair_once=False)


def _index(source: Source, ties: Ties, group: str, lang: str, *, each_pair_once: bool) -> Prepared:
    codes, keys = block_codes(source, ties, group)

    def count(draws: Draws) -> Values:
        within, between = _sides(draws, ties, codes, len(keys), each_pair_once=each_pair_once)
        return _over(between - within, between + within)

    return Prepared(count, _one_block(keys, lang))


def _ties_between(source: Source, ties: Ties, group: str, lang: str) -> Prepared:
    """Ties (directed: arcs) between actors of two different known blocks."""
    codes, keys = block_codes(source, ties, group)

    def count(draws: Draws) -> Values:
        return _sides(draws, ties, codes, len(keys), each_pair_once=False)[1].astype(np.float64)

    return Prepared(count, _one_block(keys, lang))


def _block_density(
    source: Source, ties: Ties, group: str, lang: str, *, block: Any, to_block: Any = None
) -> Prepared:
    """Ties between two blocks, or within one, over the pairs that they make."""
    codes, keys = block_codes(source, ties, group)
    chosen = [block, block if to_block is None else to_block]
    for key in chosen:  # over the two blocks
        if key not in keys:
            raise UnknownNameError.of(f"nobody is in a block {key!r}", key, keys)
    first, second = (keys.index(key) for key in chosen)
    sizes = np.bincount(codes, minlength=len(keys) + 1).tolist()
    possible = sizes[first] * (sizes[second] - (first == second))
    if first == second and not ties.directed:
        possible //= 2

    def count(draws: Draws) -> Values:
        one, other = draws.labels(codes)
        found = (one == first) & (other == second)
        if not ties.directed:
            found |= (one == second) & (other == first)
        return _over(found.sum(axis=1), np.full(len(found), possible))

    reason = "" if possible else tr("a single actor: no pair within it", lang)
    return Prepared(count, reason)


def _mutual_dyads(source: Source, ties: Ties, group: None, lang: str) -> Prepared:
    """Pairs tied both ways."""
    if not ties.directed:
        raise ArgumentError(
            "mutual_dyads needs the direction of ties: give directed=True, or a directed graph"
        )

    def count(draws: Draws) -> Values:
        both_ways = (~_first_of_pair(draws, ties)).sum(axis=1)
        return np.broadcast_to(both_ways.astype(np.float64), draws.count)

    return Prepared(count)


def _closed_triptyques(
    source: Source, ties: Ties, group: str, lang: str, *, poles: Sequence[str] = TRIPTYQUE
) -> Prepared:
    """Triads of one actor of each of three poles, all three tied; directions ignored."""
    return _triptyques(source, ties, group, lang, poles, share=False)


def _triptyque_closure(
    source: Source, ties: Ties, group: str, lang: str, *, poles: Sequence[str] = TRIPTYQUE
) -> Prepared:
    """Those over the triads that the three poles make."""
    return _triptyques(source, ties, group, lang, poles, share=True)


def _triptyques(
    source: Source, ties: Ties, group: str, lang: str, poles: Sequence[str], *, share: bool
) -> Prepared:
    pole = poles_of(source, ties, group, poles).astype(np.int8)
    sizes = np.bincount(pole[pole >= 0], minlength=3)
    possible = int(sizes.prod())

    def count(draws: Draws) -> Values:
        closed = _closed(draws, ties, pole)
        return closed / possible if share else closed

    empty = [label(name, "pole", lang) for name, size in zip(poles, sizes, strict=True) if not size]
    reason = tr("no actor of the college “{pole}”", lang, pole=empty[0]) if empty else ""
    return Prepared(count, reason)


#: Name → what prepares the measure: ``(source, ties, group, lang, **options)``.
KERNELS: Mapping[str, Callable[..., Prepared]] = {
    "ei_index": _ei_index,
    "ei_index_arcs": _ei_index_arcs,
    "ties_between": _ties_between,
    "block_density": _block_density,
    "mutual_dyads": _mutual_dyads,
    "closed_triptyques": _closed_triptyques,
    "triptyque_closure": _triptyque_closure,
}
#: Those whose blocks are the poles unless said otherwise.
BY_POLE = frozenset({"closed_triptyques", "triptyque_closure"})
#: Those that know no blocks.
NO_BLOCKS = frozenset({"mutual_dyads"})


def block_codes(source: Source, ties: Ties, group: str) -> tuple[Codes, list[Any]]:
    """Return the block of each actor as a narrow code, and the known blocks; the code after them is unknown."""
    blocks = blocks_of(source, ties.nodes, by=group)
    stated = n_stated(blocks)
    return blocks.codes.astype(np.min_scalar_type(stated)), blocks.keys[:stated]


def cell_counts(draws: Draws, ties: Ties, codes: Codes, n_blocks: int) -> NDArray[np.int64]:
    """Return the ties from block to block in each draw, draws × blocks × blocks; unknown ones left out.

    Undirected, both halves hold the ties between two blocks.
    """
    first, second = (end.astype(np.int64) for end in draws.labels(codes))
    width = n_blocks + 1
    places = (np.arange(draws.count)[:, np.newaxis] * width + first) * width + second
    counts = np.bincount(places.ravel(), minlength=draws.count * width * width)
    cells = counts.reshape(draws.count, width, width)[:, :n_blocks, :n_blocks]
    if ties.directed:
        return cells
    both = cells + cells.transpose(0, 2, 1)
    diagonal = np.arange(n_blocks)
    both[:, diagonal, diagonal] = cells[:, diagonal, diagonal]
    return both


def _sides(
    draws: Draws, ties: Ties, codes: Codes, n_blocks: int, *, each_pair_once: bool
) -> tuple[NDArray[np.int64], NDArray[np.int64]]:
    """Return the ties within and between known blocks in each draw."""
    first, second = draws.labels(codes)
    same = first == second
    counted: Mask | None = None
    if (codes == n_blocks).any():
        counted = (first < n_blocks) & (second < n_blocks)
    if each_pair_once and ties.directed:
        once = _first_of_pair(draws, ties)
        counted = once if counted is None else counted & once
    if counted is None:
        within = same.sum(axis=1)
        return within, same.shape[1] - within
    within = (same & counted).sum(axis=1)
    return within, np.broadcast_to(counted, same.shape).sum(axis=1) - within


def _first_of_pair(draws: Draws, ties: Ties) -> Mask:
    """Return which arcs are not the second one of a pair tied both ways; a row for all if ties do not move."""
    low, high = np.minimum(draws.a, draws.b), np.maximum(draws.a, draws.b)
    pair = low.astype(np.int64) * max(ties.size, 1) + high
    order = np.argsort(pair, axis=1, kind="stable")
    ordered = np.take_along_axis(pair, order, axis=1)
    first = np.ones(pair.shape, dtype=bool)
    np.put_along_axis(first, order[:, 1:], ordered[:, 1:] != ordered[:, :-1], axis=1)
    return first


def _closed(draws: Draws, ties: Ties, pole: Codes) -> Values:
    """Return the closed triads of each draw."""
    first, second = draws.labels(pole)
    use = (first >= 0) & (second >= 0) & (first != second)
    if ties.directed:
        use = use & _first_of_pair(draws, ties)
    a, b = draws.ends()
    step = max(1, SIDE_BY_SIDE // max(draws.n_ties, ties.size, 1))
    parts = [
        _triangles(a[start : start + step], b[start : start + step], use[start : start + step], ties.size)
        for start in range(0, draws.count, step)  # over slices, for the memory
    ]
    return np.concatenate(parts)


def _triangles(a: Codes, b: Codes, use: Mask, size: int) -> Values:
    """Return the triangles of each draw: those of one matrix in which the draws stand side by side."""
    from scipy.sparse import csr_array

    count, cells = len(use), len(use) * size
    draw, place = np.nonzero(use)
    a, b = a[draw, place] + draw * size, b[draw, place] + draw * size
    # every pair goes from the end with fewer ties to the one with more, so that a star costs nothing
    rank = np.empty(cells, dtype=np.int64)
    rank[np.argsort(np.bincount(np.concatenate([a, b]), minlength=cells), kind="stable")] = np.arange(cells)
    upward = rank[a] < rank[b]
    low, high = np.where(upward, a, b), np.where(upward, b, a)
    matrix = csr_array((np.ones(len(low)), (low, high)), shape=(cells, cells))
    triangles = (matrix @ matrix).multiply(matrix).sum(axis=1)
    return np.asarray(triangles, dtype=np.float64).reshape(count, size).sum(axis=1)


def _one_block(keys: list[Any], lang: str) -> str:
    if not keys:
        return tr("no actor whose category is known", lang)
    return tr("a single category: no tie could go out of it", lang) if len(keys) == 1 else ""


def _over(part: NDArray[Any], whole: NDArray[Any]) -> Values:
    return np.divide(part, whole, out=np.full(len(part), np.nan), where=whole > 0)
