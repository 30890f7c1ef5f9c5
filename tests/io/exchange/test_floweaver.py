"""floweaver: what is written as it reads it, and the CSV files of anybody."""

from __future__ import annotations

import floweaver
import pandas as pd
import pytest

import chaine_valeur as cv
from chaine_valeur import io
from chaine_valeur.io.files import removed

from .making import known, small, told


def as_floweaver_reads(folder, *, dims=("process", "material", "time")):
    """Return flows joined with their dimensions, as `floweaver.Dataset.from_csv` joins them; ids are unique."""
    flows = pd.read_csv(folder / "flows.csv")
    joined = flows
    for dim in dims:
        table = pd.read_csv(folder / f"dim_{dim}.csv").set_index("id")
        assert table.index.is_unique, f"dim_{dim} index not unique"
        for column in ("source", "target") if dim == "process" else (dim,):
            assert set(flows[column]) <= set(table.index), f"ids of {column} that dim_{dim} does not have"
            joined = joined.join(table.add_prefix(f"{column}."), on=column)
    return joined


@pytest.fixture(scope="module")
def folder(tmp_path_factory):
    return io.write_floweaver(small(), tmp_path_factory.mktemp("floweaver"), lang="en").path


def test_the_files_are_those_that_floweaver_asks_for(folder):
    flows = as_floweaver_reads(folder)
    first = ["source", "target", "material", "time", "value"]
    assert list(flows.columns[:5]) == first
    # f1 to f4; the blank end is a process, the year that f4 does not state is a time of its own
    assert flows[first].to_numpy().tolist() == [
        ["relais", "tri", "laine", "2023", 12.5],
        ["relais", "tri", "jean", "2023", 3.0],
        ["outside", "tri", "laine", "2024", 40.0],
        ["tri", "mairie", "laine", "unspecified", 0.0],
    ]
    # no blank in a dimension: pandas drops such rows when floweaver groups them
    assert flows[first].notna().all().all()
    assert flows["source.type"].fillna("").tolist() == ["organisation", "organisation", "", "organisation"]
    assert flows["source.sector"].fillna("").tolist() == ["ess", "ess", "", "enterprise"]
    assert flows["material.name"].tolist() == ["Laine usagée", "Jean", "Laine usagée", "Laine usagée"]


def woven(folder, layers, materials):
    """Return the links that floweaver itself draws from layer to layer, an actor each and a colour per material."""
    files = ("flows.csv", "dim_process.csv", "dim_material.csv", "dim_time.csv")
    dataset = floweaver.Dataset.from_csv(*(str(folder / name) for name in files))
    names = [f"layer {place}" for place in range(len(layers))]
    nodes = {
        name: floweaver.ProcessGroup(actors, floweaver.Partition.Simple("process", actors))
        for name, actors in zip(names, layers, strict=True)
    }
    definition = floweaver.SankeyDefinition(
        nodes,
        [floweaver.Bundle(one, other) for one, other in zip(names, names[1:], strict=False)],
        [[name] for name in names],
        flow_partition=floweaver.Partition.Simple("material.name", materials),
    )
    links = floweaver.weave(definition, dataset).links
    return {
        (link.source.partition("^")[2], link.target.partition("^")[2], link.type): float(link.data["value"])
        for link in links
    }


def test_floweaver_itself_draws_the_flows(folder):
    layers = [["relais", "outside"], ["tri"], ["mairie"]]
    assert woven(folder, layers, ["Laine usagée", "Jean"]) == {
        ("relais", "tri", "Laine usagée"): 12.5,
        ("relais", "tri", "Jean"): 3.0,
        ("outside", "tri", "Laine usagée"): 40.0,
        ("tri", "mairie", "Laine usagée"): 0.0,
    }


def test_floweaver_draws_an_example_as_its_flows_add_up(tmp_path):
    f = cv.datasets.load("exemple_complet").at(2024)
    folder = io.write_floweaver(f, tmp_path).path
    net = f.network
    known = net.flow_t == net.flow_t  # the unknown ones cannot be drawn
    ends = [*net.actor_ids, "outside"]
    source, target = ([ends[place] for place in codes[known]] for codes in (net.flow_source, net.flow_target))
    first = sorted(set(source) - set(target))
    drawn = woven(folder, [first, sorted(set(target))], f.materials["name"].tolist())
    expected: dict[tuple[str, str], float] = {}
    for one, other, t in zip(source, target, net.flow_t[known].tolist(), strict=True):
        if one in first:
            expected[one, other] = expected.get((one, other), 0.0) + t
    found: dict[tuple[str, str], float] = {}
    for (one, other, _), t in drawn.items():
        found[one, other] = found.get((one, other), 0.0) + t
    assert len(expected) > 3
    assert found == pytest.approx(expected)


