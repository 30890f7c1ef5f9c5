"""Supervision (G8): how many insertion jobs a permanent one stands for; and insertion jobs per tonne (G11)."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np
import pandas as pd

from ..accounts import metrics as accounts
from ..activities import Activities, current_activities
from ..measure import NAN, ratio

if TYPE_CHECKING:
    from numpy.typing import NDArray

    from ...filiere import Filiere

    Mask = NDArray[np.bool_]

__all__ = ["intensity", "supervision_ratio", "supervision_rows", "supervision_table"]

_TABLE = {
    "insertion_fte": "float64", "supervision_fte": "float64", "ratio": "float64", "per_supervisor": "float64",
    "n_activities": "int64", "n_unknown": "int64",
}  # fmt: skip


def supervision_ratio(f: Filiere) -> float:
    """Return the supervision of insertion jobs (G8): ``Σ supervision FTE / Σ insertion FTE``.

    Over the activities with insertion jobs of which both are known; active actors, latest year.

    Returns
    -------
    float
        0 or more: 0.2 is one permanent job for five in insertion. NaN where nothing is known.

    Notes
    -----
    It tells what a structure can take in: posts added without supervision are posts that cannot be held.

    Examples
    --------
    >>> from chaine_valeur.filiere import Filiere
    >>> f = Filiere.from_tables(
    ...     stages={"name": ["Collecte", "Tri"]},
    ...     actors={"name": ["Relais", "Atelier"]},
    ...     activities={"actor_id": ["Relais", "Relais", "Atelier"], "stage_id": ["Collecte", "Tri", "Tri"],
    ...                 "insertion_fte": [4, 6, 3], "supervision_fte": [1, 1, None]},
    ... )  # fmt: skip
    >>> supervision_ratio(f)
    0.2
    """
    rows, use, _ = supervision_rows(f)
    return ratio(_sum(rows.values("supervision_fte")[use]), _sum(rows.values("insertion_fte")[use]))


def supervision_table(f: Filiere) -> pd.DataFrame:
    """Return insertion and supervision by actor.

    Returns
    -------
    pandas.DataFrame
        On ``actor_id``, in table order, the actors with insertion jobs, or of which it is not known whether they have
        some although they are SIAE: `insertion_fte` and `supervision_fte` (known sums; NaN where none is), `ratio`
        (G8, over the activities that give both) and `per_supervisor`, its inverse; `n_activities`, `n_unknown` (that do
        not give both).

    Examples
    --------
    >>> from chaine_valeur.filiere import Filiere
    >>> f = Filiere.from_tables(
    ...     stages={"name": ["Tri"]},
    ...     actors={"name": ["Relais", "Papeterie"]},
    ...     activities={"actor_id": ["Relais", "Papeterie"], "stage_id": "Tri", "insertion_fte": [10, 0],
    ...                 "supervision_fte": [2, 0]},
    ... )  # fmt: skip
    >>> supervision_table(f)[["insertion_fte", "ratio", "per_supervisor"]].values.tolist()
    [[10.0, 0.2, 5.0]]
    """
    rows, use, unknown = supervision_rows(f)
    size, count = f.network.n_actors, use | unknown
    insertion, supervision = rows.values("insertion_fte"), rows.values("supervision_fte")
    of_both = [
        np.bincount(rows.actor[use], weights=each[use], minlength=size) for each in (supervision, insertion)
    ]
    found = pd.DataFrame(
        {
            "insertion_fte": _by_actor(rows, insertion, count, size),
            "supervision_fte": _by_actor(rows, supervision, count, size),
            "ratio": np.divide(of_both[0], of_both[1], out=np.full(size, NAN), where=of_both[1] > 0),
            "per_supervisor": np.divide(of_both[1], of_both[0], out=np.full(size, NAN), where=of_both[0] > 0),
            "n_activities": np.bincount(rows.actor[count], minlength=size),
            "n_unknown": np.bincount(rows.actor[unknown], minlength=size),
        },
        index=f.network.actor_ids,
    )
    return found[found["n_activities"] > 0].astype(_TABLE)


def intensity(f: Filiere) -> float:
    """Return the insertion FTE per tonne that enters the filière (G11).

    ``Σ insertion FTE / Σ tonnes`` over the actors of which all are known; a tonne that passes several of them counts
    once. By stage, `accounts.insertion_fte_per_t`.

    Returns
    -------
    float
        FTE/t, 0 or more; a thousand times it is FTE per thousand tonnes. NaN where nothing is known or no tonne enters.

    Examples
    --------
    >>> from chaine_valeur.filiere import Filiere
    >>> f = Filiere.from_tables(
    ...     stages={"name": ["Tri"]},
    ...     actors={"name": ["Relais"]},
    ...     activities={"actor_id": ["Relais"], "stage_id": ["Tri"], "insertion_fte": [8]},
    ...     flows={"source": [None], "target": ["Relais"], "quantity_t_per_year": [400]},
    ... )
    >>> intensity(f)
    0.02
    """
    fte, tonnes, _, _ = accounts.jobs_terms(f, "insertion_fte")
    return ratio(fte, tonnes)


def supervision_rows(f: Filiere) -> tuple[Activities, Mask, Mask]:
    """Return the activities that count, those that give both terms of G8, and those that should and do not."""
    rows = current_activities(f)
    insertion, supervision = rows.values("insertion_fte"), rows.values("supervision_fte")
    # without insertion jobs there is nothing to supervise; of who is no SIAE, what is not said is no question
    asked = (insertion > 0) | (np.isnan(insertion) & (f.network.siae[rows.actor] | (supervision > 0)))
    known = asked & ~np.isnan(insertion) & ~np.isnan(supervision)
    return rows, known, asked & ~known


def _by_actor(rows: Activities, values: NDArray[np.float64], use: Mask, size: int) -> NDArray[np.float64]:
    known = use & ~np.isnan(values)
    total = np.bincount(rows.actor[known], weights=values[known], minlength=size)
    return np.where(np.bincount(rows.actor[known], minlength=size) > 0, total, NAN)


def _sum(values: NDArray[np.float64]) -> float:
    return float(values.sum()) if len(values) else NAN
