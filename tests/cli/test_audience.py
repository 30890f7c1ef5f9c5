"""`diagnose --audience`: a version for those who may not read everything."""

from __future__ import annotations

from pathlib import Path

import pytest

import chaine_valeur as cv
from tests.cli.running import run
from tests.redaction.builders import Hidden, guarded_filiere
from tests.report.readers import xlsx_texts


@pytest.fixture(scope="module")
def workbook(tmp_path_factory: pytest.TempPathFactory) -> Path:
    path = tmp_path_factory.mktemp("guarded") / "laine.xlsx"
    cv.write_workbook(guarded_filiere(), path)
    return path


def test_the_public_version_says_so_and_holds_nothing_else(workbook: Path, tmp_path: Path) -> None:
    done = run("diagnose", str(workbook), "-o", str(tmp_path), "--audience", "public")
    assert done.exit_code == 0
    assert "Version publique\u202f: " in done.output.replace("\u00a0:", "\u202f:")
    page = (tmp_path / "rapport.html").read_text(encoding="utf-8")
    assert "Version publique" in page
    assert Hidden().name not in page
    assert "Acteur confidentiel" in page
    cells = " ".join(xlsx_texts(tmp_path / "tables.xlsx"))
    assert Hidden().name not in cells
    assert "Ce qui n’est pas dans cette version" in cells


def test_by_default_everything_is_in_it_and_it_says_that_it_is_internal(
    workbook: Path, tmp_path: Path
) -> None:
    assert run("diagnose", str(workbook), "-o", str(tmp_path)).exit_code == 0
    page = (tmp_path / "rapport.html").read_text(encoding="utf-8")
    assert Hidden().name in page
    assert "Version interne" in page


def test_another_audience_is_refused_with_those_there_are(workbook: Path, tmp_path: Path) -> None:
    done = run("diagnose", str(workbook), "-o", str(tmp_path), "--audience", "presse")
    assert done.exit_code == 2
    assert "partners" in done.output + done.stderr


def test_the_house_s_word_file_and_figures_for_slides(workbook: Path, tmp_path: Path) -> None:
    from docx import Document

    house = Document()
    house.add_paragraph("Couverture de la maison")
    house.add_paragraph("{{diagnostic}}")
    house.save(str(tmp_path / "maison.docx"))
    done = run(
        "diagnose",
        str(workbook),
        "-o",
        str(tmp_path / "out"),
        "--base",
        str(tmp_path / "maison.docx"),
        "--slides",
    )
    assert done.exit_code == 0
    written = [paragraph.text for paragraph in Document(str(tmp_path / "out" / "rapport.docx")).paragraphs]
    assert written[0] == "Couverture de la maison"
    assert not any("{{" in text for text in written)
    slides = sorted(path.name for path in (tmp_path / "out" / "diapositives").iterdir())
    assert slides and all(name.endswith(".png") for name in slides)


def test_a_base_that_is_no_word_file_is_refused(workbook: Path, tmp_path: Path) -> None:
    (tmp_path / "maison.docx").write_bytes(b"no zip")
    done = run(
        "diagnose", str(workbook), "-o", str(tmp_path / "out"), "--base", str(tmp_path / "maison.docx")
    )
    assert done.exit_code == 2
    assert "maison.docx" in done.output + done.stderr
