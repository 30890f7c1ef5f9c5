"""The command on many filières: a folder of workbooks in, one report on all of them out."""

from __future__ import annotations

import click

from ..language import tr
from .portfolio_runs import run_portfolio
from .spoken import Number, Spoken, Year, command_of

__all__ = ["portfolio"]


def portfolio(lang: str) -> Spoken:
    """Return the command that reads and compares many filières."""
    folder = tr("FOLDER", lang)
    return command_of(
        "portfolio",
        run_portfolio,
        [
            click.Argument(["folder"], metavar=folder),
            click.Option(["-o", "--output"], metavar=folder,
                         help=tr("Folder to write the report into, made if there is none (compulsory).", lang)),
            click.Option(["--title"], default="", metavar=tr("TEXT", lang),
                         help=tr("Title of the report.", lang)),
            click.Option(["--year"], type=Year(lang=lang), metavar=tr("YEAR", lang),
                         help=tr("Every filière in that year; by default each as it describes itself.", lang)),
            click.Option(["--ranked"], multiple=True, metavar=tr("INDICATOR", lang),
                         help=tr("An indicator (A1, D1…) whose places are told; give it again for another one.", lang)),
            click.Option(["--jobs"], type=Number(lang=lang, least=1, whole=True), metavar=tr("NUMBER", lang),
                         help=tr("Processes that read at the same time; by default one.", lang)),
            click.Option(["--resume"], metavar=folder,
                         help=tr("A folder that keeps what was read: the next run reads only what is new, changed or "
                                 "failed, and one that was stopped goes on.", lang)),
            click.Option(["--base"], metavar=tr("FILE", lang),
                         help=tr("A Word document or template whose styles, page, headers and footers the report "
                                 "takes.", lang)),
        ],
        lang=lang,
        short=tr("Compare many filières: a folder of workbooks in, one report out.", lang),
        text=tr(
            "Read a folder of workbooks or of folders of CSV files, one a filière, and write what they are together: "
            "totals in which what several of them share counts once, figures and their distribution, stages held and "
            "missing. A file that cannot be read is listed, and stops nothing. The report is internal.",
            lang,
        ),
        explained={
            folder: tr(
                "A folder of workbooks or of folders of CSV files, CSV tables of many filières, or shards.", lang
            )
        },
        compulsory=("output",),
    )  # fmt: skip
