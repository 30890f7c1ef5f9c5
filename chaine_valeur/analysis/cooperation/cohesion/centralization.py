"""How far cooperation hangs on one actor: Freeman's centralisation (D4) of degrees, closeness, betweenness."""

from __future__ import annotations

from collections.abc import Collection, Hashable
from typing import TYPE_CHECKING

import numpy as np

from ....errors import ArgumentError
from ....filiere import Filiere
from ....language import tr
from ....network import Ties
from ...measure import NAN, Measure
from ..ties.counting import count_pairs, degrees, open_pairs
from ..ties.layer import seen_in
from .bounded import documented_note, of_known_ties, read, resting
from .geodesics import (
    MOST_FOR_BETWEENNESS,
    MOST_FOR_DISTANCES,
    betweenness_of_ties,
    distances,
    too_many,
)

if TYPE_CHECKING:
    from numpy.typing import NDArray

    from ..ties.layer import Source

    Counts = NDArray[np.int64]

__all__ = [
    "MODES",
    "centralization",
    "centralization_measure",
    "centralization_of_ties",
    "degrees",
]

MODES = ("degree", "in", "out", "closeness", "betweenness")


def centralization(
    source: Source,
    *,
    mode: str = "degree",
    year: int | None = None,
    kind: str | Collection[str] | None = None,
    directed: bool | None = None,
    actors: Collection[Hashable] | None = None,
) -> float:
    """Return Freeman's centralisation (D4): 1 is a star, 0 has everyone placed alike.

    The sum, over actors, of what each lacks to the highest, ``Σ (max c − c_v)``, over what that sum is in a
    star of *n* actors. On the collapsed layer: no parallel tie, no self-tie.

    ============== ========================================== ================================
    mode           c                                          the sum in a star
    ============== ========================================== ================================
    degree         number of ties, read as undirected         ``(n − 1)(n − 2)``
    in, out        number of ties that arrive, that leave     ``(n − 1)²``
    closeness      ``(n − 1) / Σ d``, ties read as undirected ``(n − 1)(n − 2) / (2n − 3)``
    betweenness    as `betweenness_of_ties`                   ``(n − 1)²(n − 2) / 2``; directed
                                                              ties, twice that
    ============== ========================================== ================================

    Closeness and betweenness follow shortest paths, so that their time grows as actors × ties: they are not
    computed for more than `MOST_FOR_DISTANCES` and `MOST_FOR_BETWEENNESS` actors.

    Parameters
    ----------
    source
        A filière or any networkx graph.
    mode
        One of the above. With ``degree`` and ``closeness`` a directed graph is tied wherever one direction
        is.
    year, kind, actors
        As for `density`.
    directed
        For ``betweenness``: follow the direction of ties. By default a graph decides for itself and a filière
        is undirected. The other modes say it themselves.

    Returns
    -------
    float
        Of the *known* ties, in [0, 1]; NaN if no pair is documented, with fewer than three actors (two for in
        and out), with too many for shortest paths, and for closeness unless every actor reaches every other:
        the reason is in the note of `centralization_measure`, with the bounds.

    Raises
    ------
    ArgumentError
        Another mode, in and out of an undirected graph, or a direction that the mode does not have.

    References
    ----------
    Freeman (1979), unverified; denominators of degrees as UCINET prints them for « campnet » (see `density`),
    of directed betweenness as R sna (``centralization(g, betweenness, mode="digraph")``). With self-ties
    allowed, the default of igraph, the denominators of degrees are others. On a disconnected graph igraph and
    UCINET give closeness within components or with a distance of *n*: other measures (unverified).

    Examples
    --------
    >>> import networkx as nx
    >>> centralization(nx.star_graph(5)), centralization(nx.cycle_graph(5))
    (1.0, 0.0)
    >>> centralization(nx.path_graph(3), mode="betweenness")
    1.0
    """
    measure = centralization_measure(
        source, mode=mode, year=year, kind=kind, directed=directed, actors=actors, lang="en"
    )
    return measure.value


def centralization_measure(
    source: Source,
    *,
    mode: str = "degree",
    year: int | None = None,
    kind: str | Collection[str] | None = None,
    directed: bool | None = None,
    actors: Collection[Hashable] | None = None,
    lang: str = "fr",
) -> Measure:
    """Return D4 with bounds: see `centralization`.

    Of degrees, ``high`` is reached when one actor has all the ties that it may have and the others none more.
    ``low`` gives the others all the ties that they may have, up to the highest known degree: no completion is
    below, and with degrees not always one that low (with in and out, always). Of closeness and betweenness
    there are no bounds but 0 and 1 to give: they are NaN where a pair is undocumented.
    """
    if mode not in MODES:
        raise ArgumentError(f"mode={mode!r} is not one of {', '.join(MODES)}")
    source = seen_in(source, year)
    if mode in ("in", "out") and not isinstance(source, Filiere) and not source.is_directed():
        raise ArgumentError(f"mode={mode!r} needs a directed graph")
    if mode != "betweenness":
        own = mode in ("in", "out")
        if directed is not None and directed != own:
            raise ArgumentError(
                f"mode={mode!r} reads ties as {'' if own else 'un'}directed: leave directed= out"
            )
        directed = own
    source, ties = read(source, kind=kind, directed=directed, actors=actors)
    return resting(centralization_of_ties(ties, mode, lang), source, kind=kind, actors=actors)


def centralization_of_ties(ties: Ties, mode: str, lang: str) -> Measure:
    """Return D4 of some ties, directed for ``in`` and ``out``, undirected for degree and closeness."""
    if mode in ("closeness", "betweenness"):
        return _along_paths(ties, mode, lang)
    known, still_open = degrees(ties, mode=mode), open_pairs(ties, mode=mode)
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


def _along_paths(ties: Ties, mode: str, lang: str) -> Measure:
    """Return the centralisation of closeness or betweenness: without bounds where a pair is unknown."""
    n, unknown = ties.size, int(count_pairs(ties).unknown[0, 0])
    limit = MOST_FOR_DISTANCES if mode == "closeness" else MOST_FOR_BETWEENNESS
    note = ""
    if n < 3:
        note = tr("too few actors for a centralisation", lang)
    elif n > limit:
        note = too_many(n, limit, lang)
    elif mode == "betweenness":
        scores, most = betweenness_of_ties(ties), (n - 1) ** 2 * (n - 2) / (1 if ties.directed else 2)
    else:
        found = distances(ties)
        if (found.reached < n - 1).any():
            note = tr("not all actors are linked: closeness has no meaning between parts", lang)
        else:
            scores, most = (n - 1) / found.farness, (n - 1) * (n - 2) / (2 * n - 3)
    if note:
        return Measure(NAN, "ratio", n_unknown=unknown, note=note)
    spread = float((scores.max() - scores).sum())
    bound = NAN if unknown else spread / most
    return of_known_ties(
        ties, spread / most, "ratio", bound, bound, numerator=spread, denominator=float(most), lang=lang
    )
