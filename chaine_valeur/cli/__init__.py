"""The command line: `template`, `check`, `diagnose`, `datasets`. It speaks French unless asked otherwise.

Only click is loaded to show the help; each command loads what it needs. Exit codes: 0 done; 1 done, but
something in the workbook could not be used (or `check` found errors); 2 wrong use or unreadable file; 3 a
fault of the program.
"""

from __future__ import annotations

import re
import sys
import warnings
from collections.abc import Callable, Sequence
from typing import Any, NoReturn

import click

from ..errors import ChaineValeurError, close_names
from ..language import DEFAULT_LANGUAGE, LANGUAGES, tr
from .runs import BROKEN, DONE, WRONG, run_check, run_datasets, run_diagnose, run_template
from .speaking import complain, say, speakable

__all__ = ["app", "main"]

FORMS = ("essential", "complete")
PROFILES = ("essential", "expert")


def main(args: Sequence[str] | None = None) -> NoReturn:
    """Run the command line and leave with its exit code."""
    for stream in (sys.stdout, sys.stderr):
        if hasattr(stream, "reconfigure"):
            stream.reconfigure(errors="replace")
    said = list(sys.argv[1:] if args is None else args)
    # click itself takes sys.argv where it can: it then expands patterns on Windows
    app(_language_of(said)).main(None if args is None else said)
    raise SystemExit(DONE)  # pragma: no cover (main leaves by itself)


def _language_of(args: Sequence[str]) -> str:
    """Return the language that the arguments ask for, wherever ``--lang`` stands."""
    found = DEFAULT_LANGUAGE
    for place, arg in enumerate(args):
        name, _, value = arg.partition("=")
        if name == "--lang":
            asked = value or (args[place + 1] if place + 1 < len(args) else "")
            found = asked.lower() if asked.lower() in LANGUAGES else found
    return found


# -- commands that speak one language ------------------------------------------------------------------


class _Spoken(click.Command):
    """A command whose own words are in one language, arguments explained like options."""

    def __init__(
        self,
        name: str | None,
        *,
        lang: str = DEFAULT_LANGUAGE,
        explained: dict[str, str] | None = None,
        **more: Any,
    ) -> None:
        super().__init__(name, **more)
        self.lang = lang
        self.explained = explained or {}

    def get_help(self, ctx: click.Context) -> str:
        return speakable(super().get_help(ctx), getattr(sys.stdout, "encoding", None))

    def get_help_option(self, ctx: click.Context) -> click.Option | None:
        option = super().get_help_option(ctx)
        if option is not None:
            option.help = tr("Show this help and stop.", self.lang)
        return option

    def format_usage(self, ctx: click.Context, formatter: click.HelpFormatter) -> None:
        pieces = " ".join(self.collect_usage_pieces(ctx))
        formatter.write_usage(ctx.command_path, pieces, prefix=tr("Usage: ", self.lang))

    def format_arguments(self, ctx: click.Context, formatter: click.HelpFormatter) -> None:
        """Leave the arguments to `format_options`: versions of click differ here."""

    def format_options(self, ctx: click.Context, formatter: click.HelpFormatter) -> None:
        if self.explained:
            with formatter.section(_headed(tr("Arguments", self.lang), self.lang)):
                formatter.write_dl(list(self.explained.items()))
        shown = [
            param.get_help_record(ctx) for param in self.get_params(ctx) if isinstance(param, click.Option)
        ]
        with formatter.section(_headed(tr("Options", self.lang), self.lang)):
            formatter.write_dl([record for record in shown if record is not None])


def _headed(title: str, lang: str) -> str:
    """Return a heading as click wants it, who adds the colon: French has a space before."""
    return f"{title}\u00a0" if lang == "fr" else title


