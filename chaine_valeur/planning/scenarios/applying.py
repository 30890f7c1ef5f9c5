"""Applying a scenario: a new filière in which each figure that was supposed says so."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING, Any

import pandas as pd

from ...errors import MOST_LISTED, ArgumentError, UnknownNameError, close_names
from ...language import tr
from ...schema import table
from ...tables import in_force
from ...text import slug
from ...vocabulary import ChangeKind, Role, Status, StructureKind
from .checking import checked, needed, not_stopped
from .drafts import Draft, unknown_remark
from .quantities import added_flow, added_market, not_negative

if TYPE_CHECKING:
    from collections.abc import Callable

    from ...filiere import Filiere
    from .changes import Change, Scenario

__all__ = ["apply", "worked_out"]

_ADDED = {
    "capacity_t_per_year": "t/year",
    "jobs_fte": "FTE",
    "insertion_fte": "FTE",
    "supervision_fte": "FTE",
}
_NOT_YET = (Status.PLANNED.value, Status.CANDIDATE.value)


def apply(f: Filiere, scenario: Scenario, *, year: int | None = None, lang: str = "fr") -> Filiere:
    """Return a filière in which the changes of a scenario took place; the one given stays as it is.

    Parameters
    ----------
    year
        Year of the figures changed, where a change states none; by default that of `Filiere.at`, else, table by
        table, the latest that it speaks of.
    lang
        Language of the hypotheses that the new rows bear.

    Returns
    -------
    Filiere
        New rows, and cells that changed, are of confidence ``hypothesis`` and name the scenario; the source is that
        of the change. What is unknown stays unknown, whatever is added to it.

    Raises
    ------
    UnknownNameError
        An actor, stage, material or term that there is not, or a new actor that no change made.
    ArgumentError
        A change that says too little, that takes off more than there is, of an actor that was stopped before, or of a
        year of which the filière has no figures.
    ValidationError
        Changes each of which can be done, and which together give tables that do not hold.

    Notes
    -----
    Conventions of this library. An actor that is planned or a candidate becomes active with the first change that
    speaks of it, and the activity stated of its project is replaced, not added to. A new actor without a commune is
    taken to be at the seat of the territory (the first commune of it), so that it counts as local, and its hypothesis
    says so; its college is not stated. A flow that is declared twice changes in both rows, and what is paid for it
    follows at the price of today. What is added to a demand or a supply goes to its firmest row of known quantity; a
    new one is ``expressed``, or ``mobilizable``. One that stops is ``closed``, and its parts with it: their rows stay,
    and neither their flows nor their activities, demands and supplies count any more. `describe` tells what was taken
    for granted.

    Examples
    --------
    >>> from chaine_valeur import datasets
    >>> f = datasets.load("exemple_complet").at(2024)
    >>> from .changes import scenarios_of
    >>> after = apply(f, scenarios_of(f)["Un chantier d’effilochage"])
    >>> sorted(set(after.actors.index) - set(f.actors.index)), len(after.flows) - len(f.flows)
    (['chantier-d-effilochage'], 2)
    >>> after.activities.loc[after.activities["actor_id"] == "chantier-d-effilochage", "insertion_fte"].tolist()
    [3.8]
    """
    return worked_out(f, scenario, year=year, lang=lang).filiere()


def worked_out(f: Filiere, scenario: Scenario, *, year: int | None, lang: str) -> Draft:
    """Return the tables after every change, with what had to be taken for granted for each."""
    draft = Draft(f, scenario.name, year, lang)
    for place, change in enumerate(scenario, 1):  # over the few changes
        where = tr("scenario “{name}”, change {place}", lang, name=scenario.name, place=place)
        draft.begin(change, where + (f" ({change.row})" if change.row else ""))
        checked(draft, change, _RUN)
        for actor in (change.actor_id, change.to_actor_id):
            if actor is not None and change.kind != ChangeKind.STOP_ACTOR:
                _at_work(draft, actor)
        _RUN[change.kind](draft, change)
    return draft


def _at_work(draft: Draft, actor: str, *, again: bool = False) -> None:
    """Let a project begin; one that was closed does so `again` with an activity only."""
    status = draft.table("actors").at[actor, "status"]
    if status in _NOT_YET or again:
        draft.begun.add(actor)
        draft.change("actors", actor, "status", Status.ACTIVE.value)
        since, until = draft.table("actors").loc[actor, ["since", "until"]]
        if draft.year is not None and not pd.isna(since) and since > draft.year:
            draft.change("actors", actor, "since", draft.year)
        if draft.year is not None and not pd.isna(until) and until < draft.year:
            draft.change("actors", actor, "until", pd.NA)


# -- the changes ----------------------------------------------------------------------------------------------


def _add_activity(draft: Draft, change: Change) -> None:
    needed(draft, change, "stage_id")
    actor = _actor_of(draft, change)
    rows, year = draft.table("activities"), draft.year_in("activities")
    same = (rows["actor_id"] == actor) & (rows["stage_id"] == change.stage_id)
    if year is not None:
        same &= rows["year"].isna() | (rows["year"] == year)
    added = {name: getattr(change, name) for name in _ADDED}
    found = rows[same.to_numpy(bool, na_value=False)]
    if found.empty:
        for name, more in added.items():
            not_negative(draft, more or 0.0, unit=_ADDED[name])
        # capacity stays unknown where none is stated, as in any row
        draft.add("activities", actor_id=actor, stage_id=change.stage_id, year=year, **added)
        return
    # a row of the year comes before one that holds every year, as in what is counted
    key = str(found.sort_values("year", kind="stable").index[0])
    unknown = []
    for name, more in added.items():
        if more is None:
            continue
        project = actor in draft.begun and not draft.is_written("activities", key, name)
        before = 0.0 if project else float(rows.at[key, name])
        if before != before:  # unknown stays unknown
            unknown.append(table("activities")[name].label(draft.lang))
            continue
        not_negative(draft, before + more, before, unit=_ADDED[name])
        draft.change("activities", key, name, before + float(more))
    if unknown:
        draft.tell(unknown_remark(unknown, draft.lang))


def _actor_of(draft: Draft, change: Change) -> str:
    """Return the actor of an activity, made if it is new."""
    actors = draft.table("actors")
    if change.actor_id is not None:
        closed = actors.at[change.actor_id, "status"] == Status.CLOSED.value
        _at_work(draft, change.actor_id, again=bool(closed))
        return change.actor_id
    name = change.new_actor or _new_name(draft, change)
    known = actors.index[(actors["name"] == name).to_numpy(bool, na_value=False)]
    if len(known):
        not_stopped(draft, str(known[0]))
        return _actor_of(draft, replace(change, actor_id=str(known[0]), new_actor=None))
    kind = change.structure_kind
    insertion = kind in {one.value for one in StructureKind if one.is_siae}
    commune, called = _commune(draft, change)
    assumed = ""
    if change.commune_code is None and commune is not None:
        assumed = tr("Commune taken for granted: {commune}.", draft.lang, commune=called or commune)
        draft.tell(assumed)
    key = slug(name)
    while key in actors.index:
        key += "-x"
    draft.add(
        "actors", assumed=assumed, actor_id=key, name=name, structure_kind=kind, commune_code=commune,
        commune_name=called, roles=(Role.INSERTION if insertion else Role.TRANSFORMER).value,
        status=Status.ACTIVE.value, natural_person=False, actor_type="organisation",
    )  # fmt: skip
    draft.made[name] = key
    return key


def _new_name(draft: Draft, change: Change) -> str:
    """Return what an actor without a name is called: « ACI (Tri) »."""
    stage = draft.table("stages")["name"].get(change.stage_id, change.stage_id)
    return f"{change.structure_kind or tr('New actor', draft.lang)} ({stage})"


def _commune(draft: Draft, change: Change) -> tuple[str | None, str | None]:
    """Return the commune of a new actor: stated, else the first of the territory, taken for its seat."""
    rows = draft.table("territories")
    if change.commune_code is not None:
        names = rows.loc[rows["commune_code"] == change.commune_code, "commune_name"].dropna()
        return change.commune_code, str(names.iloc[0]) if len(names) else None
    own = rows[(rows["territory_id"] == draft.territory_id).to_numpy(bool, na_value=False)]
    stands = in_force(own, draft.year)
    known = (own[stands] if stands.any() else own).dropna(subset=["commune_code"])
    if known.empty:
        return None, None
    return str(known["commune_code"].iloc[0]), known["commune_name"].iloc[0]


def _stop_actor(draft: Draft, change: Change) -> None:
    needed(draft, change, "actor_id")
    actors, stopping = draft.table("actors"), [str(change.actor_id)]
    for actor in stopping:  # over an actor and its parts, which it lengthens
        draft.change("actors", actor, "status", Status.CLOSED.value)
        draft.stopped.add(actor)
        parts = actors.index[(actors["part_of"] == actor).to_numpy(bool, na_value=False)]
        stopping += [str(part) for part in parts if part not in draft.stopped and part not in stopping]


def _add_flow(draft: Draft, change: Change) -> None:
    needed(draft, change, "material_id")
    source, target = _ends(draft, change)
    if source is None and target is None:
        raise ArgumentError(draft.wrong(tr("a flow needs an actor at one end at least", draft.lang)))
    added_flow(draft, change, source, target)


def _ends(draft: Draft, change: Change) -> tuple[str | None, str | None]:
    """Return both actors; the new one stands where nothing is said, and begins first if both are blank."""
    source, target = change.actor_id, change.to_actor_id
    if change.new_actor is None:
        return source, target
    if source is not None and target is not None:
        told = tr("both ends are stated beside the new actor “{name}”", draft.lang, name=change.new_actor)
        raise ArgumentError(draft.wrong(told))
    made = _made(draft, change.new_actor)
    return (made, target) if source is None else (source, made)


def _made(draft: Draft, name: str) -> str:
    actors = draft.table("actors")
    known = actors.index[(actors["name"] == name).to_numpy(bool, na_value=False)]
    if name not in draft.made and not len(known):
        told = tr("no change before made the actor “{name}”", draft.lang, name=name)
        close = close_names(name, draft.made) or [*draft.made]
        if close:
            told = tr(
                "{text}; made so far: {names}", draft.lang, text=told, names=", ".join(close[:MOST_LISTED])
            )
        raise UnknownNameError(draft.wrong(told))
    actor = draft.made.get(name) or str(known[0])
    not_stopped(draft, actor)
    _at_work(draft, actor)
    return actor


def _add_market(kind: str) -> Callable[[Draft, Change], None]:
    def run(draft: Draft, change: Change) -> None:
        needed(draft, change, "material_id")
        actor = change.actor_id or (_made(draft, change.new_actor) if change.new_actor else None)
        if actor is None:
            needed(draft, change, "stage_id")
        added_market(draft, change, actor, kind)

    return run


def _add_cooperation(draft: Draft, change: Change) -> None:
    one, other = _ends(draft, change)
    if one is None or other is None or one == other:
        raise ArgumentError(draft.wrong(tr("a cooperation needs two actors", draft.lang)))
    draft.add(
        "cooperations", actor_id=one, to_actor_id=other, kind=change.cooperation_kind, state="observed",
        since=change.year or draft.year,
    )  # fmt: skip


_RUN: dict[str, Any] = {
    ChangeKind.ADD_ACTIVITY.value: _add_activity,
    ChangeKind.STOP_ACTOR.value: _stop_actor,
    ChangeKind.ADD_FLOW.value: _add_flow,
    ChangeKind.ADD_DEMAND.value: _add_market("demand"),
    ChangeKind.ADD_SUPPLY.value: _add_market("supply"),
    ChangeKind.ADD_COOPERATION.value: _add_cooperation,
}
