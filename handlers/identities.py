"""A phone number, an e-mail address, a WeChat id or a tax number typed alone: whose is it."""

from __future__ import annotations

from cards import adding as cards
from crm import identities
from crm.customers import Proposal
from crm.duplicates import Suspect
from handlers.customers import show
from handlers.reply import Reply
from handlers.router import Router
from handlers.turn import Phrase, Turn

router = Router("identities")
router.help("13912345678", "发电话、邮箱、微信号或税号，直接找到是哪家客户")


@router.phrase(
    r"(?:查|查一?下|谁是|找)?\s*(?P<said>\+?[\d(][\d\s\-()]{6,20}\d)(?:是谁|是哪家)?",
    r"(?:查|查一?下|谁是|找)?\s*(?P<said>[^\s@]{1,64}@[^\s@]{3,100})(?:是谁|是哪家)?",
    r"(?P<said>(?:微信号?|会员号|税号|统一社会信用代码|wechat)[:：\s]*[\w\-]{3,40})",
    r"(?P<said>[0-9A-Z]{18})",
    reads=True,
)
def whose(turn: Turn, phrase: Phrase) -> Reply | None:
    """13912345678: the customer, or that somebody else looks after it."""
    said = identities.read(phrase.given["said"])
    if said is None:
        return None
    holder = identities.find(turn.ctx, said)
    kind = identities.NAMES[said.kind]
    if holder is None:
        return Reply(text=f"没有客户登记过这个{kind}。记给联系人就说：华星科技的王总{_example(said)}")
    if holder.mine:
        return show(turn, holder.customer_id)
    proposal = Proposal(holder.customer_id, holder.customer, holder.owner, mine=False)
    return Reply(cards=(cards.elsewhere_card(Suspect(proposal, "", held=said)),))


def _example(said: identities.Said) -> str:
    shown = {identities.Kind.PHONE: "电话 ", identities.Kind.EMAIL: "邮箱 ", identities.Kind.WECHAT: "微信 "}
    return f"{shown.get(said.kind, '电话 ')}{said.value if said.kind in shown else '13912345678'}"
