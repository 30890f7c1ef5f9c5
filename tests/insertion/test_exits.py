"""Exits (G6, G7): shares by hand, where they come from, and what of few people may be shown."""

from __future__ import annotations

import math
from typing import Any

import numpy as np
import pandas as pd
import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from chaine_valeur import Filiere, insertion
from chaine_valeur.analysis.insertion.few_people import too_few
from tests.insertion.agreements_of import with_agreements
from tests.insertion.programme import measure, plain

FIELDS = ("exits", "lasting_exits", "transition_exits", "positive_exits")


def left(
    *counts: float | None, actor: str = "chantier", year: int | None = 2024, **more: Any
) -> dict[str, Any]:
    """Return an agreement with its exits: all, lasting, transition, positive."""
    return {"actor_id": actor, "year": year, **dict(zip(FIELDS, counts, strict=True)), **more}


def stated(**rows: Any) -> dict[str, Any]:
    return {"scope": "structure", "actor_id": "chantier", "unit": "share", **rows}


# -- shares -------------------------------------------------------------------------------------------


def test_shares_by_hand() -> None:
    # 2 + 3 + 1 of 10 and 1 + 0 + 1 of 4: 8 of 14; lasting 3 of 14
    f = with_agreements(left(10, 2, 3, 1), left(4, 1, 0, 1, actor="relais"))
    assert insertion.positive_exits(f) == pytest.approx(8 / 14)
    assert insertion.lasting_exits(f) == pytest.approx(3 / 14)


def test_an_agreement_that_does_not_give_all_is_left_out() -> None:
    f = with_agreements(
        left(10, 2, 3, 1), left(6, 3, None, None, actor="relais"), left(None, 1, 1, 1, actor="interim")
    )
    assert insertion.positive_exits(f) == 0.6
    assert insertion.lasting_exits(f) == pytest.approx(5 / 16)  # the second gives what G7 needs


def test_parts_above_their_whole_say_nothing() -> None:
    f = with_agreements(left(10, 2, 3, 1), left(3, 2, 2, 2, actor="relais"))
    assert insertion.positive_exits(f) == 0.6
    assert insertion.exits_table(f).loc["relais", "n_unknown"] == 1


def test_nobody_left_is_no_share() -> None:
    f = with_agreements(left(0, 0, 0, 0))
    assert math.isnan(insertion.positive_exits(f)) and math.isnan(insertion.lasting_exits(f))
    assert "Personne n’est sorti" in measure("G6", f).note


def test_exits_of_what_is_no_siae_or_of_another_year_do_not_count() -> None:
    f = with_agreements(left(10, 5, 0, 0), left(40, 40, 0, 0, actor="atelier"), left(20, 20, 0, 0, year=2023))
    assert insertion.lasting_exits(f) == 0.5
    assert insertion.lasting_exits(f.at(2023)) == 1.0


def test_people_of_an_agreement_over_two_years_are_not_split() -> None:
    """They count in the year in which it ends, whole."""
    row = left(8, 2, 2, 2, year=None, starts_on="2023-07-01", ends_on="2024-06-30")
    f = with_agreements(row)
    assert math.isnan(insertion.positive_exits(f.at(2023)))
    assert insertion.positive_exits(f.at(2024)) == 0.75
    assert insertion.exits_table(f.at(2023)).empty
    # what states its year is of that year, whenever it ends
    assert insertion.positive_exits(with_agreements({**row, "year": 2023}).at(2023)) == 0.75


# -- results in place of agreements --------------------------------------------------------------------


def test_a_share_among_the_results_stands_where_no_agreement_tells_any() -> None:
    rows = pd.DataFrame(
        [stated(kind="positive_exits", reached=0.52, target=0.6), stated(kind="lasting_exits", reached=0.2)]
    )
    silent = with_agreements({"year": 2024, "hours_worked": 5}, outcomes=rows)
    assert (insertion.positive_exits(silent), insertion.lasting_exits(silent)) == (0.52, 0.2)
    found = measure("G6", silent, lang="en")
    assert (found.value, found.scope, set(found.rows)) == (0.52, "structure", {"outcomes"})
    assert "how many people left is not known" in found.note
    # of the two, never both
    told = with_agreements(left(10, 1, 1, 1), outcomes=rows)
    assert insertion.positive_exits(told) == 0.3
    assert set(measure("G6", told).rows) == {"agreements"}


