"""Findings about actors, told by stage: no outlet, no supply, no tie."""

from __future__ import annotations

from collections.abc import Iterator
from itertools import chain as one_after_another
from typing import TYPE_CHECKING

import numpy as np

from ...language import tr, trn
from ...vocabulary import label
from ..activities import identifiers, known_sums
from ..findings import Finding
from ..measure import NAN
from ..wording import sentences, tonnes
from ._actors import places_of, unconnected
from ._build import gap_finding, joined_rows, mask_of
from ._counts import into
from ._stakes import stakes_of
from ._wording import (
    actor_name,
    counted,
    jobs_at_stake,
    stages_of_actor,
)
from .chain import chain_of

if TYPE_CHECKING:
    import pandas as pd
    from numpy.typing import NDArray

    from ...filiere import Filiere

    Mask = NDArray[np.bool_]
    Places = NDArray[np.int64]

__all__ = ["NAMED_PER_STAGE", "dead_end_actors", "orphan_actors", "unconnected_actors"]

#: From how many actors of a stage on they are told as one finding, none of them named.
NAMED_PER_STAGE = 5


def dead_end_actors(
    f: Filiere, *, lang: str = "fr", named_per_stage: int = NAMED_PER_STAGE
) -> Iterator[Finding]:
    """Yield the actors that material reaches and none leaves, though they are no market.

    At stake: the known tonnes that reach them, and their insertion FTE.
    """
    chain, net = chain_of(f), f.network
    if not chain.has_flows:
        return
    places = places_of(f)
    tons = known_sums(net.flow_target[places.between], net.flow_t[places.between], net.n_actors)
    for actors in _by_stage(f, places.dead_end & (places.n_in > 0), named_per_stage):
        amount, unknown = _total(tons.total[actors]), int(tons.n_unknown[actors].sum())
        head = tr("Step without a recorded outlet: {who}.", lang, who=_who(f, actors, lang))
        told = tr("What reaches it does not go on, as far as is recorded.", lang)
        if amount == amount:
            told = trn(
                "{amount} reaches it, none is recorded as going on.",
                "{amount} reach it, none is recorded as going on.",
                amount,
                lang,
                amount=tonnes(amount, lang),
            )
        flows = net.flow_ids[into(net.flow_target, mask_of(actors, net.n_actors)) & places.between]
        yield _finding(
            f, "dead_end", (head, told), actors, flows, quantity=amount, n_unknown=unknown, lang=lang
        )


def orphan_actors(
    f: Filiere, *, lang: str = "fr", named_per_stage: int = NAMED_PER_STAGE
) -> Iterator[Finding]:
    """Yield the actors of the chain that no material reaches, though they are no source.

    At stake: the known tonnes that leave them, else their capacity, and their insertion FTE. Where no flow of
    an actor is recorded at all, its flows are said to be not stated: it may well be supplied. Actors that
    nothing ties to the chain are told apart (`unconnected_actors`).
    """
    chain, net = chain_of(f), f.network
    if not chain.has_flows:
        return
    places, activities = places_of(f), stakes_of(f).activities
    tons = known_sums(net.flow_source[places.between], net.flow_t[places.between], net.n_actors)
    room = known_sums(activities.actor, activities.values("capacity_t_per_year"), net.n_actors)
    orphans = places.orphan & ~_told_unconnected(f)
    supplying = _by_stage(f, orphans & ~places.silent, named_per_stage)
    for actors in one_after_another(supplying, _by_stage(f, orphans & places.silent, named_per_stage)):
        leaving, capacity = _total(tons.total[actors]), _total(room.total[actors])
        silent = bool(places.silent[actors[0]])
        head = tr("Step without a recorded supply: {who}.", lang, who=_who(f, actors, lang))
        if silent:
            head = _not_stated(f, actors, lang)
        told, amount = "", capacity
        if leaving == leaving:
            amount = leaving
            told = trn(
                "{amount} leaves it.", "{amount} leave it.", leaving, lang, amount=tonnes(leaving, lang)
            )
        elif capacity == capacity:
            told = tr("It could take {amount}.", lang, amount=tonnes(capacity, lang))
        unknown = len(actors) if silent else int(tons.n_unknown[actors].sum())
        flows = net.flow_ids[into(net.flow_source, mask_of(actors, net.n_actors)) & places.between]
        yield _finding(
            f, "orphan", (head, told), actors, flows, quantity=amount, n_unknown=unknown, lang=lang
        )


def _not_stated(f: Filiere, actors: Places, lang: str) -> str:
    """Return the sentences about actors of which no flow is recorded: what is to be asked."""
    head = tr("Flows not stated: {who}.", lang, who=_who(f, actors, lang))
    if places_of(f).should_go_on[actors].any():
        return sentences(head, tr("To be asked: what reaches it and what leaves it.", lang))
    return sentences(head, tr("To be asked: what reaches it.", lang))


