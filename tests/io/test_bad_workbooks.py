"""No workbook, however damaged, ends in anything but a sentence."""

from __future__ import annotations

import re
import resource
import time
import zipfile
from pathlib import Path

import openpyxl
import pytest
import xlsxwriter

import chaine_valeur as cv
from chaine_valeur.errors import MissingTableError, UnreadableFileError
from chaine_valeur.io import xlsx_scan

from .making import told, workbook

ACTORS = [["Nom", "Rôles"], ["Relais", ""]]


def said(path: Path, lang: str = "fr") -> str:
    with pytest.raises(UnreadableFileError) as caught:
        cv.read_workbook(path, lang=lang)
    return str(caught.value)


@pytest.mark.parametrize("suffix", [".xlsx", ".xls", ".csv", ".txt"])
@pytest.mark.parametrize("content", [b"Nom;R\xf4les\nA;B\n", b"<html><table>", b"%PDF-1.7", b"\x00" * 50])
def test_another_kind_of_file_whatever_its_name(tmp_path, suffix, content):
    path = tmp_path / f"fichier{suffix}"
    path.write_bytes(content)
    assert "n’est pas un classeur" in said(path)
    assert "is not a workbook" in said(path, "en")


def test_archives_that_are_no_workbook(tmp_path):
    path = tmp_path / "texte.xlsx"
    with zipfile.ZipFile(path, "w") as archive:
        archive.writestr("word/document.xml", "<w/>")
    assert "n’est pas un classeur" in said(path)


@pytest.mark.parametrize("share", [0.2, 0.5, 0.9, 0.99])
def test_a_workbook_cut_short(tmp_path, share):
    whole = workbook(tmp_path / "x.xlsx", {"Acteurs": ACTORS}).read_bytes()
    path = tmp_path / "coupé.xlsx"
    path.write_bytes(whole[: int(len(whole) * share)])
    assert "abîmé" in said(path)


