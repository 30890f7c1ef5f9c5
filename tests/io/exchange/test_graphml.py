"""GraphML: what is written, and files of Gephi, yEd and others."""

from __future__ import annotations

from xml.etree import ElementTree

import pytest

from chaine_valeur import io

from .making import small, told

SPACE = {"g": "http://graphml.graphdrawing.org/xmlns"}
HEAD = '<?xml version="1.0" encoding="UTF-8"?><graphml xmlns="http://graphml.graphdrawing.org/xmlns" {more}>'


def graphml(path, body, more=""):
    path.write_text(HEAD.format(more=more) + body + "</graphml>", encoding="utf-8")
    return path


@pytest.fixture(scope="module")
def tree(tmp_path_factory):
    return ElementTree.parse(io.write_graphml(small(), tmp_path_factory.mktemp("g") / "a.graphml").path)


def test_keys_are_declared_once_with_types_that_the_standard_has(tree):
    keys = [dict(one.attrib) for one in tree.iterfind("g:key", SPACE)]
    assert len({key["id"] for key in keys}) == len(keys)
    assert {key["attr.type"] for key in keys} <= {"boolean", "int", "long", "float", "double", "string"}
    named = {(key["for"], key["attr.name"]) for key in keys}
    assert {("node", "label"), ("edge", "label"), ("edge", "weight"), ("edge", "year")} <= named
    used = {data.get("key") for data in tree.iterfind(".//g:data", SPACE)}
    assert used <= {key["id"] for key in keys}


def test_edges_say_whether_they_are_directed(tree):
    edges = {one.get("id"): one for one in tree.iterfind(".//g:edge", SPACE)}
    assert {key: edge.get("directed") for key, edge in edges.items()} == {
        "f1": "true",
        "f2": "true",
        "f3": "true",
        "f4": "true",
        "c1": "false",
        "c2": "true",
        "m1": "true",
    }
    names = {one.get("id"): one.get("attr.name") for one in tree.iterfind("g:key", SPACE)}
    said = {names[data.get("key")]: data.text for data in edges["f1"]}
    assert (said["label"], said["weight"], said["edge_kind"]) == (
        "Laine usagée",
        "12.5",
        "Laine usagée · 2023",
    )


def test_a_file_of_yed(tmp_path):
    body = """<key for="node" id="d0" yfiles.type="nodegraphics"/><key for="edge" id="d1" yfiles.type="edgegraphics"/>
    <key for="graphml" id="d2" yfiles.type="resources"/><key attr.name="url" attr.type="string" for="node" id="d3"/>
    <graph edgedefault="directed" id="G"><data key="d2"><y:Resources/></data>
      <node id="n0" yfiles.foldertype="group"><data key="d0"><y:ProxyAutoBoundsNode><y:Realizers active="0">
        <y:GroupNode><y:Geometry height="9" width="9" x="0" y="0"/><y:NodeLabel>Réseau</y:NodeLabel></y:GroupNode>
        <y:GroupNode><y:NodeLabel>Réseau plié</y:NodeLabel></y:GroupNode></y:Realizers></y:ProxyAutoBoundsNode></data>
        <graph edgedefault="directed" id="n0:"><node id="n0::n0"><data key="d3"><![CDATA[http://exemple.fr]]></data>
          <data key="d0"><y:ShapeNode><y:NodeLabel backgroundColor="#FF"> Relais </y:NodeLabel></y:ShapeNode></data>
        </node>
        </graph></node>
      <node id="n1"><port name="p"/><data key="d0"><y:ShapeNode><y:NodeLabel>Filature</y:NodeLabel></y:ShapeNode></data>
      </node>
      <edge id="e0" source="n0::n0" target="n1"><data key="d1"><y:PolyLineEdge><y:EdgeLabel>appui</y:EdgeLabel>
        </y:PolyLineEdge></data></edge></graph>"""
    path = graphml(tmp_path / "yed.graphml", body, 'xmlns:y="http://www.yworks.com/xml/graphml"')
    f = io.read_graphml(path)
    assert f.actors["name"].to_dict() == {"n0": "Réseau", "n0::n0": "Relais", "n1": "Filature"}
    assert f.actors["part_of"].fillna("").tolist() == ["", "n0", ""]
    assert f.actors["url"].fillna("").tolist() == ["", "http://exemple.fr", ""]
    assert f.cooperations[["actor_id", "to_actor_id"]].to_numpy().tolist() == [["n0::n0", "n1"]]
    assert {value for _, _, value in told(f, "left_out")} == {"graph data", "graphics", "port"}


