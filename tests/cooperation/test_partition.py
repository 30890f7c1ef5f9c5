"""The blocks that actors fall into: in which order, under which name, and who has none."""

from __future__ import annotations

import networkx as nx
import pandas as pd
import pytest

from chaine_valeur.analysis import cooperation as co
from chaine_valeur.analysis.cooperation.ties.partition import Blocks, blocks_of
from chaine_valeur.errors import UnknownNameError
from chaine_valeur.filiere import Filiere
from chaine_valeur.vocabulary import Pole, Role


@pytest.fixture(scope="module")
def f() -> Filiere:
    return Filiere.from_tables(
        actors={
            "name": ["A", "B", "C", "D", "E"],
            "roles": ["expert", "supplier;buyer", "buyer;supplier", None, "supplier"],
            "pole": ["ess", "ess", "enterprise", None, "elected"],
            "structure_kind": ["ACI", "EI", "ACI", None, "company"],
            "commune_code": ["76384", None, "01001", "76384", None],
            "commune_name": ["Lillebonne", "Caen", None, None, None],
            "since": [2001, 2001, 1999, None, None],
            "natural_person": [False, True, None, None, None],
            "vague": ["one", "two", "one", "", None],
        },
        stages={"name": ["tri", "collecte"], "rank": [2, 1]},
        activities={
            "actor_id": ["A", "B", "B", "C"],
            "stage_id": ["collecte", "tri", "collecte", "collecte"],
        },
    )


def blocks(f: Filiere, by: str, lang: str = "en") -> Blocks:
    return blocks_of(f, co.ties_of(f).nodes, by=by, lang=lang)


def by_actor(found: Blocks) -> list[object]:
    return [found.keys[code] for code in found.codes]


def test_roles_in_the_order_of_the_vocabulary(f: Filiere) -> None:
    found = blocks(f, "role")
    assert found.keys == ["supplier", "buyer", "expert", None]
    assert [role.value for role in Role if role.value in found.keys] == found.keys[:-1]
    assert by_actor(found) == ["expert", "supplier", "buyer", None, "supplier"]
    assert found.labels == ["Supplier", "Buyer", "Expert", "Not stated"]
    assert blocks(f, "role", "fr").labels == ["Fournisseur", "Acheteur", "Expert", "Non renseigné"]


def test_poles_in_the_order_of_the_vocabulary(f: Filiere) -> None:
    found = blocks(f, "pole")
    assert found.keys == ["enterprise", "elected", "ess", None]
    assert found.keys[:-1] == [pole.value for pole in Pole][:3]
    assert by_actor(found) == ["ess", "ess", "enterprise", None, "elected"]


def test_stages_in_the_order_of_their_table(f: Filiere) -> None:
    found = blocks(f, "stage")
    assert found.keys == ["tri", "collecte", None]  # B is first at « tri »
    assert by_actor(found) == ["collecte", "tri", "collecte", None, None]


def test_communes_by_code_or_else_by_name(f: Filiere) -> None:
    found = blocks(f, "commune")
    assert found.keys == ["76384", "Caen", "01001", None]
    assert found.labels == [
        "Lillebonne",
        "Caen",
        "01001",
        "Not stated",
    ]  # a code without a name is told as is
    assert by_actor(found) == ["76384", "Caen", "01001", "76384", None]


@pytest.mark.parametrize(
    ("by", "keys", "labels"),
    [
        ("structure_kind", ["ACI", "EI", "company", None], ["Insertion worksite (ACI)", "Insertion enterprise (EI)",
                                                           "Company", "Not stated"]),
        ("since", [2001, 1999, None], ["2001", "1999", "Not stated"]),
        ("vague", ["one", "two", None], ["one", "two", "Not stated"]),
        ("commune_code", ["76384", "01001", None], ["76384", "01001", "Not stated"]),
        ("roles", ["expert", "supplier;buyer", "buyer;supplier", "supplier", None], None),
        ("name", ["A", "B", "C", "D", "E"], ["A", "B", "C", "D", "E"]),
    ],
)  # fmt: skip
def test_any_column(f: Filiere, by: str, keys: list[object], labels: list[str] | None) -> None:
    found = blocks(f, by)
    # the unknown come last, whatever the order of the rows
    assert sorted(map(str, found.keys)) == sorted(map(str, keys))
    assert (found.keys[-1] is None) == (None in keys)
    if labels is not None:
        named = dict(zip(map(str, keys), labels, strict=True))
        assert found.labels == [named[str(key)] for key in found.keys]
    frame = co.block_density(f, by=by)
    assert len(frame) == len(keys) * (len(keys) + 1) // 2
    assert frame["possible"].sum() == 10


def test_a_column_of_yes_and_no(f: Filiere) -> None:
    frame = co.block_density(f, by="natural_person")
    assert set(frame["group_label"]) >= {"True"}
    assert frame["possible"].sum() == 10


def test_keys_keep_their_type(f: Filiere) -> None:
    years = co.block_density(f, by="since")["group"].dropna()
    assert {int(year) for year in years} == {1999, 2001}


def test_codes_of_keys(f: Filiere) -> None:
    found = blocks(f, "pole")
    assert [found.code(key) for key in found.keys] == [0, 1, 2, 3]
    assert found.code("institution") == -1


def test_nodes_of_another_order(f: Filiere) -> None:
    found = blocks_of(f, pd.Index(["e", "a"]), by="pole", lang="en")
    assert (found.keys, found.codes.tolist()) == (["elected", "ess"], [0, 1])


def test_names_that_do_not_exist(f: Filiere) -> None:
    with pytest.raises(UnknownNameError, match="no column 'poles'; did you mean: .*pole"):
        blocks(f, "poles")
    with pytest.raises(UnknownNameError, match="no column 'xyzzy'; there are: role, pole, "):
        blocks(f, "xyzzy")


def test_attributes_of_nodes_in_order_of_appearance() -> None:
    graph = nx.path_graph(5)
    nx.set_node_attributes(graph, {0: "b", 1: "a", 2: None, 4: "b"}, "team")
    found = blocks_of(graph, pd.Index(range(5)), by="team", lang="fr")
    assert found.keys == ["b", "a", None]
    assert found.labels == ["b", "a", "Non renseigné"]
    assert found.codes.tolist() == [0, 1, 2, 2, 0]
