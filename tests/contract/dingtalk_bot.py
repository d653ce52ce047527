"""A bot on dingtalk-stream: answers as `dingtalk_day` expects. Arguments: client id, secret.

The library takes the address from DINGTALK_OPENAPI_ENDPOINT. It blocks its event loop while it connects, so
it needs a process of its own.
"""

from __future__ import annotations

import asyncio
import logging
import os
import sys
from typing import Any
from urllib.request import urlopen

import dingtalk_stream as sdk  # type: ignore[import-untyped]  # it ships no types

Answer = tuple[int, Any]
BUTTONS = [{"text": "同意", "color": "blue", "id": "agree", "request": True}]
CARDS: dict[str, Any] = {}


class Talk(sdk.ChatbotHandler):  # type: ignore[misc]  # it ships no types
    """Messages to the robot."""

    async def process(self, callback: Any) -> Answer:
        """Answer, then acknowledge."""
        await asyncio.to_thread(self.answer, sdk.ChatbotMessage.from_dict(callback.data))
        return sdk.AckMessage.STATUS_OK, "OK"

    def answer(self, message: Any) -> None:
        """What is said to a message."""
        if message.message_type == "picture":
            with urlopen(self.get_image_download_url(message.image_content.download_code)) as found:
                self.reply_text(f"{len(found.read())} 字节", message)
            return
        words = message.text.content.strip()
        if words == "卡片":
            card = sdk.MarkdownButtonCardInstance(self.dingtalk_client, message)
            card.reply("报价审批", BUTTONS)
            CARDS[card.card_instance_id] = card
        elif words == "早报":
            self.reply_markdown("早报", "**今天**两件事", message)
        else:
            self.reply_text(f"收到：{words}", message)


class Cards(sdk.CallbackHandler):  # type: ignore[misc]  # it ships no types
    """Presses."""

    async def process(self, callback: Any) -> Answer:
        """Update the card for everybody, then tell the one who pressed."""
        press = sdk.CardCallbackMessage.from_dict(callback.data)
        (action,) = press.content["cardPrivateData"]["actionIds"]
        card = CARDS[press.card_instance_id]
        await asyncio.to_thread(card.update, "报价已审批", [])
        shown = {"cardParamMap": {"tips": f"{press.user_id} {action}"}}
        by_key = {"updateCardDataByKey": True}
        return sdk.AckMessage.STATUS_OK, {"cardUpdateOptions": by_key, "cardData": shown}


class Events(sdk.EventHandler):  # type: ignore[misc]  # it ships no types
    """Events of the organisation."""

    async def process(self, event: Any) -> Answer:
        """Take it."""
        return sdk.AckMessage.STATUS_OK, "OK"


async def main(client_id: str, secret: str) -> None:
    """Serve until the input ends. The library's loop swallows a cancellation, so the process just ends."""
    client = sdk.DingTalkStreamClient(sdk.Credential(client_id, secret))
    client.register_all_event_handler(Events())
    client.register_callback_handler(sdk.ChatbotMessage.TOPIC, Talk())
    client.register_callback_handler(sdk.CallbackHandler.TOPIC_CARD_CALLBACK, Cards())
    served = asyncio.create_task(client.start())
    ended = asyncio.create_task(asyncio.to_thread(sys.stdin.read))
    await asyncio.wait([served, ended], return_when=asyncio.FIRST_COMPLETED)
    os._exit(0 if ended.done() else 1)


if __name__ == "__main__":
    logging.disable(logging.WARNING)
    asyncio.run(main(*sys.argv[1:]))
