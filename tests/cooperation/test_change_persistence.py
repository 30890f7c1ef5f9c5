"""How long ties last: by hand, against every history, against the filière of each year."""

from __future__ import annotations

import math
from itertools import combinations, product

import networkx as nx
import numpy as np
import pandas as pd
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from chaine_valeur.analysis.cooperation.change.comparison import compare
from chaine_valeur.analysis.cooperation.change.persistence import (
    CHANGE_COLUMNS,
    persistence,
    persistence_measure,
    stable_core,
    tie_changes,
)
from chaine_valeur.analysis.cooperation.ties.layer import ties_of
from chaine_valeur.analysis.cooperation.ties.years import (
    NOTHING,
    PERHAPS,
    TIED,
    UNDOCUMENTED,
    History,
    Moment,
    history_of,
)
from chaine_valeur.errors import ArgumentError, UnknownNameError
from chaine_valeur.filiere import Filiere
from tests.cooperation.years_hand import TABLES, over_years


@pytest.fixture(scope="module")
def f() -> Filiere:
    return over_years()


def test_by_hand(f: Filiere) -> None:
    found = tie_changes(f, lang="en")
    assert list(found.columns) == list(CHANGE_COLUMNS)
    assert found["year"].tolist() == [2019, 2020, 2021]
    assert found["to_year"].tolist() == [2020, 2021, 2022]
    # with the two of unknown period (c5; c6 until 2021): 4 in 2019 and 2020; c1 c3 c4 c5 c6; c1 c3 c4 c5
    assert found["ties"].tolist() == [4, 4, 5]
    assert found["to_ties"].tolist() == [4, 5, 4]
    assert found["kept"].tolist() == [2, 1, 3]  # c1 c2; c1; c1 c3 c4
    assert found["births"].tolist() == [0, 2, 0]  # c3 and c4; c6 may have begun before: not born
    assert found["deaths"].tolist() == [0, 1, 1]  # c2; c6, of which the end is known
    assert found["births_with_newcomers"].tolist() == [0, 1, 0]  # c4
    assert found["deaths_with_leavers"].tolist() == [0, 0, 0]
    np.testing.assert_allclose(found["persistence"], [1, 1 / 4, 3 / 4])
    np.testing.assert_allclose(found["persistence_both"], [1, 1 / 3, 3 / 4])  # without c4
    assert found["undated"].tolist() == [2, 2, 1]
    # nobody asked, no row: of the pairs of Usine, Relais, Labo none is left (c3, c5, c6); with Neuf from 2021:
    # Usine–Neuf and Relais–Neuf (c7 speaks of Labo–Neuf)
    assert found["undocumented"].tolist() == [0, 2, 2]
    # 2019: c5 and c6 last, or each is there in one year only
    # 2020: c6 tied in 2021: kept at best; c5; and two pairs of Neuf, in 2021 only
    # 2021: c5 and the two pairs of Neuf, in both years or in one
    np.testing.assert_allclose(found["low"], [2 / 4, 1 / (4 + 1 + 1 + 2), 3 / (4 + 1 + 2)])
    np.testing.assert_allclose(found["high"], [1, (1 + 1 + 1) / (4 + 1 + 1), (3 + 3) / (4 + 3)])
    assert found["note"].tolist()[2] == "1 cooperation of unknown period left out"


def test_the_latest_years(f: Filiere) -> None:
    assert persistence(f) == pytest.approx(3 / 4)
    assert persistence(f, years=[2021, 2020]) == pytest.approx(1 / 4)
    assert persistence(f, years=[2020, 2021], among="both") == pytest.approx(1 / 3)
    assert persistence(f, years=[2019, 2022]) == pytest.approx(1 / 4)  # c1 of c1 c2 c3 c4; c5 and c6 unknown
    assert persistence(f, kind="joint_project") == 1
    assert math.isnan(persistence(f, kind=["research"], years=[2020, 2022]))  # neither is sure in 2020
    assert persistence(f, actors=["mairie", "usine", "relais"], years=[2020, 2021]) == pytest.approx(1 / 3)
    assert persistence(f, directed=True) == pytest.approx((2 * 2 + 1) / (2 * 2 + 1 + 2))  # c3 goes one way


