"""Rights in the chat: one's own in words, and an administrator's changes of a role's."""

from __future__ import annotations

from cards import rights as cards
from crm.errors import NotAllowed, Refusal, UserMistake
from crm.rights import (
    ACCESS_NAMES,
    IN_POOL,
    OBJECT_NAMES,
    RIGHT_NAMES,
    ROLE_NAMES,
    FieldAccess,
    Right,
    Scope,
    Verb,
    may,
    need,
)
from crm.rights import change as rights
from crm.rights.change import Setting
from handlers.reply import Reply
from handlers.router import Router
from handlers.turn import Phrase, Turn
from nlu.reading import Reading
from store.tables import Role

router = Router("rights")
router.help("权限", "看自己能看谁的客户、能做什么")
router.help("权限 客服 客户 全部", "设置一个角色能看多大范围", "admin")
router.help("权限 客服 联系人.手机 打码", "设置字段：隐藏、打码、可看、可改", "admin")
router.help("权限 客服 公海 不开放 / 权限 主管 领取公海 指定 华东区", "公海让谁看、让谁领取", "admin")
router.help("权限 主管 导出 允许", "开关导出、批量修改、看电话、合并等权限", "admin")

HOW = (
    "权限这样设置：\n· 权限 客服 客户 全部（或 本人、本人及下属、本部门、本部门及下级、指定 华东区、默认）\n"
    "· 权限 客服 修改客户 本部门\n· 权限 客服 联系人.手机 打码（或 隐藏、可看、可改、默认）\n"
    "· 权限 主管 导出 允许（或 禁止、默认）\n· 权限 市场 公海 全部（或 不开放、指定 华东区、默认）\n"
    "· 权限 市场 领取公海 全部\n· 权限 销售 公海.手机 隐藏（或 打码、可看、默认）\n先看现在的：权限 客服"
)
ROLES: dict[str, Role] = {
    **{name: role for role, name in ROLE_NAMES.items()},
    "经理": Role.MANAGER,
    "老板": Role.DIRECTOR,
    "只读审计": Role.AUDITOR,
}
RIGHTS: dict[str, Right] = {
    **{name: right for right, name in RIGHT_NAMES.items()},
    "批量": Right.MASS_CHANGE,
    "解码": Right.REVEAL,
    "查看电话": Right.REVEAL,
    "配置": Right.CONFIGURE,
    "转移": Right.ASSIGN,
    "归档": Right.DELETE,
}
OBJECTS: dict[str, str] = {
    **{name: object_ for object_, name in OBJECT_NAMES.items()},
    "跟进记录": "activity",
    "拜访": "activity",
    "待办": "task",
    "公海客户": "pool",
}
SCOPES: dict[str, Scope | None] = {
    "本人及下属": Scope.SUBORDINATES,
    "本人和下属": Scope.SUBORDINATES,
    "下属": Scope.SUBORDINATES,
    "本部门及下级": Scope.BRANCH,
    "本部门和下级": Scope.BRANCH,
    "部门及下级": Scope.BRANCH,
    "本部门": Scope.DEPARTMENT,
    "部门": Scope.DEPARTMENT,
    "本人": Scope.OWN,
    "自己": Scope.OWN,
    "指定部门": Scope.GIVEN,
    "指定": Scope.GIVEN,
    "全部": Scope.ALL,
    "所有": Scope.ALL,
    "开放": Scope.ALL,
    "允许": Scope.ALL,
    "不开放": Scope.NONE,
    "不允许": Scope.NONE,
    "禁止": Scope.NONE,
    "不可见": Scope.NONE,
    "默认": None,
    "恢复默认": None,
}
ACCESSES: dict[str, FieldAccess | None] = {
    **{name: access for access, name in ACCESS_NAMES.items()},
    "不可见": FieldAccess.HIDDEN,
    "脱敏": FieldAccess.MASKED,
    "只读": FieldAccess.READ,
    "可见": FieldAccess.READ,
    "可写": FieldAccess.WRITE,
    "默认": None,
    "恢复默认": None,
}
ALLOWED: dict[str, bool | None] = {
    **dict.fromkeys(("允许", "可以", "开", "开通", "打开"), True),
    **dict.fromkeys(("禁止", "不允许", "不可以", "不能", "关", "关闭"), False),
    "默认": None,
    "恢复默认": None,
}
CHANGES = frozenset({"修改", "改", "编辑", "写", "领取", "认领"})


def _one_of(words: dict[str, object] | frozenset[str]) -> str:
    return "|".join(sorted(words, key=len, reverse=True))


