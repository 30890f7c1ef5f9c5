"""Ties of several filières in one pass, each pair of positions written out; and the activities that count."""

from __future__ import annotations

from typing import Any

import numpy as np
import pandas as pd
import pytest

from chaine_valeur.analysis.cooperation.ties.counting import degrees
from chaine_valeur.errors import UnknownNameError
from chaine_valeur.filiere import Filiere
from chaine_valeur.network import Ties
from chaine_valeur.network.activities import current_activities_of
from chaine_valeur.network.positions import NO_YEAR
from chaine_valeur.network.tables import filiere_of_rows, latest_years, reference_years
from chaine_valeur.network.ties import observed_and_denied
from chaine_valeur.portfolio import Portfolio


def cooperations(*rows: tuple[str, str, str | None, str | None, int | None]) -> dict[str, list[Any]]:
    names = ("actor_id", "to_actor_id", "kind", "state", "until")
    return {name: [row[place] for row in rows] for place, name in enumerate(names)}


#: Actors 0 … 3 are of « x », 4 of « y », 5 … 8 of « z ».
#: In « x » B is a diffuse group: partners A, C, D, of which A was asked. « y » has one actor. In « z » all four are
#: partners but H, who has closed; F and G were asked.
X = Filiere.from_tables(
    filiere={"name": ["X"], "reference_year": [2022]},
    actors={"name": list("ABCD"), "actor_type": [None, "diffuse", None, "network"],
            "surveyed_on": ["2022-01-01", None, None, None]},
    cooperations=cooperations(
        ("A", "C", "support", None, None),
        ("C", "A", "information", None, 2021),  # it has ended
        ("A", "B", "training", None, None),  # with a group that cannot cooperate
        ("C", "D", "research", "absent", 2022),  # it is still so in 2022
        ("D", "A", "funding", None, 2030),
        ("A", "D", "joint_project", "absent", None),
    ),
)  # fmt: skip
Y = Filiere.from_tables(actors={"name": ["E"]})
Z = Filiere.from_tables(
    actors={"name": list("FGHI"), "status": ["active", "active", "closed", None],
            "surveyed_on": ["2021-05-01", "2021-06-01", "2021-07-01", None]},
    cooperations=cooperations(
        ("G", "F", "research", None, 1999),  # there is no year to compare with
        ("F", "G", "support", None, None),
        ("F", "H", "support", None, None),  # H has closed
        ("I", "G", None, "absent", None),
        ("I", "F", "referral", "absent", None),
        ("F", "I", "referral", None, None),
    ),
)  # fmt: skip


@pytest.fixture(scope="module")
def p() -> Portfolio:
    return Portfolio.from_filieres({"x": X, "y": Y, "z": Z})


def told(ties: Ties) -> tuple[list[tuple[int, int]], list[tuple[int, int]]]:
    """Return the positions of the actors that are tied, and of those known not to be."""
    at = ties.nodes.to_numpy()
    return (
        list(zip(at[ties.a].tolist(), at[ties.b].tolist(), strict=True)),
        list(zip(at[ties.absent_a].tolist(), at[ties.absent_b].tolist(), strict=True)),
    )


def test_who_can_cooperate(p: Portfolio) -> None:
    ties = p.core.ties()
    assert ties.nodes.tolist() == [0, 2, 3, 4, 5, 6, 8]
    assert ties.asked.tolist() == [True, False, False, False, True, True, False]
    assert (ties.size, ties.possible) == (7, 21)


def test_each_pair_once(p: Portfolio) -> None:
    # x: A-C (support), A-D (funding, said before it was denied); C-D denied
    # z: F-G of two kinds, F-I told by one and denied by the other; G-I denied
    assert told(p.core.ties()) == ([(0, 2), (0, 3), (5, 6), (5, 8)], [(2, 3), (6, 8)])
    assert p.core.ties() is p.core.ties(directed=False)


def test_with_their_direction(p: Portfolio) -> None:
    arcs = p.core.ties(directed=True)
    # support, funding and referral go one way; research, information, and what has no kind, both ways
    tied, denied = told(arcs)
    assert tied == [(0, 2), (3, 0), (5, 6), (5, 8), (6, 5)]
    # the joint project that A and D have not is denied from A to D only: from D to A money goes
    assert denied == [(0, 3), (2, 3), (3, 2), (6, 8), (8, 5), (8, 6)]
    assert (arcs.directed, arcs.possible) == (True, 42)


