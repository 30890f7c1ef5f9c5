"""Fill the workbooks that the commands of the guide read, as a person would, and the Word document of a house.

    .venv/bin/python docs/fichiers/remplir.py

The filière is invented; the mistakes of the first workbook are those that people make.
"""

from __future__ import annotations

import re
from datetime import date
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any

import openpyxl
from docx import Document

import chaine_valeur as cv

FILES = Path(__file__).resolve().parent
#: The first row of the template under explanations and headers.
FIRST = 3

Cell = str | float | date | None
Sheets = dict[str, list[list[Cell]]]
FEBRUARY_4, FEBRUARY_11 = date(2026, 2, 4), date(2026, 2, 11)
ASKED_4, ASKED_11 = "Entretien du 4 février 2026", "Entretien du 11 février 2026"

FILIERE: list[list[Cell]] = [
    ["Laine du Pays d’Orsenne", "Programme matières du Pays d’Orsenne", 2025, "Filière inventée."]
]
ACTORS: list[list[Cell]] = [
    ["Groupement des éleveurs du plateau", "Fournisseur", "Entreprises", "Tonte", "Association", "Aubrelle",
     None, None, None, None, None, FEBRUARY_4],
    ["Ferme des Genêts", "Fournisseur", "Entreprises", "Tonte", "Entreprise", "Aubrelle"],
    ["Atelier Laine et Lien", "Structure d’insertion ; Transformateur", "Économie sociale et solidaire",
     "Collecte ; Tri", "Atelier et chantier d’insertion (ACI)", "Orsenne-le-Bourg", None, 30, 9, 6.5, None, FEBRUARY_4],
    ["Filature des Trois Ponts", "Transformateur", "Entreprises", "Filature", "Entreprise", "Vieux-Moulin",
     None, 15, 5, 0, None, FEBRUARY_11],
    ["Matelasserie Courtin", "Transformateur ; Acheteur", "Entreprises", "Matelasserie", "Entreprise",
     "Orsenne-le-Bourg", None, None, 3, 0],
    ["Laverie de la Vouge", "Transformateur", "Entreprises", "Lavage", "Entreprise", "Vieux-Moulin",
     None, 20, None, None, "Pressenti"],
    ["Communauté de communes du Pays d’Orsenne", "Acteur territorial ; Financeur", "Élus", None,
     "Collectivité ou organisme public", "Orsenne-le-Bourg"],
    ["Lycée agricole des Aubiers", "Expert", "Expertise et formation", None,
     "Recherche, formation, centre technique", "Aubrelle"],
    ["Maison de la laine", "Animateur", "Économie sociale et solidaire", None, "Association", "Orsenne-le-Bourg",
     None, None, None, None, None, FEBRUARY_11],
]  # fmt: skip
LINKS: list[list[Cell]] = [
    ["Groupement des éleveurs du plateau", "Atelier Laine et Lien", "Flux de matière", "Laine brute", 18, 2025,
     None, "Collecte", None, None, "Déclaré", ASKED_4],
    ["Ferme des Genêts", "Atelier Laine et Lien", "Flux de matière", "Laine brute", 1.5, 2025,
     None, "Collecte", None, None, "Estimé", ASKED_4],
    ["Atelier Laine et Lien", "Matelasserie Courtin", "Flux de matière", "Laine triée", 2, 2025,
     "Tri", None, None, None, "Déclaré", ASKED_4],
    ["Atelier Laine et Lien", None, "Flux de matière", "Laine triée", 15, 2025, "Tri", None, None, None, "Estimé",
     ASKED_4],
    [None, "Filature des Trois Ponts", "Flux de matière", "Laine lavée", 6, 2025, None, None, None, None, "Mesuré",
     ASKED_11],
    ["Filature des Trois Ponts", None, "Flux de matière", "Fil", None, 2025, None, None, None, None, None, ASKED_11],
    ["Communauté de communes du Pays d’Orsenne", "Atelier Laine et Lien", "Soutien financier", None, None, 2023,
     None, None, "Convention"],
    ["Maison de la laine", "Groupement des éleveurs du plateau", "Échange d’information", None, None, 2024,
     None, None, "Information"],
    ["Maison de la laine", "Atelier Laine et Lien", "Projet commun", None, None, 2024, None, None,
     "Action ponctuelle"],
    ["Lycée agricole des Aubiers", "Filature des Trois Ponts", "Recherche et développement", None, None, None,
     None, None, "Action ponctuelle"],
    ["Groupement des éleveurs du plateau", "Filature des Trois Ponts", "Projet commun", None, None, None, None, None,
     None, "Absence constatée"],
]  # fmt: skip
GROUPS: list[list[Cell]] = [
    ["Comité laine", "Comité de pilotage (COPIL)", "Communauté de communes du Pays d’Orsenne", None, "oui"],
    ["Comité laine", "Comité de pilotage (COPIL)", "Atelier Laine et Lien", None, "non"],
    ["Comité laine", "Comité de pilotage (COPIL)", "Filature des Trois Ponts", None, "non"],
    ["Groupe matelas", "Groupe de travail", "Matelasserie Courtin"],
    ["Groupe matelas", "Groupe de travail", "Atelier Laine et Lien"],
]
#: Two sheets typed by hand, with their headers: the chain that is expected.
EXPECTED: dict[str, list[list[Cell]]] = {
    "Maillons": [
        ["Maillon", "Type de maillon", "Rang"],
        ["Tonte", "Ressource", 1],
        ["Collecte", "Opération", 2],
        ["Tri", "Opération", 3],
        ["Lavage", "Opération", 4],
        ["Filature", "Opération", 5],
        ["Matelasserie", "Débouché", 6],
    ],
    "Enchaînements attendus": [
        ["Du maillon", "Au maillon"],
        ["Tonte", "Collecte"],
        ["Collecte", "Tri"],
        ["Tri", "Lavage"],
        ["Lavage", "Filature"],
        ["Lavage", "Matelasserie"],
    ],
}
#: (sheet, row, column) → what stands there in the first workbook.
MISTAKES: dict[tuple[str, int, int], Cell] = {
    ("Acteurs", 11, 9): 1,  # figures of an actor who holds no stage
    ("Liens", 3, 5): "18 t",  # read all the same
    ("Liens", 4, 5): "~1,5",
    ("Liens", 5, 2): "Matelasserie",
    ("Liens", 6, 5): "14 à 16",
    ("Liens", 7, 6): "saison 2025",
    ("Liens", 10, 2): "groupement des eleveurs du plateau",  # read all the same
    ("Groupes", 4, 3): "Atelier laine",
}


