"""« Fiche d'expérience »: one page on what was done, what came of it, what helped and what hindered."""

from __future__ import annotations

import os
from collections.abc import Collection, Iterator
from datetime import date
from pathlib import Path
from typing import TYPE_CHECKING, Any

import pandas as pd

from ...diagnosis.telling import sentence_of
from ...diagnosis.wording import cell_text, known, text_of
from ...errors import ArgumentError
from ...language import clauses, enumeration, number, quantity, tr, trn
from ...schema import table, unit_label
from ...vocabulary import ActionState, CooperationState, ObservationKind, Scope, label
from ..blocks import Cell, Column, Grid, Paragraph, Rows
from ..plan_money import euros_cell, in_euros
from .actions import finding_text, indicator_of
from .files import Made, write_sheets
from .form import Blank, Entries, Entry, Fiche, Item, Part, Table
from .telling import Teller, running

if TYPE_CHECKING:
    from ...diagnosis import Diagnosis

__all__ = ["OF", "experience_sheets", "write_experience_sheets"]

#: What an experience may be of.
OF = ("actions", "structures", "filiere")
_STATES = (ActionState.UNDER_WAY.value, ActionState.DONE.value)
_MOST_NAMED, _FEW_NAMED, _MOST_FUNDING = 8, 4, 4


def write_experience_sheets(
    diagnosis: Diagnosis,
    folder: str | os.PathLike[str],
    *,
    of: Collection[str] = OF,
    on: date | None = None,
    form: str = "both",
    base: str | os.PathLike[str] | None = None,
) -> list[Path]:
    """Write a sheet of one page for each experience: context, action, means, results, what helped, what hindered.

    The lessons are left as lines to write on: no table says them.

    Parameters
    ----------
    diagnosis
        Of the filière; a redacted one gives redacted sheets. Natural persons are masked.
    folder
        Made if there is none.
    of
        ``actions``: those that are done or under way; ``structures``: those of which a result is stated;
        ``filiere``: the filière as a whole, where a result of it or of its programme is.
    on
        Date of the sheets; by default they bear none, and the same diagnostic gives the same bytes.
    form
        ``html``, ``docx`` or ``both``.
    base
        A Word file whose styles, page, headers and footers the Word form takes.

    Returns
    -------
    list of pathlib.Path
        The files of each sheet, the filière first, then actions and structures in the order of their tables; then
        ``index.html``.

    Raises
    ------
    ArgumentError
        Another form, or an experience of something else.
    UnreadableFileError
        The folder is a file, or the base no Word document.

    Examples
    --------
    >>> import tempfile
    >>> from chaine_valeur import Filiere, diagnose
    >>> from chaine_valeur.report.fiches import write_experience_sheets
    >>> actions = {"name": ["Former", "Trier"], "state": ["done", "proposed"]}
    >>> f = Filiere.from_tables(actors={"name": ["Relais"]}, actions=actions)
    >>> with tempfile.TemporaryDirectory() as folder:
    ...     [path.name for path in write_experience_sheets(diagnose(f), folder, form="html")]
    ['experience-former.html', 'index.html']
    """
    made = list(experience_sheets(diagnosis, of=of, on=on))
    lang = diagnosis.lang
    return write_sheets(
        made,
        folder,
        kind="experience",
        form=form,
        title=tr("Experience sheets", lang),
        count=trn("{count} experience sheet", "{count} experience sheets", len(made), lang),
        heads=[tr("Experience", lang), tr("Of what", lang), tr("Carried by", lang)],
        under=running(diagnosis),
        base=base,
        lang=lang,
    )


