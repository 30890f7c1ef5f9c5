"""Excel and LibreOffice workbooks: read as people fill them, written so that they can be filled on."""

from __future__ import annotations

import os
import warnings
import zipfile
from collections.abc import Callable, Iterator, Sequence
from contextlib import contextmanager
from datetime import datetime
from io import BytesIO
from pathlib import Path
from textwrap import wrap
from typing import TYPE_CHECKING, Any

import pandas as pd

from ..errors import UnreadableFileError
from ..filiere import Filiere
from ..language import check_language, enumeration, tr, trn
from ..problems import Problems
from ..schema import Table, reference_targets, table, tables
from .cells import Grid, free_header, meanings
from .files import read_bytes, writable_path
from .gather import copied_tables, expected_names, gather, tables_called
from .sheets import ASIDE, Book, is_ours, shown_cell
from .xlsx_scan import failed_formulas

if TYPE_CHECKING:
    from xlsxwriter.worksheet import Worksheet

__all__ = ["is_workbook", "read_workbook", "sheet_grids", "write_workbook"]

_OLE, _ZIP = b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1", b"PK\x03\x04"
#: Rows of a sheet, its header aside; Excel takes 1 048 576 in all.
ROWS_PER_SHEET = 1_048_000
#: Blank rows under the data in which the lists are offered too.
_ROOM = 200


def read_workbook(path: str | os.PathLike[str], *, strict: bool = True, lang: str = "fr") -> Filiere:
    """Return the filière of a workbook (.xlsx, .xlsm, .xlsb, .xls, .ods).

    Sheets are known by their names (« Acteurs », « Flux »… in French or English, any case or accent), their
    columns by the headers, wherever the row of headers stands. The three sheets of the essential workbook
    (Acteurs, Liens, Groupes) and the full ones may stand side by side. Columns that the model does not know
    are kept with the filière; contact details are left out.

    Parameters
    ----------
    path
        The workbook; it may be open in Excel if the system lets others read it.
    strict
        Raise if a row or a cell cannot be used; otherwise set it aside and go on.
    lang
        Language of the messages, ``"fr"`` or ``"en"``.

    Returns
    -------
    Filiere
        With ``problems`` (sheet, row and column as Excel shows them), ``set_aside`` and ``unknown_cells``.

    Raises
    ------
    UnreadableFileError
        Missing, a folder, empty, locked, encrypted, no workbook, or without any known sheet.
    MissingTableError
        No sheet lists actors.
    ValidationError
        In strict mode; its ``problems`` holds them all.

    Examples
    --------
    >>> import tempfile
    >>> f = Filiere.from_tables(actors={"name": ["Relais"], "pole": ["ess"]})
    >>> with tempfile.TemporaryDirectory() as folder:
    ...     again = read_workbook(write_workbook(f, Path(folder) / "filière.xlsx"))
    >>> again == f
    True
    """
    check_language(lang)

    def asked(names: Sequence[str]) -> list[str]:
        ours = [name for name in names if not is_ours(name)]
        if not any(tables_called(name) or copied_tables(name) for name in ours):
            raise UnreadableFileError(_no_sheet(Path(path), names, lang))
        return ours

    return gather(sheet_grids(path, asked, lang=lang), Problems(lang), strict=strict, lang=lang)


def sheet_grids(
    path: str | os.PathLike[str], asked: Callable[[Sequence[str]], Sequence[str]], *, lang: str
) -> Iterator[Grid]:
    """Return the cells of the sheets of a workbook that are asked for among their names, formulas that fail told."""
    from python_calamine import CalamineWorkbook, SheetTypeEnum

    content = read_bytes(path, lang=lang)
    _check_kind(content, Path(path), lang)
    failed = failed_formulas(content, lang=lang)
    with _sentences(Path(path), lang):
        workbook = CalamineWorkbook.from_filelike(BytesIO(content))
        names = [sheet.name for sheet in workbook.sheets_metadata if sheet.typ == SheetTypeEnum.WorkSheet]
        sheets = [(name, workbook.get_sheet_by_name(name)) for name in asked(names)]
    told = _as_told(names, lang)
    return (Grid.of(told[name], sheet.iter_rows(), failed=failed.get(name)) for name, sheet in sheets)


def is_workbook(content: bytes) -> bool:
    """Return whether a file is a workbook by its first bytes, whatever its name."""
    return content.startswith((_OLE, _ZIP))


def _check_kind(content: bytes, path: Path, lang: str) -> None:
    if _is_encrypted(content):
        raise _encrypted(path, lang)
    if not is_workbook(content):
        raise UnreadableFileError(
            tr(
                "“{file}” is not a workbook, whatever its name: open it in Excel and save it as .xlsx; a folder of "
                "CSV files is read as such.",
                lang,
                file=path.name,
            )
        )


