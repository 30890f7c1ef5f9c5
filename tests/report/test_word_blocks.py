"""A block of every kind in Word: what becomes of each, in which style, with which widths, links and texts."""

from __future__ import annotations

import io
import re
from dataclasses import replace
from typing import Any

import pytest
from docx import Document
from docx.oxml.ns import qn
from hypothesis import given, settings
from hypothesis import strategies as st

from chaine_valeur.report.blocks import (
    Block,
    Card,
    Cards,
    Cell,
    Column,
    Content,
    Grid,
    Heading,
    Map,
    Paragraph,
    Picture,
    Points,
    Search,
    Section,
)
from chaine_valeur.report.word import docx_bytes, without_dates
from chaine_valeur.report.word_fields import text_of_entry
from chaine_valeur.report.word_parts import bookmark_name, safe
from chaine_valeur.report.word_widths import column_widths, text_cm
from tests.report import word_bases as bases
from tests.report.readers import plain

ROOM = 17.0  # A4, two centimetres on either side


def written(*blocks: Block, lang: str = "fr", **more: Any) -> Any:
    """Return the document of a report of one section."""
    told = Content(lang, "Laine", "Diagnostic", (), (), (Section("one", "Une section", blocks),), **more)
    return Document(io.BytesIO(docx_bytes(told)))


def lines(document: Any) -> list[tuple[str, str]]:
    """Return style and text of each paragraph of the body after the heading of its section."""
    found = [(one.style.name, plain(one.text)) for one in document.paragraphs]
    start = found.index(("Heading 1", "Une section"))
    return found[start + 1 :]


# -- texts ----------------------------------------------------------------------------------------------


#: A block, and the paragraphs that it becomes, numbers of captions left aside.
BECOMES: list[tuple[Block, list[tuple[str, str]]]] = [
    (Paragraph("Un."), [("Normal", "Un.")]),
    (Paragraph("Un.", "lead"), [("Lead", "Un.")]),
    (Paragraph("Un.", "note"), [("Note", "Un.")]),
    (Paragraph("Un.", "warning"), [("Warning", "Un.")]),
    (Heading("Titre"), [("Heading 2", "Titre")]),
    (Points(("a", "b")), [("List Bullet", "a"), ("List Bullet", "b")]),
    (Points(("a", "b"), ordered=True), [("List Number", "a"), ("List Number", "b")]),
    (Points(()), []),
    (Map("Carte", "<script>alert(1)</script>", "La carte est ailleurs."), [("Note", "La carte est ailleurs.")]),
    (Cards(()), []),
    (Grid.of("Rien", [], []), [("Caption", "Tableau : Rien")]),
    (Grid.of("Un", ["a"], [["x"]]), [("Caption", "Tableau : Un"), ("Gap", "")]),
    (Grid.of("Un", ["a"], [["x"]], note="n"), [("Caption", "Tableau : Un"), ("Note", "n")]),
    (bases.picture(), [("Picture", ""), ("Caption", "Figure : Figure de chaine")]),
    (replace(bases.picture("x"), note="n"), [("Picture", ""), ("Caption", "Figure : Figure de x"), ("Note", "n")]),
]  # fmt: skip


def test_each_block_becomes_paragraphs_of_its_style() -> None:
    sections = tuple(Section(f"s{n}", f"Section {n}", (block,)) for n, (block, _) in enumerate(BECOMES))
    document = Document(io.BytesIO(docx_bytes(Content("fr", "Laine", "Diagnostic", (), (), sections))))
    told: dict[str, list[tuple[str, str]]] = {}
    here: list[tuple[str, str]] = []
    for one in document.paragraphs:
        if one.style is not None and one.style.name == "Heading 1":
            here = told.setdefault(plain(one.text), [])
        elif (
            one.style is not None
            and one.style.name is not None
            and not one.style.name.lower().startswith(("toc", "table"))
        ):
            here.append((one.style.name, re.sub(r"^(Tableau|Figure) \d+", r"\1", plain(one.text))))
    assert list(told) == [section.title for section in sections]
    for (block, expected), found in zip(BECOMES, told.values(), strict=True):
        assert found == expected, block


