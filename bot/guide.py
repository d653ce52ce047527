"""The page that shows the administrator how DingTalk's card template is imported, with the file in it."""

from __future__ import annotations

from html import escape
from pathlib import Path
from string import Template
from typing import Final

_PAGE: Final = Path(__file__).with_name("guide.html")


def guide(template: bytes, apps: str, setting: str) -> str:
    """The page, whole: it fetches nothing. `template` is the file to import, `apps` names the
    applications that it belongs to, `setting` is where its id goes.
    """
    page = Template(_PAGE.read_text(encoding="utf-8"))
    held = template.decode().replace("<", "\\u003c")  # nothing in a script ends it
    return page.substitute(template=held, apps=escape(apps), setting=escape(setting))


def template_setting(app: str) -> str:
    """The variable that holds the id of an app's card template."""
    return f"GENJIN_DINGTALK__{app.upper()}__CARD_TEMPLATE_ID"
