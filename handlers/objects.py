"""对象: kinds of records of the organisation's own, and their records by name and by number."""

from __future__ import annotations

import re
from collections.abc import Mapping

from cards import records as cards
from cards.custom import settled_card
from crm import customers
from crm.colleagues import NAME, one_of
from crm.custom import fields, objects, records
from crm.custom.objects import NewObject
from crm.custom.records import NewRecord
from crm.custom.values import Change
from crm.errors import UserMistake
from crm.rights import ROLE_NAMES, Right, need
from handlers import held
from handlers.field_words import new_field
from handlers.paging import goes_on, paged
from handlers.reply import Notice, Reply
from handlers.router import Router
from handlers.said import whom
from handlers.turn import Pending, Phrase, Press, Turn
from nlu.reading import CustomAsk, Reading
from store.tables import Customer, CustomObject, CustomRecord, Role

router = Router("objects")
router.help(
    "对象 新增 样机借用 编号YJ 字段 设备 文本, 归还日期 日期", "加一种自己的记录，带编号和字段", "admin"
)
router.help("对象", "有哪些自己的记录；发名字看列表，例如：样机借用", "admin", "director", "manager", "sales")

HELP = """管理员这样加自己的记录：
· 对象 新增 样机借用 编号YJ 字段 设备 文本, 归还日期 日期
· 字段 样机借用 新增 状态 单选 借出/归还
· 对象 样机借用 角色 销售 主管（写“全部”是大家都能用）
· 对象 样机借用 改名 样机管理 / 对象 删除 样机借用
大家这样用：
· 样机借用 新增 华润置地 GA37 归还日期 12月1日
· 样机借用 / YJ-2026-0001 / YJ-2026-0001 归还日期 12月5日 / YJ-2026-0001 转给李娜"""

_NEW = re.compile(
    r"(?:新增|添加|新建|增加)\s*(?P<name>\S+?)\s*[,，]?\s*编号\s*[:：]?\s*(?P<prefix>[A-Za-z]+)"
    r"(?:\s*[,，;；]?\s*(?:给|角色)\s*(?P<roles>[^字]+?))?(?:\s*[,，;；]?\s*字段\s*[:：]?\s*(?P<fields>.+))?",
    re.DOTALL,
)
_BETWEEN = re.compile(r"[,，;；\n]+")
_NUMBER = r"(?P<number>[A-Za-z]{2,6}-\d{4}-\d{4,6})"


@router.phrase(r"对象(?:设置|管理)?[\s:：]*(?P<rest>.*)")
def configure(turn: Turn, phrase: Phrase) -> Reply | None:
    """对象, 对象 新增 …, 对象 样机借用 角色 …."""
    rest = phrase.given["rest"]
    if rest in ("", "列表", "有哪些"):
        return _all(turn)
    if rest in ("帮助", "怎么用", "?", "说明"):
        return Reply(text=HELP)
    if re.match(r"(?:新增|添加|新建|增加)(?:\s|.*编号)", rest):
        return _add(turn, rest)
    swapped = re.fullmatch(r"(删除|停用)\s+(\S+)", rest)
    name, _, words = f"{swapped[2]} {swapped[1]}".partition(" ") if swapped else rest.partition(" ")
    if not any(one.name == name for one in objects.every(turn.ctx)) and not re.match(
        r"角色|改名|删除|停用", words
    ):
        return None
    return _of_object(turn, objects.find(turn.ctx, name), words.strip())


def _all(turn: Turn) -> Reply:
    kinds = [one for one in objects.every(turn.ctx) if objects.may_use(turn.ctx, one)]
    if not kinds:
        return Reply(text=f"还没有自己的记录。\n{HELP}")
    lines = [f"· {one.name}（{one.prefix}）：{records.listed(turn.ctx, one).count}条" for one in kinds]
    return Reply(text="\n".join(["自己的记录：", *lines, "发名字看列表，发“对象 帮助”看怎么加。"]))


def _add(turn: Turn, rest: str) -> Reply:
    found = _NEW.fullmatch(rest)
    if found is None:
        raise UserMistake(f"要有名称和编号，例如：{objects.EXAMPLE}")
    parts = [part.strip() for part in _BETWEEN.split(found["fields"] or "") if part.strip()]
    roles = objects.roles_of(found["roles"]) if found["roles"] else ()
    new = NewObject(found["name"], found["prefix"], tuple(new_field(part) for part in parts), roles)
    return _shown(turn, objects.add(turn.ctx, new), "已新增对象")


