"""FTE that purchases from SIAE pay for (G10): the cost of an FTE is an argument, never a guess."""

from __future__ import annotations

import math
from collections.abc import Iterable
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

import numpy as np
import pandas as pd

from ...errors import ArgumentError, UnknownNameError
from ...language import quantity, tr, trn
from ...text import fold
from ..activities import identifiers
from ..measure import NAN, Measure
from ..territory.purchases import amounts_of
from ..wording import sentences

if TYPE_CHECKING:
    from ...filiere import Filiere

__all__ = ["fte_bought", "fte_bought_measure"]

#: Columns of the file of a buyer, as they are spelled once accents and case are gone.
_SIREN = ("siren", "siret", "siren fournisseur", "siret fournisseur")
_AMOUNT = ("depense", "depenses", "montant", "spending", "amount", "amount_eur")
_YEAR = ("annee", "year", "exercice")


def fte_bought(
    f: Filiere,
    *,
    cost_per_fte: float,
    spending: pd.DataFrame | None = None,
    sirens: Iterable[str] | None = None,
) -> float:
    """Return the FTE that purchases from SIAE pay for (G10): ``Σ spent with SIAE / cost of one FTE``.

    Parameters
    ----------
    cost_per_fte
        € of purchases that pay for one FTE in a year. There is no default: it depends on the trade and on what the aid
        covers, and the result is nothing but a share of it.
    spending
        The file of a buyer: columns SIREN (or SIRET), Dépense and, if it has one, Année. By default the amounts of the
        flows of the filière: what actors that are no SIAE pay to SIAE, so that a euro which passes several counts once.
    sirens
        SIREN of the SIAE among the suppliers of the file; by default those of the active SIAE of the filière.

    Returns
    -------
    float
        FTE of the year (of `Filiere.at`, else the latest of the flows, or of the file), 0 or more; NaN where no
        amount is known.

    Raises
    ------
    ArgumentError
        A cost that is not above 0, or not known.
    UnknownNameError
        A file without a column of SIREN or of spending.

    References
    ----------
    The public marketplace of the sector estimates the jobs behind purchases in this way, from the same three columns.

    Examples
    --------
    >>> from chaine_valeur.filiere import Filiere
    >>> f = Filiere.from_tables(
    ...     actors={"name": ["Chantier", "Mairie"], "structure_kind": ["ACI", "public_body"]},
    ...     flows={"source": ["Chantier"], "target": ["Mairie"], "amount_eur_per_year": [90_000]},
    ... )
    >>> fte_bought(f, cost_per_fte=30_000)
    3.0
    """
    return _spent(f, spending, sirens).total / _cost(cost_per_fte)


def fte_bought_measure(
    f: Filiere,
    *,
    cost_per_fte: float,
    spending: pd.DataFrame | None = None,
    sirens: Iterable[str] | None = None,
    lang: str = "fr",
) -> Measure:
    """Return the FTE that purchases pay for (G10), with the cost of one, the money and what was left out.

    Examples
    --------
    >>> from chaine_valeur.filiere import Filiere
    >>> f = Filiere.from_tables(
    ...     actors={"name": ["Chantier", "Mairie"], "structure_kind": ["ACI", "public_body"]},
    ...     flows={"source": ["Chantier"], "target": ["Mairie"], "amount_eur_per_year": [90_000]},
    ... )
    >>> fte_bought_measure(f, cost_per_fte=30_000, lang="en").numerator
    90000.0
    """
    cost, spent = _cost(cost_per_fte), _spent(f, spending, sirens)
    value = spent.total / cost
    exact = NAN if spent.n_unknown or spent.n_unread else value
    # what a flow is worth is never below 0; a file may hold credit notes
    note = sentences(
        tr("One FTE is taken to cost {cost}: an assumption.", lang, cost=quantity(cost, "€", lang)),
        tr("Spent with SIAE: {amount}.", lang, amount=quantity(spent.total, "€", lang, digits=0))
        if value == value
        else tr("No amount paid to a SIAE is known.", lang),
        trn("{count} amount paid to SIAE is not known.", "{count} amounts paid to SIAE are not known.",
            spent.n_unknown, lang) if spent.n_unknown else "",
        trn("{count} row of the file could not be read.", "{count} rows of the file could not be read.",
            spent.n_unread, lang) if spent.n_unread else "",
    )  # fmt: skip
    measure = Measure(
        value, "FTE", value if spending is None else exact, exact, spent.total, cost,
        n_unknown=spent.n_unknown + spent.n_unread, note=note,
    )  # fmt: skip
    return measure.resting_on(f, {"flows": spent.rows}, values={"flows": "amount_eur_per_year"})


