"""One approval of the built-in 审批 app: its steps, what is done to it, how it is told (96508, 91983)."""

from __future__ import annotations

from dataclasses import dataclass, field
from enum import IntEnum

from sandbox.wecom.approval_forms import Template
from sandbox.wecom.shape import JsonObject
from sandbox.wecom.xml import Fields

ANY, ALL = 1, 2


class CannotAct(ValueError):
    """The approval does not take this, or not from this member; says why, in Chinese."""


class State(IntEnum):
    """What it has come to (SpStatus)."""

    RUNNING = 1
    PASSED = 2
    REJECTED = 3
    WITHDRAWN = 4
    WITHDRAWN_AFTER_PASSING = 6


class Said(IntEnum):
    """What one approver has said."""

    WAITING = 1
    AGREED = 2
    REJECTED = 3
    HANDED_ON = 4


class Act(IntEnum):
    """What was done (StatuChangeEvent, spelled so by the platform)."""

    SUBMIT = 1
    AGREE = 2
    REJECT = 3
    HAND_ON = 4
    URGE = 5
    WITHDRAW = 6
    WITHDRAW_AFTER_PASSING = 8
    COMMENT = 10


@dataclass(slots=True)
class Opinion:
    """An approver in a step. `at` is a Unix time, 0 as long as nothing was said."""

    userid: str
    said: Said = Said.WAITING
    words: str = ""
    at: int = 0


@dataclass(slots=True)
class Step:
    """A step: one opinion is enough (`way` 1), or all must agree (2)."""

    way: int
    opinions: list[Opinion]
    said: Said = Said.WAITING

    def settle(self) -> None:
        """Work out what the step has come to."""
        asked = [one for one in self.opinions if one.said is not Said.HANDED_ON]
        if any(one.said is Said.REJECTED for one in asked):
            self.said = Said.REJECTED
        elif (all if self.way == ALL else any)(one.said is Said.AGREED for one in asked):
            self.said = Said.AGREED


@dataclass(slots=True)
class Case:
    """One approval. `at` is when it was handed in, Unix time; `comments` are who, when, what."""

    number: str
    template: Template
    applicant: str
    department: int
    agent_id: int
    at: int
    contents: list[JsonObject]
    steps: list[Step]
    copies: list[str]
    summary: list[JsonObject]
    state: State = State.RUNNING
    comments: list[tuple[str, int, str]] = field(default_factory=list)

    def act(self, act: Act, userid: str, now: int, *, words: str = "", to: str = "") -> Act:
        """Do something to it; `to` is whom it is handed on to. Raises CannotAct."""
        if act is Act.COMMENT:
            self.comments.append((userid, now, words))
        elif act in (Act.WITHDRAW, Act.URGE):
            return self._by_applicant(act, userid)
        else:
            self._decide(act, userid, now, words, to)
        return act

    def _by_applicant(self, act: Act, userid: str) -> Act:
        if userid.lower() != self.applicant.lower():
            raise CannotAct("只有申请人可以操作")
        if act is Act.WITHDRAW and self.state is State.PASSED:
            self.state = State.WITHDRAWN_AFTER_PASSING
            return Act.WITHDRAW_AFTER_PASSING
        if self.state is not State.RUNNING:
            raise CannotAct("审批已经结束")
        if act is Act.WITHDRAW:
            self.state = State.WITHDRAWN
        return act

    def _decide(self, act: Act, userid: str, now: int, words: str, to: str) -> None:
        step = next((one for one in self.steps if one.said is Said.WAITING), None)
        if self.state is not State.RUNNING or step is None:
            raise CannotAct("审批已经结束")
        mine = [one for one in step.opinions if one.userid.lower() == userid.lower()]
        if not mine or mine[0].said is not Said.WAITING:
            raise CannotAct("现在不需要您审批")
        said = {Act.AGREE: Said.AGREED, Act.REJECT: Said.REJECTED, Act.HAND_ON: Said.HANDED_ON}[act]
        mine[0].said, mine[0].words, mine[0].at = said, words, now
        if act is Act.HAND_ON:
            step.opinions.append(Opinion(to))
        step.settle()
        if step.said is Said.REJECTED:
            self.state = State.REJECTED
        elif all(one.said is Said.AGREED for one in self.steps):
            self.state = State.PASSED

    def detail(self) -> JsonObject:
        """As oa/getapprovaldetail shows it: with the form."""
        return {
            "sp_no": self.number,
            "sp_name": self.template.name,
            "sp_status": int(self.state),
            "template_id": self.template.id,
            "apply_time": self.at,
            "applyer": {"userid": self.applicant, "partyid": str(self.department)},
            "sp_record": [_step_view(one) for one in self.steps],
            "notifyer": [{"userid": one} for one in self.copies],
            "apply_data": {"contents": self.contents},
            "comments": [
                {
                    "commentUserInfo": {"userid": userid},
                    "commenttime": at,
                    "commentcontent": words,
                    "commentid": f"{self.number}-{place}",
                    "media_id": [],
                }
                for place, (userid, at, words) in enumerate(self.comments)
            ],
        }

    def told(self, act: Act) -> Fields:
        """As sys_approval_change tells of it: without the form."""
        fields: Fields = [
            ("SpNo", self.number),
            ("SpNoStr", self.number),
            ("SpName", self.template.name),
            ("SpStatus", int(self.state)),
            ("TemplateId", self.template.id),
            ("ApplyTime", self.at),
            ("Applyer", [("UserId", self.applicant), ("Party", str(self.department))]),
        ]
        fields += [("SpRecord", _step_told(one)) for one in self.steps]
        fields += [("Notifyer", [("UserId", one)]) for one in self.copies]
        for place, (userid, at, words) in enumerate(self.comments):
            comment: Fields = [("CommentUserInfo", [("UserId", userid)]), ("CommentTime", at)]
            comment += [("CommentContent", words), ("CommentId", f"{self.number}-{place}")]
            fields.append(("Comments", comment))
        return [*fields, ("StatuChangeEvent", int(act))]


def _step_view(step: Step) -> JsonObject:
    details = [
        {
            "approver": {"userid": one.userid},
            "speech": one.words,
            "sp_status": int(one.said),
            "sptime": one.at,
            "media_id": [],
        }
        for one in step.opinions
    ]
    return {"sp_status": int(step.said), "approverattr": step.way, "details": details}


def _step_told(step: Step) -> Fields:
    fields: Fields = [("SpStatus", int(step.said)), ("ApproverAttr", step.way)]
    for one in step.opinions:
        detail: Fields = [("Approver", [("UserId", one.userid)]), ("Speech", one.words)]
        fields.append(("Details", [*detail, ("SpStatus", int(one.said)), ("SpTime", one.at)]))
    return fields
