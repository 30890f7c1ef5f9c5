"""Rules that bear on several columns or tables."""

from __future__ import annotations

import pytest

from chaine_valeur.filiere import Filiere

CHAIN = {
    "stages": {"name": ["gisement", "tri", "filature", "vente"], "rank": [1, 2, 3, 4]},
    "stage_links": {
        "stage_id": ["gisement", "tri", "filature", "vente"],
        "to_stage_id": ["tri", "filature", "vente", "gisement"],  # the last one is a declared return
    },
}


def read(**frames) -> Filiere:
    return Filiere.from_tables(strict=False, **frames)


def found(f: Filiere, code: str) -> list[int]:
    """Return the rows on which a problem was found."""
    return [int(row) for row in f.problems.loc[f.problems["code"] == code, "row"]]


def message(f: Filiere, code: str) -> str:
    return str(f.problems.loc[f.problems["code"] == code, "message"].iloc[0])


def test_self_loops_are_of_one_activity():
    f = read(
        **CHAIN,
        actors={"name": ["A", "B"]},
        activities={"actor_id": ["A", "A", "B"], "stage_id": ["tri", "filature", "tri"]},
        flows={
            "source": ["A", "A", "B", "A"],
            "source_stage": ["tri", "tri", None, None],
            "target": ["A", "A", "B", "A"],
            "target_stage": ["filature", "tri", None, None],
        },
    )
    # row 2: from one of its stages to the next; row 5: tri → filature is the only expected passage of A
    assert found(f, "self_loop") == [3, 4]
    assert len(f.flows) == 2
    assert "B" in f.set_aside["flows"]["source"].tolist()


def test_self_loop_without_any_stage():
    f = read(actors={"name": ["A"]}, flows={"source": ["A"], "target": ["A"]})
    assert found(f, "self_loop") == [2]


def test_flow_needs_an_end():
    f = read(actors={"name": ["A"]}, flows={"source": [None, "A", None], "target": [None, None, "A"]})
    assert found(f, "flow_without_ends") == [2]
    assert f.set_aside["flows"]["reason"].tolist() == ["flow_without_ends"]


def test_ties_join_two():
    f = read(actors={"name": ["A", "B"]}, cooperations={"actor_id": ["A", "A"], "to_actor_id": ["A", "B"]})
    assert found(f, "self_tie") == [2]
    assert len(f.cooperations) == 1


@pytest.mark.parametrize(
    ("start", "end", "code"),
    [
        ("gisement", "tri", None),
        ("gisement", "filature", "flow_skips_stage"),
        ("filature", "tri", "flow_goes_back"),
        ("vente", "gisement", None),  # declared
        ("tri", "tri", None),  # from one sorter to another
    ],
)
def test_direction_of_flows(start, end, code):
    f = read(
        **CHAIN,
        actors={"name": ["A", "B"]},
        activities={"actor_id": ["A", "B"], "stage_id": [start, end]},
        flows={"source": ["A"], "target": ["B"]},
    )
    wrong = [name for name in ("flow_skips_stage", "flow_goes_back") if found(f, name)]
    assert wrong == ([code] if code else [])
    if code:
        assert f"«\u00a0{start}\u00a0»" in message(f, code)


def test_a_stage_to_choose():
    f = read(
        **CHAIN,
        actors={"name": ["A", "B"]},
        activities={"actor_id": ["A", "A", "B"], "stage_id": ["tri", "vente", "gisement"]},
        # B → A: gisement → tri is the only expected passage. A → outside: nothing says which stage.
        flows={"source": ["B", "A"], "target": ["A", None]},
    )
    assert found(f, "stage_to_choose") == [3]
    assert "tri" in message(f, "stage_to_choose")
    assert "vente" in message(f, "stage_to_choose")


def test_what_is_known_of_a_flow():
    f = read(
        actors={"name": ["A", "B"]},
        flows={
            "source": ["A", "A", "A"],
            "target": ["B", "B", "B"],
            "quantity_t_per_year": [5, 50, 20],
            "min_t_per_year": [10, 40, 10],
            "max_t_per_year": [20, 30, None],
            "year": [2001, 2002, 2003],
        },
    )
    assert found(f, "quantity_outside_bounds") == [2]
    assert found(f, "min_above_max") == [3]
    assert f.flows["min_t_per_year"].isna().tolist() == [False, True, False]
    assert f.unknown_cells == {"flows": 2}


