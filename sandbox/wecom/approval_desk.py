"""What members do in the built-in 审批 app, and the callbacks that tell of it (page 96508)."""

from __future__ import annotations

import asyncio

from sandbox.state import World
from sandbox.wecom import xml
from sandbox.wecom.approval_case import Act, Case
from sandbox.wecom.approvals import Approvals
from sandbox.wecom.callbacks import Callbacks, Delivery


class ApprovalDesk:
    """Tells the app that has handed an approval in of everything that happens to it."""

    def __init__(self, world: World, callbacks: Callbacks, approvals: Approvals) -> None:
        self._world, self._callbacks, self._approvals = world, callbacks, approvals
        self._tasks: set[asyncio.Task[Delivery]] = set()
        approvals.submitted = self._tell_later

    async def act(self, number: str, userid: str, act: Act, *, words: str = "", to: str = "") -> Delivery:
        """A member does something to an approval; returns when the app has been told. Raises CannotAct."""
        case = self._approvals.cases[number]
        done = case.act(act, userid, int(self._world.seconds()), words=words, to=to)
        return await self._tell(case, done)

    async def settled(self) -> None:
        """Wait until the app has been told of what was handed in."""
        await asyncio.gather(*self._tasks)

    async def close(self) -> None:
        """Tell nobody any more."""
        for task in self._tasks:
            task.cancel()
        await asyncio.gather(*self._tasks, return_exceptions=True)

    def _tell_later(self, case: Case, act: Act) -> None:
        task = asyncio.create_task(self._tell(case, act))
        self._tasks.add(task)
        task.add_done_callback(self._tasks.discard)

    async def _tell(self, case: Case, act: Act) -> Delivery:
        app = self._world.app(case.agent_id)
        if not app.callback_url:
            return Delivery()
        head = xml.Head(self._world.corp.id, "sys", app.agent_id, int(self._world.seconds()))
        plain = xml.approval_changed(head, case.told(act))
        return await self._callbacks.deliver(plain, app.agent_id, f"审批变更 {case.number}")
