"""What a one-page sheet is made of, whatever its form: entries, choices, tables, rows to be checked, a signature.

Everything here is plain text: the forms escape it. What is not known is a place to write in.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

from ..blocks import Grid, Paragraph, Points

__all__ = [
    "Blank",
    "Check",
    "Choice",
    "Entries",
    "Entry",
    "Fiche",
    "Item",
    "Noted",
    "Part",
    "Signature",
    "Table",
]


@dataclass(frozen=True)
class Entry:
    """A label and what is known of it; an empty text is a place to write in, of so many lines."""

    label: str
    text: str = ""
    lines: int = 1


@dataclass(frozen=True)
class Entries:
    """Entries one below the other, or two side by side."""

    entries: tuple[Entry, ...]
    beside: int = 1


@dataclass(frozen=True)
class Blank:
    """Lines to write on, under what is to be written there."""

    lines: int
    label: str = ""


@dataclass(frozen=True)
class Choice:
    """Boxes to tick behind what they answer; ``ticked`` are the places of those that are ticked already."""

    options: tuple[str, ...]
    ticked: tuple[int, ...] = ()
    label: str = ""


@dataclass(frozen=True)
class Table:
    """A table, and below it so many empty rows to write in."""

    grid: Grid
    empty: int = 0


@dataclass(frozen=True)
class Noted:
    """A row that was recorded of somebody.

    Attributes
    ----------
    lead, details
        What it is about; what it says. Without details it is asked what should stand there.
    source
        Where it comes from and how firm it is.
    level
        Who may read it.
    """

    lead: str
    details: str = ""
    source: str = ""
    level: str = ""


@dataclass(frozen=True)
class Check:
    """Rows to be checked, each with its boxes « exact » and « à corriger », group by group under its title."""

    caption: str
    groups: tuple[tuple[str, tuple[Noted, ...]], ...]

    @property
    def count(self) -> int:
        """How many rows there are to check."""
        return sum(len(rows) for _, rows in self.groups)


@dataclass(frozen=True)
class Signature:
    """Where to write a name, a date and a signature."""


Item = Paragraph | Points | Entries | Blank | Choice | Table | Check | Signature


@dataclass(frozen=True)
class Part:
    """A part of a sheet under its title; one that is ``whole`` is not torn over two pages."""

    title: str
    items: tuple[Item, ...]
    whole: bool = True


@dataclass(frozen=True)
class Fiche:
    """A sheet: what both of its forms say.

    Attributes
    ----------
    kind, title
        « Fiche action », and what it is about.
    strip
        Short facts under the title, side by side.
    running
        What each printed page says of itself.
    closing
        Where it comes from, in small letters at its end.
    """

    lang: str
    kind: str
    title: str
    strip: tuple[tuple[str, str], ...]
    parts: tuple[Part, ...]
    running: tuple[str, ...] = ()
    lead: str = ""
    closing: str = ""

    def items(self) -> Iterator[Item]:
        """Iterate over the items of all parts."""
        for part in self.parts:
            yield from part.items
