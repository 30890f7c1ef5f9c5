"""The frames of a comparison against plain loops over the two diagnoses and the two filières."""

from __future__ import annotations

import math
from typing import Any

import pandas as pd
from hypothesis import given, settings
from hypothesis import strategies as st

from chaine_valeur import Filiere
from chaine_valeur.analysis.findings import Finding
from chaine_valeur.analysis.indicator import Indicator
from chaine_valeur.analysis.measure import NAN, Measure
from chaine_valeur.diagnosis import Diagnosis, diagnose
from chaine_valeur.differences import compare
from chaine_valeur.differences.frames import tables_frame
from chaine_valeur.schema import tables
from tests.differences.test_compare import TABLES, filiere, hand

Stated = tuple[float, float, float]  # value, low, high


def measured(values: dict[str, Stated], *, unknown: int = 0) -> Diagnosis:
    """A diagnosis that states these figures and looks for nothing."""

    def indicator(name: str, stated: Stated) -> Indicator:
        value, low, high = stated

        def measure(f: Filiere, *, lang: str = "fr") -> Measure:
            return Measure(value, "t/year", low=low, high=high, n_unknown=unknown)

        return Indicator(name, f"Figure {name}", "t/year", measure, (), "essential", "how", "reading")

    made = [indicator(name, stated) for name, stated in values.items()]
    return diagnose(hand(), checks=[], indicators=made, lang="en")


def finding(kind: str, severity: str, stage: str | None, quantity: float, unit: str, row: str) -> Finding:
    return Finding(kind, severity, f"{kind} {quantity}", stage_id=stage, quantity=quantity, unit=unit,
                   rows={"flows": (row,)})  # fmt: skip


def found(*listed: Finding) -> Diagnosis:
    def check(f: Filiere, *, lang: str) -> list[Finding]:
        return list(listed)

    return diagnose(hand(), checks=[check], indicators=[], lang="en")


# -- indicators -----------------------------------------------------------------------------------------------


def change_of(name: str, one: dict[str, Stated], two: dict[str, Stated]) -> str:
    """What becomes of a figure, case by case."""
    if name not in two:
        return "only_before"
    if name not in one:
        return "only_after"
    first, last = one[name][0], two[name][0]
    if math.isnan(first):
        return "unknown" if math.isnan(last) else "now_known"
    if math.isnan(last):
        return "no_longer_known"
    if abs(last - first) <= 1e-9 * max(abs(first), abs(last)):
        return "same"
    return "up" if last > first else "down"


def ends_of(stated: Stated) -> tuple[float, float]:
    value, low, high = stated
    return value if math.isnan(low) else low, value if math.isnan(high) else high


numbers = st.sampled_from([NAN, 0.0, -4.0, 1.0, 1.0 + 1e-12, 2.5, 1e6])
intervals = st.tuples(numbers, st.sampled_from([NAN, 0.0, 1.0]), st.sampled_from([NAN, 1.0, 3.0]))
diagnoses = st.dictionaries(st.sampled_from(["X1", "X2", "X3", "X4"]), intervals)


@settings(max_examples=20, deadline=None)
@given(one=diagnoses, two=diagnoses)
def test_indicators_against_a_loop(one: dict[str, Stated], two: dict[str, Stated]) -> None:
    frame = compare(measured(one, unknown=2), measured(two, unknown=3)).indicators
    assert frame["indicator_id"].tolist() == [*one, *(name for name in two if name not in one)]
    for row in frame.to_dict("records"):
        name = row["indicator_id"]
        change = change_of(name, one, two)
        assert row["change"] == change
        assert row["name"] == f"Figure {name}" and row["unit"] == "t/year"
        assert pd.isna(row["unknown_before"]) if name not in one else row["unknown_before"] == 2
        assert pd.isna(row["unknown_after"]) if name not in two else row["unknown_after"] == 3
        known = change in ("same", "up", "down")
        assert math.isnan(row["delta"]) != known
        assert pd.isna(row["apart"]) != known
        if not known:
            assert math.isnan(row["relative"])
            continue
        first, last = one[name][0], two[name][0]
        delta = 0.0 if change == "same" else last - first
        assert row["delta"] == delta
        if first == 0:
            assert math.isnan(row["relative"])
        else:
            assert math.isclose(row["relative"], delta / abs(first))
        (low, high), (low_now, high_now) = ends_of(one[name]), ends_of(two[name])
        assert row["apart"] == (change != "same" and (low_now > high or high_now < low))


@settings(max_examples=10, deadline=None)
@given(one=diagnoses, two=diagnoses)
def test_indicators_the_other_way_round(one: dict[str, Stated], two: dict[str, Stated]) -> None:
    there = compare(measured(one), measured(two)).indicators.set_index("indicator_id")
    back = compare(measured(two), measured(one)).indicators.set_index("indicator_id").loc[there.index]
    pairs = [("up", "down"), ("now_known", "no_longer_known"), ("only_before", "only_after")]
    swapped = {**dict(pairs), **{b: a for a, b in pairs}}
    assert back["change"].tolist() == [swapped.get(one, one) for one in there["change"]]
    assert ((back["delta"] == -there["delta"]) | (back["delta"].isna() & there["delta"].isna())).all()
    assert back["apart"].equals(there["apart"])
    assert back["before"].equals(there["after"].rename("before"))


# -- findings -------------------------------------------------------------------------------------------------

places = st.tuples(
    st.sampled_from(["missing_stage", "dead_end", "orphan"]), st.sampled_from(["collecte", "tri", None])
)
sizes = st.tuples(st.sampled_from(["high", "medium", "low"]), st.sampled_from([NAN, 0.0, 5.0, 7.0]))
apart_findings = st.dictionaries(places, sizes, max_size=5)


