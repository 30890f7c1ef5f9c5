"""Jobs and results, counted once more in plain Python, drawn in proportion, and hidden where few could be known."""

from __future__ import annotations

import math
from typing import Any

import numpy as np
import pandas as pd
import pytest
from hypothesis import example, given, settings
from hypothesis import strategies as st
from matplotlib.axes import Axes

from chaine_valeur import Filiere, datasets
from chaine_valeur.analysis.insertion.results import JOB_UNITS, result_of
from chaine_valeur.figures import JobsData, draw_jobs, jobs_alt_text, jobs_data, jobs_figure
from chaine_valeur.figures._jobs_data import PARTS
from tests.figures.sheets import beside, marks, outside, overlapping, said, words

pytestmark = pytest.mark.long

STAGES = ["Collecte", "Tri", "Filature"]
ACTORS = ["A", "B", "C", "D"]
NAN = float("nan")


def chain(
    activities: list[dict[str, Any]] | None = None, outcomes: list[dict[str, Any]] | None = None
) -> Filiere:
    """Three stages, four actors, and what is said of them."""
    tables: dict[str, Any] = {"stages": {"name": STAGES, "rank": [1, 2, 3]}, "actors": {"name": ACTORS}}
    if activities:
        tables["activities"] = pd.DataFrame(activities)
    if outcomes:
        tables["outcomes"] = pd.DataFrame(outcomes)
    return Filiere.from_tables(**tables)


def result(
    scope: str, unit: str, reached: float | None, target: float | None = None, **more: Any
) -> dict[str, Any]:
    return {
        "scope": scope,
        "unit": unit,
        "reached": reached,
        "target": target,
        "year": 2024,
        "actor_id": None,
    } | more


# -- stages, by a plain loop ----------------------------------------------------------------------------


def plain_jobs(rows: list[dict[str, Any]]) -> dict[str, dict[str, Any]]:
    """Return the sums of each stage: of the latest year that any row says, rows without a year counting always."""
    latest = max((row["year"] for row in rows if row["year"] is not None), default=None)
    found: dict[str, dict[str, Any]] = {}
    for row in rows:
        if row["year"] not in (None, latest):
            continue
        one = found.setdefault(row["stage_id"], {"n_activities": 0, **{part: [] for part in PARTS}})
        one["n_activities"] += 1
        for part in PARTS:
            one[part].append(row[part])
    return found


FTE = st.one_of(st.none(), st.integers(0, 30).map(lambda n: n / 2))
ACTIVITY = st.fixed_dictionaries(
    {
        "actor_id": st.sampled_from(ACTORS),
        "stage_id": st.sampled_from(STAGES),
        "year": st.sampled_from([None, 2023, 2024]),
        "supervision_fte": FTE,
        "insertion_fte": FTE,
        "jobs_fte": FTE,
    }
)
ROWS = st.lists(ACTIVITY, min_size=1, max_size=8, unique_by=lambda row: (row["actor_id"], row["stage_id"]))


@given(ROWS)
@settings(max_examples=6)
def test_stages_are_those_of_a_plain_loop(rows: list[dict[str, Any]]) -> None:
    data = jobs_data(chain(rows))
    found = {row["stage_label"]: row for row in data.stages.to_dict("records")}
    expected = plain_jobs(rows)
    assert list(found) == [name for name in STAGES if name in expected]
    assert data.n_empty == len(STAGES) - len(expected)
    assert data.year == max((row["year"] for row in rows if row["year"] is not None), default=None)
    for name, row in found.items():
        assert row["n_activities"] == expected[name]["n_activities"]
        for part in PARTS:
            known = [value for value in expected[name][part] if value is not None]
            assert row[f"{part}_unknown"] == len(expected[name][part]) - len(known)
            assert row[part] == pytest.approx(sum(known) if known else NAN, nan_ok=True)
    assert data.knows_jobs == any(
        value is not None for row in expected.values() for part in PARTS for value in row[part]
    )


