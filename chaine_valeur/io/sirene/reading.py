"""`read_sirene`: from the national stock to the establishments that answer a question."""

from __future__ import annotations

import os
from collections.abc import Callable, Iterable
from dataclasses import replace
from numbers import Integral

import pandas as pd

from ...errors import ArgumentError, UnreadableFileError
from ...language import check_language, enumeration, tr
from ..communes import read_communes
from .arguments import check_not_empty, communes_asked, departments_asked, place_asked
from .asked import Asked, found_sql, in_department, units_sql, within_ranges
from .bands import bands_asked
from .naf import naf_prefixes
from .rows import dressed, placed, with_districts
from .selection import Selection, counts_of, notes_of
from .stock import ESTABLISHMENTS, LEGAL_UNITS, Reader, Stock, literal

__all__ = ["read_sirene"]

_NO_CENTRES = pd.DataFrame(
    {"name": pd.Series(dtype="str"), "latitude": pd.Series(dtype="float64"), "longitude": pd.Series(dtype="float64")},
    index=pd.Index([], dtype="str", name="code"),
)  # fmt: skip


def read_sirene(
    establishments: str | os.PathLike[str],
    *,
    legal_units: str | os.PathLike[str] | None = None,
    naf: str | Iterable[str] | None = None,
    naf25: str | Iterable[str] | None = None,
    communes: str | Iterable[str] | None = None,
    epci: str | Iterable[str] | None = None,
    departments: str | Iterable[str] | None = None,
    communes_table: str | os.PathLike[str] | pd.DataFrame | None = None,
    near: tuple[float, float] | str | None = None,
    within_km: float | None = None,
    sizes: str | int | Iterable[str | int] | None = None,
    employers: bool | None = None,
    active: bool | None = True,
    limit: int | None = None,
    lang: str = "fr",
) -> Selection:
    """Return establishments of the SIRENE stock by activity, territory or distance, size and state.

    The files are those that INSEE publishes each month (about 40 million rows), or extracts of them. They are
    never loaded whole: duckdb reads the columns and rows that the question needs.

    Parameters
    ----------
    establishments
        ``StockEtablissement``: Parquet or CSV (any usual separator and encoding, gzip too), a pattern
        (``stock/*.parquet``), or a folder of Parquet files. The columns of before December 2025 do, without
        coordinates and without NAF 2025.
    legal_units
        ``StockUniteLegale``: denominations, legal categories, social economy. Without it most names stay unknown.
    naf
        Codes of NAF rév. 2 or what they begin with, with or without dot (``38.32Z``, ``3832Z``, ``38``), or
        letters of sections (``E``).
    naf25
        The same in NAF 2025. Both are in force around 1 January 2027: a row answers when either of its codes
        does.
    communes
        INSEE codes; a zero eaten by a spreadsheet is put back. Paris, Lyon and Marseille stand for their
        arrondissements.
    epci
        SIREN or names of EPCI, with `communes_table`.
    departments
        ``76``, ``2A``, ``974``. What is in any of the communes, EPCI and departments asked for answers.
    communes_table
        A list of communes (path, or what `read_communes` gives): EPCI, names, and centres for distances.
    near
        Latitude and longitude in degrees, or the code of a commune whose centre is in `communes_table`.
    within_km
        Only what is at most so far (great circle) from `near`; without it, all with their distances.
    sizes
        One band (``"12"``): from this one up; a list: those bands (`SIZE_BANDS`). Unknown sizes are left out.
    employers
        ``True``: those that are known to employ; ``False``: those that are known not to; ``None``: all.
    active
        ``True``: open ones; ``False``: closed ones; ``None``: all.
    limit
        At most so many rows.
    lang
        Language of the messages, and of the words that stand for the name of a sole trader.

    Returns
    -------
    Selection
        ``frame``, a row an establishment, the nearest first, then by ``siret``; ``unplaced``, those that
        answer to all but the distance, which is unknown (never taken for 0); ``counts`` and ``notes``, what
        was left out. Columns, always the same:

        - ``siret``, ``siren``; ``name``: the sign, the usual name, or the denomination of the legal unit;
          ``legal_name``: that denomination. Missing where it is not known or may not be shown;
        - ``naf`` (rév. 2) and ``naf_2025``, dotted, missing where the file has none in that nomenclature;
          ``matched_by``: ``rev2``, ``2025`` or ``both``, the nomenclature whose code answered;
        - ``commune_code``, ``commune_name``, ``postcode``;
        - ``latitude``, ``longitude`` (degrees, WGS 84), ``precision``: ``address``, ``commune`` (the centre),
          missing where neither is known; ``distance_km`` from `near`, NaN where unknown;
        - ``size_code`` (``NN``: not filled), ``size_low``, ``size_high``: employees, NaN where unknown,
          infinite at the top of the last band; ``employer``; ``head_office``; ``created_on``;
        - ``legal_category``, ``company_category`` (``PME``, ``ETI``, ``GE``), ``ess``: social economy,
          ``natural_person``: of the legal unit, missing where unknown; ``active``.

    Raises
    ------
    UnreadableFileError
        A file that is missing or of another kind (it says which), lacks a column that is needed, or holds an
        establishment twice.
    ArgumentError
        What is no code of activity or commune, an empty list, a distance without a place, a limit below 1.
    UnknownNameError
        An EPCI, a commune or a band that does not exist.
    ImportError
        duckdb is not installed (``pip install 'chaine_valeur[sirene]'``).

    Notes
    -----
    What is closed to publication (``N``) is not read; of what is open in part (``P``) the address is masked,
    and « [ND] » is unknown. No column of a person's name is read. A sole trader (legal category 1000) has no
    name here; nor has an establishment of which neither a denomination nor a legal unit tells what it is.

    Coordinates are read as Lambert 93; those of overseas establishments are in other grids and are not used:
    they stand at the centre of their commune, or nowhere.

    Examples
    --------
    >>> from pathlib import Path
    >>> from tempfile import TemporaryDirectory
    >>> import pandas as pd
    >>> rows = pd.DataFrame(
    ...     {
    ...         "siret": ["01234567890128", "01234567890136"],
    ...         "statutDiffusionEtablissement": "O",
    ...         "etatAdministratifEtablissement": ["A", "F"],
    ...         "activitePrincipaleEtablissement": "38.32Z",
    ...         "codeCommuneEtablissement": "76114",
    ...         "trancheEffectifsEtablissement": "12",
    ...     }
    ... )
    >>> with TemporaryDirectory() as folder:
    ...     stock = Path(folder) / "stock.csv"
    ...     rows.to_csv(stock, index=False)
    ...     found = read_sirene(stock, naf="38", communes="76114", lang="en")
    >>> found.frame[["siret", "naf", "size_low", "size_high"]]
                siret     naf  size_low  size_high
    0  01234567890128  38.32Z      20.0       49.0
    >>> found.notes[0]
    '1 closed establishment left out.'
    """
    check_language(lang)
    naf, naf25, communes, epci, departments = map(_several, (naf, naf25, communes, epci, departments))
    check_not_empty(lang=lang, naf=naf, naf25=naf25, communes=communes, epci=epci, departments=departments)
    table = None if communes_table is None else read_communes(communes_table, lang=lang)
    centres = _NO_CENTRES if table is None else with_districts(table)
    asked = Asked(
        rev2=naf_prefixes(naf, lang=lang),
        naf25=naf_prefixes(naf25, nomenclature="2025", lang=lang),
        communes=communes_asked(communes, epci, table, lang=lang),
        departments=departments_asked(departments, lang=lang),
        bands=bands_asked(sizes, lang=lang),
        employers=employers,
        active=active,
        near=place_asked(near, within_km, centres, lang=lang),
    )
    if limit is not None and (not isinstance(limit, Integral) or limit < 1):
        raise ArgumentError(tr("limit={given} is no number of rows: give 1 or more.", lang, given=limit))
    with Reader(lang=lang) as reader:
        stock = reader.open(
            establishments, needs=(*ESTABLISHMENTS, *_needed(asked)), kind="StockEtablissement"
        )
        units = None
        if legal_units is not None:
            units = reader.open(legal_units, needs=LEGAL_UNITS, kind="StockUniteLegale")
        around = asked.within
        if around is not None and around.centres.empty and not set(stock.columns) >= _METRES:
            raise ArgumentError(
                tr("“{file}” has no coordinates: give the centres of communes (communes_table=) for distances.",
                   lang, file=stock.label)
            )  # fmt: skip
        return _selected(reader, stock, units, asked, centres, limit, lang)


