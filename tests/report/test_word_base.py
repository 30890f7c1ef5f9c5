"""The report inside the Word file of a consultancy: what is kept of it, what is added, what may not pass."""

from __future__ import annotations

import io
import re
import subprocess
import warnings
import zipfile
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from docx import Document
from docx.oxml.ns import qn
from docx.shared import Cm

from chaine_valeur.errors import ArgumentError
from chaine_valeur.report.word import docx_bytes
from chaine_valeur.report.word_styles import Palette, find_style, palette_of
from tests.report import word_bases as bases
from tests.report.readers import plain

MADE = {
    "plain": lambda path: bases.base(path),
    "cover": lambda path: bases.base(path, body=bases.cover),
    "bare": lambda path: bases.base(path, french=False, landscape=True, headed=False),
    "styled": lambda path: bases.base(path, body=bases.with_table_style),
    "hostile": bases.hostile,
}
#: Fields that may be there: they read the document, and none of them asks or fetches.
FIELDS = {"TOC", "SEQ", "PAGE", "NUMPAGES", "REF", "PAGEREF", "HYPERLINK"}


@pytest.fixture(scope="module")
def folder(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return tmp_path_factory.mktemp("bases")


@pytest.fixture(scope="module")
def written(folder: Path) -> dict[str, bytes]:
    """The small report inside each base, and alone."""
    told = bases.small()
    made = {"own": docx_bytes(told)}
    for name, make in MADE.items():
        with warnings.catch_warnings():
            warnings.simplefilter("ignore" if name == "hostile" else "error")
            made[name] = docx_bytes(told, base=make(folder / f"{name}.docx"))
    return made


@pytest.fixture(scope="module")
def documents(written: dict[str, bytes]) -> dict[str, Any]:
    return {name: Document(io.BytesIO(data)) for name, data in written.items()}


def parts_of(data: bytes) -> dict[str, bytes]:
    with zipfile.ZipFile(io.BytesIO(data)) as parts:
        return {name: parts.read(name) for name in parts.namelist()}


def texts(document: Any) -> list[str]:
    return [plain(one.text) for one in document.paragraphs if plain(one.text)]


def fields(data: bytes) -> list[str]:
    """Return the code of every field of a document, its headers and footers."""
    found = []
    for name, part in parts_of(data).items():
        if name.startswith("word/") and name.endswith(".xml"):
            text = part.decode("utf-8")
            found += re.findall(r"<w:instrText[^>]*>([^<]*)<", text) + re.findall(r'w:instr="([^"]*)"', text)
    return [code.strip() for code in found if code.strip()]


@pytest.mark.parametrize("name", [*MADE, "own"])
def test_nothing_asks_fetches_or_runs(name: str, written: dict[str, bytes]) -> None:
    parts = parts_of(written[name])
    for member, data in parts.items():
        if member.endswith(".rels"):
            assert b"External" not in data, member
        assert b"Jeanne Auteur" not in data, member
    assert not any(
        re.search("vba|macro|embed|comment|activeX|custom", member, re.IGNORECASE) for member in parts
    )
    assert (
        b"macroEnabled" not in parts["[Content_Types].xml"]
        and b"template" not in parts["[Content_Types].xml"]
    )
    settings = parts["word/settings.xml"]
    assert not re.search(b"attachedTemplate|documentProtection|updateFields|mailMerge", settings)
    assert {code.split()[0] for code in fields(written[name])} <= FIELDS
    assert b'w:dirty="' not in parts["word/document.xml"]
    body = parts["word/document.xml"]
    assert not re.search(rb"<w:(ins|del|object|altChunk|commentReference)\b", body)


def test_what_was_left_out_is_said_once_in_a_sentence(folder: Path) -> None:
    path = bases.hostile(folder / "dit.docx")
    with pytest.warns(UserWarning) as told:
        docx_bytes(bases.small("en"), base=path)
    assert [str(one.message) for one in told] == [
        "Left out of the base “dit.docx”: macros, links to other files and addresses, embedded objects, comments and "
        "tracked changes, fields that ask or fetch something and its protection."
    ]


def test_texts_of_links_fields_and_accepted_changes_stay(documents: dict[str, Any]) -> None:
    body = documents["hostile"].element.body
    shown = "".join(text.text or "" for text in next(body.iter(qn("w:p"))).getparent().iter(qn("w:t")))
    for kept in ("notre site", "un ancien résultat", "texte inclus", "simple", "ajouté", "Laine & chanvre"):
        assert kept in shown, kept
    assert "ôté" not in shown and "À revoir" not in shown


@pytest.mark.parametrize("name", MADE)
def test_the_styles_of_the_base_are_not_changed(name: str, folder: Path, documents: dict[str, Any]) -> None:
    before = (
        Document(str(folder / f"{name}.docx")) if name != "hostile" else Document(str(folder / "cover.docx"))
    )
    after = {one.styleId: one.xml for one in documents[name].styles.element.style_lst}
    for style in before.styles.element.style_lst:
        assert after[style.styleId] == style.xml
    ids = [one.styleId for one in documents[name].styles.element.style_lst]
    names = [one.name_val.casefold() for one in documents[name].styles.element.style_lst]
    assert len(set(ids)) == len(ids) and len(set(names)) == len(names)


def test_headings_have_the_style_of_the_base_whatever_it_is_called(documents: dict[str, Any]) -> None:
    document = documents["plain"]
    by_text = {plain(one.text): one.style.style_id for one in document.paragraphs}
    assert by_text["Chiffres clés"] == "Titre1"
    assert by_text["Couverture"] == "Titre2"
    assert by_text["Figure 1 : Figure de chaine"] == "Lgende"
    assert by_text["Prix."] == "Listepuces"
    added = find_style(document, "Note")
    assert added.find(f"{qn('w:rPr')}/{qn('w:rFonts')}") is None  # the typeface is that of the base


@pytest.mark.parametrize(
    ("said", "kind"),
    [({"name": "heading 1"}, "name"), ({"name": "TITRE 1"}, "other language"), ({"name": "x", "id": "Titre1"}, "id"),
     ({"name": "y", "aliases": "Perso,Titre 1"}, "alias"), ({"name": "z", "level": "0"}, "level")],
)  # fmt: skip
def test_a_style_is_found_by_name_identifier_alias_or_level(said: dict[str, str], kind: str) -> None:
    document = Document()
    root = document.styles.element
    for style in list(root.style_lst):
        if style.get(qn("w:type")) == "paragraph" and style.name_val != "Normal":
            root.remove(style)
    assert find_style(document, "Heading 1") is None
    style = document.styles.add_style(said["name"], 1, builtin=True).element
    style.styleId = said.get("id", "Perso9")
    for tag, value in (("aliases", said.get("aliases")), ("outlineLvl", said.get("level"))):
        if value is not None:
            made = style.makeelement(qn(f"w:{tag}"), {qn("w:val"): value})
            (style if tag == "aliases" else style.get_or_add_pPr()).append(made)
    assert find_style(document, "Heading 1") is style, kind
    assert find_style(document, "Caption") is None


def test_a_character_style_of_the_same_name_is_left_to_the_base(folder: Path) -> None:
    def body(document: Any) -> None:
        document.styles.add_style("Note", 2).element.styleId = "Note"

    document = Document(
        io.BytesIO(docx_bytes(bases.small(), base=bases.base(folder / "note.docx", body=body)))
    )
    assert document.styles["Note"].type == 2
    # the text of the note stands in a style of paragraphs of another name and identifier
    (note,) = {
        one.style.name for one in document.paragraphs if plain(one.text) == "Un acteur peut tenir deux rôles."
    }
    assert note == "Note 2"


def test_colours_follow_the_headings_of_the_base(folder: Path, documents: dict[str, Any]) -> None:
    # C0392B with 88 % of white: C0=192 → 192 + 63 × 0.88 = 247.4 → F7; 39=57 → 231.2 → E7; 2B=43 → 229.6 → E6
    assert palette_of(Document(str(folder / "plain.docx"))) == Palette("C0392B", "F7E7E6", "FBF3F2")
    fills = {one.get(qn("w:fill")) for one in documents["plain"].element.body.iter(qn("w:shd"))}
    assert fills == {"F7E7E6", "FBF3F2"}
    assert palette_of(Document()).accent == "365F91"  # the blue of Word's own headings


def test_page_margins_and_headers_are_those_of_the_base(documents: dict[str, Any]) -> None:
    for name in ("plain", "cover"):
        document = documents[name]
        sizes = [(round(s.page_width.cm, 1), round(s.page_height.cm, 1)) for s in document.sections]
        assert sizes == [(20.0, 28.0)] * (2 if name == "cover" else 1) + [(28.0, 20.0), (20.0, 28.0)]
        for section in document.sections:
            assert [round(side.cm, 1) for side in (section.left_margin, section.right_margin)] == [3.0, 2.5]
            assert plain(section.header.paragraphs[0].text) == "Cabinet Passerelle"
            assert plain(section.footer.paragraphs[0].text) == "12 rue du Test"
            assert not section.different_first_page_header_footer
    # a page that lies down already does not turn
    assert {s.page_width.cm > s.page_height.cm for s in documents["bare"].sections} == {True}
    assert len(documents["bare"].sections) == 1


def test_a_base_without_heads_gets_ours(documents: dict[str, Any]) -> None:
    section = documents["bare"].sections[0]
    assert plain(section.header.paragraphs[0].text) == "Laine & chanvre · Partenaires"
    assert plain(section.footer.paragraphs[0].text) == "Diagnostic de la filière · page 1 / 1"


def test_pictures_and_tables_fit_between_the_margins(documents: dict[str, Any]) -> None:
    # page 20 × 28 cm, margins 3 + 2.5 beside, 4 + 3 above: 14.5 × 21; lying 28 - 5.5 = 22.5 × 20 - 7 = 13
    wide, upright = documents["plain"].inline_shapes
    assert wide.width.cm <= 22.5 and 8 < wide.height.cm < 13 - 1.5
    assert upright.width.cm == pytest.approx(14.5, abs=0.01)
    for table in documents["plain"].tables:
        assert sum(column.width.cm for column in table.columns) == pytest.approx(14.5, abs=0.05)


def test_without_a_mark_the_text_of_the_base_goes(documents: dict[str, Any]) -> None:
    said = texts(documents["plain"])
    assert not any("ancien rapport" in text for text in said)
    assert said[:2] == ["Diagnostic de la filière", "Laine & chanvre"]


def test_with_a_mark_the_rest_stays_around_the_report(documents: dict[str, Any]) -> None:
    said = texts(documents["cover"])
    assert said[0] == "Couverture : Laine & chanvre, Val-de-Brume"
    assert said[1:3] == ["Diagnostic de la filière", "Laine & chanvre"]
    assert said[-2:] == ["Fin.", "Nos contacts"]
    assert not any("{{" in text for text in said)


def test_a_bookmark_is_a_mark_and_sections_after_it_keep_their_page(folder: Path) -> None:
    def body(document: Any) -> None:
        marked = document.add_paragraph("à remplacer")
        marked._p.insert(
            0, marked._p.makeelement(qn("w:bookmarkStart"), {qn("w:id"): "41", qn("w:name"): "Diagnostic"})
        )
        document.add_paragraph("Fin de la section")
        document.add_section().page_width = Cm(42)
        document.sections[-1].page_height = Cm(29)
        document.add_paragraph("Annexe large")

    document = Document(
        io.BytesIO(docx_bytes(bases.small(), base=bases.base(folder / "signet.docx", body=body)))
    )
    said = texts(document)
    assert "à remplacer" not in said
    assert said[-3:] == ["Fin.", "Fin de la section", "Annexe large"]
    sizes = [(round(s.page_width.cm), round(s.page_height.cm)) for s in document.sections]
    assert sizes == [(20, 28), (28, 20), (20, 28), (42, 29)]
    numbers = [int(one.get(qn("w:id"))) for one in document.element.body.iter(qn("w:bookmarkStart"))]
    assert min(numbers) > 0 and len(set(numbers)) == len(numbers)


def test_headers_taken_from_an_earlier_section_stay(folder: Path) -> None:
    # the last section of `cover` says nothing of headers: it takes those of the section of the cover
    def body(document: Any) -> None:
        bases.cover(document)
        for paragraph in document.paragraphs[:1]:
            paragraph.text = "Sans repère"
        document.paragraphs[2]._p.getparent().remove(document.paragraphs[2]._p)

    document = Document(
        io.BytesIO(docx_bytes(bases.small(), base=bases.base(folder / "herite.docx", body=body)))
    )
    assert [plain(s.header.paragraphs[0].text) for s in document.sections] == ["Cabinet Passerelle"] * 3


def test_a_mark_in_a_table_is_refused(folder: Path) -> None:
    def body(document: Any) -> None:
        document.add_table(1, 1).cell(0, 0).text = "{{diagnostic}}"

    with pytest.raises(ArgumentError, match="dans un tableau"):
        docx_bytes(bases.small(), base=bases.base(folder / "tableau.docx", body=body))


def test_the_only_table_style_of_the_base_is_used(documents: dict[str, Any]) -> None:
    grids = [table for table in documents["styled"].tables if len(table.rows) == 3]
    assert {table.style.name for table in grids} == {"Tableau maison"}
    assert not any(list(table._tbl.iter(qn("w:tblBorders"))) for table in grids)
    assert {table.style.name for table in documents["plain"].tables} != {"Tableau maison"}


@pytest.mark.parametrize("name", ["own", "plain", "bare"])
def test_each_numbered_list_begins_at_one(name: str, documents: dict[str, Any]) -> None:
    numbers = {}
    for one in documents[name].paragraphs:
        if plain(one.text) in {"Un.", "Deux.", "Trois.", "Quatre."}:
            numbers[plain(one.text)] = one._p.pPr.numPr.numId.val
    assert numbers["Un."] == numbers["Deux."] != numbers["Trois."] == numbers["Quatre."]
    root = documents[name].part.numbering_part.element
    for number in (numbers["Un."], numbers["Trois."]):
        (num,) = [one for one in root.num_lst if one.numId == number]
        assert num.lvlOverride_lst[0].startOverride.val == 1


def test_lists_where_the_base_has_no_numbering(folder: Path) -> None:
    def body(document: Any) -> None:
        part = document.part
        for key in [key for key, one in part.rels.items() if one.reltype.endswith("/numbering")]:
            del part.rels[key]
        for style in document.styles.element.style_lst:
            for numbering in list(style.iter(qn("w:numPr"))):
                numbering.getparent().remove(numbering)

    document = Document(
        io.BytesIO(docx_bytes(bases.small(), base=bases.base(folder / "sans.docx", body=body)))
    )
    root = document.part.numbering_part.element
    kinds = [one.get(qn("w:val")) for one in root.iter(qn("w:numFmt"))]
    assert sorted(set(kinds)) == ["bullet", "decimal"]
    (bullet,) = [one for one in document.paragraphs if plain(one.text) == "Prix."]
    assert bullet._p.pPr.numPr is not None


@pytest.mark.parametrize("kind", [bases.TEMPLATE, bases.MACRO])
def test_templates_and_files_with_macros_are_read(kind: str, folder: Path) -> None:
    path = bases.of_type(bases.base(folder / f"{kind[-40:-9].replace('.', '_')}.dotx"), kind)
    data = docx_bytes(bases.small(), base=path)
    assert bases.MAIN.encode() in parts_of(data)["[Content_Types].xml"]


def test_the_language_of_the_base_stays_where_it_is_that_of_the_report(folder: Path) -> None:
    def body(document: Any) -> None:
        next(document.styles.element.iter(qn("w:lang"))).set(qn("w:val"), "fr-BE")

    path = bases.base(folder / "belge.docx", body=body)
    for lang, code in (("fr", "fr-BE"), ("en", "en-GB")):
        document = Document(io.BytesIO(docx_bytes(bases.small(lang), base=path)))
        assert document.core_properties.language == code
        assert next(document.styles.element.iter(qn("w:lang"))).get(qn("w:val")) == code


def test_properties_tell_of_the_report_and_of_nobody(documents: dict[str, Any]) -> None:
    for document in documents.values():
        told = document.core_properties
        assert (told.title, told.subject) == ("Laine & chanvre", "Diagnostic de la filière")
        assert (told.author, told.last_modified_by, told.comments) == ("chaine_valeur", "", "")


def test_same_base_same_bytes(written: dict[str, bytes], folder: Path) -> None:
    assert docx_bytes(bases.small(), base=folder / "cover.docx") == written["cover"]
    assert docx_bytes(bases.small()) == written["own"]


@pytest.mark.office
@pytest.mark.long
def test_libreoffice_opens_it_with_cover_and_landscape(
    written: dict[str, bytes], tmp_path: Path, office_convert: Callable[..., Path], pdftoppm: str
) -> None:
    path = tmp_path / "rapport.docx"
    path.write_bytes(written["cover"])
    made = office_convert(path)
    told = subprocess.run(
        [str(Path(pdftoppm).with_name("pdfinfo")), "-l", "99", str(made)],
        capture_output=True, text=True, check=True, timeout=60,
    ).stdout  # fmt: skip
    # cover, opening, contents, key figures, figure, the rest, annex: 28 × 20 cm is 793.7 × 566.9 points
    sizes = re.findall(r"Page\s+\d+ size:\s+([\d.]+) x ([\d.]+)", told)
    assert [float(width) > float(height) for width, height in sizes] == [False] * 4 + [True] + [False] * 2
    said = subprocess.run(
        [str(Path(pdftoppm).with_name("pdftotext")), "-layout", str(made), "-"],
        capture_output=True, text=True, check=True, timeout=60,
    ).stdout  # fmt: skip
    pages = said.split("\f")
    assert all("Cabinet Passerelle" in page for page in pages[:7])
    assert "Couverture : Laine & chanvre" in plain(pages[0])
    assert "Sommaire" in pages[2] and "Nos contacts" in pages[6]
