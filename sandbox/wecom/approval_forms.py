"""Templates of the built-in 审批 app, and what may be filled in (pages 91853, 91982)."""

from __future__ import annotations

import re
from collections.abc import Callable
from dataclasses import dataclass

from sandbox.wecom.errors import Code, Refused
from sandbox.wecom.shape import JsonObject

MOST_FILES = 6  # 91853
_NUMBER = re.compile(r"-?\d+(\.\d+)?")


@dataclass(frozen=True, slots=True)
class Control:
    """A field of a template. `options` maps keys of a Selector to what is written there."""

    kind: str
    id: str
    title: str
    required: bool = False
    options: tuple[tuple[str, str], ...] = ()

    def view(self) -> JsonObject:
        """As oa/gettemplatedetail shows it."""
        about: JsonObject = {"control": self.kind, "id": self.id, "title": words(self.title)}
        about |= {"placeholder": [], "require": int(self.required), "un_print": 0}
        return {"property": about, "config": self._config()}

    def _config(self) -> JsonObject:
        if self.kind == "Selector":
            options = [{"key": key, "value": words(text)} for key, text in self.options]
            return {"selector": {"type": "single", "options": options}}
        if self.kind == "Date":
            return {"date": {"type": "day"}}
        return {"contact": {"type": "single", "mode": "user"}} if self.kind == "Contact" else {}


@dataclass(frozen=True, slots=True)
class Template:
    """A template. `flow` is the way that is set in the console: (1 any, 2 all) and userids, step by step."""

    id: str
    name: str
    controls: tuple[Control, ...]
    flow: tuple[tuple[int, tuple[str, ...]], ...] = ()

    def view(self) -> JsonObject:
        """As oa/gettemplatedetail shows it."""
        controls = [one.view() for one in self.controls]
        return {"template_names": words(self.name), "template_content": {"controls": controls}}


EXPENSE = Template(
    "sandbox",
    "费用报销",
    (
        Control("Text", "Text-1", "事由", required=True),
        Control("Money", "Money-1", "金额", required=True),
        Control("Date", "Date-1", "日期"),
        Control("Selector", "Selector-1", "类别", options=(("option-1", "差旅"), ("option-2", "招待"))),
        Control("Contact", "Contact-1", "同行人"),
        Control("File", "File-1", "附件"),
    ),
)
"""What the organisation has from the beginning."""


def words(text: str) -> list[JsonObject]:
    """A text in the one language there is."""
    return [{"text": text, "lang": "zh_CN"}]


def check_contents(template: Template, contents: list[JsonObject]) -> list[JsonObject]:
    """What is filled in, with titles. Raises Refused (301025) for what the template does not have."""
    known = {one.id: one for one in template.controls}
    filled: list[JsonObject] = []
    for place, one in enumerate(contents):
        control = known.pop(str(one.get("id")), None)
        where = f"apply_data.contents[{place}]"
        if control is None or one.get("control") != control.kind:
            raise refused(where, "not in the template, or given twice")
        value = one.get("value")
        if not isinstance(value, dict):
            raise refused(f"{where}.value", "must be an object")
        if value or control.required:
            _CHECKS.get(control.kind, _anything)(control, value, f"{where}.value")
        filled.append({**one, "title": words(control.title)})
    if missing := [one.title for one in known.values() if one.required]:
        raise refused("apply_data.contents", f"{missing} must be filled in")
    return filled


def refused(where: str, why: str) -> Refused:
    """A refusal of one field."""
    return Refused(Code.BAD_APPROVAL, f"{where}: {why}")


def _anything(_control: Control, _value: JsonObject, _where: str) -> None:
    pass


def _text(_control: Control, value: JsonObject, where: str) -> None:
    found = value.get("text")
    if not isinstance(found, str) or not found.strip():
        raise refused(f"{where}.text", "is missing")


def _amount(name: str) -> Callable[[Control, JsonObject, str], None]:
    def check(_control: Control, value: JsonObject, where: str) -> None:
        if not _NUMBER.fullmatch(str(value.get(name, ""))):
            raise refused(f"{where}.{name}", "must be a number")

    return check


def _date(_control: Control, value: JsonObject, where: str) -> None:
    found = value.get("date")
    fields = found if isinstance(found, dict) else {}
    if fields.get("type") not in ("day", "hour") or not str(fields.get("s_timestamp", "")).isdecimal():
        raise refused(f"{where}.date", "type and s_timestamp are needed")


def _choice(control: Control, value: JsonObject, where: str) -> None:
    found = value.get("selector")
    options = found.get("options") if isinstance(found, dict) else None
    keys = [key for key, _ in control.options]
    if not isinstance(options, list) or not options:
        raise refused(f"{where}.selector.options", "is missing")
    if not all(isinstance(one, dict) and one.get("key") in keys for one in options):
        raise refused(f"{where}.selector.options", "unknown key")


def _people(_control: Control, value: JsonObject, where: str) -> None:
    found = value.get("members") or value.get("departments")
    if not isinstance(found, list) or not found:
        raise refused(where, "members or departments are needed")


def _files(_control: Control, value: JsonObject, where: str) -> None:
    found = value.get("files")
    if not isinstance(found, list) or not 1 <= len(found) <= MOST_FILES:
        raise refused(f"{where}.files", f"1 to {MOST_FILES} files")


_CHECKS: dict[str, Callable[[Control, JsonObject, str], None]] = {
    "Text": _text,
    "Textarea": _text,
    "Number": _amount("new_number"),
    "Money": _amount("new_money"),
    "Date": _date,
    "Selector": _choice,
    "Contact": _people,
    "File": _files,
}
