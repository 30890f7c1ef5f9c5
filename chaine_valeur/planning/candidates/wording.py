"""The words of a candidate: its name, why it is there, what to ask it, what to watch."""

from __future__ import annotations

from collections.abc import Mapping
from typing import TYPE_CHECKING

import pandas as pd

from ...analysis.wording import quoted, tonnes
from ...language import N_, enumeration, number, percent, quantity, tr, trn
from ...schema import unit_label
from ...text import split_list
from .dependency import DEPENDENCY_LIMIT
from .gathering import POSTING
from .own import LISTED, MEMBER, NOT_YET, TIED, TIED_BESIDE

if TYPE_CHECKING:
    from ...filiere import Filiere

__all__ = ["missing_text", "name_text", "reasons_text", "warning_text"]


def name_text(row: Mapping[str, object], lang: str) -> str:
    """Return the name to show: that of the structure, or what stands for it where it is masked or unknown."""
    if row["natural_person"] is True:
        return tr("sole trader, name not published", lang)
    if _known(row["name"]):
        return str(row["name"])
    if _known(row["siret"]):
        return tr("name not known (SIRET {siret})", lang, siret=row["siret"])
    return tr("name not known", lang)


def reasons_text(row: Mapping[str, object], f: Filiere, lang: str) -> str:
    """Return why a candidate is proposed: « NAF 22.21Z, 34 km, 20 à 49 salariés, ESS »; what is unknown is left out."""
    parts = [_activity(row, f, lang), _distance(row, lang), _employees(row, lang), _capacity(row, lang)]
    parts += [_structure(row, lang), _tied(row, lang), _met(row, f, lang), _workshops(row, lang)]
    return ", ".join(part for part in parts if part)


def _activity(row: Mapping[str, object], f: Filiere, lang: str) -> str:
    match, own = row["match"], _own_code(row, lang)
    if match == "stage":
        there = (
            tr("already at this stage", lang)
            if row["at_stage"] is True
            else tr("foreseen at this stage", lang)
        )
        return ", ".join(part for part in (there, own) if part)
    if match in ("sector", "near_sector"):
        sector = tr("sector {sector}", lang, sector=quoted(str(row["matched"]), lang))
        return ", ".join(part for part in (sector, own) if part)
    if match in ("like_sector", "like_near_sector"):
        mine, theirs = (
            quoted(name, lang) for name in ("; ".join(split_list(str(row["sectors"]))), str(row["matched"]))
        )
        sector = tr("sector {sector} (near {code})", lang, sector=mine, code=theirs)
        return ", ".join(part for part in (sector, own) if part)
    if match in ("class", "group", "division"):
        return tr("{told} (near {code})", lang, told=own, code=row["matched"])
    if match == "near_naf":
        return tr("{told} (a near activity)", lang, told=own)
    if match == "beside":
        names = [str(f.stages["name"].get(stage, stage)) for stage in split_list(str(row["stages_held"]))]
        held = N_("foreseen at {stages}") if row["status"] in NOT_YET else N_("holds {stages}")
        return tr(held, lang, stages=enumeration([quoted(name, lang) for name in names], lang, limit=3))
    return own


def _own_code(row: Mapping[str, object], lang: str) -> str:
    """Return the code of activity by which the candidate was found, else the one it has."""
    if row["matched_in"] == "naf_2025" or not _known(row["naf"]):
        return tr("NAF 2025 {codes}", lang, codes=row["naf_2025"]) if _known(row["naf_2025"]) else ""
    return tr("NAF {codes}", lang, codes=row["naf"])


def _distance(row: Mapping[str, object], lang: str) -> str:
    km = float(row["distance_km"])  # type: ignore[arg-type]
    if km != km:
        return ""
    if km == 0:
        return tr("on the spot", lang)
    if km < 1:
        return tr("less than {km}", lang, km=quantity(1, "km", lang))
    return quantity(km, "km", lang, digits=0)


def _employees(row: Mapping[str, object], lang: str) -> str:
    low, high = float(row["size_low"]), float(row["size_high"])  # type: ignore[arg-type]
    if low != low:
        return ""
    if row["size_from"] == "filiere":
        fte = unit_label("FTE", lang)
        return trn("{count} {fte} by the tables of the filière", "{count} {fte} by the tables of the filière", low, lang,
                   fte=fte)  # fmt: skip
    if high != high or high == float("inf"):
        return trn("at least {count} employee", "at least {count} employees", low, lang)
    if low == high:
        return trn("{count} employee", "{count} employees", low, lang)
    return tr("{low} to {high} employees", lang, low=number(low, lang), high=number(high, lang))