def test_functions_are_the_stages_of_the_actor(tmp_path):
    f = small().with_rows(
        "activities", {"actor_id": ["relais", "relais", "tri"], "stage_id": ["collecte", "tri-st", "tri-st"]}
    )
    processes = pd.read_csv(io.write_floweaver(f, tmp_path).path / "dim_process.csv").set_index("id")
    assert processes["function"].fillna("").to_dict() == {
        "relais": "Collecte;Tri",
        "tri": "Tri",
        "filature": "",
        "mairie": "",
        "outside": "",
    }


def test_each_flow_that_counts_once(tmp_path):
    f = cv.Filiere.from_tables(
        actors={"name": ["A", "B"]},
        materials={"name": ["Balles"], "unit": ["balle"], "t_per_unit": [0.5]},
        flows={
            "flow_id": ["a", "same", "planned", "unknown", "bales"],
            "source": ["A"] * 5,
            "target": ["B"] * 5,
            "material_id": [None, None, None, None, "Balles"],
            "quantity_t_per_year": [10, 11, 50, None, None],
            "natural_quantity_per_year": [None, None, None, None, 8],
            "confidence": ["measured", "estimated", None, None, None],
            "same_flow_as": [None, "a", None, None, None],
            "status": ["active", "active", "planned", "active", "active"],
        },
    )
    written = io.write_floweaver(f, tmp_path, lang="en")
    flows = as_floweaver_reads(tmp_path, dims=("process", "material"))
    # the measured one of two declarations; 8 bales of 0.5 t are 4 t; what is planned or unknown is not there
    assert flows.set_index("flow_id")["value"].to_dict() == {"a": 10.0, "bales": 4.0}
    left = written.left_out[written.left_out["column"] == ""]
    assert left[["table", "rows"]].to_numpy().tolist() == [["flows", 2], ["flows", 1]]
    assert "another declaration" in left["reason"].iloc[0]
    assert "blank for zero" in left["reason"].iloc[1]
    # read again the bales are bales, not tonnes
    again = io.read_floweaver(written)
    assert known(again.flows["quantity_t_per_year"]) == [10.0, None]
    assert known(again.flows["natural_quantity_per_year"]) == [None, 8.0]


def test_no_cell_is_run_by_a_spreadsheet(tmp_path):
    f = cv.Filiere.from_tables(
        actors={"actor_id": ["=1+1", "b"], "name": ["=cmd|' /C calc'!A0", 'say "so", then\nmore']},
        flows={"source": ["=1+1"], "target": ["b"], "quantity_t_per_year": [1]},
    )
    written = io.write_floweaver(f, tmp_path)
    assert pd.read_csv(tmp_path / "dim_process.csv")["id"].tolist() == ["'=1+1", "b"]
    assert io.read_floweaver(written) == f


@pytest.mark.parametrize(
    "name",
    [
        "date", "Date", "temps", "time", "TIME", "Année civile", "year_", "product", "Matière", "type", "material",
        "source", "vers", "valeur", "value", "Quantité", "table", "_table", "unspecified",
    ],
)  # fmt: skip
@pytest.mark.parametrize("table", ["actors", "materials", "flows"])
def test_no_column_of_the_users_own_is_taken_for_one_of_the_format(name, table, tmp_path):
    tables = {
        "actors": {"actor_id": ["a", "b"], "name": ["A", "B"]},
        "materials": {"material_id": ["m"], "name": ["M"]},
        "flows": {
            "source": ["a"],
            "target": ["b"],
            "quantity_t_per_year": [3.0],
            "material_id": [None],
            "year": [None],
        },
    }
    tables[table][name] = ["2020-05-01"] + [None] * (table == "actors")
    if table == "materials":
        tables["flows"]["material_id"] = ["m"]
    else:
        del tables["materials"]
    f = cv.Filiere.from_tables(**tables, strict=False)
    assert name in f.table(table) or table != "flows"
    assert io.read_floweaver(io.write_floweaver(f, tmp_path)) == f


def test_columns_called_like_those_of_flows_do_not_make_the_actors_flows(tmp_path):
    f = cv.Filiere.from_tables(
        actors={
            "actor_id": ["a", "b"],
            "name": ["A", "B"],
            "de": ["x", "y"],
            "vers": ["y", "z"],
            "flux": [1, 2],
        },
        flows={"source": ["a"], "target": ["b"], "quantity_t_per_year": [3]},
    )
    assert io.read_floweaver(io.write_floweaver(f, tmp_path)) == f


