"""The files of the SIRENE stock as duckdb reads them: which columns they have, and what they are if not the stock."""

from __future__ import annotations

import codecs
import glob
import gzip
import io
import os
from collections.abc import Iterable, Mapping
from contextlib import suppress
from dataclasses import dataclass, replace
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any, BinaryIO

from ...errors import MissingExtraError, UnreadableFileError, close_names
from ...language import enumeration, tr
from ..files import decode_text, read_bytes

__all__ = ["ESTABLISHMENTS", "LEGAL_UNITS", "Reader", "Stock"]

#: What a row of each file cannot do without; other columns may be absent, older files lack some.
ESTABLISHMENTS = (
    "siret", "statutDiffusionEtablissement", "etatAdministratifEtablissement", "activitePrincipaleEtablissement",
    "codeCommuneEtablissement",
)  # fmt: skip
LEGAL_UNITS = ("siren", "denominationUniteLegale", "categorieJuridiqueUniteLegale")
#: Files of SIRENE and the columns that give them away, the most telling first.
_FILES = {
    "StockEtablissementHistorique": ("siret", "changementEtatAdministratifEtablissement"),
    "StockUniteLegaleHistorique": ("siren", "changementEtatAdministratifUniteLegale"),
    "StockEtablissementLiensSuccession": ("siretEtablissementPredecesseur",),
    "StockDoublons": ("sirenDoublon",),
    "StockEtablissement": ("siret", "codeCommuneEtablissement"),
    "StockUniteLegale": ("siren", "denominationUniteLegale"),
}
#: Codes that a program may have taken for numbers, and how long they are.
_WIDTHS = {"siret": 14, "siren": 9, "codeCommuneEtablissement": 5, "codePostalEtablissement": 5,
           "trancheEffectifsEtablissement": 2}  # fmt: skip
#: How much of a text file is looked at for its separator and encoding.
_SAMPLE = 1 << 20


@dataclass(frozen=True)
class Stock:
    """A file of the stock, or several of one kind, as a relation of SQL.

    Attributes
    ----------
    label
        How messages call it.
    relation
        What stands after FROM.
    columns
        Name, lower case → name in the file and type.
    lang
        Language of the messages.
    numbered
        Whether its rows are, by file and number.
    typed
        Whether it is text that a spreadsheet may have typed anew, so that codes may have lost their zeros.
    """

    label: str
    relation: str
    columns: Mapping[str, tuple[str, str]]
    lang: str = "fr"
    numbered: bool = False
    typed: bool = False

    @property
    def place(self) -> str | None:
        """What tells a row in SQL, its file and its number; ``None`` where the kind of file has no such thing."""
        return "{'file': filename, 'number': file_row_number}" if self.numbered else None

    def at(self, places: Iterable[tuple[str, int]]) -> Stock:
        """Return the same stock reduced to rows that are known by file and number: little else is unpacked."""
        numbers: dict[str, list[int]] = {}
        for file, number in places:
            numbers.setdefault(file, []).append(number)
        parts = (
            f"SELECT * FROM read_parquet({literal(file)}, file_row_number = true) "
            f"WHERE file_row_number IN ({', '.join(map(str, sorted(rows)))})"
            for file, rows in sorted(numbers.items())
        )
        return replace(self, relation=f"({' UNION ALL BY NAME '.join(parts)})", numbered=False)

    def __contains__(self, name: str) -> bool:
        return name.lower() in self.columns

    def raw(self, name: str) -> str:
        """Return a column as it is stored, for conditions; NULL where the file lacks it."""
        if name not in self:
            return "CAST(NULL AS VARCHAR)"
        column, kind = self.columns[name.lower()]
        quoted = '"' + column.replace('"', '""') + '"'
        if kind == "VARCHAR":
            return quoted
        text = f"CAST({quoted} AS VARCHAR)"
        return f"lpad({text}, {_WIDTHS[name]}, '0')" if name in _WIDTHS else text

    def text(self, name: str) -> str:
        """Return a column as text, blanks and « [ND] » unknown, codes of their full length."""
        raw, width = self.raw(name), _WIDTHS.get(name)
        # duckdb writes an expression out wherever it is used: a short one
        told = f"CASE WHEN {raw} NOT IN ('', '[ND]') THEN {raw} END"
        if width is None or not self.typed:
            return told
        return f"CASE WHEN {raw} NOT IN ('', '[ND]') THEN repeat('0', {width} - length({raw})) || {raw} END"

    def require(self, names: Iterable[str], kind: str) -> None:
        """Raise `UnreadableFileError` where a column is missing: which, or what the file is instead."""
        lacking = [name for name in names if name not in self]
        if not lacking:
            return
        found = [column for column, _ in self.columns.values()]
        looks = next((file for file, signs in _FILES.items() if all(sign in self for sign in signs)), "")
        if looks and looks != kind:
            raise UnreadableFileError(
                tr("“{file}” is {found}: {wanted} is wanted here.", self.lang,
                   file=self.label, found=looks, wanted=kind)
            )  # fmt: skip
        if not looks and lacking[0] in ("siret", "siren"):
            raise UnreadableFileError(
                tr("“{file}” is not {wanted} of SIRENE: it has no column “{column}”, but {found}.", self.lang,
                   file=self.label, wanted=kind, column=lacking[0], found=enumeration(found, self.lang))
            )  # fmt: skip
        close = [one for name in lacking for one in close_names(name, found, limit=1)]
        told = tr("“{file}” has no column {columns}: take {wanted} as it is published.", self.lang, file=self.label,
                  columns=enumeration(lacking, self.lang), wanted=kind)  # fmt: skip
        if close:
            told += " " + tr("Did you mean: {names}?", self.lang, names=enumeration(close, self.lang))
        raise UnreadableFileError(told)


