"""Capacities that are stated and limit nothing: a flow does not say from which stage of its actor it leaves."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

from ....language import clauses, enumeration, trn
from ...system import system_of
from ...wording import quoted

if TYPE_CHECKING:
    from collections.abc import Iterable

    import pandas as pd

    from ....filiere import Filiere

__all__ = ["capacities_not_counted"]

#: Rows of a sheet that a sentence names.
_MOST_ROWS = 3


def capacities_not_counted(f: Filiere, *, actors: Iterable[str] | None = None, lang: str) -> list[str]:
    """Return a sentence per actor whose stated capacity is not counted, with the flows of which a stage is missing.

    The activities of such an actor are balanced as one (see `Nodes.whole`), which has a limit only where all of
    them have.

    Parameters
    ----------
    actors
        Identifiers of those to look at; by default all.
    """
    nodes, net = system_of(f).nodes, f.network
    stated = np.zeros(nodes.size, dtype=bool)
    stated[nodes.activity_node[~np.isnan(nodes.activities.values("capacity_t_per_year"))]] = True
    lost = nodes.actor[nodes.whole & stated & np.isnan(nodes.capacity)]
    if actors is not None:
        lost = lost[np.isin(lost, net.actor_ids.get_indexer(list(actors)))]
    told = []
    for actor in np.unique(lost).tolist():  # over the few actors that are so
        unsaid = (net.flow_source == actor) & (net.flow_source_stage < 0)
        unsaid |= (net.flow_target == actor) & (net.flow_target_stage < 0)
        rows = f.where("flows", net.flow_ids[unsaid].tolist())
        stages = net.stage_ids[nodes.activities.stage[nodes.activities.actor == actor]]
        told.append(
            trn(
                "The capacity of {actor} is not counted: this actor holds {stages}, and a flow does not say "
                "which of them it concerns ({where}). State it there.",
                "The capacity of {actor} is not counted: this actor holds {stages}, and {count} flows do not say "
                "which of them they concern ({where}). State it there.",
                len(rows),
                lang,
                actor=f.actors["name"].iloc[actor],
                stages=enumeration([quoted(str(name), lang) for name in f.stages["name"][stages]], lang),
                where=_places(rows, lang),
            )
        )
    return told


def _places(rows: pd.DataFrame, lang: str) -> str:
    """Return « Liens, lignes 3 et 12 »."""
    return clauses(
        [
            trn(
                "{sheet}, row {rows}",
                "{sheet}, rows {rows}",
                len(part),
                lang,
                sheet=sheet,
                rows=enumeration(list(map(str, part)), lang, limit=_MOST_ROWS),
            )
            for sheet, part in rows.groupby("sheet", sort=False)["row"]
        ],
        lang,
    )
