"""The head of the report, the five things to remember, and the key figures."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import date
from typing import TYPE_CHECKING

from ..about import library_version
from ..diagnosis import five_things
from ..diagnosis.telling import bounds_text, firmness_text, sentence_of, shown_value, terms_text
from ..language import N_, date_text, number, tr, trn
from ..provenance import provenance
from ..schema import table, tables
from ..vocabulary import Confidentiality, label
from .blocks import Block, Card, Cards, Column, Grid, Heading, Paragraph, Points, Section, anchor_of
from .notes import is_soft, soft_note, sources_note
from .redacted import audience_notice

if TYPE_CHECKING:
    from ..diagnosis import Diagnosis, Measured
    from ..filiere import Filiere

__all__ = [
    "closing", "closing_of_proposal", "essential_of", "expert_section", "facts", "family_of", "five_section",
    "key_figures", "measures_table", "notices", "scope_text", "territory_name",
]  # fmt: skip

#: The families of the reference list, by the letter of their identifiers.
FAMILIES = {
    "A": N_("The chain"),
    "B": N_("Flows"),
    "C": N_("Resilience"),
    "D": N_("Cooperation"),
    "E": N_("Territory"),
    "F": N_("Value"),
    "G": N_("Insertion and funding"),
}
OTHER_FAMILY = N_("Other figures")


def facts(diagnosis: Diagnosis, *, on: date | None) -> tuple[tuple[str, str], ...]:
    """Return what stands under the title: territory, year, programme, size, date."""
    f, lang = diagnosis.filiere, diagnosis.lang
    home, row = table("filiere"), f.filiere
    told = [(home["territory_id"].label(lang), territory_name(f))]
    if f.year is None and len(row) and row["reference_year"].notna().iloc[0]:
        told.append((home["reference_year"].label(lang), str(int(row["reference_year"].iloc[0]))))
    year = f.year if f.year is not None else max(f.years, default=None)
    if year is not None and (f.year is not None or len(f.years) > 1):
        told.append((tr("Year of the figures", lang), str(year)))
    if len(row) and row["programme"].notna().iloc[0]:
        told.append((home["programme"].label(lang), str(row["programme"].iloc[0])))
    told.append((table("actors").label(lang), number(int(f.network.active.sum()), lang)))
    told.append((tr("Date of the report", lang), date_text(on, lang) if on else ""))
    return tuple((name, value) for name, value in told if value)


def territory_name(f: Filiere) -> str:
    """Return the name of the territory of a filière, its identifier if it has none, or an empty text."""
    if f.territory_id is None:
        return ""
    names = f.territories.loc[f.territories["territory_id"] == f.territory_id, "name"].dropna()
    return str(names.iloc[0]) if len(names) else f.territory_id


def notices(diagnosis: Diagnosis) -> tuple[str, ...]:
    """Return what a reader must know before anything else: who may read, what was left out."""
    f, lang = diagnosis.filiere, diagnosis.lang
    told = []
    worst, rows = _confidentiality(f)
    if diagnosis.audience in ("public", "partners"):
        told.append(audience_notice(diagnosis))
    elif worst in (Confidentiality.CONFIDENTIAL, Confidentiality.INTERNAL):
        told.append(
            trn(
                "Internal version: {count} row is marked internal or confidential. Do not pass it on as "
                "it is.",
                "Internal version: {count} rows are marked internal or confidential. Do not pass it on "
                "as it is.",
                rows,
                lang,
            )
        )
    elif worst is Confidentiality.PARTNERS:
        told.append(
            trn(
                "Version for the partners: {count} row is kept among them.",
                "Version for the partners: {count} rows are kept among them.",
                rows,
                lang,
            )
        )
    out = sum(len(frame) for frame in f.set_aside.values())
    if out:
        told.append(
            trn(
                "{count} row could not be used and was set aside: see “Data and sources”.",
                "{count} rows could not be used and were set aside: see “Data and sources”.",
                out,
                lang,
            )
        )
    cells = sum(f.unknown_cells.values())
    if cells:
        told.append(
            trn(
                "{count} cell could not be read and counts as unknown: see “Data and sources”.",
                "{count} cells could not be read and count as unknown: see “Data and sources”.",
                cells,
                lang,
            )
        )
    failed = int((diagnosis.findings["kind"] == "check_failed").sum())
    if failed:
        told.append(
            trn(
                "{count} check could not be run: this report may be incomplete.",
                "{count} checks could not be run: this report may be incomplete.",
                failed,
                lang,
            )
        )
    return tuple(told)


def _confidentiality(f: Filiere) -> tuple[Confidentiality | None, int]:
    """Return the most guarded level among the rows, and how many rows are at that level or, internal, "
    "above."""
    counts: dict[str, int] = {}
    for name, home in tables().items():
        if home.has_provenance or name == "cell_sources":
            said = f.cell_sources if name == "cell_sources" else provenance(f, name)
            for level, count in said["confidentiality"].value_counts().items():
                counts[str(level)] = counts.get(str(level), 0) + int(count)
    guarded = [Confidentiality.CONFIDENTIAL, Confidentiality.INTERNAL]
    inside = sum(counts.get(level.value, 0) for level in guarded)
    if inside:
        return next(level for level in guarded if counts.get(level.value)), inside
    partners = counts.get(Confidentiality.PARTNERS.value, 0)
    return (Confidentiality.PARTNERS, partners) if partners else (None, 0)


