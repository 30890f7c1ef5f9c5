"""What a format can carry comes back equal, whatever it is."""

from __future__ import annotations

import tempfile
from functools import cache
from pathlib import Path

import networkx as nx
import pandas as pd
import pytest
from hypothesis import given, settings

import chaine_valeur as cv
from chaine_valeur import io, schema
from tests.io.making import filieres

from .gexf_grammar import assert_gexf
from .making import GRAPH_TABLES, as_carried, same, small

GRAPHS = {"gexf": "a.gexf", "graphml": "a.graphml", "kumu": "a.xlsx", "kumu blueprint": "a.json"}
EXAMPLES = ["exemple_complet", "lin_composite", "textiles_usages", "textiles_france_2020"]


@cache
def example(name):
    return cv.datasets.load(name)


def there_and_back(f, form, folder, **more):
    name = form.split()[0]
    written = getattr(io, f"write_{name}")(f, Path(folder) / GRAPHS[form], **more)
    return getattr(io, f"read_{name}")(written, strict=False)


@pytest.mark.long
@settings(max_examples=5)
@given(filieres())
def test_graphs_of_any_filiere(f):
    for form in GRAPHS:
        with tempfile.TemporaryDirectory() as folder:
            again = there_and_back(f, form, folder)
            if form == "gexf":
                assert_gexf(Path(folder) / "a.gexf")
        for name in GRAPH_TABLES:
            same(as_carried(f.table(name), schema.table(name).columns, xml="g" in form), again.table(name))


@pytest.mark.parametrize("form", GRAPHS)
@pytest.mark.parametrize("name", EXAMPLES)
def test_graphs_of_the_examples(name, form, tmp_path):
    f = example(name)
    again = there_and_back(f, form, tmp_path)
    for table in GRAPH_TABLES:
        same(f.table(table), again.table(table))
    assert set(again.materials["name"]) <= set(f.materials["name"])
    # what rows refer to comes back under its identifier and with its name
    used = set(f.flows["material_id"].dropna())
    assert dict(again.materials["name"]) == {
        key: f.materials["name"][key] for key in f.materials.index if key in used
    }


@pytest.mark.parametrize("form", GRAPHS)
def test_only_some_edges(form, tmp_path):
    again = there_and_back(small(), form, tmp_path, tables=["cooperations"])
    assert len(again.flows) == len(again.groups) == 0
    assert again.cooperations.equals(small().cooperations)


@pytest.mark.parametrize("form", GRAPHS)
def test_degenerate_filieres(form, tmp_path):
    for f in (
        cv.Filiere.from_tables(actors={"name": ["Seul"]}),
        cv.Filiere.from_tables(
            actors={"name": ["Boucle"]},
            activities={"actor_id": ["Boucle"] * 2, "stage_id": ["a", "b"]},
            stages={"name": ["a", "b"]},
            flows={"source": ["Boucle"], "source_stage": ["a"], "target": ["Boucle"], "target_stage": ["b"]},
        ),
        # an identifier that others have too, one that is that of the outside, text that would be run
        cv.Filiere.from_tables(
            actors={"actor_id": ["x", "outside", "=1+1"], "name": ["X", "Dehors", "=1+1"]},
            groups={"group_id": ["x"], "name": ["X"]},
            memberships={"membership_id": ["x"], "group_id": ["x"], "actor_id": ["x"]},
            flows={"flow_id": ["x", "outside"], "source": ["x", None], "target": ["outside", "x"]},
        ),
    ):
        again = there_and_back(f, form, tmp_path)
        for name in GRAPH_TABLES:
            same(f.table(name), again.table(name))


def test_a_filiere_without_any_row_can_be_written(tmp_path):
    f = cv.Filiere.from_tables(actors=pd.DataFrame({"name": []}))
    for form in ("gexf", "graphml"):
        assert there_and_back(f, form, tmp_path) == f
    for write in (io.write_floweaver, io.write_opensankey, io.write_kumu):
        assert (
            len(
                write(
                    f, tmp_path / "vide.xlsx" if write is not io.write_floweaver else tmp_path / "vide"
                ).left_out
            )
            == 0
        )


@pytest.mark.parametrize("form", ["gexf", "graphml"])
def test_networkx_reads_every_row(form, tmp_path):
    f = small()
    for way in (True, False):
        path = tmp_path / f"{way}.{form}"
        getattr(io, f"write_{form}")(f, path, directed=way)
        graph = getattr(nx, f"read_{form}")(path)
        assert graph.is_directed() is way
        assert sorted(graph) == ["copil", "filature", "mairie", "outside", "relais", "tri"]
        assert graph.number_of_edges() == 4 + 2 + 1
        assert graph.nodes["filature"]["label"] == "Filature <Nord>"
        assert graph.nodes["relais"]["Surface"] == 120.5
        tonnes = nx.get_edge_attributes(graph, "quantity_t_per_year")
        assert sorted(tonnes.values()) == [0.0, 3.0, 12.5, 40.0]
        # whichever way they are written, the file knows which ties have a direction
        again = getattr(io, f"read_{form}")(path)
        assert again.cooperations.equals(f.cooperations)
    both = tmp_path / f"mixed.{form}"
    getattr(io, f"write_{form}")(f, both)
    with pytest.raises(nx.NetworkXError):
        getattr(nx, f"read_{form}")(both)


@pytest.mark.parametrize("form", ["gexf", "graphml"])
def test_what_networkx_writes_is_read(form, tmp_path):
    graph = nx.MultiDiGraph()
    graph.add_node("a", label="Alpha", pole="ess", latitude=49.5)
    graph.add_node("b", label="Bêta")
    graph.add_edge("a", "b", weight=3.5, year=2024)
    graph.add_edge("a", "b", weight=1.5)
    getattr(nx, f"write_{form}")(graph, tmp_path / "x")
    f = getattr(io, f"read_{form}")(tmp_path / "x")
    assert f.actors["name"].to_dict() == {"a": "Alpha", "b": "Bêta"}
    assert f.actors.loc["a", ["pole", "latitude"]].tolist() == ["ess", 49.5]
    assert f.flows["quantity_t_per_year"].tolist() == [3.5, 1.5]
    assert f.flows["year"].isna().tolist() == [False, True]
