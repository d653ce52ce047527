"""Forms as a whole, and as questions in the chat."""

from __future__ import annotations

from cards import forms
from cards.card import Action, Button, Card, Field, FieldKind, Option

PROPOSED = (
    Option("#12", "华润置地"),
    Option("#13", "美的"),
    Option("#14", "宁德时代"),
    Option("#15", "汇川技术"),
)
LEVEL = Field("level", "客户级别", forms.LEVELS, optional=True)
SUBMIT = Field("submit", "提交审批吗", forms.SUBMITS)
PHONE = Field("phone", "联系人电话", kind=FieldKind.PHONE, optional=True, example="13812345678")
CUSTOMER = Field("customer", "给哪个客户报价", PROPOSED, FieldKind.CUSTOMER, example="华润置地")
COLOURS = Field("colour", "关心什么", (Option("a", "价格"), Option("b", "交期")), FieldKind.CHECK_MANY)

LIST = Card(
    "今天的待办 · 2件",
    form=(Field("task", "选择任务", (Option("1", "演示 · 华润置地"), Option("2", "回访 · 美的"))),),
    buttons=(Button("完成", Action("task.done", extra="today")), Button("改期", Action("task.move"))),
)

SAMPLES: dict[str, Card] = {
    "customer": forms.customer_form("7", {"contact": "李梅", "phone": "13812345678"}),
    "quote": forms.quote_form("7", PROPOSED, {"customer": "#12"}),
    "visit": forms.visit_form("7", PROPOSED),
    "submitted": forms.submitted_card("7", "报价"),
    "words": forms.question_card("新增客户", "7", 2, 4, PHONE, shown="13812345678"),
    "few_choices": forms.question_card("报价", "7", 3, 4, SUBMIT),
    "choices": forms.question_card("新增客户", "7", 3, 4, LEVEL),
    "proposals": forms.question_card("报价", "7", 0, 4, CUSTOMER, known="已知 报多少：58万元"),
    "several": forms.question_card("调查", "7", 1, 3, COLOURS),
    "answered": forms.answered_card("报价", "7", 1, 4, SUBMIT, "已填：提交审批"),
    "stale": forms.stale_card("7", 1),
    "similar": forms.similar_card("美的集团电器", ["美的集团"], "7", '["美的集团电器","","",""]'),
    "spoken": forms.spoken(LIST),
    "similar_answered": forms.similar_answered_card("7", "已新建"),
}