def test_labels_weights_and_defaults_of_others(tmp_path):
    body = """<key attr.name="Label" attr.type="string" for="node" id="label"/>
    <key attr.name="r" attr.type="int" for="node" id="r"><default>7</default></key>
    <key attr.name="Edge Label" attr.type="string" for="edge" id="el"/>
    <key attr.name="weight" attr.type="double" for="edge" id="w"/><key attr.name="year" attr.type="int" for="all" id="y"/>
    <graph edgedefault="undirected"><node id="0"><data key="label">Relais</data><data key="r">9</data></node>
      <node id="1"/><edge source="0" target="1" directed="true"><data key="w">4.5</data><data key="y">2021</data></edge>
      <edge source="0" target="1"/></graph>"""
    f = io.read_graphml(graphml(tmp_path / "a.graphml", body))
    assert f.actors["name"].to_dict() == {"0": "Relais", "1": "1"}
    assert f.actors["r"].tolist() == [9.0, 7.0]
    # the directed edge has a weight: a flow; the other one has no direction: a tie
    assert f.flows[["quantity_t_per_year", "year"]].to_numpy().tolist() == [[4.5, 2021]]
    assert len(f.cooperations) == 1


def test_a_key_that_nothing_declares_keeps_its_name(tmp_path):
    body = '<graph edgedefault="directed"><node id="a"><data key="couleur">bleu</data></node></graph>'
    assert io.read_graphml(graphml(tmp_path / "a.graphml", body)).actors["couleur"].tolist() == ["bleu"]


def test_hyperedges_are_told(tmp_path):
    body = '<graph><node id="a"/><hyperedge><endpoint node="a"/></hyperedge></graph>'
    assert told(io.read_graphml(graphml(tmp_path / "a.graphml", body))) == [("left_out", None, "hyperedge")]


def test_what_follows_a_nested_graph_is_said_of_the_node_that_holds_it(tmp_path):
    body = """<key id="x" attr.name="x" attr.type="int"/><key id="y" for="node" attr.name="y" attr.type="int">
      <default>7</default></key><key id="g" yfiles.type="nodegraphics"/><graph><node id="p">
      <graph edgedefault="directed"><node id="c"><data key="y">2</data></node><node id="d"/>
      <edge source="c" target="d"/><data key="x">9</data></graph>
      <data key="x">5</data><data key="g"><NodeLabel>Tout</NodeLabel></data></node>
      <node id="q"><port name="n"><data key="x">8</data></port></node></graph>"""
    f = io.read_graphml(graphml(tmp_path / "a.graphml", body))
    assert f.actors["name"].tolist() == ["Tout", "c", "d", "q"]
    assert f.actors["x"].fillna(0).tolist() == [5, 0, 0, 0]
    assert f.actors["y"].tolist() == [7, 2, 7, 7]
    assert f.actors["part_of"].fillna("").tolist() == ["", "p", "p", ""]
    # what is said of a graph or of a port is of no node
    left = {value for code, _, value in told(f) if code == "left_out"}
    assert left == {"graph data", "port", "port data", "graphics"}


def test_a_usual_label_is_that_of_those_without_one(tmp_path):
    body = """<key id="l" for="node" attr.name="label"><default>Inconnu</default></key><graph>
      <node id="a"><data key="l">Relais</data></node><node id="b"/></graph>"""
    f = io.read_graphml(graphml(tmp_path / "a.graphml", body))
    assert f.actors["name"].tolist() == ["Relais", "Inconnu"]
    assert "label" not in f.actors
