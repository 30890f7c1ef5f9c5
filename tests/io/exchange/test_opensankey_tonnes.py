"""OpenSankey keeps tonnes: of every filière, in both formats; what the format cannot hold is told with its tonnage."""

from __future__ import annotations

import json
import tempfile
from pathlib import Path

import pandas as pd
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

import chaine_valeur as cv
from chaine_valeur import io
from tests.io.making import workbook

from .making import known, told

FILES = ["a.xlsx", "a.json"]
ACTORS = {"actor_id": ["a", "b", "c"], "name": ["A", "B", "C"]}


def there_and_back(f, path):
    written = io.write_opensankey(f, path, lang="en")
    return io.read_opensankey(written), written


def rows(f):
    columns = ["source", "target", "material_id", "year", "quantity_t_per_year"]
    cells = f.flows[columns].astype(object)
    return sorted(cells.where(cells.notna(), None).to_numpy().tolist(), key=str)


def reasons(written):
    left = written.left_out
    return left[left["table"] == "flows"].set_index("column")["reason"].to_dict()


# -- materials and years --------------------------------------------------------------------------------


@pytest.mark.parametrize("file", FILES)
@pytest.mark.parametrize("targets", ["bbc", "bbb"])
def test_a_blank_material_among_others_is_one_flow(file, targets, tmp_path):
    f = cv.Filiere.from_tables(
        actors=ACTORS,
        materials={"material_id": ["bois", "lin"], "name": ["Bois", "Lin"]},
        flows={"source": list("aaa"), "target": list(targets), "material_id": ["bois", "lin", None],
               "quantity_t_per_year": [10, 5, 3]},
    )  # fmt: skip
    again, _ = there_and_back(f, tmp_path / file)
    assert rows(again) == rows(f)
    assert again.materials["name"].tolist() == ["Bois", "Lin"]


@pytest.mark.parametrize("file", FILES)
@pytest.mark.parametrize("order", [[0, 1, 2], [1, 0, 2], [2, 1, 0]])
def test_a_flow_of_every_year_beside_those_of_a_year(file, order, tmp_path):
    years, tonnes = [2020, None, 2021], [10.0, 5.0, 20.0]
    f = cv.Filiere.from_tables(
        actors=ACTORS,
        flows={"source": list("aaa"), "target": list("bbb"), "year": [years[n] for n in order],
               "quantity_t_per_year": [tonnes[n] for n in order]},
    )  # fmt: skip
    again, written = there_and_back(f, tmp_path / file)
    assert rows(again) == rows(f)
    if file == "a.json":
        value = next(iter(json.loads(written.path.read_text(encoding="utf-8"))["links"].values()))["value"]
        # the diagram of a year holds what holds every year: 10 + 5, 20 + 5
        assert (value["2020"]["data_value"], value["2021"]["data_value"]) == (15.0, 25.0)


def test_a_figure_that_was_changed_since_prevails(tmp_path):
    f = cv.Filiere.from_tables(
        actors=ACTORS,
        flows={"source": list("aaab"), "target": list("bbbc"), "year": [2020, None, 2021, None],
               "quantity_t_per_year": [10.0, 5.0, 20.0, 7.0]},
    )  # fmt: skip
    path = io.write_opensankey(f, tmp_path / "a.json").path
    content = json.loads(path.read_text(encoding="utf-8"))
    first, second = content["links"].values()
    first["value"]["2020"]["data_value"] = 99
    second["value"]["2021"]["data_value"] = 8
    path.write_text(json.dumps(content), encoding="utf-8")
    # what held every year does no longer: each year is as it stands, 20 + 5 in 2021
    assert rows(io.read_opensankey(path)) == sorted(
        [
            ["a", "b", None, 2020, 99.0],
            ["a", "b", None, 2021, 25.0],
            ["b", "c", None, 2020, 7.0],
            ["b", "c", None, 2021, 8.0],
        ],
        key=str,
    )


