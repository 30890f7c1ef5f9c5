"""Commands whose own words are in one language: click knows its own only, and stops with a traceback or in English."""

from __future__ import annotations

import math
import re
import sys
import warnings
from collections.abc import Callable, Sequence
from typing import Any, NoReturn

import click

from ..errors import ChaineValeurError, close_names
from ..language import DEFAULT_LANGUAGE, LANGUAGES, number, tr
from .runs import BROKEN, DONE, WRONG
from .speaking import complain, say, speakable

__all__ = [
    "Choice",
    "Group",
    "Number",
    "Spoken",
    "Wrong",
    "Year",
    "command_of",
    "debug_option",
    "lang_option",
    "language_of",
]


def language_of(args: Sequence[str]) -> str:
    """Return the language that the arguments ask for, wherever ``--lang`` stands."""
    found = DEFAULT_LANGUAGE
    for place, arg in enumerate(args):
        name, _, value = arg.partition("=")
        if name == "--lang":
            asked = value or (args[place + 1] if place + 1 < len(args) else "")
            found = asked.lower() if asked.lower() in LANGUAGES else found
    return found


class Spoken(click.Command):
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
        """Return the help in signs that the console can show."""
        return speakable(super().get_help(ctx), getattr(sys.stdout, "encoding", None))

    def get_help_option(self, ctx: click.Context) -> click.Option | None:
        """Return the option that shows the help, explained in the language."""
        option = super().get_help_option(ctx)
        if option is not None:
            option.help = tr("Show this help and stop.", self.lang)
        return option

    def format_usage(self, ctx: click.Context, formatter: click.HelpFormatter) -> None:
        """Write how the command is called."""
        pieces = " ".join(self.collect_usage_pieces(ctx))
        formatter.write_usage(ctx.command_path, pieces, prefix=tr("Usage: ", self.lang))

    def format_arguments(self, ctx: click.Context, formatter: click.HelpFormatter) -> None:
        """Leave the arguments to `format_options`: versions of click differ here."""

    def format_options(self, ctx: click.Context, formatter: click.HelpFormatter) -> None:
        """Write the arguments, then the options."""
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


class Group(Spoken, click.Group):
    """The commands together; every error becomes one sentence and an exit code.

    Parameters
    ----------
    made_by
        What makes the same group in another language.
    """

    def __init__(self, name: str | None, *, made_by: Callable[[str], click.Group], **more: Any) -> None:
        super().__init__(name, **more)
        self.made_by = made_by

    def format_options(self, ctx: click.Context, formatter: click.HelpFormatter) -> None:
        """Write the options, then the commands."""
        super().format_options(ctx, formatter)
        rows = [(name, self.commands[name].short_help or "") for name in self.commands]
        with formatter.section(_headed(tr("Commands", self.lang), self.lang)):
            formatter.write_dl(rows)

    def list_commands(self, ctx: click.Context) -> list[str]:
        """Return the commands in the order in which they were added."""
        return list(self.commands)

    def main(  # type: ignore[override]  # it leaves by itself, whatever the mode
        self, args: Sequence[str] | None = None, prog_name: str | None = None, **extra: Any
    ) -> NoReturn:
        """Run in the language of the arguments, and leave with an exit code."""
        asked = language_of(sys.argv[1:] if args is None else list(args))
        if asked != self.lang:
            self.made_by(asked).main(args, prog_name, **extra)
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
    if isinstance(error, click.BadParameter | Wrong):
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


class Wrong(click.UsageError):
    """A wrong use that is already told in the language of the command."""


class Choice(click.Choice):
    """A choice whose complaint is in one language."""

    def __init__(self, choices: Sequence[str], *, lang: str) -> None:
        super().__init__(list(choices), case_sensitive=False)
        self.lang = lang

    def convert(self, value: Any, param: click.Parameter | None, ctx: click.Context | None) -> Any:
        """Return the choice that a value means, whatever its case."""
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


