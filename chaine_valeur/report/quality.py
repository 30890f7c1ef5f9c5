"""Data and sources: what was found while reading, what was left out, how firm it is, who was asked."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from ..diagnosis.wording import known, text_of
from ..language import N_, clauses, enumeration, number, out_of, percent, tr, trn
from ..problems import SEVERITIES
from ..provenance import SOFT_CONFIDENCE, provenance
from ..schema import table, tables
from ..vocabulary import Confidence
from .blocks import Block, Cell, Column, Grid, Heading, Paragraph, Rows, Section
from .flows import idle_note
from .notes import source_numbers

if TYPE_CHECKING:
    from ..diagnosis import Diagnosis
    from ..filiere import Filiere

__all__ = ["aside_rows", "counted", "data_section", "rest_note", "severity_name"]

_SEVERITIES = {"error": N_("Error"), "warning": N_("To look at"), "notice": N_("For information")}

#: Rows shown of a long table in the page and the Word document; the workbook has them all.
PROBLEMS_SHOWN, ASIDE_SHOWN = 60, 40


def severity_name(severity: str, lang: str) -> str:
    """Return how the severity of a problem is called in front of a reader."""
    return tr(_SEVERITIES[severity], lang)


# -- data and sources ---------------------------------------------------------------------------------


def data_section(diagnosis: Diagnosis) -> Section:
    """Return what the data are worth: problems, rows left out, hypotheses, who was asked, sources."""
    f, lang = diagnosis.filiere, diagnosis.lang
    blocks: list[Block] = [Heading(tr("What was found while reading", lang)), *_problems(f, lang)]
    if f.set_aside:
        blocks += [Heading(tr("Rows set aside", lang)), *_set_aside(f, lang)]
    if idle := idle_note(f, lang):
        rule = tr(
            "A flow counts once it and the actors at its ends are active (column “{column}” of the sheets "
            "“{flows}” and “{actors}”).",
            lang, column=table("flows")["status"].label(lang), flows=table("flows").label(lang),
            actors=table("actors").label(lang),
        )  # fmt: skip
        blocks += [Heading(tr("Flows that do not count", lang)), Paragraph(" ".join([*idle, rule]))]
    blocks += [Heading(tr("How firm the figures are", lang)), _firmness(f, lang)]
    blocks += [Heading(tr("Who was asked", lang)), Paragraph(_surveyed(f, lang))]
    if len(f.sources):
        blocks += [Heading(table("sources").label(lang)), _sources(f, lang)]
    return Section("data", tr("Data and sources", lang), tuple(blocks))


def _problems(f: Filiere, lang: str) -> list[Block]:
    problems = f.problems
    if problems.empty:
        return [Paragraph(tr("Nothing: every row and every cell could be read.", lang))]
    counts = problems["severity"].value_counts()
    told = [counted(name, int(counts[name]), lang) for name in SEVERITIES if name in counts]
    rows: Rows = [
        [
            Cell(severity_name(row["severity"], lang), strong=True),
            text_of(row["sheet"]),
            str(row["row"]) if known(row["row"]) else "",
            text_of(row["column"]),
            text_of(row["message"]),
        ]
        for row in problems.head(PROBLEMS_SHOWN).to_dict("records")
    ]
    columns = [
        Column(tr("Severity", lang), weight=0.9),
        Column(tr("Sheet", lang)),
        Column(tr("Row", lang), numeric=True, weight=0.5),
        Column(tr("Column", lang)),
        Column(tr("What was found, and what to do", lang), weight=4),
    ]
    grid = Grid.of(
        tr("What to look at in the workbook", lang),
        columns,
        rows,
        note=rest_note(len(problems), len(rows), lang),
    )
    return [Paragraph(f"{enumeration(told, lang)}."), grid]


def counted(severity: str, count: int, lang: str) -> str:
    """Return « 3 erreurs », « 1 point à regarder », « 2 remarques »."""
    if severity == "error":
        return trn("{count} error", "{count} errors", count, lang)
    if severity == "warning":
        return trn("{count} point to look at", "{count} points to look at", count, lang)
    return trn("{count} remark", "{count} remarks", count, lang)


def rest_note(total: int, shown: int, lang: str) -> str:
    """Return that the other rows are in the workbook; empty if all are shown."""
    if total <= shown:
        return ""
    return trn(
        "{count} other is in the workbook “tables.xlsx”.",
        "{count} others are in the workbook “tables.xlsx”.",
        total - shown,
        lang,
    )


def _set_aside(f: Filiere, lang: str) -> list[Block]:
    rows = aside_rows(f, lang=lang)
    lead = tr(
        "These rows could not be placed: they are in no figure of this report, and whatever they would have "
        "changed says so. Correct them in the workbook and run the diagnostic again.",
        lang,
    )
    columns = [
        Column(tr("Sheet", lang)),
        Column(tr("Row", lang), numeric=True, weight=0.5),
        Column(tr("Reason", lang), weight=1.6),
        Column(tr("Content of the row", lang), weight=3.5),
    ]
    shown = [[row["sheet"], row["row"], row["reason"], row["content"]] for row in rows[:ASIDE_SHOWN]]
    caption = tr("Rows set aside", lang)
    return [Paragraph(lead), Grid.of(caption, columns, shown, note=rest_note(len(rows), len(shown), lang))]


#: Why a row was set aside, in a few words.
REASONS = {
    "missing_required": N_("a compulsory cell is empty"),
    "missing_column": N_("a compulsory column is missing"),
    "unknown_flow": N_("refers to a flow that is not in the workbook"),
    "unknown_term": N_("a word that is not in the list"),
    "duplicate_id": N_("the identifier is taken by another row"),
    "duplicate_row": N_("says again what another row says"),
    "unknown_reference": N_("refers to something that is not in the workbook"),
    "ambiguous_reference": N_("refers to a name that several rows have"),
    "reference_set_aside": N_("refers to a row that was set aside"),
    "self_loop": N_("starts and ends at the same activity"),
    "self_tie": N_("an actor with itself"),
    "flow_without_ends": N_("a flow without start or end"),
    "absent_flow": N_("a flow that is said not to be"),
    "option_circle": N_("waits for itself through other options"),
    "figures_without_stage": N_("figures that belong to no stage"),
}


def aside_rows(f: Filiere, *, lang: str) -> list[dict[str, str]]:
    """Return the rows set aside as text: table, sheet, row, reason, and what they said."""
    told = []
    for name, frame in f.set_aside.items():
        home = tables()[name]
        labels = {column.name: column.label(lang) for column in home}
        untold = {"sheet", "row", "reason", *(column.name for column in home if column.internal)}
        for row in frame.to_dict("records"):
            content = [
                tr(
                    "{label}: {text}",
                    lang,
                    label=labels.get(str(column), str(column)),
                    text=text_of(value).strip(),
                )
                for column, value in row.items()
                if column not in untold and text_of(value).strip()
            ]
            reason = str(row["reason"])
            told.append(
                {
                    "table": home.label(lang),
                    "sheet": text_of(row["sheet"]),
                    "row": text_of(row["row"]),
                    "reason": tr(REASONS[reason], lang) if reason in REASONS else reason,
                    "content": clauses(content, lang),
                }
            )
    sheets = list(dict.fromkeys(row["sheet"] for row in told))
    return sorted(told, key=lambda row: (sheets.index(row["sheet"]), int(row["row"] or 0)))


def _firmness(f: Filiere, lang: str) -> Grid:
    """Return rows per table by confidence: measured, declared, estimated, hypothesis, not said."""
    rows: Rows = []
    for name in f:
        if not tables()[name].has_provenance:
            continue
        said = provenance(f, name)["confidence"]
        counts = [int((said == kind.value).sum()) for kind in Confidence]
        soft = int(said.isin(SOFT_CONFIDENCE).sum())
        rows.append(
            [
                Cell(tables()[name].label(lang), strong=True),
                *(number(count, lang) for count in [len(said), *counts, int(said.isna().sum())]),
                percent(soft / len(said), lang),
            ]
        )
    columns = [
        Column(tr("Table", lang), weight=2),
        Column(tr("Rows", lang), numeric=True),
        *(Column(kind.label(lang), numeric=True) for kind in Confidence),
        Column(tr("Not said", lang), numeric=True),
        Column(tr("Estimates and hypotheses", lang), numeric=True, weight=1.3),
    ]
    note = tr(
        "In the figures an estimate or a hypothesis counts in the “share of estimates and hypotheses”, "
        "by value "
        "for sums, by row for counts and ratios.",
        lang,
    )
    return Grid.of(tr("Rows by confidence", lang), columns, rows, note=note)


def _surveyed(f: Filiere, lang: str) -> str:
    net, actors = f.network, f.actors
    partners = actors[net.partner]
    asked = partners["surveyed_on"].notna()
    if partners.empty:
        return tr("No actor who could cooperate is described.", lang)
    if not asked.any():
        return trn(
            "No interview is dated: nothing says that the actor who can cooperate was asked.",
            "No interview is dated: nothing says which of the {count} actors who can cooperate were asked.",
            len(partners),
            lang,
        )
    days = partners.loc[asked, "surveyed_on"]
    first, last = _month(days.min(), lang), _month(days.max(), lang)
    sentence = tr(
        "Asked: {asked} of those who can cooperate, {when}: {names}.",
        lang,
        asked=out_of(int(asked.sum()), len(partners), lang, small=len(partners) + 1),  # always as a count
        when=tr("in {month}", lang, month=first)
        if first == last
        else tr("from {first} to {last}", lang, first=first, last=last),
        names=enumeration(partners.loc[asked, "name"].tolist(), lang, limit=40),
    )
    silent = partners.loc[~asked, "name"].tolist()
    if silent:
        sentence += " " + tr("Not asked: {names}.", lang, names=enumeration(silent, lang, limit=40))
    return sentence


def _month(day: Any, lang: str) -> str:
    from babel.dates import format_date

    return format_date(day, format="MMMM y", locale=lang)


def _sources(f: Filiere, lang: str) -> Grid:
    home = table("sources")
    used, places = _uses(f), source_numbers(f)
    rows: Rows = [
        [
            number(places[str(identifier)], lang),
            Cell(text_of(row["name"]), url=text_of(row["url"]), strong=True),
            text_of(row["publisher"]),
            text_of(row["year"]),
            tr("yes", lang) if known(row["interested_party"]) and row["interested_party"] else "",
            number(used.get(str(identifier), 0), lang),
            text_of(row["url"]) or text_of(row["note"]),
        ]
        for identifier, row in f.sources.to_dict("index").items()
    ]
    columns = [
        Column(tr("No.", lang), numeric=True, weight=0.4),
        Column(home["name"].label(lang), weight=2.4),
        Column(home["publisher"].label(lang), weight=1.6),
        Column(home["year"].label(lang), weight=0.7),
        Column(home["interested_party"].label(lang), weight=0.9),
        Column(tr("Rows", lang), numeric=True, weight=0.6),
        Column(tr("Address or notes", lang), weight=2.6),
    ]
    note = tr(
        "Interested party: the source has an interest in the figure. Rows: how many cite the source.", lang
    )
    return Grid.of(tr("Sources of the figures", lang), columns, rows, note=note)


def _uses(f: Filiere) -> dict[str, int]:
    counts: dict[str, int] = {}
    for name, home in tables().items():
        if "source_id" in home.columns and name != "sources":
            for identifier, count in f.table(name)["source_id"].value_counts().items():
                counts[str(identifier)] = counts.get(str(identifier), 0) + int(count)
    return counts
