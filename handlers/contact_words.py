"""What a sentence says of a person at a customer: e-mail, WeChat, title, role, likes, the whole name."""

from __future__ import annotations

import re

from crm import contacts, identities
from crm.contacts import Birthday, News
from nlu.reading import Reading

ROLES = {
    "决策人": "决策",
    "决策者": "决策",
    "拍板人": "决策",
    "拍板的": "决策",
    "关键人": "决策",
    "一把手": "决策",
    "使用人": "使用",
    "使用者": "使用",
    "使用方": "使用",
    "采购人": "采购",
    "采购负责人": "采购",
    "技术负责人": "技术",
    "技术把关人": "把关",
    "把关人": "把关",
    "财务负责人": "财务",
    "付款负责人": "财务",
    "影响人": "影响",
    "影响者": "影响",
}
ROLE_WORD = "|".join(sorted((*ROLES, *contacts.ROLES), key=len, reverse=True))
ROLE = re.compile(
    rf"(?:角色|身份)[是为:： ]*(?P<a>{ROLE_WORD})|是[^，。,;；]{{0,6}}?(?P<b>{'|'.join(ROLES)})"
)
WECHAT = re.compile(
    r"(?:微信号?|wechat)[是为改成:：\s]*([A-Za-z][A-Za-z0-9_\-]{4,19}|1[3-9]\d{9})", re.IGNORECASE | re.ASCII
)
TITLE = re.compile(
    r"(?:(?:职务|职位|职称)(?:改成|改为|变成|是|为|[:： ])*|升(?:任|为|了|成|到|职为)?|现在(?:是|做)|调任)\s*"
    r"(?P<title>[一-鿿A-Za-z]{1,8}?(?:总监|总裁|总经理|副总|经理|主管|主任|部长|处长|科长|厂长|院长|校长|总工|工程师"
    r"|董事长|总|会计|采购员|采购|秘书|助理|[A-Z]{3}))"
)
LIKES = re.compile(
    r"(?:喜欢|爱好是?|爱)(?P<what>(?:喝|吃|打|抽|钓|看|听|玩|跑|踢|游|下)?[一-鿿A-Za-z0-9、和]{1,20})"
)
WHOLE_NAME = re.compile(r"(?:全名|大名|本名|名字|真名)(?:叫|是|为|[:： ])*(?P<name>[一-鿿]{2,4})")


def news_of(reading: Reading, text: str) -> News:
    """What the sentence says of the person; words that no field takes are a note."""
    born = reading.birthday if "birthday" not in reading.ambiguous else None
    birthday = Birthday(born.calendar, born.month, born.day, born.year, born.leap) if born else None
    email, wechat = identities.EMAIL.search(text), WECHAT.search(text)
    title, likes, name = TITLE.search(text), LIKES.search(text), WHOLE_NAME.search(text)
    news = News(
        name=name["name"] if name else "",
        phone=reading.phone or "",
        title=title["title"] if title else "",
        role=role_in(text),
        email=email[0] if email else "",
        wechat=wechat[1] if wechat else "",
        likes=likes["what"] if likes else "",
        birthday=birthday,
    )
    said = any((news.name, news.phone, news.title, news.role, news.email, news.wechat, news.likes, birthday))
    return news if said else News(note=text.strip())


def role_in(text: str) -> str:
    """The part that the person plays in buying; empty where nothing is said of it."""
    found = ROLE.search(text)
    if found is None:
        return ""
    said: str = found["a"] or found["b"]
    return ROLES.get(said, said)
