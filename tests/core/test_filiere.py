"""The filière itself: frozen, copied when changed, seen at a year or from a territory."""

from __future__ import annotations

import copy
import pickle

import pandas as pd
import pytest

from chaine_valeur import schema
from chaine_valeur.errors import UnknownNameError, ValidationError
from chaine_valeur.filiere import Filiere
from chaine_valeur.provenance import hypothesis_share, provenance, rests_on_hypothesis

from .hand import TABLES, by_hand


def test_nothing_can_be_changed():
    f = by_hand()
    with pytest.raises(AttributeError, match="frozen"):
        f.actors = None
    frame = f.actors
    frame.loc["tri", "name"] = "X"
    frame["status"] = "closed"
    assert f.actors.loc["tri", "name"] == "Tri"
    assert f.actors.loc["tri", "status"] == "active"
    with pytest.raises(TypeError):
        f.set_aside["actors"] = None  # type: ignore[index]
    with pytest.raises(TypeError):
        hash(f)


def test_arguments_are_not_changed():
    actors = pd.DataFrame({"name": ["A", "A"], "pole": ["zorg", None]})
    before = actors.copy(deep=True)
    Filiere.from_tables(strict=False, actors=actors)
    pd.testing.assert_frame_equal(actors, before)


def test_tables_are_attributes():
    f = by_hand()
    assert set(schema.tables()) <= set(dir(f))
    assert f.flows.index.name == "flow_id"
    assert list(f)[:3] == ["filiere", "territories", "stages"]
    assert "outcomes" not in list(f)
    with pytest.raises(AttributeError, match="actors"):
        _ = f.actor
    with pytest.raises(UnknownNameError, match="flows"):
        f.table("flow")


def test_what_it_gives_can_be_given_back():
    f = by_hand()
    again = Filiere.from_tables(**{name: f.table(name) for name in f})
    assert again == f
    assert f != by_hand(groups={"name": ["GT", "Autre"]})
    assert f != "f"
    assert pickle.loads(pickle.dumps(f)) == f
    assert copy.deepcopy(f) == f


def test_with_table_and_rows():
    f = by_hand()
    g = f.with_rows(
        "actors", {"actor_id": ["tri", None], "name": ["Tri bis", "Neuf"], "status": ["en projet", None]}
    )
    assert g.actors.loc["tri", "name"] == "Tri bis"
    assert "neuf" in g.actors.index
    assert f.actors.loc["tri", "name"] == "Tri"
    assert len(g.cooperations) == len(f.cooperations)
    h = f.with_table("groups", pd.DataFrame({"group_id": ["gt"], "name": ["Groupe"]}))
    assert h.groups["name"].tolist() == ["Groupe"]
    with pytest.raises(ValidationError):
        f.with_rows("flows", {"source": ["Tri"], "target": ["Zorglub"]})
    loose = f.with_rows("flows", {"source": ["Tri"], "target": ["Zorglub"]}, strict=False)
    assert len(loose.set_aside["flows"]) == 1
    assert "unknown_reference" in set(loose.problems["code"])


def test_without_takes_along_what_refers_to_it():
    f = by_hand().without_actors("tri")
    assert "tri" not in f.actors.index
    assert list(f.flows.index) == ["f1", "f4", "gone"]  # f3 and f5 start there, f2 and f2-old end there
    assert list(f.cooperations.index) == ["c4"]
    assert not f.set_aside
    with pytest.raises(UnknownNameError, match="tri"):
        by_hand().without_actors("trie")
    # a flow goes, the declarations that hang on it go with it
    assert "f2-old" not in by_hand().without_rows("flows", "f2").flows.index


def test_at_a_year():
    f = by_hand().at(2019)
    assert f.year == 2019
    assert list(f.flows.index) == ["f5"]
    assert "c4" in f.cooperations.index
    assert "c4" not in by_hand().at(2022).cooperations.index
    assert list(by_hand().at(2022).territories["commune_code"]) == ["76384", "14118"]
    assert by_hand(actors={**TABLES["actors"], "since": [None, 2021] + [None] * 6}).at(
        2020
    ).flows.index.tolist() == ["f5"]
    assert "2019" in repr(f)
    assert list(f.sources.index) == ["entretien"]  # the year of a source is no year of the filière


