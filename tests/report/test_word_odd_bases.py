"""Bases that are not as expected: other languages, missing styles, odd pages, marks after the report, light colours."""

from __future__ import annotations

import io
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from docx import Document
from docx.oxml import parse_xml
from docx.oxml.ns import nsdecls, qn
from docx.shared import Cm, RGBColor

from chaine_valeur.report.blocks import Content, Paragraph, Points, Section
from chaine_valeur.report.word import docx_bytes
from chaine_valeur.report.word_base import Place, fill_marks
from chaine_valeur.report.word_cleaning import REMARKS, clean
from chaine_valeur.report.word_lists import Lists
from chaine_valeur.report.word_page import Room, dress_document, drop_paragraph, new_document, room_of, turn
from chaine_valeur.report.word_styles import Palette, Styles, find_style, palette_of, set_styles
from tests.report import word_bases as bases
from tests.report.readers import plain

LISTS = Content("fr", "Laine", "Diagnostic", (("Territoire", "Val"),), (), (
    Section("one", "Une section", (Paragraph("Texte."), Points(("a", "b")), Points(("c",), ordered=True))),))  # fmt: skip


def inside(folder: Path, body: Callable[[Any], None], told: Content = LISTS) -> Any:
    """Return the document of a report inside a base whose body is made so."""
    path = bases.base(folder / "base.docx", french=False, body=body)
    return Document(io.BytesIO(docx_bytes(told, base=path)))


def texts(document: Any) -> list[str]:
    return [plain(one.text) for one in document.paragraphs if plain(one.text)]


# -- marks ----------------------------------------------------------------------------------------------


def test_marks_after_the_report_are_filled_too(tmp_path: Path) -> None:
    def body(document: Any) -> None:
        document.add_paragraph("Avant : {{titre}}")
        document.add_paragraph("{{diagnostic}}")
        document.add_paragraph("Après : {{ TITRE }}, {{territoire}}, {{inconnu}}")
        document.add_table(1, 1).cell(0, 0).text = "Tableau : {{sous-titre}}"

    document = inside(tmp_path, body)
    said = texts(document)
    assert said[0] == "Avant : Laine"
    assert said[-1] == "Après : Laine, Val, {{inconnu}}"
    assert document.tables[-1].cell(0, 0).text == "Tableau : Diagnostic"


def test_what_a_report_says_is_no_mark(tmp_path: Path) -> None:
    # a filière called after the mark neither moves the report nor is filled in again
    told = Content("fr", "{{diagnostic}}", "{{titre}}", (), (),
                   (Section("one", "{{titre}}", (Paragraph("{{territoire}}"),)),))  # fmt: skip

    def body(document: Any) -> None:
        document.add_paragraph("Couverture de {{titre}}")
        document.add_paragraph("{{diagnostic}}")
        document.add_paragraph("Fin")

    said = texts(inside(tmp_path, body, told))
    assert said == [
        "Couverture de {{diagnostic}}",
        "{{titre}}",
        "{{diagnostic}}",
        "{{titre}}",
        "{{territoire}}",
        "Fin",
    ]


def test_marks_in_a_text_box_and_over_tabs_are_filled_where_they_stand() -> None:
    document = Document()
    box = (
        f"<w:p {nsdecls('w')}><w:r><w:txbxContent><w:p><w:r><w:t>{{{{ti</w:t></w:r><w:r><w:t>tre}}}}</w:t></w:r></w:p>"
        "</w:txbxContent></w:r></w:p>"
    )
    document.element.body.insert(0, parse_xml(box))
    line = document.add_paragraph("{{titre}}")
    line.add_run().add_tab()
    line.add_run("{{sans")
    fill_marks(document, {"titre": "Laine"})
    assert [text.text for text in document.element.body.iter(qn("w:t"))][:3] == ["Laine", "", "Laine{{sans"]
    assert list(line._p.iter(qn("w:tab")))


