"""The one definition of every table and column: one CSV a table, read here and nowhere else.

A row of a CSV is a column of the table: type, unit, default, bounds, vocabulary or reference, labels and
meanings in French and English, accepted header spellings. The row ``*`` speaks of the table itself. A table
is added by writing one CSV. Files in ``_`` are fragments that several tables include.
"""

from __future__ import annotations

import csv
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from functools import cache, cached_property, lru_cache
from importlib.resources import files
from types import MappingProxyType

from ..errors import UnknownNameError
from ..text import fold
from ..vocabulary import Term, vocabulary

#: Said here once: within `Column`, ``type`` is the name of a field.
TermClass = type[Term]

__all__ = [
    "DOUBT",
    "VERSION",
    "Column",
    "Table",
    "is_contact",
    "reference_targets",
    "shorthands",
    "table",
    "tables",
    "unit_label",
    "unit_names",
    "unit_spellings",
]

#: Counted up by hand when tables that were validated under an older schema have to be read anew: another column,
#: type, unit, bound, term or key. A test holds it against what the schema says.
VERSION = 1
#: How an unknown is written where a blank would take a default that claims something.
DOUBT = "?"
#: Words of a header under which people write how to reach somebody: personal data, kept out of the model.
_CONTACT_WORDS = frozenset(
    "mail mails email emails courriel courriels tel telephone telephones phone portable fax telecopie gsm"
    " contact contacts interlocuteur interlocuteurs interlocutrice interlocutor prenom prenoms".split()
)
_CONTACT_HEADERS = frozenset(
    ("mel", "mobile", "numero de mobile", "nom de famille", "first name", "last name", "surname")
)


@dataclass(frozen=True)
class Column:
    """One column: what may stand in it and what it is called.

    ``type`` is one of ``id``, ``text``, ``list`` (several entries in a cell), ``category``, ``number``,
    ``share`` (0–1), ``integer``, ``year``, ``boolean``, ``date``, ``siret``, ``naf``, ``rome``,
    ``commune``.
    ``need`` is ``key`` (identifier of the row), ``name`` (compulsory, and a key that people write),
    ``required`` or empty.
    """

    name: str
    type: str
    unit: str
    need: str
    default: str
    minimum: float | None
    maximum: float | None
    vocabulary: str
    references: str
    label_fr: str
    label_en: str
    meaning_fr: str
    meaning_en: str
    aliases: tuple[str, ...] = ()

    def label(self, lang: str = "fr") -> str:
        """Return what the column is called, without its unit."""
        return self.label_fr if lang == "fr" else self.label_en

    def meaning(self, lang: str = "fr") -> str:
        """Return what a reader should type in the column."""
        return self.meaning_fr if lang == "fr" else self.meaning_en

    def header(self, lang: str = "fr") -> str:
        """Return the header of a sheet: the label, with its unit where it has one."""
        unit = unit_label(self.unit, lang)
        return f"{self.label(lang)} ({unit})" if unit else self.label(lang)

    @property
    def is_numeric(self) -> bool:
        """Whether the column holds numbers (years and identifiers do not count)."""
        return self.type in ("number", "share", "integer")

    @property
    def claims(self) -> bool:
        """Whether its default says that something is so: a tie, a presence.

        What was written there and cannot be read, or is said to be unknown, stays unknown; only a blank cell
        takes the default.
        """
        return self.name == "attended" or self.vocabulary == "cooperation_state"

    @property
    def internal(self) -> bool:
        """Whether it holds scores that actors give one another: in the tables, and in no report."""
        return self.unit == "1-4"

    @property
    def compulsory(self) -> bool:
        """Whether a row without it is set aside."""
        return self.need in ("required", "name")

    @cached_property
    def terms(self) -> TermClass | None:
        """The vocabulary of the column, if it has a closed one."""
        return vocabulary(self.vocabulary) if self.vocabulary and self.vocabulary != "link_kind" else None