def test_within_a_territory():
    f = by_hand()
    assert f.is_local().tolist()[:4] == [True, True, False, False]
    assert pd.isna(f.is_local()["atelier"])
    caen = f.within("R")
    assert caen.territory_id == "R"
    assert caen.is_local()["filature"]
    assert not caen.is_local()["tri"]
    town = f.within("76384")
    assert town.is_local()["ccvs"]
    assert f.territory_id == "T"
    with pytest.raises(UnknownNameError, match="76384"):
        f.within("76385")
    nowhere = Filiere.from_tables(actors={"name": ["A", "B"], "actor_type": [None, "extérieur"]})
    assert nowhere.is_local().tolist() == [pd.NA, False]
    by_name = by_hand(actors={"name": ["X"], "commune_name": ["LILLEBONNE"]}, activities=None, flows=None,
                      cooperations=None, memberships=None, cell_sources=None)  # fmt: skip
    assert by_name.is_local().tolist() == [True]


def test_who_is_in_the_territory_may_be_said_where_the_commune_is_not_known():
    # Collecte SA lies in Lillebonne (76384), in T: its commune prevails; of Atelier nobody knows the commune
    said = [None, "non", None, None, "oui", None, None, None]
    f = by_hand(actors={**TABLES["actors"], "in_territory": said})
    assert f.is_local()[["collecte-sa", "atelier"]].tolist() == [True, True]
    # what was said of T says nothing of R
    assert f.within("R").is_local()["atelier"] is pd.NA
    assert f.within("T").is_local()["atelier"]
    assert f.at(2022).is_local()["atelier"]


def test_rows_can_be_found_again():
    f = by_hand()
    assert f.where("flows", ["f3"]).to_numpy().tolist() == [["Flux", 5]]
    assert f.without_actors("ancien").where("flows", ["f5"])["row"].item() == 7  # where it was first read
    assert f.with_rows("groups", {"name": ["Neuf"]}).where("groups").loc["gt", "row"] == 2
    assert Filiere.from_tables(actors={"name": ["A"]}).where("flows").empty


def test_it_is_shown_without_harm():
    evil = "<script>alert(1)</script>"
    f = Filiere.from_tables(strict=False, actors={"name": [evil, None]}, filiere={"name": [evil]})
    assert evil in repr(f)
    shown = f._repr_html_()
    assert "<script>" not in shown
    assert "&lt;script&gt;" in shown
    assert "1 ligne mise de côté" in shown
    assert "1 erreur" in shown
    assert "2 actors" not in repr(f)
    assert "(1 rows set aside)" in repr(f)
    assert "Filière sans nom" in Filiere.from_tables(actors={"name": []})._repr_html_()
    assert "2019" in by_hand().at(2019)._repr_html_()


def test_provenance_of_rows_and_cells():
    f = by_hand()
    assert provenance(f, "flows").loc["f1", "confidence"] == "measured"
    cell = provenance(f, "flows", column="quantity_t_per_year").loc["f1"]
    assert (cell["confidence"], cell["source_id"]) == ("estimated", "entretien")
    assert provenance(f, "flows", column="share").loc["f1", "confidence"] == "measured"
    # a flow is there for its quantity: what is said of that cell counts, unless another is asked for
    soft = [True, False, True, True, False, False, False]
    assert rests_on_hypothesis(f, "flows").tolist() == soft
    assert rests_on_hypothesis(f, "flows", column="share").tolist() == [False, *soft[1:]]
    assert provenance(f, "sources").isna().all(axis=None)


def test_share_of_hypotheses():
    f = by_hand()
    rows = {"flows": ["f1", "f2", "f3"]}
    assert hypothesis_share(f, rows) == pytest.approx(2 / 3)  # f3, and f1 for its quantity
    # by weight: f1 (60, its cell estimated) and f3 (30) of 140
    assert hypothesis_share(f, rows, values={"flows": "quantity_t_per_year"}) == pytest.approx(90 / 140)
    assert pd.isna(hypothesis_share(f, {}))
    assert pd.isna(hypothesis_share(f, {"sources": ["entretien"]}))
    both = {"flows": ["f3"], "activities": f.activities.index}
    assert hypothesis_share(f, both) == pytest.approx(1 / 7)


def test_a_perimeter_unknown_at_a_year_keeps_the_bounds_it_has():
    rows = {"territory_id": ["T", "R"], "commune_code": ["76384", "14118"], "since": [2017, None]}
    f = by_hand(territories=rows).at(2009)
    assert f.territory_id == "T"
    assert list(f.territories["commune_code"]) == ["76384", "14118"]


def test_a_changed_copy_does_not_read_its_cells_again():
    f = by_hand()
    again = f.with_table("groups", f.groups)
    assert again == f
    assert again.actors.dtypes.equals(f.actors.dtypes)
    assert f.at(2022).at(2022) == f.at(2022)


