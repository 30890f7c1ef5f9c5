"""What the command on many filières does; it loads what it needs and returns its exit code."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING

from ..errors import UnreadableFileError
from ..language import number, tr, trn
from .runs import DONE, LEFT_OUT, today
from .speaking import say

if TYPE_CHECKING:
    from ..portfolio import Portfolio

__all__ = ["run_portfolio"]

#: Failures that are listed; the report lists them all.
_SHOWN = 20


def run_portfolio(
    *,
    folder: str,
    output: str,
    title: str,
    year: int | None,
    ranked: tuple[str, ...],
    jobs: float | None,
    resume: str | None,
    base: str | None,
    lang: str,
) -> int:
    """Read the folder, say what failed, write the report."""
    from ..portfolio import read_portfolio
    from ..portfolio.many import named
    from ..report.portfolio import write_portfolio

    if Path(output).exists() and not Path(output).is_dir():
        raise UnreadableFileError(tr("“{file}” is a file: give a folder.", lang, file=output))
    named(ranked)  # before an hour of reading, not after
    processes = None if jobs is None else int(jobs)
    found = read_portfolio(folder, jobs=processes, resume=resume, progress=True, lang=lang)
    if year is not None:
        found = found.at(year, lang=lang, jobs=processes)
    if not len(found):
        first = next(iter(found.failures["message"]), "")
        raise UnreadableFileError(
            tr(
                "no filière could be read in “{folder}”. {message}", lang, folder=folder, message=first
            ).strip()
        )
    _tell(found, lang)
    written = write_portfolio(found, output, title=title, ranked=ranked, on=today(), base=base, lang=lang)
    say(tr("Written in “{folder}”:", lang, folder=output))
    for path in written:
        say(f"  {path.relative_to(output).as_posix()}")
    lost = len(found.failures) or int(found.entries[["n_set_aside", "n_unknown"]].to_numpy().sum())
    return LEFT_OUT if lost else DONE


def _tell(found: Portfolio, lang: str) -> None:
    say(trn("{count} filière read.", "{count} filières read.", len(found), lang))
    rows, cells = (int(found.entries[name].sum()) for name in ("n_set_aside", "n_unknown"))
    if rows:
        say(trn("{count} row set aside.", "{count} rows set aside.", rows, lang))
    if cells:
        say(trn("{count} cell that could not be read.", "{count} cells that could not be read.", cells, lang))
    failures = found.failures
    if len(failures):
        say(trn("{count} failure:", "{count} failures:", len(failures), lang))
    for row in failures.head(_SHOWN).itertuples():
        say(f"  {row.source or row.filiere_code} — {row.message}")
    if len(failures) > _SHOWN:
        say(tr("  … and {count} more, all in the report.", lang, count=number(len(failures) - _SHOWN, lang)))
