"""A network of flows as a matrix: what passes between compartments, what enters, what leaves and how.

The starting point of circularity (`finn_cycling_index`) and of the indices of organisation
(`chaine_valeur.resilience.ascendency`): use it with a filière, or with a matrix of your own.
"""

from __future__ import annotations

from dataclasses import dataclass, replace
from functools import cached_property
from typing import TYPE_CHECKING, Any

import numpy as np
import pandas as pd

from ....errors import UnknownNameError, ValidationError
from ....filiere import Filiere
from ....problems import empty_problems
from .between import Between, between

if TYPE_CHECKING:
    from numpy.typing import NDArray
    from scipy.sparse import csr_array

    Values = NDArray[np.float64]

__all__ = ["FlowMatrix", "flow_matrix", "matrix_of"]


@dataclass(frozen=True, eq=False)
class FlowMatrix:
    """What passes between compartments in a steady year, in any one unit (t/year for a filière).

    ``inputs + Σ rows entering = exports + losses + Σ columns leaving`` for every compartment of a matrix
    that is balanced; `balanced` makes it so.

    Attributes
    ----------
    internal
        Compartments × compartments, from the row to the column: a dense or sparse matrix or a frame with
        the same labels on both sides. Kept sparse (CSR).
    inputs
        What enters each compartment from outside (imports, resources).
    exports, losses
        What leaves each compartment still useful, and what is used up or lost there (dissipation,
        respiration), 0 or more. By default none.
    labels
        What the compartments are called; by default those of a frame, else their position.
    n_unknown
        Flows left out because their quantity is unknown.

    Raises
    ------
    ValidationError
        A matrix that is not square, a vector of another length, a value that is negative, infinite or
        unknown.
    UnknownNameError
        A series about a compartment that does not exist.

    References
    ----------
    Inputs, exports and losses apart, as in the R package enaR (unverified).

    Examples
    --------
    >>> loop = FlowMatrix([[0, 10], [4, 0]], inputs=[6, 0], exports=[0, 6], labels=["a", "b"])
    >>> loop.throughflow.tolist(), loop.total_throughflow, loop.total_throughput
    ([10.0, 10.0], 20.0, 26.0)
    """

    internal: csr_array
    inputs: Values
    exports: Values = None  # type: ignore[assignment]  # made by __post_init__, as the next two are
    losses: Values = None  # type: ignore[assignment]
    labels: pd.Index = None
    n_unknown: int = 0

    def __post_init__(self) -> None:
        """Bring every part to its kind, and refuse what is no matrix of flows."""
        from scipy.sparse import csr_array

        labels: pd.Index | None = self.labels
        if isinstance(self.internal, pd.DataFrame):
            if not self.internal.index.equals(self.internal.columns):
                raise _refused("a frame of flows needs the same labels, in the same order, on both sides")
            labels = self.internal.index if labels is None else labels
        internal = csr_array(self.internal, dtype=np.float64, copy=True)
        internal.sum_duplicates()
        internal.eliminate_zeros()
        size = internal.shape[0]
        if internal.shape != (size, size):
            raise _refused(f"a matrix of flows is square; this one has {internal.shape} rows and columns")
        labels = pd.RangeIndex(size) if labels is None else pd.Index(labels)
        if len(labels) != size or not labels.is_unique:
            raise _refused(f"{len(labels)} labels for {size} compartments; each needs one of its own")
        parts = {name: _along(getattr(self, name), name, labels) for name in ("inputs", "exports", "losses")}
        for name, values in {"internal": internal.data, **parts}.items():
            if not (np.isfinite(values) & (values >= 0)).all():
                raise _refused(f"{name}: flows are finite and not negative; state the reverse flow instead")
        for name, value in {"internal": internal, "labels": labels, **parts}.items():
            object.__setattr__(self, name, value)

    @property
    def size(self) -> int:
        """Number of compartments."""
        return int(self.internal.shape[0])

    @cached_property
    def throughflow(self) -> Values:
        """What enters each compartment, from the others and from outside."""
        return np.asarray(self.internal.sum(axis=0)).ravel() + self.inputs

    @cached_property
    def outflow(self) -> Values:
        """What leaves each compartment: to the others, exported, used up or lost."""
        return np.asarray(self.internal.sum(axis=1)).ravel() + self.exports + self.losses

    @cached_property
    def total_throughflow(self) -> float:
        """Total system throughflow, TST: the sum of the throughflows."""
        return float(self.throughflow.sum())

    @cached_property
    def total_throughput(self) -> float:
        """Total system throughput, TSTp: the sum of all flows, those with the outside included."""
        parts = (self.internal.data, self.inputs, self.exports, self.losses)
        return float(sum(part.sum() for part in parts))

    def balanced(self) -> FlowMatrix:
        """Return the matrix with what is missing on either side of each compartment.

        What a compartment sends beyond what it receives enters from outside (a resource); what it receives
        beyond what it sends is used up or lost there.
        """
        surplus = self.outflow - self.throughflow
        return replace(
            self, inputs=self.inputs + np.maximum(surplus, 0), losses=self.losses + np.maximum(-surplus, 0)
        )


