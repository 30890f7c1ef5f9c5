"""The class: what goes in comes out, in the order in which it came, under its code."""

from __future__ import annotations

import pickle

import numpy as np
import pandas as pd
import pytest

from chaine_valeur.errors import ArgumentError, UnknownNameError
from chaine_valeur.filiere import Filiere
from chaine_valeur.portfolio import Portfolio
from chaine_valeur.schema import table, tables

from .making import assert_same, faulty, odd, small


@pytest.fixture(scope="module")
def filieres() -> dict[str, Filiere]:
    return {"Caux": small(), "faulty": faulty(), "odd": odd(), "b 2": small("Laine", tonnes=None, year=2023)}


@pytest.fixture(scope="module")
def p(filieres: dict[str, Filiere]) -> Portfolio:
    return Portfolio.from_filieres(filieres, sources={"Caux": "caux.xlsx"})


def test_each_filiere_comes_out_as_it_went_in(p: Portfolio, filieres: dict[str, Filiere]) -> None:
    assert list(p) == list(filieres)
    assert len(p) == 4
    for code, f in filieres.items():
        assert_same(p[code], f)
    assert dict(p.items()) == filieres


def test_a_filiere_of_a_portfolio_can_be_changed_and_seen_from_elsewhere(p: Portfolio) -> None:
    assert len(p["Caux"].without_actors("relais").flows) == 0
    assert p["Caux"].within("bray").is_local().tolist() == [False, True]


def test_codes(p: Portfolio) -> None:
    assert p.codes.name == "filiere_code"
    assert p.codes.dtype == "str"
    assert "Caux" in p
    assert "caux" not in p
    with pytest.raises(UnknownNameError, match="no filière 'Cau' in the portfolio; did you mean: Caux"):
        p["Cau"]


def test_a_table_is_that_of_each_filiere_under_another(p: Portfolio, filieres: dict[str, Filiere]) -> None:
    flows = p.table("flows")
    assert list(flows.columns[:2]) == ["filiere_code", "flow_id"]
    assert list(flows.columns[1:]) == [table("flows").key, *filieres["Caux"].flows.columns]
    assert flows.index.equals(pd.RangeIndex(3))
    assert flows["filiere_code"].tolist() == ["Caux", "faulty", "b 2"]
    assert flows["filiere_code"].cat.categories.equals(p.codes)
    assert flows["quantity_t_per_year"].to_numpy()[:2].tolist() == [12.5, 1.5]
    assert np.isnan(flows["quantity_t_per_year"].iat[2])
    assert flows["source"].tolist() == ["relais"] * 3
    assert p.offsets("flows").tolist() == [0, 1, 2, 2, 3]
    assert p.offsets("flows").dtype == np.int64


@pytest.mark.parametrize("name", ["actors", "flows", "territories", "groups"])
def test_the_columns_of_a_table_have_the_dtypes_of_the_schema(p: Portfolio, filieres, name: str) -> None:
    stacked, single = p.table(name), filieres["Caux"].table(name)
    assert {c: str(stacked[c].dtype) for c in single} == {c: str(d) for c, d in single.dtypes.items()}
    if not len(single):
        assert len(stacked) == 0
        assert p.offsets(name).tolist() == [0] * 5


def test_columns_of_the_users_own_are_there_for_all(p: Portfolio) -> None:
    actors = p.table("actors")
    assert list(actors.columns[-4:]) == ["Effectif", "Vu le", "Membre", "Remarque libre"]
    # a number in one filière and text in another: text
    assert actors["Effectif"].fillna("-").tolist() == ["-", "-", "3.0", "5.0", "une dizaine", "-", "-"]
    assert str(actors["Vu le"].dtype) == "datetime64[us]"
    assert str(actors["Membre"].dtype) == "boolean"
    assert "Effectif" not in p["Caux"].actors
    assert p["odd"].actors["Effectif"].tolist() == ["une dizaine"]


def test_some_columns_only(p: Portfolio) -> None:
    found = p.table("actors", columns=["name", "Effectif"])
    assert list(found) == ["filiere_code", "name", "Effectif"]
    with pytest.raises(UnknownNameError, match="did you mean: name"):
        p.table("actors", columns=["nam"])
    with pytest.raises(UnknownNameError, match="actors"):
        p.table("actor")


def test_texts_as_categories_are_those_of_what_they_refer_to(p: Portfolio) -> None:
    flows, actors = p.table("flows", compact=True), p.table("actors", compact=True)
    assert flows["source"].dtype == actors["actor_id"].dtype
    assert flows["target"].dtype == actors["actor_id"].dtype
    assert {str(d) for d in flows.dtypes} == {"category", "Int64", "float64"}
    plain = p.table("flows")
    for column in plain:
        assert flows[column].astype(plain[column].dtype).equals(plain[column]), column


