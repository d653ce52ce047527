"""A dozen cards as the features make them, for the golden files and for tests of single types."""

from __future__ import annotations

from cards.card import Action, Button, Card, Fact, Field, FieldKind, Option, Tone

CRM = "https://crm.example.com"


def _options(*texts: str) -> tuple[Option, ...]:
    return tuple(Option(str(number), text) for number, text in enumerate(texts, start=1))


VISIT = Card(
    title="已记录拜访 #1024",
    subtitle="华润置地 王总",
    tone=Tone.SUCCESS,
    body="聊了二期报价，对方希望月底前定下来。",
    facts=(
        Fact("客户", "华润置地"),
        Fact("联系人", "王总"),
        Fact("时间", "今天下午"),
        Fact("金额", "58 万元"),
        Fact("下一步", "再去演示"),
        Fact("提醒", "下周三 10:00"),
    ),
    quote="今天下午拜访了华润置地的王总，聊了二期报价，预算大概58万，下周三上午十点再去演示",
    buttons=(
        Button("修改", Action("visit.edit", "1024", 1), say="回复 修改"),
        Button("撤销", Action("visit.undo", "1024", 1), Tone.DANGER, say="回复 撤销"),
    ),
    about=("activity", "1024"),
)

CUSTOMER = Card(
    title="华润置地有限公司",
    subtitle="重点客户，负责人 张三",
    emphasis=("58 万元", "进行中的商机"),
    body="最近一次：10 月 9 日拜访王总，聊了二期报价。",
    facts=(
        Fact("联系人", "王总（采购总监）、李工"),
        Fact("电话", "138****5678"),
        Fact("地址", "北京市朝阳区建国路 81 号华贸中心 1 号写字楼 22 层 2203 室，前台找采购部"),
        Fact("商机阶段", "方案报价"),
        Fact("预计成交", "11 月底"),
        Fact("回款", "已回 20 万元，未回 38 万元"),
        Fact("工单", "1 张处理中"),
        Fact("来源", "展会"),
    ),
    link=f"{CRM}/customers/7",
    buttons=(
        Button("全部跟进", url=f"{CRM}/customers/7/timeline"),
        Button("报价", url=f"{CRM}/customers/7/quotes"),
    ),
    about=("customer", "7"),
)

REMINDER = Card(
    title="10 分钟后：华润置地 演示",
    subtitle="今天 10:00，联系人 王总",
    tone=Tone.PRIMARY,
    facts=(Fact("上次", "10 月 9 日拜访，聊了二期报价"), Fact("地点", "华贸中心 22 层")),
    form=(
        Field(
            "until",
            "推迟到",
            _options("1 小时后", "今天下午 3 点", "明天上午 10 点", "下周一上午"),
            selected=("3",),
        ),
    ),
    buttons=(
        Button("完成", Action("task.done", "31", 2), Tone.PRIMARY, say="回复 完成"),
        Button("推迟", Action("task.postpone", "31", 2), say="回复 推迟到 明天10点"),
        Button("改期", Action("task.move", "31", 2), say="回复 改到 周五下午3点"),
    ),
    about=("task", "31"),
)

APPROVAL = Card(
    title="报价 Q1024 待你审批",
    subtitle="张三 提交，华润置地 二期",
    tone=Tone.PRIMARY,
    emphasis=("58 万元", "报价金额"),
    body="客户希望月底前签，竞争对手报了 55 万元。",
    facts=(
        Fact("折扣", "9 折"),
        Fact("毛利率", "31%"),
        Fact("有效期", "30 天"),
        Fact("审批理由", "低于 9.5 折需经理同意"),
    ),
    buttons=(
        Button("同意", Action("quote.approve", "1024", 3), Tone.SUCCESS, say="回复 同意 Q1024"),
        Button("驳回", Action("quote.reject", "1024", 3), Tone.DANGER, say="回复 驳回 Q1024 原因"),
        Button("明细", url=f"{CRM}/quotes/1024"),
    ),
    note="请在明天 18:00 前处理",
    about=("quote", "1024"),
)