def _is_encrypted(content: bytes) -> bool:
    """Whether Excel or LibreOffice has put a password on a file; an old .xls says so to calamine."""
    if content.startswith(_OLE):
        return "EncryptedPackage".encode("utf-16-le") in content
    try:
        with zipfile.ZipFile(BytesIO(content)) as archive:
            manifest = "META-INF/manifest.xml"
            names = archive.namelist()
            whole = "encrypted-package" in names
            return whole or (manifest in names and b"encryption-data" in archive.read(manifest))
    except (zipfile.BadZipFile, NotImplementedError, RuntimeError, EOFError):
        return False


@contextmanager
def _sentences(path: Path, lang: str) -> Iterator[None]:
    """Say in a sentence what calamine says in its own way."""
    from python_calamine import PasswordError

    try:
        yield
    except (KeyboardInterrupt, SystemExit, MemoryError, UnreadableFileError):
        raise
    except PasswordError:
        raise _encrypted(path, lang) from None
    except BaseException as error:  # a damaged file can make it panic, which is no Exception
        if "password" in str(error).lower():
            raise _encrypted(path, lang) from None
        raise UnreadableFileError(
            tr("“{file}” is not a workbook, or it is damaged: open it in Excel and save it anew as .xlsx.", lang,
               file=path.name)
        ) from None  # fmt: skip


def _encrypted(path: Path, lang: str) -> UnreadableFileError:
    return UnreadableFileError(
        tr("“{file}” is protected by a password: save a copy without it.", lang, file=path.name)
    )


def _as_told(names: Sequence[str], lang: str) -> dict[str, str]:
    """Return name of a sheet → how messages call it: without the blanks around it, which nobody sees.

    Where that would be the name of another sheet too, it is in quotation marks, blanks included.
    """
    stripped = [name.strip() for name in names]
    return {
        name: bare
        if bare and (name == bare or stripped.count(bare) == 1)
        else tr("“{name}”", lang, name=name)
        for name, bare in zip(names, stripped, strict=True)
    }


def _no_sheet(path: Path, names: Sequence[str], lang: str) -> str:
    found = enumeration(names, lang) or "—"
    wanted = enumeration(expected_names(lang), lang, limit=99)
    return tr(
        "“{file}” has no sheet that is known. Its sheets: {found}. Those expected: {wanted}.",
        lang,
        file=path.name,
        found=found,
        wanted=wanted,
    )


def write_workbook(f: Filiere, path: str | os.PathLike[str], *, lang: str = "fr") -> Path:
    """Write a filière as a workbook that `read_workbook` reads back the same.

    A sheet per table that has rows; terms as labels of the language, with lists to choose from; identifiers
    as text, numbers as numbers; no formula, whatever a name begins with. Columns of the user's own follow
    the others. Rows that had been set aside stand on a sheet of their own, which readers pass over.

    Parameters
    ----------
    path
        The file to write; if it is open elsewhere another name is taken, and a `UserWarning` says so.
    lang
        Language of sheets, headers and terms.

    Returns
    -------
    pathlib.Path
        The file written.

    Raises
    ------
    UnreadableFileError
        Nothing can be written there.

    Examples
    --------
    >>> from tempfile import TemporaryDirectory
    >>> f = Filiere.from_tables(actors={"name": ["Relais"]})
    >>> with TemporaryDirectory() as folder:
    ...     read_workbook(write_workbook(f, f"{folder}/filiere.xlsx")) == f
    True
    """
    check_language(lang)
    written = writable_path(path, lang=lang)
    book = Book(written, lang=lang)
    for name in f:
        frame = f.table(name).reset_index()
        for part, start in enumerate(range(0, len(frame), ROWS_PER_SHEET), start=1):
            label = table(name).label(lang) + (f" {part}" if part > 1 else "")
            _write_table(book, book.sheet(label), table(name), frame.iloc[start : start + ROWS_PER_SHEET], f)
    if "actors" not in f:  # a reader asks for the sheet, even if every row of it was set aside
        _write_table(
            book, book.sheet(table("actors").label(lang)), table("actors"), f.actors.reset_index(), f
        )
    if f.set_aside:
        _write_aside(book, book.sheet(tr(ASIDE, lang)), f)
    book.close()
    if book.cut:
        told = trn(
            "{count} text was longer than a cell of Excel holds, and was cut.",
            "{count} texts were longer than a cell of Excel holds, and were cut.",
            book.cut,
            lang,
        )
        warnings.warn(told, UserWarning, stacklevel=2)
    return written


