"""All that surrounds each actor in one table: contacts, holes among them, and what they hold."""

from __future__ import annotations

from collections.abc import Collection, Hashable
from typing import TYPE_CHECKING

import numpy as np
import pandas as pd

from ....language import tr
from ...measure import NAN
from ..ties.counting import open_pairs
from .contacts import holes_in

if TYPE_CHECKING:
    from numpy.typing import NDArray

    from ..ties.layer import Source

    Counts = NDArray[np.int64]
    Values = NDArray[np.float64]

__all__ = ["structural_holes"]


def structural_holes(
    source: Source,
    *,
    model: str = "whole",
    valued: bool = False,
    weight: str = "weight",
    year: int | None = None,
    kind: str | Collection[str] | None = None,
    directed: bool | None = None,
    actors: Collection[Hashable] | None = None,
    lang: str = "fr",
) -> pd.DataFrame:
    """Return Burt's measures of the holes around each actor.

    Parameters
    ----------
    source
        A filière or any networkx graph.
    model
        ``"whole"``: shares of ties in the whole network, as networkx and igraph; ``"ego"``: within the
        network of each actor and its contacts, as UCINET by default (ties summed over both directions).
    valued, weight, year, kind, directed, actors
        As for `chaine_valeur.analysis.cooperation.positions.holes.constraint`.
    lang
        Language of the notes.

    Returns
    -------
    pandas.DataFrame
        Index ``actor_id``, in table order. Columns, with the names of UCINET's table:

        - ``degree`` (Degree): contacts, in either direction;
        - ``effective_size`` (EffSize), ``efficiency`` (Efficiency), ``constraint`` (Constraint), ``hierarchy``
          (Hierarchy): see the functions of these names, or of those in ``_ego``;
        - ``ln_constraint`` (LnConstraint): its natural logarithm;
        - ``indirects`` (Indirects): ``Σ_j Σ_q p_iq p_qj``, what reaches the contacts through one another;
        - ``density`` (Density): ties among the contacts, over those that could be; directed, of arcs;
        - ``average_degree`` (AvgDeg): ties that a contact has with the others, on average;
        - ``open_pairs`` (OpenPairs): pairs of contacts without a tie; directed, directions without an arc;
        - ``n_unknown``: undocumented pairs of the actor (directions if directed);
        - ``note``: why figures are missing.

        All of known ties. Without a contact the figures are NaN, with one also density and hierarchy.

    Notes
    -----
    UCINET's EgoBet is `chaine_valeur.analysis.cooperation.positions.ego_betweenness.ego_betweenness`. Its
    published table for « campnet » (xucinet, ``xstructuralholes.md``) is reproduced with ``model="ego"``.

    Examples
    --------
    >>> import networkx as nx
    >>> graph = nx.Graph([("a", "b"), ("b", "c"), ("c", "a"), ("c", "d")])
    >>> structural_holes(graph, lang="en").loc["c", ["degree", "density", "open_pairs"]].tolist()
    [3.0, 0.3333333333333333, 2.0]
    """
    holes = holes_in(source, model, valued, weight, year, kind, directed, actors)
    degree, ties = holes.degree, holes.ties
    known = np.where(degree > 0, degree, NAN)
    among = holes.among if ties.directed else holes.among // 2  # an undirected tie was counted both ways
    possible = known * (known - 1) if ties.directed else known * (known - 1) / 2
    with np.errstate(divide="ignore"):
        log = np.log(holes.constraint)
    index = pd.Index(ties.nodes, name="actor_id")
    return pd.DataFrame(
        {
            "degree": degree,
            "effective_size": holes.effective_size,
            "efficiency": holes.efficiency,
            "constraint": holes.constraint,
            "hierarchy": holes.hierarchy,
            "ln_constraint": log,
            "indirects": holes.indirects,
            "density": among / np.where(possible > 0, possible, NAN),
            "average_degree": (among if ties.directed else 2 * among) / known,
            "open_pairs": possible - among,
            "n_unknown": open_pairs(ties),
            "note": _notes(degree, holes.constraint, lang),
        },
        index=index,
    )


def _notes(degree: Counts, held: Values, lang: str) -> pd.api.extensions.ExtensionArray:
    words = np.array(
        [
            "",
            tr("no known cooperation", lang),
            tr("a single known contact", lang),
            tr("cooperations whose strength is not stated, or is 0", lang),
        ],
        dtype=object,
    )
    reason = np.select([degree == 0, np.isnan(held), degree == 1], [1, 3, 2], 0)
    return pd.array(words[reason], dtype="str")
