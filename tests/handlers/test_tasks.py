"""Lists of the day, reminders, and what can be done with a task by button or by word."""

from __future__ import annotations

from datetime import UTC, datetime

import pytest
from sqlalchemy import select
from sqlmodel import Session, col

from cards.card import Card
from cards.tasks import reminder_card
from crm import task_lists
from handlers.tasks import later_moment
from store.tables import Task, TaskStatus
from tests.ground import standing
from tests.handlers.talk import Talk, facts, make_talk
from tests.local import local


@standing
def talk(session: Session) -> Talk:
    """A conversation on Thursday, 19 November 2026, 10:30."""
    return make_talk(session)


def only_task(talk: Talk) -> Task:
    """The one task there is."""
    return talk.session.scalars(select(Task)).one()


def wall(talk: Talk, moment: datetime) -> str:
    """A time as the clock on the wall shows it."""
    return f"{talk.context('zhang').wall(moment):%m-%d %H:%M}"


def test_a_reminder_is_set_in_the_persons_own_words(talk: Talk) -> None:
    (card,) = talk.say("zhang", "明天上午10点提醒我给王总打电话").cards
    assert card.title == "已设提醒 · 给王总打电话"
    assert facts(card)["时间"] == "明天 10:00"
    task = only_task(talk)
    assert wall(talk, task.remind_at) == "11-20 10:00"


def test_a_reminder_in_minutes(talk: Talk) -> None:
    talk.say("zhang", "30分钟后提醒我开会")
    assert wall(talk, only_task(talk).remind_at) == "11-19 11:00"


def test_a_reminder_without_a_time_is_asked_about(talk: Talk) -> None:
    assert "什么时候提醒" in talk.say("zhang", "提醒我给王总打电话").text
    (card,) = talk.say("zhang", "明天下午3点").cards
    assert facts(card)["时间"] == "明天 15:00"


def test_a_reminder_for_a_customer_is_tied_to_it(talk: Talk) -> None:
    (card,) = talk.say("zhang", "12月1号下午2点提醒我去美的收款15万").cards
    assert facts(card)["客户"] == "美的"


def test_a_part_of_day_has_its_usual_hour(talk: Talk) -> None:
    talk.say("zhang", "下下周一上午提醒我联系美的")
    assert wall(talk, only_task(talk).remind_at) == "11-30 09:00"


def test_the_past_is_refused_with_an_example(talk: Talk) -> None:
    reply = talk.say("zhang", "今天上午9点提醒我开会")
    assert "已经过了" in reply.text or reply.cards
    if "已经过了" in reply.text:
        assert not talk.session.scalars(select(Task)).all()


def test_a_series_is_set_again_when_it_is_done(talk: Talk) -> None:
    (card,) = talk.say("zhang", "每周一早上9点提醒我发周报").cards
    assert facts(card)["重复"] == "每周一"
    talk.now = datetime(2026, 11, 23, 1, 5, tzinfo=UTC)
    talk.press("zhang", card, "完成")
    open_ones = talk.session.scalars(select(Task).where(col(Task.status) == TaskStatus.OPEN)).all()
    assert [wall(talk, t.due_at) for t in open_ones] == ["11-30 09:00"]


def test_today_lists_what_is_due_and_overdue(talk: Talk) -> None:
    talk.say("zhang", "今天下午3点提醒我给王总打电话")
    talk.say("zhang", "明天上午10点提醒我去美的送样品")
    (card,) = talk.say("zhang", "今天").cards
    assert card.title == "今天的待办 · 1件"
    assert facts(card) == {"15:00": "给王总打电话"}
    talk.pass_time(days=1)
    (card,) = talk.say("zhang", "今天").cards
    assert card.title == "今天的待办 · 2件"
    assert facts(card)["逾期"].startswith("昨天")


def test_empty_lists_answer_kindly(talk: Talk) -> None:
    for word in ("今天", "明天", "本周"):
        (card,) = talk.say("zhang", word).cards
        assert card.body
        assert not card.buttons


def test_the_week_ends_on_sunday(talk: Talk) -> None:
    talk.say("zhang", "周日上午10点提醒我看资料")
    talk.say("zhang", "下周一上午10点提醒我开例会")
    (card,) = talk.say("zhang", "本周").cards
    assert list(facts(card).values()) == ["10:00 看资料"]


def test_a_question_about_another_day(talk: Talk) -> None:
    talk.say("zhang", "后天上午10点提醒我看资料")
    (card,) = talk.say("zhang", "后天有什么安排").cards
    assert card.title == "后天的安排 · 1件"


def listed(talk: Talk) -> Card:
    """The list of today with one task."""
    talk.say("zhang", "今天下午3点提醒我给王总打电话")
    (card,) = talk.say("zhang", "今天").cards
    return card


