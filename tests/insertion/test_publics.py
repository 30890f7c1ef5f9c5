"""People in insertion by public and sex: never added across publics, never so few that one could be known."""

from __future__ import annotations

from typing import Any

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

import chaine_valeur as cv
from chaine_valeur.analysis.insertion import jobs_by_commune, publics_rows_shown, publics_shown, publics_table
from chaine_valeur.filiere import Filiere
from chaine_valeur.report.insertion_people import people_blocks

NAN = float("nan")


def served(*rows: tuple[Any, ...], **more: Any) -> Filiere:
    """Rows of (structure, year, public, sex, persons)."""
    columns = ("actor_id", "year", "public", "sex", "persons")
    publics = {name: [row[place] for row in rows] for place, name in enumerate(columns)}
    names = list(dict.fromkeys(row[0] for row in rows))
    return Filiere.from_tables(**({"actors": {"name": names}, "publics": publics} | more))


#: Relais: 7 women, 5 men; 12 on RSA, 9 of them women. Tri: 10 in all, 3 on RSA. Pose: nothing known of RSA.
THREE = (
    ("Relais", 2024, None, "F", 7),
    ("Relais", 2024, None, "H", 5),
    ("Relais", 2024, "RSA", None, 12),
    ("Tri", 2024, None, None, 10),
    ("Tri", 2024, "RSA", None, 3),
    ("Pose", 2024, "RSA", None, None),
)


def test_the_table_by_hand() -> None:
    table = publics_table(served(*THREE))
    assert table.columns.tolist() == [
        "public", "persons", "n_structures", "of_known_sex", "women", "men", "n_unknown",
    ]  # fmt: skip
    # everybody: 7 + 5 of Relais and 10 of Tri, of two structures; of Tri the sexes are not known
    assert table.iloc[0].tolist() == ["", 22.0, 2, 12.0, 7.0, 5.0, 0]
    # RSA: 12 + 3, not known of Pose
    assert table.iloc[1, :3].tolist() == ["rsa", 15.0, 2]
    assert table.iloc[1, 3:6].isna().all()
    assert table["n_unknown"].tolist() == [0, 1]


def test_both_sexes_stated_together_come_before_their_sum() -> None:
    # 13 in all, of whom 7 women and 5 men said so: the thirteenth is in the total and in neither
    f = served(
        ("Relais", 2024, None, None, 13), ("Relais", 2024, None, "F", 7), ("Relais", 2024, None, "H", 5)
    )
    assert publics_table(f).iloc[0].tolist() == ["", 13.0, 1, 12.0, 7.0, 5.0, 0]


def test_women_alone_say_nothing_of_men_nor_of_all() -> None:
    table = publics_table(served(("Relais", 2024, None, "F", 7)))
    assert table["persons"].isna().all()
    assert table["women"].isna().all()
    assert table["n_structures"].tolist() == [0]


def test_of_several_years_the_latest_and_of_two_rows_that_of_the_year() -> None:
    rows = (
        ("Relais", 2023, None, None, 30),
        ("Relais", 2024, None, None, 20),
        ("Relais", None, None, None, 25),
    )
    f = served(*rows)
    assert publics_table(f)["persons"].tolist() == [20]
    assert publics_table(f.at(2023))["persons"].tolist() == [30]
    # a row without a year holds where no other is
    assert publics_table(served(rows[0], ("Tri", None, None, None, 25)))["persons"].tolist() == [55]


def test_an_actor_that_is_not_active_does_not_count() -> None:
    f = served(*THREE, actors={"name": ["Relais", "Tri", "Pose"], "status": ["fermé", None, None]})
    assert publics_table(f)["persons"].tolist() == [10, 3]


def test_nothing_stated_is_an_empty_table() -> None:
    f = Filiere.from_tables(actors={"name": ["A"]})
    for table in (publics_table(f), publics_shown(f)):
        assert table.empty
        assert table.dtypes.astype(str).to_dict()["persons"] == "float64"
    assert publics_rows_shown(f).empty
    assert people_blocks(f, "fr") == []


def test_a_row_twice_is_set_aside() -> None:
    rows = (("Relais", 2024, "RSA", "F", 7), ("Relais", 2024, "RSA", "F", 8))
    publics = {
        "actor_id": ["Relais"] * 2,
        "year": [2024] * 2,
        "public": ["RSA"] * 2,
        "sex": ["F"] * 2,
        "persons": [7, 8],
    }
    f = Filiere.from_tables(actors={"name": [rows[0][0]]}, publics=publics, strict=False)
    assert len(f.set_aside["publics"]) == 1


@pytest.mark.parametrize(
    ("women", "men", "total", "shown"),
    [
        (9, 8, None, (17, 9, 8)),
        (9, 2, None, (11, NAN, NAN)),  # two men could be known, and so could they from 11 - 9
        (2, 1, None, (NAN, NAN, NAN)),  # three in all
        (9, 8, 19, (19, NAN, NAN)),  # two of whom nobody says the sex: 19 - 17
        (9, 8, 25, (25, 9, 8)),  # eight of them: enough
        (9, 0, None, (9, 9, 0)),  # nobody is nobody
    ],
)
def test_numbers_of_few_people_go_with_what_would_give_them(
    women: int, men: int, total: int | None, shown: tuple[float, ...]
) -> None:
    rows = [("Relais", 2024, "RSA", "F", women), ("Relais", 2024, "RSA", "H", men)]
    rows += [] if total is None else [("Relais", 2024, "RSA", None, total)]
    table = publics_shown(served(*rows))
    found = table[["persons", "women", "men"]].iloc[0].tolist()
    assert np.array_equal(found, shown, equal_nan=True)
    assert table["is_masked"].tolist() == [bool(np.isnan(shown).any())]


