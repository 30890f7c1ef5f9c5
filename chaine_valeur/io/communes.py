"""Communes and the EPCI that they form: public lists read whatever they call their columns, codes of five characters."""

from __future__ import annotations

import os
import re
from collections.abc import Iterable
from io import StringIO
from pathlib import Path
from typing import Any

import pandas as pd

from ..errors import ArgumentError, UnknownNameError, UnreadableFileError, close_names
from ..language import enumeration, tr
from ..text import fold
from .files import decode_text, read_bytes

__all__ = [
    "MUNICIPAL_DISTRICTS", "checked_communes", "commune_codes", "communes_of", "department_codes", "read_communes",
    "read_epcis",
]  # fmt: skip

#: Communes whose establishments carry the codes of their arrondissements: Paris, Lyon, Marseille.
MUNICIPAL_DISTRICTS = {
    "75056": tuple(f"751{number:02d}" for number in range(1, 21)),
    "69123": tuple(f"6938{number}" for number in range(1, 10)),
    "13055": tuple(f"132{number:02d}" for number in range(1, 17)),
}
_CODE = re.compile(r"(\d\d|2[AB])\d{3}")

_COMMUNE_COLUMNS = {
    "code": "code_insee code_commune code_commune_insee insee com codgeo code_geo code",
    "name": "libelle_commune nom_commune commune libgeo libelle nom name",
    "department": "",  # follows from the code, which has its zeros back
    "region": "code_region region reg",
    "epci": "code_epci siren_epci codeepci epci",
    "epci_name": "libepci epci_nom nom_epci libelle_epci epci_name",
    "epci_kind": "nature_epci epci_type type_epci epci_kind",
    "population": "population_municipale pmun population",
    "latitude": "latitude lat latitude_centre centre_lat latitude_mairie",
    "longitude": "longitude lon lng longitude_centre centre_lon longitude_mairie",
}
_EPCI_COLUMNS = {
    "code": "epci code_epci siren_epci siren code",
    "name": "libepci libelle_epci epci_nom nom_epci nom libelle name",
    "kind": "nature_epci epci_type nature type kind",
    "communes": "nb_com nb_communes nombre_communes communes",
}
_NUMBERS = {"population", "latitude", "longitude", "communes"}


def read_communes(
    path: str | os.PathLike[str] | pd.DataFrame,
    *,
    epcis: str | os.PathLike[str] | pd.DataFrame | None = None,
    lang: str = "fr",
) -> pd.DataFrame:
    """Return a list of communes: code, EPCI and, where the file has them, centres.

    Headers are those of the public lists (``code_insee`` or ``codgeo``, ``libelle_commune``, ``code_epci``…),
    in any case and order; separator and encoding are found out. Codes are text: ``1001`` is ``01001`` again.

    Parameters
    ----------
    path
        A CSV file, or a frame of one.
    epcis
        A list of EPCI (see `read_epcis`) for their names and kinds, where the communes lack them.
    lang
        Language of the messages.

    Returns
    -------
    pandas.DataFrame
        A row each, by code: ``code`` (five characters), ``name``, ``department`` (from the code: ``76``,
        ``2A``, ``971``), ``region`` (two digits), ``epci`` (SIREN, nine digits), ``epci_name``, ``epci_kind``
        (``CC``, ``CA``, ``CU``, ``ME``), text; ``population``, ``latitude``, ``longitude`` (degrees, of the
        centre), float. Missing or NaN where the file does not tell.

    Raises
    ------
    UnreadableFileError
        No such file, no text, no column of codes, a code that is none, a commune that stands in two EPCI.
    ArgumentError
        A centre that is on no globe.

    Examples
    --------
    >>> import pandas as pd
    >>> communes = read_communes(pd.DataFrame({"code_insee": ["1001", "76114"], "code_epci": [None, "200010700"]}))
    >>> communes[["code", "department", "epci"]]
        code department       epci
    0  01001         01        NaN
    1  76114         76  200010700
    """
    if isinstance(path, pd.DataFrame) and list(path.columns) == list(_COMMUNE_COLUMNS) and epcis is None:
        return path  # read already
    label, found = _columns(path, _COMMUNE_COLUMNS, "commune", lang)
    found["code"] = _checked_codes(found["code"], label, lang)
    for name, width in (("region", 2), ("epci", 9)):
        found[name] = _padded(found[name], width)
    found["epci"] = found["epci"].mask(found["epci"].str.upper().str.startswith("ZZZ"))  # « no EPCI »
    found["department"] = department_codes(found["code"])
    if (found["latitude"].abs() > 90).any() or (found["longitude"].abs() > 180).any():
        raise ArgumentError(
            tr(
                "“{file}” has centres on no globe: latitudes go to 90 degrees, longitudes to 180.",
                lang,
                file=label,
            )
        )
    found = found.drop_duplicates().sort_values("code", kind="stable")
    several = found.loc[found.groupby("code")["epci"].transform("nunique") > 1, "code"].unique()
    if len(several):
        raise UnreadableFileError(
            tr("“{file}” puts communes in several EPCI: {codes}. Keep the list of one year.", lang,
               file=label, codes=enumeration(list(several), lang))
        )  # fmt: skip
    found = found.drop_duplicates("code").reset_index(drop=True)
    if epcis is not None:
        told = read_epcis(epcis, lang=lang).set_index("code")
        for name, column in (("epci_name", "name"), ("epci_kind", "kind")):
            found[name] = found[name].fillna(found["epci"].map(told[column]).astype("str"))
    return found[list(_COMMUNE_COLUMNS)]


