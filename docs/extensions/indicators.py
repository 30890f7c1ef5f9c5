"""One card per indicator, out of the code: what it computes, how to read it, and what it gives of six actors."""

from __future__ import annotations

from functools import cache
from math import isinf
from pathlib import Path

from markdown import cell, grid, page_of_pages

import chaine_valeur as cv
from chaine_valeur import schema
from chaine_valeur.analysis.card import Card, Reference
from chaine_valeur.analysis.indicator import Indicator
from chaine_valeur.diagnosis import available_cards, available_indicators
from chaine_valeur.language import number, tr

__all__ = ["SIX", "files", "pages"]

#: The filière of six actors that the examples are worked on.
SIX = Path(__file__).resolve().parents[1] / "six_acteurs"
_PROFILES = {
    "essential": "essentiel : parmi la quinzaine d’indicateurs du premier diagnostic",
    "expert": 'expert : en annexe du diagnostic (`profile="expert"`)',
}
_SHOWN = 8


@cache
def _six() -> tuple[cv.Filiere, cv.Diagnosis]:
    f = cv.read_csv(SIX)
    return f, cv.diagnose(f, profile="expert")


def _range(card: Card, unit: str) -> str:
    low = "moins l’infini" if isinf(card.low) else number(card.low, "fr")
    high = "sans limite" if isinf(card.high) else number(card.high, "fr")
    told = f"au moins {low}" if isinf(card.high) and not isinf(card.low) else f"de {low} à {high}"
    return "toute valeur" if isinf(card.low) and isinf(card.high) else f"{told}{f' {unit}' if unit else ''}"


def _reference(one: Reference) -> str:
    told = tr(one.text, "fr")
    told += f" [doi:{one.doi}](https://doi.org/{one.doi})" if one.doi else ""
    return told + ("" if one.verified else " *(non vérifié)*")


def _title(one: Indicator) -> str:
    return f"{one.indicator_id} · {tr(one.name, 'fr')}"


def _worked(one: Indicator) -> list[str]:
    """Return what the diagnosis says of the six actors: the value, the computation, the rows behind it."""
    _, diagnosis = _six()
    told = diagnosis.explain(one.indicator_id)
    value = diagnosis.indicators.set_index("indicator_id")["value"][one.indicator_id]
    lines = [line for line in told.computation if line][1:]  # the formula in words stands above
    if value != value:
        lines = [*lines, "**Inconnu**, non zéro : la note dit ce qui manque."]
    parts = ["\n".join(f"- {cell(line)}" for line in lines)] if lines else []
    parts += [f"> {told.note}"] if told.note else []
    rows = told.rows
    listed = [
        (schema.table(table).label(), str(content))
        for table, content in zip(rows["table"], rows["content"], strict=True)
    ]
    if listed:
        parts += [
            f"Les lignes sur lesquelles il repose ({told.n_rows}"
            + (f", dont voici {_SHOWN} :)" if len(listed) > _SHOWN else ") :"),
            grid(("Table", "Ligne"), listed[:_SHOWN]),
        ]
    return parts


