"""What is known of a customer as a whole: level, source, industry, region, life cycle, parent, referrer."""

from __future__ import annotations

from dataclasses import dataclass, fields

from crm import customers, identities
from crm.context import Context
from crm.errors import Conflict, UserMistake
from crm.identities import NAMES, Kind
from crm.journal import changed
from crm.rights import need_edit, need_field
from store.tables import Customer

LONGEST = 40
LONGEST_NOTE = 1000
MOST_STEPS = 20  # from a company to the head of its group

WORDS: dict[str, str] = {
    "level": "级别",
    "source": "来源",
    "industry": "行业",
    "region": "地区",
    "lifecycle": "阶段",
    "parent_id": "上级公司",
    "referrer_id": "介绍人",
    "tax_no": "税号",
    "member_no": "会员号",
    "note": "备注",
}
IDENTITIES: dict[str, Kind] = {"tax_no": Kind.TAX_NO, "member_no": Kind.MEMBER_NO}


@dataclass(frozen=True, slots=True)
class Particulars:
    """What is new of a customer; empty is nothing. A `note` is added to what there is."""

    level: str = ""
    source: str = ""
    industry: str = ""
    region: str = ""
    lifecycle: str = ""
    parent_id: int | None = None
    referrer_id: int | None = None
    tax_no: str = ""
    member_no: str = ""
    note: str = ""

    def given(self) -> dict[str, str | int]:
        """The fields that say something."""
        named = ((one.name, getattr(self, one.name)) for one in fields(self))
        return {name: value for name, value in named if value}


def tell(ctx: Context, customer: Customer, news: Particulars) -> Customer:
    """Take down what is new of a customer. Raises `UserMistake` for what cannot be, `Conflict`."""
    need_edit(ctx, customer)
    given = checked(ctx, news).given()
    for name in ("parent_id", "referrer_id"):
        if name in given:
            _check_other(ctx, customer, name, int(given[name]))
    for name, kind in IDENTITIES.items():
        if name in given:
            _identify(ctx, customer, kind, str(given.pop(name)))
    if "note" in given:
        given["note"] = f"{customer.note}；{given['note']}".strip("；")[-LONGEST_NOTE:]
    for name in given:
        need_field(ctx, "customer", name, customer.owner_id, empty=not getattr(customer, name))
    return changed(ctx, customer, **given) if given else customer


def checked(ctx: Context, news: Particulars) -> Particulars:
    """The same with the words of the organisation: 上海展会 is 展会. Raises `UserMistake` for others."""
    business = ctx.business
    for name in ("industry", "region"):
        if len(getattr(news, name)) > LONGEST:
            raise UserMistake(f"{WORDS[name]}不超过{LONGEST}个字，例如：客户 华星科技 行业 制造 地区 苏州")
    return Particulars(
        level=_one_of("级别", news.level.upper().removesuffix("级").removesuffix("类"), business.levels),
        source=_one_of("来源", news.source, business.sources),
        industry=news.industry.removesuffix("行业") or news.industry,
        region=news.region,
        lifecycle=_one_of("阶段", news.lifecycle, business.lifecycles),
        parent_id=news.parent_id,
        referrer_id=news.referrer_id,
        tax_no=news.tax_no,
        member_no=news.member_no,
        note=news.note,
    )


def known_source(ctx: Context, words: str) -> str:
    """The source that the words name: 上海工博会展会 is 展会; empty where they name none."""
    return next((one for one in ctx.business.sources if one in words or words == f"{one}会"), "")


def _one_of(what: str, said: str, known: tuple[str, ...]) -> str:
    if not said:
        return ""
    exact = next((one for one in known if one.upper() == said.upper()), "")
    near = exact or next((one for one in known if len(one) > 1 and one in said), "")
    if not near:
        raise UserMistake(f"{what}没有“{said}”，可以用：{'、'.join(known)}")
    return near


def _check_other(ctx: Context, customer: Customer, name: str, other: int) -> None:
    if other == customer.id:
        raise UserMistake(f"{customer.name}的{WORDS[name]}不能是自己。")
    if name == "referrer_id":
        return
    above: int | None = other
    for _ in range(MOST_STEPS):
        row = ctx.session.get(Customer, above) if above is not None else None
        if row is None:
            return
        if row.parent_id == customer.id:
            raise UserMistake(f"{row.name}已经是{customer.name}的下级，不能反过来。")
        above = row.parent_id


def _identify(ctx: Context, customer: Customer, kind: Kind, value: str) -> None:
    if not identities.normal(kind, value):
        raise UserMistake(f"{NAMES[kind]}看着不对，税号是18位，例如：客户 华星科技 税号 91320594MA1MXXXX3K")
    held = identities.put(ctx, customer.id, kind, value)
    if held is not None:
        whose = held.customer if held.mine else "另一家客户"
        raise Conflict(f"这个{NAMES[kind]}已经登记在{whose}（负责人{held.owner}），没有重复登记。")


def names_of(ctx: Context, customer: Customer) -> dict[str, str]:
    """The names of the parent and the referrer, by field."""
    ids = {n: getattr(customer, n) for n in ("parent_id", "referrer_id") if getattr(customer, n)}
    called = customers.short_names(ctx, list(ids.values())) if ids else {}
    return {name: called.get(one, "") for name, one in ids.items()}
