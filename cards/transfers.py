"""How the transfer of external contacts in WeCom ended."""

from __future__ import annotations

from collections.abc import Mapping

from cards.card import Card, Fact, Tone
from cards.words import one_line
from crm.group_transfers import Groups
from crm.transfers import WORDS, Outcome

MOST_REASONS = 4
OTHER = "企业微信没有转接成功"
NO_GROUPS = Groups()


def outcome_card(former: str, ended: Outcome, names: Mapping[int, str], groups: Groups = NO_GROUPS) -> Card:
    """For the manager: which people and groups went through to whom, and what did not, why."""
    what = "和".join(name for name, count in (("外部联系人", ended.total), ("客户群", groups.total)) if count)
    stuck = sum(map(len, groups.failed.values()))
    failed = sum(ended.refused.values())
    counts = (
        (ended.total, _counted("转过去", sum(ended.done.values()), failed, "位")),
        (groups.total, _counted("群转过去", sum(groups.done.values()), stuck, "个")),
    )
    hints = ("没转成的请接手人自己加一下，或在管理后台重新分配", "没转成的群请在管理后台重新分配")
    return Card(
        title=f"{former}的{what or '外部联系人'}转接完了",
        subtitle="；".join(said for total, said in counts if total),
        tone=Tone.SUCCESS if not failed + stuck else Tone.DANGER,
        facts=tuple(_facts(ended, names, groups)),
        body=hints[0] if failed else hints[1] if stuck else "",
    )


def _counted(said: str, done: int, failed: int, unit: str) -> str:
    """转过去 226 位，没转成 4 位."""
    return f"{said} {done} {unit}" + (f"，没转成 {failed} {unit}" if failed else "")


def _facts(ended: Outcome, names: Mapping[int, str], groups: Groups) -> list[Fact]:
    """The receivers first; then the reasons, those of the people before those of the groups."""
    receivers = sorted({*ended.done, *groups.done})[:2]
    facts = [Fact(names.get(one, "同事"), _got(ended.done.get(one, 0), groups, one)) for one in receivers]
    reasons = [_refused(ended, code) for code in ended.refused]
    reasons += [
        Fact("群没转成", one_line(f"{len(some)}个 {WORDS.get(code, OTHER)}：{'、'.join(some[:3])}", 30))
        for code, some in groups.failed.items()
    ]
    return [*facts, *reasons[:MOST_REASONS]]


def _got(people: int, groups: Groups, member_id: int) -> str:
    count = groups.done.get(member_id, 0)
    parts = (f"{people} 位" if people else "", f"{count} 个群" if count else "")
    return f"已转 {'、'.join(filter(None, parts))}"


def asked_words(count: int) -> str:
    """That external contacts are on their way; nothing where there are none."""
    return f"{count} 位外部联系人正在企业微信里转接，24小时后出结果" if count else ""


def received_words(former: str, count: int, groups: int = 0) -> str:
    """For who has got people, groups, or both."""
    parts = (f"{count} 位外部联系人" if count else "", f"{groups} 个客户群" if groups else "")
    return f"{former}的 {'、'.join(filter(None, parts))}已在企业微信转到你名下，可以在客户联系里看到"


def _refused(ended: Outcome, code: int) -> Fact:
    who = "、".join(ended.names.get(code, ())[:3])
    return Fact("没转成", one_line(f"{ended.refused[code]}位 {WORDS.get(code, OTHER)}：{who}", 30))
