"""The sentences of a comparison: what is not of the same thing first, then what it changes, then the figures."""

from __future__ import annotations

from collections.abc import Iterator
from typing import TYPE_CHECKING, Any

import pandas as pd

from ..analysis import insertion
from ..analysis.wording import quoted, sentences, tonnes
from ..diagnosis.telling import sentence_of, value_text
from ..language import N_, clauses, enumeration, number, percent, tr, trn
from ..schema import unit_label
from ..vocabulary import FindingKind
from .frames import members
from .naming import Departed, called, subject

if TYPE_CHECKING:
    from ..diagnosis import Diagnosis
    from .compared import Compared

__all__ = [
    "NOT_OF_THE_SAME",
    "amount_text",
    "asked_sentences",
    "figure_sentences",
    "finding_sentences",
    "firmness_sentences",
    "headline_sentences",
    "is_elsewhere",
    "jobs_at_stages",
    "perimeter_sentences",
    "record_sentences",
]

#: Subjects of which a difference makes figures those of two things.
NOT_OF_THE_SAME = ("version", "filiere", "territory", "communes", "year", "stages", "passages")
_SETS = {"stages", "passages"}
#: Subjects of which a difference leaves no before and no after: of two territories none became the other.
_ELSEWHERE = ("filiere", "territory")


def is_elsewhere(found: Compared) -> bool:
    """Return whether both are of two filières, or of two territories."""
    differs = found.perimeter.set_index("subject")["differs"]
    return bool(differs[list(_ELSEWHERE)].any())


# -- what both are of -----------------------------------------------------------------------------------------


def perimeter_sentences(found: Compared, lang: str) -> Iterator[str]:
    """Yield what both are not the same thing of; nothing where they are."""
    one, two = (quoted(name, lang) for name in found.names)
    rows = found.perimeter.set_index("subject")
    for name in NOT_OF_THE_SAME:
        row = rows.loc[name]
        about = str(row["label"])
        if not row["differs"]:
            continue
        if name in _SETS:
            yield _sets(found, name, about, lang)
        elif row["before"] == row["after"]:
            yield tr("Not of the same thing: {label}, as many but not the same.", lang, label=about.lower())
        else:
            yield tr(
                "Not of the same thing: {label} is {before} in {one}, {after} in {two}.",
                lang, label=about.lower(), before=row["before"] or tr("unknown", lang),
                after=row["after"] or tr("unknown", lang), one=one, two=two,
            )  # fmt: skip


def _sets(found: Compared, name: str, about: str, lang: str) -> str:
    """Return which stages or passages stand in one of the two only."""
    before, after = (members(each.filiere)[name] for each in (found.before, found.after))
    told = [
        tr("in {name} only: {items}", lang, name=quoted(side, lang), items=", ".join(sorted(items)))
        for side, items in zip(found.names, (before - after, after - before), strict=True)
        if items
    ]
    return tr("{label} are not the same: {parts}.", lang, label=about, parts=clauses(told, lang))


def asked_sentences(found: Compared, lang: str) -> Iterator[str]:
    """Yield which figures were asked for on one side only."""
    rows = found.indicators
    names = rows.loc[rows["change"].str.startswith("only"), "name"].tolist()
    if names:
        yield tr("Asked for in one of the two only: {names}.", lang, names=clauses(names, lang))


def firmness_sentences(found: Compared, lang: str) -> Iterator[str]:
    """Yield how many actors and how many suppositions either rests on, where that is not the same."""
    rows = found.perimeter.set_index("subject")
    for name in ("actors", "hypotheses"):
        row = rows.loc[name]
        if row["differs"] and row["before"] and row["after"]:
            yield _moved(found, str(row["label"]), str(row["before"]), str(row["after"]), lang)


# -- jobs -----------------------------------------------------------------------------------------------------


#: FTE of the activities → what they are called; the second are among the first.
_JOBS = {"insertion_fte": N_("Insertion jobs at the stages"), "jobs_fte": N_("Jobs at the stages, in all")}
_GROWN = {
    "insertion_fte": N_("Insertion jobs at the stages: {before}, then {after} ({more} {unit})."),
    "jobs_fte": N_("Jobs at the stages, in all: {before}, then {after} ({more} {unit})."),
}


def headline_sentences(found: Compared, lang: str) -> Iterator[str]:
    """Yield what becomes of the jobs stated at the stages: those in insertion, then all of them.

    Jobs that nobody states are no loss and no gain; of all jobs it is told how many activities state none.
    """
    for column, title in _JOBS.items():
        yield from _jobs_sentence(found, column, tr(title, lang), lang)


