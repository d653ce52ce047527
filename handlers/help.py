"""Help that knows the role, the greeting, small talk, and what is done with words nobody understood."""

from __future__ import annotations

import re
from collections.abc import Iterable

from sqlalchemy import select
from sqlmodel import col

from cards import help as cards
from crm import preferences
from crm.rights import need_edit
from handlers.help_topics import FIRST, FIRST_OF_OTHERS, SELLING, by_topic, for_role, found
from handlers.incoming import Kind
from handlers.notes import NOT_YET, keep
from handlers.reply import Reply
from handlers.router import Help, Router
from handlers.said import whom
from handlers.turn import Phrase, Turn
from handlers.whose import ask_whose
from nlu.reading import Intent, Reading
from store.tables import Customer, Inbox

THANKS = re.compile(r"谢谢|感谢|多谢|辛苦|thanks|thx", re.IGNORECASE)
HELLO = re.compile(
    r"^(?:你好|您好|hi|hello|嗨|在吗|早|早上好|上午好|下午好|晚上好|大家好)[啊呀吗,，。.!！?？~\s]*$",
    re.IGNORECASE,
)
BYE = re.compile(
    r"(?:(?:再见|拜拜|晚安|下班了?|好的?|收到|嗯+|ok|知道了|明白了?|算了|没事了?|不用了|先这样|行)[啊呀了吧,，。.!！~\s]*){1,4}",
    re.IGNORECASE,
)
TIRED = re.compile(r"(?:我|今天|好|真|太|累|烦|困|饿|死|了|啊|呀|心|很|有点|[,，。.!！~\s]){2,12}")
FEELS = re.compile(r"累|烦|困|饿")
RUDE = re.compile(r"傻[逼B叉]|笨蛋|废物|垃圾|智障|滚|他妈|有病")
ABOUT = re.compile(r"你是谁|你叫什么|你能(?:做|干)什么|你会(?:什么|啥)|介绍一下")
LAUGH = re.compile(r"[哈嘿呵嘻啊哦嗯额呃]")
WORDS = re.compile(r"[一-鿿A-Za-z0-9]")
LONGEST_RUDE = 15  # characters; more may be a report
SHORTEST_NOTE = 4  # characters besides the customer's name that make a note worth keeping


def help_router(others: Iterable[Router]) -> Router:
    """The router of help: it tells what the other features say of themselves."""
    router = Router("help")
    told = by_topic(others)

    @router.command("帮助", "help", "?", "？", "怎么用", "菜单", "使用说明", reads=True)
    def help_word(turn: Turn, reading: Reading) -> Reply:
        """帮助."""
        return _help(turn, told)

    @router.phrase(r"(?:帮助|help|怎么用)[\s:]*(?P<word>[^\s?]{1,8})", reads=True)
    def help_on(turn: Turn, phrase: Phrase) -> Reply | None:
        """帮助 客户: what can be said about that."""
        lines = found(told, phrase.given["word"], turn.actor.role)
        return Reply(text=cards.help_on(phrase.given["word"], lines)) if lines else None

    @router.intent(Intent.HELP, reads=True)
    def help_asked(turn: Turn, reading: Reading) -> Reply:
        """What can you do."""
        return _help(turn, told)

    router.kind(Kind.ENTER)(entered)
    router.kind(Kind.EVENT)(quiet)
    router.intent(Intent.CHITCHAT)(otherwise)
    return router


def _help(turn: Turn, told: dict[str, list[Help]]) -> Reply:
    """The first lines of what matters every day, and what else there is help on."""
    lines = {name: for_role(some, turn.actor.role) for name, some in told.items()}
    first = FIRST if turn.actor.role in SELLING else FIRST_OF_OTHERS
    shown = [line for name, most in first.items() for line in lines.get(name, [])[:most]]
    more = [name for name, some in lines.items() if some]
    return Reply(text=cards.help_text(turn.actor.name, shown, more))


def entered(turn: Turn) -> Reply:
    """The chat was opened: a greeting, the first time."""
    incoming = turn.incoming
    query = select(col(Inbox.id)).where(
        col(Inbox.platform) == incoming.platform,
        col(Inbox.app) == incoming.app,
        col(Inbox.conversation) == incoming.conversation,
        col(Inbox.id) != (turn.ctx.inbox_id or 0),
    )
    if turn.ctx.session.execute(query.limit(1)).first() is not None:
        return Reply()
    several = preferences.undecided(turn.ctx.session, turn.actor.id)
    return Reply(text=cards.greeting(turn.actor.name, several=several))


def quiet(turn: Turn) -> Reply:
    """An event that nobody expects an answer to."""
    return Reply()


def otherwise(turn: Turn, reading: Reading) -> Reply:
    """Small talk gets a short answer, words about a customer are kept as a note, others get examples."""
    text = turn.incoming.text.strip()
    if not text:
        return Reply(text="这条是空的。发“帮助”看看我会什么。")
    kept = _note(turn, reading, text)
    if kept is not None:
        return kept
    if THANKS.search(text):
        return Reply(text="不客气，跑客户辛苦了。")
    if HELLO.match(text):
        return Reply(text=f"{turn.actor.name}你好。有客户的事直接跟我说，发“今天”看待办。")
    if BYE.fullmatch(text):
        return Reply(text="好的，有事随时说。")
    if ABOUT.search(text):
        return Reply(text=cards.greeting(turn.actor.name))
    if TIRED.fullmatch(text) and FEELS.search(text):
        return Reply(text="辛苦了，早点休息。有客户的事随时说一句，我来记。")
    if RUDE.search(text) and len(text) <= LONGEST_RUDE:
        return Reply(text="抱歉，没帮上忙。哪里记错了就回复“撤销”，或发“帮助”看怎么说。")
    if not WORDS.search(LAUGH.sub("", text)):
        return Reply(text="有客户的事随时说，发“帮助”看我会什么。")
    return Reply(text=cards.not_understood(text))


def _note(turn: Turn, reading: Reading, text: str) -> Reply | None:
    """Keep what was said of a customer; None where no customer is named or nothing was said of it."""
    who = whom(turn.ctx, reading)
    if reading.intent in NOT_YET and len(who.sure) != 1:
        if who.sure or who.options or who.new:
            return ask_whose(turn, reading, who, text)
        return Reply(
            text=f"{NOT_YET[reading.intent]}还没有开通，这句话没有记录。带上客户名称说一遍就记成笔记。"
        )
    if len(who.sure) != 1:
        return None
    customer = turn.ctx.session.get(Customer, who.sure[0])
    said = sum(len(c.text) for c in reading.customers)
    if customer is None or len(text) - said < SHORTEST_NOTE:
        return None
    need_edit(turn.ctx, customer)
    return keep(turn, reading, text, customer.id)
