"""The vectors of the draws and the tables of their results, against plain loops over rows and records."""

from __future__ import annotations

import math
from collections import defaultdict
from typing import Any

import numpy as np
import pandas as pd
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from scipy import stats

from chaine_valeur import datasets
from chaine_valeur.analysis.findings import Finding
from chaine_valeur.planning.robustness import DRAWN, Cells
from chaine_valeur.planning.robustness._settle import Recipes, Wholes
from chaine_valeur.planning.robustness.frames import findings_frame, indicators_frame, plan_frame, wilson
from chaine_valeur.planning.robustness.outcome import ABOUT, Failure, Found, Outcome
from chaine_valeur.provenance import provenance
from tests.planning.robust_hand import filiere, total

CONFIDENCE = {"measured": 0.05, "declared": 0.10, "estimated": 0.25, "hypothesis": 0.50}
FIGURES = {"quantity_t_per_year", "natural_quantity_per_year", "share", "t_per_t"}


# -- the uncertainty of each figure -------------------------------------------------------------------


@pytest.mark.parametrize("name", ["exemple_complet", "textiles_usages"])
def test_uncertainty_is_that_of_the_row_else_of_its_confidence(name: str) -> None:
    f = datasets.load(name)
    cells = Cells.of(f)
    checked = 0
    for block in cells.blocks:
        frame = f.table(block.table)
        said = provenance(f, block.table, column=block.column)["confidence"]
        for place, row_id in enumerate(frame.index):
            value, found = frame[block.column][row_id], cells.uncertainty[block.start + place]
            if pd.isna(value) or value == 0:
                assert found == 0
                continue
            expected = CONFIDENCE.get(said[row_id], 0.25)
            if block.column in FIGURES and "uncertainty_share" in frame:
                own = frame["uncertainty_share"][row_id]
                expected = expected if pd.isna(own) else own
            # what has nowhere to go is exact; all else is as uncertain as it says
            assert found in (0.0, expected), (block, row_id)
            if block.table not in ("recipes", "materials", "flows") and not (
                block.column == "local_share" and value == 1
            ):
                assert found == expected, (block, row_id)
            checked += 1
    assert checked > 20
    assert {(one.table, one.column) for one in cells.blocks} <= {
        (table, column) for table, columns in DRAWN.items() for column in columns
    }


def test_distributions_against_scipy() -> None:
    f = filiere(
        flows={
            "flow_id": ["a", "b"], "source": ["a"] * 2, "target": ["b"] * 2, "quantity_t_per_year": [80.0, None],
            "share": [None, 0.3], "uncertainty_share": [0.4, 0.2],
        }
    )  # fmt: skip
    cells = Cells.of(f)
    tonnes, share = (cells.positions("flows", one) for one in ("quantity_t_per_year", "share"))
    assert tonnes is not None and share is not None
    s = math.sqrt(math.log1p(0.16))
    lognormal = stats.lognorm(s, scale=80 * math.exp(-s * s / 2))
    assert (lognormal.mean(), lognormal.std()) == pytest.approx((80, 32))
    # mean 0.3, deviation 0.06: α + β = 0.3 · 0.7 / 0.0036 − 1 = 57.33, α = 17.2, β = 40.13
    beta = stats.beta(17.2, 40.1333333)
    assert (beta.mean(), beta.std()) == pytest.approx((0.3, 0.06))
    for score in (-2.5, -1.0, 0.0, 0.7, 1.64, 3.0):
        values = cells.quantiles(np.full(len(cells.moving), score))
        assert values[tonnes[0]] == pytest.approx(lognormal.ppf(stats.norm.cdf(score)))
        assert values[share[1]] == pytest.approx(beta.ppf(stats.norm.cdf(score)))
    drawn = np.array([cells.draw(number) for number in range(400)])
    assert stats.kstest(drawn[:, tonnes[0]], lognormal.cdf).pvalue > 1e-3
    assert stats.kstest(drawn[:, share[1]], beta.cdf).pvalue > 1e-3


# -- what figures owe to one another ------------------------------------------------------------------

