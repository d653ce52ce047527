"""Cards of rights: what a role may, a change of it, a request to work on a customer, a revealed number."""

from __future__ import annotations

import re
from collections.abc import Sequence
from datetime import date, datetime, time, timedelta

from cards import words
from cards.card import Action, Button, Card, Fact, Tone
from crm.collaborators import Shared, Worker
from crm.reveals import Look, Revealed
from crm.rights import ROLE_NAMES
from crm.rights.change import RoleRights, Setting

RIGHT_WORDS = {"read": "可看", "write": "可写", "asked": "申请中"}

NAMED = re.compile(r"(?P<name>[^，\s]{2,40}?)(?:已存在|由[^，]{1,12}负责)，")
"""A refusal that names the customer it is about."""


def rights_card(view: RoleRights, *, mine: bool, note: str = "") -> Card:
    """What a role sees, changes and may do."""
    fields = "、".join(f"{name}{how}" for name, how in view.fields)
    facts = [Fact(name, how) for name, how in view.scopes]
    facts.append(Fact("可以做", "、".join(view.may) or "没有额外的权限"))
    if view.may_not:
        facts.append(Fact("不能做", "、".join(view.may_not)))
    if fields:
        facts.append(Fact("字段", fields))
    name = ROLE_NAMES[view.role]
    return Card(f"你的权限 · {name}" if mine else f"{name}的权限", facts=tuple(facts), note=note)


def setting_card(setting: Setting, inbox_id: int) -> Card:
    """A right that was set, with the way back."""
    name = ROLE_NAMES[setting.role]
    if setting.same:
        return Card(f"{name} · {setting.what}本来就是{setting.after}", note="没有改动")
    return Card(
        f"已设置 · {name}",
        tone=Tone.SUCCESS,
        facts=(Fact(setting.what, setting.after), Fact("原来", setting.before)),
        buttons=(Button("撤销", Action("undo", str(inbox_id)), say="回复 撤销"),),
        note="马上生效",
    )


def elsewhere_card(message: str, customer_id: int) -> Card:
    """A customer that is somebody else's: no more than who that is, and a way to be let in."""
    named = NAMED.match(message)
    say = f"回复 申请协作 {named['name']}" if named else "直接说，例如：申请协作 恒瑞医药"
    ask = Button("申请协作", Action("collaborator.ask", str(customer_id)), say=say)
    return Card(message.split("，", 1)[0], body=message, buttons=(ask,))


def request_card(shared: Shared, reason: str = "", done: str = "") -> Card:
    """李娜申请协作华星科技, for the owner to decide."""
    worker, key = shared.worker, str(shared.worker.id)
    name = words.one_line(shared.customer.name, 20)
    said = f"{words.short(shared.customer.name)} {worker.name}"
    buttons = (
        Button(
            "同意查看",
            Action("collaborator.read", key, worker.version),
            Tone.PRIMARY,
            say=f"回复 协作 {said} 可看",
        ),
        Button("同意修改", Action("collaborator.write", key, worker.version), say=f"回复 协作 {said} 可写"),
        Button(
            "拒绝",
            Action("collaborator.refuse", key, worker.version),
            Tone.DANGER,
            say=f"回复 拒绝协作 {said}",
        ),
    )
    facts = [Fact("客户", name), Fact("申请人", worker.name)]
    if reason:
        facts.append(Fact("原因", words.one_line(reason, 60)))
    return Card(
        f"{worker.name}申请协作 · {name}",
        facts=tuple(facts),
        buttons=() if done else buttons,
        note="" if done else "同意后对方能看到跟进、联系人和报价；修改还包括记跟进",
        done=done,
        about=("collaborator", key),
    )


def shared_card(shared: Shared, until: datetime | None, today: date, inbox_id: int) -> Card:
    """A colleague works on a customer from now on."""
    worker = shared.worker
    facts = (
        Fact("客户", words.one_line(shared.customer.name, 20)),
        Fact("协作人", f"{worker.name}（{RIGHT_WORDS[worker.right]}）"),
        Fact("截止", until_words(until, today)),
    )
    undo = (Button("撤销", Action("undo", str(inbox_id)), say="回复 撤销"),) if shared.changed else ()
    title = "已加协作" if shared.changed else "本来就在协作"
    return Card(f"{title} · {worker.name}", tone=Tone.SUCCESS, facts=facts, buttons=undo)


def until_words(until: datetime | None, today: date) -> str:
    """到11月30日 周一 for the end of that day, with the hour where it is none; 长期."""
    if until is None:
        return "长期"
    if until.time() == time.min:
        return f"到{words.day(until.date() - timedelta(days=1), today)}"
    return f"到{words.moment(until, today)}"


def workers_card(
    customer: str, owner: str, workers: Sequence[tuple[Worker, datetime | None]], today: date
) -> Card:
    """Who works on a customer; each with the local time until which he does."""
    lines = [
        f"· {w.name}（{RIGHT_WORDS[w.right]}{'，' + until_words(until, today) if until else ''}）"
        for w, until in workers
    ]
    body = "\n".join(lines) or "还没有协作人"
    note = f"加协作：协作 {words.short(customer)} 李娜 可写 到月底"
    return Card(f"{words.short(customer)}的协作人", subtitle=f"负责人{owner}", body=body, note=note)


def revealed_card(revealed: Revealed) -> Card:
    """A phone number; that it was looked at is written down."""
    facts = (Fact("客户", words.one_line(revealed.customer.name, 20)), Fact("电话", revealed.phone))
    left = "" if revealed.left is None else f"已记录查看原因，今天还能看{revealed.left}个"
    return Card(f"{revealed.contact.name}的电话", facts=facts, note=left)


def looks_card(looks: Sequence[Look], today: date) -> Card:
    """The numbers looked at last."""
    lines = [words.one_line(_look(one, today), 60) for one in looks]
    return Card("看电话记录", body="\n".join(lines) or "还没有人看过打码的电话")


def _look(one: Look, today: date) -> str:
    whose = f"{words.short(one.customer)}{one.contact}"
    return f"{words.moment(one.at, today)} {one.who} 看{whose}：{one.reason}"
