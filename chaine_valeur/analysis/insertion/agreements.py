"""FTE worked under agreement (G1), use of the agreements (G2), planned aid (G3), and the table of agreements."""

from __future__ import annotations

from dataclasses import dataclass
from typing import TYPE_CHECKING

import numpy as np
import pandas as pd

from ...errors import UnknownNameError
from ..measure import NAN, ratio
from ._agreements import agreements_of
from .references import amount_at

if TYPE_CHECKING:
    from numpy.typing import NDArray

    from ...filiere import Filiere

    Mask = NDArray[np.bool_]
    Values = NDArray[np.float64]

__all__ = [
    "NOT_PLANNED",
    "PAYERS",
    "Aid",
    "agreement_use",
    "agreements_table",
    "aid_of",
    "fte_done",
    "planned_aid",
]

#: Who pays the aid per post.
PAYERS = ("state", "department")
#: Why a planned aid is not known, the first reason that holds.
NOT_PLANNED = ("funded_otherwise", "no_months", "no_fte", "no_amount")
_TABLE = {
    "actor_id": "str", "kind": "str", "measure": "str", "department": "str", "year": "Int64",
    "months": "float64", "agreed_fte": "float64", "agreed_fte_year": "float64", "hours": "float64",
    "hours_per_fte": "float64", "hours_from": "str", "done_fte": "float64", "use": "float64",
    "to_fill_fte": "float64", "aid_months": "float64", "aid_eur": "float64", "state_eur": "float64",
    "department_eur": "float64", "aid_unknown": "str", "is_reference_amount": "bool", "is_overlapping": "bool",
}  # fmt: skip


def fte_done(f: Filiere) -> float:
    """Return the insertion FTE that were worked under agreement (G1): ``Σ hours / hours of an FTE``.

    Hours of an FTE are those of the agreement, else those of its measure (`hours_reference`). Agreements of SIAE
    (ACI, AI, EI, EITI, ETTI) of active structures, in the year of `Filiere.at`, else the latest that they speak of.

    Returns
    -------
    float
        FTE of the year, 0 or more; NaN where no hours are known. Agreements of unknown hours are left out.

    Notes
    -----
    An agreement that states no year and runs over two of them is split by whole months: a convention of this
    library. EA, ESAT and GEIQ are not SIAE and are left out.

    References
    ----------
    The public follow-up of the sector divides hours by the yearly hours of the measure in the same way
    (« suivi des ETP réalisés », public code of the pilotage de l’inclusion).

    Examples
    --------
    9 100 hours of an ACI at 1 820, 3 010 of an EI at 1 505.

    >>> from chaine_valeur.filiere import Filiere
    >>> f = Filiere.from_tables(
    ...     actors={"name": ["Chantier", "Relais"], "structure_kind": ["ACI", "EI"]},
    ...     agreements={"actor_id": ["Chantier", "Relais"], "year": 2024, "hours_worked": [9100, 3010]},
    ... )
    >>> fte_done(f)
    7.0
    """
    return known_sum(agreements_of(f).done)


def agreement_use(f: Filiere) -> float:
    """Return the use of the agreements (G2): FTE worked over FTE agreed, in the same year.

    ``Σ hours / hours of an FTE  /  Σ agreed headcount · months / 12``, over the agreements that give both.

    Returns
    -------
    float
        0 or more; below 1 posts are left to fill, above 1 more was worked than was agreed. NaN without an
        agreement that gives both, or where nothing was agreed.

    Notes
    -----
    An agreement of six months weighs half of its headcount: what was worked is of the year too.

    Examples
    --------
    8 posts over half of the year are 4 FTE of the year; 5 460 hours of an ACI are 3.

    >>> from chaine_valeur.filiere import Filiere
    >>> f = Filiere.from_tables(
    ...     actors={"name": ["Chantier"], "structure_kind": ["ACI"]},
    ...     agreements={"actor_id": ["Chantier"], "starts_on": ["2024-07-01"], "ends_on": ["2024-12-31"],
    ...                 "agreed_fte": [8], "hours_worked": [5460]},
    ... )  # fmt: skip
    >>> agreement_use(f)
    0.75
    """
    found = agreements_of(f)
    both = ~np.isnan(found.done) & ~np.isnan(found.agreed)
    return ratio(known_sum(found.done[both]), known_sum(found.agreed[both]))


def planned_aid(f: Filiere, *, payer: str | None = None, reference_amounts: bool = False) -> float:
    """Return the aid that the agreements plan (G3): ``Σ headcount · yearly amount / 12 · months``.

    Parameters
    ----------
    payer
        ``state`` or ``department`` for its share (`cofinanced_share` says that of the département); by default both.
    reference_amounts
        Take the base amount of `aid_amounts` where an agreement gives none: a hypothesis, never the default.

    Returns
    -------
    float
        € of the year, 0 or more; NaN where no agreement tells it. An agreement that does not is left out: without an
        amount, or of months in which its measure was funded otherwise (an ACI before July 2014).

    Raises
    ------
    UnknownNameError
        A payer that does not exist.

    Notes
    -----
    Months are whole, one that the agreement touches counts: that of the public follow-up. The modulated part (0 to
    10 %) is in the amount of a row where the row counts it, and never in a base amount.

    References
    ----------
    Décret n° 2014-197 of 21 February 2014: aid per post of EI and ETTI from 1 January, of AI and ACI from 1 July 2014.

    Examples
    --------
    6 posts over 6 months at 20 000 €, a quarter of it by the département.

    >>> from chaine_valeur.filiere import Filiere
    >>> f = Filiere.from_tables(
    ...     actors={"name": ["Chantier"], "structure_kind": ["ACI"]},
    ...     agreements={"actor_id": ["Chantier"], "starts_on": ["2024-07-01"], "ends_on": ["2024-12-31"],
    ...                 "agreed_fte": [6], "aid_eur_per_fte": [20_000], "cofinanced_share": [0.25]},
    ... )  # fmt: skip
    >>> planned_aid(f), planned_aid(f, payer="department")
    (60000.0, 15000.0)
    """
    if payer is not None and payer not in PAYERS:
        raise UnknownNameError.of(f"payer={payer!r}", payer, PAYERS)
    aid = aid_of(f, reference_amounts=reference_amounts)
    return known_sum({None: aid.total, "state": aid.state, "department": aid.department}[payer])