def test_a_sheet_that_is_damaged(tmp_path):
    whole = workbook(tmp_path / "x.xlsx", {"Acteurs": ACTORS, "Flux": [["De", "Vers"]]})
    path = tmp_path / "abîmé.xlsx"
    with zipfile.ZipFile(whole) as source, zipfile.ZipFile(path, "w") as target:
        for name in source.namelist():
            content = source.read(name)
            target.writestr(name, content[: len(content) // 2] if name.endswith("sheet2.xml") else content)
    assert "abîmé" in said(path)


def test_encrypted(tmp_path):
    path = tmp_path / "secret.xlsx"
    path.write_bytes(
        b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + "EncryptedPackage".encode("utf-16-le") + b"\0" * 600
    )
    assert "protégé par un mot de passe" in said(path)


def test_encrypted_by_libreoffice(tmp_path):
    """An .ods whose content is encrypted says so in its manifest."""
    path = tmp_path / "secret.ods"
    with zipfile.ZipFile(path, "w") as archive:
        archive.writestr("mimetype", "application/vnd.oasis.opendocument.spreadsheet")
        archive.writestr(
            "META-INF/manifest.xml",
            '<?xml version="1.0"?><manifest:manifest xmlns:manifest="urn:oasis:names:tc:opendocument:xmlns:manifest:1.0">'
            '<manifest:file-entry manifest:full-path="content.xml" manifest:media-type="text/xml">'
            '<manifest:encryption-data manifest:checksum="x"/></manifest:file-entry></manifest:manifest>',
        )
        archive.writestr("content.xml", b"\x01\x02\x03")
    assert "mot de passe" in said(path)


def test_no_known_sheet_names_those_expected(tmp_path):
    path = workbook(tmp_path / "x.xlsx", {"Feuil1": ACTORS, "Divers": [["a"]]})
    message = said(path)
    assert "Feuil1 et Divers" in message
    assert "Acteurs, Liens, Groupes" in message and "Sources par chiffre" in message
    assert "Actors, Links, Groups" in said(path, "en")


def test_our_own_sheets_alone_are_no_data(tmp_path):
    path = workbook(tmp_path / "x.xlsx", {"Exemple": ACTORS, "Mode d'emploi": ACTORS})
    assert "aucune feuille connue" in said(path)


def test_no_actors(tmp_path):
    path = workbook(tmp_path / "x.xlsx", {"Flux": [["De", "Vers"], ["A", "B"]]})
    with pytest.raises(MissingTableError, match="Il manque .*Acteurs"):
        cv.read_workbook(path, strict=False)
    with pytest.raises(LookupError, match="“Actors” is missing"):
        cv.read_workbook(path, lang="en")


@pytest.mark.parametrize("name", ["Acteurs ", " ACTEURS", "Acteurs\u00a0"])
def test_blanks_around_the_name_of_a_sheet_are_not_told(tmp_path, name):
    """« ACTEURS , ligne 2 » reads as a slip of ours; nobody sees the blank on the tab either."""
    path = workbook(tmp_path / "x.xlsx", {name: [["Nom", "Pôle"], ["Relais", "zorg"]]})
    f = cv.read_workbook(path, strict=False)
    assert told(f, "unknown_term") == [("unknown_term", name.strip(), 2, "Pôle", "zorg")]
    assert f.where("actors")["sheet"].tolist() == [name.strip()]
    with pytest.raises(cv.ValidationError, match=f"- {name.strip()}, ligne\u00a02, Pôle · "):
        cv.read_workbook(path)


def test_two_sheets_that_only_a_blank_tells_apart(tmp_path):
    sheets = {
        "Acteurs": [["Nom", "Pôle"], ["A", "zorg"]],
        "Acteurs ": [["Raison sociale", "Collège"], ["B", "zarg"]],
    }
    f = cv.read_workbook(workbook(tmp_path / "x.xlsx", sheets), strict=False)
    assert told(f, "unknown_term") == [
        ("unknown_term", "Acteurs", 2, "Pôle", "zorg"),
        ("unknown_term", "«\u00a0Acteurs \u00a0»", 2, "Collège", "zarg"),
    ]


def test_errors_of_a_sheet_whose_name_has_blanks_are_found_again(tmp_path):
    path = tmp_path / "x.xlsx"
    book = xlsxwriter.Workbook(path)
    sheet = book.add_worksheet("Acteurs ")
    sheet.write_row(0, 0, ["Nom", "Latitude"])
    sheet.write_row(1, 0, ["A"])
    sheet.write_formula(1, 1, "=1/0", None, "#DIV/0!")
    book.close()
    f = cv.read_workbook(path, strict=False)
    assert told(f, "excel_error") == [("excel_error", "Acteurs", 2, "Latitude", "#DIV/0!")]


def test_a_copy_of_a_sheet_alone_in_its_workbook(tmp_path):
    path = workbook(tmp_path / "x.xlsx", {"Acteurs (2)": ACTORS, "Notes": [["à faire"]]})
    assert cv.read_workbook(path).actors["name"].tolist() == ["Relais"]


def test_a_language_that_does_not_exist(tmp_path):
    with pytest.raises(KeyError, match="lang"):
        cv.read_workbook(tmp_path / "x.xlsx", lang="de")


def test_a_workbook_open_in_excel_is_read_in_one_go(tmp_path, monkeypatch):
    path = workbook(tmp_path / "ouvert.xlsx", {"Acteurs": ACTORS})
    reads = []
    read = Path.read_bytes
    monkeypatch.setattr(Path, "read_bytes", lambda self: (reads.append(self), read(self))[1])
    assert len(cv.read_workbook(path).actors) == 1
    assert reads.count(path) == 1


def test_accents_in_every_part_of_the_path(tmp_path):
    folder = tmp_path / "Études « filières »"
    folder.mkdir()
    path = workbook(folder / "étude œuvrée №1.xlsx", {"Acteurs": ACTORS})
    assert cv.read_workbook(path).actors["name"].tolist() == ["Relais"]


def test_formulas_that_failed_are_said(tmp_path):
    """calamine gives them as blanks; a blank figure would pass for unknown."""
    path = tmp_path / "x.xlsx"
    book = xlsxwriter.Workbook(path)
    sheet = book.add_worksheet("Acteurs")
    sheet.write_row(0, 0, ["Nom", "Latitude", "Remarques"])
    sheet.write_row(1, 0, ["A"])
    sheet.write_formula(1, 1, "=1/0", None, "#DIV/0!")
    sheet.write_formula(1, 2, "=A1&A2", None, "NomA")
    sheet.write_formula(2, 0, "=#REF!", None, "#REF!")
    sheet.write(2, 2, "x")
    book.close()
    f = cv.read_workbook(path, strict=False)
    assert told(f, "excel_error") == [
        ("excel_error", "Acteurs", 2, "Latitude", "#DIV/0!"),
        ("excel_error", "Acteurs", 3, "Nom", "#REF!"),
    ]
    assert f.actors["note"].tolist() == ["NomA"]  # a formula that did not fail is its value
    assert f.unknown_cells == {"actors": 2}


def test_a_million_rows_that_are_only_coloured(tmp_path):
    """What « mettre en forme toute la colonne » leaves behind, and a stray blank in the last row."""
    path = tmp_path / "x.xlsx"
    book = openpyxl.Workbook(write_only=True)
    sheet = book.create_sheet("Acteurs")
    for row in ACTORS:
        sheet.append(row)
    book.save(path)
    rows = b"".join(
        b'<row r="%d"><c r="A%d" s="0"/><c r="B%d" s="0"/></row>' % (n, n, n) for n in range(3, 200_000)
    )
    last = b'<row r="1048576"><c r="H1048576" t="inlineStr"><is><t xml:space="preserve"> </t></is></c></row>'
    padded = tmp_path / "padded.xlsx"
    with zipfile.ZipFile(path) as source, zipfile.ZipFile(padded, "w", zipfile.ZIP_DEFLATED) as target:
        for name in source.namelist():
            content = source.read(name)
            if name.endswith("sheet1.xml"):
                content = content.replace(b"</sheetData>", rows + last + b"</sheetData>")
            target.writestr(name, content)
    before = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss
    begun = time.process_time()
    f = cv.read_workbook(padded)
    assert time.process_time() - begun < 30  # two seconds on an idle machine
    assert (resource.getrusage(resource.RUSAGE_SELF).ru_maxrss - before) / 1024 < 1200
    assert f.actors["name"].tolist() == ["Relais"]
    assert f.where("actors")["row"].tolist() == [2]
    assert told(f, "missing_required") == []


def test_a_cell_too_far_to_be_laid_out(tmp_path):
    path = tmp_path / "x.xlsx"
    book = xlsxwriter.Workbook(path)
    sheet = book.add_worksheet("Acteurs")
    sheet.write_row(0, 0, ["Nom"])
    sheet.write(1_048_575, 16_383, "x")
    book.close()
    assert "ligne 1048576, colonne 16384" in said(path)


@pytest.mark.parametrize("declared", ["", '<dimension ref="A1:B2"/>'])
@pytest.mark.parametrize(
    ("row", "where"),
    [
        ('<row r="1048576"><c r="XFD1048576"><v>1</v></c></row>', "ligne 1048576, colonne 16384"),
        ('<row r="100000"><c r="AAA100000"><v>1</v></c></row>', "ligne 100000, colonne 703"),
        ("<row r='1048576'><c r='ZZ1048576'><v>1</v></c></row>", "ligne 1048576, colonne 702"),
        ('<row r="3"><c r="XFD3"><v>1</v></c></row><row r="1048576"><c><v>1</v></c></row>',
         "ligne 1048576, colonne 16384"),
    ],
)  # fmt: skip
def test_what_a_sheet_declares_of_its_size_is_not_believed(tmp_path, declared, row, where):
    """Nothing may be laid out before one has looked: the process would end, not the reading."""
    path, hostile = tmp_path / "x.xlsx", tmp_path / "hostile.xlsx"
    book = xlsxwriter.Workbook(path)
    book.add_worksheet("Acteurs").write_column(0, 0, ["Nom", "Relais"])
    book.close()
    with zipfile.ZipFile(path) as source, zipfile.ZipFile(hostile, "w", zipfile.ZIP_DEFLATED) as target:
        for name in source.namelist():
            content = source.read(name)
            if name.endswith("sheet1.xml"):
                content = re.sub(rb"<dimension[^>]*/>", declared.encode(), content)
                content = content.replace(b"</sheetData>", row.encode() + b"</sheetData>")
            target.writestr(name, content)
    assert where in said(hostile)


def test_the_scan_leaves_other_files_to_calamine():
    assert xlsx_scan.failed_formulas(b"PK\x03\x04 nothing") == {}
    assert xlsx_scan.failed_formulas(b"") == {}
    assert xlsx_scan._column(b"A") == 0
    assert xlsx_scan._column(b"AA") == 26
    assert xlsx_scan._column(b"XFD") == 16_383


def test_a_sheet_longer_than_a_part_of_the_scan(tmp_path, monkeypatch):
    path = tmp_path / "x.xlsx"
    book = xlsxwriter.Workbook(path)
    sheet = book.add_worksheet("Acteurs")
    for row in range(50):
        sheet.write_formula(row, 0, "=NA()", None, "#N/A")
    book.close()
    monkeypatch.setattr(xlsx_scan, "_CHUNK", 97)  # every cell is cut somewhere
    found = xlsx_scan.failed_formulas(path.read_bytes())
    assert found == {"Acteurs": {row: {0: "#N/A"} for row in range(1, 51)}}
