"""`read_siae`: from the cells of a listing to its frame, every doubt told, no row merged."""

from __future__ import annotations

import os
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any

import pandas as pd

from ...errors import UnreadableFileError
from ...language import check_language, enumeration, tr
from ...parse import siret_valid
from ...problems import Problems
from ...table_state import RawTable
from ...text import slug
from ..cells import Grid, find_headers, raw_of
from ..communes import read_communes
from .grids import listing_grids
from .kinds import KINDS, kinds_in
from .listing import FRAME_COLUMNS, SiaeListing
from .places import commune_codes_of, commune_names, departments
from .rows import Read, Rows, one_of, postcode, several_of
from .schema import LISTING_CODES, listing_table
from .sectors import SERVICES, SPANS, joined_sectors

__all__ = ["read_siae"]

_NATURES = {"HEAD_OFFICE": "siège|siège social|head office", "ANTENNA": "antenne|établissement secondaire"}
_LEFT_OUT = ("contact_column", "unknown_column", "duplicate_header")


def read_siae(
    path: str | os.PathLike[str],
    *,
    communes: str | os.PathLike[str] | pd.DataFrame | None = None,
    lang: str = "fr",
) -> SiaeListing:
    """Return a listing of insertion structures: SIAE, and the adapted enterprises, ESAT and GEIQ beside them.

    Reads the export of « Le marché de l’inclusion » (CSV, XLS, XLSX) and the answers of its API (JSON, CSV), the
    structures of data.inclusion, and lists as a département types them; what a file is, is seen from its content.
    Encodings (UTF-8 with or without mark, UTF-16, cp1252) and separators are found out; headers count in any case
    and order, under a title too. Nothing is merged or dropped unsaid: a SIRET on several rows stays on each.

    Parameters
    ----------
    path
        The file. Several sheets of a workbook may each hold a part.
    communes
        A list of communes, as `read_communes` takes or gives it: names then get their codes.
    lang
        Language of the messages.

    Returns
    -------
    SiaeListing
        ``frame`` has a row per row of the listing, in its order, with always the same columns (unknown where the
        listing does not tell):

        - ``siae_id``: the identifier of the listing, or one made of kind, name and SIRET (else postcode), which does
          not depend on the order of the rows; of rows that say the same, the later have a number behind it;
        - ``name``, ``brand``; ``kind``, a `StructureKind`; ``is_siae``: true of AI, ACI, EI, EITI, ETTI, false of
          EA, EATT, ESAT, GEIQ, OPCS, unknown where the kind is; ``nature`` (``HEAD_OFFICE``, ``ANTENNA``);
        - ``siret`` (14 digits), ``siret_valid`` (its key is right), ``naf``;
        - ``postcode``, ``commune_name`` (without CEDEX), ``commune_as_written``, ``commune_code``, ``department``
          (as written, else of the commune, else of the postcode), ``latitude``, ``longitude`` (degrees);
        - ``sectors``, joined by « ; », under their official names where known, else as typed; ``services`` (``DISP``
          labour, ``PREST`` services, ``BUILD`` goods); ``geo_range`` (``COUNTRY``, ``REGION``, ``DEPARTMENT``,
          ``ZONES``, ``CUSTOM``), ``geo_range_km``;
        - ``insertion_headcount``, ``permanent_headcount`` (persons), ``insertion_fte`` (full-time equivalents),
          ``turnover_eur`` (€ a year), ``active`` (false where it is delisted too);
        - ``sheet``, ``row``: where it stands; of JSON, the number of the record.

        ``problems`` tells what could not be read (the cell is then unknown), what to look at, and which columns were
        left out: contact details, names of persons, addresses, whatever is not above.

    Raises
    ------
    UnreadableFileError
        No such file, no workbook, CSV or JSON, or no column of names in it.

    References
    ----------
    Fields and kinds: github.com/gip-inclusion/le-marche (``lemarche/api/siaes/serializers.py``,
    ``lemarche/siaes``).

    Examples
    --------
    >>> from tempfile import TemporaryDirectory
    >>> text = "type;nom;Ville;Code postal;SIRET;email\\nACI;TREMPLINS;SELESTAT CEDEX;67600;388 991 788 00034;a@b.fr"
    >>> with TemporaryDirectory() as folder:
    ...     file = Path(folder) / "siae.csv"
    ...     size = file.write_text(text, encoding="cp1252")
    ...     listing = read_siae(file)
    >>> listing.frame[["kind", "siret", "commune_name", "department"]].iloc[0].tolist(), listing.left_out
    (['ACI', '38899178800034', 'SELESTAT', '67'], ('email',))
    """
    check_language(lang)
    problems = Problems(lang, codes=LISTING_CODES)
    raws = _raw_tables(listing_grids(path, lang=lang), Path(path), problems)
    rows = Rows.of(raws, problems)
    known = None if communes is None else read_communes(communes, lang=lang)
    frame = _frame(rows, known)
    told = problems.frame()
    left_out = tuple(told.loc[told["code"].isin(_LEFT_OUT), "value"].unique())
    return SiaeListing(frame, told, left_out)


