"""One invented worksite over two years, worked by hand: months, split, aid, exits, supervision, purchases, tonnes."""

from __future__ import annotations

import math
from typing import Any

import pandas as pd
import pytest

from chaine_valeur import Filiere, insertion
from tests.insertion.programme import measure, plain

#: An ACI outside and in prison, an EI, an AI; an EA, an ESAT and a GEIQ, which are no SIAE; one that has closed.
KINDS = {
    "bac": "ACI", "rive": "EI", "pont": "AI", "serre": "EA", "jardin": "ESAT", "ligue": "GEIQ", "parti": "ACI",
    "mairie": "public_body", "echoppe": "company",
}  # fmt: skip

AGREEMENTS: dict[str, dict[str, Any]] = {
    # March 2023 to February 2024: twelve months, 10 920 h in all, 910 h a month
    "long": {"actor_id": "bac", "starts_on": "2023-03-01", "ends_on": "2024-02-29", "agreed_fte": 6,
             "hours_worked": 10_920, "aid_eur_per_fte": 21_600, "cofinanced_share": 0.2, "exits": 12,
             "lasting_exits": 3, "transition_exits": 4, "positive_exits": 2},
    # from February on, of 2024: February is in both
    "annex": {"actor_id": "bac", "starts_on": "2024-02-01", "ends_on": "2024-12-31", "year": 2024, "agreed_fte": 8,
              "hours_worked": 10_010, "aid_eur_per_fte": 21_600, "cofinanced_share": 0.25, "exits": 8,
              "lasting_exits": 1, "transition_exits": 2, "positive_exits": 1},
    # in detention, April to September; nobody says who pays what
    "inside": {"actor_id": "bac", "in_prison": True, "starts_on": "2024-04-10", "ends_on": "2024-09-20", "year": 2024,
               "agreed_fte": 4, "hours_worked": 1820, "aid_eur_per_fte": 12_000},
    "river": {"actor_id": "rive", "year": 2024, "agreed_fte": 2, "hours_worked": 1505, "exits": 4,
              "lasting_exits": 1, "transition_exits": 1, "positive_exits": 0},
    # the département pays nothing, which is not the same as nobody says
    "bridge": {"actor_id": "pont", "year": 2024, "agreed_fte": 3, "aid_eur_per_fte": 1500, "cofinanced_share": 0,
               "exits": 30, "lasting_exits": 6, "transition_exits": 9, "positive_exits": 3},
    "adapted": {"actor_id": "serre", "year": 2024, "agreed_fte": 20, "hours_worked": 30_000, "aid_eur_per_fte": 16_000,
                "exits": 9, "lasting_exits": 9},
    "helped": {"actor_id": "jardin", "year": 2024, "agreed_fte": 30, "hours_worked": 50_000},
    "group": {"actor_id": "ligue", "year": 2024, "agreed_fte": 5},
    "gone": {"actor_id": "parti", "year": 2024, "agreed_fte": 9, "hours_worked": 18_200, "aid_eur_per_fte": 20_000},
}  # fmt: skip


def valley(**changed: Any) -> Filiere:
    rows = pd.DataFrame([{"agreement_id": name, **row} for name, row in AGREEMENTS.items()])
    tables: dict[str, Any] = {
        "actors": pd.DataFrame(
            {
                "actor_id": list(KINDS),
                "name": [name.capitalize() for name in KINDS],
                "structure_kind": list(KINDS.values()),
                "status": ["closed" if name == "parti" else "active" for name in KINDS],
            }
        ),
        "stages": pd.DataFrame({"stage_id": ["tri", "vente"], "name": ["Tri", "Vente"]}),
        "activities": pd.DataFrame(
            [
                ("bac", "tri", 8.0, 1.6),
                ("rive", "vente", 2.0, 0.5),
                ("serre", "tri", None, None),  # no SIAE: nothing is asked of it
            ],
            columns=["actor_id", "stage_id", "insertion_fte", "supervision_fte"],
        ).assign(year=2024),
        "flows": pd.DataFrame(
            [
                (None, "bac", 300.0, None),
                ("bac", "rive", 250.0, 5_000.0),  # between SIAE: what they sell pays for it
                ("rive", "echoppe", 200.0, 12_000.0),
                ("bac", "mairie", None, 48_000.0),
                ("serre", "mairie", None, 70_000.0),
            ],
            columns=["source", "target", "quantity_t_per_year", "amount_eur_per_year"],
        ).assign(year=2024),
        "agreements": rows,
    }
    return Filiere.from_tables(**{**tables, **changed}, strict=False)


