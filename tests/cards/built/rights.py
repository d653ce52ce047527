"""Cards of rights and of working together."""

from __future__ import annotations

from datetime import UTC, datetime

from cards import pool, rights
from cards.card import Card
from crm.collaborators import Shared, Worker
from crm.pool import Page, Pooled
from crm.reveals import Look, Revealed
from crm.rights.change import RoleRights, Setting
from store.tables import Contact, Role
from tests.cards.built.values import CUSTOMER, LOCAL, TODAY

NOW = datetime(2026, 11, 19, 2, 30, tzinfo=UTC)
SALES = RoleRights(
    Role.SALES,
    (("查看客户", "本人及下属"), ("修改客户", "本人及下属"), ("查看公海", "全部"), ("领取公海", "全部")),
    (("报价成本", "隐藏"), ("报价毛利", "隐藏")),
    ("看电话", "合并", "删除"),
    ("导出", "批量修改", "设置", "分配", "审计"),
)
SET = Setting(Role.SERVICE, "查看客户", "全部", "指定部门：华东区")
LI = Worker(31, 2, 3, "李娜", "write", NOW)
SHARED = Shared(CUSTOMER, "张伟", LI)
ASKED = Shared(CUSTOMER, "张伟", Worker(32, 1, 3, "李娜", "asked", None))
MONTH = datetime.fromisoformat("2026-12-01T00:00")
WANG = Contact(
    id=41, customer_id=CUSTOMER.id, name="王建国", phone="13800138000", created_at=NOW, updated_at=NOW
)
POOL = Page(
    (
        Pooled(5, "恒瑞", "恒瑞医药", "A", "江苏苏州"),
        Pooled(6, "华润万家深圳福田", "华润万家有限公司深圳福田分公司", "", ""),
        *(Pooled(10 + n, f"第{n}精密", f"苏州第{n}精密机械有限公司", "B", "") for n in range(6)),
    ),
    claims=True,
    after=16,
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
    "pool": pool.pool_card(POOL, 8),
    "pool_none": pool.pool_card(Page((), claims=False)),
    "pool_claimed": pool.claimed_card(5, "恒瑞医药", 7),
    "pool_released": pool.released_card(["恒瑞医药", "美的集团"], 7),
    "looks": rights.looks_card([Look(LOCAL, "郑晓燕", "王建国", "恒瑞医药", "核对开票")], TODAY),
}
