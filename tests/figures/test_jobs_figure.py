"""Jobs by stage and insertion results against targets: what is counted, drawn, unknown and hidden."""

from __future__ import annotations

from typing import Any

import numpy as np
import pandas as pd
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from matplotlib.axes import Axes
from matplotlib.figure import Figure
from matplotlib.patches import Rectangle

from chaine_valeur import Filiere, datasets
from chaine_valeur.analysis.insertion import jobs_by_stage
from chaine_valeur.errors import ArgumentError
from chaine_valeur.figures import JobsData, draw_jobs, jobs_alt_text, jobs_data, jobs_figure, save

NN = "\u202f"


def small(**changes: Any) -> Filiere:
    """Relais sorts and collects, Ressourcerie sorts (its jobs are unknown), nobody spins.

    Structures: Relais reached 6 posts of 8 in 2024 (5 of 7 the year before), Ressourcerie does not say (4 expected).
    """
    tables: dict[str, Any] = {
        "stages": {"name": ["Filature", "Tri", "Collecte"], "rank": [3, 2, 1]},
        "actors": {"name": ["Relais", "Ressourcerie"]},
        "activities": {
            "actor_id": ["Relais", "Relais", "Ressourcerie", "Relais"],
            "stage_id": ["Tri", "Collecte", "Tri", "Tri"],
            "year": [2024, 2024, 2024, 2023],
            "jobs_fte": [9, 3, None, 50],
            "insertion_fte": [6, 0, None, 40],
            "supervision_fte": [1, None, None, 5],
        },
        "outcomes": {
            "scope": ["programme", "filiere", "structure", "structure", "structure"],
            "actor_id": [None, None, "Relais", "Relais", "Ressourcerie"],
            "unit": ["post", "fte", "post", "post", "post"],
            "target": [30, None, 8, 7, 4],
            "reached": [21, 12.5, 6, 5, None],
            "year": [2024, 2024, 2024, 2023, 2024],
            "hypothesis": ["« une trentaine »", None, None, None, None],
        },
    }
    return Filiere.from_tables(**(tables | changes))


def words(ax: Axes) -> list[str]:
    return [text.get_text() for text in ax.texts]


def marks(ax: Axes, gid: str) -> list[Rectangle]:
    return [patch for patch in ax.patches if isinstance(patch, Rectangle) and patch.get_gid() == gid]


def row(ax: Axes, name: str) -> float:
    return next(float(text.get_position()[1]) for text in ax.texts if text.get_text() == name)


def at(ax: Axes, gid: str, name: str) -> list[Rectangle]:
    """The marks of one kind in the row of a name."""
    y = row(ax, name)
    return [patch for patch in marks(ax, gid) if abs(patch.get_y() + patch.get_height() / 2 - y) < 3]


@pytest.fixture(scope="module")
def data() -> JobsData:
    return jobs_data(small())


@pytest.fixture(scope="module")
def ax(data: JobsData) -> Axes:
    return draw_jobs(data, lang="en", title="Jobs")


# -- the frames -----------------------------------------------------------------------------------------


def test_stages_stand_in_the_order_of_the_chain_with_what_is_known_of_the_latest_year(data: JobsData) -> None:
    # 2024 only: Tri 9 known and one unknown; Collecte 3, none of insertion (measured), supervision unknown
    expected = pd.DataFrame(
        {
            "stage_id": pd.Series(["collecte", "tri"], dtype="str"),
            "stage_label": pd.Series(["Collecte", "Tri"], dtype="str"),
            "n_activities": [1, 2],
            "jobs_fte": [3.0, 9.0],
            "jobs_fte_unknown": [0, 1],
            "insertion_fte": [0.0, 6.0],
            "insertion_fte_unknown": [0, 1],
            "supervision_fte": [np.nan, 1.0],
            "supervision_fte_unknown": [1, 1],
        }
    )
    pd.testing.assert_frame_equal(data.stages, expected)
    assert (data.year, data.n_empty, data.n_left_out) == (2024, 1, 0)