def test_the_row_that_a_column_refers_to(p: Portfolio, filieres: dict[str, Filiere]) -> None:
    # actors: Caux 0, 1; faulty 2, 3; odd 4; « b 2 » 5, 6
    assert p.rows_referred_to("flows", "source").tolist() == [0, 2, 5]
    assert p.rows_referred_to("flows", "target").tolist() == [1, 3, 6]
    assert p.rows_referred_to("flows", "material_id").tolist() == [0, -1, 1]
    assert p.rows_referred_to("flows", "same_flow_as").tolist() == [-1, -1, -1]
    # the first row of a territory that is told by several
    assert p.rows_referred_to("filiere", "territory_id").tolist() == [0, 3]
    with pytest.raises(ArgumentError, match="'name' of table 'actors' refers to no other table"):
        p.rows_referred_to("actors", "name")


def test_entries(p: Portfolio) -> None:
    entries = p.entries
    assert entries.index.equals(p.codes)
    assert list(entries) == [
        "name", "territory_id", "territory", "year", "source", "n_actors", "n_flows", "n_set_aside", "n_unknown",
    ]  # fmt: skip
    caux = entries.loc["Caux"]
    assert caux[["name", "territory_id", "territory", "source"]].tolist() == [
        "Textiles", "caux", "Pays de Caux", "caux.xlsx",
    ]  # fmt: skip
    assert str(entries["year"].dtype) == "Int64"
    assert entries["year"].fillna(0).tolist() == [2024, 0, 0, 2024]
    assert entries["n_actors"].tolist() == [2, 2, 1, 2]
    assert entries["n_flows"].tolist() == [1, 1, 0, 1]
    # faulty: the actor without a name, the flow from nobody; the latitude « here »
    assert entries["n_set_aside"].tolist() == [0, 2, 0, 0]
    assert entries["n_unknown"].tolist() == [0, 1, 0, 0]
    assert entries[["name", "territory", "source"]].isna().loc["odd"].all()


def test_problems_bear_the_code(p: Portfolio, filieres: dict[str, Filiere]) -> None:
    problems = p.problems
    for code, f in filieres.items():
        own = problems[problems["filiere_code"] == code].drop(columns="filiere_code")
        pd.testing.assert_frame_equal(own.reset_index(drop=True), f.problems)
    assert len(Portfolio.from_filieres({}).problems) == 0


def test_selected_in_the_order_asked_for(p: Portfolio, filieres: dict[str, Filiere]) -> None:
    some = p.select(["b 2", "Caux"])
    assert list(some) == ["b 2", "Caux"]
    assert_same(some["Caux"], filieres["Caux"])
    assert some.entries["source"].tolist()[1] == "caux.xlsx"
    with pytest.raises(UnknownNameError):
        p.select(["Caux", "nowhere"])
    with pytest.raises(ArgumentError, match="twice"):
        p.select(["Caux", "Caux"])
    assert len(p.select([])) == 0


def test_a_few_out_of_many_are_light_to_send() -> None:
    # texts of the others stay behind: 8 filières of long names, of which one is taken
    many = {f"c{k}": Filiere.from_tables(actors={"name": [f"{k} " + "x" * 5000]}) for k in range(8)}
    p = Portfolio.from_filieres(many)
    assert len(pickle.dumps(p.select(["c7"]))) * 4 < len(pickle.dumps(p))


def test_put_together_the_first_of_one_code_is_taken(p: Portfolio, filieres: dict[str, Filiere]) -> None:
    other = Portfolio.from_filieres({"new": small("Papier"), "Caux": odd()}, sources={"Caux": "autre.xlsx"})
    both = Portfolio.concat([p, other], lang="en")
    assert list(both) == [*filieres, "new"]
    assert_same(both["Caux"], filieres["Caux"])
    assert_same(both["odd"], filieres["odd"])
    assert both["new"].name == "Papier"
    row = both.failures.iloc[0]
    assert row[["filiere_code", "source", "error"]].tolist() == ["Caux", "autre.xlsx", "duplicate_code"]
    assert "“autre.xlsx” was not taken" in row["message"]
    assert "already that of “caux.xlsx”" in row["message"]
    assert len(Portfolio.concat([])) == 0


def test_two_with_one_code(filieres: dict[str, Filiere]) -> None:
    pairs = [("a", small("Laine")), ("b", odd()), ("a", small("Papier"))]
    p = Portfolio.from_filieres(iter(pairs), lang="en")
    assert list(p) == ["a", "b"]
    assert p["a"].name == "Laine"
    assert list(p.failures) == ["filiere_code", "source", "error", "message"]
    assert len(p.failures) == 1
    assert "“Papier (place 3)” was not taken: its code “a” is already that of “Laine (place 1)”" in (
        p.failures["message"].item()
    )
    assert p.failures["error"].item() == "duplicate_code"


@pytest.mark.parametrize("code", ["", "  ", 7, None])
def test_a_code_is_a_text(code: object) -> None:
    with pytest.raises(ArgumentError, match="not blank"):
        Portfolio.from_filieres([(code, odd())])  # type: ignore[list-item]