@pytest.mark.parametrize("file", FILES)
@pytest.mark.parametrize("names", [["Laine", "laine"], ["Bois : vert", "Bois ∶ vert"], ["Étoupe", "etoupe"]])
def test_materials_whose_names_are_nearly_one(file, names, tmp_path):
    f = cv.Filiere.from_tables(
        actors=ACTORS,
        materials={"material_id": ["m1", "m2"], "name": names},
        flows={"source": list("aa"), "target": list("bb"), "material_id": ["m1", "m2"],
               "quantity_t_per_year": [10, 5]},
    )  # fmt: skip
    again, _ = there_and_back(f, tmp_path / file)
    assert sorted(again.flows["quantity_t_per_year"]) == [5.0, 10.0]
    assert len(again.materials) == 2


@pytest.mark.parametrize("file", FILES)
def test_a_flow_of_every_year_in_a_file_of_one_is_of_that_one(file, tmp_path):
    f = cv.Filiere.from_tables(
        actors=ACTORS,
        flows={
            "source": list("aa"),
            "target": list("bb"),
            "year": [2020, None],
            "quantity_t_per_year": [10, 5],
        },
    )
    again, written = there_and_back(f, tmp_path / file)
    assert rows(again) == [["a", "b", None, 2020, 15.0]]
    assert reasons(written)["year"] == "A flow of every year is written as one of the only year of the file."


# -- unknown parts --------------------------------------------------------------------------------------


@pytest.mark.parametrize("file", FILES)
def test_a_known_part_of_an_unknown_sum_is_its_minimum(file, tmp_path):
    f = cv.Filiere.from_tables(
        actors=ACTORS,
        flows={"source": list("aa"), "target": list("bb"), "quantity_t_per_year": [10, None],
               "max_t_per_year": [None, 6]},
    )  # fmt: skip
    again, written = there_and_back(f, tmp_path / file)
    columns = ["quantity_t_per_year", "min_t_per_year", "max_t_per_year"]
    # 10 t, and from 0 to 6 t more
    assert [known(row) for row in again.flows[columns].to_numpy()] == [[None, 10.0, 16.0]]
    assert "(10\u00a0t a year in all) is written as the minimum" in reasons(written)["quantity_t_per_year"]
    assert written.left_out.loc[written.left_out["column"] == "quantity_t_per_year", "rows"].tolist() == [1]


@pytest.mark.parametrize("file", FILES)
def test_limits_of_a_sum(file, tmp_path):
    f = cv.Filiere.from_tables(
        actors=ACTORS,
        flows={
            "source": list("aabb"),
            "target": list("bbcc"),
            "quantity_t_per_year": [10, 5, None, None],
            "min_t_per_year": [8, None, 1, 2],
            "max_t_per_year": [12, 6, 9, None],
        },
    )
    again, written = there_and_back(f, tmp_path / file)
    columns = ["quantity_t_per_year", "min_t_per_year", "max_t_per_year"]
    # 8 t at least, the other flow not below zero; 12 + 6; 1 + 2; no maximum where one of them has none
    assert [known(row) for row in again.flows[columns].to_numpy()] == [[15.0, 8.0, 18.0], [None, 3.0, None]]
    assert reasons(written)["max_t_per_year"].startswith("A flow that was added to it has no known maximum")


# -- every filière --------------------------------------------------------------------------------------


NAMES = [
    "Laine",
    "laine",
    "LAINE",
    "Étoupe",
    "etoupe",
    "Bois : vert",
    "Bois ∶ vert",
    "Matière non précisée",
    "γ",
]
flows_of = st.lists(
    st.tuples(
        st.sampled_from([None, 0, 1, 2]),
        st.sampled_from([None, 0, 1, 2]),
        st.sampled_from([None, 0, 1, 2]),
        st.sampled_from([None, 2020, 2021]),
        st.one_of(st.none(), st.integers(0, 1000).map(lambda n: n / 8)),
    ).filter(lambda row: row[0] != row[1]),
    min_size=1,
    max_size=8,
)
three_names = st.lists(st.sampled_from(NAMES), min_size=3, max_size=3, unique=True)


