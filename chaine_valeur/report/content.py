"""One content for the three forms of the report."""

from __future__ import annotations

from datetime import date
from typing import TYPE_CHECKING

from ..language import date_text, tr
from ..redaction import VERSIONS, without_persons
from .actors import actors_section
from .barriers import barriers_section
from .blocks import Block, Content, Heading, Map, Section
from .cooperation import cooperation_section
from .directory import directory_section
from .findings import chain_section, findings_section
from .flows import flows_section
from .funding import funding_section
from .insertion import insertion_section
from .method import figures_section, findings_rows_section, method_section
from .opening import closing, expert_section, facts, five_section, key_figures, notices
from .pictures import (
    actor_map,
    chain_picture,
    cooperation_picture,
    evolution_picture,
    funding_picture,
    gaps_picture,
    groups_picture,
    jobs_picture,
    network_picture,
    place_picture,
    reconciliation_picture,
    sankey_picture,
)
from .proposals import proposal_sections
from .quality import data_section
from .redacted import CARRYING, redacted_section
from .territory import territory_section
from .value import value_section

if TYPE_CHECKING:
    from ..diagnosis import Diagnosis
    from ..planning.sources import Sources

__all__ = ["content", "running"]


def content(
    diagnosis: Diagnosis,
    *,
    on: date | None = None,
    sources: Sources | None = None,
    draws: int | None = None,
    progress: bool | None = None,
) -> Content:
    """Return what a report says of a diagnostic, the same for every form.

    Parameters
    ----------
    on
        Date of the report; by default it bears none, and the same diagnostic gives the same report.
    sources
        Public files read for the filière (`chaine_valeur.planning.Sources`): candidates and niches rest on them.
    draws
        How often figures are drawn again within their uncertainty, to tell which findings and options hold; None:
        this is not examined, since it takes some minutes.
    progress
        Whether the draws done are counted on the error stream.

    Returns
    -------
    Content
        Plain text, tables and pictures. Natural persons are masked.
    """
    told = without_persons(diagnosis)
    f, lang = told.filiere, told.lang
    named = f.name or tr("Filière without a name", lang)
    whole = not told.lacks(*CARRYING)
    sections: list[Section | None] = [
        five_section(told),
        key_figures(told),
        actors_section(told),
        territory_section(told, gaps_picture(f, lang=lang), place_picture(f, lang=lang)),
        chain_section(told, chain_picture(f, lang=lang), _map_blocks(told)),
        flows_section(
            told,
            reconciliation_picture(f, lang=lang) if whole else None,
            sankey_picture(f, whole=whole, lang=lang),
        ),
        findings_section(told),
        barriers_section(told),
        cooperation_section(
            told,
            cooperation_picture(f, lang=lang),
            groups_picture(f, lang=lang),
            evolution_picture(f, lang=lang),
            network_picture(f, lang=lang),
        ),
        insertion_section(told, jobs_picture(f, lang=lang)),
        funding_section(told, funding_picture(f, lang=lang)),
        value_section(told),
        *proposal_sections(told, on=on, sources=sources, draws=draws, progress=progress),
        data_section(told),
        redacted_section(told),
        directory_section(told),
        expert_section(told),
        method_section(told),
        figures_section(told),
        findings_rows_section(told),
    ]
    return Content(
        lang=lang,
        title=named,
        subtitle=tr("Diagnostic of the filière", lang),
        facts=facts(told, on=on),
        notices=notices(told),
        sections=tuple(section for section in sections if section is not None),
        closing=closing(lang),
        running=running(told, on=on),
    )


def running(diagnosis: Diagnosis, *, on: date | None) -> tuple[str, ...]:
    """Return what stands at the head of each page beside the title: for whom the version is, and its date."""
    lang = diagnosis.lang
    version = tr(VERSIONS[diagnosis.audience], lang) if diagnosis.audience else ""
    return tuple(part for part in (version, date_text(on, lang) if on else "") if part)


def _map_blocks(diagnosis: Diagnosis) -> tuple[Block, ...]:
    made = actor_map(diagnosis.filiere, lang=diagnosis.lang)
    title = made.title if isinstance(made, Map) else tr("Interactive map of the actors", diagnosis.lang)
    return (Heading(title), made)