#: Up to so many rows are fetched by their number.
_FEW = 2_000
_METRES = {"coordonneelambertabscisseetablissement", "coordonneelambertordonneeetablissement"}


def _selected(
    reader: Reader, stock: Stock, units: Stock | None, asked: Asked, centres: pd.DataFrame, limit: int | None, lang: str
) -> Selection:  # fmt: skip
    near = asked.within
    if near is not None:
        reader.register("far_communes", pd.DataFrame({"code": pd.Series(near.far_codes(), dtype="object")}))
    _find(reader, stock, asked, units is not None)
    chosen = "SELECT * EXCLUDE (reason, metric, place) FROM found WHERE reason IS NULL"
    if limit is not None and asked.near is None:
        chosen += f" ORDER BY siret LIMIT {limit}"
    query = f"SELECT * FROM ({chosen}) ORDER BY siret"
    if units is not None:
        query = (
            f"WITH kept AS MATERIALIZED ({chosen}), units AS (SELECT * FROM ({units_sql(units)}) "
            "WHERE siren IN (SELECT siren FROM kept)) SELECT kept.* REPLACE (units.unit_diffusion AS unit_diffusion, "
            "units.legal_name AS legal_name, units.acronym AS acronym, units.legal_category AS legal_category, "
            "units.company_category AS company_category, units.ess AS ess) "
            "FROM kept LEFT JOIN units USING (siren) ORDER BY siret"
        )
    rows = reader.frame(query, units.label if units else stock.label)
    twice = rows.loc[rows["siret"].duplicated(), "siret"]
    if len(twice):
        raise UnreadableFileError(
            tr("The establishment {siret} stands twice: give the files of one month only.", lang,
               siret=twice.iloc[0])
        )  # fmt: skip
    frame = dressed(rows, asked, centres, lang=lang)
    reasons = _reasons(reader, asked, centres)
    unplaced = frame.iloc[:0]
    if near is not None:
        unplaced = frame[frame["distance_km"].isna()]
        frame = frame[frame["distance_km"] <= near.within_km]
    answer = reasons.pop("", 0)
    kept = answer if near is None else len(frame)
    frame = frame.sort_values(["distance_km", "siret"], ignore_index=True).iloc[:limit]
    person = frame["natural_person"].fillna(False).astype(bool)
    masked = rows["diffusion"].ne("O").to_numpy(bool)
    counts = counts_of({
        **reasons, "unplaced": len(unplaced), "kept": kept, "returned": len(frame),
        "found": sum(reasons.values()) + len(unplaced) + kept,
        "partial": int(frame["siret"].isin(rows.loc[masked, "siret"]).sum()),
        "natural_persons": int(person.sum()), "name_unknown": int(frame["name"].isna().sum()),
    })  # fmt: skip
    notes = notes_of(counts, units=units is not None or "categorieJuridiqueUniteLegale" in stock, lang=lang)
    notes += _not_found(reader, stock, asked, counts, lang)
    return Selection(frame, unplaced.reset_index(drop=True).iloc[:limit], counts, tuple(notes))


