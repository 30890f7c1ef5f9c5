"""The command that writes one-page sheets: actors to validate, actions, experiences."""

from __future__ import annotations

import click

from ..language import tr
from .commands import audience_option, file_argument, file_text
from .sheet_runs import run_sheets
from .spoken import Choice, Spoken, Year, command_of

__all__ = ["sheets"]

#: Kinds of sheets and their forms; the names are those of the library, which is not loaded for a help.
KINDS = ("actors", "actions", "experiences")
FORMS = ("html", "docx", "both")


def sheets(lang: str) -> Spoken:
    """Return the command that writes one-page sheets."""
    return command_of(
        "sheets",
        run_sheets,
        [
            file_argument(lang),
            click.Option(["-o", "--output"], metavar=tr("FOLDER", lang),
                         help=tr("Folder to write the sheets into, made if there is none (compulsory).", lang)),
            click.Option(["--kind"], type=Choice(KINDS, lang=lang), metavar="|".join(KINDS),
                         help=tr("Which sheets: actors, actions or experiences; by default all of them.", lang)),
            click.Option(["--form"], type=Choice(FORMS, lang=lang), default="both", metavar="|".join(FORMS),
                         help=tr("A page (html), a Word document (docx), or both (the default).", lang)),
            click.Option(["--year"], type=Year(lang=lang), metavar=tr("YEAR", lang),
                         help=tr("Year of the figures; by default the latest.", lang)),
            click.Option(["--base"], metavar=tr("FILE", lang),
                         help=tr("A Word document or template whose styles, page, headers and footers the sheets take.",
                                 lang)),
            click.Option(["--plan"], is_flag=True,
                         help=tr("Work out the plan too: each option that it takes has a sheet, its money balanced.",
                                 lang)),
            audience_option(lang),
        ],
        lang=lang,
        short=tr("Write one-page sheets: actors to validate, actions, experiences.", lang),
        text=tr(
            "Write a sheet of one page for each actor (what was recorded of it, to be signed before anything is "
            "published), each action of the plan and each experience, as a page and a Word document. They go into the "
            "folders acteurs, actions and experiences, each with an index.html that lists them.",
            lang,
        ),
        explained={tr("FILE", lang): file_text(lang)},
        compulsory=("output",),
    )  # fmt: skip
