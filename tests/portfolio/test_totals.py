"""Totals of a portfolio: each thing once; with the sum of the single diagnostics differing by what is shared."""

from __future__ import annotations

from typing import Any

import numpy as np
import pandas as pd
import pytest
from hypothesis import example, given, settings
from hypothesis import strategies as st

from chaine_valeur import Filiere, datasets
from chaine_valeur.analysis.activities import current_activities
from chaine_valeur.analysis.insertion.results import money_of, result_of
from chaine_valeur.analysis.markets import current_markets
from chaine_valeur.errors import ArgumentError
from chaine_valeur.portfolio.adding import TOTAL_COLUMNS, total_label, totals
from chaine_valeur.portfolio.portfolio import Portfolio
from chaine_valeur.vocabulary import FundingPurpose
from tests.portfolio.several import Several

NAMES = ["exemple_complet", "lin_composite", "textiles_france_2020", "textiles_usages"]


@pytest.fixture(scope="module")
def four() -> Portfolio:
    return Several({name: datasets.load(name) for name in NAMES})


def by_item(frame: pd.DataFrame) -> pd.DataFrame:
    return frame.set_index(["item", "scope"])


def single(f: Filiere) -> dict[tuple[str, str], float]:
    """The same figures as the diagnostic of one filière has them."""
    net, rows = f.network, current_activities(f)
    told: dict[tuple[str, str], float] = {
        ("actors", "filiere"): float(net.active.sum()),
        ("structures", "filiere"): float((net.active & net.siae).sum()),
        ("groups", "filiere"): float(len(f.groups)),
    }
    for column in ("jobs_fte", "insertion_fte", "supervision_fte", "no_diploma_fte"):
        told[column, "filiere"] = float(np.nansum(rows.values(column)))
    for unit in ("post", "fte"):
        for scope in ("programme", "filiere", "structure"):
            result = result_of(f, scope=scope, unit=unit)
            told[f"target_{unit}", scope] = np.nan_to_num(result.target)
            told[f"reached_{unit}", scope] = np.nan_to_num(result.reached)
    for scope in ("programme", "filiere", "structure"):
        money = money_of(f, scope=scope, purposes=[purpose.value for purpose in FundingPurpose])
        told["granted", scope] = np.nan_to_num(money.total)
    markets = current_markets(f)
    for (kind, level), part in markets.groupby(["kind", "level"]):
        told[f"{kind}_{level}", "filiere"] = float(np.nansum(part["quantity_t_per_year"]))
    return told


@pytest.mark.parametrize("name", NAMES)
def test_of_one_filiere_a_total_is_its_figure(name: str) -> None:
    f = datasets.load(name)
    found = by_item(totals(Several({"a": f})))
    alone = single(f)
    for key, row in found.iterrows():
        if key in alone:
            assert np.nan_to_num(row["value"]) == pytest.approx(alone[key]), key
    assert (found["n_duplicates"] == 0).all()
    assert (found["n_other_years"] == 0).all()
    assert found["value"].fillna(0).equals(found["single_sum"].fillna(0))


def test_the_difference_with_the_single_diagnostics_is_what_they_share(four: Portfolio) -> None:
    found = by_item(totals(four))
    alone = [single(four[name]) for name in NAMES]
    for key, row in found.iterrows():
        sums = [one[key] for one in alone if key in one]
        if sums:
            assert np.nan_to_num(row["single_sum"]) == pytest.approx(sum(sums)), key
    # lin_composite and textiles_usages tell the same programme: 50 000 + 180 000 € once, 21 posts of 30 once
    granted = found.loc[("granted", "programme")]
    assert granted["single_sum"] - granted["value"] == 230_000
    assert granted["n_duplicates"] == 4  # those two, and two amounts that nobody knows
    assert granted["n_unknown"] == 2
    assert np.isnan(granted["high"])
    reached = found.loc[("reached_post", "programme")]
    assert (reached["single_sum"] - reached["value"], reached["n_duplicates"]) == (21, 3)
    # and one actor, the community of communes, by its name and commune
    actors = found.loc[("actors", "filiere")]
    assert (actors["single_sum"] - actors["value"], actors["n_by_hypothesis"]) == (1, 1)
    unchanged = found.drop(index=[("granted", "programme"), ("reached_post", "programme"),
                                  ("target_post", "programme"), ("actors", "filiere")])  # fmt: skip
    assert unchanged["value"].fillna(-1).equals(unchanged["single_sum"].fillna(-1))


def test_text_stored_by_python_gives_the_same(four: Portfolio) -> None:
    with pd.option_context("mode.string_storage", "python"):
        plain = Several({"a": datasets.load("lin_composite")})
        assert totals(plain)["value"].equals(totals(four.select(["lin_composite"]))["value"])


