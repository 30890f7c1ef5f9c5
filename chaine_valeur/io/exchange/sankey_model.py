"""Nodes and links as a file of OpenSankey says them."""

from __future__ import annotations

import re
from dataclasses import dataclass, field
from typing import Any

import pandas as pd

from ...parse import parse_column
from ...schema import table
from ...text import fold

__all__ = ["Link", "Sankey", "header_of_tags", "in_tonnes"]

_YEAR = re.compile(r"annees?|years?|periodes?|periods?|millesimes?|dates?")
_MATERIAL = re.compile(r"matieres?|materiaux|materials?")
_FIGURES = ("quantity_t_per_year", "min_t_per_year", "max_t_per_year")


def header_of_tags(group: str) -> str:
    """Return the column of flows that a group of tags is, or its name.

    Examples
    --------
    >>> header_of_tags("Années"), header_of_tags("Materials"), header_of_tags("Type de donnée")
    ('year', 'material_id', 'Type de donnée')
    """
    folded = fold(group)
    return "year" if _YEAR.fullmatch(folded) else "material_id" if _MATERIAL.fullmatch(folded) else group


@dataclass
class Link:
    """A figure of a file: two nodes, where it stands, columns of flows, tags by group."""

    source: str
    target: str
    sheet: str
    line: int
    said: dict[str, Any] = field(default_factory=dict)
    tags: dict[str, list[str]] = field(default_factory=dict)

    @property
    def tonnes(self) -> float | None:
        """The figure of the link, ``None`` where it is unknown or no number."""
        value = self.said.get("quantity_t_per_year")
        number = isinstance(value, (int, float)) and not isinstance(value, bool) and value == value
        return float(value) if number else None  # type: ignore[arg-type]

    @property
    def ends(self) -> str:
        """Both ends, as messages name a link."""
        return f"{self.source} → {self.target}"

    def columns(self) -> dict[str, Any]:
        """Return all that the link says, as columns of flows."""
        tags = {header_of_tags(group): " ; ".join(tags) for group, tags in self.tags.items() if tags}
        return {**tags, **self.said}


@dataclass
class Sankey:
    """What a file says: nodes by name, each with kind, sheet, line and columns; parents; links; groups of tags."""

    file: str
    kinds: dict[str, str] = field(default_factory=dict)
    sheets: dict[str, str] = field(default_factory=dict)
    lines: dict[str, int] = field(default_factory=dict)
    columns: dict[str, dict[str, Any]] = field(default_factory=dict)
    parents: list[tuple[str, str]] = field(default_factory=list)
    links: list[Link] = field(default_factory=list)
    #: group → all its tags
    groups: dict[str, list[str]] = field(default_factory=dict)

    def add(self, name: str, kind: str, sheet: str, line: int, **said: Any) -> None:
        """Add a node, or say more of one."""
        if name not in self.kinds:
            self.kinds[name], self.sheets[name], self.lines[name], self.columns[name] = kind, sheet, line, {}
        elif kind and not self.kinds[name]:
            self.kinds[name] = kind
        self.columns[name].update({key: value for key, value in said.items() if value is not None})


def in_tonnes(said: Sankey, t_per_unit: float) -> None:
    """Make the figures of links numbers, in tonnes; what is no number stays as it is written, for the checks to tell.

    A text that says its own unit (« 12 t ») is in tonnes already.
    """
    for name in _FIGURES:
        links = [link for link in said.links if link.said.get(name) is not None]
        if not links:
            continue
        cells = [link.said[name] for link in links]
        parsed = parse_column(pd.Series(cells, dtype=object), table("flows")[name])
        for link, cell, value, code in zip(links, cells, parsed.values, parsed.codes, strict=True):
            if code:
                continue
            if value != value:  # « n.c. »
                del link.said[name]
            else:
                in_units = not (isinstance(cell, str) and "t" in cell.casefold())
                link.said[name] = float(value) * (t_per_unit if in_units else 1)
