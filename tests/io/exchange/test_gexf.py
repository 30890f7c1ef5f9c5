"""GEXF: what is written, element by element, and what files of other programs give."""

from __future__ import annotations

import pytest

import chaine_valeur as cv
from chaine_valeur import io

from .gexf_grammar import assert_gexf
from .making import known, small, told

SPACE = {"g": "http://gexf.net/1.3"}
HEAD = '<?xml version="1.0" encoding="UTF-8"?><gexf xmlns="http://gexf.net/1.3" version="1.3">'


def gexf(path, body, *, graph='defaultedgetype="directed"', head=HEAD):
    path.write_text(f"{head}<graph {graph}>{body}</graph></gexf>", encoding="utf-8")
    return path


@pytest.fixture(scope="module")
def written(tmp_path_factory):
    return io.write_gexf(small(), tmp_path_factory.mktemp("gexf") / "small.gexf", lang="en")


@pytest.fixture(scope="module")
def tree(written):
    return assert_gexf(written.path)


def test_the_graph_has_time(tree):
    graph = tree.find(".//g:graph", SPACE)
    assert dict(graph.attrib) == {
        "mode": "dynamic",
        "timeformat": "date",
        "timerepresentation": "interval",
        "defaultedgetype": "directed",
        "idtype": "string",
    }
    assert tree.find(".//g:nodes", SPACE).get("count") == "6"
    assert tree.find(".//g:edges", SPACE).get("count") == "7"


def test_nodes_are_actors_groups_and_the_outside(tree):
    nodes = {one.get("id"): one for one in tree.iterfind(".//g:node", SPACE)}
    assert list(nodes) == ["relais", "tri", "filature", "mairie", "copil", "outside"]
    assert nodes["filature"].get("label") == "Filature <Nord>"
    # since 2010, open; 2015 to 2022; nothing known
    periods = [(nodes[one].get("start"), nodes[one].get("end")) for one in ("relais", "filature", "tri")]
    assert periods == [("2010-01-01", None), ("2015-01-01", "2022-12-31"), (None, None)]


def test_edges_are_rows(tree):
    edges = {one.get("id"): dict(one.attrib) for one in tree.iterfind(".//g:edge", SPACE)}
    assert edges["f1"] == {
        "id": "f1",
        "source": "relais",
        "target": "tri",
        "type": "directed",
        "label": "Laine usagée",
        "kind": "Laine usagée · 2023",
        "weight": "12.5",
        "start": "2023-01-01",
        "end": "2023-12-31",
    }
    assert edges["f3"]["source"] == "outside"
    # a measured zero is no weight that Gephi takes; it stands as an attribute
    assert "weight" not in edges["f4"]
    assert "start" not in edges["f4"]
    # research has no direction, funding has; a period, and one that is open
    assert [edges[one]["type"] for one in ("c1", "c2", "m1")] == ["undirected", "directed", "directed"]
    assert (edges["c1"]["start"], edges["c1"]["end"]) == ("2019-01-01", "2021-12-31")
    assert (edges["c2"]["start"], edges["c2"].get("end")) == ("2020-01-01", None)
    assert (edges["m1"]["source"], edges["m1"]["target"]) == ("mairie", "copil")


def test_attributes_are_columns_and_names(tree):
    titles = {
        kind: {
            one.get("id"): (one.get("title"), one.get("type"))
            for one in tree.iterfind(f".//g:attributes[@class='{kind}']/g:attribute", SPACE)
        }
        for kind in ("node", "edge")
    }
    first = tree.find(".//g:edge", SPACE)
    values = {
        titles["edge"][one.get("for")][0]: one.get("value") for one in first.iterfind(".//g:attvalue", SPACE)
    }
    assert values == {
        "table": "flows",
        "source_stage": "collecte",
        "source_stage_name": "Collecte",
        "target_stage": "tri-st",
        "target_stage_name": "Tri",
        "material_id": "laine",
        "material": "Laine usagée",
        "year": "2023",
        "quantity_t_per_year": "12.5",
        "uncertainty_share": "0.1",
        "status": "active",
        "confidence": "measured",
        "directed": "true",
    }
    kinds = dict(titles["edge"].values())
    assert (kinds["year"], kinds["quantity_t_per_year"], kinds["directed"]) == ("long", "double", "boolean")
    assert dict(titles["node"].values())["Surface"] == "double"


