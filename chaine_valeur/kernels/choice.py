"""Which version of a kernel runs: the plain one (numpy, scipy) or the compiled one (numba, extra ``[fast]``).

Both give the same integers in the same order, and the same floats bit for bit, so the choice is one of time
and memory only. It is made, in this order, by `using`, by the environment variable ``CHAINE_VALEUR_KERNELS``
(``plain``, ``compiled`` or ``auto``), else by what is installed and how much there is to do.
"""

from __future__ import annotations

import importlib
import os
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from contextvars import ContextVar
from functools import cache, update_wrapper
from importlib.util import find_spec
from threading import RLock
from typing import Any, Generic, ParamSpec, TypeVar

from ..errors import ArgumentError, MissingExtraError

__all__ = ["MODES", "VARIABLE", "Loop", "compiles", "loop", "mode", "using"]

MODES = ("auto", "plain", "compiled")
VARIABLE = "CHAINE_VALEUR_KERNELS"
INSTALL = 'numba is not installed: pip install "chaine_valeur[fast]", or ask for the plain kernels'

#: Nodes and edges below which numba is not loaded only for them. To import it and read what it has compiled
#: before takes about a second (compiling everything for the first time, six); up to here a plain kernel takes
#: hundredths of a second.
WORTH_LOADING = 200_000

_asked: ContextVar[str | None] = ContextVar("chaine_valeur_kernels", default=None)
_lock = RLock()

P = ParamSpec("P")
R = TypeVar("R")


@contextmanager
def using(kernels: str) -> Iterator[None]:
    """Choose the kernels inside a ``with`` block, for this thread (or task) only.

    Parameters
    ----------
    kernels
        ``"plain"``, ``"compiled"``, or ``"auto"``: compiled where numba is there and the work is worth it.

    Raises
    ------
    ArgumentError
        Another word.
    MissingExtraError
        ``"compiled"`` where numba is missing or cannot be loaded.

    Examples
    --------
    >>> with using("plain"):
    ...     mode()
    'plain'
    """
    token = _asked.set(_checked(kernels, f"kernels={kernels!r}"))
    try:
        yield
    finally:
        _asked.reset(token)


def mode() -> str:
    """Return what was asked for: one of `MODES`, by `using` or else by the environment variable.

    Raises
    ------
    ArgumentError
        The variable holds another word.
    MissingExtraError
        It says ``compiled``, and numba is missing or cannot be loaded.
    """
    asked = _asked.get()
    if asked is not None:
        return asked
    word = os.environ.get(VARIABLE, "").strip().lower()
    return _checked(word, f"the environment variable {VARIABLE}={word!r}") if word else "auto"


def compiles(work: int) -> bool:
    """Return whether a kernel runs compiled, `work` being its nodes and edges together.

    Once numba is loaded the compiled version is the faster one at every size: a call costs it a microsecond.
    """
    asked = mode()
    if asked != "auto":
        return asked == "compiled"
    return _loaded() if work < WORTH_LOADING else _can_load() is None


def _checked(word: str, where: str) -> str:
    if word not in MODES:
        raise ArgumentError(f"{where} is not one of {', '.join(MODES)}")
    if word == "compiled" and (why := _can_load()) is not None:
        raise MissingExtraError(f"{where}: {why}")
    return word


@cache
def _can_load() -> str | None:
    """Return None where numba can be used, else why not and what to do; imports it."""
    if find_spec("numba") is None:
        return INSTALL
    try:
        importlib.import_module("numba")
    except Exception as error:  # numba refuses a numpy or a Python that is too new for it, in several ways
        return f"numba is installed but cannot be loaded ({error}); update it, or ask for the plain kernels"
    return None


def _loaded() -> bool:
    """Return whether a kernel was compiled already in this process."""
    return Loop.any_compiled


class Loop(Generic[P, R]):
    """A function of plain loops that is compiled when it is first called.

    Its source is ordinary Python, so that it can be imported, read by mypy and run (slowly, with the bounds
    of arrays checked) without numba: ``function`` is that form.
    """

    any_compiled = False

    def __init__(self, function: Callable[P, R], kinds: str) -> None:
        self.function = function
        self.kinds = kinds
        self._code: Callable[P, R] | None = None
        update_wrapper(self, function)

    def __call__(self, *args: P.args, **kwargs: P.kwargs) -> R:
        code = self._code
        if code is None:
            code = self._compile()
        return code(*args, **kwargs)

    def _compile(self) -> Callable[P, R]:
        with _lock:
            if self._code is None:
                numba = importlib.import_module("numba")
                signature = tuple(_type(kind, numba.types) for kind in self.kinds.split())
                try:
                    code = numba.njit(signature, cache=True, nogil=True)(self.function)
                except RuntimeError as error:
                    if "cache" not in str(error):
                        raise
                    # neither beside the source nor in the home of the user may a file be written
                    code = numba.njit(signature, nogil=True)(self.function)
                self._code = code
                Loop.any_compiled = True
            return self._code


def _type(kind: str, types: Any) -> Any:
    """Return the type of numba of a kind: ``i4`` a number, ``i4[]`` an array, ``i4[]!`` one written to."""
    names = {"i1": "int8", "i4": "int32", "i8": "int64", "f8": "float64", "b1": "boolean"}
    item = getattr(types, names[kind[:2]])
    # what is only read may be read-only, as pandas hands it out; one signature then takes both
    return item if kind == kind[:2] else types.Array(item, 1, "C", readonly=not kind.endswith("!"))


def loop(kinds: str) -> Callable[[Callable[P, R]], Loop[P, R]]:
    """Mark a function as one to compile, with the kind of each argument: see `_type`.

    One signature each keeps compiling short, and keeps a wrong dtype from passing unseen.
    """

    def mark(function: Callable[P, R]) -> Loop[P, R]:
        return Loop(function, kinds)

    return mark
