"""What a row of flows or markets says in tonnes: its tonnage, else its natural quantity converted."""

from __future__ import annotations

from typing import TYPE_CHECKING

if TYPE_CHECKING:
    import pandas as pd

    from .filiere import Filiere

__all__ = ["factors", "in_tonnes", "with_tonnes"]


def in_tonnes(f: Filiere, name: str) -> pd.Series:
    """Return the tonnes per year of the rows of a table.

    ``quantity_t_per_year``, else ``natural_quantity_per_year`` × ``t_per_unit`` of the material.

    Parameters
    ----------
    name
        ``flows`` or ``markets``.

    Returns
    -------
    pandas.Series
        t/year on the identifiers of the table; NaN where neither is known, or the factor is not.

    Examples
    --------
    >>> from chaine_valeur import Filiere
    >>> f = Filiere.from_tables(
    ...     materials={"name": ["Papier"], "unit": ["balle"], "t_per_unit": [0.45]},
    ...     actors={"name": ["A", "B"]},
    ...     flows={"source": "A", "target": "B", "material_id": ["Papier"], "natural_quantity_per_year": [200]},
    ... )
    >>> in_tonnes(f, "flows").item()
    90.0
    """
    return with_tonnes(f, name)["quantity_t_per_year"]


def with_tonnes(f: Filiere, name: str) -> pd.DataFrame:
    """Return a table of quantities with its tonnes completed by what natural quantities give."""
    return f.derived(("with_tonnes", name), lambda f: _completed(f, name)).copy(deep=False)


def factors(materials: pd.DataFrame) -> pd.Series:
    """Return tonnes per natural unit, along a table of materials; 1 where the unit is the tonne."""
    given = materials["t_per_unit"].astype("float64")
    return given.where(given.notna() | (materials["unit"] != "t"), 1.0)


def _completed(f: Filiere, name: str) -> pd.DataFrame:
    frame = f.table(name)
    silent = frame["quantity_t_per_year"].isna() & frame["natural_quantity_per_year"].notna()
    if not silent.any():
        return frame
    factor = frame["material_id"].map(factors(f.materials)).astype("float64")
    converted = frame["natural_quantity_per_year"] * factor
    return frame.assign(quantity_t_per_year=frame["quantity_t_per_year"].where(~silent, converted))
