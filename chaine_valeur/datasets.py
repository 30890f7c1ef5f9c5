"""The example filières that come with the library: CSV tables, sources and a README each, no Python."""

from __future__ import annotations

import csv
from collections.abc import Mapping
from functools import lru_cache
from importlib.resources import files
from importlib.resources.abc import Traversable
from pathlib import Path
from types import MappingProxyType
from typing import TYPE_CHECKING

from .errors import MissingTableError, UnknownNameError
from .language import check_language, enumeration, percent, tr, trn
from .schema import table, tables
from .vocabulary import Confidence

if TYPE_CHECKING:
    from .filiere import Filiere

__all__ = ["available", "describe", "load", "open_data", "title"]

#: Installed, the examples are a folder of the package; in a checkout they stand beside it.
_INSTALLED = "_datasets"
_CHECKOUT = Path(__file__).resolve().parent.parent / "datasets"
_README = {"fr": "README.md", "en": "README.en.md"}
#: Public files beside an example, in the columns of the real ones.
_OPEN_DATA = ("establishments", "legal_units", "siae", "communes", "epci")
#: Tables of quantities: the years of a filière are theirs.
_YEARLY = ("activities", "markets", "flows", "recipes", "outcomes")


def available() -> list[str]:
    """Return the names of the examples, sorted.

    Examples
    --------
    >>> available()
    ['exemple_complet', 'lin_composite', 'textiles_france_2020', 'textiles_usages']
    """
    return sorted(entry.name for entry in _home().iterdir() if _is_example(entry))


def title(name: str) -> str:
    """Return the name of the filière of an example: one row is read, nothing is validated.

    Parameters
    ----------
    name
        One of `available`.

    Raises
    ------
    UnknownNameError
        No such example; the message names the close ones.

    Examples
    --------
    >>> title("exemple_complet")
    'Ouate isolante de papier et de coton (exemple inventé)'
    """
    rows = _rows(_folder(name), "filiere")
    return rows[0].get("name") or name if rows else name


def load(name: str, *, lang: str = "fr") -> Filiere:
    """Return an example as a filière, read strictly.

    Parameters
    ----------
    name
        One of `available`.
    lang
        Language of the messages, should a table not be as it must.

    Returns
    -------
    Filiere
        Every table of the example, its problems empty.

    Raises
    ------
    UnknownNameError
        No such example; the message names the close ones.
    ValidationError
        A table was changed by hand and is no longer consistent.

    Examples
    --------
    >>> load("textiles_usages").name
    'Textiles usagés'
    """
    folder = _folder(name)
    state = ((path.name, path.stat().st_mtime_ns, path.stat().st_size) for path in folder.glob("*.csv"))
    return _read(folder, lang, frozenset(state))


@lru_cache(maxsize=16)
def _read(folder: Path, lang: str, state: frozenset[tuple[str, int, int]]) -> Filiere:
    """Read an example once: a filière is frozen, so it can be shared as long as its files are the same."""
    from .io.csv import read_csv

    return read_csv(folder, lang=lang)


def open_data(name: str) -> Mapping[str, Path]:
    """Return the public files that come beside an example: what each is → where it stands.

    They have the columns of the real files, and what stands in them is as invented as the example.

    Parameters
    ----------
    name
        One of `available`.

    Returns
    -------
    Mapping
        ``establishments`` and ``legal_units`` (stock of enterprises), ``siae`` (listing of insertion
        structures), ``communes``, ``epci``; those only that the example has, in that order.

    Raises
    ------
    UnknownNameError
        No such example; the message names the close ones.

    Examples
    --------
    >>> list(open_data("exemple_complet")), dict(open_data("lin_composite"))
    (['establishments', 'legal_units', 'siae', 'communes', 'epci'], {})
    """
    folder = _folder(name) / "open_data"
    paths = {kind: folder / f"{kind}.csv" for kind in _OPEN_DATA}
    return MappingProxyType({kind: path for kind, path in paths.items() if path.is_file()})


def describe(name: str, *, lang: str = "fr") -> str:
    """Return what an example is, in a few lines: story, warning, rows per table, share of hypotheses.

    The share is that of the rows whose confidence is ``estimated`` or ``hypothesis``, among the rows of the
    tables that say where they come from. The files are counted as they stand, none of them is validated:
    `load` does that.

    Parameters
    ----------
    name
        One of `available`.

    Returns
    -------
    str
        The name of the filière, the first paragraph of the README of the example, its years, its tables.

    Raises
    ------
    UnknownNameError
        No such example; the message names the close ones.

    Examples
    --------
    >>> print(describe("exemple_complet", lang="en").splitlines()[0])
    Ouate isolante de papier et de coton (exemple inventé) [exemple_complet]
    """
    check_language(lang)
    folder = _folder(name)
    rows = {each: found for each in tables() if (found := _rows(folder, each))}
    counts = [
        trn("{table}: {count} row", "{table}: {count} rows", len(found), lang, table=table(each).label(lang))
        for each, found in rows.items()
    ]
    sourced = [found for each, found in rows.items() if table(each).has_provenance]
    firm = [row.get("confidence") for found in sourced for row in found]
    soft = {kind.value for kind in Confidence if kind.is_soft}
    share = sum(confidence in soft for confidence in firm) / len(firm) if firm else None
    years = sorted({row["year"] for each in _YEARLY for row in rows.get(each, ()) if row.get("year")})
    told = [
        tr("Years of the figures: {years}.", lang, years=enumeration(years, lang)),
        tr("Rows that rest on an estimate or a hypothesis: {share}.", lang, share=percent(share, lang)),
        trn("{count} table:", "{count} tables:", len(counts), lang),
    ]
    head = [f"{title(name)} [{name}]", "", _first_paragraph(name, lang), ""]
    return "\n".join([*head, *told, *(f"  {line}" for line in counts)])


def _home() -> Traversable:
    """Return the folder that holds the examples."""
    installed = files(__package__).joinpath(_INSTALLED)
    for folder in (installed, _CHECKOUT):
        if folder.is_dir() and any(_is_example(entry) for entry in folder.iterdir()):
            return folder
    raise MissingTableError(
        f"the examples are not installed: neither {installed} nor {_CHECKOUT} holds them; "
        "reinstall chaine_valeur"
    )


def _is_example(entry: Traversable) -> bool:
    return entry.is_dir() and entry.joinpath("actors.csv").is_file()


def _folder(name: str) -> Path:
    known = available()
    if name not in known:
        raise UnknownNameError.of(f"no example {name!r}", name, known)
    return Path(str(_home().joinpath(name)))


def _rows(folder: Path, name: str) -> list[dict[str, str]]:
    """Return the rows of one file of an example, as text; none where there is no such file."""
    path = folder / f"{name}.csv"
    if not path.is_file():
        return []
    with path.open(encoding="utf-8", newline="") as lines:
        return list(csv.DictReader(lines))


def _first_paragraph(name: str, lang: str) -> str:
    """Return the first paragraph of the README, on one line, without its marks."""
    text = (_folder(name) / _README[lang]).read_text(encoding="utf-8")
    blocks = [block.strip() for block in text.split("\n\n")]
    first = next(block for block in blocks if block and not block.startswith("#"))
    return " ".join(first.replace("**", "").split())