def unconnected_actors(
    f: Filiere, *, lang: str = "fr", named_per_stage: int = NAMED_PER_STAGE
) -> Iterator[Finding]:
    """Yield the partners that nothing recorded ties to the chain.

    Said only where ties were described: cooperations or groups, and flows for those who hold a stage.
    At stake: their insertion FTE.
    """
    net, without = f.network, _not_described(f)
    for actors in _by_stage(f, _told_unconnected(f), named_per_stage):
        head = tr(
            "{who}: no flow, cooperation or group recorded; its tie with the filière is to be specified.",
            lang,
            who=_who(f, actors, lang, roles=True),
        )
        told = tr("Cooperations were not described.", lang) if "cooperations" in without else ""
        none = net.flow_ids[:0]
        yield _finding(f, "unconnected_actor", (head, told), actors, none, n_unknown=len(without), lang=lang)


def _not_described(f: Filiere) -> list[str]:
    """Return the tables of ties that say nothing."""
    return [name for name in ("flows", "cooperations", "memberships") if f.table(name).empty]


def _told_unconnected(f: Filiere) -> Mask:
    """Return the actors that are told as unconnected: where ties were described, nothing ties them."""
    without = _not_described(f)
    if {"cooperations", "memberships"} <= set(without):
        return np.zeros(f.network.n_actors, dtype=bool)
    # whoever holds a stage may well exchange material, as long as nobody described the flows
    return unconnected(f) & (f.network.stage < 0) if "flows" in without else unconnected(f)


def _by_stage(f: Filiere, mask: Mask, named: int) -> Iterator[Places]:
    """Yield the actors of a mask by main stage: one by one, or all of a stage where they are many."""
    actors = np.flatnonzero(mask)
    stage = _main_stage(f)[actors]
    for place in np.unique(stage):  # a loop over stages
        those = actors[stage == place]
        if len(those) > named:
            yield those
        else:
            yield from those.reshape(-1, 1)


def _main_stage(f: Filiere) -> NDArray[np.int32]:
    """Return the first stage of each actor: of its activities, else that its flows name; −1 without any."""
    return f.derived("main_stage", _find_main_stage)


def _find_main_stage(f: Filiere) -> NDArray[np.int32]:
    chain, found = chain_of(f), f.network.stage.copy()
    order = np.arange(len(chain.holder_actor))[::-1]  # backwards: the first of an actor wins
    named = np.full_like(found, -1)
    named[chain.holder_actor[order]] = chain.holder_stage[order]
    return np.where(found >= 0, found, named)


def _who(f: Filiere, actors: Places, lang: str, *, roles: bool = False) -> str:
    """Return one actor with its stage (or role), or the stage and how many actors."""
    stage = int(_main_stage(f)[actors[0]])
    place = stages_of_actor(f, stage, lang)
    if len(actors) > 1:
        if stage < 0:
            return counted(len(actors), lang)
        return tr("{place}, {actors}", lang, place=place, actors=counted(len(actors), lang))
    name = actor_name(f, int(actors[0]))
    if roles and stage < 0:
        role = str(f.actors["roles"].fillna("").iloc[actors[0]]).partition(";")[0]
        return tr("{name} ({role})", lang, name=name, role=label(role, "role", lang)) if role else name
    return tr("{name} ({role})", lang, name=name, role=place)


def _finding(
    f: Filiere,
    kind: str,
    parts: tuple[str, str],
    actors: Places,
    flows: pd.Index,
    *,
    lang: str,
    n_unknown: int,
    quantity: float = NAN,
) -> Finding:
    """Return a finding about actors of one stage: it rests on them, their activities and some flows."""
    net, stakes = f.network, stakes_of(f)
    jobs = stakes.jobs_of_actors(mask_of(actors, net.n_actors))
    stage = int(_main_stage(f)[actors[0]])
    held = stakes.activities.frame.index[np.isin(stakes.activities.actor, actors)]
    rows = joined_rows(
        {"actors": identifiers(net.actor_ids[actors])},
        {"activities": identifiers(held)},
        {"flows": identifiers(flows)},
    )
    message = sentences(*parts, jobs_at_stake(jobs.fte, lang))
    severity = "medium" if kind == "dead_end" else "low"
    about = {
        "stage_id": net.stage_ids[stage] if stage >= 0 else None,
        "actor_id": net.actor_ids[actors[0]] if len(actors) == 1 else None,
    }
    return gap_finding(f, kind, severity, message, rows, jobs, about, quantity=quantity, n_unknown=n_unknown)


def _total(values: np.ndarray) -> float:
    known = values[~np.isnan(values)]
    return float(known.sum()) if len(known) else NAN
