"""The tables of one filière, as the core reads them."""

from __future__ import annotations

from functools import cached_property
from typing import TYPE_CHECKING

import numpy as np

from .local import local_of_many
from .positions import NO_YEAR

if TYPE_CHECKING:
    import pandas as pd
    from numpy.typing import NDArray

    from ..filiere import Filiere
    from ..spellings import Texts

    Codes = NDArray[np.int32]

__all__ = ["One"]


class One:
    """The tables of one filière."""

    n_filieres = 1

    def __init__(self, f: Filiere) -> None:
        self._f = f
        self._frames: dict[str, pd.DataFrame] = {}

    @cached_property
    def asked_years(self) -> Codes:
        """The year asked for, or `NO_YEAR`."""
        return np.array([NO_YEAR if self._f.year is None else self._f.year], dtype=np.int32)

    def _frame(self, name: str) -> pd.DataFrame:
        """Return a table, asked for once, as it is held: nothing here changes it."""
        if name not in self._frames:
            held = self._f._held(name)
            self._frames[name] = self._f.table(name) if held is None else held
        return self._frames[name]

    def index(self, name: str) -> pd.Index:
        """Return the identifiers of a table."""
        return self._frame(name).index

    def column(self, name: str, column: str) -> pd.Series:
        """Return a column of a table of the filière."""
        return self._frame(name)[column]

    def texts(self, name: str, column: str) -> Texts:
        """Return a column of text of a table of the filière as numbers."""
        return self._f.texts(name, column)

    def offsets(self, name: str) -> NDArray[np.int64]:
        """Return 0 and the number of rows."""
        return np.array([0, len(self._frame(name))])

    def codes(self, name: str, column: str) -> Codes:
        """Return the row that each cell of a column refers to; −1 unknown."""
        return self._f.codes(name, column)

    def local(self) -> NDArray[np.int8]:
        """Return, per actor, 1 in the territory, 0 elsewhere, −1 unknown."""
        return local_of_many(self)
