"""What to remember of a diagnostic: five sentences at most, each about something else."""

from __future__ import annotations

from typing import TYPE_CHECKING

from ..analysis import insertion
from ..analysis.findings import PRIORITIES
from ..language import enumeration, number, out_of, tr, trn
from ..vocabulary import FindingKind
from .flow_sentences import contradiction_sentence, throughput_sentence
from .result import CARRYING
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
#: Findings told before cooperation and insertion, and sentences about flows, at most.
_FINDINGS, _FLOWS = 2, 2
_FLOW_KINDS = {kind.value for kind in FindingKind if kind.family == "flows"}
#: What the sentence on contradicting figures says already.
_CONTRADICTED = {
    FindingKind.FLOW_SUSPECT.value,
    FindingKind.FIGURES_DISAGREE.value,
    FindingKind.FLOW_IMBALANCE.value,
}
_COOPERATION = [kind.value for kind in FindingKind if kind.family == "cooperation"]
#: Kinds that tell the same hole from several sides: what is missing, and what does not get through.
_HOLES = {
    FindingKind.MISSING_STAGE.value: ("stages",),
    FindingKind.MISSING_PASSAGE.value: ("stage_links",),
    FindingKind.BROKEN_PATH.value: ("stages", "stage_links"),
}


def five_things(diagnosis: Diagnosis) -> list[str]:
    """Return up to five sentences: the chain, what to secure first, flows, cooperation, insertion, the data.

    They come from the findings and the figures of the diagnostic, speak of stages rather than of actors, and
    no two of them are findings of the same kind, or tell the same hole of the chain. Of flows they say what the
    chain can serve with what limits it, and which figures contradict each other: two sentences at most, in one
    where each other subject has its own. A sentence that nothing supports is left out.

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
    jobs, served, contradicted = _summaries(diagnosis)
    # what these sentences say already is not said again
    says = [
        ({FindingKind.MISSING_STAGE.value}, chain),
        ({FindingKind.TARGET_MISSED.value}, jobs),
        ({FindingKind.UNMET_DEMAND.value}, served),
        # where nobody says how much is asked for, what limits the throughput is no thing to remember either
        ({FindingKind.BOTTLENECK.value}, "B8" in diagnosis.measured),
        (_CONTRADICTED, contradicted),
    ]
    kinds = {kind for some, sentence in says if sentence for kind in some}
    said = findings["kind"].isin(kinds)
    told = _holes(diagnosis.found, findings.loc[said, "finding_id"])
    flows = [sentence for sentence in (served, contradicted) if sentence]
    first = _first_of_each_kind(diagnosis, findings[~about & ~said], told)
    found = _few_about_flows(first, _FLOWS - len(flows))
    before = found[: _FINDINGS - bool(flows)]
    ties, jobs_told = _cooperation(diagnosis, findings[about]), [jobs] if jobs else []
    if len(before) + len(flows) + len(ties) + len(jobs_told) + bool(chain) > MOST:
        flows = [" ".join(flows)]
    parts = [*([chain] if chain else []), *before, *flows, *ties, *jobs_told]
    # what is left fills up to five: first how firm it all is, then the next kinds of findings
    parts += [*_firmness(diagnosis), *found[len(before) :]]
    return [sentence_of(part) for part in parts[:MOST]]


def _summaries(diagnosis: Diagnosis) -> tuple[str, str, str]:
    """Return what is said of jobs, of throughput and of contradictions; nothing of what rests on figures not told."""
    jobs = served = contradicted = ""
    if not diagnosis.lacks("activities", "outcomes", "agreements"):
        jobs = insertion.summary_sentence(diagnosis.filiere, lang=diagnosis.lang)
    if not diagnosis.lacks(*CARRYING):
        served, contradicted = throughput_sentence(diagnosis), contradiction_sentence(diagnosis)
    return jobs, served, contradicted


def _few_about_flows(found: list[tuple[str, str]], most: int) -> list[str]:
    """Return the messages of findings, those about flows beyond a number left out."""
    kept, flows = [], 0
    for kind, message in found:  # a kind each
        flows += kind in _FLOW_KINDS
        if kind not in _FLOW_KINDS or flows <= most:
            kept.append(message)
    return kept


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


def _first_of_each_kind(diagnosis: Diagnosis, findings: pd.DataFrame, told: Holes) -> list[tuple[str, str]]:
    """Return each kind with its first finding, most pressing first, and how many others are like it.

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
            kept.append((PRIORITIES.index(str(one["severity"])), str(kind), message))
            break
    return [(kind, message) for _, kind, message in sorted(kept, key=lambda one: one[0])]


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
