"""Names as keys: what they mean, what is suggested, what a row set aside takes along."""

from __future__ import annotations

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from chaine_valeur import schema
from chaine_valeur.filiere import Filiere
from chaine_valeur.network import Network
from chaine_valeur.schema import reference_targets

from .reading import read, rows_of, told

AB = {"actors": {"name": ["A", "B"]}}


def message(f: Filiere, code: str, *, row: int | None = None) -> str:
    rows = f.problems[f.problems["code"] == code]
    rows = rows if row is None else rows[rows["row"] == row]
    return str(rows["message"].iloc[0])


def ties(*pairs: tuple[str, str]) -> dict[str, list[str]]:
    return {"actor_id": [a for a, _ in pairs], "to_actor_id": [b for _, b in pairs]}


# -- identifiers ----------------------------------------------------------------------------------------


def test_identifiers_come_from_names_and_never_collide():
    f = read(actors={"actor_id": [None, "a-b", None, None], "name": ["A B", "Autre", "A, b", "日本"]})
    assert f.actors.index.tolist() == ["a-b-2", "a-b", "a-b-3", "日本"]
    assert rows_of(f, "near_name") == [4]


@settings(max_examples=15)
@given(
    st.lists(st.text(alphabet="aAé -1日", min_size=1, max_size=3).filter(str.strip), min_size=1, max_size=6)
)
def test_identifiers_are_unique_and_stay_when_given_back(names):
    f = read(actors={"name": names})
    assert f.actors.index.is_unique
    assert f.actors.index.notna().all()
    assert set(f.actors["name"]) == {name.strip(" ") for name in names}
    again = Filiere.from_tables(actors=f.actors)
    assert again == f


def test_a_row_keeps_its_made_identifier_as_long_as_it_keeps_its_place():
    f = read(**AB, flows={"flow_id": [None, "flow-3", None], "source": ["A"] * 3, "year": [1999, 2000, 2001]})
    assert f.flows.index.tolist() == [
        "flow-1",
        "flow-3",
        "flow-3-2",
    ]  # the third wanted the name of the second
    grown = read(**AB, flows={"source": ["A"] * 4, "year": [1999, 2000, 2001, 2002]})
    assert grown.flows.index.tolist() == [f"flow-{place}" for place in (1, 2, 3, 4)]


def valid(column: schema.Column, place: int) -> object:
    """A value that the column takes, another one for each place."""
    target = reference_targets(column)
    if target is not None:
        return {"flows": f"flow-{place % 2 + 1}"}.get(target[0], f"{target[0]} {place % 2}")
    if column.terms is not None:
        return [term.value for term in column.terms][place % 2]
    return {
        "date": f"{place + 1:02d}/02/2024",
        "commune": f"{76000 + place}",
        "rome": f"K{2300 + place}",
    }.get(column.type, f"{column.name} {place}")


def whole(name: str, count: int) -> dict[str, list[object]]:
    """A table with all that is compulsory; the ends of a tie are two."""
    home = schema.table(name)
    asked = [column for column in home if column.compulsory or (name, column.name) == ("flows", "source")]
    frame = {column.name: [valid(column, place) for place in range(count)] for column in asked}
    if home.name_column:
        frame[home.name_column] = [f"{name} {place}" for place in range(count)]
    for column in ("to_actor_id", "to_stage_id"):
        if column in frame:
            frame[column] = [*frame[column][1:], frame[column][0]]
    if name == "option_links":  # one way only: options that wait for one another could never begin
        frame |= {"option_id": ["options 0"] * count, "needs_option_id": ["options 1"] * count}
    return frame or {"note": [f"note {place}" for place in range(count)]}


@pytest.fixture(scope="module")
def everything() -> Filiere:
    """Two rows in every table, no identifier given."""
    return read(**{name: whole(name, 2) for name in schema.tables()})


@pytest.mark.parametrize("name", schema.tables())
def test_blank_keys_are_filled_in_every_table(everything, name):
    assert not everything.set_aside, everything.problems["message"].tolist()
    identifiers = everything.table(name).index
    assert len(identifiers) == 2
    assert identifiers.is_unique
    assert identifiers.notna().all()
    assert all(identifier.split() == [identifier] for identifier in identifiers)


