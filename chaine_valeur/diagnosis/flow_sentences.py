"""What to remember of the flows: what the chain can serve and what limits it, which figures contradict each other."""

from __future__ import annotations

from typing import TYPE_CHECKING

from ..analysis.flows import throughput_of
from ..analysis.wording import quoted, sentences, tonnes
from ..language import enumeration, tr, trn
from ..vocabulary import FindingKind

if TYPE_CHECKING:
    from ..analysis.findings import Finding
    from ..filiere import Filiere
    from .result import Diagnosis

__all__ = ["contradiction_sentence", "throughput_sentence"]

#: Share of what is asked for within which it counts as served.
_ROUNDED = 1e-9


def throughput_sentence(diagnosis: Diagnosis) -> str:
    """Return what the chain can serve of what is asked for, with what limits it first, by stage.

    Empty where the throughput (B8) was not computed or is not known, where nothing can be served, and where
    nobody says how much is asked for: what supplies alone allow is no thing to remember.
    """
    one, f, lang = diagnosis.measured.get("B8"), diagnosis.filiere, diagnosis.lang
    if one is None:
        return ""
    served, asked = one.measure.value, one.measure.denominator
    if not served > 0 or not asked > 0:  # NaN is neither
        return ""
    condition = throughput_of(f).condition(lang=lang)
    if served >= asked * (1 - _ROUNDED):
        if not condition:
            return tr("The chain can serve all that is asked for: {asked}.", lang, asked=tonnes(asked, lang))
        told = tr("No known limit keeps all that is asked for ({asked}) from being served, as long as inputs of no "
                  "known limit follow: {inputs}.", lang, asked=tonnes(asked, lang), inputs=condition)  # fmt: skip
        return sentences(told, _no_complete_path(diagnosis, lang))
    amounts = {"amount": tonnes(served, lang), "asked": tonnes(asked, lang)}
    limit = next((_limits_text(f, one, lang) for one in _of(diagnosis, FindingKind.BOTTLENECK)), "")
    if not limit:
        return tr("The chain can serve {amount}, of {asked} asked for.", lang, amount=amounts["amount"],
                  asked=amounts["asked"])  # fmt: skip
    return tr("The chain can serve {amount}, of {asked} asked for; what limits it first: {limit}.", lang,
              limit=limit, **amounts)  # fmt: skip


def _no_complete_path(diagnosis: Diagnosis, lang: str) -> str:
    """Return that what is served does not come through the expected chain, where none of its paths is complete (A4)."""
    paths = diagnosis.measured.get("A4")
    if paths is None or paths.measure.n_unknown or not paths.measure.denominator > 0:
        return ""
    if paths.measure.numerator != 0:
        return ""
    return tr("Not through the expected chain, of which no path is complete.", lang)


def contradiction_sentence(diagnosis: Diagnosis) -> str:
    """Return how many declared figures the others contradict, and which to look at first, by stage.

    Where no figure stands out, that they do not fit together, if that was found; else empty.
    """
    lang = diagnosis.lang
    suspects = _of(diagnosis, FindingKind.FLOW_SUSPECT)
    if not suspects:
        together = _of(diagnosis, FindingKind.FIGURES_DISAGREE)
        return together[0].message if together else ""
    counted = diagnosis.measured.get("B6")  # the findings are those told one by one, and no more
    count = len(suspects)
    if counted is not None and counted.measure.value > count:
        count = int(counted.measure.value)
    return trn(
        "{count} stated figure is contradicted by the others; to be looked at first: {flow}.",
        "{count} stated figures are contradicted by the others; to be looked at first: {flow}.",
        count, lang, flow=_flow_text(diagnosis.filiere, suspects[0], lang),
    )  # fmt: skip


def _of(diagnosis: Diagnosis, kind: FindingKind) -> list[Finding]:
    """Return the findings of a kind, most pressing first."""
    return [one for one in diagnosis.found.values() if one.kind == kind.value]


def _limits_text(f: Filiere, found: Finding, lang: str) -> str:
    """Return what a bottleneck is, by stage: several limits that only yield together are one."""
    stages = f.stages["name"]
    held = f.activities["stage_id"].reindex(_rows(found, "activities")).map(stages).dropna()
    told = [tr("the capacity of stage “{stage}”", lang, stage=name) for name in held.unique()]
    for row in f.flows.reindex(_rows(found, "flows")).to_dict("records"):  # the few passages of one limit
        ends = [_end(f, _text(row[f"{end}_stage"]), _text(row[end]), lang) for end in ("source", "target")]
        told.append(
            tr("the capacity of the passage {source} → {target}", lang, source=ends[0], target=ends[1])
        )
    supplied = f.markets["material_id"].reindex(_rows(found, "markets")).map(f.materials["name"]).dropna()
    told += [tr("the supply of “{material}”", lang, material=name) for name in supplied.unique()]
    told = list(dict.fromkeys(told))
    together = enumeration(told, lang)
    return tr("together, {limits}", lang, limits=together) if len(told) > 1 else together


def _rows(found: Finding, table: str) -> list[str]:
    return list(found.rows.get(table, ()))


def _flow_text(f: Filiere, found: Finding, lang: str) -> str:
    """Return « papier trié », de « Tri » à « Défibrage »: actors only where no stage is known."""
    ends = [
        _end(f, stage, actor, lang)
        for stage, actor in ((found.stage_id, found.actor_id), (found.to_stage_id, found.to_actor_id))
    ]
    passage = tr("{source} → {target}", lang, source=ends[0], target=ends[1])
    named = _named(f.materials["name"].to_dict(), found.material_id)
    return f"{quoted(named, lang)}, {passage}" if named else passage


def _end(f: Filiere, stage: str | None, actor: str | None, lang: str) -> str:
    named = _named(f.stages["name"].to_dict(), stage) or _named(f.actors["name"].to_dict(), actor)
    return quoted(named, lang) if named else tr("outside", lang)


def _text(value: object) -> str | None:
    return value if isinstance(value, str) else None


def _named(names: dict[str, str], identifier: str | None) -> str:
    return str(names.get(identifier, identifier)) if identifier else ""
