"""Cards of rights and of working together."""

from __future__ import annotations

from datetime import UTC, datetime

from cards import rights
from cards.card import Card
from crm.collaborators import Shared, Worker
from crm.reveals import Look, Revealed
from crm.rights.change import RoleRights, Setting
from store.tables import Contact, Role
from tests.cards.built.values import CUSTOMER, LOCAL, TODAY

NOW = datetime(2026, 11, 19, 2, 30, tzinfo=UTC)
SALES = RoleRights(
    Role.SALES,
    (("查看客户", "本人及下属"), ("修改客户", "本人及下属")),
    (("报价成本", "隐藏"), ("报价毛利", "隐藏")),
    ("看电话", "合并"),
    ("导出", "批量修改", "设置", "分配", "删除", "审计"),
)
SET = Setting(Role.SERVICE, "查看客户", "全部", "指定部门：华东区")
LI = Worker(31, 2, 3, "李娜", "write", NOW)
SHARED = Shared(CUSTOMER, "张伟", LI)
ASKED = Shared(CUSTOMER, "张伟", Worker(32, 1, 3, "李娜", "asked", None))
MONTH = datetime.fromisoformat("2026-12-01T00:00")
WANG = Contact(
    id=41, customer_id=CUSTOMER.id, name="王建国", phone="13800138000", created_at=NOW, updated_at=NOW
)

SAMPLES: dict[str, Card] = {
    "mine": rights.rights_card(SALES, mine=True, note="要调整请找管理员"),
    "of_role": rights.rights_card(SALES, mine=False),
    "set": rights.setting_card(SET, 7),
    "set_same": rights.setting_card(Setting(Role.SALES, "导出", "不允许", "不允许"), 7),
    "elsewhere": rights.elsewhere_card("恒瑞医药已存在，负责人吴婷，详情请找对方了解。", 12),
    "request": rights.request_card(ASKED, "一起投标"),
    "request_settled": rights.request_card(ASKED, done="已由张伟同意（可看）"),
    "shared": rights.shared_card(SHARED, MONTH, TODAY, 7),
    "workers": rights.workers_card("华润置地（华东）有限公司", "张伟", [(LI, MONTH)], TODAY),
    "workers_none": rights.workers_card("华润置地（华东）有限公司", "张伟", [], TODAY),
    "revealed": rights.revealed_card(Revealed(WANG, CUSTOMER, WANG.phone, 49)),
    "looks": rights.looks_card([Look(LOCAL, "郑晓燕", "王建国", "恒瑞医药", "核对开票")], TODAY),
}