def test_dimensions_of_an_earlier_writing_are_removed_and_nothing_else(tmp_path):
    ends = {"source": ["a"], "target": ["b"], "quantity_t_per_year": [3]}
    actors = {"actor_id": ["a", "b"], "name": ["A", "B"]}
    full = cv.Filiere.from_tables(
        actors=actors,
        materials={"material_id": ["m"], "name": ["M"]},
        flows={**ends, "material_id": ["m"], "year": [2020]},
    )
    bare = cv.Filiere.from_tables(actors=actors, flows=ends)
    io.write_floweaver(full, tmp_path)
    (tmp_path / "notes.csv").write_text("Nom;Note\nA;x\n", encoding="utf-8")
    io.write_floweaver(bare, tmp_path)
    assert sorted(one.name for one in tmp_path.iterdir()) == ["dim_process.csv", "flows.csv", "notes.csv"]
    assert io.read_floweaver(tmp_path) == bare
    (tmp_path / "dim_time.csv").mkdir()  # a folder is no file of ours
    io.write_floweaver(bare, tmp_path)
    assert (tmp_path / "dim_time.csv").is_dir()


def test_a_file_that_is_out_of_date_and_stays_is_told(tmp_path, monkeypatch):
    (tmp_path / "dim_time.csv").write_text("id\n2020\n", encoding="utf-8")

    def locked(self, *_, **__):
        raise PermissionError

    monkeypatch.setattr("pathlib.Path.unlink", locked)
    with pytest.raises(cv.UnreadableFileError, match=r"dim_time\.csv.*remove it yourself"):
        removed(tmp_path / "dim_time.csv", lang="en")


def test_whole_numbers_that_no_float_holds_stay_as_they_are(tmp_path):
    numbers = {"id_1": 2**53 + 1, "id_2": 2**63, "id_3": 10**17, "id_4": 2**53 - 1, "id_5": -(2**60) - 1}
    f = cv.Filiere.from_tables(
        actors={"actor_id": ["a", "b"], "name": ["A", "B"], **{k: [v, v] for k, v in numbers.items()}},
        flows={"source": ["a"], "target": ["b"], "quantity_t_per_year": [3], "part": [0.1]},
    )
    again = io.read_floweaver(io.write_floweaver(f, tmp_path))
    assert again == f
    assert again.actors.loc["a", list(numbers)].tolist() == [
        "9007199254740993", "9223372036854775808", "100000000000000000", 9007199254740991.0, "-1152921504606846977",
    ]  # fmt: skip
    # so in files of anybody, whatever the form of the number
    text = "source,target,value,fin,grand,juste\na,b,1,0.1000000000000000055,1e400,1.50\n"
    (tmp_path / "other.csv").write_text(text, encoding="utf-8")
    row = io.read_floweaver(tmp_path / "other.csv").flows.iloc[0]
    assert row[["fin", "grand", "juste"]].tolist() == ["0.1000000000000000055", "1e400", 1.5]


@pytest.mark.parametrize("stated", [["unspecified", None], ["unspecified", "unspecified"], [None, "m"]])
def test_a_material_that_is_called_unspecified(stated, tmp_path):
    f = cv.Filiere.from_tables(
        actors={"actor_id": ["a", "b"], "name": ["A", "B"]},
        materials={"material_id": ["unspecified", "unspecified_", "m"], "name": ["Divers", "Autres", "Jean"]},
        flows={
            "source": ["a", "b"],
            "target": ["b", "a"],
            "quantity_t_per_year": [3, 4],
            "material_id": stated,
        },
    )
    folder = io.write_floweaver(f, tmp_path)
    assert io.read_floweaver(folder) == f
    written = pd.read_csv(tmp_path / "flows.csv")["material"].tolist()
    assert written == [one or "unspecified__" for one in stated]
    as_floweaver_reads(tmp_path, dims=("process", "material"))


# -- files of anybody -----------------------------------------------------------------------------------


def files(folder, **texts):
    for name, text in texts.items():
        (folder / f"{name}.csv").write_text(text, encoding="utf-8")
    return folder


def test_the_quickstart_with_a_type_and_no_dimension(tmp_path):
    f = io.read_floweaver(
        files(tmp_path, flows="source,target,type,value\nfarm1,Mary,apples,5\nfarm1,James,bananas,3\n")
    )
    assert f.actors["name"].tolist() == ["farm1", "Mary", "James"]
    assert f.materials["name"].tolist() == ["apples", "bananas"]
    assert f.flows["quantity_t_per_year"].tolist() == [5.0, 3.0]
    assert told(f) == []


