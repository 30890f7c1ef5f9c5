"""The card of each indicator of the library."""

from __future__ import annotations

from collections.abc import Mapping
from functools import cache

from ..analysis.accounts import cards as accounts
from ..analysis.card import Card
from ..analysis.cooperation import cards as cooperation
from ..analysis.flows import cards as flows
from ..analysis.gaps import cards as gaps
from ..analysis.insertion import cards as insertion
from ..analysis.reconciliation import cards as reconciliation
from ..analysis.resilience import cards as resilience
from ..analysis.territory import cards as territory
from ..errors import UnknownNameError
from .run import available_indicators

__all__ = ["available_cards", "card_of"]

_ROOMS = (gaps, flows, reconciliation, resilience, territory, accounts, cooperation, insertion)


def available_cards() -> dict[str, Card]:
    """Return the card of each indicator by identifier, in the order of `available_indicators`.

    Returns
    -------
    dict of str to Card
        Formula in LaTeX, symbols, range, from how many actors, what the figure does not say, function, references:
        what the page of an indicator says beside its name, unit and reading.

    Examples
    --------
    >>> from chaine_valeur.diagnosis import available_indicators
    >>> list(available_cards()) == list(available_indicators())
    True
    """
    return dict(_cards())


@cache
def _cards() -> Mapping[str, Card]:
    found = {name: card for room in _ROOMS for name, card in room.CARDS.items()}
    return {name: found[name] for name in available_indicators()}


def card_of(indicator_id: str) -> Card:
    """Return the card of an indicator.

    Raises
    ------
    UnknownNameError
        An indicator that does not exist; the message names the close ones.

    Examples
    --------
    >>> card = card_of("D1")
    >>> card.math, card.low, card.high, card.n_actors
    ('\\\\frac{2\\\\,|E|}{n (n - 1)}', 0, 1, 9)
    """
    known = _cards()
    if indicator_id not in known:
        raise UnknownNameError.of(f"no indicator {indicator_id!r}", indicator_id, known)
    return known[indicator_id]
