"""What was measured, kept: a line per figure, with the day and the machine."""

from __future__ import annotations

import os
from collections.abc import Iterable, Mapping
from datetime import datetime
from pathlib import Path
from typing import Any

import pandas as pd

from .measuring import Figure, machine

__all__ = ["COLUMNS", "frame_of", "from_rows", "latest", "write", "write_table"]

COLUMNS = ["run", "machine", "load", "clock", "runs", "part", "what", "size", "by", "quantity", "value"]


def frame_of(
    figures: Iterable[Figure], *, runs: int, clock: str, now: datetime | None = None
) -> pd.DataFrame:
    """Return figures as a table; `run` is the hour, `load` how many processes wanted a core, five minutes' mean."""
    frame = pd.DataFrame([vars(one) for one in figures], columns=COLUMNS[5:])
    told = ", ".join(f"{name} {value}" for name, value in machine().items() if value)
    head = {
        "run": (now or datetime.now()).strftime("%Y-%m-%d %H:%M"),
        "machine": told,
        "load": round(os.getloadavg()[1], 1) if hasattr(os, "getloadavg") else float("nan"),
        "clock": clock,
        "runs": runs,
    }
    return frame.assign(**head)[COLUMNS]


def from_rows(part: str, rows: Iterable[Mapping[str, Any]]) -> list[Figure]:
    """Return the figures of rows ``what, ours_s, other, other_s``."""
    found = []
    for row in rows:
        found.append(Figure(part, str(row["what"]), 0, "ours", "seconds", float(row["ours_s"])))
        if row.get("other_s") is not None:
            found.append(
                Figure(part, str(row["what"]), 0, str(row["other"]), "seconds", float(row["other_s"]))
            )
    return found


def write(frame: pd.DataFrame, path: Path) -> None:
    """Add the figures of a run to a CSV, which is made if it is not there; those of other runs stay."""
    path.parent.mkdir(parents=True, exist_ok=True)
    known = pd.read_csv(path) if path.exists() else None
    whole = frame if known is None else pd.concat([known[known["run"] != frame["run"].iloc[0]], frame])
    text = whole.to_csv(index=False, float_format="%.6g", lineterminator="\n")
    path.write_text(text, encoding="utf-8", newline="\n")


def write_table(table: pd.DataFrame, frame: pd.DataFrame, path: Path) -> None:
    """Write the table of aims of a run as a page."""
    run = frame.iloc[0]
    rows = [table.columns, ["---"] * len(table.columns), *table.astype("str").to_numpy()]
    said = f"{run['run']}; {run['machine']}; load {run['load']:g}; clock: {run['clock']}; median of {run['runs']}."
    lines = [
        "# The table of the last run",
        "",
        said,
        "",
        *(f"| {' | '.join(map(str.strip, row))} |" for row in rows),
        "",
    ]
    path.write_text("\n".join(lines), encoding="utf-8", newline="\n")


def latest(path: Path) -> list[Figure]:
    """Return the figures of the last run of a CSV."""
    frame = pd.read_csv(path)
    last = frame[frame["run"] == frame["run"].max()]
    return [Figure(**row) for row in last[COLUMNS[5:]].to_dict("records")]