@given(st.lists(st.text(max_size=30), min_size=3, max_size=3))
@settings(max_examples=3)
def test_any_text_is_written_on_one_line_without_what_xml_cannot_hold(texts: list[str]) -> None:
    title, text, item = texts
    document = written(Heading(title), Paragraph(text), Points((item,)))
    told = [(style, one) for style, one in ((p.style.name, p.text) for p in document.paragraphs)][-3:]
    assert [style for style, _ in told] == ["Heading 2", "Normal", "List Bullet"]
    # a tab becomes one of Word; what is forbidden a sign of replacement, so that nothing runs together
    assert [one for _, one in told] == [safe(each) for each in texts]
    assert not any(char in one for _, one in told for char in "\r\n\x00\x0b\ufffe")


@pytest.mark.parametrize(("lang", "sign"), [("fr", "Tableau\u00a01\u00a0: "), ("en", "Table\u00a01: ")])
def test_a_caption_keeps_its_number_on_its_line(lang: str, sign: str) -> None:
    document = written(Grid.of("Acteurs", ["a"], [["x"]]), lang=lang)
    (caption,) = [one.text for one in document.paragraphs if one.style.name == "Caption"]
    assert caption == f"{sign}Acteurs"
    assert text_of_entry(sign.split("\u00a0")[0], 1, "Acteurs", lang) == caption


# -- key figures ----------------------------------------------------------------------------------------


def card(n: int, **more: Any) -> Card:
    return Card(f"A{n}", f"Nom {n}", f"{n} sur 9", **more)


