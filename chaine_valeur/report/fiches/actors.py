"""One page an actor: what was recorded of it, to be validated by it before anything is published."""

from __future__ import annotations

import os
from collections.abc import Iterable, Iterator
from datetime import date
from pathlib import Path
from typing import TYPE_CHECKING

from ...diagnosis.wording import cell_text, known, text_of
from ...errors import ArgumentError, UnknownNameError
from ...language import N_, clauses, date_text, enumeration, number, tr, trn
from ...redaction import without_persons
from ...schema import table
from ...vocabulary import ActorType, Confidentiality
from ..blocks import Paragraph
from .actor_rows import SHOWN, Reader
from .files import Made, write_sheets
from .form import Blank, Check, Choice, Fiche, Item, Noted, Part, Signature
from .telling import running
from .view import Records, View

if TYPE_CHECKING:
    from ...diagnosis import Diagnosis
    from ...filiere import Filiere

__all__ = ["actor_sheets", "who_can_sign", "write_actor_sheets"]

#: Lines of the identity: columns told together.
_IDENTITY = (
    (N_("Name and kind"), ("name", "actor_type", "structure_kind", "siret", "naf")),
    (N_("Place"), ("commune_name", "in_territory", "part_of")),
    (N_("Roles and status"), ("roles", "pole", "status", "since", "until", "surveyed_on")),
)
#: Columns whose absence is worth a question; those that need no label.
_WANTED = {"name", "structure_kind", "siret", "naf", "commune_name", "roles", "pole", "since"}
_PLAIN = {"name", "structure_kind", "commune_name", "roles", "status"}


def write_actor_sheets(
    diagnosis: Diagnosis,
    folder: str | os.PathLike[str],
    *,
    on: date | None = None,
    form: str = "both",
    actors: Iterable[str] | None = None,
    base: str | os.PathLike[str] | None = None,
) -> list[Path]:
    """Write a sheet for each actor of all that was recorded of it, to be checked and signed before publication.

    Each row has its source, its confidence, who may read it, and boxes « exact » and « à corriger ». The sheet of one
    actor holds nothing that others said in confidence: scores that others gave it, observations of the team, guarded
    ties stated by another; of a guarded flow or grant, what passed between the two. A natural person stands under its
    name on its own sheet and under « Personne 1 » on those of others.

    Parameters
    ----------
    diagnosis
        The whole one, as `chaine_valeur.diagnose` returns it.
    folder
        Made if there is none.
    on
        Date of the sheets; by default they bear none, and the same diagnostic gives the same bytes.
    form
        ``html``, ``docx`` or ``both``.
    actors
        Identifiers; by default all who can sign, see `who_can_sign`.
    base
        A Word file whose styles, page, headers and footers the Word form takes.

    Returns
    -------
    list of pathlib.Path
        The files of each sheet in the order of the table, then ``index.html``, which is for the team.

    Raises
    ------
    ArgumentError
        A redacted diagnostic, or one whose natural persons were masked; another form.
    UnknownNameError
        No such actor.
    UnreadableFileError
        The folder is a file, or the base no Word document.

    Examples
    --------
    >>> import tempfile
    >>> from chaine_valeur import Filiere, diagnose
    >>> from chaine_valeur.report.fiches import write_actor_sheets
    >>> f = Filiere.from_tables(actors={"name": ["Tri & Cie", "NUL"]})
    >>> with tempfile.TemporaryDirectory() as folder:
    ...     [path.name for path in write_actor_sheets(diagnose(f), folder, form="html")]
    ['acteur-tri-cie.html', 'acteur-nul.html', 'index.html']
    """
    f, lang = diagnosis.filiere, diagnosis.lang
    made = list(actor_sheets(diagnosis, on=on, actors=actors))
    notes = [tr("This list is for the team: it does not go with the sheets.", lang)]
    signing = set(who_can_sign(f))
    left = [str(name) for key, name in f.actors["name"].items() if key not in signing]
    if actors is None and left:
        notes.append(
            trn(
                "{count} actor has no sheet, since nobody can sign for it: {names}.",
                "{count} actors have no sheet, since nobody can sign for them: {names}.",
                len(left),
                lang,
                names=enumeration(left, lang),
            )
        )
    heads = [
        table("activities")["actor_id"].label(lang),
        tr("Rows to check", lang),
        tr("Rows left out", lang),
        tr("Sent on", lang),
        tr("Back on", lang),
        tr("Validated", lang),
    ]
    return write_sheets(
        made,
        folder,
        kind="acteur",
        form=form,
        title=tr("Actor sheets", lang),
        count=trn("{count} actor sheet", "{count} actor sheets", len(made), lang),
        heads=heads,
        notes=notes,
        under=running(diagnosis),
        base=base,
        lang=lang,
    )


