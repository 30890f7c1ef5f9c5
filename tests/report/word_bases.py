"""Word files that a consultancy might give as base, good and bad, and a small report to write into them."""

from __future__ import annotations

import io
import struct
import zipfile
import zlib
from collections.abc import Callable, Mapping
from pathlib import Path
from typing import Any

from docx import Document
from docx.enum.section import WD_SECTION
from docx.enum.style import WD_STYLE_TYPE
from docx.oxml import OxmlElement, parse_xml
from docx.oxml.ns import nsdecls, qn
from docx.shared import Cm, Pt, RGBColor

from chaine_valeur.report.blocks import (
    Card,
    Cards,
    Cell,
    Column,
    Content,
    Grid,
    Heading,
    Paragraph,
    Picture,
    Points,
    Section,
)

MAIN = "application/vnd.openxmlformats-officedocument.wordprocessingml.document.main+xml"
MACRO = "application/vnd.ms-word.document.macroEnabled.main+xml"
TEMPLATE = "application/vnd.openxmlformats-officedocument.wordprocessingml.template.main+xml"
#: What Word writes for a French reader: identifier and name of its styles.
FRENCH = {"Heading 1": "Titre1", "Heading 2": "Titre2", "Caption": "Lgende", "List Bullet": "Listepuces"}
OFFICE = "http://schemas.openxmlformats.org/officeDocument/2006/relationships"


def png(width: int, height: int, grey: int = 200) -> bytes:
    """Return a grey picture."""

    def chunk(kind: bytes, data: bytes) -> bytes:
        return struct.pack(">I", len(data)) + kind + data + struct.pack(">I", zlib.crc32(kind + data))

    rows = b"".join(b"\0" + bytes([grey]) * width for _ in range(height))
    head = struct.pack(">IIBBBBB", width, height, 8, 0, 0, 0, 0)
    return (
        b"\x89PNG\r\n\x1a\n"
        + chunk(b"IHDR", head)
        + chunk(b"IDAT", zlib.compress(rows))
        + chunk(b"IEND", b"")
    )


def picture(name: str = "chaine", width: float = 16.0, height: float = 9.0) -> Picture:
    return Picture(
        name, f"Figure de {name}", f"Ce que montre {name}, en mots.", png(160, 90), b"<svg/>", width, height
    )


def small(lang: str = "fr", *, wide: bool = True) -> Content:
    """A report of four sections that holds a block of each kind, two numbered lists, and a wide figure."""
    grid = Grid.of(
        "Acteurs par rôle",
        [Column("Rôle"), Column("Nombre", numeric=True), Column("Acteurs")],
        [
            [Cell("Fournisseur", strong=True), "3", "Relais, Ménages et Confection"],
            ["Acheteur", "1", Cell("Tri", anchor="why-A")],
        ],
        note="Un acteur peut tenir deux rôles.",
    )  # fmt: skip
    card = Card("A", "Couverture", "7 sur 9", ("Sur le territoire.",), "Repose sur 6 %.", "why-A")
    sections = (
        Section("five", "Cinq choses", (Points(("Un.", "Deux."), ordered=True),)),
        Section("keys", "Chiffres clés", (Heading("La chaîne"), Cards((card,)), Paragraph("Ce qui manque :"),
                                          Points(("Prix.", "Coûts.")), Points(("Trois.", "Quatre."), ordered=True))),
        Section("chain", "La chaîne", (picture(width=27.7, height=17.8) if wide else picture(), grid)),
        Section("other", "Suite", (picture("suite"),)),
        Section("figures", "D’où viennent les chiffres", (Heading("Couverture", anchor="why-A"), grid), annex=True),
    )  # fmt: skip
    return Content(
        lang, "Laine & chanvre", "Diagnostic de la filière", (("Territoire", "Val-de-Brume"),),
        ("Version interne.",), sections, "Fin.", ("Partenaires",),
    )  # fmt: skip


def base(
    path: Path,
    *,
    french: bool = True,
    landscape: bool = False,
    headed: bool = True,
    body: Callable[[Any], None] | None = None,
) -> Path:
    """Write the .docx of a consultancy: Letter-like page, wide margins, its own headings, a logo in its header."""
    document = Document()
    styles = document.styles
    if french:
        for style in list(styles.element.style_lst):
            if style.get(qn("w:type")) == "paragraph" and style.name_val.title() in FRENCH:
                style.styleId = FRENCH[style.name_val.title()]
    heading = styles["Heading 1"]
    heading.font.name, heading.font.size, heading.font.color.rgb = (
        "Georgia",
        Pt(21),
        RGBColor(0xC0, 0x39, 0x2B),
    )
    styles["Normal"].font.name = "Georgia"
    page = document.sections[0]
    page.page_width, page.page_height = Cm(20), Cm(28)
    if landscape:
        page.page_width, page.page_height = page.page_height, page.page_width
    page.left_margin, page.right_margin, page.top_margin, page.bottom_margin = Cm(3), Cm(2.5), Cm(4), Cm(3)
    if headed:
        page.header.paragraphs[0].add_run("Cabinet Passerelle ").add_picture(
            io.BytesIO(png(30, 30, 90)), width=Cm(1)
        )
        page.footer.paragraphs[0].text = "12 rue du Test"
    document.core_properties.author, document.core_properties.last_modified_by = (
        "Jeanne Auteur",
        "Jeanne Auteur",
    )
    (body or (lambda one: one.add_paragraph("Texte d’un ancien rapport.")))(document)
    document.save(str(path))
    return path


