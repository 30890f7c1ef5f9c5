"""`diagnose`: what is written, what is said of what was left out, and names that would be run elsewhere."""

from __future__ import annotations

import zipfile
from html.parser import HTMLParser
from pathlib import Path
from xml.etree import ElementTree

import openpyxl
import pytest

import chaine_valeur as cv
from tests.cli.conftest import Written
from tests.cli.running import one_sentence, refused, run
from tests.io.test_messy_workbook import FORMULA, SCRIPT

pytestmark = pytest.mark.long

DOCUMENTS = ["carte.html", "rapport.docx", "rapport.html", "tables.xlsx"]
SIGNATURES = {".docx": b"PK", ".xlsx": b"PK", ".png": b"\x89PNG", ".html": b"<!", ".svg": b"<?xml"}


@pytest.fixture(params=["messy_diagnosis", "simple_diagnosis"])
def written(request: pytest.FixtureRequest) -> Written:
    return request.getfixturevalue(request.param)


# -- what is written ------------------------------------------------------------------------------------------


def test_every_output_is_there_and_not_empty(written):
    files = written.files()
    assert set(DOCUMENTS) <= set(files)
    figures = [name for name in files if name.startswith("figures/")]
    assert {Path(name).suffix for name in figures} == {".png", ".svg"}
    assert set(files) == {*DOCUMENTS, *figures}
    for name in files:
        content = (written.folder / name).read_bytes()
        assert len(content) > 2000, name
        assert content.lstrip()[:200].lower().startswith(SIGNATURES[Path(name).suffix].lower()), name


def test_every_output_is_named(written):
    told = [line.strip() for line in written.said.stdout.splitlines()]
    assert sorted(line for line in told if line in written.files()) == written.files()
    assert any(str(written.folder) in line for line in told)


def test_figures_and_pages_can_be_read(written):
    for name in written.files():
        if name.endswith(".svg"):
            assert ElementTree.parse(written.folder / name).getroot().tag.endswith("svg")
        if name.endswith((".docx", ".xlsx")):
            assert zipfile.ZipFile(written.folder / name).testzip() is None


def test_codes_say_whether_something_was_left_out(messy_diagnosis, simple_diagnosis):
    assert messy_diagnosis.said.exit_code == 1
    assert simple_diagnosis.said.exit_code == 0


def test_findings_are_counted(messy_diagnosis, messy_path):
    diagnosis = cv.diagnose(cv.read_workbook(messy_path, strict=False))
    assert f"{len(diagnosis.findings)} constats" in messy_diagnosis.said.stdout.splitlines()[0]


def test_what_was_set_aside_is_listed(messy_diagnosis, messy_path):
    f = cv.read_workbook(messy_path, strict=False)
    told = messy_diagnosis.said.stdout
    assert "5 lignes ont été mises de côté" in told
    for rows in f.set_aside.values():
        for sheet, row in zip(rows["sheet"], rows["row"], strict=True):
            assert f"  {sheet}, ligne\u00a0{row}\u00a0: " in told
    assert (
        sum(f.unknown_cells.values()) == told.count("illisible") * 2 == 6
    )  # two cells in each of three tables
    assert "chaine-valeur check" in told


def test_what_was_set_aside_is_in_the_report_too(messy_diagnosis):
    page = Text.of(messy_diagnosis.folder / "rapport.html")
    assert "Ressourcerie du Platau" in page or "ligne 3" in page
    book = openpyxl.load_workbook(messy_diagnosis.folder / "tables.xlsx", read_only=True)
    cells = {str(cell) for sheet in book for row in sheet.iter_rows(values_only=True) for cell in row if cell}
    assert any("Ressourcerie du Platau" in cell for cell in cells)


def test_nothing_is_said_of_what_was_not_left_out(simple_diagnosis):
    told = simple_diagnosis.said
    assert "set aside" not in told.stdout
    assert told.stderr == ""


# -- hostile names are text -------------------------------------------------------------------------------------


class Text(HTMLParser):
    """What a reader sees of a page, and what a browser would run."""

    def __init__(self) -> None:
        super().__init__()
        self.shown: list[str] = []
        self.scripts: list[str] = []
        self.frames: list[str] = []
        self.handlers: list[str] = []
        self._inside = ""

    @classmethod
    def parsed(cls, page: str) -> Text:
        parser = cls()
        parser.feed(page)
        parser.close()
        return parser

    @classmethod
    def of(cls, path: Path) -> str:
        return "".join(cls.parsed(path.read_text(encoding="utf-8")).shown)

    def handle_starttag(self, tag: str, attrs: list[tuple[str, str | None]]) -> None:
        if tag in ("script", "style"):
            self._inside = tag
        self.frames += [value or "" for name, value in attrs if name == "srcdoc"]
        self.handlers += [name for name, _ in attrs if name.startswith("on")]

    def handle_endtag(self, tag: str) -> None:
        self._inside = ""

    def handle_data(self, data: str) -> None:
        (self.scripts if self._inside == "script" else self.shown).append(data)


def test_the_page_shows_hostile_names_and_runs_none(messy_diagnosis):
    raw = (messy_diagnosis.folder / "rapport.html").read_text(encoding="utf-8")
    page = Text.parsed(raw)
    shown = "".join(page.shown)
    assert SCRIPT in shown
    assert FORMULA in shown
    assert SCRIPT not in raw
    assert not any("alert(1)" in script for script in page.scripts)
    assert page.handlers == []
    for frame in page.frames:
        assert SCRIPT not in frame


