"""What is proposed: sections of the report, and a document of their own for those who vote."""

from __future__ import annotations

import os
from collections.abc import Iterable, Mapping
from datetime import date
from pathlib import Path
from typing import TYPE_CHECKING

from ..errors import ChaineValeurError
from ..io.files import writable_path
from ..language import tr
from ..redaction import without_persons
from ..text import one_line
from .blocks import Content, Section
from .candidates import candidates_section
from .html import save_html
from .niches import niches_section
from .opening import closing_of_proposal, facts, notices
from .plan import plan_section
from .plan_sheets import plan_sheets
from .redacted import PLANNED, not_told
from .robustness import examined, robustness_section, with_robustness
from .robustness_sheets import robustness_sheets
from .scenarios import scenarios_section
from .sheets import save_sheets
from .word import save_docx

if TYPE_CHECKING:
    from ..diagnosis import Diagnosis
    from ..filiere import Filiere
    from ..planning.plan import Plan
    from ..planning.robustness import Examination
    from ..planning.scenarios import Comparisons
    from ..planning.sources import Sources

__all__ = ["proposal_content", "proposal_sections", "write_plan"]


def proposal_sections(
    diagnosis: Diagnosis,
    *,
    on: date | None = None,
    wishes: Mapping[str, object] | None = None,
    sources: Sources | None = None,
    draws: int | None = None,
    progress: bool | None = None,
) -> list[Section]:
    """Return what a filière proposes, as far as its tables state it: niches, candidates, scenarios, plan.

    With draws, then what of the findings and the plan stands when the figures are drawn again.

    Parameters
    ----------
    diagnosis
        Of the filière, persons already masked.
    on
        Today: years of the plan that are over are told.
    wishes
        Arguments of `chaine_valeur.planning.plan`.
    sources
        Public files read for the filière: without them candidates come from its own tables only.
    draws
        How often figures are drawn again within their uncertainty; None: robustness is not examined.
    progress
        Whether the draws done are counted on the error stream.
    """
    f, lang = diagnosis.filiere, diagnosis.lang
    if diagnosis.lacks(*PLANNED):
        return _of_a_redacted(diagnosis, sources)
    compared, not_compared = _scenarios(diagnosis)
    found, no_plan = _plan(f, wishes or {}, lang)
    firm, not_examined = None, ""
    if draws is not None:
        asked = None if found is None else dict(wishes or {})
        firm, not_examined = examined(diagnosis, draws=draws, wishes=asked, progress=progress)
    proposed = plan_section(f, found, why=no_plan, on=on, lang=lang)
    sections = [
        niches_section(f, sources, lang),
        candidates_section(f, sources, lang),
        scenarios_section(compared, why=not_compared, lang=lang),
        proposed if found is None else with_robustness(proposed, firm, asked=draws is not None, lang=lang),
        robustness_section(diagnosis, firm, why=not_examined, lang=lang),
    ]
    return [section for section in sections if section is not None]


def _of_a_redacted(diagnosis: Diagnosis, sources: Sources | None) -> list[Section]:
    """Return what can be proposed where figures are not told: a plan of another chain would be none."""
    f, lang = diagnosis.filiere, diagnosis.lang
    sections = [niches_section(f, sources, lang), candidates_section(f, sources, lang)]
    if len(f.options) or len(f.scenarios):
        sections.append(Section("plan", tr("Scenarios and plan", lang), (not_told(lang),)))
    return [section for section in sections if section is not None]


def _scenarios(diagnosis: Diagnosis) -> tuple[Comparisons | None, str]:
    """Return what the scenarios stated would change, or why they cannot be applied."""
    f, lang = diagnosis.filiere, diagnosis.lang
    if f.scenarios.empty:
        return None, ""
    from ..planning.scenarios import compare_scenarios

    try:
        return compare_scenarios(f, today=diagnosis, lang=lang), ""
    except ChaineValeurError as error:
        return None, tr("The scenarios cannot be applied: {reason}", lang, reason=one_line(error))


def _plan(f: Filiere, wishes: Mapping[str, object], lang: str) -> tuple[Plan | None, str]:
    """Return the plan of the options stated, or why there is none."""
    if f.options.empty:
        return None, ""
    from ..planning.plan import plan

    try:
        return plan(f, lang=lang, **wishes), ""  # type: ignore[arg-type]
    except ChaineValeurError as error:  # what is stated leaves no plan: the reader is told what to change
        return None, tr("No plan can be proposed: {reason}", lang, reason=one_line(error))


def write_plan(
    diagnosis: Diagnosis,
    plan: Plan,
    folder: str | os.PathLike[str],
    *,
    on: date | None = None,
    robustness: Examination | None = None,
) -> list[Path]:
    """Write a plan as a page, a Word document and a workbook into a folder, made if there is none.

    Parameters
    ----------
    diagnosis
        Of the filière that the plan is of; persons have to be masked in it already (`without_persons`).
    robustness
        What `chaine_valeur.planning.robustness.examine` gave of the plan, told where it is given.

    Returns
    -------
    list of pathlib.Path
        ``plan.html``, ``plan.docx``, ``plan.xlsx``.
    """
    target = Path(folder)
    target.mkdir(parents=True, exist_ok=True)
    lang = diagnosis.lang
    proposed = plan_section(diagnosis.filiere, plan, on=on, lang=lang)
    sections = [
        with_robustness(proposed, robustness, asked=robustness is not None, lang=lang),
        robustness_section(diagnosis, robustness, lang=lang),
    ]
    told = _document(diagnosis, sections, on, workbook="plan.xlsx")
    sheets = plan_sheets(plan, lang=lang)
    sheets += [] if robustness is None else robustness_sheets(robustness, lang=lang)
    about = tr("The plan, for those who check it.", lang)
    return [
        save_html(told, writable_path(target / "plan.html", lang=lang)),
        save_docx(told, writable_path(target / "plan.docx", lang=lang)),
        save_sheets(
            sheets, writable_path(target / "plan.xlsx", lang=lang),
            title=told.title, about=about, lang=lang,
        ),
    ]  # fmt: skip


def proposal_content(
    diagnosis: Diagnosis,
    *,
    on: date | None = None,
    wishes: Mapping[str, object] | None = None,
    sources: Sources | None = None,
    draws: int | None = None,
) -> Content:
    """Return a document of what is proposed only, for those who decide; parameters as in `content`.

    Parameters
    ----------
    wishes
        Arguments of `chaine_valeur.planning.plan`: years, objective, rules.
    sources
        Public files read for the filière.
    draws
        As for `proposal_sections`.
    """
    told = without_persons(diagnosis)
    return _document(told, proposal_sections(told, on=on, wishes=wishes, sources=sources, draws=draws), on)


def _document(
    told: Diagnosis, sections: Iterable[Section | None], on: date | None, *, workbook: str = ""
) -> Content:
    lang = told.lang
    return Content(
        lang=lang,
        title=told.filiere.name or tr("Filière without a name", lang),
        subtitle=tr("From the findings to action", lang),
        facts=facts(told, on=on),
        notices=notices(told),
        sections=tuple(section for section in sections if section is not None),
        closing=closing_of_proposal(lang, workbook=workbook),
    )