@pytest.mark.parametrize("encoding", ["utf-8", "utf-8-sig", "utf-16", "cp1252"])
@pytest.mark.parametrize("separator", [",", ";", "\t"])
def test_any_encoding_separator_and_order(encoding, separator, tmp_path):
    rows = [
        ["Value", "TARGET", "Time", "Source", "material", "Lot"],
        ["3,5" if separator != "," else "3.5", "Régie", "2021", "Île", "Étoupe", "A"],
    ]
    text = "\n".join(separator.join(row) for row in rows)
    (tmp_path / "Flux.csv").write_bytes(text.encode(encoding))
    f = io.read_floweaver(tmp_path / "Flux.csv")
    row = f.flows.iloc[0]
    assert (row["quantity_t_per_year"], row["year"], row["Lot"]) == (3.5, 2021, "A")
    assert f.actors["name"].tolist() == ["Île", "Régie"]
    assert f.materials["name"].tolist() == ["Étoupe"]


def test_dimensions_are_joined_and_what_they_lack_is_said(tmp_path):
    f = io.read_floweaver(
        files(
            tmp_path,
            flows="source,target,material,time,value\nfarm1,shop,m1,2011,5\nfarm9,shop,m2,winter,2\n",
            dim_process="id,type,function,Collège\nfarm1,farm,growing,Élus\nshop,retail,selling,\n",
            dim_material="id,name,unit\nm1,Pommes,t\n",
            dim_time="id,season\n2011,dry\n",
        )
    )
    assert f.actors["name"].tolist() == ["farm1", "shop", "farm9"]
    # headers of the model are taken, the others kept
    assert f.actors["pole"].fillna("").tolist() == ["elected", "", ""]
    assert f.actors["type"].fillna("").tolist() == ["farm", "retail", ""]
    assert f.materials["name"].to_dict() == {"m1": "Pommes", "m2": "m2"}
    assert f.flows["year"].fillna(0).tolist() == [2011, 0]
    assert f.flows["time"].fillna("").tolist() == ["", "winter"]
    assert sorted(told(f), key=str) == [("created_from_use", 3, "farm9"), ("left_out", None, "season")]


def test_twice_in_a_dimension_and_rows_that_cannot_be_used(tmp_path):
    folder = files(
        tmp_path,
        flows="source,target,value\na,b,1\na,b,1\na,,4\na,b,beaucoup\n",
        dim_process="id,name\na,Alpha\nb,Bêta\na,Encore\n",
    )
    f = io.read_floweaver(folder, strict=False)
    codes = [row[:2] for row in told(f)]
    assert ("duplicate_id", 4) in codes
    assert ("blank_end", 4) in codes
    assert ("not_a_number", 5) in codes
    # the same row twice is said: nobody can tell whether it is one flow or two
    assert any(code == "double_declaration" for code, _ in codes)
    assert known(f.flows["quantity_t_per_year"]) == [1.0, 1.0, None]
    with pytest.raises(cv.ValidationError):
        io.read_floweaver(folder)


def test_files_without_flows_are_refused(tmp_path):
    with pytest.raises(cv.UnreadableFileError, match="source, target"):
        io.read_floweaver(files(tmp_path, dim_process="id\na\n"), lang="en")
    with pytest.raises(cv.UnreadableFileError):
        io.read_floweaver(tmp_path / "absent.csv")


def test_a_day_is_kept_beside_its_year_and_the_year_beside_another_time(tmp_path):
    f = io.read_floweaver(files(tmp_path, flows="source,target,time,value\na,b,2020-05-01,1\na,b,2021.0,2\n"))
    assert f.flows["year"].tolist() == [2020, 2021]
    assert f.flows["time"].fillna("").tolist() == ["2020-05-01", ""]
    f = io.read_floweaver(files(tmp_path, flows="source,target,time,year,value\na,b,hiver,2020-05,1\n"))
    assert f.flows[["year", "time", "time_"]].to_numpy().tolist() == [[2020, "hiver", "2020-05"]]


def test_names_of_the_model_come_before_those_of_the_format(tmp_path):
    text = "source,target,material_id,type,quantity_t_per_year,value\na,b,m,bleu,3,9\n"
    row = io.read_floweaver(files(tmp_path, flows=text)).flows.iloc[0]
    assert row[["material_id", "type", "quantity_t_per_year", "value"]].tolist() == ["m", "bleu", 3.0, 9.0]


def test_a_file_with_a_column_called_table_is_not_one_of_ours(tmp_path):
    f = io.read_floweaver(files(tmp_path, flows="Source;Target;Temps;Valeur;table\na;b;2020;3;ronde\n"))
    assert f.flows[["year", "quantity_t_per_year", "table"]].to_numpy().tolist() == [[2020, 3.0, "ronde"]]
