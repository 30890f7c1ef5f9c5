"""Applying a scenario: a new filière in which each figure that was supposed says so."""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING, Any

import pandas as pd

from ...errors import ArgumentError, UnknownNameError
from ...language import tr
from ...schema import table
from ...text import slug
from ...vocabulary import ChangeKind, Role, Status, StructureKind
from .drafts import Draft
from .quantities import added_flow, added_market

if TYPE_CHECKING:
    from collections.abc import Callable

    from ...filiere import Filiere
    from .changes import Change, Scenario

__all__ = ["apply"]

_ADDED = ("capacity_t_per_year", "jobs_fte", "insertion_fte", "supervision_fte")


def apply(f: Filiere, scenario: Scenario, *, year: int | None = None, lang: str = "fr") -> Filiere:
    """Return a filière in which the changes of a scenario took place; the one given stays as it is.

    Parameters
    ----------
    year
        Year of the figures changed, where a change states none; by default that of `Filiere.at`, else the reference
        year.
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
        An actor, stage or material that the filière does not have, or a new actor that no change made.
    ArgumentError
        A change that says too little, that takes off more than there is, or an actor that was stopped before.

    Notes
    -----
    Conventions of this library. An actor that is planned or a candidate becomes active, and the activity stated of
    its project is replaced, not added to. A new actor without a commune is taken to be at the seat of the territory,
    so that it counts as local; its college is not stated. A flow that is declared twice changes in both rows. What
    is added to a demand or a supply goes to its firmest row of known quantity; a new one is ``expressed``, or
    ``mobilizable``. One that stops is ``closed``: its flows no longer count.

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
    draft = Draft(f, scenario.name, year or f.year or f.reference_year, lang)
    for place, change in enumerate(scenario, 1):  # over the few changes
        where = tr("scenario “{name}”, change {place}", lang, name=scenario.name, place=place)
        draft.begin(change, where + (f" ({change.row})" if change.row else ""))
        _checked(draft, change)
        try:
            run = _RUN[change.kind]
        except KeyError:
            raise UnknownNameError.of(
                f"{draft.where}: no change {change.kind!r}", change.kind, _RUN
            ) from None
        run(draft, change)
    return draft.filiere()


def _checked(draft: Draft, change: Change) -> None:
    """Complain of names that the filière does not have."""
    for column in ("stage_id", "to_stage_id", "material_id"):
        name = getattr(change, column)
        home = "materials" if column == "material_id" else "stages"
        if name is not None and name not in draft.table(home).index:
            raise UnknownNameError.of(
                f"{draft.where}: no {name!r} in {home!r}", name, draft.table(home).index
            )
    for column in ("actor_id", "to_actor_id"):
        name = getattr(change, column)
        if name is None:
            continue
        actors = draft.table("actors")
        if name not in actors.index:
            raise UnknownNameError.of(f"{draft.where}: no actor {name!r}", name, actors.index)
        if name in draft.stopped:
            raise ArgumentError(
                f"{draft.where}: {name!r} was stopped by a change before; take one of the two out"
            )


def _needed(draft: Draft, change: Change, *columns: str) -> None:
    for column in columns:
        if getattr(change, column) is None:
            label = table("scenarios")[column].label(draft.lang)
            raise ArgumentError(f"{draft.where}: {tr('fill “{column}”', draft.lang, column=label)}")


# -- the changes ----------------------------------------------------------------------------------------------


def _add_activity(draft: Draft, change: Change) -> None:
    _needed(draft, change, "stage_id")
    actor, begins = _actor_of(draft, change)
    rows = draft.table("activities")
    same = (rows["actor_id"] == actor) & (rows["stage_id"] == change.stage_id)
    same &= rows["year"].isna() | (rows["year"] == (change.year or draft.year))
    added = {name: getattr(change, name) for name in _ADDED}
    found = rows.index[same.to_numpy(bool, na_value=False)]
    if not len(found):
        # capacity stays unknown where none is stated, as in any row
        draft.add(
            "activities", actor_id=actor, stage_id=change.stage_id, year=change.year or draft.year, **added
        )
        return
    key = found[-1]
    for name, more in added.items():
        if more is None:
            continue
        value = float(more) if begins else float(rows.at[key, name]) + float(more)  # unknown stays unknown
        draft.change("activities", key, name, value)


def _actor_of(draft: Draft, change: Change) -> tuple[str, bool]:
    """Return the actor of an activity, made if it is new, and whether it only begins now."""
    actors = draft.table("actors")
    if change.actor_id is not None:
        begins = actors.at[change.actor_id, "status"] in (Status.PLANNED.value, Status.CANDIDATE.value)
        if actors.at[change.actor_id, "status"] != Status.ACTIVE.value:
            draft.change("actors", change.actor_id, "status", Status.ACTIVE.value)
            if not pd.isna(actors.at[change.actor_id, "until"]):
                draft.change("actors", change.actor_id, "until", pd.NA)
            since = actors.at[change.actor_id, "since"]
            if draft.year is not None and not pd.isna(since) and since > draft.year:
                draft.change("actors", change.actor_id, "since", draft.year)
        return change.actor_id, begins
    name = change.new_actor or _new_name(draft, change)
    if name in draft.made:
        return draft.made[name], False
    if name in set(actors["name"]):
        key = actors.index[actors["name"] == name][0]
        return _actor_of(draft, replace(change, actor_id=str(key), new_actor=None))
    kind = change.structure_kind
    insertion = kind in {one.value for one in StructureKind if one.is_siae}
    commune, called = _commune(draft, change)
    key = slug(name)
    while key in actors.index:
        key += "-x"
    draft.add(
        "actors", actor_id=key, name=name, roles=(Role.INSERTION if insertion else Role.TRANSFORMER).value,
        structure_kind=kind, commune_code=commune, commune_name=called, status=Status.ACTIVE.value,
        natural_person=False, actor_type="organisation",
    )  # fmt: skip
    draft.made[name] = key
    return key, True


def _new_name(draft: Draft, change: Change) -> str:
    """Return what an actor without a name is called: « ACI (Tri) »."""
    stage = draft.table("stages")["name"].get(change.stage_id, change.stage_id)
    return f"{change.structure_kind or tr('New actor', draft.lang)} ({stage})"


def _commune(draft: Draft, change: Change) -> tuple[str | None, str | None]:
    """Return the commune of a new actor: stated, else the first of the territory, taken for its seat."""
    rows = draft.table("territories")
    own = rows[(rows["territory_id"] == draft.territory_id).to_numpy(bool, na_value=False)]
    if change.commune_code is not None:
        names = rows.loc[rows["commune_code"] == change.commune_code, "commune_name"].dropna()
        return change.commune_code, str(names.iloc[0]) if len(names) else None
    known = own.dropna(subset=["commune_code"])
    if known.empty:
        return None, None
    return str(known["commune_code"].iloc[0]), known["commune_name"].iloc[0]


def _stop_actor(draft: Draft, change: Change) -> None:
    _needed(draft, change, "actor_id")
    draft.change("actors", change.actor_id, "status", Status.CLOSED.value)
    draft.stopped.add(str(change.actor_id))


def _add_flow(draft: Draft, change: Change) -> None:
    _needed(draft, change, "material_id")
    source, target = _ends(draft, change)
    if source is None and target is None:
        raise ArgumentError(f"{draft.where}: a flow needs an actor at one end at least")
    added_flow(draft, change, source, target)


def _ends(draft: Draft, change: Change) -> tuple[str | None, str | None]:
    """Return both actors; the new one stands where nothing is said, and begins first if both are blank."""
    source, target = change.actor_id, change.to_actor_id
    if change.new_actor is None:
        return source, target
    if source is not None and target is not None:
        raise ArgumentError(f"{draft.where}: both ends are stated beside the new actor {change.new_actor!r}")
    made = _made(draft, change.new_actor)
    return (made, target) if source is None else (source, made)


def _made(draft: Draft, name: str) -> str:
    actors = draft.table("actors")
    if name in draft.made:
        return draft.made[name]
    known = actors.index[(actors["name"] == name).to_numpy(bool, na_value=False)]
    if len(known):
        return str(known[0])
    raise UnknownNameError.of(f"{draft.where}: no change before made the actor {name!r}", name, draft.made)


def _add_market(kind: str) -> Callable[[Draft, Change], None]:
    def run(draft: Draft, change: Change) -> None:
        _needed(draft, change, "material_id")
        actor = change.actor_id or (_made(draft, change.new_actor) if change.new_actor else None)
        if actor is None:
            _needed(draft, change, "stage_id")
        added_market(draft, change, actor, kind)

    return run


def _add_cooperation(draft: Draft, change: Change) -> None:
    one, other = _ends(draft, change)
    if one is None or other is None or one == other:
        raise ArgumentError(f"{draft.where}: a cooperation needs two actors")
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
