"""What to remember of a diagnostic: five sentences at most, each about something else."""

from __future__ import annotations

from typing import TYPE_CHECKING

from ..analysis import insertion
from ..analysis.findings import PRIORITIES
from ..language import enumeration, number, out_of, tr, trn
from ..vocabulary import FindingKind
from .telling import bounds_text, cases_of_bounds, sentence_of, value_text

if TYPE_CHECKING:
    from collections.abc import Iterable, Mapping

    import pandas as pd

    from ..analysis.findings import Finding
    from ..analysis.measure import Measure
    from .result import Diagnosis

    #: what is missing somewhere: (table, identifier) of stages and of expected passages
    Holes = set[tuple[str, str]]

__all__ = ["density_sentence", "five_things"]

MOST = 5
_FINDINGS = 2
_COOPERATION = [kind.value for kind in FindingKind if kind.family == "cooperation"]
#: Kinds that tell the same hole from several sides: what is missing, and what does not get through.
_HOLES = {
    FindingKind.MISSING_STAGE.value: ("stages",),
    FindingKind.MISSING_PASSAGE.value: ("stage_links",),
    FindingKind.BROKEN_PATH.value: ("stages", "stage_links"),
}


def five_things(diagnosis: Diagnosis) -> list[str]:
    """Return up to five sentences: the chain, what to secure first, cooperation, insertion, the data.

    They come from the findings and the figures of the diagnostic, speak of stages rather than of actors, and
    no two of them are findings of the same kind, or tell the same hole of the chain. A sentence that nothing
    supports is left out.

    Examples
    --------
    >>> from chaine_valeur.diagnosis import diagnose
    >>> from chaine_valeur.filiere import Filiere
    >>> f = Filiere.from_tables(
    ...     stages={"name": ["Collecte", "Tri"]},
    ...     actors={"name": ["Relais"]},
    ...     activities={"actor_id": ["Relais"], "stage_id": ["Collecte"]},
    ... )
    >>> five_things(diagnose(f, lang="en"))[0]
    '1 out of 2 stages expected locally are held; to be established: Tri.'
    """
    findings = diagnosis.findings
    findings = findings[findings["kind"] != FindingKind.CHECK_FAILED.value]
    about = findings["kind"].isin(_COOPERATION)
    chain = _chain(diagnosis, findings)
    jobs = insertion.summary_sentence(diagnosis.filiere, lang=diagnosis.lang)
    # what the two sentences say already is not said again
    says = {FindingKind.MISSING_STAGE.value: chain, FindingKind.TARGET_MISSED.value: jobs}
    said = findings["kind"].isin([kind for kind, sentence in says.items() if sentence])
    told = _holes(diagnosis.found, findings.loc[said, "finding_id"])
    found = _first_of_each_kind(diagnosis, findings[~about & ~said], told)
    parts = [
        *([chain] if chain else []),
        *found[:_FINDINGS],
        *_cooperation(diagnosis, findings[about]),
        *([jobs] if jobs else []),
    ]
    # what is left fills up to five: first how firm it all is, then the next kinds of findings
    parts += [*_firmness(diagnosis), *found[_FINDINGS:]]
    return [sentence_of(part) for part in parts[:MOST]]


def _chain(diagnosis: Diagnosis, findings: pd.DataFrame) -> str:
    """Return how many of the expected stages are held, and which are not."""
    one = diagnosis.measured.get("A1")
    if one is None or one.measure.value != one.measure.value or not one.measure.denominator > 0:
        return ""
    lang, measure = diagnosis.lang, one.measure
    held = _held(measure, lang)
    stages = diagnosis.filiere.stages["name"]
    missing = findings.loc[findings["kind"] == FindingKind.MISSING_STAGE.value, "stage_id"].dropna()
    names = [str(stages.get(stage, stage)) for stage in missing]
    if names:
        return tr("{held}; to be established: {stages}.", lang, held=held, stages=enumeration(names, lang))
    return f"{held}."