coefficients = st.lists(
    st.tuples(
        st.sampled_from(["p", "q"]), st.sampled_from(["in", "out"]), st.sampled_from([0.0, 0.2, 0.5, 0.8, 1.0, None]),
        st.booleans(), st.floats(0.1, 3.0),
    ),
    min_size=1, max_size=9,
)  # fmt: skip


@settings(max_examples=40, deadline=None)
@given(rows=coefficients)
def test_recipes_against_a_loop_over_processes(
    rows: list[tuple[str, str, float | None, bool, float]],
) -> None:
    table = pd.DataFrame(
        {"stage_id": "s", "actor_id": None, "process": [row[0] for row in rows], "year": None,
         "side": [row[1] for row in rows]}
    )  # fmt: skip
    stated = np.array([math.nan if row[2] is None else row[2] for row in rows])
    uncertain = np.array([row[3] and bool(row[2]) for row in rows])
    recipes = Recipes.of(table, stated, np.arange(len(rows)), uncertain)
    drawn = np.where(recipes.moves, stated * [row[4] for row in rows], stated)
    settled = drawn.copy()
    recipes.settle(settled)
    for process in {row[0] for row in rows}:
        sides = {
            side: [n for n, row in enumerate(rows) if row[:2] == (process, side)] for side in ("in", "out")
        }
        sums = {
            side: sum(stated[n] for n in places if not math.isnan(stated[n]))
            for side, places in sides.items()
        }
        entering = sums["in"] if sides["in"] else 1.0
        for side, places in sides.items():
            loose = [n for n in places if uncertain[n]]
            keeps = side == "in" or sums["out"] >= entering * (1 - 1e-9)
            if keeps and len(loose) < 2:  # alone, it has nowhere to go
                loose = []
            assert [n for n in places if recipes.moves[n]] == loose
            firm = sum(stated[n] for n in places if n not in loose and not math.isnan(stated[n]))
            room = (sums[side] if keeps else max(entering, sums["out"])) - firm
            asked = sum(drawn[n] for n in loose)
            scale = room / asked if asked > 0 else 1.0
            scale = scale if keeps else min(scale, 1.0)
            for n in places:
                expected = drawn[n] * scale if n in loose else stated[n]
                assert settled[n] == pytest.approx(expected, rel=1e-9, abs=1e-12, nan_ok=True)
        known = [settled[n] for n in sides["out"] if not math.isnan(settled[n])]
        assert sum(known) <= max(entering, sums["out"]) * (1 + 1e-9)  # no matter is created


numbers = st.floats(0, 10).map(lambda value: round(value, 2))


@settings(max_examples=40, deadline=None)
@given(
    rows=st.lists(
        st.tuples(*[st.one_of(st.none(), numbers)] * 3, numbers, numbers, numbers), min_size=1, max_size=6
    )
)
def test_wholes_against_a_loop_over_rows(rows: list[tuple[float | None, ...]]) -> None:
    size = len(rows)
    stated = np.array([math.nan if row[n] is None else row[n] for n in range(3) for row in rows], dtype=float)
    drawn = np.array(
        [math.nan if row[n] is None else row[n + 3] for n in range(3) for row in rows], dtype=float
    )  # fmt: skip
    places = tuple(np.arange(size) + n * size for n in range(3))
    settled = drawn.copy()
    Wholes.of(stated, places[0], places[1:]).settle(settled)
    for n in range(size):
        whole, first, second = (drawn[place[n]] for place in places)
        known = [part for part in (first, second) if not math.isnan(part)]
        before = [stated[place[n]] for place in places[1:] if not math.isnan(stated[place[n]])]
        held = not math.isnan(whole) and sum(before) <= stated[places[0][n]]
        scale = whole / sum(known) if held and sum(known) > whole else 1.0
        for place, part in ((places[1], first), (places[2], second)):
            assert settled[place[n]] == pytest.approx(part * scale, nan_ok=True)
        assert settled[places[0][n]] == pytest.approx(whole, nan_ok=True)