@pytest.mark.parametrize(
    ("kind", "directed", "tied", "denied"),
    [
        ("support", True, [(0, 2), (5, 6)], []),
        ("support", False, [(0, 2), (5, 6)], []),
        ("research", False, [(5, 6)], [(2, 3)]),
        ("research", True, [(5, 6), (6, 5)], [(2, 3), (3, 2)]),
        ("referral", True, [(5, 8)], [(8, 5)]),
        ("referral", False, [(5, 8)], []),
        ("joint_project", False, [], [(0, 3)]),
        ("information", False, [], []),  # ended in 2021
        ("training", False, [], []),  # with a diffuse group
        ("contracting", True, [], []),
    ],
)
def test_of_one_kind(p: Portfolio, kind: str, directed: bool, tied: list[Any], denied: list[Any]) -> None:
    assert told(p.core.ties(kind=kind, directed=directed)) == (tied, denied)
    for code, f in (("x", X), ("z", Z)):  # and of each of them alone
        start = int(p.offsets("actors")[list(p.codes).index(code)])
        one = f.network.ties(kind=kind, directed=directed)
        at = f.actors.index.get_indexer(one.nodes) + start
        inside = [pair for pair in tied if start <= pair[0] < start + 4]
        assert list(zip(at[one.a].tolist(), at[one.b].tolist(), strict=True)) == inside


def test_a_kind_that_there_is_not(p: Portfolio) -> None:
    with pytest.raises(UnknownNameError, match="no kind of cooperation 'friendship'; there are: information"):
        p.core.ties(kind="friendship")


def test_rows_that_count(p: Portfolio) -> None:
    rows = p.core.cooperation_rows
    # the second row has ended; 1999 and 2030 are no reason to leave one out
    assert rows.row.tolist() == [0, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11]
    assert rows.a.tolist() == [0, 0, 2, 3, 0, 6, 5, 5, 8, 8, 5]
    assert rows.b.tolist() == [2, 1, 3, 0, 3, 5, 6, 7, 6, 5, 8]
    assert rows.absent.tolist() == [0, 0, 1, 0, 1, 0, 0, 0, 1, 1, 0]
    assert rows.kind[8] == -1  # of which the kind is not known
    # in 2021 that row counts, and the one of 1999, which `at` has left out of the table, does not
    again = p.at(2021).core.cooperation_rows
    assert again.row.tolist() == list(range(11))
    assert again.a.tolist() == [0, 2, 0, 2, 3, 0, 5, 5, 8, 8, 5]


def test_what_is_documented_though_nobody_asked(p: Portfolio) -> None:
    # C-D: neither was asked, and it is denied; all the others have one end that was asked
    a, b = p.core.ties().spoken_of
    at = p.core.ties().nodes
    assert (at[a].tolist(), at[b].tolist()) == ([2], [3])
    everyone = Filiere.from_tables(
        actors={"name": ["A", "B"], "surveyed_on": ["2022-01-01"] * 2},
        cooperations={"actor_id": ["A"], "to_actor_id": ["B"]},
    ).network.ties()
    assert [len(part) for part in everyone.spoken_of] == [0, 0]
    nobody = Filiere.from_tables(
        actors={"name": list("ABC")},
        cooperations={"actor_id": ["A", "B"], "to_actor_id": ["B", "C"], "state": [None, "absent"]},
    ).network.ties()
    assert [part.tolist() for part in nobody.spoken_of] == [[0, 1], [1, 2]]


def test_among_some(p: Portfolio) -> None:
    ties = p.core.ties()
    # without A and G: C, D, E, F, I; F-I is tied, C-D denied
    some = ties.among(np.array([False, True, True, True, True, False, True]))
    assert some.nodes.tolist() == [2, 3, 4, 5, 8]
    assert told(some) == ([(5, 8)], [(2, 3)])
    assert some.asked.tolist() == [False, False, False, True, False]
    assert some.matrix.toarray().tolist() == [[0] * 5, [0] * 5, [0] * 5, [0, 0, 0, 0, 1], [0, 0, 0, 1, 0]]
    assert ties.among(np.zeros(7, dtype=bool)).possible == 0
    whole = ties.among(np.ones(7, dtype=bool))
    assert told(whole) == told(ties)
    arcs = p.core.ties(directed=True).among(np.array([True, True, True, False, False, False, False]))
    assert arcs.matrix.toarray().tolist() == [[0, 1, 0], [0, 0, 0], [1, 0, 0]]


