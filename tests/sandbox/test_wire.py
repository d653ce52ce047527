"""Properties of what goes over the wire: XML, multipart, cuts, names."""

from __future__ import annotations

from collections.abc import Iterator
from xml.etree import ElementTree as ET

import pytest
from hypothesis import given
from hypothesis import strategies as st

from sandbox import StandingClock
from sandbox.state import World
from sandbox.wecom import xml
from sandbox.wecom.drawing import draw
from sandbox.wecom.errors import Refused
from sandbox.wecom.limits import ADVISORY
from sandbox.wecom.media import MediaStore
from sandbox.wecom.shape import cut_bytes
from sandbox.wecom.uploading import read_upload
from tests.sandbox.world import START, company

HEAD = xml.Head("wwtest", "Zhang", 1000002, 1)
CONTROL = "".join(chr(code) for code in range(32) if chr(code) not in "\t\n\r")


@given(st.text(st.characters(codec="utf-8")))
def test_any_text_survives_the_xml(words: str) -> None:
    """Except what XML cannot carry, and line ends, which XML makes \\n."""
    expected = "".join(one for one in words if one not in CONTROL + "\ufffe\uffff")
    found = ET.fromstring(xml.says(HEAD, words)).findtext("Content") or ""
    assert found == expected.replace("\r\n", "\n").replace("\r", "\n")


@given(st.binary(max_size=2000))
def test_any_bytes_survive_the_upload(data: bytes) -> None:
    """Unless they hold the boundary, which the sender sees to."""
    head = (
        b'Content-Disposition: form-data; name="media"; filename="a.bin"\r\nContent-Type: image/png\r\n\r\n'
    )
    body = b"--frontier-7f3a\r\n" + head + data + b"\r\n--frontier-7f3a--\r\n"
    assert read_upload("multipart/form-data; boundary=frontier-7f3a", body) == ("a.bin", "image/png", data)


@given(st.text(), st.integers(0, 60))
def test_cuts_keep_whole_characters(words: str, limit: int) -> None:
    """The cut text is a beginning, and one more character would be too much."""
    try:
        words.encode()
    except UnicodeEncodeError:
        return
    cut = cut_bytes(words, limit)
    assert words.startswith(cut)
    assert len(cut.encode()) <= limit
    if cut != words:
        assert len(words[: len(cut) + 1].encode()) > limit


@given(st.text(min_size=1, max_size=80), st.text(max_size=80))
def test_drawn_texts_keep_their_lengths(title: str, value: str) -> None:
    """Whatever was sent, the client shows no more than the advisory lengths, and says what it cut."""
    row: dict[str, object] = {"keyname": title, "value": value}
    drawn = draw(
        {"card_type": "text_notice", "main_title": {"title": title}, "horizontal_content_list": [row]}
    )
    shown = list(_texts("", drawn))
    assert all(len(text) <= ADVISORY.get(path, 99) for path, text in shown)
    assert ("main_title.title" in str(drawn["cut"])) == (len(title) > ADVISORY["main_title.title"])


def _texts(path: str, value: object) -> Iterator[tuple[str, str]]:
    if isinstance(value, str):
        yield path, value
    elif isinstance(value, list):
        for one in value:
            yield from _texts(path, one)
    elif isinstance(value, dict):
        for name, one in value.items():
            yield from _texts(f"{path}.{name}".lstrip("."), one)


@pytest.mark.parametrize("kind", ["text/html\r\nX-Evil: 1", "nonsense", ""])
def test_names_and_types_of_files_cannot_break_headers(kind: str) -> None:
    """They are made harmless when the file is taken in."""
    store = MediaStore(World(company(""), StandingClock(START)))
    media = store.put("file", 'a"\r\nb/..\\c', kind, b"123456")
    assert media.name == "a___b_.._c"
    assert media.content_type == "application/octet-stream"


def test_an_upload_that_is_no_form_is_refused() -> None:
    """Whatever the header says."""
    for header in ("", "text/plain", "multipart/form-data", "multipart/form-data; boundary=x"):
        with pytest.raises(Refused):
            read_upload(header, b"nothing")


PIECES = st.text("ab=;\"'*%\\/:, \t<>()[]报é8", max_size=30)


@given(PIECES, PIECES, PIECES)
def test_odd_headers_of_an_upload_do_no_harm(boundary: str, disposition: str, kind: str) -> None:
    """They are read or refused."""
    head = f'--x\r\nContent-Disposition: form-data; name="media"{disposition}\r\nContent-Type: {kind}'
    try:
        found = read_upload(
            f"multipart/form-data; boundary=x;{boundary}", f"{head}\r\n\r\n123\r\n--x--".encode()
        )
    except Refused:
        return
    assert found[2] == b"123"
