"""What a report is made of, whatever its form: sections of paragraphs, cards, tables and pictures.

Everything here is plain text: the forms escape it. A cell or a card may point to an `anchor` of the report.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field, replace

__all__ = [
    "Block",
    "Card",
    "Cards",
    "Cell",
    "Column",
    "Content",
    "Grid",
    "Heading",
    "Map",
    "Paragraph",
    "Picture",
    "Points",
    "Rows",
    "Section",
    "anchor_of",
]


@dataclass(frozen=True)
class Paragraph:
    """A paragraph; ``kind`` is ``body``, ``lead``, ``note`` or ``warning``."""

    text: str
    kind: str = "body"


@dataclass(frozen=True)
class Heading:
    """A heading inside a section, with the anchor that leads to it, and back to whence one came."""

    text: str
    anchor: str = ""
    back: str = ""


@dataclass(frozen=True)
class Points:
    """A list; numbered if ``ordered``."""

    items: tuple[str, ...]
    ordered: bool = False


@dataclass(frozen=True)
class Card:
    """A key figure: what it is called, what it says, what to know, and the anchor of its explanation."""

    identifier: str
    name: str
    value: str
    details: tuple[str, ...] = ()
    firmness: str = ""
    anchor: str = ""
    unknown: bool = False


@dataclass(frozen=True)
class Cards:
    """Key figures, side by side."""

    cards: tuple[Card, ...]


@dataclass(frozen=True)
class Column:
    """A column of a table; ``weight`` is its share of the width where a form needs one."""

    label: str
    numeric: bool = False
    weight: float = 1.0


@dataclass(frozen=True)
class Cell:
    """A cell; ``anchor`` leads to a place of the report, ``url`` out of it; ``strong`` heads its row."""

    text: str
    anchor: str = ""
    url: str = ""
    strong: bool = False


#: Rows as they are put together, before `Grid.of`.
Rows = list[list[Cell | str]]


@dataclass(frozen=True)
class Grid:
    """A table with a caption; ``note`` stands below it."""

    caption: str
    columns: tuple[Column, ...]
    rows: tuple[tuple[Cell, ...], ...]
    note: str = ""
    anchors: tuple[str, ...] = ()

    @classmethod
    def of(
        cls,
        caption: str,
        columns: Iterable[Column | str],
        rows: Iterable[Iterable[Cell | str]],
        *,
        note: str = "",
    ) -> Grid:
        """Return a table of cells or plain texts."""
        return cls(
            caption,
            tuple(column if isinstance(column, Column) else Column(column) for column in columns),
            tuple(tuple(cell if isinstance(cell, Cell) else Cell(cell) for cell in row) for row in rows),
            note,
        )

    def filled(self) -> Grid:
        """Return the table without the columns of which every cell is empty; one without rows as it is."""
        kept = [place for place in range(len(self.columns)) if any(row[place].text for row in self.rows)]
        if not self.rows:
            return self
        return replace(
            self,
            columns=tuple(self.columns[place] for place in kept),
            rows=tuple(tuple(row[place] for place in kept) for row in self.rows),
        )


@dataclass(frozen=True)
class Picture:
    """A figure as PNG and SVG, with its size on paper and the text that stands for it."""

    name: str
    caption: str
    alt: str
    png: bytes = field(repr=False)
    svg: bytes = field(repr=False)
    width_cm: float = 16.0
    height_cm: float = 9.0

    @property
    def landscape(self) -> bool:
        """Whether it is too wide for a page that stands upright."""
        return self.width_cm > 18.0


@dataclass(frozen=True)
class Map:
    """The interactive map as a page of its own; ``instead`` is what a form says that cannot show it."""

    title: str
    html: str = field(repr=False)
    instead: str = ""


Block = Paragraph | Heading | Points | Cards | Grid | Picture | Map


@dataclass(frozen=True)
class Section:
    """A section of the report; an annex comes after what a reader in a hurry reads."""

    anchor: str
    title: str
    blocks: tuple[Block, ...]
    annex: bool = False


@dataclass(frozen=True)
class Content:
    """A report: what all of its forms say."""

    lang: str
    title: str
    subtitle: str
    facts: tuple[tuple[str, str], ...]
    notices: tuple[str, ...]
    sections: tuple[Section, ...]
    closing: str = ""

    def blocks(self) -> Iterator[Block]:
        """Iterate over the blocks of all sections."""
        for section in self.sections:
            yield from section.blocks

    @property
    def pictures(self) -> tuple[Picture, ...]:
        """The figures, in order."""
        return tuple(block for block in self.blocks() if isinstance(block, Picture))

    @property
    def maps(self) -> tuple[Map, ...]:
        """The interactive maps, in order."""
        return tuple(block for block in self.blocks() if isinstance(block, Map))


def anchor_of(kind: str, identifier: str) -> str:
    """Return an anchor made of safe characters that no other identifier gives."""
    safe = "".join(char if char.isascii() and char.isalnum() else f"_{ord(char):x}_" for char in identifier)
    return f"{kind}-{safe}"
