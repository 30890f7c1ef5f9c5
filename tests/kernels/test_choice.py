from __future__ import annotations

import os
import subprocess
import sys
import threading
from collections.abc import Iterator
from unittest import mock

import numpy as np
import pytest

from chaine_valeur.errors import ArgumentError, MissingExtraError
from chaine_valeur.kernels import Graph, choice, mode, using
from tests.kernels.running import needs_numba


@pytest.fixture(autouse=True)
def no_variable(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.delenv(choice.VARIABLE, raising=False)


@pytest.fixture
def without_numba() -> Iterator[None]:
    choice._can_load.cache_clear()
    with mock.patch.object(choice, "find_spec", lambda name: None):
        yield
    choice._can_load.cache_clear()


def test_by_default_it_is_what_is_there() -> None:
    assert mode() == "auto"


def test_using_holds_inside_the_block_and_can_be_nested() -> None:
    with using("plain"):
        with using("auto"):
            assert mode() == "auto"
        assert mode() == "plain"
        assert not choice.compiles(10**9)
    assert mode() == "auto"


def test_using_ends_after_an_error() -> None:
    with pytest.raises(KeyError), using("plain"):
        raise KeyError
    assert mode() == "auto"


def test_using_is_of_one_thread() -> None:
    seen: list[str] = []
    with using("plain"):
        other = threading.Thread(target=lambda: seen.append(mode()))
        other.start()
        other.join()
        assert (seen, mode()) == (["auto"], "plain")


@pytest.mark.parametrize("word", ["plain", " Plain "])
def test_the_variable_is_read(word: str, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv(choice.VARIABLE, word)
    assert mode() == "plain"
    with using("auto"):
        assert mode() == "auto"  # the block comes first


def test_another_word_is_refused(monkeypatch: pytest.MonkeyPatch) -> None:
    with (
        pytest.raises(ArgumentError, match="kernels='fast' is not one of auto, plain, compiled"),
        using("fast"),
    ):
        pass
    monkeypatch.setenv(choice.VARIABLE, "numba")
    with pytest.raises(ArgumentError, match="CHAINE_VALEUR_KERNELS='numba' is not one of"):
        Graph.of([0], [1], size=2)


@pytest.mark.usefixtures("without_numba")
def test_without_numba_it_says_what_to_install(monkeypatch: pytest.MonkeyPatch) -> None:
    with pytest.raises(MissingExtraError, match=r"pip install \"chaine_valeur\[fast\]\""), using("compiled"):
        pass
    monkeypatch.setenv(choice.VARIABLE, "compiled")
    with pytest.raises(MissingExtraError, match="numba is not installed"):
        mode()
    monkeypatch.delenv(choice.VARIABLE)
    with mock.patch.object(choice.Loop, "any_compiled", False):
        assert not choice.compiles(1)
        assert not choice.compiles(10**9)


def test_a_numba_that_cannot_be_loaded_is_told(monkeypatch: pytest.MonkeyPatch) -> None:
    choice._can_load.cache_clear()
    monkeypatch.setattr(choice, "find_spec", lambda name: object())
    monkeypatch.setattr(
        choice.importlib, "import_module", mock.Mock(side_effect=ImportError("needs NumPy 2.0"))
    )
    with pytest.raises(MissingExtraError, match=r"cannot be loaded \(needs NumPy 2.0\)"), using("compiled"):
        pass
    assert not choice.compiles(10**9)
    choice._can_load.cache_clear()


@needs_numba
def test_small_work_does_not_load_numba_and_large_work_does() -> None:
    with mock.patch.object(choice.Loop, "any_compiled", False):
        assert not choice.compiles(choice.WORTH_LOADING - 1)
        assert choice.compiles(choice.WORTH_LOADING)
    with mock.patch.object(choice.Loop, "any_compiled", True):
        assert choice.compiles(1)


@needs_numba
def test_a_loop_takes_read_only_arrays_and_refuses_another_dtype() -> None:
    total = choice.loop("i4[] f8[]!")(_add)
    places = np.array([1, 1, 0], dtype=np.int32)
    found = np.zeros(2)
    total(places, found)
    places.flags.writeable = False
    total(places, found)
    assert found.tolist() == [2.0, 4.0]
    with pytest.raises(TypeError):
        total(places.astype(np.int64), found)


@needs_numba
def test_a_folder_that_cannot_be_written_to_is_no_hindrance() -> None:
    numba = __import__("numba")
    honest = numba.njit

    def refuses(*args: object, cache: bool = False, **kwargs: object) -> object:
        if cache:
            raise RuntimeError("cannot cache function '_add': no locator available")
        return honest(*args, **kwargs)

    with mock.patch.object(numba, "njit", refuses):
        found = np.zeros(2)
        choice.loop("i4[] f8[]!")(_add)(np.array([1], dtype=np.int32), found)
    assert found.tolist() == [0.0, 1.0]


def _add(places: np.ndarray, found: np.ndarray) -> None:
    for k in range(len(places)):
        found[places[k]] += 1.0


def test_numba_and_scipy_wait_until_they_are_needed() -> None:
    code = (
        "import sys, chaine_valeur.kernels as k\n"
        "k.Graph.of([0, 1], [1, 0], size=2)\n"
        "print([name for name in ('numba', 'scipy', 'pandas', 'networkx') if name in sys.modules])"
    )
    env = {key: value for key, value in os.environ.items() if not key.startswith("COV_")}
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True, env=env)
    assert done.stdout.strip() == "[]"
