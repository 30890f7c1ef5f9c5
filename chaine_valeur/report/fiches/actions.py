"""« Fiche action »: one page an action of the plan, with what is to be filled in."""

from __future__ import annotations

import os
from collections.abc import Iterator
from datetime import date
from pathlib import Path
from typing import TYPE_CHECKING, Any

from ...diagnosis import aimed_findings
from ...diagnosis.telling import sentence_of
from ...diagnosis.wording import cell_text, known, text_of
from ...errors import ArgumentError
from ...language import clauses, date_text, tr, trn
from ...schema import table
from ...text import fold
from ...vocabulary import ActionState, label
from ..blocks import Cell, Column, Grid, Paragraph, Rows
from ..plan import past_years
from ..redacted import PLANNED
from .files import Made, write_sheets
from .form import Blank, Choice, Entries, Entry, Fiche, Item, Part, Table
from .money import money_table
from .telling import Teller, aim_text, running

if TYPE_CHECKING:
    from ...diagnosis import Diagnosis
    from ...planning.plan import Plan

__all__ = ["action_sheets", "finding_text", "indicator_of", "write_action_sheets"]

_STATES = [state.value for state in ActionState]
#: What an option brings, told as indicators of the action that carries it out.
_BRINGS = ("insertion_fte", "jobs_fte", "t_per_year")
_MOST_FINDINGS = 2


def write_action_sheets(
    diagnosis: Diagnosis,
    folder: str | os.PathLike[str],
    *,
    plan: Plan | None = None,
    on: date | None = None,
    form: str = "both",
    base: str | os.PathLike[str] | None = None,
) -> list[Path]:
    """Write a sheet of one page for each action: the finding, for whom, means, who, when, cost, how far it is.

    What is not known yet is left as dotted lines, to be filled in by hand or in Word.

    Parameters
    ----------
    diagnosis
        Of the filière; a redacted one gives redacted sheets. Natural persons are masked.
    folder
        Made if there is none.
    plan
        What `chaine_valeur.plan` found for this filière, persons masked (``without_persons(diagnosis).filiere``):
        an option that it takes has a sheet even where no action carries it out, and its money is balanced.
    on
        Date of the sheets; by default they bear none, and the same diagnostic gives the same bytes.
    form
        ``html``, ``docx`` or ``both``.
    base
        A Word file whose styles, page, headers and footers the Word form takes.

    Returns
    -------
    list of pathlib.Path
        The files of each sheet in the order of the table, those of the plan last, then ``index.html``.

    Raises
    ------
    ArgumentError
        Another form; a plan of another filière, or one that rests on figures that the audience may not read.
    UnreadableFileError
        The folder is a file, or the base no Word document.

    Examples
    --------
    >>> import tempfile
    >>> from chaine_valeur import Filiere, diagnose
    >>> from chaine_valeur.report.fiches import write_action_sheets
    >>> f = Filiere.from_tables(actors={"name": ["Relais"]}, actions={"name": ["Ouvrir la collecte"]})
    >>> with tempfile.TemporaryDirectory() as folder:
    ...     [path.name for path in write_action_sheets(diagnose(f), folder, form="html")]
    ['action-ouvrir-la-collecte.html', 'index.html']
    """
    made = list(action_sheets(diagnosis, plan=plan, on=on))
    lang, home = diagnosis.lang, table("actions")
    return write_sheets(
        made,
        folder,
        kind="action",
        form=form,
        title=tr("Action sheets", lang),
        count=trn("{count} action sheet", "{count} action sheets", len(made), lang),
        heads=[home[name].label(lang) for name in ("name", "owner_id", "state")],
        notes=[past_years(plan, on, lang=lang)]
        if plan is not None and past_years(plan, on, lang=lang)
        else (),
        under=running(diagnosis),
        base=base,
        lang=lang,
    )


def action_sheets(
    diagnosis: Diagnosis, *, plan: Plan | None = None, on: date | None = None
) -> Iterator[Made]:
    """Iterate over the sheets of the actions, then of the options of a plan that no action carries out."""
    teller = Teller.of(diagnosis, on=on)
    if plan is not None:
        _check(teller, plan)
    for key, row in teller.f.actions.iterrows():  # the few actions of a plan
        yield _of_action(teller, str(key), row, plan)
    if plan is not None:
        carried = set(teller.f.actions["option_id"].dropna())
        for row in plan.chosen.reset_index().to_dict("records"):
            if row["option_id"] not in carried:
                yield _of_option(teller, row, plan)


