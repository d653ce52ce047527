"""Which intent a message has: commands first, then the surest words, then what is left."""

from __future__ import annotations

import re
from collections.abc import Callable

from nlu.entities import Money, Number, Phone, Recurring, Time
from nlu.intents import cues
from nlu.intents.money import is_contract, is_order, is_payment, is_quote
from nlu.intents.plans import is_to_do
from nlu.patterns import lazy
from nlu.reading import Intent
from nlu.scene import Scene
from nlu.slots.stage import moved_to, outcome
from nlu.slots.words import APPROVE, NUMBER, REJECT, doer, receiver

_VERDICT_FIRST = lazy(
    r"^\s*(?:[这那][个单份笔])?的?(?:报价单?|合同|审批|申请)?[的,:\s]*(?:我|可以|就)?(?:不?同意|不?通过|"
    r"批准|批了|准了|驳回|拒绝|打回|退回(?!公海)|否决|不批|不予通过|可以通过)"
)
_LAST = lazy(cues.LAST)
_TOOK_PLACE = lazy("了|过(?!去|来)|刚|已")
_REPORT = lazy(
    r"(?:拜访|走访|回访|接待|参观|考察|演示|沟通|交流|对接|联系|汇报|培训|安装|调试)[了过完]|"
    r"(?:见|聊|谈|去|跑|碰|吃|喝|开|打|发|寄|送|陪)[了过完到]|刚从[^,。;]{1,12}(?:回来|出来)|通了?个?电话|"
    r"电话(?:里|沟通|联系)"
)
_PLAN = lazy(r"要是|如果|等|之后|以后|再(?:去|来|约)|没[去见聊谈打发开]|别|不要|准备|打算|计划|[明后]天")
_TIMED_MOVE = lazy(r"改成|改为|调|换到|变更为|更改为|改天|改时间")
_JOINED = lazy(r"(?<=\x01)\s*(?:、|和|跟|与|还有|以及)\s*(?=\x01)")
"""Between two names that stand for themselves."""
_HANDED = lazy(
    r"(?:资料|方案|文件|邮件|样品|名片|文档|合同|报价单?|发票|清单|图纸|消息|话|钱|"
    r"款)[^,。;]{0,4}(?:转给|交给|转交)"
)


def decide(scene: Scene) -> Intent:
    """The intent of the message."""
    if scene.command is not None:
        return _of_command(scene, scene.command.intent)
    if not scene.text.strip():
        return Intent.CHITCHAT
    for intent, holds in _RULES:
        if holds(scene):
            return intent
    return Intent.CHITCHAT


def _of_command(scene: Scene, intent: Intent) -> Intent:
    command = scene.command
    if command is None or command.slash:
        return intent
    if intent is Intent.APPROVE and not NUMBER.search(scene.text) and _named(scene) and scene.find(cues.MET):
        return Intent.LOG_ACTIVITY
    if intent is Intent.CANCEL and _undoes(scene):
        return Intent.UNDO
    return intent


def _named(scene: Scene) -> bool:
    return bool(scene.mentions.customers or scene.mentions.candidates)


def _undoes(scene: Scene) -> bool:
    return scene.find(cues.UNDO) is not None


def _approves(scene: Scene) -> bool:
    text = scene.text.strip()
    if NUMBER.search(text) and (APPROVE.search(text) or REJECT.search(text)) and len(text) <= 60:
        return not cues.ASK.search(text) and not scene.find(cues.MET)
    return (
        bool(_VERDICT_FIRST.match(text)) and len(text) <= 40 and not scene.people and not scene.find(cues.MET)
    )


def _helps(scene: Scene) -> bool:
    return not _named(scene) and not scene.people and cues.HELP.search(scene.text) is not None


def _deletes(scene: Scene) -> bool:
    if scene.find(cues.TAG) and scene.mentions.customers:
        return False
    if scene.find(cues.DELETE) and _LAST.search(scene.bare):
        return True
    if scene.find(cues.NOT_HELD) and scene.of(Time) and scene.find(cues.MOVE):
        return False
    return bool(scene.find(cues.CANCEL)) and not scene.find(cues.CANCELLED_BY)


