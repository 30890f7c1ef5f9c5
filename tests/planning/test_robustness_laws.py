"""What holds of every draw, every share and every change, whatever the filière: the laws behind the numbers."""

from __future__ import annotations

import math
import re
from collections.abc import Iterator
from functools import cache
from typing import Any

import numpy as np
import pandas as pd
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from chaine_valeur import Filiere, datasets, diagnose
from chaine_valeur.analysis.findings import Finding
from chaine_valeur.planning.robustness import DRAWN, Cells, Robustness, robustness, tornado
from chaine_valeur.planning.robustness.drawing import Draws
from chaine_valeur.planning.robustness.run import default_checks, default_indicators
from chaine_valeur.planning.scenarios import Scenario, add_flow, apply
from tests.planning.robust_hand import above, filiere, large_flow, phi, plain, spread, total
from tests.project.test_catalogue import TYPOGRAPHY

pytestmark = pytest.mark.long


@cache
def example() -> Filiere:
    return datasets.load("exemple_complet").at(2024)


@cache
def drawn_example() -> Robustness:
    return robustness(example(), draws=8)


def flows_of(quantity: list[float | None], **more: list[Any]) -> Filiere:
    """As many flows from A to B as there are quantities, declared unless said otherwise."""
    count = len(quantity)
    return Filiere.from_tables(
        actors={"actor_id": ["a", "b"], "name": ["A", "B"]},
        materials={"material_id": ["m"], "name": ["Papier"]},
        flows={"flow_id": [f"f{place}" for place in range(count)], "source": ["a"] * count, "target": ["b"] * count,
               "material_id": ["m"] * count, "quantity_t_per_year": quantity, "confidence": ["declared"] * count,
               **more},
    )  # fmt: skip


def tonnes(f: Filiere, *, seed: int = 0, number: int = 0) -> np.ndarray:
    return Draws.of(f, seed=seed).draw(number).flows["quantity_t_per_year"].to_numpy(float)


# -- one draw -------------------------------------------------------------------------------------------------


@settings(max_examples=12, deadline=None)
@given(factor=st.floats(1e-3, 1e4), number=st.integers(0, 99), seed=st.integers(-5, 5))
def test_a_draw_knows_no_unit(factor: float, number: int, seed: int) -> None:
    """In kilograms or in tonnes, the same relative error: a log-normal scales with what is stated."""
    stated = [100.0, 3.5, None, 0.0]
    one = tonnes(flows_of(stated), seed=seed, number=number)
    two = tonnes(
        flows_of([None if each is None else each * factor for each in stated]), seed=seed, number=number
    )
    assert np.allclose(two, one * factor, rtol=1e-12, equal_nan=True)
    assert np.isnan(one[2]) and one[3] == 0


@settings(max_examples=10, deadline=None)
@given(share=st.floats(0.01, 3.0), number=st.integers(0, 50))
def test_the_score_does_not_depend_on_the_uncertainty(share: float, number: int) -> None:
    """The same random number whatever the width: ln(x/v) + s²/2 = s·z gives the same z for 20 %."""
    values = [
        tonnes(flows_of([100.0], uncertainty_share=[width]), number=number)[0] for width in (0.2, share)
    ]
    scores = [
        (math.log(value / 100) + spread(width) ** 2 / 2) / spread(width)
        for value, width in zip(values, (0.2, share), strict=True)
    ]
    assert scores[0] == pytest.approx(scores[1], abs=1e-9)


def test_a_row_that_is_exact_stays_as_stated() -> None:
    f = flows_of([100.0, 100.0], uncertainty_share=[0.0, None])
    for number in range(5):
        exact, moved = tonnes(f, number=number)
        assert exact == 100.0 and moved != 100.0


def test_its_own_uncertainty_or_that_of_its_confidence_told_as_such_are_one() -> None:
    own = flows_of([100.0], uncertainty_share=[0.37])
    by_confidence = Draws.of(flows_of([100.0]), uncertainty={"declared": 0.37})
    for number in range(4):
        assert by_confidence.draw(number).flows["quantity_t_per_year"].item() == tonnes(own, number=number)[0]


