"""`candidates`: who could fill a stage, with reasons in words and visible sub-scores."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import TYPE_CHECKING, Any

import numpy as np

from ...analysis.gaps import find
from ...errors import ArgumentError, UnknownNameError
from ...language import check_language
from .result import Candidates, together
from .scoring import checked_weights
from .sought import stage_place
from .working import at_stage, files_of

if TYPE_CHECKING:
    from ...filiere import Filiere

__all__ = ["GAP_KINDS", "candidates", "candidates_for_gaps"]

#: Kinds of findings about a stage that somebody has to be found for.
GAP_KINDS = ("missing_stage", "stage_outside_only", "single_actor_stage")


def candidates(
    f: Filiere,
    stage_id: str,
    *,
    establishments: Any = None,
    siae: Any = None,
    correspondence: Any = None,
    near: str | Sequence[float] | None = None,
    most_km: float | None = None,
    most: int = 20,
    weights: Mapping[str, float] | None = None,
    amount_eur: float | None = None,
    lang: str = "fr",
) -> Candidates:
    """Return who could hold a stage: from the national stock, a listing of SIAE, and the filière itself.

    Parameters
    ----------
    stage_id
        Any stage: missing, held from outside only, resting on one operator, or other.
    establishments
        What `chaine_valeur.io.read_sirene` returns, or a frame with its columns; only ``siret`` has to be there.
    siae
        What `chaine_valeur.io.read_siae` returns, or a frame with its columns; ``name`` and ``kind`` have to be.
    correspondence
        What to look for: an answer of `chaine_valeur.planning.correspondence.for_stage`, or the table to ask for it
        (a frame or path, by default the one that the library ships). The stage's own codes come first.
    near
        From where to measure: ``"territory"`` (its communes, inside which the distance is 0), ``"neighbours"``
        (active actors at the stages before and after), a commune of the territories, or latitude and longitude.
        By default the territory, else the neighbours, else as the file of establishments says.
    most_km
        Candidates known to be farther are left out; those of unknown place stay.
    most
        At most so many candidates.
    weights
        Sub-score → weight, to merge them into a score. Without it there is none.
    amount_eur
        A contract, in EUR a year, for the economic dependency; by default what leaves the stage is paid in a year.
    lang
        Language of ``reasons``, ``missing``, ``warning``, names that are not known, and notes.

    Returns
    -------
    Candidates
        Its ``frame`` has always the same columns:

        - ``stage_id``, ``rank`` (from 1), ``candidate_id`` (the SIRET where there is one), ``name`` (natural persons
          are masked), ``workshops`` (joined by ``;``, where a SIRET has several), ``origins`` (``sirene``, ``siae``,
          ``filiere``), ``siret``, ``siren``, ``naf``, ``naf_2025``, ``kind``, ``sectors``, ``commune_code``,
          ``commune_name``, ``latitude``, ``longitude``;
        - ``distance_km``, ``size_low``, ``size_high`` (employees) and ``size_from``: ``sirene``, ``siae``, or, where
          neither knows, ``filiere``: the jobs (FTE) that the tables state of the actor, so that ``size_high`` is unknown;
        - ``capacity_t_per_year`` (foreseen at the stage), ``ess``, ``natural_person``, ``match`` and ``matched`` (what
          its activity has in common with the stage);
        - the sub-scores ``activity``, ``nearness``, ``size``, ``insertion``, ``ties``, each in 0–1, NaN where unknown;
          ``score_low``, ``score_high``: the weighted mean with the unknown taken for 0 and for 1, NaN without weights;
        - ``actor_id``, ``recognised_by``, ``to_check``, ``status``, ``stages_held``: see `resolve`; ``at_stage``: it
          holds the stage already, and comes last;
        - ``turnover_eur``, ``economic_dependency`` of SIAE (see `economic_dependency`);
        - ``reasons``, ``missing`` (what to ask), ``warning`` (a dependency above 30 %): texts, missing where none.

    Raises
    ------
    UnknownNameError
        No such stage, sub-score or commune; a column that is needed.
    ArgumentError
        A number that cannot be: `most` below 1, a negative distance, weight or amount.

    Notes
    -----
    Sub-scores are conventions of this library. ``activity``: 1 the same NAF code or foreseen at the stage, 0.75 the
    same class, a near code or the same SIAE sector, 0.5 the same group, a near sector, one that is alike by its words
    or a neighbouring stage, 0.25 the same division. ``nearness``:
    ``1 / (1 + km / 30)``. ``size``: what it is sure to have over what the stage needs, at most 1. ``insertion``: 1
    SIAE, 0.75 EA, EATT, ESAT, GEIQ, 0.5 other social economy, 0 none. ``ties``: 1 works with a neighbouring stage,
    0.75 with another actor, 0.5 sits in a group, 0.25 is in the tables; who is not has unknown ties.

    Identifiers of actors are those of the tables, made from names: for a list that leaves the house, show `shown`,
    which masks natural persons.

    Ranked by these in this order, in quarters, the unknown after the known; then the nearest, then by SIRET.

    Examples
    --------
    >>> import pandas as pd
    >>> import chaine_valeur as cv
    >>> f = cv.datasets.load("exemple_complet")
    >>> stock = pd.DataFrame(
    ...     {"siret": ["00000005900013"], "name": ["Fibres du Plateau"], "naf": ["13.10Z"], "size_low": [20.0],
    ...      "size_high": [49.0], "latitude": [49.76], "longitude": [0.37], "ess": [True]}
    ... )
    >>> found = candidates(f, "effilochage", establishments=stock, lang="en")
    >>> found.frame.loc[found.frame["siret"] == "00000005900013", "reasons"].item()
    'NAF 13.10Z, 19\\xa0km, 20 to 49 employees, social economy'
    """
    _check(most, most_km, amount_eur, lang)
    shares = checked_weights(weights)
    stage_place(f, stage_id)
    files = files_of(f, establishments, siae, lang=lang)
    found = at_stage(f, stage_id, files, correspondence, near, most_km, most, shares, amount_eur, lang)
    return together([found], shares)


def candidates_for_gaps(
    f: Filiere,
    *,
    establishments: Any = None,
    siae: Any = None,
    correspondence: Any = None,
    kinds: Sequence[str] = GAP_KINDS,
    near: str | Sequence[float] | None = None,
    most_km: float | None = None,
    most: int = 5,
    weights: Mapping[str, float] | None = None,
    lang: str = "fr",
) -> Candidates:
    """Return candidates for every stage that is missing, held from outside only, or by a single operator.

    The stages are those of the findings of `chaine_valeur.gaps.find`, in their order, each once.

    Parameters
    ----------
    correspondence
        The table to ask for what to look for, as of `candidates`.
    kinds
        Kinds of findings to find somebody for.
    most
        At most so many candidates for each stage.

    Returns
    -------
    Candidates
        As of `candidates`, ``stage_id`` first; without a gap an empty frame in the same columns.

    Raises
    ------
    UnknownNameError
        A kind of finding that is about no stage to fill.

    Examples
    --------
    >>> import chaine_valeur as cv
    >>> f = cv.datasets.load("exemple_complet")
    >>> candidates_for_gaps(f).frame["stage_id"].unique().tolist()
    ['effilochage', 'defibrage', 'ensachage']
    """
    _check(most, most_km, None, lang)
    for kind in kinds:
        if kind not in GAP_KINDS:
            raise UnknownNameError.of(f"no kind of gap {kind!r}", kind, GAP_KINDS)
    shares = checked_weights(weights)
    gaps = find(f, lang=lang)
    stages = gaps.loc[gaps["kind"].isin(list(kinds)), "stage_id"].dropna().unique()
    files = files_of(f, establishments, siae, lang=lang)
    found = []
    for stage in map(str, stages):  # a loop over stages
        found.append(at_stage(f, stage, files, correspondence, near, most_km, most, shares, None, lang))
    return together(found, shares)


def _check(most: int, most_km: float | None, amount: float | None, lang: str) -> None:
    check_language(lang)
    if isinstance(most, bool) or not isinstance(most, (int, np.integer)) or most < 1:
        raise ArgumentError(f"most={most!r}: give a whole number of candidates, 1 or more")
    for name, value in (("most_km", most_km), ("amount_eur", amount)):
        if value is not None and not 0 <= value < np.inf:
            raise ArgumentError(f"{name}={value!r}: give a number, 0 or more")
