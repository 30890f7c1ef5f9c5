"""The page of cohesion: every figure of it, one a row."""

from __future__ import annotations

from collections.abc import Collection, Hashable
from typing import TYPE_CHECKING

import pandas as pd

from ....filiere import Filiere
from ....language import N_, tr
from ....network import Ties
from ...measure import NAN, Measure
from ..ties.counting import count_pairs
from ..ties.layer import ties_of
from .bounded import no_direction_note, of_known_ties, read
from .centralization import centralization_of_ties
from .components import (
    component_ratio_of_ties,
    largest_component_of_ties,
    number_of_components_of_ties,
)
from .connectedness import connectedness_of_ties, fragmentation_of_ties
from .densities import average_degree_of_ties, measure_of
from .paths import distances_within, path_figure
from .reciprocity import directions_of, dyad_share_of_ties, reciprocity_of_ties
from .transitivity import transitivity_of_ties

if TYPE_CHECKING:
    from ..ties.layer import Source

__all__ = ["FIGURES", "cohesion_table"]

#: Figure → what it is called (message id), in the order in which they are told.
FIGURES = {
    "ties": N_("Ties"),
    "density": N_("Density"),
    "average_degree": N_("Ties per actor"),
    "degree_centralization": N_("Centralisation of ties"),
    "in_centralization": N_("Centralisation of the ties that arrive"),
    "out_centralization": N_("Centralisation of the ties that leave"),
    "components": N_("Components"),
    "largest_component": N_("Actors in the largest component"),
    "component_ratio": N_("Component ratio"),
    "connectedness": N_("Connectedness"),
    "fragmentation": N_("Fragmentation"),
    "transitivity": N_("Transitivity"),
    "average_distance": N_("Average distance"),
    "diameter": N_("Diameter"),
    "compactness": N_("Compactness"),
    "mutuals": N_("Pairs tied both ways"),
    "asymmetrics": N_("Pairs tied one way only"),
    "nulls": N_("Pairs not tied"),
    "arc_reciprocity": N_("Reciprocity, by tie"),
    "dyad_reciprocity": N_("Reciprocity, by pair"),
}
COLUMNS = ["label", "value", "low", "high", "n_unknown", "note"]


def cohesion_table(
    source: Source,
    *,
    year: int | None = None,
    kind: str | Collection[str] | None = None,
    directed: bool | None = None,
    actors: Collection[Hashable] | None = None,
    lang: str = "fr",
) -> pd.DataFrame:
    """Return the figures of cohesion, one a row, as the page « cohesion » of UCINET has them.

    Parameters
    ----------
    source
        A filière or any networkx graph.
    year, kind, actors
        As for `density`.
    directed
        As for `density`, for the rows from ``ties`` to ``compactness``. What is about direction reads it
        wherever ties have one: in- and out-centralisation, and the dyads and reciprocities, which are those of
        `dyad_share` and `reciprocity` (of a filière, the kinds that have a direction). ``degree_centralization``
        reads ties as undirected.

    Returns
    -------
    pandas.DataFrame
        Index ``figure``, always the rows of `FIGURES`; columns ``label``, ``value`` (of the known ties),
        ``low`` and ``high`` (the bounds that undocumented pairs leave), ``n_unknown`` and ``note`` (the reason
        where a value is NaN). Components are strong ones of directed ties, `connectedness` follows directions.
        With more than `MOST_FOR_DISTANCES` actors the distances are NaN; all else takes any size, save directed
        connectedness (see there).

    Examples
    --------
    >>> import networkx as nx
    >>> cohesion_table(nx.path_graph(4), lang="en")["value"].head(4)
    figure
    ties                     3.000000
    density                  0.500000
    average_degree           1.500000
    degree_centralization    0.333333
    Name: value, dtype: float64
    """
    source, ties = read(source, year=year, kind=kind, directed=directed, actors=actors)
    undirected = ties_of(source, directed=False, kind=kind, actors=actors)
    one_way = isinstance(source, Filiere) or source.is_directed()
    arcs = ties_of(source, directed=True, kind=kind, actors=actors) if one_way else None
    directions, _ = directions_of(source, kind=kind, actors=actors)
    found = distances_within(ties)
    measures = {
        "ties": _number_of_ties(ties, lang),
        "density": measure_of(count_pairs(ties), (0, 0), lang),
        "average_degree": average_degree_of_ties(ties, lang),
        "degree_centralization": centralization_of_ties(undirected, "degree", lang),
        "components": number_of_components_of_ties(ties, "strong", lang),
        "largest_component": largest_component_of_ties(ties, "strong", lang),
        "component_ratio": component_ratio_of_ties(ties, "strong", lang),
        "connectedness": connectedness_of_ties(ties, "directed", lang),
        "fragmentation": fragmentation_of_ties(ties, "directed", lang),
        "transitivity": transitivity_of_ties(ties, lang),
    }
    for figure in ("average_distance", "diameter", "compactness"):
        measures[figure] = path_figure(ties, found, figure, lang)
    if arcs is not None:
        for mode in ("in", "out"):
            measures[f"{mode}_centralization"] = centralization_of_ties(arcs, mode, lang)
    if directions is not None:
        for state in ("mutual", "asymmetric", "null"):
            measures[f"{state}s"] = dyad_share_of_ties(directions, state, lang)
        for by in ("arc", "dyad"):
            measures[f"{by}_reciprocity"] = reciprocity_of_ties(directions, by, lang)
    without = Measure(NAN, "share", note=no_direction_note(lang))
    told = {figure: measures.get(figure, without) for figure in FIGURES}
    rows = [
        (tr(FIGURES[figure], lang), each.value, each.low, each.high, each.n_unknown, each.note)
        for figure, each in told.items()
    ]
    return pd.DataFrame(rows, columns=COLUMNS, index=pd.Index(list(told), name="figure"))


def _number_of_ties(ties: Ties, lang: str) -> Measure:
    known, unknown = len(ties.a), int(count_pairs(ties).unknown[0, 0])
    return of_known_ties(ties, float(known), "count", float(known), float(known + unknown), lang=lang)
