"""Who stands between actors that are not tied: Gould and Fernandez's five roles of mediation (D9)."""

from __future__ import annotations

from collections.abc import Collection, Hashable
from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np
import pandas as pd

from ....network import Ties
from ...measure import NAN
from ..ties.counting import open_pairs
from ..ties.layer import seen_in, ties_of
from ..ties.partition import blocks_of, partition_named
from .neighbours import Neighbours

if TYPE_CHECKING:
    from numpy.typing import NDArray

    from ..ties.layer import Source

    Codes = NDArray[np.int32]
    Counts = NDArray[np.int64]
    Mask = NDArray[np.bool_]
    Values = NDArray[np.float64]

__all__ = ["ROLES", "Placed", "brokerage", "counts_of", "placed_in"]

#: The five roles, in the order of the columns.
ROLES = ("coordinator", "consultant", "gatekeeper", "representative", "liaison")
COORDINATOR, CONSULTANT, GATEKEEPER, REPRESENTATIVE, LIAISON, TOTAL = range(6)
#: Up to so many blocks, ties per node and block fill a table; beyond it would be mostly empty.
FEW_BLOCKS = 16


@dataclass(frozen=True)
class Placed:
    """Ties with the block of each node: `ties` of all, `inside` among those whose block is stated."""

    ties: Ties
    inside: Ties
    stated: Mask
    codes: Codes
    n_blocks: int

    def on_all(self, values: Values) -> pd.DataFrame:
        """Return values of the nodes inside × roles and total as a frame over all of them, NaN outside."""
        spread = np.full((self.ties.size, values.shape[1]), NAN)
        spread[self.stated] = values
        index = pd.Index(self.ties.nodes, name="actor_id")
        return pd.DataFrame(spread, index=index, columns=[*ROLES, "total"])


def brokerage(
    source: Source,
    *,
    by: str | None = None,
    group: str | None = None,
    year: int | None = None,
    kind: str | Collection[str] | None = None,
    directed: bool | None = None,
    actors: Collection[Hashable] | None = None,
) -> pd.DataFrame:
    """Return how often each actor stands between two others that are not tied, by role (D9).

    A mediation of *b* is a two-path ``i → b → j`` without a tie ``i → j``, ``i ≠ j``. With the blocks of
    *i*, *b* and *j* in that order, it is one of

    ==================  =========  =======================  =========================================
    column              blocks     R sna                    meaning
    ==================  =========  =======================  =========================================
    ``coordinator``     A → A → A  ``w_I``                  between two actors of one's own block
    ``consultant``      A → B → A  ``w_O``, “itinerant”     between two actors of one other block
    ``gatekeeper``      B → A → A  ``b_OI``                 lets another block's tie reach one's own
    ``representative``  A → A → B  ``b_IO``                 carries a tie of one's own block outside
    ``liaison``         A → B → C  ``b_O``                  between two different other blocks
    ==================  =========  =======================  =========================================

    Undirected ties: each unordered pair {i, j} counts once, and a pair of which one is in the block of *b*
    makes *b* gatekeeper and representative at once; the two columns are then equal and ``total`` counts the
    pair once. (R sna reads an undirected tie as two arcs: coordinator, consultant, liaison and total double.)

    Parameters
    ----------
    source
        A filière or any networkx graph.
    by
        Of a filière: ``"role"`` (default), ``"pole"``, ``"stage"``, ``"commune"``, or any column of actors.
    group
        Of a graph: the node attribute that holds the block. (`by` and `group` say the same thing.)
    year, kind, directed, actors
        As for `chaine_valeur.analysis.cooperation.ties.layer.ties_of`; a two-path is looked for among these
        ties only.

    Returns
    -------
    pandas.DataFrame
        Index ``actor_id``, in table order. Columns ``coordinator``, ``consultant``, ``gatekeeper``,
        ``representative``, ``liaison``, ``total`` (counts of *known* two-paths, as floats; NaN for an actor
        whose block is not stated: no role can be told), ``n_unplaced`` (ties of the actor with others whose
        block is not stated, which mediate nothing here and are left out) and ``n_unknown`` (undocumented
        pairs of the actor, directions if directed). A tie that is unknown could open a two-path or close
        one: the counts have no bounds, ``n_unknown`` says how much may change.

    Raises
    ------
    UnknownNameError
        No such column, or no node with such an attribute.
    ValueError
        A graph without `group`.

    Notes
    -----
    Memory is a few hundred bytes per tie and node, plus a piece of a million candidate triangles.

    References
    ----------
    Definitions as in the manual of R's sna (`brokerage`); Gould and Fernandez (1989), unverified. The counts
    are those that sna 2.7 gives for « campnet » of Borgatti, Everett and Johnson, by gender.

    Examples
    --------
    >>> import networkx as nx
    >>> graph = nx.DiGraph([("firm", "town"), ("town", "mill"), ("town", "aci")])
    >>> poles = {"firm": "enterprise", "mill": "enterprise", "town": "elected", "aci": "ess"}
    >>> nx.set_node_attributes(graph, poles, "pole")
    >>> brokerage(graph, group="pole").loc["town", ["consultant", "liaison", "total"]].tolist()
    [1.0, 1.0, 2.0]
    """
    placed = placed_in(source, by=by, group=group, year=year, kind=kind, directed=directed, actors=actors)
    table = placed.on_all(counts_of(placed).astype(np.float64))
    ends = np.concatenate([placed.ties.a, placed.ties.b])
    others = np.concatenate([placed.ties.b, placed.ties.a])
    unplaced = np.bincount(ends[~placed.stated[others]], minlength=placed.ties.size)
    return table.assign(n_unplaced=unplaced, n_unknown=open_pairs(placed.ties))


