"""What counts, for programs that add rows up; and what is told of what does not."""

from __future__ import annotations

import copy
import os
import pickle

import pandas as pd
import pytest

import chaine_valeur as cv
from chaine_valeur import io
from chaine_valeur.io.exchange.quantities import counting_flows
from chaine_valeur.io.exchange.result import LEFT_OUT_COLUMNS, READING, left_out, problems_of
from chaine_valeur.io.exchange.sankey_model import Link, Sankey
from chaine_valeur.io.exchange.sankey_totals import once_each, without_totals
from chaine_valeur.language import tr
from chaine_valeur.problems import CODES

from .making import small


def counted(known=True, **flows):
    size = len(next(iter(flows.values())))
    f = cv.Filiere.from_tables(
        actors={"name": ["A", "B", "C"], "until": [None, None, 2020]},
        materials={"name": ["Balle", "Laine"], "unit": ["balle", "t"], "t_per_unit": [0.25, None]},
        flows={"flow_id": [f"f{n}" for n in range(size)], "source": ["A"] * size, "target": ["B"] * size}
        | flows,
    )
    return counting_flows(f, known=known)


def test_the_most_confident_declaration_counts():
    found = counted(
        quantity_t_per_year=[10, 11, 12],
        confidence=["estimated", "measured", "declared"],
        same_flow_as=[None, "f0", "f0"],
    )
    assert found.tonnes.to_dict() == {"f1": 11.0}
    assert [row[2] for row in found.left_out] == [2, 0]


def test_a_declaration_of_another_year_counts_in_its_own():
    # in 2023 only f0 speaks of the flow, in 2024 only f1: both count, each in its year
    found = counted(quantity_t_per_year=[10, 11], year=[2023, 2024], same_flow_as=[None, "f0"])
    assert found.tonnes.to_dict() == {"f0": 10.0, "f1": 11.0}


def test_natural_quantities_are_tonnes_of_their_material():
    found = counted(
        material_id=["Balle", "Laine", "Balle"],
        natural_quantity_per_year=[8, 3, None],
        quantity_t_per_year=[None, None, 7],
    )
    # 8 bales of 0.25 t; wool in tonnes; what is written in tonnes
    assert found.tonnes.to_dict() == {"f0": 2.0, "f1": 3.0, "f2": 7.0}


def test_what_is_unknown_is_left_out_only_where_it_would_be_zero():
    assert counted(quantity_t_per_year=[None, 0]).tonnes.to_dict() == {"f1": 0.0}
    kept = counted(known=False, quantity_t_per_year=[None, 0])
    assert kept.tonnes.index.tolist() == ["f0", "f1"]
    assert [row[2] for row in kept.left_out] == [0, 0]


def test_a_flow_to_an_actor_that_has_ended_does_not_count():
    found = counted(target=["C", "C"], year=[2019, 2024], quantity_t_per_year=[1, 2])
    assert found.tonnes.to_dict() == {"f0": 1.0}


def test_no_flow_at_all():
    f = cv.Filiere.from_tables(actors={"name": ["A"]})
    found = counting_flows(f, known=True)
    assert len(found.flows) == len(found.tonnes) == 0


# -- figures of a file ----------------------------------------------------------------------------------


def sankey(links, parents=(), names="abcdefg"):
    said = Sankey("f")
    for place, name in enumerate(names):
        said.add(name, "", "nodes", place + 2)
    said.parents = list(parents)
    for line, (source, target, quantity, *tags) in enumerate(links, start=2):
        own = {"quantity_t_per_year": quantity} if quantity is not None else {}
        said.links.append(Link(source, target, "data", line, own, dict(tags)))
    return said


def kept(said):
    problems, aside = problems_of("en"), []
    links = without_totals(said, once_each(said, problems, aside), problems, aside)
    assert len(aside) == len([code for code in problems.frame()["code"] if code != "same_id"])
    return [(link.source, link.target, link.said.get("quantity_t_per_year")) for link in links], aside