@pytest.fixture(scope="module")
def f() -> Filiere:
    return valley()


@pytest.fixture(scope="module")
def rows(f: Filiere) -> pd.DataFrame:
    return insertion.agreements_table(f)


# -- row by row, 2024 ------------------------------------------------------------------------------------


def test_who_counts(rows: pd.DataFrame) -> None:
    # the EA, the ESAT and the GEIQ are no SIAE; « parti » has closed
    assert rows.index.tolist() == ["long", "annex", "inside", "river", "bridge"]
    assert rows["measure"].tolist() == ["ACI_DC", "ACI_DC", "ACI_MP", "EI_DC", "AI_DC"]
    assert rows["year"].tolist() == [2024] * 5


def test_months(rows: pd.DataFrame) -> None:
    # January and February; February to December; April to September, both touched; no dates: the whole year
    assert rows["months"].tolist() == [2, 11, 6, 12, 12]
    assert rows["aid_months"].tolist() == [2, 11, 6, 12, 12]


def test_hours_and_what_they_come_to(rows: pd.DataFrame) -> None:
    # 2 × 910; as stated; as stated; as stated; not told
    assert rows["hours"].tolist()[:4] == [1820, 10_010, 1820, 1505] and math.isnan(rows.at["bridge", "hours"])
    assert rows["hours_per_fte"].tolist() == [1820, 1820, 1820, 1505, 1607]
    assert rows["hours_from"].tolist() == ["secondary", "secondary", "unverified", "secondary", "secondary"]
    # 1820/1820, 10 010/1820 = 5.5, 1820/1820, 1505/1505
    assert rows["done_fte"].tolist()[:4] == [1, 5.5, 1, 1]


def test_headcount_becomes_fte_of_the_year(rows: pd.DataFrame) -> None:
    # 6 · 2/12, 8 · 11/12, 4 · 6/12, 2 · 12/12, 3 · 12/12
    assert rows["agreed_fte"].tolist() == [6, 8, 4, 2, 3]
    assert rows["agreed_fte_year"].tolist() == pytest.approx([1, 22 / 3, 2, 2, 3])
    # 1/1, 5.5 · 3/22 = 0.75, 1/2, 1/2
    assert rows["use"].tolist()[:4] == pytest.approx([1, 0.75, 0.5, 0.5])
    # 0, 22/3 − 11/2 = 11/6, 1, 1
    assert rows["to_fill_fte"].tolist()[:4] == pytest.approx([0, 11 / 6, 1, 1])
    assert math.isnan(rows.at["bridge", "use"]) and math.isnan(rows.at["bridge", "to_fill_fte"])


def test_aid_and_who_pays_it(rows: pd.DataFrame) -> None:
    # 6 · 1800 · 2, 8 · 1800 · 11, 4 · 1000 · 6, no amount, 3 · 125 · 12
    assert rows["aid_eur"].drop("river").tolist() == pytest.approx([21_600, 158_400, 24_000, 4500])
    assert rows["aid_unknown"].tolist() == ["", "", "", "no_amount", ""]
    # a fifth of 21 600, a quarter of 158 400; nobody says; nothing of 4 500
    assert rows["department_eur"].dropna().to_dict() == pytest.approx(
        {"long": 4320, "annex": 39_600, "bridge": 0}
    )
    assert rows["state_eur"].dropna().to_dict() == pytest.approx(
        {"long": 17_280, "annex": 118_800, "bridge": 4500}
    )
    assert not rows["is_reference_amount"].any()


def test_february_is_in_two_of_them(rows: pd.DataFrame) -> None:
    # the one in detention is another measure: not the same posts
    assert rows["is_overlapping"].to_dict() == {
        "long": True,
        "annex": True,
        "inside": False,
        "river": False,
        "bridge": False,
    }