def test_the_map_holds_them_as_data(messy_diagnosis):
    raw = (messy_diagnosis.folder / "carte.html").read_text(encoding="utf-8")
    assert SCRIPT not in raw
    assert "alert(1)" in raw  # written so that no browser takes it for a tag
    page = Text.parsed(raw)
    assert not any(script.strip().startswith("alert(1)") for script in page.scripts)


def test_the_word_document_holds_them_as_text(messy_diagnosis):
    import docx

    document = docx.Document(str(messy_diagnosis.folder / "rapport.docx"))
    cells = [cell.text for table in document.tables for row in table.rows for cell in row.cells]
    told = "\n".join([*(paragraph.text for paragraph in document.paragraphs), *cells])
    assert SCRIPT in told
    assert FORMULA in told
    with zipfile.ZipFile(messy_diagnosis.folder / "rapport.docx") as parts:
        xml = parts.read("word/document.xml").decode("utf-8")
    assert SCRIPT not in xml
    assert "DDE" not in "".join(part for part in xml.split("<w:instrText")[1:])


def test_the_workbook_holds_no_formula(messy_diagnosis):
    cells = [
        cell
        for sheet in openpyxl.load_workbook(messy_diagnosis.folder / "tables.xlsx")
        for row in sheet.iter_rows()
        for cell in row
        if cell.value is not None
    ]
    assert not [cell for cell in cells if cell.data_type == "f"]
    values = {cell.value for cell in cells}
    assert {SCRIPT, FORMULA} <= values


def test_the_figures_hold_them_as_text(messy_diagnosis):
    for path in (messy_diagnosis.folder / "figures").glob("*.svg"):
        tags = {element.tag.rpartition("}")[2] for element in ElementTree.parse(path).iter()}
        assert not tags & {"script", "foreignObject"}


# -- options ------------------------------------------------------------------------------------------------------


def test_the_language_of_the_report(messy_diagnosis, simple_diagnosis):
    french = (messy_diagnosis.folder / "rapport.html").read_text(encoding="utf-8")
    english = (simple_diagnosis.folder / "rapport.html").read_text(encoding="utf-8")
    assert 'lang="fr"' in french
    assert 'lang="en"' in english
    assert "Written in" in simple_diagnosis.said.stdout
    assert "Écrit dans" in messy_diagnosis.said.stdout


def test_the_year_is_the_one_asked_for(simple_diagnosis):
    book = openpyxl.load_workbook(simple_diagnosis.folder / "tables.xlsx")
    rows = [row for row in book["Flows"].iter_rows(values_only=True) if row and 2022 in row]
    years = {
        cell for row in book["Flows"].iter_rows(values_only=True) for cell in row if cell in (2022, 2023)
    }
    assert years == {2022}
    assert [cell for row in rows for cell in row if cell in (100, 120, 150)] == [120]


def test_expert_shows_more_figures_than_essential(simple_path, simple_diagnosis):
    f = cv.read_workbook(simple_path).at(2022)
    expert, essential = (cv.diagnose(f, profile=name, lang="en") for name in ("expert", "essential"))
    assert len(expert.indicators) > len(essential.indicators)
    page = Text.of(simple_diagnosis.folder / "rapport.html")
    more = set(expert.indicators["name"]) - set(essential.indicators["name"])
    assert sum(label in page for label in more) > len(more) / 2


def test_a_year_without_figures(simple_path, tmp_path):
    said = one_sentence(refused("diagnose", simple_path, "-o", tmp_path / "o", "--year", "1999"))
    assert all(year in said for year in ("1999", "2022", "2023"))
    assert not (tmp_path / "o").exists()


# -- where it is written --------------------------------------------------------------------------------------------


def test_an_output_folder_that_is_a_file(simple_path, tmp_path):
    path = tmp_path / "diagnostic é"
    path.write_text("mine", encoding="utf-8")
    said = one_sentence(refused("diagnose", simple_path, "-o", path))
    assert "diagnostic é" in said
    assert path.read_text(encoding="utf-8") == "mine"


def test_a_folder_below_a_file(simple_path, tmp_path):
    (tmp_path / "fichier").write_text("mine", encoding="utf-8")
    said = one_sentence(refused("diagnose", simple_path, "-o", tmp_path / "fichier" / "sous"))
    assert "fichier" in said


def test_a_report_open_in_word_gets_another_name_which_is_said(simple_path, tmp_path, monkeypatch):
    held = tmp_path / "rapport.docx"
    held.write_bytes(b"open in Word")
    (tmp_path / "mes notes.txt").write_text("mine", encoding="utf-8")
    opens = Path.open

    def locked(self: Path, mode: str = "r", *args: object, **more: object) -> object:
        if self == held and mode not in ("r", "rb"):
            raise PermissionError(13, "Permission denied", str(self))
        return opens(self, mode, *args, **more)  # type: ignore[call-overload]

    monkeypatch.setattr(Path, "open", locked)
    told = run("diagnose", simple_path, "-o", tmp_path)
    assert told.exit_code == 0
    assert "rapport (2).docx" in told.stdout
    assert "rapport.docx" in told.stderr
    assert "rapport (2).docx" in told.stderr
    assert held.read_bytes() == b"open in Word"
    assert (tmp_path / "rapport (2).docx").read_bytes().startswith(b"PK")
    assert (tmp_path / "mes notes.txt").read_text(encoding="utf-8") == "mine"