APPROVED = Card(
    title="报价 Q1024 已通过",
    subtitle="张三 提交，华润置地 二期",
    tone=Tone.SUCCESS,
    facts=APPROVAL.facts,
    buttons=APPROVAL.buttons,
    done="李经理 10:42 已同意",
    link=f"{CRM}/quotes/1024",
    about=("quote", "1024"),
)

MORNING = Card(
    title="早上好，今天有 5 件事",
    subtitle="10 月 15 日 星期三",
    emphasis=("5 件", "今天要跟进"),
    body="10:00 华润置地 演示\n11:30 中海物业 回电话\n14:00 万科 送样\n16:00 招商蛇口 报价\n17:30 写周报",
    facts=(
        Fact("待审批", "2 张报价"),
        Fact("逾期", "1 个任务：给龙湖寄合同"),
        Fact("生日", "王总（华润置地）明天"),
    ),
    link=f"{CRM}/today",
)

CHOICE = Card(
    title="是哪一位客户",
    body="找到 3 位名字里有“华润”的客户。",
    form=(
        Field(
            "customer",
            "客户",
            _options("华润置地有限公司", "华润万家有限公司深圳福田分公司", "华润万家有限公司深圳南山分公司"),
        ),
    ),
    submit=Button("就是它", Action("customer.choose", extra="lookup"), Tone.PRIMARY, say="回复序号选择"),
)

HELP = Card(
    title="可以这样和我说",
    body=(
        "记拜访：今天拜访了华润置地的王总，聊了报价\n查客户：华润置地\n看安排：今天、明天、本周\n"
        "提醒：提醒我明天10点给王总回电话\n报价：报价 华润置地 58万 9折 提交\n撤销：撤销"
    ),
    note="说错了也没关系，随时回复 撤销",
)

BIRTHDAY = Card(
    title="王总明天生日",
    subtitle="华润置地 采购总监，农历八月廿四",
    image=f"{CRM}/static/birthday.png",
    body="王总，生日快乐。感谢这一年的信任，祝您和家人身体健康，诸事顺遂。",
    facts=(Fact("上次联系", "10 月 9 日"), Fact("电话", "138****5678")),
    link=f"{CRM}/greetings/52",
    note="点开可以修改后发送",
)

VOTE = Card(
    title="周四团建，哪些时间可以",
    subtitle="可多选，周三中午截止",
    form=(
        Field(
            "slot",
            "时间",
            _options("周四 14:00", "周四 16:00", "周五 14:00"),
            FieldKind.CHECK_MANY,
            selected=("1", "3"),
        ),
    ),
    submit=Button("提交", Action("poll.answer", "9", 1)),
)

FORM = Card(
    title="补全商机",
    subtitle="华润置地 二期",
    form=(
        Field("stage", "阶段", _options("初步接洽", "需求确认", "方案报价", "谈判", "赢单"), selected=("3",)),
        Field("source", "来源", _options("展会", "转介绍", "官网", "电话")),
        Field("level", "级别", _options("A", "B", "C"), FieldKind.CHECK_ONE),
    ),
    submit=Button("保存", Action("deal.save", "88", 4), Tone.PRIMARY, say="回复 阶段 方案报价"),
)

CROWDED = Card(
    title="本周回款计划与实际到账情况对照以及需要各位负责人尽快确认的差异说明汇总",
    body="以下客户的回款与计划不一致，请逐一确认。" * 5,
    facts=tuple(
        Fact(f"客户{number}", f"计划 {number} 万元，到账 {number - 1} 万元") for number in range(1, 13)
    ),
    buttons=tuple(
        Button(f"确认客户{number}的差异", Action("payment.confirm", str(number))) for number in range(1, 10)
    ),
    image=f"{CRM}/static/chart.png",
    note="差异超过 7 天未确认会提醒主管",
)

SAMPLES: dict[str, Card] = {
    "visit_recorded": VISIT,
    "customer_360": CUSTOMER,
    "task_reminder": REMINDER,
    "quote_approval": APPROVAL,
    "quote_approved": APPROVED,
    "morning": MORNING,
    "customer_choice": CHOICE,
    "help": HELP,
    "birthday": BIRTHDAY,
    "vote": VOTE,
    "deal_form": FORM,
    "crowded": CROWDED,
}
