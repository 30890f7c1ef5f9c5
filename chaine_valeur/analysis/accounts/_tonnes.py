"""Tonnes that enter each activity and each actor: what costs, jobs and margins are divided by."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np

from ...columns import columns
from .._joins import first_seen, matches
from ..activities import Activities, current_activities, known_sums

if TYPE_CHECKING:
    from numpy.typing import NDArray

    from ...filiere import Filiere

    Codes = NDArray[np.int32]
    Mask = NDArray[np.bool_]
    Places = NDArray[np.int64]
    Values = NDArray[np.float64]

__all__ = ["Tonnes", "strict_sums", "tonnes_of"]


@dataclass(frozen=True)
class Tonnes:
    """What enters, in t/year; NaN where a flow is unknown, or none is recorded.

    Attributes
    ----------
    activities
        The activities that count; `source` and `target` are the positions, among them, of both ends of the
        flows that count (−1: none).
    per_actor
        Held activities of each actor.
    actor, activity
        What enters each actor from others, and each activity.
    deduced
        Activities into which an actor is taken to pass on what it receives upstream, no flow being recorded.
    unpriced
        Activities at an end of such a passage: nothing says what it is worth.
    vague
        Actors with a flow of which nobody knows at which of their stages it ends.
    """

    activities: Activities
    source: Places
    target: Places
    per_actor: Places
    actor: Values
    activity: Values
    deduced: Mask
    unpriced: Mask
    vague: Mask

    def only_activity(self) -> Places:
        """Return the position of the activity of each actor that holds one only, −1 for the others."""
        found = np.full(len(self.per_actor), -1, dtype=np.int64)
        found[self.activities.actor] = np.arange(len(self.activities.actor))
        return np.where(self.per_actor == 1, found, -1)


def tonnes_of(f: Filiere) -> Tonnes:
    """Return what enters each actor and activity, read once."""
    return f.derived("accounts.tonnes", _tonnes)


def strict_sums(places: Places | Codes, values: Values, size: int) -> Values:
    """Return the sum at each place: 0 where there is nothing, NaN where a part is unknown; −1 is no place."""
    sums = known_sums(places.astype(np.int32), values, size)
    return np.where(sums.n_unknown > 0, np.nan, np.nan_to_num(sums.total))


def _tonnes(f: Filiere) -> Tonnes:
    net, rows = f.network, current_activities(f)
    size = len(rows.actor)
    source = activity_at(f, rows, net.flow_source, net.flow_source_stage)
    target = activity_at(f, rows, net.flow_target, net.flow_target_stage)
    per_actor = np.bincount(rows.actor, minlength=net.n_actors)
    other = net.flow_source != net.flow_target
    vague = np.zeros(net.n_actors, dtype=bool)
    for end, stage in ((net.flow_source, net.flow_source_stage), (net.flow_target, net.flow_target_stage)):
        open_ = (end >= 0) & (stage < 0)
        vague[end[open_]] = True
    vague &= per_actor > 1
    entering = _from(net.flow_target[other], net.flow_t[other], net.n_actors)
    moves = source != target
    stated = _from(target[moves], net.flow_t[moves], size)
    activity, deduced, unpriced = _with_inner(f, rows, source, target, stated)
    return Tonnes(
        activities=rows,
        source=source,
        target=target,
        per_actor=per_actor,
        actor=entering,
        activity=np.where(vague[rows.actor], np.nan, activity),
        deduced=deduced,
        unpriced=unpriced,
        vague=vague,
    )


def _from(places: Places | Codes, values: Values, size: int) -> Values:
    """Return what enters at each place, NaN where nothing is recorded or a part is unknown."""
    some = np.bincount(places[places >= 0], minlength=size) > 0
    return np.where(some, strict_sums(places, values, size), np.nan)


def activity_at(f: Filiere, rows: Activities, actor: Codes, stage: Codes) -> Places:
    """Return the position among some activities of actors at stages, −1 where they hold none there."""
    size = max(f.network.n_stages, 1)
    held = rows.actor.astype(np.int64) * size + rows.stage
    order = np.argsort(held, kind="stable")
    asked = np.where((actor >= 0) & (stage >= 0), actor.astype(np.int64) * size + stage, -1)
    if not len(held):
        return np.full(len(asked), -1, dtype=np.int64)
    place = order[np.minimum(np.searchsorted(held[order], asked), len(held) - 1)]
    return np.where(held[place] == asked, place, -1)


def _with_inner(
    f: Filiere, rows: Activities, source: Places, target: Places, stated: Values
) -> tuple[Values, Mask, Mask]:
    """Return what enters each activity, with what its actor passes on to itself without a recorded flow.

    An actor that holds both ends of an expected passage passes on what it receives and does not send out,
    unless a flow between its stages says otherwise. Where it may go to several of its stages, or is changed
    on the way (a recipe), what enters is unknown.
    """
    size, net = len(rows.actor), f.network
    start, end = _inner_passages(f, rows, source, target)
    deduced, unpriced = np.zeros(size, dtype=bool), np.zeros(size, dtype=bool)
    if not len(start):
        return stated, deduced, unpriced
    leaving = strict_sums(source[source != target], net.flow_t[source != target], size)
    several = np.bincount(start, minlength=size) > 1
    leaving = np.where(several | _with_recipe(f, rows), np.nan, leaving)
    fed = np.zeros(size, dtype=bool)
    fed[end] = True
    received = np.bincount(target[target >= 0], minlength=size) > 0
    base = np.where(fed & ~received, 0.0, stated)
    entering = np.where(fed, np.nan, stated)
    for _ in range(net.n_stages):  # a loop over stages: each round goes one passage further; a loop stays NaN
        passed = entering[start] - leaving[start]
        passed = np.where(passed < 0, np.nan, passed)
        found = base + np.bincount(end, weights=passed, minlength=size)
        if np.array_equal(found, entering, equal_nan=True):
            break
        entering = found
    passes = ~(
        entering[start] - leaving[start] == 0
    )  # all that is received was seen to leave: nothing inside
    deduced[end[passes]] = True
    unpriced[start[passes]] = unpriced[end[passes]] = True
    return entering, deduced, unpriced


def _inner_passages(f: Filiere, rows: Activities, source: Places, target: Places) -> tuple[Places, Places]:
    """Return the required passages of which one actor holds both ends, no flow leaving the first for another."""
    net = f.network
    size = len(rows.actor)
    shown = (net.flow_source == net.flow_target) & (source >= 0) & (source != target)
    told = np.zeros(size, dtype=bool)
    told[source[shown]] = True
    held = np.flatnonzero((np.bincount(rows.actor, minlength=net.n_actors) > 1)[rows.actor])
    step = net.n_stages + 1
    asked = net.link_required & (net.link_from != net.link_to)
    _, first = first_seen((net.link_from[asked] + np.int64(1)) * step + net.link_to[asked] + 1)
    start, to = (ends[asked][first] for ends in (net.link_from, net.link_to))
    at, link = matches(rows.stage[held], start)
    actor, stage = rows.actor[held].astype(np.int64) * step, rows.stage[held]
    of_pair, there = matches(actor[at] + to[link], actor + stage)
    start, end = held[at[of_pair]], held[there]
    return start[~told[start]], end[~told[start]]


def _with_recipe(f: Filiere, rows: Activities) -> Mask:
    """Return the activities of which a recipe says that material is changed there."""
    net = f.network
    if not len(columns(f, "recipes")):
        return np.zeros(len(rows.actor), dtype=bool)
    stage, actor = f.codes("recipes", "stage_id"), f.codes("recipes", "actor_id")
    anybody = np.append(np.zeros(net.n_stages, dtype=bool), False)
    anybody[stage[actor < 0]] = True
    anybody[-1] = False
    found = anybody[rows.stage]
    own = activity_at(f, rows, actor, stage)
    found[own[own >= 0]] = True
    return found