def _jobs_sentence(found: Compared, column: str, name: str, lang: str) -> Iterator[str]:
    jobs = [jobs_at_stages(one, column) for one in (found.before, found.after)]
    silent = [_silent(one, column) for one in (found.before, found.after)]
    told = [amount_text(one, "FTE", lang) for one in jobs]
    known, all_jobs = all(one == one for one in jobs), column == "jobs_fte"
    if told[0] == told[1]:
        if all_jobs and known and silent[0] != silent[1] and not is_elsewhere(found):
            same = tr("{name}: {amount}, no change that is known.", lang, name=name, amount=told[0])
            yield sentences(same, _other_unknown(silent, lang))
    elif is_elsewhere(found) or not known:
        yield _moved(found, name, told[0], told[1], lang)
    elif silent[0] != silent[1]:  # a sum over other activities is no growth
        yield sentences(_moved(found, name, told[0], told[1], lang), _other_unknown(silent, lang))
    else:
        more = number(jobs[1] - jobs[0], lang)
        grown = tr(
            _GROWN[column], lang, before=told[0], after=told[1], unit=unit_label("FTE", lang),
            more=more if more.startswith(("-", "−")) else f"+{more}",
        )  # fmt: skip
        yield sentences(grown, _states_none(silent[0], lang) if all_jobs and silent[0] else "")


def _states_none(count: int, lang: str) -> str:
    return trn("{count} activity states none.", "{count} activities state none.", count, lang)


def jobs_at_stages(diagnosis: Diagnosis, column: str = "insertion_fte") -> float:
    """Return the FTE stated at the stages (`insertion_fte`, or `jobs_fte`: all of them); NaN where none is."""
    frame = insertion.jobs_by_stage(diagnosis.filiere)
    return float(frame[column].sum(min_count=1))


def _silent(diagnosis: Diagnosis, column: str) -> int:
    """Return the number of activities of which nobody says how many of those FTE they have."""
    return int(insertion.jobs_by_stage(diagnosis.filiere)[f"{column}_unknown"].sum())


# -- findings -------------------------------------------------------------------------------------------------

#: Findings about what was recorded, not about the chain: they come and go with the rows that they compare.
ABOUT_RECORDS = frozenset(
    kind.value
    for kind in (
        FindingKind.FLOW_IMBALANCE, FindingKind.FLOW_SUSPECT, FindingKind.FIGURES_DISAGREE, FindingKind.FIGURE_TO_ASK,
        FindingKind.COOPERATION_UNKNOWN, FindingKind.EXPECTED_TIES_GROUP, FindingKind.MEETINGS_UNKNOWN,
        FindingKind.GROUP_MEMBERS_UNKNOWN, FindingKind.GROUP_POLES_UNKNOWN, FindingKind.CHECK_FAILED,
    )
)  # fmt: skip

_MISSING = FindingKind.MISSING_STAGE.value


def finding_sentences(found: Compared, lang: str) -> Iterator[str]:
    """Yield findings that go, then those that come, then those of which the size changes.

    Those about what was recorded are only counted (`record_sentences`): that a figure is no longer to be checked
    solves nothing.
    """
    rows = found.findings[~found.findings["kind"].isin(ABOUT_RECORDS)].to_dict("records")
    yield from _gone_sentences(found, rows, lang)
    only = is_elsewhere(found)
    for row in rows:
        if row["change"] == "new":
            said = row["message_after"]
            yield sentence_of(
                tr("Found in {name} only: {message}", lang, name=quoted(found.names[1], lang), message=said)
                if only else tr("Newly found: {message}", lang, message=said)
            )  # fmt: skip
        elif row["change"] == "changed":
            before, after = _amounts(row, lang)
            if before != after:
                yield _moved(found, called(found, row, lang), before, after, lang)


def record_sentences(found: Compared, lang: str) -> Iterator[str]:
    """Yield how many findings on the figures themselves, which the sentences leave out, come, go or change."""
    rows = found.findings[found.findings["kind"].isin(ABOUT_RECORDS)].to_dict("records")
    came, gone, moved = (
        [row for row in rows if row["change"] == one] for one in ("new", "solved", "changed")
    )
    moved = [row for row in moved if len(set(_amounts(row, lang))) > 1]
    if not (came or gone or moved):
        return
    if is_elsewhere(found):
        one, two = (quoted(name, lang) for name in found.names)
        parts = [
            tr("in {name} only: {items}", lang, name=name, items=number(len(part), lang))
            for name, part in ((one, gone), (two, came))
            if part
        ]
    else:
        parts = [
            trn("{count} newly found, {names}", "{count} newly found, {names}", len(came), lang,
                names=_named_briefly(found, came, lang)) if came else "",
            trn("{count} no longer found, {names}", "{count} no longer found, {names}", len(gone), lang,
                names=_named_briefly(found, gone, lang)) if gone else "",
        ]  # fmt: skip
    if moved:
        parts.append(
            trn("{count} of which the size changes", "{count} of which the size changes", len(moved), lang)
        )
    yield tr(
        "Findings on the figures and records themselves, which say nothing of the chain: {parts}.", lang,
        parts=clauses(parts, lang),
    )  # fmt: skip


