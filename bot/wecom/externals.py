"""External contacts as WeCom tells them (客户联系).

Trap: one by one, `follow_user` is a list with `tags` in full; in batches, `follow_info` is one object with
bare `tag_id`s. Personal WeChat users have no company name but the remark that a member gave.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Any, Final

from crm.externals import External, Follow

_Row = Mapping[str, Any]
_NO_TAGS: Final[Mapping[str, str]] = {}


@dataclass(frozen=True, slots=True)
class Page:
    """Some external contacts, each with one member's side; `cursor` is empty after the last page. `failed`
    are userids of which the platform told nothing."""

    externals: tuple[External, ...] = ()
    cursor: str = ""
    failed: tuple[str, ...] = ()


def page(answer: _Row, *, tags: Mapping[str, str]) -> Page:
    """Read externalcontact/batch/get_by_user. Raises KeyError."""
    rows = _objects(answer.get("external_contact_list"))
    found = tuple(
        _external(_object(row, "external_contact"), [_object(row, "follow_info")], tags) for row in rows
    )
    failed = tuple(
        one
        for value in _object(answer, "fail_info").values()
        if isinstance(value, list)
        for one in value
        if isinstance(one, str)
    )
    return Page(found, _text(answer, "next_cursor"), failed)


def whole(answer: _Row) -> External:
    """Read externalcontact/get. Raises KeyError."""
    return _external(_object(answer, "external_contact"), _objects(answer.get("follow_user")), _NO_TAGS)


def tag_names(answer: _Row) -> dict[str, str]:
    """Read externalcontact/get_corp_tag_list: names by id."""
    groups = _objects(answer.get("tag_group"))
    return {
        _text(tag, "id"): _text(tag, "name")
        for group in groups
        for tag in _objects(group.get("tag"))
        if tag.get("id")
    }


def _external(row: _Row, follows: list[_Row], tags: Mapping[str, str]) -> External:
    return External(
        external_id=str(row["external_userid"]),
        name=_text(row, "name"),
        corp_name=_text(row, "corp_name"),
        corp_full_name=_text(row, "corp_full_name"),
        position=_text(row, "position"),
        kind=_number(row, "type"),
        follows=tuple(_follow(one, tags) for one in follows if one.get("userid")),
    )


def _follow(row: _Row, names: Mapping[str, str]) -> Follow:
    full = [_text(tag, "tag_name") for tag in _objects(row.get("tags"))]
    bare = row.get("tag_id")
    ids = [one for one in bare if isinstance(one, str)] if isinstance(bare, list) else []
    return Follow(
        userid=str(row["userid"]).lower(),
        remark=_text(row, "remark"),
        description=_text(row, "description"),
        corp_remark=_text(row, "remark_corp_name"),
        tags=tuple(name for name in (*full, *(names.get(one, one) for one in ids)) if name),
        add_way=_number(row, "add_way"),
        state=_text(row, "state"),
        added_at=_moment(_number(row, "createtime")),
    )


def _moment(seconds: int) -> datetime | None:
    try:
        return datetime.fromtimestamp(seconds, UTC) if seconds else None
    except (ValueError, OverflowError, OSError):
        return None


def _objects(value: object) -> list[_Row]:
    return [row for row in value if isinstance(row, dict)] if isinstance(value, list) else []


def _object(row: _Row, name: str) -> _Row:
    value = row.get(name)
    return value if isinstance(value, dict) else {}


def _text(row: _Row, name: str) -> str:
    """A text as databases take it."""
    value = row.get(name)
    return value.replace("\0", "") if isinstance(value, str) else ""


def _number(row: _Row, name: str) -> int:
    value = row.get(name)
    return value if isinstance(value, int) and not isinstance(value, bool) else 0