def test_by_territory_shares_are_counted_in_each(four: Portfolio) -> None:
    found = totals(four, by="territory")
    assert list(found.columns) == ["territory_id", "territory", *TOTAL_COLUMNS]
    caux = by_item(found[found["territory_id"] == "caux-vallee-de-seine"])
    assert caux.loc[("granted", "programme"), "value"] == 230_000
    assert caux.loc[("reached_post", "programme"), "value"] == 21
    assert np.isnan(caux.loc[("jobs_fte", "filiere"), "value"])  # nobody knows: not 0
    assert caux.loc[("jobs_fte", "filiere"), "n_unknown"] == 14
    assert caux.loc[("actors", "filiere"), "n_filieres"] == 2
    # a filière without a territory has a group of its own
    assert found["territory_id"].isna().any()
    names = totals(four, by="name")
    assert names["name"].nunique() == 4
    with pytest.raises(ArgumentError, match="by='year'"):
        totals(four, by="year")


def worked(**changes: Any) -> Filiere:
    """Relais sorts, with 4 FTE in insertion of 10; the scheme pays 1 000 €."""
    tables: dict[str, Any] = {
        "filiere": {"name": ["Bois"], "territory_id": ["val"], "programme": ["P"]},
        "territories": {"territory_id": ["val"], "commune_code": ["76384"]},
        "stages": {"name": ["Tri", "Vente"]},
        "materials": {"name": ["Palette"], "unit": ["palette"], "t_per_unit": [0.02]},
        "actors": {"name": ["Relais"], "siret": ["90000000000019"], "structure_kind": ["EI"]},
        "activities": {"actor_id": ["Relais"], "stage_id": ["Tri"], "jobs_fte": [10.0], "insertion_fte": [4.0]},
        "markets": {"actor_id": ["Relais"], "kind": ["supply"], "level": ["mobilized"],
                    "material_id": ["Palette"], "natural_quantity_per_year": [1000]},
        "outcomes": {"scope": ["structure"], "actor_id": ["Relais"], "unit": ["post"], "reached": [5.0]},
        "funding": {"scope": ["structure"], "beneficiary_id": ["Relais"], "state": ["granted"],
                    "amount_eur": [1000.0]},
    }  # fmt: skip
    return Filiere.from_tables(**(tables | changes))


def test_what_a_shared_actor_does_is_added_once_at_each_stage() -> None:
    other = worked(
        filiere={"name": ["Lin"], "territory_id": ["val"], "programme": ["P"]},
        activities={"actor_id": ["Relais"] * 2, "stage_id": ["Tri", "Vente"], "jobs_fte": [12.0, 3.0],
                    "insertion_fte": [4.0, None]},
    )  # fmt: skip
    found = by_item(totals(Several({"bois": worked(), "lin": other})))
    jobs = found.loc[("jobs_fte", "filiere")]
    # 10 and 12 for one sorting: the first, told with the other; 3 at the sale: 10 + 3, between 10 + 3 and 12 + 3
    assert (jobs["value"], jobs["low"], jobs["high"], jobs["single_sum"]) == (13, 13, 15, 25)
    assert (jobs["n_counted"], jobs["n_duplicates"], jobs["n_conflicts"], jobs["n_unknown"]) == (2, 1, 1, 0)
    insertion = found.loc[("insertion_fte", "filiere")]
    assert (insertion["value"], insertion["n_unknown"], insertion["n_conflicts"]) == (4, 1, 0)
    assert np.isnan(insertion["high"])
    # 1 000 pallets of 20 kg, 5 posts and 1 000 € of the same structure, in both workbooks
    assert found.loc[("supply_mobilized", "filiere"), "value"] == pytest.approx(20)
    assert found.loc[("supply_mobilized", "filiere"), "single_sum"] == pytest.approx(40)
    assert found.loc[("reached_post", "structure"), "value"] == 5
    assert found.loc[("granted", "structure"), ["value", "n_duplicates"]].tolist() == [1000, 1]
    assert found.loc[("structures", "filiere"), "value"] == 1


def test_same_by_name_only_leaves_the_total_open() -> None:
    place = {"actors": {"name": ["Relais"], "commune_code": ["76384"]}}
    elsewhere = {"actors": {"name": ["Relais"]}, "filiere": {"name": ["Lin"], "territory_id": ["val"]}}
    laine = {"filiere": {"name": ["Laine"], "territory_id": ["val"]}} | place
    found = by_item(totals(Several({"a": worked(**place), "b": worked(**elsewhere), "c": worked(**laine)})))
    actors = found.loc[("actors", "filiere")]
    # a and c are one by name and commune; b may be the same; nothing is sure without a SIRET
    assert (actors["value"], actors["low"], actors["high"], actors["single_sum"]) == (2, 1, 3, 3)
    jobs = found.loc[("jobs_fte", "filiere")]
    assert (jobs["value"], jobs["low"], jobs["high"]) == (20, 10, 30)