def test_parallel_edges_have_kinds_of_their_own(tmp_path):
    f = cv.Filiere.from_tables(
        actors={"name": ["A", "B"]},
        flows={
            "source": ["A"] * 3,
            "target": ["B"] * 3,
            "quantity_t_per_year": [1, 2, 3],
            "year": [2023, 2024, 2024],
        },
    )
    tree = assert_gexf(io.write_gexf(f, tmp_path / "a.gexf").path)
    assert [one.get("kind") for one in tree.iterfind(".//g:edge", SPACE)] == [
        "Flux · 2023",
        "Flux · 2024",
        "Flux · 2024 (2)",
    ]


def test_a_period_that_ends_before_it_begins_is_not_written(tmp_path):
    f = cv.Filiere.from_tables(actors={"name": ["A"], "since": [2020], "until": [2010]})
    written = io.write_gexf(f, tmp_path / "a.gexf")
    assert assert_gexf(written.path).find(".//g:node", SPACE).get("start") is None
    assert io.read_gexf(written) == f


def test_what_is_left_out_is_told(written):
    rows = written.left_out.set_index(["table", "column"])["rows"].to_dict()
    # of the stages and materials, what is not their name: the kinds and ranks that are not what a blank counts as
    assert rows == {}
    f = small().with_rows("markets", {"kind": ["demand"], "actor_id": ["relais"]})
    f = f.with_rows(
        "materials", {"material_id": ["cuir"], "name": ["Cuir"], "t_per_unit": [0.5], "unit": ["balle"]}
    )
    told_ = io.write_gexf(f, written.path.with_name("b.gexf"), lang="en").left_out
    assert told_.to_dict("records") == [
        {
            "table": "materials",
            "column": "",
            "rows": 1,
            "reason": "Only what a row of the file refers to is written.",
        },
        {
            "table": "materials",
            "column": "unit",
            "rows": 3,
            "reason": "The format has no place for this column.",
        },
        {
            "table": "materials",
            "column": "t_per_unit",
            "rows": 1,
            "reason": "The format has no place for this column.",
        },
        {"table": "markets", "column": "", "rows": 1, "reason": "The format has no place for this table."},
    ]
    assert list(told_.columns) == ["table", "column", "rows", "reason"]
    assert told_.dtypes.astype(str).tolist() == ["str", "str", "int64", "str"]


def test_rows_set_aside_are_told(tmp_path):
    f = cv.Filiere.from_tables(
        strict=False, actors={"name": ["A"]}, flows={"source": ["A", "A"], "target": ["nobody", None]}
    )
    left = io.write_gexf(f, tmp_path / "a.gexf", lang="en").left_out
    assert left.to_dict("records") == [
        {"table": "flows", "column": "", "rows": 1, "reason": "Rows that were set aside are not written."}
    ]


def test_another_table_has_no_edges(tmp_path):
    for tables in (["markets"], "flows"):
        with pytest.raises(cv.ArgumentError, match="flows, cooperations, memberships"):
            io.write_gexf(small(), tmp_path / "a.gexf", tables=tables)
    with pytest.raises(cv.ArgumentError, match="'auto|auto, flows, cooperations"):
        io.read_gexf(io.write_gexf(small(), tmp_path / "b.gexf"), edges="ties")


# -- files of other programs ----------------------------------------------------------------------------


def test_a_static_file_of_gephi(tmp_path):
    body = """
    <attributes class="node"><attribute id="p" title="Collège" type="string"/>
      <attribute id="mod" title="Modularity Class" type="integer"><default>0</default></attribute></attributes>
    <attributes class="edge"><attribute id="m" title="Matière" type="string"/></attributes>
    <nodes>
      <node id="n1" label="Relais"><attvalues><attvalue for="p" value="Élus"/><attvalue for="mod" value="3"/></attvalues>
        <viz:size value="10"/><viz:position x="1" y="2" z="0"/><viz:color r="1" g="2" b="3"/></node>
      <node id="n2" label="Filature"/>
    </nodes>
    <edges><edge id="0" source="n1" target="n2" weight="12.5">
        <attvalues><attvalue for="m" value="Laine"/></attvalues></edge>
      <edge id="1" source="n2" target="n1"/></edges>"""
    head = HEAD.replace('version="1.3"', 'version="1.3" xmlns:viz="http://gexf.net/1.3/viz"')
    f = io.read_gexf(gexf(tmp_path / "gephi.gexf", body, head=head))
    assert f.actors["name"].to_dict() == {"n1": "Relais", "n2": "Filature"}
    assert f.actors["pole"].fillna("").tolist() == ["elected", ""]
    assert f.actors["Modularity Class"].tolist() == [3.0, 0.0]
    # where some edges have a weight, the others have that of the standard
    assert f.flows["quantity_t_per_year"].tolist() == [12.5, 1.0]
    assert f.materials["name"].tolist() == ["Laine"]
    assert f.flows["material_id"].fillna("").tolist() == ["laine", ""]
    assert told(f, "left_out") == [("left_out", None, name) for name in ("size", "position", "color")]