def test_the_measure(f: Filiere) -> None:
    found = persistence_measure(f)
    assert (found.numerator, found.denominator, found.n_unknown) == (3, 4, 1 + 2)
    assert (found.low, found.high) == (pytest.approx(3 / 7), pytest.approx(6 / 7))
    # the row that ended counts too
    assert found.rows == {"cooperations": tuple(f"c{one}" for one in range(1, 8)), "actors": ("mairie",)}
    assert found.note == (
        "de 2021 à 2022, coopérations maintenues\u00a0: 3, nouvelles\u00a0: 0, terminées\u00a0: 1\u202f; "
        "1 coopération de période inconnue non comptée"
    )
    both = persistence_measure(f, years=[2020, 2021], among="both", lang="en")
    assert (both.numerator, both.denominator) == (1, 3)
    # c5 and c6, without the pairs of Neuf
    assert (both.low, both.high) == (pytest.approx(1 / 5), pytest.approx(3 / 5))


def test_the_stable_core(f: Filiere) -> None:
    core = stable_core(f, years=[2020, 2021, 2022])
    expected = pd.DataFrame({"actor_id": ["usine", "relais"], "to_actor_id": ["mairie", "labo"]})
    pd.testing.assert_frame_equal(core[["actor_id", "to_actor_id"]], expected, check_dtype=False)
    assert core["dated"].tolist() == [True, False]  # c5 may not have lasted
    assert stable_core(f, years=[2019, 2020])["dated"].tolist() == [True, False, True, False]


def test_when_no_tie_bears_a_year() -> None:
    rows = {**TABLES["cooperations"], "since": [None] * 7, "until": [None] * 7}
    f = over_years(cooperations=rows)
    found = persistence_measure(f)
    assert math.isnan(found.value) and math.isnan(found.low)
    assert found.note == "aucune année n’est indiquée pour les coopérations"
    assert tie_changes(f).empty and list(tie_changes(f).columns) == list(CHANGE_COLUMNS)
    told = tie_changes(f, years=[2020, 2021], lang="en")  # six ties of unknown period: neither born nor dead
    assert told[["kept", "births", "deaths", "undated"]].values.tolist() == [[0, 0, 0, 6]]
    assert told["note"].tolist() == ["no cooperation bears a year"]
    assert told["persistence"].isna().all() and (told["low"].item(), told["high"].item()) == (0, 1)


def test_a_filiere_of_one_year(f: Filiere) -> None:
    found = persistence_measure(f.at(2021), lang="en")
    assert math.isnan(found.value)
    assert found.note == "a single year of cooperation: nothing to compare"
    assert tie_changes(f.at(2021)).empty
    with pytest.raises(ArgumentError, match="2021"):
        tie_changes(f.at(2021), years=[2020, 2021])


@pytest.mark.parametrize("waves", [{}, [], {2020: nx.Graph()}, {2020: nx.Graph(), 2021: nx.Graph()}])
def test_nothing_to_compare(waves: dict[int, nx.Graph] | list[nx.Graph]) -> None:
    assert math.isnan(persistence(waves))
    assert list(tie_changes(waves).columns) == list(CHANGE_COLUMNS)
    assert stable_core(waves).empty


def test_errors(f: Filiere) -> None:
    with pytest.raises(ArgumentError, match="a graph has no years"):
        tie_changes(nx.path_graph(3))
    with pytest.raises(ArgumentError, match="2019"):
        tie_changes({2020: nx.Graph()}, years=[2019])
    with pytest.raises(ArgumentError, match="all, both"):
        persistence(f, among="some")
    with pytest.raises(UnknownNameError, match="usine"):
        persistence(f, actors=["usin"])
    with pytest.raises(UnknownNameError):
        persistence([nx.path_graph(3)] * 2, actors=[7])
    with pytest.raises(TypeError, match="one name"):
        persistence([nx.path_graph(3)] * 2, actors="a")
    with pytest.raises(UnknownNameError, match="no kind"):
        persistence(f, kind="friendship")


