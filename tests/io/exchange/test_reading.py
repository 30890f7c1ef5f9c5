"""Back: rows of ours as they were, nodes and edges of anybody as in networkx."""

from __future__ import annotations

import pytest

import chaine_valeur as cv
from chaine_valeur.io.exchange.found import Found
from chaine_valeur.io.exchange.reading import filiere_of_elements
from chaine_valeur.io.exchange.result import problems_of

from .making import known, told


def found(rows):
    """Return nodes or edges of (id, keyword arguments, attributes), on lines from 10 on."""
    made = Found()
    for line, (identifier, more, attributes) in enumerate(rows, start=10):
        made.add(identifier, line, **more)
        for name, value in attributes.items():
            made.say(name, value)
    return made


def filiere(nodes, edges, *, edges_as="auto", strict=True, **more):
    problems = problems_of("en")
    return filiere_of_elements(
        found(nodes),
        found(edges),
        problems,
        sheets=("nodes", "edges"),
        edges_as=edges_as,
        strict=strict,
        lang="en",
        **more,
    )


def node(identifier, **attributes):
    return (identifier, {"label": attributes.pop("label", None)}, attributes)


def edge(source, target, /, *, directed=True, **attributes):
    return (attributes.pop("id", None), {"ends": (source, target), "directed": directed}, attributes)


AB = [node("a"), node("b")]


def test_a_node_is_an_actor_its_label_the_name():
    f = filiere([node("a", label="Alpha", Collège="Élus", Couleur="bleu"), node("b")], [])
    assert f.actors["name"].to_dict() == {"a": "Alpha", "b": "b"}
    assert f.actors["pole"].fillna("").tolist() == ["elected", ""]
    assert f.actors["Couleur"].fillna("").tolist() == ["bleu", ""]
    assert f.where("actors")["row"].tolist() == [10, 11]


@pytest.mark.parametrize(
    ("attributes", "directed", "edges_as", "home"),
    [
        ({}, True, "auto", "cooperations"),
        ({}, False, "auto", "cooperations"),
        ({"weight": 2}, True, "auto", "flows"),
        ({"value": 2}, True, "auto", "flows"),
        ({"Quantité (t/an)": 2}, True, "auto", "flows"),
        ({"weight": 2}, False, "auto", "cooperations"),
        ({"weight": 2}, True, "cooperations", "cooperations"),
        ({}, False, "flows", "flows"),
        ({"table": "memberships"}, True, "flows", "memberships"),
    ],
)
def test_what_an_edge_is(attributes, directed, edges_as, home):
    nodes = [node("a"), node("b", table="groups")] if home == "memberships" else AB
    f = filiere(nodes, [edge("a", "b", directed=directed, **attributes)], edges_as=edges_as)
    assert {name: len(f.table(name)) for name in ("flows", "cooperations", "memberships")} == {
        **dict.fromkeys(("flows", "cooperations", "memberships"), 0),
        home: 1,
    }
    if home == "flows" and attributes:
        assert f.flows["quantity_t_per_year"].item() == 2


def test_an_edge_to_a_group_is_a_membership_whichever_way():
    nodes = [node("a"), node("g", table="groups", label="Copil")]
    f = filiere(nodes, [edge("a", "g"), edge("g", "a", directed=False)], strict=False)
    assert f.groups["name"].to_dict() == {"g": "Copil"}
    assert f.memberships[["group_id", "actor_id"]].iloc[0].tolist() == ["g", "a"]


def test_an_edge_to_the_outside_is_a_flow():
    nodes = [node("a"), node("o", table="outside")]
    f = filiere(nodes, [edge("o", "a"), edge("a", "o", weight=3)])
    assert f.flows["source"].fillna("").tolist() == ["", "a"]
    assert known(f.flows["quantity_t_per_year"]) == [None, 3.0]
    assert f.actors.index.tolist() == ["a"]