def test_without_weights_edges_are_ties_and_lose_their_direction_aloud(tmp_path):
    body = '<nodes><node id="a"/><node id="b"/></nodes><edges><edge source="a" target="b"/></edges>'
    path = gexf(tmp_path / "a.gexf", body)
    f = io.read_gexf(path)
    assert (len(f.flows), len(f.cooperations)) == (0, 1)
    assert [code for code, _, _ in told(f)] == ["direction_left_out"]
    f = io.read_gexf(path, edges="flows")
    assert (known(f.flows["quantity_t_per_year"]), len(f.cooperations)) == ([None], 0)


def test_years_come_from_spells_days_and_numbers(tmp_path):
    body = """<nodes><node id="a" start="2010-05-01" end="2015"/>
      <node id="b"><spells><spell start="2001.0" end="2003.0"/><spell start="2008-01-01T00:00:00"/></spells></node>
      <node id="c" intervals="&lt;[2004, 2006]; [2009, 2011]&gt;"/></nodes>
    <edges><edge id="e" source="a" target="b" weight="2" start="2020" end="2022"/>
      <edge id="o" source="b" target="a" weight="3" start="2020"/>
      <edge id="t" source="b" target="a" weight="4" timestamp="2021-06-30"/></edges>"""
    f = io.read_gexf(gexf(tmp_path / "a.gexf", body, graph='mode="dynamic" defaultedgetype="directed"'))
    assert f.actors["since"].tolist() == [2010, 2001, 2004]
    assert f.actors["until"].fillna(0).tolist() == [2015, 0, 2011]
    assert [row[0] for row in told(f, "several_periods")] == ["several_periods"] * 2
    # a flow that holds three years is three rows; an open period gives no year, and is said; a moment is its year
    assert f.flows["year"].fillna(0).to_dict() == {
        "e-2020": 2020,
        "e-2021": 2021,
        "e-2022": 2022,
        "o": 0,
        "t": 2021,
    }
    assert f.flows["quantity_t_per_year"].tolist() == [2, 2, 2, 3, 4]
    assert told(f, "no_period_of_flow") == [("no_period_of_flow", 5, "o")]


def test_the_latest_of_several_values_is_kept(tmp_path):
    body = """<attributes class="node" mode="dynamic"><attribute id="0" title="Note de force" type="double"/></attributes>
    <nodes><node id="a"><attvalues><attvalue for="0" value="5" start="2012" end="2013"/>
      <attvalue for="0" value="3" start="2008" end="2011"/></attvalues></node></nodes><edges/>"""
    f = io.read_gexf(gexf(tmp_path / "a.gexf", body))
    assert f.actors["Note de force"].tolist() == [5.0]
    assert told(f, "several_values") == [("several_values", 2, "Note de force")]


def test_nested_nodes_and_parents_are_parts(tmp_path):
    body = """<nodes><node id="r" label="Réseau"><nodes><node id="a" label="A"/></nodes></node>
      <node id="b" pid="r"/><node id="c"><parents><parent for="r"/><parent for="b"/></parents></node></nodes>"""
    f = io.read_gexf(gexf(tmp_path / "a.gexf", body))
    assert f.actors["part_of"].fillna("").to_dict() == {"r": "", "a": "r", "b": "r", "c": "r"}
    assert [row[0] for row in told(f)] == ["one_of_several_parents"]