def test_results_of_several_years_are_never_added_and_units_stay_apart(data: JobsData) -> None:
    told = data.results[["scope", "stage_label", "unit", "reached", "target", "n_unknown", "years"]]
    # both structures stand at Tri, their main stage: 6 reached (one unknown), 8 + 4 expected, 2024 alone
    assert told.astype(object).where(told.notna(), None).values.tolist() == [
        ["programme", None, "post", 21.0, 30.0, 0, "2024"],
        ["structure", "Tri", "post", 6.0, 12.0, 1, "2024"],
        ["filiere", None, "fte", 12.5, None, 0, "2024"],
    ]
    assert data.results["is_approximate"].tolist() == [True, False, False]
    assert not data.results["is_masked"].any()


def test_each_fte_is_that_of_the_table_of_jobs() -> None:
    f = datasets.load("exemple_complet")
    frame = jobs_data(f).stages.set_index("stage_id")
    table = jobs_by_stage(f).loc[frame.index]
    for column in ("jobs_fte", "insertion_fte", "jobs_fte_unknown"):
        np.testing.assert_array_equal(frame[column].to_numpy(float), table[column].to_numpy(float))
    rank = f.stages["rank"].reindex(frame.index).to_numpy()
    assert (np.diff(rank.astype(int)) >= 0).all()


def test_persons_so_few_that_one_could_be_known_are_hidden_with_what_would_give_them_back() -> None:
    persons = {
        "scope": ["structure"] * 3,
        "actor_id": ["Relais", "Ressourcerie", "Atelier"],
        "unit": ["person"] * 3,
        "reached": [3, 9, 20],
        "target": [5, 10, 20],
    }
    f = small(
        actors={"name": ["Relais", "Ressourcerie", "Atelier"]},
        activities={
            "actor_id": ["Relais", "Ressourcerie", "Atelier"],
            "stage_id": ["Tri", "Collecte", "Filature"],
            "jobs_fte": [1, 1, 1],
        },
        outcomes=persons,
    )
    found = jobs_data(f).results.set_index("stage_label")
    # 3 is under 5; the total would give it back, so the next smallest, 9, goes too
    assert found["is_masked"].to_dict() == {"Collecte": True, "Tri": True, "Filature": False}
    assert found["reached"].fillna(-1).to_dict() == {"Collecte": -1.0, "Tri": -1.0, "Filature": 20.0}
    drawn = jobs_figure(f, lang="en")
    assert len(marks(drawn, "masked")) == 2
    assert len({patch.get_width() for patch in marks(drawn, "masked")}) == 1  # a length would tell
    assert not any("3" in text or text.startswith("9") for text in words(drawn) if "/" in text)
    assert "reached: hidden, for 5 expected" in jobs_alt_text(jobs_data(f), "en")


def test_posts_are_no_persons() -> None:
    f = small(outcomes={"scope": ["filiere"], "unit": ["post"], "reached": [2]})
    assert jobs_data(f).results["reached"].tolist() == [2.0]


def test_the_stages_with_fewest_jobs_are_left_out_and_counted() -> None:
    found = jobs_data(small(), most=1)
    assert found.stages["stage_label"].tolist() == ["Tri"]
    assert found.n_left_out == 1
    with pytest.raises(ArgumentError, match="at least one stage"):
        jobs_data(small(), most=0)


def test_another_year_has_its_own_jobs_and_results() -> None:
    found = jobs_data(small().at(2023))
    assert found.year == 2023
    # of 2023: Tri 50 FTE, Relais 5 posts of 7; nothing of the programme
    assert found.stages[["stage_label", "jobs_fte", "insertion_fte"]].values.tolist() == [["Tri", 50.0, 40.0]]
    assert found.results[["scope", "reached", "target", "years"]].values.tolist() == [
        ["structure", 5.0, 7.0, "2023"]
    ]