def test_graphs_with_actors_who_come_and_go() -> None:
    first = nx.MultiGraph([("a", "b"), ("a", "b"), ("b", "b"), ("b", "old")])  # parallel ties and a self-tie
    second = nx.Graph([("a", "b"), ("b", "new")])
    found = tie_changes([first, second]).iloc[0]
    assert (found["kept"], found["births"], found["deaths"]) == (1, 1, 1)
    assert (found["births_with_newcomers"], found["deaths_with_leavers"]) == (1, 1)
    assert found["persistence"] == pytest.approx(1 / 3)
    assert found["persistence_both"] == 1
    assert found["low"] == found["high"] == found["persistence"]  # in a graph everything is known


def test_directions() -> None:
    one, other = nx.DiGraph([("a", "b"), ("b", "c")]), nx.DiGraph([("b", "a"), ("b", "c")])
    assert persistence([one, other]) == pytest.approx(1 / 3)
    assert persistence([one, other], directed=False) == 1
    assert persistence([one, other.to_undirected()]) == 1  # as undirected where one of them is


def test_waves_of_a_survey() -> None:
    """In the second wave nobody asked about the tie of the first: it has not ended, it is unknown."""
    actors = {"name": ["A", "B", "C"]}
    first = Filiere.from_tables(
        actors=actors, cooperations={"actor_id": ["A", "A"], "to_actor_id": ["B", "C"]}
    )
    second = Filiere.from_tables(actors=actors, cooperations={"actor_id": ["A"], "to_actor_id": ["C"]})
    found = tie_changes({2020: first, 2024: second}).iloc[0]
    assert (found["kept"], found["births"], found["deaths"], found["undocumented"]) == (1, 0, 0, 2)
    assert found["persistence"] == 1
    # A–B ended and B–C was tied once; or A–B and B–C last
    assert (found["low"], found["high"]) == (pytest.approx(1 / 3), 1)


@st.composite
def two_moments(draw: st.DrawFn) -> tuple[History, Moment, Moment]:
    size = draw(st.integers(0, 4))
    pairs = [pair for pair in combinations(range(size), 2) if draw(st.booleans())]
    ends = np.array(pairs, dtype=np.int32).reshape(-1, 2)
    moments = []
    for year in (0, 1):
        present = np.array([draw(st.booleans()) for _ in range(size)], dtype=bool)
        unasked = present & np.array([draw(st.booleans()) for _ in range(size)], dtype=bool)
        states = []
        for a, b in pairs:
            allowed = [NOTHING]
            if present[a] and present[b]:
                allowed = [NOTHING, PERHAPS, TIED]
                if unasked[a] and unasked[b]:
                    allowed.append(UNDOCUMENTED)
            states.append(draw(st.sampled_from(allowed)))
        moments.append(Moment(year, np.array(states, dtype=np.int8), present, unasked))
    index = pd.Index(range(size))
    history = History(index, ends[:, 0], ends[:, 1], False, (0, 1), True, (), moments.__getitem__)
    return history, moments[0], moments[1]


@given(two_moments())
@settings(max_examples=60)
def test_bounds_hold_every_history_and_are_attained(given_: tuple[History, Moment, Moment]) -> None:
    history, before, after = given_
    spoken = dict(
        zip(zip(history.a.tolist(), history.b.tolist(), strict=True), range(len(history.a)), strict=True)
    )
    options = []
    for a, b in combinations(range(history.size), 2):
        each = []
        for moment in (before, after):
            place = spoken.get((a, b))
            if place is None:
                each.append([0, 1] if moment.unasked[a] and moment.unasked[b] else [0])
            else:
                each.append({NOTHING: [0], TIED: [1]}.get(int(moment.state[place]), [0, 1]))
        options.append(list(product(*each)))
    seen = []
    for chosen in product(*options):
        union = sum(max(pair) for pair in chosen)
        if union:
            seen.append(sum(min(pair) for pair in chosen) / union)
    change = compare(history, before, after)
    if not seen:
        assert math.isnan(change.low) and math.isnan(change.high)
        return
    assert change.low == pytest.approx(min(seen))
    assert change.high == pytest.approx(max(seen))
    if change.union:
        assert change.low - 1e-12 <= change.persistence <= change.high + 1e-12
    both = compare(history, before, after, among="both")
    assert both.kept == change.kept and both.births <= change.births and both.deaths <= change.deaths