@dataclass(frozen=True)
class Table:
    """One table: its columns in order, its key, the sheet that holds it."""

    name: str
    kind: str
    rank: int
    label_fr: str
    label_en: str
    meaning_fr: str
    meaning_en: str
    aliases: tuple[str, ...]
    unique: tuple[str, ...]
    columns: Mapping[str, Column] = field(repr=False)

    def label(self, lang: str = "fr") -> str:
        """Return the name of the sheet."""
        return self.label_fr if lang == "fr" else self.label_en

    def meaning(self, lang: str = "fr") -> str:
        """Return what a row of the table is."""
        return self.meaning_fr if lang == "fr" else self.meaning_en

    @cached_property
    def key(self) -> str:
        """The identifier column."""
        return next((column.name for column in self if column.need == "key"), "")

    @cached_property
    def name_column(self) -> str:
        """The column that people write instead of the identifier, or an empty text."""
        return next((column.name for column in self if column.need == "name"), "")

    @property
    def has_provenance(self) -> bool:
        """Whether rows say where they come from and how firm they are."""
        return "confidence" in self.columns and "source_id" in self.columns

    def __iter__(self) -> Iterator[Column]:
        return iter(self.columns.values())

    def __getitem__(self, column: str) -> Column:
        try:
            return self.columns[column]
        except KeyError:
            raise UnknownNameError.of(
                f"table {self.name!r} has no column {column!r}", column, self.columns
            ) from None

    @cached_property
    def spellings(self) -> frozenset[str]:
        """Every folded sheet name that means this table."""
        return frozenset(fold(w) for w in (self.name, self.label_fr, self.label_en, *self.aliases))

    @cached_property
    def header_index(self) -> Mapping[str, tuple[str, ...]]:
        """Folded header → the columns that it can mean, in table order: labels, aliases, either with unit."""
        index: dict[str, list[str]] = {}
        for column in self:
            for word in (
                column.name,
                column.label_fr,
                column.label_en,
                column.header("fr"),
                column.header("en"),
            ):
                index.setdefault(fold(word), []).append(column.name)
        for column in self:
            for alias in column.aliases:
                index.setdefault(fold(alias), []).append(column.name)
        for column in self:
            for word in (column.name, column.label_fr, column.label_en, *column.aliases):
                for unit in unit_spellings(column.unit):
                    index.setdefault(fold(f"{word} {unit}"), []).append(column.name)
        return MappingProxyType({word: tuple(dict.fromkeys(names)) for word, names in index.items()})

    def _meanings(self, header: str) -> tuple[str, ...]:
        """Return the columns that a header can mean."""
        found = self.header_index.get(fold(header), ())
        if found or "(" not in header:
            return found
        # a remark behind the name is harmless, another unit is not: « Quantité (kg) » is no tonnage
        bare = self.header_index.get(fold(header.partition("(")[0]), ())
        return tuple(name for name in bare if not unit_label(self.columns[name].unit))

    @cached_property
    def _own_headers(self) -> frozenset[str]:
        """The folded headers that the library itself writes."""
        return frozenset(
            fold(word)
            for column in self
            for word in (column.label_fr, column.label_en, column.header("fr"), column.header("en"))
        )

    def _distance(self, header: str) -> int:
        """Return how far a header is from that of the library: its own, another word for it, one with a remark."""
        folded = fold(header)
        return 0 if folded in self._own_headers else 1 if folded in self.header_index else 2

    def match_headers(self, headers: Iterable[str]) -> dict[str, str]:
        """Return header → column for the headers that mean one; each column is taken once.

        « Source » is the end of a flow or where its figure comes from: headers with a single meaning choose
        first, so that « De » leaves « Source » to the latter. Of two headers of one column, that which is its own
        is taken, then one that means it, then one that does so but for a remark behind: « Nom », « Raison sociale »,
        « Nom (ancien) ».
        """
        asked = list(headers)
        found: dict[str, str] = {header: header for header in asked if header in self.columns}
        taken = set(found.values())
        candidates = {header: self._meanings(header) for header in asked if header not in found}
        for header, names in sorted(
            candidates.items(), key=lambda item: (len(item[1]), self._distance(item[0]))
        ):
            free = [name for name in names if name not in taken]
            if free:
                found[header] = free[0]
                taken.add(free[0])
        return {header: found[header] for header in asked if header in found}


def _read(name: str) -> list[dict[str, str]]:
    with files(__package__).joinpath(f"{name}.csv").open(encoding="utf-8") as stream:
        return list(csv.DictReader(stream))