def test_a_total_of_either_end_or_of_both_goes():
    # a = b + c, d = e + f
    parents = [("b", "a"), ("c", "a"), ("e", "d"), ("f", "d")]
    links = [("a", "d", 10), ("a", "e", 4), ("b", "d", 6), ("b", "e", 3)]
    assert kept(sankey(links, parents))[0] == [("b", "e", 3)]
    assert kept(sankey(links[:3], parents))[0] == [("a", "e", 4), ("b", "d", 6)]
    assert kept(sankey(links[:1], parents))[0] == [("a", "d", 10)]


def test_totals_over_several_levels_and_several_parents():
    # c within b within a; c within g too
    parents = [("b", "a"), ("c", "b"), ("c", "g")]
    assert kept(sankey([("a", "d", 9), ("c", "d", 9)], parents))[0] == [("c", "d", 9)]
    assert kept(sankey([("g", "d", 9), ("c", "d", 9), ("b", "e", 1)], parents))[0] == [
        ("c", "d", 9),
        ("b", "e", 1),
    ]


def test_a_total_of_another_year_stays():
    parents = [("b", "a")]
    links = [("a", "d", 9, ("Year", ["2020"])), ("b", "d", 4, ("Year", ["2021"]))]
    assert kept(sankey(links, parents))[0] == [("a", "d", 9), ("b", "d", 4)]
    links[1] = ("b", "d", 4, ("Year", ["2020"]))
    found, aside = kept(sankey(links, parents))
    assert found == [("b", "d", 4)]
    # the row goes with its tonnage and its year
    said = {"year": "2020", "quantity_t_per_year": 9}
    assert aside == [("data", 2, "total_not_used", "a", "d", said)]


def test_a_second_figure_is_set_aside_and_a_blank_one_filled():
    found, aside = kept(
        sankey([("a", "b", 1), ("a", "b", 2), ("a", "c", None), ("a", "c", 3), ("b", "a", 4)])
    )
    assert found == [("a", "b", 1), ("a", "c", 3), ("b", "a", 4)]
    assert aside == [("data", 3, "same_in_file", "a", "b", {"quantity_t_per_year": 2})]


def test_parents_in_a_circle_end():
    found, _ = kept(sankey([("a", "c", 1), ("b", "c", 1)], [("a", "b"), ("b", "a")]))
    # each would be the total of the other: nothing is told of which, so that neither is added
    assert found == []


def test_a_total_stays_where_no_part_is_known():
    parents = [("b", "a"), ("c", "a")]
    found, aside = kept(sankey([("a", "d", 10), ("b", "d", None), ("c", "d", None)], parents))
    assert found == [("a", "d", 10)]
    assert [row[1:3] for row in aside] == [(3, "part_of_total"), (4, "part_of_total")]


def test_a_total_that_is_more_than_its_parts_is_told_with_its_tonnage():
    parents = [("b", "a"), ("c", "a")]
    # 4 t of the 10 t are told; the blank part stays unknown, and nothing is added to 10
    said = sankey([("a", "d", 10), ("b", "d", 4), ("c", "d", None)], parents)
    problems, aside = problems_of("en"), []
    found = without_totals(said, once_each(said, problems, aside), problems, aside)
    assert [(link.source, link.tonnes) for link in found] == [("b", 4.0), ("c", None)]
    assert [row[2:] for row in aside] == [("total_not_used", "a", "d", {"quantity_t_per_year": 10})]
    assert "more than its parts in this file (4\u00a0t)" in problems.frame()["message"].iloc[0]


def test_the_parts_of_parts_are_not_added_to_them():
    # a = b + c and b = e + f: the total of 10 is made up of 3 + 3 + 4
    parents = [("b", "a"), ("c", "a"), ("e", "b"), ("f", "b")]
    links = [("a", "d", 10), ("b", "d", 6), ("c", "d", 4), ("e", "d", 3), ("f", "d", 3)]
    found, aside = kept(sankey(links, parents))
    assert found == links[2:]
    assert {row[2] for row in aside} == {"aggregate_flow"}
    # 1 t is missing of b, and so of a
    found, aside = kept(sankey([*links[:4], ("f", "d", 2)], parents))
    assert {row[2] for row in aside} == {"total_not_used"}


