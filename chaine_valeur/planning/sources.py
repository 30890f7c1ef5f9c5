"""The public files that what is proposed rests on, read once for a filière: who is around, who is listed."""

from __future__ import annotations

import os
from dataclasses import dataclass, field
from typing import TYPE_CHECKING

import pandas as pd

from ..errors import MissingTableError
from ..language import N_, check_language, tr
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
        What `chaine_valeur.io.read_siae` gave, or ``None``.
    counts
        What `chaine_valeur.io.establishment_counts` gave, or ``None``.
    territory_code
        The territory of the filière in these counts, or ``None`` where they do not have it: relatedness is unknown
        then.
    """

    establishments: Selection | None = None
    siae: SiaeListing | None = None
    counts: pd.DataFrame | None = field(default=None, repr=False)
    territory_code: str | None = None

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
            A list of communes with their EPCI: without it neither distance of those who hide their address nor
            counts by territory are known.
        within_km
            How far candidates are looked for.

        Raises
        ------
        MissingTableError
            Establishments asked for a filière whose territory has no commune, or none that is placed: nothing says
            around what.
        UnreadableFileError, MissingExtraError
            A file that is not what it should be; duckdb is not installed.
        """
        check_language(lang)
        found = counts = code = listing = None
        if siae is not None:
            from ..io.siae import read_siae

            listing = read_siae(siae, communes=communes, lang=lang)
        if establishments is not None:
            from ..io.sirene import establishment_counts, read_sirene

            codes = _codes(f)
            near = _middle(f, placed=communes is not None, lang=lang)
            if any(codes.values()):  # without a code, the whole stock would answer
                found = read_sirene(
                    establishments, legal_units=legal_units, naf=codes["naf"] or None, naf25=codes["naf_2025"] or None,
                    communes_table=communes, near=near, within_km=within_km, lang=lang,
                )  # fmt: skip
            if communes is not None:
                counts = establishment_counts(establishments, communes_table=communes, lang=lang)
                code = _epci(f, communes)
                code = code if code in set(counts["territory"]) else None
        return cls(found, listing, counts, code)


def _codes(f: Filiere) -> dict[str, list[str]]:
    """Return the NAF codes that some stage of the chain looks for, near ones included."""
    found: dict[str, dict[str, None]] = {"naf": {}, "naf_2025": {}}
    for stage in f.stages.index:  # over the stages
        codes = for_stage(f, str(stage))
        for name, kept in found.items():
            kept.update(dict.fromkeys(codes.codes(name)))
    return {name: list(kept) for name, kept in found.items()}


def _communes(f: Filiere) -> list[str]:
    rows = f.territories
    own = rows[(rows["territory_id"] == f.territory_id).to_numpy(bool, na_value=False)]
    return list(dict.fromkeys(own["commune_code"].dropna()))


def _middle(f: Filiere, *, placed: bool, lang: str) -> tuple[float, float] | str:
    """Return around what to look: the middle of the centres of the territory, else its first commune."""
    rows = f.territories
    own = rows[(rows["territory_id"] == f.territory_id).to_numpy(bool, na_value=False)]
    known = own.dropna(subset=["latitude", "longitude"])
    if len(known):
        return float(known["latitude"].mean()), float(known["longitude"].mean())
    codes = _communes(f)
    if codes and placed:
        return codes[0]
    named = table("territories").label(lang)
    if not codes:
        told = N_(
            "the territory of the filière has no commune: fill the sheet “{sheet}” to say around what to look."
        )
        raise MissingTableError(tr(told, lang, sheet=named))
    raise MissingTableError(
        tr(
            "no commune of the territory is placed: fill latitudes and longitudes in the sheet “{sheet}”, or give a "
            "list of communes with their centres.",
            lang, sheet=named,
        )
    )  # fmt: skip


def _epci(f: Filiere, communes: Path) -> str | None:
    """Return the EPCI in which most communes of the territory are, or ``None``."""
    from ..io.communes import read_communes

    known = read_communes(communes).set_index("code")["epci"]
    held = known[known.index.isin(_communes(f))].dropna()
    return str(held.mode().iloc[0]) if len(held) else None