def of_places(listed: dict[tuple[str, str | None], tuple[str, float]]) -> Diagnosis:
    return found(*(finding(kind, severity, stage, quantity, "t/year", "r")
                   for (kind, stage), (severity, quantity) in listed.items()))  # fmt: skip


def key_of(place: tuple[str, str | None]) -> str:
    kind, stage = place
    return kind if stage is None else f"{kind}:{stage}"


def alike(one: float, two: float) -> bool:
    return one == two or (math.isnan(one) and math.isnan(two))


@settings(max_examples=20, deadline=None)
@given(one=apart_findings, two=apart_findings)
def test_findings_against_a_loop(one: dict[Any, Any], two: dict[Any, Any]) -> None:
    frame = compare(of_places(one), of_places(two)).findings
    expected: dict[str, str] = {}
    for place in {**one, **two}:
        if place not in two:
            expected[key_of(place)] = "solved"
        elif place not in one:
            expected[key_of(place)] = "new"
        else:
            (severity, quantity), (severity_now, quantity_now) = one[place], two[place]
            same = severity == severity_now and alike(quantity, quantity_now)
            expected[key_of(place)] = "same" if same else "changed"
    assert dict(zip(frame["finding_id"], frame["change"], strict=True)) == expected
    rank = {"solved": 0, "new": 1, "changed": 2, "same": 3}
    worst = {"high": 0, "medium": 1, "low": 2}
    order = []
    for row in frame.to_dict("records"):
        severity = row["severity_after"] if row["change"] == "new" else row["severity_before"]
        order.append((rank[row["change"]], worst[severity]))
    assert order == sorted(order)
    for row in frame.to_dict("records"):
        place = next(place for place in {**one, **two} if key_of(place) == row["finding_id"])
        for side, listed in (("before", one), ("after", two)):
            severity, quantity = listed.get(place, (None, NAN))
            assert alike(row[f"quantity_{side}"], quantity)
            assert (
                pd.isna(row[f"severity_{side}"]) if severity is None else row[f"severity_{side}"] == severity
            )
            assert pd.isna(row[f"message_{side}"]) == (severity is None)
        assert row["kind"] == place[0] and (row["stage_id"] == place[1] or pd.isna(row["stage_id"]))


# -- tables ---------------------------------------------------------------------------------------------------


def drawn_filiere(
    status: list[str], tonnes: list[float | None], jobs: list[float | None], more: bool
) -> Filiere:
    changed: dict[str, Any] = {
        "actors": {**TABLES["actors"], "status": status},
        "flows": {**TABLES["flows"], "quantity_t_per_year": tonnes},
        "activities": {**TABLES["activities"], "insertion_fte": jobs},
    }
    if more:
        changed["materials"] = {"name": ["coton", "lin"]}
    return filiere(**changed)


filieres = st.builds(
    drawn_filiere,
    st.lists(st.sampled_from(["active", "closed", "planned"]), min_size=3, max_size=3),
    st.lists(st.sampled_from([None, 0.0, 10.0, 12.5]), min_size=2, max_size=2),
    st.lists(st.sampled_from([None, 0.0, 2.0]), min_size=3, max_size=3),
    st.booleans(),
)


def differences_of(one: Filiere, two: Filiere) -> set[tuple[str, str, str, str]]:
    """Rows added, removed and changed, cell by cell."""
    said: set[tuple[str, str, str, str]] = set()
    for name in tables():
        before, after = one.table(name), two.table(name)
        for key in before.index:
            if key not in after.index:
                said.add((name, "removed", key, ""))
        for key in after.index:
            if key not in before.index:
                said.add((name, "added", key, ""))
                continue
            moved = []
            for column in after.columns:
                a, b = before.at[key, column], after.at[key, column]
                if not (pd.isna(a) and pd.isna(b)) and (pd.isna(a) or pd.isna(b) or a != b):
                    moved.append(column)
            if moved:
                said.add((name, "changed", key, ";".join(moved)))
    return said


def rows_of(one: Filiere, two: Filiere) -> list[tuple[str, str, str, str]]:
    frame = tables_frame(one, two, lang="en")
    assert set(frame["label"]) <= {"Actors", "Flows", "Activities", "Materials"}
    return list(frame[["table", "change", "row_id", "columns"]].itertuples(index=False, name=None))


@settings(max_examples=12, deadline=None)
@given(one=filieres, two=filieres)
def test_tables_against_a_loop(one: Filiere, two: Filiere) -> None:
    rows = rows_of(one, two)
    assert len(rows) == len(set(rows)) and set(rows) == differences_of(one, two)
    assert (not rows) == (one == two)


@settings(max_examples=6, deadline=None)
@given(one=filieres, two=filieres, three=filieres)
def test_a_row_that_differs_at_the_end_differed_on_the_way(
    one: Filiere, two: Filiere, three: Filiere
) -> None:
    """Differences compose: what is not the same in the first and the third is not in one of the two steps."""

    def cells(rows: list[tuple[str, str, str, str]]) -> set[tuple[str, str, str]]:
        return {
            (table, key, column)
            for table, change, key, columns in rows
            for column in (columns.split(";") if change == "changed" else ["(row)"])
        }

    direct = cells(rows_of(one, three))
    assert direct <= cells(rows_of(one, two)) | cells(rows_of(two, three))
    there, back = rows_of(one, two), rows_of(two, one)
    opposite = {"added": "removed", "removed": "added", "changed": "changed"}
    assert {(t, opposite[c], k, m) for t, c, k, m in there} == set(back)