class Reader:
    """A connection to duckdb for one question, and the temporary files that go with it.

    Used in a ``with`` block; what duckdb refuses is raised as `UnreadableFileError`.
    """

    def __init__(self, *, lang: str = "fr") -> None:
        try:
            import duckdb
        except ImportError:
            raise MissingExtraError(
                tr("Reading the SIRENE stock needs duckdb: pip install 'chaine_valeur[sirene]'.", lang)
            ) from None
        self.lang = lang
        self._wrong = duckdb.Error
        self._folder = TemporaryDirectory(ignore_cleanup_errors=True)
        self._connection = duckdb.connect()
        self._connection.execute("SET preserve_insertion_order = false")
        # nothing is printed that nobody asked for; in a notebook without ipywidgets it cannot be set, and is not shown
        with suppress(duckdb.Error):
            self._connection.execute("SET enable_progress_bar = false")
        self._connection.execute(f"SET temp_directory = {literal(self._folder.name)}")

    def __enter__(self) -> Reader:
        return self

    def __exit__(self, *_: object) -> None:
        self._connection.close()
        self._folder.cleanup()

    def run(self, sql: str, label: str = "") -> Any:
        """Run a statement over the file called `label`, and return its cursor."""
        try:
            return self._connection.execute(sql)
        except self._wrong as error:
            reason = str(error).partition("\n\nLINE ")[0].strip().replace("\n", " ")
            raise UnreadableFileError(
                tr("“{file}” cannot be read: {reason}.", self.lang, file=label, reason=reason.rstrip("."))
            ) from None

    def frame(self, sql: str, label: str = "") -> Any:
        """Run a query and return its rows as a data frame."""
        cursor = self.run(sql, label)
        try:
            return cursor.df()
        except self._wrong as error:  # a file may fail in its middle
            raise UnreadableFileError(
                tr(
                    "“{file}” cannot be read: {reason}.",
                    self.lang,
                    file=label,
                    reason=str(error).splitlines()[0],
                )
            ) from None

    def register(self, name: str, frame: Any) -> None:
        """Let SQL see a data frame under a name."""
        self._connection.register(name, frame)

    def open(self, path: str | os.PathLike[str], *, needs: Iterable[str], kind: str) -> Stock:
        """Return a file, a folder of Parquet files, or the files of a pattern, with the columns that it needs.

        Raises
        ------
        UnreadableFileError
            No such file, one that is neither Parquet nor CSV, or one that lacks a column of `needs`.
        """
        files = _files(Path(path), self.lang)
        label = Path(path).name
        relation = self._relation(files, label)
        described = self.run(f"DESCRIBE SELECT * FROM {relation}", label).fetchall()
        columns = {str(row[0]).strip().lower(): (str(row[0]), str(row[1])) for row in reversed(described)}
        parquet = relation.startswith("read_parquet")
        stock = Stock(label, relation, dict(reversed(columns.items())), self.lang, parquet, not parquet)
        stock.require(needs, kind)
        return stock

    def _relation(self, files: list[Path], label: str) -> str:
        heads = [_head(file, self.lang) for file in files]
        parquet = [head[:4] == b"PAR1" for head in heads]
        if all(parquet):
            listed = ", ".join(literal(file) for file in files)
            return f"read_parquet([{listed}], union_by_name = true, file_row_number = true, filename = true)"
        if any(head[:4] == b"PK\x03\x04" for head in heads):
            raise UnreadableFileError(
                tr("“{file}” is an archive or a workbook: take the CSV or Parquet file out of it.", self.lang,
                   file=label)
            )  # fmt: skip
        if any(parquet):
            raise UnreadableFileError(
                tr("“{file}” mixes Parquet and other files: give one kind.", self.lang, file=label)
            )
        texts = [self._utf8(file, head) for file, head in zip(files, heads, strict=True)]
        return (
            f"read_csv([{', '.join(literal(file) for file in texts)}], header = true, all_varchar = true, "
            f"delim = {literal(_separator(heads[0]))}, quote = '\"', escape = '\"', union_by_name = true)"
        )

    def _utf8(self, file: Path, head: bytes) -> Path:
        """Return the file, or a copy in UTF-8, which duckdb reads without a download, of another encoding."""
        encoding = _encoding(head)
        if encoding == "utf-8":
            return file
        decode_text(head[: len(head) & ~1], file, lang=self.lang)  # said in words where it is no text
        number = len(list(Path(self._folder.name).iterdir()))
        copy = Path(self._folder.name) / f"{number}.csv"
        with (
            io.TextIOWrapper(_opened(file), encoding=encoding, errors="replace", newline="") as old,
            open(copy, "w", encoding="utf-8", newline="") as new,
        ):
            while part := old.read(_SAMPLE):
                new.write(part)
        return copy


