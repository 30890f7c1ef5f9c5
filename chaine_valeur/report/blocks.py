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
    "Search",
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
    """A key figure: what it is called, what it says, what to know, and the anchor of its explanation.

    One that is ``soft`` rests mostly on estimates or hypotheses, and is marked.
    """

    identifier: str
    name: str
    value: str
    details: tuple[str, ...] = ()
    firmness: str = ""
    anchor: str = ""
    unknown: bool = False
    soft: bool = False


@dataclass(frozen=True)
class Cards:
    """Key figures, side by side."""

    cards: tuple[Card, ...]


@dataclass(frozen=True)
class Column:
    """A column of a table; ``weight`` is its share of the width where a form needs one.

    ``choices`` are the values by which a reader keeps rows, in the order in which they are offered and sorted;
    ``asked`` is what the list of them is called, the label where it is empty.
    """

    label: str
    numeric: bool = False
    weight: float = 1.0
    choices: tuple[str, ...] = ()
    asked: str = ""


@dataclass(frozen=True)
class Cell:
    """A cell; ``anchor`` leads to a place of the report, ``url`` out of it; ``strong`` heads its row.

    ``values`` are those among the `choices` of its column that it stands for.
    """

    text: str
    anchor: str = ""
    url: str = ""
    strong: bool = False
    values: tuple[str, ...] = ()


#: Rows as they are put together, before `Grid.of`.
Rows = list[list[Cell | str]]


@dataclass(frozen=True)
class Search:
    """What a table says of itself whose rows a reader may search, keep by choice, and sort.

    Attributes
    ----------
    label, hint
        What the field is called; an example of what to write into it.
    none, one, many
        How many rows are shown: ``{shown}`` out of ``{total}``, filled in by the page as the reader writes.
    most_on_paper, cut
        Up to so many rows a form made for paper holds; what it says below where it holds no more.
    """

    label: str
    hint: str
    none: str
    one: str
    many: str
    most_on_paper: int = 60
    cut: str = ""


@dataclass(frozen=True)
class Grid:
    """A table with a caption; ``note`` stands below it; one with a `search` can be searched on a screen."""

    caption: str
    columns: tuple[Column, ...]
    rows: tuple[tuple[Cell, ...], ...]
    note: str = ""
    anchors: tuple[str, ...] = ()
    search: Search | None = None

    @classmethod
    def of(
        cls,
        caption: str,
        columns: Iterable[Column | str],
        rows: Iterable[Iterable[Cell | str]],
        *,
        note: str = "",
        search: Search | None = None,
    ) -> Grid:
        """Return a table of cells or plain texts."""
        return cls(
            caption,
            tuple(column if isinstance(column, Column) else Column(column) for column in columns),
            tuple(tuple(cell if isinstance(cell, Cell) else Cell(cell) for cell in row) for row in rows),
            note,
            search=search,
        )

    def on_paper(self) -> Grid:
        """Return what a form made for paper holds of a long table that can be searched; any other as it is."""
        if self.search is None or len(self.rows) <= self.search.most_on_paper:
            return self
        kept = self.search.most_on_paper
        note = " ".join(text for text in (self.search.cut, self.note) if text)
        return replace(self, rows=self.rows[:kept], anchors=self.anchors[:kept], note=note)

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
    """A figure as PNG and SVG, with its size on paper and the text that stands for it; ``note`` stands below it."""

    name: str
    caption: str
    alt: str
    png: bytes = field(repr=False)
    svg: bytes = field(repr=False)
    width_cm: float = 16.0
    height_cm: float = 9.0
    note: str = ""

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
    """A report: what all of its forms say; ``running`` is repeated beside the title on every printed page."""

    lang: str
    title: str
    subtitle: str
    facts: tuple[tuple[str, str], ...]
    notices: tuple[str, ...]
    sections: tuple[Section, ...]
    closing: str = ""
    running: tuple[str, ...] = ()

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
