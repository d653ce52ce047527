"""A real browser for tests: headless Chromium, spoken to over its DevTools protocol.

chromedevtools.github.io/devtools-protocol: commands with a growing id, answers by it, events without one.
"""

from __future__ import annotations

import asyncio
import itertools
import json
import os
import re
import shutil
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager, suppress
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from aiohttp import ClientSession, ClientWebSocketResponse, WSMsgType

NAMES = ("chromium", "chromium-browser", "google-chrome")
FLAGS = (
    "--headless=new",
    "--remote-debugging-port=0",
    "--no-sandbox",
    "--disable-gpu",
    "--disable-dev-shm-usage",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-extensions",
    "--disable-quic",
    "--disable-sync",
    "--no-first-run",
    "--no-default-browser-check",
    "--lang=zh-CN",
    "about:blank",
)
PATIENCE = 60.0  # seconds that a page may take to show what is expected
START = 90.0  # seconds for the browser to start: the first time on a machine it reads 300 MB from the disk
_LISTENING = re.compile(rb"DevTools listening on (ws://\S+)")
_FRAME_CAP = 64 * 1024 * 1024
# The last visible element of a selector with a text in it.
_FIND = """(selector, text) => [...document.querySelectorAll(selector)].filter((one) =>
  one.textContent.includes(text) && one.checkVisibility({ visibilityProperty: true })).at(-1)"""
_UNTIL = """(seen) => new Promise((resolve) => {
  if (seen()) { resolve(true); return; }
  const timer = setInterval(() => { if (seen()) { clearInterval(timer); resolve(true); } }, 20);
})"""
_MIDDLE = """(one) => {
  one.scrollIntoView({ block: "center", behavior: "instant" });
  const { x, y, width, height } = one.getBoundingClientRect();
  return [x + width / 2, y + height / 2];
}"""
Json = dict[str, Any]


def executable() -> str | None:
    """Where Chromium is, if it is installed."""
    return next((found for name in NAMES if (found := shutil.which(name))), None)


@dataclass(eq=False)
class Page:
    """One tab. `problems` are the errors in its console: exceptions, files refused, files missing."""

    devtools: DevTools
    session: str
    problems: list[str] = field(default_factory=list)

    async def call(self, method: str, **params: Any) -> Json:
        """A command of the protocol."""
        return await self.devtools.call(method, params, self.session)

    async def open(self, url: str) -> None:
        """Go somewhere."""
        await self.call("Page.navigate", url=url)

    async def resize(self, width: int, height: int) -> None:
        """Give the window a size in CSS pixels."""
        await self.call(
            "Emulation.setDeviceMetricsOverride",
            width=width,
            height=height,
            deviceScaleFactor=1,
            mobile=False,
        )

    async def run(self, expression: str) -> Any:
        """The value of an expression, awaited."""
        answer = await self.call(
            "Runtime.evaluate", expression=expression, awaitPromise=True, returnByValue=True
        )
        if "exceptionDetails" in answer:
            raise AssertionError(f"{expression}: {answer['exceptionDetails']}")
        return answer["result"].get("value")

    async def sees(self, selector: str, text: str = "") -> None:
        """Wait until something visible shows the text. Raises AssertionError with what is there instead."""
        await self._until(f"({_FIND})({json.dumps(selector)}, {json.dumps(text)})", f"{selector} “{text}”")

    async def misses(self, selector: str, text: str = "") -> None:
        """Wait until nothing visible shows the text any more."""
        await self._until(
            f"!({_FIND})({json.dumps(selector)}, {json.dumps(text)})", f"no {selector} “{text}”"
        )

    async def click(self, selector: str, text: str = "") -> None:
        """Press the mouse in the middle of it, once it is there and can be pressed."""
        await self.sees(f"{selector}:not(:disabled)", text)
        find = f"({_FIND})({json.dumps(selector + ':not(:disabled)')}, {json.dumps(text)})"
        x, y = await self.run(f"({_MIDDLE})({find})")
        for kind in ("mousePressed", "mouseReleased"):
            await self.call("Input.dispatchMouseEvent", type=kind, x=x, y=y, button="left", clickCount=1)

    async def write(self, selector: str, words: str) -> None:
        """Click into a field and write in it."""
        await self.click(selector)
        await self.call("Input.insertText", text=words)

    async def _until(self, seen: str, what: str) -> None:
        try:
            async with asyncio.timeout(PATIENCE):
                await self.run(f"({_UNTIL})(() => Boolean({seen}))")
        except TimeoutError:
            shown = await self.run("document.body?.innerText ?? ''")
            raise AssertionError(f"the page does not show {what}; it shows: {shown[-600:]}") from None