def literal(value: object) -> str:
    """Return a text as SQL writes it."""
    return "'" + str(value).replace("'", "''") + "'"


def _files(path: Path, lang: str) -> list[Path]:
    """Return the files that a path stands for: itself, the Parquet files of a folder, those of a pattern."""
    if path.is_dir():
        found = sorted(file for file in path.rglob("*") if file.suffix.lower() in (".parquet", ".pq"))
        if not found:
            raise UnreadableFileError(tr("The folder “{folder}” holds no Parquet file.", lang, folder=path))
        return found
    if not path.exists() and glob.has_magic(str(path)):
        found = sorted(Path(name) for name in glob.glob(str(path), recursive=True) if Path(name).is_file())
        if not found:
            raise UnreadableFileError(tr("No file answers to “{pattern}”.", lang, pattern=path))
        return found
    return [path]


def _head(file: Path, lang: str) -> bytes:
    if not file.is_file() or not file.stat().st_size:
        read_bytes(file, lang=lang)  # what is wrong with it, in words
    try:
        with _opened(file) as opened:
            return opened.read(_SAMPLE)
    except OSError as error:
        raise UnreadableFileError(
            tr("“{file}” cannot be read: {reason}.", lang, file=file.name, reason=error.strerror or error)
        ) from None


def _opened(file: Path) -> BinaryIO:
    """Return the file opened, unpacked if it is a gzip."""
    with open(file, "rb") as opened:
        packed = opened.read(2) == b"\x1f\x8b"
    return gzip.open(file, "rb") if packed else open(file, "rb")  # type: ignore[return-value]


def _encoding(head: bytes) -> str:
    if head.startswith((codecs.BOM_UTF16_LE, codecs.BOM_UTF16_BE)):
        return "utf-16"
    try:
        codecs.getincrementaldecoder("utf-8")().decode(head)  # a character cut by the end is no mistake
    except UnicodeDecodeError:
        return "cp1252"
    return "utf-8"


def _separator(head: bytes) -> str:
    text = head.decode("utf-16" if _encoding(head) == "utf-16" else "latin-1", errors="replace")
    header = text.lstrip("\ufeff\r\n").partition("\n")[0]
    return max(",;\t|", key=header.count)