def experience_sheets(
    diagnosis: Diagnosis, *, of: Collection[str] = OF, on: date | None = None
) -> Iterator[Made]:
    """Iterate over the sheets; parameters as in `write_experience_sheets`."""
    asked = [of] if isinstance(of, str) else list(of)
    for one in asked:
        if one not in OF:
            raise ArgumentError(f"of={one!r} is not one of {', '.join(OF)}")
    teller = Teller.of(diagnosis, on=on)
    outcomes = teller.f.outcomes
    if "filiere" in asked and outcomes["scope"].isin([Scope.PROGRAMME.value, Scope.FILIERE.value]).any():
        yield _of_filiere(teller)
    if "actions" in asked:
        actions = teller.f.actions
        for key, row in actions[actions["state"].isin(_STATES)].iterrows():  # the few actions of a plan
            yield _of_action(teller, str(key), row)
    if "structures" in asked:
        with_results = set(outcomes["actor_id"].dropna())
        for actor in teller.f.actors.index[teller.f.actors.index.isin(with_results)]:
            yield _of_structure(teller, str(actor))


def _of_action(teller: Teller, key: str, row: Any) -> Made:
    lang, f, home = teller.lang, teller.f, table("actions")
    option = f.options.loc[row["option_id"]] if known(row["option_id"]) else {}
    stages = [one.get(name) for one in (row, option) for name in ("stage_id", "to_stage_id")]
    stages = list(dict.fromkeys(one for one in stages if known(one)))
    actors = [one for one in (row["owner_id"], row["actor_id"]) if known(one)]
    owner = teller.name("actors", row["owner_id"])
    state = label(row["state"], "action_state", lang)
    results = f.outcomes[f.outcomes["actor_id"].isin(actors)]
    first = indicator_of(row, lang)
    fiche = _fiche(
        teller,
        title=text_of(row["name"]) or tr("Action without a name", lang),
        strip=(
            (tr("Carried by", lang), owner),
            (tr("Territory", lang), teller.place()),
            (tr("When", lang), teller.span(row["starts_on"], row["ends_on"])),
            (home["state"].label(lang), state),
        ),
        context=finding_text(teller, key, row),
        action=(
            Entry(home["objective"].label(lang), teller.or_asked(text_of(row["objective"]), "actions"), 2),
            Entry(tr("For whom", lang), _actors_and_stages(teller, actors, stages), 1),
            Entry(tr("People aimed at", lang), "", 1),
            Entry(
                home["partners"].label(lang), teller.or_asked(teller.partners(row["partners"]), "actions"), 1
            ),
        ),
        means=(
            Entry(home["means"].label(lang), teller.or_asked(text_of(row["means"]), "actions"), 2),
            Entry(
                home["cost_eur"].label(lang),
                teller.or_asked(cell_text(row["cost_eur"], home["cost_eur"], lang=lang), "actions"),
            ),
            Entry(tr("Paid by", lang), "", 1),
        ),
        funding=None,
        results=results,
        first=first,
        stages=stages,
        actors=actors,
        whole=False,
        closing=teller.closing(
            clauses([teller.firmness("actions", [key]), _sources_of(teller, results)], lang)
        ),
        note=tr("Results of the structures that carry it, from whatever action they come.", lang)
        if len(results)
        else "",
    )
    return Made(fiche, fiche.title, (fiche.title, tr("action", lang), owner))


def _of_structure(teller: Teller, actor: str) -> Made:
    lang, f = teller.lang, teller.f
    row, home = f.actors.loc[actor], table("actors")
    stages = teller.stages_of(actor)
    results = f.outcomes[f.outcomes["actor_id"] == actor]
    place = text_of(row["commune_name"]) or teller.place()
    since = cell_text(row["since"], home["since"], lang=lang)
    kind = cell_text(row["structure_kind"], home["structure_kind"], lang=lang)
    told = [kind, tr("stages: {names}", lang, names=teller.names("stages", stages)) if len(stages) > 1 else
            tr("stage: {names}", lang, names=teller.names("stages", stages)) if stages else ""]  # fmt: skip
    context: list[Item] = [Paragraph(sentence_of(clauses(told, lang)))] if any(told) else []
    fiche = _fiche(
        teller,
        title=str(row["name"]),
        strip=(
            (tr("Carried by", lang), str(row["name"])),
            (tr("Place", lang), place),
            (home["since"].label(lang), since),
            (home["pole"].label(lang), cell_text(row["pole"], home["pole"], lang=lang)),
        ),
        context=[*context, Blank(1 if context else 2)],
        action=(
            Entry(
                tr("What it does in the filière", lang), cell_text(row["roles"], home["roles"], lang=lang), 2
            ),
            Entry(tr("People aimed at", lang), _publics(teller, actor), 1),
            Entry(tr("Works with", lang), _partners_of(teller, actor), 1),
        ),
        means=(Entry(table("activities")["jobs_fte"].label(lang), _jobs(teller, actor), 1),),
        funding=f.funding[f.funding["beneficiary_id"].eq(actor).fillna(False).astype(bool)],
        results=results,
        first=[],
        stages=stages,
        actors=[actor],
        whole=False,
        closing=teller.closing(_sources_of(teller, results)),
    )
    return Made(fiche, fiche.title, (fiche.title, tr("structure", lang), str(row["name"])))


