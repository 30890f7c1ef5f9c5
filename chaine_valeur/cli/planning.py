"""The commands on what could be: candidates, niches, compare, plan."""

from __future__ import annotations

import re
from typing import Any

import click

from ..language import tr
from .commands import draws_option, file_argument, file_text, public_files
from .planning_runs import run_candidates, run_compare, run_niches, run_plan
from .spoken import Choice, Number, Spoken, Year, command_of

__all__ = ["candidates", "compare", "niches", "plan"]

OBJECTIVES = ("insertion_fte", "served_t", "closed_gaps")


class _Years(click.ParamType):
    """Years that follow one another: ``2025-2027``, or one."""

    name = "years"

    def __init__(self, *, lang: str) -> None:
        self.lang = lang

    def convert(self, value: Any, param: click.Parameter | None, ctx: click.Context | None) -> range:
        """Return the years that a value means."""
        if isinstance(value, range):
            return value
        found = re.fullmatch(r"([12]\d{3})(?:\s*[-–:]\s*([12]\d{3}))?", str(value).strip())
        if found and (found[2] is None or found[1] <= found[2]):
            return range(int(found[1]), int(found[2] or found[1]) + 1)
        self.fail(tr("“{value}” is no span of years: write 2025-2027.", self.lang, value=value), param, ctx)


def plan(lang: str) -> Spoken:
    """Return the command that proposes what to do first with the budgets there are."""
    return command_of(
        "plan",
        run_plan,
        [
            file_argument(lang),
            click.Option(["-o", "--output"], metavar=tr("FOLDER", lang),
                         help=tr("Folder to write plan.html, plan.docx and plan.xlsx into.", lang)),
            click.Option(["--objective"], type=Choice(OBJECTIVES, lang=lang), default="insertion_fte",
                         metavar="|".join(OBJECTIVES),
                         help=tr("What to reach the most of: insertion posts (the default), tonnes served, gaps "
                                 "closed.", lang)),
            click.Option(["--years"], type=_Years(lang=lang), metavar=tr("YEARS", lang),
                         help=tr("Years to plan (2025-2027); by default those of the budgets.", lang)),
            click.Option(["--year"], type=Year(lang=lang), metavar=tr("YEAR", lang),
                         help=tr("Year of the chain to plan from; by default the reference year.", lang)),
            click.Option(["--supervision"], type=Number(lang=lang), metavar=tr("RATIO", lang),
                         help=tr("FTE of supervision for one FTE of insertion that each structure has to have "
                                 "(0.2); by default no rule.", lang)),
            click.Option(["--cap"], type=Number(lang=lang, most=1), default=0.30, metavar=tr("SHARE", lang),
                         help=tr("Share of the costs of an ACI that receipts may cover (0.3 by default, 0.5 by "
                                 "derogation).", lang)),
            click.Option(["--outlets"], is_flag=True,
                         help=tr("Take only options whose tonnage finds somebody who takes it, to the end of the chain.",
                                 lang)),
            draws_option(lang),
        ],
        lang=lang,
        short=tr("Propose what to do first with the budgets there are.", lang),
        text=tr(
            "Choose among the options of the workbook (sheets Options, Order of options, Budgets) so as to reach "
            "the most with the budgets there are: what to decide in which year, with whose money, why not the "
            "rest, what remains to be paid afterwards.",
            lang,
        ),
        explained={tr("FILE", lang): file_text(lang)},
    )  # fmt: skip


def _year(lang: str) -> click.Option:
    text = tr("Year of the figures; by default the latest.", lang)
    return click.Option(["--year"], type=Year(lang=lang), metavar=tr("YEAR", lang), help=text)


def _table(lang: str) -> click.Option:
    return click.Option(
        ["-o", "--output"], metavar=tr("FILE", lang), help=tr("Workbook to write (.xlsx).", lang)
    )


def candidates(lang: str) -> Spoken:
    """Return the command that lists who could fill the gaps."""
    return command_of(
        "candidates",
        run_candidates,
        [
            file_argument(lang),
            click.Option(["--stage"], metavar=tr("STAGE", lang),
                         help=tr("Stage to fill; by default those that are missing, held from outside or by one "
                                 "operator alone.", lang)),
            click.Option(["--most"], type=Number(lang=lang, least=1, whole=True), default=10, metavar=tr("NUMBER", lang),
                         help=tr("Candidates per stage (10 by default).", lang)),
            _table(lang),
            _year(lang),
            *public_files(lang),
        ],
        lang=lang,
        short=tr("List who could fill the gaps of the chain.", lang),
        text=tr(
            "List who could be approached for a stage, with the reasons of each and what to ask: from the national "
            "stock of establishments, a listing of insertion structures and the workbook itself. Nobody enters the "
            "workbook by this.",
            lang,
        ),
        explained={tr("FILE", lang): file_text(lang)},
    )  # fmt: skip


def niches(lang: str) -> Spoken:
    """Return the command that weighs the niches of the territory."""
    return command_of(
        "niches",
        run_niches,
        [file_argument(lang), _table(lang), _year(lang), *public_files(lang)],
        lang=lang,
        short=tr("Weigh what the territory’s own resources could carry.", lang),
        text=tr(
            "Weigh each stage as a niche of the territory: resource, outlet, nearness of skills, insertion, side by "
            "side; what is not known is said.",
            lang,
        ),
        explained={tr("FILE", lang): file_text(lang)},
    )


def compare(lang: str) -> Spoken:
    """Return the command that tells what differs, or what scenarios would change."""
    return command_of(
        "compare",
        run_compare,
        [
            file_argument(lang),
            click.Argument(["other"], metavar=f"[{tr('OTHER', lang)}]", required=False),
            click.Option(["--scenario"], metavar=tr("NAME", lang), multiple=True,
                         help=tr("Scenario to compare with today; by default all of those of the workbook.", lang)),
            click.Option(["-o", "--output"], metavar=tr("FILE", lang),
                         help=tr("File to write the same sentences into (.txt or .md).", lang)),
            _year(lang),
        ],
        lang=lang,
        short=tr("Tell what differs between two filières, or what scenarios would change.", lang),
        text=tr(
            "With two workbooks, tell what differs between them, perimeters first. With one, apply the scenarios of "
            "its sheet and tell what each would change.",
            lang,
        ),
        explained={
            tr("FILE", lang): file_text(lang),
            tr("OTHER", lang): tr("The workbook, folder or example to compare with.", lang),
        },
    )  # fmt: skip
