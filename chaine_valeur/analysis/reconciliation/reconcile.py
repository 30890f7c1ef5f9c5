"""Reconciles the flows of a filière."""

from __future__ import annotations

from collections.abc import Mapping
from typing import TYPE_CHECKING

import numpy as np

from ...errors import ArgumentError, InfeasibleError, NotSolvedError
from ...language import tr
from ._model import Model, model_of
from ._naming import conflict_sentences, crossed_sentences
from .result import Reconciliation

if TYPE_CHECKING:
    from ...filiere import Filiere
    from ._problem import Solution

__all__ = ["reconcile"]

#: Share of the level of a process, or of a flow, under which a further pass changes nothing.
SETTLED = 1e-7


def reconcile(
    f: Filiere,
    *,
    uncertainty: Mapping[str, float] | None = None,
    passes: int = 10,
    lang: str = "fr",
) -> Reconciliation:
    r"""Return the coherent set of flows that is nearest to what was declared (B2).

    .. math:: \min_x \sum_i \left(\frac{x_i - m_i}{\sigma_i}\right)^2
        \quad\text{subject to}\quad A x = b,\; C x \le d,\; l \le x \le u

    over the declared flows :math:`m` with their uncertainty :math:`\sigma`; :math:`A` holds the balances of
    each material at each activity, the recipes, the shares and the table of constraints.

    Parameters
    ----------
    uncertainty
        Relative standard uncertainty by confidence (``measured``, ``declared``, ``estimated``, ``hypothesis``,
        and the empty text for none stated) where it is not that of
        `chaine_valeur.reconciliation.CONFIDENCE_UNCERTAINTY`. That of a row always comes first; 0 is
        exact.
    passes
        How many times it is solved at most, 1 or more: the uncertainty of recipes and shares, which is a share of a
        quantity looked for, is taken again at the quantities found.
    lang
        Language of the sentences of an error.

    Returns
    -------
    Reconciliation
        The table of flows and what follows from it. Only flows that count are read: active, of the year of
        `Filiere.at`, else of the latest year.

    Raises
    ------
    ArgumentError
        Fewer than one pass; an uncertainty that is no number from 0 on.
    UnknownNameError
        An uncertainty of a confidence that does not exist.
    InfeasibleError
        Relations that cannot hold together whatever the flows; the message names the smallest set found.
    NotSolvedError
        The computation stopped before a solution that holds.

    Notes
    -----
    *What is balanced.* Each material at an activity whose two sides are described; an activity without a
    recipe passes on what it receives, in total where the materials change, without loss. A side that nobody
    describes is unknown, not zero: resources, markets, an output that no flow takes away.
    *Recipes* are figures with an uncertainty too: that of their row, else of their confidence. What the outputs
    gain or lack is taken up by the loss; a recipe without a loss loses nothing, and its outputs only trade places.
    *Declarations* of one flow (``same_flow_as``) are one figure: their mean, weighted by the inverse of their
    variances; the spread between them enters the global test.
    ``min`` and ``max`` bound a flow; capacities do not (they are often exceeded in practice, and `utilization`
    says so).

    References
    ----------
    Narasimhan, S. and Jordache, C. (2000), *Data Reconciliation and Gross Error Detection* (unverified); its
    example 1-1 is among the tests, with one of Dovi and Solisio (2001).

    Examples
    --------
    A sorter is said to receive 100 t, to send 60 t and 30 t; all three are 10 % uncertain:

    >>> from chaine_valeur import Filiere
    >>> f = Filiere.from_tables(
    ...     stages={"name": ["Gisement", "Tri", "Vente"], "kind": ["resource", "operation", "market"]},
    ...     actors={"name": ["Ménages", "Relais", "Boutique", "Filature"]},
    ...     activities={"actor_id": ["Ménages", "Relais", "Boutique", "Filature"],
    ...                 "stage_id": ["Gisement", "Tri", "Vente", "Vente"]},
    ...     flows={"flow_id": ["in", "a", "b"], "source": ["Ménages", "Relais", "Relais"],
    ...            "target": ["Relais", "Boutique", "Filature"], "quantity_t_per_year": [100, 60, 30],
    ...            "uncertainty_share": [0.1, 0.1, 0.1]},
    ... )
    >>> reconcile(f).flows["reconciled_t_per_year"].round(1).tolist()
    [93.1, 62.5, 30.6]
    """
    if passes < 1:
        raise ArgumentError(f"passes={passes!r}: it is solved at least once, give 1 or more")
    model = model_of(f, uncertainty=uncertainty)
    solution = _solved(f, model, lang)
    for _ in range(passes - 1):
        if not len(model.deviation_of) and not any(reason.kind == "share" for reason in model.equalities):
            break
        n, p = model.n_arcs, model.n_processes
        model = model_of(
            f, uncertainty=uncertainty, tonnes=solution.x[:n], levels=np.maximum(solution.x[n : n + p], 0)
        )
        found = _solved(f, model, lang)
        moved = np.abs(found.x[: n + p] - solution.x[: n + p])
        solution = found
        if (moved <= SETTLED * np.maximum(np.abs(solution.x[: n + p]), 1e-6)).all():
            break
    return Reconciliation(filiere=f, model=model, solution=solution)


def _solved(f: Filiere, model: Model, lang: str) -> Solution:
    from ._infeasible import infeasible_rows
    from ._newton import solve

    crossed = np.flatnonzero(model.problem.lower[: model.n_arcs] > model.problem.upper[: model.n_arcs])
    if len(crossed):  # what two declarations of one flow know of it
        sentences = crossed_sentences(f, model, crossed.tolist(), lang=lang)
        raise InfeasibleError("\n".join(sentences), sentences[1:])
    solution = solve(model.problem)
    if not solution.converged:
        sentences = conflict_sentences(f, model, infeasible_rows(model.problem), lang=lang)
        if sentences:
            raise InfeasibleError("\n".join(sentences), sentences[1:])
        raise NotSolvedError(
            tr(
                "The flows could not be reconciled: the computation stopped after {count} steps without a solution "
                "that can be vouched for. Uncertainties of very different sizes are the usual reason.",
                lang,
                count=solution.iterations,
            )
        )
    return solution