_ROLE = rf"(?P<role>{_one_of({**ROLES})})"
_VERB = "查看|修改|编辑|领取|认领|看|改|写"
_OBJECT = rf"(?P<object>{_one_of({**OBJECTS})})"


@router.command("权限", "我的权限", "我能看什么", "我有什么权限", reads=True)
def mine(turn: Turn, reading: Reading) -> Reply:
    """权限: what the actor may, in words."""
    view = rights.rights_of(turn.ctx, turn.actor.role)
    note = "改权限：权限 客服 客户 全部" if may(turn.ctx, Right.CONFIGURE) else "要调整请找管理员"
    return Reply(cards=(cards.rights_card(view, mine=True, note=note),))


@router.phrase(rf"权限\s*{_ROLE}(?:的权限)?", reads=True)
def of_role(turn: Turn, phrase: Phrase) -> Reply:
    """权限 客服: for those who set or check them."""
    role = ROLES[phrase.given["role"]]
    if role is not turn.actor.role and not may(turn.ctx, Right.AUDIT):
        need(turn.ctx, Right.CONFIGURE)
    view = rights.rights_of(turn.ctx, role)
    return Reply(cards=(cards.rights_card(view, mine=False, note=HOW.split("\n")[1].removeprefix("· ")),))


@router.phrase(rf"权限\s*{_ROLE}\s*(?P<right>{_one_of({**RIGHTS})})\s*(?P<value>{_one_of({**ALLOWED})})")
def allow(turn: Turn, phrase: Phrase) -> Reply:
    """权限 主管 导出 允许."""
    given = phrase.given
    allowed = ALLOWED[given["value"]]
    return _set(
        turn, rights.set_action(turn.ctx, ROLES[given["role"]], RIGHTS[given["right"]], allowed=allowed)
    )


@router.phrase(
    rf"权限\s*{_ROLE}\s*(?P<verb>{_VERB})?\s*{_OBJECT}\s*(?P<verb2>{_VERB})?"
    rf"\s*(?P<scope>{_one_of({**SCOPES})})\s*(?P<departments>.*)"
)
def scope(turn: Turn, phrase: Phrase) -> Reply | None:
    """权限 客服 客户 全部."""
    given = phrase.given
    wanted = SCOPES[given["scope"]]
    if given["departments"] and wanted is not Scope.GIVEN:
        return None
    verb = Verb.WRITE if {given["verb"], given["verb2"]} & CHANGES else Verb.READ
    names = given["departments"].replace("、", " ").replace(",", " ").split()
    departments = rights.departments_called(turn.ctx, names) if names else ()
    role, object_ = ROLES[given["role"]], OBJECTS[given["object"]]
    return _set(turn, rights.set_scope(turn.ctx, role, object_, verb, wanted, departments))


@router.phrase(
    rf"权限\s*{_ROLE}\s*{_OBJECT}\s*[.。·的/]?\s*(?P<field>\S+?)\s*(?P<value>{_one_of({**ACCESSES})})"
)
def field(turn: Turn, phrase: Phrase) -> Reply:
    """权限 客服 联系人.手机 打码."""
    given = phrase.given
    role, object_ = ROLES[given["role"]], OBJECTS[given["object"]]
    need(turn.ctx, Right.CONFIGURE)
    key = rights.field_called(turn.ctx, object_, given["field"])
    if key is None:
        raise UserMistake(
            f"{given['object']}没有“{given['field']}”这个字段，例如：权限 客服 联系人.手机 打码"
        )
    return _set(turn, rights.set_field(turn.ctx, role, object_, key, ACCESSES[given["value"]]))


@router.phrase(r"权限\s+.+", rf"权限\s*{_ROLE}.+", "权限(?:设置|帮助|怎么设置?)")
def unclear(turn: Turn, phrase: Phrase) -> Reply:
    """A change that was not said so that it can be made."""
    need(turn.ctx, Right.CONFIGURE)
    return Reply(text=HOW)


def _set(turn: Turn, setting: Setting) -> Reply:
    if not setting.same:
        turn.memory.record = turn.ctx.inbox_id
    return Reply(cards=(cards.setting_card(setting, turn.ctx.inbox_id or 0),))


def refused(refusal: Refusal) -> Reply:
    """What is said instead: where a customer is somebody else's, with a way to be let in."""
    someones = isinstance(refusal, NotAllowed) and IN_POOL not in refusal.message
    if isinstance(refusal, NotAllowed) and someones and refusal.customer_id is not None:
        return Reply(cards=(cards.elsewhere_card(refusal.message, refusal.customer_id),))
    return Reply(text=refusal.message)