# -- the indicators, 2024 --------------------------------------------------------------------------------


def test_g1_to_g3(f: Filiere) -> None:
    assert insertion.fte_done(f) == 8.5  # 1 + 5.5 + 1 + 1
    # over the four that give both: 8.5 / (1 + 22/3 + 2 + 2) = 8.5 / (37/3) = 51/74
    assert insertion.agreement_use(f) == pytest.approx(51 / 74)
    assert insertion.planned_aid(f) == pytest.approx(208_500)  # 21 600 + 158 400 + 24 000 + 4 500
    assert insertion.planned_aid(f, payer="state") == pytest.approx(140_580)  # 17 280 + 118 800 + 4 500
    assert insertion.planned_aid(f, payer="department") == pytest.approx(43_920)  # 4 320 + 39 600
    # what is left, 24 000, is of the agreement of which nobody says who pays
    assert 208_500 - 140_580 - 43_920 == 24_000


def test_base_amounts_fill_the_one_that_gives_none(f: Filiere) -> None:
    # an EI in January 2024: 11 609 € since August 2022, for 2 FTE over 12 months
    assert insertion.planned_aid(f, reference_amounts=True) == pytest.approx(208_500 + 2 * 11_609)
    marked = insertion.agreements_table(f, reference_amounts=True)["is_reference_amount"]
    assert marked[marked].index.tolist() == ["river"]


def test_g6_and_g7(f: Filiere) -> None:
    # 12 + 8 + 4 + 30 = 54 left; 9 + 4 + 2 + 18 = 33 dynamic, 3 + 1 + 1 + 6 = 11 lasting; those of the EA are others
    assert insertion.positive_exits(f) == pytest.approx(33 / 54)
    assert insertion.lasting_exits(f) == pytest.approx(11 / 54)
    table = insertion.exits_table(f)
    assert table.loc["bac", ["exits", "lasting_exits", "dynamic_exits", "n_agreements"]].tolist() == [
        20,
        4,
        13,
        3,
    ]
    assert table.loc["bac", "n_unknown"] == 1  # the one in detention tells nothing
    # 4 of « rive » are too few, and the 20 of « bac » hide them: 54 − 30 = 24
    shown = insertion.exits_shown(f)
    assert shown["is_masked"].to_dict() == {"bac": True, "rive": True, "pont": False}
    rows = insertion.agreements_shown(f)["exits"]
    # row by row too, « long » among them, which states no year; the 9 of the EA are in no sum
    assert rows.dropna().to_dict() == {"bridge": 30, "adapted": 9}


def test_g8(f: Filiere) -> None:
    # (1.6 + 0.5) / (8 + 2)
    assert insertion.supervision_ratio(f) == pytest.approx(0.21)
    table = insertion.supervision_table(f)
    assert table["per_supervisor"].to_dict() == pytest.approx({"bac": 5, "rive": 4})


def test_g10(f: Filiere) -> None:
    # 48 000 of the town hall and 12 000 of the shop, at 24 000 € an FTE; the EA is no SIAE
    assert insertion.fte_bought(f, cost_per_fte=24_000) == 2.5


def test_g11(f: Filiere) -> None:
    # 8 + 2 FTE for the 300 t that enter; the 250 t that go on are among them
    assert insertion.intensity(f) == pytest.approx(10 / 300)


def test_posts_to_fill_by_structure(f: Filiere) -> None:
    found = list(insertion.CHECKS[1](f, lang="en"))
    # bac: 1 + 5.5 + 1 of 1 + 22/3 + 2, 17/6 left; rive: 1 of 2; of pont nobody knows
    assert [one.actor_id for one in found] == ["bac", "rive"]
    assert [one.quantity for one in found] == pytest.approx([17 / 6, 1])
    assert found[0].rows == {"agreements": ("long", "annex", "inside")}


# -- the year before --------------------------------------------------------------------------------------