def _of_filiere(teller: Teller) -> Made:
    lang, f = teller.lang, teller.f
    scopes = [Scope.PROGRAMME.value, Scope.FILIERE.value]
    results = f.outcomes[f.outcomes["scope"].isin(scopes)]
    home = f.filiere.iloc[0] if len(f.filiere) else {}
    findings = teller.diagnosis.findings
    worst = findings[findings["severity"] == "high"]
    said = [sentence_of(str(message)) for message in worst["message"].head(1)]
    context: list[Item] = [Paragraph(text_of(home.get("note")))] if known(home.get("note")) else []
    context = context or ([Paragraph(" ".join(said))] if said else [])
    carriers = f.actors.index[f.actors["roles"].fillna("").str.contains("territorial|animator")]
    groups = [str(name) for name in f.groups["name"].dropna()]
    fiche = _fiche(
        teller,
        title=f.name or tr("Filière without a name", lang),
        strip=(
            (tr("Carried by", lang), teller.names("actors", carriers)),
            (tr("Territory", lang), teller.place()),
            (table("filiere")["programme"].label(lang), text_of(home.get("programme"))),
        ),
        context=context or [Blank(2)],
        action=(
            Entry(table("actions")["objective"].label(lang), "", 1),
            Entry(tr("People aimed at", lang), "", 1),
            Entry(
                tr("Stages of the chain", lang),
                enumeration([*map(str, f.stages["name"])], lang, limit=_FEW_NAMED),
            ),
            Entry(tr("Bodies", lang), enumeration(groups, lang, limit=_FEW_NAMED), 1),
        ),
        means=(Entry(table("activities")["jobs_fte"].label(lang), _jobs(teller, None), 1),),
        funding=f.funding[f.funding["scope"].isin(scopes)],
        results=results,
        first=[],
        stages=[],
        actors=[],
        whole=True,
        closing=teller.closing(_sources_of(teller, results)),
    )
    return Made(
        fiche, fiche.title, (fiche.title, tr("whole filière", lang), teller.names("actors", carriers))
    )


def _actors_and_stages(teller: Teller, actors: Collection[Any], stages: Collection[Any]) -> str:
    lang = teller.lang
    at = teller.names("stages", stages)
    word = tr("stages: {names}", lang, names=at) if len(stages) > 1 else tr("stage: {names}", lang, names=at)
    return clauses([teller.names("actors", actors), word if at else ""], lang)


def _sources_of(teller: Teller, results: pd.DataFrame) -> str:
    return teller.firmness("outcomes", list(results.index)) if len(results) else ""


def _publics(teller: Teller, actor: str) -> str:
    """Return which publics a structure takes on, without how many: they may be few."""
    rows = teller.f.publics
    mine = rows.loc[rows["actor_id"].eq(actor).fillna(False).astype(bool), "public"].dropna().unique()
    return ", ".join(label(str(one), "public", teller.lang) for one in mine)


def _partners_of(teller: Teller, actor: str) -> str:
    ties = teller.f.cooperations
    observed = ties[ties["state"].fillna("") == CooperationState.OBSERVED.value]
    ends = [observed["actor_id"].astype("object"), observed["to_actor_id"].astype("object")]
    others = pd.concat([ends[1][ends[0] == actor], ends[0][ends[1] == actor]])
    names = [teller.name("actors", one) for one in dict.fromkeys(others) if one != actor]
    return enumeration([name for name in names if name], teller.lang, limit=_MOST_NAMED)