def headers_of(home: Table, frame: pd.DataFrame, lang: str) -> dict[str, str]:
    """Return column → header for the columns of a frame that say something, as they are read back.

    The key, the name and what must be filled are always written, and all columns wherever a header alone
    could be taken for another one.
    """
    own = [name for name in frame.columns if name not in home.columns]
    said = [c for c in home if c.need or (c.name in frame and frame[c.name].notna().any())]
    for columns in (said, list(home)):
        headers = {column.name: column.header(lang) for column in columns}
        if all(_read_back(home, headers, short) for short in tables_called(home.label(lang))):
            break
    for name in own:
        headers[name] = free_header(name, tables_called(home.label(lang)), headers.values(), lang)
    return headers


def _read_back(home: Table, headers: dict[str, str], candidate: Table) -> bool:
    if candidate.kind == "shorthand":  # the sheet must not be taken for an essential one
        return candidate.match_headers(headers.values()).keys() <= home.match_headers(headers.values()).keys()
    return meanings(home, headers.values()) == {header: name for name, header in headers.items()}


def _write_table(book: Book, sheet: Worksheet, home: Table, frame: pd.DataFrame, f: Filiere) -> None:
    headers = headers_of(home, frame, book.lang)
    last = len(frame) + _ROOM
    for place, (name, header) in enumerate(headers.items()):
        column = home.columns.get(name)
        cells = [shown_cell(cell, column, book.lang) for cell in _objects(frame, name)]
        own_dates = column is None and any(isinstance(cell, datetime) for cell in cells)
        style = book.cell_style(column, dates=own_dates)
        sample = [cell for cell in cells[:200] if isinstance(cell, str)]
        sheet.set_column(place, place, book.width(column, header, sample), style)
        compulsory = column is not None and column.compulsory
        sheet.write_string(0, place, header, book.header_style(compulsory=compulsory))
        for row, cell in enumerate(cells, start=1):
            book.write(sheet, row, place, cell, style)
        if column is not None and len(frame) <= 10_000:
            book.offer(sheet, column, place, (1, last), source=_keys_of(column, f, book.lang))
    sheet.freeze_panes(1, 1)
    sheet.autofilter(0, 0, max(len(frame), 1), max(len(headers) - 1, 0))
    sheet.set_row(0, 32)
    book.printed(sheet, head=0)


def _objects(frame: pd.DataFrame, name: str) -> list[Any]:
    return frame[name].astype(object).tolist() if name in frame else [None] * len(frame)


def _keys_of(column: Any, f: Filiere, lang: str) -> str:
    """Return the range of the identifiers that a column may refer to, if they are in the workbook."""
    target = reference_targets(column)
    if target is None or not 0 < len(f.table(target[0])) <= ROWS_PER_SHEET:
        return ""
    home = tables()[target[0]]
    if target[1] != home.key:
        return ""
    return f"'{home.label(lang)}'!$A$2:$A${len(f.table(home.name)) + 1}"


def _write_aside(book: Book, sheet: Worksheet, f: Filiere) -> None:
    """Write the rows set aside, a block per table, with where they stood and what was wrong with them."""
    told, wrapped = _reasons(f), book.style(text_wrap=True)
    sheet.set_column(0, 0, 24)
    sheet.set_column(1, 1, 8)
    sheet.set_column(2, 2, 60)
    sheet.set_column(3, 30, 22)
    row = 0
    for name, rows in f.set_aside.items():
        home = table(name)
        sheet.write_string(row, 0, home.label(book.lang), book.style(bold=True, font_size=14))
        own = [column for column in rows.columns if column not in ("sheet", "row", "reason")]
        labels = [home[column].label(book.lang) if column in home.columns else str(column) for column in own]
        heads = [tr("Sheet", book.lang), tr("Row", book.lang), tr("Why", book.lang), *labels]
        for place, head in enumerate(heads):
            sheet.write_string(row + 1, place, head, book.header_style())
        for record in rows.to_dict("records"):
            row_number = int(record["row"])
            why = told.get((str(record["sheet"]), row_number), str(record["reason"]))
            cells = [str(record["sheet"]), row_number, why, *(_as_written(record[column]) for column in own)]
            for place, cell in enumerate(cells):
                book.write(sheet, row + 2, place, cell, wrapped if place == 2 else None)
            sheet.set_row(row + 2, 15.0 * max(1, len(wrap(why, 64))))
            row += 1
        row += 3
    book.printed(sheet)


def _as_written(cell: Any) -> Any:
    shown = shown_cell(cell, None, None)
    return shown if shown is None or isinstance(shown, (str, bool, int, float)) else str(shown)


def _reasons(f: Filiere) -> dict[tuple[str, int], str]:
    """Return (sheet, row) → what was wrong there, in the words of the first errors."""
    errors = f.problems[(f.problems["severity"] == "error") & f.problems["row"].notna()]
    told: dict[tuple[str, int], list[str]] = {}
    for sheet, row, message in zip(errors["sheet"], errors["row"], errors["message"], strict=True):
        told.setdefault((str(sheet), int(row)), []).append(str(message))
    return {place: " ".join(dict.fromkeys(messages[:3])) for place, messages in told.items()}
