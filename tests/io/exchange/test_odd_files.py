"""Files as people leave them: parts that lie elsewhere, headers in other words, things said twice or not at all."""

from __future__ import annotations

import json

import pytest

import chaine_valeur as cv
from chaine_valeur import io
from tests.io.making import workbook

from .making import known, told


def text(path, content):
    path.write_text(content, encoding="utf-8")
    return path


# -- floweaver ------------------------------------------------------------------------------------------


def test_only_the_files_that_lie_beside_are_read(tmp_path):
    text(tmp_path / "Flux de matière.csv", "De;Vers;Quantité\na;b;3\n")
    text(tmp_path / "vide.csv", "")
    text(tmp_path / "noeuds.csv", "process,name\na,Alpha\n")
    (tmp_path / "image.csv").write_bytes(bytes(range(256)) * 4)
    text(tmp_path / "notes.txt", "rien")
    f = io.read_floweaver(tmp_path / "Flux de matière.csv")
    # the file of nodes is taken for the table of processes, what is neither is passed over
    assert f.actors["name"].to_dict() == {"a": "Alpha", "b": "b"}
    assert f.flows["quantity_t_per_year"].tolist() == [3.0]
    # given the folder, the flows are found by their headers
    (tmp_path / "Flux de matière.csv").rename(tmp_path / "echanges.csv")
    assert io.read_floweaver(tmp_path) == f


def test_a_table_of_a_dimension_that_is_no_text_is_refused(tmp_path):
    text(tmp_path / "flows.csv", "source,target,value\na,b,1\n")
    (tmp_path / "dim_process.csv").write_bytes(bytes(range(256)) * 4)
    with pytest.raises(cv.UnreadableFileError, match=r"dim_process\.csv"):
        io.read_floweaver(tmp_path)


def test_columns_of_ones_own_are_typed_where_all_of_a_column_is(tmp_path):
    rows = ["a,b,1,true,3,007,1e999", "b,a,2,false,4.5,12,2"]
    text(tmp_path / "flows.csv", "\n".join(["source,target,value,sûr,note_2,code,grand", *rows]))
    f = io.read_floweaver(tmp_path)
    assert f.flows["sûr"].tolist() == [True, False]
    assert f.flows["note_2"].tolist() == [3.0, 4.5]
    # a code keeps its zeros, what is beyond numbers its spelling
    assert f.flows["code"].tolist() == ["007", "12"]
    assert f.flows["grand"].tolist() == ["1e999", "2"]


# -- GEXF and GraphML -----------------------------------------------------------------------------------


def test_things_of_gexf_that_stand_in_odd_places(tmp_path):
    body = """<gexf xmlns="http://www.gexf.net/1.1draft" version="1.1"><graph defaultedgetype="directed" start="2000">
      <attvalues><attvalue for="0" value="of no one"/></attvalues><spells><spell start="1999"/></spells>
      <attributes class="node"><attribute id="0" type="string"><default> usual </default></attribute></attributes>
      <nodes><node id="a"><attvalues><attvalue for="0"/></attvalues>
        <spells><spell start="2001" end="2002"/><spell start="2001" end="2002"/></spells></node>
        <node id="b" startopen="2003" endopen="2004"/><node id="c" timestamps="&lt;[2005, 2006]&gt;"/></nodes>
      <edges><edge source="a" target="b" type="mutual"/><edge source="a" target="c" type="undirected"/></edges>
      </graph></gexf>"""
    f = io.read_gexf(text(tmp_path / "a.gexf", body))
    # an attribute without a title has its id as its name; a value that is not said is the usual one
    assert f.actors["0"].tolist() == ["usual"] * 3
    assert f.actors["since"].tolist() == [2001, 2003, 2005]
    assert f.actors["until"].tolist() == [2002, 2004, 2006]
    assert told(f) == []
    assert len(f.cooperations) == 2


def test_an_earlier_value_does_not_replace_a_later_one(tmp_path):
    values = ["2011", "2015", "2013"]
    said = "".join(f'<attvalue for="0" value="{year}" start="{year}"/>' for year in values)
    body = f"""<gexf><graph><attributes class="edge"><attribute id="0" title="Vu en" type="string"/></attributes>
      <nodes><node id="a"/><node id="b"/></nodes>
      <edges><edge source="a" target="b"><attvalues>{said}</attvalues></edge></edges></graph></gexf>"""
    f = io.read_gexf(text(tmp_path / "a.gexf", body))
    assert f.cooperations["Vu en"].tolist() == ["2015"]
    # said once, however many values there are
    assert [code for code, _, _ in told(f)] == ["several_values"]


