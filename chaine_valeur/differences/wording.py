"""The sentences of a comparison: what is not of the same thing first, then what it changes, then the figures."""

from __future__ import annotations

from collections.abc import Iterator
from typing import TYPE_CHECKING

import pandas as pd

from ..analysis import insertion
from ..analysis.wording import quoted, tonnes
from ..diagnosis.telling import sentence_of, value_text
from ..language import N_, clauses, number, percent, tr
from ..schema import unit_label
from ..vocabulary import FindingKind, label

if TYPE_CHECKING:
    from ..diagnosis import Diagnosis
    from .compared import Compared

__all__ = [
    "amount_text",
    "figure_sentences",
    "finding_sentences",
    "headline_sentences",
    "perimeter_sentences",
]

#: Subjects of which a difference makes figures those of two things.
NOT_OF_THE_SAME = ("filiere", "territory", "communes", "year", "stages", "passages")
_SETS = {"stages", "passages"}


def perimeter_sentences(found: Compared, lang: str) -> Iterator[str]:
    """Yield what both are not the same thing of; nothing where they are."""
    one, two = found.names
    rows = found.perimeter.set_index("subject")
    for subject in NOT_OF_THE_SAME:
        row = rows.loc[subject]
        if not row["differs"]:
            continue
        if subject in _SETS:
            yield _sets(row, one, two, lang)
        else:
            yield tr(
                "Not of the same thing: {label} is {before} in {one}, {after} in {two}.",
                lang, label=str(row["label"]).lower(), before=row["before"] or tr("unknown", lang),
                after=row["after"] or tr("unknown", lang), one=quoted(one, lang), two=quoted(two, lang),
            )  # fmt: skip
    asked = [set(each.measured) for each in (found.before, found.after)]
    if asked[0] != asked[1]:
        names = [
            str(row["name"])
            for row in found.indicators.to_dict("records")
            if row["change"].startswith("only")
        ]
        yield tr("Asked for in one of the two only: {names}.", lang, names=clauses(names, lang))


def _sets(row: pd.Series, one: str, two: str, lang: str) -> str:
    """Return which stages or passages stand in one of the two only."""
    joint = "\u202f; " if lang == "fr" else "; "
    before, after = (set(filter(None, str(row[name]).split(joint))) for name in ("before", "after"))
    told = [
        tr("in {name} only: {items}", lang, name=quoted(name, lang), items=", ".join(sorted(items)))
        for name, items in ((one, before - after), (two, after - before))
        if items
    ]
    return tr("{label} are not the same: {parts}.", lang, label=row["label"], parts=clauses(told, lang))


def headline_sentences(found: Compared, lang: str) -> Iterator[str]:
    """Yield what becomes of the insertion jobs stated at the stages."""
    jobs = [_insertion_fte(one) for one in (found.before, found.after)]
    if jobs[0] == jobs[1] or any(one != one for one in jobs):
        return
    unit = unit_label("FTE", lang)
    more = number(jobs[1] - jobs[0], lang)
    yield tr(
        "Insertion jobs at the stages: {before}, then {after} ({more} {unit}).",
        lang, before=f"{number(jobs[0], lang)} {unit}", after=f"{number(jobs[1], lang)} {unit}",
        more=more if more.startswith(("-", "−")) else f"+{more}", unit=unit,
    )  # fmt: skip


def _insertion_fte(diagnosis: Diagnosis) -> float:
    frame = insertion.jobs_by_stage(diagnosis.filiere)
    return float(frame["insertion_fte"].sum(min_count=1))


#: Findings about what was recorded, not about the chain: they come and go with the rows that they compare.
ABOUT_RECORDS = frozenset(
    kind.value
    for kind in (
        FindingKind.FLOW_IMBALANCE, FindingKind.FLOW_SUSPECT, FindingKind.FIGURES_DISAGREE, FindingKind.FIGURE_TO_ASK,
        FindingKind.COOPERATION_UNKNOWN, FindingKind.MEETINGS_UNKNOWN, FindingKind.GROUP_MEMBERS_UNKNOWN,
        FindingKind.GROUP_POLES_UNKNOWN, FindingKind.CHECK_FAILED,
    )
)  # fmt: skip

_MISSING = FindingKind.MISSING_STAGE.value


def finding_sentences(found: Compared, lang: str) -> Iterator[str]:
    """Yield findings that go, then those that come, then those of which the size changes.

    Those about what was recorded stay in the table: that a figure is no longer to be checked solves nothing.
    """
    rows = found.findings[~found.findings["kind"].isin(ABOUT_RECORDS)].to_dict("records")
    emptied = {row["stage_id"] for row in rows if row["change"] == "new" and row["kind"] == _MISSING}
    solved = [
        _called(found, row, lang)
        for row in rows
        # what was to be said of a stage that nobody holds any more is not solved
        if row["change"] == "solved" and not {row["stage_id"], row["to_stage_id"]} & emptied
    ]
    if solved:
        yield tr("No longer found: {names}.", lang, names=clauses(solved, lang))
    for row in rows:
        if row["change"] == "new":
            yield sentence_of(tr("Newly found: {message}", lang, message=row["message_after"]))
        elif row["change"] == "changed" and row["quantity_before"] != row["quantity_after"]:
            before, after = (
                amount_text(row[name], row["unit"], lang) for name in ("quantity_before", "quantity_after")
            )
            if before != after:
                yield tr("{name}: {before}, then {after}.", lang, name=_called(found, row, lang), before=before,
                         after=after)  # fmt: skip


def _called(found: Compared, row: dict[str, object], lang: str) -> str:
    """Return the kind of a finding and where it is."""
    return label(str(row["kind"]), "finding_kind", lang) + _where(found, row)


def _where(found: Compared, row: dict[str, object]) -> str:
    """Return « (Tri) » or « (Tri → Filature) » for a finding, or an empty text."""
    f = found.before.filiere if row["change"] == "solved" else found.after.filiere
    names = [str(f.stages["name"].get(row[name], row[name])) for name in ("stage_id", "to_stage_id")
             if isinstance(row[name], str)]  # fmt: skip
    if not names and isinstance(row["actor_id"], str):
        names = [str(f.actors["name"].get(row["actor_id"], row["actor_id"]))]
    return f" ({' → '.join(names)})" if names else ""


def amount_text(value: object, unit: object, lang: str) -> str:
    """Return a quantity of a finding; « inconnu » where it is NaN."""
    if not isinstance(value, float) or value != value:
        return tr("unknown", lang)
    if unit == "share":
        return percent(value, lang)
    if unit == "t/year":
        return tonnes(value, lang)
    return (
        f"{number(value, lang)} {unit_label(str(unit), lang)}".strip()
        if isinstance(unit, str)
        else number(value, lang)
    )


_KNOWN = {
    "now_known": N_("{name}: not known before, {after} now."),
    "no_longer_known": N_("{name}: {before} before, no longer known."),
}


def figure_sentences(found: Compared, lang: str) -> Iterator[str]:
    """Yield the figures that change, essential ones first, in the order of the diagnosis."""
    for row in found.indicators.to_dict("records"):
        told = [
            value_text(one.measured[row["indicator_id"]].measure, lang=lang)
            if row["indicator_id"] in one.measured else tr("unknown", lang)
            for one in (found.before, found.after)
        ]  # fmt: skip
        if row["change"] in _KNOWN:
            yield tr(_KNOWN[row["change"]], lang, name=row["name"], before=told[0], after=told[1])
        elif row["change"] in ("up", "down") and told[0] != told[1]:
            yield tr("{name}: {before}, then {after}.", lang, name=row["name"], before=told[0], after=told[1])
