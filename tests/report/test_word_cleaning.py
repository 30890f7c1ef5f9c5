"""What a Word file given as base may hold: parts, links and fields that go, and files that are none."""

from __future__ import annotations

import io
from pathlib import Path
from typing import Any

import pytest
from docx import Document
from docx.opc.packuri import PackURI
from docx.opc.part import Part
from docx.oxml import parse_xml
from docx.oxml.ns import nsdecls, qn

from chaine_valeur.errors import ChaineValeurError, UnreadableFileError
from chaine_valeur.report.word import docx_bytes
from chaine_valeur.report.word_base import fill_marks
from chaine_valeur.report.word_cleaning import ELSEWHERE, FIELDS, MACROS, PROTECTION, REMARKS, clean
from tests.io.test_files import refuse
from tests.report import word_bases as bases

RUN = "<w:r>{0}</w:r>"


def document(*paragraphs: str) -> Any:
    """Return a document of paragraphs given as XML, without the parts that python-docx starts from."""
    made = Document()
    clean(made.part.package)
    for xml in paragraphs:
        made.element.body.insert(0, parse_xml(f"<w:p {nsdecls('w', 'r')}>{xml}</w:p>"))
    return made


def begin(code: str) -> str:
    return RUN.format('<w:fldChar w:fldCharType="begin"/>') + RUN.format(f"<w:instrText>{code}</w:instrText>")


def field(code: str, shown: str) -> str:
    separate, end = (RUN.format(f'<w:fldChar w:fldCharType="{kind}"/>') for kind in ("separate", "end"))
    return begin(code) + separate + RUN.format(f"<w:t>{shown}</w:t>") + end


def shown(made: Any) -> str:
    return "".join(text.text or "" for text in made.element.body.iter(qn("w:t")))


def codes(made: Any) -> list[str]:
    return [(code.text or "").strip() for code in made.element.body.iter(qn("w:instrText"))]


@pytest.mark.parametrize(
    "code",
    [
        "PAGE",
        " page \\* MERGEFORMAT ",
        'TOC \\o "1-3"',
        "STYLEREF Titre",
        'HYPERLINK \\l "_Toc1"',
        "NUMPAGES",
    ],
)
def test_fields_that_read_the_document_stay(code: str) -> None:
    made = document(field(code.replace('"', "&quot;"), "7"))
    assert clean(made.part.package) == []
    assert codes(made) == [code.strip()] and shown(made) == "7"


@pytest.mark.parametrize(
    "code",
    ["DDE cmd", "DDEAUTO c", "INCLUDETEXT x", "INCLUDEPICTURE x", "LINK Excel", "DATABASE", "MACROBUTTON m",
     "FILLIN", "ASK a", "HYPERLINK http://example.invalid", "QUOTE x", "IF 1 = 1", "AUTHOR", "DOCVARIABLE x", " "],
)  # fmt: skip
def test_fields_that_ask_or_fetch_leave_what_they_showed(code: str) -> None:
    made = document(field(code, "resultat"))
    assert clean(made.part.package) == [FIELDS]
    assert codes(made) == [] and shown(made) == "resultat"
    assert not list(made.element.body.iter(qn("w:fldChar")))


def test_a_field_inside_a_field_goes_alone_or_stays_alone() -> None:
    separate, end = (RUN.format(f'<w:fldChar w:fldCharType="{kind}"/>') for kind in ("separate", "end"))
    outer = begin("QUOTE ") + field("PAGE", "3") + separate + RUN.format("<w:t>dehors</w:t>") + end
    made = document(outer)
    assert clean(made.part.package) == [FIELDS]
    assert codes(made) == ["PAGE"] and shown(made) == "3dehors"
    # and one that is cut into several runs is read as a whole
    cut = begin("DDE").replace("</w:instrText>", "</w:instrText><w:instrText>AUTO cmd</w:instrText>")
    made = document(cut + separate + RUN.format("<w:t>x</w:t>") + end)
    assert clean(made.part.package) == [FIELDS] and codes(made) == []


def test_a_field_without_an_end_goes() -> None:
    made = document(begin("PAGE") + RUN.format("<w:t>reste</w:t>"))
    assert clean(made.part.package) == [FIELDS]
    assert shown(made) == "reste" and codes(made) == []


def test_links_to_bookmarks_stay_and_those_to_addresses_become_text() -> None:
    made = document()
    key = made.part.relate_to("mailto:x@example.invalid", bases.OFFICE + "/hyperlink", is_external=True)
    link = "<w:hyperlink {0}><w:r><w:t>{1}</w:t></w:r></w:hyperlink>"
    xml = link.format(f'r:id="{key}"', "dehors") + link.format('w:anchor="ici"', "dedans")
    made.element.body.insert(0, parse_xml(f"<w:p {nsdecls('w', 'r')}>{xml}</w:p>"))
    assert clean(made.part.package) == [ELSEWHERE]
    assert shown(made) == "dehorsdedans"
    assert [one.get(qn("w:anchor")) for one in made.element.body.iter(qn("w:hyperlink"))] == ["ici"]
    assert clean(made.part.package) == []  # nothing is left to say


