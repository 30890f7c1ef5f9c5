"""Filières for the tests of the report: one with hostile names, one with natural persons."""

from __future__ import annotations

from typing import Any

from chaine_valeur.diagnosis import Diagnosis, diagnose
from chaine_valeur.filiere import Filiere
from chaine_valeur.report import (
    actors,
    barriers,
    cooperation,
    directory,
    findings,
    flows,
    funding,
    insertion,
    method,
    opening,
    quality,
    territory,
    value,
)
from chaine_valeur.report.blocks import Card, Cards, Grid, Heading, Paragraph, Points, Section
from tests.core.hand import TABLES

SCRIPT = "<script>alert(1)</script>"
FORMULA = "=cmd|' /C calc'!A0"
QUOTE = "\"'><img src=x onerror=alert(2)>"
BREAK = "{{ 7*7 }} {% x %} ]]> --> </style> \\u003c"
HOSTILE = (SCRIPT, FORMULA, QUOTE, BREAK)

#: Two persons; the second one has a name that begins as that of an organisation does.
PERSONS = ("Jeanne Lefebvre-Auzou", "Marcel Quibel")
SIRET = "73282932000074"


def hostile() -> Filiere:
    """The filière computed by hand, every name of which tries something."""
    names = {
        "stages": {"gisement": SCRIPT, "collecte": FORMULA, "tri": QUOTE, "filature": "@SUM(1+9)",
                   "vente": BREAK},
        "actors": {"ménages": "+33 ménages", "Collecte SA": SCRIPT, "Tri": FORMULA, "Filature": QUOTE,
                   "Atelier": "-2+3", "CCVS": BREAK, "Labo": "javascript:alert(3)", "Ancien": "\tAncien"},
        "groups": {"GT": SCRIPT},
        "materials": {"textile": SCRIPT, "fil": FORMULA},
        "sources": {"Entretien": SCRIPT},
    }  # fmt: skip
    refers = {
        "stage_id": "stages", "to_stage_id": "stages", "actor_id": "actors", "to_actor_id": "actors",
        "source": "actors", "target": "actors", "material_id": "materials", "group_id": "groups",
        "source_id": "sources",
    }  # fmt: skip
    told: dict[str, dict[str, Any]] = {}
    for table, columns in TABLES.items():
        told[table] = {}
        for column, values in columns.items():
            shown = names.get(table, {}) if column == "name" else names.get(refers.get(column, ""), {})
            told[table][column] = [shown.get(value, value) for value in values]
    told["filiere"]["name"] = [f"{SCRIPT} & {FORMULA}"]
    told["sources"] |= {"url": ["javascript:alert(4)"], "note": [FORMULA], "publisher": [QUOTE]}
    told["observations"] = {"text": [SCRIPT, FORMULA], "kind": ["frein", "levier"]}
    told["actors"]["note"] = [SCRIPT, FORMULA, QUOTE, BREAK, None, None, None, None]
    told["actors"]["Mot à nous <b>"] = [FORMULA, *[None] * 7]
    told["flows"]["hypothesis"] = [SCRIPT, FORMULA, *[None] * 5]
    tables: dict[str, Any] = told
    return Filiere.from_tables(**tables, strict=False)


def with_persons(**more: Any) -> Filiere:
    """A filière of five actors, two of which are natural persons, named wherever a name can stand."""
    jeanne, marcel = PERSONS
    tables: dict[str, Any] = {
        "filiere": {"name": ["Laine"], "note": [f"Écrit avec {jeanne}."]},
        "stages": {"name": ["Collecte", "Tri", "Filature"], "rank": [1, 2, 3]},
        "stage_links": {"stage_id": ["Collecte", "Tri"], "to_stage_id": ["Tri", "Filature"]},
        "actors": {
            "name": [jeanne, marcel, "Relais", "Mairie", "Marcel Quibel SARL"],
            "natural_person": ["oui", "oui", None, None, "non"],
            "siret": [SIRET, None, None, None, None],
            "commune_code": ["76384", "76114", "76384", "76384", None],
            "commune_name": ["Lillebonne", "Bolbec", "Lillebonne", "Lillebonne", None],
            "roles": ["fournisseur", "fournisseur", "transformateur", "acteur territorial", "acheteur"],
            "surveyed_on": ["12/03/2022", None, "13/03/2022", None, None],
            "Vu avec qui": [f"voir {marcel}", None, None, None, None],
        },
        "activities": {
            "actor_id": [jeanne, marcel, "Relais"],
            "stage_id": ["Collecte", "Collecte", "Tri"],
            "note": [f"selon {marcel}", None, None],
        },
        "flows": {"source": [jeanne, "Relais"], "target": ["Relais", marcel], "quantity_t_per_year": [5, 7]},
        "cooperations": {"actor_id": [jeanne], "to_actor_id": ["Mairie"], "kind": ["appui"]},
        "groups": {"name": ["GT"], "referent_id": [jeanne]},
        "memberships": {"group_id": ["GT", "GT"], "actor_id": [marcel, "Mairie"]},
        "sources": {"name": [f"Entretien avec {jeanne}"]},
        "observations": {"text": [f"{marcel} voudrait vendre sa laine."]},
    }
    return Filiere.from_tables(**{**tables, **more}, strict=False)


