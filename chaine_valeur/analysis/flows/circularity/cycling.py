"""Circularity: how much of what passes comes back (B10), how many steps it goes through (B11)."""

from __future__ import annotations

from typing import TYPE_CHECKING

import numpy as np

from ....filiere import Filiere
from ....language import SMALL_NUMBER, number, tr, trn
from ....network.positions import any_at
from ...activities import flow_rows
from ...measure import NAN, Measure, ratio
from .between import between
from .matrix import FlowMatrix, matrix_of
from .returning import LARGEST_LOOP, returning_share

if TYPE_CHECKING:
    from collections.abc import Sequence

__all__ = [
    "average_path_length",
    "cycling_measure",
    "finn_cycling_index",
    "fragility_notes",
    "matrix_measure",
    "path_length_measure",
]


def finn_cycling_index(source: Filiere | FlowMatrix, *, by: str = "actor") -> float:
    """Return Finn's cycling index (B10): the share of all that passes which is due to loops.

    ``FCI = Σ_i T_i (N_ii − 1)/N_ii / TST``, ``N = (I − G)⁻¹``, ``G_ij = f_ij / T_i``, *T* the throughflow
    (what enters) and ``TST = Σ T_i``. Only the components of the network that loop are solved, each by
    itself: a chain without a loop costs a sum.

    Parameters
    ----------
    source
        A filière, or a matrix of flows (balanced: what enters a compartment leaves it).
    by
        What a compartment of a filière is: see `flow_matrix`.

    Returns
    -------
    float
        In [0, 1]; 0: nothing comes back. NaN if nothing passes, or if no quantity is known.

    Raises
    ------
    ValidationError
        A matrix in which more leaves the compartments of a loop than enters them: nothing is steady there.
    ArgumentError
        Another `by`.

    References
    ----------
    Finn (1976, 1980), unverified; convention of enaR (denominator TST), whose printed value for the oyster
    reef of Dame and Patten (1981) it gives.

    Examples
    --------
    Of 10 t that leave the first compartment, 4 t come back: two of five pass again, 8 t of the 20 t.

    >>> loop = FlowMatrix([[0, 10], [4, 0]], inputs=[6, 0], exports=[0, 6])
    >>> finn_cycling_index(loop)
    0.4
    """
    matrix = matrix_of(source, by=by)
    return ratio(float(matrix.throughflow @ returning_share(matrix)), matrix.total_throughflow)


def average_path_length(source: Filiere | FlowMatrix, *, by: str = "actor") -> float:
    """Return the average path length (B11): how many compartments a tonne passes from entry to end.

    ``APL = TST / Σ inputs``.

    Parameters
    ----------
    source, by
        As for `finn_cycling_index`.

    Returns
    -------
    float
        1 or more: each tonne passes at least the compartment that it enters. NaN if nothing enters, or if
        no quantity is known.

    Raises
    ------
    ArgumentError
        Another `by`.

    References
    ----------
    Finn (1976), unverified; value of enaR for the oyster reef of Dame and Patten (1981).

    Examples
    --------
    Six tonnes enter and pass 20 t through the two compartments.

    >>> average_path_length(FlowMatrix([[0, 10], [4, 0]], inputs=[6, 0], exports=[0, 6])) == 20 / 6
    True
    """
    matrix = matrix_of(source, by=by)
    return ratio(matrix.total_throughflow, float(matrix.inputs.sum()))


def cycling_measure(f: Filiere, *, by: str = "actor", lang: str = "fr") -> Measure:
    """Return B10 with its two terms in t/year: see `finn_cycling_index`.

    Not worked out where more than `LARGEST_LOOP` compartments are in one loop.
    """
    matrix = matrix_of(f, by=by)
    some = matrix.total_throughflow > 0
    back = float(matrix.throughflow @ returning_share(matrix, most=LARGEST_LOOP)) if some else NAN
    value = ratio(back, matrix.total_throughflow)
    told = [tr("No loop of flows is recorded.", lang)] if value == 0 else []
    if some and back != back:
        told = [
            tr(
                "Beyond {count} actors in one loop of flows, what comes back is not worked out here; "
                "“cv.flows.finn_cycling_index” does it.",
                lang,
                count=number(LARGEST_LOOP, lang),
            )
        ]
    return matrix_measure(
        f, value, "share", back, matrix.total_throughflow or NAN, by=by, told=told, lang=lang
    )


def path_length_measure(f: Filiere, *, by: str = "actor", lang: str = "fr") -> Measure:
    """Return B11 with its two terms in t/year: see `average_path_length`."""
    matrix = matrix_of(f, by=by)
    entering = float(matrix.inputs.sum())
    value = average_path_length(f, by=by)
    return matrix_measure(f, value, "ratio", matrix.total_throughflow, entering, by=by, lang=lang)


def matrix_measure(
    f: Filiere,
    value: float,
    unit: str,
    numerator: float = NAN,
    denominator: float = NAN,
    *,
    by: str = "actor",
    told: Sequence[str] = (),
    lang: str,
) -> Measure:
    """Return the measure of an index of the flow matrix, resting on the flows of known quantity.

    There are bounds only where every quantity is known: the index could go anywhere otherwise.
    """
    flows, n_unknown = between(f, by=by), matrix_of(f, by=by).n_unknown
    known = flows.row[~np.isnan(flows.t)]
    exact = NAN if n_unknown else value
    notes = list(told) if len(known) else [tr("No flow has a known quantity.", lang)]
    notes += fragility_notes(f, n_unknown, lang)
    measure = Measure(
        value, unit, exact, exact, numerator, denominator, n_unknown=n_unknown, note=" ".join(notes)
    )
    rows = {"flows": flow_rows(f, known)}
    return measure.resting_on(f, rows)


def fragility_notes(f: Filiere, n_unknown: int, lang: str) -> list[str]:
    """Return what makes an index of the network fragile: flows left out, few actors."""
    net, notes = f.network, []
    if n_unknown:
        notes.append(
            trn(
                "{count} flow of unknown quantity is left out.",
                "{count} flows of unknown quantity are left out.",
                n_unknown,
                lang,
            )
        )
    count = int(any_at(np.concatenate([net.flow_source, net.flow_target]), net.n_actors).sum())
    if 0 < count < SMALL_NUMBER:
        notes.append(
            trn(
                "Only {count} actor exchanges material: one flow more or less changes the figure.",
                "Only {count} actors exchange material: one flow more or less changes the figure.",
                count,
                lang,
            )
        )
    return notes