def _corrects(scene: Scene) -> bool:
    if not scene.find(cues.CORRECT):
        return False
    if _LAST.match(scene.bare.lstrip("把将,")) or scene.context.quoted:
        times = [t for t in scene.of(Time) if t.span.text[0] != "刚"]
        return not (times and not scene.of(Money) and _is_move(scene))
    return not scene.find(cues.VISITED) and not (scene.people and scene.of(Phone))


def _is_move(scene: Scene) -> bool:
    return scene.find(cues.MOVE) is not None


def _has_figures(scene: Scene) -> bool:
    return any(isinstance(entity, Phone | Money) for entity in scene.entities)


def _moves(scene: Scene) -> bool:
    move = scene.find(cues.MOVE)
    if scene.find(cues.NOT_HELD) and (move or re.search("再约|约[了到在]", scene.bare)):
        return not _has_figures(scene)
    if not move or _has_figures(scene):
        return False
    times = [t for t in scene.of(Time) if t.grain in ("minute", "day", "part_of_day", "week")]
    if not times and not scene.of(Recurring):
        return (
            bool(re.search(r"推迟|延期|改期|改约|顺延|改时间|往后推|改天", scene.bare))
            and len(scene.text) <= 24
            and not scene.find(cues.MET)
        )
    after = any(t.span.start >= move.start() for t in times) or not _TIMED_MOVE.match(move[0])
    before = scene.bare[: move.start()]
    return after and not (cues.VISITED.search(before) and _TOOK_PLACE.search(before))


def _reminds(scene: Scene) -> bool:
    asked = scene.find(cues.REMIND)
    if asked:
        if _reported_before(scene, asked.start()):
            return False  # 今天见了王总，提醒我周三发方案: the reminder is the next step of the report
        return not (scene.find(cues.VISITED) and not re.search(r"提醒我|叫我|记得|别忘", scene.bare))
    if scene.of(Recurring) and scene.find(cues.RECURRING_TASK) and not scene.find(cues.ASK):
        return True
    return (
        doer(scene) is not None
        and bool(scene.of(Time) or len(scene.text) < 30)
        and not scene.bare.startswith("给")
    )


def _hands_over(scene: Scene) -> bool:
    if scene.find(cues.VISITED) or _HANDED.search(scene.bare):
        return False
    subject = _named(scene) or re.search(r"客户|这家|这个|名下|他|它", scene.bare)
    return bool(subject) and receiver(scene) is not None


def _asks(scene: Scene) -> bool:
    if _bare(scene) or cues.FIELD_ASKED.match(scene.bare):
        return True
    match = _question(scene)
    if match is None:
        return False
    business = (
        _named(scene) or scene.people or (scene.of(Phone) and "查" in scene.text) or scene.find(cues.BUSINESS)
    )
    return bool(business) and not _reported_elsewhere(scene, match.start())


def _question(scene: Scene) -> re.Match[str] | None:
    for match in scene.finds(cues.ASK):
        clause = scene.clause_at(match.start())
        if not cues.ASKED_BY.search(scene.bare, clause.start, match.start()):
            return match
    return None


def _reported_elsewhere(scene: Scene, place: int) -> bool:
    """Whether another clause tells of a meeting: then the question is part of the report."""
    asked = scene.clause_at(place)
    return any(c != asked and cues.MET.search(scene.bare, c.start, c.end) for c in scene.clauses)


def _reported_before(scene: Scene, place: int) -> bool:
    """Whether a clause before the place tells of something that took place."""
    here = scene.clause_at(place)
    return any(
        c.end <= here.start
        and _REPORT.search(scene.bare, c.start, c.end)
        and not _PLAN.search(scene.bare, c.start, c.end)
        for c in scene.clauses
    )


def _bare(scene: Scene) -> bool:
    """A name alone, or a name with what is wanted of it: 华润置地, 万科 最近跟进, 王总的电话."""
    text = scene.bare
    if cues.SMALL_TALK.search(text):
        return False
    places = [(p.start, p.end) for p in scene.people]
    for start, end in places:
        text = text[:start] + "\x01" * (end - start) + text[end:]
    named = "\x01" in text
    phone = scene.of(Phone)
    if not named and phone and phone[0].span.text.strip() == scene.text.strip():
        return True
    return named and cues.LOOK_UP.fullmatch(_JOINED.sub("", text).replace("\x01", "")) is not None