@pytest.mark.parametrize("mark", ["{{diagnostic}}", "{{ Diagnosis }}", "Voir ici {{DIAGNOSTIC}} ."])
def test_the_mark_is_found_however_it_is_written(mark: str) -> None:
    document = Document()
    for text in ("un", mark, "deux"):
        document.add_paragraph(text)
    place = Place(document, lang="fr")
    assert place.kept and [plain(one.text) for one in document.paragraphs] == ["un"]
    document.add_paragraph("rapport")
    place.close()
    assert [plain(one.text) for one in document.paragraphs] == ["un", "rapport", "deux"]
    assert document.element.body[-1].tag == qn("w:sectPr")  # the schema wants it last


def test_without_a_mark_nothing_of_the_base_is_kept_but_its_page() -> None:
    document = Document()
    document.add_paragraph("vieux")
    document.sections[0].page_width = Cm(33)
    document.sections[0]._sectPr.append(parse_xml(f'<w:cols {nsdecls("w")} w:num="2"/>'))
    place = Place(document, lang="fr")
    assert not place.kept and not place.after and document.paragraphs == []
    place.close()
    assert document.sections[0].page_width.cm == pytest.approx(33, abs=0.01)
    assert not list(document.element.body.iter(qn("w:cols")))  # tables need the whole width


# -- styles ---------------------------------------------------------------------------------------------


def bare(*, keep: tuple[str, ...] = ()) -> Any:
    """Return a document whose paragraph styles are gone but for some."""
    document = Document()
    root = document.styles.element
    for style in list(root.style_lst):
        if style.get(qn("w:type")) == "paragraph" and style.name_val not in keep:
            root.remove(style)
    return document


def test_styles_that_are_missing_are_made_once_and_in_the_look_of_the_base() -> None:
    document = bare(keep=("heading 1",))
    styles = set_styles(document, own=False)
    again = set_styles(document, own=False)
    names = [style.name_val for style in document.styles.element.style_lst]
    assert len(names) == len({name.casefold() for name in names})
    for name in ("Normal", "Caption", "List Bullet", "toc 1", "Cell head number", "Running head"):
        assert styles.element(name) is again.element(name)
    note = styles.element("Note")
    assert note.find(f"{qn('w:rPr')}/{qn('w:rFonts')}") is None  # its typeface is that of « Normal »
    assert note.basedOn_val == styles.element("Normal").styleId
    second = find_style(document, "Heading 2")
    level = second.find(f"{qn('w:pPr')}/{qn('w:outlineLvl')}")
    assert level is not None and level.get(qn("w:val")) == "1"  # so that contents and screen readers find it


@pytest.mark.parametrize(
    ("called", "ours"),
    [("Titre 1", "Heading 1"), ("TITRE 2", "Heading 2"), ("Légende", "Caption"), ("Titre", "Title"),
     ("Sous-titre", "Subtitle"), ("Liste à puces", "List Bullet"), ("Liste à numéros", "List Number"),
     ("TM 1", "toc 1"), ("Table des illustrations", "table of figures"), ("Standard", "Normal"),
     ("En-tête de table des matières", "TOC Heading")],
)  # fmt: skip
def test_styles_of_a_french_hand_are_found_by_their_name(called: str, ours: str) -> None:
    document = bare()
    style = document.styles.add_style(called, 1).element
    style.styleId = "x9"
    assert find_style(document, ours) is style
    others = {"Title", "Caption", "Heading 1", "Heading 2", "toc 1"} - {ours}
    assert not any(find_style(document, name) is style for name in others)


def test_a_style_of_the_base_comes_before_an_alias_and_an_identifier() -> None:
    document = bare()
    for name, identifier in (("x", "Titre1"), ("Titre 1", "y"), ("heading 1", "z")):
        document.styles.add_style(name, 1, builtin=True).element.styleId = identifier
    assert find_style(document, "Heading 1").styleId == "z"
    document.styles.element.remove(find_style(document, "Heading 1"))
    assert find_style(document, "Heading 1").styleId == "y"
    document.styles.element.remove(find_style(document, "Heading 1"))
    assert find_style(document, "Heading 1").styleId == "Titre1"


def channel(value: int) -> float:
    """Return the linear light of one of the three parts of a colour, as WCAG 2.2 defines it."""
    part = value / 255
    return float(part / 12.92 if part <= 0.04045 else ((part + 0.055) / 1.055) ** 2.4)


