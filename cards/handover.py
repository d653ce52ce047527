"""Cards of a hand-over: the proposed split, how to change it, that it is done, and what each one gets."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import date

from cards.card import Action, Button, Card, Fact, Field, Option, Tone
from cards.transfers import asked_words
from cards.words import moment, one_line
from crm.handover.inventory import Kind
from crm.handover.undoing import Undone
from crm.handover.views import Due, HandoverView, Share

UNITS: Mapping[Kind, tuple[str, str]] = {
    Kind.CUSTOMER: ("客户", "家"),
    Kind.TASK: ("待办", "件"),
    Kind.QUOTE: ("报价", "份"),
    Kind.APPROVAL: ("待审批", "份"),
    Kind.RECORD: ("其他记录", "条"),
    Kind.EXTERNAL: ("外部联系人", "位"),
}
OTHERS: tuple[Kind, ...] = (Kind.RECORD, Kind.EXTERNAL)
MOST_SHARES = 4
MOST_OPTIONS = 10
ROW = 30  # characters of a row's value
SUBTITLE = 44
CUSTOMER_KEY, TO_KEY = "customer", "to"
ALL, MORE = "all", "more"


def about(handover_id: int) -> tuple[str, str]:
    """What binds a card to its hand-over."""
    return ("handover", str(handover_id))


def plan_card(plan: HandoverView, today: date) -> Card:
    """Who would get what, for the manager: one tap carries it out."""
    key = str(plan.id)
    buttons = [
        Button("按此交接", Action("handover.go", key, plan.version), Tone.PRIMARY, say="回复 按此交接"),
        Button("调整", Action("handover.adjust", key, plan.version), say="回复 调整交接"),
        Button("稍后", Action("handover.later", key, plan.version), say="回复 稍后交接"),
    ]
    if not plan.left:
        buttons.append(Button("不交接", Action("handover.drop", key, plan.version), say="回复 不交接"))
    return Card(
        title=f"{plan.name}已离开，请安排交接" if plan.left else f"{plan.name}的交接方案",
        subtitle=counted(plan.counts),
        tone=Tone.PRIMARY,
        body="\n".join(_ahead(plan, today)),
        facts=tuple(_rows(plan, today)),
        buttons=tuple(buttons),
        note="要改就直接说：客户名 给李娜，或：全部给李娜",
        about=about(plan.id),
    )


def done_card(done: HandoverView, asked: int) -> Card:
    """It is carried out, and can be taken back."""
    return Card(
        title=f"{done.name}的交接已完成",
        subtitle=counted(done.counts),
        tone=Tone.SUCCESS,
        body=asked_words(asked),
        facts=(*(_share_row(one) for one in done.shares[:MOST_SHARES]), *_approvals(done)),
        buttons=(Button("撤销交接", Action("handover.undo", str(done.id)), say="回复 撤销"),),
        about=about(done.id),
    )


def dropped_card(plan: HandoverView, done: str) -> Card:
    """Nothing is handed over."""
    return Card(f"{plan.name}的交接方案", subtitle=counted(plan.counts), done=done, about=about(plan.id))


def adjust_card(plan: HandoverView, people: Sequence[tuple[int, str]], skip: int) -> Card:
    """Choose a customer (from the `skip`th on) or all, and who is to have it."""
    whose = [
        (one, name, share.name)
        for share in plan.shares
        for one, name in zip(share.customer_ids, share.customers, strict=False)
    ]
    more = len(whose) > skip + MOST_OPTIONS - 1
    page = whose[skip : skip + MOST_OPTIONS - 1 - more]
    options = (
        Option(ALL, "全部"),
        *(Option(str(one), f"{name} · {now}") for one, name, now in page),
        *((Option(MORE, "看后面的客户"),) if more else ()),
    )
    receivers = tuple(Option(str(one), name) for one, name in people[:MOST_OPTIONS])
    return Card(
        title=f"{plan.name}的哪些给谁",
        form=(Field(CUSTOMER_KEY, "客户", options), Field(TO_KEY, "给谁", receivers)),
        submit=Button("改", Action("handover.set", str(plan.id), plan.version, str(skip)), Tone.PRIMARY),
        note="直接说也行：客户名 给李娜",
        about=("handover_adjust", str(plan.id)),
    )


def received_card(done: HandoverView, share: Share, today: date, draft: str) -> Card:
    """What somebody has got, and what is next; `draft` introduces him to the customers."""
    facts = []
    if share.customer_count:
        facts.append(Fact("客户", _names(share)))
    if share.counts.get(Kind.TASK):
        facts.append(Fact("待办", f"{share.counts[Kind.TASK]} 件"))
    facts += [Fact("最近" if not n else "然后", _due(one, today)) for n, one in enumerate(share.due[:2])]
    if share.quotes:
        facts.append(Fact("报价", one_line("、".join(share.quotes), ROW)))
    rest: dict[Kind, int] = {
        kind: n for kind, n in share.counts.items() if kind in (Kind.RECORD, Kind.EXTERNAL)
    }
    if any(rest.values()):
        facts.append(Fact("还有", counted(rest)))
    words = Button("给客户的话", Action("handover.draft", str(done.id)), say="回复 给客户的话")
    return Card(
        title=f"{done.name}的工作交给你了",
        subtitle=counted(share.counts),
        tone=Tone.PRIMARY,
        facts=tuple(facts),
        quote=draft if share.customer_count else "",
        buttons=(
            *((words,) if share.customer_count else ()),
            Button("看今天的待办", Action("morning.today"), say="回复 今天"),
        ),
        about=("handover_to", f"{done.id}:{share.to_id}"),
    )


def taken_back_card(back: Undone, to_id: int) -> Card:
    """For who had got something: it is the former owner's again."""
    return Card(
        f"{back.name}的工作交给你了",
        done="交接已撤回，不用处理了",
        about=("handover_to", f"{back.handover_id}:{to_id}"),
    )


