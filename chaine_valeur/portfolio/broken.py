"""Where the chains of all filières break, found in one pass: what findings are about, without their words."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np
import pandas as pd

from ..analysis.gaps.many import BREAKS, breaks_of

if TYPE_CHECKING:
    from numpy.typing import NDArray

    from .portfolio import Portfolio

__all__ = ["BREAK_COLUMNS", "breaks"]

BREAK_COLUMNS = ["filiere_code", "kind", "stage_id", "to_stage_id", "actor_id"]


def breaks(portfolio: Portfolio) -> pd.DataFrame:
    """Return where the chains of a portfolio break: a row per missing stage, missing passage, actor without outlet…

    Parameters
    ----------
    portfolio
        The filières.

    Returns
    -------
    pandas.DataFrame
        Filière after filière, on a plain range index: ``filiere_code``, ``kind`` (``missing_stage``,
        ``missing_passage``, ``dead_end``, ``orphan``, ``single_actor_stage``), ``stage_id``, ``to_stage_id``,
        ``actor_id`` (missing where the break is not about one). They are what the findings of
        `chaine_valeur.diagnose` are about; of actors that nothing ties to the chain, which it tells apart, those
        without supply are among the orphans here.

    Examples
    --------
    >>> from chaine_valeur import Filiere
    >>> from chaine_valeur.portfolio import Portfolio
    >>> f = Filiere.from_tables(
    ...     stages={"name": ["Collecte", "Tri"]},
    ...     actors={"name": ["Relais"]},
    ...     activities={"actor_id": ["Relais"], "stage_id": ["Collecte"]},
    ... )
    >>> breaks(Portfolio.from_filieres({"a": f}))[["kind", "stage_id"]].values.tolist()
    [['missing_stage', 'tri'], ['single_actor_stage', 'collecte']]
    """
    found = breaks_of(portfolio.core)
    names = {
        "stage_id": _named(portfolio, "stages", "stage_id", found.stage),
        "to_stage_id": _named(portfolio, "stages", "stage_id", found.to_stage),
        "actor_id": _named(portfolio, "actors", "actor_id", found.actor),
    }
    kinds = pd.Index([str(kind) for kind in BREAKS], dtype="str")
    return pd.DataFrame(
        {
            "filiere_code": pd.Categorical.from_codes(found.filiere, portfolio.codes, validate=False),
            "kind": pd.Categorical.from_codes(found.kind, kinds, validate=False),
            **names,
        },
        columns=BREAK_COLUMNS,
    )


def _named(portfolio: Portfolio, table: str, key: str, places: NDArray[np.int32]) -> pd.Series:
    """Return the identifiers of some rows of a stacked table, missing at −1."""
    ids = portfolio.table(table, columns=[key], compact=True)[key].cat
    codes = np.append(ids.codes.to_numpy(), -1)[places]
    return pd.Series(pd.Categorical.from_codes(codes, ids.categories, validate=False)).astype("str")
