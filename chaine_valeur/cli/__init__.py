"""The command line: `template`, `check`, `diagnose`, `niches`, `candidates`, `compare`, `plan`,
`sheets`, `portfolio`, `datasets`. It speaks French unless asked otherwise.

Only click is loaded to show the help; each command loads what it needs. Exit codes: 0 done; 1 done, but
something in the workbook could not be used (or `check` found errors); 2 wrong use or unreadable file; 3 a
fault of the program.
"""

from __future__ import annotations

import sys
from collections.abc import Sequence
from typing import NoReturn

import click

from ..about import library_version
from ..language import DEFAULT_LANGUAGE, tr
from .commands import check, datasets, diagnose, template
from .planning import candidates, compare, niches, plan
from .portfolio import portfolio
from .runs import DONE, WRONG
from .sheets import sheets
from .speaking import say
from .spoken import Group, debug_option, lang_option, language_of

__all__ = ["app", "main"]


def main(args: Sequence[str] | None = None) -> NoReturn:
    """Run the command line and leave with its exit code."""
    for stream in (sys.stdout, sys.stderr):
        if hasattr(stream, "reconfigure"):
            stream.reconfigure(errors="replace")
    said = list(sys.argv[1:] if args is None else args)
    # click itself takes sys.argv where it can: it then expands patterns on Windows
    app(language_of(said)).main(None if args is None else said)
    raise SystemExit(DONE)  # pragma: no cover (main leaves by itself)


def app(lang: str = DEFAULT_LANGUAGE) -> click.Group:
    """Return the command line in a language; ``app().main(args)`` runs it."""
    group = Group(
        "chaine-valeur",
        lang=lang,
        made_by=app,
        help=tr(
            "From the workbook of a filière to its diagnostic: where the chain breaks, who works with "
            "whom, how many insertion jobs hang on it.",
            lang,
        ),
        epilog=tr(
            "To begin: “chaine-valeur template -o filiere.xlsx”, fill the workbook, then “chaine-valeur "
            "diagnose filiere.xlsx -o diagnostic”. Exit codes: 0 done, 1 done but something was left out, "
            "2 wrong use or unreadable file.",
            lang,
        ),
        subcommand_metavar=tr("COMMAND [ARGUMENTS]…", lang),
        params=[lang_option(lang), _version_option(lang), debug_option(lang)],
        options_metavar=f"[{tr('OPTIONS', lang)}]",
        invoke_without_command=True,
        callback=_no_command,
    )
    makers = (template, check, diagnose, niches, candidates, compare, plan, sheets, portfolio, datasets)
    for make in makers:
        group.add_command(make(lang))
    return group


@click.pass_context
def _no_command(ctx: click.Context) -> None:
    if ctx.invoked_subcommand is None:
        say(ctx.get_help(), err=True)
        ctx.exit(WRONG)


def _version_option(lang: str) -> click.Option:
    def show(ctx: click.Context, param: click.Parameter, value: bool) -> None:
        if value and not ctx.resilient_parsing:
            say(f"chaine_valeur {library_version()}")
            ctx.exit()

    text = tr("Show the version and stop.", lang)
    return click.Option(
        ["--version"], is_flag=True, is_eager=True, expose_value=False, callback=show, help=text
    )
