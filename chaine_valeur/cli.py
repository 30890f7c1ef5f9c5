"""The command line: `template`, `check`, `diagnose`, `datasets`. It speaks French unless asked otherwise.

Only click is loaded to show the help; each command loads what it needs. Exit codes: 0 done; 1 done, but
something in the workbook could not be used (or `check` found errors); 2 wrong use or unreadable file.
"""

from __future__ import annotations

import re
import sys
from collections.abc import Callable, Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Any, NoReturn

import click

from .errors import ChaineValeurError, UnknownNameError, UnreadableFileError, close_names
from .language import DEFAULT_LANGUAGE, LANGUAGES, N_, tr, trn

if TYPE_CHECKING:
    from .diagnosis import Diagnosis
    from .filiere import Filiere

__all__ = ["app", "main"]

DONE, LEFT_OUT, WRONG = 0, 1, 2
FORMS = ("essential", "complete")
PROFILES = ("essential", "expert")
_SHOWN_ASIDE = 30

#: What an old Windows console cannot show, in signs that it can.
_PLAIN = str.maketrans({"\u202f": "\u00a0", "’": "'", "…": "...", "–": "-", "—": "-", "“": '"', "”": '"', "→": "->",
                        "•": "-", "œ": "oe", "Œ": "OE", "≥": ">=", "≤": "<=", "−": "-"})  # fmt: skip


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


# -- speaking -----------------------------------------------------------------------------------------


def _say(text: str = "", *, err: bool = False) -> None:
    """Write a line that no console refuses."""
    stream = sys.stderr if err else sys.stdout
    click.echo(_speakable(text, getattr(stream, "encoding", None)), err=err)


def _speakable(text: str, encoding: str | None) -> str:
    """Return `text` as an encoding can show it: signs that it lacks are replaced by plainer ones."""
    encoding = encoding or "utf-8"
    try:
        text.encode(encoding)
    except (UnicodeEncodeError, LookupError):
        return text.translate(_PLAIN).encode(encoding, errors="replace").decode(encoding)
    return text


def _complain(text: str, lang: str) -> None:
    _say(tr("Error: {message}", lang, message=text), err=True)


class _Spoken(click.Command):
    """A command whose own words are in one language, arguments explained like options."""

    def __init__(self, *args: Any, lang: str = DEFAULT_LANGUAGE, explained: dict[str, str] | None = None, **more: Any):
        super().__init__(*args, options_metavar=f"[{tr('OPTIONS', lang)}]", **more)
        self.lang = lang
        self.explained = explained or {}

    def get_help(self, ctx: click.Context) -> str:
        return _speakable(super().get_help(ctx), getattr(sys.stdout, "encoding", None))

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
            with formatter.section(tr("Arguments", self.lang)):
                formatter.write_dl(list(self.explained.items()))
        shown = [param.get_help_record(ctx) for param in self.get_params(ctx) if isinstance(param, click.Option)]
        with formatter.section(tr("Options", self.lang)):
            formatter.write_dl([record for record in shown if record is not None])


class _Group(_Spoken, click.Group):
    """The commands together; every error becomes one sentence and an exit code."""

    def format_options(self, ctx: click.Context, formatter: click.HelpFormatter) -> None:
        super().format_options(ctx, formatter)
        rows = [(name, self.commands[name].short_help or "") for name in self.commands]
        with formatter.section(tr("Commands", self.lang)):
            formatter.write_dl(rows)

    def list_commands(self, ctx: click.Context) -> list[str]:
        return list(self.commands)

    def main(self, args: Sequence[str] | None = None, prog_name: str | None = None, **extra: Any) -> NoReturn:
        asked = _language_of(sys.argv[1:] if args is None else list(args))
        if asked != self.lang:
            app(asked).main(args, prog_name, **extra)
        extra["standalone_mode"] = False
        try:
            code = super().main(args, prog_name, **extra)
        except click.UsageError as error:
            _say_wrong_use(error, self.lang)
            code = WRONG
        except (click.Abort, KeyboardInterrupt):
            _say(tr("Interrupted.", self.lang), err=True)
            code = WRONG
        except (ChaineValeurError, OSError) as error:
            _complain(_told(error, self.lang), self.lang)
            code = WRONG
        sys.exit(code or DONE)