def _check(teller: Teller, plan: Plan) -> None:
    lang, f = teller.lang, teller.f
    if teller.redacted and teller.diagnosis.lacks(*PLANNED):
        raise ArgumentError(
            tr("The plan rests on figures that are not for this audience: give the sheets without it.", lang)
        )
    actors = {str(one) for one in plan.chosen["actor_id"].dropna()}
    if not set(plan.chosen.index) <= set(f.options.index) or not actors <= set(f.actors.index):
        raise ArgumentError(
            tr("The plan is of another filière: make it of “without_persons(diagnosis).filiere”.", lang)
        )


def finding_text(teller: Teller, key: str, row: Any) -> list[Item]:
    """Return the finding that an action answers, as today’s diagnostic tells it; lines to write on without any."""
    lang = teller.lang
    kind = label(row["finding_kind"], "finding_kind", lang)
    about = [teller.name("stages", row["stage_id"]), teller.name("stages", row["to_stage_id"])]
    told = " → ".join(part for part in about if part)
    told = ", ".join(part for part in (told, teller.name("actors", row["actor_id"])) if part)
    head = tr("{label}: {text}", lang, label=kind, text=told) if kind and told else kind or told
    if not head:
        asked = teller.or_asked("", "actions")
        return [Paragraph(asked)] if asked else [Blank(2)]
    found = aimed_findings(teller.diagnosis, key)[:_MOST_FINDINGS]
    messages = [sentence_of(teller.diagnosis.found[one].message) for one in found]
    return [Paragraph(" ".join([sentence_of(head), *messages]))]


def indicator_of(row: Any, lang: str) -> list[tuple[str, str, str]]:
    """Return the indicator of an action with what it aims at and has reached; none where nothing is stated of it."""
    if not any(known(row[name]) for name in ("indicator", "target", "reached")):
        return []
    name = text_of(row["indicator"]) or table("actions")["indicator"].label(lang)
    return [(name, aim_text(row["target"], row["unit"], lang), aim_text(row["reached"], row["unit"], lang))]


def _of_action(teller: Teller, key: str, row: Any, plan: Plan | None) -> Made:
    lang, f, home = teller.lang, teller.f, table("actions")
    option = row["option_id"] if known(row["option_id"]) and row["option_id"] in f.options.index else None
    owner = teller.name("actors", row["owner_id"])
    state = label(row["state"], "action_state", lang)
    entries = (
        Entry(home["objective"].label(lang), teller.or_asked(text_of(row["objective"]), "actions"), 2),
        Entry(tr("For whom", lang), _targets(teller, row, option), 1),
        Entry(tr("People aimed at", lang), "", 1),
        Entry(home["means"].label(lang), teller.or_asked(text_of(row["means"]), "actions"), 2),
        Entry(home["partners"].label(lang), teller.or_asked(teller.partners(row["partners"]), "actions"), 1),
    )
    first = indicator_of(row, lang)
    brought = _brought(plan, option, lang)
    told = {fold(one[0]) for one in first}
    first += [one for one in brought if fold(one[0]) not in told]
    dates = [(tr("Start", lang), row["starts_on"]), (tr("End", lang), row["ends_on"])]
    steps = [(name, owner, date_text(day.date(), lang)) for name, day in dates if known(day)]
    fiche = _fiche(
        teller,
        title=text_of(row["name"]),
        strip=(
            (home["owner_id"].label(lang), owner),
            (tr("When", lang), teller.span(row["starts_on"], row["ends_on"])),
            (home["cost_eur"].label(lang), cell_text(row["cost_eur"], home["cost_eur"], lang=lang)),
            (home["state"].label(lang), state),
        ),
        why=finding_text(teller, key, row),
        entries=entries,
        money=money_table(teller, option, row["cost_eur"], plan),
        indicators=first,
        steps=steps,
        ticked=_STATES.index(row["state"]) if row["state"] in _STATES else None,
        closing=teller.closing(teller.firmness("actions", [key])),
    )
    return Made(fiche, fiche.title, (fiche.title, owner or tr("to be named", lang), state))


