"""What is said and shown after something was taken back or brought back."""

from __future__ import annotations

from cards import customers as customer_cards
from cards import quotes as quote_cards
from cards import tasks as task_cards
from cards import undo as cards
from cards import visits as visit_cards
from cards import words
from cards.card import Card
from crm import overview, quotes, task_lists, visits
from crm.rights import can_see
from crm.undo import Undone
from handlers.reply import Notice
from handlers.turn import Turn
from store.tables import Activity, Customer, TaskStatus

MOST_NAMED = 8
MOST_SHOWN = 10  # records of a kind whose cards are made anew
LONGEST_SAID = 24


def sentence(turn: Turn, undone: Undone, *, named: bool = False) -> str:
    """已撤销：拜访记录、任务“演示”。 With the words of the message where it is not the last one."""
    what = "、".join(undone.phrases[:MOST_NAMED]) or "刚才那条"
    if len(undone.phrases) > MOST_NAMED:
        what += f" 等{undone.records}处"
    if undone.already:
        return f"{what}之前已经撤销了，没有再动。"
    if undone.redone:
        return f"已恢复：{what}。{_outside(undone)}{_left(turn, undone)}"
    said = f"“{words.one_line(undone.said, LONGEST_SAID)}”这条的" if named and undone.said else ""
    return f"已撤销：{said}{what}。{_outside(undone)}{_left(turn, undone)}"


def told_to_author(turn: Turn, undone: Undone) -> tuple[Notice, ...]:
    """Whose record somebody else has taken back, or brought back, hears of it."""
    author = undone.author_id
    if undone.already or not author or author == turn.actor.id:
        return ()
    what = "、".join(undone.phrases[:MOST_NAMED]) or "一条记录"
    said = f"（“{words.one_line(undone.said, LONGEST_SAID)}”）" if undone.said else ""
    verb = "恢复" if undone.redone else "撤销"
    return (Notice(author, text=f"{turn.actor.name}{verb}了你的{what}{said}。"),)


def _outside(undone: Undone) -> str:
    """What becomes of the external contacts in WeCom."""
    if not undone.outside:
        return ""
    if undone.redone:
        return f"{undone.outside} 位外部联系人会重新在企业微信里转接。"
    return f"企业微信里已发起的 {undone.outside} 位外部联系人不会自动转回。"


def _left(turn: Turn, undone: Undone) -> str:
    """What was left as it is, because it was changed since."""
    if not undone.kept:
        return ""
    today = turn.ctx.local.date()
    lines = "；".join(cards.clash_line(clash, today) for clash in undone.kept[:3])
    return f"没有动的{len(undone.kept)}处：{lines}"


def refreshed(turn: Turn, undone: Undone) -> tuple[Card, ...]:
    """Every card about what was taken back, as it stands now."""
    word = "已恢复" if undone.redone else "已撤销"
    done = f"{word} {words.clock(turn.ctx.local)}"
    shown = [_activity_card(turn, i, done) for i in undone.activities[:MOST_SHOWN]]
    shown += [_task_card(turn, i, done) for i in undone.tasks[:MOST_SHOWN]]
    shown += [_contact_card(i, name, done) for i, name in undone.contacts[:MOST_SHOWN]]
    shown += [_quote_card(turn, i) for i in undone.quotes[:MOST_SHOWN]]
    if undone.customer_id is not None:
        shown.append(_customer_card(turn, undone.customer_id, done))
    by_record = {card.about: card for card in shown if card is not None}
    return tuple(by_record.values())


def _activity_card(turn: Turn, activity_id: int, done: str) -> Card | None:
    row = turn.ctx.session.get(Activity, activity_id)
    if row is None:
        return None
    standing = visits.standing(turn.ctx, turn.ctx.session.get(Activity, visits.root_of(turn.ctx, row)))
    if standing is None:
        return visit_cards.settled_card(visits.show(turn.ctx, row), turn.ctx.local.date(), done)
    return visit_cards.recorded_card(visits.show(turn.ctx, standing), turn.ctx.local.date())


def _task_card(turn: Turn, task_id: int, done: str) -> Card:
    item = task_lists.get(turn.ctx, task_id)
    if item.status == TaskStatus.OPEN:
        return task_cards.task_card(item, turn.ctx.local)
    return task_cards.settled_card(item, turn.ctx.local, done)


def _quote_card(turn: Turn, quote_id: int) -> Card:
    return quote_cards.final_card(quotes.seen(turn.ctx, quote_id), turn.ctx.local)


def _contact_card(contact_id: int, name: str, done: str) -> Card:
    return Card(f"联系人 · {name}", done=done, about=("contact", str(contact_id)))


def _customer_card(turn: Turn, customer_id: int, done: str) -> Card | None:
    customer = turn.ctx.session.get(Customer, customer_id)
    if customer is None:
        return None
    if customer.archived_at is not None:
        return Card(customer.name, done=done, about=customer_cards.about(customer_id))
    if not can_see(turn.ctx, customer):  # brought back, it is a colleague's again
        return None
    view = overview.overview(turn.ctx, customer_id)
    return customer_cards.overview_card(view, turn.ctx.local)
