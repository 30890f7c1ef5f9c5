"""Robustness in words for those who decide: how many come back, what would overturn the others, how it was done."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import TYPE_CHECKING, Any

from ..analysis.wording import quoted
from ..language import number, percent, tr, trn
from ..planning.robustness.examined import FIRM, RARE
from ..planning.robustness.frames import wilson
from ..planning.robustness.tornado_words import tornado_sentence
from ..planning.robustness.wording import in_ten

if TYPE_CHECKING:
    from ..diagnosis import Diagnosis
    from ..planning.robustness.examined import Examination
    from ..planning.robustness.tornado import Tornado

__all__ = [
    "firm_options", "headline_name", "how_drawn", "how_told", "lead_text", "no_figure", "overturning", "plan_text",
    "reading_of", "draws_hint",
    "robustness_lines", "summary",
]  # fmt: skip

#: Failures told; they are of a few kinds.
MOST_FAILURES = 5


def reading_of(row: Mapping[str, Any], lang: str) -> str:
    """Return how a share of the draws is read: of an option of the plan, and of one that is not in it."""
    share = row["share"]
    if share != share:
        return tr("unknown", lang)
    if row["in_base"]:
        return (
            tr("firm", lang) if share >= FIRM
            else tr("to be confirmed", lang) if share >= 0.5
            else tr("fragile", lang)
        )  # fmt: skip
    return (
        tr("to be reconsidered", lang) if share >= 0.5
        else tr("possible", lang) if share >= RARE
        else tr("discarded", lang)
    )  # fmt: skip


def lead_text(found: Examination, lang: str) -> str:
    """Return how often figures were drawn, what was worked out, how to read it."""
    draws = found.robustness.draws
    told = number(draws, lang)
    if not found.planned:
        what = tr("All uncertain figures were drawn at random within their uncertainty, {count} times, and the "
                  "findings worked out again each time.", lang, count=told)  # fmt: skip
    elif found.robustness.findings.empty:
        what = tr("All uncertain figures were drawn at random within their uncertainty, {count} times, and the plan "
                  "worked out again each time.", lang, count=told)  # fmt: skip
    else:
        what = tr("All uncertain figures were drawn at random within their uncertainty, {count} times, and the "
                  "findings and the plan worked out again each time.", lang, count=told)  # fmt: skip
    advice = tr("What nearly always comes back is firm; what comes and goes with the draw is to be confirmed before "
                "it is decided on.", lang)  # fmt: skip
    return f"{what} {advice}"


def firm_options(found: Examination) -> tuple[int, int]:
    """Return how many options of the plan are firm, of how many."""
    plan = found.robustness.plan
    taken = plan[plan["in_base"]]
    return int((taken["share"] >= FIRM).sum()), len(taken)


def plan_text(found: Examination, lang: str) -> str:
    """Return in a sentence how many options of the plan are firm."""
    firm, count = firm_options(found)
    return trn(
        "Of the {count} option of this plan, {firm} is taken in at least {share} of the {draws} draws (see "
        "“Robustness”).",
        "Of the {count} options of this plan, {firm} are taken in at least {share} of the {draws} draws (see "
        "“Robustness”).",
        count, lang, firm=number(firm, lang), share=percent(FIRM, lang), draws=number(found.robustness.draws, lang),
    )  # fmt: skip


def summary(found: Examination, lang: str) -> list[str]:
    """Return how many options and findings are firm."""
    share, said = percent(FIRM, lang), []
    if found.planned:
        firm, count = firm_options(found)
        said.append(
            trn(
                "Options of the plan taken in at least {share} of the draws: {firm} of {count}.",
                "Options of the plan taken in at least {share} of the draws: {firm} of {count}.",
                count, lang, firm=number(firm, lang), share=share,
            )
        )  # fmt: skip
    findings = found.robustness.findings
    stated = findings[findings["in_base"] & findings["varies"]]
    if len(stated):
        held = number(int((stated["share"] >= FIRM).sum()), lang)
        said.append(
            trn(
                "Findings that rest on drawn figures and come back in at least {share} of the draws: {firm} of {count}.",
                "Findings that rest on drawn figures and come back in at least {share} of the draws: {firm} of {count}.",
                len(stated), lang, firm=held, share=share,
            )
        )  # fmt: skip
    return said


def headline_name(one: Tornado, lang: str) -> str:
    """Return what a headline is called in a table."""
    return quoted(one.headline.name, lang) if one.headline.kind == "option" else one.headline.name


def no_figure(one: Tornado, lang: str) -> str:
    """Return that no figure alone is enough, and of which it was looked for."""
    if one.headline.kind == "option":
        return tr("None of its own figures alone, even divided or multiplied by {factor}: it hangs on several, or on "
                  "those of the other options.", lang, factor=number(one.within, lang))  # fmt: skip
    return tr("None of those that were moved alone, even divided or multiplied by {factor}: it hangs on several.",
              lang, factor=number(one.within, lang))  # fmt: skip


def overturning(one: Tornado, lang: str) -> list[str]:
    """Return in sentences what would overturn a headline."""
    inputs = one.inputs[one.inputs["change"].notna()]
    told = [
        tornado_sentence(one.filiere, one.headline, row, threshold=None, brief=True, lang=lang)
        for row in inputs.to_dict("records")
    ]
    return told or [no_figure(one, lang)]


def how_told(diagnosis: Diagnosis, found: Examination, lang: str) -> list[str]:
    """Return how it was worked out, and which findings of the report are not examined."""
    said = how_drawn(found, lang)
    findings = found.robustness.findings
    silent = len(set(diagnosis.findings["finding_id"]) - set(findings["finding_id"])) if len(findings) else 0
    if silent:
        said.append(
            trn(
                "{count} finding of this report is not examined: it sets two statements of one thing against each "
                "other, or rests on who works with whom.",
                "{count} findings of this report are not examined: they set two statements of one thing against each "
                "other, or rest on who works with whom.",
                silent, lang,
            )
        )  # fmt: skip
    return said


def how_drawn(found: Examination, lang: str) -> list[str]:
    """Return draws and seed, what was drawn, how near the shares are, what could not be worked out."""
    made = found.robustness
    half = round(made.draws / 2)
    low, high = wilson(half, made.draws)
    near = tr("With {count} draws a share is known to within {points} points at most; more draws narrow that.", lang,
              count=number(made.draws, lang), points=number(round(100 * (high - low) / 2), lang))  # fmt: skip
    return [*made.notes(lang), near, *_failed(found, lang)]


def _failed(found: Examination, lang: str) -> list[str]:
    """Return what could not be worked out, by what it was, with a reason."""
    failures, said = found.robustness.failures, []
    drawn = failures[failures["draw"] >= 0]
    for (what, name), rows in list(drawn.groupby(["what", "name"], sort=False))[:MOST_FAILURES]:
        reason = str(rows["error"].iloc[0]).partition(": ")[2] or str(rows["error"].iloc[0])
        count = rows["draw"].nunique()
        if what == "plan":
            said.append(trn("In {count} draw no plan could be made, for instance: {reason}",
                            "In {count} draws no plan could be made, for instance: {reason}",
                            count, lang, reason=reason))  # fmt: skip
        else:
            said.append(trn("In {count} draw “{name}” could not be worked out: {reason}",
                            "In {count} draws “{name}” could not be worked out: {reason}",
                            count, lang, name=name or what, reason=reason))  # fmt: skip
    return said


def draws_hint(lang: str) -> str:
    """Return how to ask whether a plan holds, for who sits at the keyboard; a document does not speak of it."""
    return tr(
        "Whether the plan holds when its figures change was not examined: the option “--draws 100” does so, in some "
        "minutes.",
        lang,
    )


def robustness_lines(found: Examination, *, lang: str) -> Iterator[str]:
    """Yield for a terminal how often each option is taken, what would overturn it, and how that was worked out."""
    yield ""
    yield tr("Robustness", lang)
    yield f"  {lead_text(found, lang)}"
    for one in summary(found, lang):
        yield f"  {one}"
    told = {one.headline.identifier: one for one in found.overturned}
    for row in found.robustness.plan.to_dict("records"):
        often = in_ten(row["n_taken"], row["n_draws"], lang)
        taken = tr("taken in {often}", lang, often=often)
        text = f"{taken} · {reading_of(row, lang)}"
        yield "  " + tr("{label}: {text}", lang, label=row["name"], text=text)
        if row["option_id"] in told:
            for sentence in overturning(told[row["option_id"]], lang):
                yield f"    {sentence}"
    for one in how_drawn(found, lang):
        yield f"  {one}"
