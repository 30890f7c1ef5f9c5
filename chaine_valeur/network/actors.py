"""Actors and expected stages as arrays: who exists, who can cooperate, what is expected and where."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np
import pandas as pd

from ..text import fold
from ..vocabulary import ActorType, ExpectedScale, Pole, Role, StageKind, Status, StructureKind
from .positions import first_of
from .tables import Tables, filiere_of_rows

if TYPE_CHECKING:
    from numpy.typing import NDArray

    from ..spellings import Texts

    Codes = NDArray[np.int32]
    Mask = NDArray[np.bool_]

__all__ = ["Activities", "Actors", "Stages"]

_ROLES = [role.value for role in Role]
_PARTNERS = [kind.value for kind in ActorType if kind.is_partner]
_SIAE = [kind.value for kind in StructureKind if kind.is_siae]


@dataclass(frozen=True)
class Actors:
    """Along the actors: see `Core`."""

    filiere: Codes
    active: Mask
    partner: Mask
    outside: Mask
    single: Mask
    roles: Mask
    role: Codes
    pole: Codes
    siae: Mask
    asked: Mask

    @classmethod
    def of(cls, tables: Tables) -> Actors:
        """Return the actors of some tables."""
        roles = tables.texts("actors", "roles")
        active = tables.texts("actors", "status").among(Status.ACTIVE)
        return cls(
            filiere=filiere_of_rows(tables, "actors"),
            active=active,
            partner=active & tables.texts("actors", "actor_type").among(*_PARTNERS),
            outside=tables.texts("actors", "actor_type").among(ActorType.OUTSIDE),
            single=tables.texts("actors", "actor_type").among(ActorType.ORGANISATION),
            roles=roles.told(_roles_in, unknown=[False] * len(_ROLES), dtype=bool),
            role=roles.told(_first_role, unknown=-1, dtype=np.int32),
            pole=tables.texts("actors", "pole").ranks(list(Pole)),
            siae=tables.texts("actors", "structure_kind").among(*_SIAE),
            asked=tables.column("actors", "surveyed_on").notna().to_numpy(bool),
        )


def _roles_in(cell: str) -> list[bool]:
    held = cell.split(";")
    return [role in held for role in _ROLES]


def _first_role(cell: str) -> int:
    first = cell.partition(";")[0]
    return _ROLES.index(first) if first in _ROLES else -1


@dataclass(frozen=True)
class Stages:
    """Along the expected stages: see `Core`."""

    filiere: Codes
    required: Mask
    expected_here: Mask
    resource: Mask
    market: Mask
    unit: Codes
    rank: NDArray[np.float64]

    @classmethod
    def of(cls, tables: Tables) -> Stages:
        """Return the expected stages of some tables."""
        filiere = filiere_of_rows(tables, "stages")
        return cls(
            filiere=filiere,
            required=tables.column("stages", "required").to_numpy(bool, na_value=True),
            expected_here=(~tables.texts("stages", "expected_scale").known
                           | tables.texts("stages", "expected_scale").among(ExpectedScale.LOCAL)),
            resource=tables.texts("stages", "kind").among(StageKind.RESOURCE),
            market=tables.texts("stages", "kind").among(StageKind.MARKET),
            unit=_units(tables.texts("stages", "alternative_group"), filiere),
            rank=tables.column("stages", "rank").to_numpy(np.float64, na_value=np.nan),
        )  # fmt: skip

    def part(self, start: int, stop: int) -> Stages:
        """Return some stages that stand together, those of one filière, their units numbered from 0."""
        kept = {name: getattr(self, name)[start:stop] for name in self.__dataclass_fields__}
        first = kept["unit"][:1].sum(dtype=np.int32)  # units are numbered as they appear
        return Stages(**{**kept, "unit": kept["unit"] - first})


def _units(groups: Texts, filiere: Codes) -> Codes:
    """Return the unit of each stage: those of one filière and alternative group share it, in order of appearance."""
    n = len(groups.numbers)
    if not groups.values:
        return np.arange(n, dtype=np.int32)
    place: dict[str, int] = {}
    word = groups.told(lambda cell: place.setdefault(fold(cell), len(place)), unknown=-1, dtype=np.int64)
    own, size = np.arange(n, dtype=np.int64), n + 1
    # a stage of its own has a number that no (filière, word) has
    key = np.where(word < 0, own, size + filiere.astype(np.int64) * size + word)
    return pd.factorize(key)[0].astype(np.int32)


@dataclass(frozen=True)
class Activities:
    """Who holds which stage, each pair once, and the first stage of each actor."""

    actor: Codes
    stage: Codes
    first: Codes

    @classmethod
    def of(cls, tables: Tables, active: Mask) -> Activities:
        """Return the activities of active actors."""
        who, what = tables.codes("activities", "actor_id"), tables.codes("activities", "stage_id")
        known = np.flatnonzero((who >= 0) & (what >= 0))
        size = max(int(tables.offsets("stages")[-1]), 1)
        # each pair once, where it stands first
        _, first = np.unique(who[known].astype(np.int64) * size + what[known], return_index=True)
        rows = known[np.sort(first)]
        who, what = who[rows], what[rows]
        held = active[who]
        return cls(who[held], what[held], first_of(who, what, len(active)))
