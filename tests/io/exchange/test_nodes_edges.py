"""The one mapping: which rows are nodes and edges, under which identifiers, with which attributes."""

from __future__ import annotations

import numpy as np
import pytest

import chaine_valeur as cv
from chaine_valeur.io.exchange.attributes import COMPANIONS, RESERVED, attribute_name
from chaine_valeur.io.exchange.nodes_edges import OUTSIDE, carried, elements

from .making import GRAPH_TABLES, small


@pytest.fixture(scope="module")
def drawn():
    return elements(small(), lang="en")


def values(part, name):
    return part.attributes[name].values.tolist()


def test_nodes(drawn):
    nodes, _ = drawn
    assert nodes.ids.tolist() == ["relais", "tri", "filature", "mairie", "copil", "outside"]
    assert nodes.labels.tolist() == [
        "Le Relais",
        "Tri & Cie",
        "Filature <Nord>",
        "Mairie",
        "Comité de pilotage",
        "Outside the territory",
    ]
    assert values(nodes, "table") == ["actors"] * 4 + ["groups", OUTSIDE]
    assert nodes.start.tolist() == [2010, None, 2015, None, None, None]
    assert nodes.end.tolist() == [None, None, 2022, None, None, None]
    assert values(nodes, "part_of") == [None, "filature", None, None, None, None]
    assert values(nodes, "Surface") == [120.5, None, 3.0, None, None, None]


def test_edges(drawn):
    _, edges = drawn
    assert edges.ids.tolist() == ["f1", "f2", "f3", "f4", "c1", "c2", "m1"]
    assert edges.source.tolist() == ["relais", "relais", "outside", "tri", "relais", "mairie", "mairie"]
    assert edges.target.tolist() == ["tri", "tri", "tri", "mairie", "filature", "relais", "copil"]
    # a flow and a membership lead one way; research goes both ways, funding one
    assert edges.directed.tolist() == [True, True, True, True, False, True, True]
    assert values(edges, "directed") == edges.directed.tolist()
    # a measured zero is no weight, and stays a quantity
    assert edges.weight.tolist() == [12.5, 3.0, 40.0, None, None, None, None]
    assert values(edges, "quantity_t_per_year") == [12.5, 3.0, 40.0, 0.0, None, None, None]
    assert edges.start.tolist() == [2023, 2023, 2024, None, 2019, 2020, None]
    assert edges.end.tolist() == [2023, 2023, 2024, None, 2021, None, None]


def test_what_is_referred_to_has_its_name_beside_it(drawn):
    _, edges = drawn
    for column, (companion, _) in COMPANIONS.items():
        if column not in edges.attributes:
            continue
        pairs = zip(values(edges, column), values(edges, companion), strict=True)
        assert all((identifier is None) == (name is None) for identifier, name in pairs)
    assert values(edges, "material") == [
        "Laine usagée",
        "Jean",
        "Laine usagée",
        "Laine usagée",
        None,
        None,
        None,
    ]
    assert values(edges, "target_stage_name")[0] == "Tri"


def test_kinds_of_attributes(drawn):
    nodes, edges = drawn
    kinds = {name: one.kind for name, one in {**nodes.attributes, **edges.attributes}.items()}
    assert {
        name: kinds[name] for name in ("roles", "since", "Surface", "natural_person", "uncertainty_share")
    } == {
        "roles": "string",
        "since": "long",
        "Surface": "double",
        "natural_person": "boolean",
        "uncertainty_share": "double",
    }
    for part in (nodes, edges):
        assert all(len(one.values) == len(part) for one in part.attributes.values())
        assert all(one.kind in {"string", "long", "double", "boolean"} for one in part.attributes.values())


def test_attributes_without_a_value_are_not_there(drawn):
    nodes, edges = drawn
    assert "siret" not in nodes.attributes
    assert "identifier" not in {**nodes.attributes, **edges.attributes}
    # the ends of an edge are no attributes of it, nor is the label of a node
    assert not {"source", "target", "actor_id", "group_id", "name"} & {*nodes.attributes, *edges.attributes}


def test_no_two_edges_of_one_kind_between_the_same_nodes():
    f = cv.Filiere.from_tables(
        actors={"name": ["A", "B"]},
        flows={"source": ["A"] * 4, "target": ["B"] * 4, "year": [2023, 2023, 2023, None]},
        cooperations={"actor_id": ["A", "A"], "to_actor_id": ["B", "B"], "kind": ["research", None]},
    )
    _, edges = elements(f)
    keys = list(zip(edges.source, edges.target, edges.kinds, strict=True))
    assert len(keys) == len(set(keys)) == 6
    assert edges.kinds.tolist()[:3] == ["Flux · 2023", "Flux · 2023 (2)", "Flux · 2023 (3)"]
    assert edges.kinds.tolist()[3] == "Flux"


