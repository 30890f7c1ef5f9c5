"""The network by college in words, for those who cannot see it."""

from __future__ import annotations

from ..language import check_language, clauses, enumeration, tr, trn
from ._groups_data import pole_name
from ._network_data import NetworkData
from ._network_signs import notes_of

__all__ = ["network_alt_text"]

_NAMED = 5


def network_alt_text(data: NetworkData, lang: str = "fr") -> str:
    """Return the alternative text of the network figure: the ties, who has most of them, which colleges meet.

    Parameters
    ----------
    data
        The frames behind the figure (`network_data`).
    lang
        ``"fr"`` or ``"en"``.
    """
    check_language(lang)
    present = data.present
    if present.empty:
        return tr("No actor that could cooperate is described.", lang)
    actors = trn("{count} actor", "{count} actors", len(present), lang)
    heading = tr("Network of cooperation by college", lang)
    parts = [_told(heading, clauses([actors, *notes_of(data, lang)], lang), lang)]
    most = present[present["n_ties"] > 0].sort_values("n_ties", ascending=False, kind="stable").head(_NAMED)
    counts = [trn("{count} tie", "{count} ties", count, lang) for count in most["n_ties"]]
    said = [f"{name} ({count})" for name, count in zip(most["label"], counts, strict=True)]
    if said:
        parts.append(_told(tr("Most tied", lang), enumeration(said, lang), lang))
    meet = data.poles[data.poles["ties"] > 0].sort_values("ties", ascending=False, kind="stable").head(_NAMED)
    said = [
        tr(
            "{group} – {to_group}, {ties}",
            lang,
            group=pole_name(row.group, lang),
            to_group=pole_name(row.to_group, lang),
            ties=trn("{count} tie", "{count} ties", row.ties, lang),
        )
        for row in meet.itertuples()
    ]
    if said:
        parts.append(_told(tr("Colleges that meet most", lang), clauses(said, lang), lang))
    absent = int((~data.nodes["is_present"]).sum())
    if absent and data.year is not None:
        parts.append(
            trn(
                "{count} place is empty: its actor is not there in {year}.",
                "{count} places are empty: their actors are not there in {year}.",
                absent,
                lang,
                year=data.year,
            )
        )
    return " ".join(parts)


def _told(heading: str, content: str, lang: str) -> str:
    return tr("{heading}: {content}.", lang, heading=heading, content=content)