def _told(error: Exception, lang: str) -> str:
    """Return what an error says, in one line."""
    if isinstance(error, ChaineValeurError) or not isinstance(error, OSError):
        return " ".join(str(error).split())
    name = error.filename if isinstance(error.filename, str) else ""
    reason = error.strerror or str(error)
    return tr("“{file}” cannot be read or written ({reason}).", lang, file=name, reason=reason)


def _say_wrong_use(error: click.UsageError, lang: str) -> None:
    if error.ctx is not None:
        _say(error.ctx.get_usage(), err=True)
        if not error.ctx.args and not error.message:
            return
        hint = tr("“{command} --help” says more.", lang, command=error.ctx.command_path)
        _say(hint, err=True)
    _complain(_wrong_use(error, lang), lang)


def _wrong_use(error: click.UsageError, lang: str) -> str:
    """Return what is wrong in the use, in the language asked for: click knows its own only."""
    if isinstance(error, click.NoSuchOption):
        return tr("there is no option {name}.{close}", lang, name=error.option_name, close=_close(error, lang))
    if isinstance(error, click.BadOptionUsage):
        return tr("the option {name} is not complete, or takes no value.", lang, name=error.option_name)
    if isinstance(error, click.MissingParameter):
        param = error.param
        name = "" if param is None else param.make_metavar(error.ctx) if error.ctx else str(param.name)
        return tr("{name} is missing.", lang, name=name)
    if isinstance(error, click.BadParameter) or getattr(error, "spoken", False):
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


class _Choice(click.Choice):
    """A choice whose complaint is in one language."""

    def __init__(self, choices: Sequence[str], *, lang: str) -> None:
        super().__init__(list(choices), case_sensitive=False)
        self.lang = lang

    def convert(self, value: Any, param: click.Parameter | None, ctx: click.Context | None) -> Any:
        known = {str(choice).lower(): choice for choice in self.choices}
        if str(value).lower() in known:
            return known[str(value).lower()]
        choices = ", ".join(map(str, self.choices))
        self.fail(tr("“{value}” is not possible: choose among {choices}.", self.lang, value=value, choices=choices),
                  param, ctx)  # fmt: skip


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
            "From the workbook of a filière to its diagnostic: where the chain breaks, who works with whom, how "
            "many insertion jobs hang on it.",
            lang,
        ),
        epilog=tr(
            "To begin: “chaine-valeur template -o filiere.xlsx”, fill the workbook, then “chaine-valeur diagnose "
            "filiere.xlsx -o diagnostic”. Exit codes: 0 done, 1 done but something was left out, 2 wrong use or "
            "unreadable file.",
            lang,
        ),
        subcommand_metavar=tr("COMMAND [ARGUMENTS]…", lang),
        params=[_lang_option(lang), _version_option(lang)],
        invoke_without_command=True,
        callback=_no_command,
    )
    for command in (_template(lang), _check(lang), _diagnose(lang), _datasets(lang)):
        group.add_command(command)
    return group


@click.pass_context
def _no_command(ctx: click.Context) -> None:
    if ctx.invoked_subcommand is None:
        _say(ctx.get_help(), err=True)
        ctx.exit(WRONG)


def _lang_option(lang: str) -> click.Option:
    text = tr("Language: fr (French) or en (English).", lang)
    kind = _Choice(LANGUAGES, lang=lang)
    return click.Option(["--lang"], type=kind, default=lang, expose_value=False, help=text, metavar="fr|en")