def test_several_names_of_a_node_of_graphml(tmp_path):
    body = """<graphml><key id="n" for="node" attr.name="name"/><key id="l" for="node" attr.name="label"/>
      <key id="b" for="node" attr.name="vide" attr.type="double"/>
      <key id="h" for="hyperedge" attr.name="x"><default>1</default></key>
      <graph><node id="1"><data key="n">Relais SA</data><data key="l">Relais</data><data key="b"> </data></node>
      <node id="2"><data key="n">Mairie</data></node></graph></graphml>"""
    f = io.read_graphml(text(tmp_path / "a.graphml", body))
    # the label comes first; a name that says something else is kept
    assert f.actors["name"].to_dict() == {"1": "Relais", "2": "Mairie"}
    assert f.actors["name_"].fillna("").tolist() == ["Relais SA", ""]
    assert "vide" not in f.actors
    assert "x" not in f.actors


# -- Kumu -----------------------------------------------------------------------------------------------


def test_rows_of_kumu_that_say_little(tmp_path):
    content = {
        "elements": [
            {},
            {"label": 12.0, "element type": "Réseau d’organisations", "description": "Dit beaucoup"},
            {"label": None, "id": "seul"},
        ],
        "connections": [
            {"from": 12, "to": "seul", "connection type": "Recherche et développement", "tags": ["a", "b"]}
        ],
    }
    f = io.read_kumu(text(tmp_path / "a.json", json.dumps(content)))
    assert f.actors["name"].to_dict() == {"12": "12", "seul": "seul"}
    assert f.actors["actor_type"].tolist() == ["network", "organisation"]
    assert f.actors["note"].fillna("").tolist() == ["Dit beaucoup", ""]
    assert f.cooperations[["kind", "Tags"]].to_numpy().tolist() == [["research", "a ; b"]]


def test_elements_alone(tmp_path):
    f = io.read_kumu(text(tmp_path / "a.json", '[{"label": "A"}, {"label": "B"}]'))
    assert f.actors["name"].tolist() == ["A", "B"]
    f = io.read_kumu(text(tmp_path / "a.csv", "Label,Rôles\nA,Acheteur|Expert\n"))
    assert f.actors["roles"].tolist() == ["buyer;expert"]


# -- OpenSankey -----------------------------------------------------------------------------------------


def test_headers_of_the_second_block_without_a_blank_line(tmp_path):
    path = workbook(
        tmp_path / "a.xlsx",
        {
            "Secteurs": [["Secteurs"], ["S"]],
            "Produits": [["Produits"], ["P"], ["Q"]],
            "Table emplois ressources": [
                ["", "S"],
                ["P", "x"],
                ["Q", ""],
                ["", "S"],
                ["P", ""],
                ["Q", 1],
                ["", "x"],
            ],
        },
    )
    f = io.read_opensankey(path)
    # the sector makes P and uses Q; a row without a name says nothing
    assert f.flows[["source", "target"]].to_numpy().tolist() == [["s", "p"], ["q", "s"]]


def test_sheets_that_lack_what_they_are_for(tmp_path):
    path = workbook(
        tmp_path / "a.xlsx",
        {
            "Etiquettes": [["Autre"], ["x"]],
            "Noeuds": [["Couleur"], ["rouge"]],
            "Données": [["Origine", "Valeur"], ["A", 3]],
            "Produits": [["Produits", "Niveau d'agrégation"], ["P", "un"], ["", 2]],
            "Liste des flux": [["Origine", "Destination"], ["A", "B"], ["", ""]],
            "Ma feuille": [["x"], [1]],
        },
    )
    f = io.read_opensankey(path)
    assert f.actors["name"].tolist() == ["P", "A", "B"]
    assert known(f.flows["quantity_t_per_year"]) == [None]
    assert told(f) == [("unknown_sheet", None, "Ma feuille")]


def test_what_a_list_of_flows_adds_to_the_figures(tmp_path):
    path = workbook(
        tmp_path / "a.xlsx",
        {
            "Liste des flux": [["Origine", "Destination"], ["A", "B"], ["B", "C"]],
            "Données": [
                ["Origine", "Destination", "Valeur", "Quantité naturelle", "Facteur de conversion"],
                ["A", "B", 3, 6, 0.5],
            ],
        },
    )
    f = io.read_opensankey(path)
    assert known(f.flows["quantity_t_per_year"]) == [3.0, None]
    # where the value is given, the natural quantity says it again
    assert told(f) == [("left_out", None, "quantity")]


