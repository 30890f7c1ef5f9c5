"""Names that are scripts or formulas travel through the page, Word and Excel as plain text."""

from __future__ import annotations

import json
import re
from pathlib import Path
from xml.etree import ElementTree

import pytest

from chaine_valeur import Filiere
from chaine_valeur.analysis.findings import Finding
from chaine_valeur.diagnosis import diagnose
from chaine_valeur.report import write_all, write_docx, write_html
from tests.diagnosis.builders import finding_always
from tests.report.builders import BREAK, FORMULA, HOSTILE, QUOTE, SCRIPT
from tests.report.conftest import Written
from tests.report.readers import Page, book_of, docx_text, page_of, plain, xlsx_texts, zip_parts


def our_script_alone(page: Page) -> bool:
    """Whether a page has one script, which `test_html` compares with the file that it is."""
    return [one.attributes for one in page.of("script")] == [{}]


def test_nothing_of_it_was_refused(evil: Written) -> None:
    f = evil.diagnosis.filiere
    assert {SCRIPT, FORMULA, QUOTE} <= set(f.actors["name"])
    assert {SCRIPT, FORMULA, QUOTE} <= set(f.stages["name"])
    assert "check_failed" not in set(evil.diagnosis.findings["kind"])
    assert len(evil.diagnosis.findings) > 5


@pytest.mark.parametrize("name", HOSTILE)
def test_each_name_is_read_in_each_form_as_it_was_written(evil: Written, name: str) -> None:
    assert plain(name) in page_of(evil.html).text
    assert plain(name) in docx_text(evil.docx)
    assert any(name in text for text in xlsx_texts(evil.xlsx))


def test_the_page_has_no_live_element_made_of_a_name(evil: Written) -> None:
    page = page_of(evil.html)
    assert our_script_alone(page)
    # the pictures are those of the report, none is one of the names
    assert len(page.of("img")) == len(evil.content.pictures)
    assert not any(name.startswith("on") for one in page.elements for name in one.attributes)
    for one in page.of("a"):
        assert not one.attributes["href"].lower().startswith(("javascript:", "data:"))
    # what looks like a template is not worked out: 7*7 stays 7*7
    assert "{{ 7*7 }}" in page.text
    assert "49 {%" not in page.text


def test_the_map_in_the_page_and_alone_holds_names_as_data(evil: Written) -> None:
    alone = evil.map.read_text(encoding="utf-8")
    for text in (alone, page_of(evil.html).map_html()):
        codes = re.findall(r"<script([^>]*)>(.*?)</script", text, re.DOTALL)
        data = [code for attributes, code in codes if "application/json" in attributes]
        assert data
        for code in data:
            json.loads(code)
        assert SCRIPT not in text
        for attributes, code in codes:
            if "application/json" not in attributes:
                assert not any(f"alert({n})" in code for n in (1, 2, 3, 4))
    assert alone == page_of(evil.html).map_html()


def test_figures_hold_names_as_text(evil: Written) -> None:
    for path in evil.files:
        if path.suffix == ".svg":
            # parsed: a comment that a name could close would let its elements appear
            root = ElementTree.fromstring(path.read_bytes())
            for element in root.iter():
                local = str(element.tag).rpartition("}")[2]
                assert local not in ("script", "img", "foreignObject", "a", "iframe"), local
                assert not any(name.rpartition("}")[2].startswith("on") for name in element.attrib)
                links = [value for name, value in element.attrib.items() if name.endswith("href")]
                assert all(link.startswith(("#", "data:image/")) for link in links), links


def test_in_word_a_name_is_never_a_field_nor_a_link_out(evil: Written) -> None:
    xml = zip_parts(evil.docx)["word/document.xml"].decode()
    fields = re.findall(r"<w:instrText[^>]*>([^<]*)<", xml)
    ours = r' (PAGE|NUMPAGES|SEQ \w+ \\\* ARABIC|TOC \\o "1-2" \\h \\z|TOC \\h \\z \\c "Figure"|PAGEREF \w+ \\h) '
    assert fields and all(re.fullmatch(ours, one) for one in fields)
    assert "w:fldSimple" not in xml and "<script" not in xml
    assert not re.search(r"<w:hyperlink[^>]* r:id=", xml)