def _find(reader: Reader, stock: Stock, asked: Asked, units: bool) -> None:
    """Make ``found``, what answers by activity and place: read once, unless that would be the whole country."""
    if not asked.selective:
        reader.run(
            f"CREATE TEMP VIEW found AS {found_sql(replace(stock, numbered=False), asked, units)}",
            stock.label,
        )
        return
    if stock.place is not None:
        # few rows are cheap to fetch by their number, once the columns of the conditions have told them
        places = f"SELECT place.file, place.number FROM ({found_sql(stock, asked, units)}) LIMIT {_FEW + 1}"
        few = reader.run(places, stock.label).fetchall()
        if not few:
            stock = replace(stock, relation=f"(SELECT * FROM {stock.relation} LIMIT 0)")
        elif len(few) <= _FEW:
            stock = stock.at(few)
        else:
            # the names of files, row by row, would cost more than the rest
            stock = replace(stock, numbered=False)
    reader.run(f"CREATE TEMP TABLE found AS {found_sql(stock, asked, units)}", stock.label)


def _reasons(reader: Reader, asked: Asked, centres: pd.DataFrame) -> dict[str, int]:
    """Return how many rows are left out for each reason, and under "" how many are not."""
    if asked.within is None:
        sql = "SELECT coalesce(reason, '') AS reason, count(*) AS rows FROM found GROUP BY ALL"
        table = reader.frame(sql)
        return dict(zip(table["reason"], map(int, table["rows"]), strict=True))
    left = reader.frame("SELECT reason, commune, x, y FROM found WHERE reason IS NOT NULL")
    apart = placed(left, asked, centres)["distance_km"]
    here = left.loc[apart.isna() | (apart <= asked.within.within_km), "reason"]
    return {str(name): int(count) for name, count in here.value_counts().items()}