def test_rows_of_a_public_are_told_all_or_none() -> None:
    rows = publics_rows_shown(served(*THREE))
    # RSA has a row of 3 in 2024: none of RSA is told; everybody has none under 5
    assert rows["persons"].isna().tolist() == [False, False, True, False, True, True]
    assert publics_rows_shown(served(*THREE), fewest=3)["persons"].isna().sum() == 1


def test_the_other_sex_that_follows_from_a_row_for_both_is_of_few_too() -> None:
    f = served(("Relais", 2024, "RSA", None, 10), ("Relais", 2024, "RSA", "F", 8))
    assert publics_rows_shown(f)["persons"].isna().all()


@given(st.lists(st.tuples(st.integers(0, 12), st.integers(0, 12)), min_size=1, max_size=4))
@settings(max_examples=25)
def test_nobody_is_known_from_what_is_shown(structures: list[tuple[int, int]]) -> None:
    """Whatever is shown of a public, no number between 1 and 4 stands in it or follows from two of its numbers."""
    rows = [
        (f"S{place}", 2024, "QPV", sex, people)
        for place, pair in enumerate(structures)
        for sex, people in zip("FH", pair, strict=True)
    ]
    shown = publics_shown(served(*rows)).iloc[0]
    numbers = [
        shown[name] for name in ("persons", "of_known_sex", "women", "men") if shown[name] == shown[name]
    ]
    left = [
        shown["persons"] - shown[name]
        for name in ("of_known_sex", "women", "men")
        if shown[name] == shown[name]
    ]
    for one in [*numbers, *left]:
        assert one == 0 or one >= 5
    told = publics_rows_shown(served(*rows))["persons"].dropna()
    assert ((told == 0) | (told >= 5)).all()


def test_the_section_masks_them_in_words() -> None:
    (grid,) = people_blocks(served(*THREE, ("Relais", 2024, "RQTH", None, 2)), "fr")
    heads = [column.label for column in grid.columns]
    rows = {row[0].text: dict(zip(heads, (cell.text for cell in row), strict=True)) for row in grid.rows}
    assert rows["Ensemble"]["Personnes"] == "22"
    assert rows["Ensemble"]["Part des femmes"].replace("\u00a0", " ") == "58 %"  # 7 of 12
    assert rows["Travailleurs handicapés (RQTH)"]["Personnes"] == "effectif trop petit"
    assert rows["Travailleurs handicapés (RQTH)"]["Femmes"] == ""
    assert "(2024)" in grid.caption


# -- jobs by commune ----------------------------------------------------------------------------------


def placed(**more: Any) -> Filiere:
    tables: dict[str, Any] = {
        "filiere": {"name": ["F"], "territory_id": ["T"]},
        "territories": {"territory_id": ["T"], "commune_code": ["76384"], "commune_name": ["Lillebonne"]},
        "stages": {"name": ["tri", "pose"]},
        "actors": {
            "name": ["A", "B", "C", "D", "E", "F"],
            "commune_code": ["76384", "76384", "14118", None, None, "76384"],
            "commune_name": ["Lillebonne", None, "Caen", "Yvetot", None, "Lillebonne"],
            "status": [None, None, None, None, None, "fermé"],
        },
        "activities": {
            "actor_id": ["A", "A", "B", "C", "D", "E", "F"],
            "stage_id": ["tri", "pose", "tri", "tri", "tri", "tri", "tri"],
            "jobs_fte": [4, 2, None, 9, None, 1, 100],
            "insertion_fte": [3, None, 1, None, None, None, 100],
        },
    }
    return Filiere.from_tables(**(tables | more))


def test_jobs_by_commune_by_hand() -> None:
    frame = jobs_by_commune(placed())
    # Caen 9; Lillebonne 4 + 2 of A, unknown of B; Yvetot nothing known; then E, of nobody knows where
    assert frame["commune_name"].fillna("").tolist() == ["Caen", "Lillebonne", "Yvetot", ""]
    assert frame["commune_code"].fillna("").tolist() == ["14118", "76384", "", ""]
    assert frame["n_actors"].tolist() == [1, 2, 1, 1]
    assert frame["n_activities"].tolist() == [1, 3, 1, 1]
    assert np.array_equal(frame["jobs_fte"], [9, 6, NAN, 1], equal_nan=True)
    assert np.array_equal(frame["insertion_fte"], [NAN, 4, NAN, NAN], equal_nan=True)
    assert frame["jobs_fte_unknown"].tolist() == [0, 1, 1, 0]
    assert frame["is_local"].tolist()[:2] == [False, True]
    assert frame["is_local"].isna().tolist()[2:] == [False, True]


def test_sums_over_communes_are_those_over_stages() -> None:
    f = cv.datasets.load("exemple_complet")
    by_commune, by_stage = jobs_by_commune(f), cv.insertion.jobs_by_stage(f)
    for column in ("jobs_fte", "insertion_fte", "n_activities", "jobs_fte_unknown"):
        assert by_commune[column].sum() == pytest.approx(by_stage[column].sum())


def test_without_activities_there_is_nothing() -> None:
    assert jobs_by_commune(Filiere.from_tables(actors={"name": ["A"], "commune_name": ["Caen"]})).empty
