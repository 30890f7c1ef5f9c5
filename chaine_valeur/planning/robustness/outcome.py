"""What one draw gives: the findings, the figures, the options that a plan takes, and what could not be computed."""

from __future__ import annotations

from collections.abc import Callable, Collection, Iterable, Iterator, Mapping
from dataclasses import dataclass, field, replace
from hashlib import blake2b
from typing import TYPE_CHECKING, Any

from ...analysis.findings import Finding
from ...diagnosis.run import measured_by
from ...errors import ArgumentError
from .drawing import Draws

if TYPE_CHECKING:
    from ...analysis.indicator import Check, Indicator
    from ...filiere import Filiere

__all__ = ["Failure", "Found", "Outcome", "Work", "chosen_options", "reason_of"]

#: Columns of a finding that say what it is about.
ABOUT = ("stage_id", "to_stage_id", "actor_id", "to_actor_id", "group_id", "material_id")


@dataclass(frozen=True)
class Found:
    """A finding as it is kept of a draw; `rows` stands for the rows that it rests on."""

    check: str
    finding_id: str
    rows: str
    kind: str
    about: tuple[str | None, ...]
    quantity: float
    unit: str
    jobs: float
    message: str

    @classmethod
    def of(cls, check: str, one: Finding) -> Found:
        """Return what is kept of a finding."""
        rows = sorted(f"{name}\x1f{row}" for name, rows in one.rows.items() for row in rows)
        mark = blake2b("\x1e".join(rows).encode(), digest_size=8).hexdigest()
        about = tuple(getattr(one, name) for name in ABOUT)
        jobs = float(one.jobs_at_stake_fte)
        return cls(
            check, one.finding_id, mark, one.kind, about, float(one.quantity), one.unit, jobs, one.message
        )


@dataclass(frozen=True)
class Failure:
    """What could not be computed in a draw; `what` is draw, check, indicator or plan."""

    what: str
    name: str
    error: str


@dataclass(frozen=True)
class Outcome:
    """What one draw gave; ``taken`` is None without a plan, or where it could not be made."""

    number: int
    found: tuple[Found, ...] = ()
    values: Mapping[str, float] = field(default_factory=dict)
    taken: tuple[str, ...] | None = None
    failures: tuple[Failure, ...] = ()

    @classmethod
    def joined(cls, number: int, parts: Iterable[Outcome], *, taken: tuple[str, ...] | None) -> Outcome:
        """Return what several computations of one filière give."""
        listed = list(parts)
        found = tuple(one for part in listed for one in part.found)
        values = {name: value for part in listed for name, value in part.values.items()}
        failures = tuple(one for part in listed for one in part.failures)
        return cls(number, found, values, taken, failures)


def reason_of(error: Exception) -> str:
    """Return an error in one line."""
    said = " ".join(str(error).split())
    return f"{type(error).__name__}{f': {said}' if said else ''}"[:200]


def chosen_options(plan: Any) -> tuple[str, ...]:
    """Return the options that a plan takes, each once, in its order.

    Raises
    ------
    ArgumentError
        Nothing in it that says which options were chosen.
    """
    chosen = getattr(plan, "chosen", None)
    columns, names = (
        getattr(chosen, "columns", ()),
        list(getattr(getattr(chosen, "index", None), "names", ())),
    )
    if "option_id" in columns:
        options = chosen["option_id"]  # type: ignore[index]
    elif "option_id" in names:
        options = chosen.index.get_level_values("option_id")  # type: ignore[union-attr]
    else:
        message = "plan: what it returns has no frame `chosen` with a column or an index called option_id"
        raise ArgumentError(message)
    return tuple(dict.fromkeys(str(one) for one in options))


@dataclass(frozen=True)
class Work:
    """What is computed of each draw."""

    draws: Draws
    checks: tuple[tuple[str, Check], ...]
    indicators: tuple[Indicator, ...]
    plan: Callable[[Filiere], Any] | None
    lang: str

    def single(self) -> Iterator[Work]:
        """Yield the work of each check and each indicator alone, without the plan."""
        nothing = replace(self, checks=(), indicators=(), plan=None)
        yield from (replace(nothing, checks=(one,)) for one in self.checks)
        yield from (replace(nothing, indicators=(one,)) for one in self.indicators)

    def without(self, checks: Collection[str], indicators: Collection[str]) -> Work:
        """Return the work without some checks and indicators."""
        return replace(
            self,
            checks=tuple(one for one in self.checks if one[0] not in checks),
            indicators=tuple(one for one in self.indicators if one.indicator_id not in indicators),
        )

    def of_draws(self, numbers: Iterable[int]) -> list[Outcome]:
        """Return what some draws give; what fails in one is told, and the others go on."""
        return [self.of_draw(number) for number in numbers]

    def of_draw(self, number: int) -> Outcome:
        """Return what one draw gives."""
        try:
            f = self.draws.draw(number)
        except Exception as error:
            return Outcome(number, failures=(Failure("draw", "", reason_of(error)),))
        outcome = self.of(f, number)
        self.draws.learn(f)
        return outcome

    def of(self, f: Filiere, number: int) -> Outcome:
        """Return what a filière gives."""
        found: list[Found] = []
        values: dict[str, float] = {}
        failures: list[Failure] = []
        taken: tuple[str, ...] | None = None
        for name, check in self.checks:
            try:
                found += [Found.of(name, one) for one in check(f, lang=self.lang)]
            except Exception as error:
                found = [one for one in found if one.check != name]
                failures.append(Failure("check", name, reason_of(error)))
        for indicator in self.indicators:
            try:
                values[indicator.indicator_id] = float(measured_by(f, indicator, self.lang).value)
            except Exception as error:
                failures.append(Failure("indicator", indicator.indicator_id, reason_of(error)))
        if self.plan is not None:
            try:
                taken = chosen_options(self.plan(f))
            except Exception as error:
                failures.append(Failure("plan", "", reason_of(error)))
        return Outcome(number, tuple(found), values, taken, tuple(failures))