@pytest.mark.parametrize("count", [1, 2, 3, 4, 7])
def test_cards_fill_rows_of_three_from_the_left(count: int) -> None:
    (table,) = written(Cards(tuple(card(n) for n in range(count)))).tables
    assert (len(table.rows), len(table.columns)) == (-(-count // 3), 3)
    told = [plain(cell.text) for row in table.rows for cell in row.cells]
    assert told == [f"Nom {n} {n} sur 9" for n in range(count)] + [""] * (-count % 3)
    assert sum(column.width.cm for column in table.columns) == pytest.approx(ROOM, abs=0.05)
    # no head is repeated, no row is torn
    assert not list(table._tbl.iter(qn("w:tblHeader")))
    assert len(list(table._tbl.iter(qn("w:cantSplit")))) == len(table.rows)
    shaded = [cell for cell in table._tbl.iter(qn("w:tc")) if next(cell.iter(qn("w:shd")), None) is not None]
    assert len(shaded) == count  # what is empty has no ground


def test_a_card_says_what_is_soft_what_is_unknown_and_where_it_comes_from() -> None:
    told = (
        card(1, soft=True, details=("Sur le territoire.", ""), firmness="Repose sur 60 %.", anchor="why-A"),
        card(2, unknown=True),
    )
    document = written(Cards(told), Heading("Couverture", anchor="why-A"))
    first, second, _ = document.tables[0].rows[0].cells
    assert [(one.style.name, plain(one.text)) for one in first.paragraphs] == [
        ("Card name", "Nom 1"), ("Card value", "≈ 1 sur 9"), ("Card detail", "Sur le territoire."),
        ("Card detail", "Repose sur 60 %."), ("Card detail", "D’où vient ce chiffre"),
    ]  # fmt: skip
    assert [(one.style.name, plain(one.text)) for one in second.paragraphs] == [
        ("Card name", "Nom 2"), ("Card unknown", "2 sur 9")
    ]  # fmt: skip
    (link,) = document.element.body.iter(qn("w:hyperlink"))
    assert link.get(qn("w:anchor")) == bookmark_name("why-A")
    names = {one.get(qn("w:name")) for one in document.element.body.iter(qn("w:bookmarkStart"))}
    assert bookmark_name("why-A") in names


# -- tables ---------------------------------------------------------------------------------------------


def test_cells_say_whether_they_are_numbers_heads_or_links() -> None:
    grid = Grid.of(
        "t", [Column("Nom"), Column("Tonnes", numeric=True)],
        [[Cell("Tri", strong=True), "12,5"], [Cell("Voir", anchor="one"), "?"],
         [Cell("Site", url="https://example.invalid"), ""]],
    )  # fmt: skip
    (table,) = written(grid).tables
    styles = [[cell.paragraphs[0].style.name for cell in row.cells] for row in table.rows]
    assert styles == [["Cell head", "Cell head number"]] + [["Cell", "Cell number"]] * 3
    assert [[plain(cell.text) for cell in row.cells] for row in table.rows] == [
        ["Nom", "Tonnes"], ["Tri", "12,5"], ["Voir", "?"], ["Site", ""]
    ]  # fmt: skip
    bold = [[run.bold for cell in row.cells for run in cell.paragraphs[0].runs] for row in table.rows[1:]]
    assert bold[0][0] is True and bold[0][1] is None
    # one link, inside; no address leads out of the document
    assert [one.get(qn("w:anchor")) for one in table._tbl.iter(qn("w:hyperlink"))] == [bookmark_name("one")]
    head, *rest = table._tbl.tr_lst
    assert head.trPr.find(qn("w:tblHeader")) is not None
    assert all(row.trPr.find(qn("w:tblHeader")) is None for row in rest)


def test_rows_that_have_an_anchor_are_places() -> None:
    grid = replace(Grid.of("t", ["a"], [["x"], ["y"]]), anchors=("row-x", ""))
    document = written(grid, Paragraph("fin"))
    (table,) = document.tables
    names = [[one.get(qn("w:name")) for one in row.iter(qn("w:bookmarkStart"))] for row in table._tbl.tr_lst]
    assert names == [[], [bookmark_name("row-x")], []]


def test_a_long_table_that_can_be_searched_is_cut_on_paper_and_says_so() -> None:
    search = Search(
        "Chercher", "relais", "aucun", "un", "plusieurs", most_on_paper=3, cut="Les autres sont dans la page."
    )
    long = Grid.of("t", ["a"], [[f"ligne {n}"] for n in range(9)], note="Note.", search=search)
    (table,) = (document := written(long)).tables
    assert [plain(row.cells[0].text) for row in table.rows] == ["a", "ligne 0", "ligne 1", "ligne 2"]
    assert lines(document)[-1] == ("Note", "Les autres sont dans la page. Note.")
    (whole,) = (document := written(replace(long, rows=long.rows[:3]))).tables
    assert len(whole.rows) == 4 and lines(document)[-1] == ("Note", "Note.")


def test_columns_are_as_wide_as_the_page_says_and_alike_tables_alike() -> None:
    one = Grid.of("un", ["Nom", "Constat"], [["Tri", "un long constat " * 20]])
    two = Grid.of("deux", ["Nom", "Constat"], [["Une autre histoire", "court"]])
    other = Grid.of("trois", ["Nom", "Source"], [["Tri", "x"]])
    first, second, third = written(one, two, other).tables
    widths = [[column.width.cm for column in table.columns] for table in (first, second, third)]
    assert widths[0] == widths[1] != widths[2]
    assert widths[0] == pytest.approx(list(column_widths([one, two], ROOM).cm), abs=0.01)
    for table, wide in zip((first, second, third), widths, strict=True):
        assert sum(wide) == pytest.approx(ROOM, abs=0.05)
        cells = [
            [int(cell.tcPr.find(qn("w:tcW")).get(qn("w:w"))) for cell in row.tc_lst]
            for row in table._tbl.tr_lst
        ]
        assert len({tuple(row) for row in cells}) == 1  # LibreOffice reads the width of each cell


def test_a_crowd_of_columns_is_set_smaller() -> None:
    (table,) = written(Grid.of("t", [f"Conventionnement{n}" for n in range(8)], [["1"] * 8])).tables
    assert {cell.paragraphs[0].style.name for cell in table.rows[1].cells} == {"Dense cell"}
    assert {cell.paragraphs[0].style.name for cell in table.rows[0].cells} == {"Dense cell head"}


def test_numbers_of_tables_and_figures_run_on_over_sections() -> None:
    grid, picture = Grid.of("t", ["a"], [["x"]]), bases.picture()
    sections = tuple(Section(f"s{n}", f"S{n}", (grid, picture, grid)) for n in range(3))
    document = Document(io.BytesIO(docx_bytes(Content("en", "t", "s", (), (), sections))))
    told = [
        plain(one.text).split(":")[0]
        for one in document.paragraphs
        if one.style and one.style.name == "Caption"
    ]
    assert told == [
        "Table 1",
        "Figure 1",
        "Table 2",
        "Table 3",
        "Figure 2",
        "Table 4",
        "Table 5",
        "Figure 3",
        "Table 6",
    ]
    # each bookmark has a number of its own
    ids = [one.get(qn("w:id")) for one in document.element.body.iter(qn("w:bookmarkStart"))]
    assert len(set(ids)) == len(ids)


# -- pictures -------------------------------------------------------------------------------------------


def shape_of(picture: Picture) -> tuple[float, float]:
    (shape,) = written(picture).inline_shapes
    return shape.width.cm, shape.height.cm


def test_a_picture_has_its_size_unless_the_page_is_smaller() -> None:
    # the picture itself is 160 by 90: it keeps that shape whatever is said of its height
    assert shape_of(bases.picture(width=8.0, height=4.5)) == pytest.approx((8.0, 4.5), abs=0.01)
    assert shape_of(bases.picture(width=17.9, height=10.07))[0] == pytest.approx(ROOM, abs=0.01)
    # a high one is made lower: 29.7 - 2.2 - 2 = 25.5 of height, less 0.7 around it and 0.45 for a line of caption
    wide, _ = shape_of(bases.picture(width=16.0, height=32.0))
    assert wide == pytest.approx((25.5 - 0.7 - 0.45) * 16 / 32, abs=0.02)


def test_a_caption_of_many_lines_leaves_less_to_the_picture() -> None:
    high = bases.picture(width=16.0, height=32.0)
    long = replace(high, caption="Un intitulé qui dit tout de la figure " * 8)
    lines_ = 1 + text_cm(long.caption, size=10) // ROOM
    assert lines_ >= 3
    before, after = shape_of(high)[0], shape_of(long)[0]
    assert before - after == pytest.approx((lines_ - 1) * 0.45 / 2, abs=0.02)
    noted = shape_of(replace(high, note="Une note."))[0]
    assert before - noted == pytest.approx(0.45 / 2, abs=0.02)


@pytest.mark.parametrize("alt", ["Ce qu’elle montre.", "x" * 5_000, "a\nb\x00", ""])
def test_the_text_of_a_picture_is_there_and_not_without_end(alt: str) -> None:
    document = written(replace(bases.picture(), alt=alt))
    (told,) = document.element.body.iter(qn("wp:docPr"))
    assert len(told.get("descr")) <= 2_000
    assert told.get("descr") == (safe(alt) if len(alt) <= 2_000 else "x" * 1_999 + "…")


def test_a_wide_picture_lies_down_alone_and_what_follows_stands() -> None:
    wide = bases.picture("large", 27.7, 17.8)
    document = written(Paragraph("Avant."), wide, Paragraph("Après."), wide)
    turned = [section.page_width.cm > section.page_height.cm for section in document.sections]
    assert turned == [False, True, False, True, False]
    # as the first block it takes the heading of its section along
    first = written(wide, Paragraph("Après."))
    assert [section.page_width.cm > section.page_height.cm for section in first.sections] == [
        False,
        True,
        False,
    ]
    (heading,) = [one for one in first.paragraphs if one.style.name == "Heading 1"]
    assert not heading.paragraph_format.page_break_before
    breaks = [plain(one.text) for one in first.paragraphs if one._p.pPr.find(qn("w:sectPr")) is not None]
    assert breaks == ["Laine", "Figure 1 : Figure de large"]  # the title, and the figure itself


# -- names ----------------------------------------------------------------------------------------------


@given(st.lists(st.text(min_size=1, max_size=80), min_size=2, max_size=2, unique=True))
@settings(max_examples=25)
def test_names_of_places_are_taken_by_word(anchors: list[str]) -> None:
    names = [bookmark_name(one) for one in anchors]
    assert all(len(name) <= 40 and name[0].isalpha() and " " not in name for name in names)
    assert bookmark_name(anchors[0]) == names[0]


def test_long_anchors_that_begin_alike_are_told_apart() -> None:
    one, other = (bookmark_name("why-" + "x" * 60 + end) for end in "ab")
    assert one != other and len(one) == len(other) == 40
    assert bookmark_name("a-b") == "cv_a_b"


def test_the_dates_of_a_zip_are_gone_and_its_members_stay() -> None:
    import zipfile

    raw = io.BytesIO()
    with zipfile.ZipFile(raw, "w") as made:
        made.writestr("a.xml", b"<a/>")
        made.writestr("b/c.bin", b"\x00" * 1_000)
    with zipfile.ZipFile(io.BytesIO(without_dates(raw.getvalue()))) as told:
        assert [(one.filename, one.date_time) for one in told.infolist()] == [
            ("a.xml", (1980, 1, 1, 0, 0, 0)), ("b/c.bin", (1980, 1, 1, 0, 0, 0))
        ]  # fmt: skip
        assert told.read("b/c.bin") == b"\x00" * 1_000
