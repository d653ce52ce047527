"""How a contact took place: only what happened counts, not what is planned."""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator

from nlu.clauses import reports
from nlu.patterns import cue, lazy
from nlu.reading import Intent, Method
from nlu.scene import Scene

_Words = tuple[tuple[Method, re.Pattern[str]], ...]
_WORDS: _Words = (
    (
        Method.MEETING,
        cue(
            r"腾讯会议|视频会议?|线上会议?|电话会议?|钉钉会议|飞书会议|zoom|Zoom|ZOOM|远程会议|视频(?:聊|沟通|"
            r"交流|连线|[了完过])|开[了完过]?[一个场次]*[^,。;]{0,6}会(?!员|所|计|儿)|会议上|碰头会|评审会|座谈|"
            r"参加了?[^,。;]{0,10}会(?!员)"
        ),
    ),
    (
        Method.VISIT,
        cue(
            r"拜访|(?:^|[天午上晚早我\s,一二三四五六日])去\x01+(?=[,。;\s跟和找谈聊扑]|$)|走访|登门|上门|当面|"
            r"面谈|"
            r"面聊|见面|(?<!没)见[了到完过](?!微信|邮件)|碰了|碰面|碰头|会面|探访|陌拜|到访|来访|来我们(?:公司|这)|"
            r"参观|考察|(?<![过出回下进上])去了|去过|去趟|去[^,。;]{1,8}(?:聊|谈|见|坐)[了完过]|"
            r"跑了?[一]?趟|到了?他们|在他们(?:公司|那|办公室|厂)|(?:吃|喝)[了完过]?[个顿次]?"
            r"(?:便)?[饭茶酒咖午晚]|吃了|"
            r"跑了|"
            r"请[^,。;]{0,8}吃|应酬|打了?[场一]*[^,。;话字]{0,2}球|现场|到(?:客户)?公司(?:聊|谈)|实地|[到去]厂里|"
            r"坐了[一会]"
        ),
    ),
    (
        Method.CALL,
        cue(
            r"打[了完过]?[一]?[个通次]*电话|通[了完过]?[一]?[个次]?(?:电话|话)|通电话|去电|来电|"
            r"致电|电话(?:里|中|沟通|拜访|联系|聊|回访|说|确认|跟进|问|交流|过去|过来|没人|没接|打不通)|打给|打来|"
            r"回[了完过]?[一]?[个]?电话|接[了完过]?[一]?[个]?[^,。;]{0,8}电话|没人接|没接电话|不接电话|"
            r"(?<=\s)电话(?=\s+\D)|"
            r"语音(?:通话|聊)|[打接]通了|电话(?=\x01)"
        ),
    ),
    (Method.WECHAT, cue(r"微信(?!号|[:：]?\s*[a-z0-9])|加了?[^,。;]{0,6}微信|朋友圈|企微|微聊")),
    (
        Method.MESSAGE,
        cue(
            r"短信|邮件|电邮|发了?[^,。;]{0,8}(?:报价单?|方案|资料|合同|样册|彩页|消息|清单|样本|目录|ppt|PPT|"
            r"文档|标书|协议|发票|案例)|把[^,。;]{1,10}发(?:给|过去)了?|发过去了|发给[^,。;]{1,8}了|钉钉上|QQ|"
            r"私信|留言|寄了?[^,。;]{0,6}(?:样品|资料|合同)"
        ),
    ),
)
_NOTED: _Words = (
    (Method.CALL, lazy(r"(?:^|[\s,。;\x01\x02])电话(?=[\s,:]*[\x01\x02])|(?<=[,;])电话(?=[,;])")),
    (Method.VISIT, lazy(r"(?:^|[\s,。;\x01天午上早晚])见(?=\s*(?:[\x01\x02]|客户))")),
)
_VISIT_FIRST = lazy(r"电话(?:里|沟通|中)|微信")
_PLANNED_BEFORE = lazy(
    r"(?:再|要|约|约了|准备|打算|计划|下次|改天|回头|想|让我们?|叫我们?|安排|预约|明天|后天|"
    r"下周[一二三四五六日]?|等|希望|需要|没|没有|未|取消了?|不用|记得|请|尽快|得|改成)[^,。;了]{0,8}$"
)
_STOP = lazy(r"[,。;!?\n]")
_PHONE_NUMBER = lazy(r"\s*(?:号码?)?(?:是|为|改|换|[:：](?!\s*\x01))|\s*\d")
_LOGGED = lazy(r"拜访|电话|微信|会议|邮件|短信")
_ACTION_CALL = lazy(r"打[^,。;]{0,6}电话|回[个]?电话|致电|电话(?:回访|联系|沟通)|打给|通个?电话")


def choose_method(scene: Scene, intent: Intent, planned: tuple[int, int] | None) -> Method | None:
    """How the contact took place; `planned` is the stretch of text that speaks of the next step."""
    if intent is Intent.REMIND:
        return Method.CALL if _ACTION_CALL.search(scene.bare) else None
    if intent not in (Intent.LOG_ACTIVITY, Intent.UPDATE_STAGE):
        return None
    planned = _widened(scene, planned) if planned else None
    found = _first_of_each(scene, ((method, scene.finds(words)) for method, words in _WORDS), planned)
    if "见" in scene.bare or "电话" in scene.bare:
        noted = ((method, words.finditer(scene.masked)) for method, words in _NOTED)
        found += _first_of_each(scene, noted, planned)
    if not found:
        return None
    return _choice(found)


def _first_of_each(
    scene: Scene, said: Iterable[tuple[Method, Iterator[re.Match[str]]]], planned: tuple[int, int] | None
) -> list[tuple[int, Method]]:
    """Where each of the methods is first said to have been used."""
    found: list[tuple[int, Method]] = []
    for method, matches in said:
        place = next((m.start() for m in matches if _took_place(scene, m, planned)), None)
        if place is not None:
            found.append((place, method))
    return found


def _widened(scene: Scene, planned: tuple[int, int]) -> tuple[int, int]:
    """下周三 华星 电话 王总: a plan jotted down with blanks goes on to the next comma."""
    stop = _STOP.search(scene.bare, planned[1])
    end = stop.start() if stop else len(scene.bare)
    return planned if reports(scene.bare[planned[1] : end]) else (planned[0], end)


def _choice(found: list[tuple[int, Method]]) -> Method:
    """A meeting by name says more than 见了; otherwise what is said first."""
    kinds = {method for _, method in found}
    if Method.MEETING in kinds and Method.VISIT not in kinds:
        return Method.MEETING
    return min(found)[1]


def _took_place(scene: Scene, match: re.Match[str], planned: tuple[int, int] | None) -> bool:
    start, end = match.span()
    if planned and planned[0] <= start < planned[1]:
        return False
    if match[0].endswith("电话") and _PHONE_NUMBER.match(scene.bare, end):
        return False
    clause = scene.clause_at(start)
    before = scene.bare[clause.start : start]
    return not _PLANNED_BEFORE.search(before)