def test_shares_of_several_structures_are_not_added() -> None:
    rows = pd.DataFrame(
        [
            stated(kind="positive_exits", reached=0.5),
            stated(kind="positive_exits", reached=0.9, actor_id="relais"),
        ]
    )
    f = with_agreements(outcomes=rows)
    assert math.isnan(insertion.positive_exits(f))
    assert "ne s’additionnent pas" in plain(measure("G6", f).note)


# -- the measure --------------------------------------------------------------------------------------


def test_the_measure_tells_cases_bounds_reference_and_public() -> None:
    found = measure("G6", with_agreements(left(10, 2, 3, 1), left(6, 1, None, 2, actor="relais")), lang="en")
    # the second: between 3 and 6 of its 6
    assert (found.value, found.numerator, found.denominator, found.n_unknown) == (0.6, 6, 10, 1)
    assert [found.low, found.high] == pytest.approx([9 / 16, 12 / 16])
    assert "60% and more" in found.note and "the people whom the structures serve" in found.note
    other = measure("G7", with_agreements(left(10, 2, 3, 1)), lang="fr")
    assert (other.low, other.high) == (0.2, 0.2)
    assert "25 % et plus" in plain(other.note) and "publics" in other.note


def test_without_the_number_of_exits_there_are_no_bounds() -> None:
    found = measure("G6", with_agreements(left(10, 2, 3, 1), left(None, 1, 1, 1, actor="relais")))
    assert math.isnan(found.low) and math.isnan(found.high)


def test_few_people_are_hidden_by_the_measure_and_by_nothing_else() -> None:
    f = with_agreements(left(4, 2, 1, 0))
    assert insertion.positive_exits(f) == 0.75
    found = measure("G6", f, lang="en")
    assert all(
        math.isnan(one) for one in (found.value, found.numerator, found.denominator, found.low, found.high)
    )
    assert found.rows == {}
    assert "Fewer than 5 people left: not shown." in found.note
    assert measure("G6", with_agreements(left(5, 2, 1, 0))).value == 0.6


# -- by structure -------------------------------------------------------------------------------------


def test_the_table_by_structure() -> None:
    f = with_agreements(
        left(10, 2, 3, 1),
        left(5, 1, 0, 0),
        left(None, None, None, None, actor="relais"),
        left(6, 3, 1, None, actor="interim"),
    )
    rows = insertion.exits_table(f)
    assert rows.index.tolist() == ["chantier", "relais", "interim"]  # the order of the actors
    assert rows.loc["chantier"].tolist() == [2, 15, 3, 3, 1, 7, 7 / 15, 0.2, 0]
    assert rows.loc["relais"].isna().sum() == 7 and rows.loc["relais", "n_unknown"] == 1
    assert rows.loc["interim", "lasting_share"] == 0.5 and math.isnan(rows.loc["interim", "dynamic_share"])
    empty = insertion.exits_table(with_agreements())
    assert (
        list(empty) == list(rows) and (empty.dtypes == rows.dtypes).all() and empty.index.name == "actor_id"
    )


def test_a_structure_of_few_exits_is_masked_with_another_one() -> None:
    f = with_agreements(
        left(12, 3, 3, 3), left(3, 1, 1, 1, actor="relais"), left(8, 2, 2, 2, actor="interim")
    )
    rows = insertion.exits_shown(f)
    # 12 + 3 + 8 = 23 told in all: with the 3 alone hidden, 23 − 12 − 8 would tell it
    assert rows["is_masked"].to_dict() == {"chantier": False, "relais": True, "interim": True}
    assert rows.loc["chantier", "exits"] == 12
    assert rows.loc[["relais", "interim"], ["exits", "lasting_exits", "dynamic_share"]].isna().all(axis=None)
    assert insertion.exits_shown(f, fewest=3)["is_masked"].sum() == 0
    assert not insertion.exits_shown(with_agreements(left(12, 3, 3, 3)))["is_masked"].any()


