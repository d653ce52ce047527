"""Cards of adding a customer: is it one that we know already."""

from __future__ import annotations

from collections.abc import Sequence

from cards import words
from cards.card import Action, Button, Card, Tone
from crm.duplicates import Suspect

MOST_USED = 2  # buttons 用这个; WeCom takes six buttons in all


def about(held: int) -> tuple[str, str]:
    """What binds the card to the message that waits."""
    return ("question", str(held))


def exists_card(suspect: Suspect, held: int) -> Card:
    """The customer exists; of somebody else's no more is told than who looks after it."""
    one = suspect.proposal
    if not one.mine:
        return Card(
            title="客户已存在",
            body=f"{suspect.called}已存在，负责人{one.owner}，没有重复新增。",
            buttons=(_ask(suspect),),
            about=about(held),
        )
    return Card(
        title="客户已存在",
        body=f"{one.name}已存在，负责人{one.owner}，没有重复新增。",
        buttons=(
            Button(
                "用这个",
                Action("customer.use", str(one.id), extra=str(held)),
                Tone.PRIMARY,
                say="回复 用这个",
            ),
            Button("看客户", Action("customer.open", str(one.id)), say=f"回复 {words.short(one.name)}"),
        ),
        note="用这个：把这句话里的联系人记到这家",
        about=about(held),
    )


def elsewhere_card(suspect: Suspect) -> Card:
    """Whose customer it is that was looked for, and no more."""
    return Card(
        title="客户已存在",
        body=f"{suspect.called}已存在，负责人{suspect.proposal.owner}。要一起跟就申请协作。",
        buttons=(_ask(suspect),),
    )


def suspects_card(name: str, suspects: Sequence[Suspect], held: int) -> Card:
    """疑似重复: use one of them, merge into it, or create all the same."""
    mine = [one for one in suspects if one.proposal.mine]
    lines = [_line(place, one) for place, one in enumerate(suspects, start=1)]
    buttons = [
        Button(
            "用这个" if len(mine) == 1 else f"用{words.one_line(words.short(one.proposal.name), 8)}",
            Action("customer.use", str(one.proposal.id), extra=str(held)),
            Tone.PRIMARY,
            say="回复 用这个" if len(mine) == 1 else f"回复 {suspects.index(one) + 1}",
        )
        for one in mine[:MOST_USED]
    ]
    buttons.append(Button("仍然新建", Action("customer.add", extra=str(held)), say="回复 仍然新建"))
    if mine:
        first = str(mine[0].proposal.id)
        buttons.append(Button("合并", Action("customer.join", first, extra=str(held)), say="回复 合并"))
    else:
        buttons.append(_ask(suspects[0]))
    buttons.append(Button("不建了", Action("customer.drop", extra=str(held)), say="回复 不建了"))
    return Card(
        title=f"疑似重复 · {words.one_line(name, 20)}",
        body="\n".join([f"要新建的是“{name}”，已有：", *lines]),
        buttons=tuple(buttons),
        note="合并：“" + words.one_line(name, 12) + f"”记成{words.short(mine[0].proposal.name)}的别名"
        if mine
        else "",
        about=about(held),
    )


def answered_card(held: int, done: str) -> Card:
    """The question, settled."""
    return Card("疑似重复", done=done, about=about(held))


def _line(place: int, suspect: Suspect) -> str:
    said = "已存在，" if not suspect.proposal.mine else ""
    return f"{place}. {suspect.called}（{suspect.why}），{said}负责人{suspect.proposal.owner}"


def _ask(suspect: Suspect) -> Button:
    is_named = suspect.held is None or suspect.proposal.mine
    return Button(
        "申请协作",
        Action("collaborator.ask", str(suspect.proposal.id)),
        Tone.PRIMARY,
        say=f"回复 申请协作 {suspect.called}" if is_named else "直接说，例如：申请协作 恒瑞医药",
    )