@dataclass(frozen=True)
class _Spent:
    """Money paid to SIAE, the flows that say it, and how much of it is not known."""

    total: float
    rows: tuple[str, ...] = ()
    n_unknown: int = 0
    n_unread: int = 0


def _cost(cost_per_fte: Any) -> float:
    try:
        cost = float(cost_per_fte)
    except (TypeError, ValueError):
        cost = NAN
    if not cost > 0 or math.isinf(cost):
        raise ArgumentError(f"cost_per_fte={cost_per_fte!r}: the cost of one FTE is an amount in € above 0")
    return cost


def _spent(f: Filiere, spending: pd.DataFrame | None, sirens: Iterable[str] | None) -> _Spent:
    if spending is None:
        return _by_flows(f)
    return _by_file(f, spending, sirens)


def _by_flows(f: Filiere) -> _Spent:
    amounts, net = amounts_of(f), f.network
    siae = np.append(net.siae, False)  # −1 is outside
    # where the source pays (a negative amount), it buys a service of the target
    forward = ~(amounts.value < 0)
    seller = np.where(forward, net.flow_source, net.flow_target)
    buyer = np.where(forward, net.flow_target, net.flow_source)
    paid = siae[seller] & ~siae[buyer]
    known = paid & ~np.isnan(amounts.value)
    total = float(np.abs(amounts.value[known]).sum()) if known.any() else NAN
    return _Spent(total, identifiers(f.flows.index[amounts.row[known]]), int((paid & ~known).sum()))


def _by_file(f: Filiere, spending: pd.DataFrame, sirens: Iterable[str] | None) -> _Spent:
    columns = {fold(str(name)): name for name in spending.columns}
    siren = _digits(spending[_column(columns, _SIREN, "SIREN")])
    amount = pd.to_numeric(spending[_column(columns, _AMOUNT, "Dépense")], errors="coerce").astype("float64")
    year = next((columns[name] for name in _YEAR if name in columns), None)
    wanted = (
        _own_sirens(f)
        if sirens is None
        else pd.Index(_digits(pd.Series(list(sirens), dtype="object")).unique())
    )
    here = siren.isin(wanted[wanted != ""]).to_numpy(bool)
    if year is not None:
        years = pd.to_numeric(spending[year], errors="coerce")
        latest = f.year if f.year is not None else years[here].max()
        here = here & (years.isna() | (years == latest)).to_numpy(bool)
    known = here & amount.notna().to_numpy(bool)
    total = float(amount[known].sum()) if known.any() else NAN
    return _Spent(total, (), int((here & ~known).sum()), int((siren == "").sum()))


def _column(columns: dict[str, Any], spellings: tuple[str, ...], name: str) -> Any:
    for spelling in spellings:
        if spelling in columns:
            return columns[spelling]
    raise UnknownNameError.of(
        f"no column {name!r} in the file of spending", name, list(map(str, columns.values()))
    )


def _digits(cells: pd.Series) -> pd.Series:
    """Return the first nine digits of a SIREN or SIRET however it was typed; empty where there are fewer."""
    # a column with a blank is read as floats: 123456789.0
    text = (
        cells.astype("str").fillna("").str.replace(r"\.0$", "", regex=True).str.replace(r"\D", "", regex=True)
    )
    return text.where(text.str.len().isin([9, 14]), "").str[:9]


def _own_sirens(f: Filiere) -> pd.Index:
    net = f.network
    own = f.actors["siret"][net.siae & net.active].dropna()
    return pd.Index(own.astype("str").str[:9].unique())