def _version_option(lang: str) -> click.Option:
    def show(ctx: click.Context, param: click.Parameter, value: bool) -> None:
        if value and not ctx.resilient_parsing:
            version = getattr(sys.modules[__package__], "__version__", "")
            _say(f"chaine_valeur {version}")
            ctx.exit()

    text = tr("Show the version and stop.", lang)
    return click.Option(["--version"], is_flag=True, is_eager=True, expose_value=False, callback=show, help=text)


def _command(
    name: str,
    run: Callable[..., int],
    params: list[click.Parameter],
    *,
    lang: str,
    short: str,
    text: str,
    explained: dict[str, str] | None = None,
) -> _Spoken:
    def checked(**values: Any) -> int:
        extra = click.get_current_context().args
        if extra:
            error = click.UsageError(
                tr(
                    "too many arguments: {arguments}. A name that holds spaces is written between quotation marks.",
                    lang,
                    arguments=" ".join(extra),
                ),
                click.get_current_context(),
            )
            error.spoken = True  # type: ignore[attr-defined]
            raise error
        return run(**values, lang=lang)

    return _Spoken(
        name,
        lang=lang,
        params=[*params, _lang_option(lang)],
        callback=checked,
        help=text,
        short_help=short,
        explained=explained,
        context_settings={"allow_extra_args": True},
    )


def _file_argument() -> click.Argument:
    return click.Argument(["file"], metavar="FILE")


def _file_text(lang: str) -> str:
    return tr("A workbook (.xlsx), a folder of CSV files, or the name of an example.", lang)


def _template(lang: str) -> _Spoken:
    from_chain = tr("Fill in the expected chain of an example (“chaine-valeur datasets” lists them).", lang)
    return _command(
        "template",
        _run_template,
        [
            click.Option(["-o", "--output"], metavar="FILE", help=tr("Workbook to write (.xlsx).", lang)),
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
            "Write an empty workbook to fill in: headers, drop-down lists, an explanation per column, an example.",
            lang,
        ),
    )


def _check(lang: str) -> _Spoken:
    return _command(
        "check",
        _run_check,
        [_file_argument()],
        lang=lang,
        short=tr("List what is wrong in a workbook, and what to do.", lang),
        text=tr(
            "List everything that is wrong in a workbook, sheet by sheet, with what to do. Nothing is written. "
            "The exit code is 1 if there are errors.",
            lang,
        ),
        explained={"FILE": _file_text(lang)},
    )


def _diagnose(lang: str) -> _Spoken:
    return _command(
        "diagnose",
        _run_diagnose,
        [
            _file_argument(),
            click.Option(["-o", "--output"], metavar=tr("FOLDER", lang), required=True,
                         help=tr("Folder to write into; it is made if there is none.", lang)),
            click.Option(["--profile"], type=_Choice(PROFILES, lang=lang), default="essential",
                         metavar="essential|expert",
                         help=tr("A dozen figures (essential, the default), or all of them (expert).", lang)),
            click.Option(["--year"], type=_Year(lang=lang), metavar=tr("YEAR", lang),
                         help=tr("Diagnose that year; by default the latest of the figures.", lang)),
        ],
        lang=lang,
        short=tr("Write the diagnostic: page, Word document, tables, figures.", lang),
        text=tr(
            "Read a workbook, diagnose the filière and write the report: rapport.html, rapport.docx, tables.xlsx, "
            "carte.html and the figures. What cannot be used is set aside, listed, and makes the exit code 1.",
            lang,
        ),
        explained={"FILE": _file_text(lang)},
    )  # fmt: skip


def _datasets(lang: str) -> _Spoken:
    return _command(
        "datasets",
        _run_datasets,
        [click.Argument(["name"], metavar=f"[{tr('NAME', lang)}]", required=False)],
        lang=lang,
        short=tr("List the examples that come with the library, or describe one.", lang),
        text=tr("List the examples that come with the library, or describe one of them.", lang),
        explained={tr("NAME", lang): tr("The example to describe; by default they are all listed.", lang)},
    )