def test_the_latest_year_of_a_filiere_counts() -> None:
    def of(year: int, jobs: float) -> Filiere:
        return worked(
            filiere={"name": ["Bois"], "territory_id": ["val"], "reference_year": [year]},
            activities={"actor_id": ["Relais"], "stage_id": ["Tri"], "year": [year], "jobs_fte": [jobs]},
        )

    years = Several({"a": of(2022, 7.0), "b": of(2024, 9.0)})
    assert by_item(totals(years)).loc[("jobs_fte", "filiere"), ["value", "n_filieres"]].tolist() == [9, 1]
    # asked for all, the actor is still one, of its latest year: two years are neither added nor a contradiction
    both = by_item(totals(years, all_years=True)).loc[("jobs_fte", "filiere")]
    assert (both["value"], both["high"], both["n_conflicts"], both["single_sum"]) == (9, 9, 0, 16)


def test_a_programme_has_one_latest_year() -> None:
    def of(name: str, year: int, posts: float) -> Filiere:
        return worked(
            filiere={"name": [name], "programme": ["P"], "territory_id": ["val"]},
            outcomes={"scope": ["programme"], "unit": ["post"], "reached": [posts], "year": [year]},
        )

    found = by_item(totals(Several({"a": of("Bois", 2022, 11.0), "b": of("Lin", 2023, 13.0)})))
    row = found.loc[("reached_post", "programme")]
    assert (row["value"], row["single_sum"], row["n_duplicates"], row["n_other_years"]) == (13, 24, 0, 1)


def test_a_result_nobody_gives_is_unknown_not_zero() -> None:
    blank = worked(outcomes={"scope": ["filiere"], "unit": ["post"], "target": [30.0], "reached": [None]})
    found = by_item(totals(Several({"a": blank})))
    row = found.loc[("reached_post", "filiere")]
    assert np.isnan(row["value"]) and row["n_unknown"] == 1
    assert found.loc[("target_post", "filiere"), "value"] == 30
    zero = worked(outcomes={"scope": ["filiere"], "unit": ["post"], "reached": [0.0]})
    assert by_item(totals(Several({"a": zero}))).loc[("reached_post", "filiere"), "value"] == 0


def test_hypotheses_are_weighed_cell_by_cell() -> None:
    f = worked(
        activities={"activity_id": ["x", "y"], "actor_id": ["Relais"] * 2, "stage_id": ["Tri", "Vente"],
                    "jobs_fte": [30.0, 10.0], "confidence": ["measured", "estimated"]},
        cell_sources={"table": ["activities"], "row_id": ["x"], "column": ["insertion_fte"],
                      "confidence": ["hypothesis"]},
    )  # fmt: skip
    found = by_item(totals(Several({"a": f})))
    assert (
        found.loc[("jobs_fte", "filiere"), "hypothesis_share"] == 0.25
    )  # 10 of 40; the cell is another column
    assert np.isnan(found.loc[("insertion_fte", "filiere"), "hypothesis_share"])


def test_empty_portfolios_have_the_columns() -> None:
    assert list(totals(Several({})).columns) == list(TOTAL_COLUMNS)
    found = totals(Several({"a": Filiere.from_tables(actors={"name": ["Seul"]})}))
    assert found["item"].tolist() == ["actors", "structures"]
    assert found["value"].tolist() == [1, 0]


def test_totals_have_names_in_both_languages() -> None:
    assert total_label("insertion_fte", "en") == "Insertion jobs"
    assert total_label("supply_mobilizable", "en") == "Supplies: mobilizable resource"
    assert total_label("supply", "en") == "Supplies"
    assert total_label("granted") != total_label("granted", "en")


AMOUNTS = st.one_of(st.none(), st.floats(0, 100).map(lambda value: round(value, 2)))


@settings(max_examples=5)
@example([("Relais", "76114", None), ("Relais", None, 0.0), ("Relais", "76384", 1.0)])  # it may be either
@given(
    st.lists(
        st.tuples(
            st.sampled_from(["Relais", "RELAIS", "Atelier"]),
            st.sampled_from([None, "76384", "76114"]),
            AMOUNTS,
        ),
        min_size=1,
        max_size=4,
    )
)
def test_the_total_lies_between_its_bounds(drawn: list[tuple[str, str | None, float | None]]) -> None:
    filieres = {
        f"f{at}": Filiere.from_tables(
            stages={"name": ["Tri"]},
            actors={"name": [name], "commune_code": [commune]},
            activities={"actor_id": [name], "stage_id": ["Tri"], "jobs_fte": [amount]},
        )
        for at, (name, commune, amount) in enumerate(drawn)
    }
    found = totals(Several(filieres))
    known = found[found["value"].notna()]
    assert (known["low"] <= known["value"] + 1e-9).all()
    assert (known["high"].fillna(np.inf) >= known["value"] - 1e-9).all()
    assert (known["single_sum"] >= known["value"] - 1e-9).all()
    assert (found["n_counted"] + found["n_duplicates"] == len(drawn))[found["item"] != "structures"].all()
    # the order in which they come changes neither who is the same nor how much is known
    turned = totals(Several(dict(reversed(filieres.items()))))
    for column in ("n_counted", "n_unknown", "low", "high"):
        assert turned[column].round(6).equals(found[column].round(6))
