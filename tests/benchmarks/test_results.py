"""What is kept of a run, and the picture of it."""

from __future__ import annotations

from datetime import datetime
from pathlib import Path

import pandas as pd

from benchmarks import picture
from benchmarks.aims import table_of_aims
from benchmarks.measuring import Figure
from benchmarks.results import COLUMNS, frame_of, from_rows, latest, write, write_table
from benchmarks.structure import EXTRAPOLATED


def diagnostic(size: int, by: str, value: float) -> Figure:
    return Figure("structure", "diagnostic", size, by, "seconds", value)


RUN = [
    diagnostic(50, "plain", 0.01),
    diagnostic(100_000, "plain", 0.4),
    diagnostic(1_000_000, "plain", 4.5),
    diagnostic(50, "networkx", 0.004),
    diagnostic(100_000, "networkx", 23.0),
    diagnostic(1_000_000, EXTRAPOLATED, 400.0),
    Figure("batch", "the same numbers, one by one", 200, "networkx", "microseconds per filière", 8_000.0),
]


def test_a_line_says_when_and_where(tmp_path: Path) -> None:
    frame = frame_of(RUN, runs=3, clock="wall", now=datetime(2026, 11, 28, 20, 15))
    assert frame.columns.tolist() == COLUMNS
    assert set(frame["run"]) == {"2026-11-28 20:15"}
    assert frame["machine"].nunique() == 1
    assert "numpy" in frame["machine"].iloc[0]
    assert "/" not in frame["machine"].iloc[0]
    assert frame["runs"].tolist() == [3] * len(RUN)
    path = tmp_path / "further" / "results.csv"
    write(frame, path)
    assert latest(path) == RUN
    assert b"\r" not in path.read_bytes()


def test_runs_stand_one_after_another_and_the_last_one_is_drawn(tmp_path: Path) -> None:
    path = tmp_path / "results.csv"
    for hour, value in ((9, 1.0), (10, 2.0), (10, 3.0)):
        run = frame_of([diagnostic(50, "plain", value)], runs=1, clock="wall", now=datetime(2026, 1, 1, hour))
        write(run, path)
    kept = pd.read_csv(path)
    assert kept["run"].tolist() == ["2026-01-01 09:00", "2026-01-01 10:00"]
    assert kept["value"].tolist() == [1.0, 3.0]  # the same minute: the later one
    assert [one.value for one in latest(path)] == [3.0]


def test_the_table_is_a_page_that_says_of_which_run_it_is(tmp_path: Path) -> None:
    frame = frame_of(RUN, runs=3, clock="wall", now=datetime(2026, 11, 28, 20, 15))
    write_table(table_of_aims(RUN), frame, tmp_path / "table.md")
    lines = (tmp_path / "table.md").read_text(encoding="utf-8").splitlines()
    assert lines[2].startswith("2026-11-28 20:15; cores ")
    assert lines[2].endswith("clock: wall; median of 3.")
    assert lines[4] == "| work | plain | at least | holds | [fast] | aim | reached |"
    # 23 / 0.4 seconds
    assert (
        lines[6]
        == "| diagnostic, 1e5 actors: times faster than networkx | 57.5× | ≥ 60× | no |  | ≥ 300× |  |"
    )
    assert {line.count("|") for line in lines[4:]} == {8}


def test_rows_of_two_sides_become_two_figures() -> None:
    rows = [
        {"what": "a", "ours_s": 1.0, "other_s": 3.0, "other": "them"},
        {"what": "b", "ours_s": 2.0, "other": "2.7 MB"},
    ]
    assert from_rows("report", rows) == [
        Figure("report", "a", 0, "ours", "seconds", 1.0),
        Figure("report", "a", 0, "them", "seconds", 3.0),
        Figure("report", "b", 0, "ours", "seconds", 2.0),
    ]


def test_the_picture_shows_each_side_and_says_what_is_no_measurement() -> None:
    ax = picture.draw(RUN)
    lines = {line.get_label(): line for line in ax.get_lines()}
    assert list(lines["chaine_valeur"].get_xdata()) == [50, 100_000, 1_000_000]
    assert list(lines["networkx"].get_ydata()) == [0.004, 23.0]
    beyond = lines["_"]
    assert list(beyond.get_ydata()) == [23.0, 400.0]
    assert beyond.get_linestyle() != lines["networkx"].get_linestyle()
    assert beyond.get_marker() in ("None", None, "")
    assert [text.get_text() for text in ax.texts] == ["chaine_valeur", "networkx\n(extrapolé)"]
    assert [tick.get_text().replace("\u202f", " ") for tick in ax.get_xticklabels()] == [
        "50",
        "100 000",
        "1 000 000",
    ]
    told = [tick.get_text().replace("\u202f", " ") for tick in ax.get_yticklabels()]
    assert told == ["10 ms", "0,1 s", "1 s", "10 s", "100 s"]
    assert (ax.get_xscale(), ax.get_yscale()) == ("log", "log")


def test_names_at_the_ends_do_not_touch() -> None:
    near = [*RUN, diagnostic(1_000_000, "compiled", 4.4), diagnostic(50, "compiled", 0.009)]
    ax = picture.draw(near)
    ax.figure.draw_without_rendering()
    boxes = sorted((text.get_window_extent() for text in ax.texts), key=lambda box: box.y0)
    assert len(boxes) == 3
    assert all(low.y1 <= high.y0 + 1 for low, high in zip(boxes[:-1], boxes[1:], strict=True))
    width = ax.figure.bbox.width
    assert all(box.x1 <= width for box in boxes)


def test_the_picture_is_written_twice_the_same(tmp_path: Path) -> None:
    one, two = picture.write(RUN, tmp_path / "a" / "p"), picture.write(RUN, tmp_path / "b" / "p")
    assert [path.name for path in one] == ["p.png", "p.svg"]
    assert [path.read_bytes() for path in one] == [path.read_bytes() for path in two]
    assert picture.ALT.split(",")[0] in one[1].read_text(encoding="utf-8")


def test_a_run_without_diagnostics_has_an_empty_picture() -> None:
    ax = picture.draw([])
    assert not ax.get_lines()
    assert not ax.texts
