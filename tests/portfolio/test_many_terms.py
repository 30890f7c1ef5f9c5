"""What figures of many filières are made of, by hand: activities that count, jobs, communes, trios, means."""

from __future__ import annotations

import numpy as np
import pytest

from chaine_valeur import Filiere, datasets
from chaine_valeur.analysis.activities import current_activities
from chaine_valeur.analysis.flows.circularity.many import circulation_of
from chaine_valeur.analysis.flows.circularity.matrix import flow_matrix
from chaine_valeur.analysis.insertion.many import job_totals
from chaine_valeur.analysis.insertion.tables import jobs_by_stage
from chaine_valeur.analysis.many import PERIMETERS, Many, figures, means_of
from chaine_valeur.analysis.territory.haulage import flow_distances
from chaine_valeur.analysis.territory.many import distances_of_many
from chaine_valeur.analysis.territory.purchases import amounts_of
from chaine_valeur.analysis.together import as_one
from chaine_valeur.network.activities import current_activities_of
from chaine_valeur.network.positions import NO_YEAR
from chaine_valeur.network.tables import latest_years
from chaine_valeur.portfolio import Portfolio

from .drawn import drawn

NAN = float("nan")


def working(years: list[int | None], jobs: list[float | None], *, status: str = "active") -> Filiere:
    """One actor that holds one stage, an activity per year."""
    return Filiere.from_tables(
        strict=False,
        stages={"name": ["Tri"]},
        actors={"name": ["Relais"], "status": [status]},
        activities={"actor_id": "Relais", "stage_id": "Tri", "year": years, "jobs_fte": jobs},
    )


@pytest.fixture(scope="module")
def two() -> Portfolio:
    # the second one's latest year is earlier than that of the first one: each has its own
    return Portfolio.from_filieres(
        {
            "a": working([2021, 2023, None], [1.0, 4.0, 9.0]),
            "b": working([2019, None], [2.0, 7.0]),
            "closed": working([2024], [3.0], status="closed"),
            "undated": working([None], [5.0]),
            "nobody": Filiere.from_tables(actors={"name": ["Relais"]}),
        }
    )


def test_each_filiere_counts_its_own_latest_year(two: Portfolio) -> None:
    rows = current_activities_of(two.core)
    # a: of 2023, the undated one gives way; b: of 2019; closed: none; undated: the only one
    assert rows.values("jobs_fte").tolist() == [4.0, 2.0, 5.0]
    assert rows.years.tolist() == [2023, 2019, 2024, NO_YEAR, NO_YEAR]
    assert latest_years(two.core.tables, "activities").tolist() == rows.years.tolist()
    assert rows.row.tolist() == [1, 3, 6]  # a has rows 0–2, b 3–4, closed 5, undated 6


def test_a_year_that_is_asked_for_goes_before_the_latest(two: Portfolio) -> None:
    p = Portfolio.from_filieres({"then": two["a"].at(2021), "now": two["a"]})
    assert current_activities_of(p.core).values("jobs_fte").tolist() == [1.0, 4.0]


@pytest.mark.parametrize("seed", range(6))
def test_the_activities_of_one_filiere_are_those_of_its_own_table(seed: int) -> None:
    f = drawn(seed)
    one, many = current_activities(f), current_activities_of(f.network)
    assert one.frame.index.tolist() == f.activities.index[many.row].tolist()
    np.testing.assert_array_equal(one.values("jobs_fte"), many.values("jobs_fte"))
    pairs = np.stack([many.actor, many.stage])
    assert len(np.unique(pairs, axis=1).T) == len(many.row)  # each pair once


def test_job_totals_are_known_sums(two: Portfolio) -> None:
    found = job_totals(two.core)
    assert found["n_activities"].tolist() == [1, 1, 0, 1, 0]
    np.testing.assert_array_equal(found["jobs_fte"], [4.0, 2.0, NAN, 5.0, NAN])
    assert found["insertion_fte"].isna().all()
    assert found["insertion_fte_unknown"].tolist() == [1, 1, 0, 1, 0]


def test_job_totals_are_those_by_stage_added_up() -> None:
    f = datasets.load("lin_composite")
    by_stage, found = jobs_by_stage(f), job_totals(f.network)
    for column in ("jobs_fte", "insertion_fte"):
        assert found[column].item() == pytest.approx(by_stage[column].sum(min_count=1), nan_ok=True)
        assert found[f"{column}_unknown"].item() == by_stage[f"{column}_unknown"].sum()


# -- places -------------------------------------------------------------------------------------------


