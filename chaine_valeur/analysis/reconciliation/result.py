"""The result of a reconciliation: its tables, what to ask for next, the filière that follows from it."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from typing import TYPE_CHECKING

from .advice import monte_carlo, next_measurements
from .tables import DATA_CLASSES, ReconciledTables
from .writing import reconciled_filiere

if TYPE_CHECKING:
    import pandas as pd

    from ...filiere import Filiere

__all__ = ["Reconciliation"]


@dataclass(frozen=True, eq=False, repr=False)
class Reconciliation(ReconciledTables):
    """A coherent set of flows, nearest to what was declared: the answer of `reconcile`, which makes it.

    Attributes
    ----------
    filiere
        What was reconciled.
    flows
        On ``flow_id``, in t/year: declared, reconciled, ``adjustment_t = reconciled − declared``, ``data_class``.
        NaN where nothing was declared.
    processes, inside
        Levels and coefficients of the processes; what actors pass on to themselves.
    model
        The equations, with what each of them says.
    solution
        The arrays that the solver found.
    test
        The global test B5, the spread between declarations of one flow included.

    Notes
    -----
    `details` adds the uncertainty of each flow, `suspects` the figures to check first. They raise
    ``UnknownNameError`` for a flow that does not count. Tables are a convention of this library; the classes B3 are
    those of data reconciliation (unverified).

    Examples
    --------
    >>> from chaine_valeur import Filiere, reconcile
    >>> f = Filiere.from_tables(
    ...     stages={"name": ["Gisement", "Tri", "Vente"], "kind": ["resource", "operation", "market"]},
    ...     actors={"name": ["Ménages", "Relais", "Boutique"]},
    ...     activities={"actor_id": ["Ménages", "Relais", "Boutique"], "stage_id": ["Gisement", "Tri", "Vente"]},
    ...     flows={"flow_id": ["in", "out"], "source": ["Ménages", "Relais"], "target": ["Relais", "Boutique"],
    ...            "quantity_t_per_year": [100, None], "uncertainty_share": [0.1, None]},
    ... )
    >>> found = reconcile(f)
    >>> found.flows["reconciled_t_per_year"].round(6).tolist(), found.flows["data_class"].tolist()
    ([100.0, 100.0], ['measured', 'determined'])
    >>> found.details(["out"])["reconciled_sd_t"].round(6).tolist()
    [10.0]
    """

    def next_measurements(
        self,
        *,
        of: str | Iterable[str] | Mapping[str, float] | None = None,
        precision: float = 0.05,
        most: int = 5,
    ) -> pd.DataFrame:
        """Return the figures that would narrow the picture most, were they measured.

        See `chaine_valeur.reconciliation.next_measurements` for parameters and columns.
        """
        return next_measurements(self, of=of, precision=precision, most=most)

    def monte_carlo(
        self, flow_ids: Iterable[str] | None = None, *, draws: int = 200, seed: int = 0
    ) -> pd.DataFrame:
        """Return quantiles of reconciled flows when what is declared is drawn again.

        See `chaine_valeur.reconciliation.monte_carlo` for parameters and columns.
        """
        return monte_carlo(self, flow_ids, draws=draws, seed=seed)

    def to_filiere(self, *, lang: str = "fr") -> Filiere:
        """Return the filière with reconciled tonnages in place of those declared.

        See `chaine_valeur.reconciliation.reconciled_filiere` for what is written where.
        """
        return reconciled_filiere(self, lang=lang)

    def __repr__(self) -> str:
        counts = self.flows["data_class"].value_counts()
        told = ", ".join(f"{counts[name]} {name}" for name in DATA_CLASSES if name in counts)
        return f"<Reconciliation of {self.filiere.name!r}: {told or 'no flow'}; p = {self.test.p_value:.3g}>"