def _of_option(teller: Teller, row: dict[str, Any], plan: Plan) -> Made:
    lang, option = teller.lang, str(row["option_id"])
    stated = teller.f.options.loc[option]
    owner = teller.name("actors", stated["actor_id"])
    units = f" × {row['units']}" if row["units"] > 1 else ""
    state = tr("Proposed by the plan", lang)
    when = tr("decided in {year}", lang, year=row["decided_year"])
    if known(row["starts_year"]) and row["starts_year"] != row["decided_year"]:
        when = clauses([when, tr("in operation in {year}", lang, year=int(row["starts_year"]))], lang)
    reason = sentence_of(str(row["reason"]))
    named = any(f" {name} " in f" {fold(reason)} " for name in teller.persons)
    kind = label(stated["kind"], "option_kind", lang)
    steps = [(tr("Decision", lang), "", str(row["decided_year"]))]
    if known(row["starts_year"]):
        steps.append((tr("In operation", lang), "", str(int(row["starts_year"]))))
    fiche = _fiche(
        teller,
        title=str(stated["name"]) + units,
        strip=(
            (table("actions")["owner_id"].label(lang), owner),
            (tr("When", lang), when),
            (
                tr("Cost over the plan", lang),
                cell_text(row["cost_eur"], table("actions")["cost_eur"], lang=lang),
            ),
            (table("actions")["state"].label(lang), state),
        ),
        why=[Paragraph(" ".join([sentence_of(kind), *([] if named else [reason])]))],
        entries=(
            Entry(table("actions")["objective"].label(lang), "", 2),
            Entry(tr("For whom", lang), _targets(teller, {}, option), 1),
            Entry(tr("People aimed at", lang), "", 1),
            Entry(table("actions")["means"].label(lang), "", 2),
            Entry(table("actions")["partners"].label(lang), "", 1),
        ),
        money=money_table(teller, option, None, plan),
        indicators=_brought(plan, option, lang),
        steps=steps,
        ticked=_STATES.index(ActionState.PROPOSED.value),
        closing=teller.closing(teller.firmness("options", [option])),
    )
    return Made(fiche, str(stated["name"]), (fiche.title, owner or tr("to be named", lang), state))


def _targets(teller: Teller, row: Any, option: Any) -> str:
    """Return the actors and stages that an action is about."""
    lang, options = teller.lang, teller.f.options
    stated = options.loc[option] if option is not None else {}
    actors = [row.get("actor_id"), stated.get("actor_id"), stated.get("to_actor_id")]
    stages = [one.get(name) for one in (row, stated) for name in ("stage_id", "to_stage_id")]
    named = [teller.names("actors", actors)]
    at = teller.names("stages", stages)
    if at:
        several = len({one for one in stages if known(one)}) > 1
        named.append(
            tr("stages: {names}", lang, names=at) if several else tr("stage: {names}", lang, names=at)
        )
    return clauses(named, lang)


def _brought(plan: Plan | None, option: Any, lang: str) -> list[tuple[str, str, str]]:
    """Return what a plan expects of an option, as indicators with their targets."""
    if plan is None or option is None or option not in plan.chosen.index:
        return []
    row, home = plan.chosen.loc[option], table("options")
    columns = {"insertion_fte": "insertion_fte", "jobs_fte": "jobs_fte", "t_per_year": "capacity_t_per_year"}
    titles = {
        "insertion_fte": tr("Insertion posts", lang),
        "jobs_fte": table("activities")["jobs_fte"].label(lang),
        "t_per_year": tr("Tonnage", lang),
    }
    return [
        (titles[name], cell_text(row[name], home[columns[name]], lang=lang), "")
        for name in _BRINGS
        if known(row[name]) and float(row[name]) > 0
    ]


def _fiche(
    teller: Teller,
    *,
    title: str,
    strip: tuple[tuple[str, str], ...],
    why: list[Item],
    entries: tuple[Entry, ...],
    money: Table,
    indicators: list[tuple[str, str, str]],
    steps: list[tuple[str, str, str]],
    ticked: int | None,
    closing: str,
) -> Fiche:
    lang, home = teller.lang, table("actions")
    follow: Rows = [[Cell(name, strong=True), aim, reached, ""] for name, aim, reached in indicators]
    follow_columns = [
        Column(home["indicator"].label(lang), weight=2.5),
        Column(home["target"].label(lang)),
        Column(home["reached"].label(lang)),
        Column(tr("On (date)", lang)),
    ]
    done: Rows = [[Cell(name, strong=True), who, when] for name, who, when in steps]
    step_columns = [
        Column(tr("Step", lang), weight=3),
        Column(tr("Who", lang), weight=1.5),
        Column(tr("When", lang)),
    ]
    states = tuple(state.label(lang) for state in ActionState)
    asked = tuple((name, teller.or_asked(value, "actions")) for name, value in strip)
    return Fiche(
        lang=lang,
        kind=tr("Action sheet", lang),
        title=title or tr("Action without a name", lang),
        strip=asked,
        parts=(
            Part(tr("Finding that it answers", lang), tuple(why)),
            Part(tr("The action", lang), (Entries(entries),)),
            Part(tr("Cost and funding", lang), (money,)),
            Part(
                tr("How it will be judged", lang),
                (
                    Table(
                        Grid.of(home["indicator"].label(lang), follow_columns, follow),
                        empty=2 if follow else 3,
                    ),
                ),
            ),
            Part(tr("Steps", lang), (Table(Grid.of(tr("Steps", lang), step_columns, done), empty=3),)),
            Part(
                tr("Where it stands", lang),
                (Choice(states, ticked=() if ticked is None else (ticked,)), Blank(1)),
            ),
        ),
        running=running(teller.diagnosis),
        closing=closing,
    )
