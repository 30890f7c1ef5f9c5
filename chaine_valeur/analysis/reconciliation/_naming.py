"""Equations and bounds in the words of those who wrote them."""

from __future__ import annotations

from typing import TYPE_CHECKING

from ...language import percent, tr
from ..wording import flow_names, quoted, tonnes

if TYPE_CHECKING:
    from ...filiere import Filiere
    from ._infeasible import Conflict
    from ._model import Model, Reason

__all__ = ["conflict_sentences", "crossed_sentences", "reason_sentence"]


def conflict_sentences(f: Filiere, model: Model, conflicts: list[Conflict], *, lang: str) -> list[str]:
    """Return what cannot hold together: a head, then one sentence for each relation or bound."""
    if not conflicts:
        return []
    told = [_conflict_sentence(f, model, one, lang) for one in conflicts]
    return [_head(lang), *dict.fromkeys(told)]


def crossed_sentences(f: Filiere, model: Model, arcs: list[int], *, lang: str) -> list[str]:
    """Return a head, then a sentence for each flow whose known minimum is above its known maximum."""
    problem = model.problem
    told = [
        tr(
            "{flow}: at least {low} and at most {high}, by two declarations of it",
            lang,
            flow=_arc_name(f, model, arc, lang),
            low=tonnes(float(problem.lower[arc]), lang),
            high=tonnes(float(problem.upper[arc]), lang),
        )
        for arc in arcs
    ]
    return [_head(lang), *told]


def _head(lang: str) -> str:
    return tr("These statements cannot hold together; at least one of them has to be corrected:", lang)


def _conflict_sentence(f: Filiere, model: Model, one: Conflict, lang: str) -> str:
    if one.kind == "equality":
        return reason_sentence(f, model, model.equalities[one.index], lang=lang)
    if one.kind == "inequality":
        return reason_sentence(f, model, model.inequalities[one.index], lang=lang)
    if one.index < model.n_arcs:
        name = _arc_name(f, model, one.index, lang)
        bound = model.problem.lower[one.index] if one.kind == "lower" else model.problem.upper[one.index]
        if one.kind == "exact":
            return tr("{flow}: {quantity}, stated as exact", lang, flow=name,
                      quantity=tonnes(float(model.problem.measured[one.index]), lang))  # fmt: skip
        if one.kind == "lower" and bound <= 0:
            return tr("{flow}: not less than nothing", lang, flow=name)
        text = (
            tr("{flow}: at least {quantity}", lang, flow=name, quantity=tonnes(float(bound), lang))
            if one.kind == "lower"
            else tr("{flow}: at most {quantity}", lang, flow=name, quantity=tonnes(float(bound), lang))
        )
        return text
    return tr("Quantities that a process takes or makes are not less than nothing", lang)


def reason_sentence(f: Filiere, model: Model, reason: Reason, *, lang: str) -> str:
    """Return what an equation says, in words."""
    system = model.system
    if reason.kind == "balance":
        row = int(reason.about)
        material = int(system.row_material[row])
        place = _node_name(f, model, int(system.row_node[row]), lang)
        if material < 0:
            return tr("Balance of {place}: as much leaves as enters", lang, place=place)
        name = quoted(str(f.materials["name"].iloc[material]), lang)
        return tr("Balance of {material} at {place}", lang, material=name, place=place)
    if reason.kind == "recipe":
        process = int(reason.about)
        place = _node_name(f, model, int(system.processes.node[process]), lang)
        return tr("Recipe of {place}", lang, place=place)
    if reason.kind == "share":
        flow = int(reason.about)
        share = percent(float(model.declared["share"].iloc[flow]), lang)
        return tr("{flow}: {share} of a total", lang, flow=_arc_name(f, model, flow, lang), share=share)
    if reason.kind == "constraint":
        return tr("Relation {name} of the sheet of constraints", lang, name=quoted(str(reason.about), lang))
    return tr("Change of stock of {place}", lang, place=_node_name(f, model, int(reason.about), lang))


def _node_name(f: Filiere, model: Model, node: int, lang: str) -> str:
    """Return « La Boucle Verte (Tri) »."""
    nodes = model.system.nodes
    actor, stage = str(f.actors["name"].iloc[nodes.actor[node]]), int(nodes.stage[node])
    return actor if stage < 0 else f"{actor} ({f.stages['name'].iloc[stage]})"


def _arc_name(f: Filiere, model: Model, arc: int, lang: str) -> str:
    flow = int(model.system.arcs.flow[arc])
    if flow >= 0:
        return flow_names(f, [model.declared.index[flow]], lang=lang)[0]
    return tr("what {place} passes on to itself", lang,
              place=_node_name(f, model, int(model.system.arcs.source[arc]), lang))  # fmt: skip