@settings(max_examples=10, deadline=None)
@given(scores=st.tuples(st.floats(-3, 3), st.floats(-3, 3)))
def test_a_higher_quantile_is_nowhere_lower(scores: tuple[float, float]) -> None:
    cells = Cells.of(example())
    low, high = (cells.quantiles(np.full(len(cells.moving), score)) for score in sorted(scores))
    stated = cells.value[cells.moving]
    difference = (high - low)[cells.moving]
    tolerance = 1e-9 * np.abs(stated)
    assert (np.where(stated > 0, difference, -difference) >= -tolerance).all()
    still = np.setdiff1d(np.arange(len(cells.value)), cells.moving)
    assert np.array_equal(low[still], cells.value[still], equal_nan=True)


def test_what_is_settled_is_settled() -> None:
    """To cut parts to their wholes twice changes nothing more, and what was stated is in order already."""
    cells = Cells.of(example())
    for number in range(3):
        once = cells.draw(number)
        assert np.allclose(cells.settled(once.copy()), once, rtol=1e-9, equal_nan=True)
        assert (once[np.isfinite(cells.low)] >= cells.low[np.isfinite(cells.low)] - 1e-12)[
            ~np.isnan(once[np.isfinite(cells.low)])
        ].all()
        known = ~np.isnan(cells.value)
        assert np.array_equal(np.isnan(once), ~known)
        assert (np.sign(once[known]) == np.sign(cells.value[known])).all()


def test_a_drawn_filiere_has_the_shape_of_the_one_stated() -> None:
    f = example()
    drawn = Draws.of(f).draw(3)
    assert drawn.year == f.year and list(drawn) == list(f)
    for name in f:
        one, two = f.table(name), drawn.table(name)
        assert list(one.columns) == list(two.columns) and one.index.equals(two.index)
        assert one.dtypes.equals(two.dtypes)
        for column in one:
            if column not in DRAWN.get(name, ()):
                assert one[column].equals(two[column]), (name, column)
    # what is drawn is a filière: read again with all checks, it is the same
    again = f.with_table("flows", drawn.flows.reset_index())
    assert np.allclose(again.flows["quantity_t_per_year"], drawn.flows["quantity_t_per_year"], equal_nan=True)


def test_parts_never_exceed_their_whole_in_any_draw_of_the_example() -> None:
    draws = Draws.of(example())
    stated = example().activities
    whole, parts = stated["jobs_fte"], stated[["insertion_fte", "supervision_fte"]].sum(axis=1)
    fits = whole.notna() & (parts <= whole)
    assert fits.sum() > 3
    for number in range(6):
        rows = draws.draw(number).activities[fits]
        assert (
            rows[["insertion_fte", "supervision_fte"]].sum(axis=1) <= rows["jobs_fte"] * (1 + 1e-12)
        ).all()


# -- many draws -----------------------------------------------------------------------------------------------


def test_more_draws_begin_with_the_fewer() -> None:
    """Draw k is draw k however many are asked for: the mean of 6 is that of the first 6 of 9."""
    values = [Draws.of(filiere()).draw(number).flows["quantity_t_per_year"].sum() for number in range(9)]
    for draws in (6, 9):
        frame = robustness(filiere(), draws=draws, checks=[], indicators=[total()]).indicators
        assert frame["mean"].item() == pytest.approx(np.mean(values[:draws]))
        assert frame["p50"].item() == pytest.approx(np.median(values[:draws]))


def test_what_else_is_asked_for_changes_no_number() -> None:
    alone = robustness(filiere(), draws=15, checks=[], indicators=[total()])
    beside = robustness(filiere(), draws=15, checks=[large_flow], indicators=[total()], plan=None)
    assert alone.indicators.equals(beside.indicators)
    only = robustness(filiere(), draws=15, what="findings", checks=[large_flow], indicators=[total()])
    assert only.findings.equals(beside.findings) and only.indicators.empty


def test_a_name_for_what_and_a_list_are_the_same() -> None:
    one, two = (
        robustness(filiere(), draws=3, what=what, checks=[large_flow]) for what in ("findings", ["findings"])
    )
    assert one.findings.equals(two.findings)


