"""What robustness gives: how often each finding holds, how figures spread, which options are always taken."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import TYPE_CHECKING

from ...language import tr
from .wording import drawing_notes, finding_sentence, indicator_sentence, option_sentence

if TYPE_CHECKING:
    import pandas as pd

    from ...filiere import Filiere

__all__ = ["Robustness"]


@dataclass(frozen=True, eq=False, repr=False)
class Robustness:
    """What stays true of a filière under its uncertainty; see `robustness`.

    Attributes
    ----------
    filiere
        What was drawn from.
    draws, seed, doubt, uncertainty, appearing
        How: number of draws, seed, confidence → probability of absence and → relative standard uncertainty, least
        share of the draws from which a finding of draws alone is told.
    lang
        Language of messages and names.
    """

    filiere: Filiere
    draws: int
    seed: int
    doubt: Mapping[str, float]
    uncertainty: Mapping[str, float]
    appearing: float
    lang: str
    _findings: pd.DataFrame
    _indicators: pd.DataFrame
    _plan: pd.DataFrame
    _failures: pd.DataFrame
    _drawn: pd.DataFrame
    _called: Mapping[str, str]

    @property
    def findings(self) -> pd.DataFrame:
        """The findings as stated, in their order, then those of draws alone, most often found first.

        ``finding_id``, ``kind``, what it is about, ``in_base`` (found in the figures as stated), ``varies`` (rests
        on something that is drawn), ``n_draws`` (in which it could be looked for), ``n_found``, ``share`` of those
        draws, ``share_low`` and ``share_high`` (Wilson, 95 %: what other seeds would give), ``quantity`` in
        ``unit`` and ``jobs_fte`` as stated, and their quantiles ``_p5``, ``_p50``, ``_p95`` over the draws in which
        it is found; ``message`` as stated, or of the first draw. NaN is unknown, or without a draw.
        """
        return self._findings.copy(deep=False)

    @property
    def indicators(self) -> pd.DataFrame:
        """The figures: ``value`` as stated; ``mean``, ``p5``, ``p50``, ``p95`` over the draws in which it is known.

        ``share_unknown`` is the share of the draws in which it is NaN, ``n_draws`` those in which it could be
        computed.
        """
        return self._indicators.copy(deep=False)

    @property
    def plan(self) -> pd.DataFrame:
        """A row per option: ``in_base`` (taken as stated), ``n_taken``, ``share`` of ``n_draws`` and its interval.

        Without rows if no plan was asked for.
        """
        return self._plan.copy(deep=False)

    @property
    def failures(self) -> pd.DataFrame:
        """What could not be computed: ``draw`` (−1: as stated), ``what``, ``name``, ``error``."""
        return self._failures.copy(deep=False)

    @property
    def drawn(self) -> pd.DataFrame:
        """Per column: figures drawn, exact (or with nowhere to go), unknown; least and largest uncertainty.

        Of those drawn, ``n_stated`` are of a row that states its uncertainty, ``n_unsaid`` of one that states neither
        that nor its confidence.
        """
        return self._drawn.copy(deep=False)

    def sentences(self, lang: str | None = None) -> list[str]:
        """Return what holds and how firmly, a sentence per finding, figure and option that varies.

        What is the same in every draw since nothing drawn bears on it is left out; `notes` count it.
        """
        lang = self.lang if lang is None else lang
        findings, indicators = (part[part["varies"]] for part in (self._findings, self._indicators))
        return [
            *(finding_sentence(self.filiere, row, lang=lang) for row in findings.to_dict("records")),
            *(
                indicator_sentence(row, name=tr(self._called[row["indicator_id"]], lang), lang=lang)
                for row in indicators.to_dict("records")
            ),
            *(option_sentence(row, lang=lang) for row in self._plan.to_dict("records")),
        ]

    def notes(self, lang: str | None = None) -> list[str]:
        """Return how it was computed: draws, seed, what was drawn and how, what was not, what failed."""
        return drawing_notes(
            self._drawn,
            draws=self.draws,
            seed=self.seed,
            uncertainty=self.uncertainty,
            doubt=self.doubt,
            constant=int((~self._findings["varies"]).sum()),
            failed=len(self._failures),
            lang=self.lang if lang is None else lang,
        )

    def __repr__(self) -> str:
        parts = [f"{self.draws} draws, seed {self.seed}"]
        findings = self._findings[self._findings["in_base"]]
        firm = int((findings["share"] >= 0.95).sum())
        if len(findings):
            parts.append(f"{firm} of {len(findings)} findings in 95% of them or more")
        if len(self._plan):
            parts.append(
                f"{int((self._plan['share'] >= 0.95).sum())} of {len(self._plan)} options always taken"
            )
        if len(self._failures):
            parts.append(f"{len(self._failures)} failures")
        return f"<Robustness of {self.filiere.name!r}: {', '.join(parts)}>"