def test_structures_without_a_stage_stand_last_under_words_of_their_own() -> None:
    f = small(
        outcomes={
            "scope": ["structure"] * 3,
            "actor_id": ["Ressourcerie", None, "Relais"],
            "unit": ["post"] * 3,
            "reached": [1, 2, 4],
        },
        activities={"actor_id": ["Relais"], "stage_id": ["Collecte"]},
    )
    found = jobs_data(f).results
    # Ressourcerie holds nothing, a row names nobody: 1 + 2
    assert found["stage_label"].fillna("").tolist() == ["Collecte", ""]
    assert found["reached"].tolist() == [4.0, 3.0]
    assert "Structures without a stated stage" in " ".join(words(jobs_figure(f, lang="en")))


def test_a_structure_at_several_stages_counts_once_at_its_main_one() -> None:
    f = datasets.load("exemple_complet")
    found = jobs_data(f).results
    mine = found[found["scope"] == "structure"]
    stage = dict(zip(f.network.actor_ids, f.network.stage, strict=True))["la-boucle-verte"]
    assert mine["stage_id"].tolist()[0] == f.stages.index[stage]
    assert mine["reached"].sum() == 8.0  # as in the table of results
    assert mine["n_unknown"].tolist() == [0, 1]


def test_other_kinds_of_results_are_no_jobs() -> None:
    f = small(
        outcomes={
            "scope": ["filiere"] * 3,
            "kind": ["training", "supervision", "insertion_jobs"],
            "unit": ["person", "fte", "fte"],
            "reached": [12, 3, 5],
        }
    )
    assert jobs_data(f).results["reached"].tolist() == [5.0]


@given(st.lists(st.one_of(st.none(), st.integers(0, 40)), min_size=3, max_size=3))
@settings(max_examples=10, deadline=None)
def test_sums_leave_out_what_is_unknown_and_say_so(jobs: list[int | None]) -> None:
    f = small(
        actors={"name": ["A", "B", "C"]},
        activities={"actor_id": ["A", "B", "C"], "stage_id": ["Tri"] * 3, "jobs_fte": jobs},
        outcomes=None,
    )
    (found,) = jobs_data(f).stages.to_dict("records")
    known = [job for job in jobs if job is not None]
    assert found["jobs_fte_unknown"] == 3 - len(known)
    assert found["jobs_fte"] == (pytest.approx(sum(known)) if known else pytest.approx(np.nan, nan_ok=True))


@given(st.lists(st.integers(0, 12), min_size=3, max_size=3))
@settings(max_examples=12, deadline=None)
def test_no_hidden_count_follows_from_the_total(people: list[int]) -> None:
    f = small(
        actors={"name": ["A", "B", "C"]},
        activities={"actor_id": ["A", "B", "C"], "stage_id": ["Tri", "Collecte", "Filature"]},
        outcomes={
            "scope": ["structure"] * 3,
            "actor_id": ["A", "B", "C"],
            "unit": ["person"] * 3,
            "reached": people,
        },
    )
    found = jobs_data(f).results
    shown = found["reached"].dropna()
    assert not ((shown > 0) & (shown < 5)).any()
    hidden = found["is_masked"]
    if hidden.any() and (np.array(people) >= 5).any():
        # with the total one would know the sum of those hidden: two at least, of five persons or more
        assert hidden.sum() >= 2 and sum(people) - shown.sum() >= 5


# -- the figure -----------------------------------------------------------------------------------------


def test_a_bar_is_made_of_insertion_supervision_and_the_others(ax: Axes) -> None:
    # the scale is that of the longest, Tri: 6 + 1 + 2 of 9
    (insertion,), (supervision,), (others,) = (
        at(ax, gid, "Tri") for gid in ("insertion_fte", "supervision_fte", "jobs_fte")
    )
    assert insertion.get_width() == pytest.approx(3 * others.get_width())
    assert supervision.get_width() == pytest.approx(insertion.get_width() / 6)
    assert supervision.get_x() == pytest.approx(insertion.get_x() + insertion.get_width())
    (rest,) = at(ax, "jobs_fte", "Collecte")
    assert rest.get_width() == pytest.approx(insertion.get_width() / 2)  # 3 of 6


