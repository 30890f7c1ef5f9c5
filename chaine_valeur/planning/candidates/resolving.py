"""Who is already an actor: by SIRET, by SIREN, by name and commune; close names are offered, never merged."""

from __future__ import annotations

import re
from typing import TYPE_CHECKING

import numpy as np
import pandas as pd

from ...text import fold, join_list
from .closeness import close_pairs
from .columns import empty_frame, typed

if TYPE_CHECKING:
    from ...filiere import Filiere

__all__ = ["RECOGNISED", "bare_name", "resolve"]

#: How a candidate was recognised, surest first.
RECOGNISED = ("siret", "siren", "name_commune")
#: Dice coefficient of three-letter pieces from which two names are close.
CLOSE = 0.7
_COLUMNS = {
    "actor_id": "str",
    "recognised_by": "str",
    "to_check": "str",
    "status": "str",
    "stages_held": "str",
}
_READ = {"siret": "str", "siren": "str", "commune_code": "str", "commune_name": "str"}
_NAMES = ("name", "legal_name", "brand", "workshops")
_FORMS = frozenset(
    "sarl sas sasu sa eurl scop scic scp sci snc selarl gie gip association asso assoc societe ste ets"
    " etablissement etablissements entreprise".split()
)
_LETTERS = re.compile(r"\b[a-z](?: [a-z])+\b")


def bare_name(name: str) -> str:
    """Return a name as it compares: without case, accents, punctuation and legal forms.

    Examples
    --------
    >>> bare_name("S.A.R.L. Brume-Collecte"), bare_name("Association Entraide"), bare_name("SAS")
    ('brume collecte', 'entraide', 'sas')
    """
    folded = _LETTERS.sub(lambda found: found.group().replace(" ", ""), fold(name))
    kept = [word for word in folded.split() if word not in _FORMS]
    return " ".join(kept) or folded


def resolve(f: Filiere, frame: pd.DataFrame) -> pd.DataFrame:
    """Return which rows of a frame are already actors of the filière, and how they were recognised.

    In this order: the same SIRET (the same establishment); the same SIREN (the same enterprise, another
    establishment; of its actors the one in the same commune, else the first in the table); the same name in the same
    commune, case, accents, punctuation and legal forms (SARL, association…) left out, where neither SIREN denies
    it and exactly one row and one actor fit.

    Parameters
    ----------
    frame
        Rows with any of ``siret``, ``siren``, ``name``, ``legal_name``, ``brand``, ``workshops``,
        ``commune_code``, ``commune_name``.

    Returns
    -------
    pandas.DataFrame
        On the index of `frame`: ``actor_id``; ``recognised_by`` (``siret``, ``siren``, ``name_commune``);
        ``to_check``, actors joined by ``;`` of the same name elsewhere, or of a close name (Dice coefficient of their
        three-letter pieces of 0.7 or more) in the same commune or one that is unknown: nothing is merged on these;
        ``status`` and ``stages_held`` (joined by ``;``) of the actor. Missing where there is none.

    Examples
    --------
    >>> import pandas as pd
    >>> from chaine_valeur import Filiere
    >>> f = Filiere.from_tables(actors={"name": ["Brume Collecte"], "commune_code": ["76476"]})
    >>> resolve(f, pd.DataFrame({"name": ["SARL BRUME COLLECTE"], "commune_code": ["76476"]})).loc[0, "actor_id"]
    'brume-collecte'
    """
    actors = f.actors
    found = pd.Series(pd.NA, index=range(len(frame)), dtype="str")
    how, check = found.copy(), found.copy()
    if len(frame) and len(actors):
        rows = typed(frame.reset_index(drop=True), _READ)
        rows["siren"] = rows["siren"].fillna(rows["siret"].str[:9])
        for name, match in (("siret", _by_siret), ("siren", _by_siren)):  # surest first
            hit = match(rows, actors).astype("str").where(found.isna())
            how, found = how.mask(hit.notna(), name), found.fillna(hit)
        pairs = _by_name(frame.reset_index(drop=True), rows, actors)
        pairs = pairs[found.isna().to_numpy(bool)[pairs["row"]]]
        sure = pairs[pairs["sure"]]
        # an actor already recognised by its number is not another row's as well
        sure = sure[~sure["actor"].isin(actors.index.get_indexer(found[how.eq("siret")].dropna()))]
        alone = ~(sure["row"].duplicated(keep=False) | sure["actor"].duplicated(keep=False))
        sure = sure[alone.to_numpy(bool)]
        found.loc[sure["row"]] = actors.index[sure["actor"]].astype("str").to_numpy()
        how.loc[sure["row"]] = "name_commune"
        doubtful = pairs[~pairs["row"].isin(sure["row"])].sort_values(["row", "actor"])
        if len(doubtful):
            names = pd.Series(actors.index[doubtful["actor"]].astype("str"), index=doubtful["row"].to_numpy())
            joined = names.groupby(level=0).agg(join_list)
            check.loc[joined.index] = joined.astype("str")
    told = pd.DataFrame({"actor_id": found, "recognised_by": how, "to_check": check})
    told = told.assign(status=found.map(actors["status"]), stages_held=found.map(_stages_held(f)))
    return (
        typed(told, _COLUMNS).set_axis(frame.index)
        if len(told)
        else empty_frame(_COLUMNS).set_index(frame.index)
    )


