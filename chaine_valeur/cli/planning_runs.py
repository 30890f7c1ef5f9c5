"""What the commands on what could be do; each loads what it needs and returns its exit code."""

from __future__ import annotations

from pathlib import Path

from ..errors import MissingTableError, UnreadableFileError
from ..language import tr
from ..schema import table
from .runs import DONE, LEFT_OUT, at_year, read_file, today
from .speaking import say

__all__ = ["run_plan"]

_SHOWN_ASIDE = 30


def run_plan(
    *,
    file: str,
    output: str | None,
    objective: str,
    years: range | None,
    year: int | None,
    supervision: float | None,
    cap: float,
    lang: str,
) -> int:
    """Propose a plan; write it where a folder is given."""
    from ..diagnosis import diagnose
    from ..planning.plan import plan
    from ..report import without_persons
    from ..report.console import aside_lines, plan_lines
    from ..report.proposals import write_plan

    folder = _folder(output, lang=lang)
    f = read_file(file, lang=lang)
    if f.options.empty:
        named = table("options").label(lang)
        raise MissingTableError(tr("no option is stated: fill the sheet “{sheet}”.", lang, sheet=named))
    if year is not None:
        at_year(f, year, lang=lang)  # complains of a year without figures
    told = without_persons(diagnose(f, checks=(), indicators=(), lang=lang))
    found = plan(
        told.filiere, objective=objective, years=years, year=year, supervision_ratio=supervision, commercial_cap=cap,
        progress=None, lang=lang,
    )  # fmt: skip
    for line in plan_lines(found, lang=lang):
        say(line)
    for line in aside_lines(f, lang=lang, most=_SHOWN_ASIDE):
        say(line)
    if folder is not None:
        _written(write_plan(told, found, folder, on=today()), folder, lang=lang)
    return LEFT_OUT if f.set_aside or f.unknown_cells else DONE


def _folder(output: str | None, *, lang: str) -> Path | None:
    if output is None:
        return None
    if Path(output).exists() and not Path(output).is_dir():
        raise UnreadableFileError(tr("“{file}” is a file: give a folder.", lang, file=output))
    return Path(output)


def _written(paths: list[Path], folder: Path, *, lang: str) -> None:
    say()
    say(tr("Written in “{folder}”:", lang, folder=folder))
    for path in paths:
        say(f"  {path.relative_to(folder).as_posix()}")
