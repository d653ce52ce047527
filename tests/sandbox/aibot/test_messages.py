"""What members say to a bot, as the bot sees it."""

from __future__ import annotations

import base64

import aiohttp
import pytest
from cryptography.hazmat.primitives.ciphers import Cipher
from cryptography.hazmat.primitives.ciphers.algorithms import AES
from cryptography.hazmat.primitives.ciphers.modes import CBC
from hypothesis import given
from hypothesis import strategies as st

from sandbox import CannotPress
from sandbox.wecom.aibot.attachments import seal
from tests.sandbox.aibot.line import BOT, GROUP, Scene, scene
from tests.sandbox.world import Json

PNG = b"\x89PNG\r\n\x1a\n" + b"0" * 20
MP4 = b"\x00\x00\x00\x18ftypmp42" + b"0" * 20


def opened(sealed: bytes, aeskey: str) -> bytes:
    """What the page says how to decrypt."""
    key = base64.b64decode(aeskey + "=" * (-len(aeskey) % 4))
    decryptor = Cipher(AES(key), CBC(key[:16])).decryptor()
    plain = decryptor.update(sealed) + decryptor.finalize()
    assert 1 <= plain[-1] <= 32
    return plain[: -plain[-1]]


async def test_a_text_in_a_single_chat(on: Scene) -> None:
    """The documented shape, without a response_url."""
    async with on.line() as line:
        message = await on.sandbox.bots.says("zhang", "你好")
        frame = await line.hear()
        body: Json = frame["body"]
        assert frame["headers"]["req_id"]
        assert body.pop("msgid")
        assert body == {
            "aibotid": BOT,
            "chattype": "single",
            "from": {"userid": "Zhang"},
            "msgtype": "text",
            "text": {"content": "你好"},
        }
    assert (message.status, message.author) == ("sent", "Zhang")
    assert on.texts(on.sandbox.bots.chat("Zhang")) == ["你好"]
    assert not on.sandbox.chat("Zhang")


async def test_nobody_connected_means_not_delivered(on: Scene) -> None:
    """And it does not come later."""
    assert (await on.sandbox.bots.says("Zhang", "你好")).status == "failed"
    async with on.line() as line:
        assert await line.code("ping") == 0
        assert not line.kept


async def test_a_mention_in_a_group(on: Scene) -> None:
    """With the group's id, the bot's name in front, and in everybody's view."""
    async with on.line() as line:
        await on.sandbox.bots.talks(GROUP, "Li", "大家好")
        await on.sandbox.bots.at_bot(GROUP, "Zhang", "今天有哪些任务")
        body = (await line.hear())["body"]
        assert (body["chatid"], body["chattype"]) == (GROUP, "group")
        assert body["text"]["content"] == "@跟进 今天有哪些任务"
        assert not line.kept
    seen = on.sandbox.chat(on.sandbox.bots.group(GROUP, "Li"))
    assert [(one.sender, one.author) for one in seen] == [("user", "Li"), ("peer", "Zhang")]


async def test_only_members_mention_only_bots_of_the_group(on: Scene) -> None:
    """Everything else the client does not offer."""
    with pytest.raises(CannotPress, match="不在"):
        await on.sandbox.bots.at_bot(GROUP, "Wang", "我呢")
    with pytest.raises(CannotPress, match="没有这个机器人"):
        await on.sandbox.bots.at_bot("wr-without", "Zhang", "有人吗")
    with pytest.raises(CannotPress, match="没有这个机器人"):
        await on.sandbox.bots.at_bot(GROUP, "Zhang", "有人吗", "aib-other")
    with pytest.raises(CannotPress, match="请输入"):
        await on.sandbox.bots.says("Zhang", " ")


async def test_quoting(on: Scene) -> None:
    """A text, a picture and a voice message, in a chat and in a group."""
    async with on.line() as line:
        first = await on.sandbox.bots.says("Zhang", "华润置地下周三演示")
        await on.sandbox.bots.says("Zhang", "改到周四", quote=first)
        await line.hear()
        body = (await line.hear())["body"]
        assert body["quote"] == {"msgtype": "text", "text": {"content": "华润置地下周三演示"}}
        picture = on.sandbox.wecom.media.put("image", "a.png", "image/png", PNG)
        shown = await on.sandbox.bots.sends("Zhang", picture)
        await line.hear()
        await on.sandbox.bots.says("Zhang", "这张", quote=shown.id)
        quoted = (await line.hear())["body"]["quote"]
        assert quoted["msgtype"] == "image"
        assert quoted["image"]["aeskey"]
        voice = await on.sandbox.bots.speaks("Zhang", "刚才那句")
        await line.hear()
        await on.sandbox.bots.says("Zhang", "就这句", quote=voice)
        assert (await line.hear())["body"]["quote"]["voice"] == {"content": "刚才那句"}
        said = await on.sandbox.bots.at_bot(GROUP, "Zhang", "记一下")
        await line.hear()
        await on.sandbox.bots.at_bot(GROUP, "Zhang", "撤销", quote=said)
        assert (await line.hear())["body"]["quote"]["text"]["content"] == "@跟进 记一下"
        with pytest.raises(CannotPress, match="引用"):
            await on.sandbox.bots.says("Li", "不是我的", quote=first)


