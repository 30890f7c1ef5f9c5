"""Cooperation year by year: the rows of the figure of its evolution."""

from __future__ import annotations

import networkx as nx
import numpy as np
import pandas as pd
import pytest

from chaine_valeur.analysis.cooperation.change.evolution import HISTORY_COLUMNS, tie_history
from chaine_valeur.analysis.cooperation.cohesion.densities import density, density_measure
from chaine_valeur.filiere import Filiere
from tests.cooperation.years_hand import TABLES, over_years


@pytest.fixture(scope="module")
def f() -> Filiere:
    return over_years()


def test_by_hand(f: Filiere) -> None:
    found = tie_history(f, lang="en")
    assert list(found.columns) == list(HISTORY_COLUMNS)
    assert found["kind"].tolist() == ["all"] * 4
    assert found["year"].tolist() == [2019, 2020, 2021, 2022]
    assert found["actors"].tolist() == [4, 4, 5, 5]
    assert found["ties"].tolist() == [4, 4, 5, 4]
    np.testing.assert_array_equal(found["born"], [np.nan, 0, 2, 0])
    np.testing.assert_array_equal(found["ended"], [np.nan, 0, 1, 1])
    np.testing.assert_array_equal(found["kept"], [np.nan, 2, 1, 3])
    np.testing.assert_allclose(found["density"], [4 / 6, 4 / 6, 5 / 10, 4 / 10])
    # without those of unknown period (in 2021 c6 is sure); with the undocumented pairs, two from 2021 on
    np.testing.assert_allclose(found["low"], [2 / 6, 2 / 6, 4 / 10, 3 / 10])
    np.testing.assert_allclose(found["high"], [4 / 6, 4 / 6, 7 / 10, 6 / 10])
    assert found["undated"].tolist() == [2, 2, 1, 1]
    assert found["undocumented"].tolist() == [0, 0, 2, 2]
    assert found["note"].tolist()[-1] == "1 cooperation of unknown period"


def test_it_is_the_density_of_each_year(f: Filiere) -> None:
    found = tie_history(f)
    for row in found.itertuples():
        then = density_measure(f, year=row.year)
        assert row.ties == then.numerator
        assert row.density == pytest.approx(density(f, year=row.year))
        assert (
            row.low <= then.low and row.high <= then.high + 1e-12
        )  # years of a tie say when it was not there


def test_by_kind(f: Filiere) -> None:
    found = tie_history(f, by_kind=True, years=[2020, 2021])
    kinds = ["all", "joint_project", "research", "support", "contracting"]
    assert found["kind"].tolist() == [kind for kind in kinds for _ in range(2)]
    by_kind = found.set_index(["kind", "year"])
    assert by_kind.loc[("joint_project", 2021), ["ties", "born", "kept"]].tolist() == [2, 1, 1]
    assert by_kind.loc[("support", 2021), ["ties", "ended"]].tolist() == [0, 1]
    assert by_kind.loc[("research", 2020), ["ties", "undated"]].tolist() == [2, 2]
    # without years, each kind over the years of all of them
    assert tie_history(f, by_kind=True)["year"].tolist() == [2019, 2020, 2021, 2022] * 5
    only = tie_history(f, by_kind=True, kind=["support", "research"], years=[2020])
    assert only["kind"].tolist() == ["all", "research", "support"]
    assert only["ties"].tolist() == [3, 2, 1]


def test_without_years_or_actors() -> None:
    undated = over_years(cooperations={**TABLES["cooperations"], "since": [None] * 7, "until": [None] * 7})
    found = tie_history(undated)  # the reference year alone
    assert found[["year", "ties", "undated"]].values.tolist() == [[2022, 6, 6]]
    assert found["born"].isna().all()
    nothing = Filiere.from_tables(actors={"name": ["A", "B"]})
    assert tie_history(nothing).empty and list(tie_history(nothing).columns) == list(HISTORY_COLUMNS)
    silent = tie_history(nothing, years=[2020], lang="en").iloc[0]
    assert np.isnan(silent["density"]) and (silent["low"], silent["high"]) == (0, 1)
    assert silent["note"] == "no pair of actors documented"
    alone = tie_history(Filiere.from_tables(actors={"name": ["A"]}), years=[2020], lang="en").iloc[0]
    assert np.isnan(alone["density"]) and np.isnan(alone["high"])
    assert alone["note"] == "fewer than two actors present"


def test_years_before_and_after(f: Filiere) -> None:
    found = tie_history(f, years=[2025, 2010])
    assert found["year"].tolist() == [2010, 2025]
    assert found["ties"].tolist() == [2, 4]  # c5 and c6 may have been there; c6 and c2 are over
    assert found["undated"].tolist() == [2, 1]
    later = over_years(filiere={"name": ["Années"], "reference_year": [2020]})
    assert tie_history(later)["year"].tolist() == [2019, 2020]  # what comes after is not told yet
    unsaid = over_years(filiere=None)
    assert tie_history(unsaid)["year"].tolist() == [2019, 2020, 2021]


def test_the_graph_of_a_filiere_is_read_back(f: Filiere) -> None:
    from chaine_valeur.io.graph import to_networkx

    pd.testing.assert_frame_equal(tie_history(to_networkx(f)), tie_history(f))


def test_graphs() -> None:
    found = tie_history({2024: nx.path_graph(3), 2020: nx.DiGraph([(0, 1), (1, 0)])})
    assert found["year"].tolist() == [2020, 2024]
    assert found[["actors", "ties"]].values.tolist() == [[2, 1], [3, 2]]
    np.testing.assert_allclose(found["density"], [1, 2 / 3])
    np.testing.assert_allclose(found["low"], found["high"])
    directed = tie_history([nx.DiGraph([(0, 1), (1, 0)])] * 2)
    assert directed[["ties", "kept"]].values.tolist()[1] == [2, 2]
