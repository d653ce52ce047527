"""The benchmark of the understanding: it measures what it says, and the library starts light."""

from __future__ import annotations

import subprocess
import sys

from bot.bench.understanding import SENTENCES, imported, lexicon_of, measure, run, sentence

HEAVY = ("pypinyin", "rapidfuzz", "sqlalchemy", "pydantic", "aiohttp")


def test_every_sentence_is_asked_about_another_customer() -> None:
    speed = measure(customers=300, rounds=3)
    assert len(speed.ms) == 3 * len(SENTENCES)
    assert list(speed.ms) == sorted(speed.ms)
    assert speed.at(0.5) <= speed.at(0.95) <= speed.ms[-1]


def test_sentences_name_customers_that_are_known() -> None:
    lexicon = lexicon_of(50)
    assert len(lexicon) == 50
    assert [n.key for n in lexicon.exactly(sentence("{name}", 7))] == ["7"]


def test_the_figures_are_printed() -> None:
    said: list[str] = []
    run(customers=50, rounds=1, echo=said.append)
    printed = "\n".join(said)
    assert all(word in printed for word in ("50 家客户", "p50", "p95", "导入 nlu"))


def test_importing_the_library_takes_little_memory() -> None:
    _, mb = imported()
    assert mb < 40


def test_importing_the_library_imports_nothing_heavy() -> None:
    asked = f"import sys, nlu.understand, nlu.model; print([m for m in {HEAVY} if m in sys.modules])"
    done = subprocess.run([sys.executable, "-c", asked], capture_output=True, text=True, check=True)
    assert done.stdout.strip() == "[]"
