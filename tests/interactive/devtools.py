"""A headless Chromium driven through its DevTools pipe: standard library only, no socket, no driver.

Messages are JSON texts ended by a zero byte, written to descriptor 3 of the browser and read from its 4.
"""

from __future__ import annotations

import base64
import json
import os
import select
import subprocess
import sys
import tempfile
import time
from pathlib import Path
from typing import Any

FLAGS = (
    "--headless=new", "--no-sandbox", "--disable-gpu", "--disable-dev-shm-usage", "--no-first-run",
    "--disable-extensions", "--hide-scrollbars", "--disable-background-networking", "--disable-sync",
    "--disable-component-update", "--disable-default-apps", "--disable-site-isolation-trials",
    # the frames of a page then answer through the page
    "--disable-features=IsolateSandboxedIframes",
    "--remote-debugging-pipe", "--force-device-scale-factor=1",
)  # fmt: skip

#: Puts the two pipes where the browser looks for them, whatever numbers they have, and becomes the browser.
LAUNCH = """
import fcntl, os, sys
pipes = [fcntl.fcntl(int(number), fcntl.F_DUPFD, 10) for number in sys.argv[1:3]]
for number, pipe in zip((3, 4), pipes):
    os.dup2(pipe, number)
os.execvp(sys.argv[3], sys.argv[3:])
"""


