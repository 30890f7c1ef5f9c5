"""What the tests of the command line share: a runner, a workbook with mistakes, files that are none."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path

import openpyxl
import pytest
from click.testing import CliRunner, Result

from chaine_valeur import datasets
from chaine_valeur.cli import app
from chaine_valeur.io.workbook import write_workbook

Run = Callable[..., Result]

HOSTILE = ("<script>alert(1)</script>", "=cmd|' /C calc'!A0")


@pytest.fixture(scope="session")
def run() -> Run:
    """``run("check", "x.xlsx")`` runs a command and returns its output and exit code."""

    def invoke(*args: str | Path, lang: str = "fr") -> Result:
        return CliRunner().invoke(app(lang), [str(arg) for arg in args])

    return invoke


@pytest.fixture(scope="session")
def workbooks(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A folder with an accent and a space in its name."""
    return tmp_path_factory.mktemp("dossier") / "étude à remplir"


@pytest.fixture(scope="session")
def good(workbooks: Path) -> Path:
    """A workbook without a mistake."""
    return write_workbook(datasets.load("textiles_usages"), workbooks / "filière é.xlsx")


@pytest.fixture(scope="session")
def faulty(workbooks: Path) -> Path:
    """The invented example with mistakes: a name left out, an unknown actor, a quantity in words.

    Row 8 of Acteurs has no name; row 3 of Flux starts at an actor that is nowhere; the quantity of its row 4
    is « env. 300 ». The names of rows 5 and 6 of Acteurs are hostile.
    """
    path = write_workbook(datasets.load("exemple_complet"), workbooks / "fautes é.xlsx")
    book = openpyxl.load_workbook(path)
    actors, flows = book["Acteurs"], book["Flux"]
    name = [cell.value for cell in actors[1]].index("Nom") + 1
    heads = [str(cell.value) for cell in flows[1]]
    for row, text in zip((5, 6), HOSTILE, strict=True):
        actors.cell(row, name).value = text
        actors.cell(row, name).data_type = "s"
    actors.cell(8, name).value = None
    flows.cell(3, heads.index("De") + 1).value = "Inconnu SA"
    flows.cell(4, heads.index("Quantité (t/an)") + 1).value = "env. 300"
    book.save(path)
    return path


#: What an encrypted workbook begins with: an OLE container that names the stream of its key.
ENCRYPTED = (
    bytes.fromhex("d0cf11e0a1b11ae1") + b"\0" * 504 + "EncryptedPackage".encode("utf-16-le") + b"\0" * 500
)


@pytest.fixture(scope="session")
def not_workbooks(workbooks: Path) -> dict[str, Path]:
    """Files that are no workbooks, by what is wrong with them."""
    workbooks.mkdir(parents=True, exist_ok=True)
    contents = {
        "empty": b"",
        "text": "Bonjour, voici la filière.".encode("cp1252"),
        "encrypted": ENCRYPTED,
        "broken": b"PK\x03\x04" + b"\0" * 200,
        "picture": b"\x89PNG\r\n\x1a\n" + b"\0" * 100,
    }
    found = {"missing": workbooks / "rien du tout.xlsx"}
    for kind, content in contents.items():
        found[kind] = workbooks / f"{kind} é.xlsx"
        found[kind].write_bytes(content)
    return found
