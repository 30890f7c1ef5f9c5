"""Which finding of one diagnosis is which of another: what is about the same things, on the same rows if need be."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Iterator, Mapping
from typing import TYPE_CHECKING

if TYPE_CHECKING:
    from ..analysis.findings import Finding

__all__ = ["paired"]


def paired(
    before: Mapping[str, Finding], after: Mapping[str, Finding], order: Iterable[str]
) -> Iterator[str]:
    """Yield the identifier under which each finding of `after` stands in a comparison.

    That of the finding of `before` that it is the same as, else one that nobody has. Findings are the same if they
    are about the same things and counted in the same unit. Where several of one diagnosis are, their numbers tell
    only in which order they were found: then the same are those that share most rows, each once, first found first.

    Parameters
    ----------
    before, after
        Identifier → finding, as in `chaine_valeur.diagnosis.Diagnosis.found`.
    order
        Identifiers of `after`, in the order in which theirs are asked for.
    """
    same = _same(before, after)
    taken = {*before, *same.values()}
    for identifier in order:
        name, again = same.get(identifier, identifier), 1
        if identifier not in same:
            while name in taken:
                again += 1
                name = f"{after[identifier].finding_id}:{again}"
            taken.add(name)
        yield name


def _same(before: Mapping[str, Finding], after: Mapping[str, Finding]) -> dict[str, str]:
    """Return identifier in `after` → in `before`, where both are the same finding."""
    ones, twos = _by_subject(before), _by_subject(after)
    same: dict[str, str] = {}
    for subject, come in twos.items():  # over subjects
        stood = ones.get(subject, [])
        if len(stood) == len(come) == 1:
            if before[stood[0]].unit == after[come[0]].unit:
                same[come[0]] = stood[0]
        elif stood:
            same.update(_sharing_rows(before, after, stood, come))
    return same


def _by_subject(found: Mapping[str, Finding]) -> dict[str, list[str]]:
    listed: dict[str, list[str]] = {}
    for identifier, one in found.items():
        listed.setdefault(one.finding_id, []).append(identifier)
    return listed


def _sharing_rows(
    before: Mapping[str, Finding], after: Mapping[str, Finding], stood: list[str], come: list[str]
) -> dict[str, str]:
    resting: dict[tuple[str, str], list[str]] = {}
    for name in stood:
        for row in _rows(before[name]):
            resting.setdefault(row, []).append(name)
    place = {name: at for at, name in enumerate(stood)}
    shared = [
        (-count, place[one], at, one, two)
        for at, two in enumerate(come)
        for one, count in Counter(one for row in _rows(after[two]) for one in resting.get(row, ())).items()
        if before[one].unit == after[two].unit
    ]
    same: dict[str, str] = {}
    used: set[str] = set()
    for *_, one, two in sorted(shared):  # most rows first
        if two not in same and one not in used:
            same[two] = one
            used.add(one)
    return same


def _rows(finding: Finding) -> Iterator[tuple[str, str]]:
    return ((name, row) for name, rows in finding.rows.items() for row in rows)
