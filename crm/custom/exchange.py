"""Fields and kinds of records as one file: written out, and taken in; the same file twice changes nothing.

The file is a mapping with `object` and `field`, each a list; words are Chinese as in the chat, `key` is
kept where given. What the file does not name stays as it is.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Any

from crm.context import Context
from crm.custom import fields, formulas, objects, specs
from crm.custom.builtin import OBJECT_NAMES
from crm.custom.fields import NewField
from crm.custom.kinds import CHOOSING, KIND_NAMES, KIND_WORDS, Kind
from crm.custom.objects import NewObject
from crm.errors import UserMistake
from crm.rights import ROLE_NAMES, Right, need
from store.names import fold
from store.tables import CustomField, Role

EXAMPLE = """[[object]]
name = "样机借用"
prefix = "YJ"

[[field]]
object = "客户"
label = "设备型号偏好"
kind = "单选"
options = ["A", "B", "C"]"""
_OF_FIELD = frozenset({"object", "key", "label", "kind", "options", "formula", "required"})
_OF_OBJECT = frozenset({"name", "key", "prefix", "roles"})
Entry = Mapping[str, Any]


@dataclass(frozen=True, slots=True)
class Taken:
    """What a file has changed: how many kinds and fields are new, how many were changed."""

    objects: int = 0
    added: int = 0
    changed: int = 0


def written(ctx: Context) -> dict[str, list[dict[str, Any]]]:
    """All fields and kinds of records in use, as a file holds them. Raises `NotAllowed`."""
    need(ctx, Right.CONFIGURE)
    kinds = objects.every(ctx)
    own = [
        {"name": k.name, "key": k.key, "prefix": k.prefix, "roles": [ROLE_NAMES[Role(r)] for r in k.roles]}
        for k in kinds
    ]
    names = {**OBJECT_NAMES, **{kind.key: kind.name for kind in kinds}}
    return {
        "object": own,
        "field": [entry for key, name in names.items() for entry in _entries(ctx, key, name)],
    }


def taken(ctx: Context, file: Mapping[str, Any]) -> Taken:
    """Take a file in: new kinds and fields are added, those there are changed. All of it or nothing.

    Raises `NotAllowed`, `UserMistake` and `Conflict` that name the entry.
    """
    need(ctx, Right.CONFIGURE)
    unknown = set(file) - {"object", "field"}
    if unknown:
        raise UserMistake(f"文件里的“{sorted(unknown)[0]}”不认识，只有 object 和 field，例如：\n{EXAMPLE}")
    kinds = sum(_take_object(ctx, n, one) for n, one in enumerate(_listed(file, "object"), start=1))
    done = [_take_field(ctx, n, one) for n, one in _formulas_last(_listed(file, "field"))]
    return Taken(kinds, done.count("added"), done.count("changed"))


def _entries(ctx: Context, key: str, name: str) -> Iterator[dict[str, Any]]:
    whole = fields.columns(ctx, key)
    for spec in specs.added(ctx.session, key):
        entry: dict[str, Any] = {
            "object": name,
            "key": spec.key,
            "label": spec.label,
            "kind": KIND_NAMES[spec.kind],
        }
        if spec.kind in CHOOSING:
            entry["options"] = list(spec.options)
        if spec.formula:
            entry["formula"] = formulas.spoken(spec.formula, whole)
        if spec.required:
            entry["required"] = True
        yield entry


def _listed(file: Mapping[str, Any], name: str) -> list[Any]:
    found = file.get(name, [])
    if not isinstance(found, list):
        raise UserMistake(f"{name} 要是一个列表，例如：\n{EXAMPLE}")
    return found


def _formulas_last(entries: list[Any]) -> list[tuple[int, Any]]:
    """Entries with their numbers, formulas after the fields that they may need."""
    numbered = list(enumerate(entries, start=1))
    return sorted(numbered, key=lambda one: isinstance(one[1], dict) and one[1].get("kind") == "公式")


def _checked(what: str, number: int, entry: object, known: frozenset[str], needed: tuple[str, ...]) -> Entry:
    """An entry whose values have the right types. Raises `UserMistake` that names it."""
    place = f"第{number}个{what}"
    if not isinstance(entry, dict):
        raise UserMistake(f"{place}写得不对，例如：\n{EXAMPLE}")
    strange = set(entry) - known
    if strange:
        raise UserMistake(f"{place}的 {sorted(strange)[0]} 不认识，可以写：{'、'.join(sorted(known))}")
    for name, value in entry.items():
        fits = isinstance(value, bool) if name == "required" else isinstance(value, list | str)
        if name in ("options", "roles"):
            fits = isinstance(value, list) and all(isinstance(one, str) for one in value)
        elif name != "required":
            fits = isinstance(value, str)
        if not fits:
            raise UserMistake(f"{place}的 {name} 写得不对，例如：\n{EXAMPLE}")
    missing = next((name for name in needed if not entry.get(name)), "")
    if missing:
        raise UserMistake(f"{place}缺 {missing}，例如：\n{EXAMPLE}")
    return entry


def _take_object(ctx: Context, number: int, given: object) -> int:
    entry = _checked("object", number, given, _OF_OBJECT, ("name", "prefix"))
    roles = objects.roles_of(" ".join(entry["roles"])) if entry.get("roles") else ()
    there = next((one for one in objects.every(ctx) if one.name_norm == fold(entry["name"])), None)
    if there is None:
        objects.add(ctx, NewObject(entry["name"], entry["prefix"], roles=roles))
        return 1
    if there.prefix != entry["prefix"].upper():
        raise UserMistake(f"“{there.name}”的编号已经是{there.prefix}，不能改成{entry['prefix']}。")
    if "roles" in entry:
        objects.set_roles(ctx, there, roles)
    return 0


def _take_field(ctx: Context, number: int, given: object) -> str:
    """added, changed or same."""
    entry = _checked("field", number, given, _OF_FIELD, ("object", "label"))
    object_ = fields.object_key(ctx, entry["object"])
    kind = KIND_WORDS.get(entry.get("kind", "文本"))
    if kind is None:
        can = "、".join(KIND_NAMES.values())
        raise UserMistake(f"{entry['label']}的类型“{entry['kind']}”不认识，可以写：{can}")
    row = _there(ctx, object_, entry)
    if row is None:
        new = NewField(
            entry["label"],
            kind,
            tuple(entry.get("options", ())),
            entry.get("formula", ""),
            entry.get("required", False),
        )
        fields.add(ctx, object_, new)
        return "added"
    if row.kind != kind:
        raise UserMistake(f"{row.label}已经是{KIND_NAMES[Kind(row.kind)]}，类型不能改，换一个字段名。")
    before = row.version
    _change(ctx, row, entry)
    return "changed" if row.version != before else "same"


def _there(ctx: Context, object_: str, entry: Entry) -> CustomField | None:
    """The field that an entry means: by its key where given, otherwise by its label."""
    for spec in specs.added(ctx.session, object_):
        if spec.key == entry.get("key") or fold(spec.label) == fold(entry["label"]):
            return ctx.session.get(CustomField, spec.id)
    return None


def _change(ctx: Context, row: CustomField, entry: Entry) -> None:
    if entry["label"] != row.label:
        fields.rename(ctx, row, entry["label"])
    if "options" in entry and list(entry["options"]) != list(row.options):
        fields.set_options(ctx, row, entry["options"])
    if entry.get("formula"):
        whole = fields.columns(ctx, row.object)
        now = formulas.define(formulas.spoken(row.formula, whole), whole)
        if formulas.define(entry["formula"], whole) != now:
            fields.set_formula(ctx, row, entry["formula"])
    if entry.get("required", row.required) != row.required:
        fields.set_required(ctx, row, required=entry["required"])
