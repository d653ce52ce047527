"""更早的 and 下一页, typed where no button can be shown."""

from __future__ import annotations

from collections.abc import Callable

from handlers import held
from handlers.reply import Reply
from handlers.router import Router
from handlers.turn import Pending, Turn
from nlu.reading import Reading

router = Router("paging")

ON = frozenset({"更早的", "更早", "下一页", "继续", "往下", "再往前", "还有呢"})
Page = Callable[[Turn, int, str], Reply]
_PAGES: dict[str, Page] = {}


def paged(name: str) -> Callable[[Page], Page]:
    """Say that pages of this name are made by a function: of the turn, the record, and where it begins."""

    def add(run: Page) -> Page:
        _PAGES[name] = run
        return run

    return add


def goes_on(turn: Turn, name: str, record: int, start: str) -> None:
    """Remember that there is a next page, which begins at `start`."""
    turn.memory.ask("paging.on", {"page": name, "id": record, "start": start}, turn.now)


@router.command("更早的", "下一页", reads=True)
def over(turn: Turn, reading: Reading) -> Reply:
    """更早的 where nothing comes before."""
    return Reply(text="没有更多了。看一家客户就直接发名称，例如：华润置地")


@router.answer("paging.on")
def on(turn: Turn, pending: Pending) -> Reply | None:
    """The next page; anything else is no answer."""
    run = _PAGES.get(str(pending.data["page"]))
    if run is None or held.said(turn) not in ON:
        return None
    turn.memory.pending = None
    return run(turn, int(pending.data["id"]), str(pending.data["start"]))
