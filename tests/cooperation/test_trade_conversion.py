"""Whether talk became trade: by hand, against every completion, against a plain loop."""

from __future__ import annotations

import math
from itertools import combinations, product

import networkx as nx
import numpy as np
import pandas as pd
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from chaine_valeur.analysis.cooperation.ties.years import NOTHING, PERHAPS, TIED, UNDOCUMENTED
from chaine_valeur.analysis.cooperation.trade.conversion import (
    CONVERSION_COLUMNS,
    tie_conversion,
    tie_conversion_measure,
    tie_conversion_table,
)
from chaine_valeur.analysis.cooperation.trade.outcomes import Conversion
from chaine_valeur.errors import ArgumentError
from chaine_valeur.filiere import Filiere
from tests.cooperation.years_hand import TABLES, over_years


@pytest.fixture(scope="module")
def f() -> Filiere:
    return over_years()


def test_by_hand(f: Filiere) -> None:
    found = tie_conversion_table(f, lang="en")
    assert list(found.columns) == list(CONVERSION_COLUMNS)
    # flows bear 2020, 2021 and 2022; no tie is known before 2019
    assert found[["year", "lag", "to_year"]].values.tolist() == [
        [2019, 1, 2020], [2019, 2, 2021], [2019, 3, 2022], [2020, 1, 2021], [2020, 2, 2022], [2021, 1, 2022],
    ]  # fmt: skip
    rows = found.set_index(["year", "lag"])
    # known ties: c1 c2 in 2019 and 2020; c1 c3 c4 c6 in 2021
    assert rows["ties"].tolist() == [2, 2, 2, 2, 2, 4]
    # Mairie–Usine (c1) exchange in 2020 and 2021, Usine–Relais (c3) in 2022
    assert rows["converted"].tolist() == [1, 1, 0, 1, 0, 1]
    now = rows.loc[(2020, 1)]
    assert now[["already", "newly", "not_yet", "stopped"]].tolist() == [1, 0, 1, 0]  # c1; c2 does not
    assert (now["conversion"], now["new_conversion"]) == (0.5, 0)
    # c5 and c6 may be tied: at worst both are and the flow of c5 began later, at best c5 is and exchanges
    assert (now["low"], now["high"]) == (pytest.approx(1 / 4), pytest.approx(2 / 3))
    # new: c2 did not trade; c6 may count, without trade; c5 may count, if its flow began in 2021
    assert (now["new_low"], now["new_high"]) == (0, pytest.approx(1 / 2))
    later = rows.loc[(2021, 1)]
    # c1 stopped; c3 and c4, c6: of these c3 came to exchange
    assert later[["already", "newly", "not_yet", "stopped"]].tolist() == [0, 1, 2, 1]
    assert (later["conversion"], later["new_conversion"]) == (1 / 4, pytest.approx(1 / 3))
    # c5 again; undocumented in 2021: Usine–Neuf and Relais–Neuf, without trade
    assert (later["low"], later["high"]) == (pytest.approx(1 / (4 + 1 + 2)), pytest.approx(2 / 5))
    assert (later["new_low"], later["new_high"]) == (pytest.approx(1 / (3 + 1 + 2)), pytest.approx(2 / 4))
    assert rows["undated"].tolist() == [2, 2, 2, 2, 2, 1]
    assert rows["undocumented"].tolist() == [0, 0, 0, 0, 0, 2]
    assert rows["every_year"].tolist() == [0] * 6  # c5 is not sure
    first = rows.loc[(2019, 1)]
    assert np.isnan(
        first[["already", "newly", "not_yet", "stopped", "new_conversion", "new_low"]].tolist()
    ).all()
    assert first["conversion"] == 0.5
    assert first["note"].startswith("flows of 2019 unknown: who already exchanged cannot be told apart")


def test_the_latest_year(f: Filiere) -> None:
    found = tie_conversion_measure(f)
    assert (found.value, found.numerator, found.denominator, found.n_unknown) == (0.25, 1, 4, 3)
    assert found.note == (
        "coopérations de 2021, échanges de 2022\u00a0: 1 sur 4\u202f; 1 coopération de période inconnue non comptée"
    )
    assert found.rows["cooperations"] == tuple(f"c{one}" for one in range(1, 8))
    assert found.rows["flows"] == (
        f.flows.index[0],
        f.flows.index[2],
        f.flows.index[3],
    )  # 2021, 2022, no year
    assert found.rows["actors"] == ("mairie",)
    assert tie_conversion(f, new=True) == pytest.approx(1 / 3)
    assert tie_conversion(f, lag=2) == 0
    assert tie_conversion(f, lag=(2, 1)) == 0  # the first lag that can be had
    assert tie_conversion(f, year=2020) == 0.5
    assert math.isnan(tie_conversion(f, year=2019))  # no flow of 2019: what became one cannot be told
    assert tie_conversion(f, kind="contracting") == 1
    assert tie_conversion(f, actors=["mairie", "usine", "neuf"]) == 0