class _Group(_Spoken, click.Group):
    """The commands together; every error becomes one sentence and an exit code."""

    def format_options(self, ctx: click.Context, formatter: click.HelpFormatter) -> None:
        super().format_options(ctx, formatter)
        rows = [(name, self.commands[name].short_help or "") for name in self.commands]
        with formatter.section(_headed(tr("Commands", self.lang), self.lang)):
            formatter.write_dl(rows)

    def list_commands(self, ctx: click.Context) -> list[str]:
        return list(self.commands)

    def main(  # type: ignore[override]  # it leaves by itself, whatever the mode
        self, args: Sequence[str] | None = None, prog_name: str | None = None, **extra: Any
    ) -> NoReturn:
        asked = _language_of(sys.argv[1:] if args is None else list(args))
        if asked != self.lang:
            app(asked).main(args, prog_name, **extra)
        extra["standalone_mode"] = False
        with warnings.catch_warnings(record=True) as noticed:
            warnings.simplefilter("always", UserWarning)
            code = self._run(args, prog_name, extra)
        for one in noticed:
            if issubclass(one.category, UserWarning):
                say(str(one.message), err=True)
        sys.exit(code)

    def _run(self, args: Sequence[str] | None, prog_name: str | None, extra: dict[str, Any]) -> int:
        try:
            return int(super().main(args, prog_name, **extra) or DONE)
        except click.UsageError as error:
            _say_wrong_use(error, self.lang)
        except (click.Abort, KeyboardInterrupt):
            say(tr("Interrupted.", self.lang), err=True)
        except (ChaineValeurError, OSError) as error:
            complain(_told(error, self.lang), self.lang)
        except Exception as error:
            if "--debug" in (sys.argv if args is None else args):
                raise
            reason = f"{type(error).__name__}: {_one_line(str(error))}"[:300]
            complain(
                tr(
                    "something went wrong that should not ({error}). It is a fault of the program: run it "
                    "again with --debug and report what it says.",
                    self.lang,
                    error=reason,
                ),
                self.lang,
            )
            return BROKEN
        return WRONG


def _one_line(text: str) -> str:
    """Return a text on one line; no-break spaces stay what they are."""
    return re.sub(r"[ \t\r\n]+", " ", text).strip()


def _told(error: Exception, lang: str) -> str:
    """Return what an error says, in one line."""
    if isinstance(error, ChaineValeurError) or not isinstance(error, OSError):
        return _one_line(str(error))
    name = error.filename if isinstance(error.filename, str) else ""
    reason = error.strerror or str(error)
    return tr("“{file}” cannot be read or written ({reason}).", lang, file=name, reason=reason)


def _say_wrong_use(error: click.UsageError, lang: str) -> None:
    if error.ctx is not None:
        say(error.ctx.get_usage(), err=True)
        hint = tr("“{command} --help” says more.", lang, command=error.ctx.command_path)
        say(hint, err=True)
    else:
        say(tr("“{command} --help” says more.", lang, command="chaine-valeur"), err=True)
    complain(_wrong_use(error, lang), lang)


def _wrong_use(error: click.UsageError, lang: str) -> str:
    """Return what is wrong in the use, in the language asked for: click knows its own only."""
    if isinstance(error, click.NoSuchOption):
        return tr(
            "there is no option {name}.{close}", lang, name=error.option_name, close=_close(error, lang)
        )
    if isinstance(error, click.BadOptionUsage):
        return tr("the option {name} is not complete, or takes no value.", lang, name=error.option_name)
    if isinstance(error, click.MissingParameter):
        name = "" if error.param is None else getattr(error.param, "metavar", None) or error.param.name
        return tr("{name} is missing.", lang, name=name)
    if isinstance(error, click.BadParameter | _Wrong):
        return str(error.message)
    named = re.search(r"['\"](.+?)['\"]", str(error.message))
    if isinstance(error.ctx and error.ctx.command, click.Group) and named:
        assert error.ctx is not None
        known = list(error.ctx.command.commands)  # type: ignore[attr-defined]
        close = ", ".join(close_names(named[1], known)) or ", ".join(known)
        return tr("there is no command “{name}”. Did you mean: {close}?", lang, name=named[1], close=close)
    if isinstance(error.ctx and error.ctx.command, click.Group):
        return tr("say which command to run.", lang)
    return str(error.message)