TWO_OPTIONS = filiere(options={"option_id": ["y", "x"], "name": ["Y", "X"], "kind": ["other"] * 2})


# -- the tables of results ----------------------------------------------------------------------------


def found(check: str, name: str, *, quantity: float = math.nan, rows: str = "r") -> Found:
    one = Finding(
        name, "low", f"{name} {quantity}", quantity=quantity, unit="t/year", rows={"flows": (rows,)}
    )
    return Found.of(check, one)


drawn_findings = st.lists(
    st.tuples(
        st.dictionaries(st.sampled_from(["a", "b", "c"]), st.floats(1, 100), max_size=3),
        st.sets(st.sampled_from(["check a", "check b", "check c"]), max_size=2),
        st.booleans(),
    ),
    min_size=1, max_size=12,
)  # fmt: skip


@settings(max_examples=40, deadline=None)
@given(base=st.dictionaries(st.sampled_from(["a", "b", "c"]), st.floats(1, 100), max_size=3), drawn=drawn_findings,
       appearing=st.sampled_from([0.0, 0.2, 0.5]))  # fmt: skip
def test_findings_against_a_loop_over_draws(
    base: dict[str, float], drawn: list[tuple[dict[str, float], set[str], bool]], appearing: float
) -> None:
    outcomes = []
    for number, (said, failing, lost) in enumerate(drawn):
        if lost:  # the draw itself could not be made
            outcomes.append(Outcome(number, failures=(Failure("draw", "", "no"),)))
            continue
        kept = [found(f"check {name}", name, quantity=value) for name, value in said.items()
                if f"check {name}" not in failing]  # fmt: skip
        outcomes.append(
            Outcome(number, tuple(kept), failures=tuple(Failure("check", c, "no") for c in failing))
        )
    stated = Outcome(-1, tuple(found(f"check {name}", name, quantity=value) for name, value in base.items()))
    frame = findings_frame(stated, outcomes, constant=(), appearing=appearing).set_index("finding_id")
    counted: dict[str, list[float]] = defaultdict(list)
    able: dict[str, int] = defaultdict(int)
    for said, failing, lost in drawn:
        for name in ("a", "b", "c"):
            if not lost and f"check {name}" not in failing:
                able[name] += 1
                counted[name] += [said[name]] if name in said else []
    expected = set(base) | {
        name for name, values in counted.items() if values and len(values) / able[name] >= appearing
    }
    assert set(frame.index) == expected and list(frame.index[: len(base)]) == list(base)
    for name in expected:
        row, values = frame.loc[name], counted[name]
        assert (row["n_draws"], row["n_found"], row["in_base"]) == (able[name], len(values), name in base)
        if able[name]:
            assert row["share"] == pytest.approx(len(values) / able[name])
            assert (row["share_low"], row["share_high"]) == pytest.approx(wilson(len(values), able[name]))
        else:
            assert math.isnan(row["share"]) and math.isnan(row["share_low"])
        for column, q in (("quantity_p5", 0.05), ("quantity_p50", 0.5), ("quantity_p95", 0.95)):
            wanted = float(np.quantile(values, q)) if values else math.nan
            assert row[column] == pytest.approx(wanted, nan_ok=True)
        assert row["quantity"] == pytest.approx(base.get(name, math.nan), nan_ok=True)
    apart = frame.index[len(base) :].tolist()
    assert apart == sorted(apart, key=lambda name: (-len(counted[name]), name))


def test_findings_that_say_twice_the_same_thing_in_one_draw() -> None:
    one, other = found("c", "a", quantity=3, rows="r1"), found("c", "a", quantity=5, rows="r2")
    stated = Outcome(-1, (one,))
    outcomes = [Outcome(0, (one, other)), Outcome(1, (other,)), Outcome(2, (one,)), Outcome(3)]
    frame = findings_frame(stated, outcomes, constant=(), appearing=0.0)
    # once told twice, they are told apart by their rows in every draw
    assert frame["finding_id"].tolist() == ["a", "a:2"] and frame["n_found"].tolist() == [2, 2]
    assert frame["quantity_p50"].tolist() == [3, 5] and frame["in_base"].tolist() == [True, False]
    # never told twice, rows may differ: what a finding is about says which it is
    frame = findings_frame(stated, [Outcome(0, (other,)), Outcome(1, (one,))], constant=(), appearing=0.0)
    assert frame[["n_found", "quantity_p50"]].values.tolist() == [[2, 4.0]]


