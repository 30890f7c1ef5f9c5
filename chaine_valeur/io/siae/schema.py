"""The columns that a listing may have, and what can be wrong in it: what the tables of the model have in schema/."""

from __future__ import annotations

import csv
from collections.abc import Mapping
from functools import lru_cache
from importlib.resources import files
from types import MappingProxyType

from ...language import N_
from ...problems import CODES
from ...schema import Column, Table
from ...text import split_list

__all__ = ["LISTING_CODES", "listing_table"]

#: What may be found in a listing: as in a filière, except that a column which is not known is not kept.
LISTING_CODES: Mapping[str, tuple[str, str]] = {
    **CODES,
    "unknown_column": ("notice", N_("The column “{value}” was not read: nothing here needs it.")),
    "missing_required": ("error", N_("Neither a name nor a brand stands here: the row is set aside.")),
    "unknown_term": ("error", N_("“{value}” is not understood; what is known: {choices}.")),
    "postcode_form": ("error", N_("“{value}” is not a postcode: five digits, such as 76210.")),
    "several_kinds": ("warning", N_("Several kinds of structure stand here ({value}): read as {limit}.")),
    "unknown_commune": ("warning", N_("“{value}” (département {limit}) is no commune of the list.")),
}  # fmt: skip


@lru_cache(maxsize=1)
def listing_table() -> Table:
    """Return the table that a listing is read as: types, bounds, and every header under which a column stands.

    Examples
    --------
    >>> listing_table().match_headers(["nom", "post_code", "Chiffre d’affaires (€)", "Téléphone"])
    {'nom': 'name', 'post_code': 'postcode', 'Chiffre d’affaires (€)': 'turnover_eur'}
    """
    with files(__package__).joinpath("listing.csv").open(encoding="utf-8") as stream:
        columns = {row["column"]: _column(row) for row in csv.DictReader(stream)}
    label = ("Structures d’insertion", "Insertion structures")
    return Table("siae", "table", 0, *label, *label, (), (), MappingProxyType(columns))


def _column(row: Mapping[str, str]) -> Column:
    return Column(
        name=row["column"],
        type=row["type"],
        unit=row["unit"],
        need="",
        default="",
        minimum=float(row["minimum"]) if row["minimum"] else None,
        maximum=float(row["maximum"]) if row["maximum"] else None,
        vocabulary="",
        references="",
        label_fr=row["label_fr"],
        label_en=row["label_en"],
        meaning_fr=row["label_fr"],
        meaning_en=row["label_en"],
        aliases=tuple(split_list(row["aliases"].replace("|", ";"))),
    )
