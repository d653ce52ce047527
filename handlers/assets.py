"""设备 华星 新增 空压机 型号GA37 …, 华星的设备, 设备 E0001 质保到2027年3月."""

from __future__ import annotations

from cards import assets as cards
from crm import assets, customers
from crm.assets import NewAsset
from crm.errors import UserMistake
from crm.rights import seen
from handlers.asset_words import described
from handlers.named import customer_named, find_named
from handlers.paging import goes_on, paged
from handlers.reply import Reply
from handlers.router import Router
from handlers.turn import Phrase, Press, Turn
from store.tables import Asset, Customer

router = Router("assets")
router.help(
    "设备 华润置地 新增 空压机 型号GA37 序列号SN123 2024年3月安装 质保3年 / 华润置地的设备",
    "登记装在客户那里的设备，看型号和质保",
    "sales",
    "manager",
)

EXAMPLE = "设备 华星科技 新增 空压机 型号GA37 序列号SN123 2024年3月安装 质保3年"
ADDS = r"(?:新增|登记|增加|添加|新装|加)"


@router.phrase(
    rf"设备[:：\s]+(?P<who>\S+)\s+{ADDS}[:：\s]*(?P<what>\S.*)",
    rf"设备\s*{ADDS}[:：\s]+(?P<who>\S+)\s+(?P<what>\S.*)",
    rf"(?:给)?\s*(?P<who>\S+?)的?\s*{ADDS}(?:一台|1台|了一台)?设备[:：\s]*(?P<what>\S.*)",
)
def add(turn: Turn, phrase: Phrase) -> Reply | None:
    """设备 华星 新增 空压机 型号GA37 序列号SN123 2024年3月安装 质保3年."""
    if not phrase.text.startswith("设备") and len(find_named(turn, phrase.given["who"])) != 1:
        return None
    customer = customers.get(turn.ctx, customer_named(turn, phrase.given["who"], EXAMPLE), to_change=True)
    said = described(phrase.given["what"], turn.ctx.local.date())
    new = NewAsset(said.rest, said.model, said.serial, said.installed_on, said.warranty_until, said.note)
    return _shown(turn, assets.add(turn.ctx, customer, new), "已登记设备")


@router.phrase(
    r"(?P<who>\S+?)(?:的设备|\s+设备)(?:列表|清单|有哪些|情况)?",
    r"设备[:：\s]+(?P<who>\S+)",
    reads=True,
)
def listing(turn: Turn, phrase: Phrase) -> Reply | None:
    """华星的设备."""
    who = phrase.given["who"]
    one = assets.numbered(turn.ctx, who)
    found = [one.customer_id] if one is not None else find_named(turn, who)
    if len(found) != 1:
        if phrase.text.startswith("设备"):
            raise UserMistake(f"没有找到客户“{who}”。看设备这样说：华星科技的设备；登记：{EXAMPLE}")
        return None
    return _listed(turn, found[0], 0)


@router.phrase(r"设备[:：\s]+(?P<number>E\d{3,}|[A-Za-z0-9\-]{4,40})[:：\s]+(?P<what>\S.*)")
def change(turn: Turn, phrase: Phrase) -> Reply | None:
    """设备 E0001 质保到2027年3月; 设备 E0001 拆除."""
    asset = assets.numbered(turn.ctx, phrase.given["number"])
    if asset is None:
        return None
    what = phrase.given["what"]
    if what in {"拆除", "删除", "报废", "移走", "不在了"}:
        assets.remove(turn.ctx, asset)
        turn.memory.record = turn.ctx.inbox_id
        return Reply(text=f"{asset.name}（{asset.number}）已从设备里去掉。弄错了回复“撤销”。")
    said = described(what, turn.ctx.local.date(), asset.installed_on)
    values = {
        "model": said.model,
        "serial": said.serial,
        "installed_on": said.installed_on,
        "warranty_until": said.warranty_until,
        "note": said.note,
    }
    if said.rest and not any(values.values()):
        if turn.understand(phrase.text).custom is not None:
            return None  # a field of the organisation's own
        raise UserMistake(f"要改什么？例如：设备 {asset.number} 质保到2027年3月")
    return _shown(turn, assets.change(turn.ctx, asset, values), "已更新设备")


@router.command("设备", reads=True)
def how(turn: Turn, reading: object) -> Reply:
    """设备 alone: of the customer last spoken of."""
    if turn.memory.customer_id is not None:
        return _listed(turn, turn.memory.customer_id, 0)
    return Reply(text=f"看设备这样说：华星科技的设备；登记：{EXAMPLE}")


@router.action("asset.list", reads=True)
def opened(turn: Turn, press: Press) -> Reply:
    """全部设备."""
    return _listed(turn, int(press.action.object_id), 0)


@router.action("asset.more", reads=True)
def more(turn: Turn, press: Press) -> Reply:
    """更多."""
    return _listed(turn, int(press.action.object_id), int(press.action.extra or 0))


def _listed(turn: Turn, customer_id: int, skip: int) -> Reply:
    page = assets.of_customer(turn.ctx, customer_id, skip)
    turn.memory.customer_id = page.customer.id
    if page.after is not None:
        goes_on(turn, "assets", customer_id, str(page.after))
    return Reply(cards=(cards.list_card(page, turn.ctx.local.date(), skip),))


@paged("assets")
def _on(turn: Turn, customer_id: int, start: str) -> Reply:
    return _listed(turn, customer_id, int(start))


def _shown(turn: Turn, asset: Asset, done: str) -> Reply:
    turn.memory.customer_id, turn.memory.record = asset.customer_id, turn.ctx.inbox_id
    called = customers.short_names(turn.ctx, [asset.customer_id])[asset.customer_id]
    owner = turn.ctx.session.get_one(Customer, asset.customer_id).owner_id
    card = cards.asset_card(
        seen(turn.ctx, asset, "asset", owner), called, turn.ctx.local.date(), turn.ctx.inbox_id or 0, done
    )
    return Reply(cards=(card,))