def _split(cell: str, separator: str) -> tuple[str, ...]:
    return tuple(part.strip() for part in cell.split(separator) if part.strip())


def _column(row: Mapping[str, str]) -> Column:
    return Column(
        name=row["column"],
        type=row["type"],
        unit=row["unit"],
        need=row["need"],
        default=row["default"],
        minimum=float(row["minimum"]) if row["minimum"] else None,
        maximum=float(row["maximum"]) if row["maximum"] else None,
        vocabulary=row["vocabulary"],
        references=row["references"],
        label_fr=row["label_fr"],
        label_en=row["label_en"],
        meaning_fr=row["meaning_fr"],
        meaning_en=row["meaning_en"],
        aliases=_split(row["aliases"], "|"),
    )


@lru_cache(maxsize=1)
def _all() -> Mapping[str, Table]:
    names = sorted(
        path.name.removesuffix(".csv")
        for path in files(__package__).iterdir()
        if path.name.endswith(".csv") and not path.name.startswith("_")
    )
    found = []
    for name in names:
        head, *rows = _read(name)
        for fragment in _split(head["includes"], "+"):
            rows += _read(f"_{fragment}")
        found.append(
            Table(
                name=name,
                kind=head["type"],
                rank=int(head["rank"]),
                label_fr=head["label_fr"],
                label_en=head["label_en"],
                meaning_fr=head["meaning_fr"],
                meaning_en=head["meaning_en"],
                aliases=_split(head["aliases"], "|"),
                unique=_split(head["unique"], "+"),
                columns=MappingProxyType({row["column"]: _column(row) for row in rows}),
            )
        )
    return MappingProxyType({entry.name: entry for entry in sorted(found, key=lambda entry: entry.rank)})


@lru_cache(maxsize=1)
def tables() -> Mapping[str, Table]:
    """Return every table of the model by name, in the order of the workbook."""
    return MappingProxyType({name: entry for name, entry in _all().items() if entry.kind == "table"})


@lru_cache(maxsize=1)
def shorthands() -> Mapping[str, Table]:
    """Return the sheets of the essential workbook, which expand into the tables of the model."""
    return MappingProxyType({name: entry for name, entry in _all().items() if entry.kind == "shorthand"})


def table(name: str) -> Table:
    """Return one table or shorthand; unknown names raise `UnknownNameError` with the close ones."""
    try:
        return _all()[name]
    except KeyError:
        raise UnknownNameError.of(f"no table {name!r}", name, tables()) from None


@lru_cache(maxsize=1)
def _units() -> Mapping[str, tuple[str, str]]:
    return {row["unit"]: (row["label_fr"], row["label_en"]) for row in _read("_units")}


@cache
def unit_names() -> tuple[str, ...]:
    """Return every unit that a column may be in."""
    return tuple(_units())


def unit_spellings(unit: str) -> tuple[str, ...]:
    """Return the ways in which people write a unit behind a header: « t/an », « en tonnes par an »…"""
    rows = [row for row in _read("_units") if row["unit"] == unit]
    words = [
        word for row in rows for word in (row["label_fr"], row["label_en"], *_split(row["aliases"], "|"))
    ]
    return tuple(dict.fromkeys(written for word in words if word for written in (word, f"en {word}")))


def unit_label(unit: str, lang: str = "fr") -> str:
    """Return a unit as the reader writes it: « t/an » for ``t/year``; empty where there is none.

    Examples
    --------
    >>> unit_label("t/year"), unit_label("FTE", "en")
    ('t/an', 'FTE')
    """
    fr, en = _units().get(unit, (unit, unit))
    return fr if lang == "fr" else en


def is_contact(header: str) -> bool:
    """Return whether a column of that header holds contact details of people.

    Examples
    --------
    >>> is_contact("Adresse e-mail"), is_contact("N° de tél."), is_contact("Gisement mobilisable")
    (True, True, False)
    """
    folded = fold(header)
    return folded in _CONTACT_HEADERS or not _CONTACT_WORDS.isdisjoint(folded.split())


def reference_targets(column: Column) -> tuple[str, str] | None:
    """Return the (table, column) that a column refers to, or ``None``."""
    if not column.references:
        return None
    target, _, key = column.references.partition(".")
    return target, key
