"""Small filières of which every table can be written down, and folders of them."""

from __future__ import annotations

from functools import cache
from pathlib import Path
from typing import Any

import pandas as pd

from chaine_valeur.filiere import Filiere
from chaine_valeur.io.workbook import write_workbook
from chaine_valeur.schema import tables

#: collecte → tri → filature; Relais collects, Tri sorts, and nobody spins.
CHAIN: dict[str, Any] = {
    "territories": {
        "territory_id": ["caux", "caux", "bray"],
        "name": ["Pays de Caux", "Pays de Caux", "Pays de Bray"],
        "commune_code": ["76384", "76114", "76462"],
        "since": [None, 2023, None],
    },
    "stages": {"name": ["collecte", "tri", "filature"], "rank": [1, 2, 3]},
    "stage_links": {"stage_id": ["collecte", "tri"], "to_stage_id": ["tri", "filature"]},
    "materials": {"name": ["textile"]},
}


@cache
def small(name: str = "Textiles", *, tonnes: float | None = 12.5, year: int | None = None) -> Filiere:
    """Return a filière of two actors and one flow."""
    own: dict[str, Any] = {
        "filiere": {"name": [name], "territory_id": ["caux"], "reference_year": [2024]},
        "actors": {
            "name": ["Relais", "Tri"],
            "roles": ["supplier", "transformer"],
            "commune_code": ["76384", "76462"],
            "surveyed_on": ["2024-03-12", None],
        },
        "activities": {"actor_id": ["Relais", "Tri"], "stage_id": ["collecte", "tri"], "jobs_fte": [4, None]},
        "flows": {
            "source": ["Relais"],
            "target": ["Tri"],
            "material_id": ["textile"],
            "year": [year],
            "quantity_t_per_year": [tonnes],
        },
    }
    return Filiere.from_tables(**CHAIN, **own)


@cache
def tiny(name: str = "Verre") -> Filiere:
    """Return a filière of one actor, whose name it bears."""
    return Filiere.from_tables(
        filiere={"filiere_id": [f"id-{name}"], "name": [name]}, actors={"name": [name]}
    )


@cache
def faulty() -> Filiere:
    """Return a filière with a row set aside in each of two tables, a cell refused, and columns of its own."""
    return Filiere.from_tables(
        strict=False,
        lang="en",
        actors=pd.DataFrame(
            {
                "name": ["Relais", None, "Tri"],
                "latitude": ["here", 4.0, 49.5],
                "Effectif": [3.0, None, 5.0],
                "Vu le": pd.to_datetime(["2024-01-05", None, None]),
                "Membre": [True, None, False],
                "Remarque libre": ["a", "b", None],
            }
        ),
        flows={"source": ["Relais", "Nobody"], "target": ["Tri", "Tri"], "quantity_t_per_year": [1.5, 2.0]},
    )


@cache
def odd() -> Filiere:
    """Return a filière of which a column of its own is text, where that of `faulty` holds numbers."""
    return Filiere.from_tables(actors={"name": ["Seul"], "Effectif": ["une dizaine"]}, lang="en")


def assert_same(found: Filiere, expected: Filiere) -> None:
    """Assert that nothing of a filière was lost: tables, dtypes, places, problems, what was left out."""
    assert found == expected
    assert found.year == expected.year
    pd.testing.assert_frame_equal(found.problems, expected.problems)
    assert dict(found.unknown_cells) == dict(expected.unknown_cells)
    assert set(found.set_aside) == set(expected.set_aside)
    for name, rows in expected.set_aside.items():
        pd.testing.assert_frame_equal(found.set_aside[name], rows)
    for name in tables():
        pd.testing.assert_frame_equal(found.table(name), expected.table(name))
        pd.testing.assert_frame_equal(found.where(name), expected.where(name))


def stacked_frames(filieres: dict[str, Filiere]) -> dict[str, pd.DataFrame]:
    """Return the tables of filières one under another, by a plain loop."""
    found = {}
    for name in tables():
        parts = [f.table(name).reset_index().assign(filiere_code=code) for code, f in filieres.items()]
        if any(map(len, parts)):
            found[name] = pd.concat([part for part in parts if len(part)], ignore_index=True)
    return found


def folder_of_workbooks(folder: Path, filieres: dict[str, Filiere]) -> Path:
    """Write a workbook per filière, and return the folder."""
    folder.mkdir(parents=True, exist_ok=True)
    for name, f in filieres.items():
        write_workbook(f, folder / f"{name}.xlsx")
    return folder
