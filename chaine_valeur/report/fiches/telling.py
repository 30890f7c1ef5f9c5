"""What the sheets on actions and experiences share: names, places to write in, who helps and who hinders, where from."""

from __future__ import annotations

from collections.abc import Collection, Iterable
from dataclasses import dataclass
from datetime import date
from typing import TYPE_CHECKING, Any

import numpy as np
import pandas as pd

from ...analysis.insertion.wording import amount_of
from ...diagnosis.telling import sentence_of
from ...diagnosis.wording import known, text_of
from ...language import clauses, date_text, enumeration, number, tr, trn
from ...provenance import provenance
from ...redaction import without_persons
from ...redaction.naming import natural_persons
from ...schema import table
from ...text import fold, split_list
from ...vocabulary import ObservationKind, label
from ..blocks import Cell, Column, Grid, Points, Rows
from ..opening import territory_name
from ..redacted import VERSIONS
from .form import Blank, Item, Table

if TYPE_CHECKING:
    from ...diagnosis import Diagnosis
    from ...filiere import Filiere

__all__ = ["Teller", "aim_text", "running"]

#: So many observations of a kind stand on a sheet.
_MOST_HEARD = 4


def aim_text(value: Any, unit: Any, lang: str) -> str:
    """Return a value with its unit, « 12 personnes »; empty where it is not known."""
    if not known(value):
        return ""
    return amount_of(float(value), unit, lang) if known(unit) else number(float(value), lang)


def running(diagnosis: Diagnosis) -> tuple[str, ...]:
    """Return what each page says: of which filière, for whom."""
    named = diagnosis.filiere.name or tr("Filière without a name", diagnosis.lang)
    version = VERSIONS.get(diagnosis.audience)
    return (named, tr(version, diagnosis.lang)) if version else (named,)