def who_can_sign(f: Filiere) -> list[str]:
    """Return the actors that somebody can sign for: all but diffuse groups, and outsides that are no structure."""
    kind = f.actors["actor_type"].fillna("")
    outside = kind.eq(ActorType.OUTSIDE.value) & f.actors["structure_kind"].isna() & f.actors["siret"].isna()
    out = kind.eq(ActorType.DIFFUSE.value) | outside
    return [str(one) for one in f.actors.index[~out.to_numpy(bool)]]


def actor_sheets(
    diagnosis: Diagnosis, *, on: date | None = None, actors: Iterable[str] | None = None
) -> Iterator[Made]:
    """Iterate over the sheets; parameters as in `write_actor_sheets`."""
    f, lang = diagnosis.filiere, diagnosis.lang
    if diagnosis.audience in ("public", "partners"):
        raise ArgumentError(
            tr(
                "The sheets of actors hold all that was recorded of each: give the whole diagnostic, not the one that "
                "was redacted ({audience}).",
                lang,
                audience=diagnosis.audience,
            )
        )
    if actors is None:
        wanted = who_can_sign(f)
    else:
        wanted = [actors] if isinstance(actors, str) else list(actors)
        for one in wanted:
            if one not in f.actors.index:
                raise UnknownNameError.of(f"no actor {one!r}", one, f.actors.index)
        wanted = [str(one) for one in f.actors.index if one in set(wanted)]
    records = Records(f)
    persons = set(records.persons)
    if persons & set(wanted) and without_persons(diagnosis) is diagnosis:
        raise ArgumentError(
            tr(
                "Natural persons have no name in this diagnostic: give the one that `diagnose` returned.",
                lang,
            )
        )
    common = records.view(None, lang=lang)
    for actor in wanted:
        view = records.view(actor, lang=lang) if actor in persons else common
        yield _sheet(records, view, actor, on, lang)


def _sheet(records: Records, view: View, actor: str, on: date | None, lang: str) -> Made:
    f = view.f
    reader = Reader(records, view, actor)
    groups = [(tr("Identity", lang), tuple(_identity(reader)))]
    for name in SHOWN:
        rows = tuple(reader.rows(name))
        if rows:
            groups.append((table(name).label(lang), rows))
    check = Check(tr("What was recorded", lang), tuple(groups))
    named = str(f.actors.at[actor, "name"])
    filiere = f.name or tr("Filière without a name", lang)
    sources = reader.sources()
    cited = (
        [Paragraph(tr("Sources: {sources}", lang, sources=clauses(sources, lang)), "note")] if sources else []
    )
    parts = [
        Part("", (check,), whole=False),
        Part("", (Blank(2, tr("Is anything missing?", lang)),)),
        Part("", (Paragraph(" ".join([tr("Who will read what?", lang), *_levels(reader)]), "note"), *cited)),
        Part(tr("Your agreement", lang), (*_agreement(reader), Signature())),
    ]
    lead = trn(
        "The diagnostic of “{filiere}” has recorded {count} row on you. Tick “correct”, or write what is; nothing of it "
        "is published before you have signed, at the end of the sheet.",
        "The diagnostic of “{filiere}” has recorded {count} rows on you. Tick “correct” on each, or write what is; "
        "nothing of it is published before you have signed, at the end of the sheet.",
        check.count, lang, filiere=filiere,
    )  # fmt: skip
    fiche = Fiche(
        lang=lang,
        kind=tr("Actor sheet, to be validated", lang),
        title=named,
        strip=(
            (tr("Date of the sheet", lang), date_text(on, lang) if on else ""),
            (tr("To be sent back to", lang), ""),
            (tr("Before", lang), ""),
        ),
        parts=tuple(parts),
        running=(filiere, tr("for {name} only", lang, name=named)),
        lead=lead,
        closing=tr(
            "Corrections go into the workbook of the diagnostic before anything is published. What others said in "
            "confidence is not on this sheet, just as what you said in confidence is not on theirs.",
            lang,
        ),
    )
    cells = (named, number(check.count, lang), number(reader.left_out, lang), "", "", "")
    return Made(fiche, named, cells)


