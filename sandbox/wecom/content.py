"""What an app may send besides template cards (page 90236), checked and drawn as the client shows it."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

from sandbox.state import CardState
from sandbox.wecom import limits
from sandbox.wecom.cardrules import check_card
from sandbox.wecom.drawing import draw, first_state
from sandbox.wecom.errors import Code, Refused
from sandbox.wecom.media import MediaStore
from sandbox.wecom.shape import JsonObject, cut_bytes, needed, obj, rows, text

_MANY = 1000


@dataclass(frozen=True, slots=True)
class Content:
    """A checked message. `raw` is the template card as it was sent; the others are what is shown."""

    kind: str
    text: str = ""
    raw: JsonObject | None = None
    card: JsonObject | None = None
    media: JsonObject | None = None

    def state(self) -> CardState | None:
        """The state of a fresh copy."""
        return None if self.card is None else first_state(self.raw or {})


def read(body: JsonObject, store: MediaStore) -> Content:
    """Check the part of a message that its msgtype names. Raises Refused."""
    kind = text(body, "msgtype")
    reader = _READERS.get(kind)
    if reader is None:
        raise Refused(Code.BAD_MSGTYPE, f"msgtype: {kind!r}")
    return reader(obj(body, kind) or {}, store)


def _text(part: JsonObject, _store: MediaStore) -> Content:
    return Content("text", cut_bytes(_words(part), limits.TEXT_BYTES))


def _markdown(part: JsonObject, _store: MediaStore) -> Content:
    return Content("markdown", cut_bytes(_words(part), limits.MARKDOWN_BYTES))


def _words(part: JsonObject) -> str:
    words = text(part, "content")
    if not words.strip():
        raise Refused(Code.EMPTY_TEXT)
    return words


def _textcard(part: JsonObject, _store: MediaStore) -> Content:
    title = needed(part, "title", "textcard.", max_bytes=limits.TEXTCARD_TITLE_BYTES)
    description = needed(part, "description", "textcard.", max_bytes=limits.TEXTCARD_DESCRIPTION_BYTES)
    url = needed(part, "url", "textcard.", max_bytes=limits.TEXTCARD_URL_BYTES)
    more = text(part, "btntxt", "textcard.") or "详情"
    if len(more) > limits.TEXTCARD_BUTTON_CHARS:
        raise Refused(Code.BAD_PARAM, f"textcard.btntxt: at most {limits.TEXTCARD_BUTTON_CHARS} characters")
    card: JsonObject = {"title": title, "description": description, "url": url, "btntxt": more}
    return Content("textcard", title, card=card)


def _news(part: JsonObject, _store: MediaStore) -> Content:
    low, high = limits.NEWS_ARTICLES
    found = part.get("articles")
    if not isinstance(found, list) or not low <= len(found) <= high:
        raise Refused(Code.TOO_MANY_ARTICLES, f"articles: {low} to {high}")
    articles = rows(part, "articles", limits.NEWS_ARTICLES, "news.")
    for one in articles:
        needed(one, "title", "news.articles.", max_bytes=limits.NEWS_TITLE_BYTES)
        text(one, "description", "news.articles.", max_bytes=limits.NEWS_DESCRIPTION_BYTES)
        if not text(one, "appid", "news.articles."):
            needed(one, "url", "news.articles.")
    return Content("news", text(articles[0], "title"), card={"articles": list(articles)})


def _mpnews(part: JsonObject, store: MediaStore) -> Content:
    """Articles that the platform itself keeps; the client shows title, digest and picture."""
    low, high = limits.NEWS_ARTICLES
    found = part.get("articles")
    if not isinstance(found, list) or not low <= len(found) <= high:
        raise Refused(Code.TOO_MANY_ARTICLES, f"articles: {low} to {high}")
    shown: list[JsonObject] = []
    for one in rows(part, "articles", limits.NEWS_ARTICLES, "mpnews."):
        where = "mpnews.articles."
        title = needed(one, "title", where, max_bytes=limits.NEWS_TITLE_BYTES)
        if len(needed(one, "content", where).encode()) > limits.MPNEWS_CONTENT_BYTES:
            raise Refused(Code.TOO_LONG, f"{where}content: {limits.MPNEWS_CONTENT_BYTES} bytes are allowed")
        text(one, "author", where, max_bytes=limits.MPNEWS_AUTHOR_BYTES)
        digest = text(one, "digest", where, max_bytes=limits.NEWS_DESCRIPTION_BYTES)
        picture = store.get(needed(one, "thumb_media_id", where), "image").view()
        url = text(one, "content_source_url", where)
        shown.append({"title": title, "description": digest, "url": url, "picurl": picture["url"]})
    return Content("news", text(shown[0], "title"), card={"articles": shown})


def _miniprogram(part: JsonObject, _store: MediaStore) -> Content:
    """A notice that opens a mini-program: a title and up to ten lines."""
    where = "miniprogram_notice."
    if not text(part, "appid", where):
        raise Refused(Code.NO_MINIPROGRAM)
    title, lines = needed(part, "title", where), []
    items = rows(part, "content_item", (0, _MANY), where)
    if len(items) > limits.MINIPROGRAM_ITEMS:
        raise Refused(Code.TOO_MANY_ITEMS)
    for one in items:
        key, value = text(one, "key", where), text(one, "value", where)
        if not 1 <= len(key) <= limits.MINIPROGRAM_KEY_CHARS:
            raise Refused(Code.BAD_ITEM_KEY)
        if not 1 <= len(value) <= limits.MINIPROGRAM_VALUE_CHARS:
            raise Refused(Code.BAD_ITEM_VALUE)
        lines.append(f"{key}：{value}")
    words = "<br>".join(lines) or text(part, "description", where)
    card: JsonObject = {"title": title, "description": words, "url": "", "btntxt": "详情"}
    return Content("textcard", title, card=card)


def _media(kind: str) -> Callable[[JsonObject, MediaStore], Content]:
    def read_media(part: JsonObject, store: MediaStore) -> Content:
        media = store.get(needed(part, "media_id", f"{kind}."), kind)
        title = text(part, "title", f"{kind}.") or (media.name if kind in ("file", "video") else "")
        shown = "file" if kind == "video" else kind
        return Content(shown, title, media=media.view())

    return read_media


def _template_card(part: JsonObject, _store: MediaStore) -> Content:
    check_card(part)
    return Content("card", raw=part, card=draw(part))


_READERS: dict[str, Callable[[JsonObject, MediaStore], Content]] = {
    "text": _text,
    "markdown": _markdown,
    "textcard": _textcard,
    "news": _news,
    "mpnews": _mpnews,
    "miniprogram_notice": _miniprogram,
    "image": _media("image"),
    "voice": _media("voice"),
    "video": _media("video"),
    "file": _media("file"),
    "template_card": _template_card,
}