def test_rows_that_are_not_there_in_that_year_are_not_drawn() -> None:
    f = flows_of([100.0, 50.0], year=[2023, 2024])
    at = robustness(f, draws=5, checks=[], indicators=[total()], year=2024)
    assert at.indicators["value"].item() == 50 and at.drawn["n_drawn"].sum() == 1
    assert at.indicators.equals(robustness(f.at(2024), draws=5, checks=[], indicators=[total()]).indicators)


def test_the_larger_the_uncertainty_the_wider_the_spread() -> None:
    widths = []
    for share in (0.05, 0.2, 0.8):
        row = robustness(filiere(), draws=60, checks=[], indicators=[total()],
                         uncertainty={"declared": share, "measured": share}).indicators.iloc[0]  # fmt: skip
        widths.append(row["p95"] - row["p5"])
    # f1 states 20 % of its own: only f2 (40 t) is wider, the sum all the same
    assert widths[0] < widths[1] < widths[2]


def test_a_share_of_draws_falls_with_the_limit_as_the_distribution_says() -> None:
    """100 t at 20 %: P(x > limit) of a log-normal, within four standard errors of 300 draws."""
    for limit in (80.0, 100.0, 130.0):

        def check(f: Filiere, *, lang: str, limit: float = limit) -> Any:
            return large_flow(f, lang=lang, limit=limit)

        row = robustness(filiere(), draws=300, checks=[check], indicators=[], appearing=0.0).findings.iloc[0]
        expected = above(100.0, 0.2, limit)
        assert row["share"] == pytest.approx(expected, abs=4 * math.sqrt(expected * (1 - expected) / 300))
        assert row["share_low"] <= row["share"] <= row["share_high"]


def test_two_flows_are_independent() -> None:
    """P(both above what is stated) is the product; each is Φ(−s/2), less than one half."""
    f = flows_of([100.0, 100.0], uncertainty_share=[0.3, 0.3])
    high = np.array([tonnes(f, number=number) > 100 for number in range(400)])
    one = phi(-spread(0.3) / 2)
    error = math.sqrt(one * (1 - one) / 400)
    assert np.abs(high.mean(axis=0) - one).max() < 4 * error
    assert high.all(axis=1).mean() == pytest.approx(one**2, abs=4 * math.sqrt(one**2 * (1 - one**2) / 400))


# -- doubt ----------------------------------------------------------------------------------------------------


def test_a_doubt_that_is_certain_takes_every_hypothesis_out() -> None:
    f = flows_of([100.0, 40.0], confidence=["hypothesis", "measured"])
    for number in range(4):
        assert list(Draws.of(f, doubt=1.0).draw(number).flows.index) == ["f1"]
        assert list(Draws.of(f, doubt={"measured": 1.0}).draw(number).flows.index) == ["f0"]
        assert list(Draws.of(f, doubt=0.0).draw(number).flows.index) == ["f0", "f1"]


def test_rows_in_doubt_leave_more_often_with_more_doubt_and_never_come_back() -> None:
    """The same random number is compared with a higher probability: who was absent is absent again."""
    f = flows_of([10.0] * 8, confidence=["hypothesis"] * 8)
    for number in range(10):
        absent = [set(f.flows.index) - set(Draws.of(f, doubt=doubt).draw(number).flows.index)
                  for doubt in (0.1, 0.4, 0.9)]  # fmt: skip
        assert absent[0] <= absent[1] <= absent[2]


def test_a_declaration_outlives_the_one_that_it_speaks_of() -> None:
    f = flows_of([100.0, 96.0], confidence=["hypothesis", "measured"], same_flow_as=[None, "f0"])
    drawn = Draws.of(f, doubt=1.0).draw(0)
    assert list(drawn.flows.index) == ["f1"] and pd.isna(drawn.flows["same_flow_as"].item())
    assert list(drawn.network.flow_ids) == ["f1"]


