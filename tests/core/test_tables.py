"""Tables as people fill them: every problem at once, nothing lost."""

from __future__ import annotations

import pandas as pd
import pytest

from chaine_valeur import schema
from chaine_valeur.errors import MissingTableError, UnknownNameError, ValidationError
from chaine_valeur.filiere import Filiere
from chaine_valeur.problems import CODES, PROBLEM_COLUMNS, empty_problems


def read(**frames) -> Filiere:
    return Filiere.from_tables(strict=False, **frames)


def codes(f: Filiere) -> list[tuple[str, str, int]]:
    """Return (code, column, row) of every problem but the notice that no chain is expected."""
    rows = f.problems[f.problems["code"] != "no_expected_chain"]
    return [(row.code, row.column, row.row) for row in rows.itertuples()]


def test_a_bad_cell_becomes_unknown_and_is_listed():
    f = read(
        actors={"name": ["A", "B"]},
        flows={"source": ["A"], "target": ["B"], "quantity_t_per_year": ["env. 300"], "year": ["bientôt"]},
    )
    assert len(f.flows) == 1
    assert f.flows["quantity_t_per_year"].isna().all()
    assert codes(f) == [("not_a_year", "Année", 2), ("not_a_number", "Quantité", 2)]
    assert f.unknown_cells == {"flows": 2}
    assert not f.set_aside
    assert "«\u00a0env. 300\u00a0» n’est pas un nombre" in f.problems["message"].iloc[1]


def test_impossible_quantities():
    f = read(
        actors={"name": ["A", "B"], "latitude": [91, 45]},
        flows={
            "source": ["A", "A"],
            "target": ["B", "B"],
            "year": [2020, 2021],
            "quantity_t_per_year": [-4, 0],
            "share": [1.5, "30 %"],
        },
    )
    assert codes(f) == [
        ("above_maximum", "Latitude", 2),
        ("below_minimum", "Quantité", 2),
        ("share_above_one", "Part", 2),
    ]
    assert f.flows["quantity_t_per_year"].isna().tolist() == [True, False]
    assert f.flows["quantity_t_per_year"].iloc[1] == 0  # a measured zero
    assert f.flows["share"].iloc[1] == pytest.approx(0.3)
    assert f.unknown_cells == {"actors": 1, "flows": 2}


def test_a_row_without_what_it_must_have_is_set_aside():
    f = read(
        actors={"name": ["A", None, " "], "pole": [None, "élus", None]},
        observations={"text": [None], "actor_id": ["A"]},
    )
    assert codes(f) == [
        ("missing_required", "Nom", 3),
        ("missing_required", "Nom", 4),
        ("missing_required", "Constat", 2),
    ]
    assert list(f.actors.index) == ["a"]
    assert f.set_aside["actors"][["row", "reason"]].to_numpy().tolist() == [
        [3, "missing_required"],
        [4, "missing_required"],
    ]
    assert f.set_aside["actors"]["pole"].tolist()[0] == "élus"  # as it was written


def test_unknown_references_suggest_and_drag():
    f = read(
        actors={"name": ["Cobanor", "CREPIM"]},
        cooperations={"cooperation_id": ["c1"], "actor_id": ["Cobanor"], "to_actor_id": ["Crepin"]},
        flows={
            "flow_id": ["f1", "f2", "f3"],
            "source": ["Cobanor", "Cobanor", "Cobanor"],
            "target": ["Zorglub", "CREPIM", "CREPIM"],
            "year": [1999, 2000, 2001],
            "same_flow_as": [None, "f1", None],
        },
        constraints={"constraint_id": ["k", "k"], "flow_id": ["f2", "f3"]},
    )
    assert list(f.flows.index) == ["f3"]
    assert list(f.constraints["flow_id"]) == ["f3"]
    found = codes(f)
    assert ("unknown_reference", "Vers", 2) in found
    assert ("reference_set_aside", "Même flux que", 3) in found
    assert ("reference_set_aside", "Flux", 2) in found
    said = f.problems.query("column == 'Vers' and table == 'flows'")["message"].item()
    assert "Elle entraîne 1 autre ligne." in said
    close = f.problems.query("table == 'cooperations'")["message"].item()
    assert "CREPIM" in close
    assert {name: len(rows) for name, rows in f.set_aside.items()} == {
        "flows": 2,
        "constraints": 1,
        "cooperations": 1,
    }


def test_an_unknown_source_only_blanks_its_cell():
    f = read(actors={"name": ["A"], "source_id": ["rapport"]}, sources={"name": ["Rapport annuel"]})
    assert codes(f) == [("unknown_source", "Source", 2)]
    assert len(f.actors) == 1
    assert f.actors["source_id"].isna().all()