def test_a_part_that_python_docx_does_not_know_is_cleaned_too() -> None:
    made = document()
    link = '<w:hyperlink r:id="rId1"><w:r><w:t>note</w:t></w:r></w:hyperlink>'
    note = f"<w:footnote><w:p>{link}{field('DDE x', 'y')}</w:p></w:footnote>"
    xml = f"<w:footnotes {nsdecls('w', 'r')}>{note}</w:footnotes>"
    kind = bases.MAIN.replace("document.main", "footnotes")
    part = Part(PackURI("/word/footnotes.xml"), kind, xml.encode(), made.part.package)
    part.relate_to("https://example.invalid", bases.OFFICE + "/hyperlink", is_external=True)
    made.part.relate_to(part, bases.OFFICE + "/footnotes")
    assert clean(made.part.package) == [ELSEWHERE, FIELDS]
    assert b"note" in part.blob and b"hyperlink" not in part.blob and b"DDE" not in part.blob
    assert not part.rels


def test_changes_are_accepted_and_settings_that_bind_go() -> None:
    change = '<w:{0} w:id="1" w:author="Jeanne"><w:r><w:{1}>{2}</w:{1}></w:r></w:{0}>'
    made = document(change.format("ins", "t", "nouveau") + change.format("del", "delText", "ancien"))
    for xml in ('<w:documentProtection {0} w:edit="forms"/>', "<w:trackRevisions {0}/>", "<w:docVars {0}/>"):
        made.settings.element.append(parse_xml(xml.format(nsdecls("w"))))
    assert clean(made.part.package) == [REMARKS, PROTECTION]
    assert shown(made) == "nouveau"
    names = {child.tag.rsplit("}", 1)[-1] for child in made.settings.element}
    assert not names & {"documentProtection", "trackRevisions", "docVars"}


def test_parts_that_run_go_from_the_package_itself() -> None:
    made = document()
    package = made.part.package
    ribbon = Part(PackURI("/customUI/customUI.xml"), "application/xml", b"<customUI/>", package)
    package.relate_to(ribbon, "http://schemas.microsoft.com/office/2006/relationships/ui/extensibility")
    assert clean(package) == [MACROS]
    out = io.BytesIO()
    made.save(out)
    assert b"customUI" not in out.getvalue()


def test_marks_are_filled_wherever_they_stand_and_others_are_left() -> None:
    made = document("<w:r><w:t>{{ti</w:t></w:r><w:r><w:t>tre}} de {{ Territoire }}, {{inconnu}}</w:t></w:r>")
    made.sections[0].header.paragraphs[0].text = "{{titre}}"
    fill_marks(made, {"titre": "Laine {{territoire}}", "territoire": "Val"})
    # what is filled in is not read again
    assert shown(made) == "Laine {{territoire}} de Val, {{inconnu}}"
    assert made.sections[0].header.paragraphs[0].text == "Laine {{territoire}}"


@pytest.mark.parametrize(
    ("name", "data", "said"),
    [
        ("rien.docx", b"", "vide"),
        ("texte.docx", b"Bonjour", "ne peut pas servir de base"),
        ("vieux.docx", bases_ole := b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + b"W" * 99, "ancien format de Word"),
        ("clos.docx", bases_ole + "EncryptedPackage".encode("utf-16-le"), "mot de passe"),
    ],
)
def test_what_is_no_word_file_is_told_in_a_sentence(
    name: str, data: bytes, said: str, tmp_path: Path
) -> None:
    (tmp_path / name).write_bytes(data)
    with pytest.raises(UnreadableFileError, match=said) as caught:
        docx_bytes(bases.small(), base=tmp_path / name)
    assert name in str(caught.value)


@pytest.mark.parametrize("change", ["cut", "xml", "odt", "no body", "styles"])
def test_a_file_in_pieces_is_told_in_a_sentence(change: str, tmp_path: Path) -> None:
    path = bases.base(tmp_path / "abime.docx")
    if change == "cut":
        path.write_bytes(path.read_bytes()[: path.stat().st_size // 2])
    elif change == "odt":
        bases.rewritten(path, lambda parts: {"mimetype": b"application/vnd.oasis.opendocument.text"})
    else:
        part = "word/styles.xml" if change == "styles" else "word/document.xml"
        empty = b'<w:document xmlns:w="http://schemas.openxmlformats.org/wordprocessingml/2006/main"/>'
        bases.rewritten(path, lambda parts: {**parts, part: empty if change == "no body" else b"<w:oops"})
    with pytest.raises(UnreadableFileError, match="ne peut pas servir de base"):
        docx_bytes(bases.small(), base=path)


def test_a_missing_or_locked_base_is_told(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    with pytest.raises(UnreadableFileError, match="n’existe pas"):
        docx_bytes(bases.small(), base=tmp_path / "absent.docx")
    path = bases.base(tmp_path / "ouvert.docx")
    refuse(monkeypatch, path.name)
    with pytest.raises(ChaineValeurError, match=r"ouvert\.docx"):
        docx_bytes(bases.small(), base=path)
