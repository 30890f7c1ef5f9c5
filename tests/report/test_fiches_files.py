"""Names that every system takes, indexes, the base of a consultancy, and sheets that are one page."""

from __future__ import annotations

import re
import subprocess
from collections.abc import Callable
from datetime import date
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from chaine_valeur import datasets
from chaine_valeur.diagnosis import diagnose
from chaine_valeur.report.blocks import Cell, Column, Grid, Paragraph, Points
from chaine_valeur.report.fiches import write_action_sheets, write_actor_sheets, write_experience_sheets
from chaine_valeur.report.fiches.files import file_stems, forms_of
from chaine_valeur.report.fiches.form import (
    Blank,
    Check,
    Choice,
    Entries,
    Entry,
    Fiche,
    Noted,
    Part,
    Signature,
    Table,
)  # fmt: skip
from chaine_valeur.report.fiches.page import Listed, fiche_html, index_html
from chaine_valeur.report.fiches.word import Desk
from tests.report import word_bases as bases
from tests.report.readers import Page, docx_tables, docx_text, plain, zip_parts

RESERVED = {"con", "prn", "aux", "nul", *(f"{name}{n}" for name in ("com", "lpt") for n in range(10))}

EVERY = Fiche(
    lang="fr",
    kind="Fiche d’essai",
    title="Tout ce qu’une fiche peut avoir",
    strip=(("Connu", "oui"), ("Inconnu", "")),
    parts=(
        Part("Textes", (Paragraph("Un paragraphe."), Paragraph("Une note.", "note"), Points(("un point", "un autre")))),
        Part("Entrées", (Entries((Entry("dit", "ceci"), Entry("à dire", "", 3))), Entries((Entry("a"), Entry("b")), 2))),
        Part("À écrire", (Blank(2, "Ce qu’il faut"), Choice(("oui", "non"), (1,), "Vraiment :"))),
        Part(
            "Tables",
            (
                Table(Grid.of("t", [Column("nom", weight=3), Column("n", numeric=True)], [[Cell("x", strong=True), "1"]],
                              note="sous la table"), empty=2),
            ),
        ),
        Part("", (Check("noté", (("Groupe", (Noted("tête", "détail", "[1]", "Public"), Noted("vide"))),)),), whole=False),
        Part("Fin", (Signature(),)),
    ),
    running=("Laine",),
    lead="Ce qu’il faut savoir.",
    closing="D’où cela vient.",
)  # fmt: skip
SAID = (
    "Fiche d’essai", "Tout ce qu’une fiche peut avoir", "Connu", "oui", "Un paragraphe.", "Une note.", "un autre", "ceci",
    "à dire", "Ce qu’il faut", "Vraiment :", "nom", "sous la table", "Groupe", "tête", "détail", "[1]", "Public", "vide",
    "Nom et fonction", "Signature", "Ce qu’il faut savoir.", "D’où cela vient.", "Laine",
)  # fmt: skip


# -- names --------------------------------------------------------------------------------------------------


def test_stems_of_common_names():
    names = ["Tri & Cie", "TRI (cie)", "Trí-cié", "NUL", "con", "شركة", "", "🧶"]
    assert file_stems(names, "acteur") == [
        "acteur-tri-cie", "acteur-tri-cie-2", "acteur-tri-cie-3", "acteur-nul", "acteur-con", "acteur", "acteur-2",
        "acteur-3",
    ]  # fmt: skip


def test_a_number_that_makes_a_name_does_not_take_that_of_another():
    # the second « a » would be « a-2 », which the third is called already by itself
    assert file_stems(["a", "a", "a 2"], "k") == ["k-a", "k-a-2", "k-a-2-2"]


def test_long_names_are_cut_and_still_differ():
    stems = file_stems(["é" * 300, "e" * 300 + "x", "e" * 300 + "y"], "acteur")
    assert [len(stem) for stem in stems] == [70, 70, 70]
    assert len(set(stems)) == 3