def test_every_reference_of_the_schema_is_followed():
    """A row of any table whose reference leads nowhere is out; a figure may do without its source, a group without
    its referent."""
    frames: dict[str, dict[str, list[object]]] = {}
    expected: dict[str, list[str]] = {}
    for name, home in schema.tables().items():
        references = [column.name for column in home if reference_targets(column)]
        frames[name] = whole(name, len(references) + 2)
        for place, column in enumerate(references):
            cells = frames[name].setdefault(column, [None] * (len(references) + 2))
            cells[place + 2] = "nobody at all"  # the first two rows stay whole: others refer to them
        expected[name] = [home[column].label("fr") for column in references]
    f = read(**frames)
    for name, columns in expected.items():
        found = f.problems[(f.problems["table"] == name) & f.problems["value"].eq("nobody at all")]
        assert found["row"].tolist() == list(range(4, len(columns) + 4)), name
        assert found.sort_values("row")["column"].tolist() == columns
        codes = found.sort_values("row")["code"].tolist()
        expect = [
            "unknown_source" if reference_targets(c)[0] == "sources"
            else {"referent_id": "unknown_mention", "same_flow_as": "unknown_flow"}.get(c.name, "unknown_reference")
            for c in schema.table(name) if reference_targets(c)
        ]  # fmt: skip
        assert codes == expect
        assert len(f.set_aside.get(name, ())) >= sum(
            code in ("unknown_reference", "unknown_flow") for code in expect
        )


# -- what a name means ----------------------------------------------------------------------------------


def test_an_identifier_goes_before_a_name():
    f = read(
        actors={"actor_id": ["x", "y", "z"], "name": ["y", "X", "Z"]},
        cooperations=ties(("x", "y"), ("X", "z")),
    )
    # « X » in capitals is exactly the name of y, so that is meant: exact before folded, identifier before name
    assert f.cooperations[["actor_id", "to_actor_id"]].to_numpy().tolist() == [["x", "y"], ["y", "z"]]
    assert not rows_of(f, "inexact_reference")


@pytest.mark.parametrize("names", [["Scierie", "scierie"], ["scierie", "Scierie"]])
def test_an_identifier_that_nobody_wrote_does_not_go_before_a_name(names):
    """« scierie » is made of « Scierie »: who writes it means the actor of that very name, in any order of rows."""
    f = read(actors={"name": names}, flows={"source": ["scierie"], "target": ["Scierie"]})
    (flow,) = f.flows[["source", "target"]].to_numpy().tolist()
    assert f.actors["name"].loc[flow].tolist() == ["scierie", "Scierie"]
    assert not rows_of(f, "self_loop")
    # written, it goes before the name
    g = read(
        actors={"actor_id": ["scierie", "s2", "b"], "name": ["Scierie", "scierie", "B"]},
        flows={"source": ["scierie"], "target": ["B"]},
    )
    assert g.flows["source"].tolist() == ["scierie"]


def test_an_exact_name_goes_before_one_that_differs_by_accents():
    f = read(
        actors={"actor_id": ["a1", "a2", "b"], "name": ["Étang", "etang", "B"]},
        cooperations=ties(("Étang", "etang"), ("ETANG", "B")),
    )
    assert f.cooperations[["actor_id", "to_actor_id"]].to_numpy().tolist() == [["a1", "a2"]]
    assert told(f, "ambiguous_reference") == [("ambiguous_reference", "Coopérations", 3, "Acteur", "ETANG")]
    assert "(a1 / a2)" in message(f, "ambiguous_reference")


@pytest.mark.parametrize(
    "written", ["relais cobanor", "RELAIS  COBANOR", "Relais-Cobanor", "Rélais cobanor", " Relais Cobanor."]
)
def test_a_slip_of_case_accent_or_blank_is_forgiven_and_said(written):
    f = read(
        actors={"actor_id": ["r", "b"], "name": ["Relais Cobanor", "B"]}, cooperations=ties((written, "b"))
    )
    assert f.cooperations["actor_id"].tolist() == ["r"]
    assert told(f, "inexact_reference") == [
        ("inexact_reference", "Coopérations", 2, "Acteur", written.strip())
    ]
    assert "Relais Cobanor" in message(f, "inexact_reference")


