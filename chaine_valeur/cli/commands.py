"""The commands that read, check and diagnose: what each takes and how it is explained."""

from __future__ import annotations

import click

from ..language import tr
from .runs import run_check, run_datasets, run_diagnose, run_template
from .spoken import Choice, Number, Spoken, Year, command_of

__all__ = [
    "check",
    "audience_option",
    "datasets",
    "diagnose",
    "draws_option",
    "file_argument",
    "file_text",
    "public_files",
    "template",
]

FORMS = ("essential", "complete")
AUDIENCES = ("public", "partners", "internal")
PROFILES = ("essential", "expert")
#: Headers that the public files may have, the needed one first; case and accents do not count.
COLUMNS = {
    "siae": ("nom", "type", "siret", "secteur", "ville", "code_postal", "département", "ca"),
    "communes": ("code_insee", "nom_commune", "code_epci", "nom_epci", "latitude", "longitude"),
}


def file_argument(lang: str) -> click.Argument:
    """Return the argument that names what to read."""
    return click.Argument(["file"], metavar=tr("FILE", lang))


def file_text(lang: str) -> str:
    """Return how that argument is explained."""
    return tr("A workbook (.xlsx), a folder of CSV files, or the name of an example.", lang)


def template(lang: str) -> Spoken:
    """Return the command that writes an empty workbook."""
    from_chain = tr("Fill in the expected chain of an example (“chaine-valeur datasets” lists them).", lang)
    return command_of(
        "template",
        run_template,
        [
            click.Option(
                ["-o", "--output"], metavar=tr("FILE", lang), help=tr("Workbook to write (.xlsx).", lang)
            ),
            click.Option(
                ["--form"],
                type=Choice(FORMS, lang=lang),
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


def check(lang: str) -> Spoken:
    """Return the command that lists what is wrong."""
    return command_of(
        "check",
        run_check,
        [file_argument(lang)],
        lang=lang,
        short=tr("List what is wrong in a workbook, and what to do.", lang),
        text=tr(
            "List everything that is wrong in a workbook, sheet by sheet, with what to do. Nothing is "
            "written. The exit code is 1 if there are errors.",
            lang,
        ),
        explained={tr("FILE", lang): file_text(lang)},
    )


def diagnose(lang: str) -> Spoken:
    """Return the command that writes the diagnostic."""
    return command_of(
        "diagnose",
        run_diagnose,
        [
            file_argument(lang),
            click.Option(["-o", "--output"], metavar=tr("FOLDER", lang),
                         help=tr("Folder to write into, made if there is none (compulsory).", lang)),
            click.Option(["--profile"], type=Choice(PROFILES, lang=lang), default="essential",
                         metavar="essential|expert",
                         help=tr("A dozen figures (essential, the default), or all of them (expert).", lang)),
            click.Option(["--year"], type=Year(lang=lang), metavar=tr("YEAR", lang),
                         help=tr("Diagnose that year; by default the latest of the figures.", lang)),
            audience_option(lang),
            click.Option(["--base"], metavar=tr("FILE", lang),
                         help=tr("A Word document of yours (.docx, .dotx): the report takes its styles, page, headers "
                                 "and footers, and stands at its mark {mark} if there is one.", lang,
                                 mark="{{diagnostic}}")),
            click.Option(["--pdf"], is_flag=True,
                         help=tr("Write the report as a PDF too (needs the extra “pdf”).", lang)),
            click.Option(["--slides"], is_flag=True,
                         help=tr("Write the figures for slides too (PNG, 16:9).", lang)),
            *public_files(lang),
            draws_option(lang),
        ],
        lang=lang,
        short=tr("Write the diagnostic: page, Word document, tables, figures.", lang),
        text=tr(
            "Read a workbook, diagnose the filière and write the report: rapport.html, rapport.docx, "
            "tables.xlsx, carte.html and the figures. What cannot be used is set aside, listed, and "
            "makes the exit code 1.",
            lang,
        ),
        explained={tr("FILE", lang): file_text(lang)},
        compulsory=("output",),
    )  # fmt: skip


def datasets(lang: str) -> Spoken:
    """Return the command that lists the examples."""
    return command_of(
        "datasets",
        run_datasets,
        [click.Argument(["name"], metavar=f"[{tr('NAME', lang)}]", required=False)],
        lang=lang,
        short=tr("List the examples that come with the library, or describe one.", lang),
        text=tr("List the examples that come with the library, or describe one of them.", lang),
        explained={tr("NAME", lang): tr("The example to describe; by default they are all listed.", lang)},
    )


def audience_option(lang: str) -> click.Option:
    """Return the option that says for whom a report is written."""
    text = tr(
        "Who will read it: public, partners, or internal (the default: everything is in it). What is marked "
        "confidential in the workbook is not in the first two; what was taken away is counted.",
        lang,
    )
    return click.Option(
        ["--audience"],
        type=Choice(AUDIENCES, lang=lang),
        default="internal",
        metavar="public|partners|internal",
        help=text,
    )


def draws_option(lang: str) -> click.Option:
    """Return the option that asks whether what is said holds when the figures change."""
    text = tr(
        "Examine robustness: draw the uncertain figures again that many times (100) and tell what holds. Takes some "
        "minutes; by default it is not done.",
        lang,
    )
    return click.Option(
        ["--draws"], type=Number(lang=lang, least=1, whole=True), metavar=tr("NUMBER", lang), help=text
    )


def public_files(lang: str) -> list[click.Parameter]:
    """Return the options that name public files; an example brings its own."""
    path = tr("PATH", lang)
    told = {
        "--sirene": tr(
            "National stock of establishments (Parquet or CSV), or an extract of it; needs duckdb.", lang
        ),
        "--legal-units": tr(
            "Stock of legal units, for their names and for who belongs to the social economy.", lang
        ),
        # the names are those of the readers, which are not loaded for a help: a test holds the two together
        "--siae": tr(
            "Listing of insertion structures (CSV, Excel or JSON). Needed: the name (column {name}). Read if there: "
            "{others}.",
            lang,
            name=COLUMNS["siae"][0],
            others=", ".join(COLUMNS["siae"][1:]),
        ),
        "--communes": tr(
            "List of communes with their EPCI (CSV). Needed: the INSEE code (column {code}). Read if there: {others}.",
            lang,
            code=COLUMNS["communes"][0],
            others=", ".join(COLUMNS["communes"][1:]),
        ),
    }
    return [click.Option([name], metavar=path, help=text) for name, text in told.items()]
