"""The chain figure in words, for those who cannot see it."""

from __future__ import annotations

from ..language import check_language, clauses, enumeration, tr, trn
from ..vocabulary import Status, label
from ._page import tonnes
from .frames import INTERNAL, NOBODY, PRESENT, ChainData, stage_sentence

__all__ = ["chain_alt_text"]

_FLOWS = 5


def chain_alt_text(data: ChainData, lang: str = "fr") -> str:
    """Return the alternative text of the chain figure: the stages in order, who holds them, the main flows.

    Parameters
    ----------
    data
        The frames behind the figure (`chain_data`).
    lang
        ``"fr"`` or ``"en"``.
    """
    check_language(lang)
    declared = data.ribbons[data.ribbons["status"].ne(INTERNAL)]
    named = tr("Value chain « {name} »", lang, name=data.name) if data.name else tr("Value chain", lang)
    counts = [
        trn("{count} stage", "{count} stages", len(data.stages), lang),
        trn(
            "{count} actor",
            "{count} actors",
            data.boxes.loc[data.boxes["actor_id"].ne(NOBODY), "actor_id"].nunique(),
            lang,
        ),
        trn("{count} flow", "{count} flows", int(declared["n_rows"].sum()), lang),
    ]
    parts = [tr("{heading}: {content}.", lang, heading=named, content=enumeration(counts, lang))]
    for stage in data.stages.itertuples():
        here = data.boxes[data.boxes["stage_id"].eq(stage.stage_id)]
        said = [_actor(row, lang) for row in here.itertuples()]
        content = enumeration(said, lang)
        if stage.state != PRESENT:
            sentence = stage_sentence(stage.state, lang)
            content = f"{sentence} ({content})" if content else sentence
        parts.append(
            tr("{heading}: {content}.", lang, heading=stage.label, content=content or tr("no actor", lang))
        )
    largest = declared.sort_values("quantity_t_per_year", ascending=False, kind="stable").head(_FLOWS)
    largest = largest[largest["quantity_t_per_year"].notna()]
    if len(largest):
        names = data.boxes.set_index("box_id")["label"]
        outside = tr("outside", lang)
        flows = [
            tr(
                "{source} → {target}, {quantity} ({material})",
                lang,
                source=names.get(row.source_box, outside),
                target=names.get(row.target_box, outside),
                quantity=tonnes(row.quantity_t_per_year, row.n_unknown, lang),
                material=row.material,
            )
            for row in largest.itertuples()
        ]
        content = clauses(flows, lang)
        parts.append(
            tr("{heading}: {content}.", lang, heading=tr("Main flows per year", lang), content=content)
        )
    unknown = int(declared["n_unknown"].sum())
    if unknown:
        text = trn("{count} flow of unknown quantity", "{count} flows of unknown quantity", unknown, lang)
        parts.append(f"{text[:1].upper()}{text[1:]}.")
    return " ".join(parts)


def _actor(row: object, lang: str) -> str:
    """A name, with the kind of insertion structure and what is not yet."""
    name, status = str(getattr(row, "label", "")), str(getattr(row, "status", ""))
    marks = [str(getattr(row, "structure_kind", ""))] if getattr(row, "is_siae", False) else []
    if status in (Status.PLANNED, Status.CANDIDATE):
        marks.append(label(status, "status", lang).lower())
    if getattr(row, "is_outside", False) and getattr(row, "actor_id", NOBODY) != NOBODY:
        marks.append(tr("outside the territory", lang))
    return f"{name} ({', '.join(marks)})" if marks else name
