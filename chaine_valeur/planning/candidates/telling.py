"""The words of a list of candidates: what was looked for, how it is ranked, what was left out; the list as read."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import TYPE_CHECKING

import pandas as pd

from ...analysis.wording import euros, quoted, sentences, tonnes
from ...language import N_, clauses, enumeration, number, percent, quantity, tr, trn
from ...schema import table as schema_table
from .columns import SCORES

if TYPE_CHECKING:
    from ...filiere import Filiere
    from .placing import Reference
    from .sought import Need, Sought

__all__ = ["ORIGINS", "SCORE_LABELS", "notes_of", "shown"]

#: Sub-score → its name for a reader.
SCORE_LABELS = {
    "activity": N_("Activity"), "nearness": N_("Nearness"), "size": N_("Size"), "insertion": N_("Insertion"),
    "ties": N_("Ties"),
}  # fmt: skip
#: Where a candidate comes from → its name for a reader.
ORIGINS = {
    "sirene": N_("SIRENE stock"), "siae": N_("listing of insertion structures"), "filiere": N_("tables of the filière"),
}  # fmt: skip
_FROM = {
    "territory": N_("Distances: from the territory."),
    "neighbours": N_("Distances: from those who hold the stages before and after."),
    "point": N_("Distances: from the place given."),
    "given": N_(
        "Distances: as the file gives them, since neither the territory nor the neighbouring stages are placed."
    ),
    "unknown": N_("Distances unknown: neither the territory nor the neighbouring stages are placed."),
}
_BASIS = {
    "active": N_("those already there"),
    "planned": N_("planned and candidate actors"),
    "options": N_("the options in the tables"),
}
#: Reason for leaving rows out → how many of them.
_LEFT = {
    "no_identity": N_("{count} without an identity"),
    "not_diffusible": N_("{count} closed to publication"),
    "closed": N_("{count} closed down"),
    "not_employing": N_("{count} without employees"),
    "unsought": N_("{count} for want of an activity to look for"),
    "activity_unknown": N_("{count} of the tables with neither a stage nor a code that tells what it does"),
    "other_activity": N_("{count} of another activity"),
    "too_far": N_("{count} farther than {km}"),
    "beyond": N_("{count} beyond the number asked for"),
}


def notes_of(
    f: Filiere,
    stage: str,
    sought: Sought,
    reference: Reference,
    need: Need,
    counts: Mapping[str, int],
    *,
    sources: Sequence[str],
    weights: Mapping[str, float] | None,
    amount: float,
    most_km: float | None,
    lang: str,
) -> list[str]:
    """Return what was looked for, how it was ranked and what was left out, a sentence each."""
    name = quoted(str(f.stages.loc[stage, "name"]), lang)
    looked = [tr(ORIGINS[source], lang) for source in sources]
    told = [
        tr("Stage {stage}, looked for in: {sources}.", lang, stage=name, sources=enumeration(looked, lang)),
        _sought_text(sought, lang),
        tr(
            _FROM["unknown" if reference.kind == "given" and "sirene" not in sources else reference.kind],
            lang,
        ),
        _need_text(need, lang),
        _order_text(weights, lang),
        _left_text(counts, most_km, lang),
    ]
    if counts["to_check"]:
        told.append(trn(
            "{count} may be an actor of the filière under another name: to be checked, nothing was merged.",
            "{count} may be actors of the filière under another name: to be checked, nothing was merged.",
            counts["to_check"], lang,
        ))  # fmt: skip
    if amount == amount:
        message = N_(
            "Economic dependency of insertion structures: a contract of {amount} against their turnover, where it is "
            "known."
        )
        told.append(tr(message, lang, amount=euros(amount, lang)))
    told.append(
        tr("To be asked of all: their interest in this stage, their means and the time they need.", lang)
    )
    return [sentence for sentence in told if sentence]


def _sought_text(sought: Sought, lang: str) -> str:
    if not sought:
        return sought.reason
    parts = [
        _listed(N_("NAF {codes}"), sought.naf, lang),
        _listed(N_("NAF 2025 {codes}"), sought.naf_2025, lang),
        _listed(N_("SIAE sectors {codes}"), [quoted(sector, lang) for sector in sought.sectors], lang),
        _listed(
            N_("near: {codes}"),
            [
                *sought.near_naf,
                *sought.near_naf_2025,
                *(quoted(sector, lang) for sector in sought.near_sectors),
            ],
            lang,
        ),
    ]
    told = tr("Activities looked for: {parts}.", lang, parts=clauses(parts, lang))
    if not sought.n_hypotheses:
        return told
    rest = trn(
        "{count} of the {all} codes is a hypothesis, to be discussed.",
        "{count} of the {all} codes are hypotheses, to be discussed.",
        sought.n_hypotheses, lang, all=number(sought.n_codes, lang),
    )  # fmt: skip
    return sentences(told, rest)


def _listed(message: str, codes: Sequence[str], lang: str) -> str:
    return tr(message, lang, codes=enumeration(codes, lang)) if codes else ""


def _need_text(need: Need, lang: str) -> str:
    if need.tonnes != need.tonnes:
        return tr(
            "Size not compared with a capacity: the minimum viable tonnage of the stage is unknown.", lang
        )
    if need.jobs != need.jobs:
        return tr("Size not compared with employees: the jobs per tonne of the stage are unknown.", lang)
    return tr(
        "Size: compared with {tonnes}, that is about {jobs} FTE at the ratio of {basis}.",
        lang,
        tonnes=tonnes(need.tonnes, lang),
        jobs=number(need.jobs, lang),
        basis=tr(_BASIS[need.basis], lang),
    )


def _order_text(weights: Mapping[str, float] | None, lang: str) -> str:
    names = [tr(SCORE_LABELS[score], lang) for score in SCORES]
    if weights is None:
        return tr(
            "Order: by {scores}, in quarters, the unknown last; then the nearest, then the SIRET.",
            lang,
            scores=enumeration([name.lower() for name in names], lang),
        )
    shares = [f"{tr(SCORE_LABELS[score], lang).lower()} {percent(weights[score], lang)}" for score in SCORES]
    return tr("Order: by a score weighted as asked ({weights}), the unknown counting 0.", lang,
              weights=", ".join(shares))  # fmt: skip


def _left_text(counts: Mapping[str, int], most_km: float | None, lang: str) -> str:
    km = "" if most_km is None else quantity(most_km, "km", lang)
    parts = [
        tr(words, lang, count=number(counts[reason], lang), km=km)
        for reason, words in _LEFT.items()
        if counts.get(reason)
    ]
    return tr("Left out: {parts}.", lang, parts=clauses(parts, lang)) if parts else ""


def shown(frame: pd.DataFrame, f: Filiere, *, placed: bool = False, lang: str = "fr") -> pd.DataFrame:
    """Return a list of candidates as a reader sees it: texts under titles, sub-scores as numbers.

    Parameters
    ----------
    frame
        As `candidates` returns it.
    placed
        Also where each is, how far (km), and its SIRET, except of natural persons.

    Returns
    -------
    pandas.DataFrame
        A row per candidate, in order: stage, rank, name, reasons, the five sub-scores (0–1, NaN unknown; the two
        bounds of the score beside them where weights were given), what to ask, warning; titles in the language.
    """
    names = frame["stage_id"].map(f.stages["name"]).fillna(frame["stage_id"])
    table = {
        tr("Stage", lang): names.astype("str"),
        tr("Rank", lang): frame["rank"],
        tr("Candidate actor", lang): frame["name"],
        tr("Why", lang): frame["reasons"],
        **(_places(frame, lang) if placed else {}),
        **{tr(title, lang): frame[score].round(2) for score, title in SCORE_LABELS.items()},
    }
    if frame["score_low"].notna().any():
        table[tr("Score, at least", lang)] = frame["score_low"].round(2)
        table[tr("Score, at most", lang)] = frame["score_high"].round(2)
    table[tr("To be asked", lang)] = frame["missing"]
    table[tr("To be watched", lang)] = frame["warning"]
    return pd.DataFrame(table)


def _places(frame: pd.DataFrame, lang: str) -> dict[str, pd.Series]:
    person = frame["natural_person"].fillna(False).astype(bool)
    return {
        schema_table("actors")["commune_name"].label(lang): frame["commune_name"],
        f"{tr('Distance', lang)} (km)": frame["distance_km"].round(1),
        "SIRET": frame["siret"].mask(person),
    }
