"""The buttons of the birthday card."""

from __future__ import annotations

from cards.birthdays import birthday_card, done_card, greeting
from crm import birthdays
from handlers.reply import Reply
from handlers.router import Router
from handlers.turn import Press, Turn

router = Router("birthdays")


@router.action("care.done")
def done(turn: Turn, press: Press) -> Reply:
    """The greeting was sent; that counts as a contact with the customer."""
    year, count, lunar = _extra(press)
    whose, news = birthdays.greeted(turn.ctx, int(press.action.object_id), str(year))
    words = f"已送祝福 {turn.ctx.local:%H:%M}"
    card = done_card(whose, year, words, lunar=lunar, turn=count)
    return Reply("" if news else f"{whose.who}的祝福今年已经送过了", refresh=(card,))


@router.action("care.next")
def another(turn: Turn, press: Press) -> Reply:
    """Another draft in place of this one."""
    year, count, lunar = _extra(press)
    whose = birthdays.of_contact(turn.ctx, int(press.action.object_id))
    return Reply(refresh=(birthday_card(whose, year, lunar=lunar, turn=count + 1),))


@router.action("care.text", reads=True)
def text(turn: Turn, press: Press) -> Reply:
    """The greeting as a text of its own, because the words on a card cannot be copied."""
    _, count, _ = _extra(press)
    whose = birthdays.of_contact(turn.ctx, int(press.action.object_id))
    return Reply(greeting(whose, count))


def _extra(press: Press) -> tuple[int, int, bool]:
    year, count, kind = press.action.extra.split(":")
    return int(year), int(count), kind == "lunar"
