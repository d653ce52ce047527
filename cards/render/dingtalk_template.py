"""The generic card template as a file to import into DingTalk's card platform.

The administrator imports it once (open-dev.dingtalk.com/fe/card → 新建模板 → 导入), publishes it and puts its
id into the settings. The format is not documented: it is what the platform exports (schema 3.0.0): a tree
of components whose texts, lists and visibility are bound to variables. `widgetInfo` is the layout for
clients that do not know the components; the platform makes its own when the template is saved.
"""

from __future__ import annotations

from typing import Final

import orjson

from cards.render.dingtalk import BUTTON_KEYS, VARIABLES
from cards.render.dingtalk_form import Json

FORM_ID: Final = "form"
"""The Form component's id: it comes back in `actionIds`, and names the values in `params`."""

_MARKDOWN: Final = frozenset({"body", "facts", "note"})
_FORM_KEYS: Final = ("name", "label", "type", "requiredMsg", "placeholder", "defaultValue")
_FORM_FLAGS: Final = ("hidden", "required", "readOnly")
_WIDGET: Final = (
    '<LinearLayout width="@data{width}" height="match_content" orientation="vertical">'
    '<FastTextView width="match_parent" height="match_content" marginTop="12np" marginLeft="12np"'
    ' marginRight="12np" textSize="15np" maxLines="2" text="@toStr{@data{data.cardData.title}}"/>'
    '<FastTextView width="match_parent" height="match_content" marginTop="6np" marginLeft="12np"'
    ' marginRight="12np" marginBottom="12np" textSize="13np" maxLines="1" text="请升级钉钉后查看"/>'
    "</LinearLayout>"
)


def template() -> bytes:
    """The file's bytes: JSON in UTF-8, the same for the same release."""
    tree = _card()
    editor: Json = {
        "schemaVersion": "3.0.0",
        "schema": {
            "version": "1.0.0",
            "componentsMap": [_component(name) for name in sorted(_names(tree))],
            "componentsTree": [tree],
            "i18n": {},
        },
        "mockData": {"cardData": _sample(), "cardPrivateData": {}, "localData": {}, "richTextData": {}},
        "editVersion": 0,
        "customWidgetInfo": "",
        "useCustomWidgetInfo": False,
        "variableList": [_variable(name) for name in VARIABLES],
        **{name: [] for name in ("formList", "expList", "localList", "hsfList", "lwpList")},
        "extension": {"extendType": "NORMAL", "fileTypeList": []},
    }
    outer = {"editorData": orjson.dumps(editor).decode(), "widgetInfo": _WIDGET, "type": "im", "mode": "card"}
    return orjson.dumps(outer, option=orjson.OPT_APPEND_NEWLINE)


def _card() -> Json:
    """Header, words, form, buttons, and how it ended."""
    return _node(
        "Card",
        "root",
        {
            "summaryContent": _bound("lastMessage"),
            "showCloseButton": False,
            "disabledWhileForward": True,
            "autoFoldConfig": {"needFold": False, "heightLimit": 480, "foldStatusLocalDataKey": "_fold"},
        },
        [
            _node("CardHeaderV2", "header", {"title": _text("${title}"), "visible": _shown()}),
            _line("subtitle"),
            _markdown("body"),
            _markdown("facts"),
            _form(),
            _buttons(),
            _line("done", bold=True),
            _markdown("note"),
            _line("source", size="small", colour="gray"),
        ],
    )


def _form() -> Json:
    return _node(
        "Form",
        "form",
        {
            "id": FORM_ID,
            "formSchema": _bound("form"),
            "submitText": _text("${form_btn_text}"),
            "status": _choice("normal", "form_status"),
            "actionType": "request",
            "params": [],
            "visible": _shown("has_form"),
        },
    )


def _buttons() -> Json:
    """The entries of `buttons`: one that calls back, and one that opens an address."""
    calls = _button("press", "action")
    calls["props"] = {
        **_props(calls),
        "actionType": "request",
        "actionId": _text("press"),
        "params": [
            {
                "id": "1",
                "name": "action",
                "type": "variable",
                "value": "",
                "variable": "buttons[0].action",
                "variableType": "loop",
            }
        ],
        "successToast": _text(""),
        "failureToast": _text("没有成功，请稍后再试"),
    }
    opens = _button("open", "url")
    link: Json = {
        "type": "dynamicLink",
        "value": "",
        "valueType": "variable",
        "variable": "buttons[0].url",
        "variableType": "loop",
    }
    opens["props"] = {**_props(opens), "actionType": "url", "urlType": "all", "isDtmd": False, "url": link}
    layout: Json = {"listData": _bound("buttons"), "direction": "vertical", "visible": _shown()}
    return _node("Loop", "buttons", layout, [calls, opens])


