"""Whom to ask first: the actors whose answer would document most pairs. To be asked is no blame."""

from __future__ import annotations

from collections.abc import Collection, Hashable, Sequence
from typing import TYPE_CHECKING

import numpy as np
import pandas as pd

from ....errors import ArgumentError
from ....network import Ties
from ...measure import NAN
from ..ties.counting import count_pairs
from ..ties.layer import seen_in, ties_of
from ..triptyques.triads import TRIPTYQUE, poles_of

if TYPE_CHECKING:
    from numpy.typing import NDArray
    from scipy.sparse import csr_array

    from ..ties.layer import Source

    Codes = NDArray[np.int32]
    Counts = NDArray[np.int64]

__all__ = ["whom_to_ask"]


def whom_to_ask(
    source: Source,
    *,
    limit: int | None = 10,
    poles: Sequence[str] = TRIPTYQUE,
    year: int | None = None,
    kind: str | Collection[str] | None = None,
    actors: Collection[Hashable] | None = None,
) -> pd.DataFrame:
    """Return the actors who were not asked, those first whose answer would document most.

    An actor who is asked documents all its pairs. Each is chosen for what it adds to those before it: the most
    undocumented pairs between two poles of the triptyque (do enterprises, elected officials and the social
    economy work together?), then the most undocumented pairs, then table order.

    Parameters
    ----------
    source
        A filière, or any networkx graph: of these everyone was asked, nobody is left.
    limit
        Number of actors at most; ``None`` for all (each takes a time that grows with the number of actors).
    poles
        The poles between which pairs come first.
    year, kind, actors
        The filière in that year; only ties of that kind, or of these; only these actors.

    Returns
    -------
    pandas.DataFrame
        Index ``actor_id``, in the order in which to ask; ends where every pair is documented. Columns
        ``documents`` (pairs that this answer would add to those known after the answers before), ``cross_pole``
        (of these, between two of `poles`) and ``cumulative`` (share of the possible pairs that
        would be documented by then).

    Raises
    ------
    ArgumentError
        A negative limit.

    Notes
    -----
    A greedy choice: good, not always the best of all sets of that size. Memory grows with actors and ties only.

    Examples
    --------
    >>> from chaine_valeur import Filiere
    >>> f = Filiere.from_tables(
    ...     actors={"name": ["Filature", "Atelier", "Relais"], "pole": ["enterprise", "enterprise", "ess"]}
    ... )
    >>> whom_to_ask(f)
              documents  cross_pole  cumulative
    actor_id
    relais            2           2    0.666667
    filature          1           0    1.000000
    """
    if limit is not None and limit < 0:
        raise ArgumentError(f"limit={limit}: give a number of actors, or None for all")
    source = seen_in(source, year)
    ties = ties_of(source, directed=False, kind=kind, actors=actors)
    unasked = np.flatnonzero(~ties.asked)
    # of a graph that has never seen a filière everyone was asked, and no node needs a pole
    pole = poles_of(source, ties, "pole", poles)[unasked] if len(unasked) else np.zeros(0, dtype=np.int32)
    chosen, documents, cross = _greedy(_spoken(ties, unasked), pole, limit)
    unknown, possible = int(count_pairs(ties).unknown[0, 0]), ties.possible
    left = unknown - np.cumsum(documents)
    return pd.DataFrame(
        {
            "documents": np.array(documents, dtype=np.int64),
            "cross_pole": np.array(cross, dtype=np.int64),
            "cumulative": (possible - left) / possible if possible else np.full(len(chosen), NAN),
        },
        index=ties.nodes[unasked[chosen]].rename("actor_id"),
    )


def _spoken(ties: Ties, unasked: Counts) -> csr_array:
    """Return the pairs of unasked actors of which rows speak, symmetric."""
    from scipy.sparse import csr_array

    place = np.full(ties.size, -1, dtype=np.int64)
    place[unasked] = np.arange(len(unasked))
    a, b = (place[np.concatenate(ends)] for ends in ((ties.a, ties.absent_a), (ties.b, ties.absent_b)))
    both = (a >= 0) & (b >= 0)
    a, b = a[both], b[both]
    rows, columns = np.concatenate([a, b]), np.concatenate([b, a])
    return csr_array(
        (np.ones(len(rows), dtype=np.int64), (rows, columns)), shape=(len(unasked), len(unasked))
    )


def _greedy(spoken: csr_array, pole: Codes, limit: int | None) -> tuple[Counts, list[int], list[int]]:
    """Return whom to ask in order, and the pairs that each adds: all, and those between two of the poles."""
    count = spoken.shape[0]
    wanted = count if limit is None else min(limit, count)
    gain = count - 1 - np.diff(spoken.indptr).astype(np.int64)
    stated = pole >= 0
    sizes = np.bincount(pole[stated], minlength=1)
    across = np.where(stated, stated.sum() - sizes[pole], 0)
    rows = np.repeat(np.arange(count), np.diff(spoken.indptr))
    apart = stated[rows] & stated[spoken.indices] & (pole[rows] != pole[spoken.indices])
    across = across - np.bincount(rows[apart], minlength=count)
    left = np.ones(count, dtype=bool)
    chosen: list[int] = []
    documents: list[int] = []
    cross: list[int] = []
    for _ in range(wanted):  # over the few to be named, each against all who are left
        rank = np.where(left, across * (count + 1) + gain, -1)
        best = int(np.argmax(rank))
        if gain[best] <= 0 or not left[best]:
            break
        chosen.append(best)
        documents.append(int(gain[best]))
        cross.append(int(across[best]))
        left[best] = False
        new = left.copy()  # with these its pair was undocumented
        new[spoken.indices[spoken.indptr[best] : spoken.indptr[best + 1]]] = False
        gain[new] -= 1
        if stated[best]:
            across[new & stated & (pole != pole[best])] -= 1
    return np.array(chosen, dtype=np.int64), documents, cross
