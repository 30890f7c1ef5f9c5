"""Whether the figures of a reconciliation fit together at all (B5)."""

from __future__ import annotations

from dataclasses import dataclass

__all__ = ["GlobalTest"]


@dataclass(frozen=True)
class GlobalTest:
    """Whether the figures fit together at all (B5): ``chi2`` over `dof` checks, and its p-value.

    ``chi2 = Σ ((x_i − m_i) / σ_i)²`` at the optimum (the least that it can be), plus what the declarations of one
    flow differ by; ``p_value = P(χ²_dof ≥ chi2)``.

    Attributes
    ----------
    chi2
        Without a unit, 0 or more: about `dof` where figures and uncertainties are right.
    dof
        Number of independent checks: equations on what was declared, and declarations beyond the first of a flow.
    p_value
        From 0 to 1. Under 0.05 the figures contradict each other more than their uncertainties allow: one of them
        is wrong, or said to be firmer than it is. NaN where nothing is checked (`dof` is 0).

    References
    ----------
    Global test of Narasimhan and Jordache (2000) (unverified).

    Examples
    --------
    100 t in and 60 t + 30 t out, all ± 10 %: 10 t are missing, of which σ² = 100 + 36 + 9.

    >>> from chaine_valeur import Filiere, reconcile
    >>> f = Filiere.from_tables(
    ...     stages={"name": ["Gisement", "Tri", "Vente"], "kind": ["resource", "operation", "market"]},
    ...     actors={"name": ["Ménages", "Relais", "Boutique"]},
    ...     activities={"actor_id": ["Ménages", "Relais", "Boutique"], "stage_id": ["Gisement", "Tri", "Vente"]},
    ...     flows={"source": ["Ménages", "Relais", "Relais"], "target": ["Relais", "Boutique", "Boutique"],
    ...            "quantity_t_per_year": [100, 60, 30], "uncertainty_share": [0.1, 0.1, 0.1]},
    ... )
    >>> test = reconcile(f).test
    >>> round(test.chi2, 4), round(100 / 145, 4), test.dof, round(test.p_value, 2)
    (0.6897, 0.6897, 1, 0.41)
    """

    chi2: float
    dof: int
    p_value: float
