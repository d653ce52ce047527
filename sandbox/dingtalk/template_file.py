"""Reads the file that is imported into the card platform, as far as a click can tell what is in it.

The format is what the platform exports: `editorData` with a tree of components. A Form is bound to the
variable with its schema, a Loop to the variable with its entries; buttons with the action type `request`
call back.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace

from sandbox.dingtalk.company import Block, Fixed, Template
from sandbox.dingtalk.shape import JsonObject, loaded


class BadTemplate(ValueError):
    """The card platform would not take this file."""


def import_template(template_id: str, file: bytes, *, published: bool = True) -> Template:
    """The template in an exported file, under the id the platform gives it. Raises BadTemplate."""
    whole = loaded(file)
    editor = loaded(str(whole.get("editorData", ""))) if whole else None
    schema = _object(editor or {}, "schema")
    tree = schema.get("componentsTree")
    if not isinstance(tree, list) or not all(isinstance(one, dict) for one in tree):
        raise BadTemplate("editorData.schema.componentsTree is missing")
    nodes = [node for root in tree for node in _walk(root)]
    form = next((_object(one, "props") for one in nodes if one.get("componentName") == "Form"), {})
    loop = next((one for one in nodes if one.get("componentName") == "Loop" and _calls(one)), {})
    looped = _calls(loop)
    inside = {id(one) for one in _walk(loop)}
    pressed = _object(looped[0], "props") if looped else {}
    return Template(
        template_id,
        published,
        form=_variable(form, "formSchema"),
        form_id=str(form.get("id", "form")),
        form_status=_variable(form, "status"),
        form_button=_content(form, "submitText").strip("${}"),
        form_echo=next((str(one.get("name")) for one in _params(form)), ""),
        buttons=_variable(_object(loop, "props"), "listData"),
        button_id=_content(pressed, "actionId"),
        button_params=tuple(str(one.get("name")) for one in _params(pressed)),
        fixed=tuple(_fixed(one) for one in nodes if id(one) not in inside and _is_call(one)),
        blocks=tuple(_blocks(nodes)),
    )


def _blocks(nodes: list[JsonObject]) -> Iterator[Block]:
    """The face; what stands after the form or the buttons is drawn below them."""
    below = False
    for node in nodes:
        below = below or node.get("componentName") in ("Form", "Loop")
        if (block := _block(node)) is not None:
            yield replace(block, below=below)


def _block(node: JsonObject) -> Block | None:
    props = _object(node, "props")
    match node.get("componentName"):
        case "CardHeaderV2":
            return Block("title", _content(props, "title"))
        case "BaseText":
            look = "bold" if props.get("bold") is True else "muted" if props.get("color") == "gray" else ""
            return Block("text", _content(props, "text"), look)
        case "MarkdownBlock":
            return Block("markdown", f"${{{_variable(props, 'content')}}}")
    return None


def _walk(node: JsonObject) -> Iterator[JsonObject]:
    yield node
    children = node.get("children")
    for child in children if isinstance(children, list) else ():
        if isinstance(child, dict):
            yield from _walk(child)


def _calls(node: JsonObject) -> list[JsonObject]:
    return [one for one in _walk(node) if _is_call(one)]


def _is_call(node: JsonObject) -> bool:
    return (
        node.get("componentName") == "SingleButton" and _object(node, "props").get("actionType") == "request"
    )


def _fixed(node: JsonObject) -> Fixed:
    props = _object(node, "props")
    params = {str(one.get("name")): str(one.get("value", "")) for one in _params(props)}
    return Fixed(_content(props, "actionId"), _content(props, "text"), params)


def _params(props: JsonObject) -> list[JsonObject]:
    params = props.get("params")
    return [one for one in params if isinstance(one, dict)] if isinstance(params, list) else []


def _object(owner: JsonObject, name: str) -> JsonObject:
    found = owner.get(name)
    return found if isinstance(found, dict) else {}


def _variable(props: JsonObject, name: str) -> str:
    return str(_object(props, name).get("variable", ""))


def _content(props: JsonObject, name: str) -> str:
    return str(_object(props, name).get("content", ""))
