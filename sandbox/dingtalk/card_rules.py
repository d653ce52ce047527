"""What a card call has to look like; every refusal has the code of the page create-and-deliver-cards."""

from __future__ import annotations

import re
from dataclasses import dataclass

from sandbox.dingtalk import limits
from sandbox.dingtalk.cards import Params, SpaceModel
from sandbox.dingtalk.errors import Refused
from sandbox.dingtalk.shape import JsonObject, flag, needed, obj, text, texts

IM_GROUP, IM_ROBOT = "IM_GROUP", "IM_ROBOT"
SPACE_TYPES = (IM_GROUP, IM_ROBOT, "IM_SINGLE", "ONE_BOX")
SPACE_MODELS = {IM_GROUP: "imGroupOpenSpaceModel", IM_ROBOT: "imRobotOpenSpaceModel"}
DELIVER_MODELS = {IM_GROUP: "imGroupOpenDeliverModel", IM_ROBOT: "imRobotOpenDeliverModel"}
EVERYBODY = "@ALL"
_PREFIX = re.compile(r"^dtv1\.card//", re.IGNORECASE)


@dataclass(frozen=True, slots=True)
class Target:
    """One place a card goes to. `at` and `recipients` are ids as the caller writes them."""

    type: str
    id: str
    at: tuple[str, ...] = ()
    recipients: tuple[str, ...] | None = None


def params(owner: JsonObject, name: str) -> Params | None:
    """`{name: {"cardParamMap": {...}}}`; None when absent. Raises Refused (param.invalid)."""
    data = obj(owner, name, "param.invalid")
    return None if data is None else _map(data, name)


def private(owner: JsonObject) -> dict[str, Params] | None:
    """`privateData`, keyed by user; None when absent. Raises Refused."""
    data = obj(owner, "privateData", "param.invalid")
    if data is None:
        return None
    found = {}
    for user_id in data:
        if not user_id:
            raise Refused("param.userIdEmpty", "privateData 的 userId 为空")
        one = obj(data, user_id, "param.invalid")
        found[user_id] = _map(one or {}, f"privateData.{user_id}")
    return found


def _map(data: JsonObject, where: str) -> Params:
    inner = obj(data, "cardParamMap", "param.invalid")
    if inner is None:
        raise Refused("param.invalid", f"{where}.cardParamMap 为空")
    size = 0
    for name, value in inner.items():
        if not isinstance(value, str):
            raise Refused("param.invalid", f"{where}.cardParamMap.{name} 应为字符串")
        if len(name.encode()) > limits.PARAM_KEY_BYTES:
            raise Refused("param.invalid", f"{where}.cardParamMap 的 key 过长：{name}")
        size += len(name.encode()) + len(value.encode())
    if size > limits.PARAM_MAP_BYTES:
        raise Refused("param.invalid", f"{where}.cardParamMap 过大")
    return {name: str(value) for name, value in inner.items()}


def check_values(given: Params) -> None:
    """Hold to the documented size of one variable. Raises Refused (param.invalid)."""
    for name, value in given.items():
        if len(value.encode()) > limits.PARAM_VALUE_BYTES:
            raise Refused("param.invalid", f"cardParamMap.{name} 超过 1 KB")


def by_key(owner: JsonObject) -> tuple[bool, bool]:
    """`cardUpdateOptions`: whether public and private data are updated by key. Raises Refused."""
    options = obj(owner, "cardUpdateOptions", "param.invalid") or {}
    return flag(options, "updateCardDataByKey"), flag(options, "updatePrivateDataByKey")


def space_models(body: JsonObject) -> dict[str, SpaceModel]:
    """The types of places the card is made for. Raises Refused (param.openSpaceModelInvalid)."""
    bad = "param.openSpaceModelInvalid"
    found = {}
    for kind, name in SPACE_MODELS.items():
        model = obj(body, name, bad)
        if model is None:
            continue
        flag(model, "supportForward", bad)
        words = obj(model, "lastMessageI18n", bad) or {}
        if not all(isinstance(one, str) for one in words.values()):
            raise Refused(bad, "lastMessageI18n 的值应为字符串")
        search, notice = obj(model, "searchSupport", bad) or {}, obj(model, "notification", bad) or {}
        for one in ("searchIcon", "searchTypeName"):
            text(search, one, bad)
        flag(notice, "notificationOff", bad)
        found_as, alert = text(search, "searchDesc", bad), text(notice, "alertContent", bad)
        most = limits.SPACE_TEXT_CHARS
        found[kind] = SpaceModel(str(words.get("ZH_CN", "")), found_as[:most], alert[:most])
    return found


def targets(body: JsonObject, robot_code: str) -> list[Target]:
    """The places `openSpaceId` names, each with its deliver model. Raises Refused."""
    open_space_id = needed(body, "openSpaceId", "param.openSpaceIdEmpty")
    if len(open_space_id) > limits.OPEN_SPACE_ID_CHARS or not _PREFIX.match(open_space_id):
        raise Refused("param.openSpaceIdInvalid", "openSpaceId 应以 dtv1.card// 开头，不超过 1000 个字符")
    found = []
    for part in _PREFIX.sub("", open_space_id).split(";"):
        kind, dot, space_id = part.partition(".")
        if not dot or not space_id or kind.upper() not in SPACE_TYPES:
            raise Refused("param.openSpaceIdInvalid", f"openSpaceId 不合法：{part}")
        found.append(_target(body, kind.upper(), space_id, robot_code))
    return found


def _target(body: JsonObject, kind: str, space_id: str, robot_code: str) -> Target:
    if kind not in DELIVER_MODELS:
        return Target(kind, space_id)
    model = obj(body, DELIVER_MODELS[kind], "param.openDeliverModelError")
    if not model:
        raise Refused("param.openDeliverModelEmpty", f"{DELIVER_MODELS[kind]} 不能为空")
    given = text(model, "robotCode", "param.openDeliverModelError")
    if (kind == IM_GROUP and not given) or given not in ("", robot_code):
        raise Refused("param.openDeliverModelError", f"{DELIVER_MODELS[kind]}.robotCode 无效")
    if kind == IM_ROBOT:
        if text(model, "spaceType", "param.openDeliverModelError") not in ("", IM_ROBOT):
            raise Refused("param.openDeliverModelError", "spaceType 应为 IM_ROBOT")
        return Target(kind, space_id)
    at = obj(model, "atUserIds", "param.openDeliverModelError") or {}
    recipients = model.get("recipients")
    only = None if recipients is None else tuple(texts(model, "recipients", "param.openDeliverModelError"))
    return Target(kind, space_id, tuple(at), only or None)