def fill(
    template: Path, written: Path, sheets: Sheets, *, expected: bool = True, mistakes: bool = False
) -> None:
    """Fill the empty template as a person would, sheet by sheet."""
    book = openpyxl.load_workbook(template)
    for name, rows in sheets.items():
        for row, cells in enumerate(rows, start=FIRST):
            for column, cell in enumerate(cells, start=1):
                if cell is not None:
                    book[name].cell(row, column, cell)
                    if isinstance(cell, date):  # as the template shows it
                        book[name].cell(row, column).number_format = "dd/mm/yyyy"
    for (name, row, column), cell in MISTAKES.items() if mistakes else ():
        book[name].cell(row, column, cell)
    for name, rows in EXPECTED.items() if expected else ():
        sheet = book.create_sheet(name)
        for cells in rows:
            sheet.append(cells)
        sheet.column_dimensions["A"].width = sheet.column_dimensions["B"].width = 22
    book.save(written)


def year_before(sheets: Sheets) -> Sheets:
    """Return the same filière a year earlier: less wool, no working group, one cooperation less."""
    links = [
        [2024 if cell == 2025 else cell for cell in row[:4]]
        + [
            round(row[4] * 0.8, 1) if isinstance(row[4], (int, float)) else row[4],
            *[2024 if c == 2025 else c for c in row[5:]],
        ]
        for row in sheets["Liens"]
        if row[2] != "Projet commun"
    ]
    filiere = [[2024 if cell == 2025 else cell for cell in sheets["Filière"][0]]]
    return sheets | {"Filière": filiere, "Liens": links, "Groupes": sheets["Groupes"][:3]}