def test_one_bad_edge_is_a_problem_and_no_abort(tmp_path):
    body = """<nodes><node id="a"/><node id="b"/><node id="a" label="again"/></nodes>
    <edges><edge source="a" target="b" weight="1"/>
    <edge source="a" target="zzz" weight="2"/>
    <edge source="a" weight="3"/></edges>"""
    path = gexf(tmp_path / "a.gexf", body)
    f = io.read_gexf(path, strict=False)
    assert f.flows["quantity_t_per_year"].tolist() == [1.0]
    assert told(f) == [("duplicate_id", 1, "a"), ("unknown_reference", 3, "zzz"), ("blank_end", 4, "a → …")]
    assert set(f.problems["sheet"]) >= {"a.gexf"}
    assert [(row["reason"], row["row"]) for row in f.set_aside["flows"].to_dict("records")] == [
        ("unknown_reference", 3),
        ("blank_end", 4),
    ]
    with pytest.raises(cv.ValidationError) as caught:
        io.read_gexf(path)
    assert len(caught.value.problems) >= 3


def test_missing_parts(tmp_path):
    assert len(io.read_gexf(gexf(tmp_path / "a.gexf", "")).actors) == 0
    f = io.read_gexf(gexf(tmp_path / "b.gexf", '<nodes><node label="Sans identifiant"/></nodes>'))
    assert f.actors["name"].to_dict() == {"sans-identifiant": "Sans identifiant"}
    # a value of an attribute that nothing declares has no name
    body = '<nodes><node id="a"><attvalues><attvalue for="9" value="1"/></attvalues></node></nodes>'
    assert told(io.read_gexf(gexf(tmp_path / "c.gexf", body))) == [("left_out", None, "attvalue 9")]


AFTER = """<attributes class="node"><attribute id="0" title="x" type="integer"/>
  <attribute id="1" title="y" type="integer"><default>7</default></attribute></attributes>
  <nodes><node id="p" label="P"><nodes><node id="c"><attvalues><attvalue for="1" value="2"/></attvalues></node></nodes>
    <attvalues><attvalue for="0" value="5"/></attvalues><spells><spell start="2001" end="2002"/></spells>
    <parents><parent for="q"/></parents></node>
  <node id="q"><attvalues><attvalue for="1" value="3"/></attvalues><nodes><node id="d"/></nodes></node></nodes>"""


def test_what_follows_nested_nodes_is_said_of_the_one_that_holds_them(tmp_path):
    f = io.read_gexf(gexf(tmp_path / "a.gexf", AFTER))
    assert f.actors.index.tolist() == ["p", "c", "q", "d"]
    assert known(f.actors["x"]) == [5.0, None, None, None]
    assert known(f.actors["y"]) == [7.0, 2.0, 3.0, 7.0]
    assert (
        f.actors["since"].astype(object).where(f.actors["since"].notna(), None).tolist()
        == [2001] + [None] * 3
    )
    assert f.actors["part_of"].fillna("").tolist() == ["q", "p", "", "q"]


def test_a_value_before_and_one_after_nested_nodes_are_two_of_one_node(tmp_path):
    body = """<attributes class="node"><attribute id="0" title="x" type="string"/></attributes><nodes>
      <node id="p"><attvalues><attvalue for="0" value="old" end="2001"/></attvalues><nodes><node id="c"/></nodes>
      <attvalues><attvalue for="0" value="new" end="2002"/></attvalues></node></nodes>"""
    f = io.read_gexf(gexf(tmp_path / "a.gexf", body))
    assert f.actors["x"].fillna("").tolist() == ["new", ""]
    assert [row[0] for row in told(f)] == ["several_values"]


def test_edges_within_nodes_take_nothing_from_them(tmp_path):
    body = """<attributes class="node"><attribute id="0" title="x" type="integer"/></attributes>
      <attributes class="edge"><attribute id="0" title="z" type="integer"><default>1</default></attribute></attributes>
      <nodes><node id="p"><nodes><node id="c"/><node id="d"/></nodes>
      <edges><edge source="c" target="d" weight="2"/><edge source="d" target="c"/></edges>
      <attvalues><attvalue for="0" value="5"/></attvalues></node></nodes>"""
    f = io.read_gexf(gexf(tmp_path / "a.gexf", body))
    assert known(f.actors["x"]) == [5.0, None, None]
    # the usual value of an attribute; the usual weight is 1 where another edge has one
    assert f.flows[["quantity_t_per_year", "z"]].to_numpy().tolist() == [[2.0, 1.0], [1.0, 1.0]]