@given(ROWS, st.permutations(STAGES))
@settings(max_examples=4)
def test_the_order_of_the_tables_changes_nothing(rows: list[dict[str, Any]], stages: list[str]) -> None:
    tables: dict[str, Any] = {
        "stages": {"name": stages, "rank": [STAGES.index(name) + 1 for name in stages]},
        "actors": {"name": ACTORS[::-1]},
        "activities": pd.DataFrame(rows[::-1]),
    }
    pd.testing.assert_frame_equal(
        jobs_data(Filiere.from_tables(**tables)).stages, jobs_data(chain(rows)).stages
    )


# -- results, against the tables that the report prints -------------------------------------------------

OUTCOME = st.builds(
    result,
    st.sampled_from(["programme", "filiere", "structure"]),
    st.sampled_from(list(JOB_UNITS)),
    st.one_of(st.none(), st.integers(5, 60)),
    st.one_of(st.none(), st.integers(5, 60)),
    year=st.sampled_from([None, 2023, 2024]),
    actor_id=st.sampled_from([None, *ACTORS]),
)


@given(st.lists(OUTCOME, min_size=1, max_size=7))
@example([result("structure", "post", 5, None, year=2023), result("structure", "post", None, 8)])
@settings(max_examples=6)
def test_results_add_up_to_those_of_the_tables(rows: list[dict[str, Any]]) -> None:
    f = chain([{"actor_id": "A", "stage_id": "Tri"}, {"actor_id": "B", "stage_id": "Collecte"}], rows)
    found = jobs_data(f).results
    for unit in JOB_UNITS:
        for scope in ("programme", "filiere", "structure"):
            mine = found[(found["unit"] == unit) & (found["scope"] == scope)]
            told = result_of(f, scope=scope, unit=unit)
            assert mine["target"].sum(min_count=1) == pytest.approx(told.target, nan_ok=True)
            shown = mine[~mine["is_masked"]]
            if len(shown) == len(mine):
                assert mine["reached"].sum(min_count=1) == pytest.approx(told.reached, nan_ok=True)
            assert mine["is_approximate"].any() == told.approximate
    assert found["unit"].tolist() == sorted(found["unit"], key=JOB_UNITS.index)


def test_each_term_is_of_its_own_latest_year() -> None:
    f = chain(
        [{"actor_id": "A", "stage_id": "Tri"}],
        [
            result("structure", "post", 5, 7, year=2022, actor_id="A"),
            result("structure", "post", 6, None, year=2023, actor_id="A"),
            result("structure", "post", None, 9, year=2024, actor_id="A"),
        ],
    )
    (found,) = jobs_data(f).results.to_dict("records")
    # reached: of 2023, 6; expected: of 2024, 9; 2022 is past for both
    assert (found["reached"], found["target"], found["years"], found["n_rows"]) == (6.0, 9.0, "2023–2024", 2)


# -- few persons ----------------------------------------------------------------------------------------


@given(
    st.lists(st.one_of(st.none(), st.integers(0, 9)), min_size=4, max_size=4),
    st.one_of(st.none(), st.integers(0, 30)),
)
@settings(max_examples=4)
def test_what_is_shown_of_persons_tells_of_no_few(people: list[int | None], whole: int | None) -> None:
    activities = [{"actor_id": a, "stage_id": STAGES[n % 3]} for n, a in enumerate(ACTORS)]
    rows = [result("structure", "person", n, 10, actor_id=a) for a, n in zip(ACTORS, people, strict=True)]
    f = chain(activities, [*rows, result("filiere", "person", whole, 40)])
    found = jobs_data(f).results
    shown, hidden = found[~found["is_masked"]], found[found["is_masked"]]
    assert not ((shown["reached"] > 0) & (shown["reached"] < 5)).any()
    assert hidden["reached"].isna().all()
    positive = int((found["is_masked"] | (found["reached"] > 0)).sum())
    # one alone would follow from a total that stands elsewhere: a second one goes with it, where there is one
    assert len(hidden) == 0 or len(hidden) >= min(2, positive)
    # nothing drawn has a length of what is hidden
    ax = draw_jobs(jobs_data(f), lang="en")
    assert len({one.get_width() for one in marks(ax, "masked")}) <= 1
    assert len(marks(ax, "masked")) == len(hidden)
    reached = int((shown["reached"].notna()).sum())
    assert len(marks(ax, "reached")) == reached


