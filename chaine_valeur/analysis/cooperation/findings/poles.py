"""Poles that do not meet: a check that returns findings."""

from __future__ import annotations

from collections.abc import Iterator
from itertools import combinations
from typing import TYPE_CHECKING

import numpy as np

from ....language import number, tr, trn
from ....provenance import hypothesis_share
from ....vocabulary import Pole, label
from ...findings import Finding
from ...measure import ratio
from ..ties.counting import Pairs, count_pairs
from ..ties.layer import ties_of
from ..ties.rows import documented_by, identifiers
from ..triptyques.triads import TRIPTYQUE
from .words import to_ask_of, to_meet

if TYPE_CHECKING:
    from numpy.typing import NDArray

    from ....filiere import Filiere
    from ....network import Ties

    Codes = NDArray[np.int32]

__all__ = ["poles_apart"]

#: Those of the triptyque first; « another college » is a mixed bag that nobody can bring to meet.
_POLES = (*TRIPTYQUE, Pole.EXPERTISE.value, Pole.INSTITUTION.value)


def poles_apart(
    f: Filiere, *, lang: str = "fr", documented: float = 0.5, threshold: float = 0.25, fewest: int = 4
) -> Iterator[Finding]:
    """Find the pairs of poles between which no tie is known, or far fewer than within them.

    Only documented pairs of actors count, in numbers: what nobody was asked about is told apart, as something
    to ask. Where little is known of the whole filière, which `cooperation_unknown` says, nothing is said here of
    poles between which next to nothing is documented.

    Parameters
    ----------
    documented
        Share of the pairs of actors of two poles from which something is concluded; below, if no tie is
        known, it is said that it is to be asked.
    threshold
        Share of documented pairs that are tied, over the same within the two poles, below which ties are said
        to be far fewer.
    fewest
        Number of documented pairs below which nothing is concluded.

    Yields
    ------
    Finding
        Kind ``poles_apart``: one per pair of poles, with the two actors to begin with and who could introduce
        them. Medium priority if no tie is known between two poles of the triptyque, low otherwise.
    """
    ties = ties_of(f)
    index = f.actors.loc[ties.nodes, "pole"]
    codes = np.full(ties.size, len(_POLES), dtype=np.int32)
    for code, pole in enumerate(_POLES):  # over the few poles
        codes[(index == pole).to_numpy(bool)] = code
    pairs = count_pairs(ties, codes, n_blocks=len(_POLES) + 1)
    little_known = int(pairs.documented[np.triu_indices(len(_POLES) + 1)].sum()) < documented * ties.possible
    for one, other in combinations(range(len(_POLES)), 2):
        possible, known, tied = (
            int(counts[one, other]) for counts in (pairs.possible, pairs.documented, pairs.ties)
        )
        if not possible:
            continue
        if known < max(documented * possible, fewest):
            told_here = known if little_known else possible
            if not tied and known < documented * possible and told_here >= fewest:
                yield _to_ask(f, ties, codes, (one, other), pairs, lang)
        elif ratio(tied, known) < threshold * _within(pairs, one, other) or not tied:
            yield _apart(f, ties, codes, (one, other), pairs, lang)


def _within(pairs: Pairs, one: int, other: int) -> float:
    """Return the share of documented pairs that are tied within two poles; NaN if none is documented."""
    tied, known = (int(counts[one, one] + counts[other, other]) for counts in (pairs.ties, pairs.documented))
    return ratio(tied, known)


def _apart(f: Filiere, ties: Ties, codes: Codes, at: tuple[int, int], pairs: Pairs, lang: str) -> Finding:
    one, other = at
    tied, known, possible = (int(counts[at]) for counts in (pairs.ties, pairs.documented, pairs.possible))
    told = {"poles": _poles(at, lang)}
    if tied:
        inside, among = (
            int(counts[one, one] + counts[other, other]) for counts in (pairs.ties, pairs.documented)
        )
        message = trn(
            "{poles}: {count} known tie among {documented} documented pairs of actors, against {inside} of "
            "{among} within these colleges.",
            "{poles}: {count} known ties among {documented} documented pairs of actors, against {inside} of "
            "{among} within these colleges.",
            tied,
            lang,
            documented=number(known, lang),
            inside=number(inside, lang),
            among=number(among, lang),
            **told,
        )
    else:
        message = trn(
            "{poles}: no known tie among {count} documented pair of actors.",
            "{poles}: no known tie among {count} documented pairs of actors.",
            known,
            lang,
            **told,
        )
    rows, columns = (np.flatnonzero(codes == code) for code in at)
    meeting, first = to_meet(f, ties, rows, columns, lang)
    sentences = [message, meeting]
    if unknown := possible - known:
        sentences.append(
            trn(
                "{count} more pair remains to be asked.",
                "{count} more pairs remain to be asked.",
                unknown,
                lang,
            )
        )
    spoken = {name: found for name, found in documented_by(f, blocks=_of_actors(f, at)).items() if found}
    of_triptyque = all(_POLES[code] in TRIPTYQUE for code in at)
    return Finding(
        "poles_apart",
        "low" if tied or not of_triptyque else "medium",
        " ".join(sentence for sentence in sentences if sentence),
        actor_id=None if first is None else str(ties.nodes[first[0]]),
        to_actor_id=None if first is None else str(ties.nodes[first[1]]),
        n_unknown=unknown,
        hypothesis_share=hypothesis_share(f, spoken),
        rows=spoken,
    )


def _to_ask(f: Filiere, ties: Ties, codes: Codes, at: tuple[int, int], pairs: Pairs, lang: str) -> Finding:
    known, possible = int(pairs.documented[at]), int(pairs.possible[at])
    message = trn(
        "{poles}: {documented} of the {count} pair of actors documented, no known tie.",
        "{poles}: {documented} of the {count} pairs of actors documented, no known tie.",
        possible,
        lang,
        poles=_poles(at, lang),
        documented=number(known, lang),
    )
    members = np.flatnonzero(np.isin(codes, at))
    rows = {"actors": identifiers(ties.nodes[members[~ties.asked[members]]])}
    return Finding(
        "poles_apart",
        "low",
        f"{message} {to_ask_of(f, ties, members, lang)}",
        n_unknown=possible - known,
        hypothesis_share=hypothesis_share(f, rows),
        rows=rows,
    )


def _of_actors(f: Filiere, at: tuple[int, int]) -> Codes:
    """Return, along the table of actors, 0 and 1 for the two poles and −1 for the others."""
    codes = np.full(len(f.actors), -1, dtype=np.int32)
    for place, code in enumerate(at):
        codes[(f.actors["pole"] == _POLES[code]).to_numpy(bool)] = place
    return codes


def _poles(at: tuple[int, int], lang: str) -> str:
    first, second = (label(_POLES[code], "pole", lang) for code in at)
    return tr("“{first}” and “{second}”", lang, first=first, second=second)
