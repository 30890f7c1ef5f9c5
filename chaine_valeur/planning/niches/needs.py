"""What local actors want to recruit, at a stage of the chain or for the same occupation."""

from __future__ import annotations

from collections.abc import Iterable
from typing import TYPE_CHECKING

import numpy as np
import pandas as pd

from ...errors import UnknownNameError
from ...network import codes_of, latest_year
from ...vocabulary import NeedCause, Qualification, label, labels

if TYPE_CHECKING:
    from ...filiere import Filiere

__all__ = ["NEED_COLUMNS", "current_needs", "needs_for", "recruitment_table", "sums_of_needs"]

#: Posts of a group of needs, and how many needs do not say how many.
NEED_COLUMNS = {
    "posts": "float64",
    "open_posts": "float64",
    "hard_to_fill_posts": "float64",
    "no_diploma_posts": "float64",
    "n_needs": "int64",
    "n_unknown_posts": "int64",
    "n_not_asked": "int64",
}
_BY = {"stage": "stage_id", "rome": "rome", "qualification": "qualification"}


def recruitment_table(f: Filiere, *, by: str = "stage", lang: str = "fr") -> pd.DataFrame:
    """Return the recruitment needs of the actors of the territory, by stage, ROME code or qualification.

    Needs of active actors that are not known to be elsewhere, of the year of `Filiere.at`, else of the latest that
    they speak of; those without a year hold every year.

    Parameters
    ----------
    by
        ``stage``, ``rome`` or ``qualification``.
    lang
        Language of the labels.

    Returns
    -------
    pandas.DataFrame
        On ``stage_id``, ``rome`` or ``qualification``, an empty text where it is not stated (last): `label` (stage,
        occupations as the actors name them, qualification), `posts` (known ones; NaN where none is), and of these
        `open_posts` (the actor would take an insertion path), `hard_to_fill_posts` (the cause is the difficulty to
        recruit), `no_diploma_posts`, then `n_needs`, `n_unknown_posts` (needs that do not say how many), `n_not_asked`
        (that do not say whether insertion is open), `n_actors`. Stages and qualifications in the order of the chain
        and of the diplomas, ROME codes in theirs.

    Raises
    ------
    UnknownNameError
        A `by` that is none of the three.

    Examples
    --------
    >>> from chaine_valeur.filiere import Filiere
    >>> f = Filiere.from_tables(
    ...     actors={"name": ["Fabrique"]},
    ...     recruitment_needs={"actor_id": "Fabrique", "rome": ["H3302", "H3302"], "posts": [3, None],
    ...                        "qualification": "no_diploma", "open_to_insertion": ["oui", None]},
    ... )
    >>> recruitment_table(f, by="rome")[["posts", "open_posts", "n_unknown_posts"]].loc["H3302"].tolist()
    [3.0, 3.0, 1.0]
    """
    if by not in _BY:
        raise UnknownNameError.of(f"by={by!r} is no way of grouping needs", by, _BY)
    rows, column = current_needs(f), _BY[by]
    keys = rows[column].fillna("")
    order = {
        "stage": [*f.stages.index],
        "rome": sorted(set(keys) - {""}),
        "qualification": [*labels("qualification")],
    }
    groups = [name for name in [*order[by], ""] if name in set(keys)]
    found = pd.DataFrame(
        [
            sums_of_needs(part)
            | {"label": _label(f, by, name, part, lang), "n_actors": part["actor_id"].nunique()}
            for name in groups
            for part in [rows[keys.eq(name).to_numpy(bool)]]
        ],
        columns=["label", *NEED_COLUMNS, "n_actors"],
        index=pd.Index(groups, name=column, dtype="str"),
    )
    return found.astype({"label": "str", **NEED_COLUMNS, "n_actors": "int64"})


def current_needs(f: Filiere) -> pd.DataFrame:
    """Return the needs of active actors not known to be elsewhere, of the year asked for, else of the latest."""
    rows, net = f.recruitment_needs, f.network
    year = f.year if f.year is not None else latest_year(rows)
    actor = codes_of(rows["actor_id"], net.actor_ids)
    here = net.local != 0 if f.territory_id is not None else np.ones(net.n_actors, dtype=bool)
    use = (actor >= 0) & np.append(net.active & here, False)[actor]
    if year is not None:
        use &= (rows["year"].isna() | (rows["year"] == year)).to_numpy(bool)
    return rows[use]


def sums_of_needs(rows: pd.DataFrame) -> dict[str, float]:
    """Return the posts of some needs, as `NEED_COLUMNS`; posts are NaN where no need says how many, 0 without needs."""
    posts = rows["posts"].to_numpy(np.float64)
    known = ~np.isnan(posts)

    def of(mask: pd.Series) -> float:
        use = mask.fillna(False).to_numpy(bool)
        if not use.any():
            return 0.0
        return float(posts[use & known].sum()) if (use & known).any() else np.nan

    every = pd.Series(True, index=rows.index)
    return {
        "posts": of(every),
        "open_posts": of(rows["open_to_insertion"]),
        "hard_to_fill_posts": of(rows["cause"].eq(NeedCause.HARD_TO_FILL.value)),
        "no_diploma_posts": of(rows["qualification"].eq(Qualification.NO_DIPLOMA.value)),
        "n_needs": len(rows),
        "n_unknown_posts": int((~known).sum()),
        "n_not_asked": int(rows["open_to_insertion"].isna().sum()),
    }


def needs_for(rows: pd.DataFrame, *, stage: str | None, rome: Iterable[str]) -> pd.DataFrame:
    """Return the needs at a stage, and those elsewhere for an occupation that is wanted there, or named in `rome`."""
    at = (
        rows["stage_id"].eq(stage).fillna(False).to_numpy(bool)
        if stage is not None
        else np.zeros(len(rows), bool)
    )
    codes = {*rome, *rows.loc[at, "rome"].dropna()}
    return rows[at | rows["rome"].isin(codes).to_numpy(bool)]


def _label(f: Filiere, by: str, name: str, rows: pd.DataFrame, lang: str) -> str:
    if not name:
        return ""
    if by == "stage":
        return str(f.stages["name"].get(name, name))
    if by == "qualification":
        return label(name, "qualification", lang)
    return ", ".join(dict.fromkeys(rows["label"].dropna()))
