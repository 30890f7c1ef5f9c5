"""Actors of the filière itself that could hold a stage: those beside it, those planned or already approached."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np
import pandas as pd

from ...analysis.activities import current_activities
from ...analysis.territory import positions
from ...text import join_list
from ...vocabulary import Status, StructureKind
from .columns import typed
from .gathering import RAW
from .sought import neighbours_of

if TYPE_CHECKING:
    from ...filiere import Filiere

__all__ = ["NOT_YET", "OWN", "own_candidates", "ties_of_actors", "with_own"]

#: What the tables add to `RAW`.
OWN = {
    **RAW, "actor_id": "str", "recognised_by": "str", "to_check": "str", "status": "str", "stages_held": "str",
    "at_stage": "boolean", "meant": "boolean", "beside": "boolean", "capacity_t_per_year": "float64",
}  # fmt: skip
#: Of actors that are not active yet.
NOT_YET = (Status.PLANNED.value, Status.CANDIDATE.value)
_ESS = frozenset({StructureKind.COOPERATIVE.value, StructureKind.ASSOCIATION.value})


def own_candidates(f: Filiere, place: int) -> pd.DataFrame:
    """Return the actors that may hold a stage, in table order, in the columns of `OWN`.

    Active ones that hold a stage beside it and not the stage itself; planned and candidate ones. Diffuse groups and
    the outside carry material, they are no partners.
    """
    net, actors = f.network, f.actors
    facts = actor_facts(f, place)
    partner = ~actors["actor_type"].isin(["diffuse", "outside"]).to_numpy(bool)
    not_yet = actors["status"].isin(NOT_YET).to_numpy(bool)
    beside = facts["beside"].to_numpy(bool) & net.active & ~facts["at_stage"].to_numpy(bool)
    where = positions(f)
    person = actors["natural_person"].fillna(False)
    rows = pd.DataFrame({
        "candidate_id": actors["siret"].fillna(pd.Series("actor:" + actors.index, index=actors.index)),
        "name": actors["name"].mask(person.to_numpy(bool)),
        "origins": "filiere",
        "siret": actors["siret"],
        "siren": actors["siret"].str[:9],
        "naf": actors["naf"],
        "kind": actors["structure_kind"],
        "commune_code": actors["commune_code"],
        "commune_name": actors["commune_name"],
        "latitude": where["latitude"],
        "longitude": where["longitude"],
        "ess": in_social_economy(actors),
        "natural_person": person,
        "actor_id": actors.index,
        "status": actors["status"],
        "size_low": facts["jobs_fte"],
        "size_from": pd.Series("filiere", index=actors.index).where(facts["jobs_fte"].notna()),
    }, index=actors.index).join(facts)  # fmt: skip
    twice = rows["candidate_id"].duplicated()  # two actors under one SIRET stay two
    rows.loc[twice, "candidate_id"] = "actor:" + rows.loc[twice, "actor_id"]
    return typed(rows[(beside | not_yet) & partner].reset_index(drop=True), OWN)


def in_social_economy(actors: pd.DataFrame) -> pd.Series:
    """Return whether actors are of the social economy, by legal form or college; unknown without a college."""
    found = (actors["structure_kind"].isin(_ESS) | actors["pole"].eq("ess")).astype("boolean")
    return found.mask(~found & actors["pole"].isna())


def actor_facts(f: Filiere, place: int) -> pd.DataFrame:
    """Return, per actor: ``at_stage`` (active there), ``meant`` (planned there), ``beside``, stages, capacity there.

    Also ``jobs_fte``, those that its activities of today state together, NaN where none does.
    """
    net, actors = f.network, f.actors
    stage = net.stage_ids[place]
    held = f.activities[["actor_id", "stage_id"]].drop_duplicates()
    there = actors.index.isin(held.loc[held["stage_id"].eq(stage).to_numpy(bool), "actor_id"])
    near = held["stage_id"].isin(net.stage_ids[neighbours_of(f, place)]).to_numpy(bool)
    rows = f.activities[f.activities["stage_id"].eq(stage).to_numpy(bool)]
    latest = rows.sort_values("year", na_position="first", kind="stable").drop_duplicates(
        "actor_id", keep="last"
    )
    return pd.DataFrame({
        "at_stage": there & net.active,
        "meant": there & actors["status"].isin(NOT_YET).to_numpy(bool),
        "beside": actors.index.isin(held.loc[near, "actor_id"]),
        "stages_held": held.groupby("actor_id")["stage_id"].agg(join_list).reindex(actors.index),
        "capacity_t_per_year": latest.set_index("actor_id")["capacity_t_per_year"].reindex(actors.index),
        "jobs_fte": current_activities(f).frame.groupby("actor_id")["jobs_fte"].sum(min_count=1).reindex(actors.index),
    }, index=actors.index)  # fmt: skip


def with_own(f: Filiere, place: int, files: pd.DataFrame) -> pd.DataFrame:
    """Return the candidates of the files with what the tables know of them, and the actors' own after them.

    `files` has the columns of `resolve`. A row recognised as the same establishment is one candidate with its actor.
    """
    own = own_candidates(f, place)
    facts = actor_facts(f, place).drop(columns="stages_held").reindex(files["actor_id"])
    same = files["recognised_by"].isin(["siret", "name_commune"])
    known = f.actors.reindex(files["actor_id"])
    files = files.assign(**{name: facts[name].to_numpy() for name in facts})
    files.loc[~same.to_numpy(bool), "capacity_t_per_year"] = np.nan
    # what another establishment of the enterprise does at the stage is not done here
    for name in ("at_stage", "meant"):
        files[name] = files[name].astype("boolean") & same.astype("boolean")
    for name, of in (("kind", "structure_kind"), ("naf", "naf")):
        theirs = pd.Series(known[of].to_numpy(), index=files.index, dtype="str").where(same)
        files[name] = files[name].fillna(theirs)
    theirs = pd.Series(in_social_economy(known).to_numpy(), index=files.index, dtype="boolean").where(same)
    files["ess"] = files["ess"].fillna(theirs)
    # a head-count of the tables where no file has one; more may work there, in other activities
    stated = files["jobs_fte"].where(same & files["size_low"].isna())
    files["size_low"] = files["size_low"].fillna(stated)
    files["size_from"] = files["size_from"].mask(stated.notna(), "filiere")
    files["origins"] = files["origins"].mask(same, files["origins"] + ";filiere")
    own = own[~own["actor_id"].isin(files.loc[same, "actor_id"])]
    # an establishment of the file that only looks like an actor keeps its own identifier
    clash = own["candidate_id"].isin(files["candidate_id"])
    own.loc[clash, "candidate_id"] = "actor:" + own.loc[clash, "actor_id"]
    parts = [part for part in (typed(files, OWN), own) if len(part)]
    return pd.concat(parts, ignore_index=True) if parts else typed(files, OWN)


#: How far an actor is tied: with those beside the stage, with others, in a body, or only listed.
TIED_BESIDE, TIED, MEMBER, LISTED = 1.0, 0.75, 0.5, 0.25


def ties_of_actors(f: Filiere, place: int) -> pd.Series:
    """Return how tied each actor is, on ``actor_id``.

    1: cooperates with, or exchanges material with, an actor of a stage beside; 0.75: with another actor; 0.5: sits in
    a body; 0.25: is in the tables.
    """
    net = f.network
    cooperating = net.cooperations_that_count()["state"].eq("observed").to_numpy(bool)
    ends = [part[cooperating] for part in net.cooperation_ends]
    a = np.concatenate([ends[0], net.flow_source])
    b = np.concatenate([ends[1], net.flow_target])
    between = (a >= 0) & (b >= 0) & (a != b)
    a, b = a[between], b[between]
    beside = np.zeros(net.n_actors, dtype=bool)
    beside[net.activity_actor[np.isin(net.activity_stage, neighbours_of(f, place))]] = True
    found = np.full(net.n_actors, LISTED)
    member = net.member_actor[net.member_actor >= 0]
    found[member] = MEMBER
    found[np.concatenate([a, b])] = TIED
    found[np.concatenate([a[beside[b]], b[beside[a]]])] = TIED_BESIDE
    return pd.Series(found, index=net.actor_ids, name="ties")
