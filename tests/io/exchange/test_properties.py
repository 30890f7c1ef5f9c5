"""What holds for any file: no edge is lost unsaid, nothing is added to its parts, renaming renames."""

from __future__ import annotations

import json
import tempfile
from pathlib import Path

import networkx as nx
import pandas as pd
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from chaine_valeur import io
from chaine_valeur.io.exchange.result import problems_of
from chaine_valeur.io.exchange.sankey_model import Link, Sankey
from chaine_valeur.io.exchange.sankey_totals import once_each, without_totals

pytestmark = pytest.mark.long

NAMES = "abcdef"
ends = st.tuples(st.sampled_from(NAMES), st.sampled_from(NAMES))
tonnes = st.floats(0, 1e6, allow_nan=False)


@st.composite
def graphs(draw):
    """A directed multigraph without loops, as networkx holds it; some edges have a weight."""
    graph = nx.MultiDiGraph()
    graph.add_nodes_from(NAMES)
    for source, target in draw(st.lists(ends.filter(lambda pair: pair[0] != pair[1]), max_size=8)):
        graph.add_edge(source, target, weight=draw(tonnes))
    return graph


@settings(max_examples=10)
@given(graphs())
def test_every_edge_of_networkx_is_a_flow(graph):
    expected = sorted((source, target, said["weight"]) for source, target, said in graph.edges(data=True))
    with tempfile.TemporaryDirectory() as folder:
        for form in ("gexf", "graphml"):
            path = Path(folder) / form
            getattr(nx, f"write_{form}")(graph, path)
            f = getattr(io, f"read_{form}")(path, strict=False)
            found = f.flows[["source", "target", "quantity_t_per_year"]].itertuples(index=False, name=None)
            assert sorted(found) == expected
            assert sorted(f.actors.index) == sorted(NAMES)


@settings(max_examples=10)
@given(graphs())
def test_what_is_read_can_be_read_by_networkx_again(graph):
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder) / "a.graphml"
        nx.write_graphml(graph, path)
        f = io.read_graphml(path, strict=False)
        for form in ("gexf", "graphml"):
            again = getattr(nx, f"read_{form}")(
                getattr(io, f"write_{form}")(f, Path(folder) / form, directed=True).path
            )
            assert sorted(again) == sorted(NAMES)
            assert again.number_of_edges() == graph.number_of_edges()


rows = st.lists(
    st.tuples(ends, st.sampled_from(["wool", "flax", ""]), st.sampled_from(["2023", "2024", ""]), tonnes),
    min_size=1,
    max_size=8,
)


@settings(max_examples=10)
@given(rows, st.permutations(["source", "target", "material", "time", "value"]), st.sampled_from(",;\t"))
def test_rows_of_floweaver_keep_their_tonnes_in_any_order_of_columns(rows, order, separator):
    table = pd.DataFrame(
        [(*pair, material, time, repr(value)) for pair, material, time, value in rows],
        columns=["source", "target", "material", "time", "value"],
    )
    with tempfile.TemporaryDirectory() as folder:
        table[order].to_csv(Path(folder) / "flows.csv", sep=separator, index=False)
        f = io.read_floweaver(folder, strict=False)
    used = table[table["source"] != table["target"]]
    # a flow from an actor to itself at no stage is one that cannot be placed: set aside, and said
    lost = f.set_aside.get("flows", pd.DataFrame())
    assert len(f.flows) + len(lost) == len(table)
    assert sorted(f.flows["quantity_t_per_year"]) == pytest.approx(sorted(used["value"].astype(float)))
    assert f.flows["year"].notna().sum() == (used["time"] != "").sum()
    assert set(f.actors["name"]) == set(table["source"]) | set(table["target"])


