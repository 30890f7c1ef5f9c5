"""Nodes and links as a file of OpenSankey says them."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Any

__all__ = ["Link", "Sankey"]


@dataclass
class Link:
    """A figure of a file: two nodes, where it stands, columns of flows, tags by group."""

    source: str
    target: str
    sheet: str
    line: int
    said: dict[str, Any] = field(default_factory=dict)
    tags: dict[str, list[str]] = field(default_factory=dict)


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