def test_the_first_ten_months_are_of_2023(f: Filiere) -> None:
    before = f.at(2023)
    (row,) = insertion.agreements_table(before).to_dict("records")
    # March to December: 10 · 910 h = 9 100 h = 5 FTE, for 6 · 10/12 = 5
    assert (row["months"], row["hours"], row["done_fte"], row["agreed_fte_year"]) == (10, 9100, 5, 5)
    assert insertion.agreement_use(before) == 1.0
    # 6 · 1800 · 10, a fifth of it by the département
    assert row["aid_eur"] == pytest.approx(108_000) and row["department_eur"] == pytest.approx(21_600)
    assert not row["is_overlapping"]  # the annex is of 2024
    # who left counts where it ends
    assert math.isnan(insertion.positive_exits(before)) and insertion.exits_shown(before).empty


def test_two_years_give_the_whole_of_an_agreement(f: Filiere) -> None:
    parts = [insertion.agreements_table(f.at(year)).loc["long"] for year in (2023, 2024)]
    assert sum(part["hours"] for part in parts) == 10_920
    assert sum(part["months"] for part in parts) == 12
    assert sum(part["aid_eur"] for part in parts) == pytest.approx(6 * 21_600)
    assert insertion.agreements_table(f.at(2025)).empty


def test_a_year_asked_for_and_the_latest_one_are_the_same(f: Filiere, rows: pd.DataFrame) -> None:
    pd.testing.assert_frame_equal(insertion.agreements_table(f.at(2024)), rows)


# -- in words ---------------------------------------------------------------------------------------------


def test_the_measures_say_it_in_french(f: Filiere) -> None:
    done = plain(measure("G1", f).note)
    assert done.startswith("Périmètre : cette filière. Connu pour 4 des 5 conventions en 2024.")
    assert (
        "ACI DC 1 820 h" in done and "EI DC 1 505 h" in done and "AI DC" not in done
    )  # no hours, none taken
    assert "ne sont pas vérifiées" in done
    assert "8,5 ETP réalisés pour 12,3 ETP conventionnés." in plain(measure("G2", f).note)
    aid = plain(measure("G3", f).note)
    assert "État 140 580 €, département 43 920 €." in aid
    assert "2 conventions sans dates" in aid and "2 conventions" in aid
    assert "60 % et plus" in plain(measure("G6", f).note)


# -- before the reform of 2014 ---------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("kind", "first", "last", "year", "months", "paid"),
    [
        ("ACI", "2014-04-01", "2015-03-31", 2014, 9, 6),  # April to December; since July
        ("ACI", "2014-04-01", "2015-03-31", 2015, 3, 3),
        ("ACI", "2013-07-01", "2014-06-30", 2014, 6, 0),
        ("AI", "2014-06-30", "2014-07-01", 2014, 2, 1),
        ("ETTI", "2013-11-01", "2014-02-28", 2013, 2, 0),
        ("ETTI", "2013-11-01", "2014-02-28", 2014, 2, 2),
        ("EI", "2013-01-01", "2013-12-31", 2013, 12, 12),  # funded by post since 1999
        ("EITI", "2018-10-01", "2019-03-31", 2018, 3, 0),
        ("EITI", "2018-10-01", "2019-03-31", 2019, 3, 3),
    ],
)
def test_months_of_the_aid(kind: str, first: str, last: str, year: int, months: int, paid: int) -> None:
    frame = pd.DataFrame([{"actor_id": "rive", "kind": kind, "starts_on": first, "ends_on": last, "agreed_fte": 5,
                           "aid_eur_per_fte": 12_000, "cofinanced_share": 0.1, "hours_worked": 600}])  # fmt: skip
    f = valley(agreements=frame).at(year)
    (row,) = insertion.agreements_table(f).to_dict("records")
    assert (row["months"], row["aid_months"]) == (months, paid)
    assert row["agreed_fte_year"] == pytest.approx(5 * months / 12)  # the headcount was agreed all the same
    if not paid:
        assert row["aid_unknown"] == "funded_otherwise" and math.isnan(insertion.planned_aid(f))
        assert measure("G3", f).n_unknown == 0  # nothing is to be asked for
        return
    assert insertion.planned_aid(f) == pytest.approx(5 * 1000 * paid)
    assert insertion.planned_aid(f, payer="department") == pytest.approx(500 * paid)
