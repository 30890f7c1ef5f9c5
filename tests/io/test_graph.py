"""To networkx and back."""

from __future__ import annotations

import copy

import networkx as nx
import pandas as pd
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

import chaine_valeur as cv
from chaine_valeur.errors import ValidationError

from ..core.hand import by_hand


def test_the_round_trip_is_the_identity():
    f = by_hand()
    assert cv.from_networkx(cv.to_networkx(f)) == f
    assert cv.from_networkx(cv.to_networkx(f.at(2022))) == f.at(2022)
    assert cv.from_networkx(cv.to_networkx(f.at(2022))).year == 2022


@pytest.mark.parametrize("name", ["textiles_usages", "lin_composite", "exemple_complet"])
def test_the_examples_come_back(name):
    f = cv.datasets.load(name)
    assert cv.from_networkx(cv.to_networkx(f)) == f


def test_nodes_and_edges():
    f = by_hand()
    graph = cv.to_networkx(f)
    assert isinstance(graph, nx.MultiDiGraph)
    assert [node for node, home in graph.nodes(data="table") if home == "actors"] == list(f.actors.index)
    assert graph.nodes["gt"]["table"] == "groups"
    assert graph.nodes["outside"] == {"table": "outside"}
    by_table = pd.Series([home for *_, home in graph.edges(data="table")]).value_counts().to_dict()
    assert by_table == {"flows": 7, "cooperations": 5, "memberships": 3}
    # both declarations of one flow are there: a DiGraph would keep the last
    assert graph.number_of_edges("collecte-sa", "tri") == 3
    assert not graph.edges["tri", "collecte-sa", "cooperations/c1"]["directed"]
    assert graph.edges["ccvs", "tri", "cooperations/c3"]["directed"]
    assert graph.edges["tri", "outside", "flows/f5"]["quantity_t_per_year"] == 10
    assert "quantity_t_per_year" not in graph.edges["filature", "atelier", "flows/f4"]  # unknown, not None
    assert type(graph.edges["menages", "collecte-sa", "flows/f1"]["year"]) is int


def test_names_that_collide():
    f = cv.Filiere.from_tables(
        actors={"name": ["GT", "outside"]},
        groups={"name": ["GT"]},
        memberships={"group_id": ["gt"], "actor_id": ["gt"]},
        flows={"flow_id": ["1"], "source": ["outside"], "target": [None]},
        cooperations={"cooperation_id": ["1"], "actor_id": ["gt"], "to_actor_id": ["outside"]},
    )
    graph = cv.to_networkx(f)
    assert set(graph) == {"gt", "groups/gt", "outside", "outside_"}
    assert cv.from_networkx(graph) == f


def test_neither_side_changes_the_other():
    f = by_hand()
    graph = cv.to_networkx(f)
    graph.graph["chaine_valeur"]["tables"]["stages"].loc["tri", "name"] = "X"
    graph.nodes["tri"]["name"] = "X"
    assert f.stages.loc["tri", "name"] == "tri"
    assert f.actors.loc["tri", "name"] == "Tri"
    before = copy.deepcopy(dict(graph.nodes(data=True)))
    cv.from_networkx(graph)
    assert dict(graph.nodes(data=True)) == before


def test_what_was_changed_in_the_graph_is_read():
    graph = cv.to_networkx(by_hand())
    graph.add_node("neuf", name="Neuf", roles="buyer")
    graph.add_edge("tri", "neuf", table="flows", quantity_t_per_year=4.0)
    graph.remove_node("labo")
    f = cv.from_networkx(graph)
    assert f.actors.loc["neuf", "roles"] == "buyer"
    assert f.flows["quantity_t_per_year"].sum() == 60 + 50 + 70 + 30 + 10 + 99 + 4
    assert "labo" not in f.actors.index
    assert set(f.cooperations.index) == {"c1", "c2", "c3"}


def test_graphs_of_others():
    directed = nx.DiGraph()
    directed.add_node(1, label="Un", pole="ess", couleur="rouge")
    directed.add_edge(1, 2, weight=3)
    directed.add_edge(2, 3)
    f = cv.from_networkx(directed)
    assert f.actors["name"].tolist() == ["Un", "2", "3"]
    assert f.actors.loc["1", "couleur"] == "rouge"
    assert f.flows[["source", "target", "quantity_t_per_year"]].to_numpy().tolist() == [["1", "2", 3.0]]
    assert f.cooperations["kind"].isna().all()  # nobody said which
    friends = cv.from_networkx(nx.karate_club_graph())
    assert (len(friends.actors), len(friends.cooperations), len(friends.flows)) == (34, 78, 0)
    assert len(cv.from_networkx(nx.Graph()).actors) == 0


def test_what_cannot_be_read_is_said():
    graph = nx.DiGraph()
    graph.add_node("a", pole="zorg")
    with pytest.raises(ValidationError) as caught:
        cv.from_networkx(graph)
    assert "unknown_term" in set(caught.value.problems["code"])
    assert cv.from_networkx(graph, strict=False).actors["pole"].isna().all()


def test_attributes_that_are_no_cells_are_kept_as_texts():
    graph = nx.DiGraph()
    graph.add_node("a", label="A", viz={"size": 3}, roles=["supplier", "transformer"])
    graph.add_node("b", label="B", tags=("x", "y"))
    graph.add_edge("a", "b", weight=4, viz={"thickness": 1})
    f = cv.from_networkx(graph)
    assert f.actors["viz"].tolist()[0] == "{'size': 3}"
    assert f.actors["roles"].tolist()[0] == "supplier;transformer"
    assert f.actors["tags"].tolist()[1] == "x;y"
    assert f.flows["quantity_t_per_year"].tolist() == [4]


names = st.text(alphabet="abé /-<=", min_size=1, max_size=4).map(str.strip).filter(bool)


@settings(max_examples=15)
@given(st.data())
def test_any_filiere_comes_back(data):
    actors = data.draw(st.lists(names, min_size=1, max_size=5, unique_by=str.casefold))
    end = st.one_of(st.none(), st.sampled_from(actors))
    flows = data.draw(st.lists(st.tuples(end, end, st.one_of(st.none(), st.floats(0, 1e6))), max_size=6))
    ties = data.draw(st.lists(st.tuples(st.sampled_from(actors), st.sampled_from(actors)), max_size=5))
    f = cv.Filiere.from_tables(
        strict=False,
        actors={"name": actors, "Surface": data.draw(st.lists(st.one_of(st.none(), st.text(max_size=2)),
                                                               min_size=len(actors), max_size=len(actors)))},
        flows=pd.DataFrame(flows, columns=["source", "target", "quantity_t_per_year"]),
        cooperations=pd.DataFrame(ties, columns=["actor_id", "to_actor_id"]),
    )  # fmt: skip
    assert cv.from_networkx(cv.to_networkx(f)) == f