# -- what is told ---------------------------------------------------------------------------------------


def test_left_out_is_in_the_order_of_the_filiere():
    f = small()
    frame = left_out(
        f, {"actors": ["name"], "flows": []}, lang="en", more=[("flows", "", 0, "x"), ("", "", 2, "Two.")]
    )
    assert list(frame.columns) == LEFT_OUT_COLUMNS
    assert frame["table"].drop_duplicates().tolist() == [
        "stages",
        "materials",
        "actors",
        "flows",
        "cooperations",
        "groups",
        "memberships",
        "",
    ]
    rows = frame.set_index(["table", "column"])["rows"]
    assert rows["cooperations", ""] == 2
    assert rows["actors", "since"] == 2
    # all actors are active, as a blank would say: nothing is lost
    assert ("actors", "status") not in rows
    assert frame.iloc[-1].tolist() == ["", "", 2, "Two."]


def test_a_default_among_others_is_lost():
    f = cv.Filiere.from_tables(actors={"name": ["A", "B"], "status": ["active", "planned"]})
    assert left_out(f, {"actors": ["name"]}, lang="en")[["column", "rows"]].to_numpy().tolist() == [
        ["status", 2]
    ]


def test_nothing_is_left_out_of_what_is_carried():
    frame = left_out(small(), {name: list(small().table(name).columns) for name in small()}, lang="fr")
    assert frame.empty
    assert frame.dtypes.astype(str).to_dict() == {
        "table": "str",
        "column": "str",
        "rows": "int64",
        "reason": "str",
    }


def test_reasons_are_said_in_the_language(tmp_path):
    said = {
        lang: io.write_floweaver(small(), tmp_path / lang, lang=lang).left_out["reason"].iloc[0]
        for lang in ("fr", "en")
    }
    assert said["en"] == "The format has no place for this table."
    assert said["fr"] == "Le format n’a pas de place pour cette table."


def test_what_was_written_is_a_path(tmp_path):
    written = io.write_gexf(small(), tmp_path / "a.gexf")
    assert os.fspath(written) == str(written) == str(tmp_path / "a.gexf")
    assert written.files == (tmp_path / "a.gexf",)
    for same in (pickle.loads(pickle.dumps(written)), copy.deepcopy(written)):
        assert same == written
        pd.testing.assert_frame_equal(same.left_out, written.left_out)
    folder = io.write_floweaver(small(), tmp_path / "fw")
    assert folder.path == tmp_path / "fw"
    assert [file.name for file in folder.files] == [
        "flows.csv",
        "dim_process.csv",
        "dim_material.csv",
        "dim_time.csv",
    ]
    with pytest.raises(AttributeError):
        written.path = tmp_path


@pytest.mark.parametrize("form", ["gexf", "graphml", "kumu", "opensankey"])
def test_the_same_filiere_gives_the_same_bytes(form, tmp_path):
    names = ["a.json", "b.json"] if form in ("kumu", "opensankey") else ["a", "b"]
    files = [getattr(io, f"write_{form}")(small(), tmp_path / name).path.read_bytes() for name in names]
    assert files[0] == files[1]


def test_what_a_reader_may_find_has_a_sentence_in_both_languages():
    own = {code: said for code, said in READING.items() if code not in CODES}
    assert len(own) == 17
    for _, (severity, sentence) in own.items():
        assert severity in {"error", "warning", "notice"}
        assert tr(sentence, "fr") != sentence


def test_a_name_that_is_locked_or_a_folder(tmp_path):
    for write in (io.write_gexf, io.write_graphml, io.write_kumu, io.write_opensankey):
        with pytest.raises(cv.UnreadableFileError):
            write(small(), tmp_path)
    (tmp_path / "file").write_text("x", encoding="utf-8")
    with pytest.raises(cv.UnreadableFileError):
        io.write_floweaver(small(), tmp_path / "file")
