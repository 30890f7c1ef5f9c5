"""Ways without a common actor: by hand and against networkx."""

from __future__ import annotations

from typing import Any

import networkx as nx
import pandas as pd
from hypothesis import given, settings
from hypothesis import strategies as st

from chaine_valeur import Filiere
from chaine_valeur.analysis.resilience import disjoint_paths
from chaine_valeur.analysis.resilience.measures import paths_measure
from chaine_valeur.analysis.resilience.paths import PATH_COLUMNS, pairs_of
from tests.resilience.hand import frames, hand

KIND = {"r": "resource", "o": "operation", "m": "market"}


def staged(
    *pairs: tuple[str | None, str | None], also: tuple[tuple[str, str], ...] = (), **columns: Any
) -> Filiere:
    """Return a filière whose actors hold the stage of their first letter (r, o, m), and those of `also`."""
    names = list(dict.fromkeys(name for pair in pairs for name in pair if name))
    held = pd.DataFrame([*((name, name[0]) for name in names), *also], columns=["actor_id", "stage_id"])
    return Filiere.from_tables(
        stages={"stage_id": list(KIND), "name": list(KIND), "kind": list(KIND.values())},
        actors={"actor_id": names, "name": names},
        activities=held,
        flows=pd.DataFrame(pairs, columns=["source", "target"]).assign(**columns),
    )


def number(f: Filiere) -> int:
    return int(disjoint_paths(f)["paths"].item())


def test_by_hand() -> None:
    """gisement → vente by filature alone; → reemploi by the trieur; the negoce reaches the atelier directly."""
    found = disjoint_paths(hand())
    assert found.columns.tolist() == PATH_COLUMNS
    assert found[["resource_id", "market_id", "expected", "paths"]].values.tolist() == [
        ["gisement", "vente", True, 1],
        ["gisement", "reemploi", True, 1],
        ["negoce", "vente", False, 1],
        ["negoce", "reemploi", False, 0],
    ]
    assert found["n_origins"].tolist() == [1, 1, 1, 1]
    assert found["n_buyers"].tolist() == [1, 1, 1, 1]
    assert found["paths"].dtype == "Int64"


def test_the_actors_at_both_ends_serve_several_ways() -> None:
    """One household, one buyer, two sorters: two ways."""
    assert number(staged(("r1", "o1"), ("r1", "o2"), ("o1", "m1"), ("o2", "m1"))) == 2


def test_a_shared_actor_between_leaves_one_way() -> None:
    """Two sorters before and two after, one carrier between all."""
    pairs = [("r1", "o1"), ("r1", "o2"), ("o1", "o3"), ("o2", "o3"), ("o3", "o4"), ("o3", "o5"), ("o4", "m1"),
             ("o5", "m1")]  # fmt: skip
    assert number(staged(*pairs)) == 1
    assert number(staged(*pairs, ("o1", "o4"))) == 2


def test_a_direct_passage_is_a_way_however_many_flows_it_has() -> None:
    assert number(staged(("r1", "m1"), ("r1", "m1"), ("r1", "o1"), ("o1", "m1"))) == 2


def test_an_actor_that_holds_both_ends_is_a_way() -> None:
    f = staged(("r1", "o1"), ("o1", "m1"), also=(("r1", "m"),))
    assert number(f) == 2
    alone = Filiere.from_tables(
        stages={"stage_id": ["r", "m"], "name": ["R", "M"], "kind": ["resource", "market"]},
        actors={"actor_id": ["a", "b"], "name": ["A", "B"]},
        activities={"actor_id": ["a", "a"], "stage_id": ["r", "m"]},
        flows={"source": ["b"], "target": [None]},
    )
    assert number(alone) == 1


def test_what_leaves_for_the_outside_at_a_market_stage_reaches_it() -> None:
    f = staged(("r1", "o1"), ("r1", "o2"), ("o1", None), ("o2", None), target_stage=[None, None, "m", None])
    assert number(f) == 1
    two = staged(("r1", "o1"), ("r1", "o2"), ("o1", None), ("o2", None), target_stage=[None, None, "m", "m"])
    assert number(two) == 2


def test_against_the_direction_there_is_no_way() -> None:
    assert number(staged(("m1", "o1"), ("o1", "r1"))) == 0


def test_unknown_without_flows_and_empty_without_stages() -> None:
    tables = frames()
    del tables["flows"]
    found = disjoint_paths(Filiere.from_tables(**tables))
    assert found["paths"].isna().all()
    assert len(found) == 4
    nothing = disjoint_paths(Filiere.from_tables(actors={"name": ["A"]}))
    assert nothing.empty
    assert nothing.columns.tolist() == PATH_COLUMNS
    assert nothing["expected"].dtype == "boolean"
    assert disjoint_paths(staged(("r1", "m1")))["expected"].isna().all()


@settings(max_examples=10)
@given(st.data())
def test_menger_by_networkx(data: st.DataObject) -> None:
    """The ends contracted: direct passages, plus the node connectivity of a start and an end."""
    names = ["r1", "r2", "o1", "o2", "o3", "o4", "m1", "m2"]
    pair = st.tuples(st.sampled_from(names), st.sampled_from(names)).filter(lambda ends: ends[0] != ends[1])
    pairs = data.draw(st.lists(pair, min_size=1, max_size=18))
    found = number(staged(*pairs))
    graph, direct = nx.DiGraph(), set()
    graph.add_nodes_from(["start", "end"])
    for a, b in pairs:
        if a[0] == "r" and b[0] == "m":
            direct.add((a, b))
        elif a[0] != "m" and b[0] != "r":
            graph.add_edge("start" if a[0] == "r" else a, "end" if b[0] == "m" else b)
    between = nx.node_connectivity(graph, "start", "end") if nx.has_path(graph, "start", "end") else 0
    assert found == len(direct) + between
    # counted up to two only, as the measure does: one and two are told from none and from more
    counted = [pair.paths for pair in pairs_of(staged(*pairs), most=2)]
    assert counted == [min(pair.paths or 0, 2) for pair in pairs_of(staged(*pairs))]


# -- the measure -------------------------------------------------------------------------------------


def test_the_measure_counts_expected_pairs_that_flows_link() -> None:
    measure = paths_measure(hand(), lang="en")
    assert (measure.value, measure.numerator, measure.denominator) == (0.0, 0.0, 2.0)
    assert measure.note == (
        "2 pairs of a resource and a market out of 2 are linked by recorded flows. "
        "One way only: “Gisement” → “Vente” and “Gisement” → “Reemploi”. "
        "Only 7 actors exchange material: one flow more or less changes the figure."
    )
    assert set(measure.rows) == {"flows"}


def test_the_measure_with_a_plan_b() -> None:
    measure = paths_measure(staged(("r1", "o1"), ("r1", "o2"), ("o1", "m1"), ("o2", "m1")), lang="en")
    assert (measure.value, measure.low, measure.high) == (1.0, 1.0, 1.0)
    assert "One way only" not in measure.note


def test_the_measure_where_there_is_nothing_to_tell() -> None:
    tables = frames()
    del tables["flows"]
    for f, words in (
        (Filiere.from_tables(**tables), "No flow is described."),
        (Filiere.from_tables(actors={"name": ["A", "B"]}, flows={"source": ["A"], "target": ["B"]}),
         "The expected chain needs a stage of kind resource and one of kind market."),
        (staged(("m1", "o1")), "0 pairs of a resource and a market out of 1 are linked by recorded flows."),
    ):  # fmt: skip
        measure = paths_measure(f, lang="en")
        assert measure.value != measure.value
        assert measure.denominator != measure.denominator
        assert measure.note.startswith(words)