def contrast(colour: str) -> float:
    red, green, blue = (channel(int(colour[at : at + 2], 16)) for at in (0, 2, 4))
    return 1.05 / (0.2126 * red + 0.7152 * green + 0.0722 * blue + 0.05)


@pytest.mark.parametrize(
    "colour", ["FFFFFF", "FFD700", "C0392B", "0A4358", "777777", "767676", "000000", "00FF00"]
)
def test_links_and_figures_can_be_read_whatever_colour_headings_have(colour: str) -> None:
    # white headings on a coloured bar, or yellow ones, would make links and key figures disappear on white
    document = Document()
    document.styles["Heading 1"].font.color.rgb = RGBColor.from_string(colour)
    accent = palette_of(document).accent
    assert accent == (colour if contrast(colour) >= 4.5 else "000000")
    assert contrast(accent) >= 4.5


@pytest.mark.parametrize("value", ["auto", "", "FFF", "red", "C0392B; x"])
def test_a_colour_that_is_none_is_black(value: str) -> None:
    document = Document()
    colour = document.styles["Heading 1"].element.find(f"{qn('w:rPr')}/{qn('w:color')}")
    colour.set(qn("w:val"), value)
    # black with 88 and 94 % of white: 255 × 0.88 = 224.4 → E0, 255 × 0.94 = 239.7 → F0
    assert palette_of(document) == Palette("000000", "E0E0E0", "F0F0F0")


# -- lists ----------------------------------------------------------------------------------------------


@pytest.mark.parametrize("number", ["0", "987"])
def test_a_style_whose_number_is_none_or_undefined_gets_ours(number: str, tmp_path: Path) -> None:
    def body(document: Any) -> None:
        for name in ("List Bullet", "List Number"):
            style = document.styles[name].element
            style.find(f".//{qn('w:numPr')}/{qn('w:numId')}").set(qn("w:val"), number)

    document = inside(tmp_path, body)
    items = {
        plain(one.text): one._p.pPr.numPr for one in document.paragraphs if plain(one.text) in ("a", "b", "c")
    }
    assert all(one is not None for one in items.values())
    root = document.part.numbering_part.element
    abstract = {num.numId: num.abstractNumId.val for num in root.num_lst}
    formats = {
        int(one.get(qn("w:abstractNumId"))): one.find(f"{qn('w:lvl')}/{qn('w:numFmt')}").get(qn("w:val"))
        for one in root.findall(qn("w:abstractNum"))
    }
    kinds = {text: formats[abstract[one.numId.val]] for text, one in items.items()}
    assert kinds == {"a": "bullet", "b": "bullet", "c": "decimal"}


def test_bullets_that_the_style_makes_need_no_number_and_ours_are_defined_once() -> None:
    document = new_document()
    lists = Lists(document, set_styles(document, own=True).element)
    assert lists.number(ordered=False) is None
    first, second = lists.number(ordered=True), lists.number(ordered=True)
    assert first != second
    style = document.styles["List Bullet"].element
    for numbering in list(style.iter(qn("w:numPr"))):
        numbering.getparent().remove(numbering)
    before = len(document.part.numbering_part.element.findall(qn("w:abstractNum")))
    assert lists.number(ordered=False) == lists.number(ordered=False) is not None
    root = document.part.numbering_part.element
    assert len(root.findall(qn("w:abstractNum"))) == before + 1
    # the schema wants every definition before the first number
    order = [child.tag for child in root if child.tag in (qn("w:abstractNum"), qn("w:num"))]
    assert order == sorted(order, key=[qn("w:abstractNum"), qn("w:num")].index)