class Browser:
    """One browser, one page; everything that the page asks for, logs or opens is kept in lists."""

    def __init__(self, executable: str) -> None:
        self._profile = tempfile.TemporaryDirectory(prefix="map-test-", ignore_cleanup_errors=True)
        ours_out, theirs_in = os.pipe()[::-1]
        ours_in, theirs_out = os.pipe()
        command = [executable, *FLAGS, f"--user-data-dir={self._profile.name}", "about:blank"]
        self._process = subprocess.Popen(
            [sys.executable, "-c", LAUNCH, str(theirs_in), str(theirs_out), *command],
            pass_fds=(theirs_in, theirs_out),
            stdout=subprocess.DEVNULL,
            stderr=subprocess.DEVNULL,
        )
        os.close(theirs_in)
        os.close(theirs_out)
        self._out, self._in = ours_out, ours_in
        self._buffer = b""
        self._count = 0
        self.events: list[dict[str, Any]] = []
        targets = self.call("Target.getTargets", session=None)["targetInfos"]
        page = next(target["targetId"] for target in targets if target["type"] == "page")
        self._session: str | None = self.call(
            "Target.attachToTarget", session=None, targetId=page, flatten=True
        )["sessionId"]
        for domain in ("Page", "Runtime", "Log", "Network"):
            self.call(f"{domain}.enable")
        # nothing can be reached: a page that needs the network fails here as it would on a train
        self.call(
            "Network.emulateNetworkConditions",
            offline=True,
            latency=0,
            downloadThroughput=0,
            uploadThroughput=0,
        )

    def close(self) -> None:
        """End the browser that this object started, and no other."""
        os.close(self._out)
        os.close(self._in)
        try:
            self._process.wait(timeout=5)
        except subprocess.TimeoutExpired:
            self._process.kill()
            self._process.wait(timeout=5)
        self._profile.cleanup()

    def _receive(self, deadline: float) -> dict[str, Any]:
        while b"\0" not in self._buffer:
            ready, _, _ = select.select([self._in], [], [], max(0.0, deadline - time.monotonic()))
            if not ready:
                raise TimeoutError("the browser does not answer")
            chunk = os.read(self._in, 1 << 20)
            if not chunk:
                raise ConnectionError("the browser has ended")
            self._buffer += chunk
        message, self._buffer = self._buffer.split(b"\0", 1)
        answer: dict[str, Any] = json.loads(message)
        return answer

    def call(
        self, method: str, *, session: str | None = "page", timeout: float = 60, **params: Any
    ) -> dict[str, Any]:
        """Send a command and return its result; events that come meanwhile are kept."""
        self._count += 1
        message: dict[str, Any] = {"id": self._count, "method": method, "params": params}
        if session is not None:
            message["sessionId"] = self._session if session == "page" else session
        data = json.dumps(message).encode() + b"\0"
        while data:
            data = data[os.write(self._out, data) :]
        deadline = time.monotonic() + timeout
        while True:
            answer = self._receive(deadline)
            if answer.get("id") == self._count:
                if "error" in answer:
                    raise RuntimeError(f"{method}: {answer['error']}")
                result: dict[str, Any] = answer["result"]
                return result
            self.events.append(answer)
            if answer.get("method") == "Page.javascriptDialogOpening":
                # an open dialog stops the page; nobody waits for this answer
                closing = {"id": 0, "method": "Page.handleJavaScriptDialog", "params": {"accept": False}}
                os.write(self._out, json.dumps({**closing, "sessionId": self._session}).encode() + b"\0")

    def js(self, expression: str, *, frame: int | None = None) -> Any:
        """Evaluate an expression in the page, or in one of its frames, and return its value."""
        where: dict[str, Any] = {} if frame is None else {"contextId": self._context(frame)}
        where |= {"expression": expression, "returnByValue": True, "awaitPromise": True}
        answer = self.call("Runtime.evaluate", **where)
        if "exceptionDetails" in answer:
            raise RuntimeError(answer["exceptionDetails"])
        return answer["result"].get("value")

    def _context(self, frame: int) -> Any:
        tree = self.call("Page.getFrameTree")["frameTree"]
        wanted = tree["childFrames"][frame]["frame"]["id"]
        made = [event["context"] for event in self._of("Runtime.executionContextCreated")]
        return [context["id"] for context in made if context["auxData"]["frameId"] == wanted][-1]

    def open(
        self, path: Path, *, fragment: str = "", dark: bool = False, size: tuple[int, int] = (1366, 768)
    ) -> None:
        """Open a local page from scratch and wait until its map was drawn once."""
        self.visit(path.resolve().as_uri() + fragment, dark=dark, size=size)
        self.wait("document.documentElement?.dataset.ready")
        self.settle()

    def visit(self, address: str, *, dark: bool = False, size: tuple[int, int] = (1366, 768)) -> None:
        """Go to an address from scratch, in light or dark, and wait until the page is complete."""
        self.look(dark=dark, size=size)
        self.call("Page.navigate", url="about:blank")
        self.events.clear()
        self.call("Page.navigate", url=address)
        self.wait("document.readyState === 'complete' && location.href !== 'about:blank'")
        self.settle()

    def look(self, *, dark: bool = False, size: tuple[int, int] = (1366, 768), media: str = "") -> None:
        """Set what the page is told of the screen: its scheme, its size in pixels, whether it is paper."""
        scheme = {"name": "prefers-color-scheme", "value": "dark" if dark else "light"}
        self.call("Emulation.setEmulatedMedia", media=media, features=[scheme])
        width, height = size
        self.call(
            "Emulation.setDeviceMetricsOverride",
            width=width,
            height=height,
            deviceScaleFactor=1,
            mobile=False,
        )

    def wait(self, condition: str, *, timeout: float = 30) -> None:
        """Wait until an expression is true in the page."""
        deadline = time.monotonic() + timeout
        while not self.js(f"Boolean({condition})"):
            if time.monotonic() > deadline:
                raise TimeoutError(f"never true: {condition}")
            time.sleep(0.05)

    def settle(self) -> None:
        """Wait for two frames: what was asked for is then drawn."""
        self.js("new Promise(done => requestAnimationFrame(() => requestAnimationFrame(() => done(1))))")

    def press(self, key: str) -> None:
        """Press one key where the focus is."""
        codes = {
            "Enter": 13,
            "Escape": 27,
            "Tab": 9,
            "ArrowLeft": 37,
            "ArrowUp": 38,
            "ArrowRight": 39,
            "ArrowDown": 40,
            "Home": 36,
            " ": 32,
        }
        text = {"Enter": "\r"}.get(key, key if len(key) == 1 else "")
        for kind in ("keyDown", "keyUp"):
            event: dict[str, Any] = {"type": kind, "key": key, "windowsVirtualKeyCode": codes.get(key, 0)}
            if text and kind == "keyDown":
                event["text"] = text
            self.call("Input.dispatchKeyEvent", **event)
        self.settle()

    def write(self, text: str) -> None:
        """Type into what has the focus."""
        self.call("Input.insertText", text=text)
        self.settle()

    def click(self, x: float, y: float) -> None:
        """Click at a place of the view."""
        for kind in ("mouseMoved", "mousePressed", "mouseReleased"):
            button = "none" if kind == "mouseMoved" else "left"
            self.call("Input.dispatchMouseEvent", type=kind, x=x, y=y, button=button, clickCount=1)
        # vis-network waits to tell a click from a double click
        time.sleep(0.4)
        self.settle()

    def screenshot(self, path: Path) -> bytes:
        """Save what the view shows as PNG and return it."""
        data = base64.b64decode(self.call("Page.captureScreenshot", format="png")["data"])
        path.write_bytes(data)
        return data

    def printed(self) -> bytes:
        """Return the PDF that the browser prints of the page, in the sizes that its style sheet asks for."""
        answer = self.call("Page.printToPDF", preferCSSPageSize=True, printBackground=False)
        return base64.b64decode(answer["data"])

    def _of(self, method: str) -> list[dict[str, Any]]:
        return [event["params"] for event in self.events if event.get("method") == method]

    def complaints(self) -> list[str]:
        """Errors and warnings that the page logged, exceptions, refusals of its own security policy."""
        said = [str(event["entry"]["text"]) for event in self._of("Log.entryAdded")]
        said += [str(event["args"]) for event in self._of("Runtime.consoleAPICalled")]
        said += [str(event["exceptionDetails"]) for event in self._of("Runtime.exceptionThrown")]
        return said

    def dialogs(self) -> list[str]:
        """Messages of the dialogs that opened (alert, confirm, prompt)."""
        return [str(event["message"]) for event in self._of("Page.javascriptDialogOpening")]

    def requests(self) -> list[str]:
        """Addresses that the page asked for."""
        return [str(event["request"]["url"]) for event in self._of("Network.requestWillBeSent")]
