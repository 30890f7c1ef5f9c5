"""The Word document: real styles, pictures with a text, heads of tables repeated, a language, links that lead."""

from __future__ import annotations

import io
import re
from typing import Any
from xml.etree import ElementTree

import pytest
from docx import Document
from docx.oxml.ns import qn

from chaine_valeur.report.blocks import Content, Grid, Heading, Paragraph, Points, Section
from chaine_valeur.report.word import docx_bytes
from tests.report import word_bases as bases
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
    # Word takes 40 characters, a letter first, or an underscore for those that it hides
    assert all(re.fullmatch(r"[A-Za-z]\w{0,39}|_Toc\d{9}", name) for name in names)
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


@pytest.fixture(scope="module")
def small() -> Any:
    """A report of five sections, with a figure that lies down."""
    return Document(io.BytesIO(docx_bytes(bases.small())))


def texts(document: Any, style: str) -> list[str]:
    return [plain(one.text) for one in document.paragraphs if one.style.name == style]


def instructions(paragraphs: list[Any]) -> list[str]:
    """Return the code of each field that begins in some paragraphs."""
    return [plain(code.text or "") for one in paragraphs for code in one._p.iter(qn("w:instrText"))]


def test_the_contents_are_a_field_whose_entries_are_written(small: Any) -> None:
    entries = [one for one in small.paragraphs if one.style.name in ("toc 1", "toc 2")]
    assert [plain(one.text) for one in entries] == [
        "Cinq choses", "Chiffres clés", "La chaîne", "La chaîne", "Suite", "D’où viennent les chiffres", "Couverture",
    ]  # fmt: skip
    assert [one.style.name[-1] for one in entries] == ["1", "1", "2", "1", "1", "1", "2"]
    assert instructions(entries) == ['TOC \\o "1-2" \\h \\z']
    kinds = [sign.get(qn("w:fldCharType")) for one in entries for sign in one._p.iter(qn("w:fldChar"))]
    assert kinds == ["begin", "separate", "end"]
    # each leads to the heading of its name
    marks = {
        mark.get(qn("w:name")): plain(one.text)
        for one in small.paragraphs
        if one.style.name.startswith("Heading")
        for mark in one._p.iter(qn("w:bookmarkStart"))
    }
    for entry in entries:
        (link,) = entry._p.iter(qn("w:hyperlink"))
        assert marks[link.get(qn("w:anchor"))] == plain(entry.text)


def test_the_list_of_figures_is_a_field_of_its_own(small: Any) -> None:
    entries = [one for one in small.paragraphs if one.style.name == "table of figures"]
    assert [plain(one.text) for one in entries] == [
        "Figure 1 : Figure de chaine",
        "Figure 2 : Figure de suite",
    ]
    assert instructions(entries) == ['TOC \\h \\z \\c "Figure"']
    assert [plain(one.text) for one in small.paragraphs if one.style.name == "TOC Heading"] == [
        "Sommaire",
        "Figures",
    ]
    # a single figure needs no list, and few sections no contents
    (keys,) = [section for section in bases.small().sections if section.anchor == "keys"]
    few = Document(io.BytesIO(docx_bytes(Content("fr", "t", "s", (), (), (keys, keys)))))
    assert not [one for one in few.paragraphs if one.style.name.startswith(("toc", "TOC", "table of"))]


def test_the_first_section_comes_before_the_contents(small: Any) -> None:
    order = [plain(one.text) for one in small.paragraphs if plain(one.text)]
    assert (
        order.index("Un.") < order.index("Sommaire") < order.index("Figures") < order.index("7 sur 9")
        if ("7 sur 9" in order)
        else order.index("Un.") < order.index("Sommaire") < order.index("Figures") < order.index("Prix.")
    )


def test_each_page_but_the_first_bears_title_and_audience(small: Any) -> None:
    first = small.sections[0]
    assert first.different_first_page_header_footer
    assert [plain(one.text) for one in first.first_page_header.paragraphs] in ([], [""])
    for section in small.sections:
        assert plain(section.header.paragraphs[0].text) == "Laine & chanvre · Partenaires"
        assert plain(section.footer.paragraphs[0].text) == "Diagnostic de la filière · page 1 / 1"
    assert not any(section.different_first_page_header_footer for section in small.sections[1:])
    assert plain(first.first_page_footer.paragraphs[0].text).startswith("Diagnostic de la filière · page")


def test_no_page_holds_an_empty_line_alone(small: Any) -> None:
    """The end of a section stands in its last paragraph: an empty one might be a page of its own."""
    breaks = [
        one
        for one in small.paragraphs
        if one._p.pPr is not None and one._p.pPr.find(qn("w:sectPr")) is not None
    ]
    assert [plain(one.text) for one in breaks] == ["Quatre.", "Figure 1 : Figure de chaine"]
    empty = [
        one for one in small.paragraphs if not plain(one.text) and not list(one._p.iter(qn("w:drawing")))
    ]
    assert {one.style.name for one in empty} <= {"Gap"}


def kept(element: Any) -> bool:
    return any(True for _ in element.iter(qn("w:keepNext")))


def test_what_belongs_together_stays_on_one_page() -> None:
    def rows(number: int, note: str, letters: int = 3) -> list[bool]:
        grid = Grid.of("t", ["a", "b"], [["x" * letters, "y"]] * number, note=note)
        told = Content("fr", "t", "s", (), (), (Section("one", "Un", (grid,)),))
        (table,) = Document(io.BytesIO(docx_bytes(told))).tables
        return [kept(row) for row in table._tbl.tr_lst]

    # a short table is whole, and its note with it; the head counts as a row
    assert rows(2, "note") == [True, True, True]
    assert rows(2, "") == [True, True, False]
    # a long one holds its head and first row, and its last two rows, together
    assert rows(10, "note") == [True, True, *[False] * 7, True, True]
    assert rows(3, "", letters=800) == [True, True, True, False]
    # what a paragraph announces follows it on its page
    told = (Paragraph("Ce qui manque :"), Points(("Prix.",)), Paragraph("Rien."), Heading("Titre"))
    document = Document(
        io.BytesIO(docx_bytes(Content("fr", "t", "s", (), (), (Section("one", "Un", told),))))
    )
    keeps = {plain(one.text): bool(one.paragraph_format.keep_with_next) for one in document.paragraphs}
    assert (keeps["Ce qui manque :"], keeps["Rien."], keeps["Titre"], keeps["Un"]) == (
        True,
        False,
        True,
        True,
    )


def test_an_empty_report_and_one_of_odd_texts_are_documents() -> None:
    empty = Document(io.BytesIO(docx_bytes(Content("fr", "", "", (), (), ()))))
    assert [one.style.name for one in empty.paragraphs] == ["Subtitle", "Title"]
    odd = "\x00\x1b\ud800 שלום 🧶 " + "x" * 300
    grid = Grid.of(odd, [odd], [[odd]], note=odd)
    blocks = (
        Heading(odd),
        Paragraph(odd),
        grid,
        Grid.of(odd, [], []),
        Points((odd,), ordered=True),
        Points(()),
    )
    told = Content("fr", odd, odd, ((odd, odd),), (odd,), (Section("é " * 60, odd, blocks),) * 4, odd, (odd,))
    document = Document(io.BytesIO(docx_bytes(told)))
    assert len(texts(document, "Heading 1")) == 4
    assert all("x" * 300 in text for text in texts(document, "Heading 2"))
