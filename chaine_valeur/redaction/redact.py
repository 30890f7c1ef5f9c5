"""A diagnostic as an audience may read it: computed on all data, told without what is not theirs to know."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from typing import TYPE_CHECKING

import numpy as np

from ..analysis.findings import Finding, findings_frame, unique_ids
from ..analysis.measure import NAN, Measure
from ..diagnosis import Diagnosis, Measured
from ..diagnosis.result import indicators_frame
from ..errors import ArgumentError
from ..language import N_, clauses, tr
from ..schema import table, tables
from ..vocabulary import FindingKind, labels
from .blanking import blanked, silenced, telling_words
from .classes import classes
from .levels import Guarded, check_audience, guarded
from .naming import natural_persons, new_names, renamed
from .persons import PERSON, again
from .removed import removed_frame
from .totals import FEWEST, LARGEST, Ledger, secrets

if TYPE_CHECKING:
    from ..filiere import Filiere

__all__ = ["FEWEST_PEOPLE", "redact"]

#: Head-counts under this number could tell of single people.
FEWEST_PEOPLE = 5
_ACTOR = N_("Confidential actor {number}")
#: Findings that name who is critical or depended on: told to the team only, whatever the data say.
_NAMING = frozenset(
    kind.value
    for kind in (FindingKind.CENTRAL_ACTOR, FindingKind.SUPPLY_TO_DIVERSIFY, FindingKind.STEP_TO_SECURE)
)


def redact(
    diagnosis: Diagnosis,
    audience: str = "public",
    *,
    fewest: int = FEWEST,
    largest: float = LARGEST,
    fewest_people: int = FEWEST_PEOPLE,
) -> Diagnosis:
    """Return a diagnostic as an audience may read it; what writes a report takes it like any other.

    The figures and findings are computed on all data, so that what is hidden opens no gap that is none. What is told
    is then either what follows from the data that the audience may read, or one of these:

    - a total of figures that may not be read, if at least `fewest` actors contributed to it, none of them more than a
      share `largest`, and if the same holds of all that follows from the totals told together
      (`chaine_valeur.redaction.totals`);
    - that a finding about the chain stands, without its figures.

    A confidential actor stays as « Acteur confidentiel 1 », with its roles, its college and its stages. Figures become
    unknown, or are told in classes where their source agreed to it (``classes_agreed_on``); words written on guarded
    rows, or that name who may not be known, are emptied; columns that the model does not know, rows set aside and
    cells refused are told by their number; natural persons are « Personne 1 »; head-counts under `fewest_people` are
    emptied, with what would give them back.

    Parameters
    ----------
    audience
        ``public``, ``partners`` (what is marked for the partners too) or ``internal`` (everything; natural persons
        are masked by what writes a report).
    fewest
        Contributors without which a total is not told.
    largest
        Share of a total beyond which a contributor is too well known, in (0, 1].
    fewest_people
        People under which a head-count is not told.

    Returns
    -------
    Diagnosis
        With ``audience``; ``removed`` counts what was taken away, by kind and table; ``classes`` has the figures told
        in classes. Its ``filiere`` holds what may be read only.

    Raises
    ------
    UnknownNameError
        Another audience.
    ArgumentError
        A diagnostic that was redacted already: redact the whole one for each audience.

    Examples
    --------
    >>> from chaine_valeur.filiere import Filiere
    >>> from chaine_valeur.diagnosis import diagnose
    >>> f = Filiere.from_tables(
    ...     actors={"name": ["Relais", "Filature"], "confidentiality": [None, "confidential"]},
    ...     flows={"source": ["Relais"], "target": ["Filature"], "quantity_t_per_year": [12.5]},
    ... )
    >>> shown = redact(diagnose(f, lang="en"), "public").filiere
    >>> shown.actors["name"].tolist(), shown.flows["quantity_t_per_year"].tolist()
    (['Relais', 'Confidential actor 1'], [nan])
    """
    check_audience(audience)
    if diagnosis.audience:
        raise ArgumentError(
            tr("This diagnostic was redacted already ({audience}): redact the whole one for each audience.",
               diagnosis.lang, audience=diagnosis.audience)
        )  # fmt: skip
    if not 0 < largest <= 1 or fewest < 1 or fewest_people < 1:
        raise ArgumentError(
            f"fewest={fewest}, fewest_people={fewest_people} are at least 1, largest={largest} in (0, 1]"
        )
    if audience == "internal":
        return replace(diagnosis, audience=audience)
    lang, given = diagnosis.lang, diagnosis.filiere
    masks = guarded(given, audience)
    f, masks, hidden, persons = _renamed(given, masks, lang)
    told_in_classes = classes(f, masks)
    left = blanked(
        f,
        masks,
        hidden_actors=[*hidden, *persons],
        words=_telling(given, f, hidden.values()),
        fewest_people=fewest_people,
        lang=lang,
    )
    full, shown = again(diagnosis, f), again(diagnosis, left.filiere)
    ledger = Ledger(secrets(f, masks, told_in_classes), fewest=fewest, largest=largest)
    measured = {
        identifier: _measured(one, shown.measured[identifier], ledger, lang)
        for identifier, one in full.measured.items()
    }
    found = _found(full, shown, lang)
    stated = any(mask.some.any() for mask in masks.values())
    final = (
        silenced(left.filiere, lang=lang)
        if stated and (given.set_aside or len(given.problems))
        else left.filiere
    )
    counts = dict(left.counts)
    counts |= {("actors", "actors"): len(hidden), ("persons", "actors"): len(persons)}
    counts["classes", ""] = len(told_in_classes)
    counts["aside", ""] = 0 if final is left.filiere else sum(map(len, given.set_aside.values()))
    counts["indicators", ""] = sum(
        one.measure.value == one.measure.value and measured[key].measure.value != measured[key].measure.value
        for key, one in full.measured.items()
    )
    counts["findings", ""] = len(full.found) - len(found)
    frame = findings_frame(found)
    by_id = dict(zip(unique_ids(found), found, strict=True))
    return Diagnosis(
        filiere=final,
        profile=diagnosis.profile,
        lang=lang,
        measured=measured,
        found={identifier: by_id[identifier] for identifier in frame["finding_id"]},
        _findings=frame,
        _indicators=indicators_frame(measured, lang=lang),
        asked=diagnosis.asked,
        audience=audience,
        removed=removed_frame(counts),
        classes=told_in_classes,
        without=frozenset(name for kind, name in left.counts if kind in ("cells", "rows"))
        | frozenset(["actors"] if hidden else []),
    )


def _renamed(
    f: Filiere, masks: Mapping[str, Guarded], lang: str
) -> tuple[Filiere, dict[str, Guarded], dict[str, str], list[str]]:
    """Return the filière under other names, the masks on its new identifiers, who is hidden, and the persons.

    Rows of which anything is guarded get an identifier that says nothing: people write figures and names in them.
    """
    persons = natural_persons(f)
    actors = f.actors.index[masks["actors"].rows.to_numpy(bool)]
    hidden = [str(one) for one in actors if one not in set(persons)]
    names = new_names(f, persons, PERSON, lang=lang)
    names |= new_names(f, hidden, _ACTOR, lang=lang, taken=[new for new, _ in names.values()])
    rows: dict[str, dict[str, str]] = {}
    for name, mask in masks.items():
        if name in _NAMED:
            continue
        some = mask.rows if name == "groups" else mask.some
        some = some.index[some.to_numpy(bool)]
        rows[name] = {str(old): f"{name}-x{place}" for place, old in enumerate(some, 1)}
    changed = renamed(f, names, lang=lang, rows=rows)
    masks = {name: _reindexed(mask, changed.table(name).index) for name, mask in masks.items()}
    return changed, masks, {names[old][0]: str(f.actors.at[old, "name"]) for old in hidden}, [
        names[old][0] for old in persons
    ]  # fmt: skip


#: Tables whose identifiers other rows and figures show: they keep them.
_NAMED = frozenset(("actors", "sources", "stages", "materials", "filiere"))


def _reindexed(mask: Guarded, index: object) -> Guarded:
    return Guarded(*(part.set_axis(index) for part in (mask.rows, mask.about, mask.cells)))


def _telling(given: Filiere, f: Filiere, hidden: object) -> set[str]:
    """Return the words that tell who a hidden actor is: those of its name that nothing that may be read says."""
    names = [str(one) for one in hidden]  # type: ignore[attr-defined]
    visible = [
        str(text)
        for name, home in tables().items()
        for column in {home.name_column, *(("commune_name",) if "commune_name" in home.columns else ())}
        - {""}
        if column in home.columns
        for text in f.table(name)[column].dropna().unique()
    ]
    return telling_words(names, visible)


# -- figures ------------------------------------------------------------------------------------------


def _measured(full: Measured, shown: Measured, ledger: Ledger, lang: str) -> Measured:
    """Return a figure as it may be told: what all may read gives it; or a total that is safe; or nothing."""
    if _same(full.measure, shown.measure):
        return shown
    if ledger.tells(full.measure, shown.measure):
        note = tr("computed on all data, confidential ones included", lang)
        return _noted(full, replace(full.measure, low=NAN, high=NAN), note)
    if _of_cases(full) and _of_cases(shown) and shown.measure.low <= full.measure.value <= shown.measure.high:
        return shown  # true between its bounds: what is not told is among the unknown
    note = tr("not told: it rests on figures that are not for this audience", lang)
    return replace(_noted(full, Measure(NAN, full.measure.unit, scope=full.measure.scope), note), told=False)


def _noted(one: Measured, measure: Measure, note: str) -> Measured:
    return Measured(one.indicator, replace(measure, note=note), note)


def _same(one: Measure, other: Measure) -> bool:
    ours, theirs = (
        np.array([measure.value, measure.low, measure.high, measure.numerator, measure.denominator])
        for measure in (one, other)
    )
    return bool(np.allclose(ours, theirs, rtol=1e-12, atol=0, equal_nan=True)) and one.unit == other.unit


def _of_cases(one: Measured) -> bool:
    """Whether a figure is a share of stages, actors or pairs: one of tonnes says nothing true without some of them."""
    terms = one.measure.numerator, one.measure.denominator
    counted = all(term == term and float(term).is_integer() for term in terms)
    return counted and one.indicator.unit == "share" and not one.indicator.weighed


# -- findings -----------------------------------------------------------------------------------------


def _found(full: Diagnosis, shown: Diagnosis, lang: str) -> list[Finding]:
    """Return the findings as they may be told; those about somebody that only what is hidden makes are left out.

    By kind, then by what they are about: the order of the diagnostic follows figures that are not told.
    """
    kept = []
    for identifier, one in full.found.items():
        if one.kind in _NAMING:
            continue
        same = shown.found.get(identifier)
        if same is not None and same.message == one.message:
            kept.append(same)
        elif same is not None or (one.actor_id is None and one.to_actor_id is None):
            kept.append(_without_figures(shown.filiere, one, lang))
    kinds = {kind.value: place for place, kind in enumerate(FindingKind)}
    return sorted(kept, key=lambda one: (kinds.get(one.kind, len(kinds)), one.finding_id))


def _without_figures(f: Filiere, one: Finding, lang: str) -> Finding:
    """Return that a finding about the chain stands, without its figures."""
    places = (
        ("stages", one.stage_id),
        ("stages", one.to_stage_id),
        ("groups", one.group_id),
        ("materials", one.material_id),
        ("actors", one.actor_id),
        ("actors", one.to_actor_id),
    )
    names = [
        str(f.table(name)[table(name).name_column].get(identifier, identifier))
        for name, identifier in places
        if identifier is not None
    ]
    kind = labels("finding_kind", lang).get(one.kind, one.kind)
    message = tr(
        "{kind}. The figures behind it are not for this audience.",
        lang,
        kind=tr("{label}: {text}", lang, label=kind, text=clauses(names, lang)) if names else kind,
    )
    return replace(
        one,
        message=message,
        quantity=NAN,
        unit="",
        jobs_at_stake_fte=NAN,
        n_unknown=0,
        hypothesis_share=NAN,
        rows={},
    )
