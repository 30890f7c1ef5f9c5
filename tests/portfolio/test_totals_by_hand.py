"""Three filières written down whole: every total, and what makes two rows one, derived by hand."""

from __future__ import annotations

from typing import Any

import numpy as np
import pandas as pd
import pytest

from chaine_valeur import Filiere
from chaine_valeur.portfolio import shared_actors, shared_groups, totals
from chaine_valeur.portfolio._items import LABELS, items
from chaine_valeur.portfolio.adding import TOTAL_COLUMNS, total_label
from chaine_valeur.portfolio.identity import actor_identity
from chaine_valeur.portfolio.keys import (
    activity_keys,
    funding_keys,
    market_keys,
    named_of,
    outcome_keys,
    programme_names,
    who_of,
)
from chaine_valeur.portfolio.portfolio import Portfolio

from .drawn import drawn

NAN = float("nan")
SIRET = "35600000000048"
PLACE = {"territory_id": ["caux"], "name": ["Pays de Caux"], "commune_code": ["76384"]}


def bois() -> Filiere:
    """Relais (EI, SIRET) sorts and sells; Scierie; a COPIL; 30 posts expected of the programme, 20 reached."""
    return Filiere.from_tables(
        filiere={"name": ["Bois"], "territory_id": ["caux"], "programme": ["Elan"]},
        territories=PLACE,
        stages={"name": ["Tri", "Vente"]},
        materials={"name": ["Palette"]},
        actors={"name": ["Relais", "Scierie"], "siret": [SIRET, None], "structure_kind": ["EI", None]},
        groups={"name": ["COPIL"]},
        activities={
            "actor_id": ["Relais", "Relais", "Scierie"],
            "stage_id": ["Tri", "Vente", "Tri"],
            "jobs_fte": [10.0, 2.0, 6.0],
            "insertion_fte": [4.0, 1.0, 0.0],
        },
        outcomes={"scope": ["programme"], "unit": ["post"], "target": [30.0], "reached": [20.0]},
        funding={"scope": ["programme", "filiere"], "state": ["granted"] * 2, "amount_eur": [9000.0, 500.0]},
        markets={"kind": ["supply"], "level": ["mobilized"], "actor_id": ["Relais"], "material_id": ["Palette"],
                 "quantity_t_per_year": [100.0]},
    )  # fmt: skip


def lin() -> Filiere:
    """The same Relais sorts (12 FTE are said); Filature; the same COPIL; 30 posts expected, 20 reached."""
    return Filiere.from_tables(
        filiere={"name": ["Lin"], "territory_id": ["caux"], "programme": ["ÉLAN"]},
        territories=PLACE,
        stages={"name": ["TRI", "Filature"]},
        materials={"name": ["Palette"]},
        actors={"name": ["Le Relais", "Filature"], "siret": [SIRET, None], "structure_kind": ["EI", None]},
        groups={"name": ["Copil"]},
        activities={
            "actor_id": ["Le Relais", "Filature"],
            "stage_id": ["TRI", "Filature"],
            "jobs_fte": [12.0, None],
            "insertion_fte": [4.0, None],
        },
        outcomes={"scope": ["programme"], "unit": ["post"], "target": [30.0], "reached": [20.0]},
        funding={"scope": ["programme", "filiere"], "state": ["granted"] * 2, "amount_eur": [9000.0, 700.0]},
        markets={"kind": ["supply"], "level": ["mobilized"], "actor_id": ["Le Relais"], "material_id": ["Palette"],
                 "quantity_t_per_year": [100.0]},
    )  # fmt: skip


