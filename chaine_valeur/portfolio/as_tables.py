"""The tables of a portfolio as the columnar core reads them: one column at a time, texts as numbers."""

from __future__ import annotations

from functools import cached_property
from typing import TYPE_CHECKING

import numpy as np

from ..network.local import local_of_many
from ..network.positions import NO_YEAR
from .rebuilt import texts_of

if TYPE_CHECKING:
    import pandas as pd
    from numpy.typing import NDArray

    from ..spellings import Texts
    from .portfolio import Portfolio

    Codes = NDArray[np.int32]

__all__ = ["Stacked"]


class Stacked:
    """The tables of a portfolio: see `chaine_valeur.network.tables.Tables`."""

    def __init__(self, portfolio: Portfolio) -> None:
        self._portfolio = portfolio

    @property
    def n_filieres(self) -> int:
        """Number of filières."""
        return len(self._portfolio)

    @cached_property
    def asked_years(self) -> Codes:
        """Per filière, the year asked for, or `NO_YEAR`."""
        return self._portfolio.years.to_numpy(np.int32, na_value=NO_YEAR)

    def column(self, name: str, column: str) -> pd.Series:
        """Return a column of a table of all filières."""
        return self._portfolio.table(name, columns=[column], compact=True)[column]

    def texts(self, name: str, column: str) -> Texts:
        """Return a column of text of a table of all filières as numbers; what several read is made once."""
        if (name, column) not in self._texts:
            self._texts[name, column] = texts_of(self._portfolio._store, name, column)
        return self._texts[name, column]

    @cached_property
    def _texts(self) -> dict[tuple[str, str], Texts]:
        return {}

    def offsets(self, name: str) -> NDArray[np.int64]:
        """Return where the rows of each filière begin, and where those of the last one end."""
        return self._portfolio.offsets(name)

    def codes(self, name: str, column: str) -> Codes:
        """Return the row that each cell of a column refers to, counted through the whole table."""
        return self._portfolio.rows_referred_to(name, column)

    def local(self) -> NDArray[np.int8]:
        """Return, per actor, 1 in the territory of its filière, 0 elsewhere, −1 unknown."""
        return local_of_many(self)
