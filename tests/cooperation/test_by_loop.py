"""Random filières, gone through row by row and pair by pair: slow, plain, and the same numbers."""

from __future__ import annotations

from collections import Counter
from itertools import combinations

import numpy as np
import pandas as pd
import pytest

from chaine_valeur.analysis import cooperation as co
from chaine_valeur.vocabulary import CooperationKind
from tests.cooperation.random_filiere import POLES, YEAR, Pair, Rows, random_filiere

TRIPTYQUE = ("enterprise", "elected", "ess")


@pytest.fixture(params=range(4))
def rows(request: pytest.FixtureRequest) -> Rows:
    return random_filiere(request.param)


def pole_of(rows: Rows) -> dict[str, object]:
    return {str(row["actor_id"]): row["pole"] for row in rows.actors}


def seats_that_count(rows: Rows) -> dict[str, set[tuple[str, object]]]:
    """Return group → who sits there for which pole."""
    found: dict[str, set[tuple[str, object]]] = {group: set() for group in rows.groups}
    for row in rows.seats:
        actor = str(row["actor_id"])
        if actor in rows.active and not (row["until"] and int(str(row["until"])) < YEAR):
            found[str(row["group_id"])].add((actor, row["pole"] or pole_of(rows)[actor]))
    return found


def test_density(rows: Rows) -> None:
    pairs = rows.every_pair()
    tied, absent, unknown = rows.sort_out(pairs)
    measure = co.density_measure(rows.f)
    assert (measure.numerator, measure.denominator, measure.n_unknown) == (tied, len(pairs), unknown)
    assert measure.value == pytest.approx(tied / len(pairs))
    assert measure.high == pytest.approx((len(pairs) - absent) / len(pairs))
    table = co.density_table(rows.f)
    assert table.loc["all", ["ties", "possible", "documented"]].tolist() == [tied, len(pairs), tied + absent]


def test_the_rows_behind_a_density(rows: Rows) -> None:
    partners = set(rows.partners)
    expected = [
        row["cooperation_id"]
        for row in rows.ties
        if {row["actor_id"], row["to_actor_id"]} <= partners
        and not (row["until"] and int(str(row["until"])) < YEAR)
    ]
    measure = co.density_measure(rows.f)
    assert list(measure.rows["cooperations"]) == expected
    assert list(measure.rows["actors"]) == [name for name in rows.partners if name in rows.asked]


def test_density_of_each_kind(rows: Rows) -> None:
    for kind in CooperationKind:
        of_kind = Rows(rows.f, rows.actors, [row for row in rows.ties if row["kind"] == kind.value],
                       rows.seats, rows.flows, rows.groups)  # fmt: skip
        tied, _, unknown = of_kind.sort_out(rows.every_pair())
        measure = co.density_measure(rows.f, kind=kind.value)
        assert (measure.numerator, measure.n_unknown) == (tied, unknown), kind


def test_blocks_by_pole(rows: Rows) -> None:
    pole = pole_of(rows)
    found: Counter[Pair] = Counter()
    for row in co.block_density(rows.f, by="pole").itertuples():
        ends = {None if pd.isna(key) else key for key in (row.group, row.to_group)}
        pairs = {pair for pair in rows.every_pair() if {pole[name] for name in pair} == ends}
        tied, absent, _ = rows.sort_out(pairs)
        assert (row.ties, row.possible, row.documented) == (tied, len(pairs), tied + absent)
        found.update(pairs)
    assert found == Counter(rows.every_pair())  # each pair is in one cell


def test_centralization(rows: Rows) -> None:
    degree = Counter(name for pair in rows.said("observed") for name in pair)
    n = len(rows.partners)
    most = max(degree.values())
    expected = sum(most - degree[name] for name in rows.partners) / ((n - 1) * (n - 2))
    assert co.centralization(rows.f) == pytest.approx(expected)


def arcs(rows: Rows, directions: set[str]) -> set[tuple[str, str]]:
    partners = set(rows.partners)
    return {
        (str(row["actor_id"]), str(row["to_actor_id"]))
        for row in rows.ties
        if row["kind"] in directions
        and row["state"] == "observed"
        and not (row["until"] and int(str(row["until"])) < YEAR)
        and {row["actor_id"], row["to_actor_id"]} <= partners
    }


def test_reciprocity(rows: Rows) -> None:
    one_way = arcs(rows, {kind.value for kind in CooperationKind if kind.directed})
    back = {(a, b) for a, b in one_way if (b, a) in one_way}
    expected = len(back) / len(one_way) if one_way else np.nan
    assert co.reciprocity(rows.f) == pytest.approx(expected, nan_ok=True)
    dyads = len({frozenset(arc) for arc in one_way})
    expected = len(back) / 2 / dyads if dyads else np.nan
    assert co.reciprocity(rows.f, by="dyad") == pytest.approx(expected, nan_ok=True)


def trios(rows: Rows) -> list[list[Pair]]:
    """Return the three pairs of every trio of an enterprise, an elected official and an ESS actor."""
    pole = pole_of(rows)
    found = [
        trio for trio in combinations(rows.partners, 3) if {pole[name] for name in trio} == set(TRIPTYQUE)
    ]
    return [[frozenset(pair) for pair in combinations(trio, 2)] for trio in found]


def test_triptyque_closure(rows: Rows) -> None:
    tied = rows.said("observed")
    counts = Counter(sum(pair in tied for pair in trio) for trio in trios(rows))
    measure = co.triptyque_closure_measure(rows.f)
    if not trios(rows):
        assert np.isnan(measure.value)
        return
    assert (measure.numerator, measure.denominator) == (counts[3], len(trios(rows)))
    may_close = [trio for trio in trios(rows) if not rows.sort_out(set(trio))[1]]
    assert measure.high == pytest.approx(len(may_close) / len(trios(rows)))
    pairs = {pair for trio in trios(rows) for pair in trio}
    assert measure.n_unknown == rows.sort_out(pairs)[2]
    connected = counts[3] + counts[2]
    expected = counts[3] / connected if connected else np.nan
    assert co.triptyque_closure(rows.f, by="connected") == pytest.approx(expected, nan_ok=True)


