"""填资料: the own fields of a customer as a form, shown where the platform can, else asked one by one."""

from __future__ import annotations

from collections.abc import Mapping

from cards import custom as cards
from cards import forms
from cards.customers import overview_card
from crm import customers, overview
from crm.custom import specs, values
from crm.custom.kinds import CHOOSING, FieldSpec, Kind
from crm.errors import Refusal, UserMistake
from crm.rights import FieldAccess, access
from handlers.field_rows import called
from handlers.forms import filled
from handlers.reply import Reply
from handlers.router import Router
from handlers.said import whom
from handlers.turn import Phrase, Press, Turn
from store.tables import Customer

MOST_BESIDES = 2  # characters beside the name: 客户华星, 华星的

router = Router("field_form")

router.help("华润置地 填资料", "把自己加的字段一项一项填好", "sales", "manager")


@router.phrase(
    r"(?:填写?|补充?|完善)(?:一?下)?(?:字段|资料|信息|表)\s*(?P<who>\S.{0,40})",
    r"(?P<who>\S.{0,40}?)\s*(?:的|要)?(?:填写?|补充?|完善)(?:一?下)?(?:字段|资料|信息|表)",
    r"完善\s*(?P<who>\S.{0,40})",
)
def ask(turn: Turn, phrase: Phrase) -> Reply | None:
    """华润置地 填资料."""
    said = turn.understand(phrase.given["who"])
    who = whom(turn.ctx, said)
    named = sum(len(one.text) for one in said.customers)
    if len(who.sure) != 1 or len(phrase.given["who"]) > named + MOST_BESIDES:
        return None  # 完善方案给华星 is something else
    row = customers.get(turn.ctx, who.sure[0], to_change=True)
    fields = _fillable(turn, row)
    if not fields:
        raise UserMistake(
            "客户还没有自己加的字段，管理员可以加，例如：字段 客户 新增 设备型号偏好 单选 A/B/C"
        )
    turn.memory.customer_id = row.id
    known = {spec.key: _known(turn, row, spec) for spec in fields}
    form = str(turn.ctx.inbox_id or 0)
    return Reply(cards=(cards.form_card(called(turn, row), row.id, form, fields, known),))


@router.action("field.fill")
def fill(turn: Turn, press: Press) -> Reply:
    """The form, filled in: what fits is written, what does not is said."""
    row = customers.get(turn.ctx, int(press.action.extra), to_change=True)
    fields = _fillable(turn, row)
    form = cards.form_card(called(turn, row), row.id, press.action.object_id, fields, {})
    given = filled(turn, form, press)
    if isinstance(given, Reply):
        return given
    settled = forms.submitted_card(press.action.object_id, form.title)
    done, wrong = _written(turn, row, {s.key: _said(turn, s, given[s.key]) for s in fields if given[s.key]})
    turn.memory.record, turn.memory.pending = turn.ctx.inbox_id, None
    view = overview.overview(turn.ctx, row.id)
    refresh = (settled, overview_card(view, turn.ctx.local))
    if not done:
        return Reply(text="\n".join(wrong) or "没有填写，什么也没改。", refresh=(settled,))
    about = ("customer", str(row.id))
    card = cards.set_card(called(turn, row), done, turn.ctx.inbox_id or 0, about)
    return Reply(text="\n".join(wrong), cards=(card,), refresh=refresh)


def _fillable(turn: Turn, row: Customer) -> list[FieldSpec]:
    """The fields that the actor may fill in."""
    return [
        spec
        for spec in specs.added(turn.ctx.session, "customer")
        if spec.kind is not Kind.FORMULA
        and access(turn.ctx, "customer", spec.key, row.owner_id) is FieldAccess.WRITE
    ][: cards.MOST_FIELDS]


def _known(turn: Turn, row: Customer, spec: FieldSpec) -> str:
    """What a field holds, as a person would type it; the numbers of options for choices."""
    value = row.ext.get(spec.key)
    if value is None:
        return ""
    if spec.kind in CHOOSING:
        chosen = value if isinstance(value, list) else [value]
        return ",".join(str(n) for n, one in enumerate(spec.options) if one in chosen)
    return str(value) if spec.kind is Kind.DATE else values.line(turn.ctx, row, spec.key)[1]


def _said(turn: Turn, spec: FieldSpec, given: str) -> str:
    """What was filled in as it would be said: options by name, figures and days in plain form."""
    if spec.kind in CHOOSING:
        return "、".join(spec.options[int(n)] for n in given.split(",") if int(n) < len(spec.options))
    read = turn.understand(f"{spec.label} {given}").custom
    one = next((s for s in read.said if s.key == spec.key), None) if read is not None else None
    return one.value if one is not None else given


def _written(turn: Turn, row: Customer, given: Mapping[str, str]) -> tuple[list[values.Change], list[str]]:
    """Set each field by itself: what was set, and why others were not."""
    done: list[values.Change] = []
    wrong: list[str] = []
    for key, said in given.items():
        try:
            done += [one for one in values.put(turn.ctx, row, {key: said}) if one.before != one.after]
        except Refusal as refusal:
            wrong.append(refusal.message)
    return done, wrong
