"""The card of an indicator: what its name, unit and reading leave to be said, from which its page is made."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field

from ..language import N_

__all__ = ["Card", "Reference"]

#: Why so many actors, where several indicators share the reason.
BY_CASES = N_(
    "It counts cases, not actors: it holds from one actor on. Under thirty cases it is told as a count (“7 of 12”), "
    "since each of them shows."
)
BY_AMOUNTS = N_(
    "It weighs amounts, not actors: one large row decides. With few actors, look first at the rows behind it."
)
BY_FLOWS = N_(
    "Under thirty actors that exchange material, one flow more or less changes the figure; the diagnostic says so "
    "beside it."
)
#: What a formula calls a flow.
FLOW = ("f_e", N_("known tonnes of flow e, per year"))
#: How a float that should be a bound may miss it.
_ROUNDED = 1e-9


@dataclass(frozen=True)
class Reference:
    """A work that defines an indicator, or that its figures were compared with.

    Attributes
    ----------
    text
        Author, year, title; or a sentence (message id), where there is no such thing to cite.
    doi
        Identifier of the work, where it is known.
    verified
        Whether the work was opened, or the figures compared with what it prints; what is not says so.
    """

    text: str
    doi: str = ""
    verified: bool = True


@dataclass(frozen=True)
class Card:
    r"""What is to be known of an indicator beside its name, unit, formula in words and reading.

    Each room of the analysis lists its own in ``CARDS``, by identifier. Texts are English message ids marked with
    `chaine_valeur.language.N_`; whoever shows them translates them with `chaine_valeur.language.tr`.

    Attributes
    ----------
    math
        The formula that the code computes, in LaTeX (no dollar signs).
    symbols
        What each letter of it is: LaTeX, and a noun phrase without a full stop (message id).
    low, high
        Least and greatest that the value and its bounds can be, in the unit of the indicator; infinite where
        nothing limits them.
    n_actors
        From how many actors on the figure means something: with fewer there is none, or a single row overturns it.
    n_actors_why
        Why so many (message id).
    beyond
        What the figure does not say (message id).
    function
        Public function that computes it, from the package on: ``chaine_valeur.gaps.stage_coverage``.
    arguments
        What it is called with beside the filière.
    taken
        How the figure follows from what that function returns (message id, a noun phrase without a full stop);
        empty where it returns the figure.
    references
        Works; none where it is a convention of this library.

    Raises
    ------
    ValueError
        A text that is missing, no actor, or a range without a width.

    Examples
    --------
    >>> card = Card(
    ...     math=r"\frac{a}{b}",
    ...     symbols=(("a", "held stages"), ("b", "expected stages")),
    ...     low=0,
    ...     high=1,
    ...     n_actors=1,
    ...     n_actors_why="Stages are counted.",
    ...     beyond="Not whether their capacity is enough.",
    ...     function="chaine_valeur.gaps.stage_coverage",
    ... )
    >>> [card.contains(value) for value in (0.5, 1.5, float("nan"))]
    [True, False, True]
    """

    math: str
    symbols: tuple[tuple[str, str], ...]
    low: float
    high: float
    n_actors: int
    n_actors_why: str
    beyond: str
    function: str
    arguments: Mapping[str, object] = field(default_factory=dict)
    taken: str = ""
    references: tuple[Reference, ...] = ()

    def __post_init__(self) -> None:
        """Refuse a card that would leave a hole in its page."""
        texts = [self.math, self.n_actors_why, self.beyond, self.function]
        texts += [text for symbol in self.symbols for text in symbol] + [one.text for one in self.references]
        if not self.symbols or not all(text.strip() for text in texts):
            raise ValueError(f"a text of the card is missing: {self}")
        if not self.low < self.high or self.n_actors < 1:
            raise ValueError(f"low={self.low}, high={self.high}, n_actors={self.n_actors}: no such card")

    def contains(self, value: float) -> bool:
        """Return whether a value is in the range, up to the rounding of floats; NaN is unknown, and may be."""
        margin = _ROUNDED * max(1.0, abs(value)) if abs(value) < float("inf") else 0.0
        return value != value or self.low - margin <= value <= self.high + margin