def test_a_flow_without_a_year() -> None:
    """Dated, the tie Relais–Labo trades every year as the schema says; when it began gives bounds."""
    rows = {**TABLES["cooperations"], "since": [2019, 2019, 2021, 2021, 2019, None, None]}
    found = tie_conversion_table(over_years(cooperations=rows), lag=1, years=[2020], lang="en").iloc[0]
    # c1 c2 c5 tied; c1 and c5 exchange in 2021, both already in 2020
    assert found[["ties", "converted", "already", "newly", "not_yet"]].tolist() == [3, 2, 2, 0, 1]
    assert found["every_year"] == 1
    # c6 perhaps tied, without trade: 1 of 4; or c5 does exchange: 2 of 3
    assert (found["low"], found["high"]) == (pytest.approx(1 / 4), pytest.approx(2 / 3))
    # new: c2, c6 perhaps; c5 if its flow began in 2021
    assert (found["new_conversion"], found["new_low"], found["new_high"]) == (0, 0, pytest.approx(1 / 2))
    assert found["note"].endswith("1 pair whose flow bears no year counts as exchanging every year")


def test_no_figure_with_its_reason(f: Filiere) -> None:
    def reason(f: Filiere, **options: object) -> str:
        found = tie_conversion_measure(f, lang="en", **options)  # type: ignore[arg-type]
        assert math.isnan(found.value) and math.isnan(found.low) and math.isnan(found.high)
        return found.note

    flows = TABLES["flows"]
    only = {**flows, "year": [2022, None, 2022, None]}
    assert reason(over_years(flows=only)) == (
        "flows known for 2022 only: what became of cooperation takes two years"
    )
    table = tie_conversion_table(over_years(flows=only), lag=1)
    assert table["conversion"].tolist() == [2 / 4]  # of c1 c3 c4 c6, the first two
    assert reason(over_years(flows={**flows, "year": [None] * 4})) == "no flow bears a year"
    assert reason(over_years(flows=None)) == "no flow bears a year"
    assert reason(f.at(2021)) == "seen in a single year: what came of cooperation takes several"
    assert tie_conversion_table(f.at(2021)).empty
    undated = {**TABLES["cooperations"], "since": [None] * 7, "until": [None] * 7}
    assert reason(over_years(cooperations=undated)) == "no cooperation bears a year"
    assert reason(f, lag=7).startswith("no two years of flows that far apart")
    assert reason(Filiere.from_tables(actors={"name": ["A"]})) == "no flow bears a year"


def test_what_is_no_exchange() -> None:
    """Planned flows, those of 0 t, of nobody, and of an actor who has left."""
    flows = {
        "source": ["Usine", "Usine", "Usine", None, "Mairie"],
        "target": ["Relais", "Mairie", "Neuf", "Usine", "Neuf"],
        "year": [2022, 2022, 2022, 2021, None],
        "quantity_t_per_year": [5, 0, 2, 9, 1],
        "status": ["planned", "active", "active", "active", "active"],
    }
    actors = {**TABLES["actors"], "until": [None, None, None, None, 2021]}
    found = tie_conversion_table(over_years(flows=flows, actors=actors), lag=1, years=[2021], lang="en").iloc[
        0
    ]
    # c4, Mairie–Neuf, exchanges in 2021; Neuf has left in 2022
    assert found[["ties", "converted", "stopped", "not_yet"]].tolist() == [4, 0, 1, 3]


def test_graphs() -> None:
    talk = nx.path_graph(4)  # 0-1, 1-2, 2-3
    flows = nx.MultiDiGraph([(1, 0), (1, 0), (0, 1), (3, 3), (0, 3), (9, 1)])
    assert tie_conversion(talk, flows=flows) == pytest.approx(1 / 3)
    measure = tie_conversion_measure(talk, flows=flows, lang="en")
    assert (measure.low, measure.high, measure.n_unknown) == (measure.value, measure.value, 0)
    assert math.isnan(tie_conversion(talk, flows=flows, new=True))  # nobody knows who exchanged before
    by_year = {0: nx.DiGraph([(1, 0)]), 1: nx.DiGraph([(1, 0), (2, 3)])}
    assert tie_conversion({0: talk, 1: talk}, flows=by_year, lag=1, new=True) == 0.5
    table = tie_conversion_table([talk, talk], flows=by_year, lag=[0, 1])
    assert table[["year", "lag", "already", "newly", "not_yet"]].values.tolist() == [
        [0, 0, 1, 0, 2], [0, 1, 1, 1, 1], [1, 0, 2, 0, 1],
    ]  # fmt: skip
    assert math.isnan(tie_conversion(nx.empty_graph(3), flows=flows))
    assert math.isnan(tie_conversion(nx.Graph(), flows=nx.Graph()))