# -- pages ----------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("sides", "margins", "expected"),
    [
        # upright A4, 2 cm all round: 17 × 25.7; turned, the sides change places and the margins stay
        ((21.0, 29.7), (2, 2, 2, 2), Room(17.0, 25.7, 25.7, 17.0, False)),
        # beside 3 + 2.5, above 4 + 3: 20 - 5.5, 28 - 7, then 28 - 5.5, 20 - 7
        ((20.0, 28.0), (3, 2.5, 4, 3), Room(14.5, 21.0, 22.5, 13.0, False)),
        ((29.7, 21.0), (2, 2, 2, 2), Room(25.7, 17.0, 17.0, 25.7, True)),
        ((21.0, 21.0), (2, 2, 2, 2), Room(17.0, 17.0, 17.0, 17.0, False)),
        # a page that its margins fill leaves six centimetres all the same
        ((10.0, 15.0), (5, 5, 7, 7), Room(6.0, 6.0, 6.0, 6.0, False)),
    ],
)  # fmt: skip
def test_the_room_of_a_page(sides: tuple[float, float], margins: tuple[float, ...], expected: Room) -> None:
    document = Document()
    page = document.sections[0]
    page.page_width, page.page_height = (Cm(side) for side in sides)
    page.left_margin, page.right_margin, page.top_margin, page.bottom_margin = (Cm(side) for side in margins)
    found = room_of(document)
    for name in ("width", "height", "turned_width", "turned_height"):
        assert getattr(found, name) == pytest.approx(getattr(expected, name), abs=0.01)
    assert found.lying is expected.lying
    page.gutter = Cm(1)
    if found.width > 6:
        assert room_of(document).width == pytest.approx(found.width - 1, abs=0.01)


def test_a_page_without_a_size_or_with_margins_below_zero() -> None:
    document = Document()
    section = document.sections[0]._sectPr
    for child in list(section):
        section.remove(child)
    found = room_of(document)
    assert [found.width, found.height] == pytest.approx([17.0, 25.7], abs=0.01)
    # Word writes margins below zero where a header may not push the text: their size counts
    document.sections[0].top_margin = Cm(-3)
    assert room_of(document).height == pytest.approx(29.7 - 3 - 2, abs=0.01)


@pytest.mark.parametrize("sides", [(10.5, 14.8), (42.0, 29.7), (5.0, 5.0)])
def test_a_report_is_written_on_a_page_of_any_size(sides: tuple[float, float], tmp_path: Path) -> None:
    def body(document: Any) -> None:
        page = document.sections[0]
        page.page_width, page.page_height = (Cm(side) for side in sides)
        page.left_margin = page.right_margin = page.top_margin = page.bottom_margin = Cm(1)

    document = inside(tmp_path, body, bases.small())
    room = max(sides[0] - 2, 6.0)
    assert all(sum(column.width.cm for column in table.columns) <= room + 0.05 for table in document.tables)
    widths = [shape.width.cm for shape in document.inline_shapes]
    assert len(widths) == 2 and all(0 < width <= max(*sides, 8.0) for width in widths)
    # pages lie down and stand up again, or lie all along
    lying = [section.page_width > section.page_height for section in document.sections]
    assert lying[0] is lying[-1] is (sides[0] > sides[1])


def test_turning_twice_is_where_one_was() -> None:
    document = new_document()
    for text in ("un", "deux", "trois"):
        document.add_paragraph(text)
        turn(document)
    sides = [
        (round(section.page_width.cm, 1), round(section.page_height.cm, 1)) for section in document.sections
    ]
    assert sides == [(21.0, 29.7), (29.7, 21.0)] * 2
    assert [section.orientation for section in document.sections] == [0, 1, 0, 1]
    # no paragraph was added to bear the end of a section
    assert [one.text for one in document.paragraphs] == ["un", "deux", "trois"]
    document.add_table(1, 1)  # after a table there is no paragraph to bear it
    turn(document)
    assert [one.text for one in document.paragraphs] == ["un", "deux", "trois", ""]


def test_a_paragraph_that_goes_leaves_the_end_of_its_section() -> None:
    document = new_document()
    for text in ("un", "deux"):
        document.add_paragraph(text)
    turn(document)
    drop_paragraph(document.paragraphs[-1])
    assert [one.text for one in document.paragraphs] == ["un"] and len(document.sections) == 2
    turn(document)  # nothing between two ends: an empty paragraph bears the second
    assert len(document.sections) == 3
    drop_paragraph(document.paragraphs[-1])
    assert len(document.sections) == 3  # it cannot go: the one before bears an end already
    plain_one = document.add_paragraph("trois")
    drop_paragraph(plain_one)
    assert "trois" not in [one.text for one in document.paragraphs]