def flow_matrix(f: Filiere, *, by: str = "actor") -> FlowMatrix:
    """Return the flows of a filière as a balanced matrix.

    The flows that count (active, of the year, once each), of known quantity, all materials together.
    Imports are inputs and exports exports; an actor of type *outside* is the outside. What a compartment
    sends beyond what it receives is an input (a resource), what it receives beyond what it sends is a loss
    (used there, or lost): see `FlowMatrix.balanced`.

    Parameters
    ----------
    by
        What a compartment is: ``"actor"``, ``"activity"`` (an actor at a stage) or ``"stage"``. A passage
        of an actor between two of its own stages is inside one actor: it shows with the two others alone,
        where it is declared. Between two actors of one stage, it shows with the first two alone.

    Returns
    -------
    FlowMatrix
        In t/year, its labels ``actor_id``, ``actor_id · stage_id`` or ``stage_id``; `n_unknown` counts the
        flows left out: of unknown quantity and, by stage, those of an actor whose stage is not known.

    Raises
    ------
    ArgumentError
        Another `by`.

    Notes
    -----
    Closing what does not balance with inputs and losses is a convention of this library.

    Examples
    --------
    >>> f = Filiere.from_tables(
    ...     actors={"name": ["Relais", "Filature"]},
    ...     flows={"source": ["Relais"], "target": ["Filature"], "quantity_t_per_year": [12.0]},
    ... )
    >>> matrix = flow_matrix(f)
    >>> matrix.inputs.tolist(), matrix.losses.tolist()
    ([12.0, 0.0], [0.0, 12.0])
    """
    return _matrix(between(f, by=by))


def matrix_of(source: Filiere | FlowMatrix, *, by: str = "actor") -> FlowMatrix:
    """Return a matrix as it is, a filière as its balanced matrix."""
    if isinstance(source, FlowMatrix):
        return source
    return source.derived(("flow_matrix", by), lambda f: flow_matrix(f, by=by))


def _matrix(flows: Between) -> FlowMatrix:
    from scipy.sparse import coo_array

    size, known = len(flows.labels), ~np.isnan(flows.t)
    source, target, t = flows.source[known], flows.target[known], flows.t[known]
    inside, entering, leaving = (source >= 0) & (target >= 0), source < 0, target < 0
    return FlowMatrix(
        coo_array((t[inside], (source[inside], target[inside])), shape=(size, size)).tocsr(),
        inputs=np.bincount(target[entering], weights=t[entering], minlength=size).astype(np.float64),
        exports=np.bincount(source[leaving], weights=t[leaving], minlength=size).astype(np.float64),
        labels=flows.labels,
        n_unknown=int((~known).sum()) + flows.n_unplaced,
    ).balanced()


def _along(values: Any, name: str, labels: pd.Index) -> Values:
    """Return a vector along the compartments; a series is brought to their order."""
    if values is None:
        return np.zeros(len(labels))
    if isinstance(values, pd.Series) and not values.index.equals(labels):
        strange = values.index.difference(labels)
        if len(strange):
            raise UnknownNameError.of(f"{name}: no compartment {strange[0]!r}", strange[0], labels)
        values = values.reindex(labels, fill_value=0.0)
    found = np.array(values, dtype=np.float64)
    if found.shape != (len(labels),):
        raise _refused(f"{name}: {found.shape} values for {len(labels)} compartments")
    return found


def _refused(message: str) -> ValidationError:
    return ValidationError(message, empty_problems())
