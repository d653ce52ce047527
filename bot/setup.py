"""What is set up on the platforms once: WeCom's menu, DingTalk's card callbacks and card template."""

from __future__ import annotations

from typing import Any, Final

from bot.dingtalk.client import DingTalkClient
from bot.wecom.client import WeComClient
from config.settings import DingTalkApp
from handlers.menu import SAYS

MENU: Final[list[dict[str, Any]]] = [
    {"name": "记跟进", "type": "click", "key": "menu.record"},
    {"name": "今天", "type": "click", "key": f"{SAYS}今天"},
    {
        "name": "更多",
        "sub_button": [
            {"name": "客户", "type": "click", "key": "menu.customers"},
            {"name": "本周", "type": "click", "key": f"{SAYS}本周"},
            {"name": "待审批", "type": "click", "key": "morning.approvals"},
            {"name": "帮助", "type": "click", "key": f"{SAYS}帮助"},
        ],
    },
]
"""WeCom takes three entries at the top, so 客户 stands under 更多 [90231]."""

IMPORT: Final = """卡片模板已写到 {file}，导入一次就可以（图文步骤：用浏览器打开 {page}）：
  1. 用管理员账号打开 https://open-dev.dingtalk.com/fe/card ，点 新建模板，关联应用 {apps}
  2. 卡片类型选 消息卡片，进入编辑器后点右上角 ··· → 导入，选择 {file}
  3. 点 保存，再点 发布
  4. 复制模板 ID，填到 {setting}，重新启动
没有模板也能用：卡片会变成文字，按钮变成可以点的快捷回复。"""


async def create_menu(client: WeComClient) -> None:
    """Give an app its menu; said again it changes nothing. Raises VendorFault."""
    await client.create_menu(MENU)


def card_callback(name: str, public_url: str) -> str:
    """Where clicks of an app in HTTP mode are sent."""
    return f"{public_url.rstrip('/')}/callback/dingtalk/{name}/card"


async def register_cards(client: DingTalkClient, name: str, app: DingTalkApp, public_url: str) -> str:
    """Have clicks of an app in HTTP mode sent to us; the address. Raises VendorFault."""
    url = card_callback(name, public_url)
    await client.register_card_callback(app.route_key, url, app.card_secret.get_secret_value())
    return url