def _gives_points(scene: Scene) -> bool:
    if not scene.find(cues.POINTS):
        return False
    said = scene.of(Number) or re.search("清零|清空|清掉", scene.bare)
    given = scene.find(cues.POINTS_GIVEN) or re.search("清", scene.bare)
    return bool(given and said)


def _opens_ticket(scene: Scene) -> bool:
    if not scene.find(cues.TICKET) or scene.find(cues.VISITED):
        return False
    return (
        True
        if _named(scene) or scene.people
        else bool(re.search(r"报修|投诉|工单|客户|会员|门店|设备|机器|系统|空调|打印机|售后", scene.bare))
    )


def _changes_stage(scene: Scene) -> bool:
    if scene.find(cues.VISITED) or not (
        _named(scene) or scene.people or scene.context.last_customer or scene.find(cues.NEWS)
    ):
        return False
    return outcome(scene) is not None or moved_to(scene) is not None


def _changes_contact(scene: Scene) -> bool:
    if scene.find(cues.VISITED) or not scene.people:
        return False
    if re.search(r"备注[:是]?", scene.bare[: scene.people[0].start]):
        return False
    return bool(scene.find(cues.CONTACT_FACT) or scene.of(Phone)) and not scene.find(cues.MET)


def _changes_customer(scene: Scene) -> bool:
    return _named(scene) and bool(scene.find(cues.CUSTOMER_FACT)) and not scene.find(cues.MET)


def _tells(scene: Scene) -> bool:
    text = scene.bare
    if _named(scene):
        return True
    tells = scene.find(cues.MET) or scene.find(cues.NEWS)
    if scene.people:
        rest = len(text.strip()) - sum(p.end - p.start for p in scene.people)
        told = (
            tells
            or re.search(r"说|让|同意|答应|回复|反馈|要|出差|约", text)
            or (scene.of(Time) and cues.STEP_ONLY.search(text))
        )
        return bool(told) and rest >= 2 and not (scene.find(cues.SMALL_TALK) and not tells)
    if scene.context.last_customer and re.search(r"[他她]们?说|对方|[他她]们?要|同意了|答应", text):
        return True
    if scene.find(cues.SMALL_TALK) and not scene.find(cues.THEM):
        return False
    if scene.find(cues.NEWS) and any(t.deadline or t.value > scene.now for t in scene.of(Time)):
        return True
    if scene.find(cues.THEM) and re.search(r"说|让|觉得|嫌|贵|反馈|希望|答应|同意", text):
        return True
    return (
        bool(tells and scene.find(cues.THEM))
        or bool(re.search(r"拜访|走访|陌拜", text))
        or bool(scene.find(cues.NEWS) and scene.of(Money))
    )


def _claims(scene: Scene) -> bool:
    return scene.find(cues.CLAIM) is not None and not scene.find(cues.VISITED)


def _releases(scene: Scene) -> bool:
    return scene.find(cues.RELEASE) is not None and (
        _named(scene) or "公海" in scene.bare or bool(scene.context.last_customer) or "客户" in scene.bare
    )


_RULES: tuple[tuple[Intent, Callable[[Scene], object]], ...] = (
    (Intent.UNDO, _undoes),
    (Intent.HELP, _helps),
    (Intent.APPROVE, _approves),
    (Intent.CANCEL, _deletes),
    (Intent.CORRECT, _corrects),
    (Intent.RESCHEDULE, _moves),
    (Intent.REMIND, lambda scene: _reminds(scene) or is_to_do(scene)),
    (Intent.RELEASE, _releases),
    (Intent.CLAIM, _claims),
    (Intent.TRANSFER, _hands_over),
    (Intent.QUERY, _asks),
    (Intent.ADD_CUSTOMER, lambda scene: scene.find(cues.ADD) and not scene.find(cues.VISITED)),
    (Intent.POINTS, _gives_points),
    (Intent.TAG, lambda scene: scene.find(cues.TAG)),
    (Intent.TICKET, _opens_ticket),
    (Intent.PAYMENT, is_payment),
    (Intent.CONTRACT, is_contract),
    (Intent.ORDER, is_order),
    (Intent.UPDATE_STAGE, _changes_stage),
    (Intent.QUOTE, is_quote),
    (Intent.UPDATE_CONTACT, _changes_contact),
    (Intent.UPDATE_CUSTOMER, _changes_customer),
    (Intent.LOG_ACTIVITY, _tells),
)