@settings(max_examples=25)
@given(st.lists(st.text(max_size=90), max_size=12))
def test_every_name_is_safe_and_alone(names):
    stems = file_stems(names, "acteur")
    assert len(set(stems)) == len(names) == len(stems)
    for stem in stems:
        assert re.fullmatch(r"[a-z0-9]+(-[a-z0-9]+)*", stem) and len(stem) <= 70
        assert stem not in RESERVED and stem != "index"
    assert file_stems(names, "acteur") == stems


def test_forms():
    assert forms_of("both") == ("html", "docx")
    assert forms_of("docx") == ("docx",)


# -- a sheet of every item ------------------------------------------------------------------------------------


@pytest.fixture(scope="module")
def docx(tmp_path_factory: pytest.TempPathFactory) -> Path:
    path = tmp_path_factory.mktemp("every") / "every.docx"
    path.write_bytes(Desk(lang="fr").write(EVERY))
    return path


@pytest.fixture(scope="module")
def page() -> Page:
    return Page(fiche_html(EVERY))


@pytest.mark.parametrize("said", SAID)
def test_each_text_is_in_both_forms(said, docx, page):
    assert plain(said) in page.text
    assert plain(said) in docx_text(docx)


def test_the_page_has_its_tables_boxes_and_lines(page):
    assert [one.text for one in page.of("caption")] == ["t", "noté"]
    rows = page.of("tr")
    assert [one.attributes.get("class", "") for one in rows] == [
        "",
        "",
        "empty",
        "empty",
        "",
        "group",
        "",
        "",
    ]
    boxes = [one.attributes for one in page.of("input")]
    assert [("checked" in one) for one in boxes] == [False, True] + [False] * 4
    # the unknown of the head, three of an entry, two of the entries beside, two to write on, one asked, two verdicts
    assert len(page.marked("span", "line")) == 1 + 3 + 2 + 2 + 1 + 2
    assert [one.attributes["style"] for one in page.of("col")] == ["width: 75.0%", "width: 25.0%"]
    assert [one.text for one in page.of("h2")] == ["Textes", "Entrées", "À écrire", "Tables", "Fin"]


def test_the_word_document_has_real_headings_and_tables(docx):
    from docx import Document

    document = Document(str(docx))
    heads = [
        (one.style.name, one.text) for one in document.paragraphs if one.style.name.startswith("Heading")
    ]
    assert heads[0] == ("Heading 1", "Tout ce qu’une fiche peut avoir")
    assert [text for name, text in heads if name == "Heading 2"] == [
        "Textes",
        "Entrées",
        "À écrire",
        "Tables",
        "Fin",
    ]
    tables = docx_tables(docx)
    assert [["nom", "n"], ["x", "1"], ["", ""], ["", ""]] in tables
    assert ["Ce qui est noté", "Source et fiabilité", "Qui peut lire", "Votre réponse"] in [
        rows[0] for rows in tables
    ]
    assert document.core_properties.title == EVERY.title


def test_boxes_of_word_can_be_ticked(docx):
    xml = zip_parts(docx)["word/document.xml"].decode()
    states = re.findall(r'w14:checked w14:val="(\d)"', xml)
    assert states == ["0", "1", "0", "0", "0", "0"]
    assert xml.count("\u2610") == 5 and xml.count("\u2612") == 1


def test_lines_of_word_are_dotted_borders(docx):
    xml = zip_parts(docx)["word/document.xml"].decode()
    assert len(re.findall(r'<w:bottom w:val="dotted"', xml)) == 1 + 3 + 2 + 2 + 1 + 2


def test_one_desk_writes_many_sheets_alike():
    desk = Desk(lang="fr")
    other = desk.write(Fiche("fr", "k", "autre", (), ()))
    assert desk.write(EVERY) == Desk(lang="fr").write(EVERY) != other


def test_printed_pages_say_what_they_are_pages_of():
    text = fiche_html(EVERY)
    assert 'counter(page) " / " counter(pages)' in text
    css = text[text.index("<style>") : text.index("</style>")]
    # the title is in the style sheet as numbers: nothing of it can end a rule
    assert "Tout ce" not in css and "\\2068 " in css


