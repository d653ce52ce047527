"""The table of all settings, for `docs/operations.md`: what the code says, so that the page stays true.

python -m config.reference docs/operations.md     writes the table into the page
"""

from __future__ import annotations

import sys
from collections.abc import Iterator
from pathlib import Path
from types import UnionType
from typing import Any, Final, get_args, get_origin

from pydantic import BaseModel, SecretStr
from pydantic.fields import FieldInfo
from pydantic_core import PydanticUndefined

from config.settings import Settings

BEGIN: Final = "<!-- settings: python -m config.reference docs/operations.md -->\n"
END: Final = "<!-- end of settings -->\n"
APP: Final = "MAIN"
"""Stands for the name of an app, which the administrator chooses."""


def names() -> list[str]:
    """Every setting as it is written in the environment; apps are called MAIN."""
    return [name for name, _ in _fields(Settings, "GENJIN_")]


def table() -> str:
    """All settings as a Markdown table."""
    lines = ["| setting | default | what it is |", "|---|---|---|"]
    for name, field in _fields(Settings, "GENJIN_"):
        lines.append(f"| `{name}` | {_default(field)} | {field.description or ''} |")
    return "\n".join(lines) + "\n"


def with_table(page: str) -> str:
    """The page with the table between its marks. Raises `ValueError` for a page without them."""
    before, _, rest = page.partition(BEGIN)
    _, end, after = rest.partition(END)
    if not end:
        raise ValueError("the page has no place for the settings")
    return f"{before}{BEGIN}\n{table()}\n{END}{after}"


def undescribed() -> list[str]:
    """Settings that nobody has described yet."""
    return [name for name, field in _fields(Settings, "GENJIN_") if not field.description]


def _fields(model: type[BaseModel], prefix: str) -> Iterator[tuple[str, FieldInfo]]:
    """Every single value, depth first; in the environment two underscores go down a level."""
    for name, field in model.model_fields.items():
        here = f"{prefix}{name.upper()}"
        inner = _inner(field.annotation)
        if inner is None:
            yield here, field
        else:
            many = get_origin(field.annotation) is dict
            yield from _fields(inner, f"{here}__{APP}__" if many else f"{here}__")


def _inner(annotation: Any) -> type[BaseModel] | None:  # noqa: ANN401 whatever a field may be
    """The model that a field holds, alone or by name; None for a plain value."""
    if get_origin(annotation) in (dict, UnionType):
        return next((found for one in get_args(annotation) if (found := _inner(one))), None)
    is_model = isinstance(annotation, type) and issubclass(annotation, BaseModel)
    return annotation if is_model else None


def _default(field: FieldInfo) -> str:
    value = field.default
    if isinstance(value, bool):
        return f"`{str(value).lower()}`"
    if isinstance(value, SecretStr) or value in ("", 0, None, PydanticUndefined):
        return ""
    return f"`{value}`"


if __name__ == "__main__":
    target = Path(sys.argv[1])
    target.write_text(with_table(target.read_text(encoding="utf-8")), encoding="utf-8")
