"""External contacts (客户联系) as values: people outside, and who of the organisation has added them."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Tag:
    """A tag of the organisation, in a group of tags."""

    id: str
    name: str
    group: str = "客户标签"


@dataclass(frozen=True, slots=True)
class Follow:
    """A member has added somebody: his remark, the ids of his tags, how they met (1 QR code, 2 phone
    number, 3 card …) and when (Unix time in seconds)."""

    userid: str
    remark: str = ""
    description: str = ""
    remark_corp_name: str = ""
    tags: tuple[str, ...] = ()
    add_way: int = 1
    state: str = ""
    createtime: int = 0
    remark_mobiles: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class External:
    """Somebody outside. `kind` is 1 on WeChat (no company name is told), 2 on WeCom elsewhere."""

    external_userid: str
    name: str
    follows: tuple[Follow, ...]
    corp_name: str = ""
    position: str = ""
    kind: int = 1
    gender: int = 0
