"""What the command on sheets does; it loads what it needs and returns its exit code."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Any

from ..errors import ArgumentError, MissingTableError, UnreadableFileError
from ..language import tr
from ..schema import table
from .runs import DONE, LEFT_OUT, at_year, read_file, today
from .speaking import say

if TYPE_CHECKING:
    from ..diagnosis import Diagnosis
    from ..planning.plan import Plan

__all__ = ["FOLDERS", "run_sheets"]

#: Kind of sheet → the folder that holds them; the names are the same in every language, so that links hold.
FOLDERS = {"actors": "acteurs", "actions": "actions", "experiences": "experiences"}


def run_sheets(
    *,
    file: str,
    output: str,
    kind: str | None,
    form: str,
    year: int | None,
    base: str | None,
    plan: bool,
    audience: str,
    lang: str,
) -> int:
    """Write the sheets, each kind into its folder."""
    from ..diagnosis import diagnose
    from ..redaction import redact
    from ..report.console import aside_lines
    from ..report.fiches import write_action_sheets, write_actor_sheets, write_experience_sheets

    if Path(output).exists() and not Path(output).is_dir():
        raise UnreadableFileError(tr("“{file}” is a file: give a folder.", lang, file=output))
    f = read_file(file, lang=lang)
    if year is not None:
        f = at_year(f, year, lang=lang)
    if plan and f.options.empty:
        named = table("options").label(lang)
        raise MissingTableError(tr("no option is stated: fill the sheet “{sheet}”.", lang, sheet=named))
    diagnosis = redact(diagnose(f, lang=lang), audience)
    kinds = [kind] if kind is not None else list(FOLDERS)
    if kind is None and audience != "internal":
        kinds.remove("actors")
        say(tr("The sheets of actors are written from the whole diagnostic only: they are left out.", lang))
    common: dict[str, Any] = {"on": today(), "form": form, "base": base}
    folder, written = Path(output), []
    for one in kinds:
        if one == "actors":
            written += write_actor_sheets(diagnosis, folder / FOLDERS[one], **common)
        elif one == "actions":
            found = _plan(diagnosis) if plan else None
            written += write_action_sheets(diagnosis, folder / FOLDERS[one], plan=found, **common)
        else:
            written += write_experience_sheets(diagnosis, folder / FOLDERS[one], **common)
    for line in aside_lines(f, lang=lang, most=30):
        say(line)
    say(tr("Written in “{folder}”:", lang, folder=output))
    for path in written:
        say(f"  {path.relative_to(folder).as_posix()}")
    return LEFT_OUT if f.set_aside or f.unknown_cells else DONE


def _plan(diagnosis: Diagnosis) -> Plan:
    """Return the plan of a diagnostic, persons masked; it would not be its own where figures are not told."""
    from ..planning.plan import plan
    from ..redaction import without_persons
    from ..report.redacted import PLANNED

    if diagnosis.lacks(*PLANNED):
        raise ArgumentError(
            tr(
                "The plan rests on figures that are not for this audience: give the sheets without it.",
                diagnosis.lang,
            )
        )
    return plan(without_persons(diagnosis).filiere, lang=diagnosis.lang)