def test_a_task_is_finished_from_the_list(talk: Talk) -> None:
    card = listed(talk)
    reply = talk.press("zhang", card, "完成", task=str(only_task(talk).id))
    assert reply.refresh[0].done == "已完成 10:30"
    assert reply.refresh[1].about == card.about
    assert "没有待办" in reply.refresh[1].body


def test_a_second_tap_says_when_it_was_done(talk: Talk) -> None:
    card = listed(talk)
    chosen = str(only_task(talk).id)
    talk.press("zhang", card, "完成", task=chosen)
    assert "已经完成" in talk.press("zhang", card, "完成", task=chosen).text


def reminder(talk: Talk) -> Card:
    """The reminder of a task, as the clock sends it at three."""
    talk.say("zhang", "今天下午3点提醒我给王总打电话")
    talk.now = datetime(2026, 11, 19, 7, 0, tzinfo=UTC)
    task = only_task(talk)
    task.reminded_at = talk.now
    ctx = talk.context("zhang")
    return reminder_card(task_lists.get(ctx, task.id), ctx.local)


def test_a_reminder_is_put_off_by_the_drop_down(talk: Talk) -> None:
    card = reminder(talk)
    reply = talk.press("zhang", card, "推迟", to="tomorrow")
    task = only_task(talk)
    assert wall(talk, task.remind_at) == "11-20 09:00"
    assert task.reminded_at is None
    assert "提醒你" in reply.text
    assert reply.refresh[0].about == card.about


def test_a_reminder_is_moved_by_talking(talk: Talk) -> None:
    card = reminder(talk)
    assert "改到什么时候" in talk.press("zhang", card, "改期").text
    talk.say("zhang", "下周三下午2点")
    assert wall(talk, only_task(talk).due_at) == "11-25 14:00"


def test_done_by_word_means_the_one_just_reminded_of(talk: Talk) -> None:
    reminder(talk)
    reply = talk.say("zhang", "完成")
    assert only_task(talk).status == TaskStatus.DONE
    assert reply.refresh[0].done == "已完成 15:00"


def test_put_off_by_word(talk: Talk) -> None:
    reminder(talk)
    talk.say("zhang", "推迟1小时")
    assert wall(talk, only_task(talk).remind_at) == "11-19 16:00"


def test_a_named_task_is_moved(talk: Talk) -> None:
    talk.say("zhang", "今天拜访了华润置地的王总，下周三上午十点再去演示")
    talk.say("zhang", "把演示改到周五下午三点")
    assert wall(talk, only_task(talk).due_at) == "11-20 15:00"


def test_a_task_is_cancelled_by_word(talk: Talk) -> None:
    talk.say("zhang", "明天上午10点提醒我去美的送样品")
    (card,) = talk.say("zhang", "取消明天的提醒").cards
    assert card.title == "取消这个任务吗"
    assert only_task(talk).status == TaskStatus.OPEN
    assert "已取消" in talk.say("zhang", "确认").text
    assert only_task(talk).status == TaskStatus.CANCELLED


@pytest.mark.parametrize("words", ["不取消", "算了", "不"])
def test_a_task_that_was_not_to_be_cancelled_stays(talk: Talk, words: str) -> None:
    talk.say("zhang", "明天上午10点提醒我去美的送样品")
    talk.say("zhang", "取消明天的提醒")
    assert talk.say("zhang", words).text == "好，任务还在。"
    assert only_task(talk).status == TaskStatus.OPEN


def test_cancelling_is_confirmed_by_button(talk: Talk) -> None:
    talk.say("zhang", "明天上午10点提醒我去美的送样品")
    (card,) = talk.say("zhang", "取消明天的提醒").cards
    (shown,) = talk.press("zhang", card, "不取消").refresh
    assert [b.text for b in shown.buttons] == ["完成", "推迟", "改期"]
    talk.press("zhang", card, "取消任务")
    assert only_task(talk).status == TaskStatus.CANCELLED


@pytest.mark.parametrize(
    ("option", "expected"),
    [
        ("30m", "11-19 11:00"),
        ("1h", "11-19 11:30"),
        ("afternoon", "11-19 14:00"),
        ("tomorrow", "11-20 09:00"),
        ("monday", "11-23 09:00"),
        ("nonsense", "11-19 11:30"),
    ],
)
def test_what_putting_off_means(option: str, expected: str) -> None:
    told = later_moment(option, local("2026-11-19T10:30"))
    assert f"{told.value:%m-%d %H:%M}" == expected


def test_the_afternoon_that_has_begun_is_tomorrow() -> None:
    assert f"{later_moment('afternoon', local('2026-11-19T15:00')).value:%m-%d %H:%M}" == "11-20 09:00"


def test_a_colleague_is_reminded_by_his_manager(talk: Talk) -> None:
    reply = talk.say("li", "明天上午10点提醒张伟给美的送样品")
    assert reply.notices[0].member_id == talk.team.members["zhang"].id
    assert reply.notices[0].card is not None
    assert reply.notices[0].card.title == "李娜请你：给美的送样品"
    assert "只能给自己和下属" in talk.say("zhang", "明天上午10点提醒吴婷给美的送样品").text


