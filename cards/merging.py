"""Cards of merging: what would happen, and what was done."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from cards import words
from cards.card import Action, Button, Card, Fact, Tone
from crm.duplicates import Suspect
from crm.merging import Choice, Clash, Merged, Preview
from store.tables import Customer

MOST_CHOICES = 3  # beside the three other buttons; WeCom takes six
LONGEST_BUTTON = 10  # characters


def about(held: int) -> tuple[str, str]:
    """What binds the card to the message that asks."""
    return ("question", str(held))


def preview_card(shown: Preview, held: int, chosen: Mapping[str, str] | None = None) -> Card:
    """合并预览: what moves, what is kept, what is to be chosen. Nothing is done before 确认合并.

    Buttons and no form, so that what moves is seen and 确认合并 is pressed on every way of connecting.
    """
    loser, winner, chosen = shown.loser, shown.winner, chosen or {}
    facts = [
        Fact("保留", f"{winner.name}（{winner.number}，负责人{shown.owner}）"),
        Fact("并入", f"{loser.name}（{loser.number}），归档并记为别名"),
    ]
    if shown.joined:
        facts.append(Fact("同一人", f"{'、'.join(shown.joined[:4])}，合成一个联系人"))
    lines = [f"会转过去：{_counts(shown.moves) or '没有要转的记录'}"]
    if shown.clashes:
        lines += ["两边不一样：", *(_clash(c, chosen.get(c.field, "")) for c in shown.clashes)]
    example = shown.clashes[0] if shown.clashes else None
    return Card(
        title="合并预览",
        tone=Tone.PRIMARY,
        facts=tuple(facts),
        body="\n".join(lines),
        buttons=(
            Button("确认合并", _action("merge.do", shown, held, chosen), Tone.PRIMARY, say="回复 确认"),
            *(_turned(shown, held, chosen, one) for one in shown.clashes[:MOST_CHOICES]),
            Button("换个方向", _action("merge.swap", shown, held), say="回复 换个方向"),
            Button("不合并", Action("merge.no", extra=str(held)), say="回复 不合并"),
        ),
        note=f"要用并入方的，回复：{_use(example, example.loser)}" if example else "合并后可以整个撤销",
        about=about(held),
    )


def _turned(shown: Preview, held: int, chosen: Mapping[str, str], one: Clash) -> Button:
    """级别用A: whose value the field gets, the other way from now."""
    taken = chosen.get(one.field) == Choice.LOSER
    whose, value = (Choice.WINNER, one.winner) if taken else (Choice.LOSER, one.loser)
    said = _use(one, value)
    if len(said) > LONGEST_BUTTON:
        said = _use(one, "保留方" if taken else "并入方")
    action = _action("merge.use", shown, held, {**chosen, one.field: whose.value})
    return Button(words.one_line(said, LONGEST_BUTTON), action, say=f"回复 {said}")


def _use(one: Clash, value: str) -> str:
    """级别用A."""
    return f"{one.title}用{value}"


def twins_card(customer: Customer, others: Sequence[Suspect]) -> Card:
    """Customers that may be the same as this one; one's own can be merged into it."""
    lines = [
        f"{n}. {one.called}（{one.why}），负责人{one.proposal.owner}" for n, one in enumerate(others, start=1)
    ]
    buttons = [
        Button(
            f"并入{words.one_line(words.short(one.proposal.name), 8)}",
            Action("merge.ask", str(customer.id), extra=str(one.proposal.id)),
            say=f"回复 合并 {customer.name} 到 {one.proposal.name}",
        )
        for one in others
        if one.proposal.mine
    ]
    return Card(
        title=f"查重 · {words.one_line(customer.name, 24)}",
        body="\n".join(lines) or "没有疑似重复的客户。",
        buttons=(*buttons[:MOST_CHOICES], _open(customer)),
    )


def merged_card(done: Merged, inbox_id: int) -> Card:
    """已合并, with the way back."""
    facts = [Fact("转移", _counts(done.moves) or "没有要转的记录")]
    if done.joined:
        facts.append(Fact("同一人", "、".join(done.joined[:6])))
    return Card(
        title=f"已合并到 · {words.one_line(words.short(done.winner.name), 24)}",
        tone=Tone.SUCCESS,
        facts=tuple(facts),
        body=f"{done.loser.name}已归档，名称记为别名，以后说哪个都能找到。",
        buttons=(
            _open(done.winner),
            Button("撤销", Action("undo", str(inbox_id)), say="回复 撤销"),
        ),
        about=("merge", str(inbox_id)),
    )


def _clash(clash: Clash, chosen: str) -> str:
    """级别：B（另一家是A）."""
    taken = chosen == Choice.LOSER
    kept, other = (clash.loser, clash.winner) if taken else (clash.winner, clash.loser)
    return f"{clash.title}：{kept}（另一家是{other}）"


def settled_card(held: int, done: str) -> Card:
    """The question, settled."""
    return Card("合并预览", done=done, about=about(held))


def _action(name: str, shown: Preview, held: int, chosen: Mapping[str, str] | None = None) -> Action:
    """`extra` holds the winner, both versions, the message, and which of the fields get the loser's value."""
    taken = [field for field, whose in (chosen or {}).items() if whose == Choice.LOSER]
    places = ",".join(str(n) for n, one in enumerate(shown.clashes) if one.field in taken)
    extra = f"{shown.winner.id}:{shown.loser.version}:{shown.winner.version}:{held}:{places}"
    return Action(name, str(shown.loser.id), extra=extra)


def _counts(moves: tuple[tuple[str, int], ...]) -> str:
    return "、".join(f"{kind}{number}" for kind, number in moves)


def _open(customer: Customer) -> Button:
    return Button(
        "看客户", Action("customer.open", str(customer.id)), say=f"回复 {words.short(customer.name)}"
    )