def read_epcis(path: str | os.PathLike[str] | pd.DataFrame, *, lang: str = "fr") -> pd.DataFrame:
    """Return a list of EPCI.

    Parameters
    ----------
    path
        A CSV file (``EPCI``, ``LIBEPCI``, ``NATURE_EPCI``, ``NB_COM`` or alike), or a frame of one.
    lang
        Language of the messages.

    Returns
    -------
    pandas.DataFrame
        A row each, by code: ``code`` (SIREN, nine digits), ``name``, ``kind``, text; ``communes`` (how many),
        float. Missing or NaN where the file does not tell.

    Raises
    ------
    UnreadableFileError
        No such file, no text, or no column of codes.

    Examples
    --------
    >>> import pandas as pd
    >>> read_epcis(pd.DataFrame({"EPCI": ["200010700"], "LIBEPCI": ["Caux Seine"], "NB_COM": ["50"]}))
            code        name kind  communes
    0  200010700  Caux Seine  NaN      50.0
    """
    _, found = _columns(path, _EPCI_COLUMNS, "EPCI", lang)
    found["code"] = _padded(found["code"], 9)
    found = found.dropna(subset="code").sort_values("code", kind="stable")
    return found.drop_duplicates("code").reset_index(drop=True)


def commune_codes(codes: Any) -> pd.Series:
    """Return INSEE codes with the zeros that a spreadsheet ate: 1001, ``1001`` and 1001.0 are ``01001``.

    Parameters
    ----------
    codes
        A series (its index is kept), or any list.

    Returns
    -------
    pandas.Series
        Text, upper case; missing where blank. What is no code stays as it is.

    Examples
    --------
    >>> commune_codes(["1001", "2a004", 76114]).tolist()
    ['01001', '2A004', '76114']
    """
    return _padded(codes if isinstance(codes, pd.Series) else pd.Series(list(codes), dtype=object), 5)


def department_codes(codes: pd.Series) -> pd.Series:
    """Return the departments of communes: the first two characters of the code, three overseas.

    Examples
    --------
    >>> import pandas as pd
    >>> department_codes(pd.Series(["76114", "2A004", "97411"])).tolist()
    ['76', '2A', '974']
    """
    return codes.str[:2].mask(codes.str.startswith(("97", "98"), na=False), codes.str[:3])


def communes_of(
    communes: pd.DataFrame,
    *,
    epci: str | Iterable[str] | None = None,
    department: str | Iterable[str] | None = None,
    lang: str = "fr",
) -> list[str]:
    """Return the codes of the communes of EPCI or departments, or of both.

    Parameters
    ----------
    communes
        As `read_communes` gives them.
    epci
        SIREN, or name where the list has names (case and accents do not count); one or several.
    department
        ``76``, ``2A``, ``974``; one or several.
    lang
        Language of the messages.

    Returns
    -------
    list of str
        Sorted, each once. Paris, Lyon and Marseille are one code each; `MUNICIPAL_DISTRICTS` has those that
        their establishments carry.

    Raises
    ------
    UnknownNameError
        An EPCI or a department of which no commune is listed.

    Examples
    --------
    >>> import pandas as pd
    >>> table = pd.DataFrame({"code_insee": ["76114", "76476", "14118"], "code_epci": ["200010700"] * 2 + ["2"]})
    >>> communes_of(read_communes(table), epci="200010700"), communes_of(read_communes(table), department="14")
    (['76114', '76476'], ['14118'])
    """
    kept = pd.Series(False, index=communes.index)
    for asked in _several(epci):
        here = communes["epci"].eq(asked) | communes["epci_name"].map(fold, na_action="ignore").eq(
            fold(asked)
        )
        if not here.any():
            known = communes.dropna(subset="epci").drop_duplicates("epci")
            close = close_names(asked, [*known["epci_name"].dropna(), *known["epci"]])
            raise UnknownNameError(
                tr("No commune of the list is in the EPCI “{epci}”.", lang, epci=asked) + _meant(close, lang)
            )
        kept |= here.fillna(False).astype(bool)
    for asked in _several(department):
        here = communes["department"].eq(asked.upper().zfill(2)).fillna(False).astype(bool)
        if not here.any():
            raise UnknownNameError(
                tr("No commune of the list is in the department “{department}”.", lang, department=asked)
            )
        kept |= here
    return sorted(communes.loc[kept, "code"])


def _several(asked: str | Iterable[str] | None) -> list[str]:
    return (
        []
        if asked is None
        else [asked.strip()]
        if isinstance(asked, str)
        else [str(one).strip() for one in asked]
    )


