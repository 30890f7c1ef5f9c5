"""The endogenous niches of a filière (A9): four sub-scores side by side, with the figures behind each."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import TYPE_CHECKING

import numpy as np
import pandas as pd

from ...analysis.gaps.chain import chain_of
from ...analysis.insertion import jobs_by_stage
from ...analysis.markets import FIRMEST
from ...analysis.measure import NAN
from ...errors import ArgumentError, UnknownNameError
from ...text import join_list
from ._ideas import Idea, brought, expected
from ._jobs import Intensity, intensities, rank_percentile
from ._pools import DEMAND, SUPPLY, levels_of
from ._skills import COUNTING, skills_of, table_of
from ._weighing import bounds_of_score, hypotheses, sides_of, sufficiency
from ._wording import notes_of, sentence_of
from .needs import NEED_COLUMNS, current_needs, needs_for, sums_of_needs

if TYPE_CHECKING:
    from ...filiere import Filiere

__all__ = ["SUB_SCORES", "niches"]

#: The four sub-scores, S̃, D̃, ω̃ and J̃.
SUB_SCORES = ("resource", "demand", "skills", "insertion")

_LEVELS = {kind: [f"{name}_{level}_t_per_year" for level in reversed(FIRMEST[kind])] for kind, name in
           ((SUPPLY, "resource"), (DEMAND, "demand"))}  # fmt: skip
_COLUMNS = {
    "name": "str",
    "kind": "str",
    "n_holders": "int64",
    **dict.fromkeys(SUB_SCORES, "float64"),
    "n_known": "int64",
    "least": "float64",
    "minimum_viable_t_per_year": "float64",
    "minimum_basis": "str",
    "resource_t_per_year": "float64",
    "resource_level": "str",
    "resource_basis": "str",
    **dict.fromkeys(_LEVELS[SUPPLY], "float64"),
    "demand_t_per_year": "float64",
    "demand_level": "str",
    "demand_basis": "str",
    **dict.fromkeys(_LEVELS[DEMAND], "float64"),
    "naf": "str",
    "establishments": "float64",
    "location_quotient": "float64",
    "insertion_fte_per_t": "float64",
    "insertion_basis": "str",
    "no_diploma_fte": "float64",
    **NEED_COLUMNS,
    "hypothesis_share": "float64",
    **{f"{name}_note": "str" for name in SUB_SCORES},
    "sentence": "str",
}
_SCORE = {"score": "float64", "score_low": "float64", "score_high": "float64"}


def niches(
    f: Filiere,
    *,
    stages: Sequence[str] | None = None,
    ideas: pd.DataFrame | None = None,
    counts: pd.DataFrame | None = None,
    territory_code: str | None = None,
    value: str = "establishments",
    recruitment: pd.DataFrame | None = None,
    rome: Mapping[str, Sequence[str]] | None = None,
    minimum: Mapping[str, float] | None = None,
    resource_level: str | None = None,
    demand_level: str | None = None,
    codes: str = "best",
    score: bool = False,
    lang: str = "fr",
) -> pd.DataFrame:
    """Return the endogenous niches (A9): what the territory's own resources could carry, and how far each is known.

    Four sub-scores in [0, 1] stand side by side; NaN is unknown (the note says why), 0 is a known absence:

    - ``resource`` S̃ = min(1, S / S_min): tonnes that supplies let enter, over the minimum viable size;
    - ``demand`` D̃ = min(1, D / S_min): tonnes that must enter for what demands take, over the same;
    - ``skills`` ω̃: relatedness density of the NAF codes to the territory (E2);
    - ``insertion`` J̃: rank-percentile of insertion FTE per tonne (G11) among the rows shown: the share of the known
      ones that are at most it, ties at their mean; 0 where there are no insertion jobs.

    Parameters
    ----------
    stages
        Stages to weigh; by default every operation and market of the expected chain.
    ideas
        Other ideas, a row each: `name`, and what is known of `material` (what it takes), `product` (what it sells),
        `t_per_t` (product per tonne of material; 1 where not stated), `naf`, `rome` (several with ``;``),
        `minimum_viable_t_per_year`, `insertion_fte_per_t`.
    counts, territory_code, value
        Establishments (or jobs: `value` is the column) by `territory` and `naf`, of many territories and every
        activity, as `relatedness` reads them; which territory this one is.
    recruitment
        Rows of recruitment needs, instead of ``f.recruitment_needs``.
    rome
        ROME codes of stages; the codes of the needs stated at a stage count anyway.
    minimum
        Minimum viable tonnes per year of stages, instead of what the tables say.
    resource_level
        ``raw``, ``mobilizable`` or ``mobilized``; by default the firmest that is known, row by row.
    demand_level
        ``expressed``, ``verified`` or ``contracted``; by default the firmest that is known. A level holds the firmer
        ones: what is contracted is also asked for.
    codes
        Of several NAF codes, the nearest counts (``best``), or their ``mean``.
    score
        Add a single score, its bounds beside it.
    lang
        Language of notes and sentences.

    Returns
    -------
    pandas.DataFrame
        A row per stage or idea, on ``stage_id`` (an identifier made of the name for ideas). First those of which most
        sub-scores are known, then by the least of these, then in the order of the chain. Columns: `name`, `kind`
        (``operation``, ``market``, ``idea``), `n_holders` (active actors at the stage), the four sub-scores, `n_known`,
        `least` (of the known ones), and what is behind them:

        `minimum_viable_t_per_year`, `minimum_basis` (``stage``, ``options``: the smallest of those for the stage,
        ``argument``, ``idea``); `resource_t_per_year`, `resource_level`, `resource_basis` (``direct``: stated of what
        enters; ``carried``: through recipes and stages; ``stage``: stated of the stage, nothing leads there), the same
        at each level (``resource_raw_t_per_year``…); likewise for the demand; `naf` (the codes that count),
        `establishments` (or jobs), `location_quotient`; `insertion_fte_per_t`, `insertion_basis` (``flows``: jobs over
        what enters today, ``capacity``: over what could, ``planned``: of planned and candidate actors, ``options``,
        ``idea``); `no_diploma_fte` (of the activities at the stage; NaN where none is known); needs at the stage, or
        for the same occupation, as in `recruitment_table`; `hypothesis_share` (of the rows of all this, figures of
        arguments counting as hypotheses; NaN over none).

        Then a note per sub-score (empty where it is known) and a `sentence`. With `score`: `score`
        ``(S̃ · D̃ · ω̃ · J̃)^{1/4}``, `score_low` and `score_high`, over the values that the unknown ones may take; NaN
        where they leave it open (a known 0 settles it).

    Raises
    ------
    MissingTableError
        No expected chain, and no ideas.
    UnknownNameError
        A stage, material, level, column or territory that does not exist.
    ArgumentError
        A stage that is a resource, a figure below 0, counts without the territory.

    Notes
    -----
    Conventions of this library. Tonnes enter the stage, all materials together, as minimum sizes and capacities do. A
    material of which a supply (demand) is stated at the level is read there, and followed no further: what is stated
    nearest to the stage sizes it, not the total from which it comes. Nothing of what is used already is taken off, and
    each row is weighed as if it had the whole resource. Inputs of a recipe of which no supply is known are taken to be
    bought. Return loops are left out. A level by default is the firmest known: rows of different levels are compared
    only with the level in sight; give it to compare like with like.

    References
    ----------
    Relatedness density after Hidalgo et al. (2007), doi 10.1126/science.1144581 (unverified). The rest is own, the
    geometric mean so that nothing makes up for a 0.

    Examples
    --------
    >>> from chaine_valeur import Filiere
    >>> f = Filiere.from_tables(
    ...     stages={"name": ["Gisement", "Tri"], "kind": ["resource", "operation"],
    ...             "minimum_viable_t_per_year": [None, 200]},
    ...     stage_links={"stage_id": ["gisement"], "to_stage_id": ["tri"], "material_id": ["papier"]},
    ...     materials={"name": ["papier"]},
    ...     actors={"name": ["Ménages"]},
    ...     markets={"material_id": ["papier"], "kind": ["supply"], "level": ["mobilized"],
    ...              "quantity_t_per_year": [150]},
    ... )
    >>> row = niches(f, lang="en").loc["tri"]
    >>> row["resource"].item(), row["n_known"].item(), row["demand_note"]
    (0.75, 1, 'no demand is stated that it would serve')
    """
    if codes not in COUNTING:
        raise UnknownNameError.of(f"codes={codes!r} is no way of counting NAF codes", codes, COUNTING)
    if territory_code is not None and counts is None:
        raise ArgumentError("territory_code= is a territory of counts=: give them too")
    levels = {SUPPLY: resource_level, DEMAND: demand_level}
    for kind, level in levels.items():
        levels_of(kind, level)
    if recruitment is not None:
        f = f.with_table("recruitment_needs", recruitment)
    own = brought(f, ideas)
    rows = [] if stages is None and own and f.stages.empty else expected(
        f, stages, minimum=minimum or {}, rome=rome or {}
    )  # fmt: skip
    rows = [*rows, *own]
    intensity = _intensities(f, rows)
    percentile = rank_percentile(np.array([one.fte_per_t for one in intensity]))
    relatedness, needs = table_of(f, counts, territory_code, value), current_needs(f)
    holders, no_diploma = chain_of(f).n_holders, jobs_by_stage(f)["no_diploma_fte"].to_numpy(np.float64)
    found = []
    for place, idea in enumerate(rows):  # over stages and ideas
        resource, demand = sides_of(f, idea, levels)
        skills = skills_of(relatedness, idea.naf, counting=codes)
        scores = {
            "resource": sufficiency(resource.carried.t, idea.minimum),
            "demand": sufficiency(demand.carried.t, idea.minimum),
            "skills": skills.relatedness,
            "insertion": float(percentile[place]),
        }
        posts = sums_of_needs(needs_for(needs, stage=idea.key if idea.place >= 0 else None, rome=idea.rome))
        notes = notes_of(resource, demand, skills, scores, lang)
        known = [one for one in scores.values() if one == one]
        found.append(
            {
                "name": idea.name,
                "kind": idea.kind,
                "n_holders": int(holders[idea.place]) if idea.place >= 0 else 0,
                **scores,
                "n_known": len(known),
                "least": min(known, default=NAN),
                "minimum_viable_t_per_year": idea.minimum,
                "minimum_basis": idea.minimum_basis,
                "resource_t_per_year": resource.carried.t,
                "resource_level": resource.level,
                "resource_basis": resource.carried.basis,
                **{f"resource_{level}_t_per_year": t for level, t in resource.by_level.items()},
                "demand_t_per_year": demand.carried.t,
                "demand_level": demand.level,
                "demand_basis": demand.carried.basis,
                **{f"demand_{level}_t_per_year": t for level, t in demand.by_level.items()},
                "naf": join_list(skills.naf),
                "establishments": skills.count,
                "location_quotient": skills.location_quotient,
                "insertion_fte_per_t": intensity[place].fte_per_t,
                "insertion_basis": intensity[place].basis,
                "no_diploma_fte": float(no_diploma[idea.place]) if idea.place >= 0 else NAN,
                **posts,
                "hypothesis_share": hypotheses(f, idea, resource, demand, intensity[place]),
                **{f"{name}_note": note for name, note in notes.items()},
                "sentence": sentence_of(
                    f, idea, resource, demand, skills, intensity[place], posts["posts"], lang
                ),
            }
        )
    frame = pd.DataFrame(
        found, columns=list(_COLUMNS), index=pd.Index([one.key for one in rows], name="stage_id")
    )
    frame.index = frame.index.astype("str")
    frame = frame.astype(_COLUMNS)
    if score:
        frame = frame.join(bounds_of_score(frame[list(SUB_SCORES)])).astype(_SCORE)
    order = np.lexsort((np.arange(len(frame)), -frame["least"].fillna(-1.0), -frame["n_known"]))
    return frame.iloc[order]


def _intensities(f: Filiere, rows: Sequence[Idea]) -> list[Intensity]:
    by_stage = intensities(f)
    return [
        by_stage[idea.place]
        if idea.place >= 0
        else Intensity(idea.fte_per_t, "idea" if idea.fte_per_t == idea.fte_per_t else "")
        for idea in rows
    ]
