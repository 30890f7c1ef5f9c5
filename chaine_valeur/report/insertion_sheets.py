"""The tables on agreements, exits, supervision and recruitment, whole, for the workbook."""

from __future__ import annotations

from typing import TYPE_CHECKING

import pandas as pd

from ..analysis import insertion
from ..language import N_, tr
from ..schema import table, unit_label
from ..vocabulary import label
from .sheets import Sheet

if TYPE_CHECKING:
    from ..filiere import Filiere

__all__ = ["insertion_sheets"]

_HOURS_FROM = {
    "agreement": N_("the agreement"),
    "official": N_("reference: official text"),
    "secondary": N_("reference: published by a network"),
    "unverified": N_("reference: not verified"),
}
_AID = {
    "funded_otherwise": N_("funded otherwise then"),
    "no_months": N_("dates that contradict its year"),
    "no_fte": N_("agreed FTE not known"),
    "no_amount": N_("amount not known"),
}
#: column of the table → (title, unit, kind); those that the schema names are told by it.
_AGREEMENTS = {
    "measure": (N_("Measure (ASP)"), "", "text"),
    "department": ("", "", "text"),
    "year": ("", "", "year"),
    "months": (N_("Months"), "", "number"),
    "agreed_fte": (N_("Agreed headcount"), "FTE", "number"),
    "agreed_fte_year": (N_("Agreed in the year"), "FTE", "number"),
    "hours": (N_("Hours in the year"), "hour", "number"),
    "hours_per_fte": ("", "hour", "number"),
    "hours_from": (N_("Hours of one FTE given by"), "", "text"),
    "done_fte": (N_("Worked"), "FTE", "number"),
    "use": (N_("Use"), "", "share"),
    "to_fill_fte": (N_("To fill"), "FTE", "number"),
    "aid_months": (N_("Months of aid per post"), "", "number"),
    "aid_eur": (N_("Planned aid"), "EUR", "number"),
    "state_eur": (N_("Of which the State"), "EUR", "number"),
    "department_eur": (N_("Of which the département"), "EUR", "number"),
    "aid_unknown": (N_("Why the aid is not known"), "", "text"),
    "is_overlapping": (N_("Shares months with another one"), "", "text"),
}
_EXITS = {
    "n_agreements": (N_("Agreements"), "", "integer"),
    "exits": ("", "person", "number"),
    "lasting_exits": ("", "person", "number"),
    "transition_exits": ("", "person", "number"),
    "positive_exits": ("", "person", "number"),
    "dynamic_exits": (N_("Dynamic exits"), "person", "number"),
    "dynamic_share": (N_("Share of dynamic exits"), "", "share"),
    "lasting_share": (N_("Share of lasting jobs"), "", "share"),
    "is_masked": (N_("Not shown: few people"), "", "text"),
    "n_unknown": (N_("Agreements not known"), "", "integer"),
}
_SUPERVISION = {
    "insertion_fte": ("", "FTE", "number"),
    "supervision_fte": ("", "FTE", "number"),
    "ratio": (N_("Supervision for one in insertion"), "", "number"),
    "per_supervisor": (N_("In insertion for one of supervision"), "", "number"),
    "n_activities": (N_("Activities"), "", "integer"),
    "n_unknown": (N_("Activities not known"), "", "integer"),
}
_NEEDS = {
    "qualification": ("", "", "text"),
    "cause": ("", "", "text"),
    "n_needs": (N_("Needs"), "", "integer"),
    "posts": ("", "post", "number"),
    "open_posts": (N_("Open to insertion"), "post", "number"),
    "closed_posts": (N_("Not open"), "post", "number"),
    "not_asked_posts": (N_("Not asked"), "post", "number"),
    "n_unknown": (N_("Needs of unknown posts"), "", "integer"),
}
_COMMUNES = {
    "commune": (N_("Commune"), "", "text"),
    "in_territory": (N_("In the territory"), "", "text"),
    "n_actors": (N_("Actors"), "", "integer"),
    "jobs_fte": ("", "FTE", "number"),
    "insertion_fte": ("", "FTE", "number"),
    "supervision_fte": ("", "FTE", "number"),
    "no_diploma_fte": ("", "FTE", "number"),
    "insertion_fte_unknown": (N_("Activities of which insertion jobs are unknown"), "", "integer"),
}
_PUBLICS = {
    "public": ("", "", "text"),
    "persons": ("", "person", "number"),
    "women": (N_("Women"), "person", "number"),
    "men": (N_("Men"), "person", "number"),
    "n_structures": (N_("Structures that state it"), "", "integer"),
    "is_masked": (N_("Not shown: few people"), "", "text"),
    "n_unknown": (N_("Rows without a number"), "", "integer"),
}
Titles = dict[str, tuple[str, str, str]]