@dataclass(frozen=True)
class Teller:
    """A diagnostic as the sheets tell it: natural persons masked, what is not told marked as such.

    Attributes
    ----------
    diagnosis
        Persons masked.
    persons
        Folded name of a natural person → the name that it is told under.
    hidden
        Tables of which something is not told to the audience.
    """

    diagnosis: Diagnosis
    persons: dict[str, str]
    hidden: frozenset[str]
    on: date | None = None

    @classmethod
    def of(cls, diagnosis: Diagnosis, *, on: date | None = None) -> Teller:
        """Return who tells a diagnostic."""
        told = without_persons(diagnosis)
        f = diagnosis.filiere
        places = f.actors.index.get_indexer(natural_persons(f))
        names = told.filiere.actors["name"] if len(told.filiere.actors) == len(f.actors) else f.actors["name"]
        persons = {fold(str(f.actors["name"].iloc[at])): str(names.iloc[at]) for at in places}
        redacted = diagnosis.audience in ("public", "partners")
        hidden = frozenset(map(str, diagnosis.removed["table"])) if redacted else frozenset()
        return cls(told, persons, hidden, on)

    @property
    def f(self) -> Filiere:
        """The filière, persons masked."""
        return self.diagnosis.filiere

    @property
    def lang(self) -> str:
        """The language of the sheets."""
        return self.diagnosis.lang

    @property
    def redacted(self) -> bool:
        """Whether it is told to an audience that may not read everything."""
        return self.diagnosis.audience in ("public", "partners")

    def or_asked(self, text: str, name: str) -> str:
        """Return a text of a table; where there is none, that it may not be told, or nothing: a place to write in."""
        if text or name not in self.hidden:
            return text
        return tr("not known, or not told in this version", self.lang)

    def name(self, home: str, key: Any) -> str:
        """Return the name of a row of a table; empty where nothing is referred to."""
        frame = self.f.table(home)
        return str(frame.at[key, "name"]) if known(key) and key in frame.index else ""

    def names(self, home: str, keys: Iterable[Any]) -> str:
        """Return the different names of some rows, those that are known, as one text."""
        found = [name for name in dict.fromkeys(self.name(home, key) for key in keys) if name]
        return enumeration(found, self.lang, limit=8)

    def partners(self, cell: Any) -> str:
        """Return those whom an action is done with, as they were written.

        Natural persons are named as everywhere. In a redacted version only actors that it names are: nobody knows
        who the others are.
        """
        actors = {fold(str(name)): str(name) for name in self.f.actors["name"]}
        told, others = [], 0
        for one in split_list(text_of(cell)):
            plain = f" {fold(one)} "
            person = next((new for old, new in self.persons.items() if f" {old} " in plain), "")
            if person:
                told.append(person)
            elif self.redacted and fold(one) not in actors:
                others += 1
            else:
                told.append(one)
        if others:
            told.append(trn("{count} other, not named", "{count} others, not named", others, self.lang))
        return ", ".join(dict.fromkeys(told))

    def span(self, start: Any, end: Any) -> str:
        """Return between which dates something takes place."""
        first, last = (date_text(day.date(), self.lang) if known(day) else "" for day in (start, end))
        if first and last:
            return tr("from {start} to {end}", self.lang, start=first, end=last)
        if first:
            return tr("from {start} on", self.lang, start=first)
        return tr("until {end}", self.lang, end=last) if last else ""

    def place(self) -> str:
        """Return the territory of the filière."""
        return territory_name(self.f)

    def firmness(self, name: str, keys: Collection[Any]) -> str:
        """Return where rows come from and how firm they are, each source once."""
        said = provenance(self.f, name).loc[list(keys)]
        sources = self.f.sources["name"]
        told = []
        for row in said.to_dict("records"):
            parts = [text_of(sources.get(row["source_id"])) or text_of(row["source_id"])]
            parts.append(label(row["confidence"], "confidence", self.lang).lower())
            parts.append(text_of(row["hypothesis"]).rstrip("."))
            told.append(", ".join(part for part in parts if part))
        return clauses(dict.fromkeys(told), self.lang)

    def closing(self, firmness: str) -> str:
        """Return where a sheet comes from, and of when it is."""
        parts = []
        if firmness:
            parts.append(sentence_of(tr("Sources: {sources}", self.lang, sources=firmness)))
        if self.on is not None:
            parts.append(tr("Sheet of {date}.", self.lang, date=date_text(self.on, self.lang)))
        parts.append(tr("Dotted lines are to be filled in.", self.lang))
        return " ".join(parts)

    def heard(
        self, kind: ObservationKind, *, stages: Collection[Any], actors: Collection[Any], whole: bool = False
    ) -> Item:
        """Return what was heard that helps or hinders some actors and stages, or lines to write on.

        Parameters
        ----------
        stages, actors
            An observation counts that is about one of these actors, or that names no actor and one of these stages.
        whole
            Take those of the whole filière.
        """
        rows = self.f.observations
        mine = pd.Series(whole, index=rows.index)
        mine |= rows["actor_id"].isin(list(actors))
        mine |= rows["actor_id"].isna() & rows["stage_id"].isin(list(stages))
        texts = [str(text) for text in rows.loc[mine & (rows["kind"] == kind.value), "text"].dropna()]
        if not texts:
            return Blank(2)
        left = len(texts) - _MOST_HEARD
        more = [trn("… and {count} other", "… and {count} others", left, self.lang)] if left > 0 else []
        return Points((*texts[:_MOST_HEARD], *more))

    def results(self, rows: pd.DataFrame, first: Iterable[tuple[str, str, str]] = (), *, empty: int) -> Table:
        """Return expected and reached results as a table.

        Parameters
        ----------
        rows
            Rows of ``outcomes``.
        first
            Further results, told first: what it is, target, reached.
        empty
            Rows to write in below.
        """
        lang, home = self.lang, table("outcomes")
        told: Rows = []
        told += [[Cell(name, strong=True), target, reached, ""] for name, target, reached in first]
        for row in rows.to_dict("records"):
            kind = label(row["kind"], "outcome_kind", lang)
            name = text_of(row["label"]) or kind or tr("Result", lang)
            year = str(int(row["year"])) if known(row["year"]) else ""
            told.append([
                Cell(name, strong=True),
                self.or_asked(aim_text(row["target"], row["unit"], lang), "outcomes"),
                self.or_asked(aim_text(row["reached"], row["unit"], lang), "outcomes"),
                year,
            ])  # fmt: skip
        columns = [
            Column(tr("Result", lang), weight=3),
            Column(home["target"].label(lang)),
            Column(home["reached"].label(lang)),
            Column(home["year"].label(lang)),
        ]
        return Table(Grid.of(tr("Results", lang), columns, told), empty=empty)

    def stages_of(self, actor: str) -> list[str]:
        """Return the stages that an actor holds, in the order of the table of activities."""
        rows = self.f.activities
        mine = (rows["actor_id"] == actor).to_numpy(bool, na_value=False) if len(rows) else np.zeros(0, bool)
        return [str(one) for one in rows.loc[mine, "stage_id"].unique()]
