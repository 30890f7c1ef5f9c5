"""Nodes and edges as a file lists them."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any

from .objects import blank_column, objects

if TYPE_CHECKING:
    from .objects import Objects

__all__ = ["Found"]


@dataclass
class Found:
    """Nodes, or edges, as a file lists them, one entry each in every list; ``None`` is unknown.

    ``lines`` says where each stands, and ``sheets`` on which sheet, where there are several; ``start`` and ``end`` are
    years; ``sources``, ``targets`` and ``directed`` are of edges, ``parents`` of nodes.
    """

    ids: list[str | None] = field(default_factory=list)
    labels: list[str | None] = field(default_factory=list)
    lines: list[int] = field(default_factory=list)
    sheets: list[str] = field(default_factory=list)
    start: list[int | None] = field(default_factory=list)
    end: list[int | None] = field(default_factory=list)
    parents: list[str | None] = field(default_factory=list)
    sources: list[str | None] = field(default_factory=list)
    targets: list[str | None] = field(default_factory=list)
    directed: list[bool] = field(default_factory=list)
    #: attribute → places and values, as they came
    said: dict[str, tuple[list[int], list[Any]]] = field(default_factory=dict)

    def __len__(self) -> int:
        return len(self.ids)

    def add(
        self,
        identifier: str | None,
        line: int,
        *,
        label: str | None = None,
        ends: tuple[str | None, str | None] | None = None,
        directed: bool = True,
        parent: str | None = None,
        sheet: str | None = None,
    ) -> None:
        """Add a node; or, with ``ends``, an edge."""
        self.ids.append(identifier)
        self.labels.append(label)
        self.lines.append(line)
        self.start.append(None)
        self.end.append(None)
        if sheet is not None:
            self.sheets.append(sheet)
        if ends is None:
            self.parents.append(parent)
        else:
            self.sources.append(ends[0])
            self.targets.append(ends[1])
            self.directed.append(directed)

    def say(self, name: str, value: Any) -> None:
        """Give the last one an attribute; where it has it already, this value prevails."""
        if name not in self.said:
            self.said[name] = ([], [])
        places, values = self.said[name]
        places.append(len(self.ids) - 1)
        values.append(value)

    def attributes(self) -> dict[str, Objects]:
        """Return attribute → values along all, those without any value left out."""
        made = {}
        for name, (places, values) in self.said.items():
            if places:
                made[name] = column = blank_column(len(self.ids))
                column[places] = objects(values)
        return made