# -- what it says of itself -----------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("said", "lang", "own", "expected"),
    [("fr-BE", "fr", False, "fr-BE"), ("fr-BE", "fr", True, "fr-FR"), ("fr-BE", "en", False, "en-GB"),
     ("en-US", "en", False, "en-US"), ("de-DE", "fr", False, "fr-FR"), (None, "fr", False, "fr-FR"),
     ("", "en", False, "en-GB")],
)  # fmt: skip
def test_the_language_is_that_of_the_report_in_the_country_of_the_base(
    said: str | None, lang: str, own: bool, expected: str
) -> None:
    document = Document()
    (mark,) = document.styles.element.find(qn("w:docDefaults")).iter(qn("w:lang"))
    if said is None:
        document.styles.element.remove(document.styles.element.find(qn("w:docDefaults")))
    else:
        mark.set(qn("w:val"), said)
    dress_document(document, title="t" * 400, subject="s\nx\x00", lang=lang, own=own)
    (mark,) = document.styles.element.find(qn("w:docDefaults")).iter(qn("w:lang"))
    assert mark.get(qn("w:val")) == expected == document.core_properties.language
    assert document.core_properties.title == "t" * 255
    assert document.core_properties.subject == "s x\ufffd"
    assert document.styles.element[0].tag == qn("w:docDefaults")


def test_the_company_of_the_base_stays_and_nothing_else() -> None:
    document = Document()
    dress_document(document, title="t", subject="s", lang="fr", own=True)
    (part,) = [
        one
        for one in document.part.package.iter_parts()
        if str(one.content_type).endswith("extended-properties+xml")
    ]
    assert b"Company" not in part.blob and b"Template" not in part.blob
    part._blob = part.blob.replace(
        b"</Properties>", b"<Company>A &amp; B</Company><Manager>Jeanne</Manager></Properties>"
    )
    dress_document(document, title="t", subject="s", lang="fr", own=False)
    assert b"<Company>A &amp; B</Company>" in part.blob and b"Jeanne" not in part.blob
    part._blob = b"<oops"
    dress_document(document, title="t", subject="s", lang="fr", own=False)
    assert b"<Company>" not in part.blob and b"<Application>" in part.blob


@pytest.mark.parametrize(
    "name",
    [
        "moveFromRangeStart",
        "moveToRangeStart",
        "rPrChange",
        "tblGridChange",
        "cellIns",
        "cellDel",
        "numberingChange",
    ],
)
def test_no_trace_of_who_changed_what_stays(name: str) -> None:
    document = Document()
    clean(document.part.package)
    document.element.body.insert(
        0,
        parse_xml(
            f'<w:p {nsdecls("w")}><w:{name} w:id="7" w:author="Jeanne"/><w:r><w:t>reste</w:t></w:r></w:p>'
        ),
    )
    clean(document.part.package)
    assert b"Jeanne" not in document.element.xml.encode()
    assert plain(document.paragraphs[0].text) == "reste"


def test_moved_text_stays_once_where_it_was_moved_to() -> None:
    moved = '<w:{0} w:id="1" w:author="Jeanne"><w:r><w:t>{1}</w:t></w:r></w:{0}>'
    document = Document()
    clean(document.part.package)
    xml = moved.format("moveFrom", "ici") + moved.format("moveTo", "là")
    document.element.body.insert(0, parse_xml(f"<w:p {nsdecls('w')}>{xml}</w:p>"))
    assert clean(document.part.package) == [REMARKS]
    assert [plain(one.text) for one in document.paragraphs][:1] == ["là"]


def test_styles_are_given_by_our_name_whatever_theirs_is() -> None:
    document = bare()
    document.styles.add_style("Légende", 1)
    styles = set_styles(document, own=False)
    assert isinstance(styles, Styles)
    paragraph = styles(document.add_paragraph("x"), "Caption")
    assert paragraph.style.name == "Légende"
    with pytest.raises(KeyError):
        styles(paragraph, "Légende")