def test_doubt_in_a_supposed_passage_is_told_in_the_result() -> None:
    """A scenario adds a passage; the finding that it brings holds where the passage does, 7 times in 10."""
    f = flows_of([100.0], uncertainty_share=[0.0])
    after = apply(f, Scenario("Retour", [add_flow("m", 300, source="b", target="a")]))

    def back(g: Filiere, *, lang: str) -> Any:
        return large_flow(g, lang=lang, flow="flows-scenario-1", limit=1.0)

    found = robustness(after, draws=200, checks=[back], indicators=[], doubt=0.3, lang="en")
    row = found.findings.iloc[0]
    assert row["in_base"] and row["share"] == pytest.approx(0.7, abs=4 * math.sqrt(0.21 / 200))
    assert any("30%" in note for note in found.notes())
    certain = robustness(after, draws=20, checks=[back], indicators=[]).findings.iloc[0]
    assert certain["share"] == 1  # without a doubt, 300 t are never as little as 1 t


# -- the example ----------------------------------------------------------------------------------------------


def test_what_is_stated_is_what_the_diagnosis_says() -> None:
    found = drawn_example()
    own = diagnose(example(), checks=default_checks(), indicators=default_indicators())
    base = found.findings[found.findings["in_base"]]
    assert set(base["finding_id"]) == set(own.findings["finding_id"])
    stated = own.indicators.set_index("indicator_id")["value"]
    assert found.indicators.set_index("indicator_id")["value"].equals(
        stated[found.indicators["indicator_id"]]
    )


def test_columns_agree_with_one_another() -> None:
    found = drawn_example()
    frame = found.findings
    assert frame["finding_id"].is_unique
    assert ((frame["n_found"] / frame["n_draws"] - frame["share"]).abs() < 1e-12).all()
    assert (frame["share_low"] <= frame["share"]).all() and (frame["share"] <= frame["share_high"]).all()
    assert (frame.loc[~frame["varies"], "share"] == 1).all()
    for columns in (
        ["quantity_p5", "quantity_p50", "quantity_p95"],
        ["jobs_fte_p5", "jobs_fte_p50", "jobs_fte_p95"],
    ):
        known = frame[columns].dropna()
        assert (known.diff(axis=1).iloc[:, 1:] >= -1e-9).all(axis=None) and len(known)
    known = found.indicators[["p5", "p50", "p95"]].dropna()
    assert (known.diff(axis=1).iloc[:, 1:] >= -1e-9).all(axis=None) and len(known)
    still = found.indicators[~found.indicators["varies"]]
    assert np.allclose(still["value"], still["mean"], equal_nan=True)
    apart = frame[~frame["in_base"]]
    assert (apart["share"] >= found.appearing).all() and apart["quantity"].isna().all()


def test_frames_are_given_away_as_copies() -> None:
    found = drawn_example()
    for name in ("findings", "indicators", "plan", "failures", "drawn"):
        frame = getattr(found, name)
        kept = list(frame.columns)
        frame["mine"] = 1
        assert list(getattr(found, name).columns) == kept


@pytest.mark.parametrize("lang", ["fr", "en"])
def test_sentences_can_be_printed(lang: str) -> None:
    found = drawn_example()
    sentences, notes = found.sentences(lang), found.notes(lang)
    told = int(found.findings["varies"].sum() + found.indicators["varies"].sum() + len(found.plan))
    assert len(sentences) == told > 5
    for one in [*sentences, *notes]:
        assert (
            one.endswith(".")
            and not one.endswith("..")
            and "{" not in one
            and "nan" not in one.lower().split()
        )
        if lang == "fr":
            wrong = [name for name, pattern in TYPOGRAPHY.items() if re.search(pattern, one)]
            assert not wrong, f"{wrong}: {one!r}"


# -- what overturns -------------------------------------------------------------------------------------------