def test_flows_that_an_end_which_is_not_active_leaves_out():
    f = read(
        actors={"name": ["A", "B", "C", "D"], "status": [None, "en projet", "fermé", "pressenti"]},
        flows={
            # 2: planned end; 3: counts; 4: planned itself; 5: of another year; 6: two ends; 7: from outside
            "source": ["A", "A", "A", "C", "D", None, "A"],
            "target": ["B", "A", "B", "A", "C", "C", None],
            "source_stage": [None, "tri", None, None, None, None, None],
            "target_stage": [None, "filature", None, None, None, None, None],
            "status": [None, None, "en projet", None, None, None, "fermé"],
            "year": [2024, 2024, 2024, 2023, None, 2024, 2024],
            "quantity_t_per_year": [10, 20, 40, 80, 160, 320, 640],
        },
        **CHAIN,
    )
    assert found(f, "end_not_active") == [2, 6, 7]
    told = f.problems[f.problems["code"] == "end_not_active"]
    assert told["column"].tolist() == ["Vers", "De", "Vers"]
    assert "B (En projet)" in told["message"].iloc[0]
    assert "D (Pressenti) ; C (Fermé)" in told["message"].iloc[1]
    assert "«\u00a0Statut\u00a0»" in told["message"].iloc[2]
    # what is told is what the network leaves out, of the flows of the year that are not planned themselves
    assert f.flows["quantity_t_per_year"].iloc[f.network.flow_row].tolist() == [20]


def test_a_flow_to_who_is_not_there_any_more_in_a_year_is_told_once():
    f = Filiere.from_tables(
        actors={"name": ["A", "B"], "status": [None, "fermé"], "until": [None, 2023]},
        flows={"source": ["A", "A"], "target": ["B", "B"], "year": [2023, 2024]},
    )
    assert found(f, "end_not_active") == [3]
    assert found(f.at(2023), "end_not_active") == [3], "as the whole was read"
    assert len(f.at(2023).network.flow_row) == 0


def test_double_declarations():
    f = read(
        actors={"name": ["A", "B"]},
        flows={
            "flow_id": ["a", "b", "c", "d", "e"],
            "source": ["A"] * 5,
            "target": ["B"] * 5,
            "year": [2020, 2020, 2021, 2021, None],
            "quantity_t_per_year": [3, 4, 5, 5, 5],
            "same_flow_as": [None, None, None, "c", None],
        },
    )
    assert found(f, "double_declaration") == [2]  # c and d are linked, e holds every year
    assert "2, 3" in message(f, "double_declaration")


def test_a_row_that_repeats_another_is_told_as_such():
    f = read(
        actors={"name": ["A", "B"]},
        flows={
            "source": ["A"] * 5,
            "target": ["B"] * 5,
            "quantity_t_per_year": [3, 3, "3 t", 8, 3],
            "same_flow_as": [None] * 4 + ["5"],
        },
    )
    # 3 repeats 2; 4 says the same in other words; 6 is linked to 5, the row and not an identifier
    assert found(f, "repeated_row") == [3]
    assert "ligne 3 répète la ligne 2" in message(f, "repeated_row")
    assert found(f, "double_declaration") == [2]
    assert "2, 4, 5, 6 parlent" in message(f, "double_declaration")
    assert "«\u00a0Même flux que\u00a0»" in message(f, "double_declaration")
    assert f.flows["same_flow_as"].tolist()[4] == f.flows.index[3]