def _button(key: str, when: str) -> Json:
    return _node(
        "SingleButton",
        key,
        {
            "text": _text("${buttons[0].text}"),
            "status": _choice("normal"),
            "color": _choice("gray", "buttons[0].color", loop=True),
            "visible": _shown(f"buttons[0].{when}", loop=True),
            **_margins(),
        },
    )


def _markdown(name: str) -> Json:
    """A block of markdown; hidden while its variable is empty."""
    content = {**_bound(name), "varType": "markdown"}
    props = {"content": content, "mdVer": 0, "isStreaming": False, "visible": _shown(name), **_margins()}
    return _node("MarkdownBlock", name, props)


def _line(name: str, *, size: str = "middle", colour: str = "normal", bold: bool = False) -> Json:
    """A line of text; hidden while its variable is empty."""
    look: Json = {"size": size, "color": colour, "bold": bold, "fontSizeType": "Standard"}
    return _node(
        "BaseText", name, {"text": _text(f"${{{name}}}"), **look, "visible": _shown(name), **_margins()}
    )


def _node(kind: str, key: str, props: Json, children: list[Json] | None = None) -> Json:
    node: Json = {"componentName": kind, "id": f"genjin_{key}", "props": props}
    node |= {"title": "", "hidden": False, "isLocked": False, "condition": True, "conditionGroup": ""}
    return node if children is None else {**node, "children": children}


def _props(node: Json) -> Json:
    props = node["props"]
    return dict(props) if isinstance(props, dict) else {}


def _margins() -> Json:
    return {"marginLeft": 12, "marginRight": 12, "marginTop": 6, "marginBottom": 6}


def _bound(name: str) -> Json:
    return {"type": "variableValue", "variable": name, "variableType": "global"}


def _text(content: str) -> Json:
    return {"type": "dynamicString", "content": content, "i18n": False}


def _choice(value: str, variable: str = "", *, loop: bool = False) -> Json:
    return {
        "type": "dynamicSelect",
        "value": value,
        "valueType": "variable" if variable else "fixed",
        "variable": variable,
        "variableType": "loop" if loop else "global",
    }


def _shown(variable: str = "", *, loop: bool = False) -> Json:
    """Always, or while the variable is not empty."""
    conditions: list[Json] = []
    if variable:
        conditions = [
            {
                "type": "variable",
                "variable": variable,
                "variableType": "loop" if loop else "global",
                "op": "notEqual",
                "value": "",
                "valueType": "fixed",
                "valueVariableType": "global",
            }
        ]
    condition: Json = {"op": "and", "conditions": conditions}
    return {
        "type": "dynamicVisible",
        "value": True,
        "valueType": "condition" if variable else "fixed",
        "condition": condition,
    }


def _component(name: str) -> Json:
    if name == "Form":
        return {"devMode": "lowCode", "componentName": name}
    main: Json = {"package": "@ali/dxComponent", "version": "1.0.0", "main": "./src/index.tsx"}
    return {**main, "exportName": name, "destructuring": False, "subName": "", "componentName": name}


def _names(node: Json) -> set[str]:
    children = node.get("children", [])
    found = {str(node["componentName"])}
    for child in children if isinstance(children, list) else []:
        found |= _names(child)
    return found


def _variable(name: str) -> Json:
    """A public variable as the card builder lists it."""
    if name == "form":
        rows = [_part(f"form.fields[0].{key}", key) for key in _FORM_KEYS]
        rows += [_part(f"form.fields[0].{key}", key, "boolean") for key in _FORM_FLAGS]
        options = [_part(f"form.fields[0].options[0].{key}", key) for key in ("value", "text")]
        rows.append({**_part("form.fields[0].options", "options", "loopArray"), "schema": options})
        return {
            **_part(name, name, "form"),
            "schema": [{**_part("form.fields", "fields", "loopArray"), "schema": rows}],
        }
    if name == "buttons":
        keys = [_part(f"buttons[0].{key}", key) for key in BUTTON_KEYS]
        return {**_part(name, name, "loopArray"), "schema": keys}
    return _part(name, name, "markdown" if name in _MARKDOWN else "string")


def _part(path: str, name: str, kind: str = "string") -> Json:
    return {
        "id": path,
        "name": name,
        "type": kind,
        "private": False,
        "description": "",
        "editorVarType": "variables",
        "disabled": path != name,
    }


def _sample() -> Json:
    """What the card builder shows while nothing is sent."""
    return {
        **dict.fromkeys(VARIABLES, ""),
        "source": "跟进",
        "title": "已记录拜访",
        "subtitle": "华润置地 王总",
        "facts": "**金额**：58 万元",
        "buttons": [{"text": "撤销", "color": "gray", "action": "sample", "url": ""}],
        "form": {"fields": []},
        "form_status": "normal",
    }