def _capacity(row: Mapping[str, object], lang: str) -> str:
    value = float(row["capacity_t_per_year"])  # type: ignore[arg-type]
    return "" if value != value else tr("capacity of {amount}", lang, amount=tonnes(value, lang))


def _structure(row: Mapping[str, object], lang: str) -> str:
    kinds = split_list(str(row["kind"])) if _known(row["kind"]) else []
    coded = [kind for kind in kinds if kind.isupper()]  # ACI, EA…: as the trade says them
    if coded:
        return "/".join(coded)
    return tr("social economy", lang) if row["ess"] is True else ""


def _tied(row: Mapping[str, object], lang: str) -> str:
    if row["recognised_by"] == "siren":
        return tr("same enterprise as an actor of the filière", lang)
    ties = float(row["ties"])  # type: ignore[arg-type]
    if ties != ties:
        return ""
    words = [
        (TIED_BESIDE, N_("already works with a neighbouring stage")),
        (TIED, N_("already works with the filière")),
        (MEMBER, N_("sits in a group of the filière")),
        (LISTED, N_("already in the tables")),
    ]
    return tr(next(said for least, said in words if ties >= least), lang)


def _met(row: Mapping[str, object], f: Filiere, lang: str) -> str:
    """Return that the actor was interviewed: of another establishment of its enterprise it says nothing."""
    actor = row["actor_id"]
    if not _known(actor) or row["recognised_by"] == "siren" or pd.isna(f.actors.loc[actor, "surveyed_on"]):
        return ""
    return tr("already met", lang)


def _workshops(row: Mapping[str, object], lang: str) -> str:
    if not _known(row["workshops"]):
        return ""
    named = [quoted(name, lang) for name in split_list(str(row["workshops"]))]
    return tr("workshops {names}", lang, names=enumeration(named, lang)) if len(named) > 1 else ""


def missing_text(row: Mapping[str, object], f: Filiere, *, amount: float, lang: str) -> str:
    """Return what is not known of a candidate and should be asked; empty where nothing is."""
    gaps = [
        ("its name", N_("its name"), not _known(row["name"]) and row["natural_person"] is not True),
        ("its SIRET", N_("its SIRET"), not _known(row["siret"])),
        ("activity", N_("its activity"), _is_nan(row["activity"])),
        ("place", N_("where it is"), _unplaced(row) and not _known(row["commune_name"])),
        ("commune", N_("the INSEE code of its commune"), _unplaced(row) and _known(row["commune_name"])),
        ("size", N_("how many employees it has"), _is_nan(row["size_low"]) and _is_nan(row["capacity_t_per_year"])),
        ("kind", N_("whether it is an insertion structure or of the social economy"), _is_nan(row["insertion"])),
        ("ties", N_("whom it already works with"), _is_nan(row["ties"])),
        ("turnover", N_("its turnover"), amount == amount and _is_siae(row) and _is_nan(row["economic_dependency"])),
        ("posting", N_("who would carry the activity, as it places people"), _posts(row)),
    ]  # fmt: skip
    asked = [tr(said, lang) for _, said, lacks in gaps if lacks]
    if _known(row["to_check"]):
        names = [quoted(_called(f, actor, lang), lang) for actor in split_list(str(row["to_check"]))]
        asked.append(tr("whether it is {names}", lang, names=enumeration(names, lang, limit=3)))
    return enumeration(asked, lang, limit=len(gaps) + 1)


def _called(f: Filiere, actor: str, lang: str) -> str:
    if bool(f.actors["natural_person"].fillna(False).loc[actor]):
        return tr("sole trader, name not published", lang)
    return str(f.actors.loc[actor, "name"])


def _unplaced(row: Mapping[str, object]) -> bool:
    """Return whether neither a distance nor a code nor coordinates are known; the name of a commune is not enough."""
    return (
        _is_nan(row["distance_km"])
        and not _known(row["commune_code"])
        and (_is_nan(row["latitude"]) or _is_nan(row["longitude"]))
    )


def _is_siae(row: Mapping[str, object]) -> bool:
    return row["insertion"] == 1.0


def _posts(row: Mapping[str, object]) -> bool:
    kinds = set(split_list(str(row["kind"]))) if _known(row["kind"]) else set()
    return bool(kinds) and kinds <= POSTING


def warning_text(dependency: float, lang: str) -> str:
    """Return the warning of an economic dependency above the threshold, or an empty text."""
    if not dependency > DEPENDENCY_LIMIT:
        return ""
    return tr(
        "The amount would be {share} of its turnover, above {limit}: spread it or see how it is secured.",
        lang,
        share=percent(dependency, lang),
        limit=percent(DEPENDENCY_LIMIT, lang),
    )


def _known(value: object) -> bool:
    return isinstance(value, str) and value != ""


def _is_nan(value: object) -> bool:
    return value != value
