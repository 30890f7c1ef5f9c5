"""The commands on what could be: candidates, niches, compare, plan."""

from __future__ import annotations

import re
from typing import Any

import click

from ..language import tr
from .commands import file_argument, file_text
from .planning_runs import run_plan
from .spoken import Choice, Spoken, Year, command_of

__all__ = ["plan"]

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
            click.Option(["--supervision"], type=float, metavar=tr("RATIO", lang),
                         help=tr("FTE of supervision for one FTE of insertion that each structure has to have "
                                 "(0.2); by default no rule.", lang)),
            click.Option(["--cap"], type=float, default=0.30, metavar=tr("SHARE", lang),
                         help=tr("Share of the costs of an ACI that receipts may cover (0.3 by default, 0.5 by "
                                 "derogation).", lang)),
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
