"""打标签 华星 高意向, 去掉标签, 标签 (all, or who has one), 标签规则 沉睡 90天没跟进, 标签 重算."""

from __future__ import annotations

import re
from collections.abc import Sequence

from cards import tags as cards
from crm import customers, tags
from crm.errors import UserMistake
from crm.rights import Right, need
from crm.tag_rules import Rule
from handlers.named import customer_named, find_named
from handlers.paging import goes_on, paged
from handlers.reply import Reply
from handlers.router import Router
from handlers.tag_words import EXAMPLES, rule_of, tags_in
from handlers.turn import Phrase, Press, Turn
from nlu.reading import Found, Intent, Reading

router = Router("tags")
router.help(
    "打标签 华润置地 高意向 价格敏感 / 去掉标签 华润置地 高意向", "给客户打标签、去标签", "sales", "manager"
)
router.help("标签 / 标签 高意向", "有哪些标签，哪些客户有这个标签")
router.help("标签规则 沉睡 90天没跟进 / 标签 重算", "按规则自动打标签，每天夜里重算", "admin")

PUT = "打标签 华星科技 高意向 价格敏感"
AT_ONCE = 2000  # customers that a rule is worked out for in one message; the rest follows at night
AND = re.compile(r"[和与跟、,，]")
MOST_AT_ONCE = 5  # customers named in one message
ON = r"(?:[打贴加]上?标签|标记[为成])"
OFF = r"(?:去掉|删掉|删除|去除|取消|移除|摘掉|撕掉|撤掉)"


@router.phrase(
    r"(?:打|贴|加|添加)标签[:：\s]+(?P<who>\S+)[\s:：]+(?P<tags>.+)",
    rf"(?:给|把|为|帮)\s*(?P<who>\S+?)\s*{ON}[:：\s]*(?P<tags>\S.*)",
    r"(?:给|为|帮)\s*(?P<who>\S+?)\s*[打贴加]上?(?:一?个|几个)?\s*(?P<tags>\S.*?)的?标签",
    r"(?P<who>\S+?)\s*(?:打|贴|加)标签[:：\s]*(?P<tags>.+)",
)
def put(turn: Turn, phrase: Phrase) -> Reply:
    """打标签 华星 高意向 价格敏感, 给华星打标签高意向."""
    return _put(turn, phrase.given["who"], tags_in(phrase.given["tags"]))


def _put(turn: Turn, who: str, names: Sequence[str]) -> Reply:
    several = [one for one in AND.split(who) if one]
    if len(several) > 1 and all(find_named(turn, one) for one in several):
        replies = [_put(turn, one, names) for one in several[:MOST_AT_ONCE]]
        return Reply(cards=tuple(card for reply in replies for card in reply.cards))
    customer_id = customer_named(turn, who, PUT)
    customer = customers.get(turn.ctx, customer_id, to_change=True)
    new = tags.put(turn.ctx, customer, names)
    return _shown(
        turn, customer.id, f"打上：{'、'.join(new)}" if new else "这些标签已经有了", changed=bool(new)
    )


@router.phrase(
    rf"{OFF}标签[:：\s]+(?P<who>\S+)[\s:：]+(?P<tags>.+)",
    rf"{OFF}\s*(?P<who>\S+?)的?标签[:：\s]*(?P<tags>\S.*)",
    rf"(?:给|把|将)?\s*(?P<who>\S+?)的?标签\s*(?P<tags>\S+?)\s*{OFF}",
    rf"(?:给|把|将)?\s*(?P<who>\S+?)\s*{OFF}标签[:：\s]*(?P<tags>.+)",
    rf"(?:把|将)\s*(?P<who>\S+)的\s*(?P<tags>[^\s的]+?)\s*标签\s*{OFF}",
)
def take(turn: Turn, phrase: Phrase) -> Reply:
    """去掉标签 华星 高意向, 去掉华星的标签高意向."""
    example = "去掉标签 华星科技 高意向"
    customer = customers.get(turn.ctx, customer_named(turn, phrase.given["who"], example), to_change=True)
    gone = tags.take(turn.ctx, customer, tags_in(phrase.given["tags"]))
    words = f"去掉：{'、'.join(gone)}" if gone else "没有这些标签，没有动"
    return _shown(turn, customer.id, words, changed=bool(gone))


def _shown(turn: Turn, customer_id: int, words: str, *, changed: bool) -> Reply:
    turn.memory.customer_id = customer_id
    if changed:
        turn.memory.record = turn.ctx.inbox_id
    customer = customers.get(turn.ctx, customer_id)
    called = customers.short_names(turn.ctx, [customer_id])[customer_id]
    inbox = turn.ctx.inbox_id if changed else None
    return Reply(
        cards=(cards.tagged_card(called, customer_id, tags.of_customer(turn.ctx, customer), inbox, words),)
    )


@router.command("标签", "所有标签", "标签列表", reads=True)
def listing(turn: Turn, reading: Reading) -> Reply:
    """标签: all of them."""
    return Reply(cards=(cards.listing_card(tags.listing(turn.ctx)),))