@pytest.mark.parametrize(
    ("written", "wanted", "unwanted"),
    [("Crepin", "CREPIM", "Cobanor"), ("cobanor", "Cobanor Tritex", "CREPIM"), 
     ("Relai Bolbec", "Relais Bolbec", "CREPIM"), ("qwertz", None, "CREPIM")],
)  # fmt: skip
def test_close_names_are_suggested(written, wanted, unwanted):
    f = read(actors={"name": ["CREPIM", "Cobanor Tritex", "Relais Bolbec"]}, flows={"source": [written]})
    said = message(f, "unknown_reference")
    assert ("Vouliez-vous dire" in said) == (wanted is not None)
    assert wanted is None or wanted in said
    assert unwanted not in said
    assert len(f.flows) == 0


def test_a_name_is_looked_for_in_the_right_sheet():
    f = read(
        **AB,
        stages={"name": ["tri"]},
        materials={"name": ["bois"]},
        flows={
            "source": ["A", "A"],
            "source_stage": ["bois", "tri"],
            "material_id": [None, "tri"],
            "year": [1, 2000],
        },
    )
    assert len(f.flows) == 0
    said = f.problems[f.problems["code"] == "unknown_reference"].sort_values("row")["message"].tolist()
    assert "Maillons" in said[0]
    assert "Matières" in said[1]


def test_many_unknown_names_are_all_said():
    f = read(**AB, cooperations=ties(*[(f"inconnu {number}", "B") for number in range(80)]))
    assert rows_of(f, "unknown_reference") == list(range(2, 82))
    assert len(f.set_aside["cooperations"]) == 80


# -- what goes along ------------------------------------------------------------------------------------


def test_a_cascade_three_deep_names_each_its_cause():
    f = read(
        actors={"actor_id": ["a", "b"], "name": ["A", None]},  # row 3 goes: no name
        flows={
            "flow_id": ["f", "g"],
            "source": ["a", "a"],
            "target": ["b", None],
            "same_flow_as": [None, "f"],
        },
        constraints={"constraint_id": ["k", "k"], "flow_id": ["f", "g"]},
    )
    assert [found[:4] for found in told(f, "missing_required", "reference_set_aside")] == [
        ("missing_required", "Acteurs", 3, "Nom"),
        ("reference_set_aside", "Flux", 2, "Vers"),  # because of the actor
        ("reference_set_aside", "Flux", 3, "Même flux que"),  # because of the flow
        ("reference_set_aside", "Contraintes", 2, "Flux"),  # because of either flow
        ("reference_set_aside", "Contraintes", 3, "Flux"),
    ]
    assert {name: len(rows) for name, rows in f.set_aside.items()} == {
        "actors": 1,
        "flows": 2,
        "constraints": 2,
    }
    assert "(Acteurs, ligne 3)" in message(f, "reference_set_aside", row=2)
    # each row says what hangs on it directly
    assert "entraîne 1 autre ligne" in message(f, "missing_required")


def test_what_a_row_drags_along_is_counted():
    f = read(
        actors={"name": ["A", "B", "B"]},  # row 4 goes, but its name still means row 3
        stages={"stage_id": ["s", "t"], "name": ["S", None]},
        stage_links={"stage_id": ["s", "t"], "to_stage_id": ["t", "s"]},
        activities={"actor_id": ["A", "B"], "stage_id": ["t", "s"]},
    )
    assert "Elle entraîne 3 autres lignes" in message(f, "missing_required")
    assert "entraîne" not in message(f, "duplicate_id")
    assert f.activities[["actor_id", "stage_id"]].to_numpy().tolist() == [["b", "s"]]


