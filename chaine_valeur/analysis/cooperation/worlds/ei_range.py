"""The E-I index block by block, and what density and the sizes of the blocks leave it free to be (D3)."""

from __future__ import annotations

from collections.abc import Collection, Hashable
from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np
import pandas as pd

from ....language import clauses, tr
from ...measure import NAN, ratio
from .ei_core import left_out, n_unplaced, why_no_index
from .sides import EXTERNAL, INTERNAL, UNPLACED, check_variant, read, sides_of, whole

if TYPE_CHECKING:
    from numpy.typing import NDArray

    from ..ties.layer import Source

    Values = NDArray[np.float64]

__all__ = ["EIRange", "ei_index_by_block", "ei_range"]


@dataclass(frozen=True)
class EIRange:
    """What the E-I index could be, and where in that range it is.

    Attributes
    ----------
    observed
        The index; NaN where it has none.
    low, high
        The least and the most that it can be with as many ties among blocks of these sizes.
    rescaled
        Where the observed one is between them: −1 at `low`, +1 at `high`; NaN where they are the same.
    ties
        Known ties (arcs) among actors of known block.
    possible_external, possible_internal
        Pairs that could be tied between blocks and within them.
    note
        Why something is NaN, and what was left out.
    """

    observed: float
    low: float
    high: float
    rescaled: float
    ties: int
    possible_external: int
    possible_internal: int
    note: str


def ei_range(
    source: Source,
    *,
    variant: str = "edges",
    by: str | None = None,
    group: str | None = None,
    year: int | None = None,
    kind: str | Collection[str] | None = None,
    actors: Collection[Hashable] | None = None,
    lang: str = "fr",
) -> EIRange:
    """Return the range that density and block sizes leave to the E-I index, and the index rescaled on it.

    With *T* ties, *P_E* possible pairs between blocks and *P_I* within: at most ``min(T, P_E)`` ties are
    external and at least ``T − min(T, P_I)``. So ``high = (2 min(T, P_E) − T) / T``,
    ``low = (T − 2 min(T, P_I)) / T``, and ``rescaled = 2 (EI − low) / (high − low) − 1``.

    Parameters
    ----------
    source, by, group, year, kind, actors
        As for `ei_index`.
    variant
        ``"edges"`` (tied pairs, as `ei_index`) or ``"arcs"`` (as `ei_index_arcs`).

    Returns
    -------
    EIRange
        Of the known ties, at their density. All NaN without a tie or with a single block; `rescaled` is NaN
        where the range is a point: there the index says nothing of the actors' choices.

    Raises
    ------
    ArgumentError
        No such variant: sums of strengths have no range of their own.

    References
    ----------
    UCINET, help of *Network > Cohesion > E-I Index*: given density and group sizes the range may be
    restricted, and the index rescaled. The help gives no formula: this linear one is ours.

    Examples
    --------
    >>> import networkx as nx
    >>> graph = nx.path_graph(4)
    >>> nx.set_node_attributes(graph, dict(enumerate("xxyy")), "team")
    >>> found = ei_range(graph, group="team")  # 3 ties, 4 pairs between, 2 within
    >>> round(found.observed, 3), round(found.low, 3), found.high, found.rescaled
    (-0.333, -0.333, 1.0, -1.0)
    """
    check_variant(variant, ("edges", "arcs"))
    reading = read(source, variant, by=by, group=group, year=year, kind=kind, actors=actors)
    sides = sides_of(reading)
    external, internal, _ = (int(each) for each in whole(sides.value))
    between, within, _ = (int(each) for each in whole(sides.pairs))
    ties = external + internal
    notes = left_out(n_unplaced(reading), lang)
    reason = why_no_index(reading, sides, lang)
    if reason:
        return EIRange(NAN, NAN, NAN, NAN, ties, between, within, clauses([reason, *notes], lang))
    observed = (external - internal) / ties
    low, high = (ties - 2 * min(ties, within)) / ties, (2 * min(ties, between) - ties) / ties
    if low == high:
        reason = tr("as many ties among categories of these sizes leave a single value of the index", lang)
        notes = [reason, *notes]
    rescaled = 2 * ratio(observed - low, high - low) - 1
    return EIRange(observed, low, high, rescaled, ties, between, within, clauses(notes, lang))


def ei_index_by_block(
    source: Source,
    *,
    variant: str = "edges",
    weight: str = "weight",
    by: str | None = None,
    group: str | None = None,
    year: int | None = None,
    kind: str | Collection[str] | None = None,
    actors: Collection[Hashable] | None = None,
    lang: str = "fr",
) -> pd.DataFrame:
    """Return the E-I index of each block: of the ties that have an end in it.

    A tie between two blocks counts as external for both, one within as internal once.

    Parameters
    ----------
    source, by, group, year, kind, actors
        As for `ei_index`.
    variant
        ``"edges"``, ``"arcs"`` or ``"weighted"``: what is counted, as by `ei_index`, `ei_index_arcs` and
        `ei_index_weighted`.
    weight
        Of a graph, for ``"weighted"``: the edge attribute that holds the strength.

    Returns
    -------
    pandas.DataFrame
        Index ``group``, the blocks that somebody is in; columns ``label``, ``actors``, ``external``,
        ``internal``, ``unplaced`` (ties, or their strength, with an actor of unknown block, left out of the
        index), ``ei_index`` (NaN without a tie, and everywhere if there is a single block or no strength is
        stated), and its bounds ``low``, ``high`` as in `ei_index_measure`. A block of a single actor has no
        pair within: +1 as soon as it has a tie.

    Examples
    --------
    >>> import networkx as nx
    >>> graph = nx.path_graph(4)
    >>> nx.set_node_attributes(graph, dict(enumerate("xxxy")), "team")
    >>> ei_index_by_block(graph, group="team")[["actors", "external", "internal", "ei_index"]].round(3)
           actors  external  internal  ei_index
    group
    x           3       1.0       2.0    -0.333
    y           1       1.0       0.0     1.000
    """
    reading = read(
        source, variant, by=by, group=group, year=year, kind=kind, actors=actors, weight=weight, lang=lang
    )
    sides, count = sides_of(reading), reading.n_blocks
    value, least, most = (table[:, :count] for table in (sides.value, sides.least, sides.most))
    keys = pd.Series(reading.blocks.keys[:count], dtype=object).infer_objects()
    frame = pd.DataFrame(index=pd.Index(keys, name="group"))
    frame["label"] = pd.Series(reading.blocks.labels[:count], dtype="str").to_numpy()
    frame["actors"] = np.bincount(reading.blocks.codes, minlength=count + 1)[:count]
    frame["external"], frame["internal"], frame["unplaced"] = (
        value[EXTERNAL],
        value[INTERNAL],
        value[UNPLACED],
    )
    if count < 2:  # there is nothing outside
        return frame.assign(ei_index=NAN, low=NAN, high=NAN)
    low = _index(least[EXTERNAL], most[INTERNAL] + most[UNPLACED])
    high = _index(most[EXTERNAL] + most[UNPLACED], least[INTERNAL])
    frame["ei_index"] = NAN if reading.none_stated else _index(value[EXTERNAL], value[INTERNAL])
    # one value is left where nothing is known and only one side is open
    frame["low"], frame["high"] = np.where(np.isnan(low), high, low), np.where(np.isnan(high), low, high)
    return frame


def _index(external: Values, internal: Values) -> Values:
    total = external + internal
    return (external - internal) / np.where(total > 0, total, NAN)