def test_hidden_is_not_called_unknown_in_the_legend() -> None:
    # 3 persons alone, whose number is known: it is hidden, and nothing is unknown
    f = chain([{"actor_id": "A", "stage_id": "Tri", "jobs_fte": 4}], [result("filiere", "person", 3, 8)])
    ax = jobs_figure(f, lang="en")
    assert "unknown, not zero" not in words(ax) and "… / 8 (2024)" in words(ax)
    assert "hidden, so that no count under 5 persons can be read" in said(ax)
    open_ = chain(
        [{"actor_id": "A", "stage_id": "Tri", "jobs_fte": 4}], [result("filiere", "person", None, 8)]
    )
    assert "unknown, not zero" in words(jobs_figure(open_, lang="en"))


@pytest.mark.parametrize("hidden", [3, 4])
def test_two_filieres_that_differ_in_what_is_hidden_look_the_same(hidden: int) -> None:
    def texts(n: int) -> list[str]:
        f = chain(
            [{"actor_id": a, "stage_id": s} for a, s in zip("ABC", STAGES, strict=True)],
            [result("structure", "person", k, 6, actor_id=a) for a, k in zip("ABC", (n, 7, 30), strict=True)],
        )
        data = jobs_data(f)
        ax = draw_jobs(data, lang="fr")
        bars = [f"{one.get_gid()} {one.get_x():.3f} {one.get_width():.3f}" for one in ax.patches]  # type: ignore[attr-defined]
        return [*words(ax), *bars, jobs_alt_text(data)]

    assert texts(hidden) == texts(2)


# -- drawn ----------------------------------------------------------------------------------------------


def frames(rows: list[tuple[Any, ...]], results: list[dict[str, Any]] | None = None) -> JobsData:
    """Return stages of jobs, insertion, supervision, and how many activities do not say their jobs."""
    told = [
        {"stage_id": f"s{n}", "stage_label": f"Maillon {n}", "n_activities": 2, "jobs_fte": jobs,
         "jobs_fte_unknown": unknown, "insertion_fte": insertion, "insertion_fte_unknown": 0,
         "supervision_fte": supervision, "supervision_fte_unknown": 0}
        for n, (jobs, insertion, supervision, unknown) in enumerate(rows)
    ]  # fmt: skip
    columns = ["scope", "stage_id", "stage_label", "unit", "reached", "target", "n_rows", "n_unknown", "n_no_target",
               "is_approximate", "is_masked", "years"]  # fmt: skip
    plain = {"scope": "filiere", "stage_id": None, "stage_label": None, "n_rows": 1, "n_unknown": 0, "n_no_target": 0,
             "is_approximate": False, "is_masked": False, "years": ""}  # fmt: skip
    return JobsData(
        pd.DataFrame(told), pd.DataFrame([plain | one for one in results or []], columns=columns), year=2024
    )


def lengths(ax: Axes, name: str) -> dict[str, float]:
    """Return how long each part of the bar of a stage is, and how far the whole of it reaches."""
    found = {part: sum(one.get_width() for one in beside(ax, part, name)) for part in PARTS}
    ends = [one.get_x() + one.get_width() for part in PARTS for one in beside(ax, part, name)]
    starts = [one.get_x() for part in PARTS for one in beside(ax, part, name)]
    return found | {"from": min(starts, default=NAN), "to": max(ends, default=NAN)}


