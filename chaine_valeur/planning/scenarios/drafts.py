"""Tables on which a scenario is worked out, one change after the other, before they are checked as one."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import pandas as pd

from ...language import tr
from ...schema import table
from ...vocabulary import Confidence

if TYPE_CHECKING:
    from ...filiere import Filiere
    from .changes import Change

__all__ = ["Draft"]


class Draft:
    """Copies of the tables of a filière; what is added or changed is marked as a hypothesis of the scenario.

    Attributes
    ----------
    made, stopped
        Name → identifier of the actors that the scenario made; identifiers of those that it stopped.
    where
        Where the change stands that is worked out, for messages.
    """

    def __init__(self, f: Filiere, scenario: str, year: int | None, lang: str) -> None:
        self.base, self.scenario, self.year, self.lang = f, scenario, year, lang
        self.territory_id = f.territory_id
        self.made: dict[str, str] = {}
        self.stopped: set[str] = set()
        self.where = ""
        self._frames: dict[str, pd.DataFrame] = {}
        self._change: Change | None = None
        self._count = 0

    def begin(self, change: Change, where: str) -> None:
        """Take up a change."""
        self._change, self.where = change, where

    def table(self, name: str) -> pd.DataFrame:
        """Return a table as it is by now."""
        return self._frames[name] if name in self._frames else self.base.table(name)

    @property
    def hypothesis(self) -> str:
        """What new figures say of themselves."""
        told = tr("Scenario “{name}”", self.lang, name=self.scenario)
        why = self._change.hypothesis if self._change is not None else None
        return tr("{label}: {text}", self.lang, label=told, text=why) if why else f"{told}."

    def add(self, name: str, /, **cells: Any) -> str:
        """Add a row and return its identifier."""
        home, rows = table(name), self.table(name)
        key = cells.pop(home.key, None)
        while key is None or key in rows.index:
            self._count += 1
            key = f"{name}-scenario-{self._count}"
        said = {column: value for column, value in cells.items() if value is not None}
        if home.has_provenance:
            source = self._change.source_id if self._change is not None else None
            said |= {"confidence": Confidence.HYPOTHESIS.value, "hypothesis": self.hypothesis}
            said |= {"source_id": source} if source else {}
        new = pd.DataFrame([said], index=pd.Index([key], name=home.key, dtype="str")).reindex(
            columns=rows.columns
        )
        new = new.astype({column: rows[column].dtype for column in rows.columns})
        self._frames[name] = pd.concat([rows, new]) if len(rows) else new
        return str(key)

    def change(self, name: str, key: Any, column: str, value: Any) -> None:
        """Set one cell, and say of it that it is supposed."""
        rows = self.table(name).copy()
        rows.loc[key, column] = value
        self._frames[name] = rows
        if table(name).has_provenance:
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
        f = self.base
        # actors first: what refers to a new one would be refused before
        for name in sorted(self._frames, key=lambda name: (name == "cell_sources", table(name).rank)):
            f = f.with_table(name, self._frames[name].reset_index())
        return f