def _close(error: Any, lang: str) -> str:
    names = ", ".join(error.possibilities or [])
    return " " + tr("Did you mean: {names}?", lang, names=names) if names else ""


class _Wrong(click.UsageError):
    """A wrong use that is already told in the language of the command."""


class _Choice(click.Choice):
    """A choice whose complaint is in one language."""

    def __init__(self, choices: Sequence[str], *, lang: str) -> None:
        super().__init__(list(choices), case_sensitive=False)
        self.lang = lang

    def convert(self, value: Any, param: click.Parameter | None, ctx: click.Context | None) -> Any:
        known = {str(choice).lower(): choice for choice in self.choices}
        if str(value).lower() in known:
            return known[str(value).lower()]
        told = tr(
            "“{value}” is not possible: choose among {choices}.",
            self.lang,
            value=value,
            choices=", ".join(map(str, self.choices)),
        )
        self.fail(told, param, ctx)


class _Year(click.ParamType):
    """A year of four digits."""

    name = "year"

    def __init__(self, *, lang: str) -> None:
        self.lang = lang

    def convert(self, value: Any, param: click.Parameter | None, ctx: click.Context | None) -> int:
        if re.fullmatch(r"[12]\d{3}", str(value)):
            return int(value)
        self.fail(tr("“{value}” is not a year: write four digits.", self.lang, value=value), param, ctx)


# -- the commands -------------------------------------------------------------------------------------


def app(lang: str = DEFAULT_LANGUAGE) -> click.Group:
    """Return the command line in a language; ``app().main(args)`` runs it."""
    group = _Group(
        "chaine-valeur",
        lang=lang,
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
        params=[_lang_option(lang), _version_option(lang), _debug_option(lang)],
        options_metavar=f"[{tr('OPTIONS', lang)}]",
        invoke_without_command=True,
        callback=_no_command,
    )
    for command in (_template(lang), _check(lang), _diagnose(lang), _datasets(lang)):
        group.add_command(command)
    return group


@click.pass_context
def _no_command(ctx: click.Context) -> None:
    if ctx.invoked_subcommand is None:
        say(ctx.get_help(), err=True)
        ctx.exit(WRONG)


def _lang_option(lang: str) -> click.Option:
    text = tr("Language: fr (French) or en (English).", lang)
    kind = _Choice(LANGUAGES, lang=lang)
    return click.Option(["--lang"], type=kind, default=lang, expose_value=False, help=text, metavar="fr|en")


def _version_option(lang: str) -> click.Option:
    def show(ctx: click.Context, param: click.Parameter, value: bool) -> None:
        if value and not ctx.resilient_parsing:
            version = getattr(sys.modules[__package__.partition(".")[0]], "__version__", "")
            say(f"chaine_valeur {version}")
            ctx.exit()

    text = tr("Show the version and stop.", lang)
    return click.Option(
        ["--version"], is_flag=True, is_eager=True, expose_value=False, callback=show, help=text
    )


def _debug_option(lang: str) -> click.Option:
    text = tr("Show where a fault of the program arose.", lang)
    return click.Option(["--debug"], is_flag=True, expose_value=False, help=text, hidden=True)