def test_an_identifier_that_is_taken_gets_its_table_before_it():
    f = cv.Filiere.from_tables(
        actors={"actor_id": ["x", "groups/x", "outside"], "name": ["X", "Autre", "Dehors"]},
        groups={"group_id": ["x"], "name": ["Groupe"]},
        memberships={"membership_id": ["x"], "group_id": ["x"], "actor_id": ["x"]},
        flows={"flow_id": ["x"], "source": ["x"]},
    )
    nodes, edges = elements(f)
    assert nodes.ids.tolist() == ["x", "groups/x", "outside", "groups/x_", "outside_"]
    assert values(nodes, "identifier") == [None, None, None, "x", None]
    assert edges.ids.tolist() == ["flows/x", "memberships/x"]
    assert values(edges, "identifier") == ["x", "x"]
    assert edges.target.tolist() == ["outside_", "groups/x_"]
    everything = [*nodes.ids, *edges.ids]
    assert len(everything) == len(set(everything))


def test_without_memberships_there_are_no_groups():
    nodes, edges = elements(small(), tables=["flows", "cooperations"])
    assert "copil" not in nodes.ids
    assert len(edges) == 6
    nodes, edges = elements(small(), tables=[])
    assert (len(nodes), len(edges)) == (4, 0)


def test_the_filiere_is_not_changed():
    f = small()
    elements(f)
    assert f == small()


def test_renaming_actors_renames_nodes():
    f = small()
    renamed = {name: f.table(name).reset_index() for name in f}
    new = {"relais": "r2", "tri": "t2", "filature": "fi2", "mairie": "m2"}
    for name, columns in {
        "actors": ["actor_id", "part_of"],
        "flows": ["source", "target"],
        "cooperations": ["actor_id", "to_actor_id"],
        "memberships": ["actor_id"],
    }.items():
        renamed[name] = renamed[name].assign(**{c: renamed[name][c].replace(new) for c in columns})
    nodes, edges = elements(cv.Filiere.from_tables(**renamed))
    before = elements(f)
    assert nodes.ids.tolist() == [new.get(one, one) for one in before[0].ids]
    assert edges.source.tolist() == [new.get(one, one) for one in before[1].source]
    assert edges.kinds.tolist() == before[1].kinds.tolist()


def test_doubts_and_days_are_texts_that_are_read_again():
    f = cv.Filiere.from_tables(
        actors={"name": ["A", "B"], "surveyed_on": ["12/03/2024", None]},
        cooperations={"actor_id": ["A"], "to_actor_id": ["B"], "state": ["?"]},
    )
    nodes, edges = elements(f)
    assert values(nodes, "surveyed_on") == ["2024-03-12", None]
    # a blank would claim that the tie is there
    assert values(edges, "state") == ["?"]


def test_columns_of_two_tables_of_one_name_and_two_kinds_are_text():
    f = cv.Filiere.from_tables(
        actors={"name": ["A"], "Taille": [3.5]},
        groups={"name": ["G"], "Taille": ["grand"]},
        memberships={"group_id": ["G"], "actor_id": ["A"]},
    )
    nodes, _ = elements(f)
    assert nodes.attributes["Taille"].kind == "string"
    assert values(nodes, "Taille") == ["3.5", "grand"]


@pytest.mark.parametrize("word", sorted(RESERVED))
def test_words_of_ours_are_kept_apart(word):
    assert attribute_name(word) == f"_{word}"
    assert attribute_name(f"_{word}") == f"__{word}"
    assert attribute_name(word.upper()) == f"_{word.upper()}"
    # no column of the model that is an attribute has such a name
    ends = {"source", "target"}
    taken = {column.name for name in GRAPH_TABLES for column in cv.schema.table(name)} - ends - {"name"}
    assert word not in taken


def test_what_is_carried():
    columns, rows = carried(small(), ("flows",))
    assert set(columns) == {"actors", "flows", "materials", "stages"}
    assert columns["materials"] == ["name"]
    assert rows == {"materials": 2, "stages": 2}
    columns, rows = carried(small(), ("flows",), flows=small().flows.iloc[[0]])
    assert rows == {"materials": 1, "stages": 2}
    columns, rows = carried(small(), ("cooperations", "memberships"))
    assert set(columns) == {"actors", "groups", "cooperations", "memberships"}
    assert rows == {}


def test_an_empty_filiere_has_no_nodes():
    import pandas as pd

    nodes, edges = elements(cv.Filiere.from_tables(actors=pd.DataFrame({"name": []})))
    assert (len(nodes), len(edges)) == (0, 0)
    assert edges.directed.dtype == np.bool_