def test_one_of_several_is_chosen_by_number(talk: Talk) -> None:
    talk.say("zhang", "明天上午10点提醒我给王总打电话")
    talk.say("zhang", "明天下午提醒我寄样品给美的")
    (card,) = talk.say("zhang", "取消明天的提醒").cards
    assert len(card.buttons) == 2
    assert talk.say("zhang", "2").text.startswith("已取消：寄样品给美的")


def test_a_task_with_another_name_is_not_cancelled_by_mistake(talk: Talk) -> None:
    talk.say("zhang", "明天上午10点提醒我给王总打电话")
    (card,) = talk.say("zhang", "取消明天给李总的提醒").cards
    assert card.title == "取消哪一个"
    assert only_task(talk).status == TaskStatus.OPEN


def test_an_empty_reminder_says_what_is_missing(talk: Talk) -> None:
    assert "提醒你做什么" in talk.say("zhang", "提醒我").text


def test_a_series_before_the_end_of_work_comes_at_the_end_of_work(talk: Talk) -> None:
    (card,) = talk.say("zhang", "每天下班前提醒我写日报").cards
    assert (card.title, facts(card)) == ("已设提醒 · 写日报", {"时间": "今天 18:00前", "重复": "每天"})


def test_a_call_to_make_is_a_task_and_no_report(talk: Talk) -> None:
    assert talk.say("zhang", "要给王总打电话").text.startswith("什么时候提醒")
    (card,) = talk.say("zhang", "明天下午3点").cards
    assert card.title == "已设提醒 · 要给王总打电话"
    (card,) = talk.say("zhang", "明天给王总打电话").cards
    assert card.title == "已设提醒 · 给王总打电话"


def test_a_birthday_is_no_answer_to_when_to_remind(talk: Talk) -> None:
    talk.say("zhang", "给王总打电话")
    assert not any("已设提醒" in card.title for card in talk.say("zhang", "王总下周二生日").cards)


def test_a_series_without_an_hour_begins_when_its_hour_comes_next(talk: Talk) -> None:
    (card,) = talk.say("zhang", "每天提醒我给王总打电话").cards
    assert facts(card) == {"时间": "明天", "提醒": "明天 09:00", "重复": "每天"}
    talk.now = datetime(2026, 11, 19, 0, 30, tzinfo=UTC)
    (card,) = talk.say("zhang", "每天提醒我看邮件").cards
    assert facts(card) == {"时间": "今天", "提醒": "今天 09:00", "重复": "每天"}


def test_an_hour_alone_is_on_the_day_of_what_it_moves(talk: Talk) -> None:
    talk.say("zhang", "明天上午10点提醒我给刘总打电话")
    assert talk.say("zhang", "改到下午4点").text == "给刘总打电话：明天 16:00，到时提醒你。"
    assert talk.say("zhang", "时间改成下午2点").text == "给刘总打电话：明天 14:00，到时提醒你。"
    assert talk.say("zhang", "改到今天下午5点").text == "给刘总打电话：今天 17:00，到时提醒你。"


def test_what_nobody_was_told_of_yet_is_put_off_by_so_much(talk: Talk) -> None:
    talk.say("zhang", "明天上午10点提醒我给刘总打电话")
    assert talk.say("zhang", "推迟1小时").text == "给刘总打电话：明天 11:00，到时提醒你。"
    assert talk.say("zhang", "推迟两天").text == "给刘总打电话：11月22日 周日 11:00，到时提醒你。"


def test_what_was_moved_last_is_spoken_of(talk: Talk) -> None:
    talk.say("zhang", "今天拜访了华润置地的王总，下周三上午十点再去演示")
    talk.say("zhang", "后天上午10点提醒我给刘总打电话")
    talk.say("zhang", "把演示改到周五下午3点")
    assert talk.say("zhang", "推迟1小时").text.startswith("演示 · 华润置地：")


@pytest.mark.parametrize("said", ["我下周都有啥", "下周有什么安排", "下周我要做什么"])
def test_what_is_to_come_is_asked_for_in_any_words(talk: Talk, said: str) -> None:
    talk.say("zhang", "今天拜访了华润置地的王总，下周三上午十点再去演示")
    (card,) = talk.say("zhang", said).cards
    assert card.title == "下周的安排 · 1件"


def test_a_question_about_what_is_to_do_sets_no_reminder(talk: Talk) -> None:
    assert talk.say("zhang", "华润置地有什么待办").cards[0].title == "华润置地（华东）有限公司"
    talk.say("zhang", "提醒我给王总打电话")
    talk.say("zhang", "后天的事都取消")
    assert talk.session.scalars(select(Task)).all() == []
