"""Tables on which a scenario is worked out, one change after the other, before they are checked as one."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import pandas as pd

from ...errors import ArgumentError, ValidationError
from ...language import clauses, tr
from ...schema import table
from ...vocabulary import Confidence

if TYPE_CHECKING:
    from ...filiere import Filiere
    from .changes import Change

__all__ = ["Draft", "unknown_remark"]


class Draft:
    """Copies of the tables of a filière; what is added or changed is marked as a hypothesis of the scenario.

    Attributes
    ----------
    made, begun, stopped
        Name → identifier of the actors that the scenario made; identifiers of those of which the project begins,
        and of those that it stopped.
    told
        Per change, what had to be taken for granted, or stays unknown.
    where
        Where the change stands that is worked out, for messages.
    """

    def __init__(self, f: Filiere, scenario: str, year: int | None, lang: str) -> None:
        self.base, self.scenario, self.asked, self.lang = f, scenario, year, lang
        self.year = year or f.year or f.reference_year or (max(f.years) if f.years else None)
        self.territory_id = f.territory_id
        self.made: dict[str, str] = {}
        self.begun: set[str] = set()
        self.stopped: set[str] = set()
        self.told: list[list[str]] = []
        self.where = ""
        self._frames: dict[str, pd.DataFrame] = {}
        self._new: set[tuple[str, str]] = set()
        self._written: set[tuple[str, str, str]] = set()
        self._change: Change | None = None
        self._count = 0

    def begin(self, change: Change, where: str) -> None:
        """Take up a change.

        Raises
        ------
        ArgumentError
            A year of which the filière has no figures: they would be the only ones that count.
        """
        self._change, self.where = change, where
        self.told.append([])
        year, base = change.year or self.asked, self.base
        known = [base.year] if base.year is not None else base.years
        if year is not None and known and year not in known:
            said = ", ".join(map(str, known))
            told = tr("the figures are those of {years}, not of {year}; leave the year blank, or state one of them",
                      self.lang, years=said, year=year)  # fmt: skip
            raise ArgumentError(self.wrong(told))

    def wrong(self, told: str) -> str:
        """Return what is wrong in the change taken up, with where it stands."""
        return tr("{label}: {text}", self.lang, label=self.where, text=told)

    def tell(self, remark: str) -> None:
        """Keep what a reader of the change has to know."""
        if remark not in self.told[-1]:
            self.told[-1].append(remark)

    def table(self, name: str) -> pd.DataFrame:
        """Return a table as it is by now."""
        return self._frames[name] if name in self._frames else self.base.table(name)

    def year_in(self, name: str) -> int | None:
        """Return the year of the rows of a table that a change is about.

        The one asked for; where the table does not speak of it, the latest that it speaks of. A row of another year
        would be the only one that counts, and all others would vanish from the figures.
        """
        if self.base.year is not None:
            return self.base.year
        asked = (self._change.year if self._change is not None else None) or self.asked
        known = self.base.table(name)["year"].dropna()
        if known.empty or (known == asked).any():
            return asked or self.year
        return int(known.max())

    def is_written(self, name: str, key: str, column: str) -> bool:
        """Whether the scenario itself stated a cell."""
        return (name, key, column) in self._written or (name, key) in self._new

    @property
    def hypothesis(self) -> str:
        """What new figures say of themselves."""
        told = tr("Scenario “{name}”", self.lang, name=self.scenario)
        why = self._change.hypothesis if self._change is not None else None
        return tr("{label}: {text}", self.lang, label=told, text=why) if why else f"{told}."

    def add(self, name: str, /, *, assumed: str = "", **cells: Any) -> str:
        """Add a row and return its identifier; `assumed` is what its hypothesis says besides."""
        home, rows = table(name), self.table(name)
        key = cells.pop(home.key, None)
        while key is None or key in rows.index:
            self._count += 1
            key = f"{name}-scenario-{self._count}"
        said = {column: value for column, value in cells.items() if value is not None}
        if home.has_provenance:
            source = self._change.source_id if self._change is not None else None
            text = " ".join(part for part in (self.hypothesis, assumed) if part)
            said |= {"confidence": Confidence.HYPOTHESIS.value, "hypothesis": text}
            said |= {"source_id": source} if source else {}
        new = pd.DataFrame([said], index=pd.Index([key], name=home.key, dtype="str")).reindex(
            columns=rows.columns
        )
        new = new.astype({column: rows[column].dtype for column in rows.columns})
        self._frames[name] = pd.concat([rows, new]) if len(rows) else new
        self._new.add((name, str(key)))
        return str(key)

    def change(self, name: str, key: Any, column: str, value: Any) -> None:
        """Set one cell, and say of it that it is supposed."""
        rows = self.table(name).copy()
        rows.loc[key, column] = value
        self._frames[name] = rows
        self._written.add((name, str(key), column))
        if table(name).has_provenance and (name, str(key)) not in self._new:
            said = self.table("cell_sources")
            same = (said["table"] == name) & (said["row_id"] == key) & (said["column"] == column)
            if same.any():
                self._frames["cell_sources"] = said[~same.to_numpy(bool, na_value=False)]
            self.add(
                "cell_sources", table=name, row_id=key, column=column, confidence=Confidence.HYPOTHESIS.value,
                hypothesis=self.hypothesis, source_id=self._change.source_id if self._change else None,
            )  # fmt: skip

    def filiere(self) -> Filiere:
        """Return the filière of these tables, checked as any other."""
        if not self._frames:
            return self.base
        frames = {name: frame.reset_index() for name, frame in self._frames.items()}
        try:
            # all at once: what refers to a new actor would be refused before it, and each time all is checked
            return self.base._rebuilt(frames, changed=list(frames), strict=True)
        except ValidationError as error:
            told = tr("scenario “{name}”", self.lang, name=self.scenario)
            raise ValidationError(f"{told}: {error}", error.problems) from None


def unknown_remark(columns: list[str], lang: str) -> str:
    """Return that figures are unknown today, so that more of them is unknown as well."""
    return tr(
        "Not known today, so still unknown: {names}.",
        lang,
        names=clauses([name.lower() for name in columns], lang),
    )