def _of_object(turn: Turn, kind: CustomObject, words: str) -> Reply:
    verb, _, more = words.partition(" ")
    if not words:
        return _shown(turn, kind, "对象", written=False)
    if verb == "角色":
        return _shown(turn, objects.set_roles(turn.ctx, kind, objects.roles_of(more)), "已更新对象")
    if verb in ("改名", "重命名") and more:
        return _shown(turn, objects.rename(turn.ctx, kind, more), "对象已改名")
    if verb in ("删除", "停用"):
        return _ask_remove(turn, kind)
    raise UserMistake(f"这句没看懂，发“对象 帮助”看写法，例如：对象 {kind.name} 角色 销售 主管")


def _shown(turn: Turn, kind: CustomObject, title: str, *, written: bool = True) -> Reply:
    if written:
        turn.memory.record, turn.memory.pending = turn.ctx.inbox_id, None
    roles = "、".join(ROLE_NAMES[Role(role)] for role in kind.roles) or "大家"
    message = (turn.ctx.inbox_id or 0) if written else 0
    own = fields.listed(turn.ctx, kind.key)
    return Reply(cards=(cards.object_card(f"{title} · {kind.name}", kind, own, roles, message),))


def _ask_remove(turn: Turn, kind: CustomObject) -> Reply:
    need(turn.ctx, Right.CONFIGURE)
    message = turn.ctx.inbox_id or 0
    turn.memory.ask("object.sure", {"object": str(kind.id), "held": message}, turn.now)
    count = objects.records_of(turn.ctx, kind)
    return Reply(cards=(cards.remove_object_card(kind.name, count, str(kind.id), kind.version, message),))


@router.action("object.remove")
def removed(turn: Turn, press: Press) -> Reply:
    """删除对象."""
    return _remove(turn, int(press.action.object_id), int(press.action.extra or 0))


@router.answer("object.sure")
def remove_answered(turn: Turn, pending: Pending) -> Reply | None:
    """删除 or 不删, typed."""
    said, message = held.said(turn), int(pending.data["held"])
    if said in held.YES | {"删除", "确认", "确认删除", "删", "删掉"}:
        return _remove(turn, int(pending.data["object"]), message)
    if said in held.NO | held.DROP | {"不删"}:
        turn.memory.pending = None
        return Reply(text="好，没有删除。", refresh=(settled_card("删除对象", message, "没有删除"),))
    return None


def _remove(turn: Turn, object_id: int, message: int) -> Reply:
    kind = turn.ctx.session.get(CustomObject, object_id)
    if kind is None or kind.archived_at is not None:
        raise UserMistake("这种对象已经删除了。")
    objects.remove(turn.ctx, kind)
    turn.memory.record, turn.memory.pending = turn.ctx.inbox_id, None
    return Reply(
        text=f"已删除对象“{kind.name}”，记录都留着。删错了回复“撤销”。",
        refresh=(settled_card(f"删除对象“{kind.name}”", message, "已删除"),),
    )


@router.phrase(rf"{_NUMBER}\s*(?P<rest>归档|关闭|结束|完成|删除|恢复|打开|查看|)")
def by_number(turn: Turn, phrase: Phrase) -> Reply | None:
    """YJ-2026-0001, YJ-2026-0001 归档."""
    row = records.by_number(turn.ctx, phrase.given["number"])
    if row is None:
        return None
    rest = phrase.given["rest"]
    if rest in ("", "打开", "查看"):
        return _opened(turn, row)
    if rest == "恢复":
        return _written(turn, records.restore(turn.ctx, row), "已恢复")
    return _written(turn, records.archive(turn.ctx, row), "已归档")


@router.phrase(rf"(?:把)?{_NUMBER}\s*(?:转给|交给|移交给?|给)\s*(?P<to>{NAME})")
def give(turn: Turn, phrase: Phrase) -> Reply | None:
    """YJ-2026-0001 转给李娜."""
    row = records.by_number(turn.ctx, phrase.given["number"])
    if row is None:
        return None
    to = one_of(turn.ctx.session, phrase.given["to"])
    records.give(turn.ctx, row, to)
    turn.memory.record, turn.memory.pending = turn.ctx.inbox_id, None
    what = f"{records.kind_of(turn.ctx, row).name}{row.number}（{row.title}）"
    told = Notice(to.id, text=f"{turn.actor.name}把{what}转给了你。发“{row.number}”看详情。")
    notices = (told,) if to.id != turn.actor.id else ()
    return Reply(f"已把{what}转给{to.name}。转错了回复“撤销”。", notices=notices)


@router.action("record.open", reads=True)
def opened(turn: Turn, press: Press) -> Reply:
    """A record from a list."""
    return _opened(turn, records.get(turn.ctx, int(press.action.object_id)))


