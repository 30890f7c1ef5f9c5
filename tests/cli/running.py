"""The command line run in this process, and the workbooks that are given to it."""

from __future__ import annotations

import os
import subprocess
import sys
import zipfile
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any

import openpyxl
from click.testing import CliRunner, Result

from chaine_valeur.cli import app
from tests.io.test_messy_workbook import workbook

ROOT = Path(__file__).resolve().parents[2]
OURS = frozenset({0, 1, 2})

#: Three actors in a row, nothing wrong: enough for every output, and quickly drawn.
ACTORS: list[list[Any]] = [
    ["Nom de l'acteur", "Rôle", "Pôle", "Maillon", "ETP", "ETP insertion"],
    ["Récup’ & Cie", "Fournisseur", "ESS", "Collecte", 8, 4],
    ["Atelier du Tri", "Transformateur", "ESS", "Tri", 12, 6],
    ["Papeterie Œuvre", "Acheteur", "Entreprise", "Vente", 30, None],
]
LINKS: list[list[Any]] = [
    ["De", "Vers", "Type", "Matière", "Tonnage (t/an)", "Année"],
    ["Récup’ & Cie", "Atelier du Tri", "Flux de matière", "Papier", 120, 2022],
    ["Récup’ & Cie", "Atelier du Tri", "Flux de matière", "Papier", 150, 2023],
    ["Atelier du Tri", "Papeterie Œuvre", "Flux de matière", "Papier trié", 100, 2023],
    ["Récup’ & Cie", "Papeterie Œuvre", "Formation", None, None, None],
]


def run(*args: object, **env: str | None) -> Result:
    """Run the command line as a user would and return what it said; a fault of the program is a failure."""
    result = CliRunner().invoke(app(), [str(arg) for arg in args], env=env or None)
    assert result.exception is None or isinstance(result.exception, SystemExit), result.exception
    assert result.exit_code in OURS, result.stderr
    assert "Traceback" not in result.output
    return result


def refused(*args: object) -> str:
    """Run what must be refused: exit code 2, nothing on standard output; return what was said."""
    result = run(*args)
    assert result.exit_code == 2, result.output
    assert result.stdout == ""
    assert result.stderr.strip()
    return result.stderr


def one_sentence(told: str, lang: str = "fr") -> str:
    """Return the error of an unreadable file, which is one line in the language."""
    lines = told.splitlines()
    assert len(lines) == 1, told
    begins = {"fr": "Erreur\u00a0: ", "en": "Error: "}[lang]
    assert lines[0].startswith(begins), told
    return lines[0].removeprefix(begins)


def python(*args: str, **env: str) -> subprocess.CompletedProcess[bytes]:
    """Run a Python of its own; what it wrote is kept as bytes, since its encoding is in question."""
    return subprocess.run(
        [sys.executable, *args],
        capture_output=True,
        cwd=ROOT,
        # compiled once for all of these processes, even where the environment says otherwise
        env={**os.environ, "PYTHONPATH": str(ROOT), "PYTHONDONTWRITEBYTECODE": "", **env},
        timeout=240,
        check=False,
    )


def simple(path: Path, **sheets: Sequence[Sequence[Any]]) -> Path:
    """Write the small workbook, sheets replaced or added; `None` leaves one out."""
    merged = {"Acteurs": ACTORS, "Liens": LINKS, **sheets}
    return workbook(path, {name: rows for name, rows in merged.items() if rows is not None})


def fill(path: Path, filled: Mapping[str, Sequence[Mapping[str, Any]]]) -> Path:
    """Fill a template as a person does: under the headers, by their names; return the path."""
    book = openpyxl.load_workbook(path)
    for name, rows in filled.items():
        sheet = book[name]
        places = {str(cell.value): cell.column for cell in sheet[2] if cell.value}
        first = next(row for row in range(3, 2000) if sheet.cell(row, 1).value is None)
        for row, record in enumerate(rows, start=first):
            for header, value in record.items():
                sheet.cell(row, places[header]).value = value
    book.save(path)
    return path


def headers(path: Path, sheet: str) -> list[str]:
    """Return the headers of a sheet of a template."""
    return [str(cell.value) for cell in openpyxl.load_workbook(path)[sheet][2] if cell.value]


def with_empty_rows(path: Path, *, sheet: int = 1, last: int = 1_048_576) -> Path:
    """Add empty rows to the end of a sheet, as a format applied to whole columns leaves them."""
    with zipfile.ZipFile(path) as read:
        parts = {name: read.read(name) for name in read.namelist()}
    name = f"xl/worksheets/sheet{sheet}.xml"
    first = parts[name].count(b"<row ") + 1
    empty = b"".join(b'<row r="%d"/>' % row for row in range(first, last))
    final = b'<row r="%d"><c r="A%d" t="inlineStr"><is><t> </t></is></c></row>' % (last, last)
    assert b"</sheetData>" in parts[name]
    parts[name] = parts[name].replace(b"</sheetData>", empty + final + b"</sheetData>")
    with zipfile.ZipFile(path, "w", zipfile.ZIP_DEFLATED, compresslevel=1) as written:
        for part, content in parts.items():
            written.writestr(part, content)
    return path


def encrypted(path: Path) -> Path:
    """Write what Excel makes of a workbook with a password: an OLE file that holds an encrypted package."""
    magic = b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1"
    names = "EncryptionInfo".encode("utf-16-le") + bytes(64) + "EncryptedPackage".encode("utf-16-le")
    path.write_bytes(magic + bytes(504) + names + bytes(4096))
    return path