def test_what_a_finding_keeps() -> None:
    about: dict[str, Any] = {name: f"{name}-1" for name in ABOUT}
    one = Finding("k", "low", "m", jobs_at_stake_fte=2, rows={"flows": ("b", "a"), "actors": ("x",)}, **about)
    same = Finding(
        "k", "low", "m", jobs_at_stake_fte=2, rows={"actors": ("x",), "flows": ("a", "b")}, **about
    )
    kept = Found.of("c", one)
    assert kept == Found.of("c", same) or math.isnan(kept.quantity)  # NaN is equal to nothing
    assert kept.rows == Found.of("c", same).rows != Found.of("c", Finding("k", "low", "m")).rows
    assert kept.about == tuple(f"{name}-1" for name in ABOUT) and kept.jobs == 2.0 and kept.check == "c"
    assert kept.finding_id == "k:stage_id-1:to_stage_id-1:actor_id-1:to_actor_id-1:group_id-1:material_id-1"


@settings(max_examples=30, deadline=None)
@given(values=st.lists(st.one_of(st.none(), st.just(math.nan), st.floats(-50, 50)), max_size=9))
def test_indicators_against_a_loop_over_draws(values: list[float | None]) -> None:
    outcomes = [Outcome(n, values={} if value is None else {"X1": value}) for n, value in enumerate(values)]
    frame = indicators_frame([total()], Outcome(-1, values={"X1": 7.0}), outcomes, constant=(), lang="fr")
    row = frame.iloc[0]
    able = [value for value in values if value is not None]
    known = [value for value in able if value == value]
    assert row["n_draws"] == len(able) and row["value"] == 7.0 and row["varies"]
    assert row["mean"] == pytest.approx(sum(known) / len(known) if known else math.nan, nan_ok=True, abs=1e-9)
    assert row["p50"] == pytest.approx(float(np.median(known)) if known else math.nan, nan_ok=True)
    unknown = 1 - len(known) / len(able) if able else math.nan
    assert row["share_unknown"] == pytest.approx(unknown, nan_ok=True)
    certain = indicators_frame(
        [total()], Outcome(-1, values={"X1": 7.0}), outcomes, constant={"X1"}, lang="fr"
    )
    spread = certain.iloc[0][["mean", "p5", "p95"]].tolist()
    assert spread == [7.0] * 3 if values else all(math.isnan(one) for one in spread)
    assert not certain.iloc[0]["varies"]


@settings(max_examples=30, deadline=None)
@given(
    plans=st.lists(st.one_of(st.none(), st.sets(st.sampled_from(["x", "y", "new"]))), max_size=8),
    base=st.one_of(st.none(), st.sets(st.sampled_from(["x", "y"]))),
)
def test_plans_against_a_loop_over_draws(plans: list[set[str] | None], base: set[str] | None) -> None:
    outcomes = [Outcome(n, taken=None if one is None else tuple(sorted(one))) for n, one in enumerate(plans)]
    frame = plan_frame(TWO_OPTIONS, Outcome(-1, taken=None if base is None else tuple(base)), outcomes)
    made = [one for one in plans if one is not None]
    if base is None and not made:
        assert frame.empty
        return
    extra = ["new"] if any("new" in one for one in made) else []
    assert frame["option_id"].tolist() == ["y", "x", *extra]  # in the order of the table
    assert frame["name"].tolist() == ["Y", "X", *extra]
    for row in frame.to_dict("records"):
        count = sum(row["option_id"] in one for one in made)
        assert (row["n_draws"], row["n_taken"]) == (len(made), count)
        assert row["in_base"] == (row["option_id"] in (base or ()))
        assert row["share"] == pytest.approx(count / len(made) if made else math.nan, nan_ok=True)
