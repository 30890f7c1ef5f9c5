"""The data dictionary: a page per table and one for the closed lists, out of the schema that validation reads."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from itertools import chain

from markdown import cell, grid, page_of_pages

from chaine_valeur import schema
from chaine_valeur.diagnosis import available_indicators
from chaine_valeur.vocabulary import VOCABULARIES

__all__ = ["pages"]

_TYPES = {
    "id": "identifiant",
    "text": "texte",
    "list": "liste (« ; »)",
    "category": "terme d’une liste fermée",
    "number": "nombre",
    "share": "part (0,3) ou pourcentage (30 %)",
    "integer": "nombre entier",
    "year": "année",
    "boolean": "oui ou non",
    "date": "date",
    "siret": "SIRET",
    "naf": "code NAF",
    "rome": "code ROME",
    "commune": "code INSEE de la commune",
}
_NEEDS = {
    "key": "clé ; attribuée si vide",
    "name": "obligatoire ; sans lui, la ligne est écartée",
    "required": "obligatoire ; sans lui, la ligne est écartée",
    "": "",
}


def _bounds(column: schema.Column) -> str:
    low, high = column.minimum, column.maximum
    if low is not None and high is not None:
        return f"de {low:g} à {high:g}"
    if low is not None:
        return f"au moins {low:g}"
    return f"au plus {high:g}" if high is not None else ""


def _kind(column: schema.Column, lists: set[str]) -> str:
    told = _TYPES[column.type]
    if column.vocabulary in lists:
        told += f" ([les termes](listes.md#{column.vocabulary.replace('_', '-')}))"
    target = schema.reference_targets(column)
    if target is not None and target[0] in schema.tables():
        told = f"renvoi à [{schema.table(target[0]).label()}]({target[0]}.md)"
        told += ", plusieurs séparés par « ; »" if column.type == "list" else ""
    unit = "" if column.type == "share" else schema.unit_label(column.unit)
    return " ; ".join(filter(None, (told + (f", en {unit}" if unit else ""), _bounds(column))))


def _columns(table: schema.Table, lists: set[str]) -> str:
    return grid(
        ("Colonne", "En-tête de la feuille", "Ce que l’on y écrit", "Ce que c’est", "Si la cellule est vide"),
        [
            (
                f"`{one.name}`",
                one.header(),
                one.meaning(),
                _kind(one, lists),
                _NEEDS[one.need] or (f"vaut « {_default(one)} »" if one.default else "inconnu"),
            )
            for one in table
        ],
    )


def _default(column: schema.Column) -> str:
    terms = column.terms
    return terms(column.default).label() if terms is not None else column.default


def _also(table: schema.Table) -> str:
    rows = [(one.header(), ", ".join(one.aliases)) for one in table if one.aliases]
    return grid(("En-tête", "Compris aussi"), rows) if rows else ""


def _referring(name: str) -> list[str]:
    return [
        f"[{other.label()}]({other.name}.md) (`{column.name}`)"
        for other in schema.tables().values()
        for column in other
        if other.name != name and (schema.reference_targets(column) or ("",))[0] == name
    ]


def _page(table: schema.Table, lists: set[str]) -> str:
    read_by = [one for one in available_indicators().values() if table.name in one.tables]
    parts = [
        f"# {table.label()} (`{table.name}`)",
        table.meaning(),
        f"Feuille « {table.label()} » du classeur complet, fichier `{table.name}.csv` d’un dossier, "
        f"`f.{table.name}` en Python. En anglais : *{table.label_en}*. "
        + (f"Autres noms de feuille compris : {', '.join(table.aliases)}." if table.aliases else ""),
        "## Colonnes",
        _columns(table, lists),
    ]
    if table.unique:
        named = " + ".join(f"« {table[name].label()} »" for name in table.unique)
        parts += [f"Deux lignes ne partagent pas {named} : la seconde est signalée."]
    if table.has_provenance:
        parts += ["Chaque ligne peut porter sa source, sa fiabilité et ce que l’on peut en dire au dehors."]
    if referring := _referring(table.name):
        parts += ["## Ce qui y renvoie", ", ".join(referring) + "."]
    if read_by:
        named = ", ".join(f"[{one.indicator_id}](../indicateurs/{one.indicator_id}.md)" for one in read_by)
        parts += ["## Les indicateurs qui la lisent", f"{named}."]
    if also := _also(table):
        parts += ["## En-têtes compris", "Sans tenir compte des majuscules, des accents ni des unités.", also]
    return "\n\n".join(parts) + "\n"


def _lists(names: Iterable[str], users: dict[str, list[str]]) -> str:
    parts = [
        "# Listes fermées",
        "Les termes que comprennent les colonnes à choix : ce qui est stocké, ce qui s’écrit en français ou en anglais, "
        "et les autres graphies comprises. Un terme inconnu est signalé, jamais deviné.",
    ]
    for name in names:
        terms = VOCABULARIES[name]
        rows: Sequence[tuple[str, ...]] = [
            (f"`{term.value}`", term.label("fr"), term.label("en"), ", ".join(term.aliases)) for term in terms
        ]
        where = (
            f"Dans : {', '.join(users[name])}."
            if users.get(name)
            else "Dans les résultats, non dans les tables."
        )
        parts += [f"({name.replace('_', '-')})=\n## `{name}`", where]
        parts += [grid(("Valeur stockée", "Français", "Anglais", "Compris aussi"), rows)]
    return "\n\n".join(parts) + "\n"


def pages() -> dict[str, str]:
    """Return file name → page."""
    tables = schema.tables()
    used: dict[str, list[str]] = {}
    for table, column in chain.from_iterable(
        ((table, column) for column in table) for table in tables.values()
    ):
        if column.vocabulary in VOCABULARIES:
            used.setdefault(column.vocabulary, []).append(
                f"[{table.label()}]({table.name}.md) « {column.label()} »"
            )
    found = {f"{name}.md": _page(table, set(VOCABULARIES)) for name, table in tables.items()}
    found["listes.md"] = _lists(VOCABULARIES, used)
    intro = (
        "Les tables du modèle, tirées du schéma que lit la validation. Rien n’est obligatoire hors des noms : une table "
        "absente est une question sans réponse, non une erreur. Le [classeur essentiel](../demarrer/index.md) n’en "
        "demande que trois feuilles."
    )
    rows = [(f"[{table.label()}]({name}.md)", f"`{name}`", table.meaning()) for name, table in tables.items()]
    rows += [("[Listes fermées](listes.md)", "", cell("Les termes que comprennent les colonnes à choix."))]
    listed = grid(("Table", "Nom en Python", "Ce qu’est une ligne"), rows)
    found["index.md"] = page_of_pages("Dictionnaire des données", f"{intro}\n\n{listed}", [*tables, "listes"])
    return found
