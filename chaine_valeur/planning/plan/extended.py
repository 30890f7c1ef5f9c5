"""The filière in which every option is there, closed: who would stand where, what would pass.

A plan decides which of it opens. What stands today stays as it is; an activity or a passage that exists only
through an option has a capacity of 0, to which the options that are taken add their own.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

import numpy as np
import pandas as pd

from ...analysis.activities import current_activities
from ...flow_stages import stages_of_flows
from ...vocabulary import MarketKind, OptionKind, Status
from .joining import Building, join, listed, materials_between

if TYPE_CHECKING:
    from ...filiere import Filiere

__all__ = ["NEW", "Extended", "extended_of"]

#: Before the identifier of an option: the actor that it would create.
NEW = "plan-"

#: Tables that the program of a chain is made of.
_TABLES = ("filiere", "territories", "stages", "stage_links", "materials", "recipes", "markets")
_NOT_YET = (Status.PLANNED.value, Status.CANDIDATE.value)


@dataclass(frozen=True)
class Extended:
    """A filière with every option, and where each of them stands in it.

    Attributes
    ----------
    activity
        Option → (actor, stage) of its activity.
    new
        Options whose activity stands nowhere today.
    passages
        Option → flows of its passage.
    supposed
        Flows that join a new activity to its neighbours, which nobody stated and no option has a price for.
    told
        Option → why it opens nothing: ``no_holder`` (nobody stands at an end), ``no_stage`` (nothing tells where
        it ends).
    """

    filiere: Filiere
    activity: dict[str, tuple[str, str]]
    new: frozenset[str]
    passages: dict[str, tuple[str, ...]]
    supposed: tuple[str, ...]
    told: dict[str, str]


def extended_of(base: Filiere, options: pd.DataFrame) -> Extended:
    """Return a filière in which each of some options has its place, closed."""
    kind = options["kind"].astype(object)
    acts = options[(kind == OptionKind.ACTIVITY.value).to_numpy(bool) & options["stage_id"].notna()]
    ways = options[(kind == OptionKind.PASSAGE.value).to_numpy(bool)]
    now = current_activities(base).frame
    if acts.empty and ways.empty:
        return Extended(base, {}, frozenset(), {}, (), {})
    work = _begun(base, acts, now)
    told: dict[str, str] = {}
    activity: dict[str, tuple[str, str]] = {}
    stands = set(zip(now["actor_id"], now["stage_id"], strict=True))
    rows: list[dict[str, Any]] = []
    newcomers: list[dict[str, Any]] = []
    new: set[str] = set()
    for option, row in acts.iterrows():  # over options
        actor, stage = row["actor_id"], str(row["stage_id"])
        if not isinstance(actor, str):
            actor = f"{NEW}{option}"
            newcomers.append(
                {"actor_id": actor, "name": f"{row['name']} [{option}]", "roles": "transformer",
                 "structure_kind": row["structure_kind"], "status": Status.ACTIVE.value}
            )  # fmt: skip
        activity[str(option)] = (actor, stage)
        if (actor, stage) not in stands:
            new.add(str(option))
            if stage not in work.held or actor not in work.held[stage]:
                work.held.setdefault(stage, []).append(actor)
                rows.append(
                    {
                        "activity_id": f"plan-{option}",
                        "actor_id": actor,
                        "stage_id": stage,
                        "capacity_t_per_year": 0.0,
                    }
                )
    passages: dict[str, tuple[str, ...]] = {}
    for option, row in ways.iterrows():  # over options
        found = _passage(work, row)
        if isinstance(found, str):
            told[str(option)] = found
        else:
            passages[str(option)] = found
    work.price_what_is_new()
    places = list(dict.fromkeys(activity[name] for name in activity if name in new))
    opened = len(work.new_flows)
    for place in places:  # over new activities
        join(work, place)
    supposed = tuple(one["flow_id"] for one in work.new_flows[opened:])
    frames = {name: _plain(base.table(name)) for name in _TABLES if len(base.table(name))}
    frames["actors"] = _stacked(_plain(work.actors), newcomers)
    frames["activities"] = _stacked(_plain(work.activities), rows)
    frames["flows"] = _stacked(_plain(work.flows), work.new_flows)
    from ...filiere import Filiere

    made = Filiere.from_tables(**{name: frame for name, frame in frames.items() if len(frame)})
    return Extended(made, activity, frozenset(new), passages, supposed, told)


def _begun(base: Filiere, acts: pd.DataFrame, now: pd.DataFrame) -> Building:
    """Return the tables of today, with the actors that options make active, at the stages of these options."""
    net = base.network
    wanted = {(a, s) for a, s in zip(acts["actor_id"], acts["stage_id"], strict=True) if isinstance(a, str)}
    waiting = set(base.actors.index[base.actors["status"].isin(_NOT_YET).to_numpy(bool)])
    coming = {actor for actor, _ in wanted} & waiting
    actors = base.actors.copy()
    actors["status"] = actors["status"].mask(actors.index.isin(coming), Status.ACTIVE.value)
    own = base.activities[base.activities["actor_id"].isin(coming).to_numpy(bool)]
    activities = now
    flows = base.flows
    ends = stages_of_flows(flows, pd.concat([now, own]), base.stage_links)
    flows = flows.assign(source_stage=ends.source, target_stage=ends.target)
    counted = np.zeros(len(flows), dtype=bool)
    counted[net.declared_row] = True
    stands = set(zip(now["actor_id"], now["stage_id"], strict=True))
    # planned flows at the new activities, between those who stand or may come
    here = set(base.actors.index[net.active]) | coming
    fresh, known = np.zeros(len(flows), dtype=bool), np.ones(len(flows), dtype=bool)
    for end in ("source", "target"):  # over two ends
        at = list(zip(flows[end].to_numpy(object), flows[f"{end}_stage"].to_numpy(object), strict=True))
        fresh |= np.array([place in wanted and place not in stands for place in at], dtype=bool)
        known &= np.array(
            [not isinstance(who, str) or (who in here and (who not in coming or (who, where) in wanted))
             for who, where in at],
            dtype=bool,
        )  # fmt: skip
    opened = fresh & known & ~counted & flows["status"].isin([*_NOT_YET, Status.ACTIVE.value]).to_numpy(bool)
    opened &= flows["year"].isna().to_numpy(bool) | (flows["year"] == net.year).to_numpy(bool, na_value=False)
    flows = flows.assign(status=flows["status"].mask(opened, Status.ACTIVE.value))[counted | opened]
    same = flows["same_flow_as"]
    flows = flows.assign(same_flow_as=same.where(same.isin(flows.index)))
    held: dict[str, list[str]] = {}
    for actor, stage in zip(now["actor_id"], now["stage_id"], strict=True):  # over activities
        held.setdefault(stage, []).append(actor)
    links = base.stage_links
    pairs = [
        (a, b, m if isinstance(m, str) else None)
        for a, b, m in zip(links["stage_id"], links["to_stage_id"], links["material_id"].to_numpy(object), strict=True)
    ]  # fmt: skip
    columns = ("source", "source_stage", "target", "target_stage", "material_id")
    ends_of = [flows[c] for c in columns]
    seen: dict[tuple[str, ...], tuple[str, ...]] = {}
    for part in (listed(*ends_of[2:]), listed(*ends_of[:2], ends_of[4])):  # what arrives, then what leaves
        for key, values in part.items():
            seen[key] = (*seen.get(key, ()), *values)
    markets, recipes = base.markets, base.recipes
    supplies = markets[markets["kind"].eq(MarketKind.SUPPLY.value).to_numpy(bool, na_value=False)]
    supplied = listed(supplies["actor_id"], supplies["stage_id"], supplies["material_id"])
    for (actor, stage), values in list(supplied.items()):  # over supplies: one may not say at which stage
        if actor and not stage:
            for own_stage in [place for place, holders in held.items() if actor in holders]:
                supplied[(actor, own_stage)] = (*supplied.get((actor, own_stage), ()), *values)
    # who already passes something on to which stage, or receives from it
    far = zip(*(flows[c].to_numpy(object) for c in columns[:4]), strict=True)
    joined = {key for a, s, b, t in far for key in ((f"{a}>", s, t), (f">{b}", t, s))}
    made_of = listed(recipes["stage_id"], recipes["actor_id"], recipes["side"], recipes["material_id"])
    work = Building(base, actors, activities, flows, held, made_of, seen, supplied, joined, pairs)
    keys = zip(*(flows[c].astype(object).where(flows[c].notna(), None) for c in columns), strict=True)
    for name, key_of in zip(flows.index, keys, strict=True):  # over flows
        work.known.setdefault(key_of, str(name))
    return work


def _passage(work: Building, row: pd.Series) -> tuple[str, ...] | str:
    """Return the flows that a passage opens, or why there is none."""
    ends = [
        _ends(work, row[actor], row[stage])
        for actor, stage in (("actor_id", "stage_id"), ("to_actor_id", "to_stage_id"))
    ]
    if not all(ends):
        return "no_holder"
    material = row["material_id"] if isinstance(row["material_id"], str) else None
    expected = {(a, b) for a, b, m in work.links if material is None or m in (None, material)}
    pairs = [(s, t) for s in ends[0] for t in ends[1] if s != t]
    for column, place in (("stage_id", 0), ("to_stage_id", 1)):  # over two ends
        stages = {pair[place][1] for pair in pairs}
        if not isinstance(row[column], str) and len(stages) > 1:
            pairs = [pair for pair in pairs if (pair[0][1], pair[1][1]) in expected]
    if not pairs or any(
        isinstance(row[actor], str) and len({pair[place][1] for pair in pairs}) > 1
        for actor, place in (("actor_id", 0), ("to_actor_id", 1))
    ):
        return "no_stage"
    found = []
    for source, target in pairs:  # over pairs of holders
        named = [material] if material else _expected_materials(work, source, target)
        found += [work.pass_on(source, target, one, 0.0) for one in named]
    return tuple(dict.fromkeys(found)) or "no_holder"


def _expected_materials(work: Building, source: tuple[str, str], target: tuple[str, str]) -> list[str | None]:
    named: list[str | None] = [
        m for a, b, m in work.links if (a, b) == (source[1], target[1]) and m is not None
    ]
    return list(dict.fromkeys(named)) or materials_between(work, source, target, None)


def _ends(work: Building, actor: Any, stage: Any) -> list[tuple[str, str]]:
    """Return the activities that a passage may begin or end at; an actor of unknown stage as a whole."""
    holders = {one for part in work.held.values() for one in part}
    active = work.base.actors["status"].eq(Status.ACTIVE.value)
    if isinstance(actor, str) and actor not in holders and bool(active.get(actor, False)):
        return [(actor, stage if isinstance(stage, str) else None)]  # type: ignore[list-item]
    stages = [stage] if isinstance(stage, str) else list(work.held)
    return [
        (one, at)
        for at in stages
        for one in work.held.get(at, ())
        if not isinstance(actor, str) or one == actor
    ]


def _plain(frame: pd.DataFrame) -> pd.DataFrame:
    """Return a table with its identifier as a column; where its figures come from matters no more here."""
    rows = frame.reset_index()
    gone = [c for c in ("source_id", "hypothesis", "note", "confidence") if c in rows]
    if "part_of" in rows:
        gone.append("part_of")
    return rows.drop(columns=gone)


def _stacked(frame: pd.DataFrame, rows: list[dict[str, Any]]) -> pd.DataFrame:
    if not rows:
        return frame
    return pd.concat([frame.astype(object), pd.DataFrame(rows).astype(object)], ignore_index=True)