class Year(click.ParamType):
    """A year of four digits."""

    name = "year"

    def __init__(self, *, lang: str) -> None:
        self.lang = lang

    def convert(self, value: Any, param: click.Parameter | None, ctx: click.Context | None) -> int:
        """Return the year that a value means."""
        if re.fullmatch(r"[12]\d{3}", str(value)):
            return int(value)
        self.fail(tr("“{value}” is not a year: write four digits.", self.lang, value=value), param, ctx)


class Number(click.ParamType):
    """A number within bounds, written with a point or a comma, or in percent where it need not be whole.

    Parameters
    ----------
    least, most
        Bounds, both possible.
    whole
        Whether only whole numbers are meant.
    """

    name = "number"

    def __init__(self, *, lang: str, least: float = 0.0, most: float = math.inf, whole: bool = False) -> None:
        self.lang, self.least, self.most, self.whole = lang, least, most, whole

    def convert(self, value: Any, param: click.Parameter | None, ctx: click.Context | None) -> Any:
        """Return the number that a value means."""
        text = str(value).strip()
        kind = r"\d{1,9}" if self.whole else r"\d{1,9}(?:[.,]\d{1,9})?(?:[ \u00a0\u202f]?%)?"
        if re.fullmatch(kind, text, re.ASCII):
            found = float(text.rstrip("% \u00a0\u202f").replace(",", ".")) / (
                100 if text.endswith("%") else 1
            )
            if self.least <= found <= self.most:
                return int(found) if self.whole else found
        least, most = number(self.least, self.lang), number(self.most, self.lang)
        if self.whole:
            told = tr("“{value}” is not possible: write a whole number from {least} up.", self.lang,
                      value=value, least=least)  # fmt: skip
        elif math.isinf(self.most):
            told = tr("“{value}” is not possible: write a number from {least} up.", self.lang,
                      value=value, least=least)  # fmt: skip
        else:
            told = tr("“{value}” is not possible: write a number from {least} to {most}.", self.lang,
                      value=value, least=least, most=most)  # fmt: skip
        self.fail(told, param, ctx)


# -- what every command takes ----------------------------------------------------------------------------


def lang_option(lang: str) -> click.Option:
    """Return the option that sets the language; it is read before click begins."""
    text = tr("Language: fr (French) or en (English).", lang)
    kind = Choice(LANGUAGES, lang=lang)
    return click.Option(["--lang"], type=kind, default=lang, expose_value=False, help=text, metavar="fr|en")


def debug_option(lang: str) -> click.Option:
    """Return the hidden option that shows where a fault arose."""
    text = tr("Show where a fault of the program arose.", lang)
    return click.Option(["--debug"], is_flag=True, expose_value=False, help=text, hidden=True)


def command_of(
    name: str,
    run: Callable[..., int],
    params: list[click.Parameter],
    *,
    lang: str,
    short: str,
    text: str,
    explained: dict[str, str] | None = None,
    compulsory: tuple[str, ...] = (),
) -> Spoken:
    """Return a command that checks what click does not, then runs.

    Parameters
    ----------
    run
        Takes the values of the parameters and `lang`, and returns the exit code.
    explained
        Argument → what it is.
    compulsory
        ``output`` where nothing is done without it.
    """

    def checked(**values: Any) -> int:
        ctx = click.get_current_context()
        if ctx.args:
            told = tr(
                "too many arguments: {arguments}. A name that holds spaces is written between quotation "
                "marks.",
                lang,
                arguments=" ".join(ctx.args),
            )
            raise Wrong(told, ctx)
        if "output" in compulsory and values["output"] is None:
            raise Wrong(tr("{name} is missing.", lang, name=f"-o {tr('FOLDER', lang)}"), ctx)
        return run(**values, lang=lang)

    return Spoken(
        name,
        lang=lang,
        params=[*params, lang_option(lang), debug_option(lang)],
        callback=checked,
        help=text,
        short_help=short,
        explained=explained,
        options_metavar=f"[{tr('OPTIONS', lang)}]",
        context_settings={"allow_extra_args": True},
    )
