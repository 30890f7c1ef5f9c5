"""Parquet files that somebody else wrote: read as CSV is, by the names of files and headers, and checked."""

from __future__ import annotations

import datetime
from decimal import Decimal
from pathlib import Path
from typing import Any

import numpy as np
import pandas as pd
import pyarrow as pa
import pyarrow.parquet as pq
import pytest

import chaine_valeur as cv
from chaine_valeur.errors import MissingTableError, UnreadableFileError, ValidationError
from chaine_valeur.filiere import Filiere
from chaine_valeur.io.parquet import read_parquet

from .making import told


def written(folder: Path, **tables: Any) -> Path:
    """Write tables, one a file, as pandas does."""
    for name, table in tables.items():
        frame = table if isinstance(table, pd.DataFrame) else pd.DataFrame(table)
        frame.to_parquet(folder / f"{name.replace('_', ' ')}.parquet")
    return folder


def codes(f: Filiere) -> list[str]:
    """What is said, but that no chain is expected, in the order of the reader."""
    return [code for code in f.problems["code"] if code != "no_expected_chain"]


def test_files_and_headers_in_french(tmp_path: Path) -> None:
    written(
        tmp_path,
        Acteurs={"Nom": ["Relais", "Filature"], "Collège": ["ESS", "entreprises"], "Depuis": [2004, None]},
        Flux_2023={"De": ["Relais"], "Vers": ["FILATURE"], "Quantité (t/an)": ["1 234,5"], "Année": [2023]},
    )
    f = read_parquet(tmp_path)
    assert f.actors["pole"].tolist() == ["ess", "enterprise"]
    assert f.actors["since"].tolist() == [2004, pd.NA]
    assert f.flows["quantity_t_per_year"].item() == 1234.5
    assert told(f, "inexact_reference") == [("inexact_reference", "Flux 2023.parquet", 2, "Vers", "FILATURE")]


def test_names_of_the_schema_and_every_type(tmp_path: Path) -> None:
    """Categories, days, decimals, whole numbers, an index that has a name, one that has none."""
    actors = pd.DataFrame(
        {
            "name": pd.Categorical(["A", "B", "A b"]),
            "roles": [["supplier", "buyer"], None, ["expert"]],
            "surveyed_on": [datetime.date(2022, 3, 12), None, datetime.date(2022, 3, 13)],
            "latitude": [Decimal("49.5"), None, Decimal("50")],
            "natural_person": pd.array([True, None, False], dtype="boolean"),
            "siret": [73282932000074, None, None],
        },
        index=pd.Index(["a", "b", "c"], name="actor_id"),
    )
    flows = pd.DataFrame(
        {"source": ["a", "b"], "target": ["b", "c"], "year": np.int16([2021, 2022])}, index=[7, 9]
    )
    f = read_parquet(written(tmp_path, actors=actors, flows=flows))
    assert list(f.actors.index) == ["a", "b", "c"]
    assert f.actors["roles"].tolist()[::2] == ["supplier;buyer", "expert"]
    assert f.actors["surveyed_on"].tolist()[0] == pd.Timestamp(2022, 3, 12)
    assert f.actors["latitude"].tolist()[::2] == [49.5, 50.0]
    assert f.actors["siret"].tolist()[0] == "73282932000074"
    assert f.flows["year"].tolist() == [2021, 2022]
    assert "__index_level_0__" not in f.flows
    assert f.codes("flows", "target").tolist() == [1, 2]
    assert codes(f) == []


def test_one_file(tmp_path: Path) -> None:
    written(tmp_path, Acteurs={"Nom": ["Relais"]}, Flux={"De": ["nobody"]})
    assert read_parquet(tmp_path / "Acteurs.parquet").actors["name"].tolist() == ["Relais"]
    with pytest.raises(UnreadableFileError, match="does not exist"):
        read_parquet(tmp_path / "actors.parquet", lang="en")
    with pytest.raises(MissingTableError, match="lists the actors"):
        read_parquet(tmp_path / "Flux.parquet", lang="en")


def test_columns_that_are_not_known(tmp_path: Path) -> None:
    actors = {
        "Nom": ["Relais", "Filature"],
        "Surface": [1.5, None],
        "E-mail": ["a@b", None],
        "Nomm": ["x", "y"],
    }
    f = read_parquet(written(tmp_path, Acteurs=actors))
    assert list(f.actors.columns[-2:]) == ["Surface", "Nomm"]
    assert f.actors["Surface"].tolist()[0] == 1.5
    assert "E-mail" not in f.actors
    found = f.problems[["code", "value"]].to_numpy().tolist()
    assert ["contact_column", "E-mail"] in found
    assert ["unknown_column", "Surface"] in found
    assert "Vouliez-vous dire" in f.problems.query("value == 'Nomm'")["message"].item()


