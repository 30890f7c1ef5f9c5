"""LibreOffice opens the Word document and the workbook, and reads in them what was written."""

from __future__ import annotations

import csv
import shutil
import subprocess
from collections.abc import Callable
from pathlib import Path

import pytest

from tests.report.builders import FORMULA, SCRIPT
from tests.report.conftest import Written
from tests.report.readers import plain

pytestmark = [pytest.mark.office, pytest.mark.long]
Convert = Callable[..., Path]


@pytest.mark.parametrize("name", ["example", "evil"])
def test_the_word_document_opens_with_its_titles_and_pictures(
    name: str, request: pytest.FixtureRequest, office_convert: Convert, pdftoppm: str
) -> None:
    report: Written = request.getfixturevalue(name)
    made = office_convert(report.docx)
    text = subprocess.run(
        [str(Path(pdftoppm).with_name("pdftotext")), "-layout", str(made), "-"],
        capture_output=True, text=True, check=True, timeout=60,
    ).stdout  # fmt: skip
    said = plain(text)
    for section in report.content.sections:
        # a title may be broken over two lines; its first words are enough
        assert plain(section.title)[:20] in said, section.title
    assert text.count("\f") >= 5
    images = subprocess.run(
        [str(Path(pdftoppm).with_name("pdfimages")), "-list", str(made)],
        capture_output=True, text=True, check=True, timeout=60,
    ).stdout.splitlines()[2:]  # fmt: skip
    assert len([line for line in images if " image " in line]) >= len(report.content.pictures)


def test_the_workbook_opens_and_no_cell_is_worked_out(
    evil: Written, office_convert: Convert, tmp_path: Path
) -> None:
    copy = tmp_path / "tables.xlsx"
    shutil.copyfile(evil.xlsx, copy)
    # every sheet as its own file, values as they are shown
    made = office_convert(copy, to="html")
    text = made.read_text(encoding="utf-8", errors="replace")
    assert "&lt;script&gt;alert(1)&lt;/script&gt;" in text
    assert FORMULA.replace("'", "&apos;") in text or FORMULA in text or FORMULA.replace("'", "&#39;") in text
    assert SCRIPT not in text
    assert "#NAME?" not in text and "Err:" not in text and "#NOM" not in text


def test_the_first_sheet_reads_as_contents(english: Written, office_convert: Convert, tmp_path: Path) -> None:
    copy = tmp_path / "tables.xlsx"
    shutil.copyfile(english.xlsx, copy)
    made = office_convert(copy, to="csv:Text - txt - csv (StarCalc):44,34,76,1")
    rows = list(csv.reader(made.read_text(encoding="utf-8").splitlines()))
    assert rows[0][0] == "À la main"
    shown = {row[0]: row[1] for row in rows if len(row) > 1}
    assert shown["Indicators"] == str(len(english.diagnosis.indicators))
    assert shown["Findings"] == str(len(english.diagnosis.findings))
