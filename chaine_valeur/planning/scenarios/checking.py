"""What a change has to say before it is applied: names that there are, numbers that are numbers, enough of both."""

from __future__ import annotations

import math
from collections.abc import Iterable
from numbers import Real
from typing import TYPE_CHECKING

from ...errors import ArgumentError, UnknownNameError
from ...language import tr
from ...schema import table
from ...vocabulary import ChangeKind, Status, labels

if TYPE_CHECKING:
    from .changes import Change
    from .drafts import Draft

__all__ = ["checked", "needed", "not_stopped"]

_HOMES = {"stage_id": "stages", "to_stage_id": "stages", "material_id": "materials"}
_TERMS = ("structure_kind", "cooperation_kind")
_NUMBERS = ("quantity_t_per_year", "capacity_t_per_year", "jobs_fte", "insertion_fte", "supervision_fte")


def checked(draft: Draft, change: Change, kinds: Iterable[str]) -> None:
    """Complain of a kind, a name, a term or a number that cannot be used, and of actors that no longer work."""
    if change.kind not in kinds:
        raise UnknownNameError.of(f"{draft.where}: no change {change.kind!r}", change.kind, kinds)
    for column, home in _HOMES.items():
        name = getattr(change, column)
        if name is not None and name not in draft.table(home).index:
            raise UnknownNameError.of(
                f"{draft.where}: no {name!r} in {home!r}", name, draft.table(home).index
            )
    for column in _TERMS:
        name = getattr(change, column)
        if name is not None and name not in labels(column, "en"):
            raise UnknownNameError.of(f"{draft.where}: no {column} {name!r}", name, labels(column, "en"))
    for column in _NUMBERS:
        value = getattr(change, column)
        if value is None:
            continue
        if isinstance(value, bool) or not isinstance(value, Real) or not math.isfinite(value):
            raise ArgumentError(f"{draft.where}: {column}={value!r} is not a number")
    for column in ("actor_id", "to_actor_id"):
        name = getattr(change, column)
        if name is None:
            continue
        actors = draft.table("actors")
        if name not in actors.index:
            raise UnknownNameError.of(f"{draft.where}: no actor {name!r}", name, actors.index)
        not_stopped(draft, name)
        # an activity begins again, what only passes does not
        begins = (ChangeKind.ADD_ACTIVITY.value, ChangeKind.STOP_ACTOR.value)
        if change.kind not in begins and actors.at[name, "status"] == Status.CLOSED.value:
            told = tr("“{name}” is closed; let it begin again with a change of its activity before", draft.lang,
                      name=actors.at[name, "name"])  # fmt: skip
            raise ArgumentError(draft.wrong(told))


def not_stopped(draft: Draft, actor: str) -> None:
    """Complain of an actor that a change before stopped."""
    if actor in draft.stopped:
        told = tr("“{name}” was stopped by a change before; take one of the two out", draft.lang,
                  name=draft.table("actors").at[actor, "name"])  # fmt: skip
        raise ArgumentError(draft.wrong(told))


def needed(draft: Draft, change: Change, *columns: str) -> None:
    """Complain of a column that is not filled in."""
    for column in columns:
        if getattr(change, column) is None:
            label = table("scenarios")[column].label(draft.lang)
            raise ArgumentError(draft.wrong(tr("fill “{column}”", draft.lang, column=label)))
