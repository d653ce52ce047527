"""The multipart body of media/upload (page 96484)."""

from __future__ import annotations

import re

from sandbox.wecom.errors import Code, Refused

_PARAMETER = re.compile(r';\s*([A-Za-z0-9*\-]+)=(?:"((?:[^"\\]|\\.)*)"|([^;"\s]*))')


def read_upload(content_type: str, raw: bytes) -> tuple[str, str, bytes]:
    """File name, content type and bytes of the field `media`. Raises Refused (41005).

    A file name is taken as it stands, in plain UTF-8: percent signs are not undone.
    """
    boundary = _parameters(content_type).get("boundary", "")
    if not content_type.lower().startswith("multipart/form-data") or not boundary:
        raise Refused(Code.NO_MEDIA, "multipart/form-data is needed")
    for part in (b"\r\n" + raw).split(b"\r\n--" + boundary.encode())[1:]:
        head, blank, data = part.removeprefix(b"\r\n").partition(b"\r\n\r\n")
        headers = _headers(head.decode("utf-8", "replace")) if blank else {}
        field = _parameters(headers.get("content-disposition", ""))
        if field.get("name") == "media":
            declared = headers.get("content-type", "").partition(";")[0].strip()
            return field.get("filename") or "media", declared, data
    raise Refused(Code.NO_MEDIA, "no field called media")


def _headers(head: str) -> dict[str, str]:
    lines = [line.partition(":") for line in head.split("\r\n")]
    return {name.strip().lower(): value.strip() for name, _, value in lines}


def _parameters(header: str) -> dict[str, str]:
    found = _PARAMETER.findall(header)
    return {name.lower(): re.sub(r"\\(.)", r"\1", quoted) or bare for name, quoted, bare in found}