def _meant(close: list[str], lang: str) -> str:
    return " " + tr("Did you mean: {names}?", lang, names=enumeration(close, lang)) if close else ""


def _columns(
    given: str | os.PathLike[str] | pd.DataFrame, wanted: dict[str, str], what: str, lang: str
) -> tuple[str, pd.DataFrame]:
    """Return what the list is called, and its wanted columns: text, or numbers; missing where it has none."""
    label = "DataFrame" if isinstance(given, pd.DataFrame) else Path(given).name
    raw = given if isinstance(given, pd.DataFrame) else _text_table(Path(given), lang)
    at = {fold(str(name)).replace(" ", "_"): place for place, name in reversed([*enumerate(raw.columns)])}
    found = {}
    for name, aliases in wanted.items():
        place = next((at[alias] for alias in aliases.split() if alias in at), None)
        if place is None and name == "code":
            raise UnreadableFileError(
                tr("“{file}” has no column of {what} codes ({names}): it has {found}.", lang, file=label,
                   what=what, names=enumeration(aliases.split(), lang), found=enumeration([*map(str, raw.columns)], lang))
            )  # fmt: skip
        values = pd.Series(pd.NA, index=raw.index, dtype="str") if place is None else raw.iloc[:, place]
        found[name] = _float(values) if name in _NUMBERS else _text(values)
    frame = pd.DataFrame(found)
    return label, frame[frame["code"].notna()]


def _text_table(path: Path, lang: str) -> pd.DataFrame:
    text = decode_text(read_bytes(path, lang=lang), path, lang=lang)
    header = text.lstrip("\n\r").partition("\n")[0]
    separator = max(";,\t|", key=header.count)
    try:
        return pd.read_csv(StringIO(text), sep=separator, dtype="str", keep_default_na=False, na_values=[""])
    except ValueError as error:  # pandas: another number of cells than the header has
        raise UnreadableFileError(
            tr("“{file}” cannot be read: {reason}.", lang, file=path.name, reason=str(error).strip())
        ) from None


def _text(values: pd.Series) -> pd.Series:
    if pd.api.types.is_numeric_dtype(values):  # a code that came through a spreadsheet as 1001.0
        values = values.astype("float64").astype("Int64")
    text = values.astype("str").str.strip()
    return text.mask(text == "")


def _float(values: pd.Series) -> pd.Series:
    if not pd.api.types.is_numeric_dtype(values):
        values = (
            values.astype("str")
            .str.replace("[\\s\u00a0\u202f]", "", regex=True)
            .str.replace(",", ".", regex=False)
        )
    return pd.to_numeric(values, errors="coerce").astype("float64")


def _padded(values: pd.Series, width: int) -> pd.Series:
    if values.dtype == object:  # numbers and text together: each as it would be typed
        values = values.map(lambda one: int(one) if isinstance(one, float) and one.is_integer() else one)
    text = _text(values).str.upper().str.replace(r"\.0$", "", regex=True)
    return text.mask(text.str.fullmatch(r"\d+", na=False), text.str.zfill(width))


def _checked_codes(codes: pd.Series, label: str, lang: str) -> pd.Series:
    codes = commune_codes(codes)
    wrong = codes[~codes.str.fullmatch(_CODE.pattern).to_numpy(dtype=bool, na_value=False)].unique()
    if len(wrong):
        raise UnreadableFileError(
            tr("“{file}”: {codes} are no codes of communes (five characters, such as 76114 or 2A004).", lang,
               file=label, codes=enumeration(list(wrong), lang))
        )  # fmt: skip
    return codes


def checked_communes(
    codes: str | Iterable[str], communes: pd.DataFrame | None, *, lang: str = "fr"
) -> list[str]:
    """Return the codes asked for as establishments carry them, each known to the list where there is one.

    Paris, Lyon and Marseille give their arrondissements, which are known by themselves too.

    Raises
    ------
    ArgumentError
        What is no code of a commune.
    UnknownNameError
        A code that the list does not have.
    """
    given = _several(codes)
    found = commune_codes(given)
    asked = [*dict.fromkeys(found.dropna())]
    # as they were typed
    wrong = [
        one
        for one, code in zip(given, found, strict=True)
        if isinstance(code, str) and not _CODE.fullmatch(code)
    ]
    if wrong:
        raise ArgumentError(
            tr("{codes}: not the code of a commune (five characters, such as 76114 or 2A004).", lang,
               codes=enumeration(wrong, lang))
        )  # fmt: skip
    if communes is not None:
        known = set(communes["code"]).union(*MUNICIPAL_DISTRICTS.values())
        for code in asked:
            if code not in known:
                raise UnknownNameError(
                    tr("No commune {code} in the list: a postcode is not a commune code, and merged communes "
                       "have a new one.", lang, code=code) + _meant(close_names(code, known), lang)
                )  # fmt: skip
    return sorted({one for code in asked for one in MUNICIPAL_DISTRICTS.get(code, (code,))})