def _stages_held(f: Filiere) -> pd.Series:
    held = f.activities[["actor_id", "stage_id"]].drop_duplicates()
    return held.groupby("actor_id")["stage_id"].agg(join_list).astype("str")


def _by_siret(rows: pd.DataFrame, actors: pd.DataFrame) -> pd.Series:
    known = actors["siret"].dropna().drop_duplicates()
    return rows["siret"].map(pd.Series(known.index, index=known.to_numpy(), dtype="str"))


def _by_siren(rows: pd.DataFrame, actors: pd.DataFrame) -> pd.Series:
    known = actors[actors["siret"].notna().to_numpy(bool)]
    table = pd.DataFrame(
        {
            "siren": known["siret"].str[:9].to_numpy(),
            "actor": known.index,
            "commune": known["commune_code"].to_numpy(),
        }
    )
    first = table.drop_duplicates("siren").set_index("siren")["actor"]
    here = table.drop_duplicates(["siren", "commune"]).set_index(["siren", "commune"])["actor"]
    keys = pd.MultiIndex.from_arrays([rows["siren"], rows["commune_code"]])
    near = pd.Series(here.reindex(keys).to_numpy(), index=rows.index, dtype="str").where(
        rows["commune_code"].notna()
    )
    return near.fillna(rows["siren"].map(first).astype("str"))


def _by_name(frame: pd.DataFrame, rows: pd.DataFrame, actors: pd.DataFrame) -> pd.DataFrame:
    """Return the pairs of a row and an actor whose names are the same or close: ``row``, ``actor``, ``sure``."""
    names = [frame[column].astype("str") for column in _NAMES if column in frame]
    spoken = (
        pd.concat([name.str.split(";").explode() for name in names]).dropna()
        if names
        else pd.Series(dtype="str")
    )
    row, my_name, mine = _bare(spoken)
    actor, their_name, theirs = _bare(actors["name"].reset_index(drop=True).dropna())
    near = close_pairs(mine, theirs, least=CLOSE)
    pairs = pd.DataFrame({"mine": near[0], "theirs": near[1]})
    pairs = pairs.merge(pd.DataFrame({"mine": my_name, "row": row}).drop_duplicates(), on="mine")
    pairs = pairs.merge(pd.DataFrame({"theirs": their_name, "actor": actor}), on="theirs")
    same = np.asarray(mine, dtype=object)[pairs["mine"]] == np.asarray(theirs, dtype=object)[pairs["theirs"]]
    row, actor = pairs["row"].to_numpy(np.int64), pairs["actor"].to_numpy(np.int64)
    here, apart = _communes(rows, actors, row, actor)
    sirens = actors["siret"].str[:9].to_numpy(object)[actor], rows["siren"].to_numpy(object)[row]
    denied = pd.notna(sirens[0]) & pd.notna(sirens[1]) & (sirens[0] != sirens[1])
    found = pd.DataFrame({"row": row, "actor": actor, "sure": same & here & ~denied})
    found = found[same | ~apart]
    return found.sort_values("sure", ascending=False, kind="stable").drop_duplicates(["row", "actor"])


def _bare(names: pd.Series) -> tuple[np.ndarray, np.ndarray, list[str]]:
    """Return, of names on positions: the positions, a number per name as it compares, and those names."""
    codes, distinct = pd.factorize(names)
    number, bare = pd.factorize(
        np.array([bare_name(one) for one in distinct], dtype=object)
    )  # over distinct names
    return names.index.to_numpy(np.int64), number[codes].astype(np.int64), [*bare]


def _communes(
    rows: pd.DataFrame, actors: pd.DataFrame, row: np.ndarray, actor: np.ndarray
) -> tuple[np.ndarray, np.ndarray]:
    """Return which pairs are in the same commune, and which in two that are known to differ; codes before names."""
    found = []
    for column in ("commune_code", "commune_name"):  # two ways to say where
        mine, theirs = rows[column], actors[column]
        if column == "commune_name":
            mine, theirs = mine.map(fold, na_action="ignore"), theirs.map(fold, na_action="ignore")
        a, b = mine.to_numpy(object)[row], theirs.to_numpy(object)[actor]
        known = pd.notna(a) & pd.notna(b)
        found.append((known, known & (a == b)))
    (by_code, same_code), (by_name, same_name) = found
    here = np.where(by_code, same_code, same_name)
    return here, (by_code | by_name) & ~here