def test_frozen(p: Portfolio) -> None:
    with pytest.raises(AttributeError, match="frozen"):
        p.codes = pd.Index(["x"])  # type: ignore[misc]
    before = p.table("actors")
    before["name"] = "changed"
    before.loc[0, "latitude"] = 1.0
    p.offsets("actors")[:] = 0
    assert p.table("actors")["name"].iat[0] == "Relais"
    assert p.offsets("actors").tolist() == [0, 2, 4, 5, 7]
    mine = p["Caux"].actors  # the filière itself is gone by now
    mine.loc["relais", "latitude"] = 1.0
    places = p["Caux"].where("actors")
    places.loc["relais", "row"] = 99
    assert p["Caux"].where("actors")["row"].tolist() == [2, 3]
    assert np.isnan(p["Caux"].actors.loc["relais", "latitude"])


def test_equal_and_pickled(p: Portfolio, filieres: dict[str, Filiere]) -> None:
    assert p == Portfolio.from_filieres(filieres)
    assert p != Portfolio.from_filieres(dict(reversed(filieres.items())))
    assert p != Portfolio.from_filieres({**filieres, "Caux": small(tonnes=12.6)})
    assert p != Portfolio.from_filieres({**filieres, "Caux": small().at(2024)})
    assert p != "p"
    p.table("actors")  # what is kept of it does not travel
    again = pickle.loads(pickle.dumps(p))
    assert again == p
    assert again.entries.equals(p.entries)
    assert pickle.loads(pickle.dumps(p["faulty"])) == filieres["faulty"]


def test_in_one_year(filieres: dict[str, Filiere]) -> None:
    p = Portfolio.from_filieres({"n": small(year=2023), "u": small(year=None)}, sources={"n": "n.xlsx"})
    now = p.at(2024)
    # a flow of 2023 is none of 2024, one of every year is
    assert now.offsets("flows").tolist() == [0, 0, 1]
    assert now.years.tolist() == [2024, 2024]
    assert now.entries["year"].tolist() == [2024, 2024]
    assert now.entries["source"].fillna("").tolist() == ["n.xlsx", ""]
    assert_same(now["n"], small(year=2023).at(2024))
    assert p.years.isna().all()


def test_seen_from_many_territories_and_years() -> None:
    f = small()
    p = Portfolio.across(
        f, territories=["caux", "Pays de Bray", "76114", "nowhere"], years=[2022, 2024], lang="en"
    )
    assert list(p) == [
        "caux@2022", "caux@2024", "Pays de Bray@2022", "Pays de Bray@2024", "76114@2022", "76114@2024",
    ]  # fmt: skip
    assert_same(p["Pays de Bray@2024"], f.within("bray").at(2024))
    assert_same(p["caux@2022"], f.within("caux").at(2022))
    assert p.entries["territory_id"].tolist() == ["caux", "caux", "bray", "bray", "76114", "76114"]
    assert p.entries["year"].tolist() == [2022, 2024] * 3
    assert p.failures[["filiere_code", "error"]].to_numpy().tolist() == [
        ["nowhere@2022", "UnknownNameError"], ["nowhere@2024", "UnknownNameError"],
    ]  # fmt: skip
    assert "no territory 'nowhere'" in p.failures["message"].iat[0]


def test_seen_from_territories_or_years_alone() -> None:
    f = small()
    assert list(Portfolio.across(f, years=[2022, 2023])) == ["2022", "2023"]
    assert list(Portfolio.across(f, territories=["bray"])) == ["bray"]
    again = Portfolio.across(f, years=[2022, 2022])
    assert (list(again), again.failures["error"].tolist()) == (["2022"], ["duplicate_code"])
    with pytest.raises(ArgumentError, match="territories, years, or both"):
        Portfolio.across(f)
    with pytest.raises(ArgumentError, match="give a list"):
        Portfolio.across(f, territories="bray")


def test_nothing() -> None:
    p = Portfolio.from_filieres({})
    assert len(p) == 0
    assert list(p.entries) and len(p.entries) == 0
    assert all(len(p.table(name)) == 0 and p.offsets(name).tolist() == [0] for name in tables())
    assert p.rows_referred_to("flows", "source").tolist() == []
    assert list(p.at(2024)) == []
    assert "0 filières" in repr(p)


def test_shown(p: Portfolio) -> None:
    assert repr(p).startswith("<Portfolio of 4 filières: 2 filiere, 6 territories")
    hostile = small("<script>alert(1)</script> $x$ \u202e")
    many = Portfolio.from_filieres({f"<b>{k}": hostile for k in range(14)})
    page = many._repr_html_("en")
    assert "<script" not in page and "<b>" not in page
    assert "&lt;b&gt;11" in page and "&lt;b&gt;12" not in page
    assert "14 filières" in page and "… and 2 others" in page
    both = Portfolio.concat([p, p], lang="en")
    assert "(4 failures)" in repr(both)
    assert "4 failures: see failures" in both._repr_html_("en")
    assert "4 filières" in both._repr_html_()