def _page(one: Indicator, card: Card) -> str:
    unit = schema.unit_label(one.unit)
    shown = "" if one.unit in ("share", "ratio") else unit
    arguments = "".join(f", {name}={value!r}" for name, value in card.arguments.items())
    tables = ", ".join(f"[{schema.table(name).label()}](../dictionnaire/{name}.md)" for name in one.tables)
    call = f"{card.function.replace('chaine_valeur.', 'cv.', 1)}(f{arguments})"
    facts = grid(
        ("", ""),
        [
            ("Unité", unit or "sans unité"),
            ("Valeurs possibles", f"{_range(card, shown)} ; vide si rien ne le mesure"),
            ("Profil", _PROFILES[one.profile]),
            ("Tables lues", tables),
            (
                "À partir de",
                f"{card.n_actors} acteur{'s' if card.n_actors > 1 else ''} : {tr(card.n_actors_why, 'fr')}",
            ),
            (
                "En Python",
                f"{{py:func}}`~{card.function}` : `{call}`"
                + (f", {tr(card.taken, 'fr')}" if card.taken else ""),
            ),
            ("En anglais", f"*{one.name}*"),
        ],
    )
    parts = [
        f"# {_title(one)}",
        tr(one.formula, "fr"),
        facts,
        "## Formule",
        f"$$\n{card.math}\n$$",
        "\n".join(f"- ${symbol}$ : {tr(text, 'fr')}" for symbol, text in card.symbols),
        "## Comment le lire",
        tr(one.reading, "fr"),
        "## Ce qu’il ne dit pas",
        tr(card.beyond, "fr"),
        "## Sur six acteurs",
        "Sur la [filière de six acteurs](index.md#la-filiere-de-six-acteurs), calculé par le code lui-même :",
        *_worked(one),
        "## Références",
        "\n".join(f"- {_reference(reference)}" for reference in card.references)
        or "Convention de cette bibliothèque ; voir [les conventions](../conventions.md).",
    ]
    return "\n\n".join(parts) + "\n"


def _index(cards: dict[str, Card]) -> str:
    f, _ = _six()
    every = available_indicators()
    families = {
        "A": "Lacunes de la chaîne", "B": "Flux et goulots", "C": "Résilience", "D": "Coopération",
        "E": "Territoire", "F": "Comptes", "G": "Insertion",
    }  # fmt: skip
    parts = [
        "Chaque fiche vient du code : la formule est celle qui est calculée, l’exemple est calculé quand la page est "
        "faite. Un indicateur sans donnée est **inconnu**, jamais zéro ; sous une trentaine de cas, une part se lit "
        "comme un compte (« 7 sur 12 »).",
    ]
    for letter, family in families.items():
        rows = [
            (
                f"[{name}]({name}.md)",
                tr(one.name, "fr"),
                schema.unit_label(one.unit) or "–",
                tr(one.reading, "fr"),
            )
            for name, one in sorted(every.items(), key=lambda pair: _order(pair[0]))
            if name.startswith(letter)
        ]
        parts += [f"## {family}", grid(("", "Indicateur", "Unité", "Comment le lire"), rows)]
    actors = [
        (row.name, cv.vocabulary.label(row.pole, "pole"), row.commune_name)
        for row in f.actors.itertuples(index=False)
    ]
    parts += [
        "## La filière de six acteurs",
        "Une laine locale devient panneau isolant ; le filage attend son premier acteur. **Tout est inventé**, seuls les "
        "codes et noms de communes existent. Les fiches y travaillent, pour que chaque calcul se refasse à la main.",
        grid(("Acteur", "Collège", "Commune"), actors),
        "![La chaîne des six acteurs : filage et vente de fil hachurés, que personne ne tient](six_acteurs.png)",
        "Le classeur : {download}`six_acteurs.xlsx`.",
    ]
    names = sorted(cards, key=_order)
    return page_of_pages("Les indicateurs, fiche par fiche", "\n\n".join(parts), names)


def _order(name: str) -> tuple[str, int, str]:
    head, _, tail = name.partition("-")
    return head[0], int(head[1:]), tail


def pages() -> dict[str, str]:
    """Return file name → page."""
    cards = available_cards()
    found = {f"{name}.md": _page(one, cards[name]) for name, one in available_indicators().items()}
    found["index.md"] = _index(cards)
    return found


def files(folder: Path) -> list[str]:
    """Write the picture and the workbook of the six actors into a folder, and return their names."""
    import matplotlib as mpl

    mpl.use("agg")
    import matplotlib.pyplot as plt

    f, _ = _six()
    folder.mkdir(parents=True, exist_ok=True)
    picture, workbook = folder / "six_acteurs.png", folder / "six_acteurs.xlsx"
    if not picture.is_file():
        axes = cv.figures.chain(f)
        axes.figure.savefig(picture, dpi=110, bbox_inches="tight")
        plt.close("all")
    if not workbook.is_file():
        cv.write_workbook(f, workbook)
    return [picture.name, workbook.name]
