"""What takes long for each filière (reconciliation, plans, reports): in parallel, in order, and not twice."""

from __future__ import annotations

import hashlib
import json
import os
import zlib
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from functools import partial
from pathlib import Path, PurePath
from typing import TYPE_CHECKING, Any

import pandas as pd

from ..errors import ArgumentError
from ..language import check_language, tr
from ..text import slug
from ._jobs import in_order
from .failures import Failure, failures_frame, reason
from .framed import frames_from, frames_to
from .packed import Packer, unpack
from .progress import Progress, telling

if TYPE_CHECKING:
    from ..filiere import Filiere
    from .portfolio import Portfolio

__all__ = ["Runs", "heavy"]

#: What was done for a filière: its result, or the failure that stands for it.
Outcome = tuple[str, Any, Failure | None]
#: In `failures`: its process ended, killed by the system or out of memory.
_LOST = "WorkerLost"


@dataclass(frozen=True, eq=False)
class Runs:
    """What a task gave for each filière of a portfolio.

    Attributes
    ----------
    results
        Code → result, in the order of the codes, those that failed left out.
    failures
        ``filiere_code, source, error, message``: those that failed.
    """

    results: Mapping[str, Any]
    failures: pd.DataFrame = field(repr=False)

    def frame(self) -> pd.DataFrame:
        """Return results that are frames as one, ``filiere_code`` in front, on a plain range index.

        A named index of theirs becomes a column.

        Raises
        ------
        ArgumentError
            A result that is no frame.
        """
        parts = []
        for code, one in self.results.items():
            if not isinstance(one, pd.DataFrame):
                raise ArgumentError(f"the result of {code!r} is no frame but a {type(one).__name__}")
            rows = one.reset_index() if one.index.names != [None] else one.reset_index(drop=True)
            rows.insert(0, "filiere_code", pd.Series(code, index=rows.index, dtype="str"))
            parts.append(rows)
        return (
            pd.concat(parts, ignore_index=True)
            if parts
            else pd.DataFrame({"filiere_code": pd.Series(dtype="str")})
        )


def heavy(
    portfolio: Portfolio,
    task: Callable[[Filiere], Any],
    *,
    jobs: int | None = None,
    folder: str | os.PathLike[str] | None = None,
    name: str | None = None,
    progress: Progress | bool | None = None,
    lang: str = "fr",
) -> Runs:
    """Return what a task gives for each filière, in the order of the codes.

    Parameters
    ----------
    task
        Called with a filière. What it raises is a row of ``failures``.
    jobs
        Processes, by joblib, with the backend that ``joblib.parallel_config`` says (processes, Dask…); ``None``:
        what it says, or this process.
    folder
        Where results are kept, a file each. Another run computes only what is new, what has changed and what
        failed. A result can be kept that is a frame, a series, a path, or what JSON holds.
    name
        What tells this task from others in `folder`; by default the name of the function and its arguments.
    progress
        As in `read_portfolio`.
    lang
        Language of the failures.

    Returns
    -------
    Runs
        If a process is killed, what was not done is in ``failures`` (``WorkerLost``).

    Raises
    ------
    ArgumentError
        A task without a name of its own (a lambda), where results are kept.

    Examples
    --------
    >>> import chaine_valeur as cv
    >>> p = cv.portfolio.Portfolio.from_filieres({"Caux": cv.Filiere.from_tables(actors={"name": ["Relais"]})})
    >>> runs = heavy(p, lambda f: len(f.actors))
    >>> dict(runs.results), len(runs.failures)
    ({'Caux': 1}, 0)
    """
    check_language(lang)
    keep = None if folder is None else (Path(folder), name or _name_of(task))
    if keep is not None:
        keep[0].mkdir(parents=True, exist_ok=True)
    codes = list(portfolio)
    done: dict[str, Outcome] = {}

    def lots() -> Iterator[tuple[Any, ...]]:
        packer = Packer(portfolio)
        for place in range(len(codes)):
            yield packer.one(place), task, keep, lang

    with telling(progress) as tell:
        try:
            for outcome in in_order(_run, lots(), jobs=jobs):
                done[outcome[0]] = outcome
                tell(len(done), len(codes), outcome[0])
        except Exception as error:  # a task raises nothing here: a process was lost
            if len(done) == len(codes):
                raise
            kind, said = reason(error)
            told = tr(
                "Its computation did not end: a process was lost ({error}: {reason}). Run again what is missing, with "
                "fewer processes if memory is short.",
                lang,
                error=kind,
                reason=said,
            )
            for code in codes:
                done.setdefault(code, (code, None, Failure(code, "", _LOST, told)))
    failures = [done[code][2] for code in codes]
    return Runs(
        {code: done[code][1] for code in codes if done[code][2] is None},
        failures_frame(row for row in failures if row is not None),
    )