def test_a_diagram_as_lists(tmp_path):
    content = {
        "nodes": [
            {"id": "a", "name": "A", "tooltip_text": "Premier"},
            {"idNode": "b", "name": "B"},
            {"name": "C"},
            3,
        ],
        "links": [
            {"idSource": "a", "idTarget": "b", "value": "beaucoup"},
            {"idSource": "b", "idTarget": "C"},
        ],
    }
    f = io.read_opensankey(text(tmp_path / "a.json", json.dumps(content)), strict=False)
    assert f.actors["name"].tolist() == ["A", "B", "C"]
    assert told(f) == [("not_a_number", 1, "beaucoup"), ("no_element", 4, "nodes, 3: 3")]
    assert f.actors["note"].fillna("").tolist() == ["Premier", "", ""]
    assert known(f.flows["quantity_t_per_year"]) == [None, None]


def test_tags_of_years_that_are_some_of_all(tmp_path):
    path = workbook(
        tmp_path / "a.xlsx",
        {
            "Etiquettes": [
                ["Nom du groupe d'étiquette", "Type d'étiquette", "Etiquettes"],
                ["Année", "dataTags", "2020:2021:2022"],
                ["Scénario", "dataTags", "Haut:Bas"],
            ],
            "Données": [
                ["Origine", "Destination", "Année", "Scénario", "Valeur"],
                ["A", "B", "2020:2021", "Haut", 3],
                ["A", "B", "2020:2021:2022", "Bas", 4],
                ["B", "A", 2022, "", 5],
            ],
        },
    )
    f = io.read_opensankey(path)
    rows = f.flows[["year", "quantity_t_per_year", "Scénario"]].astype(object)
    # two of three years are two rows; all of them are every year
    assert rows.where(rows.notna(), None).to_numpy().tolist() == [
        [2020, 3.0, "Haut"],
        [2021, 3.0, "Haut"],
        [None, 4.0, "Bas"],
        [2022, 5.0, None],
    ]


# -- tables whose rows and headers do not fit ------------------------------------------------------------


def test_floweaver_keeps_and_tells_repeated_headers_and_cells_beyond_them(tmp_path):
    text(tmp_path / "flows.csv", "source,target,value,value\na,b,1,2\na,c,3,,zzz, \n")
    text(tmp_path / "dim_process.csv", "id,name,note,note\na,A,x,y,z\n")
    text(tmp_path / "dim_time.csv", "id,saison,saison\n2020,a,b\n")
    f = io.read_floweaver(tmp_path)
    assert f.flows["quantity_t_per_year"].tolist() == [1.0, 3.0]
    assert known(f.flows["value (2)"]) == [2.0, None]
    assert f.flows["Colonne E"].fillna("").tolist() == ["", "zzz"]
    assert f.actors.loc["a", ["note", "note (2)", "Colonne E"]].tolist() == ["x", "y", "z"]
    rows = f.problems[f.problems["code"].isin(["duplicate_header", "unknown_column"])]
    assert sorted(zip(rows["sheet"], rows["row"], rows["value"], strict=True)) == [
        ("dim_process.csv", 1, "Colonne E"),
        ("dim_process.csv", 1, "note"),
        ("dim_time.csv", 1, "saison"),
        ("flows.csv", 1, "Colonne E"),
        ("flows.csv", 1, "value"),
    ]
    assert ("left_out", None, "saison (2)") in told(f)


def test_kumu_keeps_and_tells_repeated_headers_and_cells_beyond_them(tmp_path):
    f = io.read_kumu(text(tmp_path / "a.csv", "Label,Secteur,Secteur\nA,x,y\nB,,,z\n"))
    assert f.actors[["Secteur", "Secteur (2)", "Colonne D"]].fillna("").to_numpy().tolist() == [
        ["x", "y", ""],
        ["", "", "z"],
    ]
    assert told(f, "duplicate_header", "unknown_column") == [
        ("duplicate_header", 1, "Secteur"),
        ("unknown_column", 1, "Colonne D"),
    ]
    sheet = [["From", "To", "Secteur", "Secteur"], ["A", "B", "x", "y", "z"]]
    f = io.read_kumu(workbook(tmp_path / "a.xlsx", {"Connections": sheet}))
    assert f.cooperations[["Secteur", "Secteur (2)", "Colonne E"]].to_numpy().tolist() == [["x", "y", "z"]]
    assert len(told(f, "duplicate_header", "unknown_column")) == 2
