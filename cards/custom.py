"""Cards of own fields and kinds of records: what there is, what was set, which option, lists, records."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from datetime import datetime

from cards import words
from cards.card import Action, Button, Card, Fact, Field, FieldKind, Option, Tone
from crm.custom.filters import Listed
from crm.custom.kinds import CHOOSING, KIND_NAMES, FieldSpec, Kind
from crm.custom.past import Changes
from crm.custom.values import Change
from crm.custom.walking import WINDOW

MOST_BUTTONS = 5
MOST_FACTS = 6
MOST_FIELDS = 12  # of a form
LONGEST_TEXT, LONGEST_VALUE = 200, 40  # characters
LONGEST_ASKED = 600  # bytes of a question that a button can carry
MOST_LINES = 12
OPTION_KEY = "option"


def nature(spec: FieldSpec) -> str:
    """单选：A/B/C · 必填."""
    options = f"：{'/'.join(spec.options[:8])}{'…' if len(spec.options) > 8 else ''}" if spec.options else ""
    return f"{KIND_NAMES[spec.kind]}{options}{' · 必填' if spec.required else ''}"


def asked_for(spec: FieldSpec) -> str:
    """How a field is called where it is asked for: 设备型号（必填）."""
    return f"{spec.label}（必填）" if spec.required else spec.label


def fields_card(called: str, fields: Sequence[FieldSpec], built_in: Sequence[FieldSpec]) -> Card:
    """The fields of a kind of record."""
    lines = [f"· {spec.label}（{nature(spec)}）" for spec in fields[:MOST_LINES]]
    more = f"\n还有{len(fields) - MOST_LINES}个" if len(fields) > MOST_LINES else ""
    own = "、".join(spec.label for spec in built_in)
    return Card(
        title=f"{called}的字段 · 自己加的{len(fields)}个",
        body=("\n".join(lines) or f"还没有，管理员可以加，例如：字段 {called} 新增 设备型号偏好 单选 A/B/C")
        + more,
        note=words.one_line(f"自带：{own}", 120),
        buttons=(Button("改动历史", Action("field.history"), say="回复 字段 历史"),),
    )


def field_card(title: str, called: str, spec: FieldSpec, formula: str, inbox_id: int) -> Card:
    """A field that was added or changed, with the way back."""
    kind = f"{KIND_NAMES[spec.kind]}{' · 必填' if spec.required else ''}"
    facts = [Fact("用在", called), Fact("类型", kind)]
    if spec.kind in CHOOSING:
        facts.append(Fact("选项", "、".join(spec.options)))
    if formula:
        facts.append(Fact("公式", formula))
    elif spec.example:
        facts.append(Fact("这样填", f"华润置地 {spec.label} {spec.example}"))
    return Card(
        title=title,
        tone=Tone.SUCCESS,
        facts=tuple(facts),
        buttons=(Button("撤销", Action("undo", str(inbox_id)), say="回复 撤销"),),
        about=("custom_field", str(spec.id)),
    )


def remove_card(called: str, spec: FieldSpec, filled: int, held: int) -> Card:
    """Whether a field is to be removed."""
    kept = (
        f"有{filled}条记录填了它，删除后不再显示，数据留着，恢复字段就能看到。"
        if filled
        else "还没有记录填过它。"
    )
    return Card(
        title=f"删除{called}字段“{spec.label}”",
        body=kept,
        buttons=(
            Button(
                "删除字段",
                Action("field.remove", str(spec.id), spec.version, str(held)),
                Tone.DANGER,
                say="回复 删除",
            ),
            Button("不删", Action("field.keep", extra=str(held)), say="回复 不删"),
        ),
        about=("question", str(held)),
    )


def settled_card(title: str, held: int, done: str) -> Card:
    """A question about a field that was answered."""
    return Card(title, done=done, about=("question", str(held)))


def history_card(page: Changes, local: datetime) -> Card:
    """What was changed of fields and kinds of records, newest first."""
    lines = [f"· {words.moment(c.at, local.date())} {c.who}：{c.words}" for c in page.lines]
    older = (
        (Button("更早的", Action("field.history", extra=str(page.after)), say="回复 更早的"),)
        if page.after
        else ()
    )
    return Card(
        title="字段和对象的改动",
        body="\n".join(lines) or "还没有改动",
        note="最近一次是自己改的，回复“撤销”就能退回",
        buttons=older,
    )


def set_card(title: str, changes: Sequence[Change], inbox_id: int, about: tuple[str, str]) -> Card:
    """What was set, and what it was before."""
    facts = tuple(Fact(c.label, _arrow(c)) for c in changes[:MOST_FACTS])
    more = f"另外还填了{len(changes) - MOST_FACTS}项" if len(changes) > MOST_FACTS else ""
    open_ = Button("客户卡片", Action("customer.open", about[1]), say=f"回复 {title}")
    opened = (open_,) if about[0] == "customer" else ()
    return Card(
        title=f"已更新 · {title}",
        tone=Tone.SUCCESS,
        facts=facts,
        body=more,
        buttons=(*opened, Button("撤销", Action("undo", str(inbox_id)), say="回复 撤销")),
    )


def option_card(spec: FieldSpec, said: str, whose: str, row_id: int, version: int, held: int) -> Card:
    """Which option is meant: buttons for a few, a drop-down for many."""
    name = asked_for(spec)
    title = f"{name}没有“{words.one_line(said, 12)}”" if said else f"{whose}的{name}选哪个"
    base = f"{held}|{spec.key}|"
    if len(spec.options) <= MOST_BUTTONS:
        buttons = tuple(
            Button(
                words.one_line(option, 10),
                Action("field.choose", str(row_id), version, f"{base}{place}"),
                say=f"回复 {option}",
            )
            for place, option in enumerate(spec.options)
        )
        return Card(title, subtitle=whose, buttons=buttons, about=("question", str(held)))
    options = tuple(Option(str(place), one) for place, one in enumerate(spec.options[:10]))
    choose = Action("field.choose", str(row_id), version, base)
    return Card(
        title,
        subtitle=whose,
        form=(Field(OPTION_KEY, name, options),),
        submit=Button("就选这个", choose, Tone.PRIMARY, say="直接回复选项"),
        note="、".join(spec.options[10:]),
        about=("question", str(held)),
    )


def which_card(question: str, options: Sequence[tuple[int, str]], action: str, held: int) -> Card:
    """Which customer or person is meant."""
    buttons = tuple(
        Button(words.one_line(name, 12), Action(action, str(i), extra=str(held)), say=f"回复 {place}")
        for place, (i, name) in enumerate(options[:MOST_BUTTONS], start=1)
    )
    return Card(question, buttons=buttons, about=("question", str(held)))


def form_card(
    called: str, customer_id: int, form: str, fields: Sequence[FieldSpec], known: Mapping[str, str]
) -> Card:
    """The own fields of a customer to be filled in; `known` is what they hold, as `_form_field` takes it."""
    submit = Button("保存", Action("field.fill", form, extra=str(customer_id)), Tone.PRIMARY)
    return Card(
        f"填资料 · {called}",
        form=tuple(_form_field(spec, known.get(spec.key, "")) for spec in fields),
        submit=submit,
        about=("form", form),
    )


def _form_field(spec: FieldSpec, known: str) -> Field:
    """A field of the form: choices by the numbers of their options, everything else in words."""
    optional, title = not spec.required, asked_for(spec)
    if spec.kind in CHOOSING:
        options = tuple(Option(str(place), one) for place, one in enumerate(spec.options))
        kind = FieldKind.CHECK_MANY if spec.kind is Kind.CHOICES else FieldKind.SELECT
        selected = tuple(one for one in known.split(",") if one)
        return Field(spec.key, title, options, kind, selected, optional=optional)
    selected = (known,) if known else ()
    most = LONGEST_TEXT if spec.kind is Kind.TEXT else LONGEST_VALUE
    return Field(
        spec.key,
        title,
        kind=FieldKind.TEXT,
        selected=selected,
        optional=optional,
        example=spec.example,
        most=most,
    )


def list_card(called: str, page: Listed, skip: int, asked: str) -> Card:
    """Records that meet conditions, as they were understood; `asked` asks for the next page."""
    lines = [
        f"{place}. {row.title}{_behind(row.values, row.owner)}"
        for place, row in enumerate(page.rows, start=skip + 1)
    ]
    opens = tuple(
        Button(
            words.one_line(words.short(row.title), 9),
            Action("customer.open", str(row.customer_id)),
            say=f"回复 {words.short(row.title)}",
        )
        for row in page.rows[: MOST_BUTTONS - 1]
        if row.customer_id is not None and page.object == "customer"
    )
    fits = 0 < len(asked.encode()) <= LONGEST_ASKED
    more = (Button("更多", Action("field.list", extra=asked), say="回复 下一页"),) if fits else ()
    measure = "家" if page.object == "customer" else "条"
    further = f"这{WINDOW}{measure}里没有，点“更多”往前找"
    measure = measure if page.exact else f"{measure}以上"
    return Card(
        title=f"{words.one_line(page.asked, 20)}的{called} · {page.count}{measure}",
        body="\n".join(lines) or ("没有符合的，换个条件试试" if page.exact else further),
        note="只列出你看得到的" if page.rows else "",
        buttons=(*opens, *more),
    )


def _arrow(change: Change) -> str:
    """What a field was and is: A → B."""
    if not change.after:
        return f"已清空（原来是{change.before}）" if change.before else "本来就是空的"
    return (
        f"{change.before} → {change.after}"
        if change.before and change.before != change.after
        else change.after
    )


def _behind(values: str, owner: str) -> str:
    """What stands behind a record in a list: its values and who looks after it."""
    return f"{f'：{values}' if values else ''}{f'（{owner}）' if owner else ''}"