@st.composite
def trees(draw):
    """Parents of nodes (each after its parent, so that there is no circle), and links between any of them."""
    parents = []
    for place, name in enumerate(NAMES[1:], start=1):
        parent = draw(st.one_of(st.none(), st.sampled_from(NAMES[:place])))
        if parent is not None:
            parents.append((name, parent))
    links = draw(
        st.lists(st.tuples(st.sampled_from(NAMES), st.sampled_from("xyz")), max_size=10, unique=True)
    )
    return parents, links


def above(name, parents):
    """Return a node and all that it is a part of."""
    found = {name}
    while more := {parent for child, parent in parents if child in found} - found:
        found |= more
    return found


@settings(max_examples=25)
@given(trees())
def test_no_figure_that_is_kept_is_the_total_of_another(tree):
    parents, links = tree
    said = Sankey("f")
    for name in [*NAMES, *"xyz"]:
        said.add(name, "", "nodes", 1)
    said.parents = parents
    said.links = [Link(*pair, "data", line, {"quantity_t_per_year": 1.0}) for line, pair in enumerate(links)]
    problems, aside = problems_of("en"), []
    kept = [
        (link.source, link.target)
        for link in without_totals(said, once_each(said, problems, aside), problems, aside)
    ]
    for source, target in kept:
        finer = [
            other
            for other in links
            if other != (source, target) and other[1] == target and source in above(other[0], parents)
        ]
        assert not finer
    # what went is a total of something that stayed, and each is said once
    for source, target in set(links) - set(kept):
        assert any(other[1] == target and source in above(other[0], parents) for other in kept)
    assert len(problems.frame()) == len(aside) == len(links) - len(kept)


@settings(max_examples=10)
@given(st.lists(st.tuples(ends, tonnes), max_size=6, unique_by=lambda row: row[0]))
def test_a_diagram_keeps_its_figures_whatever_its_nodes_are_called(links):
    for called in (NAMES, ["Éa", "Œb", "=c", "d:e", "F f", "γ"]):
        names = dict(zip(NAMES, called, strict=True))
        content = {
            "nodes": {key: {"name": name} for key, name in names.items()},
            "links": {
                str(number): {"idSource": source, "idTarget": target, "value": {"data_value": value}}
                for number, ((source, target), value) in enumerate(links)
            },
        }
        with tempfile.TemporaryDirectory() as folder:
            path = Path(folder) / "a.json"
            path.write_text(json.dumps(content), encoding="utf-8")
            f = io.read_opensankey(path, strict=False)
        assert f.actors["name"].tolist() == list(names.values())
        expected = [(names[s], names[t], value) for (s, t), value in links if s != t]
        by_id = f.actors["name"].to_dict()
        found = [
            (by_id[source], by_id[target], value)
            for source, target, value in f.flows[["source", "target", "quantity_t_per_year"]].itertuples(
                index=False
            )
        ]
        assert found == expected


connections = st.lists(
    st.fixed_dictionaries(
        {
            "from": st.sampled_from(NAMES),
            "to": st.sampled_from(NAMES),
            "direction": st.sampled_from(["directed", "mutual"]),
        },
        optional={"type": st.sampled_from(["Formation", "aime bien"]), "Poids": st.integers(0, 9)},
    ),
    min_size=1,
    max_size=6,
)


@settings(max_examples=10)
@given(connections)
def test_a_map_of_kumu_keeps_its_connections(rows):
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder) / "a.json"
        path.write_text(json.dumps({"connections": rows}), encoding="utf-8")
        f = io.read_kumu(path, strict=False)
    expected = [(row["from"], row["to"]) for row in rows if row["from"] != row["to"]]
    assert list(f.cooperations[["actor_id", "to_actor_id"]].itertuples(index=False, name=None)) == expected
    known = [row for row in rows if row["from"] != row["to"]]
    assert f.cooperations["kind"].notna().sum() == sum(row.get("type") == "Formation" for row in known)
    if any("Poids" in row for row in known):
        assert f.cooperations["Poids"].sum() == sum(row.get("Poids", 0) for row in known)
    assert set(f.actors.index) == {row[end] for row in rows for end in ("from", "to")}