def diagnosed(f: Filiere, lang: str = "fr", profile: str = "essential") -> Diagnosis:
    return diagnose(f, lang=lang, profile=profile)


def nearly_empty(lang: str = "fr") -> Filiere:
    """Three names, and nothing else."""
    return Filiere.from_tables(actors={"name": ["Relais", "Filature", "Mairie"]}, lang=lang)


def with_rows_aside(lang: str = "fr") -> Filiere:
    """Two stages, two actors that can be used; four rows set aside and two cells that cannot be read."""
    return Filiere.from_tables(
        stages={"name": ["Collecte", "Tri"], "rank": [1, 2]},
        actors={"name": ["Relais", "Atelier", "Relais", ""], "siret": ["1", "", "", ""]},
        activities={"actor_id": ["Relais", "Inconnu"], "stage_id": ["Collecte", "Tri"]},
        flows={
            "source": ["Relais", "X"], "target": ["Atelier", "Relais"],
            "quantity_t_per_year": ["env. 300", "12"],
        },
        strict=False,
        lang=lang,
    )  # fmt: skip


def sections_of(diagnosis: Diagnosis) -> dict[str, Section]:
    """Return the sections of a report by their anchor, without drawing any picture."""
    blank = Paragraph("")
    made = [
        opening.five_section(diagnosis),
        opening.key_figures(diagnosis),
        actors.actors_section(diagnosis),
        flows.flows_section(diagnosis, None),
        findings.findings_section(diagnosis),
        cooperation.cooperation_section(diagnosis, blank),
        insertion.insertion_section(diagnosis),
        funding.funding_section(diagnosis),
        barriers.barriers_section(diagnosis),
        territory.territory_section(diagnosis),
        directory.directory_section(diagnosis),
        value.value_section(diagnosis),
        quality.data_section(diagnosis),
        opening.expert_section(diagnosis),
        method.method_section(diagnosis),
        method.figures_section(diagnosis),
        method.findings_rows_section(diagnosis),
    ]
    return {section.anchor: section for section in made if section is not None}


def texts_of(section: Section) -> list[str]:
    """Return every text of a section that somebody reads."""
    said = [section.title]
    for block in section.blocks:
        if isinstance(block, Paragraph | Heading):
            said.append(block.text)
        elif isinstance(block, Points):
            said += block.items
        elif isinstance(block, Cards):
            for card in block.cards:
                said += [card.name, card.value, *card.details, card.firmness]
        elif isinstance(block, Grid):
            said += [block.caption, *(column.label for column in block.columns), block.note]
            said += [cell.text for row in block.rows for cell in row]
    return [text for text in said if text]


def grid(section: Section, caption: str) -> list[list[str]]:
    """Return the rows of the table of a section that has a caption, as texts with ordinary spaces."""
    (found,) = [one for one in section.blocks if isinstance(one, Grid) and one.caption == caption]
    return [[cell.text.replace("\u00a0", " ").replace("\u202f", " ") for cell in row] for row in found.rows]


def paragraphs(section: Section) -> list[str]:
    """Return the paragraphs of a section with ordinary spaces."""
    told = [block.text for block in section.blocks if isinstance(block, Paragraph) and block.text]
    return [text.replace("\u00a0", " ").replace("\u202f", " ") for text in told]


def cards(section: Section) -> dict[str, Card]:
    """Return the key figures of a section by their reference."""
    return {
        card.identifier: card for block in section.blocks if isinstance(block, Cards) for card in block.cards
    }
