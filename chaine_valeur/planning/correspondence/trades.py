"""The table of trades: shipped, written out for a user to edit, read back with every fault named at once."""

from __future__ import annotations

import os
import warnings
from collections.abc import Iterator
from functools import lru_cache
from importlib.resources import as_file, files
from pathlib import Path

import pandas as pd

from ...errors import ArgumentError, DataQualityWarning, close_names
from ...io.csv import records
from ...io.files import decode_text, read_bytes, writable_path
from ...io.siae import sector_names
from ...language import check_language, enumeration, tr, trn
from ...parse import parse_column
from ...schema import table as schema_table
from ...text import fold, join_list, split_list
from ..names import unknown_name
from .nomenclatures import NOMENCLATURES, naf_code, naf_of_another, sector_name

__all__ = ["COLUMNS", "NEARNESS", "correspondence", "write_correspondence"]

COLUMNS = ("trade", "label_fr", "label_en", "words", "nearness", *NOMENCLATURES, "source", "unverified")
#: ``strict``: it is this trade; ``near``: one that could come to it.
NEARNESS = ("strict", "near")
_NEARNESS_WORDS = {"strict": "strict", "exact": "strict", "near": "near", "proche": "near", "voisin": "near"}
_REQUIRED = ("trade", "words", "nearness")
_MOST_TOLD = 10


def correspondence(
    path: str | os.PathLike[str] | pd.DataFrame | None = None, *, lang: str = "fr"
) -> pd.DataFrame:
    """Return the table stage ↔ NAF rév. 2 ↔ NAF 2025 ↔ SIAE sectors ↔ ROME: the shipped one, or a user's.

    Parameters
    ----------
    path
        A CSV file (any encoding and separator), or a frame; by default the table that the library ships.
    lang
        Language of the messages.

    Returns
    -------
    pandas.DataFrame
        A row per trade and nearness, all text, missing where blank; lists joined by « ; »:

        - ``trade``, ``label_fr``, ``label_en``: the trade;
        - ``words``: what the name of a stage says to mean it, without case and accents: ``tri`` is a whole word,
          ``collect*`` a beginning, ``porte a porte`` words in a row, ``collect*+textile*`` both anywhere;
        - ``nearness``: ``strict`` (this trade) or ``near`` (one that could come to it);
        - ``naf``, ``naf_2025`` (dotted codes or beginnings of codes), ``siae_sectors`` (verbatim), ``rome``;
        - ``source``: where the correspondence was read; ``unverified``: the columns of the row that rest on the
          judgement of the library, or of the user, and on no source.

    Raises
    ------
    ArgumentError
        Faults in the table: every one of them, with its row and column.
    UnreadableFileError
        No such file, or one that is no text.

    Warns
    -----
    DataQualityWarning
        A sector that the « marché de l’inclusion » does not list.

    References
    ----------
    NAF 2025: Insee, « Correspondances NAF rév. 2 – NAF 2025 » (January 2026), insee.fr/fr/information/8181066, as
    reproduced in github.com/MaryleneH/explorateur-naf. Sectors: github.com/gip-inclusion/le-marche. Titles of ROME
    as of its third version (unverified for the fourth).

    Examples
    --------
    >>> table = correspondence()
    >>> table.loc[table["trade"] == "conditionnement", ["naf", "naf_2025", "siae_sectors"]].iloc[0].tolist()
    ['82.92Z', '82.92Y', 'Logistique, conditionnement']
    """
    check_language(lang)
    if path is None:
        return _shipped().copy()
    if isinstance(path, pd.DataFrame):
        return _checked(path, "DataFrame", 0, lang)
    return _checked(_cells(Path(path), lang), Path(path).name, 2, lang)  # its header is row 1


def write_correspondence(path: str | os.PathLike[str], *, lang: str = "fr") -> Path:
    """Write the shipped table as a CSV file that a spreadsheet opens, to be edited and given to `correspondence`.

    Returns
    -------
    pathlib.Path
        The file written: another name where that one is open elsewhere, with a `UserWarning`.

    Raises
    ------
    UnreadableFileError
        Nothing can be written there.

    Examples
    --------
    >>> from tempfile import TemporaryDirectory
    >>> with TemporaryDirectory() as folder:
    ...     correspondence(write_correspondence(f"{folder}/métiers.csv")).equals(correspondence())
    True
    """
    check_language(lang)
    written = writable_path(path, lang=lang)
    _shipped().to_csv(written, sep=";", index=False, encoding="utf-8-sig", lineterminator="\n")
    return written


@lru_cache(maxsize=1)
def _shipped() -> pd.DataFrame:
    with as_file(files(__package__).joinpath("trades.csv")) as path:
        return _checked(_cells(path, "en"), path.name, 2, "en")


def _cells(path: Path, lang: str) -> pd.DataFrame:
    """Return the cells of a file as text, under the separator that gives most of the columns."""
    text = decode_text(read_bytes(path, lang=lang), path, lang=lang)
    known = {fold(name) for name in COLUMNS}

    def met(separator: str) -> int:
        return len(known.intersection(map(fold, next(rows_under(separator), []))))

    def rows_under(separator: str) -> Iterator[list[str]]:
        return records(text, separator, file=path.name, lang=lang)

    header, *rows = rows_under(max(";,\t", key=met))
    width = len(header)
    cells = [[*row, *[""] * width][:width] for row in rows if any(cell.strip() for cell in row)]
    return pd.DataFrame(cells, columns=[name.strip() for name in header], dtype=object)


