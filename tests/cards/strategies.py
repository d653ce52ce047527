"""Any card at all: the sensible, the overfull and the hostile."""

from __future__ import annotations

from dataclasses import replace

from hypothesis import strategies as st

from cards.card import Action, Button, Card, Fact, Field, FieldKind, Option, Tone

PLAIN = "华润置地王总报价二期演示预算。，（）“”1230 "
HOSTILE = (
    "\x00\x07\t\r\n\u2028\x85 ",
    "\ud83d",
    "\u202e58万",
    "👨‍👩‍👧‍👦",
    "é\u0301",
    "<a href='https://e.example'>点</a>",
    "]]><x>",
    "$userName=z$",
)
MARKS = {0xE000 + place: piece for place, piece in enumerate(HOSTILE)}
"""Each hostile piece by the code of the one character that stands for it while a text is drawn."""

chinese = st.text(PLAIN, max_size=60)
anything = st.text(st.characters(exclude_categories=()), max_size=40)
mixed = st.text(PLAIN + "".join(map(chr, MARKS)), max_size=60).map(lambda text: text.translate(MARKS))
full = st.text(PLAIN, min_size=15, max_size=60)
words = chinese | anything | mixed | full
long_words = st.builds(lambda text, times: text * times, words, st.sampled_from([1, 1, 3, 10, 40]))
done_or_not = st.just("") | st.builds(str, words)  # each as often: a union of words would be taken apart
good_links = st.sampled_from(["https://crm.example/c/7", "https://crm.example/c/8"])
bad_links = st.sampled_from(["", "http://a.example/" + "x" * 3000, "javascript:alert(1)"])
links = good_links | bad_links
ids = st.one_of(st.text("abc123_-", min_size=1, max_size=6), words, st.just("长" * 60))

actions = st.builds(
    Action, st.sampled_from(["task.done", "task.later", "quote.approve"]), st.text("abc123", max_size=5)
)
buttons = st.builds(
    Button,
    words,
    st.none() | actions,
    st.sampled_from(Tone),
    links,
    st.sampled_from(["", "", "回复 撤销", "\x00长" * 20]),
)
options = st.builds(Option, ids, words)
fields = st.builds(
    lambda key, title, given, kind, picks: Field(
        key, title, tuple(given), kind, tuple(one.id for one in given[:picks])
    ),
    ids,
    words,
    st.lists(options, max_size=23),
    st.sampled_from(FieldKind),
    st.integers(0, 3),
)
facts = st.builds(Fact, st.text("客户负责人预计成交日期", max_size=8) | words, long_words)
any_cards = st.builds(
    Card,
    title=words,
    subtitle=words,
    source=words,
    tone=st.sampled_from(Tone),
    emphasis=st.none() | st.tuples(words, words),
    body=long_words,
    facts=st.lists(facts, max_size=10).map(tuple),
    quote=words,
    form=st.lists(fields, max_size=5).map(tuple),
    submit=st.none() | buttons,
    buttons=st.lists(buttons, max_size=9).map(tuple),
    note=words,
    link=links,
    image=links,
    done=done_or_not,
)

plain_fields = st.builds(
    Field,
    st.sampled_from("abcdefgh"),
    words,
    st.lists(st.builds(Option, st.text("abc1234", min_size=1), long_words), min_size=1, max_size=12).map(
        tuple
    ),
    st.sampled_from([FieldKind.SELECT, FieldKind.SELECT, FieldKind.CHECK_ONE]),
)
form_cards = st.builds(
    Card,
    title=long_words,
    subtitle=words,
    form=st.lists(plain_fields, min_size=1, max_size=6).map(tuple),
    submit=st.builds(Button, words, actions),
    note=st.just("") | words,
    done=done_or_not,
)
notices = st.builds(
    Card,
    title=words,
    emphasis=st.none() | st.tuples(long_words, words),
    body=long_words,
    facts=st.lists(facts, max_size=8).map(tuple),
    buttons=st.lists(st.builds(Button, long_words, url=links), max_size=4).map(tuple),
    link=st.just("https://crm.example/c/7"),
    image=links,
)
votes = st.builds(
    Card,
    title=words,
    form=st.tuples(st.builds(replace, plain_fields, kind=st.just(FieldKind.CHECK_MANY))),
    submit=st.builds(Button, st.just("提交"), actions),
    done=done_or_not,
)
pressed = st.builds(
    Card,
    title=words,
    body=long_words,
    facts=st.lists(facts, max_size=2).map(tuple),
    form=st.just(()) | st.tuples(plain_fields),
    buttons=st.lists(st.builds(Button, words, actions), min_size=1, max_size=8).map(tuple),
    done=done_or_not,
)
cards = any_cards | form_cards | notices | votes | pressed