def situated(**territories: list[object]) -> Filiere:
    """Two actors, one of each of two communes that are called the same in two départements."""
    return Filiere.from_tables(
        territories={"territory_id": ["t"] * len(territories["commune_name"]), **territories},
        actors={"name": ["A", "B"], "commune_name": ["Saint-Denis", "Doudeville"]},
        flows={"source": ["A"], "target": ["B"], "quantity_t_per_year": [10.0]},
    )


def test_a_name_that_two_communes_bear_places_nobody() -> None:
    two_codes = situated(
        commune_code=["93066", "97411", "76219"],
        commune_name=["Saint-Denis", "Saint-Denis", "Doudeville"],
        latitude=[48.9, -20.9, 49.7],
        longitude=[2.4, 55.4, 0.8],
    )
    one_code = situated(
        commune_code=["93066", "97411", "76219"],
        commune_name=["Saint-Denis", "Nulle part", "Doudeville"],
        latitude=[48.9, -20.9, 49.7],
        longitude=[2.4, 55.4, 0.8],
    )
    p = Portfolio.from_filieres({"two": two_codes, "one": one_code, "again": two_codes})
    found = distances_of_many(p.core)
    assert np.isnan(found[[0, 2]]).all()
    assert found[1] == pytest.approx(flow_distances(one_code).item(), rel=1e-12)
    assert 120 < found[1] < 160  # Saint-Denis to Doudeville: about 145 km


def test_an_amount_may_stand_on_another_declaration() -> None:
    """The one that counts is believed first, then the others in row order; what nobody states stays unknown."""
    f = Filiere.from_tables(
        actors={"name": ["A", "B"]},
        flows={
            "flow_id": ["weighed", "second", "third", "own", "silent"],
            "source": "A",
            "target": "B",
            "quantity_t_per_year": [10, None, None, 5, 7],
            "confidence": ["measured", "declared", "declared", "declared", "declared"],
            "amount_eur_per_year": [None, 300, 200, 90, None],
            "same_flow_as": [None, "weighed", "weighed", None, None],
        },
    )
    p = Portfolio.from_filieres({"a": f, "b": f})
    np.testing.assert_array_equal(amounts_of(as_one(p.core)).value, [300, 90, NAN] * 2)
    np.testing.assert_array_equal(amounts_of(f).value, [300, 90, NAN])


# -- flows --------------------------------------------------------------------------------------------


def test_the_matrix_of_many_is_those_of_each_side_by_side() -> None:
    each = [drawn(seed) for seed in (2, 4, 6)]
    whole = circulation_of(Portfolio.from_filieres(dict(zip("abc", each, strict=True))).core).matrix
    first = 0
    for f in each:
        own = flow_matrix(f)
        part = slice(first, first + own.size)
        np.testing.assert_array_equal(whole.internal[part, part].toarray(), own.internal.toarray())
        np.testing.assert_allclose(whole.inputs[part], own.inputs, rtol=1e-12)
        first += own.size
    assert whole.internal.nnz == sum(flow_matrix(f).internal.nnz for f in each)  # nothing passes between two


# -- figures ------------------------------------------------------------------------------------------


def test_means_and_figures_of_nothing_are_unknown() -> None:
    np.testing.assert_array_equal(
        means_of(np.array([0, 0, 2]), np.array([1.0, 2.0, 0.0]), 3), [1.5, NAN, 0.0]
    )
    found = figures(np.array([1.0, 2.0]), np.array([0, 3]))
    # bounds are the value itself, and only where nothing is unknown
    np.testing.assert_array_equal([found.low, found.high], [[1.0, NAN], [1.0, NAN]])
    assert np.isnan(found.numerator).all() and np.isnan(found.denominator).all()
    found = figures(np.array([1.0, 2.0]), np.array([0, 3]), low=np.array([1.0, 2.0]))
    np.testing.assert_array_equal([found.low, found.high], [[1.0, 2.0], [1.0, NAN]])


def test_a_figure_of_which_nothing_is_told_is_of_the_filiere() -> None:
    ones = np.ones(2)
    found = Many(ones, ones, ones, ones, ones, np.array([4, 4]), np.array([1, 3], dtype=np.int8))
    assert found.scope.tolist() == [PERIMETERS[1], PERIMETERS[3]] == ["programme", "territory"]
    told = found.only_where(np.array([True, False]))
    assert told.scope.tolist() == ["programme", "filiere"]
    np.testing.assert_array_equal(told.value, [1.0, NAN])
    assert told.n_unknown.tolist() == [4, 0]
    assert figures(ones, np.zeros(2, dtype=np.int64)).scope.tolist() == ["filiere", "filiere"]
