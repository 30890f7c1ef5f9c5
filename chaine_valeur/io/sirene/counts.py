"""`establishment_counts`: how many establishments each territory has in each activity, over the whole stock."""

from __future__ import annotations

import os

import pandas as pd

from ...errors import ArgumentError, UnknownNameError
from ...language import check_language, enumeration, tr
from ..communes import MUNICIPAL_DISTRICTS, department_codes, read_communes
from .asked import IN_2025, OTHER_NOMENCLATURES
from .bands import SIZE_BANDS
from .naf import dotted_one, section_of
from .rows import with_districts
from .stock import ESTABLISHMENTS, Reader, Stock, literal

__all__ = ["establishment_counts"]

_TERRITORIES = ("epci", "commune", "department")
#: Level of the nomenclature → characters of a code without its dot.
_LEVELS = {1: 2, 2: 2, 3: 3, 4: 4, 5: 5}
_NOMENCLATURES = ("rev2", "2025")
_SUMS = ["establishments", "employees_low", "employees_high", "unknown_size"]


def establishment_counts(
    establishments: str | os.PathLike[str],
    *,
    by: str = "epci",
    communes_table: str | os.PathLike[str] | pd.DataFrame | None = None,
    naf_level: int = 5,
    nomenclature: str = "rev2",
    employers: bool | None = True,
    active: bool | None = True,
    lang: str = "fr",
) -> pd.DataFrame:
    """Return numbers of establishments and employees by territory and activity, for the whole file.

    What location quotients and relatedness between activities are made of; duckdb adds up, only the sums come
    into memory.

    Parameters
    ----------
    establishments
        ``StockEtablissement``, as in `read_sirene`.
    by
        ``epci``, ``commune`` or ``department``. Paris, Lyon and Marseille are one commune each.
    communes_table
        A list of communes with their EPCI (path, or what `read_communes` gives), for ``epci``.
    naf_level
        5 (``38.32Z``), 4 (``38.32``), 3 (``38.3``), 2 (``38``) or 1 (section, ``E``).
    nomenclature
        ``rev2`` or ``2025``.
    employers
        ``True``: those that are known to employ; ``False``: those that are known not to; ``None``: all.
    active
        ``True``: open ones; ``False``: closed ones; ``None``: all.
    lang
        Language of the messages.

    Returns
    -------
    pandas.DataFrame
        A row for each pair that occurs, by territory, then activity: ``territory`` (SIREN of the EPCI, code of
        the commune or the department; missing for communes that are in none), ``naf`` (missing where the file
        has no code in that nomenclature), ``establishments`` and ``unknown_size`` (how many of them tell no
        size), integers; ``employees_low``, ``employees_high``: sums of the ends of the bands, those of unknown
        size left out; the upper one is infinite where a band has no upper end. Sums over all rows are those of
        the file.

    Raises
    ------
    UnreadableFileError
        As in `read_sirene`.
    ArgumentError
        ``by="epci"`` without a list of communes that tells EPCI; another level.
    UnknownNameError
        Another kind of territory, or another nomenclature.
    ImportError
        duckdb is not installed.

    Notes
    -----
    What is closed to publication is not counted.

    Examples
    --------
    >>> from pathlib import Path
    >>> from tempfile import TemporaryDirectory
    >>> import pandas as pd
    >>> rows = pd.DataFrame(
    ...     {
    ...         "siret": ["01234567890128", "01234567890136"],
    ...         "statutDiffusionEtablissement": "O",
    ...         "etatAdministratifEtablissement": "A",
    ...         "activitePrincipaleEtablissement": ["38.32Z", "38.11Z"],
    ...         "codeCommuneEtablissement": ["76114", "76476"],
    ...         "trancheEffectifsEtablissement": ["12", "NN"],
    ...     }
    ... )
    >>> with TemporaryDirectory() as folder:
    ...     stock = Path(folder) / "stock.csv"
    ...     rows.to_csv(stock, index=False)
    ...     establishment_counts(stock, by="department", naf_level=2, employers=None)
      territory naf  establishments  employees_low  employees_high  unknown_size
    0        76  38               2           20.0            49.0             1
    """
    check_language(lang)
    for name, value, known in (("by", by, _TERRITORIES), ("nomenclature", nomenclature, _NOMENCLATURES)):
        if value not in known:
            raise UnknownNameError(
                tr("{argument}={value} is not known: give one of {choices}.", lang,
                   argument=name, value=value, choices=enumeration(list(known), lang))
            )  # fmt: skip
    if naf_level not in _LEVELS:
        raise ArgumentError(tr("naf_level={given} is none of 1, 2, 3, 4, 5.", lang, given=naf_level))
    table = None if communes_table is None else read_communes(communes_table, lang=lang)
    if by == "epci" and (table is None or table["epci"].isna().all()):
        raise ArgumentError(
            tr('by="epci" needs the list of communes and their EPCI: give communes_table=.', lang)
        )
    needs = [*ESTABLISHMENTS, "trancheEffectifsEtablissement"]
    needs += ["caractereEmployeurEtablissement"] if employers is not None else []
    needs += ["activitePrincipaleNAF25Etablissement"] if nomenclature == "2025" else []
    with Reader(lang=lang) as reader:
        stock = reader.open(establishments, needs=needs, kind="StockEtablissement")
        sql = _sums(stock, nomenclature, _LEVELS[naf_level], employers, active)
        sums = reader.frame(sql, stock.label)
    sums["naf"] = sums["naf"].astype("str").map(dotted_one, na_action="ignore").astype("str")
    if naf_level == 1:
        sums["naf"] = section_of(sums["naf"], nomenclature=nomenclature)
    sums["territory"] = _territories(sums.pop("commune").astype("str"), by, table)
    found = sums.groupby(["territory", "naf"], dropna=False, as_index=False, sort=True)[_SUMS].sum()
    whole = {"establishments": "int64", "unknown_size": "int64"}
    kinds = {
        "territory": "str",
        "naf": "str",
        "employees_low": "float64",
        "employees_high": "float64",
        **whole,
    }
    return found[["territory", "naf", *_SUMS]].astype(kinds)