@pytest.mark.parametrize(
    ("identifiers", "written", "meant"),
    [
        ([None, None, None], 2, 0), ([None, None, None], "3", 1), (["a", "b", "c"], 2.0, 0),
        (["a", "2", "c"], "2", 1),  # an identifier goes before a row
        ([None, None, None], "2 ", 0),
    ],
)  # fmt: skip
def test_the_number_of_a_row_names_a_flow(identifiers, written, meant):
    f = read(
        actors={"name": ["A", "B"]},
        flows={
            "flow_id": identifiers, "source": ["A"] * 3, "target": ["B"] * 3,
            "quantity_t_per_year": [1, 2, 4], "same_flow_as": [None, None, written],
        },
    )  # fmt: skip
    assert f.flows["same_flow_as"].iloc[2] == f.flows.index[meant]
    assert found(f, "inexact_reference") == ([4] if identifiers[1] != "2" else [])
    assert len(f.network.flow_row) == 2


def test_the_number_of_no_row_sets_the_flow_aside():
    f = read(
        actors={"name": ["A", "B"]},
        flows={
            "source": ["A"] * 3,
            "target": ["B"] * 3,
            "year": [1, 2020, 2021],
            "same_flow_as": [None, "9", "4"],
        },
    )
    assert found(f, "unknown_flow") == [3]
    assert "numéro de ligne d’un flux de la feuille Flux" in message(f, "unknown_flow")
    assert found(f, "refers_to_itself") == [4]


def test_same_flow_that_is_another():
    f = read(
        actors={"name": ["A", "B", "C"]},
        flows={
            "flow_id": ["a", "b"],
            "source": ["A", "A"],
            "target": ["B", "C"],
            "same_flow_as": [None, "a"],
        },
    )
    assert found(f, "same_flow_differs") == [3]


def test_the_rest():
    f = read(
        actors={
            "name": ["A", "B"],
            "siret": ["73282932000074", "732 829 320 00074"],
            "since": [2020, 2010],
            "until": [2019, 2012],
        },
        stages={"name": ["tri"]},
        activities={"actor_id": ["A"], "stage_id": ["tri"], "jobs_fte": [2], "insertion_fte": ["2,5"]},
        markets={"actor_id": ["A", "A"], "kind": ["gisement", "gisement"], "level": ["exprimé", "brut"]},
    )
    assert found(f, "duplicate_siret") == [3]
    assert found(f, "until_before_since") == [2]
    assert found(f, "part_above_whole") == [2]
    assert found(f, "level_of_other_kind") == [2]
    of_the_whole = f.problems[f.problems["row"].isna()]  # of the filière, not of a row
    assert of_the_whole["code"].tolist() == ["no_expected_chain"]
    assert (f.problems["severity"] == "error").sum() == 0


def test_an_empty_filiere_is_asked_for_actors_and_nothing_else():
    f = read(actors={"name": []})
    assert f.problems["code"].tolist() == ["no_actors"]
    assert "feuille Acteurs" in message(f, "no_actors")
    assert f.problems["severity"].tolist() == ["warning"]


def test_an_actor_called_total_is_told_and_kept():
    names = [
        "TOTAL",
        "Total général",
        "Sous-total",
        "somme",
        "TotalEnergies",
        "Total Énergies",
        "Somme Recyclage",
        "A",
    ]
    f = read(actors={"name": names})
    assert found(f, "actor_called_total") == [2, 3, 4, 5]
    assert f.actors["name"].tolist() == names


@pytest.mark.parametrize(
    ("first", "second"),
    [("Origine", "Destination"), ("De", "Vers"), ("Départ", "Arrivée"), ("from", "Cible")],
)
def test_the_ends_of_a_tie_are_headed_as_those_of_a_flow(first, second):
    f = read(
        actors={"name": ["A", "B"]},
        sources={"name": ["Entretien"]},
        cooperations={first: ["A"], second: ["B"], "Type": ["recherche"], "Source": ["Entretien"]},
    )
    assert f.cooperations[["actor_id", "to_actor_id", "source_id"]].to_numpy().tolist() == [
        ["a", "b", "entretien"]
    ]


def test_where_a_tie_is_known_from_stays_so_beside_its_actor():
    f = read(
        actors={"name": ["A", "B"]},
        sources={"name": ["Entretien"]},
        cooperations={"Acteur": ["A"], "Avec": ["B"], "Origine": ["Entretien"]},
    )
    assert f.cooperations["source_id"].tolist() == ["entretien"]