def pain() -> Filiere:
    """Of another territory and without a programme: Moulin (ACI), Four, Relais by name only; nothing shared for sure."""
    return Filiere.from_tables(
        filiere={"name": ["Pain"], "territory_id": ["bray"]},
        territories={"territory_id": ["bray"], "name": ["Pays de Bray"], "commune_code": ["76462"]},
        stages={"name": ["Mouture"]},
        actors={"name": ["Moulin", "Four", "Relais"], "structure_kind": ["ACI", None, "EI"],
                "status": ["active", "closed", "active"]},
        groups={"name": ["COPIL"]},
        activities={"actor_id": ["Moulin", "Four"], "stage_id": ["Mouture"] * 2, "jobs_fte": [3.0, 50.0]},
        outcomes={"scope": ["programme"], "unit": ["post"], "target": [5.0], "reached": [None]},
    )  # fmt: skip


@pytest.fixture(scope="module")
def p() -> Portfolio:
    return Portfolio.from_filieres({"bois": bois(), "lin": lin(), "pain": pain()})


@pytest.fixture(scope="module")
def found(p: Portfolio) -> pd.DataFrame:
    return totals(p).set_index(["item", "scope"])


#: item, scope → value, low, high, single_sum, n_counted, n_duplicates, n_unknown
BY_HAND: dict[tuple[str, str], tuple[float, ...]] = {
    # relais, scierie | le relais, filature | moulin, relais (four is closed): relais of bois and lin are one by their
    # SIRET; the relais of pain, whose commune nobody gives, may be that one: 5 of 6 rows, between 4 and 5
    ("actors", "filiere"): (5, 4, 5, 6, 5, 1, 0),
    # relais, moulin, the other relais, which may be the first
    ("structures", "filiere"): (3, 2, 3, 4, 3, 1, 0),
    # the COPIL of bois and lin are one by name and territory, a hypothesis; that of bray is another
    ("groups", "filiere"): (2, 2, 3, 3, 2, 1, 0),
    # relais at tri: 10 (12 is said too), at vente: 2; scierie at tri: 6; filature: unknown; moulin: 3; four is closed
    ("jobs_fte", "filiere"): (21, 21, NAN, 33, 5, 1, 1),
    # 4 at tri, said twice; 1; 0 is measured; filature and moulin unknown
    ("insertion_fte", "filiere"): (5, 5, NAN, 9, 5, 1, 2),
    # nobody gives it anywhere: not 0
    ("supervision_fte", "filiere"): (NAN, NAN, NAN, NAN, 5, 1, 5),
    ("no_diploma_fte", "filiere"): (NAN, NAN, NAN, NAN, 5, 1, 5),
    # 30 of Élan, said twice under two spellings; 5 of what stands for the programme of bray
    ("target_post", "programme"): (35, 35, 35, 65, 2, 1, 0),
    # 20 said twice; of bray it is not known
    ("reached_post", "programme"): (20, 20, NAN, 40, 2, 1, 1),
    ("granted", "programme"): (9000, 9000, 9000, 18000, 1, 1, 0),
    # what each filière was granted is its own
    ("granted", "filiere"): (1200, 1200, 1200, 1200, 2, 0, 0),
    # of one actor by its SIRET, of one material by its name: surely one
    ("supply_mobilized", "filiere"): (100, 100, 100, 200, 1, 1, 0),
}


def test_each_total_is_there_once_and_in_order(found: pd.DataFrame) -> None:
    assert list(found.reset_index()[list(TOTAL_COLUMNS)].columns) == list(TOTAL_COLUMNS)
    assert list(found.index) == list(BY_HAND)
    assert found["unit"].tolist() == [
        *["count"] * 3, *["FTE"] * 4, *["post"] * 2, *["EUR"] * 2, "t/year",
    ]  # fmt: skip


@pytest.mark.parametrize("key", list(BY_HAND), ids="-".join)
def test_each_total_by_hand(found: pd.DataFrame, key: tuple[str, str]) -> None:
    row, columns = (
        found.loc[key],
        ["value", "low", "high", "single_sum", "n_counted", "n_duplicates", "n_unknown"],
    )
    np.testing.assert_array_equal(row[columns].to_numpy(float), BY_HAND[key])