def _checked(given: pd.DataFrame, name: str, first: int, lang: str) -> pd.DataFrame:
    """Return a table in its fixed columns, codes in their one form; or raise with everything that is wrong."""
    columns = {fold(str(column)): column for column in reversed(given.columns)}
    for required in _REQUIRED:
        if fold(required) not in columns:
            sentence = tr("“{file}” has no column “{column}”.", lang, file=name, column=required)
            raise unknown_name(sentence, required, [str(column) for column in given.columns], lang=lang)
    text = {}
    for column in COLUMNS:
        source = columns.get(fold(column))
        cells = pd.Series(None, index=given.index, dtype="str") if source is None else given[source]
        text[column] = cells.astype("str").str.strip().replace("", pd.NA).astype("str").reset_index(drop=True)
    table = pd.DataFrame(text)
    faults: list[str] = []
    known_words = set(table.loc[table["words"].notna(), "trade"].dropna())
    for place, row in enumerate(table.to_dict("records")):  # a few hundred trades at most
        checked, wrong = _checked_row({k: split_list(v) for k, v in row.items()}, known_words, lang)
        faults += [tr("row {row}: {fault}", lang, row=place + first, fault=fault) for fault in wrong]
        for column, value in checked.items():
            table.at[place, column] = value
    if faults:
        head = trn(
            "“{file}” has {count} fault:", "“{file}” has {count} faults:", len(faults), lang, file=name
        )
        told = [head, *(f"- {fault}" for fault in faults[:_MOST_TOLD])]
        if len(faults) > _MOST_TOLD:
            told.append(trn("… and {count} other", "… and {count} others", len(faults) - _MOST_TOLD, lang))
        raise ArgumentError("\n".join(told))
    _warn_of_sectors(table, name, lang)
    return table.astype("str")


def _checked_row(
    cells: dict[str, list[str]], with_words: set[str], lang: str
) -> tuple[dict[str, str | None], list[str]]:
    """Return the lists of a row in their one form, and what is wrong with it."""
    wrong: list[str] = []
    checked: dict[str, str | None] = {}
    trade = ";".join(cells["trade"])
    if not trade:
        wrong.append(tr("the trade has no name", lang))
    elif not cells["words"] and trade not in with_words:
        wrong.append(tr("no word says which stages “{trade}” is about", lang, trade=trade))
    wrong += [
        tr("“{word}” is no word to look for", lang, word=word)
        for word in cells["words"]
        if not _is_pattern(word)
    ]
    nearness = _NEARNESS_WORDS.get(fold(";".join(cells["nearness"])))
    if nearness is None:
        wrong.append(tr("“{value}” is no nearness: strict or near", lang, value=";".join(cells["nearness"])))
    checked["nearness"] = nearness
    for column in NOMENCLATURES:
        codes: list[str] = []
        for found, fault in _codes(cells[column], column, lang):
            codes += found
            wrong += [tr("{column}: {fault}", lang, column=column, fault=fault)] if fault else []
        checked[column] = join_list(dict.fromkeys(codes)) or None
    if not any(cells[column] for column in NOMENCLATURES):
        wrong.append(tr("“{trade}” has no code and no sector", lang, trade=trade))
    for column in cells["unverified"]:
        if column not in NOMENCLATURES:
            names = enumeration(NOMENCLATURES, lang)
            wrong.append(tr("unverified: “{value}” is none of {names}", lang, value=column, names=names))
    return checked, wrong


def _codes(cells: list[str], column: str, lang: str) -> Iterator[tuple[list[str], str]]:
    """Yield the codes of each entry in their one form, and what is wrong with it."""
    for cell in cells:
        if column == "siae_sectors":
            yield [sector_name(cell) or cell], ""
        elif column == "rome":
            parsed = parse_column(pd.Series([cell], dtype=object), schema_table("recruitment_needs")["rome"])
            fault = tr("“{value}” is no ROME code: a letter and four digits, like K2304", lang, value=cell)
            yield ([], fault) if parsed.codes.iat[0] else ([str(parsed.values.iat[0])], "")
        else:
            yield _naf(cell, column, lang)


def _naf(cell: str, column: str, lang: str) -> tuple[list[str], str]:
    try:
        codes = naf_code(cell, column, lang=lang)
    except ArgumentError as error:
        return [], str(error).rstrip(".")
    other = next((code for code in codes if naf_of_another(code, column)), None)
    if other is None:
        return [*codes], ""
    if column == "naf":
        return [], tr("“{code}” is a code of NAF 2025: write it under naf_2025", lang, code=other)
    return [], tr("“{code}” is a code of NAF rév. 2: write it under naf", lang, code=other)


def _is_pattern(word: str) -> bool:
    """Whether an entry of ``words`` is words, beginnings of words, or several of them joined by « + »."""
    parts = [part.strip() for part in word.split("+")]
    return all(
        fold(part.removesuffix("*")).replace(" ", "").isalnum() and "*" not in part[:-1] for part in parts
    )


def _warn_of_sectors(table: pd.DataFrame, name: str, lang: str) -> None:
    written = dict.fromkeys(entry for cell in table["siae_sectors"].dropna() for entry in split_list(cell))
    unknown = [entry for entry in written if sector_name(entry) is None]
    if not unknown:
        return
    close = [near for entry in unknown for near in close_names(entry, sector_names(), limit=1)]
    told = tr("“{file}”: the marché de l’inclusion lists no sector {sectors}.", lang, file=name,
              sectors=enumeration([tr("“{name}”", lang, name=entry) for entry in unknown], lang))  # fmt: skip
    if close:
        told += " " + tr("Did you mean: {names}?", lang, names=enumeration(close, lang))
    warnings.warn(told, DataQualityWarning, stacklevel=4)
