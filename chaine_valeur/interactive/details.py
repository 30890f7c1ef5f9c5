"""What the panel of the map says of an actor, in pairs of a label and a text."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import pandas as pd

from ..language import quantity, tr
from ..network import latest_year
from ..schema import table, unit_label
from ..text import split_list
from ..vocabulary import ActorType, Status, label

if TYPE_CHECKING:
    from ..filiere import Filiere

__all__ = ["ActorDetails", "Pairs", "amount", "pairs", "yes_no"]

Pairs = tuple[tuple[str, str], ...]


def pairs(*given: tuple[str, str]) -> Pairs:
    """Return the pairs that have a text: what is unknown is left out."""
    return tuple((name, text) for name, text in given if text)


def yes_no(value: Any, lang: str) -> str:
    """Return « oui », « non », or nothing where it is unknown."""
    return "" if pd.isna(value) else tr("yes", lang) if value else tr("no", lang)


def amount(value: Any, unit: str, lang: str) -> str:
    """Return a quantity with its unit, or nothing where it is unknown."""
    return "" if pd.isna(value) else quantity(float(value), unit_label(unit, lang), lang)


class ActorDetails:
    """What the panel says of an actor; labels are those of the schema."""

    def __init__(self, f: Filiere, lang: str) -> None:
        self.lang = lang
        self.home = table("actors")
        self.names = f.actors["name"].to_dict()
        self.stages = f.stages["name"].to_dict()
        self.local = dict(zip(f.network.actor_ids, f.network.local.tolist(), strict=True))
        activities = f.activities
        year = latest_year(activities)
        if year is not None:
            activities = activities[(activities["year"].isna() | (activities["year"] == year)).to_numpy(bool)]
        self.activity = {(row.actor_id, row.stage_id): row for row in activities.itertuples()}

    def of(self, row: Any, stages: list[tuple[str, bool]]) -> Pairs:
        """Return (label, text) pairs; what is unknown is left out."""
        lang, home = self.lang, self.home
        usual = {ActorType.ORGANISATION.value, Status.ACTIVE.value}  # not worth a line
        kind = "" if row.actor_type in usual else label(row.actor_type, "actor_type", lang)
        status = "" if row.status in usual else label(row.status, "status", lang)
        places = {1: tr("In the territory", lang), 0: tr("Outside the territory", lang)}
        where = places.get(self.local[row.Index], "")
        commune = "" if pd.isna(row.commune_name) else str(row.commune_name)
        roles = ", ".join(label(role, "role", lang) for role in split_list(row.roles))
        held = "\n".join(self._stage(row.Index, stage, soft) for stage, soft in stages)
        return pairs(
            (home["roles"].label(lang), roles),
            (home["pole"].label(lang), label(row.pole, "pole", lang)),
            (home["structure_kind"].label(lang), label(row.structure_kind, "structure_kind", lang)),
            (home["actor_type"].label(lang), kind),
            (home["status"].label(lang), status),
            (table("stages").label(lang), held),
            (home["commune_name"].label(lang), ", ".join(part for part in (commune, where) if part)),
            (home["part_of"].label(lang), self.names.get(row.part_of, "")),
        )

    def _stage(self, actor: str, stage: str, soft: bool) -> str:
        """Return « Tri : capacité 1 200 t/an, emplois 12 ETP (hypothèse) »."""
        name = str(self.stages.get(stage, stage))
        row = self.activity.get((actor, stage))
        told = []
        if row is not None:
            home = table("activities")
            for column in ("capacity_t_per_year", "jobs_fte", "insertion_fte"):
                text = amount(getattr(row, column), home[column].unit, self.lang)
                if text:
                    told.append(f"{home[column].label(self.lang).lower()} {text}")
        if soft:
            told.append(tr("to be confirmed", self.lang))
        return f"{name} ({', '.join(told)})" if told else name