def test_what_is_unknown_is_hatched_and_told(ax: Axes) -> None:
    assert len(at(ax, "unknown", "Tri")) == 1
    assert not at(ax, "unknown", "Collecte")
    assert f"≥{NN}9, of which insertion ≥{NN}6" in words(ax)
    assert "3, of which insertion 0" in words(ax)  # a measured zero is told as such


def test_a_diamond_stands_at_each_target(ax: Axes) -> None:
    targets = [line for line in ax.lines if line.get_gid() == "target"]
    assert len(targets) == 3  # programme, structures and the legend; the filière states none
    (reached,) = at(ax, "reached", "Programme, all filières")
    where = float(np.asarray(targets[0].get_xdata())[0])
    # 21 of 30 on one scale
    assert (where - reached.get_x()) * 21 / 30 == pytest.approx(reached.get_width())
    assert {f"21 / ≈{NN}30 (2024)", f"≥{NN}6 / 12 (2024)", "12.5 / – (2024)"} <= set(words(ax))


def test_headings_and_notes_say_unit_year_and_what_is_not_shown(ax: Axes) -> None:
    told = " ".join(words(ax))
    assert {"Jobs by stage, in FTE (2024)", "Insertion posts", "Insertion FTE", "Jobs"} <= set(words(ax))
    assert "1 expected stage has no known active actor." in told
    assert "main stage" in told


def test_the_same_in_words(data: JobsData) -> None:
    said = jobs_alt_text(data, "en").replace("\u00a0", " ")
    assert f"Tri: at least 9 FTE, of which insertion ≥{NN}6" in said
    assert "21, for about thirty expected" in said  # « une trentaine », as the figure says « ≈ 30 »
    assert "Structures: Tri: at least 6, for 12 expected" in said
    assert jobs_alt_text(data) != said and "Emplois par maillon, en ETP" in jobs_alt_text(data)


@pytest.mark.parametrize(
    ("changes", "said"),
    [
        ({"activities": None, "outcomes": None}, "No activity is described"),
        (
            {"activities": {"actor_id": ["Relais"], "stage_id": ["Tri"]}, "outcomes": None},
            "No FTE is stated at the 1",
        ),
    ],
)
def test_without_jobs_it_says_what_to_ask(changes: dict[str, Any], said: str) -> None:
    found = " ".join(words(jobs_figure(small(**changes), lang="en")))
    assert said in found.replace("\n", " ")


def test_results_alone_are_drawn_under_a_sentence() -> None:
    shown = jobs_figure(small(activities={"actor_id": ["Relais"], "stage_id": ["Tri"]}), lang="en")
    assert "No FTE is stated at the 1 stage that somebody holds: it is still to be asked." in words(shown)
    assert len(marks(shown, "reached")) == 3


def test_names_that_try_something_are_drawn_as_they_are(tmp_path: Any) -> None:
    name = "$x_1$ <script> \u202eمر 😀 " + "long " * 60
    f = small(
        stages={"name": [name], "rank": [1]},
        activities={"actor_id": ["Relais"], "stage_id": [name], "jobs_fte": [0]},
        outcomes=None,
    )
    given = Figure(figsize=(3, 2)).add_subplot()
    assert jobs_figure(f, ax=given) is given
    drawn = jobs_figure(f, title="$y$")
    assert "$y$" in words(drawn)
    assert len(marks(drawn, "none")) == 1  # zero jobs: a mark, not a blank
    first = [path.read_bytes() for path in save(drawn, tmp_path / "one")]
    again = [path.read_bytes() for path in save(jobs_figure(f, title="$y$"), tmp_path / "two")]
    assert first == again