def insertion_sheets(f: Filiere, *, lang: str) -> list[Sheet]:
    """Return the tables on insertion that have rows; exits of few people are not in them."""
    yes_no = {True: tr("yes", lang), False: ""}
    agreements = insertion.agreements_table(f)
    agreements = agreements.assign(
        hours_from=[tr(_HOURS_FROM.get(one, ""), lang) for one in agreements["hours_from"]],
        aid_unknown=[tr(_AID.get(one, ""), lang) for one in agreements["aid_unknown"]],
        is_overlapping=agreements["is_overlapping"].map(yes_no),
    )
    exits = insertion.exits_shown(f)
    exits = exits[(exits["exits"].notna() | exits["is_masked"]).to_numpy(bool)]
    needs = insertion.needs_table(f)
    needs = needs.assign(
        qualification=[label(one or None, "qualification", lang) for one in needs["qualification"]],
        cause=[label(one or None, "need_cause", lang) for one in needs["cause"]],
    )
    publics = insertion.publics_shown(f)
    publics = publics.assign(
        public=[label(one or None, "public", lang) or tr("Everybody", lang) for one in publics["public"]],
        is_masked=publics["is_masked"].map(yes_no),
    )
    supervision, names = insertion.supervision_table(f), f.actors["name"]
    exits = exits.assign(is_masked=exits["is_masked"].map(yes_no))
    found = [
        _sheet(tr("Follow-up of agreements", lang), tr("What each agreement gave in work, and the aid it plans.", lang),
               agreements, _AGREEMENTS, "agreements", names.reindex(agreements["actor_id"]).tolist(), lang),
        _sheet(tr("Exits", lang), tr("Who left, by structure; few people are not shown.", lang),
               exits, _EXITS, "agreements", names.reindex(exits.index).tolist(), lang),
        _sheet(tr("Supervision", lang), tr("Insertion jobs and supervision by structure.", lang),
               supervision, _SUPERVISION, "activities", names.reindex(supervision.index).tolist(), lang),
        _sheet(tr("Jobs by commune", lang), tr("Jobs and insertion jobs in each commune.", lang),
               _communes(f, lang), _COMMUNES, "activities", None, lang),
        _sheet(tr("Publics and sex", lang), tr("Whom insertion employs; few people are not shown.", lang),
               publics, _PUBLICS, "publics", None, lang),
        _sheet(tr("Posts wanted", lang), tr("Recruitment needs by qualification and cause.", lang),
               needs, _NEEDS, "recruitment_needs", None, lang),
    ]  # fmt: skip
    return [sheet for sheet in found if sheet is not None]


def _communes(f: Filiere, lang: str) -> pd.DataFrame:
    """Return the jobs by commune as they are read: the name of the commune, else its code."""
    frame = insertion.jobs_by_commune(f)
    if not (frame["commune_code"].notna() | frame["commune_name"].notna()).any():
        return frame.head(0).assign(commune="", in_territory="")
    name = frame["commune_name"].fillna(frame["commune_code"]).fillna(tr("Commune not known", lang))
    words = {True: tr("yes", lang), False: tr("no", lang)}
    return frame.assign(
        commune=name,
        in_territory=[words.get(one, "") if one is not pd.NA else "" for one in frame["is_local"]],
    )


def _sheet(
    name: str, about: str, frame: pd.DataFrame, titles: Titles, home: str, actors: list[str] | None, lang: str
) -> Sheet | None:
    if frame.empty:
        return None
    heads = [] if actors is None else [(table("actors").label(lang), "text")]
    for column, (title, unit, kind) in titles.items():  # a head each
        told = tr(title, lang) if title else table(home)[column].label(lang)
        heads.append((f"{told} ({unit_label(unit, lang)})" if unit else told, kind))
    columns = [frame[column].astype(object).tolist() for column in titles]
    return Sheet(name, about, heads, list(zip(*([] if actors is None else [actors]), *columns, strict=True)))
