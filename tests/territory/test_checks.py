"""What is bought outside while the same leaves: by hand, and a maximum flow as referee."""

from __future__ import annotations

import math
from typing import Any

import networkx as nx
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from chaine_valeur import Filiere, datasets
from chaine_valeur.analysis.findings import Finding
from chaine_valeur.analysis.territory import CHECKS
from tests.territory.valley import AWAY, HERE, THERE, plain, valley

FEW = settings(max_examples=12)
(check,) = CHECKS
ACTORS = {
    "actor_id": ["mill", "felt", "far", "lost"],
    "name": ["Mill", "Felt", "Far", "Lost"],
    "commune_code": [HERE, THERE, AWAY, None],
}


def trade(*rows: tuple[Any, ...], **more: Any) -> Filiere:
    """Return a filière of flows of wool: source, target, tonnes, and an amount if any."""
    full = [(*row, None)[:4] for row in rows]
    columns = dict(
        zip(
            ["source", "target", "quantity_t_per_year", "amount_eur_per_year"],
            zip(*full, strict=True),
            strict=True,
        )
    )
    flows = {name: list(values) for name, values in columns.items()}
    return valley(ACTORS, flows | {"material_id": "wool"} | more, materials={"name": ["wool", "salt"]})


def found(f: Filiere, lang: str = "en") -> list[Finding]:
    return list(check(f, lang=lang))


def test_the_invented_example() -> None:
    """150 t of paper fibre come in while 140 t go out."""
    (one,) = found(datasets.load("exemple_complet").at(2024), "fr")
    assert (one.kind, one.severity, one.material_id) == ("purchases_elsewhere", "medium", "fibre-papier")
    assert (one.quantity, one.unit, one.year, one.n_unknown) == (140, "t/year", 2024, 0)
    assert one.stage_id == "fabrication"
    assert one.actor_id is None
    assert one.rows == {"materials": ("fibre-papier",), "flows": ("fibre-export", "fibre-import")}
    assert one.hypothesis_share == 0
    assert plain(one.message) == (
        "« Fibre de papier » : le territoire en achète 150 t/an à l’extérieur pendant qu’il en envoie 140 t/an. "
        "À étudier : un échange de 140 t/an sur place, si la qualité et le prix conviennent."
    )


def test_neighbours_are_outside_too() -> None:
    (one,) = found(trade(("far", "mill", 10), ("felt", "far", 25)))
    assert one.quantity == 10
    assert plain(one.message) == (
        "“wool”: the territory buys 10 t/year outside while it sends out 25 t/year. "
        "To be looked at: an exchange of 10 t/year on the spot, if quality and price suit."
    )


@pytest.mark.parametrize(
    "rows",
    [
        [("far", "mill", 10)],  # nothing leaves
        [("felt", None, 10)],  # nothing comes in
        [("felt", "mill", 10), ("mill", None, 10)],  # the supplier is of the territory
        [("lost", "mill", 10), ("felt", None, 10)],  # nobody knows where the supplier is
        [("far", "lost", 10), ("felt", None, 10)],  # nor the buyer
        [("far", "mill", 10), ("mill", None, 10)],  # one actor takes in and sends out: it passes through
        [("far", "mill", 10, -500), ("felt", None, 10)],  # the supplier pays: nothing is bought
        [("far", None, 10), (None, "far", 10)],  # nobody of the territory
    ],
)
def test_nothing_is_said(rows: list[tuple[Any, ...]]) -> None:
    assert found(trade(*rows)) == []


def test_without_a_territory_or_a_material_nothing_is_said() -> None:
    f = trade((None, "mill", 10), ("felt", None, 10))
    assert len(found(f)) == 1
    assert found(trade((None, "mill", 10), ("felt", None, 10), material_id=None)) == []
    assert found(trade((None, "mill", 10), ("felt", None, 10), material_id=["wool", "salt"])) == []
    nowhere = Filiere.from_tables(actors=ACTORS, flows=f.flows.reset_index(), materials={"name": ["wool"]})
    assert found(nowhere) == []
    assert found(valley(ACTORS)) == []