@router.action("record.archive")
def archived(turn: Turn, press: Press) -> Reply:
    """归档 on the card of a record."""
    row = records.get(turn.ctx, int(press.action.object_id))
    reply = _written(turn, records.archive(turn.ctx, row), "已归档")
    return Reply(text=f"{row.number}已归档，恢复就回复：{row.number} 恢复", refresh=reply.refresh)


@router.action("record.list", reads=True)
def more(turn: Turn, press: Press) -> Reply:
    """更多 records of a kind."""
    return _on(turn, int(press.action.object_id), press.action.extra)


@paged("records")
def _on(turn: Turn, kind_id: int, start: str) -> Reply:
    kind = turn.ctx.session.get(CustomObject, kind_id)
    if kind is None:
        raise UserMistake("这种对象已经删除了。")
    skip, customer_id, mine = (int(one) for one in start.split("|"))
    return _page(turn, kind, customer_id or None, skip, mine=bool(mine))


def add_record(turn: Turn, said: Reading, asked: CustomAsk) -> Reply:
    """样机借用 新增 华星 GA37 归还日期 12月1日."""
    kind = objects.find(turn.ctx, asked.object)
    objects.need_use(turn.ctx, kind)
    customer = _customer(turn, said)
    given = {one.key: one.value for one in asked.said}
    new = NewRecord(customer.id if customer is not None else None, asked.free, given)
    row = records.add(turn.ctx, kind, new)
    turn.memory.record, turn.memory.pending = turn.ctx.inbox_id, None
    if customer is not None:
        turn.memory.customer_id = customer.id
    view = records.shown(turn.ctx, row)
    card = cards.record_card(
        view, turn.ctx.local, f"已新增{kind.name} · {row.number}", turn.ctx.inbox_id or 0
    )
    return Reply(cards=(card,))


def list_records(turn: Turn, said: Reading, asked: CustomAsk) -> Reply:
    """样机借用, 样机借用 华星."""
    customer = _customer(turn, said)
    kind = objects.find(turn.ctx, asked.object)
    return _page(turn, kind, customer.id if customer is not None else None, 0, mine=asked.mine)


def need_record(turn: Turn, number: str) -> CustomRecord:
    """The record with this number. Raises `UserMistake` without one."""
    row = records.by_number(turn.ctx, number)
    if row is None:
        raise UserMistake(f"没有{number}这条记录，检查一下编号。")
    return row


def update(turn: Turn, row: CustomRecord, given: Mapping[str, str]) -> list[Change]:
    """Set fields of a record."""
    return records.update(turn.ctx, row, given)


def changed_reply(turn: Turn, row: CustomRecord) -> Reply:
    """The card of a record that was just changed."""
    return _written(turn, row, "已更新")


def _customer(turn: Turn, said: Reading) -> Customer | None:
    """The customer that is named; None without one. Raises `UserMistake` where that is not sure."""
    if not (said.customers or said.candidates):
        return None
    who = whom(turn.ctx, said)
    if len(who.sure) == 1:
        return customers.get(turn.ctx, who.sure[0])
    if who.options:
        names = "、".join(one.name for one in who.options)
        raise UserMistake(f"“{who.said}”可能是：{names}。写全名再说一遍。")
    if who.new:
        raise UserMistake(f"没有找到客户“{who.new}”，没有写入。要新建就回复：新增客户 {who.new}")
    raise UserMistake("一次写一家客户，例如：样机借用 新增 华润置地 GA37")


def _opened(turn: Turn, row: CustomRecord) -> Reply:
    if row.customer_id is not None:
        turn.memory.customer_id = row.customer_id
    return Reply(cards=(cards.record_card(records.shown(turn.ctx, row), turn.ctx.local),))


def _written(turn: Turn, row: CustomRecord, done: str) -> Reply:
    turn.memory.record, turn.memory.pending = turn.ctx.inbox_id, None
    view = records.shown(turn.ctx, row)
    title = f"{done} · {view.kind} {row.number}"
    return Reply(
        cards=(cards.record_card(view, turn.ctx.local, title, turn.ctx.inbox_id or 0),),
        refresh=(cards.record_card(view, turn.ctx.local),),
    )


def _page(turn: Turn, kind: CustomObject, customer_id: int | None, skip: int, *, mine: bool = False) -> Reply:
    page = records.listed(turn.ctx, kind, customer_id, skip, mine=mine)
    if page.after:
        goes_on(turn, "records", kind.id, f"{page.after}|{customer_id or 0}|{int(mine)}")
    return Reply(cards=(cards.records_card(page, skip, customer_id or 0, mine=mine),))