def test_a_column_that_stands_twice(tmp_path: Path) -> None:
    names = pa.array(["Relais"]), pa.array(["Autre"]), pa.array(["x"])
    pq.write_table(pa.Table.from_arrays(list(names), names=["Nom", "Nom", ""]), tmp_path / "actors.parquet")
    f = read_parquet(tmp_path)
    assert f.actors["name"].tolist() == ["Relais"]
    assert codes(f) == ["duplicate_header", "unknown_column"]
    assert list(f.actors.columns[-2:]) == ["Nom (2)", "Colonne C"]


def test_files_that_are_not_known(tmp_path: Path) -> None:
    written(tmp_path, Acteurs={"Nom": ["Relais"]}, Acteur_final={"Nom": ["B"]}, Budget_perso={"x": [1]})
    (tmp_path / "abîmé.parquet").write_bytes(b"nothing")
    (tmp_path / "notes.txt").write_text("Nom\nC", encoding="utf-8")
    f = read_parquet(tmp_path)
    assert f.actors["name"].tolist() == ["Relais"]
    found = [list(one[:2]) for one in told(f, "unknown_file")]
    assert codes(f) == ["unknown_file"] * 3
    assert found == [
        ["unknown_file", name] for name in ("Acteur final.parquet", "Budget perso.parquet", "abîmé.parquet")
    ]
    (tmp_path / "Acteurs.parquet").unlink()
    with pytest.raises(UnreadableFileError, match="holds no file that is known"):
        read_parquet(tmp_path, lang="en")


def test_copies(tmp_path: Path) -> None:
    """« Acteurs (2) » alone is the table; beside its original it would tell everything twice."""
    (tmp_path / "Acteurs (2).parquet").write_bytes(
        (written(tmp_path, Acteurs={"Nom": ["Relais"]}) / "Acteurs.parquet").read_bytes()
    )
    assert told(read_parquet(tmp_path), "unknown_file")[0][1] == "Acteurs (2).parquet"
    (tmp_path / "Acteurs.parquet").unlink()
    assert read_parquet(tmp_path).actors["name"].tolist() == ["Relais"]


def test_several_files_of_one_table(tmp_path: Path) -> None:
    written(
        tmp_path,
        Acteurs={"Nom": ["A", "B"]},
        Flux_2021={"De": ["A"], "Année": [2021]},
        Flux_2022={"De": ["B"], "Année": [2022]},
    )
    f = read_parquet(tmp_path)
    assert f.flows["source"].tolist() == ["a", "b"]
    assert f.flows["year"].tolist() == [2021, 2022]
    assert f.where("flows").to_numpy().tolist() == [["Flux 2021.parquet", 2], ["Flux 2022.parquet", 2]]


def test_the_essential_sheets(tmp_path: Path) -> None:
    written(
        tmp_path,
        Acteurs={
            "Nom": ["Relais", "Filature"],
            "Maillons": ["collecte", "filature"],
            "Rôle": ["fournisseur", None],
        },
        Liens={"De": ["Relais"], "Vers": ["Filature"], "Type de lien": ["flux"], "Quantité": [12.5]},
    )
    f = read_parquet(tmp_path, strict=False)
    assert f.activities["stage_id"].tolist() == ["collecte", "filature"]
    assert f.flows["quantity_t_per_year"].tolist() == [12.5]


def test_what_is_wrong_is_said_and_raised(tmp_path: Path) -> None:
    written(tmp_path, Acteurs={"Nom": ["A", None], "Latitude": [120.0, 1.0]})
    with pytest.raises(ValidationError, match=r"Acteurs\.parquet"):
        read_parquet(tmp_path)
    f = read_parquet(tmp_path, strict=False)
    assert sorted(codes(f)) == ["above_maximum", "missing_required"]
    assert f.set_aside["actors"]["row"].tolist() == [3]


def test_a_file_without_a_known_header(tmp_path: Path) -> None:
    written(tmp_path, Acteurs={"Nom": ["A"]}, Flux={"x": [1], "y": [2]}, Groupes=pd.DataFrame())
    f = read_parquet(tmp_path, strict=False)
    assert told(f, "no_headers")[0][:2] == ("no_headers", "Flux.parquet")
    assert codes(f) == ["no_headers"]


def test_a_file_that_another_program_wrote_of_ours(tmp_path: Path) -> None:
    """The same table, read by pandas and written again: it says the same, and its problems are found anew."""
    f = cv.datasets.load("lin_composite")
    cv.io.parquet.write_parquet(f, tmp_path / "ours")
    (tmp_path / "theirs").mkdir()
    for path in (tmp_path / "ours").glob("*.parquet"):
        pd.read_parquet(path).to_parquet(tmp_path / "theirs" / path.name)
    found = read_parquet(tmp_path / "theirs", strict=False)
    assert isinstance(found, Filiere)
    assert found == f
