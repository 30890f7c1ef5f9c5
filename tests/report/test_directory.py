"""The directory of the actors: what each line says, what can be chosen, what paper holds of it."""

from __future__ import annotations

import io
from collections.abc import Sequence
from dataclasses import replace
from typing import Any

import pytest

from chaine_valeur import Filiere
from chaine_valeur.diagnosis import Diagnosis, diagnose
from chaine_valeur.language import tr
from chaine_valeur.redaction import without_persons
from chaine_valeur.report.blocks import Cell, Column, Content, Grid, Search, Section
from chaine_valeur.report.directory import directory_section
from chaine_valeur.report.html import html_text
from chaine_valeur.report.word import docx_bytes
from tests.core.hand import TABLES
from tests.diagnosis.builders import hand
from tests.report.builders import PERSONS, SIRET, with_persons
from tests.report.readers import Page


def told(f: Filiere, lang: str = "en") -> Diagnosis:
    """A diagnostic of which nothing is asked: the directory reads the tables only."""
    return diagnose(f, checks=[], indicators=[], lang=lang)


def directory(f: Filiere, lang: str = "en") -> Grid:
    section = directory_section(told(f, lang))
    assert section is not None
    return next(block for block in section.blocks if isinstance(block, Grid))


def texts(grid: Grid) -> list[list[str]]:
    return [[cell.text for cell in row] for row in grid.rows]


def column(grid: Grid, label: str) -> Column:
    return next(one for one in grid.columns if one.label == label)


def values(grid: Grid, label: str) -> dict[str, tuple[str, ...]]:
    at = [one.label for one in grid.columns].index(label)
    return {row[0].text: row[at].values for row in grid.rows}


def page(*grids: Grid, lang: str = "en", **given: Any) -> str:
    section = Section("one", "One", tuple(grids))
    return html_text(Content(lang, "Title", "Subtitle", (), (), (section,), "end", **given))


@pytest.fixture(scope="module")
def grid() -> Grid:
    return directory(hand())


def test_each_actor_is_a_line_by_name_with_what_is_known_of_it(grid: Grid) -> None:
    assert [one.label for one in grid.columns] == [
        "Name", "Stages", "Roles", "College", "Kind of structure", "Commune", "Status", "Surveyed",
    ]  # fmt: skip
    rows = {row[0]: row[1:] for row in texts(grid)}
    assert list(rows) == ["Ancien", "Atelier", "CCVS", "Collecte SA", "Filature", "Labo", "ménages", "Tri"]
    # 76384 is Lillebonne in the table of territories, 14118 is in another territory, 13 March is a survey
    assert rows["Collecte SA"][:2] == ["collecte", "Supplier and Transformer"]
    assert rows["Collecte SA"][4:] == ["Lillebonne", "Active", "yes"]
    assert rows["Filature"][4:] == ["Caen (outside the territory)", "Active", "no"]
    assert rows["Tri"][3:] == ["Insertion worksite (ACI)", "Bolbec (outside the territory)", "Active", "yes"]
    # a diffuse group cannot be surveyed, so it is neither « yes » nor « no »; nobody knows its college
    assert rows["ménages"] == ["gisement", "Supplier", "", "", "Lillebonne", "Active", ""]
    # one that has closed stays, and says so; its stage is that of its activity
    assert rows["Ancien"][0] == "tri" and rows["Ancien"][5] == "Closed"
    assert all(row[0].strong and not any(cell.strong for cell in row[1:]) for row in grid.rows)


def test_choices_are_what_occurs_in_the_order_of_chain_and_lists(grid: Grid) -> None:
    assert column(grid, "Name").choices == ()
    assert column(grid, "Stages").choices == ("gisement", "collecte", "tri", "filature", "vente")
    assert column(grid, "Status").choices == ("Active", "Closed")
    assert column(grid, "Surveyed").choices == ("yes", "no")
    where = column(grid, "Commune")
    assert (where.asked, where.choices) == (
        "Territory",
        ("In the territory", "Outside the territory", "Place unknown"),
    )
    assert values(grid, "Roles")["Collecte SA"] == ("Supplier", "Transformer")
    assert values(grid, "Stages")["Labo"] == ()
    # Atelier has no commune; Tri is in Bolbec, which left the territory in 2015
    assert values(grid, "Commune")["Atelier"] == ("Place unknown",)
    assert values(grid, "Commune")["Tri"] == ("Outside the territory",)
    # every value of a cell can be chosen
    for at, one in enumerate(grid.columns):
        offered = set(one.choices)
        assert not offered or all(set(row[at].values) <= offered for row in grid.rows)


