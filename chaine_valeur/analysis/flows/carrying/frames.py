"""The tables of a throughput: who is served, what flows, what has no limit, what was set aside."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np
import pandas as pd

from ...system import recipe_rows
from .naming import names_at
from .stated import stages_of

if TYPE_CHECKING:
    from numpy.typing import NDArray

    from .carried import Carried

    Codes = NDArray[np.int32]
    Values = NDArray[np.float64]

__all__ = ["aside_frame", "flow_series", "path_frame", "process_frame", "served_frame", "unlimited_frame"]

_ENDS = ["actor_id", "stage_id", "material_id"]


def served_frame(done: Carried) -> pd.DataFrame:
    """Return a row per demand."""
    program = done.program
    groups, places = program.demands.groups, program.demands.places
    size = int(groups.index.max()) + 1 if len(groups) else 0
    total = np.bincount(places["group"].to_numpy(), weights=_part(done, "serve"), minlength=size)
    amount = total.astype(np.float64)[groups.index.to_numpy(np.int64)]
    if done.status == "unlimited" or done.reason == "too_large":
        amount = np.full(len(groups), np.nan)
    stage = stages_of(program.demands, program.system).to_numpy()
    asked = groups["t_per_year"].to_numpy(np.float64)
    with np.errstate(invalid="ignore", divide="ignore"):
        unmet = np.where(asked > 0, np.clip(1 - amount / asked, 0, 1), np.nan)
    frame = names_at(program.system.filiere, groups["actor"].to_numpy(), stage, groups["material"].to_numpy())
    return frame.assign(
        level=pd.Series(groups["level"].to_numpy(object), dtype="str"),
        demand_t_per_year=asked,
        served_t_per_year=amount,
        unmet_share=unmet,
        market_id=_joined(groups["markets"]),
    )


def flow_series(done: Carried) -> pd.Series:
    """Return t/year per flow that counts."""
    system = done.program.system
    net = system.filiere.network
    values = np.full(len(net.flow_ids), np.nan)
    if done.optimum is not None:
        declared = system.arcs.flow >= 0
        values[system.arcs.flow[declared]] = _part(done, "arc")[declared]
    return pd.Series(values, index=net.flow_ids, name="t_per_year")


def process_frame(done: Carried) -> pd.DataFrame:
    """Return a row per process with its level."""
    system = done.program.system
    made = system.processes
    level = _part(done, "level") if done.optimum is not None else np.full(made.size, np.nan)
    frame = names_at(system.filiere, system.nodes.actor[made.node], made.stage)
    return frame.assign(process=pd.Series(made.name, dtype="str"), level_t_per_year=level)


def unlimited_frame(done: Carried) -> pd.DataFrame:
    """Return what was taken as without limit."""
    program = done.program
    system, f = program.system, program.system.filiere
    nodes, arcs = system.nodes, system.arcs
    facts, row = program.facts, program.fill_row
    fills = np.select(
        [facts.outside[row], facts.taken[row] & ~facts.leaves[row], facts.resource[row], facts.taken[row]],
        ["import", "input", "supply", "input"],
        "orphan",
    )
    open_fill = program.open_[program.starts["fill"]]
    node = system.row_node[row]
    parts = [
        names_at(f, nodes.actor[node], nodes.stage[node], system.row_material[row]).assign(
            kind=fills, flow_id=None, market_id="", t_per_year=_part(done, "fill")
        )[open_fill]
    ]
    bounded = np.zeros(len(f.network.flow_row), dtype=bool)
    bounded[program.limit_of[program.limit_kind == "flow"]] = True
    brings = (arcs.source < 0) & (arcs.flow >= 0) & program.open_[program.starts["arc"]]
    brings &= ~np.append(bounded, False)[arcs.flow]
    at = np.append(nodes.actor, -1)[arcs.target], np.append(nodes.stage, -1)[arcs.target]
    parts.append(
        names_at(f, at[0][brings], at[1][brings], arcs.material[brings]).assign(
            kind="import",
            flow_id=f.network.flow_ids[arcs.flow[brings]].to_numpy(object),
            market_id="",
            t_per_year=_part(done, "arc")[brings],
        )
    )
    for stated, part, name in (
        (program.supplies, "draw", "supply_unknown"),
        (program.demands, "serve", "demand_unknown"),
    ):  # over two kinds
        amounts = _part(done, part)
        used = pd.Series(amounts).groupby(stated.places["group"].to_numpy()).sum(min_count=1)
        groups = stated.groups[stated.groups["t_per_year"].isna() & stated.groups.index.isin(used.index)]
        silent = (groups["markets"].str.len() == 0).to_numpy(bool)
        parts.append(
            names_at(f, *(groups[end].to_numpy() for end in ("actor", "stage", "material"))).assign(
                kind=np.where(silent, "market", name),
                flow_id=None,
                market_id=_joined(groups["markets"]),
                t_per_year=used.reindex(groups.index).to_numpy(np.float64),
            )
        )
    texts = dict.fromkeys(["kind", *_ENDS, "flow_id", "market_id"], "str")
    frame = pd.concat([part.astype(texts) for part in parts], ignore_index=True)
    frame = frame[[*texts, "t_per_year"]].assign(used=(frame["t_per_year"] > 0).to_numpy(bool))
    if done.optimum is None:
        frame["t_per_year"] = np.nan
    return frame


def aside_frame(done: Carried) -> pd.DataFrame:
    """Return what was stated and does not count."""
    program = done.program
    system, f = program.system, program.system.filiere
    groups = program.demands.groups
    lost = groups[~groups.index.isin(program.demands.places["group"]) & (groups["markets"].str.len() > 0)]
    stated = pd.concat(
        [program.supplies.aside, program.demands.aside, lost.assign(kind="no_passage")], ignore_index=True
    )
    parts = [
        names_at(f, *(stated[end].to_numpy(np.int32) for end in ("actor", "stage", "material"))).assign(
            kind=stated["kind"].to_numpy(object),
            market_id=_joined(stated["markets"]),
            recipe_id="",
            process="",
        )
    ]
    wrong = recipe_rows(f).loc[list(system.processes.creating)]
    net = f.network
    parts.append(
        names_at(
            f,
            net.actor_ids.get_indexer(wrong["actor_id"]),
            net.stage_ids.get_indexer(wrong["stage_id"]),
            net.material_ids.get_indexer(wrong["material_id"]),
        ).assign(
            kind="creating",
            market_id="",
            recipe_id=wrong.index.to_numpy(object),
            process=wrong["process"].fillna("").to_numpy(object),
        )
    )
    node = np.array([at for at, _ in system.idle], dtype=np.int32)
    idle = names_at(f, system.nodes.actor[node], system.nodes.stage[node])
    parts.append(
        idle.assign(
            kind="idle",
            market_id="",
            recipe_id="",
            process=np.array([name for _, name in system.idle], dtype=object),
            material_id=None,
        )
    )
    texts = dict.fromkeys(["kind", *_ENDS, "market_id", "recipe_id", "process"], "str")
    return pd.concat([part.astype(texts) for part in parts], ignore_index=True)[list(texts)]


def path_frame(done: Carried) -> pd.DataFrame:
    """Return the way without limit."""
    system, rows = done.program.system, np.array(done.path, dtype=np.int64)
    node = system.row_node[rows]
    return names_at(
        system.filiere, system.nodes.actor[node], system.nodes.stage[node], system.row_material[rows]
    )


def _part(done: Carried, name: str) -> Values:
    """Return some of the variables at the optimum, else in what may grow for ever, else zeros."""
    part = done.program.starts[name]
    if done.optimum is not None:
        return done.optimum.z[part]
    return np.zeros(part.stop - part.start) if done.ray is None else done.ray[part]


def _joined(markets: pd.Series) -> pd.Series:
    """Return the identifiers of several rows in one cell, as cells of several entries are written."""
    return pd.Series([";".join(names) for names in markets], dtype="str")
