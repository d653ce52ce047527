"""Dispatch: each delivery once, kept when a handler fails, in order per conversation."""

from __future__ import annotations

import asyncio
import threading
from collections.abc import AsyncIterator, Callable
from dataclasses import replace
from datetime import datetime

import pytest
from sqlalchemy import func, select
from sqlmodel import Session, col

from bot import dispatch
from bot.errors import Overloaded
from bot.plan import Plan
from crm.errors import UserMistake
from crm.journal import created
from handlers.reply import Notice, Reply
from handlers.router import Router
from handlers.turn import Pending, Turn
from nlu.reading import Intent, Reading
from store.database import Database
from store.tables import Activity, InboxStatus, OutboxState
from tests.bot.office import Office, open_office, text
from tests.patience import PATIENCE

Opens = Callable[[Router], Office]


@pytest.fixture
async def opens(database: Database) -> AsyncIterator[Opens]:
    offices: list[Office] = []

    def make(router: Router) -> Office:
        offices.append(open_office(database, router))
        return offices[-1]

    yield make
    for office in offices:
        await office.close()


def note(turn: Turn) -> Reply:
    created(
        turn.ctx,
        Activity(
            kind="note",
            author_id=turn.actor.id,
            raw=turn.incoming.text,
            happened_at=turn.now,
            created_at=turn.now,
            inbox_id=turn.ctx.inbox_id,
        ),
    )
    return Reply(text=f"已记 {turn.incoming.text}")


def noting() -> Router:
    router = Router("test")

    @router.intent(*Intent)
    def take(turn: Turn, _reading: Reading) -> Reply:
        return note(turn)

    return router


def activities(office: Office) -> list[str]:
    with Session(office.database.reader) as session:
        return list(session.execute(select(col(Activity.raw)).order_by(col(Activity.id))).scalars())


async def test_the_same_delivery_five_times_at_once_takes_effect_once(opens: Opens) -> None:
    office = opens(noting())
    message = text("聊了二期", delivery="same")
    answers = await asyncio.gather(*(office.dispatcher.accept(message) for _ in range(5)))
    assert {answer.text for answer in answers} == {"已记 聊了二期"}
    assert activities(office) == ["聊了二期"]
    assert len(office.inbox()) == 1
    again = await office.dispatcher.accept(message)
    assert again.text == "已记 聊了二期"
    assert activities(office) == ["聊了二期"]


async def test_two_messages_with_the_same_words_are_two(opens: Opens) -> None:
    office = opens(noting())
    for _ in range(2):
        await office.dispatcher.accept(text("聊了二期"))
    assert len(activities(office)) == 2


async def test_a_failing_handler_keeps_the_message_apologises_and_can_be_replayed(opens: Opens) -> None:
    router, broken = Router("test"), [True]

    @router.intent(*Intent)
    def take(turn: Turn, _reading: Reading) -> Reply:
        reply = note(turn)
        if broken[0]:
            raise RuntimeError("a fault of ours")
        return reply

    office = opens(router)
    answer = await office.dispatcher.accept(text("聊了二期"))
    row = office.inbox()[0]
    assert row.status == InboxStatus.FAILED
    assert row.raw["text"] == "聊了二期"
    assert "RuntimeError" in row.error
    assert answer.text is not None
    assert row.error_id in answer.text
    assert activities(office) == []

    assert await office.dispatcher.replay(row.id)
    assert office.inbox()[0].status == InboxStatus.FAILED
    assert office.inbox()[0].attempts == 2

    broken[0] = False
    assert await office.dispatcher.replay(row.id)
    assert office.inbox()[0].status == InboxStatus.DONE
    assert activities(office) == ["聊了二期"]
    assert "已记 聊了二期" in office.outbox()[-1].body.decode()
    assert not await office.dispatcher.replay(row.id)


async def test_a_refusal_is_said_and_changes_nothing(opens: Opens) -> None:
    router = Router("test")

    @router.intent(*Intent)
    def take(turn: Turn, _reading: Reading) -> Reply:
        note(turn)
        raise UserMistake("金额要写清楚，例如：58万")

    office = opens(router)
    answer = await office.dispatcher.accept(text("报价"))
    assert answer.text == "金额要写清楚，例如：58万"
    assert activities(office) == []
    assert office.inbox()[0].status == InboxStatus.DONE