def of_year(f, year):
    here = f.flows["year"].isna() | (f.flows["year"] == year)
    return f.flows.loc[here.to_numpy(bool), "quantity_t_per_year"].sum()


@pytest.mark.long
@settings(max_examples=40, deadline=None)
@given(three_names, three_names, flows_of, st.sampled_from(FILES))
def test_tonnes_come_back(actors, materials, flows, file):
    keys = ["x", "y", "z"]
    columns = list(zip(*flows, strict=True))
    f = cv.Filiere.from_tables(
        actors={"actor_id": keys, "name": actors},
        materials={"material_id": keys, "name": materials},
        flows={
            **{
                name: [None if place is None else keys[place] for place in column]
                for name, column in zip(["source", "target", "material_id"], columns[:3], strict=True)
            },
            "year": columns[3],
            "quantity_t_per_year": columns[4],
        },
    )
    with tempfile.TemporaryDirectory() as folder:
        again, written = there_and_back(f, Path(folder) / file)
    assert len(again.actors) == 3
    # what is known beside what is unknown is a minimum, told with its tonnage
    unknown = again.flows["quantity_t_per_year"].isna()
    minimum = again.flows.loc[unknown, "min_t_per_year"].sum()
    assert again.flows["quantity_t_per_year"].sum() + minimum == f.flows["quantity_t_per_year"].sum()
    assert (minimum > 0) <= ("quantity_t_per_year" in reasons(written))
    if not minimum and len(set(columns[3]) - {None}) != 1:
        for year in (2020, 2021):
            assert of_year(again, year) == of_year(f, year)


# -- figures that are text ------------------------------------------------------------------------------


def test_figures_that_are_text_are_in_units_too(tmp_path):
    path = workbook(
        tmp_path / "a.xlsx",
        {
            "Données": [
                ["Origine", "Destination", "Valeur", "Minimum"],
                ["A", "B", "10", "1,5"],
                ["A", "C", 10, ""],
                ["A", "D", "1 200,5", ""],
                ["A", "E", "n.c.", ""],
                ["A", "F", "12 t", ""],
            ]
        },
    )
    f = io.read_opensankey(path, t_per_unit=1000)
    # what says itself that it is in tonnes is not in kilotonnes
    assert known(f.flows["quantity_t_per_year"]) == [10_000.0, 10_000.0, 1_200_500.0, None, 12.0]
    assert known(f.flows["min_t_per_year"])[0] == 1500.0


def diagram(path, value, **content):
    nodes = {key: {"name": key.upper()} for key in "abc"}
    links = {"p": {"idSource": "a", "idTarget": "b", "value": value}}
    path.write_text(json.dumps({"nodes": nodes, "links": links} | content), encoding="utf-8")
    return path


def test_figures_of_a_diagram_that_are_text(tmp_path):
    value = {"data_value": "12", "data_min": "1,5", "data_max": "20", "data_uncertainty": "10 %"}
    f = io.read_opensankey(diagram(tmp_path / "a.json", value), t_per_unit=1000)
    columns = ["quantity_t_per_year", "min_t_per_year", "max_t_per_year", "uncertainty_share"]
    assert f.flows[columns].to_numpy().tolist() == [[12_000.0, 1500.0, 20_000.0, pytest.approx(0.1)]]
    assert told(f) == []


@pytest.mark.parametrize(
    "value", [{"data_value": True}, {"data_value": "beaucoup"}, {"data_value": {"a": 1}}, True]
)
def test_a_figure_of_a_diagram_that_is_no_number_is_told(value, tmp_path):
    path = diagram(tmp_path / "a.json", value)
    f = io.read_opensankey(path, strict=False)
    assert known(f.flows["quantity_t_per_year"]) == [None]
    assert [row[0] for row in told(f)] == ["not_a_number"]
    with pytest.raises(cv.ValidationError, match="nombre"):
        io.read_opensankey(path)