def _jobs(teller: Teller, actor: str | None) -> str:
    """Return how many jobs there are, of which insertion and supervision, in the latest year that states any."""
    lang, rows = teller.lang, teller.f.activities
    rows = rows if actor is None else rows[rows["actor_id"] == actor]
    rows = rows[rows["jobs_fte"].notna()]
    if rows.empty:
        return teller.or_asked("", "activities")
    year = rows["year"].max()
    rows = rows[rows["year"].isna() | (rows["year"] == year)]
    home, unit = table("activities"), unit_label("FTE", lang)
    told = [quantity(float(rows["jobs_fte"].sum()), unit, lang)]
    for name in ("insertion_fte", "supervision_fte"):
        if rows[name].notna().any():
            amount = number(float(rows[name].sum()), lang)
            amount = tr("at least {amount}", lang, amount=amount) if rows[name].isna().any() else amount
            told.append(tr("{label}: {text}", lang, label=home[name].label(lang).lower(), text=amount))
    text = clauses(told, lang)
    return f"{text} ({int(year)})" if known(year) else text


def _funding(teller: Teller, rows: pd.DataFrame) -> Table:
    lang, home = teller.lang, table("funding")
    told: Rows = []
    for row in rows.head(_MOST_FUNDING).to_dict("records"):
        years = " – ".join(
            dict.fromkeys(str(int(row[name])) for name in ("since", "until") if known(row[name]))
        )
        told.append([
            Cell(teller.name("actors", row["funder_id"]), strong=True),
            label(row["purpose"], "funding_purpose", lang),
            label(row["state"], "funding_state", lang),
            years,
            euros_cell(row["amount_eur"], lang) or "?",
        ])  # fmt: skip
    known_sum = float(rows["amount_eur"].sum())
    left = len(rows) - _MOST_FUNDING
    word = tr("Total of what is known", lang) if rows["amount_eur"].isna().any() else tr("Total", lang)
    if len(told) > 1:
        told.append([Cell(word, strong=True), "", "", "", Cell(euros_cell(known_sum, lang), strong=True)])
    columns = [
        Column(home["funder_id"].label(lang), weight=3.2),
        Column(home["purpose"].label(lang)),
        Column(home["state"].label(lang)),
        Column(tr("Years", lang)),
        Column(in_euros(home["amount_eur"].label(lang), lang), numeric=True),
    ]
    note = trn("… and {count} other", "… and {count} others", left, lang) if left > 0 else ""
    return Table(Grid.of(home.label(lang), columns, told, note=note))


def _fiche(
    teller: Teller,
    *,
    title: str,
    strip: tuple[tuple[str, str], ...],
    context: list[Item],
    action: tuple[Entry, ...],
    means: tuple[Entry, ...],
    funding: pd.DataFrame | None,
    results: pd.DataFrame,
    first: list[tuple[str, str, str]],
    stages: Collection[Any],
    actors: Collection[Any],
    whole: bool,
    closing: str,
    note: str = "",
) -> Fiche:
    lang = teller.lang
    paid: tuple[Item, ...] = () if funding is None or funding.empty else (_funding(teller, funding),)
    told = teller.results(results, first, empty=1 if len(results) or first else 3)
    helped, hindered = (
        teller.heard(kind, stages=stages, actors=actors, whole=whole)
        for kind in (ObservationKind.LEVER, ObservationKind.BRAKE)
    )
    return Fiche(
        lang=lang,
        kind=tr("Experience sheet", lang),
        title=title,
        strip=strip,
        parts=(
            Part(tr("Context", lang), tuple(context)),
            Part(tr("The action", lang), (Entries(action),)),
            Part(tr("Means", lang), (Entries(means), *paid)),
            Part(tr("Results", lang), (told, *([Paragraph(note, "note")] if note else []))),
            Part(tr("What helped", lang), (helped,)),
            Part(tr("What hindered", lang), (hindered,)),
            Part(tr("Lessons, and what to do elsewhere", lang), (Blank(3),)),
        ),
        running=running(teller.diagnosis),
        closing=closing,
    )
