"""The limits of a program with the rows of the tables that state them."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np
import pandas as pd

from .naming import names_at
from .stated import stages_of

if TYPE_CHECKING:
    from .program import Program

__all__ = ["COLUMNS", "limits_frame"]

#: What says which limit a row is about.
COLUMNS = [
    "kind", "activity_id", "flow_id", "market_id", "actor_id", "stage_id", "to_actor_id", "to_stage_id",
    "material_id",
]  # fmt: skip


def limits_frame(program: Program) -> pd.DataFrame:
    """Return a row per limit, in the order of the program.

    Of a passage, actor and stage are those it leaves and ``to_…`` those it reaches. Several rows that are one
    limit stand in one cell.
    """
    f, nodes, net = program.system.filiere, program.system.nodes, program.system.filiere.network
    parts = []
    for kind in dict.fromkeys(program.limit_kind):  # over four kinds
        of = program.limit_of[program.limit_kind == kind]
        if kind == "activity":
            frame = names_at(f, nodes.actor[of], nodes.stage[of], np.full(len(of), -1))
            ids = pd.Series(nodes.activities.frame.index.to_numpy(object))
            named = ids.groupby(nodes.activity_node).agg(";".join)
            frame = frame.assign(activity_id=named.reindex(of).to_numpy(object))
        elif kind == "flow":
            frame = names_at(f, net.flow_source[of], net.flow_source_stage[of], _materials(program)[of])
            to = names_at(f, net.flow_target[of], net.flow_target_stage[of])
            frame = frame.assign(flow_id=net.flow_ids[of].to_numpy(object), to_actor_id=to["actor_id"],
                                 to_stage_id=to["stage_id"])  # fmt: skip
        else:
            stated = program.supplies if kind == "supply" else program.demands
            groups, stage = stated.groups.loc[of], stages_of(stated, program.system).loc[of]
            frame = names_at(f, groups["actor"].to_numpy(), stage.to_numpy(), groups["material"].to_numpy())
            frame = frame.assign(market_id=[";".join(names) for names in groups["markets"]])
        parts.append(frame.assign(kind=kind).reindex(columns=COLUMNS).astype("str"))
    if not parts:
        return pd.DataFrame(columns=COLUMNS, dtype="str")
    return pd.concat(parts, ignore_index=True)


def _materials(program: Program) -> np.ndarray:
    """Return the material of each flow that counts, found where it is blank."""
    arcs = program.system.arcs
    material = np.full(len(program.system.filiere.network.flow_row), -1)
    declared = arcs.flow >= 0
    material[arcs.flow[declared]] = arcs.material[declared]
    return material