def test_once_some_directed_edge_has_a_tonnage_all_are_flows():
    f = filiere(AB, [edge("a", "b", weight=1), edge("b", "a"), edge("a", "b", directed=False)])
    assert known(f.flows["quantity_t_per_year"]) == [1.0, None]
    assert len(f.cooperations) == 1


def test_the_tonnage_of_the_model_comes_before_a_weight():
    f = filiere(AB, [edge("a", "b", weight=1, quantity_t_per_year=7)])
    assert f.flows["quantity_t_per_year"].item() == 7
    assert f.flows["weight"].item() == 1


def test_the_weight_of_a_tie_is_kept():
    f = filiere(AB, [edge("a", "b", directed=False, weight=4)])
    assert f.cooperations["weight"].item() == 4


def test_directions_that_are_lost_are_counted():
    f = filiere(AB, [edge("a", "b"), edge("b", "a"), edge("a", "b", directed=False)], strict=False)
    rows = f.problems[f.problems["code"] == "direction_left_out"]
    assert rows["message"].str.startswith("2 edges").tolist() == [True]


def test_rows_of_ours_have_names_of_columns_and_others_headers():
    nodes = [
        node("a", table="actors", roles="supplier", _weight=3.0, Nom="mien"),
        node("b", Rôles="Acheteur", Nom="Bêta"),
    ]
    f = filiere(nodes, [])
    assert f.actors["roles"].tolist() == ["supplier", "buyer"]
    # a column of the user's own that has a name of ours; « Nom » is one in our row, the name in the other
    assert f.actors["weight"].fillna(0).tolist() == [3.0, 0.0]
    assert f.actors["name"].tolist() == ["a", "Bêta"]
    assert f.actors["Nom"].fillna("").tolist() == ["mien", ""]


def test_words_of_ours_in_another_sense_are_kept_as_they_are():
    nodes = [node("a", type="usine", status="ok", pole="Nord"), node("b", type="mairie")]
    f = filiere(nodes, [])
    assert f.actors["actor_type"].tolist() == ["organisation"] * 2
    assert f.actors["type"].tolist() == ["usine", "mairie"]
    assert f.actors.loc["a", ["status", "status_", "pole_"]].tolist() == ["active", "ok", "Nord"]
    # where all of them are terms, they are
    assert filiere([node("a", type="Acteur diffus")], []).actors["actor_type"].tolist() == ["diffuse"]


def test_what_rows_refer_to_is_made_once():
    edges = [
        edge("a", "b", weight=1, Matière="Laine", Source="Enquête"),
        edge("b", "a", weight=2, Matière="Laine"),
        edge("a", "b", table="flows", material_id="m9", material="Coton", source_stage="s1"),
    ]
    f = filiere(AB, edges)
    assert f.materials["name"].to_dict() == {"laine": "Laine", "m9": "Coton"}
    assert f.stages["name"].to_dict() == {"s1": "s1"}
    assert f.flows["material_id"].tolist() == ["laine", "laine", "m9"]
    # where it was used first
    assert f.where("materials")[["sheet", "row"]].to_numpy().tolist() == [["edges", 10], ["edges", 12]]


def test_a_node_named_only_in_an_edge_is_a_problem_of_that_edge():
    f = filiere(AB, [edge("a", "zzz"), edge("a", "b")], strict=False)
    assert told(f, "unknown_reference") == [("unknown_reference", 10, "zzz")]
    assert len(f.cooperations) == 1
    with pytest.raises(cv.ValidationError, match="zzz"):
        filiere(AB, [edge("a", "zzz")])


def test_blank_ends_are_no_outside():
    f = filiere(AB, [edge(None, "b", weight=1), edge("a", None), edge(None, None)], strict=False)
    assert len(f.flows) == len(f.cooperations) == 0
    assert told(f, "blank_end") == [
        ("blank_end", 10, "… → b"),
        ("blank_end", 11, "a → …"),
        ("blank_end", 12, "… → …"),
    ]
    assert f.set_aside["flows"][["sheet", "row", "reason"]].to_numpy().tolist() == [
        ["edges", 10, "blank_end"],
        ["edges", 11, "blank_end"],
        ["edges", 12, "blank_end"],
    ]