async def test_one_conversation_is_in_order_and_another_does_not_wait_for_it(opens: Opens) -> None:
    router, held, begun = Router("test"), threading.Event(), threading.Event()

    @router.intent(*Intent, reads=True)
    def take(turn: Turn, _reading: Reading) -> Reply:
        if turn.incoming.text == "一":
            begun.set()
            held.wait(10)
        return Reply(text=turn.incoming.text)

    office = opens(router)
    first = asyncio.create_task(office.dispatcher.accept(text("一")))
    await asyncio.to_thread(begun.wait, 10)
    second = asyncio.create_task(office.dispatcher.accept(text("二")))
    other = await office.dispatcher.accept(text("三", sender="lina"))
    assert other.text == "三"
    assert [row.raw["text"] for row in office.inbox()] == ["三"]
    held.set()
    await asyncio.gather(first, second)
    assert [row.raw["text"] for row in office.inbox()] == ["三", "一", "二"]


async def test_a_hundred_messages_of_one_conversation_stay_in_order(opens: Opens) -> None:
    office = opens(noting())
    words = [f"第{n}条" for n in range(100)]
    await asyncio.gather(*(office.dispatcher.accept(text(one)) for one in words))
    await office.dispatcher.idle()
    assert activities(office) == words


async def test_a_slow_turn_is_durable_before_it_is_acknowledged_and_answers_later(
    opens: Opens, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(dispatch, "PATIENCE", 0.05)
    router, held = Router("test"), threading.Event()

    @router.intent(*Intent, reads=True)
    def take(_turn: Turn, _reading: Reading) -> Reply:
        held.wait(10)
        return Reply(text="好了")

    office = opens(router)
    answer = await office.dispatcher.accept(text("慢"))
    assert answer.text is None
    assert [row.status for row in office.inbox()] == [InboxStatus.RECEIVED]
    held.set()
    await office.dispatcher.idle()
    assert [row.status for row in office.inbox()] == [InboxStatus.DONE]
    assert ["好了" in row.body.decode() for row in office.outbox()] == [True]
    assert office.woken


async def test_what_was_kept_and_never_handled_is_finished_after_a_restart(opens: Opens) -> None:
    office = opens(noting())
    message = text("聊了二期")
    now = office.clock.now()
    await office.writer.run(lambda s: office.dispatcher.turns.keep(s, message, now))
    await office.dispatcher.recover()
    await office.dispatcher.idle()
    assert activities(office) == []
    office.clock.jump(now.replace(minute=5))
    await office.dispatcher.recover()
    await office.dispatcher.idle()
    assert activities(office) == ["聊了二期"]
    assert len(office.outbox()) == 1


async def test_a_stranger_is_told_how_to_be_added_and_nothing_else_happens(opens: Opens) -> None:
    office = opens(noting())
    answer = await office.dispatcher.accept(text("聊了二期", sender="Stranger"))
    assert answer.text is not None
    assert "Stranger" in answer.text
    assert activities(office) == []
    assert office.inbox()[0].member_id is None


async def test_a_forged_button_does_nothing(opens: Opens) -> None:
    from dataclasses import replace

    from handlers.incoming import Kind

    office = opens(noting())
    press = replace(text(""), kind=Kind.ACTION, action="1W10.forged", card_id="t")
    await office.dispatcher.accept(press)
    assert activities(office) == []
    assert ["失效" in row.body.decode() for row in office.outbox()] == [True]


async def test_notices_reach_the_others(opens: Opens) -> None:
    router = Router("test")

    @router.intent(*Intent)
    def tell(turn: Turn, _reading: Reading) -> Reply:
        assert turn.actor.superior_id is not None
        return Reply(text="已告诉", notices=(Notice(turn.actor.superior_id, text="张伟找你"),))

    office = opens(router)
    await office.dispatcher.accept(text("找经理"))
    letters = office.outbox()
    assert [(row.receiver, row.state) for row in letters] == [("lina", OutboxState.PENDING)]


async def test_the_same_words_twice_are_two_different_bodies(opens: Opens) -> None:
    router = Router("test")

    @router.intent(*Intent)
    def tell(turn: Turn, _reading: Reading) -> Reply:
        assert turn.actor.superior_id is not None
        return Reply(notices=(Notice(turn.actor.superior_id, text="张伟找你"),))

    office = opens(router)
    for _ in range(3):
        await office.dispatcher.accept(text("找经理"))
    assert len({row.body for row in office.outbox()}) == 3


async def test_a_question_gets_its_answer_and_another_message_is_no_answer(opens: Opens) -> None:
    router = Router("test")

    @router.command("改期")
    def ask(turn: Turn, _reading: Reading) -> Reply:
        turn.memory.ask("when", {"task": 7}, turn.now)
        return Reply(text="改到什么时候")

    @router.answer("when")
    def when(turn: Turn, pending: Pending) -> Reply | None:
        if "点" not in turn.incoming.text:
            return None
        turn.memory.pending = None
        return Reply(text=f"任务 {pending.data['task']} 改到 {turn.incoming.text}")

    @router.intent(*Intent)
    def other(_turn: Turn, _reading: Reading) -> Reply:
        return Reply(text="别的")

    office = opens(router)
    said = [await office.dispatcher.accept(text(one)) for one in ("改期", "你好", "明天九点", "明天九点")]
    assert [answer.text for answer in said] == ["改到什么时候", "别的", "任务 7 改到 明天九点", "别的"]


async def test_too_much_at_once_is_sent_back(opens: Opens, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(dispatch, "MOST_WAITING", 0)
    office = opens(noting())
    with pytest.raises(Overloaded):
        await office.dispatcher.accept(text("聊了二期"))
    assert office.inbox() == []


async def test_a_database_that_takes_nothing_is_not_acknowledged(opens: Opens) -> None:
    office = opens(noting())
    office.writer.close()
    with pytest.raises(Overloaded):
        await office.dispatcher.accept(text("聊了二期"))


async def test_many_conversations_at_once_lose_and_double_nothing(opens: Opens) -> None:
    office = opens(noting())
    messages = [text(f"第{n}条", sender=("zhangwei", "lina")[n % 2]) for n in range(60)]
    await asyncio.gather(*(office.dispatcher.accept(m) for m in messages for _ in range(2)))
    await office.dispatcher.idle()
    with Session(office.database.reader) as session:
        count = session.execute(select(func.count()).select_from(Activity)).scalar_one()
    assert count == 60


class _Slow:
    """Knows more of what begins with 慢, once `told`; `crowded` when as many wait as have a place."""

    def __init__(self) -> None:
        self.asked = 0
        self.crowded, self.told = asyncio.Event(), asyncio.Event()

    def knows_more(self, plan: Plan) -> bool:
        return plan.incoming.text.startswith("慢")

    async def advise(self, plan: Plan, now: datetime) -> Plan:
        if self.knows_more(plan):
            self.asked += 1
            if self.asked == dispatch.AT_ONCE:
                self.crowded.set()
            await self.told.wait()
        return plan


async def test_turns_that_wait_for_help_hold_up_no_others(database: Database) -> None:
    slow = _Slow()
    office = open_office(database, noting(), lambda _planner: slow)
    many = range(dispatch.AT_ONCE + 2)
    waiting = [
        asyncio.create_task(office.dispatcher.accept(replace(text(f"慢{n}"), conversation=f"c{n}")))
        for n in many
    ]
    async with asyncio.timeout(PATIENCE):
        await slow.crowded.wait()
        answer = await office.dispatcher.accept(text("快", "lina"))
        assert answer.text == "已记 快"
        slow.told.set()
        await asyncio.gather(*waiting)
        await office.dispatcher.idle()
    assert slow.asked == len(many)
    assert sorted(activities(office)) == sorted(["快", *(f"慢{n}" for n in many)])
    await office.close()
