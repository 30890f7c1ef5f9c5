"""Every check of the gaps in one list, and one function that runs them."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from typing import TYPE_CHECKING

from ..findings import Finding, findings_frame
from ._actor_checks import (
    NAMED_PER_STAGE,
    dead_end_actors,
    orphan_actors,
    unconnected_actors,
)
from ._chain_checks import broken_paths, missing_passages, missing_stages, outside_stages, single_actor_stages
from ._supply_checks import UNUSED_SHARE, unused_resources

if TYPE_CHECKING:
    import pandas as pd

    from ...filiere import Filiere

__all__ = ["CHECKS", "find"]

#: ``(f, *, lang) -> findings``; thresholds have defaults.
CHECKS: tuple[Callable[..., Iterable[Finding]], ...] = (
    missing_stages,
    outside_stages,
    missing_passages,
    broken_paths,
    dead_end_actors,
    orphan_actors,
    unconnected_actors,
    unused_resources,
    single_actor_stages,
)
_PER_STAGE = (dead_end_actors, orphan_actors, unconnected_actors)


def find(
    f: Filiere,
    *,
    lang: str = "fr",
    named_per_stage: int = NAMED_PER_STAGE,
    unused_share: float = UNUSED_SHARE,
) -> pd.DataFrame:
    """Return every gap finding: by priority, then by the tonnes at stake.

    Kinds: ``missing_stage``, ``stage_outside_only``, ``missing_passage``, ``broken_path``, ``dead_end``,
    ``orphan``, ``unconnected_actor``, ``unused_resource``, ``single_actor_stage``. A gap exists only against
    an expectation: without required stages (passages) there is none of stages (passages, paths); without a
    table of flows nothing is said of what passes. A stage expected at regional scale is no local gap.

    Parameters
    ----------
    lang
        Language of the messages.
    named_per_stage
        Above so many actors of one stage in the same case, one finding tells them all, none named.
    unused_share
        Share of a supply without use from which it is told.

    Returns
    -------
    pandas.DataFrame
        The columns of `chaine_valeur.analysis.findings.FINDING_COLUMNS`, also when nothing is found.
        ``quantity`` is in t/year; ``jobs_at_stake_fte`` is the known insertion FTE at the stages that have no
        other way to a market, or from a resource, than the stage or passage in question (of the actors
        themselves, where the finding is about actors; of the stages that a material feeds, where it is about
        a resource).

    Examples
    --------
    >>> from chaine_valeur import Filiere
    >>> f = Filiere.from_tables(
    ...     stages={"name": ["Collecte", "Tri"]},
    ...     actors={"name": ["Relais"]},
    ...     activities={"actor_id": ["Relais"], "stage_id": ["Collecte"]},
    ... )
    >>> for message in find(f, lang="en")["message"]:
    ...     print(message)
    Stage “Tri”: no active actor known.
    Stage “Collecte”: a step resting on a single operator, to be secured.
    """
    found: list[Finding] = []
    for check in CHECKS:
        if check in _PER_STAGE:
            found.extend(check(f, lang=lang, named_per_stage=named_per_stage))
        elif check is unused_resources:
            found.extend(check(f, lang=lang, unused_share=unused_share))
        else:
            found.extend(check(f, lang=lang))
    return findings_frame(found)
