"""One thing that a diagnostic, or a plan, says: how to ask a changed filière whether it still says so."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from ...analysis.findings import Finding, unique_ids
from ...analysis.indicator import Indicator
from ...diagnosis import available_checks, available_indicators
from ...diagnosis.run import CheckLike, measured_by, named_check, named_indicator
from ...errors import UnknownNameError
from ...language import tr
from ...vocabulary import FindingKind
from ._trace import Traced
from .outcome import Found, chosen_options
from .wording import finding_name

if TYPE_CHECKING:
    from ...analysis.indicator import Check
    from ...filiere import Filiere

__all__ = ["Headline", "Reading", "headline_of"]


@dataclass(frozen=True)
class Reading:
    """What a filière says of a headline: whether it stands (None: unknown), and its value."""

    stands: bool | None
    value: float


@dataclass(frozen=True)
class Headline:
    """A headline: what it is about, which tables it is read from, which rows it rests on.

    ``kind`` is finding, indicator or option; ``read`` gives its `Reading` of a filière. Of a finding the value is
    its quantity (1 where it has none), 0 where it is not found; of an option 1 or 0.
    """

    kind: str
    identifier: str
    name: str
    unit: str
    read: Callable[[Filiere], Reading]
    base: Reading
    tables: frozenset[str]
    rows: Mapping[str, tuple[str, ...]]


def headline_of(
    f: Filiere,
    headline: str | Indicator,
    *,
    threshold: float | None,
    plan: Callable[[Filiere], Any] | None,
    checks: Iterable[CheckLike] | None,
    indicators: Iterable[str | Indicator] | None,
    lang: str,
) -> Headline:
    """Return the headline of that identifier: an indicator, an option of a plan, else a finding.

    Raises
    ------
    UnknownNameError
        None of these; the close ones are named.
    """
    own = {one.indicator_id: one for one in (named_indicator(one, "expert") for one in indicators or ())}
    if isinstance(headline, Indicator):
        return _of_indicator(f, headline, threshold, lang)
    known = {**available_indicators(), **own}
    if headline in known:
        return _of_indicator(f, known[headline], threshold, lang)
    options = f.table("options")["name"]
    if plan is not None and headline in options.index:
        return _of_option(f, headline, str(options[headline]), plan)
    runs = [named_check(one) for one in (available_checks().values() if checks is None else checks)]
    return _of_finding(f, headline, runs, [*known, *(options.index if plan else ())], lang)


def _of_indicator(f: Filiere, one: Indicator, threshold: float | None, lang: str) -> Headline:
    def read(g: Filiere) -> Reading:
        value = float(measured_by(g, one, lang).value)
        if threshold is None:
            return Reading(value == value, value)
        return Reading(value >= threshold if value == value else None, value)

    traced = Traced.of(f)
    measure = measured_by(traced, one, lang)
    return Headline(
        "indicator",
        one.indicator_id,
        tr(one.name, lang),
        one.unit,
        read,
        read(f),
        frozenset(traced.read),
        measure.rows,
    )


def _of_option(f: Filiere, option: str, name: str, plan: Callable[[Filiere], Any]) -> Headline:
    def read(g: Filiere) -> Reading:
        taken = option in chosen_options(plan(g))
        return Reading(taken, float(taken))

    return Headline("option", option, name, "-", read, read(f), frozenset(f), {"options": (option,)})


def _of_finding(
    f: Filiere, headline: str, runs: list[tuple[str, Check]], others: list[str], lang: str
) -> Headline:
    found: list[Finding] = []
    makers: list[tuple[Check, frozenset[str]]] = []
    for _, check in runs:
        traced = Traced.of(f)
        made = list(check(traced, lang=lang))
        found += made
        makers += [(check, frozenset(traced.read))] * len(made)
    by_id = dict(zip(unique_ids(found), zip(found, makers, strict=True), strict=True))
    if headline in by_id:
        one, (check, tables) = by_id[headline]
        alone = sum(other.finding_id == one.finding_id for other in found) == 1
        read = _finder([check], one.finding_id, None if alone else Found.of("", one).rows, lang)
        name = finding_name(f, vars(one), lang=lang)
        return Headline("finding", headline, name, one.unit, read, read(f), tables, one.rows)
    if headline.partition(":")[0] not in {kind.value for kind in FindingKind}:
        raise UnknownNameError.of(
            f"no finding, indicator or option {headline!r}", headline, [*by_id, *others]
        )
    read = _finder([check for _, check in runs], headline, None, lang)
    return Headline("finding", headline, headline, "", read, read(f), frozenset(f), {})


def _finder(
    checks: list[Check], finding_id: str, rows: str | None, lang: str
) -> Callable[[Filiere], Reading]:
    def read(g: Filiere) -> Reading:
        for check in checks:
            for one in check(g, lang=lang):
                if one.finding_id == finding_id and (rows is None or Found.of("", one).rows == rows):
                    return Reading(True, float(one.quantity) if one.quantity == one.quantity else 1.0)
        return Reading(False, 0.0)

    return read
