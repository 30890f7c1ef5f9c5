"""The rows recorded of an actor in words, table by table: what each says, where from, who may read it."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any

import numpy as np

from ...diagnosis.wording import cell_text, known, text_of
from ...language import clauses, date_text, number, tr
from ...schema import Column, table, tables, unit_label
from ...text import fold
from ...vocabulary import Confidentiality, label
from .form import Noted
from .telling import aim_text
from .view import ENDS, Records, View

if TYPE_CHECKING:
    import pandas as pd

    from .view import Places

__all__ = ["SHOWN", "Reader"]

#: What stands before the others, in bold; what is asked where it is not known; what passed between two actors, which
#: both know whoever stated it.
_LEADS: dict[str, tuple[str, ...]] = {
    "activities": ("stage_id", "year"),
    "markets": ("kind", "material_id", "stage_id", "year"),
    "recipes": ("stage_id", "year"),
    "flows": ("material_id", "year"),
    "costs": ("kind", "label", "year"),
    "cooperations": ("kind", "actor_id", "to_actor_id"),
    "groups": ("name",),
    "memberships": ("group_id",),
    "funding": ("purpose",),
    "budgets": ("name",),
    "agreements": ("kind", "year"),
    "publics": ("public", "sex", "year"),
    "recruitment_needs": ("label", "year"),
    "outcomes": ("label", "year"),
    "observations": ("kind", "stage_id"),
    "actions": ("name",),
    "options": ("name",),
}
_ASKED = {
    "activities": ("capacity_t_per_year", "jobs_fte"),
    "markets": ("quantity_t_per_year",),
    "flows": ("quantity_t_per_year",),
    "costs": ("amount_eur_per_year",),
    "funding": ("amount_eur",),
    "budgets": ("amount_eur",),
    "recruitment_needs": ("posts",),
    "publics": ("persons",),
}
_BETWEEN = {
    "flows": ("material_id", "year", "source", "source_stage", "target", "target_stage", "quantity_t_per_year",
              "natural_quantity_per_year", "amount_eur_per_year", "status"),
    "funding": ("scope", "purpose", "state", "amount_eur", "since", "until", "funder_id", "beneficiary_id"),
}  # fmt: skip
#: Of actions and options, what is told to who is named in them; the rest is the plan’s.
_ONLY = {
    "actions": ("name", "objective", "starts_on", "ends_on", "state"),
    "options": ("name", "kind", "stage_id", "to_stage_id"),
    "budgets": None,
}
#: The unit of scores, which is their scale.
_SCALE = "1-4"
_PROVENANCE = ("source_id", "confidence", "hypothesis", "confidentiality", "note")
#: Tables of a sheet, in its order: table → columns that name the actor.
SHOWN: dict[str, tuple[str, ...]] = {
    "activities": ("actor_id",),
    "recipes": ("actor_id",),
    "markets": ("actor_id",),
    "flows": ENDS["flows"],
    "costs": ("actor_id",),
    "cooperations": ENDS["cooperations"],
    "groups": ("referent_id",),
    "memberships": ("actor_id",),
    "funding": ENDS["funding"],
    "budgets": ("funder_id",),
    "agreements": ("actor_id",),
    "publics": ("actor_id",),
    "recruitment_needs": ("actor_id",),
    "outcomes": ("actor_id",),
    "observations": ("actor_id",),
    "actions": ("owner_id", "actor_id"),
    "options": ("actor_id", "to_actor_id"),
}


@dataclass
class Reader:
    """Reads the rows of one actor.

    Attributes
    ----------
    left_out
        How many rows about it are not on its sheet, since others said them in confidence.
    cited
        The sources, in the order in which the sheet cites them: they are numbered from 1.
    """

    records: Records
    view: View
    actor: str
    left_out: int = 0
    cited: list[str] = field(default_factory=list)

    @property
    def lang(self) -> str:
        """The language of the sheet."""
        return self.view.lang

    def rows(self, name: str) -> list[Noted]:
        """Return what was recorded of the actor in a table."""
        parts = [self.records.places(name, column, self.actor) for column in SHOWN[name]]
        places = np.unique(np.concatenate(parts))
        if not len(places):
            return []
        kept, own = self._kept(name, places)
        self.left_out += len(places) - int(kept.sum())
        places, own = places[kept], own[kept]
        guarded = self._guarded(name, places) & ~own
        return [
            self._noted(name, hidden=bool(hidden), place=int(place))
            for hidden, place in zip(guarded, places, strict=True)
        ]

    def _guarded(self, name: str, places: Places) -> np.ndarray:
        """Return which rows are for the team alone: they say so, or say nothing beside an actor that is."""
        said: np.ndarray = self.records.levels(name)["said"].to_numpy(bool)[places]
        if name not in ENDS:
            return said
        others = self.records.ends(name)[places] != self.actor
        return said | (self.records.beside(name)[places] & others).any(axis=1)

    def _kept(self, name: str, places: Places) -> tuple[np.ndarray, np.ndarray]:
        """Return which rows the actor may see, and which of them it stated itself."""
        by = self.records.stated_by(name)[places]
        own = by == self.actor
        guarded = self._guarded(name, places)
        if name in ("observations", "actions", "options"):
            return ~guarded | own, own
        if name == "cooperations":
            first = self.records.ends(name)[places, 0] == self.actor
            return ~guarded | own | (first & (by == "")), own
        return np.ones(len(places), dtype=bool), own

    def _noted(self, name: str, *, hidden: bool, place: int) -> Noted:
        lang, row = self.lang, self.view.row(name, place)[1]
        columns = self._columns(name, hidden=hidden, row=row)
        lead = [self._cell(name, column, row) for column in columns if column.name in _LEADS[name]]
        lead = [text for text in lead if text]
        if name == "flows":
            lead = [self._direction(row), *lead]
        details = [
            tr("{label}: {text}", lang, label=column.label(lang), text=text)
            for column in columns
            if column.name not in _LEADS[name]
            and (text := self._cell(name, column, row))
            and not (
                column.default
                and str(row[column.name]).casefold() == column.default
                and name != "cooperations"
            )
        ]
        if name == "observations":
            details = [text_of(row["text"])]
        if name == "groups":
            details.insert(0, tr("referent of the group", lang))
        if name == "memberships":
            details += self._attended(row)
        asked = [table(name)[one].label(lang) for one in _ASKED.get(name, ()) if not known(row[one])]
        if asked and not (name == "markets" and known(row.get("natural_quantity_per_year"))):
            details.append(tr("not known: {what}", lang, what=", ".join(asked)))
        if not hidden:
            details += [text_of(row.get(one)) for one in ("note",) if known(row.get(one))]
        return Noted(
            " · ".join(lead) or table(name).label(lang),
            clauses([text.rstrip(".") for text in details], lang),
            self.row_source(name, place, hidden=hidden),
            self.row_level(name, place),
        )

    def _columns(self, name: str, *, hidden: bool, row: dict[Any, Any]) -> list[Column]:
        """Return the columns that a row is told by, those of the lead first and in their order."""
        home = table(name)
        only = _BETWEEN.get(name) if hidden else None
        only = only if only is not None else _ONLY.get(name)
        mine = {column for column in SHOWN[name] if row.get(column) == self.actor}
        kept = [
            column
            for column in home
            if column.need != "key" and column.name not in _PROVENANCE and column.name not in mine
            and (only is None or column.name in only)
            and not (column.internal and row.get("actor_id") != self.actor)
            and column.name != "same_flow_as"
        ]  # fmt: skip
        order = {one: place for place, one in enumerate(_LEADS[name])}
        if name == "flows":
            kept = [column for column in kept if column.name not in ("source", "target")]
        return sorted(kept, key=lambda column: order.get(column.name, len(order)))

    def _cell(self, name: str, column: Column, row: dict[Any, Any]) -> str:
        if name == "outcomes" and column.name in ("target", "reached"):
            return aim_text(row[column.name], row["unit"], self.lang)
        if name == "outcomes" and column.name == "unit":
            return ""
        told = cell_text(row[column.name], column, names=self.view.names(name, column.name), lang=self.lang)
        scale = unit_label(column.unit, self.lang)
        return told.replace(f"\u00a0{scale}", f" ({scale})") if told and column.unit == _SCALE else told

    def _direction(self, row: dict[Any, Any]) -> str:
        """Return whether a flow comes in or goes out, and whence or where."""
        lang, outside = self.lang, tr("outside", self.lang)
        names = self.view.names("flows", "source")
        other = {end: text_of(names.get(row[end])) or outside for end in ENDS["flows"]}
        if row["source"] == row["target"]:
            return tr("Kept on site", lang)
        if row["target"] == self.actor:
            return tr("From {name}", lang, name=other["source"])
        return tr("To {name}", lang, name=other["target"])

    def _attended(self, row: dict[Any, Any]) -> list[str]:
        """Return to how many of the meetings of a group it came, as far as that is noted."""
        places = self.records.places("meetings", "actor_id", self.actor)
        if not len(places):
            return []
        frame = self.records.f.meetings.iloc[places]
        mine = frame[(frame["group_id"] == row["group_id"]) & frame["attended"].notna()]
        if mine.empty:
            return []
        came = int(mine["attended"].sum())
        said = number(len(mine), self.lang), number(came, self.lang)
        return [tr("meetings noted: {noted}, present: {came}", self.lang, noted=said[0], came=said[1])]

    def row_source(self, name: str, place: int, *, hidden: bool, brief: bool = False) -> str:
        """Return where a row comes from, as a number of the list below, and how firm it is; if `brief`, no more."""
        lang = self.lang
        key, row = self.view.row(name, place)
        firm = label(row["confidence"], "confidence", lang).lower() if known(row["confidence"]) else ""
        if hidden:
            return clauses([tr("source not named here", lang), firm], lang)
        parts = [" ".join(one for one in (self.cite(row["source_id"]), firm) if one)]
        if brief:
            return parts[0] or tr("source not stated", lang)
        if known(row["hypothesis"]):
            parts.append(text_of(row["hypothesis"]).rstrip("."))
        for said in self.view.cells.get((name, key), ()):
            column = _column_of(name, str(said["column"]))
            words = [self.cite(said["source_id"])]
            words += [
                label(text_of(said[one]), one, lang).lower() for one in ("confidence", "confidentiality")
            ]
            if column:
                text = " ".join(word for word in words if word)
                parts.append(tr("{label}: {text}", lang, label=column.label(lang), text=text))
        return clauses(parts, lang) or tr("source not stated", lang)

    def cite(self, source: Any) -> str:
        """Return the number of a source among those that the sheet cites; empty where none is stated."""
        if not known(source):
            return ""
        if str(source) not in self.cited:
            self.cited.append(str(source))
        return f"[{self.cited.index(str(source)) + 1}]"

    def row_level(self, name: str, place: int) -> str:
        """Return who may read a row, in a word."""
        levels = self.records.levels(name)
        level, stated = levels["level"].to_numpy()[place], bool(levels["stated"].to_numpy()[place])
        word = label(level, "confidentiality", self.lang)
        if not stated and level == Confidentiality.PUBLIC.value:
            return tr("{level} (by default)", self.lang, level=word)
        return word

    def sources(self) -> list[str]:
        """Return the sources cited, « [1] Entretien du 3 avril 2024, Papeterie, 2024 »."""
        told = []
        frame: pd.DataFrame = self.view.sources
        for place, key in enumerate(self.cited, 1):
            if key in frame.index:
                row = frame.loc[key]
                year = cell_text(row["year"], table("sources")["year"], lang=self.lang)
                parts = [text_of(row["name"]) or key, text_of(row["publisher"]), year]
            else:
                parts = [key]
            told.append(f"[{place}] " + ", ".join(part for part in parts if part))
        return told

    def agreed_on(self) -> str:
        """Return when the actor agreed to its figures being published in classes; empty where it did not."""
        f = self.records.f
        own = [key for key, owner in self.records.owner.items() if owner == self.actor]
        days = f.sources.loc[own, "classes_agreed_on"].dropna()
        return date_text(days.max().date(), self.lang) if len(days) else ""


def _column_of(name: str, said: str) -> Column | None:
    for column in tables()[name]:
        if fold(said) in {fold(word) for word in (column.name, column.label_fr, column.label_en)}:
            return column
    return None
