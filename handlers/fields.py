"""字段: the fields that the organisation adds, by an administrator in the chat, at once, no restart."""

from __future__ import annotations

import re
from collections.abc import Callable

from cards import custom as cards
from crm.custom import fields, formulas, past, specs
from crm.custom.builtin import OBJECT_WORDS, built_in
from crm.errors import UserMistake
from crm.rights import Right, need
from handlers import held
from handlers.field_words import EXAMPLE, HELP, new_field, options_of
from handlers.paging import goes_on, paged
from handlers.reply import Reply
from handlers.router import Router
from handlers.turn import Pending, Phrase, Press, Turn
from store.tables import CustomField

router = Router("fields")
router.help(
    "字段 客户 新增 设备型号偏好 单选 A/B/C", "加自己的字段，马上能填、能查；发“字段 帮助”看全部写法", "admin"
)
router.help("字段 客户", "看客户有哪些字段", "admin", "director", "manager")

_ADD = r"新增|添加|增加|新建|加"
_RENAME = re.compile(r"(?P<old>\S+?)\s*(?:->|→|改名为?|改成|改为|为|\s)\s*(?P<new>\S+)")
_OLD_FIRST = re.compile(r"(?P<old>\S+?)\s*(?:改名为?|改叫|改称)\s*(?P<new>\S+)")
_OF_FIELD = re.compile(
    r"(?P<label>\S+?)\s*(?P<verb>加选项|新增选项|添加选项|增加选项|减选项|删选项|删除选项|去掉选项|公式|必填|选填)"
    r"[\s:：=]*(?P<more>.*)",
    re.DOTALL,
)
_REMOVE = "field.sure"


@router.phrase(
    r"字段(?:设置|管理|配置)?[\s:：]*(?P<rest>.*)",
    rf"(?:给|为)?(?P<object>\S{{1,10}}?)\s*(?:{_ADD})(?:一个|个)?(?:自定义)?字段[\s:：]*(?P<added>.+)",
    rf"(?:{_ADD})(?:一个|个)?(?:自定义)?字段[\s:：]+(?P<object>\S+)\s+(?P<added>.+)",
)
def configure(turn: Turn, phrase: Phrase) -> Reply | None:
    """字段 客户 新增 …, 字段 客户, 字段 历史."""
    given = phrase.given
    if given.get("added"):
        if given["object"] not in OBJECT_WORDS:
            return None
        return _add(turn, fields.object_key(turn.ctx, given["object"]), given["added"])
    rest = given.get("rest", "")
    if rest in ("", "帮助", "怎么用", "?", "说明"):
        return Reply(text=HELP)
    if rest in ("历史", "改动", "记录", "改动历史", "版本"):
        return _history(turn, 0)
    word, _, words = rest.partition(" ")
    swapped = re.fullmatch(rf"({_ADD}|删除|改名|恢复)\s+(\S+)\s+(.+)", rest, re.DOTALL)
    if swapped is not None:
        word, words = swapped[2], f"{swapped[1]} {swapped[3]}"
    object_ = fields.object_key(turn.ctx, word)
    return _of_object(turn, object_, words.strip())


def _of_object(turn: Turn, object_: str, words: str) -> Reply:
    """What is to be done with the fields of one kind of record."""
    called = fields.object_name(turn.ctx, object_)
    if words in ("", "列表", "有哪些"):
        return Reply(cards=(cards.fields_card(called, fields.listed(turn.ctx, object_), built_in(object_)),))
    verbs: tuple[tuple[str, Callable[[Turn, str, str], Reply]], ...] = (
        (_ADD, _add),
        ("改名|重命名", _rename),
        ("删除|移除|去掉|停用", _ask_remove),
        ("恢复|启用|还原", _restore),
    )
    for pattern, run in verbs:
        found = re.fullmatch(rf"(?:{pattern})(?:字段)?[\s:：]+(?P<more>.+)", words, re.DOTALL)
        if found is not None:
            return run(turn, object_, found["more"].strip())
    return _of_field(turn, object_, words)


def _of_field(turn: Turn, object_: str, words: str) -> Reply:
    """设备型号偏好 加选项 D, 车牌 改名 车牌号, 年返点 公式 …, or a field alone."""
    renamed = _OLD_FIRST.fullmatch(words)
    if renamed is not None:
        return _renamed(turn, object_, renamed["old"], renamed["new"])
    found = _OF_FIELD.fullmatch(words)
    if found is None:
        if " " in words:
            raise UserMistake(f"这句没看懂，例如：{EXAMPLE}。发“字段 帮助”看全部写法。")
        return _shown(turn, fields.find(turn.ctx, object_, words), "字段", written=False)
    row = fields.find(turn.ctx, object_, found["label"])
    verb, more = found["verb"], found["more"].strip()
    if verb == "公式":
        row = fields.set_formula(turn.ctx, row, more)
    elif verb in ("必填", "选填"):
        row = fields.set_required(turn.ctx, row, required=verb == "必填")
    elif verb[0] in "加新添增":
        row = fields.add_options(turn.ctx, row, options_of(more))
    else:
        row = fields.drop_options(turn.ctx, row, options_of(more))
    return _shown(turn, row, "已更新字段")