def test_who_speaks_of_it_and_who_contradicts(found: pd.DataFrame) -> None:
    assert found["n_filieres"].tolist() == [3, 3, 3, 3, 3, 3, 3, 3, 3, 2, 2, 2]
    # the jobs at tri alone are said as 10 and as 12
    assert found["n_conflicts"].to_numpy().nonzero()[0].tolist() == [
        list(BY_HAND).index(("jobs_fte", "filiere"))
    ]
    # taken as one by a name: the COPIL
    assert found.loc[("groups", "filiere"), "n_by_hypothesis"] == 1
    assert found.loc[("actors", "filiere"), "n_by_hypothesis"] == 0


def test_totals_of_each_territory_and_each_name(p: Portfolio) -> None:
    by = totals(p, by="territory")
    assert list(by.columns) == ["territory_id", "territory", *TOTAL_COLUMNS]
    assert by.index.equals(pd.RangeIndex(len(by)))
    actors = by[by["item"] == "actors"]
    # caux: relais, scierie, filature; bray: moulin and its own relais
    assert actors[["territory_id", "territory", "value", "n_filieres"]].values.tolist() == [
        ["caux", "Pays de Caux", 3.0, 2], ["bray", "Pays de Bray", 2.0, 1],
    ]  # fmt: skip
    # a territory of which nobody speaks has no row
    assert by.loc[by["item"] == "granted", "territory_id"].unique().tolist() == ["caux"]
    names = totals(p, by="name")
    assert list(names["name"].unique()) == ["Bois", "Lin", "Pain"]
    assert names.loc[names["item"] == "actors", "value"].tolist() == [2, 2, 2]
    jobs = names[names["item"] == "jobs_fte"]
    assert jobs["value"].tolist() == [18, 12, 3]  # each its own, alone
    assert jobs["single_sum"].tolist() == [18, 12, 3]


def test_the_order_of_the_filieres_changes_no_total_without_contradiction(
    p: Portfolio, found: pd.DataFrame
) -> None:
    turned = totals(p.select(["pain", "lin", "bois"])).set_index(["item", "scope"])
    columns = [
        "low",
        "high",
        "single_sum",
        "n_counted",
        "n_duplicates",
        "n_conflicts",
        "n_unknown",
        "n_filieres",
    ]
    pd.testing.assert_frame_equal(turned.loc[found.index, columns], found[columns])
    # of 10 and 12, as firm as one another, the first one is told: here that of lin
    assert turned.loc[("jobs_fte", "filiere"), "value"] == 23


def test_equal_filieres_add_nothing() -> None:
    alone = totals(Portfolio.from_filieres({"a": bois()})).set_index(["item", "scope"])
    thrice = totals(Portfolio.from_filieres({code: bois() for code in "abc"}), all_years=True)
    thrice = thrice.set_index(["item", "scope"])
    assert list(thrice.index) == list(alone.index)
    shared = [("structures", "filiere"), ("target_post", "programme"), ("granted", "programme"),
              ("supply_mobilized", "filiere"), ("groups", "filiere")]  # fmt: skip
    assert (
        thrice.loc[shared, "value"].tolist() == alone.loc[shared, "value"].tolist() == [1, 30, 9000, 100, 1]
    )
    assert thrice.loc[shared, "n_duplicates"].tolist() == [2] * 5
    # the scierie has neither SIRET nor commune: three of them, that may be one
    assert thrice.loc[("actors", "filiere"), ["value", "low", "high"]].tolist() == [4, 2, 4]


@pytest.mark.parametrize("seed", [1, 4, 6])
def test_drawn_twice_a_total_lies_within_what_is_known(seed: int) -> None:
    p = Portfolio.from_filieres({"a": drawn(seed), "b": drawn(seed + 1), "c": drawn(seed)})
    found = totals(p, all_years=True)
    assert list(found.columns) == list(TOTAL_COLUMNS)
    known = found["value"].notna()
    assert known.any()
    assert (found["low"].isna() == ~known).all()
    assert (found["low"] <= found["value"])[known].all()
    told = found["high"].notna()
    assert (found["value"] <= found["high"])[told].all()
    assert (found["n_unknown"] == 0)[told].all()
    assert (found[["n_counted", "n_duplicates", "n_unknown", "n_other_years"]] >= 0).all(axis=None)
    assert found["hypothesis_share"].dropna().between(0, 1).all()


