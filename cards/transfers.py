"""How the transfer of external contacts in WeCom ended."""

from __future__ import annotations

from collections.abc import Mapping

from cards.card import Card, Fact, Tone
from cards.words import one_line
from crm.transfers import WORDS, Outcome

MOST_REASONS = 4
OTHER = "企业微信没有转接成功"


def outcome_card(former: str, ended: Outcome, names: Mapping[int, str]) -> Card:
    """For the manager: what went through to whom, and what did not, why."""
    done = sum(ended.done.values())
    failed = sum(ended.refused.values())
    facts = [
        Fact(names.get(one, "同事"), f"已转 {count} 位") for one, count in sorted(ended.done.items())[:2]
    ]
    facts += [_refused(ended, code) for code in list(ended.refused)[:MOST_REASONS]]
    return Card(
        title=f"{former}的外部联系人转接完了",
        subtitle=f"转过去 {done} 位" + (f"，没转成 {failed} 位" if failed else ""),
        tone=Tone.SUCCESS if not failed else Tone.DANGER,
        facts=tuple(facts),
        body="没转成的请接手人自己加一下，或在管理后台重新分配" if failed else "",
    )


def received_words(former: str, count: int) -> str:
    """For who has got them."""
    return f"{former}的 {count} 位外部联系人已在企业微信转到你名下，可以在客户联系里看到"


def _refused(ended: Outcome, code: int) -> Fact:
    who = "、".join(ended.names.get(code, ())[:3])
    return Fact("没转成", one_line(f"{ended.refused[code]}位 {WORDS.get(code, OTHER)}：{who}", 30))