@pytest.mark.parametrize("seed", range(3))
def test_each_year_is_that_of_the_filiere(seed: int) -> None:
    """The ties of a year are those of ``f.at(year)``, read anew; their years tell which are sure."""
    rng = np.random.default_rng(seed)
    ids = [f"a{place}" for place in range(9)]

    def some(*values: object) -> object:
        return values[int(rng.integers(len(values)))]

    pairs = [rng.choice(9, 2, replace=False) for _ in range(30)]
    f = Filiere.from_tables(
        actors={
            "actor_id": ids,
            "name": ids,
            "since": [some(None, None, 2019, 2021) for _ in ids],
            "until": [some(None, None, None, 2021) for _ in ids],
            "status": [some("active", "active", "active", "closed") for _ in ids],
            "part_of": [None, "a0", None, None, "a3", "a4", None, None, None],
            "surveyed_on": [some(None, "2022-01-01") for _ in ids],
        },
        cooperations={
            "actor_id": [ids[a] for a, _ in pairs],
            "to_actor_id": [ids[b] for _, b in pairs],
            "kind": [some("support", "joint_project") for _ in pairs],
            "state": [some("observed", "observed", "absent") for _ in pairs],
            "since": [some(None, 2019, 2020) for _ in pairs],
            "until": [some(None, 2020, 2021) for _ in pairs],
        },
        strict=False,
    )
    for directed in (False, True):
        history = history_of(f, years=[2018, 2020, 2021, 2022], directed=directed)
        ends = np.stack([history.nodes[history.a], history.nodes[history.b]], axis=1)
        for moment in history.moments():
            then = ties_of(f.at(moment.year), directed=directed)
            assert list(history.nodes[moment.present]) == list(then.nodes)
            found = {tuple(pair) for pair in ends[moment.state >= PERHAPS].tolist()}
            assert found == set(zip(then.nodes[then.a], then.nodes[then.b], strict=True))
            for pair, state in zip(ends.tolist(), moment.state.tolist(), strict=True):
                rows = f.cooperations[f.cooperations["state"] == "observed"]
                sure = False
                for row in rows.itertuples():
                    way = (row.actor_id, row.to_actor_id)
                    if tuple(pair) != way and (
                        directed and row.kind == "support" or tuple(pair) != way[::-1]
                    ):
                        continue
                    begun = row.since <= moment.year if pd.notna(row.since) else row.until == moment.year
                    over = pd.notna(row.until) and row.until < moment.year
                    sure |= begun is not pd.NA and bool(begun) and not over
                assert (state == TIED) == (sure and set(pair) <= set(then.nodes))


@given(st.lists(st.integers(0, 63), min_size=2, max_size=3))
@settings(max_examples=30)
def test_graphs_by_a_plain_loop(codes: list[int]) -> None:
    pairs = list(combinations("abcd", 2))
    waves = []
    for code in codes:
        graph = nx.Graph(pair for place, pair in enumerate(pairs) if code >> place & 1)
        graph.add_nodes_from("abcd")
        waves.append(graph)
    found = tie_changes(waves)
    for row, (one, other) in zip(found.itertuples(), zip(waves, waves[1:], strict=False), strict=True):
        first, second = ({frozenset(edge) for edge in graph.edges} for graph in (one, other))
        assert (row.kept, row.births, row.deaths) == (
            len(first & second),
            len(second - first),
            len(first - second),
        )
        if first | second:
            assert row.persistence == pytest.approx(len(first & second) / len(first | second))
        else:
            assert math.isnan(row.persistence)
    renamed = [nx.relabel_nodes(graph, {name: name.upper() for name in "abcd"}) for graph in waves]
    pd.testing.assert_frame_equal(tie_changes(renamed), found)
    core = stable_core(waves)
    kept = set.intersection(*({frozenset(edge) for edge in graph.edges} for graph in waves))
    assert {frozenset(pair) for pair in core[["actor_id", "to_actor_id"]].values.tolist()} == kept
