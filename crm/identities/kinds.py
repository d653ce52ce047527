"""What an identity looks like: its kind, how it is written, and the form in which it is compared. Pure."""

from __future__ import annotations

import re
import unicodedata
from dataclasses import dataclass
from enum import StrEnum

LONGEST = 64


class Kind(StrEnum):
    """What sort of identity it is."""

    PHONE = "phone"
    EMAIL = "email"
    WECHAT = "wechat"
    EXTERNAL = "external"
    MEMBER_NO = "member_no"
    TAX_NO = "tax_no"


NAMES: dict[Kind, str] = {
    Kind.PHONE: "电话",
    Kind.EMAIL: "邮箱",
    Kind.WECHAT: "微信",
    Kind.EXTERNAL: "企业微信外部联系人",
    Kind.MEMBER_NO: "会员号",
    Kind.TAX_NO: "税号",
}
OF_CONTACT: dict[str, Kind] = {"phone": Kind.PHONE, "email": Kind.EMAIL, "wechat": Kind.WECHAT}
"""The fields of a contact that are identities."""

EMAIL = re.compile(r"[A-Za-z0-9._%+\-]{1,64}@(?:[A-Za-z0-9\-]{1,63}\.){1,8}[A-Za-z]{2,24}")
TAX_NO = re.compile(r"[0-9A-HJ-NP-RTUW-Y]{2}\d{6}[0-9A-HJ-NP-RTUW-Y]{10}")
MOBILE = re.compile(r"(?:\+?86|0086)?(1[3-9]\d{9})")
LANDLINE = re.compile(r"(?:\+?86|0086)?(0\d{9,11}|[48]00\d{7})")
_OUTSIDE_DIGITS = re.compile(r"[\s()（）.\-—–]")
_LABELLED = re.compile(
    r"(?:(?P<wechat>微信号?|wechat|wx)|(?P<member>会员(?:号|编号|ID))|(?P<tax>税号|统一社会信用代码))"
    r"[:： ]*(?P<value>[\w\-]{3,40})",
    re.IGNORECASE | re.ASCII,
)


@dataclass(frozen=True, slots=True)
class Said:
    """An identity as it was written, and the form in which it is compared."""

    kind: Kind
    value: str
    norm: str


def normal(kind: Kind, value: str) -> str:
    """The form in which identities of a kind are compared; empty for what is none. Pure."""
    plain = unicodedata.normalize("NFKC", value).strip()
    if not plain or len(plain) > LONGEST:
        return ""
    if kind is Kind.PHONE:
        return phone(plain)
    if kind is Kind.EMAIL:
        return plain.lower() if EMAIL.fullmatch(plain) else ""
    if kind is Kind.TAX_NO:
        tight = plain.upper().replace(" ", "").replace("-", "")
        return tight if TAX_NO.fullmatch(tight) or re.fullmatch(r"\d{15}", tight) else ""
    if kind is Kind.EXTERNAL:
        return plain
    for _ in range(2):  # what stood apart may have come together
        plain = unicodedata.normalize("NFKC", "".join(plain.lower().split()))
    return plain


def phone(text: str) -> str:
    """The digits of a phone number without country code, blanks and dashes; empty for what is none. Pure."""
    tight = _OUTSIDE_DIGITS.sub("", text)
    whole = MOBILE.fullmatch(tight) or LANDLINE.fullmatch(tight)
    if whole is not None:
        return whole[1]
    return tight if tight.isdecimal() and tight.isascii() and 7 <= len(tight) <= 13 else ""


def read(text: str) -> Said | None:
    """The identity that a text is, and nothing but it: 139 1234 5678, wang@hx.com, 税号 9132…. Pure."""
    plain = unicodedata.normalize("NFKC", text).strip(" \t。.,，")
    labelled = _LABELLED.fullmatch(plain)
    if labelled is not None:
        kind = Kind.WECHAT if labelled["wechat"] else Kind.MEMBER_NO if labelled["member"] else Kind.TAX_NO
        norm = normal(kind, labelled["value"])
        return Said(kind, labelled["value"], norm) if norm else None
    tight = _OUTSIDE_DIGITS.sub("", plain)
    if MOBILE.fullmatch(tight) or LANDLINE.fullmatch(tight):
        return Said(Kind.PHONE, plain, phone(plain))
    if EMAIL.fullmatch(plain):
        return Said(Kind.EMAIL, plain, plain.lower())
    if TAX_NO.fullmatch(plain.upper()):
        return Said(Kind.TAX_NO, plain, plain.upper())
    return None