def _add(turn: Turn, object_: str, said: str) -> Reply:
    return _shown(turn, fields.add(turn.ctx, object_, new_field(said)), "已新增字段")


def _rename(turn: Turn, object_: str, said: str) -> Reply:
    found = _RENAME.fullmatch(said)
    if found is None:
        raise UserMistake("改成什么？例如：字段 客户 改名 车牌 车牌号")
    return _renamed(turn, object_, found["old"], found["new"])


def _renamed(turn: Turn, object_: str, old: str, new: str) -> Reply:
    row = fields.find(turn.ctx, object_, old)
    return _shown(turn, fields.rename(turn.ctx, row, new), "字段已改名")


def _restore(turn: Turn, object_: str, said: str) -> Reply:
    return _shown(turn, fields.restore(turn.ctx, object_, said), "已恢复字段")


def _shown(turn: Turn, row: CustomField, title: str, *, written: bool = True) -> Reply:
    """The card of a field; one just written can be taken back."""
    if written:
        turn.memory.record, turn.memory.pending = turn.ctx.inbox_id, None
    spec = specs.of_row(row)
    formula = formulas.spoken(spec.formula, fields.columns(turn.ctx, row.object)) if spec.formula else ""
    called = fields.object_name(turn.ctx, row.object)
    message = (turn.ctx.inbox_id or 0) if written else 0
    return Reply(cards=(cards.field_card(f"{title} · {spec.label}", called, spec, formula, message),))


def _ask_remove(turn: Turn, object_: str, said: str) -> Reply:
    """Removing hides data: shown what it is, done when confirmed."""
    need(turn.ctx, Right.CONFIGURE)
    row = fields.find(turn.ctx, object_, said)
    message = turn.ctx.inbox_id or 0
    turn.memory.ask(_REMOVE, {"field": str(row.id), "version": row.version, "held": message}, turn.now)
    called, filled = fields.object_name(turn.ctx, object_), fields.filled(turn.ctx, row)
    return Reply(cards=(cards.remove_card(called, specs.of_row(row), filled, message),))


@router.action("field.remove")
def removed(turn: Turn, press: Press) -> Reply:
    """删除字段."""
    return _remove(turn, int(press.action.object_id), press.action.version, int(press.action.extra or 0))


@router.action("field.keep")
def kept(turn: Turn, press: Press) -> Reply:
    """不删."""
    turn.memory.pending = None
    return Reply(refresh=(cards.settled_card("删除字段", int(press.action.extra or 0), "没有删除"),))


@router.answer(_REMOVE)
def remove_answered(turn: Turn, pending: Pending) -> Reply | None:
    """删除 or 不删, typed."""
    said, message = held.said(turn), int(pending.data["held"])
    if said in held.YES | {"删除", "确认", "确认删除", "删", "删掉", "删除字段"}:
        return _remove(turn, int(pending.data["field"]), int(pending.data["version"]), message)
    if said in held.NO | held.DROP | {"不删"}:
        turn.memory.pending = None
        return Reply(text="好，没有删除。", refresh=(cards.settled_card("删除字段", message, "没有删除"),))
    return None


def _remove(turn: Turn, field_id: int, version: int, message: int) -> Reply:
    row = fields.get(turn.ctx, field_id, version)
    row = fields.remove(turn.ctx, row)
    turn.memory.record, turn.memory.pending = turn.ctx.inbox_id, None
    called = fields.object_name(turn.ctx, row.object)
    return Reply(
        text=f"已删除{called}字段“{row.label}”，数据都留着。要找回来回复：字段 {called} 恢复 {row.label}",
        refresh=(cards.settled_card(f"删除{called}字段“{row.label}”", message, "已删除"),),
    )


@router.action("field.history", reads=True)
def history(turn: Turn, press: Press) -> Reply:
    """改动历史, a page at a time."""
    return _history(turn, int(press.action.extra or 0))


def _history(turn: Turn, skip: int) -> Reply:
    page = past.history(turn.ctx, skip)
    if page.after:
        goes_on(turn, "field.history", 0, str(page.after))
    return Reply(cards=(cards.history_card(page, turn.ctx.local),))


@paged("field.history")
def _history_on(turn: Turn, _record: int, start: str) -> Reply:
    return _history(turn, int(start))