def agreements_table(f: Filiere, *, reference_amounts: bool = False) -> pd.DataFrame:
    """Return the agreements of SIAE that count, with what follows from each.

    Parameters
    ----------
    reference_amounts
        As for `planned_aid`.

    Returns
    -------
    pandas.DataFrame
        On ``agreement_id``, in table order: `actor_id`, `kind`, `measure` (of the ASP), `department`, `year`, `months`
        (whole ones, in the year), `agreed_fte` (headcount), `agreed_fte_year` (FTE of the year), `hours`,
        `hours_per_fte`, `hours_from` (``agreement``, or the standing of the reference: ``official``, ``secondary``,
        ``unverified``), `done_fte` (G1), `use` (G2), `to_fill_fte` (agreed less worked, never below 0), `aid_months`
        (that the aid per post covers), `aid_eur` (G3), `state_eur`, `department_eur`, `aid_unknown` (why, one of
        `NOT_PLANNED`), `is_reference_amount`, `is_overlapping` (shares months with another agreement of the same
        structure and measure). NaN is unknown.

    Examples
    --------
    >>> from chaine_valeur.filiere import Filiere
    >>> f = Filiere.from_tables(
    ...     actors={"name": ["Chantier", "Atelier"], "structure_kind": ["ACI", "EA"]},
    ...     agreements={"actor_id": ["Chantier", "Atelier"], "year": 2013, "agreed_fte": 5, "aid_eur_per_fte": 19_200},
    ... )
    >>> agreements_table(f)[["actor_id", "measure", "aid_months", "aid_unknown"]].values.tolist()
    [['chantier', 'ACI_DC', 0.0, 'funded_otherwise']]
    """
    found, aid = agreements_of(f), aid_of(f, reference_amounts=reference_amounts)
    frame = found.rows.frame
    use = np.full(len(frame), NAN)
    np.divide(found.done, found.agreed, out=use, where=found.agreed > 0)
    years = frame["year"].fillna(found.year) if found.year is not None else frame["year"]
    table = pd.DataFrame(
        {
            "actor_id": frame["actor_id"],
            "kind": found.kind,
            "measure": found.measure,
            "department": frame["department"],
            "year": years,
            "months": found.months,
            "agreed_fte": frame["agreed_fte"],
            "agreed_fte_year": found.agreed,
            "hours": found.hours,
            "hours_per_fte": found.hours_per_fte,
            "hours_from": found.standing,
            "done_fte": found.done,
            "use": use,
            "to_fill_fte": np.maximum(found.agreed - found.done, 0),
            "aid_months": found.aid_months,
            "aid_eur": aid.total,
            "state_eur": aid.state,
            "department_eur": aid.department,
            "aid_unknown": aid.reason,
            "is_reference_amount": aid.by_reference,
            "is_overlapping": found.overlapping,
        },
        index=frame.index,
    )
    return table.astype(_TABLE)


@dataclass(frozen=True)
class Aid:
    """The planned aid along the agreements: in all, by payer, why it is unknown, and which rest on a base amount."""

    total: Values
    state: Values
    department: Values
    reason: NDArray[np.object_]
    by_reference: Mask


def aid_of(f: Filiere, *, reference_amounts: bool = False) -> Aid:
    """Return the planned aid of each agreement, in € of the year."""
    key = ("insertion.aid", bool(reference_amounts))
    return f.derived(key, lambda f: _aid(f, reference_amounts=reference_amounts))


def _aid(f: Filiere, *, reference_amounts: bool) -> Aid:
    found = agreements_of(f)
    amount, headcount = found.values("aid_eur_per_fte"), found.values("agreed_fte")
    by_reference = np.zeros(len(amount), dtype=bool)
    if reference_amounts:
        base = amount_at(found.measure, found.aid_month)
        by_reference = np.isnan(amount) & ~np.isnan(base)
        amount = np.where(by_reference, base, amount)
    otherwise = found.aid_months == 0
    total = np.where(otherwise, NAN, headcount * amount / 12 * found.aid_months)
    share = found.values("cofinanced_share")
    why = [otherwise, np.isnan(found.aid_months), np.isnan(headcount), np.isnan(amount)]
    return Aid(
        total=total,
        state=total * (1 - share),
        department=total * share,
        reason=np.select(why, list(NOT_PLANNED), default="").astype(object),
        by_reference=by_reference & ~np.isnan(total),
    )


def known_sum(values: Values) -> float:
    """Return the sum of what is known, NaN where nothing is."""
    known = values[~np.isnan(values)]
    return float(known.sum()) if len(known) else NAN
