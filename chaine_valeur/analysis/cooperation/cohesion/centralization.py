"""How far cooperation hangs on one actor: Freeman's degree centralisation (D4)."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

from ....filiere import Filiere
from ....language import tr
from ....network import Ties
from ...measure import NAN, Measure
from ..ties.layer import seen_in, ties_of
from ..ties.rows import documented_by
from .densities import documented_note

if TYPE_CHECKING:
    from numpy.typing import NDArray

    from ..ties.layer import Source

    Counts = NDArray[np.int64]

__all__ = ["centralization", "centralization_measure", "centralization_of_ties", "degrees"]

MODES = ("degree", "in", "out")


def centralization(
    source: Source, *, mode: str = "degree", year: int | None = None, kind: str | None = None
) -> float:
    """Return Freeman's degree centralisation (D4): 1 is a star, 0 has everyone tied alike.

    ``Σ (max d − d_v) / ((n − 1)(n − 2))`` for degrees, on ties read as undirected;
    ``Σ (max d − d_v) / (n − 1)²`` for in- or out-degrees. On the collapsed layer: no parallel tie, no
    self-tie (with self-ties allowed, the default of igraph, the denominators are others).

    Parameters
    ----------
    source
        A filière or any networkx graph.
    mode
        ``"degree"`` (a directed graph is tied wherever one direction is), ``"in"`` or ``"out"``.
    year, kind
        As for `density`.

    Returns
    -------
    float
        Of the *known* ties, in [0, 1]; NaN if no pair is documented or with fewer than three actors (two
        for in and out). Its bounds are in `centralization_measure`.

    Raises
    ------
    ValueError
        Another mode, or in and out of an undirected graph.

    References
    ----------
    Freeman (1979), unverified; denominators as UCINET prints them for « campnet » (see `density`).

    Examples
    --------
    >>> import networkx as nx
    >>> centralization(nx.star_graph(5)), centralization(nx.cycle_graph(5))
    (1.0, 0.0)
    """
    return _centralization_of(seen_in(source, year), mode, kind, "en").value


def centralization_measure(
    source: Source,
    *,
    mode: str = "degree",
    year: int | None = None,
    kind: str | None = None,
    lang: str = "fr",
) -> Measure:
    """Return D4 with bounds: see `centralization`.

    ``high`` is reached when one actor has all the ties that it may have and the others none more. ``low``
    gives the others all the ties that they may have, up to the highest known degree: no completion is
    below, and with degrees not always one that low (with in and out, always).
    """
    source = seen_in(source, year)
    measure = _centralization_of(source, mode, kind, lang)
    if not isinstance(source, Filiere):
        return measure
    return measure.resting_on(source, documented_by(source, kind=kind))


def _centralization_of(source: Source, mode: str, kind: str | None, lang: str) -> Measure:
    if mode not in MODES:
        raise ValueError(f"mode={mode!r} is not one of {', '.join(MODES)}")
    if mode != "degree" and not isinstance(source, Filiere) and not source.is_directed():
        raise ValueError(f"mode={mode!r} needs a directed graph")
    ties = ties_of(source, directed=mode != "degree", kind=kind)
    return centralization_of_ties(ties, mode, lang)


def degrees(ties: Ties, *, mode: str = "degree") -> Counts:
    """Return the number of known ties of each node: all of them, those that arrive or those that leave."""
    return _ends(ties.a, ties.b, ties.size, mode)


def _ends(a: NDArray[np.int32], b: NDArray[np.int32], size: int, mode: str) -> Counts:
    ends = {"degree": [a, b], "in": [b], "out": [a]}[mode]
    return np.bincount(np.concatenate(ends), minlength=size)


def _open(ties: Ties, *, mode: str) -> Counts:
    """Return the number of undocumented pairs of each node: with the other unasked, unless spoken of."""
    unasked = ~ties.asked
    pairs = np.where(unasked, unasked.sum() - 1, 0)
    for a, b in ((ties.a, ties.b), (ties.absent_a, ties.absent_b)):
        spoken_of = unasked[a] & unasked[b]
        pairs = pairs - _ends(a[spoken_of], b[spoken_of], ties.size, mode)
    return pairs


def centralization_of_ties(ties: Ties, mode: str, lang: str) -> Measure:
    """Return D4 of some ties, directed for ``in`` and ``out``."""
    known, still_open = degrees(ties, mode=mode), _open(ties, mode=mode)
    n, directed = ties.size, ties.directed
    most = (n - 1) ** 2 if directed else (n - 1) * (n - 2)
    if n < 2 or most == 0:
        return Measure(NAN, "ratio", note=tr("too few actors for a centralisation", lang))
    unknown = int(still_open.sum()) // (1 if directed else 2)
    known_pairs = ties.possible - unknown
    spread = int((known.max() - known).sum())
    low = int(np.maximum(known.max() - known - still_open, 0).sum())
    # the hub v takes its x open pairs: n (k_v + x) minus the sum of all degrees, each tie counting for
    # both its ends (undirected) or for one
    high = int((n * (known + still_open) - still_open * (1 if directed else 2)).max() - known.sum())
    note = ""
    if unknown:
        note = documented_note(known_pairs, ties.possible, lang)
    value = spread / most if known_pairs else NAN
    return Measure(
        value, "ratio", low / most, high / most, float(spread), float(most), n_unknown=unknown, note=note
    )