def test_in_excel_text_that_looks_like_a_formula_is_marked_as_text(evil: Written) -> None:
    found = 0
    for sheet in book_of(evil.xlsx).worksheets:
        for row in sheet.iter_rows():
            for cell in row:
                assert cell.data_type != "f", (sheet.title, cell.coordinate)
                if isinstance(cell.value, str) and cell.value.startswith(("=", "+", "-", "@", "\t")):
                    assert cell.data_type == "s" and cell.quotePrefix, (sheet.title, cell.coordinate)
                    found += 1
    # names of actors, stages, materials, identifiers in findings, notes…
    assert found > 10


def test_names_of_files_are_the_same_whatever_the_filiere(evil: Written, example: Written) -> None:
    written, expected = ([path.name for path in one.files] for one in (evil, example))
    # figures for which a filière states nothing are left out
    assert set(written) <= set(expected)
    assert [name for name in expected if name in written] == written


def test_control_characters_and_half_surrogates_reach_no_form(tmp_path: Path) -> None:
    odd = "a\x07b\ud800c\ufffed"
    found = Finding("mine", "high", f"said {odd}")
    f = Filiere.from_tables(actors={"name": ["A"]})
    made = diagnose(f, checks=[finding_always(found)], indicators=[], lang="en")
    page = Page(write_html(made, tmp_path / "a.html").read_text(encoding="utf-8"))
    assert "said a" in page.text
    assert "said a\ufffdb\ufffdc\ufffdd" in docx_text(write_docx(made, tmp_path / "a.docx"))


def test_a_finding_of_one_s_own_with_a_script_is_text(tmp_path: Path) -> None:
    found = Finding(SCRIPT, "high", f"{SCRIPT}\n{FORMULA}", stage_id=QUOTE, unit=BREAK, quantity=3.0)
    f = Filiere.from_tables(actors={"name": ["A"]})
    made = diagnose(f, checks=[finding_always(found)], indicators=[], lang="en")
    files = {path.name: path for path in write_all(made, tmp_path)}
    page = page_of(files["rapport.html"])
    assert len(page.of("script")) <= 1
    assert plain(f"{SCRIPT} {FORMULA}") in page.text
    assert plain(f"{SCRIPT} {FORMULA}") in docx_text(files["rapport.docx"])
    assert any(SCRIPT in text for text in xlsx_texts(files["tables.xlsx"]))


@pytest.mark.parametrize("name", [SCRIPT, FORMULA])
def test_the_picture_files_say_the_name_as_it_is(evil: Written, name: str) -> None:
    """The description inside PNG and SVG, which programs show: the name, whole, and nothing made of it."""
    from PIL import Image

    pictures = [path for path in evil.files if path.stem == "chaine"]
    assert {path.suffix for path in pictures} == {".png", ".svg"}
    for path in pictures:
        if path.suffix == ".png":
            with Image.open(path) as image:
                image.load()
                assert name in image.info["Description"]
        else:
            root = ElementTree.fromstring(path.read_bytes())
            told = " ".join(str(one.text) for one in root.iter() if str(one.tag).endswith("description"))
            assert name in told


def test_names_of_sheets_heads_and_notes_are_no_formula_either(evil: Written) -> None:
    """A column of one's own is a head of the workbook; its name was typed by somebody, too."""
    book = book_of(evil.xlsx)
    for sheet in book.worksheets:
        assert not sheet.title.startswith(("=", "+", "-", "@"))
        for cell in next(sheet.iter_rows(max_row=1)):
            assert cell.data_type != "f"
    assert any(
        "Mot à nous <b>" in str(cell.value)
        for sheet in book.worksheets
        for cell in next(sheet.iter_rows(max_row=1))
    )


def test_the_title_of_the_page_of_the_document_and_of_the_workbook_is_text(evil: Written) -> None:
    title = f"{SCRIPT} & {FORMULA}"
    assert page_of(evil.html).of("h1")[0].text == plain(title)
    core = ElementTree.fromstring(zip_parts(evil.docx)["docProps/core.xml"])
    assert any(SCRIPT in str(one.text) for one in core.iter())
    assert SCRIPT in str(book_of(evil.xlsx).properties.title)