def test_errors(f: Filiere) -> None:
    with pytest.raises(ArgumentError, match="flows="):
        tie_conversion(nx.path_graph(3))
    with pytest.raises(ArgumentError, match="by year"):
        tie_conversion(nx.path_graph(3), flows={0: nx.DiGraph()})
    with pytest.raises(ArgumentError, match="has its own"):
        tie_conversion(f, flows=nx.DiGraph())
    with pytest.raises(ArgumentError, match="lag="):
        tie_conversion(f, lag=())
    with pytest.raises(ArgumentError, match="lag="):
        tie_conversion(f, lag=-1)


@st.composite
def outcomes(draw: st.DrawFn) -> Conversion:
    """Five pairs at most, with all that may be known of them."""
    count = draw(st.integers(0, 5))
    tie = [draw(st.sampled_from([NOTHING, UNDOCUMENTED, PERHAPS, TIED])) for _ in range(count)]
    trade = [
        draw(st.sampled_from([(0, 0), (0, 2), (2, 0), (2, 2), (1, 1), (1, 2), (2, 1)])) for _ in range(count)
    ]
    ends = np.zeros(count, dtype=np.int32)
    before, after = (np.array([pair[side] for pair in trade], dtype=np.int8) for side in (0, 1))
    silent = draw(st.integers(0, 1))
    return Conversion(0, 1, 1, ends, ends, np.array(tie, dtype=np.int8), before, after, silent, True)


@given(outcomes(), st.booleans())
@settings(max_examples=60)
def test_bounds_hold_every_completion_and_are_attained(found: Conversion, new: bool) -> None:
    """A tie that may be is or is not; a flow without a year may have begun, or ended, at any time."""
    rows = list(zip(found.tie.tolist(), found.before.tolist(), found.after.tolist(), strict=True))
    rows += [(UNDOCUMENTED, 0, 0)] * found.silent
    options = [
        list(
            product(
                {NOTHING: [0], TIED: [1]}.get(tie, [0, 1]),
                {0: [0], 2: [1]}.get(before, [0, 1]),
                {0: [0], 2: [1]}.get(after, [0, 1]),
            )
        )
        for tie, before, after in rows
    ]
    seen = []
    for chosen in product(*options):
        counted = [after for tie, before, after in chosen if tie and not (new and before)]
        if counted:
            seen.append(sum(counted) / len(counted))
    converted, ties, low, high = found.share(new=new)
    if not seen:
        assert math.isnan(low) and math.isnan(high)
        return
    assert (low, high) == (pytest.approx(min(seen)), pytest.approx(max(seen)))
    if ties:
        assert low - 1e-12 <= converted / ties <= high + 1e-12


@given(st.integers(0, 1023), st.integers(0, 1023), st.integers(0, 1023))
@settings(max_examples=30)
def test_by_a_plain_loop(tied: int, before: int, after: int) -> None:
    pairs = list(combinations("abcde", 2))

    def graph(code: int, kind: type[nx.Graph]) -> nx.Graph:
        found = kind(
            pair[::-1] if code & 512 else pair for place, pair in enumerate(pairs) if code >> place & 1
        )
        found.add_nodes_from("abcde")
        return found

    talk, flows = graph(tied, nx.Graph), {0: graph(before, nx.DiGraph), 1: graph(after, nx.DiGraph)}
    row = tie_conversion_table({0: talk}, flows=flows, lag=1).iloc[0]
    counts = {(then, later): 0 for then in (False, True) for later in (False, True)}
    for pair in talk.edges:
        then, later = (each.has_edge(*pair) or each.has_edge(*pair[::-1]) for each in flows.values())
        counts[then, later] += 1
    assert row[["already", "newly", "not_yet", "stopped"]].tolist() == [
        counts[True, True], counts[False, True], counts[False, False], counts[True, False],
    ]  # fmt: skip
    if talk.size():
        assert row["conversion"] == pytest.approx((counts[True, True] + counts[False, True]) / talk.size())
        assert row["low"] == row["conversion"] == row["high"]
    upper = {name: name.upper() for name in "abcde"}
    renamed = tie_conversion_table(
        {0: nx.relabel_nodes(talk, upper)},
        flows={year: nx.relabel_nodes(each, upper) for year, each in flows.items()},
        lag=1,
    )
    pd.testing.assert_frame_equal(renamed, tie_conversion_table({0: talk}, flows=flows, lag=1))