def test_stages_of_one_actor_follow_the_chain_and_each_is_said_once() -> None:
    activities = {
        "actor_id": ["A", "A", "A"],
        "stage_id": ["late", "early", "late"],
        "year": [2021, 2022, 2022],
    }
    f = Filiere.from_tables(
        stages={"name": ["late", "early"], "rank": [2, 1]},
        actors={"name": ["B", "A"]},
        activities=activities,
    )
    made = directory(f)
    assert texts(made)[0][:2] == ["A", "early and late"]
    assert column(made, "Stages").choices == ("early", "late")


def test_what_nobody_knows_is_no_column_and_without_a_territory_no_place_is_offered() -> None:
    made = directory(
        Filiere.from_tables(actors={"name": ["Relais", "Filature"], "commune_code": ["76384", None]})
    )
    assert [one.label for one in made.columns] == ["Name", "Commune", "Status", "Surveyed"]
    assert texts(made) == [["Filature", "", "Active", "no"], ["Relais", "76384", "Active", "no"]]
    # one value for all tells nothing apart: it is not offered
    assert [one.choices for one in made.columns] == [(), (), (), ()]


def test_nobody_no_directory_and_one_needs_no_search() -> None:
    assert directory_section(told(Filiere.from_tables(actors={"name": []}))) is None
    alone = directory(Filiere.from_tables(actors={"name": ["Relais"]}))
    assert alone.search is None and len(alone.rows) == 1


def test_it_is_an_annex_in_both_languages_and_says_how_many(grid: Grid) -> None:
    section = directory_section(told(hand(), "fr"))
    assert section is not None
    assert (section.anchor, section.title, section.annex) == ("directory", "Annuaire des acteurs", True)
    made = section.blocks[-1]
    assert isinstance(made, Grid) and made.search is not None and grid.search is not None
    assert made.search.one == "{shown} acteur sur {total}"
    assert made.search.many == "{shown} acteurs sur {total}"
    assert grid.search.many == "{shown} actors out of {total}"
    assert made.search.cut == "Les 60 premiers acteurs sur 8, par nom\u202f; le classeur les a tous."


def test_nothing_that_reaches_a_person_is_in_it() -> None:
    f = Filiere.from_tables(**{**TABLES, "actors": {**TABLES["actors"], "siret": [None, SIRET, *[None] * 6]}})
    assert SIRET not in str(directory(f))
    masked = directory(without_persons(told(with_persons(), "fr")).filiere, "fr")
    assert not any(name in str(masked) for name in (*PERSONS[:1], SIRET))
    assert "Personne 1" in {row[0] for row in texts(masked)}


# -- a table that can be searched, in each form ----------------------------------------------------------


def searchable(count: int = 3, *, most: int = 60, note: str = "Note.") -> Grid:
    search = Search("Search", "hint", "none", "{shown} of {total}", "{shown} of {total}", most, "Cut.")
    columns = [Column("Name"), Column("Kind", choices=("a", "b"))]
    rows: list[Sequence[Cell | str]] = [
        [f"row {at}", Cell("a, b" if at else "", values=("b", "a") if at else ())] for at in range(count)
    ]
    return Grid.of("Table", columns, rows, note=note, search=search)


def test_paper_holds_the_first_rows_and_says_so() -> None:
    grid = replace(searchable(5, most=2), anchors=tuple("vwxyz"))
    cut = grid.on_paper()
    assert texts(cut) == [["row 0", ""], ["row 1", "a, b"]]
    assert (cut.anchors, cut.note) == (("v", "w"), "Cut. Note.")
    # as many as there is room for: whole
    whole = searchable(5, most=5)
    assert whole.on_paper() is whole
    plain = Grid.of("Plain", ["A"], [["x"]] * 100)
    assert plain.on_paper() is plain