def placed_in(
    source: Source,
    *,
    by: str | None,
    group: str | None,
    year: int | None,
    kind: str | Collection[str] | None,
    directed: bool | None,
    actors: Collection[Hashable] | None,
) -> Placed:
    """Return the ties that the keywords ask for, with the block of each node."""
    source = seen_in(source, year)
    ties = ties_of(source, directed=directed, kind=kind, actors=actors)
    blocks = blocks_of(source, ties.nodes, by=partition_named(source, by, group))
    stated = blocks.codes != len(blocks.keys) - 1 if None in blocks.keys else np.ones(ties.size, dtype=bool)
    n_blocks = len(blocks.keys) - (None in blocks.keys)
    return Placed(ties, ties.among(stated), stated, blocks.codes[stated], n_blocks)


def counts_of(placed: Placed) -> Counts:
    """Return the two-paths through each node that are not closed, nodes × (roles, total)."""
    ties, codes = placed.inside, placed.codes
    pairs = Neighbours.of(ties)
    counts = _two_paths(ties, pairs, codes, placed.n_blocks) - _closed(pairs, codes)
    if not ties.directed:  # both orders of a pair were counted: only gatekeeper and representative differ
        counts[:, [COORDINATOR, CONSULTANT, LIAISON]] //= 2
    total = counts.sum(axis=1)
    if not ties.directed:
        total -= counts[:, REPRESENTATIVE]
    return np.column_stack([counts, total])


def _two_paths(ties: Ties, pairs: Neighbours, codes: Codes, n_blocks: int) -> Counts:
    """Return the two-paths through each node, closed or not, nodes × roles."""
    size = pairs.size
    start, end = (ties.a, ties.b) if ties.directed else (
        np.concatenate([ties.a, ties.b]), np.concatenate([ties.b, ties.a]))  # fmt: skip
    own = codes[start] == codes[end]
    into, out_of = (_split(node, own, size) for node in (end, start))
    mutual = pairs.forward & pairs.backward
    a, b = pairs.a[mutual], pairs.b[mutual]
    back = _split(np.concatenate([a, b]), np.tile(codes[a] == codes[b], 2), size)
    alike = _alike(end, codes[start], start, codes[end], size, n_blocks) - into[1] * out_of[1]
    return np.column_stack(
        [
            into[1] * out_of[1] - back[1],
            alike - back[0],
            into[0] * out_of[1],
            into[1] * out_of[0],
            into[0] * out_of[0] - alike,
        ]
    )


def _split(node: Codes, own: Mask, size: int) -> Counts:
    """Return how many times each node stands there with another block, and with its own: 2 × nodes."""
    return np.bincount(node.astype(np.int64) + size * own, minlength=2 * size).reshape(2, size)


def _alike(to: Codes, from_block: Codes, at: Codes, to_block: Codes, size: int, n_blocks: int) -> Counts:
    """Return, per node, the sum over blocks of ties from the block times ties to it."""
    if n_blocks <= FEW_BLOCKS:
        arriving, leaving = (
            np.bincount(node.astype(np.int64) * n_blocks + block, minlength=size * n_blocks)
            for node, block in ((to, from_block), (at, to_block))
        )
        products: Counts = (arriving * leaving).reshape(size, n_blocks).sum(axis=1)
        return products
    from scipy.sparse import csr_array

    coming, going = (
        csr_array((np.ones(len(node), dtype=np.int64), (node, block)), shape=(size, n_blocks))
        for node, block in ((to, from_block), (at, to_block))
    )
    return np.asarray(coming.multiply(going).sum(axis=1), dtype=np.int64).ravel()


def _closed(pairs: Neighbours, codes: Codes) -> Counts:
    """Return the two-paths through each node whose ends are tied from the first to the last, nodes × roles."""
    counts = np.zeros(pairs.size * len(ROLES), dtype=np.int64)
    for ab, ac, bc in pairs.triangles():  # over pieces of bounded size
        a, b, c = pairs.a[ab], pairs.b[ab], pairs.b[ac]
        to_b, to_c, b_to_c = pairs.forward[ab], pairs.forward[ac], pairs.forward[bc]
        from_b, from_c, c_to_b = pairs.backward[ab], pairs.backward[ac], pairs.backward[bc]
        # the six ways to go through a triangle: first, middle, last; first → middle, middle → last, closed
        for first, middle, last, *all_there in (
            (a, b, c, to_b, b_to_c, to_c),
            (c, b, a, c_to_b, from_b, from_c),
            (b, a, c, from_b, to_c, b_to_c),
            (c, a, b, from_c, to_b, c_to_b),
            (a, c, b, to_c, c_to_b, to_b),
            (b, c, a, b_to_c, from_c, from_b),
        ):
            closed = np.logical_and.reduce(all_there)
            role = _role(codes[first[closed]], codes[middle[closed]], codes[last[closed]])
            places = middle[closed].astype(np.int64) * len(ROLES) + role
            counts += np.bincount(places, minlength=len(counts))
    return counts.reshape(pairs.size, len(ROLES))


def _role(first: Codes, middle: Codes, last: Codes) -> Counts:
    """Return the role of the middle of two-paths, from the blocks of the three."""
    from_own, to_own = first == middle, last == middle
    within = np.where(to_own, COORDINATOR, REPRESENTATIVE)
    outside = np.where(to_own, GATEKEEPER, np.where(first == last, CONSULTANT, LIAISON))
    return np.where(from_own, within, outside)
