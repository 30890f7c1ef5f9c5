"""Whatever column of whatever table says something of who may not be known: it is not in what the public reads."""

from __future__ import annotations

from typing import Any

import pandas as pd
import pytest

import chaine_valeur as cv
from chaine_valeur.filiere import Filiere
from chaine_valeur.redaction.levels import actor_columns
from chaine_valeur.schema import Column, Table, tables

#: What may not be read: an actor by name, a word, a figure.
WHO, WORD, FIGURE = "Tissages Vaucanson", "quenouille", 1237.25
#: Tables that are about an actor and hold figures or words.
ABOUT = [home for home in tables().values() if actor_columns(home) and home.name not in ("actors", "groups")]
#: What a row has to say to be read at all.
_NEEDS: dict[str, dict[str, Any]] = {
    "activities": {"stage_id": "tissage"},
    "recipes": {"stage_id": "tissage", "side": "in", "material_id": "laine"},
    "markets": {"kind": "supply", "material_id": "laine"},
    "costs": {"kind": "wages"},
    "cooperations": {"to_actor_id": "Mairie", "kind": "research"},
    "memberships": {"group_id": "Comité"},
    "meetings": {"group_id": "Comité", "met_on": "12/03/2024"},
    "flows": {"target": "Mairie", "material_id": "laine"},
    "funding": {"funder_id": "Mairie"},
    "outcomes": {"scope": "structure", "unit": "fte"},
    "scenarios": {"scenario": "S", "change": "add_flow", "to_actor_id": "Mairie", "stage_id": "tissage"},
    "options": {"kind": "other"},
    "observations": {"text": WORD},
    "agreements": {"exits": 9},
}


def told_of(home: Table, *, confidentiality: str | None) -> dict[str, list[Any]]:
    """One row of a table about the hidden actor: each figure is the hidden one, each free text the hidden word."""
    row: dict[str, Any] = {}
    for column in home:
        if column.name in _NEEDS.get(home.name, {}):
            row[column.name] = _NEEDS[home.name][column.name]
        elif column.name in actor_columns(home):
            row[column.name] = WHO
        elif column.is_numeric and column.need != "key":
            row[column.name] = figure(column)
        elif column.type == "text" and not column.references and column.need != "key":
            row[column.name] = f"{WORD} {WHO}"
        elif column.name == "partners":
            row[column.name] = f"{WHO};Mairie"
    row["confidentiality"] = confidentiality
    if home.name == "budgets":
        row["name"] = "Enveloppe"
    return {name: [value] for name, value in row.items()}


def figure(column: Column) -> float | int | None:
    """The hidden figure, or the part of it that the column can hold."""
    if column.type == "integer":
        return 1237
    if column.maximum is not None and column.maximum < FIGURE:
        return float(column.maximum)
    return FIGURE


def filiere(home: Table, *, confidentiality: str | None = None) -> Filiere:
    rows: dict[str, Any] = {
        "stages": {"name": ["tissage"]},
        "materials": {"name": ["laine"], "t_per_unit": [1]},
        "groups": {"name": ["Comité"]},
        "actors": {"name": [WHO, "Mairie"], "confidentiality": ["confidentiel", None]},
    }
    return Filiere.from_tables(
        **(rows | {home.name: told_of(home, confidentiality=confidentiality)}), strict=False
    )


@pytest.mark.parametrize("home", ABOUT, ids=lambda home: home.name)
@pytest.mark.parametrize("confidentiality", [None, "interne"])
def test_nothing_of_it_is_left(home: Table, confidentiality: str | None) -> None:
    f = filiere(home, confidentiality=confidentiality)
    assert len(f.table(home.name)) == 1, f.problems["message"].tolist()
    shown = cv.redact(cv.diagnose(f, checks=(), indicators=()), "public").filiere
    for name in tables():
        frame = shown.table(name).reset_index()
        cells = frame.astype(object).map(str).to_numpy().ravel().tolist() if len(frame) else []
        text = " ".join(cells)
        for secret in (WHO, "Vaucanson", "vaucanson", WORD, "1237"):
            assert secret not in text, (name, secret)
    left = shown.table(home.name)
    if len(left):
        figures = [
            column.name for column in home if column.is_numeric and column.name not in ("uncertainty_share",)
        ]
        assert left[figures].isna().all(axis=None), left[figures].T


@pytest.mark.parametrize("home", ABOUT, ids=lambda home: home.name)
def test_the_team_reads_it_all(home: Table) -> None:
    f = filiere(home)
    shown = cv.redact(cv.diagnose(f, checks=(), indicators=()), "internal").filiere
    assert shown.table(home.name).equals(f.table(home.name))


@pytest.mark.parametrize("home", ABOUT, ids=lambda home: home.name)
def test_what_is_said_to_be_public_is_read(home: Table) -> None:
    f = filiere(home, confidentiality="public")
    shown = cv.redact(cv.diagnose(f, checks=(), indicators=()), "public").filiere
    figures = [column.name for column in home if column.is_numeric and not column.internal]
    if home.name == "agreements":  # people are few in whatever they are counted
        figures = [name for name in figures if "exits" not in name]
    before, after = f.table(home.name)[figures], shown.table(home.name)[figures]
    assert len(after) == len(before)
    assert pd.DataFrame(after.to_numpy()).equals(pd.DataFrame(before.to_numpy()))


def test_partners_of_an_action_are_told_by_their_other_names() -> None:
    f = Filiere.from_tables(
        actors={"name": [WHO, "Jeanne Auzou", "Mairie"], "confidentiality": ["interne", None, None],
                "natural_person": [None, "oui", None]},
        actions={"name": ["Atelier"], "partners": [f"{WHO}; Jeanne Auzou; Mairie; jeanne-auzou"]},
    )  # fmt: skip
    made = cv.diagnose(f, checks=(), indicators=())
    (public,) = cv.redact(made, "public").filiere.actions["partners"]
    assert [one.strip().replace("\u00a0", " ") for one in public.split(";")] == [
        "Acteur confidentiel 1", "Personne 1", "Mairie", "personne-1",
    ]  # fmt: skip
    (internal,) = cv.report.without_persons(made).filiere.actions["partners"]
    assert "Auzou" not in internal and "auzou" not in internal and WHO in internal


def test_a_group_that_may_not_be_known_stays_without_its_name() -> None:
    f = Filiere.from_tables(
        actors={"name": ["A", "Mairie"]},
        groups={"name": ["Cellule de crise", "COPIL"], "confidentiality": ["interne", None]},
        memberships={"group_id": ["Cellule de crise", "COPIL"], "actor_id": ["A", "Mairie"]},
    )
    shown = cv.redact(cv.diagnose(f), "public")
    assert shown.filiere.groups["name"].str.replace("\u00a0", " ").tolist() == ["Non diffusé 1", "COPIL"]
    assert shown.filiere.groups.index.tolist() == ["groups-x1", "copil"]
    assert shown.filiere.memberships["group_id"].tolist() == ["groups-x1", "copil"]
    assert not shown.findings["message"].str.contains("crise").any()
