"""The Word document: real styles, pictures with a text, heads of tables repeated, a language, links that lead."""

from __future__ import annotations

import io
import re
from typing import Any
from xml.etree import ElementTree

import pytest
from docx import Document
from docx.oxml.ns import qn

from chaine_valeur.report.word import docx_bytes
from tests.report.conftest import Written
from tests.report.readers import plain, zip_parts


@pytest.fixture(scope="module")
def document(report: Written) -> Any:
    return Document(io.BytesIO(report.docx.read_bytes()))


def test_each_part_is_whole_xml(report: Written) -> None:
    parts = zip_parts(report.docx)
    for name, data in parts.items():
        if name.endswith((".xml", ".rels")):
            ElementTree.fromstring(data)
    # nothing is fetched when the document is opened
    for name, data in parts.items():
        if name.endswith(".rels"):
            assert b'TargetMode="External"' not in data, name
    assert not any("vba" in name.lower() for name in parts)


def test_headings_are_styles_and_follow_the_sections(report: Written, document: Any) -> None:
    said = [(one.style.name, plain(one.text)) for one in document.paragraphs]
    firsts = [text for style, text in said if style == "Heading 1"]
    assert firsts == [plain(section.title) for section in report.content.sections]
    assert [text for style, text in said if style == "Title"] == [plain(report.content.title)]
    levels = [int(style[-1]) for style, _ in said if style.startswith("Heading")]
    assert levels[0] == 1
    assert all(after <= before + 1 for before, after in zip(levels, levels[1:], strict=False))


def test_every_paragraph_has_a_style_of_the_document(document: Any) -> None:
    names = {style.name for style in document.styles}
    used = {one.style.name for one in document.paragraphs}
    assert used <= names
    assert {"Heading 1", "Heading 2", "Caption", "Note", "List Number"} <= used


def test_each_picture_has_its_text(report: Written, document: Any) -> None:
    shapes = document.element.body.iter(qn("wp:docPr"))
    told = [shape.get("descr") for shape in shapes]
    assert [plain(text) for text in told] == [plain(one.alt) for one in report.content.pictures]
    assert all(len(text) > 20 for text in told)
    media = [name for name in zip_parts(report.docx) if name.startswith("word/media/")]
    assert len(media) == len(report.content.pictures)


def test_heads_of_tables_are_repeated_and_rows_are_not_torn(report: Written, document: Any) -> None:
    heads = 0
    for table in document.tables:
        rows = table._tbl.tr_lst
        repeated = [row.trPr is not None and row.trPr.find(qn("w:tblHeader")) is not None for row in rows]
        assert not any(repeated[1:])
        heads += repeated[0]
        assert all(row.trPr.find(qn("w:cantSplit")) is not None for row in rows)
    # each grid has a head; key figures stand in tables without one
    kinds = [type(block).__name__ for block in report.content.blocks()]
    assert heads == kinds.count("Grid")
    assert len(document.tables) == kinds.count("Grid") + kinds.count("Cards")


def test_tables_and_figures_are_numbered_by_word(report: Written, document: Any) -> None:
    captions = [one for one in document.paragraphs if one.style.name == "Caption"]
    kinds = [type(block).__name__ for block in report.content.blocks()]
    assert len(captions) == kinds.count("Grid") + kinds.count("Picture")
    numbers: dict[str, list[int]] = {}
    for one in captions:
        found = re.match(r"(\w+) (\d+) ?: (.+)", plain(one.text))
        assert found, one.text
        numbers.setdefault(found[1], []).append(int(found[2]))
        assert any("SEQ " in (code.text or "") for code in one._p.iter(qn("w:instrText")))
    assert all(each == list(range(1, len(each) + 1)) for each in numbers.values())


def test_the_language_is_said_once_for_all(report: Written, document: Any) -> None:
    code = {"fr": "fr-FR", "en": "en-GB"}[report.diagnosis.lang]
    (said,) = document.styles.element.find(qn("w:docDefaults")).iter(qn("w:lang"))
    assert said.get(qn("w:val")) == code
    assert document.core_properties.language == code
    assert document.core_properties.title == " ".join(report.content.title.split("\n"))[:255]


def test_links_lead_to_bookmarks_and_bookmarks_are_unique(document: Any) -> None:
    body = document.element.body
    names = [one.get(qn("w:name")) for one in body.iter(qn("w:bookmarkStart"))]
    numbers = [one.get(qn("w:id")) for one in body.iter(qn("w:bookmarkStart"))]
    assert len(set(names)) == len(names) and len(set(numbers)) == len(numbers)
    assert numbers == [one.get(qn("w:id")) for one in body.iter(qn("w:bookmarkEnd"))]
    # Word takes 40 characters, a letter first
    assert all(re.fullmatch(r"[A-Za-z]\w{0,39}", name) for name in names)
    targets = [one.get(qn("w:anchor")) for one in body.iter(qn("w:hyperlink"))]
    assert len(targets) > 15
    assert set(targets) <= set(names)


def test_pages_are_a4_and_only_a_wide_figure_lies_down(report: Written, document: Any) -> None:
    sizes = {
        (round(section.page_width.cm, 1), round(section.page_height.cm, 1)) for section in document.sections
    }
    assert sizes <= {(21.0, 29.7), (29.7, 21.0)}
    wide = any(picture.landscape for picture in report.content.pictures)
    assert ((29.7, 21.0) in sizes) is wide
    footer = "".join(code.text or "" for code in document.sections[0].footer._element.iter(qn("w:instrText")))
    assert "PAGE" in footer and "NUMPAGES" in footer


def test_pictures_fit_the_page(document: Any) -> None:
    for shape in document.inline_shapes:
        assert 3 < shape.width.cm <= 25.7
        assert shape.height.cm <= 25


def test_same_content_same_bytes(english: Written) -> None:
    assert docx_bytes(english.content) == english.docx.read_bytes()