@settings(max_examples=6, deadline=None)
@given(limit=st.floats(60, 130).filter(lambda limit: abs(limit - 100) > 2))
def test_the_change_overturns_and_a_hundredth_less_does_not(limit: float) -> None:
    def check(f: Filiere, *, lang: str) -> Iterator[Finding]:
        if f.flows["quantity_t_per_year"]["f1"] > limit:
            yield Finding("over_capacity", "high", "too much", rows={"flows": ("f1",)})

    row = tornado(filiere(), "over_capacity", checks=[check]).inputs.iloc[0]
    assert (row["table"], row["row_id"], row["column"]) == ("flows", "f1", "quantity_t_per_year")
    assert row["change_to"] == pytest.approx(100 * (1 + row["change"]))

    def stands(value: float) -> bool:
        rows = filiere().flows.copy()
        rows.loc["f1", "quantity_t_per_year"] = value
        return bool(list(check(filiere()._with_numbers({"flows": rows}), lang="fr")))

    assert stands(row["change_to"]) != stands(100)
    # found to 1 % of the logarithm: that much nearer to what is stated, the finding is as it was
    back = math.exp(-0.0101 if row["change"] > 0 else 0.0101)
    assert stands(row["change_to"] * back) == stands(100)


def test_beyond_its_quantiles_an_input_is_tried_only_where_the_finding_rests_on_it() -> None:
    """100 t at 20 % lie between 71 and 136 t: 60 t is out of their reach, and within a factor of four."""

    def check(f: Filiere, *, lang: str, rows: tuple[str, ...]) -> Iterator[Finding]:
        if f.flows["quantity_t_per_year"]["f1"] > 60:
            yield Finding("over_capacity", "high", "too much", rows={"flows": rows})

    frame = tornado(filiere(), "over_capacity", checks=[(check, {"rows": ("f1",)})]).inputs
    assert frame["overturns"].tolist() == [False] and frame["rests_on"].tolist() == [True]
    assert frame["change"].item() == pytest.approx(-0.4, abs=0.01)
    assert tornado(filiere(), "over_capacity", checks=[(check, {"rows": ()})]).inputs.empty
    assert tornado(filiere(), "over_capacity", checks=[(check, {"rows": ("f1",)})], within=1.5).inputs.empty


def test_a_total_is_moved_by_each_of_its_terms_by_as_much_as_the_term_moves() -> None:
    frame = tornado(filiere(), total(), lang="en").inputs.set_index("row_id")
    assert set(frame.index) == {"f1", "f2"}  # what is unknown or nothing does not move
    for row in frame.to_dict("records"):
        assert row["at_high"] - row["at_low"] == pytest.approx(row["high"] - row["low"])
        # largest less smallest of the total at low, as stated and at high
        assert row["swing"] == pytest.approx(max(row["at_high"], 140) - min(row["at_low"], 140))
    # v·exp(±1.64 s − s²/2) for 100 t at 20 %
    s = spread(0.2)
    assert frame.loc["f1", "low"] == pytest.approx(100 * math.exp(-1.64 * s - s**2 / 2))
    assert frame.loc["f1", "high"] == pytest.approx(100 * math.exp(1.64 * s - s**2 / 2))
    assert frame["swing"].is_monotonic_decreasing and not frame["overturns"].any()


def test_fewer_told_are_the_first_of_the_more() -> None:
    more = tornado(filiere(), total()).inputs
    assert tornado(filiere(), total(), most=1).inputs.equals(more.iloc[:1])


def test_a_threshold_that_is_met_exactly_is_met() -> None:
    stands = tornado(filiere(), total(), threshold=140.0).headline.base  # 100 + 40
    assert stands.stands is True and stands.value == 140
    assert tornado(filiere(), total(), threshold=140.001).headline.base.stands is False


def test_sentences_of_a_tornado_say_what_would_overturn_it() -> None:
    found = tornado(filiere(), total(), threshold=130.0, lang="fr")
    row = found.inputs.iloc[0]
    assert row["row_id"] == "f1" and row["overturned_at"] == "low"
    # 140 − 130 = 10 t less of 100 t
    assert row["change"] == pytest.approx(-0.1, abs=0.02)
    (first, *_) = plain(found.sentences())
    assert "tomberait au-dessous de 130" in first or "130 t/an" in first
    for one in [*found.sentences(), *found.notes()]:
        assert not [name for name, pattern in TYPOGRAPHY.items() if re.search(pattern, one)], one
    assert found.sentences("en") != found.sentences()
