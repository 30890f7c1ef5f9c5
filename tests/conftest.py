"""What every test may ask for: a browser and an office suite, and what happens where they are missing.

Outside continuous integration a test that needs a missing program is skipped, and the end of the run says
so in capitals. With ``CI=true`` nothing may be skipped: a missing program is a failure, as is any other skip.
"""

from __future__ import annotations

import os
import shutil
import subprocess
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from hypothesis import Phase, is_hypothesis_test, settings

os.environ.setdefault("MPLBACKEND", "Agg")

# The machines that run this are shared and slow: how long an example takes says nothing about the code.
# To explain a failure means to run it again and again line by line: minutes, for what the example says itself.
PHASES = [phase for phase in Phase if phase is not Phase.explain]
settings.register_profile(
    "house", settings.get_profile("default"), deadline=None, print_blob=True, phases=PHASES
)
settings.load_profile("house")

ROOT = Path(__file__).resolve().parent.parent

#: marker → fixture → the names under which the program is installed, the Debian one first
PROGRAMS: dict[str, dict[str, tuple[str, ...]]] = {
    "browser": {"chromium": ("chromium", "chromium-browser", "google-chrome", "google-chrome-stable")},
    "office": {"soffice": ("soffice", "libreoffice"), "pdftoppm": ("pdftoppm",)},
}
INSTALL = "chromium libreoffice-writer libreoffice-calc poppler-utils"
MISSING = "missing program: "
#: Folders whose fixtures of the session take long: every worker would make them again.
TOGETHER = ("tests/report/", "tests/documentation/test_site.py")


def in_ci() -> bool:
    """Whether the run is one in which nothing may be skipped."""
    return os.environ.get("CI", "").strip().lower() in {"1", "true", "yes"}


def program(name: str) -> str | None:
    """Return the path of a program of `PROGRAMS`, by any of its names, or None."""
    names = next(programs[name] for programs in PROGRAMS.values() if name in programs)
    return next((path for path in map(shutil.which, names) if path), None)


def missing_for(item: pytest.Item) -> list[str]:
    """Return the programs that a test needs and the machine lacks."""
    return [
        name
        for marker, programs in PROGRAMS.items()
        if item.get_closest_marker(marker)
        for name in programs
        if program(name) is None
    ]


def pytest_configure(config: pytest.Config) -> None:
    config.addinivalue_line("markers", "browser: needs chromium")
    config.addinivalue_line("markers", "office: needs LibreOffice (soffice) and pdftoppm")
    config.addinivalue_line("markers", "no_cover: not watched by pytest-cov, which may be absent")


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """A test that asks for one of the fixtures below carries the marker, written or not.

    Drawn examples do not count as coverage: a line that only chance reaches is not covered, and to watch
    the same lines for each of a hundred examples doubles what the whole run takes.
    """
    for item in items:
        if is_hypothesis_test(getattr(item, "obj", None)):
            item.add_marker("no_cover")
        asked = set(getattr(item, "fixturenames", ()))
        for marker, programs in PROGRAMS.items():
            if asked & programs.keys():
                item.add_marker(marker)
        missing = missing_for(item)
        if missing and not in_ci():
            item.add_marker(pytest.mark.skip(reason=MISSING + ", ".join(missing)))


@pytest.hookimpl(optionalhook=True)
def pytest_xdist_make_scheduler(config: pytest.Config, log: Any) -> Any:
    """Under ``--dist loadfile``, tests of a folder of `TOGETHER` go to one worker, as those of one file do."""
    if config.getvalue("dist") != "loadfile":
        return None
    from xdist.scheduler import LoadFileScheduling

    class Together(LoadFileScheduling):
        def _split_scope(self, nodeid: str) -> str:
            return next((home for home in TOGETHER if nodeid.startswith(home)), super()._split_scope(nodeid))

    return Together(config, log)


def pytest_runtest_setup(item: pytest.Item) -> None:
    missing = missing_for(item)
    if missing and in_ci():
        pytest.fail(f"{MISSING}{', '.join(missing)} (with CI=true this is a failure)", pytrace=False)


def _skipped(config: pytest.Config) -> list[str]:
    """Return the reason of each skip of the run (those of the xdist workers included)."""
    reporter = config.pluginmanager.get_plugin("terminalreporter")
    if reporter is None:
        return []
    reports = reporter.stats.get("skipped", [])
    return [
        str(report.longrepr[2] if isinstance(report.longrepr, tuple) else report.longrepr)
        for report in reports
    ]


def pytest_sessionfinish(session: pytest.Session, exitstatus: int) -> None:
    on_worker = hasattr(session.config, "workerinput")
    if in_ci() and not on_worker and exitstatus == 0 and _skipped(session.config):
        session.exitstatus = pytest.ExitCode.TESTS_FAILED


def pytest_terminal_summary(terminalreporter: pytest.TerminalReporter, config: pytest.Config) -> None:
    reasons = _skipped(config)
    lacking = [reason for reason in reasons if MISSING in reason]
    if lacking:
        programs = sorted({name for reason in lacking for name in reason.split(MISSING)[1].split(", ")})
        terminalreporter.section("NOT TESTED", sep="!", red=True, bold=True)
        terminalreporter.line(
            f"{len(lacking)} BROWSER OR OFFICE TESTS WERE SKIPPED: {', '.join(programs)} MISSING. "
            f"Install {INSTALL}, or run .ci/run, which does.",
            red=True,
            bold=True,
        )
    if reasons and in_ci():
        terminalreporter.section("SKIPPED UNDER CI", sep="!", red=True, bold=True)
        terminalreporter.line(
            f"{len(reasons)} TESTS WERE SKIPPED: WITH CI=true THIS IS A FAILURE.", red=True, bold=True
        )


def _path_of(name: str) -> str:
    path = program(name)
    assert path is not None, f"{name}: the test should have been skipped or failed before"
    return path


@pytest.fixture(scope="session")
def root() -> Path:
    """The checkout."""
    return ROOT


@pytest.fixture(scope="session")
def chromium() -> str:
    """The path of a Chromium (marks the test `browser`)."""
    return _path_of("chromium")


@pytest.fixture(scope="session")
def soffice() -> str:
    """The path of LibreOffice (marks the test `office`)."""
    return _path_of("soffice")


@pytest.fixture(scope="session")
def pdftoppm() -> str:
    """The path of poppler's pdftoppm (marks the test `office`)."""
    return _path_of("pdftoppm")


@pytest.fixture(scope="session")
def office_profile(tmp_path_factory: pytest.TempPathFactory) -> str:
    """The profile of LibreOffice, which takes longer to make than a file to convert.

    Each worker has its own: two LibreOffice on one profile wait for each other and fail under xdist.
    """
    return (tmp_path_factory.mktemp("office") / "profile").as_uri()


@pytest.fixture
def office_convert(soffice: str, office_profile: str, tmp_path: Path) -> Callable[..., Path]:
    """``office_convert(path, to="pdf")`` lets LibreOffice open a file and returns what it made of it."""

    def convert(path: Path, *, to: str = "pdf") -> Path:
        target = tmp_path / "office"
        command = [soffice, f"-env:UserInstallation={office_profile}", "--headless"]
        command += ["--convert-to", to, "--outdir", str(target), str(path)]
        done = subprocess.run(command, capture_output=True, text=True, timeout=180, check=False)
        made = target / f"{Path(path).stem}.{to.split(':')[0]}"
        assert made.is_file(), f"LibreOffice could not open {Path(path).name}: {done.stdout} {done.stderr}"
        return made

    return convert
