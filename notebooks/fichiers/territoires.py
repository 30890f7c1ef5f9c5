"""Three more invented territories of the invented filière, made out of `exemple_complet`.

Everything is invented but the names and codes of communes, which say nothing of what happens there.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field

import pandas as pd

import chaine_valeur as cv

__all__ = ["TERRITORIES", "Territory", "first_territory", "territory"]

YEAR = 2024
NAME = "Ouate isolante (filière inventée)"
#: Quantities that are of another size in another territory; whole coefficients and prices stay.
_SIZES = {
    "flows": (
        "quantity_t_per_year", "natural_quantity_per_year", "min_t_per_year", "max_t_per_year",
        "capacity_t_per_year", "amount_eur_per_year",
    ),
    "activities": (
        "capacity_t_per_year", "stock_change_t_per_year", "jobs_fte", "insertion_fte", "supervision_fte",
        "no_diploma_fte", "fixed_cost_eur_per_year",
    ),
    "markets": ("quantity_t_per_year", "natural_quantity_per_year"),
}  # fmt: skip
#: Who is the same in every territory: found once in a portfolio.
SHARED = {
    "region-inventee", "service-emploi", "comptoir-des-sels", "unite-energie-cote", "condi-ouest",
    "centre-isolants", "fondation-brume", "bureau-passerelle", "negoce-du-plateau",
}  # fmt: skip


@dataclass(frozen=True)
class Territory:
    """What differs from the example.

    Attributes
    ----------
    communes
        Code → name; the actors that are its own are in the first one.
    names
        Actor of the example → who takes its place; who is neither here nor shared is not there.
    times
        How large it is beside the example.
    changes
        Table → row → column → value.
    unknown
        Tables that nobody has filled in yet.
    """

    epci: str
    communes: Mapping[str, str]
    names: Mapping[str, str]
    times: float
    insertion: tuple[float, float | None]
    changes: Mapping[str, Mapping[str, Mapping[str, object]]] = field(default_factory=dict)
    unknown: Sequence[str] = ()


TERRITORIES: Mapping[str, Territory] = {
    "plateau-de-givre": Territory(
        epci="CC du Plateau de Givre",
        communes={"76758": "Yvetot", "76258": "Terres-de-Caux"},
        names={
            "menages": "Ménages du Plateau de Givre",
            "reseau-imprimeurs": "Imprimeurs du Plateau",
            "imprimerie-trois-moulins": "Imprimerie de la Gare",
            "confection-bellerive": "Confection des Tilleuls",
            "la-boucle-verte": "Givre Recyclage",
            "boutique-seconde-brume": "La Seconde Manche",
            "brume-collecte": "Plateau Collecte",
            "papeterie-du-vieux-bac": "Papeterie du Givre",
            "effilo-brume": "Effilochage des Tilleuls",
            "isolouate": "Givre Isolants",
            "batisseurs-solidaires": "Chantiers du Plateau",
            "habitat-brume": "Plateau Habitat",
            "interim-tremplin": "Intérim du Plateau",
            "cc-val-de-brume": "Communauté de communes du Plateau de Givre",
        },
        times=1.6,
        insertion=(24, 25.5),
        changes={
            "actors": {"effilo-brume": {"status": "active", "confidence": "declared", "hypothesis": None}},
            "activities": {
                "effilo-brume-effilochage": {"confidence": "declared", "hypothesis": None},
            },
            "flows": {
                "coton-effilo": {"status": "active", "confidence": "declared", "hypothesis": None},
                # the two know each other here: the fibre stays
                "fibre-export": {"target": "isolouate", "target_stage": "fabrication"},
            },
        },
    ),
    "baie-des-moulins": Territory(
        epci="CC de la Baie des Moulins",
        communes={"76259": "Fécamp"},
        names={
            "menages": "Ménages de la Baie des Moulins",
            "imprimerie-trois-moulins": "Imprimerie du Port",
            "la-boucle-verte": "Moulins Solidaires",
            "boutique-seconde-brume": "Boutique des Moulins",
            "brume-collecte": "Baie Collecte",
            "batisseurs-solidaires": "Bâti Moulins",
            "habitat-brume": "Habitat de la Baie",
            "cc-val-de-brume": "Communauté de communes de la Baie des Moulins",
        },
        times=0.5,
        insertion=(10, 7),
        unknown=("cooperations",),
    ),
    "boucle-des-saules": Territory(
        epci="CC de la Boucle des Saules",
        communes={"76164": "Rives-en-Seine"},
        names={
            "menages": "Ménages de la Boucle des Saules",
            "la-boucle-verte": "Les Saules Insertion",
            "isolouate": "Ouate des Saules",
            "batisseurs-solidaires": "Maçons des Saules",
            "cc-val-de-brume": "Communauté de communes de la Boucle des Saules",
        },
        times=0.8,
        insertion=(12, None),
        unknown=("flows", "cooperations", "meetings"),
    ),
}


def first_territory(f: cv.Filiere) -> cv.Filiere:
    """Return the example under the name that it has among the territories."""
    row, places = f.table("filiere").reset_index(), f.table("territories").reset_index()
    epci = places["name"].mask(places["territory_id"].eq("val-de-brume"), "CC du Val-de-Brume")
    frames = {name: f.table(name).reset_index() for name in f}
    frames["filiere"] = row.assign(filiere_id="val-de-brume", name=NAME)
    return cv.Filiere.from_tables(**{**frames, "territories": places.assign(name=epci)})


def territory(f: cv.Filiere, code: str) -> cv.Filiere:
    """Return the filière of another invented territory.

    Parameters
    ----------
    f
        The example that it is made of.
    code
        One of `TERRITORIES`.
    """
    said = TERRITORIES[code]
    kept = f.at(YEAR)
    gone = set(kept.actors.index) - set(said.names) - SHARED
    kept = kept.without_actors(*gone)
    frames = {name: kept.table(name).reset_index() for name in kept if name not in said.unknown}
    for name, columns in _SIZES.items():
        for column in columns:
            if name in frames:
                frames[name][column] = _sized(frames[name], column, said.times)
    frames["filiere"] = frames["filiere"].assign(
        filiere_id=code,
        name=NAME,
        territory_id=code,
        note=None,
    )
    frames["territories"] = pd.DataFrame(
        {
            "territory_id": code,
            "name": said.epci,
            "kind": "epci",
            "commune_code": list(said.communes),
            "commune_name": list(said.communes.values()),
        }
    )
    frames["actors"] = _actors(frames["actors"], said)
    frames["outcomes"] = _outcomes(frames["outcomes"], said)
    for name, rows in said.changes.items():
        home = frames[name].set_index(frames[name].columns[0])
        for row, cells in rows.items():
            for column, value in cells.items():
                home.loc[row, column] = value
        frames[name] = home.reset_index()
    return cv.Filiere.from_tables(**frames)


def _sized(frame: pd.DataFrame, column: str, times: float) -> pd.Series:
    """Return a column at the size of the territory; what is of an actor that others share stays."""
    sized = (frame[column] * times).round(1)
    return sized if "actor_id" not in frame else sized.mask(frame["actor_id"].isin(SHARED), frame[column])


def _actors(actors: pd.DataFrame, said: Territory) -> pd.DataFrame:
    """Return the actors under their names here, those that are its own in its first commune."""
    own = actors["actor_id"].isin(list(said.names)) & actors["actor_type"].ne("outside")
    here = dict(zip(("commune_code", "commune_name"), next(iter(said.communes.items())), strict=True))
    placed = actors.assign(siret=None, latitude=None, longitude=None)
    for column, value in here.items():
        placed[column] = placed[column].mask(own, value)
    if "cooperations" in said.unknown:  # nobody was asked with whom they work
        placed = placed.assign(surveyed_on=None)
    return placed.assign(name=placed["actor_id"].map(dict(said.names)).fillna(placed["name"]))


def _outcomes(outcomes: pd.DataFrame, said: Territory) -> pd.DataFrame:
    """Return the results of the programme, which are the same everywhere, and those of this filière."""
    rows = outcomes[outcomes["scope"].eq("programme") | outcomes["outcome_id"].eq("filiere-etp")].copy()
    own = rows["outcome_id"].eq("filiere-etp")
    for column, value in zip(("target", "reached"), said.insertion, strict=True):
        rows[column] = rows[column].mask(own, value)
    return rows