@router.command("标签 重算", "标签重算", "重算标签")
def again(turn: Turn, reading: Reading) -> Reply:
    """标签 重算: every rule, now."""
    need(turn.ctx, Right.CONFIGURE)
    ruled = tags.with_rules(turn.ctx)
    if not ruled:
        return Reply(text=f"还没有标签规则。这样设：标签规则 沉睡 90天没跟进。条件可以是：{EXAMPLES}")
    lines = []
    for tag in ruled:
        on, off = tags.recompute(turn.ctx, tag, AT_ONCE)
        more = "，其余夜里接着算" if AT_ONCE in (on, off) else ""
        lines.append(f"{tag.name}：打上{on}家，去掉{off}家{more}")
    return Reply(text="\n".join(["标签已重算。", *lines]))


@router.phrase(
    r"标签规则[:：\s]+(?P<tag>\S+)[\s:：]+(?P<rule>.+)",
    r"标签规则[:：\s]*(?P<tag>\S+?)\s*(?:=|是|：|:)\s*(?P<rule>.+)",
)
def set_rule(turn: Turn, phrase: Phrase) -> Reply:
    """标签规则 沉睡 90天没跟进; 标签规则 沉睡 取消."""
    need(turn.ctx, Right.CONFIGURE)
    words = phrase.given["rule"]
    gone = words in {"取消", "删除", "停用", "去掉", "关闭"}
    rule: Rule | None = None if gone else rule_of(turn.ctx, words)
    if rule is None and not gone:
        raise UserMistake(f"“{words}”没有看懂。条件可以是：{EXAMPLES}")
    tag = tags.set_rule(turn.ctx, phrase.given["tag"], rule)
    counted = tags.recompute(turn.ctx, tag, AT_ONCE)
    turn.memory.record = turn.ctx.inbox_id
    card = cards.rule_card(tag.name, rule.words if rule else "", counted, turn.ctx.inbox_id or 0)
    return Reply(cards=(card,))


@router.command("标签规则", reads=True)
def rules(turn: Turn, reading: Reading) -> Reply:
    """标签规则: those that there are."""
    ruled = [f"{one.name}：{one.rule}" for one in tags.listing(turn.ctx) if one.rule]
    head = ["自动标签的规则：", *ruled] if ruled else ["还没有标签规则。"]
    return Reply(text="\n".join([*head, f"这样设：标签规则 沉睡 90天没跟进。条件可以是：{EXAMPLES}"]))


@router.phrase(r"(?:标签|有标签|查标签)[:：\s]+(?P<words>\S.*)", r"(?P<words>\S+)(?:的标签|\s+标签)")
def about(turn: Turn, phrase: Phrase) -> Reply | None:
    """标签 高意向: who has it; 华星的标签: its tags; 标签 华星 高意向: put it on."""
    parts = tags_in(phrase.given["words"])
    if len(parts) == 1:
        page = tags.customers_with(turn.ctx, parts[0])
        if page is not None:
            return _page(turn, page, 0)
        found = find_named(turn, parts[0])
        if len(found) == 1:
            return _shown(turn, found[0], "", changed=False)
        if not phrase.text.startswith("标签"):
            return None
        return Reply(text=f"没有“{parts[0]}”这个标签。看全部回复 标签，打标签这样说：{PUT}")
    return _put(turn, parts[0], parts[1:]) if parts else None


@router.action("tag.more", reads=True)
def more(turn: Turn, press: Press) -> Reply:
    """更多."""
    return _on(turn, 0, press.action.extra)


@paged("tags")
def _on(turn: Turn, _record: int, start: str) -> Reply:
    """A page; `start` is how many come before it, and the tag."""
    skip, _, name = start.partition(":")
    page = tags.customers_with(turn.ctx, name, int(skip))
    if page is None:
        raise UserMistake(f"标签“{name}”已经不在了。")
    return _page(turn, page, int(skip))


def _page(turn: Turn, page: tags.Page, skip: int) -> Reply:
    if page.after is not None:
        goes_on(turn, "tags", 0, f"{page.after}:{page.tag}")
    return Reply(cards=(cards.customers_card(page, skip),))


@router.intent(Intent.TAG)
def said(turn: Turn, reading: Reading) -> Reply:
    """Tags said in a sentence: 这家标记为高意向."""
    sure = [int(c.key) for c in reading.customers if c.key and c.found is not Found.FUZZY]
    ids = sure or ([turn.memory.customer_id] if turn.memory.customer_id is not None else [])
    if len(ids) != 1 or not reading.tags:
        raise UserMistake(f"给哪家打什么标签？这样说：{PUT}")
    customer = customers.get(turn.ctx, ids[0], to_change=True)
    if reading.comment:
        gone = tags.take(turn.ctx, customer, reading.tags)
        return _shown(
            turn, customer.id, f"去掉：{'、'.join(gone)}" if gone else "没有这些标签", changed=bool(gone)
        )
    new = tags.put(turn.ctx, customer, reading.tags)
    return _shown(
        turn, customer.id, f"打上：{'、'.join(new)}" if new else "这些标签已经有了", changed=bool(new)
    )