def elsewhere(sheets: Sheets) -> Sheets:
    """Return the filière of a neighbouring territory, invented too: other names, nobody who could wash."""
    names = {
        "Pays d’Orsenne": "Val de Tremble",
        "Orsenne-le-Bourg": "Tremble",
        "Aubrelle": "Les Aulnes",
        "Atelier Laine et Lien": "Ressourcerie de la Tremble",
        "Filature des Trois Ponts": "Filature du Gué",
        "Matelasserie Courtin": "Literie du Val",
        "Ferme des Genêts": "Bergerie du Gué",
        "Groupement des éleveurs du plateau": "Bergers du Val",
    }

    def renamed(cell: Cell) -> Cell:
        for old, new in names.items():
            cell = cell.replace(old, new) if isinstance(cell, str) else cell
        return cell

    return {
        name: [[renamed(cell) for cell in row] for row in rows if row[0] != "Laverie de la Vouge"]
        for name, rows in sheets.items()
    }


def house_document(written: Path) -> None:
    """Write the base document of an invented consultancy: header, foreword, the mark, legal notice."""
    document: Any = Document()
    document.core_properties.author = "Bureau d’études Passerelle (inventé)"
    document.sections[0].header.paragraphs[0].text = "Bureau d’études Passerelle (inventé)"
    document.sections[0].footer.paragraphs[0].text = "Document de travail"
    document.add_heading("Avant-propos", level=1)
    document.add_paragraph("Ce diagnostic a été établi à la demande du territoire, à partir d’entretiens.")
    document.add_paragraph("{{diagnostic}}")
    document.add_heading("Mentions", level=1)
    document.add_paragraph("Toute reproduction mentionne la source.")
    document.save(written)


def two_years() -> cv.Filiere:
    """Return the filière of the page on two years, as its first cell makes it."""
    page = (FILES.parent / "comment_faire" / "comparer_deux_annees.md").read_text(encoding="utf-8")
    cell = re.search(r"^```\{code-cell\} python\n(.*?)^```$", page, re.MULTILINE | re.DOTALL)
    if cell is None:
        raise SystemExit("comparer_deux_annees.md : aucune cellule")
    found: dict[str, Any] = {}
    exec(cell[1], found)
    made = found["f"]
    assert isinstance(made, cv.Filiere)
    return made


def main() -> None:
    """Write the files of each page that needs some."""
    sheets: Sheets = {"Filière": FILIERE, "Acteurs": ACTORS, "Liens": LINKS, "Groupes": GROUPS}
    start, office = FILES / "demarrer" / "index", FILES / "guide" / "bureau_d_etudes"
    years = FILES / "comment_faire" / "comparer_deux_annees"
    for folder in (start, office / "classeurs", years):
        folder.mkdir(parents=True, exist_ok=True)
    with TemporaryDirectory() as place:
        template = cv.write_template(Path(place) / "modele.xlsx")
        fill(template, start / "laine_1.xlsx", sheets, expected=False, mistakes=True)
        fill(template, start / "laine_2.xlsx", sheets, expected=False)
        fill(template, start / "laine_3.xlsx", sheets)
        fill(template, office / "laine_2024.xlsx", year_before(sheets))
        fill(template, office / "laine_2025.xlsx", sheets)
        fill(template, office / "classeurs" / "orsenne.xlsx", sheets)
        fill(template, office / "classeurs" / "tremble.xlsx", elsewhere(sheets))
    house_document(office / "maison.docx")
    f = two_years()
    for year in (2024, 2025):
        cv.write_workbook(f.at(year), years / f"laine_{year}.xlsx")


if __name__ == "__main__":
    main()