@pytest.mark.parametrize("held", ["python", "pyarrow"])
def test_totals_do_not_depend_on_how_texts_are_held(found: pd.DataFrame, held: str) -> None:
    pytest.importorskip("pyarrow")
    with pd.option_context("mode.string_storage", held):
        again = totals(Portfolio.from_filieres({"bois": bois(), "lin": lin(), "pain": pain()}))
    assert again["item"].dtype.storage == held
    numbers = list(found.columns[found.dtypes != "str"])
    np.testing.assert_array_equal(again[numbers].to_numpy(float), found[numbers].to_numpy(float))


def test_adding_changes_nothing_of_the_portfolio(p: Portfolio) -> None:
    before = {
        name: p.table(name).copy() for name in ("actors", "activities", "outcomes", "funding", "markets")
    }
    entries = p.entries.copy()
    totals(p, by="territory")
    for name, frame in before.items():
        pd.testing.assert_frame_equal(p.table(name), frame)
    pd.testing.assert_frame_equal(p.entries, entries)


# -- what makes two rows one ----------------------------------------------------------------------------


def test_the_identity_of_each_actor(p: Portfolio) -> None:
    who = actor_identity(p)
    # rows: relais, scierie | le relais, filature | moulin, four, relais
    assert who.same[0] == who.same[2]
    assert who.sure[0] == who.sure[2]
    assert len(set(who.same.tolist())) == 6 == len(set(who.sure.tolist()))
    assert who.loose[6] == who.loose[0] == who.loose[2]
    assert not who.by_name.any()


def test_names_that_columns_refer_to(p: Portfolio) -> None:
    stages = named_of(p, "activities", "stage_id")
    # tri and TRI are one name
    assert stages.tolist() == ["tri", "vente", "tri", "tri", "filature", "mouture", "mouture"]
    nobody = named_of(p, "markets", "stage_id")
    assert nobody.isna().all() and len(nobody) == 2
    numbers = np.arange(7) * 10
    assert who_of(p, numbers, "activities", "actor_id").tolist() == [0, 0, 10, 20, 30, 40, 50]
    assert who_of(p, numbers, "funding", "funder_id").tolist() == [-1] * 4


def test_a_programme_is_its_name_else_its_territory_else_itself() -> None:
    bare = Filiere.from_tables(actors={"name": ["Relais"]})
    p = Portfolio.from_filieres({"bois": bois(), "lin": lin(), "pain": pain(), "nu": bare})
    said = programme_names(p)
    assert said["name"].tolist() == ["Elan", "ÉLAN", "Pays de Bray", "nu"]
    assert said["key"].tolist() == ["p:elan", "p:elan", "t:bray", "c:nu"]
    assert said["is_hypothesis"].tolist() == [False, False, True, True]


def same_rows(numbers: Any) -> list[int]:
    """Return numbers as they first appear: 0, 1, 0…"""
    return pd.factorize(numbers)[0].tolist()


def test_keys_by_hand(p: Portfolio) -> None:
    who = actor_identity(p)
    # activities: relais/tri, relais/vente, scierie/tri | relais/tri, filature | moulin, four
    assert same_rows(activity_keys(p, who).same) == [0, 1, 2, 0, 3, 4, 5]
    # money: of the programme, of the filière | of the programme, of the filière
    money = funding_keys(p, who)
    assert same_rows(money.same) == [0, 1, 0, 2] == same_rows(money.sure)
    assert same_rows(outcome_keys(p, who, column="target", with_year=True).same) == [0, 0, 1]
    # one actor by its SIRET, one material, but pallets of two workbooks: the same supply
    assert same_rows(market_keys(p, who).same) == [0, 0]


