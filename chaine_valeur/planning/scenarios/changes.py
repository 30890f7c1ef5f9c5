"""What a scenario is: its name and its changes, read from the table of scenarios or written in Python."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field
from typing import TYPE_CHECKING

import pandas as pd

from ...errors import MissingTableError
from ...vocabulary import ChangeKind

if TYPE_CHECKING:
    from ...filiere import Filiere

__all__ = [
    "Change", "Scenario", "add_activity", "add_cooperation", "add_demand", "add_flow", "add_supply", "scenarios_of",
    "stop_actor",
]  # fmt: skip


@dataclass(frozen=True)
class Change:
    """One change; the fields are the columns of the table of scenarios, ``None`` where nothing is said.

    ``actor_id`` and ``to_actor_id`` name actors of the filière by identifier, ``new_actor`` one that the scenario
    makes. `source_id`, `hypothesis` and `row` (where it stands) are kept for those who read the result.
    """

    kind: str
    actor_id: str | None = None
    new_actor: str | None = None
    structure_kind: str | None = None
    commune_code: str | None = None
    stage_id: str | None = None
    to_actor_id: str | None = None
    to_stage_id: str | None = None
    material_id: str | None = None
    quantity_t_per_year: float | None = None
    capacity_t_per_year: float | None = None
    jobs_fte: float | None = None
    insertion_fte: float | None = None
    supervision_fte: float | None = None
    cooperation_kind: str | None = None
    year: int | None = None
    source_id: str | None = None
    hypothesis: str | None = None
    row: str = field(default="", compare=False)

    def __post_init__(self) -> None:
        for name in self.__dataclass_fields__:  # NaN is how a frame says that nothing is said
            value = getattr(self, name)
            if isinstance(value, float) and value != value:
                object.__setattr__(self, name, None)


@dataclass(frozen=True)
class Scenario:
    """A name and the changes that apply together, in order.

    Examples
    --------
    >>> scenario = Scenario("Un ACI au tri", [add_activity("tri", new_actor="ACI du tri", structure_kind="ACI",
    ...                                                    capacity_t_per_year=400, insertion_fte=12)])
    >>> len(scenario), next(iter(scenario)).capacity_t_per_year
    (1, 400)
    """

    name: str
    changes: tuple[Change, ...]

    def __init__(self, name: str, changes: Iterable[Change]) -> None:
        object.__setattr__(self, "name", str(name))
        object.__setattr__(self, "changes", tuple(changes))

    def __iter__(self) -> Iterator[Change]:
        return iter(self.changes)

    def __len__(self) -> int:
        return len(self.changes)


def add_activity(
    stage_id: str,
    *,
    actor_id: str | None = None,
    new_actor: str | None = None,
    structure_kind: str | None = None,
    commune_code: str | None = None,
    capacity_t_per_year: float | None = None,
    jobs_fte: float | None = None,
    insertion_fte: float | None = None,
    supervision_fte: float | None = None,
    year: int | None = None,
) -> Change:
    """Return the change that an actor, or a new one, begins an activity at a stage or extends the one it has.

    Parameters
    ----------
    actor_id, new_actor
        An actor of the filière (one that is planned or a candidate becomes active), or the name of one to make.
    structure_kind, commune_code
        Of the new actor; without a commune it is taken to be in the territory.
    capacity_t_per_year, jobs_fte, insertion_fte, supervision_fte
        What is added, in t/year and FTE.
    """
    return Change(
        ChangeKind.ADD_ACTIVITY.value, actor_id=actor_id, new_actor=new_actor, structure_kind=structure_kind,
        commune_code=commune_code, stage_id=stage_id, capacity_t_per_year=capacity_t_per_year, jobs_fte=jobs_fte,
        insertion_fte=insertion_fte, supervision_fte=supervision_fte, year=year,
    )  # fmt: skip


def stop_actor(actor_id: str) -> Change:
    """Return the change that an actor stops: it stays in the tables, and nothing of it counts any more."""
    return Change(ChangeKind.STOP_ACTOR.value, actor_id=actor_id)


def add_flow(
    material_id: str,
    quantity_t_per_year: float | None = None,
    *,
    source: str | None = None,
    target: str | None = None,
    new_actor: str | None = None,
    source_stage: str | None = None,
    target_stage: str | None = None,
    year: int | None = None,
) -> Change:
    """Return the change that material passes, or that more of it passes than today; less, if negative.

    Parameters
    ----------
    quantity_t_per_year
        Tonnes added; ``None``: a passage of unknown tonnage.
    source, target
        Actors of the filière; blank: the new actor, else the outside.
    new_actor
        Name of an actor that the scenario made, at the end that is blank.
    """
    return Change(
        ChangeKind.ADD_FLOW.value, actor_id=source, to_actor_id=target, new_actor=new_actor, stage_id=source_stage,
        to_stage_id=target_stage, material_id=material_id, quantity_t_per_year=quantity_t_per_year, year=year,
    )  # fmt: skip


def add_demand(
    material_id: str,
    quantity_t_per_year: float | None = None,
    *,
    actor_id: str | None = None,
    new_actor: str | None = None,
    stage_id: str | None = None,
    year: int | None = None,
) -> Change:
    """Return the change that somebody asks for more (less, if negative), in t/year."""
    return Change(
        ChangeKind.ADD_DEMAND.value, actor_id=actor_id, new_actor=new_actor, stage_id=stage_id,
        material_id=material_id, quantity_t_per_year=quantity_t_per_year, year=year,
    )  # fmt: skip


def add_supply(
    material_id: str,
    quantity_t_per_year: float | None = None,
    *,
    actor_id: str | None = None,
    new_actor: str | None = None,
    stage_id: str | None = None,
    year: int | None = None,
) -> Change:
    """Return the change that somebody offers more (less, if negative), in t/year."""
    return Change(
        ChangeKind.ADD_SUPPLY.value, actor_id=actor_id, new_actor=new_actor, stage_id=stage_id,
        material_id=material_id, quantity_t_per_year=quantity_t_per_year, year=year,
    )  # fmt: skip


def add_cooperation(
    kind: str | None = None,
    *,
    actor_id: str | None = None,
    to_actor_id: str | None = None,
    new_actor: str | None = None,
    year: int | None = None,
) -> Change:
    """Return the change that two actors cooperate, in a way of the vocabulary ``cooperation_kind``."""
    return Change(
        ChangeKind.ADD_COOPERATION.value, actor_id=actor_id, to_actor_id=to_actor_id, new_actor=new_actor,
        cooperation_kind=kind, year=year,
    )  # fmt: skip


_FIELDS = [name for name in Change.__dataclass_fields__ if name not in ("kind", "row")]


def scenario_name(written: str) -> str:
    """Return the name of a scenario without the full stop of a sentence, since it stands within others.

    The point of an abbreviation stays.

    Examples
    --------
    >>> scenario_name("La papeterie s’arrête."), scenario_name("Reprise par Bois S.A.")
    ('La papeterie s’arrête', 'Reprise par Bois S.A.')
    """
    return re.sub(r"(?<![A-Z.])\s*\.$", "", written.strip())


def scenarios_of(f: Filiere) -> dict[str, Scenario]:
    """Return the scenarios of a filière by name, in the order in which they begin in its table.

    Raises
    ------
    MissingTableError
        The table has no row.

    Examples
    --------
    >>> from chaine_valeur import datasets
    >>> [len(one) for one in scenarios_of(datasets.load("exemple_complet")).values()]
    [4, 6, 1]
    """
    rows = f.scenarios
    if rows.empty:
        raise MissingTableError("no scenario is stated: fill the table 'scenarios', a row a change")
    found: dict[str, list[Change]] = {}
    for key, row in zip(rows.index, rows.to_dict("records"), strict=True):  # over the few changes
        said = {name: None if pd.isna(row[name]) else row[name] for name in _FIELDS}
        found.setdefault(scenario_name(str(row["scenario"])), []).append(
            Change(str(row["change"]), **said, row=str(key))
        )
    return {name: Scenario(name, changes) for name, changes in found.items()}