def _named_briefly(found: Compared, rows: list[dict[str, Any]], lang: str) -> str:
    return enumeration(list(dict.fromkeys(called(found, row, lang) for row in rows)), lang, limit=3)


def _gone_sentences(found: Compared, rows: list[dict[str, Any]], lang: str) -> Iterator[str]:
    """Yield the findings that are no longer there; what an actor took along when it left is not solved."""
    gone = [row for row in rows if row["change"] == "solved"]
    if not gone:
        return
    if is_elsewhere(found):
        yield tr("Found in {name} only: {names}.", lang, name=quoted(found.names[0], lang),
                 names=_listed(found, gone, lang))  # fmt: skip
        return
    come = [row for row in rows if row["change"] == "new"]
    # what was to be said of a stage that nobody holds any more is not solved, nor what is found again otherwise
    emptied = {row["stage_id"] for row in come if row["kind"] == _MISSING}
    again = {subject(row) for row in come}
    left = Departed.of(found)
    solved: list[dict[str, Any]] = []
    taken: list[dict[str, Any]] = []
    who: set[str] = set()
    for row in gone:  # over the findings that went
        if {row["stage_id"], row["to_stage_id"]} & emptied or subject(row) in again or left.about(row):
            continue
        beneath = left.beneath(found.before.found[row["finding_id"]])
        who |= beneath
        (taken if beneath else solved).append(row)
    if solved:
        yield tr("No longer found: {names}.", lang, names=_listed(found, solved, lang))
    if taken:
        yield tr(
            "No longer found, but it rested on actors that no longer count ({actors}): {names}.",
            lang, actors=enumeration([left.names[one] for one in sorted(who)], lang),
            names=_listed(found, taken, lang),
        )  # fmt: skip


def _listed(found: Compared, rows: list[dict[str, Any]], lang: str) -> str:
    return clauses(list(dict.fromkeys(called(found, row, lang) for row in rows)), lang)


def _amounts(row: dict[str, Any], lang: str) -> tuple[str, str]:
    return (
        amount_text(row["quantity_before"], row["unit"], lang),
        amount_text(row["quantity_after"], row["unit"], lang),
    )


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


# -- figures --------------------------------------------------------------------------------------------------


def figure_sentences(found: Compared, lang: str) -> Iterator[str]:
    """Yield the figures that change, essential ones first, in the order of the diagnosis."""
    for row in found.indicators.to_dict("records"):
        if row["change"] not in ("up", "down", "now_known", "no_longer_known"):
            continue
        told = [
            value_text(one.measured[row["indicator_id"]].measure, lang=lang)
            for one in (found.before, found.after)
        ]
        if told[0] != told[1]:
            yield sentences(_moved(found, row["name"], told[0], told[1], lang), _doubt(found, row, lang))


def _doubt(found: Compared, row: dict[str, Any], lang: str) -> str:
    """Return that a change may be none, where what is unknown leaves room for that."""
    if pd.isna(row["apart"]):
        return ""
    if not row["apart"]:
        return tr("The difference is not certain: it depends on what is unknown.", lang)
    measures = [one.measured[row["indicator_id"]].measure for one in (found.before, found.after)]
    silent = [one.n_unknown for one in measures]
    bounded = all(one.low == one.low and one.high == one.high for one in measures)
    if bounded or silent[0] == silent[1] or is_elsewhere(found):
        return ""
    return _other_unknown(silent, lang)


def _other_unknown(silent: list[int], lang: str) -> str:
    """Return that two sums are not over the same figures."""
    before, after = (number(count, lang) for count in silent)
    return tr(
        "Not over the same known figures: {before} unknown, then {after}.", lang, before=before, after=after
    )


_KNOWN = {
    "now_known": N_("{name}: not known before, {after} now."),
    "no_longer_known": N_("{name}: {before} before, no longer known."),
}


def _moved(found: Compared, name: str, before: str, after: str, lang: str) -> str:
    """Return how a size changes: one that was unknown has not grown; two territories have their own each."""
    if is_elsewhere(found):
        one, two = (quoted(each, lang) for each in found.names)
        return tr("{name}: {before} in {one}, {after} in {two}.", lang, name=name, before=before, after=after,
                  one=one, two=two)  # fmt: skip
    text = N_("{name}: {before}, then {after}.")
    if before == tr("unknown", lang):
        text = _KNOWN["now_known"]
    elif after == tr("unknown", lang):
        text = _KNOWN["no_longer_known"]
    elif ", " in before + after:
        text = N_("{name}: {before}; then {after}.")
    return tr(text, lang, name=name, before=before, after=after)