def cover(document: Any) -> None:
    """A cover page in a section of its own, the mark in pieces, as Word cuts it, and a page of contacts after it."""
    document.add_paragraph("Couverture : {{titre}}, {{territoire}}")
    document.add_section(WD_SECTION.NEW_PAGE)
    mark = document.add_paragraph()
    for piece in ("{{dia", "gnos", "tic}}"):
        mark.add_run(piece)
    document.add_paragraph("Nos contacts")


def rewritten(path: Path, change: Callable[[dict[str, bytes]], Mapping[str, bytes]]) -> Path:
    """Rewrite the members of a .docx."""
    with zipfile.ZipFile(path) as old:
        parts = dict(change({name: old.read(name) for name in old.namelist()}))
    with zipfile.ZipFile(path, "w") as new:
        for name, data in parts.items():
            new.writestr(name, data)
    return path


def of_type(path: Path, content_type: str) -> Path:
    """Make a template, or a document with macros, of a .docx."""

    def change(parts: dict[str, bytes]) -> dict[str, bytes]:
        kinds = parts["[Content_Types].xml"].replace(MAIN.encode(), content_type.encode())
        return {**parts, "[Content_Types].xml": kinds}

    return rewritten(path, change)


def field(paragraph: Any, code: str, shown: str) -> None:
    """Add a field to a paragraph, in three runs as Word does."""
    for xml in (
        '<w:r {0}><w:fldChar w:fldCharType="begin"/></w:r>',
        '<w:r {0}><w:instrText xml:space="preserve">' + code + "</w:instrText></w:r>",
        '<w:r {0}><w:fldChar w:fldCharType="separate"/></w:r>',
        f"<w:r {{0}}><w:t>{shown}</w:t></w:r>",
        '<w:r {0}><w:fldChar w:fldCharType="end"/></w:r>',
    ):
        paragraph._p.append(parse_xml(xml.format(nsdecls("w"))))


def hostile(path: Path) -> Path:
    """A base with everything that may not pass: macros, template, links, fields, an object, remarks, protection."""
    from docx.opc.packuri import PackURI
    from docx.opc.part import Part

    def body(document: Any) -> None:
        part = document.part
        cover(document)
        first = document.paragraphs[0]
        link = OxmlElement("w:hyperlink")
        link.set(
            qn("r:id"), part.relate_to("https://example.invalid/x", f"{OFFICE}/hyperlink", is_external=True)
        )
        link.append(parse_xml(f"<w:r {nsdecls('w')}><w:t>notre site</w:t></w:r>"))
        first._p.append(link)
        picture_id = part.relate_to("https://example.invalid/x.png", f"{OFFICE}/image", is_external=True)
        first.add_run().add_picture(io.BytesIO(png(9, 9)), width=Cm(1))
        blip = next(first._p.iter(qn("a:blip")))
        blip.set(qn("r:link"), picture_id)
        field(first, " DDEAUTO cmd ", "un ancien résultat")
        field(first, ' INCLUDETEXT "C:\\\\x.docx" ', "texte inclus")
        field(first, " PAGE ", "7")
        first._p.append(
            parse_xml(
                f'<w:fldSimple {nsdecls("w")} w:instr=" AUTHOR "><w:r><w:t>simple</w:t></w:r></w:fldSimple>'
            )
        )
        first._p.append(
            parse_xml(
                f'<w:ins {nsdecls("w")} w:id="900" w:author="Jeanne Auteur"><w:r><w:t>ajouté</w:t></w:r></w:ins>'
            )
        )
        first._p.append(
            parse_xml(
                f'<w:del {nsdecls("w")} w:id="901" w:author="Jeanne Auteur"><w:r><w:delText>ôté</w:delText></w:r></w:del>'
            )
        )
        document.add_comment(first.runs, text="À revoir", author="Jeanne Auteur")
        macro = Part(
            PackURI("/word/vbaProject.bin"), "application/vnd.ms-office.vbaProject", b"macro", part.package
        )
        part.relate_to(macro, "http://schemas.microsoft.com/office/2006/relationships/vbaProject")
        ole = Part(
            PackURI("/word/embeddings/o.bin"),
            "application/vnd.openxmlformats-officedocument.oleObject",
            b"ole",
            part.package,
        )
        element = parse_xml(
            f'<w:p {nsdecls("w")}><w:r><w:object><o:OLEObject xmlns:o="urn:schemas-microsoft-com:office:office" '
            f'xmlns:r="{OFFICE}" r:id="{part.relate_to(ole, OFFICE + "/oleObject")}"/></w:object></w:r></w:p>'
        )
        document.element.body.insert(0, element)
        settings = document.settings
        template = part._settings_part.relate_to(
            "file:///C:/modele.dotm", f"{OFFICE}/attachedTemplate", is_external=True
        )
        settings.element.append(parse_xml(f'<w:attachedTemplate {nsdecls("w", "r")} r:id="{template}"/>'))
        settings.element.append(
            parse_xml(f'<w:documentProtection {nsdecls("w")} w:edit="readOnly" w:enforcement="1"/>')
        )
        settings.element.append(parse_xml(f'<w:updateFields {nsdecls("w")} w:val="true"/>'))
        document.sections[0].header.paragraphs[0]._p.append(parse_xml(
            f'<w:fldSimple {nsdecls("w")} w:instr=" INCLUDEPICTURE http://example.invalid/p.png "/>'))  # fmt: skip

    return of_type(base(path, body=body), MACRO)


def with_table_style(document: Any) -> None:
    """One style of tables of the consultancy's own."""
    document.styles.add_style("Tableau maison", WD_STYLE_TYPE.TABLE)
