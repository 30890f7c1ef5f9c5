"""The public files that what is proposed rests on, read once for a filière: who is around, who is listed."""

from __future__ import annotations

import os
from dataclasses import dataclass, field, replace
from typing import TYPE_CHECKING

import pandas as pd

from ..errors import MissingTableError
from ..io.communes import department_codes, read_communes
from ..language import N_, check_language, enumeration, tr, trn
from ..schema import table
from .correspondence import for_stage

if TYPE_CHECKING:
    from ..filiere import Filiere
    from ..io.siae import SiaeListing
    from ..io.sirene import Selection

    Path = str | os.PathLike[str]

__all__ = ["Sources"]

#: Kilometres around the territory within which candidates are looked for.
WITHIN_KM = 80.0


@dataclass(frozen=True, eq=False)
class Sources:
    """Establishments around the territory, a listing of insertion structures, counts by territory and activity.

    Attributes
    ----------
    establishments
        What `chaine_valeur.io.read_sirene` gave; ``None`` without a stock, or where no stage says what to look for.
    siae
        What `chaine_valeur.io.read_siae` gave, or ``None``; a structure without coordinates stands at the centre of
        its commune, where that is known.
    counts
        What `chaine_valeur.io.establishment_counts` gave, or ``None``.
    territory_code
        The territory of the filière in these counts, or ``None`` where they do not have it: relatedness is unknown
        then.
    notes
        What the files could not give to candidates, a sentence each.
    counts_notes
        Why activities are not counted by territory, though there is a stock.
    """

    establishments: Selection | None = None
    siae: SiaeListing | None = None
    counts: pd.DataFrame | None = field(default=None, repr=False)
    territory_code: str | None = None
    notes: tuple[str, ...] = ()
    counts_notes: tuple[str, ...] = ()

    @classmethod
    def read(
        cls,
        f: Filiere,
        *,
        establishments: Path | None = None,
        legal_units: Path | None = None,
        siae: Path | None = None,
        communes: Path | None = None,
        within_km: float = WITHIN_KM,
        strict: bool = True,
        lang: str = "fr",
    ) -> Sources:
        """Return the sources of a filière: establishments of the activities of its stages, around its territory.

        Parameters
        ----------
        establishments, legal_units
            The national stock, as `read_sirene` takes it; nothing is read without the first.
        siae
            A listing, as `read_siae` takes it.
        communes
            A list of communes with their EPCI: without it, who has no coordinates is placed by the communes of the
            territories alone, and nothing is counted by territory.
        within_km
            How far candidates are looked for.
        strict
            ``False``: where nothing says around what to look, no establishment is read and ``notes`` says so.

        Raises
        ------
        MissingTableError
            Establishments asked for a filière whose territory has no commune, or none that is placed: nothing says
            around what.
        UnreadableFileError, MissingExtraError
            A file that is not what it should be; duckdb is not installed.
        """
        check_language(lang)
        known = _centres(f, None if communes is None else read_communes(communes, lang=lang))
        found = counts = code = listing = None
        notes: list[str] = []
        uncounted: list[str] = []
        if siae is not None:
            from ..io.siae import read_siae

            listing = _placed(read_siae(siae, communes=None if communes is None else known, lang=lang), known)
        if establishments is not None:
            from ..io.sirene import establishment_counts, read_sirene

            codes = _codes(f)
            near = _middle(f, known)
            if near is None:
                reason = _nowhere(f, lang)
                if strict:
                    raise MissingTableError(reason)
                notes.append(tr("Establishments of the stock not looked for: {reason}", lang, reason=reason))
            elif any(codes.values()):  # without a code, the whole stock would answer
                found = read_sirene(
                    establishments, legal_units=legal_units, naf=codes["naf"] or None, naf25=codes["naf_2025"] or None,
                    communes_table=known, near=near, within_km=within_km, lang=lang,
                )  # fmt: skip
                found, left = _of_departments(found, _communes(f), lang)
                notes += left
            if known["epci"].isna().all():
                uncounted.append(tr(_UNCOUNTED, lang))
            else:
                counts = establishment_counts(establishments, communes_table=known, lang=lang)
                code = _epci(f, known)
                code = code if code in set(counts["territory"]) else None
                if code is None:
                    uncounted.append(tr(_UNPLACED, lang))
        return cls(found, listing, counts, code, tuple(notes), tuple(uncounted))


_UNCOUNTED = N_(
    "Nearness of skills unknown: no list of communes says which EPCI they form (option --communes, a column such as "
    "code_epci)."
)
_UNPLACED = N_(
    "Nearness of skills unknown: the list of communes and the stock do not have the territory of the filière."
)


