"""The decrypted XML as a small tree: bounded, without DTD, entities or attributes."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, field
from pyexpat import ExpatError, ParserCreate
from typing import Final, NoReturn

from bot.wecom import limits

_CONTROL: Final = bytes(byte for byte in range(0x20) if byte not in b"\t\n\r")
_NONCHARACTERS: Final = ("\ufffe".encode(), "\uffff".encode())


class BadXml(Exception):
    """Not the XML that the platform sends. `reason` is one constant word."""

    def __init__(self, reason: str) -> None:
        super().__init__(reason)
        self.reason = reason


@dataclass(slots=True)
class Element:
    """One element: its text, stripped at both ends, and its children by name, always as lists."""

    text: str = ""
    children: dict[str, list[Element]] = field(default_factory=dict)

    def get(self, name: str) -> str:
        """The text of the first child of that name; empty when there is none."""
        found = self.children.get(name)
        return found[0].text if found else ""

    def each(self, *path: str) -> list[Element]:
        """All elements reached by following `path` downwards, in document order."""
        found = [self]
        for name in path:
            found = [child for parent in found for child in parent.children.get(name, ())]
        return found

    def leaves(self, prefix: str = "") -> Iterator[tuple[str, str]]:
        """Every element without children, as (dotted path, text)."""
        for name, elements in self.children.items():
            for element in elements:
                if element.children:
                    yield from element.leaves(f"{prefix}{name}.")
                else:
                    yield f"{prefix}{name}", element.text


def parse(document: bytes) -> Element:
    """Parse UTF-8 XML and return its root. Raises BadXml.

    Characters that XML forbids are dropped first: people paste them, and a message is worth more.
    """
    builder = _Builder()
    parser = ParserCreate("utf-8")
    parser.buffer_text = True
    parser.StartElementHandler = builder.start
    parser.EndElementHandler = builder.end
    parser.CharacterDataHandler = builder.characters
    parser.StartDoctypeDeclHandler = _refuse_doctype
    try:
        parser.Parse(_legal(document), True)
    except ExpatError:
        raise BadXml("malformed") from None
    return builder.root


def _legal(document: bytes) -> bytes:
    legal = document.translate(None, _CONTROL)
    for noncharacter in _NONCHARACTERS:
        legal = legal.replace(noncharacter, b"")
    return legal


def _refuse_doctype(*_: object) -> NoReturn:
    raise BadXml("doctype")


class _Builder:
    """Collects expat's events. The stack never grows beyond the depth cap."""

    def __init__(self) -> None:
        self.root = Element()
        self._stack: list[Element] = []
        self._texts: list[list[str]] = []
        self._count = 0

    def start(self, name: str, _: dict[str, str]) -> None:
        self._count += 1
        if self._count > limits.XML_MAX_ELEMENTS:
            raise BadXml("too_many_elements")
        if len(self._stack) >= limits.XML_MAX_DEPTH:
            raise BadXml("too_deep")
        element = Element()
        if self._stack:
            self._stack[-1].children.setdefault(name, []).append(element)
        else:
            self.root = element
        self._stack.append(element)
        self._texts.append([])

    def end(self, _: str) -> None:
        self._stack.pop().text = "".join(self._texts.pop()).strip()

    def characters(self, text: str) -> None:
        self._texts[-1].append(text)
