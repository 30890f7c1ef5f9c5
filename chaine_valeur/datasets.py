"""The example filières that come with the library: CSV tables, sources and a README each, no Python."""

from __future__ import annotations

from functools import lru_cache
from importlib.resources import files
from importlib.resources.abc import Traversable
from pathlib import Path
from typing import TYPE_CHECKING

from .errors import MissingTableError, UnknownNameError, close_names
from .language import check_language, enumeration, percent, tr, trn
from .provenance import hypothesis_share
from .schema import table

if TYPE_CHECKING:
    from .filiere import Filiere

__all__ = ["available", "describe", "load"]

#: Installed, the examples are a folder of the package; in a checkout they stand beside it.
_INSTALLED = "_datasets"
_CHECKOUT = Path(__file__).resolve().parent.parent / "datasets"
_README = {"fr": "README.md", "en": "README.en.md"}


def available() -> list[str]:
    """Return the names of the examples, sorted.

    Examples
    --------
    >>> available()
    ['exemple_complet', 'lin_composite', 'textiles_usages']
    """
    return sorted(entry.name for entry in _home().iterdir() if _is_example(entry))


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


def describe(name: str, *, lang: str = "fr") -> str:
    """Return what an example is, in a few lines: story, warning, rows per table, share of hypotheses.

    The share is that of the rows whose confidence is ``estimated`` or ``hypothesis``, among the rows of the
    tables that say where they come from.

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
    f = load(name, lang=lang)
    rows = {each: f.table(each).index for each in f}
    counts = [
        trn("{table}: {count} row", "{table}: {count} rows", len(keys), lang, table=table(each).label(lang))
        for each, keys in rows.items()
    ]
    share = hypothesis_share(f, rows)
    told = [
        tr("Years of the figures: {years}.", lang, years=enumeration([str(year) for year in f.years], lang)),
        tr("Rows that rest on an estimate or a hypothesis: {share}.", lang, share=percent(share, lang)),
        trn("{count} table:", "{count} tables:", len(counts), lang),
    ]
    head = [f"{f.name} [{name}]", "", _first_paragraph(name, lang), ""]
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
        close = ", ".join(close_names(str(name), known)) or ", ".join(known)
        raise UnknownNameError(f"no example {name!r}; did you mean: {close}?")
    return Path(str(_home().joinpath(name)))


def _first_paragraph(name: str, lang: str) -> str:
    """Return the first paragraph of the README, on one line, without its marks."""
    text = (_folder(name) / _README[lang]).read_text(encoding="utf-8")
    blocks = [block.strip() for block in text.split("\n\n")]
    first = next(block for block in blocks if block and not block.startswith("#"))
    return " ".join(first.replace("**", "").split())
