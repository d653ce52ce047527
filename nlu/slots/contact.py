"""Which of the people in a message is the contact of the record."""

from __future__ import annotations

from nlu.names.people import Person
from nlu.patterns import lazy
from nlu.reading import Intent
from nlu.scene import Scene

_OWN_SIDE = lazy(r"(?:我(?:和|跟|与|带着?|陪着?)|带着?|陪同?|和我们?|跟我们?|我们|咱们?|同事|领导|@)\s*$")
_BOSS = lazy(r"(?:我们|咱们?|公司|我司)(?:的)?\s*$")
_NEW_PERSON = lazy(r"(?:联系人|对接人|负责人|接口人)?(?:换成|换了|改成|改为|变成|换|变更为)(?:了)?\s*$")
_CALLED = lazy(r"(?:助理|秘书|接班人|对接人|老板|会计|财务|采购)(?:叫|是)\s*$")
_LABEL = lazy(r"联系人[是为:\s]*$")
_LINK = lazy(
    r"[\x01]+(?:的|那边的?|公司的?|这边的?|\s)?(?:[一-鿿]{1,6}(?:部|处|科|室|中心|院)的?)?(?:新来的|新任)?$"
)


def choose_contact(scene: Scene, intent: Intent, colleague: str | None) -> Person | None:
    """The contact: a newly named one, one of the customer's, else the first who is not on our side."""
    if intent in (Intent.TRANSFER, Intent.CLAIM, Intent.RELEASE, Intent.UNDO, Intent.HELP, Intent.APPROVE):
        return None
    text = scene.bare
    others = [p for p in scene.people if p.name != colleague and p.name not in scene.colleagues]
    if len(others) > 1:
        others = [p for p in others if not text.endswith("不是", 0, p.start)] or others
    for pattern in (_LABEL, _NEW_PERSON, _CALLED, _LINK):
        for person in others:
            if pattern.search(scene.bare, max(0, person.start - 24), person.start):
                return person
    theirs = [p for p in others if not _OWN_SIDE.search(scene.bare, max(0, p.start - 6), p.start)]
    named = [p for p in others if not _BOSS.search(scene.bare, max(0, p.start - 6), p.start)]
    return next(iter(theirs or named), None)