def _held(measure: Measure, lang: str) -> str:
    """Return how many stages are held: « 7 sur 9 », or between which numbers the unknown leaves it."""
    whole = cases_of_bounds(measure)
    if whole > measure.denominator:
        return tr(
            "between {low} and {high} of the {whole} stages expected locally are held, depending on what is "
            "unknown",
            lang,
            low=number(round(measure.low * whole), lang),
            high=number(round(measure.high * whole), lang),
            whole=number(whole, lang),
        )
    held = tr(
        "{held} stages expected locally are held",
        lang,
        held=out_of(measure.numerator, measure.denominator, lang, small=10**9),
    )
    bounds = bounds_text(measure, lang=lang)
    return f"{held} ({bounds})" if bounds else held


def _holes(found: Mapping[str, Finding], identifiers: Iterable[str]) -> Holes:
    """Return the stages and passages that some findings say are missing."""
    holes: Holes = set()
    for identifier in identifiers:
        one = found[identifier]
        for table in _HOLES.get(one.kind, ()):
            holes.update((table, row) for row in one.rows.get(table, ()))
    return holes


def _first_of_each_kind(diagnosis: Diagnosis, findings: pd.DataFrame, told: Holes) -> list[str]:
    """Return the first finding of each kind, most pressing first, and how many others are like it.

    Of what is missing somewhere, the first that says more than the holes told before it; a kind of which none
    does is left out.
    """
    kept, lang = [], diagnosis.lang
    for kind in dict.fromkeys(findings["kind"]):
        same = findings[findings["kind"] == kind].set_index("finding_id")
        for identifier, one in same.iterrows():  # few: stops at the first that is new
            holes = _holes(diagnosis.found, [str(identifier)])
            if holes and holes <= told:
                continue
            told = told | holes
            message = str(one["message"])
            if len(same) > 1:
                rest = trn("{count} other finding is of this kind", "{count} other findings are of this kind",
                           len(same) - 1, lang)  # fmt: skip
                message += f" ({rest}.)"
            kept.append((PRIORITIES.index(str(one["severity"])), message))
            break
    return [message for _, message in sorted(kept, key=lambda pair: pair[0])]


def _cooperation(diagnosis: Diagnosis, findings: pd.DataFrame) -> list[str]:
    """Return the first thing to say of cooperation: what was found, else how dense it is."""
    pressing = findings[findings["severity"] != PRIORITIES[-1]]
    if len(pressing):
        return [str(pressing["message"].iloc[0])]
    sentence = density_sentence(diagnosis)
    if sentence:
        return [sentence]
    return [str(message) for message in findings["message"].head(1)]


def density_sentence(diagnosis: Diagnosis) -> str:
    """Return the density of cooperation (D1) in words, with its bounds; empty if it was not computed."""
    one, lang = diagnosis.measured.get("D1"), diagnosis.lang
    if one is None:
        return ""
    measure = one.measure
    if measure.value != measure.value:
        reason = f" ({measure.note})" if measure.note else ""
        return tr("The density of cooperation cannot be told{reason}.", lang, reason=reason)
    sentence = tr(
        "{ties} over {pairs}, a density of {value}",
        lang,
        ties=trn("{count} known cooperation tie", "{count} known cooperation ties", measure.numerator, lang),
        pairs=trn(
            "{count} possible pair of actors", "{count} possible pairs of actors", measure.denominator, lang
        ),
        value=value_text(measure, lang=lang),
    )
    bounds = bounds_text(measure, lang=lang)
    return f"{sentence} ({bounds})." if bounds else f"{sentence}."


def _firmness(diagnosis: Diagnosis) -> list[str]:
    """Return how many of the figures rest mostly on estimates or hypotheses, if many do."""
    lang = diagnosis.lang
    told = [one.measure for one in diagnosis.measured.values() if one.measure.value == one.measure.value]
    soft = [measure for measure in told if measure.hypothesis_share > 0.5]
    if not soft:
        return []
    return [
        tr(
            "{soft} figures of this diagnostic rest mostly on estimates or hypotheses, to be confirmed "
            "in the field.",
            lang,
            soft=tr(
                "{part} out of {whole}", lang, part=number(len(soft), lang), whole=number(len(told), lang)
            ),
        )
    ]
