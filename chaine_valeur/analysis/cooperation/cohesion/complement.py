"""What the undocumented pairs would link if all were tied, without writing these pairs out."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

from ....network import Ties, distinct, is_among
from ....network.positions import first_of
from ..._joins import matches
from ..ties.counting import pair_numbers

if TYPE_CHECKING:
    from numpy.typing import NDArray

    Codes = NDArray[np.int32]
    Counts = NDArray[np.int64]

__all__ = ["linking", "spoken_of", "with_open_tied"]


def spoken_of(ties: Ties) -> Counts:
    """Return the numbers, ascending, of the pairs of unasked actors that a row speaks of: tied or absent.

    The other pairs of unasked actors are the undocumented ones.
    """
    return distinct(pair_numbers(*ties.spoken_of, ties.size))


def with_open_tied(ties: Ties, *, of: Codes | None = None) -> tuple[Codes, Codes]:
    """Return the ends of known ties, and of those of `linking`: all is reached that ever may be."""
    a, b = linking(ties, of=of)
    return np.concatenate([ties.a, a]), np.concatenate([ties.b, b])


def linking(ties: Ties, *, of: Codes | None = None) -> tuple[Codes, Codes]:
    """Return few pairs that link all that the undocumented pairs would link: with them as much is reached.

    The unasked actor whom the fewest rows speak of is open to nearly all the others: one tie to each. Those
    to whom it is not open are as few as there are rows per unasked actor, twice; for them all pairs are
    looked at. So there are no more pairs than unasked actors and rows, three times.

    Parameters
    ----------
    of
        The filière of each node, where there are many: no pair joins two of them. By default there is one.

    Returns
    -------
    tuple of numpy.ndarray
        Ends of the pairs, from and to with directed ties; distances along them are not those of the
        undocumented pairs.

    Examples
    --------
    Nobody of 1 000 was asked, and nothing is known: one tie to each other links them all.

    >>> import pandas as pd
    >>> none, nobody = np.zeros(0, np.int32), np.zeros(1000, dtype=bool)
    >>> a, b = linking(Ties(pd.RangeIndex(1000), none, none, none, none, nobody, directed=False))
    >>> len(a), len(b)
    (999, 999)
    """
    size, unasked = ties.size, ~ties.asked
    left = np.flatnonzero(unasked)
    if len(left) < 2:
        return np.zeros(0, dtype=np.int32), np.zeros(0, dtype=np.int32)
    said = spoken_of(ties)
    a, b = said // size, said % size
    rows = np.bincount(np.concatenate([a, b]), minlength=size)
    of = np.zeros(size, dtype=np.int32) if of is None else of
    order = left[np.lexsort((rows[left], of[left]))]
    centre = first_of(of[order], order, int(of.max()) + 1)[of]  # that of the filière of each node
    beside = np.zeros(size, dtype=bool)
    beside[a[b == centre[b]]] = beside[b[a == centre[a]]] = True
    core = unasked & ~beside  # the centre with all to whom it is open, both ways
    away, others = np.flatnonzero(beside), np.flatnonzero(core & (np.arange(size) != centre))
    whole = np.bincount(of[core], minlength=int(of.max()) + 1)[of[away]]
    from_away = np.bincount(a[core[b]], minlength=size)[away]  # rows that close the way to the core
    to_away = np.bincount(b[core[a]], minlength=size)[away]
    first, second = (away[place] for place in matches(of[away], of[away]))
    if ties.directed:
        leave, enter = away[from_away < whole], away[to_away < whole]
        different = first != second
        pairs = [
            (others, centre[others]),
            (centre[others], others),
            (leave, centre[leave]),
            (centre[enter], enter),
        ]
    else:
        near = away[from_away + to_away < whole]
        different = first < second
        pairs = [(centre[each], each) for each in (others, near)]
    first, second = first[different], second[different]
    still_open = ~is_among(pair_numbers(first, second, size), said)
    pairs.append((first[still_open], second[still_open]))
    ends = [np.concatenate([pair[side] for pair in pairs]).astype(np.int32) for side in (0, 1)]
    return ends[0], ends[1]
