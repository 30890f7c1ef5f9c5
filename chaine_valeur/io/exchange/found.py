"""Nodes and edges as a file lists them."""

from __future__ import annotations

import os
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any

import numpy as np

from .files import check_cells
from .objects import objects

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
    #: attribute → its value wherever nothing else is said
    usual: dict[str, Any] = field(default_factory=dict)

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

    def say(self, name: str, value: Any, place: int = -1) -> None:
        """Give one, by default the last, an attribute; where it has it already, this value prevails."""
        if name not in self.said:
            self.said[name] = ([], [])
        places, values = self.said[name]
        places.append(len(self.ids) + place if place < 0 else place)
        values.append(value)

    def say_usually(self, name: str, value: Any) -> None:
        """Give an attribute to all that nothing else gives it, listed already or not."""
        self.usual[name] = value
        self.said.setdefault(name, ([], []))

    def taken(self, name: str) -> tuple[list[int], list[Any]]:
        """Take an attribute out and return its places and values, the usual ones among them."""
        places, values = self.said.pop(name)
        if name in self.usual:
            missing = sorted({*range(len(self))} - {*places})
            places, values = [*places, *missing], [*values, *[self.usual.pop(name)] * len(missing)]
        return places, values

    def check(self, path: str | os.PathLike[str], *, lang: str) -> None:
        """Refuse a file whose elements have too many different attributes, before any column of them is made.

        Raises
        ------
        UnreadableFileError
            As `check_cells`.
        """
        told = len(self) + sum(len(places) for places, _ in self.said.values())
        check_cells(path, len(self) * len(self.said), told, lang=lang)

    def attributes(self) -> dict[str, Objects]:
        """Return attribute → values along all, those without any value left out."""
        made = {}
        for name, (places, values) in self.said.items():
            if places or (name in self.usual and len(self)):
                made[name] = column = np.full(len(self), self.usual.get(name), dtype=object)
                column[places] = objects(values)
        return made
