"""What actors want to recruit: posts by qualification and cause, and what of it is open to insertion."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np
import pandas as pd

from ...network import codes_of, latest_year
from ...vocabulary import labels

if TYPE_CHECKING:
    from ...filiere import Filiere

__all__ = ["needs_table"]

_TABLE = {
    "qualification": "str", "cause": "str", "n_needs": "int64", "posts": "float64", "n_unknown": "int64",
    "open_posts": "float64", "closed_posts": "float64", "not_asked_posts": "float64",
}  # fmt: skip


def needs_table(f: Filiere) -> pd.DataFrame:
    """Return the recruitment needs by qualification and cause: posts, and how many are open to insertion.

    Needs of active actors, of the year of `Filiere.at`, else of the latest that they speak of; those without a year
    hold every year.

    Returns
    -------
    pandas.DataFrame
        A row per qualification (lowest first) and cause, an empty text where not stated: `n_needs`, `posts` (known
        ones; NaN where none is), `n_unknown` (needs of unknown posts), and of the known posts `open_posts`,
        `closed_posts`, `not_asked_posts`: whether the actor would take an insertion path, or was not asked (0 where
        there is none).

    Examples
    --------
    >>> from chaine_valeur.filiere import Filiere
    >>> f = Filiere.from_tables(
    ...     actors={"name": ["Fabrique"]},
    ...     recruitment_needs={"actor_id": "Fabrique", "posts": [3, 2, None], "qualification": "no_diploma",
    ...                        "cause": "growth", "open_to_insertion": ["oui", None, "oui"]},
    ... )  # fmt: skip
    >>> needs_table(f)[["posts", "n_unknown", "open_posts", "not_asked_posts"]].values.tolist()
    [[5.0, 1.0, 3.0, 2.0]]
    """
    rows, net = f.recruitment_needs, f.network
    year = f.year if f.year is not None else latest_year(rows)
    actor = codes_of(rows["actor_id"], net.actor_ids)
    use = (actor >= 0) & net.active[actor]
    if year is not None:
        use &= (rows["year"].isna() | (rows["year"] == year)).to_numpy(bool)
    rows = rows[use]
    posts, asked = rows["posts"].fillna(0), rows["open_to_insertion"]
    counted = pd.DataFrame(
        {
            "qualification": rows["qualification"].fillna(""),
            "cause": rows["cause"].fillna(""),
            "n_needs": 1,
            "posts": rows["posts"],
            "n_unknown": rows["posts"].isna().astype("int64"),
            "open_posts": posts.where(asked.fillna(False).to_numpy(bool), 0.0),
            "closed_posts": posts.where((~asked.fillna(True)).to_numpy(bool), 0.0),
            "not_asked_posts": posts.where(asked.isna().to_numpy(bool), 0.0),
        }
    )
    groups = counted.groupby(["qualification", "cause"], sort=False)
    sums = groups.sum().assign(posts=groups["posts"].sum(min_count=1)).reset_index()
    order = [codes_of(sums[name], pd.Index([*labels(word), ""])) for name, word in
             (("qualification", "qualification"), ("cause", "need_cause"))]  # fmt: skip
    return sums.iloc[np.lexsort(order[::-1])].reset_index(drop=True)[list(_TABLE)].astype(_TABLE)