def test_word_holds_what_paper_holds() -> None:
    from docx import Document

    section = Section("one", "One", (searchable(5, most=2),))
    document = Document(io.BytesIO(docx_bytes(Content("en", "T", "S", (), (), (section,)))))
    (table,) = document.tables
    assert [cell.text for row in table.rows for cell in row.cells] == [
        "Name",
        "Kind",
        "row 0",
        "",
        "row 1",
        "a, b",
    ]
    assert any(paragraph.text == "Cut. Note." for paragraph in document.paragraphs)


def test_the_page_holds_every_row_and_tools_that_wait_for_the_script() -> None:
    read = Page(page(searchable(5, most=2)))
    assert len(read.of("tr")) == 6
    (tools,) = read.marked("div", "tools")
    assert "hidden" in tools.attributes and tools.attributes["role"] == "search"
    # what is chosen by is in the options, cells only say which: 0 is a, 1 is b
    assert [one.text for one in read.of("option")] == ["All", "a", "b", "Not given"]
    assert [one.attributes["data-of"] for one in read.of("td") if "data-of" in one.attributes] == [
        "",
        *["1 0"] * 4,
    ]
    (count,) = read.marked("p", "count")
    assert count.attributes["role"] == "status" and count.attributes["data-many"] == "{shown} of {total}"
    # a table that cannot be searched has none
    assert Page(page(Grid.of("Plain", ["A"], [["x"]]))).marked("div", "tools") == []


def test_a_word_too_long_for_a_column_may_be_broken_and_reads_the_same() -> None:
    word = "a" * 50
    source = page(Grid.of("Plain", ["A"], [[word], ["short & sweet"], ["mot-" * 20]]))
    assert "<td>" + "<wbr>".join(("a" * 20, "a" * 20, "a" * 10)) + "</td>" in source
    assert word in Page(source).text
    # it breaks at its hyphens by itself
    assert f"<td>{'mot-' * 20}</td>" in source and "short &amp; sweet" in source


@pytest.mark.parametrize(
    ("title", "shown"),
    [
        ("Lin 2", r'"\2068 Lin\20 2\2069 "'),
        # nothing that ends a string, a rule or the style sheet stays as it is; what CSS cannot say is replaced
        ('</style>"}\\ \x07', r'"\2068 \3c \2f style\3e \22 \7d \5c \20 \fffd \2069 "'),
        ("É\ud800", r'"\2068 \c9 \fffd \2069 "'),
    ],
)
def test_the_head_of_printed_pages_is_a_text_whatever_the_title(title: str, shown: str) -> None:
    section = Section("one", "One", ())
    source = html_text(Content("en", title, "S", (), (), (section,), running=("1 May 2024", "", "public")))
    assert f"@top-left {{ content: {shown}; }}" in source
    assert r"@top-right { content: " + r'"\2068 1\20 May\20 2024\20 \b7 \20 public\2069 "; }' in source
    # not on the first page, which bears the title itself
    assert "@page :first { @top-left { content: none; }" in source


def test_a_long_title_is_cut_at_the_head_of_printed_pages_only() -> None:
    source = html_text(Content("en", "x" * 300, "S", (), (), ()))
    assert '@top-left { content: "\\2068 ' + "x" * 89 + '\\2026 \\2069 "; }' in source
    assert "x" * 300 in source
    assert '@top-right { content: ""; }' in source


def test_short_tables_are_kept_whole_on_paper_long_texts_are_not() -> None:
    def kept(*rows: str) -> bool:
        return bool(Page(page(Grid.of("T", ["A"], [[row] for row in rows]))).marked("div", "short"))

    assert kept("x", "y") and kept(*"abcdefgh")
    assert not kept(*"abcdefghi")  # nine rows
    assert not kept("x" * 700, "y" * 700)  # half a page: torn rather than pushed to the next one


def test_all_of_it_says_what_the_catalogue_says() -> None:
    for message in ("Directory of the actors", "Show everything again", "Sorted by {column}, rising", "All"):
        assert tr(message, "fr", column="x") != tr(message, "en", column="x")