def test_names_are_keys():
    f = read(
        actors={"name": ["Relais Enfants", "Étang", "ICIAD / Cotexi 276"]},
        cooperations={
            "actor_id": ["relais enfants", "ICIAD / Cotexi 276"],
            "to_actor_id": ["Étang", "etang"],
        },
    )
    assert list(f.actors.index) == ["relais-enfants", "etang", "iciad-cotexi-276"]
    assert f.cooperations["actor_id"].tolist() == ["relais-enfants", "iciad-cotexi-276"]
    # the identifier is not a slip, the spelling is one: said, and done
    assert codes(f) == [("inexact_reference", "Acteur", 2)]


def test_a_name_that_two_rows_bear_is_no_key():
    f = read(
        actors={"actor_id": ["a1", "a2", "b"], "name": ["Relais", "Relais", "B"]},
        cooperations={"actor_id": ["Relais", "a2"], "to_actor_id": ["B", "B"]},
    )
    assert codes(f) == [("ambiguous_reference", "Acteur", 2), ("same_name", "Nom", 3)]
    assert "a1 / a2" in f.problems["message"].iloc[0]
    assert f.cooperations["actor_id"].tolist() == ["a2"]


def test_duplicates():
    f = read(
        actors={"name": ["A", "A", "a ", "B"], "actor_id": [None, None, None, "a"]},
        stages={"name": ["tri"]},
        activities={"actor_id": ["B", "B", "B"], "stage_id": ["tri"] * 3, "year": [2020, 2020, 2021]},
    )
    assert ("duplicate_id", "Nom", 3) in codes(f)
    assert ("near_name", "Nom", 4) in codes(f)
    assert ("duplicate_row", "Acteur", 3) in codes(f)
    assert list(f.actors.index) == ["a-2", "a-3", "a"]
    assert len(f.activities) == 2
    again = read(actors={"actor_id": ["x", "x"], "name": ["A", "B"]})
    assert codes(again) == [("duplicate_id", "Identifiant", 3)]
    assert again.actors["name"].tolist() == ["A"]


def test_identifiers_made_never_clash():
    f = read(
        actors={"name": ["A", "B"]},
        flows={"flow_id": [None, "flow-1"], "source": ["A", "A"], "target": ["B", "B"], "year": [1900, 1901]},
    )
    assert list(f.flows.index) == ["flow-1-2", "flow-1"]


def test_strict_raises_with_everything():
    with pytest.raises(ValidationError) as caught:
        Filiere.from_tables(actors={"name": ["A", "A"], "pole": ["élu", "zorg"]})
    assert list(caught.value.problems["code"]) == ["unknown_term", "duplicate_id", "no_expected_chain"]
    assert "Acteurs, ligne\u00a03, Nom" in str(caught.value)
    # warnings and notices do not raise
    Filiere.from_tables(actors={"name": ["A", "a"]})


def test_the_first_errors_are_told_and_the_rest_counted():
    with pytest.raises(ValidationError, match="and 5 others"):
        Filiere.from_tables(lang="en", actors={"name": ["A"] * 16})


def test_unknown_tables_and_no_actors():
    with pytest.raises(UnknownNameError, match="actors"):
        Filiere.from_tables(actors={"name": ["A"]}, actor={"name": ["A"]})
    with pytest.raises(MissingTableError, match="actors"):
        Filiere.from_tables(flows={"source": ["A"]})
    with pytest.raises(UnknownNameError, match="two columns"):
        Filiere.from_tables(actors=pd.DataFrame([["A", "B"]], columns=["name", "name"]))


def test_columns_of_ones_own_are_kept():
    f = read(actors={"name": ["A"], "Surface": [12.5]})
    assert f.actors["Surface"].tolist() == [12.5]


def test_defaults_and_dtypes():
    f = read(actors={"name": ["A"]})
    assert f.actors["status"].item() == "active"
    assert f.actors["actor_type"].item() == "organisation"
    assert not f.actors["natural_person"].item()
    for name, table in schema.tables().items():
        frame = f.table(name)
        assert list(frame.columns)[: len(table.columns) - 1] == [c for c in table.columns if c != table.key]
        assert frame.index.name == table.key


def test_problems_have_one_shape():
    assert list(empty_problems().columns) == PROBLEM_COLUMNS
    f = read(actors={"name": ["A"], "pole": ["zorg"]})
    assert f.problems.dtypes.to_dict() == empty_problems().dtypes.to_dict()
    assert {severity for severity, _ in CODES.values()} == {"error", "warning", "notice"}


def test_english():
    f = Filiere.from_tables(strict=False, lang="en", actors={"name": ["A"], "pole": ["zorg"]})
    told = f.problems.iloc[0]
    assert (told["sheet"], told["column"]) == ("Actors", "College")
    assert "is not in the list" in told["message"]