def _sums(
    stock: Stock, nomenclature: str, characters: int, employers: bool | None, active: bool | None
) -> str:
    """Return the query of sums by commune and beginning of code."""
    main = _plain(stock, "activitePrincipaleEtablissement")
    system = f"upper(coalesce({stock.raw('nomenclatureActivitePrincipaleEtablissement')}, ''))"
    if nomenclature == "rev2":
        code = f"CASE WHEN {system} NOT IN ({', '.join(map(literal, OTHER_NOMENCLATURES))}) THEN {main} END"
    else:
        new = _plain(stock, "activitePrincipaleNAF25Etablissement")
        code = f"coalesce({new}, CASE WHEN {system} IN ({', '.join(map(literal, IN_2025))}) THEN {main} END)"
    conditions = [f"coalesce({stock.raw('statutDiffusionEtablissement')}, 'P') <> 'N'"]
    if active is not None:
        test = "=" if active else "IS DISTINCT FROM"
        conditions.append(f"{stock.raw('etatAdministratifEtablissement')} {test} 'A'")
    if employers is not None:
        conditions.append(f"{stock.raw('caractereEmployeurEtablissement')} = '{'O' if employers else 'N'}'")
    size = stock.text("trancheEffectifsEtablissement")
    # by band first: the ends of the bands are added band by band, not row by row
    by_band = (
        f"SELECT {stock.text('codeCommuneEtablissement')} AS commune, {code} AS code, {size} AS size, "
        f"count(*) AS rows FROM {stock.relation} WHERE {' AND '.join(conditions)} GROUP BY ALL"
    )
    bands = ", ".join(
        f"({literal(band)}, {low}, {'CAST(' + literal(high) + ' AS DOUBLE)'})"
        for band, (low, high) in SIZE_BANDS.items()
    )
    return (
        f"WITH bands(band, low, high) AS (VALUES {bands}) "
        f"SELECT commune, left(code, {characters}) AS naf, CAST(sum(rows) AS BIGINT) AS establishments, "
        "CAST(coalesce(sum(rows * low), 0) AS DOUBLE) AS employees_low, "
        "CAST(coalesce(sum(rows * high), 0) AS DOUBLE) AS employees_high, "
        "CAST(coalesce(sum(rows) FILTER (low IS NULL), 0) AS BIGINT) AS unknown_size "
        f"FROM ({by_band}) LEFT JOIN bands ON size = band GROUP BY ALL"
    )


def _plain(stock: Stock, column: str) -> str:
    """Return a code without its dot, NULL where it is none of five characters."""
    plain = f"upper(replace({stock.raw(column)}, '.', ''))"
    return f"CASE WHEN regexp_full_match({plain}, '[0-9]{{4}}[A-Z]') THEN {plain} END"


def _territories(communes: pd.Series, by: str, table: pd.DataFrame | None) -> pd.Series:
    if by == "department":
        return department_codes(communes)
    if by == "epci":
        assert table is not None
        return communes.map(with_districts(table)["epci"]).astype("str")
    parts = {part: whole for whole, several in MUNICIPAL_DISTRICTS.items() for part in several}
    return communes.map(parts).astype("str").fillna(communes)