class DevTools:
    """The connection to a browser."""

    def __init__(self, socket: ClientWebSocketResponse) -> None:
        self._socket = socket
        self._numbers = itertools.count(1)
        self._waiting: dict[int, asyncio.Future[Json]] = {}
        self._pages: dict[str, Page] = {}

    @asynccontextmanager
    async def page(self, width: int, height: int) -> AsyncIterator[Page]:
        """A new tab of that size, in front of all others; it is closed with the block."""
        target = (await self.call("Target.createTarget", {"url": "about:blank"}))["targetId"]
        attached = await self.call("Target.attachToTarget", {"targetId": target, "flatten": True})
        page = Page(self, attached["sessionId"])
        self._pages[page.session] = page
        for domain in ("Page", "Runtime", "Log"):
            await page.call(f"{domain}.enable")
        calm = {"name": "prefers-reduced-motion", "value": "reduce"}  # what is clicked stands still
        await page.call("Emulation.setEmulatedMedia", features=[calm])
        await page.resize(width, height)
        await page.call("Page.bringToFront")
        try:
            yield page
        finally:
            del self._pages[page.session]
            await self.call("Target.closeTarget", {"targetId": target})

    async def call(self, method: str, params: Json, session: str | None = None) -> Json:
        """A command; raises AssertionError where the browser refuses it."""
        number = next(self._numbers)
        self._waiting[number] = asyncio.get_running_loop().create_future()
        command: Json = {"id": number, "method": method, "params": params}
        await self._socket.send_json(command if session is None else {**command, "sessionId": session})
        try:
            async with asyncio.timeout(2 * PATIENCE):
                return await self._waiting[number]
        finally:
            del self._waiting[number]

    async def listen(self) -> None:
        """Hand answers to who waits for them and note what goes wrong in pages, until the browser ends."""
        async for frame in self._socket:
            if frame.type is not WSMsgType.TEXT:
                continue
            said: Json = json.loads(frame.data)
            waiting = self._waiting.get(said.get("id", 0))
            if waiting is not None and not waiting.done():
                self._answer(waiting, said)
            elif (page := self._pages.get(said.get("sessionId", ""))) is not None:
                page.problems += _problems(said)

    def _answer(self, waiting: asyncio.Future[Json], said: Json) -> None:
        if "error" in said:
            waiting.set_exception(AssertionError(str(said["error"])))
        else:
            waiting.set_result(said["result"])


def _problems(said: Json) -> list[str]:
    params = said.get("params", {})
    if said["method"] == "Runtime.exceptionThrown":
        details = params["exceptionDetails"]
        return [str(details.get("exception", {}).get("description") or details["text"])]
    if said["method"] == "Log.entryAdded" and params["entry"]["level"] == "error":
        return [f"{params['entry']['text']} {params['entry'].get('url', '')}".strip()]
    return []


@asynccontextmanager
async def chromium(program: str, folder: Path) -> AsyncIterator[DevTools]:
    """Run the browser with a profile in `folder`; it ends with the block."""
    process = await asyncio.create_subprocess_exec(
        program,
        *FLAGS,
        f"--user-data-dir={folder}",
        stderr=asyncio.subprocess.PIPE,
        stdout=asyncio.subprocess.DEVNULL,
        env={**os.environ, "HOME": str(folder)},
    )
    try:
        address = await _address(process)
        async with ClientSession() as http, http.ws_connect(address, max_msg_size=_FRAME_CAP) as socket:
            devtools = DevTools(socket)
            listener = asyncio.create_task(devtools.listen())
            try:
                yield devtools
            finally:
                listener.cancel()
                await asyncio.gather(listener, return_exceptions=True)
    finally:
        if process.returncode is None:
            process.kill()
        await process.communicate()


async def _address(process: asyncio.subprocess.Process) -> str:
    """Where its DevTools listen; what it said instead is in the error."""
    assert process.stderr is not None
    said = b""
    with suppress(TimeoutError):
        async with asyncio.timeout(START):
            while line := await process.stderr.readline():
                if found := _LISTENING.search(line):
                    return found.group(1).decode()
                said += line
    raise AssertionError(
        f"the browser was not ready after {START:g} s (code {process.returncode}): {said[-2000:]!r}"
    )
