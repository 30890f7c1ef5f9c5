"""Is the E-I index lower or higher than chance would have it? Labels permuted among the actors (D3)."""

from __future__ import annotations

from collections.abc import Collection, Hashable
from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np

from ....errors import ArgumentError
from ....language import SMALL_NUMBER, clauses, trn
from ...measure import NAN
from .ei_core import left_out, n_unplaced, why_no_index
from .sides import UNPLACED, Reading, read, sides_of, whole

if TYPE_CHECKING:
    from numpy.typing import NDArray

    from ..ties.layer import Source

    Values = NDArray[np.float64]

__all__ = ["EITest", "ei_test"]

#: Cells of the largest array: draws done together × ties (or actors, if there are more).
CELLS = 4_000_000


@dataclass(frozen=True)
class EITest:
    """An E-I index against the same ties with the labels of the actors permuted.

    Attributes
    ----------
    observed
        The index.
    expected
        Its mean over all permutations, exactly: ``(P_E − P_I) / (P_E + P_I)``, possible pairs.
    low, high
        Between which 95 % of the draws lie.
    p
        Two-sided: twice the smaller of the next two, at most 1.
    p_lower, p_higher
        Share of draws, the observed one counted among them, that are not above (below) it:
        ``(1 + count) / (1 + draws)``.
    draws, seed
        How many, and from which seed.
    n_actors
        Actors of known block, among whom the labels were permuted.
    note
        Why something is NaN, what was left out, and that few actors say little.
    """

    observed: float
    expected: float
    low: float
    high: float
    p: float
    p_lower: float
    p_higher: float
    draws: int
    seed: int
    n_actors: int
    note: str


def ei_test(
    source: Source,
    *,
    variant: str = "edges",
    draws: int = 10_000,
    seed: int = 0,
    weight: str = "weight",
    by: str | None = None,
    group: str | None = None,
    year: int | None = None,
    kind: str | Collection[str] | None = None,
    actors: Collection[Hashable] | None = None,
    lang: str = "fr",
) -> EITest:
    """Test an E-I index by permutation: the ties stay, the labels of the actors are shuffled.

    So density, degrees and the sizes of the blocks are those observed, and what is asked is whether ties
    keep to the blocks more (`p_lower`) or less (`p_higher`) than they would anyway. Known ties only: what
    nobody documented is in neither figure.

    The draws are vectorised, in slices of at most four million cells (draws × ties): some 50 MB whatever
    the size; a hundred thousand actors and 5e5 ties take half a second per hundred draws.

    Parameters
    ----------
    source, by, group, year, kind, actors
        As for `ei_index`.
    variant
        ``"edges"``, ``"arcs"`` or ``"weighted"``, as `ei_index`, `ei_index_arcs`, `ei_index_weighted`.
    draws
        Number of permutations.
    seed
        The same seed gives the same figures, however large the slices.
    weight
        Of a graph, for ``"weighted"``: the edge attribute that holds the strength.

    Returns
    -------
    EITest
        All figures NaN, with the reason, where there is no index. Fewer than thirty actors say little: the
        note says so.

    Raises
    ------
    ArgumentError
        No such variant, or not a single draw.

    References
    ----------
    UCINET, help of *Network > Cohesion > E-I Index* (10 000 permutations by default).

    Examples
    --------
    >>> import networkx as nx
    >>> graph = nx.disjoint_union(nx.complete_graph(5), nx.complete_graph(5))
    >>> nx.set_node_attributes(graph, {node: node < 5 for node in graph}, "team")
    >>> found = ei_test(graph, group="team", draws=999)
    >>> found.observed, round(found.expected, 3), found.p < 0.05
    (-1.0, 0.111, True)
    """
    if draws < 1:
        raise ArgumentError(f"draws={draws}: at least one permutation is needed")
    reading = read(
        source, variant, by=by, group=group, year=year, kind=kind, actors=actors, weight=weight, lang=lang
    )
    n_actors, sides = int(reading.placed.sum()), sides_of(reading)
    reason = why_no_index(reading, sides, lang)
    undocumented = int(sum(whole(sides.undocumented)[:UNPLACED]))
    notes = [*([reason] if reason else []), *_warnings(n_actors, undocumented, lang)]
    note = clauses(notes + left_out(n_unplaced(reading), lang), lang)
    if reason:
        return EITest(NAN, NAN, NAN, NAN, NAN, NAN, NAN, draws, seed, n_actors, note)
    external, internal, _ = whole(sides.value)
    total = external + internal
    drawn = _internal_of_draws(reading, draws, np.random.default_rng(seed))
    slack = 1e-9 * total  # sums of strengths in another order
    p_lower = (1 + int((drawn >= internal - slack).sum())) / (1 + draws)
    p_higher = (1 + int((drawn <= internal + slack).sum())) / (1 + draws)
    between, within, _ = whole(sides.pairs)
    low, high = np.quantile((total - 2 * drawn) / total, [0.025, 0.975])
    return EITest(
        observed=(external - internal) / total,
        expected=(between - within) / (between + within),
        low=float(low),
        high=float(high),
        p=min(1.0, 2 * min(p_lower, p_higher)),
        p_lower=p_lower,
        p_higher=p_higher,
        draws=draws,
        seed=seed,
        n_actors=n_actors,
        note=note,
    )


def _internal_of_draws(reading: Reading, draws: int, rng: np.random.Generator) -> Values:
    """Return how many ties, or how much strength, fall within blocks in each draw."""
    ties = reading.ties.among(reading.placed)
    codes = reading.blocks.codes[reading.placed]
    codes = codes.astype(np.min_scalar_type(reading.n_blocks))
    a, b, strength = ties.a, ties.b, None
    if reading.counted is not None:
        kept = reading.counted[reading.placed[reading.ties.a] & reading.placed[reading.ties.b]]
        stated = ~np.isnan(kept)
        a, b, strength = a[stated], b[stated], kept[stated]
    at_a_time = max(1, CELLS // max(len(a), len(codes), 1))
    internal = np.empty(draws)
    for start in range(0, draws, at_a_time):  # over slices of draws, for the memory
        count = min(at_a_time, draws - start)
        shuffled = rng.permuted(np.tile(codes, (count, 1)), axis=1)
        label = np.ascontiguousarray(shuffled.T)  # a row per actor: rows are gathered whole
        same = label[a] == label[b]
        inside = same.sum(axis=0) if strength is None else strength @ same
        internal[start : start + count] = inside
    return internal


def _warnings(n_actors: int, undocumented: int, lang: str) -> list[str]:
    notes = []
    if n_actors < SMALL_NUMBER:
        notes.append(
            trn(
                "on {count} actor this says little",
                "on {count} actors this says little",
                n_actors,
                lang,
            )
        )
    if undocumented:
        notes.append(
            trn(
                "of known ties only, {count} pair being undocumented",
                "of known ties only, {count} pairs being undocumented",
                undocumented,
                lang,
            )
        )
    return notes
