"""What the commands on what could be do; each loads what it needs and returns its exit code."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path
from typing import TYPE_CHECKING, Any

from ..errors import MissingTableError, UnknownNameError, UnreadableFileError, close_names
from ..language import tr
from ..schema import table
from ..text import fold
from .public import sources_of
from .runs import DONE, LEFT_OUT, at_year, counted, read_file, today, workbook_path
from .speaking import say
from .written import text_path, write_lines

if TYPE_CHECKING:
    from ..filiere import Filiere
    from ..planning import Candidates
    from ..report.sheets import Sheet

__all__ = ["run_candidates", "run_compare", "run_niches", "run_plan"]

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
    outlets: bool,
    draws: int | None = None,
    lang: str,
) -> int:
    """Propose a plan; write it where a folder is given."""
    from ..diagnosis import diagnose
    from ..planning.plan import plan
    from ..planning.robustness import examine
    from ..report import without_persons
    from ..report.console import aside_lines, plan_lines
    from ..report.proposals import write_plan
    from ..report.robustness_words import draws_hint, robustness_lines

    folder = _folder(output, lang=lang)
    f = read_file(file, lang=lang)
    if f.options.empty:
        named = table("options").label(lang)
        raise MissingTableError(tr("no option is stated: fill the sheet “{sheet}”.", lang, sheet=named))
    if year is not None:
        at_year(f, year, lang=lang)  # complains of a year without figures
    told = without_persons(diagnose(f, checks=(), indicators=(), lang=lang))
    wishes: dict[str, Any] = {
        "objective": objective, "years": years, "year": year, "supervision_ratio": supervision,
        "commercial_cap": cap, "outlets": outlets, "progress": None,
    }  # fmt: skip
    found = plan(told.filiere, **wishes, lang=lang)
    for line in plan_lines(found, on=today(), lang=lang):
        say(line)
    firm = None
    if draws is not None:
        firm = examine(told.filiere, draws=draws, checks=(), wishes=wishes, progress=counted(), lang=lang)
        for line in robustness_lines(firm, lang=lang):
            say(line)
    else:
        say(draws_hint(lang))
    for line in aside_lines(f, lang=lang, most=_SHOWN_ASIDE):
        say(line)
    if folder is not None:
        _written(write_plan(told, found, folder, on=today(), robustness=firm), folder, lang=lang)
    return LEFT_OUT if _left_out(f) else DONE


def _files(
    sirene: str | None, legal_units: str | None, siae: str | None, communes: str | None
) -> dict[str, str | None]:
    return {"establishments": sirene, "legal_units": legal_units, "siae": siae, "communes": communes}


def _filiere(file: str, year: int | None, *, lang: str) -> Filiere:
    """Return the filière to work on, persons masked, in a year if one is asked for."""
    from ..diagnosis import diagnose
    from ..report import without_persons

    f = read_file(file, lang=lang)
    f = f if year is None else at_year(f, year, lang=lang)
    return without_persons(diagnose(f, checks=(), indicators=(), lang=lang)).filiere


def run_candidates(
    *,
    file: str,
    stage: str | None,
    most: int,
    output: str | None,
    year: int | None,
    sirene: str | None,
    legal_units: str | None,
    siae: str | None,
    communes: str | None,
    lang: str,
) -> int:
    """List who could fill the gaps, or one stage."""
    from ..planning import candidates, candidates_for_gaps
    from ..report.console import candidate_lines

    path = _book(output, lang=lang)
    f = _filiere(file, year, lang=lang)
    named = "" if stage is None else stage_named(f, stage, lang=lang)
    sources = sources_of(f, file, _files(sirene, legal_units, siae, communes), lang=lang)
    stock = sources.establishments if sources else None
    listing = sources.siae if sources else None
    if stage is None:
        found = candidates_for_gaps(f, establishments=stock, siae=listing, most=most, lang=lang)
    else:
        found = candidates(f, named, establishments=stock, siae=listing, most=most, lang=lang)
    if sources:
        found = replace(found, notes=(*found.notes, *sources.notes))
    for line in candidate_lines(found, f, lang=lang):
        say(line)
    if path is not None:
        _write(_listed(found, f, lang), path, f, lang=lang)
    return LEFT_OUT if _left_out(f) else DONE


def stage_named(f: Filiere, name: str, *, lang: str) -> str:
    """Return the stage that an identifier or a name means, or complain with the close ones."""
    if name in f.stages.index:
        return name
    folded = f.stages["name"].map(fold)
    found = f.stages.index[(folded == fold(name)).to_numpy(bool)]
    if len(found) == 1:
        return str(found[0])
    known = [*map(str, f.stages["name"])]
    close = ", ".join(close_names(name, known) or known)
    raise UnknownNameError(tr("there is no stage “{name}”. Stages: {close}.", lang, name=name, close=close))


def run_niches(
    *,
    file: str,
    output: str | None,
    year: int | None,
    sirene: str | None,
    legal_units: str | None,
    siae: str | None,
    communes: str | None,
    lang: str,
) -> int:
    """Weigh the niches of the territory."""
    from ..planning import niches
    from ..report.console import niche_lines

    path = _book(output, lang=lang)
    f = _filiere(file, year, lang=lang)
    if f.stages.empty:
        named = table("stages").label(lang)
        raise MissingTableError(tr("no stage is stated: fill the sheet “{sheet}”.", lang, sheet=named))
    sources = sources_of(f, file, _files(sirene, legal_units, siae, communes), strict=False, lang=lang)
    code = sources.territory_code if sources else None
    counts = sources.counts if sources and code else None
    frame = niches(f, counts=counts, territory_code=code, lang=lang)
    for line in (*niche_lines(frame, lang=lang), *(sources.counts_notes if sources else ())):
        say(line)
    if path is not None:
        from ..report.niches import niches_sheet

        _write([niches_sheet(frame, lang)], path, f, lang=lang)
    return LEFT_OUT if _left_out(f) else DONE


def run_compare(
    *,
    file: str,
    other: str | None,
    scenario: tuple[str, ...],
    year: int | None,
    output: str | None = None,
    lang: str,
) -> int:
    """Tell what differs from another filière, or what scenarios would change; write it where a file is given."""
    from ..differences import compare
    from ..planning import compare_scenarios, scenarios_of
    from ..planning.scenarios.changes import scenario_name

    path = text_path(output, lang=lang)
    f = _filiere(file, year, lang=lang)
    if other is not None:
        if scenario:
            raise UnreadableFileError(tr("--scenario goes with one workbook only.", lang))
        second = _filiere(other, year, lang=lang)
        found = compare(f, second, names=(Path(file).stem, Path(other).stem), lang=lang)
        _told(found.sentences(), path, lang=lang)
        return LEFT_OUT if _left_out(f) or _left_out(second) else DONE
    if f.scenarios.empty:
        named = table("scenarios").label(lang)
        raise MissingTableError(tr("no scenario is stated: fill the sheet “{sheet}”.", lang, sheet=named))
    known = scenarios_of(f)
    scenario = tuple(map(scenario_name, scenario))
    for name in scenario:
        if name not in known:
            close = ", ".join(close_names(name, known) or known)
            told = tr("there is no scenario “{name}”. Scenarios: {close}.", lang, name=name, close=close)
            raise UnknownNameError(told)
    wanted = [known[name] for name in dict.fromkeys(scenario)] or list(known.values())
    compared = compare_scenarios(f, wanted, lang=lang)
    lines: list[str] = []
    for name, one in compared.found.items():
        lines += [name, *(f"  {sentence}" for sentence in compared.described[name])]
        lines += ["  " + tr("What it would change:", lang), *(f"    {told}" for told in one.sentences()), ""]
    _told(lines, path, lang=lang)
    return LEFT_OUT if _left_out(f) else DONE


def _listed(found: Candidates, f: Filiere, lang: str) -> list[Sheet]:
    """Return candidates, then how they were looked for, as sheets."""
    from ..planning.candidates import shown
    from ..report.sheets import Sheet

    frame = shown(found.frame, f, placed=True, lang=lang)
    kinds = {"float64": "number", "int64": "integer"}
    heads = [(str(column), kinds.get(str(kind), "long")) for column, kind in frame.dtypes.items()]
    how = tr("How they were looked for", lang)
    about = tr("Nobody below was asked, and nobody enters the filière by this.", lang)
    return [
        Sheet(tr("Candidates", lang), about, heads, frame.itertuples(index=False, name=None)),
        Sheet(how, "", [(how, "long")], [(note,) for note in found.notes]),
    ]


def _write(sheets: list[Sheet], path: Path, f: Filiere, *, lang: str) -> None:
    """Write sheets as a workbook named after the first of them."""
    from ..io.files import writable_path
    from ..report.sheets import save_sheets

    title = f.name or tr("Filière without a name", lang)
    about = sheets[0].name
    written = save_sheets(sheets, writable_path(path, lang=lang), title=title, about=about, lang=lang)
    say(tr("Written: {file}", lang, file=written))


def _told(lines: list[str], path: Path | None, *, lang: str) -> None:
    """Say some lines, and write the same into a file if there is one."""
    for line in lines:
        say(line)
    if path is not None:
        say(tr("Written: {file}", lang, file=write_lines(lines, path, lang=lang)))


def _left_out(f: Filiere) -> bool:
    return bool(f.set_aside) or bool(f.unknown_cells)


def _book(output: str | None, *, lang: str) -> Path | None:
    """Return the workbook to write, or complain before anything is read."""
    if output is None:
        return None
    path = workbook_path(output, lang=lang)
    if path.is_dir():
        raise UnreadableFileError(tr("“{file}” is a folder: give the name of a file.", lang, file=path))
    return path


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
