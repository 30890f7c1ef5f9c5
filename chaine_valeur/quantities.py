"""What a row of flows or markets says in tonnes: its tonnage, else its natural quantity converted."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

from .columns import columns

if TYPE_CHECKING:
    import pandas as pd
    from numpy.typing import NDArray

    from .filiere import Filiere

__all__ = ["factors", "in_tonnes", "tonnes_of_rows", "with_tonnes"]


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


def tonnes_of_rows(f: Filiere, name: str) -> NDArray[np.float64]:
    """Return `in_tonnes` as an array along the rows of a table: not to be written into."""
    return f.derived(("tonnes_of_rows", name), lambda f: _tonnes(f, name))


def _tonnes(f: Filiere, name: str) -> NDArray[np.float64]:
    rows = columns(f, name)
    stated, natural = rows.number("quantity_t_per_year"), rows.number("natural_quantity_per_year")
    silent = np.isnan(stated) & ~np.isnan(natural)
    if not silent.any():
        return stated
    materials = columns(f, "materials")
    given = materials.number("t_per_unit")
    factor = np.append(np.where(np.isnan(given) & materials.among("unit", "t"), 1.0, given), np.nan)
    return np.where(silent, natural * factor[f.codes(name, "material_id")], stated)


def with_tonnes(f: Filiere, name: str) -> pd.DataFrame:
    """Return a table of quantities with its tonnes completed by what natural quantities give."""
    return f.derived(("with_tonnes", name), lambda f: _completed(f, name)).copy(deep=False)


def factors(materials: pd.DataFrame) -> pd.Series:
    """Return tonnes per natural unit, along a table of materials; 1 where the unit is the tonne."""
    given = materials["t_per_unit"].astype("float64")
    return given.where(given.notna() | (materials["unit"] != "t"), 1.0)


def _completed(f: Filiere, name: str) -> pd.DataFrame:
    frame, tonnes = f.table(name), tonnes_of_rows(f, name)
    if tonnes is columns(f, name).number("quantity_t_per_year"):
        return frame
    return frame.assign(quantity_t_per_year=tonnes)