def test_parents_that_are_no_node_are_a_problem():
    nodes = [("a", {"parent": "zzz"}, {}), ("b", {"parent": "a"}, {})]
    f = filiere(nodes, [], strict=False)
    assert "zzz" in {value for _, _, value in told(f)}


def test_an_attribute_said_again_prevails():
    nodes = found([node("a", x=1)])
    nodes.say("x", 2)
    assert nodes.attributes()["x"].tolist() == [2]


def test_periods_of_actors_and_ties():
    nodes, edges = found(AB), found([edge("a", "b", directed=False)])
    nodes.start, nodes.end = [2001, None], [2005, None]
    edges.start, edges.end = [2010], [None]
    f = filiere_of_elements(
        nodes, edges, problems_of("en"), sheets=("n", "e"), edges_as="auto", strict=True, lang="en"
    )
    assert f.actors[["since", "until"]].fillna(0).to_numpy().tolist() == [[2001, 2005], [0, 0]]
    assert f.cooperations[["since", "until"]].fillna(0).to_numpy().tolist() == [[2010, 0]]


def test_years_of_flows():
    edges = found(
        [
            edge("a", "b", weight=1, id="one"),
            edge("a", "b", weight=2, id="three"),
            edge("a", "b", weight=3, id="own", year=1999),
        ]
        + [edge("a", "b", weight=4, id="long"), edge("b", "a", weight=5), edge("b", "a", weight=6, id="back")]
    )
    edges.start = [2020, 2020, 2020, 1900, 2021, 2022]
    edges.end = [2020, 2022, 2022, 2020, 2022, 2020]
    f = filiere_of_elements(
        found(AB), edges, problems_of("en"), sheets=("n", "e"), edges_as="auto", strict=True, lang="en"
    )
    rows = list(zip(f.flows["year"].fillna(0), f.flows["quantity_t_per_year"], strict=True))
    # one year; three; what the flow says itself; too long to be years of weighing; two without identifier; backwards
    assert rows == [
        (2020, 1),
        (2020, 2),
        (2021, 2),
        (2022, 2),
        (1999, 3),
        (0, 4),
        (2021, 5),
        (2022, 5),
        (0, 6),
    ]
    assert f.flows.index.tolist()[:6] == ["one", "three-2020", "three-2021", "three-2022", "own", "long"]
    assert [value for _, _, value in told(f, "no_period_of_flow")] == ["long", "back"]


def test_ids_of_edges_that_come_again_are_none():
    # networkx numbers the edges of each pair of nodes from 0
    nodes = [node("a"), node("b"), node("c")]
    edges = [edge("a", "b", weight=1, id="0"), edge("a", "c", weight=2, id="0"), edge("b", "c", weight=3)]
    f = filiere(nodes, edges)
    assert f.flows["quantity_t_per_year"].tolist() == [1, 2, 3]
    assert f.flows.index[0] == "0"
    assert f.flows.index.is_unique
    # of rows of ours an identifier that comes again is a mistake, and told
    twice = [edge("a", "b", table="flows", id="f1"), edge("a", "c", table="flows", id="f1")]
    assert told(filiere(nodes, twice, strict=False), "duplicate_id") == [("duplicate_id", 11, "f1")]


def test_attributes_that_are_ends_or_keys_of_rows_are_kept_apart():
    nodes = [node("a", actor_id="autre", Identifiant="x1"), node("b")]
    f = filiere(nodes, [edge("a", "b", weight=1, source="capteur", Origine="nord")])
    assert f.actors.index.tolist() == ["a", "b"]
    assert f.actors.loc["a", "actor_id_"] == "autre"
    assert f.flows["source"].item() == "a"
    assert f.flows["source_"].item() == "capteur"