def test_missing_pairs(rows: Rows) -> None:
    tied = rows.said("observed")
    expected = Counter(
        next(iter(set(trio) - tied)) for trio in trios(rows) if sum(pair in tied for pair in trio) == 2
    )
    frame = co.missing_pairs(rows.f, limit=None)
    found = {frozenset((row.actor_id, row.to_actor_id)): row.closes for row in frame.itertuples()}
    assert found == expected
    for row in frame.itertuples():
        pair = frozenset((row.actor_id, row.to_actor_id))
        assert row.documented == (rows.sort_out({pair})[2] == 0)
        assert [pole_of(rows)[row.actor_id], pole_of(rows)[row.to_actor_id]] == [row.pole, row.to_pole]


def test_groups(rows: Rows) -> None:
    table, mixed = co.group_table(rows.f), co.diversity(rows.f)
    outcomes = []
    for group, seats in seats_that_count(rows).items():
        counts = Counter(pole for _, pole in seats)
        found = table.loc[group]
        assert found["members"] == len({actor for actor, _ in seats})
        assert found[list(TRIPTYQUE)].tolist() == [counts[pole] for pole in TRIPTYQUE]
        assert found["without_pole"] == counts[None]
        missing = sum(not counts[pole] for pole in TRIPTYQUE)
        outcome = True if seats and not missing else None if not seats or missing <= counts[None] else False
        assert (None if pd.isna(found["covered"]) else bool(found["covered"])) is outcome
        outcomes.append(outcome)
        known = [counts[pole] for pole in POLES]
        blau = 1 - sum((count / sum(known)) ** 2 for count in known) if sum(known) else np.nan
        assert mixed.loc[group, "blau"] == pytest.approx(blau, nan_ok=True)
        assert mixed.loc[group, "seats"] == len(seats)
    told = [outcome for outcome in outcomes if outcome is not None]
    expected = told.count(True) / len(told) if told else np.nan
    assert co.triptyque_coverage(rows.f) == pytest.approx(expected, nan_ok=True)
    measure = co.triptyque_coverage_measure(rows.f)
    assert measure.low == pytest.approx(outcomes.count(True) / len(outcomes))
    assert measure.high == pytest.approx((len(outcomes) - outcomes.count(False)) / len(outcomes))


def test_expected_in_groups(rows: Rows) -> None:
    frame = co.expected_ties(rows.f).query("reason == 'group'").set_index("group_id")
    for group, seats in seats_that_count(rows).items():
        members = sorted({actor for actor, _ in seats} & set(rows.partners))
        pairs = {frozenset(pair) for pair in combinations(members, 2)}
        found = frame.loc[group]
        assert (found["actors"], found["pairs"]) == (len(members), len(pairs))
        assert tuple(found[["tied", "absent", "unknown"]]) == rows.sort_out(pairs)


def test_expected_on_passages(rows: Rows) -> None:
    partners, tied = set(rows.partners), rows.said("observed")
    passages: dict[tuple[object, object], list[tuple[Pair, object]]] = {}
    for row in rows.flows:
        ends = (str(row["source"]), str(row["target"]))
        if row["status"] == "active" and set(ends) <= partners:
            key = (row["source_stage"], row["target_stage"])
            passages.setdefault(key, []).append((frozenset(ends), row["quantity_t_per_year"]))
    frame = co.expected_ties(rows.f).query("reason == 'passage'")
    assert len(frame) == len(passages)
    for row in frame.itertuples():
        stages = [None if pd.isna(stage) else stage for stage in (row.stage_id, row.to_stage_id)]
        flows = passages[stages[0], stages[1]]
        pairs = {pair for pair, _ in flows}
        assert row.pairs == len(pairs)
        assert row.actors == len({name for pair in pairs for name in pair})
        assert (row.tied, row.absent, row.unknown) == rows.sort_out(pairs)
        tonnes = [
            float(str(quantity)) for pair, quantity in flows if pair not in tied and quantity is not None
        ]
        unknown = not tonnes and pairs - tied  # 0 where all cooperate
        assert row.quantity_t_per_year == pytest.approx(np.nan if unknown else sum(tonnes), nan_ok=True)


def test_findings_say_what_the_rows_say(rows: Rows) -> None:
    expected = co.expected_ties(rows.f).set_index("group_id")
    found = list(co.expected_ties_in_groups(rows.f, lang="en", threshold=1.01))
    assert [one.group_id for one in found] == [group for group in rows.groups if expected.loc[group, "pairs"]]
    for one in found:
        row = expected.loc[one.group_id]
        assert one.n_unknown == row["unknown"]
        if row["unknown"] < row["pairs"]:
            for said, count in (
                ("known", row["tied"]),
                ("not reported", row["absent"]),
                ("not documented", row["unknown"]),
            ):
                assert (f"{said} for {count}" in one.message) == (count > 0)
                assert f"{said} for 0" not in one.message
    flows = rows.f.flows
    for one in co.expected_ties_on_passages(rows.f, threshold=1.01):
        behind = flows.loc[list(one.rows["flows"])] if one.rows["flows"] else flows.iloc[:0]
        quantity = behind["quantity_t_per_year"].sum(min_count=1) if len(behind) else 0.0  # all cooperate
        assert one.quantity == pytest.approx(quantity, nan_ok=True)
