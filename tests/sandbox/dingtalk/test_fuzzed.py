"""Whatever is sent, a call answers or refuses; it never breaks, and what is refused changes nothing."""

from __future__ import annotations

from contextlib import suppress

import orjson
from hypothesis import given, settings
from hypothesis import strategies as st

from sandbox.clock import StandingClock
from sandbox.company import Corp, Department, User
from sandbox.dingtalk import DingTalk
from sandbox.dingtalk.call import Call
from sandbox.dingtalk.calls import Handler
from sandbox.dingtalk.card_client import CannotPress, buttons, form_fields, submit
from sandbox.dingtalk.card_face import face
from sandbox.dingtalk.company import Template
from sandbox.dingtalk.errors import Refused
from sandbox.dingtalk.frames import BadFrame, read_ack
from sandbox.dingtalk.media import Media
from sandbox.dingtalk.template_file import BadTemplate, import_template
from sandbox.state import World
from tests.sandbox.dingtalk.stage import CLIENT, GROUP, START, Json, card_body, group_card, organisation

LEAVES = (
    st.none() | st.booleans() | st.integers(-5, 5) | st.text(max_size=8) | st.sampled_from(["zhang", "1"])
)
ANYTHING = st.recursive(
    LEAVES,
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.text(max_size=5), inner, max_size=3),
    max_leaves=6,
)
SEND: Json = {
    "robotCode": CLIENT,
    "userIds": ["zhang"],
    "msgKey": "sampleText",
    "msgParam": '{"content":"x"}',
}
GOOD: list[Json] = [
    card_body(),
    card_body(**group_card()),
    {**SEND, "openConversationId": GROUP},
    {"outTrackId": "card-1", "cardData": {"cardParamMap": {}}, "privateData": {}, "cardUpdateOptions": {}},
    {"agent_id": 1, "userid_list": "zhang", "msg": {"msgtype": "text", "text": {"content": "x"}}},
    {"dept_id": 2, "cursor": 0, "size": 5, "userid": "zhang", "mobile": "1", "unionid": "x", "code": "x"},
    {"callbackRouteKey": "k", "callbackUrl": "u", "apiSecret": "s", "forceUpdate": True},
    {"subject": "x", "dueTime": 1, "detailUrl": {"appUrl": "a", "pcUrl": "b"}, "executorIds": ["unionLi"]},
    {"summary": "x", "start": {"date": "2026-03-03"}, "end": {"date": "2026-03-04"}, "isAllDay": True},
    {"contact": {"name": "x", "mobile": "1", "state_code": "86"}, "user_id": "x", "size": 1, "offset": 0},
    {"robotCode": CLIENT, "processQueryKeys": ["x"], "downloadCode": "x", "guid": "g", "key": "k"},
    {"attendeesToAdd": [{"id": "unionLi"}], "receiverUserIdList": ["zhang"], "remindType": 1, "content": "x"},
]
NAMES = {"union_id": "unionZhang", "task_id": "x", "event_id": "x"}
TEMPLATE = Template("t", form="form", buttons="buttons")


def broken(body: Json, key: str, value: object) -> Json:
    """The body with one thing exchanged, anywhere at the first two levels."""
    outer, _, inner = key.partition(".")
    if inner and isinstance(body.get(outer), dict):
        return {**body, outer: {**body[outer], inner: value}}
    return {**body, outer: value}


KEYS = sorted(
    {key for body in GOOD for key in body}
    | {
        f"{outer}.{inner}"
        for body in GOOD
        for outer, value in body.items()
        if isinstance(value, dict)
        for inner in value
    }
)


def simulator() -> DingTalk:
    """A simulator that is not served."""
    corp = Corp("ww1", "远望科技", (Department(1, "远望科技"),), (User("Zhang", "张伟", (1,)),), ())
    return DingTalk(World(corp, StandingClock(START)), organisation())


DING = simulator()
APIS = sorted(
    [(path, api.handler) for path, api in [*DING.server.new.all(), *DING.server.old.all()]],
    key=lambda one: one[0],
)


def outcome(handler: Handler, call: Call) -> bytes:
    """What goes over the wire for a call, yes or no."""
    try:
        answer = handler(call)
    except Refused as refused:
        return orjson.dumps([refused.new_body(), refused.old_body(call.path)])
    return answer.data if isinstance(answer, Media) else orjson.dumps(answer)


@settings(max_examples=400)
@given(st.sampled_from(APIS), st.sampled_from(GOOD), st.sampled_from(KEYS), ANYTHING)
def test_every_call_answers_or_refuses(api: tuple[str, Handler], good: Json, key: str, value: object) -> None:
    path, handler = api
    app = DING.space.organisation.apps[0]
    query = {"media_id": str(value), "robotCode": CLIENT, "operatorId": "unionLi"}
    call = Call(app, path, query, "", orjson.dumps(broken(good, key, value)), "http://x", NAMES)
    assert outcome(handler, call)


@given(st.sampled_from(APIS), st.binary(max_size=40))
def test_bytes_that_are_no_json(api: tuple[str, Handler], raw: bytes) -> None:
    path, handler = api
    call = Call(
        DING.space.organisation.apps[0], path, {}, "multipart/form-data; boundary=b", raw, "http://x", NAMES
    )
    assert outcome(handler, call)


@given(ANYTHING, ANYTHING)
def test_any_card_can_be_drawn(form: object, listed: object) -> None:
    seen = {"form": orjson.dumps(form).decode(), "buttons": orjson.dumps(listed).decode(), "title": "x"}
    orjson.dumps(face(TEMPLATE, seen)[0])
    assert isinstance(buttons(TEMPLATE, seen), list)
    names = {str(one.get("name")): "1" for one in form_fields(TEMPLATE, seen)}
    with suppress(CannotPress):
        action, params = submit(TEMPLATE, seen, names)
        assert action in params


@given(st.text(max_size=60) | ANYTHING.map(lambda one: orjson.dumps(one).decode()))
def test_any_answer_is_read_or_refused(raw: str) -> None:
    with suppress(BadFrame):
        assert read_ack(raw).message_id is not None


@given(ANYTHING)
def test_any_file_is_a_template_or_none(tree: object) -> None:
    editor = orjson.dumps({"schema": {"componentsTree": [tree]}}).decode()
    with suppress(BadTemplate):
        assert import_template("t", orjson.dumps({"editorData": editor})).id == "t"