def _not_found(reader: Reader, stock: Stock, asked: Asked, counts: pd.Series, lang: str) -> list[str]:
    """Return what may be wrong with a question that nothing answers: codes that no row of the file bears."""
    told = []
    if asked.naf25 and "activitePrincipaleNAF25Etablissement" not in stock:
        told.append(
            tr("“{file}” has no codes of NAF 2025: naf25= finds nothing in it.", lang, file=stock.label)
        )
    if counts["found"]:
        return told

    def missing(column: str, condition: Callable[[str, str], str], codes: Iterable[str]) -> list[str]:
        lost = []
        for code in codes:  # one question each, which ends at the first row that bears the code
            sql = f"SELECT 1 FROM {stock.relation} WHERE {condition(stock.raw(column), code)} LIMIT 1"
            lost += [] if reader.run(sql, stock.label).fetchall() else [code]
        return lost

    def begins(column: str, code: str) -> str:
        return within_ranges(column, [code])

    lost = missing("activitePrincipaleEtablissement", begins, asked.rev2)
    if asked.naf25 and "activitePrincipaleNAF25Etablissement" in stock:
        lost += missing("activitePrincipaleNAF25Etablissement", begins, asked.naf25)
    if lost:
        told.append(tr("No establishment of “{file}” bears the NAF code {codes}.", lang,
                       file=stock.label, codes=enumeration(lost, lang)))  # fmt: skip
    lost = missing(
        "codeCommuneEtablissement",
        lambda column, code: f"{column} IN ({literal(code)}, {literal(code.lstrip('0'))})",
        (asked.communes or ())[:20],
    )
    if lost:
        told.append(tr("No establishment of “{file}” is in the commune {codes}: these are INSEE codes, not postcodes.",
                       lang, file=stock.label, codes=enumeration(lost, lang)))  # fmt: skip
    lost = missing("codeCommuneEtablissement", in_department, asked.departments or ())
    if lost:
        told.append(tr("No establishment of “{file}” is in the department {codes}.", lang,
                       file=stock.label, codes=enumeration(lost, lang)))  # fmt: skip
    return told


def _several(codes: str | Iterable[str] | None) -> str | list[str] | None:
    """Return what was given, a list once for all where it may be read once only."""
    return codes if codes is None or isinstance(codes, str) else [*codes]


def _needed(asked: Asked) -> list[str]:
    """Return the columns that this question cannot do without."""
    needed = []
    if asked.employers is not None:
        needed.append("caractereEmployeurEtablissement")
    if asked.bands is not None:
        needed.append("trancheEffectifsEtablissement")
    if asked.naf25 and not asked.rev2:
        needed.append("activitePrincipaleNAF25Etablissement")
    return needed