def _raw_tables(grids: Sequence[Grid], path: Path, problems: Problems) -> list[RawTable]:
    """Return the tables that the grids hold; a sheet without names is told, a file without any refused."""
    home, lang = listing_table(), problems.lang
    labels = [home["name"].label(lang), home["kind"].label(lang), home["siret"].label(lang)]
    raws: list[RawTable] = []
    for grid in grids:
        headers = find_headers(grid, [home])
        if headers is None:
            first = grid.numbers[0] if grid.numbers else None
            problems.add(
                "no_headers", table=home.name, sheet=grid.sheet, row=first, choices=", ".join(labels)
            )
        elif not {"name", "brand"} & set(headers.columns.values()):
            problems.add("missing_column", table=home.name, sheet=grid.sheet, value=labels[0])
        else:
            raws.append(raw_of(grid, headers, problems))
    if not raws:
        raise UnreadableFileError(
            tr("“{file}” is no listing of structures: it has no column of names. Write the headers on one line, one of "
               "them among: {headers}.", lang,
               file=path.name, headers=enumeration([labels[0], *home["name"].aliases], lang, limit=20))
        )  # fmt: skip
    return raws


def _frame(rows: Rows, communes: pd.DataFrame | None) -> pd.DataFrame:
    """Return the frame of the rows, column by column."""
    found: dict[str, Any] = {name: rows.text(name) for name in ("name", "brand", "commune_as_written")}
    found["kind"] = _kinds(rows)
    family = {kind.value: kind.is_siae for kind in KINDS}
    found["is_siae"] = found["kind"].map(family).astype("boolean")
    found["nature"] = rows.read("nature", one_of(_NATURES, rows.problems.lang))
    found["siret"] = rows.parsed("siret")
    found["siret_valid"] = _siret_valid(found["siret"])
    found["naf"] = rows.parsed("naf")
    found["postcode"] = rows.read("postcode", postcode)
    found["commune_name"] = commune_names(found["commune_as_written"])
    codes = rows.parsed("commune_code")
    found["department"] = departments(rows.text("department"), codes, found["postcode"])
    found["commune_code"] = codes if communes is None else _matched(rows, found, codes, communes)
    found["sectors"] = rows.text("sectors").map(joined_sectors, na_action="ignore").astype("str")
    found["services"] = rows.read("services", several_of(SERVICES, rows.problems.lang))
    found["geo_range"] = rows.read("geo_range", one_of(SPANS, rows.problems.lang))
    for name in ("geo_range_km", "latitude", "longitude", "insertion_headcount", "permanent_headcount",
                 "insertion_fte"):  # fmt: skip
        found[name] = rows.parsed(name)
    found["turnover_eur"] = rows.parsed("turnover_eur").fillna(rows.parsed("api_turnover_eur"))
    delisted = rows.parsed("delisted").fillna(False).to_numpy(bool)
    found["active"] = rows.parsed("active").mask(delisted, False)
    found["sheet"], found["row"] = rows.place.sheets, rows.place.rows
    found["siae_id"] = _identifiers(rows.text("siae_id"), found)
    _tell_shared_sirets(rows, found["siret"])
    return pd.DataFrame(found, index=rows.cells.index)[list(FRAME_COLUMNS)].astype(FRAME_COLUMNS)


def _kinds(rows: Rows) -> pd.Series:
    """Return the kind of each structure: as its column says, else as the networks that it belongs to."""
    choices = enumeration([kind.value for kind in KINDS], rows.problems.lang, limit=len(KINDS))

    def read(text: str) -> Read:
        kinds = kinds_in(text)
        if not kinds:
            return None, "unknown_term", {"choices": choices}
        return kinds[0], "several_kinds" if len(kinds) > 1 else "", {"limit": kinds[0]}

    def read_network(text: str) -> Read:
        return read(text) if kinds_in(text) else (None, "", {})  # most networks are of no insertion

    return rows.read("kind", read).fillna(rows.read("networks", read_network))


def _siret_valid(sirets: pd.Series) -> pd.Series:
    valid = {siret: siret_valid(siret) for siret in sirets.dropna().unique()}
    return sirets.map(valid).astype("boolean")


def _matched(
    rows: Rows, found: Mapping[str, pd.Series], codes: pd.Series, communes: pd.DataFrame
) -> pd.Series:
    """Return commune codes, those missing from the names; a name that the list does not have is told once."""
    names, homes = found["commune_name"], found["department"]
    matched = codes.fillna(commune_codes_of(names, homes, communes))
    lost = pd.DataFrame({"name": names, "department": homes})[matched.isna() & names.notna()]
    for position in lost[~lost.duplicated()].index:
        home = homes.iat[position] if pd.notna(homes.iat[position]) else "?"
        rows.tell(position, "unknown_commune", "commune_as_written", names.iat[position], limit=home)
    return matched


def _identifiers(given: pd.Series, found: Mapping[str, pd.Series]) -> pd.Series:
    names = found["name"].map({name: slug(name) for name in found["name"].dropna().unique()})
    where = found["siret"].fillna(found["postcode"])
    made = found["kind"].str.lower().fillna("") + "-" + names.astype("str") + "-" + where.fillna("")
    ids = given.fillna(made.str.strip("-")).astype("str")
    while ids.duplicated().any():  # a number may meet an identifier of the listing
        again = ids.groupby(ids).cumcount()
        ids = ids.where(again == 0, ids + "." + (again + 1).astype("str"))
    return ids


def _tell_shared_sirets(rows: Rows, sirets: pd.Series) -> None:
    first = sirets.dropna().reset_index().groupby("siret")["index"].transform("min")
    known = sirets.dropna()
    for position, earlier in zip(known.index, first, strict=True):
        if position != earlier:
            other = int(rows.place.rows.iat[earlier])
            rows.tell(position, "duplicate_siret", "siret", sirets.iat[position], other=other)
