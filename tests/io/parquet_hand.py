"""A small filière of everything that Parquet files have to carry, and hands that change what was written."""

from __future__ import annotations

import json
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pandas as pd
import pyarrow as pa
import pyarrow.parquet as pq

from chaine_valeur.filiere import Filiere
from chaine_valeur.io.parquet import MANIFEST, read_parquet
from chaine_valeur.io.parquet_files import digest
from chaine_valeur.io.parquet_known import FOUND

TABLES: dict[str, Any] = {
    "filiere": {"name": ["Lin"], "territory_id": ["T"], "reference_year": [2022]},
    "territories": {"territory_id": ["T", "T"], "commune_code": ["76384", "2A004"], "kind": ["EPCI", "EPCI"]},
    "stages": {"name": ["culture", "teillage"], "rank": [1, 2], "kind": ["ressource", "opération"]},
    "stage_links": {"stage_id": ["culture"], "to_stage_id": ["teillage"]},
    "materials": {"name": ["paille"]},
    "sources": {"name": ["Rapport", "Enquête 2022"]},
    "actors": {
        "name": ["Étang", "Relais", "Coop  de l’Est"],
        "roles": ["fournisseur;transformateur", None, "acheteur"],
        "pole": ["ESS", None, "élus"],
        "siret": ["73282932000074", None, "73282932000075"],
        "naf": ["01.16Z", None, None],
        "commune_code": ["76384", "2A004", None],
        "latitude": [49.5, None, -0.0],
        "surveyed_on": ["2022-03-12", None, None],
        "natural_person": [True, None, False],
        "since": [2004, None, 1999],
        "part_of": [None, "Étang", None],
        "source_id": ["Rapport", "nowhere", "Enquête 2022"],
        "Surface": [1.5, None, 3.0],
        "Visité": [True, None, False],
        "Revu": pd.to_datetime(["2023-01-02", None, "2023-01-04"]),
        "Avis": ["bon", None, "à revoir"],
    },
    "activities": {"actor_id": ["Étang", "Relais"], "stage_id": ["culture", "teillage"], "jobs_fte": [2, 0]},
    "flows": {
        "source": ["Étang", "Relais", "Zorglub", "Étang"],
        "target": ["Relais", "Coop  de l’Est", "Étang", "relais"],
        "material_id": ["paille", None, "paille", "paille"],
        "quantity_t_per_year": [12.5, None, 1, "beaucoup"],
        "year": [2022, None, 2022, 2021],
    },
    "cooperations": {"actor_id": ["Étang"], "to_actor_id": ["Relais"], "kind": ["appui"], "trust": [3]},
}


def everything() -> Filiere:
    """A row set aside, a cell that is unknown, an accent, a close name, columns of one's own."""
    return Filiere.from_tables(strict=False, **TABLES)


def same(found: Filiere, f: Filiere) -> bool:
    """Whether two filières are the same in all that one can ask of them."""
    assert found == f
    assert found.problems.equals(f.problems)
    assert dict(found.unknown_cells) == dict(f.unknown_cells)
    assert list(found.set_aside) == list(f.set_aside)
    for name, rows in f.set_aside.items():
        assert found.set_aside[name].dtypes.astype(str).to_dict() == rows.dtypes.astype(str).to_dict(), name
        assert found.set_aside[name].equals(rows), name
    for name in f:
        pd.testing.assert_frame_equal(found.where(name), f.where(name))
        pd.testing.assert_frame_equal(found.table(name), f.table(name))
    for name, column in f._conformed.codes:
        assert found._conformed.codes[name, column].tolist() == f.codes(name, column).tolist()
    return found.year == f.year


def said(folder: Path) -> dict[str, Any]:
    """What the manifest of a folder says."""
    return dict(json.loads((folder / FOUND / MANIFEST).read_text(encoding="utf-8")))


def say(folder: Path, **changed: Any) -> None:
    """Change what the manifest says."""
    path = folder / FOUND / MANIFEST
    path.write_text(json.dumps(said(folder) | changed), encoding="utf-8")


def forge(folder: Path, name: str, change: Callable[[Any], Any], *, beside: bool = False) -> None:
    """Change a table in Arrow, write it again, and sign for it as the library would."""
    path = folder / FOUND / f"{name}.parquet" if beside else folder / f"{name}.parquet"
    before = pq.read_table(path)
    after = change(before).replace_schema_metadata(before.schema.metadata)
    pq.write_table(after, path)
    part = "found" if beside else "tables"
    say(folder, **{part: said(folder)[part] | {name: [path.name, digest(path.read_bytes())]}})


def put(column: str, values: Any) -> Callable[[Any], Any]:
    """Return what puts values in place of a column, or beside the others."""

    def change(table: Any) -> Any:
        cells = values if isinstance(values, pa.Array) else pa.array(values)
        if column not in table.column_names:
            return table.append_column(column, cells)
        return table.set_column(table.column_names.index(column), column, cells)

    return change


def listed(values: list[str | None]) -> Any:
    """Return texts as the library writes them: numbers of a list."""
    return pa.array(values, type=pa.string()).dictionary_encode()


def plain(values: list[str | None]) -> Any:
    """Return texts as the library writes names and identifiers."""
    return pa.array(values, type=pa.large_string())


def again(folder: Path) -> Filiere:
    """The filière of a folder, whatever is wrong with it."""
    return read_parquet(folder, strict=False)