def five_section(diagnosis: Diagnosis) -> Section:
    """Return what to remember."""
    lang = diagnosis.lang
    things = five_things(diagnosis)
    title = {
        5: tr("Five things to remember", lang),
    }.get(len(things), tr("What to remember", lang))
    return Section("five", title, (Points(tuple(things), ordered=True),))


def key_figures(diagnosis: Diagnosis) -> Section:
    """Return the cards of the essential figures, family by family."""
    lang = diagnosis.lang
    essential = [one for one in diagnosis.measured.values() if one.indicator.profile == "essential"]
    blocks: list[Block] = [
        Paragraph(
            tr(
                "A ratio over fewer than 30 cases is told as “7 out of 12”. “Unknown” means that nobody "
                "could "
                "say: it is not zero. Each figure leads to the rows and sources that it rests on.",
                lang,
            )
            + " "
            + soft_note(lang),
            "note",
        )
    ]
    for family, title in [*FAMILIES.items(), ("", OTHER_FAMILY)]:
        cards = [card(diagnosis.filiere, one, lang=lang) for one in essential if family_of(one) == family]
        if cards:
            blocks += [Heading(tr(title, lang)), Cards(tuple(cards))]
    return Section("figures", tr("Key figures", lang), tuple(blocks))


def family_of(one: Measured) -> str:
    """Return the letter of the family of an indicator, an empty text for one of another origin."""
    letter, rest = one.indicator.indicator_id[:1], one.indicator.indicator_id[1:2]
    return letter if letter in FAMILIES and rest.isdigit() else ""


def essential_of(diagnosis: Diagnosis, letter: str) -> list[Measured]:
    """Return the essential indicators of a family."""
    measured = diagnosis.measured.values()
    return [one for one in measured if family_of(one) == letter and one.indicator.profile == "essential"]


def card(f: Filiere, one: Measured, *, lang: str) -> Card:
    """Return the card of an indicator, with the numbers of its sources; a hypothesis is marked as one."""
    measure = one.measure
    unknown = measure.value != measure.value
    scope = scope_text(measure.scope, lang) if measure.scope != "filiere" else ""
    details = (
        "" if scope in one.brief else scope,  # the remark of a cost says its perimeter itself
        # the two terms of a share of tonnes are told in the note, with their unit
        "" if one.indicator.weighed else terms_text(measure, lang=lang),
        bounds_text(measure, lang=lang),
        one.brief,
        sources_note(f, measure.rows, lang=lang),
    )
    soft = not unknown and is_soft(measure.hypothesis_share)
    firmness = "" if unknown else firmness_text(measure.hypothesis_share, lang=lang)
    return Card(
        identifier=one.indicator.indicator_id,
        name=tr(one.indicator.name, lang),
        value=shown_value(one, lang=lang),
        details=tuple(sentence_of(text) for text in details if text),
        firmness=tr("{label}: {text}", lang, label=tr("Hypothesis", lang), text=firmness)
        if soft
        else firmness,
        soft=soft,
        anchor=anchor_of("why", one.indicator.indicator_id),
        unknown=unknown,
    )


def scope_text(scope: str, lang: str) -> str:
    """Return the perimeter of a figure in words."""
    return tr("In the territory", lang) if scope == "territory" else label(scope, "scope", lang)


def expert_section(diagnosis: Diagnosis) -> Section | None:
    """Return the annex of the expert figures, if the profile has them."""
    expert = [one for one in diagnosis.measured.values() if one.indicator.profile != "essential"]
    if not expert:
        return None
    lang = diagnosis.lang
    grid = measures_table(diagnosis.filiere, expert, caption=tr("Expert figures", lang), lang=lang)
    return Section("expert", tr("Expert figures", lang), (grid,), annex=True)


def measures_table(f: Filiere, measured: Iterable[Measured], *, caption: str, lang: str) -> Grid:
    """Return a table of indicators: what each is called, what it says, what to know."""
    from .blocks import Cell

    rows = []
    for one in measured:
        shown = card(f, one, lang=lang)
        remarks = " ".join([*shown.details, *([shown.firmness] if shown.firmness else [])])
        rows.append([Cell(shown.name, anchor=shown.anchor, strong=True), Cell(shown.value), Cell(remarks)])
    columns = [
        Column(tr("Indicator", lang), weight=1.5),
        Column(tr("Value", lang)),
        Column(tr("To know", lang), weight=2.5),
    ]
    return Grid.of(caption, columns, rows)


def closing(lang: str) -> str:
    """Return what stands at the end of a report: what made it, and where its figures come from."""
    return tr(
        "Made with chaine_valeur {version}. Every figure can be traced to its rows and sources, here and in the "
        "workbook “tables.xlsx”.",
        lang, version=library_version(),
    )  # fmt: skip


def closing_of_proposal(lang: str, *, workbook: str) -> str:
    """Return what stands at the end of a document on what is proposed; `workbook` holds its tables, if any does."""
    made = tr("Made with chaine_valeur {version}.", lang, version=library_version())
    if workbook:
        made += " " + tr(
            "The tables of the plan, line by line, are in the workbook “{file}”.", lang, file=workbook
        )
    return (
        made + " " + tr("The figures and sources behind it are those of the report of the diagnostic.", lang)
    )
