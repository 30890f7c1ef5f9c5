"""Comparing two filières, or two diagnoses of them: the same checks and figures on both."""

from __future__ import annotations

from dataclasses import dataclass
from html import escape
from itertools import chain, islice

from ..diagnosis import Diagnosis, diagnose
from ..errors import ArgumentError
from ..filiere import Filiere
from ..language import check_language, tr
from .compared import Compared
from .frames import findings_frame, indicators_frame, perimeter_frame, tables_frame
from .tonnages import tonnage_sentences
from .wording import (
    NOT_OF_THE_SAME,
    asked_sentences,
    figure_sentences,
    finding_sentences,
    firmness_sentences,
    headline_sentences,
    perimeter_sentences,
    record_sentences,
)

__all__ = ["Comparison", "compare"]


@dataclass(frozen=True, eq=False, repr=False)
class Comparison(Compared):
    """What is not the same in two filières; `compare` makes it.

    Attributes
    ----------
    before, after
        The two diagnoses.
    names
        What they are called in the sentences.
    perimeter
        A row per ``subject`` (territory, communes, year, expected chain…): ``label``, ``before``, ``after`` in
        words, ``differs``.
    indicators
        A row per ``indicator_id`` and ``scope`` of either: ``name``, ``unit``, ``before``, ``after``, ``delta``,
        ``relative`` (to what it was; NaN from 0), ``change`` (``up``, ``down``, ``same``, ``now_known``,
        ``no_longer_known``, ``unknown``, ``only_before``, ``only_after``), ``apart`` (whether the bounds of both do
        not meet, so that the change is sure whatever the unknown turns out to be; unknown where a value is),
        ``unknown_before``, ``unknown_after`` (cells that are unknown in each), ``hypothesis_before``,
        ``hypothesis_after``. NaN is unknown and never counts as 0.
    findings
        A row per ``finding_id`` of either: ``kind``, ``change`` (``solved``, ``new``, ``changed``, ``same``),
        ``severity_…``, ``quantity_…``, what it is about, ``message_before``, ``message_after``. Findings are the same
        if they are about the same things in the same unit; where several of one diagnosis are, those that share
        most rows.
    tables
        A row per row that was ``added``, ``removed`` or ``changed``: ``table``, ``label``, ``row_id``, ``columns``
        (those that changed, joined by ``;``).
    """

    @property
    def same_perimeter(self) -> bool:
        """Whether both are of the same filière, territory, year and expected chain."""
        differs = self.perimeter.set_index("subject")["differs"]
        return not differs[list(NOT_OF_THE_SAME)].any()

    def sentences(self, *, most: int | None = None) -> list[str]:
        """Return what differs in plain sentences: perimeters, jobs, findings, figures, tonnages, firmness.

        Findings on the figures themselves come last, and are only counted.

        Parameters
        ----------
        most
            Sentences at most; all of them by default.
        """
        lang = self.lang
        told = chain(
            perimeter_sentences(self, lang), asked_sentences(self, lang), headline_sentences(self, lang),
            finding_sentences(self, lang), figure_sentences(self, lang), tonnage_sentences(self, lang),
            firmness_sentences(self, lang), record_sentences(self, lang),
        )  # fmt: skip
        found = list(islice(told, most))
        return found or [tr("Nothing that was looked at differs.", lang)]

    def __repr__(self) -> str:
        counts = self.findings["change"].value_counts()
        moved = int(self.indicators["change"].isin(["up", "down"]).sum())
        return (
            f"<Comparison of {self.names[0]!r} and {self.names[1]!r}: {counts.get('solved', 0)} findings solved, "
            f"{counts.get('new', 0)} new, {moved} of {len(self.indicators)} indicators changed>"
        )

    def _repr_html_(self) -> str:
        items = "".join(f"<li>{escape(sentence)}</li>" for sentence in self.sentences())
        return (
            f"<div><strong>{escape(self.names[0])} → {escape(self.names[1])}</strong><ul>{items}</ul></div>"
        )


def compare(
    before: Filiere | Diagnosis,
    after: Filiere | Diagnosis,
    *,
    names: tuple[str, str] | None = None,
    lang: str | None = None,
) -> Comparison:
    """Return what differs between two filières: two years, two territories, before and after a change.

    Parameters
    ----------
    before, after
        Filières, which are diagnosed, or diagnoses. Of a filière beside a diagnosis the same figures are asked for.
    names
        What they are called in the sentences; by default « avant » and « après ».
    lang
        Language of the sentences; by default that of the diagnoses, French for filières.

    Returns
    -------
    Comparison

    Raises
    ------
    ArgumentError
        Diagnoses in two languages: their messages could not be told apart from what differs. Not two names.
    TypeError
        Something else than a filière or a diagnosis.

    Notes
    -----
    What is compared, and in which order it is told: a convention of this library.

    Examples
    --------
    >>> from chaine_valeur import datasets
    >>> f = datasets.load("exemple_complet").at(2024)
    >>> found = compare(f, f.without_actors("papeterie-du-vieux-bac"), lang="en")
    >>> found.findings.loc[found.findings["change"] == "new", "kind"].tolist()[:1]
    ['missing_stage']
    >>> found.tables.loc[found.tables["table"] == "actors", ["change", "row_id"]].values.tolist()
    [['removed', 'papeterie-du-vieux-bac']]
    """
    for one in (before, after):
        if not isinstance(one, Filiere | Diagnosis):
            raise TypeError(f"compare takes filières or diagnoses, not {type(one).__name__}")
    spoken = {one.lang for one in (before, after) if isinstance(one, Diagnosis)}
    if len(spoken) > 1 or (lang is not None and spoken and spoken != {lang}):
        raise ArgumentError("the diagnoses speak two languages: diagnose both in the one asked for")
    if names is not None and (isinstance(names, str) or len(names) != 2):
        raise ArgumentError(f"names={names!r} have to be two: what the first and the second are called")
    own = check_language(lang or next(iter(spoken), "fr"))
    asked = next((one.asked for one in (before, after) if isinstance(one, Diagnosis)), {})
    one, two = (_diagnosed(each, asked, own) for each in (before, after))
    return Comparison(
        before=one,
        after=two,
        names=names or (tr("before", own), tr("after", own)),
        perimeter=perimeter_frame(one, two, lang=own),
        indicators=indicators_frame(one, two),
        findings=findings_frame(one, two),
        tables=tables_frame(one.filiere, two.filiere, lang=own),
        lang=own,
    )


def _diagnosed(one: Filiere | Diagnosis, asked: object, lang: str) -> Diagnosis:
    if isinstance(one, Diagnosis):
        return one
    return diagnose(one, lang=lang, **(asked if isinstance(asked, dict) else {}))