def _name_of(task: Callable[..., Any]) -> str:
    if isinstance(task, partial):
        return f"{_name_of(task.func)}{task.args!r}{sorted(task.keywords.items())!r}"
    found = f"{getattr(task, '__module__', '')}.{getattr(task, '__qualname__', type(task).__qualname__)}"
    if "<lambda>" in found:
        raise ArgumentError("give name=: in a folder of results one lambda cannot be told from another")
    return found


def _run(packed: bytes, task: Callable[[Filiere], Any], keep: tuple[Path, str] | None, lang: str) -> Outcome:
    portfolio = unpack([packed], lang=lang)
    code = str(portfolio.codes[0])
    source = portfolio._sources[0]
    try:
        if keep is None:
            return code, task(portfolio[code]), None
        path = _path(keep[0], code, keep[1])
        mark = hashlib.sha256(
            zlib.decompress(packed)
        ).hexdigest()  # compressed, it may differ between systems
        found = _kept(path, mark)
        if found is not None:
            return code, _from_json(found["value"]), None
        result = task(portfolio[code])
        _keep(path, {"code": code, "task": keep[1], "mark": mark, "value": _to_json(result)})
    except Exception as error:
        return code, None, Failure(code, source, *reason(error))
    return code, result, None


# -- results on disk ------------------------------------------------------------------------------------


def _path(folder: Path, code: str, name: str) -> Path:
    mark = hashlib.sha256(f"{name}\n{code}".encode("utf-8", "surrogatepass")).hexdigest()
    return folder / f"{slug(code)[:60]}-{mark[:12]}.json"


def _kept(path: Path, mark: str) -> dict[str, Any] | None:
    try:
        found = json.loads(path.read_text(encoding="utf-8"))
    except (OSError, ValueError):
        return None
    return found if isinstance(found, dict) and found.get("mark") == mark else None


def _keep(path: Path, content: Mapping[str, Any]) -> None:
    fresh = path.with_name(f".{path.name}-{os.getpid()}.part")
    fresh.write_text(json.dumps(content, ensure_ascii=False), encoding="utf-8")
    os.replace(fresh, path)  # it has its name once it is whole


def _to_json(value: Any) -> Any:
    """Return a result as what JSON holds.

    Raises
    ------
    ArgumentError
        It would not come back as it is.
    """
    if isinstance(value, pd.DataFrame):
        named = value.index.names
        plain = named == [None] and isinstance(value.index, pd.RangeIndex)
        flat = (
            value
            if plain
            else value.rename_axis([one or f"_{k}" for k, one in enumerate(named)]).reset_index()
        )
        written = {"index": None if plain else list(named), "frame": frames_to({"": flat})[""]}
        if all(isinstance(one, str) for one in flat.columns) and _from_json({"frame": written}).equals(value):
            return {"frame": written}
    elif isinstance(value, pd.Series):
        written = _to_json(value.to_frame("_"))
        return {"series": written["frame"], "name": value.name}
    elif isinstance(value, PurePath):
        return {"path": str(value)}
    else:
        try:
            if json.loads(json.dumps(value)) == value or value != value:
                return {"plain": value}
        except (TypeError, ValueError):
            pass
    raise ArgumentError(
        f"a {type(value).__name__} cannot be kept in a folder: return a frame, a series, a path, or numbers, text, "
        "lists and dictionaries of them"
    )


def _from_json(written: Mapping[str, Any]) -> Any:
    if "frame" in written:
        return _frame_from(written["frame"])
    if "series" in written:
        return _frame_from(written["series"])["_"].rename(written["name"])
    return Path(written["path"]) if "path" in written else written["plain"]


def _frame_from(written: Mapping[str, Any]) -> pd.DataFrame:
    flat = frames_from({"": written["frame"]})[""]
    named: Sequence[str | None] | None = written["index"]
    if named is None:
        return flat
    keys = [one or f"_{place}" for place, one in enumerate(named)]
    return flat.set_index(keys).rename_axis(list(named))
