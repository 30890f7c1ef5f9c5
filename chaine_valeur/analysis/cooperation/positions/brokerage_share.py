"""How far the mediation between worlds hangs on one actor (D9, in one figure)."""

from __future__ import annotations

from collections.abc import Collection, Hashable
from typing import TYPE_CHECKING

import numpy as np

from ....filiere import Filiere
from ....language import number, tr
from ...measure import NAN, Measure, ratio
from ...wording import name_of
from ..ties.counting import count_pairs
from ..ties.layer import seen_in
from ..ties.rows import documented_rows
from .brokerage import COORDINATOR, TOTAL, counts_of, placed_in

if TYPE_CHECKING:
    from ..ties.layer import Source

__all__ = ["brokerage_share", "brokerage_share_measure"]


def brokerage_share(
    source: Source,
    *,
    by: str | None = None,
    group: str | None = None,
    year: int | None = None,
    kind: str | Collection[str] | None = None,
    directed: bool | None = None,
    actors: Collection[Hashable] | None = None,
) -> float:
    """Return the share of the mediations between blocks that the actor who has most of them carries (D9).

    Mediations between blocks are all those of
    `chaine_valeur.analysis.cooperation.positions.brokerage.brokerage` but the coordinator's: two actors that
    are not tied, with a third between them, not all three of one block. 1: one actor alone stands between
    worlds; low: many do.

    Returns
    -------
    float
        Of *known* ties, in (0, 1]; NaN where no actor stands between blocks. Parameters as for `brokerage`.

    Examples
    --------
    >>> import networkx as nx
    >>> graph = nx.path_graph(4)
    >>> nx.set_node_attributes(graph, {0: "x", 1: "y", 2: "x", 3: "y"}, "team")
    >>> brokerage_share(graph, group="team")
    0.5
    """
    asked = {"by": by, "group": group, "year": year, "kind": kind, "directed": directed, "actors": actors}
    return brokerage_share_measure(source, **asked, lang="en").value  # type: ignore[arg-type]


def brokerage_share_measure(
    source: Source,
    *,
    by: str | None = None,
    group: str | None = None,
    year: int | None = None,
    kind: str | Collection[str] | None = None,
    directed: bool | None = None,
    actors: Collection[Hashable] | None = None,
    lang: str = "fr",
) -> Measure:
    """Return `brokerage_share` as a measure: its terms are the actor's mediations and all of them.

    The bounds are the value itself where every pair is documented; where not, none: an unknown tie may open
    mediations as well as close some. The note names the actor (of several, the first of the table).
    """
    source = seen_in(source, year)
    placed = placed_in(source, by=by, group=group, year=None, kind=kind, directed=directed, actors=actors)
    counts = counts_of(placed)
    between = counts[:, TOTAL] - counts[:, COORDINATOR]
    total, most = int(between.sum()), int(between.max(initial=0))
    unknown = int(count_pairs(placed.ties).unknown[0, 0])
    value, note = ratio(most, total), tr("nobody is known to stand between two worlds", lang)
    if total:
        first = placed.inside.nodes[int(np.argmax(between))]
        name = name_of(source, "actors", first) if isinstance(source, Filiere) else first
        note = tr(
            "{name}: {most} of the {total} pairs that an actor links between worlds",
            lang,
            name=str(name),
            most=number(most, lang),
            total=number(total, lang),
        )
    bound = NAN if unknown else value
    measure = Measure(
        value,
        "share",
        bound,
        bound,
        float(most),
        float(total) if total else NAN,
        n_unknown=unknown,
        note=note,
    )
    if not isinstance(source, Filiere):
        return measure
    return measure.resting_on(source, documented_rows(source, kind=kind, actors=actors))