def conflict_card(back: Undone) -> Card:
    """Some of it has been worked on since."""
    total = len(back.conflicts) + back.more
    return Card(
        title=f"有 {total} 项交接后又改过",
        tone=Tone.DANGER,
        body="\n".join([*back.conflicts, *([f"还有 {back.more} 项"] if back.more else [])]),
        buttons=(
            Button(
                f"撤回其余{back.count}项",
                Action("handover.rest", str(back.handover_id)),
                Tone.DANGER,
                say="回复 撤回其余",
            ),
            Button("不撤了", Action("handover.keep", str(back.handover_id)), say="回复 不撤了"),
        ),
        note="改过的保持现在的样子",
        about=("handover_back", str(back.handover_id)),
    )


def draft_words(organisation: str, who: str, former: str, greeting: str = "") -> str:
    """What a customer may be told."""
    hello = f"{greeting}您好" if greeting else "您好"
    return (
        f"{hello}，我是{organisation}的{who}，从今天起接手{former}的工作，继续为您服务。"
        "之前谈好的事情都照旧，有需要随时找我。"
    )


def counted(counts: Mapping[Kind, int]) -> str:
    """客户 5 家，待办 3 件."""
    said = (f"{UNITS[kind][0]} {counts[kind]} {UNITS[kind][1]}" for kind in Kind if counts.get(kind))
    words = "，".join(said)
    if len(words) > SUBTITLE:
        words = words.replace(" ", "").replace("，", " ")
    return words or "没有要交接的"


def _ahead(plan: HandoverView, today: date) -> list[str]:
    lines = [f"{'最近' if not n else '然后'} {_due(one, today)}" for n, one in enumerate(plan.due[:2])]
    if plan.stuck:
        lines.append(f"{plan.stuck} 项还没有人接，请指定：全部给李娜")
    return lines


def _rows(plan: HandoverView, today: date) -> list[Fact]:
    shown = plan.shares if len(plan.shares) <= MOST_SHARES else plan.shares[: MOST_SHARES - 1]
    rows = [_share_row(one) for one in shown]
    if len(plan.shares) > len(shown):
        left = plan.shares[len(shown) :]
        rows.append(Fact("还有", f"{len(left)} 位同事，{sum(one.customer_count for one in left)} 家客户"))
    return [*rows, *_approvals(plan)]


def _approvals(plan: HandoverView) -> list[Fact]:
    if not plan.approvals:
        return []
    first, to = plan.approvals[0]
    many = f"等 {len(plan.approvals)} 份" if len(plan.approvals) > 1 else ""
    return [Fact("待审批", f"{first}{many}，转{to}")]


def _share_row(share: Share) -> Fact:
    """李娜: 3家 华星、美的…（跟进最多）."""
    why = f"（{share.reasons[0]}）" if share.reasons else ""
    if not share.customer_count:
        return Fact(share.name, one_line(counted(share.counts), ROW))
    room = ROW - len(why)
    return Fact(share.name, one_line(f"{share.customer_count}家 {'、'.join(share.customers)}", room) + why)


def _names(share: Share) -> str:
    return one_line(f"{share.customer_count}家 {'、'.join(share.customers)}", ROW)


def _due(one: Due, today: date) -> str:
    what = f"{one.customer}：{one.title}" if one.customer else one.title
    when = moment(one.at, today)
    return one_line(f"{when} {what}", ROW)