def test_rows_of_a_programme_that_is_not_named_are_one_by_hypothesis() -> None:
    def of(name: str, target: float) -> Filiere:
        return Filiere.from_tables(
            filiere={"name": [name], "territory_id": ["caux"]},
            territories=PLACE,
            actors={"name": ["Relais"]},
            outcomes={"scope": ["programme"], "unit": ["post"], "target": [target]},
        )

    p = Portfolio.from_filieres({"a": of("Bois", 7.0), "b": of("Lin", 7.0)})
    keys = outcome_keys(p, actor_identity(p), column="target", with_year=False)
    assert same_rows(keys.sure) == [0, 1]
    assert same_rows(keys.same) == [0, 0]
    row = totals(p).set_index("item").loc["target_post"]
    # 7 once by hypothesis; 14 if they are two programmes
    assert row[["value", "low", "high", "n_by_hypothesis"]].tolist() == [7, 7, 14, 1]


def test_two_amounts_alike_in_one_filiere_are_two_and_pair_with_those_of_another() -> None:
    def of(*amounts: float) -> Filiere:
        n = len(amounts)
        return Filiere.from_tables(
            filiere={"name": [f"F{n}"], "programme": ["Elan"]},
            actors={"name": ["Relais"]},
            funding={"scope": ["programme"] * n, "state": ["granted"] * n, "amount_eur": list(amounts)},
        )

    p = Portfolio.from_filieres({"a": of(300.0, 100.0), "b": of(100.0), "c": of(100.0, 300.0, 50.0)})
    # by amount: a has 100 < 300, b 100, c 50 < 100 < 300: the smallest of each are one, and so on
    assert same_rows(funding_keys(p, actor_identity(p)).same) == [0, 1, 1, 0, 2, 1]
    row = totals(p).set_index("item").loc["granted"]
    # the first said of each: 100 (100, 50 too), 300 (100 too), 300
    assert row[["value", "n_counted", "n_conflicts", "single_sum"]].tolist() == [700, 3, 2, 950]


def test_what_is_shared_is_told_by_name(p: Portfolio) -> None:
    shared = shared_actors(p)
    assert shared[["name", "siret", "by", "codes", "actor_ids"]].values.tolist() == [
        ["Relais", SIRET, "siret", "bois;lin", "relais;le-relais"]
    ]
    assert shared[["is_hypothesis", "n_filieres", "conflicts"]].values.tolist() == [[False, 2, ""]]
    groups = shared_groups(p)
    assert groups[["name", "territory_id", "by", "is_hypothesis", "codes"]].values.tolist() == [
        ["COPIL", "caux", "name", True, "bois;lin"]
    ]


# -- degenerate -----------------------------------------------------------------------------------------


def test_one_actor_of_whom_nothing_is_known() -> None:
    p = Portfolio.from_filieres({"nu": Filiere.from_tables(actors={"name": ["Relais"]})})
    found = totals(p)
    assert found[["item", "value", "low", "high"]].values.tolist() == [
        ["actors", 1.0, 1.0, 1.0], ["structures", 0.0, 0.0, 0.0],
    ]  # fmt: skip
    assert [one.item for one in items(p, actor_identity(p))] == ["actors", "structures"]


@pytest.mark.parametrize("by", [None, "territory", "name"])
def test_no_filiere(by: str | None) -> None:
    found = totals(Portfolio.from_filieres({}), by=by)
    heads = {"territory": ["territory_id", "territory"], "name": ["name"]}.get(str(by), [])
    assert list(found.columns) == [*heads, *TOTAL_COLUMNS]
    assert found["value"].fillna(0).eq(0).all()


def test_every_total_has_a_name_in_both_languages(p: Portfolio) -> None:
    told = [one.item for one in items(p, actor_identity(p))]
    assert set(told) - set(LABELS) == {"supply_mobilized"}
    assert len({total_label(one, "fr") for one in told}) == len(set(told))
    assert total_label("supply_mobilized", "en").startswith("Supplies: ")
    assert total_label("jobs_fte", "en") == "Jobs"