@pytest.mark.parametrize("length", [1, 2, 5])
def test_a_chain_of_parents_goes_with_the_one_that_is_missing(length):
    # each is part of the next, the last of one that does not exist; « fin » stands apart
    names = [f"n{place}" for place in range(length)]
    f = read(actors={"name": [*names, "fin"], "part_of": [*names[1:], "personne", None]})
    assert f.actors.index.tolist() == ["fin"]
    assert rows_of(f, "unknown_reference") == [length + 1]
    assert sorted(rows_of(f, "reference_set_aside")) == list(range(2, length + 1))
    assert len(f.set_aside["actors"]) == length


def test_the_order_of_rows_does_not_change_what_goes():
    parents = {"n0": "n1", "n1": "n2", "n2": "personne", "n3": "n4", "n4": None}
    for names in (list(parents), list(parents)[::-1], ["n3", "n1", "n4", "n0", "n2"]):
        f = read(actors={"name": names, "part_of": [parents[name] for name in names]})
        assert set(f.actors.index) == {"n3", "n4"}


def test_parents_in_a_circle_are_kept_and_end():
    f = read(actors={"name": ["A", "B", "C"], "part_of": ["B", "C", "A"]})
    assert f.actors["part_of"].tolist() == ["b", "c", "a"]
    assert isinstance(f.network, Network)
    # a circle goes as a whole with the one of it that goes
    broken = read(actors={"name": ["A", "B", None], "actor_id": ["a", "b", "c"], "part_of": ["b", "c", "a"]})
    assert broken.actors.empty
    assert len(broken.set_aside["actors"]) == 3
    assert f.without_actors("a").actors.empty  # and so it does when one is taken out


def test_two_flows_that_name_each_other_are_one():
    f = read(
        **AB,
        flows={"flow_id": ["x", "y"], "source": ["A"] * 2, "target": ["B"] * 2, "same_flow_as": ["y", "x"]},
    )
    assert not rows_of(f, "double_declaration")
    assert f.network.flow_ids.tolist() == ["x"]


def test_a_figure_without_its_source_is_still_a_figure():
    f = read(
        sources={"name": ["Rapport 2021"]},
        actors={"name": ["A"], "source_id": ["Rapport 2012"]},
        flows={"source": ["A"], "quantity_t_per_year": [3], "source_id": ["rapport 2021"]},
    )
    assert told(f, "unknown_source") == [("unknown_source", "Acteurs", 2, "Source", "Rapport 2012")]
    assert "Rapport 2021" in message(f, "unknown_source")
    assert not f.set_aside
    assert f.unknown_cells == {"actors": 1}
    assert f.actors["source_id"].isna().all()
    assert f.flows["source_id"].tolist() == ["rapport-2021"]


def test_a_group_stands_without_the_referent_that_nobody_is():
    f = read(
        actors={"actor_id": ["a", "b", "x"], "name": ["A", "A", None]},
        groups={"name": ["G", "H", "I", "J"], "referent_id": ["Zorg", "A", "x", "a"]},
        memberships={"group_id": ["G", "H"], "actor_id": ["a", "b"]},
    )
    assert f.groups["referent_id"].tolist()[3] == "a"
    assert f.groups["referent_id"].isna().tolist() == [True, True, True, False]
    assert rows_of(f, "unknown_mention") == [2, 3, 4]  # of nobody, of two, of a row that was set aside
    assert f.unknown_cells == {"groups": 3}
    assert len(f.memberships) == 2
    assert set(f.set_aside) == {"actors"}


def test_a_reference_to_a_table_that_was_not_given_is_unknown_not_unchecked():
    f = read(**AB, activities={"actor_id": ["A"], "stage_id": ["tri"]})
    assert told(f, "unknown_reference") == [("unknown_reference", "Activités", 2, "Maillon", "tri")]


def test_a_row_with_two_bad_references_goes_once():
    f = read(**AB, cooperations=ties(("X", "Y"), ("A", "B")))
    assert told(f, "unknown_reference")[0] == ("unknown_reference", "Coopérations", 2, "Acteur", "X")
    assert f.set_aside["cooperations"]["reason"].tolist() == ["unknown_reference"]
    assert f.set_aside["cooperations"]["actor_id"].tolist() == ["X"]  # as it was written
    assert len(f.cooperations) == 1