@pytest.mark.parametrize("wrong", ["1000", True, None, [1]])
def test_a_factor_that_is_no_number(wrong, tmp_path):
    with pytest.raises(cv.ArgumentError, match="has to be a number above 0"):
        io.read_opensankey(tmp_path / "a.json", t_per_unit=wrong)


# -- parts of a diagram ---------------------------------------------------------------------------------


def test_a_bare_figure_under_a_tag_counts(tmp_path):
    groups = {"an": {"name": "Année", "tags": {"2020": {"name": "2020"}, "2021": {"name": "2021"}}}}
    value = {"datatag_group": "an", "2020": 7, "2021": {"data_value": 8}}
    f = io.read_opensankey(diagram(tmp_path / "a.json", value, dataTags=groups))
    assert [row[3:] for row in rows(f)] == [[2020, 7.0], [2021, 8.0]]


def test_what_is_no_node_and_no_link_is_told(tmp_path):
    path = diagram(
        tmp_path / "a.json", 1, nodes={"a": {"name": "A"}, "b": {"name": "B"}, "c": 5}, links={"p": 7}
    )
    assert told(io.read_opensankey(path)) == [
        ("no_element", 1, "links, p: 7"),
        ("no_element", 3, "nodes, c: 5"),
    ]
    path = diagram(tmp_path / "b.json", 1, links="rien")
    assert told(io.read_opensankey(path)) == [("no_element", None, "links: rien")]


def test_a_source_that_is_no_text_is_read_as_one(tmp_path):
    value = {"data_value": 1, "data_source": {"a": 1}, "data_hypothesis": ["x"]}
    f = io.read_opensankey(diagram(tmp_path / "a.json", value))
    assert f.sources["name"].tolist() == ['{"a": 1}']
    assert f.flows["hypothesis"].tolist() == ['["x"]']


def test_two_nodes_of_one_name_are_two(tmp_path):
    content = {
        "nodes": {"n1": {"name": "Tri"}, "n2": {"name": "Tri"}, "n3": {"name": "Usine"}},
        "links": {
            "p": {"idSource": "n1", "idTarget": "n3", "value": 3},
            "q": {"idSource": "n2", "idTarget": "n3", "value": 4},
        },
    }
    f = io.read_opensankey(diagram(tmp_path / "a.json", 1, **content))
    assert f.actors["name"].tolist() == ["Tri", "Tri (n2)", "Usine"]
    assert f.flows["quantity_t_per_year"].tolist() == [3.0, 4.0]
    assert told(f) == [("same_node", 2, "Tri")]


# -- totals and rows set aside --------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("cells", "counts", "codes"),
    [
        # the only known figure stays; the blank part is set aside
        ([["Forêt", "Scierie", 10], ["F1", "Scierie", ""]], [10.0], ["part_of_total"]),
        # a part alone is less than the total: it counts, and the total is told
        ([["Forêt", "Scierie", 10], ["F1", "Scierie", 4]], [4.0], ["total_not_used"]),
        # a part that is absent sends nothing, where the other one is all of it
        ([["Forêt", "Scierie", 10], ["F2", "Scierie", 10]], [10.0], ["aggregate_flow"]),
    ],
)
def test_totals_whose_parts_are_not_all_stated(cells, counts, codes, tmp_path):
    path = workbook(
        tmp_path / "a.xlsx",
        {
            "Noeuds": [["Niveau", "Noeuds"], [1, "Forêt"], [2, "F1"], [2, "F2"], [1, "Scierie"]],
            "Données": [["Origine", "Destination", "Valeur"], *cells],
        },
    )
    f = io.read_opensankey(path)
    assert f.flows["quantity_t_per_year"].tolist() == counts
    assert [row[0] for row in told(f)] == codes
    aside = f.set_aside["flows"]
    assert aside["reason"].tolist() == codes
    assert ("quantity_t_per_year" in aside) == (codes != ["part_of_total"])