def test_lengths_are_in_proportion_over_all_stages() -> None:
    # the longest is stage 1: 6 + 5 of insertion and supervision, though it states 8 jobs: 11 is the whole length
    data = frames([(10.0, 4.0, 1.0, 0), (8.0, 6.0, 5.0, 0), (NAN, 2.0, NAN, 1), (5.5, NAN, NAN, 0)])
    ax = draw_jobs(data, lang="en")
    unit = lengths(ax, "Maillon 1")["insertion_fte"] / 6
    for name, parts in {
        "Maillon 0": (5.0, 4.0, 1.0),  # of others 10 - 4 - 1
        "Maillon 1": (0.0, 6.0, 5.0),  # none is left for others
        "Maillon 2": (0.0, 2.0, 0.0),
        "Maillon 3": (5.5, 0.0, 0.0),
    }.items():
        found = lengths(ax, name)
        assert [found[part] / unit for part in PARTS] == pytest.approx(list(parts), abs=1e-6)
        # the parts follow each other without a hole
        assert found["to"] - found["from"] == pytest.approx(sum(parts) * unit)
    assert len({round(lengths(ax, f"Maillon {n}")["from"], 6) for n in range(4)}) == 1
    (sign,) = beside(ax, "unknown", "Maillon 2")
    assert sign.get_x() > lengths(ax, "Maillon 2")["to"]


def test_zero_is_a_mark_and_unknown_a_hatched_end() -> None:
    data = frames([(0.0, 0.0, 0.0, 0), (NAN, NAN, NAN, 2), (0.0, NAN, NAN, 1), (3.0, NAN, NAN, 0)])
    ax = draw_jobs(data, lang="fr")
    kinds = {
        name: (len(beside(ax, "none", name)), len(beside(ax, "unknown", name)))
        for name in (f"Maillon {n}" for n in range(4))
    }
    assert kinds == {"Maillon 0": (1, 0), "Maillon 1": (0, 1), "Maillon 2": (1, 1), "Maillon 3": (0, 0)}
    assert "inconnu" in words(ax) and "0, dont insertion 0" in words(ax)


def test_targets_are_on_the_scale_of_their_unit() -> None:
    posts = [
        {"unit": "post", "reached": 10.0, "target": 40.0},
        {"unit": "post", "reached": 20.0, "target": NAN},
    ]
    ax = draw_jobs(
        frames([(1.0, NAN, NAN, 0)], [*posts, {"unit": "fte", "reached": 2.0, "target": 1.0}]), lang="en"
    )
    left = marks(ax, "reached")[0].get_x()
    ten, twenty, two = (one.get_width() for one in marks(ax, "reached"))
    assert twenty == pytest.approx(2 * ten)
    targets = sorted(
        (float(np.asarray(line.get_ydata())[0]), float(np.asarray(line.get_xdata())[0]))
        for line in ax.lines if line.get_gid() == "target"
    )  # fmt: skip
    (_, forty), (_, one) = targets[:2]
    assert forty - left == pytest.approx(4 * ten)
    assert one - left == pytest.approx(two / 2)  # beyond its target
    assert two == pytest.approx(4 * ten)  # each unit fills its own scale


@pytest.mark.parametrize(("name", "lang"), [("exemple_complet", "fr"), ("textiles_usages", "en")])
def test_the_examples_stand_on_their_page(name: str, lang: str) -> None:
    ax = jobs_figure(datasets.load(name), lang=lang, title="Emplois" if lang == "fr" else "Jobs")
    assert not outside(ax)
    assert not overlapping(ax)
    assert not any(math.isnan(one.get_width()) for one in ax.patches)  # type: ignore[attr-defined]


def test_many_stages_of_long_names_stand_on_their_page_too() -> None:
    data = frames([(float(n), n / 2, n / 5, n % 2) for n in range(24)])
    stages = data.stages.assign(
        stage_label=[f"Préparation des textiles en mélange, maillon {n}" for n in range(24)]
    )
    ax = draw_jobs(JobsData(stages, data.results, n_left_out=3), lang="fr", width_cm=12.0)
    assert not outside(ax) and not overlapping(ax)
    assert "3 autres maillons ne sont pas montrés." in said(ax)