def test_a_declaration_outlives_one_of_another_year():
    f = Filiere.from_tables(
        actors={"name": ["A", "B"]},
        flows={"flow_id": ["x", "y"], "source": ["A", "A"], "target": ["B", "B"], "year": [2019, 2020],
               "quantity_t_per_year": [5, 6], "same_flow_as": [None, "x"]},
    ).at(2020)  # fmt: skip
    assert f.flows.index.tolist() == ["y"]
    assert f.flows["same_flow_as"].isna().all()


def test_columns_may_be_headed_as_on_a_sheet():
    """A frame that pandas read off a workbook bears its headers; the name of the schema goes first."""
    headed = {
        "actors": {"Nom": ["Relais", "Filature"], "Pôle": ["ESS", "Entreprises"]},
        "flows": {"Départ": ["Relais"], "Arrivée": ["Filature"], "Tonnage (t/an)": ["12,5"]},
    }
    named = {
        "actors": {"name": ["Relais", "Filature"], "pole": ["ESS", "Entreprises"]},
        "flows": {"source": ["Relais"], "target": ["Filature"], "quantity_t_per_year": ["12,5"]},
    }
    f = Filiere.from_tables(**headed)
    assert f == Filiere.from_tables(**named)
    assert f.with_rows("actors", {"Nom": ["Tri"]}) == f.with_rows("actors", {"name": ["Tri"]})
    assert f.with_table("actors", pd.DataFrame(headed["actors"])) == f

    both = Filiere.from_tables(actors={"name": ["Relais"], "Nom": ["autre"], "Rencontré par": ["Paul"]})
    assert both.actors["name"].tolist() == ["Relais"]
    assert both.actors[["Nom", "Rencontré par"]].to_numpy().tolist() == [["autre", "Paul"]]
    with pytest.raises(ValidationError, match=r"Flux, ligne\s2, Tonnage \(t/an\) · «\speu\s» n’est pas"):
        Filiere.from_tables(
            actors=headed["actors"], flows={"De": ["Relais"], "Vers": ["Filature"], "Tonnage (t/an)": ["peu"]}
        )


def test_what_names_the_rows_of_a_frame_may_be_headed_as_on_a_sheet():
    names = pd.DataFrame({"Nom": ["Relais", "Filature"]}, index=pd.Index(["x1", "x2"], name="Identifiant"))
    assert Filiere.from_tables(actors=names).actors["name"].to_dict() == {"x1": "Relais", "x2": "Filature"}
    levels = pd.MultiIndex.from_tuples([("x1", "a"), ("x2", "b")], names=["actor_id", "lot"])
    assert Filiere.from_tables(actors=names.set_index(levels)).actors.index.tolist() == ["x1", "x2"]
    named = pd.DataFrame({"Pôle": ["ESS"]}, index=pd.Index(["Relais"], name="Nom"))
    assert Filiere.from_tables(actors=named).actors["name"].tolist() == ["Relais"]

    f = Filiere.from_tables(
        actors=names,
        flows={"flow_id": ["f1"], "source": ["x1"], "target": ["x2"], "quantity_t_per_year": [3]},
    )
    again = pd.DataFrame(
        {"De": ["x1"], "Vers": ["x2"], "Tonnage (t/an)": [9]}, index=pd.Index(["f1"], name="Identifiant")
    )
    assert f.with_rows("flows", again).flows["quantity_t_per_year"].to_dict() == {"f1": 9.0}


def test_rows_are_found_by_identifiers_written_in_any_way():
    f = Filiere.from_tables(actors={"actor_id": [1, "Étang", "b"], "name": ["A", "B", "C"]})
    assert f.with_rows("actors", {"actor_id": [1.0, "E\u0301tang "], "name": ["A2", "B2"]}).actors[
        "name"
    ].to_dict() == {"1": "A2", "Étang": "B2", "b": "C"}
    assert f.without_rows("actors", [1, "E\u0301tang"]).actors.index.tolist() == ["b"]


def test_a_column_of_the_users_own_stays_so_whatever_a_header_means():
    f = Filiere.from_tables(
        actors={"name": ["A", "B"]},
        flows={"source": ["A"], "target": ["B"], "quantity_t_per_year": [3], "Quantité": ["un lot"]},
    )
    more = f.with_rows("flows", {"De": ["B"], "Vers": ["A"], "Quantité": ["deux lots"]})
    assert more.flows["Quantité"].tolist() == ["un lot", "deux lots"]
    assert more.flows["quantity_t_per_year"].isna().tolist() == [False, True]
    with pytest.raises(UnknownNameError, match="two columns called 'name'"):
        f.with_rows("actors", pd.DataFrame([["C", "D"]], columns=["name", "name"]))


def test_a_cell_may_hold_anything():
    f = Filiere.from_tables(actors={"name": [{"nom": "A"}, "B"]})
    assert f.actors["name"].tolist() == ["{'nom': 'A'}", "B"]
