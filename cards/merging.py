"""Cards of merging: what would happen, and what was done."""

from __future__ import annotations

from collections.abc import Sequence

from cards import words
from cards.card import Action, Button, Card, Fact, Field, Option, Tone
from crm.duplicates import Suspect
from crm.merging import Choice, Clash, Merged, Preview
from store.tables import Customer

MOST_CHOICES = 3  # WeCom takes three drop-downs in a card


def about(held: int) -> tuple[str, str]:
    """What binds the card to the message that asks."""
    return ("question", str(held))


def preview_card(shown: Preview, held: int, chosen: dict[str, str] | None = None) -> Card:
    """合并预览: what moves, what is kept, what is to be chosen. Nothing is done before 确认合并."""
    loser, winner = shown.loser, shown.winner
    facts = [
        Fact("保留", f"{winner.name}（{winner.number}，负责人{shown.owner}）"),
        Fact("并入", f"{loser.name}（{loser.number}），归档并记为别名"),
        Fact("转移", _counts(shown.moves) or "没有要转的记录"),
    ]
    if shown.joined:
        facts.append(Fact("同一人", f"{'、'.join(shown.joined[:4])}，合成一个联系人"))
    chosen = chosen or {}
    lines = [_clash(c, chosen.get(c.field, "")) for c in shown.clashes]
    form = tuple(
        Field(
            c.field,
            f"{c.title}用哪个",
            (
                Option(Choice.WINNER, words.one_line(c.winner, 14)),
                Option(Choice.LOSER, words.one_line(c.loser, 14)),
            ),
            selected=(chosen.get(c.field, Choice.WINNER),),
        )
        for c in shown.clashes[:MOST_CHOICES]
    )
    sure = Button("确认合并", _action("merge.do", shown, held), Tone.PRIMARY, say="回复 确认")
    example = shown.clashes[0] if shown.clashes else None
    return Card(
        title="合并预览",
        tone=Tone.PRIMARY,
        facts=tuple(facts),
        body="\n".join(["两边不一样：", *lines]) if lines else "",
        form=form,
        submit=sure if form else None,
        buttons=(
            *(() if form else (sure,)),
            Button("换个方向", _action("merge.swap", shown, held), say="回复 换个方向"),
            Button("不合并", Action("merge.no", extra=str(held)), say="回复 不合并"),
        ),
        note=f"要用并入方的，回复：{example.title}用{example.loser}" if example else "合并后可以整个撤销",
        about=about(held),
    )


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


def _action(name: str, shown: Preview, held: int) -> Action:
    extra = f"{shown.winner.id}:{shown.loser.version}:{shown.winner.version}:{held}"
    return Action(name, str(shown.loser.id), extra=extra)


def _counts(moves: tuple[tuple[str, int], ...]) -> str:
    return "、".join(f"{kind}{number}" for kind, number in moves)


def _open(customer: Customer) -> Button:
    return Button(
        "看客户", Action("customer.open", str(customer.id)), say=f"回复 {words.short(customer.name)}"
    )
