"""What the commands do; each loads what it needs and returns its exit code."""

from __future__ import annotations

import sys
from pathlib import Path
from typing import TYPE_CHECKING, Any

from ..errors import UnknownNameError, UnreadableFileError, close_names
from ..language import tr
from .public import sources_of
from .speaking import say

if TYPE_CHECKING:
    from ..diagnosis import Diagnosis
    from ..filiere import Filiere

__all__ = [
    "BROKEN", "DONE", "LEFT_OUT", "WRONG", "at_year", "counted", "read_file", "run_check", "run_datasets", "run_diagnose",
    "run_template", "today", "workbook_path",
]  # fmt: skip

#: Exit codes: done; done, but something could not be used; wrong use or unreadable file; a fault of ours.
DONE, LEFT_OUT, WRONG, BROKEN = 0, 1, 2, 3
_SHOWN_ASIDE = 30


def read_file(name: str, *, lang: str) -> Filiere:
    """Return the filière of a workbook, of a folder of CSV files or of an example."""
    path = Path(name)
    if path.is_dir():
        from ..io.csv import read_csv

        return read_csv(path, strict=False, lang=lang)
    if path.exists() or path.suffix:
        from ..io.workbook import read_workbook

        return read_workbook(path, strict=False, lang=lang)
    from ..datasets import available, load

    if name in available():
        return load(name, lang=lang)
    raise UnreadableFileError(
        tr(
            "there is neither a file nor an example “{name}”. Examples: {close}.",
            lang,
            name=name,
            close=_close(name),
        )
    )


def _example(name: str, *, lang: str) -> str:
    """Return the name of an example, or complain in the language of the command."""
    from ..datasets import available

    if name in available():
        return name
    raise UnknownNameError(
        tr("there is no example “{name}”. Examples: {close}.", lang, name=name, close=_close(name))
    )


def _close(name: str) -> str:
    """Return the examples that look like a name, all of them if none does."""
    from ..datasets import available

    return ", ".join(close_names(name, available()) or available())


def run_template(*, output: str | None, form: str, chain: str | None, force: bool, lang: str) -> int:
    """Write an empty workbook; one that is there already is left alone unless told otherwise."""
    from ..io.template import write_template

    path = workbook_path(output or tr("filiere_template.xlsx", lang), lang=lang)
    if path.is_dir():
        raise UnreadableFileError(tr("“{file}” is a folder: give the name of a file.", lang, file=path))
    if path.exists() and not force:
        raise UnreadableFileError(
            tr("“{file}” exists: choose another name, or add --force to replace it.", lang, file=path)
        )
    expected = None
    if chain is not None:
        from ..datasets import load

        expected = load(_example(chain, lang=lang), lang=lang)
    written = write_template(path, form=form, chain=expected, lang=lang)
    say(tr("Written: {file}", lang, file=written or path))
    return DONE


def workbook_path(name: str, *, lang: str) -> Path:
    """Return the path of a workbook to write: Excel opens no .xlsx under another ending."""
    path = Path(name)
    if path.suffix.lower() == ".xlsx":
        return path
    if path.suffix[1:].isalpha() and not path.is_dir():
        told = tr("“{file}” must end in .xlsx: what is written is an Excel workbook.", lang, file=path.name)
        raise UnreadableFileError(told)
    return path if path.is_dir() else path.with_name(f"{path.name}.xlsx")


def run_check(*, file: str, lang: str) -> int:
    """List what is wrong in a workbook."""
    from ..report.console import problem_lines

    f = read_file(file, lang=lang)
    for line in problem_lines(f, lang=lang):
        say(line)
    return LEFT_OUT if (f.problems["severity"] == "error").any() else DONE


def run_diagnose(
    *,
    file: str,
    output: str,
    profile: str,
    year: int | None,
    audience: str = "internal",
    base: str | None = None,
    pdf: bool = False,
    slides: bool = False,
    sirene: str | None = None,
    legal_units: str | None = None,
    siae: str | None = None,
    communes: str | None = None,
    draws: int | None = None,
    lang: str,
) -> int:
    """Read, diagnose, write the report, list what was left out."""
    from ..diagnosis import aimless_actions, diagnose
    from ..redaction import redact, without_persons
    from ..report import write_all
    from ..report.console import aside_lines, failures, findings_line
    from ..report.redacted import audience_notice
    from ..report.robustness_words import draws_hint

    if Path(output).exists() and not Path(output).is_dir():
        raise UnreadableFileError(tr("“{file}” is a file: give a folder.", lang, file=output))
    f = read_file(file, lang=lang)
    if year is not None:
        f = at_year(f, year, lang=lang)
    given = {"establishments": sirene, "legal_units": legal_units, "siae": siae, "communes": communes}
    sources = sources_of(f, file, given, strict=False, lang=lang)
    diagnosis = without_persons(redact(diagnose(f, profile=profile, lang=lang), audience))
    written = write_all(
        diagnosis,
        output,
        on=today(),
        sources=sources,
        draws=draws,
        progress=counted(),
        base=base,
        pdf=pdf,
        slides=slides,
    )
    say(findings_line(diagnosis, lang=lang))
    if audience_notice(diagnosis):
        say(audience_notice(diagnosis))
    for line in aside_lines(f, lang=lang, most=_SHOWN_ASIDE):
        say(line)
    for message in (*failures(diagnosis), *aimless_actions(diagnosis)):
        say(message)
    if draws is None and len(diagnosis.filiere.options) and not diagnosis.lacks("options"):
        say(draws_hint(lang))
    say()
    say(tr("Written in “{folder}”:", lang, folder=output))
    for path in written:
        say(f"  {path.relative_to(output).as_posix()}")
    return LEFT_OUT if _left_out(diagnosis) else DONE


def at_year(f: Filiere, year: int, *, lang: str) -> Filiere:
    """Return the filière in a year of its figures, or complain."""
    if f.years and year not in f.years:
        years = ", ".join(map(str, f.years))
        raise UnknownNameError(
            tr("no figure is of {year}; years of the figures: {years}.", lang, year=year, years=years)
        )
    return f.at(year)


def _left_out(diagnosis: Diagnosis) -> bool:
    """Whether rows, cells or checks are missing from the diagnostic."""
    from ..report.console import failures

    f = diagnosis.filiere
    return bool(f.set_aside) or bool(f.unknown_cells) or bool(failures(diagnosis))


def counted() -> bool:
    """Return whether somebody watches the error stream, on which what takes long counts."""
    return bool(sys.stderr and sys.stderr.isatty())


def today() -> Any:
    """Return the date that documents bear."""
    from datetime import date

    return date.today()


def run_datasets(*, name: str | None, lang: str) -> int:
    """List the examples, or describe one."""
    from ..datasets import available, describe, title

    if name is not None:
        say(describe(_example(name, lang=lang), lang=lang))
        return DONE
    for one in available():
        say(f"{one}  {title(one)}")
    say()
    say(tr("“chaine-valeur datasets NAME” describes one of them.", lang))
    say(tr("“chaine-valeur diagnose NAME -o FOLDER” diagnoses it.", lang))
    return DONE