@pytest.mark.parametrize(("kind", "data"), [("image", PNG), ("file", b"%PDF-1.7 report"), ("video", MP4)])
async def test_files_are_encrypted_and_live_five_minutes(on: Scene, kind: str, data: bytes) -> None:
    """Under a new address and key each time, with the file's name."""
    media = on.sandbox.wecom.media.put(kind, "报价 二期.bin", "application/octet-stream", data)
    async with on.line() as line:
        await on.sandbox.bots.sends("Zhang", media)
        await on.sandbox.bots.sends("Zhang", media)
        one, other = (await line.hear())["body"], (await line.hear())["body"]
        assert one["msgtype"] == kind
        assert one[kind]["url"] != other[kind]["url"]
        assert {len(one[kind]["aeskey"]), len(other[kind]["aeskey"])} == {43, 44}
        for part in (one[kind], other[kind]):
            async with on.session.get(part["url"]) as response:
                assert "UTF-8''%E6%8A%A5%E4%BB%B7%20" in response.headers["Content-Disposition"]
                assert opened(await response.read(), part["aeskey"]) == data
        on.later(300)
        async with on.session.get(one[kind]["url"]) as response:
            assert response.status == 403
        async with on.session.get(one[kind]["url"] + "x") as response:
            assert response.status == 404


@given(st.binary(max_size=100), st.binary(min_size=32, max_size=32))
def test_sealing_and_opening(data: bytes, key: bytes) -> None:
    """Whatever the length."""
    sealed = seal(data, key)
    assert len(sealed) % 32 == 0
    assert opened(sealed, base64.b64encode(key).decode()) == data


async def test_voice_comes_as_its_words(on: Scene) -> None:
    """WeCom has listened."""
    async with on.line() as line:
        await on.sandbox.bots.speaks("Zhang", "下午去拜访王总")
        body = (await line.hear())["body"]
        assert (body["msgtype"], body["voice"]) == ("voice", {"content": "下午去拜访王总"})


async def test_texts_and_pictures_in_one_message(on: Scene) -> None:
    """In a group the mention is the first text."""
    picture = on.sandbox.wecom.media.put("image", "a.png", "image/png", PNG)
    async with on.line() as line:
        await on.sandbox.bots.mixes("Zhang", ["看这张", picture])
        items = (await line.hear())["body"]["mixed"]["msg_item"]
        assert [one["msgtype"] for one in items] == ["text", "image"]
        await on.sandbox.bots.mixes("Zhang", ["看这张", picture], chatid=GROUP)
        body = (await line.hear())["body"]
        assert body["mixed"]["msg_item"][0]["text"]["content"] == "@跟进 "
        assert body["chatid"] == GROUP
        async with on.session.get(body["mixed"]["msg_item"][2]["image"]["url"]) as response:
            assert response.status == 200


async def test_entering_is_told_once_a_day(on: Scene) -> None:
    """The company's day, per member and bot."""
    async with on.line() as line:
        assert await on.sandbox.bots.enters("Zhang")
        body = (await line.event())["body"]
        assert body["event"] == {"eventtype": "enter_chat"}
        assert body["create_time"] == int(on.clock.now().timestamp())
        assert not await on.sandbox.bots.enters("Zhang")
        assert await on.sandbox.bots.enters("Li")
        on.later(14 * 3600)  # 23:00
        assert not await on.sandbox.bots.enters("Zhang")
        on.later(3600)
        assert await on.sandbox.bots.enters("Zhang")


async def test_opaque_ids() -> None:
    """The bot sees wo… and uses it; the other bot sees another; the chats stay the member's own."""
    async with scene(opaque_ids=True) as on, on.line() as line:
        await on.sandbox.bots.says("Zhang", "在吗")
        shown = (await line.hear())["body"]["from"]["userid"]
        assert shown.startswith("wo")
        assert "Zhang" not in shown
        await on.sandbox.bots.at_bot(GROUP, "Zhang", "在吗")
        assert (await line.hear())["body"]["from"]["userid"] == shown
        assert await line.push(shown, "在") == 0
        assert await line.push("Zhang", "在") == 93006
        assert on.texts(on.sandbox.bots.chat("Zhang")) == ["在吗", "在"]


async def test_a_bot_out_of_sight() -> None:
    """A member outside its range cannot talk to it."""
    async with scene(visible=frozenset({"li"})) as on:
        with pytest.raises(CannotPress, match="看不到"):
            await on.sandbox.bots.says("Zhang", "在吗")
        with pytest.raises(KeyError):
            await on.sandbox.bots.says("Stranger", "在吗")


async def test_downloads_work_with_any_client(on: Scene) -> None:
    """The address is where the bot itself reached the platform."""
    media = on.sandbox.wecom.media.put("image", "a.png", "image/png", PNG)
    async with on.line() as line, aiohttp.ClientSession() as session:
        await on.sandbox.bots.sends("Zhang", media)
        url = (await line.hear())["body"]["image"]["url"]
        assert url.startswith(on.url)
        async with session.get(url) as response:
            assert response.status == 200