def test_pairs_from_rows() -> None:
    # partners 0, 1, 2; −1 is none: its rows speak of no tie
    a, b = np.array([0, 1, 2, -1, 1, 2], dtype=np.int32), np.array([1, 0, 1, 0, -1, 0], dtype=np.int32)
    absent = np.array([False, True, True, False, False, True])
    one_way = np.array([True, True, False, True, True, True])

    def found(directed: bool) -> list[list[int]]:
        graph, *pairs = observed_and_denied(a, b, absent=absent, one_way=one_way, size=3, directed=directed)
        # the graph is that of the pairs that are tied
        assert graph.rows().tolist() == ([0] if directed else [0, 1])
        assert graph.indices.tolist() == ([1] if directed else [1, 0])
        return [ends.tolist() for pair in pairs for ends in pair]

    # 0-1 is tied, though 1 denies it; 1-2 and 0-2 are denied
    assert found(directed=False) == [[0], [1], [0, 1], [2, 2]]
    # 0 → 1 is tied, 1 → 0 denied; what has no direction is denied both ways, 2 → 0 one way
    assert found(directed=True) == [[0], [1], [1, 1, 2, 2], [0, 2, 0, 1]]
    none = np.zeros(0, dtype=np.int32)
    empty = observed_and_denied(none, none, absent=none == 1, one_way=none == 1, size=0, directed=False)
    assert [len(ends) for pair in empty[1:] for ends in pair] == [0, 0, 0, 0] and empty[0].size == 0


@pytest.mark.parametrize("directed", [False, True])
def test_the_graph_of_a_layer_is_that_of_its_pairs(p: Portfolio, directed: bool) -> None:
    ties = p.core.ties(directed=directed)
    alone = Ties(
        ties.nodes, ties.a, ties.b, ties.absent_a, ties.absent_b, ties.asked, directed
    )  # made of its pairs
    assert ties.linked is not None and alone.linked is None
    for one, other in (
        (ties.graph, alone.graph),
        (ties.among(ties.asked).graph, alone.among(ties.asked).graph),
    ):
        assert one.indptr.tolist() == other.indptr.tolist() and one.indices.tolist() == other.indices.tolist()
    for mode in ("degree", "in", "out") if directed else ("degree",):
        assert degrees(ties, mode=mode).tolist() == degrees(alone, mode=mode).tolist()
    assert alone.nodes is ties.nodes  # looked up once, however often they are asked for


def test_several_kinds_are_one_layer(p: Portfolio) -> None:
    kinds = ["information", "research"]
    ties = p.core.ties(kind=kinds)
    each = [p.core.ties(kind=one) for one in kinds]
    tied = {pair for one in each for pair in zip(one.a.tolist(), one.b.tolist(), strict=True)}
    denied = {pair for one in each for pair in zip(one.absent_a.tolist(), one.absent_b.tolist(), strict=True)}
    assert set(zip(ties.a.tolist(), ties.b.tolist(), strict=True)) == tied
    # a pair that one kind ties is tied, whatever another kind denies
    assert set(zip(ties.absent_a.tolist(), ties.absent_b.tolist(), strict=True)) == denied - tied
    assert p.core.ties(kind=[*reversed(kinds), kinds[0]]) is ties  # the same kinds, made once
    assert told(p.core.ties(kind=["research"])) == told(p.core.ties(kind="research"))
    with pytest.raises(ValueError, match="no kind"):
        p.core.ties(kind=[])
    with pytest.raises(UnknownNameError, match="friendship"):
        p.core.ties(kind=["research", "friendship"])


# -- years of filières, activities that count ----------------------------------------------------------


