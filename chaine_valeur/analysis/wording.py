"""Words that the sentences of several rooms share: quantities, names in quotes, who passes what to whom."""

from __future__ import annotations

from typing import TYPE_CHECKING

from ..columns import Rows, columns
from ..language import quantity, tr
from ..schema import unit_label

if TYPE_CHECKING:
    from ..filiere import Filiere

__all__ = ["euros", "flow_names", "name_of", "passage_name", "quoted", "sentences", "times", "tonnes"]


def tonnes(value: float, lang: str) -> str:
    """Return a quantity in tonnes per year."""
    return quantity(value, unit_label("t/year", lang), lang)


def euros(value: float, lang: str, *, unit: str = "EUR/year") -> str:
    """Return an amount with its unit, by default in euros per year."""
    return quantity(value, unit_label(unit, lang), lang)


def quoted(name: str, lang: str) -> str:
    """Return a name in the quotes of the language."""
    return tr("“{name}”", lang, name=name)


def sentences(*parts: str) -> str:
    """Return sentences in a row, empty ones left out."""
    return " ".join(part for part in parts if part)


def passage_name(
    f: Filiere, source: str | None, target: str | None, material: str | None, *, lang: str
) -> str:
    """Return « papier trié, La Boucle Verte → Papeterie »: what passes, from whom, to whom.

    Parameters
    ----------
    source, target, material
        Identifiers; unknown ends are outside, an unknown material is not named.
    """
    outside = tr("outside", lang)
    ends = [
        outside if end is None or _unknown(end) else name_of(f, "actors", end) for end in (source, target)
    ]
    passage = " → ".join(ends)
    if material is None or _unknown(material):
        return passage
    return tr("{material}, {passage}", lang, material=name_of(f, "materials", material), passage=passage)


def flow_names(f: Filiere, flow_ids: list[str], *, lang: str) -> list[str]:
    """Return the passages of flows by name."""
    flows = columns(f, "flows")
    rows = Rows(flows, flows.at(flow_ids))
    ends = zip(*(rows.text(name).tolist() for name in ("source", "target", "material_id")), strict=True)
    return [passage_name(f, *row, lang=lang) for row in ends]


def times(value: float, lang: str) -> str:
    """Return a multiple with one decimal at most: « 3,4 »."""
    from ..language import number

    return number(value, lang, digits=1 if abs(value) < 10 else 0)


def name_of(f: Filiere, table: str, identifier: str) -> str:
    """Return the name of an actor, a material or a stage, its identifier where the table does not have it."""
    rows = columns(f, table)
    place = rows.place.get(identifier)
    return identifier if place is None else str(rows.text("name")[place])


def _unknown(value: object) -> bool:
    return value != value
