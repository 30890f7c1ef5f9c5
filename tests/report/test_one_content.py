"""One content, three forms: what one says, the others say."""

from __future__ import annotations

from datetime import date

import pytest

from chaine_valeur.diagnosis import five_things
from chaine_valeur.diagnosis.telling import value_text
from chaine_valeur.language import date_text
from chaine_valeur.report import html_text
from chaine_valeur.report.blocks import (
    Card,
    Cards,
    Cell,
    Content,
    Grid,
    Heading,
    Paragraph,
    Points,
    anchor_of,
)
from chaine_valeur.report.content import content
from tests.report.builders import texts_of
from tests.report.conftest import Written
from tests.report.readers import Page, book_of, docx_tables, docx_text, page_of, plain


def texts(told: Content) -> list[str]:
    """Return every text of a report that both the page and the Word document show."""
    said = [told.title, told.subtitle, told.closing, *told.notices]
    said += [part for fact in told.facts for part in fact]
    said += [text for section in told.sections for text in texts_of(section)]
    return [plain(text) for text in said if plain(text)]


def test_page_and_document_hold_every_text_of_the_content(report: Written) -> None:
    shown, written = page_of(report.html).text, docx_text(report.docx)
    for text in texts(report.content):
        assert text in shown, text
        assert text in written, text


def test_key_figures_are_the_same_in_three_forms(report: Written) -> None:
    made = report.diagnosis
    page = page_of(report.html)
    cells = [text for table in docx_tables(report.docx) for row in table for text in row]
    numbers = {
        row[0]: row[3] for row in book_of(report.xlsx).worksheets[1].iter_rows(min_row=2, values_only=True)
    }
    for identifier, one in made.measured.items():
        value = one.measure.value
        assert numbers[identifier] == (pytest.approx(value) if value == value else None)
        if one.indicator.profile != "essential":
            continue
        told = plain(value_text(one.measure, lang=made.lang))
        anchor = f"card-{anchor_of('why', identifier)}"
        (card,) = [li for li in page.marked("li", "card") if li.attributes["id"] == anchor]
        assert f" {told} " in f" {card.text} "
        (cell,) = [
            text for text in cells if text.startswith(card.text[: card.text.index(told)].strip() + " ")
        ]
        assert told in cell


def test_tables_of_the_document_are_those_of_the_content(report: Written) -> None:
    grids = [block for block in report.content.blocks() if isinstance(block, Grid)]
    tables = docx_tables(report.docx)
    wanted = [
        [[plain(column.label) for column in grid.columns],
         *([plain(cell.text) for cell in row] for row in grid.rows)]
        for grid in grids
    ]  # fmt: skip
    assert [table for table in tables if table in wanted] == wanted


def test_tables_of_the_page_are_those_of_the_content(report: Written) -> None:
    page = page_of(report.html)
    grids = [block for block in report.content.blocks() if isinstance(block, Grid)]
    assert [one.text for one in page.of("caption")] == [plain(grid.caption) for grid in grids]
    wanted = [plain(part) for grid in grids for part in [*(c.label for c in grid.columns), *(
        cell.text for row in grid.rows for cell in row)]]  # fmt: skip
    assert [one.text for one in page.of("th", "td")] == wanted


def test_findings_are_told_in_each_form_as_they_were_found(report: Written) -> None:
    shown, written = page_of(report.html).text, docx_text(report.docx)
    told = [str(row[1].value) for row in book_of(report.xlsx).worksheets[2].iter_rows(min_row=2)]
    assert len(told) == len(report.diagnosis.findings)
    for message in told:
        assert plain(message) in shown
        assert plain(message) in written
    if report.diagnosis.filiere.actors["natural_person"].fillna(False).sum() == 0:
        assert told == report.diagnosis.findings["message"].tolist()


def test_the_five_things_come_first(report: Written) -> None:
    first = report.content.sections[0]
    assert first.anchor == "five"
    (points,) = first.blocks
    assert isinstance(points, Points) and points.ordered
    assert len(points.items) <= 5
    if report.diagnosis.filiere.actors["natural_person"].fillna(False).sum() == 0:
        assert list(points.items) == five_things(report.diagnosis)
    shown = [one.text for one in page_of(report.html).of("li")]
    assert [plain(item) for item in points.items] == [
        one for one in shown if one in set(map(plain, points.items))
    ]


def test_annexes_come_last(report: Written) -> None:
    annex = [section.annex for section in report.content.sections]
    assert annex == sorted(annex)
    assert any(annex)
    assert ("expert" in [section.anchor for section in report.content.sections]) is (
        report.diagnosis.profile == "expert"
    )


def test_anchors_are_safe_and_no_two_identifiers_share_one() -> None:
    names = ["a-b", "a_b", "a:b", "a b", "é", "e", "<script>", "A", "a", "", "a_2d_b"]
    anchors = [anchor_of("why", name) for name in names]
    assert len(set(anchors)) == len(names)
    for anchor in anchors:
        assert anchor.startswith("why-")
        assert all(char.isascii() and (char.isalnum() or char in "-_") for char in anchor)


def test_the_date_is_said_only_if_it_is_given(people: Written) -> None:
    day = date(2024, 9, 7)
    dated = content(people.diagnosis, on=day)
    assert date_text(day, "fr") == "7 septembre 2024"
    assert "7 septembre 2024" in Page(html_text(dated)).text
    assert "7 septembre 2024" not in page_of(people.html).text
    # and nothing else differs
    assert dated.sections[0] == people.content.sections[0]
    assert [fact for fact in dated.facts if fact[1] != "7 septembre 2024"] == list(people.content.facts)


def test_blocks_of_one_s_own_are_written_as_text() -> None:
    grid = Grid.of("<t>", ["<a>", "b"], [["1 < 2", Cell("x", url="javascript:alert(1)")]], note="<n>")
    card = Card("X", "<c>", "<v>", details=("<d>",), firmness="<f>")
    made = Content("fr", "<h>", "<s>", (("<k>", "<w>"),), ("<!>",), (), "<z>")
    page = Page(html_text(made))
    assert page.of("h1")[0].text == "<h>"
    from chaine_valeur.report.blocks import Section

    blocks = (grid, Cards((card,)), Points(("<p>",)), Heading("<g>"), Paragraph("<q>", "warning"), Cards(()))
    page = Page(html_text(Content("en", "t", "s", (), (), (Section("one", "One", blocks),))))
    for text in ("<t>", "<a>", "1 < 2", "<n>", "<c>", "<v>", "<d>", "<f>", "<p>", "<g>", "<q>"):
        assert text in page.text
    # an address that is none of the web is no link; without a map no script may run at all
    assert [one.attributes["href"] for one in page.of("a")] == ["#main", "#one"]
    assert any("script-src 'none'" in one.attributes.get("content", "") for one in page.of("meta"))