def test_a_row_without_an_end_keeps_its_tonnage(tmp_path):
    path = workbook(
        tmp_path / "a.xlsx",
        {
            "Données": [
                ["Origine", "Destination", "Année", "Matière", "Valeur"],
                ["A", "B", 2020, "Bois", 1],
                ["A", "", 2021, "Lin", "3,5"],
            ]
        },
    )
    aside = io.read_opensankey(path, strict=False, t_per_unit=10).set_aside["flows"]
    assert aside.to_dict("records") == [
        {"sheet": "Données", "row": 3, "reason": "blank_end", "source": "A", "target": None,
         "material_id": "Lin", "quantity_t_per_year": 35.0, "year": 2021}
    ]  # fmt: skip


def parents_of_all(path, size):
    """Each node is a part of all that come before it, and a link leads to the next."""
    names = [f"n{place}" for place in range(size)]
    nodes = {
        name: {"name": name, "dimensions": {other: {"parent_name": other} for other in names[:place]}}
        for place, name in enumerate(names)
    }
    links = {
        str(place): {"idSource": source, "idTarget": target, "value": 1}
        for place, (source, target) in enumerate(zip(names, names[1:], strict=False))
    }
    path.write_text(json.dumps({"nodes": nodes, "links": links}), encoding="utf-8")
    return path


def test_many_parents_take_little_work_or_are_refused(tmp_path):
    f = io.read_opensankey(parents_of_all(tmp_path / "a.json", 40), strict=False)
    # n0 → n1 is a total of all others, and so on: the finest one counts
    assert f.flows[["source", "target"]].to_numpy().tolist() == [["n38", "n39"]]
    with pytest.raises(cv.UnreadableFileError, match="niveaux"):
        io.read_opensankey(parents_of_all(tmp_path / "b.json", 300), strict=False)


# -- names and identifiers ------------------------------------------------------------------------------


@pytest.mark.parametrize("file", FILES)
def test_identifiers_that_are_not_given_back_are_told(file, tmp_path):
    f = cv.Filiere.from_tables(
        actors={"actor_id": ["007", "b"], "name": ["X", "B"]},
        materials={"material_id": ["m1"], "name": ["Laine"]},
        flows={"flow_id": ["f1"], "source": ["007"], "target": ["b"], "material_id": ["m1"],
               "quantity_t_per_year": [1]},
    )  # fmt: skip
    left = io.write_opensankey(f, tmp_path / file, lang="en").left_out
    told_of = left[left["reason"].str.contains("identifiers")]
    assert told_of[["table", "column", "rows"]].to_numpy().tolist() == [
        ["materials", "material_id", 1],
        ["actors", "actor_id", 1],
        ["flows", "flow_id", 1],
    ]


def test_names_that_only_links_say_are_looked_at(tmp_path):
    path = workbook(
        tmp_path / "a.xlsx",
        {
            "Données": [
                ["Origine", "Destination", "Valeur"],
                ["Forêt", "Scierie", 10],
                ["forêt", "scierie", 3],
            ]
        },
    )
    f = io.read_opensankey(path)
    assert f.actors["name"].tolist() == ["Forêt", "Scierie", "forêt", "scierie"]
    assert [row for row in told(f) if row[0] == "same_id"] == [
        ("same_id", 3, "forêt"),
        ("same_id", 3, "scierie"),
    ]


@pytest.mark.parametrize("file", FILES)
def test_no_flow_at_all(file, tmp_path):
    again, _ = there_and_back(cv.Filiere.from_tables(actors=ACTORS), tmp_path / file)
    assert len(again.flows) == 0
    assert isinstance(again.flows, pd.DataFrame)