def _identity(reader: Reader) -> Iterator[Noted]:
    """Iterate over the lines of the identity; what is not known is asked."""
    home, lang = table("actors"), reader.lang
    place = int(reader.records.f.actors.index.get_loc(reader.actor))
    row = reader.view.row("actors", place)[1]
    levels = reader.records.levels("actors").iloc[place]
    stated = reader.records.stated_by("actors")[place]
    hidden = stated not in ("", reader.actor)  # who it is stands in a list, or was said by itself
    noted = known(row["note"]) and (stated == reader.actor or not bool(levels["said"]))
    source = reader.row_source("actors", place, hidden=hidden)
    level = reader.row_level("actors", place)
    for title, columns in _IDENTITY:
        told, asked = [], []
        for name in columns:
            column = home[name]
            text = cell_text(row[name], column, names=reader.view.names("actors", name), lang=lang)
            if name == "commune_name" and text and known(row["commune_code"]):
                text = f"{text} ({row['commune_code']})"
            if text and not (column.default and row[name] == column.default and name == "actor_type"):
                plain = name in _PLAIN
                told.append(
                    text if plain else tr("{label}: {text}", lang, label=column.label(lang), text=text)
                )
            elif not text and name in _WANTED:
                asked.append(column.label(lang))
        told += [tr("not known: {what}", lang, what=", ".join(asked))] if asked else []
        if told:
            yield Noted(tr(title, lang), clauses(told, lang), source, level)
            source = reader.row_source(
                "actors", place, hidden=hidden, brief=True
            )  # what was supposed is said once
    if noted:
        yield Noted(home["note"].label(lang), text_of(row["note"]), source, level)


def _levels(reader: Reader) -> tuple[str, ...]:
    """Return who reads each level."""
    lang = reader.lang
    told = {
        Confidentiality.PUBLIC: tr("everybody, in the public report.", lang),
        Confidentiality.PARTNERS: tr(
            "the partners of the project (working groups, funders); it is not in the public report.", lang
        ),
        Confidentiality.INTERNAL: tr("the team of the diagnostic alone.", lang),
        Confidentiality.CONFIDENTIAL: tr(
            "the team of the diagnostic alone; elsewhere neither your name nor the figure is told, and a total only if "
            "nobody can work the figure out from it.",
            lang,
        ),
    }
    points = [tr("{label}: {text}", lang, label=level.label(lang), text=text) for level, text in told.items()]
    if reader.actor in reader.records.persons:
        points.append(
            tr(
                "You are a natural person: whatever the level, your name is in no report, only “Person n”.",
                lang,
            )
        )
    return tuple(points)


def _agreement(reader: Reader) -> tuple[Item, ...]:
    """Return what the actor agrees to, or not."""
    lang = reader.lang
    answers = (tr("yes", lang), tr("no", lang))
    rows = tr("Rows ticked “correct” may be published to those named under “Who may read it”:", lang)
    reserves = tr("Reserves, or other wishes on who may read what:", lang)
    told: list[Item] = [Choice(answers, label=rows), Blank(1, reserves)]
    agreed = reader.agreed_on()
    if agreed:
        sentence = tr(
            "An agreement to publication in classes was recorded on {date}: please confirm it.",
            lang,
            date=agreed,
        )
        told.append(Paragraph(sentence))
    classes = tr(
        "Our confidential figures told in classes (“from 10 to 50 t/year” instead of 23 t/year):", lang
    )
    return (*told, Choice(answers, label=classes))
