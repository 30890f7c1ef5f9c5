"""Whether cooperation has a closed circle at its core, and who is in it (D12)."""

from __future__ import annotations

from collections.abc import Collection, Hashable
from dataclasses import dataclass
from typing import TYPE_CHECKING

import pandas as pd

from ....filiere import Filiere
from ....language import number, tr, trn
from ....network import Ties
from ...measure import NAN, Measure
from ..ties.counting import count_pairs
from ..ties.layer import seen_in, ties_of
from ..ties.rows import documented_rows
from .core_search import best_core, search_core

if TYPE_CHECKING:
    from ..ties.layer import Source

__all__ = ["MOST_FOR_EXACT", "CorePeriphery", "core_periphery", "core_periphery_measure"]

#: Up to so many actors every partition is tried.
MOST_FOR_EXACT = 20


@dataclass(frozen=True)
class CorePeriphery:
    """The best partition into core and periphery.

    Attributes
    ----------
    fit
        Correlation of the ties with the ideal pattern, in [0, 1]; NaN is undefined.
    core
        Whether each actor is in the core: index ``actor_id``; missing where `fit` is NaN.
    exact
        Whether every partition was tried, so that none fits better.
    n_unknown
        Undocumented pairs (directions if directed).
    note
        Why there is no fit, or how it was found.
    """

    fit: float
    core: pd.Series
    exact: bool
    n_unknown: int
    note: str


def core_periphery(
    source: Source,
    *,
    year: int | None = None,
    kind: str | Collection[str] | None = None,
    directed: bool | None = None,
    actors: Collection[Hashable] | None = None,
    lang: str = "fr",
) -> CorePeriphery:
    """Return how well a core and a periphery describe cooperation (D12), and who would be in the core.

    The fit is the correlation, over all pairs, of the ties with the ideal pattern of Borgatti and Everett:
    a tie wherever one of the two is in the core, none between two actors of the periphery,

    ``max over cores of corr(a_ij, δ_ij)``, ``δ_ij = 1`` if *i* or *j* is in the core, else 0.

    1: a star, or a circle that is tied to all while the others are tied to nobody else. Near 0: no such
    thing. It is never below 0: among the cores of one size, one at least fits no worse than chance.

    Parameters
    ----------
    source
        A filière (undirected by default) or any networkx graph.
    year, kind, directed, actors
        As for `chaine_valeur.analysis.cooperation.ties.layer.ties_of`; directed, over ordered pairs.
    lang
        Language of the note.

    Returns
    -------
    CorePeriphery
        Of the *known* ties. Fit NaN, and core missing, with fewer than three actors, without a tie, or where
        all are tied to all.

    Notes
    -----
    Up to 20 actors every partition is tried; of those that fit best, one with the smallest core is returned:
    that whose actors have most ties, or else are first in the table.

    Beyond, the best core of a given size is the set of actors that covers most ties, which no fast algorithm
    is known to find. From cores made of the first *k* actors by degree, and again by `coreness`, actors are
    moved in, out or exchanged as long as the fit gets better: from the best *k*, and up to 5000 actors also
    from 16 values of *k* evenly spaced. The result depends on no draw, and is a lower bound of the best
    (`exact` is false): on 120 random graphs of 14 to 18 actors it was the best 19 times in 20, and otherwise
    less than 0.03 below.

    The order of degrees alone is exact for another criterion, the number of pairs that differ from a complete
    core and an empty periphery with pairs between the two left out: with *m* ties and a core of *k* actors
    whose degrees sum to *D*, ``k (k − 1) / 2 + m − D`` (Lip 2011, unverified).

    UCINET and others also fit a pattern whose pairs between core and periphery are left out or of a given
    density; it is not offered. “Coreness” in igraph is the k-core, another thing. Memory is linear in actors
    and ties, time in actors × moves (10 000 per start at most): some ten seconds for 10⁵
    and 5·10⁵.

    References
    ----------
    Borgatti and Everett (1999), unverified.

    Examples
    --------
    >>> import networkx as nx
    >>> found = core_periphery(nx.star_graph(4))
    >>> round(found.fit, 3), found.core[found.core].index.tolist()
    (1.0, [0])
    """
    return _fitted(ties_of(seen_in(source, year), directed=directed, kind=kind, actors=actors), lang)


def core_periphery_measure(
    source: Source,
    *,
    year: int | None = None,
    kind: str | Collection[str] | None = None,
    directed: bool | None = None,
    actors: Collection[Hashable] | None = None,
    lang: str = "fr",
) -> Measure:
    """Return D12, the fit of `core_periphery`, as a measure.

    Bounds: the fit itself if every pair is documented and every partition was tried; ``low`` only if the
    partition was searched for; none where pairs are undocumented: the best partition of each completion may
    be another one.
    """
    source = seen_in(source, year)
    ties = ties_of(source, directed=directed, kind=kind, actors=actors)
    found = _fitted(ties, lang)
    low = found.fit if not found.n_unknown else NAN
    high = low if found.exact else NAN
    measure = Measure(found.fit, "ratio", low, high, n_unknown=found.n_unknown, note=found.note)
    if not isinstance(source, Filiere):
        return measure
    return measure.resting_on(source, documented_rows(source, kind=kind, actors=actors))


def _fitted(ties: Ties, lang: str) -> CorePeriphery:
    index = pd.Index(ties.nodes, name="actor_id")
    unknown = int(count_pairs(ties).unknown[0, 0])
    note = ""
    if ties.size < 3:
        note = tr("fewer than three actors", lang)
    elif not len(ties.a):
        note = tr("no known cooperation", lang)
    elif len(ties.a) == ties.possible:
        note = tr("everyone cooperates with everyone", lang)
    if note:
        nobody = pd.Series(pd.array([None] * ties.size, dtype="boolean"), index=index, name="core")
        return CorePeriphery(NAN, nobody, False, unknown, note)
    exact = ties.size <= MOST_FOR_EXACT
    fit, core = best_core(ties) if exact else search_core(ties)
    note = trn(
        "{count} actor in the core, of {actors}",
        "{count} actors in the core, of {actors}",
        int(core.sum()),
        lang,
        actors=number(ties.size, lang),
    )
    if not exact:
        note += tr("; found by search: another core may fit better", lang)
    return CorePeriphery(
        fit, pd.Series(core, index=index, name="core", dtype="boolean"), exact, unknown, note
    )