def test_a_title_cannot_end_the_style_sheet():
    text = fiche_html(Fiche("fr", "k", '</style><script>x</script>"}', (), ()))
    page = Page(text)
    assert not page.of("script") and len(page.of("style")) == 1
    assert page.of("h1")[0].text == '</style><script>x</script>"}'


def test_an_index_leads_to_each_file():
    text = index_html(
        "Fiches", "2 fiches", under=("Laine",), notes=("À savoir.",), heads=("Nom", "Fait"),
        rows=[Listed(("<b>a</b>", ""), ("a.html", "a.docx")), Listed(("b", "oui"), ("b.docx",))], lang="en",
    )  # fmt: skip
    page = Page(text)
    assert [(one.text, one.attributes["href"]) for one in page.of("a")] == [
        ("HTML", "a.html"), ("DOCX", "a.docx"), ("DOCX", "b.docx"),
    ]  # fmt: skip
    assert [one.text for one in page.of("th")] == ["No.", "Nom", "Fait", "File", "<b>a</b>", "b"]
    assert "À savoir." in page.text and "Laine" in page.text


def test_the_base_of_a_consultancy_is_kept(tmp_path: Path):
    from docx import Document

    base = bases.base(tmp_path / "base.docx")
    path = tmp_path / "every.docx"
    path.write_bytes(Desk(base=base, lang="fr").write(EVERY))
    ours, theirs = Document(str(path)), Document(str(base))
    assert ours.sections[-1].page_width == theirs.sections[-1].page_width
    assert ours.sections[-1].left_margin == theirs.sections[-1].left_margin
    assert {one.name for one in theirs.styles} <= {one.name for one in ours.styles}
    for said in SAID:
        assert plain(said) in docx_text(path), said


# -- one page -------------------------------------------------------------------------------------------------


@pytest.fixture(scope="module")
def example(tmp_path_factory: pytest.TempPathFactory) -> dict[str, Path]:
    """One sheet of each kind of the invented example."""
    diagnosis = diagnose(datasets.load("exemple_complet"), checks=(), indicators=())
    folder, on = tmp_path_factory.mktemp("exemple"), date(2025, 6, 2)
    write_actor_sheets(diagnosis, folder, actors=["tri-val"], on=on)
    write_action_sheets(diagnosis, folder, on=on)
    write_experience_sheets(diagnosis, folder, of="actions", on=on)
    kinds = {"acteur": "acteur-tri-val", "action": "action-choisir", "experience": "experience-ouvrir"}
    return {kind: next(folder.glob(f"{start}*.html")).with_suffix("") for kind, start in kinds.items()}


def pages_of(path: Path) -> int:
    told = subprocess.run(
        ["pdfinfo", str(path)], capture_output=True, text=True, check=True, timeout=60
    ).stdout
    return int(re.search(r"Pages:\s+(\d+)", told)[1])  # type: ignore[index]


@pytest.mark.browser
@pytest.mark.office
@pytest.mark.long
@pytest.mark.parametrize("kind", ["acteur", "action", "experience"])
def test_a_sheet_is_printed_on_one_page(
    kind: str, example: dict[str, Path], chromium: str, pdftoppm: str, tmp_path: Path
) -> None:
    out = tmp_path / "sheet.pdf"
    subprocess.run(
        [chromium, "--headless", "--no-sandbox", "--disable-gpu", "--no-pdf-header-footer",
         f"--print-to-pdf={out}", example[kind].with_suffix(".html").as_uri()],
        check=True, capture_output=True, timeout=120,
    )  # fmt: skip
    assert pages_of(out) == 1


@pytest.mark.office
@pytest.mark.long
@pytest.mark.parametrize("kind", ["acteur", "action", "experience"])
def test_a_word_sheet_is_one_page(
    kind: str, example: dict[str, Path], office_convert: Callable[..., Path], pdftoppm: str
) -> None:
    assert pages_of(office_convert(example[kind].with_suffix(".docx"))) == 1