def _command(
    name: str,
    run: Callable[..., int],
    params: list[click.Parameter],
    *,
    lang: str,
    short: str,
    text: str,
    explained: dict[str, str] | None = None,
    compulsory: tuple[str, ...] = (),
) -> _Spoken:
    def checked(**values: Any) -> int:
        ctx = click.get_current_context()
        if ctx.args:
            told = tr(
                "too many arguments: {arguments}. A name that holds spaces is written between quotation "
                "marks.",
                lang,
                arguments=" ".join(ctx.args),
            )
            raise _Wrong(told, ctx)
        if "output" in compulsory and values["output"] is None:
            raise _Wrong(tr("{name} is missing.", lang, name=f"-o {tr('FOLDER', lang)}"), ctx)
        return run(**values, lang=lang)

    return _Spoken(
        name,
        lang=lang,
        params=[*params, _lang_option(lang), _debug_option(lang)],
        callback=checked,
        help=text,
        short_help=short,
        explained=explained,
        options_metavar=f"[{tr('OPTIONS', lang)}]",
        context_settings={"allow_extra_args": True},
    )


def _file_argument(lang: str) -> click.Argument:
    return click.Argument(["file"], metavar=tr("FILE", lang))


def _file_text(lang: str) -> str:
    return tr("A workbook (.xlsx), a folder of CSV files, or the name of an example.", lang)


def _template(lang: str) -> _Spoken:
    from_chain = tr("Fill in the expected chain of an example (“chaine-valeur datasets” lists them).", lang)
    return _command(
        "template",
        run_template,
        [
            click.Option(
                ["-o", "--output"], metavar=tr("FILE", lang), help=tr("Workbook to write (.xlsx).", lang)
            ),
            click.Option(
                ["--form"],
                type=_Choice(FORMS, lang=lang),
                default="essential",
                metavar="essential|complete",
                help=tr("Three sheets (essential, the default), or every table (complete).", lang),
            ),
            click.Option(["--chain"], metavar=tr("EXAMPLE", lang), help=from_chain),
            click.Option(["--force"], is_flag=True, help=tr("Replace the workbook if there is one.", lang)),
        ],
        lang=lang,
        short=tr("Write an empty workbook to fill in.", lang),
        text=tr(
            "Write an empty workbook to fill in: headers, drop-down lists, an explanation per column, an "
            "example.",
            lang,
        ),
    )


def _check(lang: str) -> _Spoken:
    return _command(
        "check",
        run_check,
        [_file_argument(lang)],
        lang=lang,
        short=tr("List what is wrong in a workbook, and what to do.", lang),
        text=tr(
            "List everything that is wrong in a workbook, sheet by sheet, with what to do. Nothing is "
            "written. The exit code is 1 if there are errors.",
            lang,
        ),
        explained={tr("FILE", lang): _file_text(lang)},
    )


def _diagnose(lang: str) -> _Spoken:
    return _command(
        "diagnose",
        run_diagnose,
        [
            _file_argument(lang),
            click.Option(["-o", "--output"], metavar=tr("FOLDER", lang),
                         help=tr("Folder to write into, made if there is none (compulsory).", lang)),
            click.Option(["--profile"], type=_Choice(PROFILES, lang=lang), default="essential",
                         metavar="essential|expert",
                         help=tr("A dozen figures (essential, the default), or all of them (expert).", lang)),
            click.Option(["--year"], type=_Year(lang=lang), metavar=tr("YEAR", lang),
                         help=tr("Diagnose that year; by default the latest of the figures.", lang)),
        ],
        lang=lang,
        short=tr("Write the diagnostic: page, Word document, tables, figures.", lang),
        text=tr(
            "Read a workbook, diagnose the filière and write the report: rapport.html, rapport.docx, "
            "tables.xlsx, carte.html and the figures. What cannot be used is set aside, listed, and "
            "makes the exit code 1.",
            lang,
        ),
        explained={tr("FILE", lang): _file_text(lang)},
        compulsory=("output",),
    )  # fmt: skip


def _datasets(lang: str) -> _Spoken:
    return _command(
        "datasets",
        run_datasets,
        [click.Argument(["name"], metavar=f"[{tr('NAME', lang)}]", required=False)],
        lang=lang,
        short=tr("List the examples that come with the library, or describe one.", lang),
        text=tr("List the examples that come with the library, or describe one of them.", lang),
        explained={tr("NAME", lang): tr("The example to describe; by default they are all listed.", lang)},
    )
