"""绑定客户 华星, said in a group: from then on what is said there without a name is about 华星."""

from __future__ import annotations

from collections.abc import Callable
from typing import Final

from crm import topics
from crm.customers import short_names
from crm.errors import UserMistake
from handlers.named import customer_named
from handlers.reply import Reply
from handlers.router import Router
from handlers.said import customer_known
from handlers.turn import Phrase, Turn
from nlu.entities import Money, Time
from nlu.reading import Intent, NamedCustomer, Reading
from store.conversations import Key

router = Router("topics")

ABOUT_ONE: Final = frozenset(
    {
        Intent.LOG_ACTIVITY,
        Intent.REMIND,
        Intent.UPDATE_STAGE,
        Intent.QUOTE,
        Intent.PAYMENT,
        Intent.ORDER,
        Intent.CONTRACT,
        Intent.TICKET,
    }
)
"""What is about a customer, named or not."""


def about(reading: Reading, topic: NamedCustomer, text: str, read: Callable[[str], Reading]) -> Reading:
    """What a text means in a group that is about `topic`; `read` reads another text in the same way.

    A text that names a customer, and one that is about none at all (今天, 撤销), means what it means.
    """
    if any(one.key and one.text for one in (*reading.customers, *reading.candidates)):
        return reading
    if reading.intent is not Intent.CHITCHAT and reading.intent not in ABOUT_ONE:
        return reading
    named = read(f"{topic.name}{text}")
    told = any(isinstance(one, Time | Money) for one in reading.entities) or named.method is not None
    if reading.intent is Intent.CHITCHAT and not told and named.intent is not Intent.QUERY:
        return reading
    whole = named if reading.intent in (named.intent, Intent.CHITCHAT) else reading
    return customer_known(whole).but(customers=(topic,), entities=reading.entities)


@router.phrase(
    r"(?:(?:本|这个?)?群)?绑定?(?:到)?客户\s*[:：]?\s*(?P<who>\S.*)",
    r"(?:本|这个?)群(?:绑定|只?聊|关于)\s*(?:客户)?\s*(?P<who>\S.*)",
)
def bind(turn: Turn, phrase: Phrase) -> Reply | None:
    """绑定客户 华星."""
    if not turn.incoming.is_group:
        if "群" in phrase.text:
            return None
        raise UserMistake("这句话要在群里说：把我拉进群，@我 绑定客户 华星，群里的话就都记到这家客户")
    customer = customer_named(turn, phrase.given["who"], "绑定客户 华星")
    bound = topics.bind(turn.ctx, key_of(turn), customer)
    turn.memory.customer_id = customer
    if not bound.new:
        return Reply(text=f"这个群已经绑定了{bound.name}。")
    turn.memory.record = turn.ctx.inbox_id
    instead = f"，不再是{bound.before}" if bound.before else ""
    hint = "之后@我说的跟进、提醒不用再提客户名，要取消就说 解绑客户。"
    return Reply(text=f"这个群绑定了{bound.name}{instead}。{hint}")


@router.command("解绑客户", "取消绑定客户", "解除绑定客户", "解除客户绑定", "群解绑客户")
def unbind(turn: Turn, reading: Reading) -> Reply:
    """解绑客户."""
    if not turn.incoming.is_group:
        raise UserMistake("这句话要在绑定了客户的群里说。")
    name = topics.unbind(turn.ctx, key_of(turn))
    turn.memory.record = turn.ctx.inbox_id
    return Reply(text=f"这个群和{name}解绑了，之后要说清是哪家客户。")


@router.command("本群客户", "群客户", "这个群是哪家客户", reads=True)
def which(turn: Turn, reading: Reading) -> Reply:
    """本群客户: what the group is about."""
    customer = topics.customer_of(turn.ctx.session, key_of(turn)) if turn.incoming.is_group else None
    if customer is None:
        return Reply(text="这里还没有绑定客户。在群里@我说 绑定客户 华星，群里的话就都记到这家客户。")
    names = short_names(turn.ctx, [customer])
    return Reply(text=f"这个群是关于{names[customer]}的。")


def key_of(turn: Turn) -> Key:
    """The conversation."""
    return turn.incoming.platform, turn.incoming.app, turn.incoming.conversation