def working(
    years: list[int | None], *, reference: int | None = None, status: str | None = None, whole: bool = True
) -> Filiere:
    """A at « tri » in the first two rows (or only one), at « filage » in the third; B at « tri » in the last."""
    rows = [0, 1, 2, 3] if whole else [0, 2, 3]
    return Filiere.from_tables(
        filiere={"name": ["F"], "reference_year": [reference]},
        stages={"name": ["tri", "filage"]},
        actors={"name": ["A", "B"], "status": [None, status]},
        activities={"actor_id": ["AAAB"[row] for row in rows], "year": years,
                    "stage_id": [["tri", "tri", "filage", "tri"][row] for row in rows],
                    "jobs_fte": [[1.0, 2.0, None, 4.0][row] for row in rows]},
    )  # fmt: skip


#: name → filière, its year, rows that count
ACTIVE: dict[str, tuple[Filiere, int, list[int]]] = {
    # the latest year: a row without a year gives way to one of that year
    "latest": (working([None, 2021, 2020, 2021]), 2021, [1, 3]),
    "latest is older": (working([2020, None, 2020, 2019]), 2020, [0, 2]),
    # no year at all: every row counts
    "undated": (working([None] * 3, whole=False), NO_YEAR, [0, 1, 2]),
    # the year that the filière describes is not asked for here, the one of `at` is
    "reference": (working([2020, 2021, None, 2020], reference=2020), 2021, [1, 2]),
    # (what is of another year is not in its table)
    "asked": (working([2020, 2021, None, 2020]).at(2020), 2020, [0, 1, 2]),
    "asked, of nothing": (working([2020, 2021, 2021, 2020]).at(1999), 1999, []),
    "closed": (working([None, 2019, 2020, 2020], status="closed"), 2020, [0, 2]),
    "none": (Filiere.from_tables(actors={"name": ["A"]}), NO_YEAR, []),
}


@pytest.mark.parametrize("name", ACTIVE)
def test_activities_of_one(name: str) -> None:
    f, year, rows = ACTIVE[name]
    found = current_activities_of(f.network)
    assert (found.row.tolist(), found.years.tolist()) == (rows, [year])
    assert found.actor.tolist() == f.codes("activities", "actor_id")[rows].tolist()
    assert current_activities_of(f.network) is found  # read once
    assert not len(rows) or found.values("jobs_fte").tolist() == pytest.approx(
        f.activities["jobs_fte"].iloc[rows].tolist(), nan_ok=True
    )


def test_activities_of_many() -> None:
    p = Portfolio.from_filieres({name: f for name, (f, _, _) in ACTIVE.items()})
    found = current_activities_of(p.core)
    starts = p.offsets("activities")
    assert found.row.tolist() == [
        row + start
        for (_, _, rows), start in zip(ACTIVE.values(), starts[:-1].tolist(), strict=True)
        for row in rows
    ]
    assert found.years.tolist() == [year for _, year, _ in ACTIVE.values()]
    # a stage of each filière is a stage of its own
    assert found.stage.tolist()[:5] == [0, 0, 2, 3, 4] and found.actor.tolist()[:5] == [0, 1, 2, 2, 4]
    tables = p.core.tables
    assert (
        filiere_of_rows(tables, "activities").tolist()
        == np.repeat(range(8), [4, 4, 3, 4, 3, 0, 4, 0]).tolist()
    )
    # described, or asked for; the latest of the activities, or asked for
    assert reference_years(tables).tolist() == [NO_YEAR] * 3 + [2020, 2020, 1999, NO_YEAR, NO_YEAR]
    assert latest_years(tables, "activities").tolist() == found.years.tolist()
    assert latest_years(tables, "flows").tolist() == [NO_YEAR] * 4 + [2020, 1999, NO_YEAR, NO_YEAR]


def test_one_filiere_as_tables() -> None:
    tables = X.network.tables
    assert tables.offsets("actors").tolist() == [0, 4]
    assert tables.asked_years.tolist() == [NO_YEAR] and X.at(2021).network.tables.asked_years.tolist() == [
        2021
    ]
    assert filiere_of_rows(tables, "cooperations").tolist() == [0] * 6
    pd.testing.assert_series_equal(tables.column("actors", "name"), X.actors["name"])
    assert tables.codes("cooperations", "actor_id") is X.codes("cooperations", "actor_id")
    assert tables.local().tolist() == [-1] * 4
