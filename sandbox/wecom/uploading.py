"""The multipart body of media/upload (page 96484)."""

from __future__ import annotations

from email import policy
from email.parser import BytesParser

from sandbox.wecom.errors import Code, Refused


def read_upload(content_type: str, raw: bytes) -> tuple[str, str, bytes]:
    """File name, content type and bytes of the field `media`. Raises Refused (41005)."""
    head = f"Content-Type: {content_type}\r\nMIME-Version: 1.0\r\n\r\n".encode()
    message = BytesParser(policy=policy.HTTP).parsebytes(head + raw)
    if not message.is_multipart():
        raise Refused(Code.NO_MEDIA, "multipart/form-data is needed")
    for part in message.iter_parts():
        if part.get_param("name", header="content-disposition") == "media":
            data = part.get_payload(decode=True)
            if not isinstance(data, bytes):
                break
            return part.get_filename() or "media", part.get_content_type(), data
    raise Refused(Code.NO_MEDIA, "no field called media")