def _codes(f: Filiere) -> dict[str, list[str]]:
    """Return the NAF codes that some stage of the chain looks for, near ones included."""
    found: dict[str, dict[str, None]] = {"naf": {}, "naf_2025": {}}
    for stage in f.stages.index:  # over the stages
        codes = for_stage(f, str(stage))
        for name, kept in found.items():
            kept.update(dict.fromkeys(codes.codes(name)))
    return {name: list(kept) for name, kept in found.items()}


def _own(f: Filiere) -> pd.DataFrame:
    rows = f.territories
    return rows[(rows["territory_id"] == f.territory_id).to_numpy(bool, na_value=False)]


def _communes(f: Filiere) -> list[str]:
    return list(dict.fromkeys(_own(f)["commune_code"].dropna()))


def _centres(f: Filiere, given: pd.DataFrame | None) -> pd.DataFrame:
    """Return the list of communes given, with what the territories know besides: communes that lack, centres."""
    rows = f.territories.dropna(subset="commune_code")
    rows = rows.sort_values("latitude", kind="stable", na_position="last").drop_duplicates("commune_code")
    own = read_communes(
        pd.DataFrame(
            {"code": rows["commune_code"], "name": rows["commune_name"], "latitude": rows["latitude"],
             "longitude": rows["longitude"]}
        )
    )  # fmt: skip
    if given is None:
        return own
    filled = given.copy()
    at = own.set_index("code")
    unplaced = filled[["latitude", "longitude"]].isna().any(axis=1)
    for name in ("latitude", "longitude"):
        filled[name] = filled[name].mask(unplaced, filled["code"].map(at[name]))
    more = own[~own["code"].isin(given["code"])]
    return pd.concat([filled, more], ignore_index=True) if len(more) else filled


def _middle(f: Filiere, known: pd.DataFrame) -> tuple[float, float] | None:
    """Return around what to look: the middle of the centres of the territory, as its sheet or the list place them."""
    placed = _own(f).dropna(subset=["latitude", "longitude"])
    if not len(placed):
        placed = known[known["code"].isin(_communes(f))].dropna(subset=["latitude", "longitude"])
    if not len(placed):
        return None
    return float(placed["latitude"].mean()), float(placed["longitude"].mean())


def _nowhere(f: Filiere, lang: str) -> str:
    """Return why nothing says around what to look, and what to do."""
    named = table("territories").label(lang)
    if not _communes(f):
        told = N_(
            "the territory of the filière has no commune: fill the sheet “{sheet}” to say around what to look."
        )
        return tr(told, lang, sheet=named)
    return tr(
        "no commune of the territory is placed: fill latitudes and longitudes in the sheet “{sheet}”, or give a "
        "list of communes with their centres (option --communes).",
        lang, sheet=named,
    )  # fmt: skip


def _of_departments(found: Selection, communes: list[str], lang: str) -> tuple[Selection, list[str]]:
    """Return establishments without those of unknown place that are of other départements, and how many these are.

    Where no list has the centre of a commune, all of the country in these activities would else stand beside neighbours.
    """
    here = department_codes(pd.Series(communes, dtype="str"))
    of = department_codes(found.unplaced["commune_code"])
    stays = (of.isna() | of.isin(here)).to_numpy(bool)
    left = int((~stays).sum())
    if not left:
        return found, []
    told = trn(
        "{count} establishment without coordinates was left aside: it is outside of {departments}, and no list of "
        "communes (option --communes) says how far.",
        "{count} establishments without coordinates were left aside: they are outside of {departments}, and no list of "
        "communes (option --communes) says how far.",
        left, lang, departments=enumeration(sorted(set(here)), lang),
    )  # fmt: skip
    return replace(found, unplaced=found.unplaced[stays].reset_index(drop=True)), [told]


def _placed(listing: SiaeListing, known: pd.DataFrame) -> SiaeListing:
    """Return a listing whose structures without coordinates stand at the centre of their commune."""
    from ..io.siae.places import commune_codes_of

    frame = listing.frame.copy()
    named = commune_codes_of(frame["commune_name"], frame["department"], known)
    frame["commune_code"] = frame["commune_code"].fillna(named)
    centre = known.set_index("code")[["latitude", "longitude"]].reindex(frame["commune_code"])
    unplaced = frame[["latitude", "longitude"]].isna().any(axis=1)
    for name in ("latitude", "longitude"):
        frame[name] = frame[name].mask(unplaced, centre[name].to_numpy())
    return replace(listing, frame=frame)


def _epci(f: Filiere, known: pd.DataFrame) -> str | None:
    """Return the EPCI in which most communes of the territory are, or ``None``."""
    held = known.loc[known["code"].isin(_communes(f)), "epci"].dropna()
    return str(held.mode().iloc[0]) if len(held) else None