def test_parts_of_few_people_are_masked_where_the_whole_is_not_known() -> None:
    rows = insertion.exits_shown(with_agreements(left(None, 2, 0, None), left(12, 1, 1, 1, actor="relais")))
    assert rows["is_masked"].tolist() == [True, True]


def test_the_rows_of_the_table_are_masked_year_by_year() -> None:
    f = with_agreements(
        left(12, 3, 3, 3, agreement_id="a"),
        left(2, 1, 0, 0, agreement_id="b", actor="relais"),
        left(9, 1, 1, 1, agreement_id="c", actor="interim"),
        left(9, 1, 1, 1, agreement_id="d", year=2023),
        left(20, 1, 1, 1, agreement_id="e", year=2023, actor="relais"),
    )
    shown = insertion.agreements_shown(f)
    assert shown["exits"].notna().to_dict() == {"a": True, "b": False, "c": False, "d": True, "e": True}
    assert (
        shown[["lasting_exits", "transition_exits", "positive_exits"]].isna().loc[["b", "c"]].all(axis=None)
    )
    other = [name for name in shown if name not in FIELDS]
    pd.testing.assert_frame_equal(shown[other], f.agreements[other])
    assert (shown.dtypes == f.agreements.dtypes).all()
    assert f.agreements["exits"].notna().all()  # nothing is changed


def test_two_rows_of_a_structure_do_not_tell_one_another() -> None:
    """15 is told of the structure: with a row of 12 shown, the other would be 3."""
    f = with_agreements(left(12, 3, 3, 3), left(3, 1, 1, 1), left(30, 1, 1, 1, actor="relais"))
    assert insertion.exits_shown(f).loc["chantier", "exits"] == 15
    assert insertion.agreements_shown(f)["exits"].isna().tolist()[:2] == [True, True]


people = st.lists(st.sampled_from([0, 1, 2, 3, 4, 5, 6, 9, 30]), max_size=7)


@settings(max_examples=60)
@given(people)
def test_what_is_masked_never_follows_from_the_rest(counts: list[int]) -> None:
    array = np.array(counts, dtype=float)
    masked = too_few(array, 5)
    few = (array > 0) & (array < 5)
    assert masked[few].all()
    assert not masked[array == 0].any()
    if not few.any():
        assert not masked.any()
    elif (
        masked.sum() < (array > 0).sum()
    ):  # something is shown: the rest is two or more, of five people or more
        assert masked.sum() >= 2 and array[masked].sum() >= 5


counts = st.one_of(st.none(), st.sampled_from([0, 1, 2, 3, 5]))


@settings(max_examples=15, suppress_health_check=[HealthCheck.too_slow])
@given(
    st.lists(
        st.tuples(
            st.sampled_from(["chantier", "relais"]),
            st.one_of(st.none(), st.sampled_from([0, 5, 6, 15])),
            counts,
            counts,
            counts,
        ),
        min_size=1,
        max_size=5,
    )
)
def test_shares_are_those_of_a_loop(rows: list[tuple[Any, ...]]) -> None:
    f = with_agreements(*(left(*row[1:], actor=row[0]) for row in rows))
    part = whole = lasting = of = 0
    for _, exits, *parts in rows:
        if exits is None or sum(one or 0 for one in parts) > exits:
            continue
        if None not in parts:
            part, whole = part + sum(parts), whole + exits
        if parts[0] is not None:
            lasting, of = lasting + parts[0], of + exits
    assert insertion.positive_exits(f) == pytest.approx(part / whole if whole else math.nan, nan_ok=True)
    assert insertion.lasting_exits(f) == pytest.approx(lasting / of if of else math.nan, nan_ok=True)
    for identifier in ("G6", "G7"):
        found = measure(identifier, f)
        assert math.isnan(found.low) or found.low <= found.value <= found.high


def test_without_anything_nothing_is_known() -> None:
    bare = Filiere.from_tables(actors={"name": ["Relais"]})
    assert math.isnan(insertion.positive_exits(bare)) and insertion.exits_shown(bare).empty
    assert insertion.agreements_shown(bare).empty