def test_what_one_pays_to_be_rid_of_may_be_what_another_buys() -> None:
    (one,) = found(trade(("far", "mill", 10), ("felt", None, 4, -100)))
    assert one.quantity == 4


def test_an_actor_does_not_supply_itself() -> None:
    """Mill takes in 10 and sends out 8, Felt takes in 1: of the 8, only 1 can go to another one."""
    (one,) = found(trade((None, "mill", 10), ("mill", None, 8), (None, "felt", 1)))
    assert one.quantity == 1


def test_unknown_tonnages() -> None:
    (one,) = found(trade((None, "mill", None), ("felt", None, 5)))
    assert math.isnan(one.quantity)
    assert one.n_unknown == 1
    assert plain(one.message) == (
        "“wool”: the territory buys it outside while it sends some out; tonnages to be asked for."
    )
    (one,) = found(trade((None, "mill", 3), ("far", "mill", None), ("felt", None, 5)))
    assert (one.quantity, one.n_unknown) == (3, 1)
    assert "buys at least 3 t/year outside while it sends out 5 t/year" in plain(one.message)
    (one,) = found(trade((None, "mill", 3), ("felt", None, 0)))
    assert one.quantity == 0
    assert "exchange" not in one.message


def test_the_stage_is_told_where_it_is_one() -> None:
    stages = {"stages": {"name": ["spinning", "felting"]},
              "activities": {"actor_id": ["mill", "felt"], "stage_id": ["spinning", "felting"]}}  # fmt: skip
    flows = {"source": [None, None, "felt"], "target": ["mill", "felt", None], "material_id": "wool",
             "quantity_t_per_year": 5}  # fmt: skip
    f = valley(ACTORS, flows, materials={"name": ["wool"]}, **stages)
    assert [one.stage_id for one in found(f)] == [None]
    assert [one.stage_id for one in found(f.without_rows("flows", [f.flows.index[1]]))] == ["spinning"]


def test_the_share_of_hypotheses() -> None:
    f = trade((None, "mill", 10), ("felt", None, 25), confidence=["estimated", "measured"])
    assert [one.hypothesis_share for one in found(f)] == [0.5]


sides = st.lists(st.tuples(st.integers(0, 3), st.integers(1, 9)), min_size=1, max_size=5)


@FEW
@given(sides, sides)
def test_the_quantity_is_a_maximum_flow(bought: list[tuple[int, int]], sent: list[tuple[int, int]]) -> None:
    """Referee: networkx, on senders and buyers as two sides, an actor and itself not being joined."""
    names = ["a", "b", "c", "d"]
    rows = [(None, names[who], tonnes) for who, tonnes in bought]
    rows += [(names[who], None, tonnes) for who, tonnes in sent]
    f = valley(
        {"name": names, "commune_code": HERE},
        {
            "source": [row[0] for row in rows],
            "target": [row[1] for row in rows],
            "quantity_t_per_year": [row[2] for row in rows],
            "material_id": "wool",
            "same_flow_as": None,
        },
        materials={"name": ["wool"]},
    )
    graph = nx.DiGraph()
    graph.add_nodes_from(["out", "in"])
    for who, tonnes in sent:
        before = graph.get_edge_data("out", ("gives", who), {"capacity": 0})["capacity"]
        graph.add_edge("out", ("gives", who), capacity=before + tonnes)
    for who, tonnes in bought:
        before = graph.get_edge_data(("takes", who), "in", {"capacity": 0})["capacity"]
        graph.add_edge(("takes", who), "in", capacity=before + tonnes)
    graph.add_edges_from(
        (("gives", one), ("takes", other)) for one in range(4) for other in range(4) if one != other
    )
    expected = nx.maximum_flow_value(graph, "out", "in")
    assert sum(one.quantity for one in found(f)) == expected