# -- what they do -------------------------------------------------------------------------------------


def _read(name: str, *, lang: str) -> Filiere:
    """Return the filière of a workbook, of a folder of CSV files or of an example."""
    path = Path(name)
    if path.is_dir():
        from .io.csv import read_csv

        return read_csv(path, strict=False, lang=lang)
    if path.exists() or path.suffix:
        from .io.workbook import read_workbook

        return read_workbook(path, strict=False, lang=lang)
    from .datasets import available, load

    if name in available():
        return load(name, lang=lang)
    close = ", ".join(close_names(name, available())) or ", ".join(available())
    raise UnreadableFileError(
        tr("there is neither a file nor an example “{name}”. Examples: {close}.", lang, name=name, close=close)
    )


def _run_template(*, output: str | None, form: str, chain: str | None, force: bool, lang: str) -> int:
    from .io.template import write_template

    path = Path(output or tr("filiere_template.xlsx", lang))
    if path.exists() and not force:
        raise UnreadableFileError(
            tr("“{file}” exists: choose another name, or add --force to replace it.", lang, file=path)
        )
    expected = None
    if chain is not None:
        from .datasets import load

        expected = load(chain, lang=lang)
    written = write_template(path, form=form, chain=expected, lang=lang)
    _say(tr("Written: {file}", lang, file=written or path))
    return DONE


def _run_check(*, file: str, lang: str) -> int:
    from .report.console import problem_lines

    f = _read(file, lang=lang)
    for line in problem_lines(f, lang=lang):
        _say(line)
    return LEFT_OUT if (f.problems["severity"] == "error").any() else DONE


def _run_diagnose(*, file: str, output: str, profile: str, year: int | None, lang: str) -> int:
    from .diagnosis import diagnose
    from .report import write_all
    from .report.console import aside_lines, findings_line

    if Path(output).exists() and not Path(output).is_dir():
        raise UnreadableFileError(tr("“{file}” is a file: give a folder.", lang, file=output))
    f = _read(file, lang=lang)
    if year is not None:
        f = _at(f, year, lang=lang)
    diagnosis = diagnose(f, profile=profile, lang=lang)
    written = write_all(diagnosis, output, on=_today())
    _say(findings_line(diagnosis, lang=lang))
    for line in aside_lines(f, lang=lang, most=_SHOWN_ASIDE):
        _say(line)
    _say()
    _say(tr("Written in {folder}:", lang, folder=output))
    for path in written:
        _say(f"  {path.relative_to(output)}")
    return LEFT_OUT if _left_out(diagnosis) else DONE


def _at(f: Filiere, year: int, *, lang: str) -> Filiere:
    if f.years and year not in f.years:
        years = ", ".join(map(str, f.years))
        raise UnknownNameError(tr("no figure is of {year}; years of the figures: {years}.", lang, year=year, years=years))
    return f.at(year)


def _left_out(diagnosis: Diagnosis) -> bool:
    """Whether rows, cells or checks are missing from the diagnostic."""
    f = diagnosis.filiere
    failed = (diagnosis.findings["kind"] == "check_failed").any()
    return bool(f.set_aside) or bool(f.unknown_cells) or bool(failed)


def _today() -> Any:
    from datetime import date

    return date.today()


def _run_datasets(*, name: str | None, lang: str) -> int:
    from .datasets import available, describe, load

    if name is not None:
        _say(describe(name, lang=lang))
        return DONE
    for one in available():
        _say(f"{one}  {load(one, lang=lang).name}")
    _say()
    _say(tr("“chaine-valeur datasets NAME” describes one; “chaine-valeur diagnose NAME -o FOLDER” diagnoses it.", lang))
    return DONE


#: so that the catalogue holds the words of the usage line even where a version of click builds it itself
_USAGE_WORDS = (N_("FILE"), N_("FOLDER"))

_ = trn
