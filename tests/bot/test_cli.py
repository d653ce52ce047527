"""The command line: what it refuses and why, and that every command does what its help says."""

from __future__ import annotations

import asyncio
import logging
import os
import re
import signal
import socket
import subprocess
import sys
import urllib.request
from collections.abc import Callable, Iterator
from datetime import UTC, datetime
from pathlib import Path
from typing import Any

import orjson
import pytest
import structlog
from sqlmodel import Session, col, select
from typer.testing import CliRunner, Result

from bot.bench.run import free_port
from bot.cli import app
from bot.cli_wait import told_to_stop
from config.places import WECOM_PLACES
from handlers.codec import to_json
from handlers.incoming import Incoming, Kind
from store import inbox, outbox
from store.database import Database, connect
from store.tables import Activity, Identity, Member, Outbox, OutboxState
from tests.bot.company import company
from tests.databases import Databases

NOW = datetime.now(UTC)
VISIT = "今天下午拜访了华润置地的王总，聊了二期报价"
GOOD = {
    "GENJIN_SIGNING_KEY": "s" * 40,
    "GENJIN_WECOM__MAIN__CORP_ID": "ww0123456789abcdef",
    "GENJIN_WECOM__MAIN__AGENT_ID": "1000002",
    "GENJIN_WECOM__MAIN__SECRET": "geheim-secret",
    "GENJIN_WECOM__MAIN__TOKEN": "geheimtoken",
    "GENJIN_WECOM__MAIN__ENCODING_AES_KEY": "k" * 43,
    "GENJIN_WECOM__MAIN__API_BASE": "http://127.0.0.1:9",
}
COMMANDS = (
    "serve",
    "demo",
    "check",
    "migrate",
    "bench",
    "inbox",
    "outbox",
    "members",
    "understand",
    "corrections",
)
Run = Callable[..., Result]


@pytest.fixture(autouse=True)
def a_folder_of_one_s_own(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[Path]:
    """An empty folder, no settings in the environment, and logging as it was afterwards."""
    for name in list(os.environ):
        if name.startswith("GENJIN_"):
            monkeypatch.delenv(name)
    monkeypatch.chdir(tmp_path)
    root = logging.getLogger()
    before = (root.handlers[:], root.level)
    yield tmp_path
    structlog.reset_defaults()
    root.handlers[:], root.level = before[0], before[1]
    logging.getLogger("aiohttp.access").disabled = False


@pytest.fixture
def run() -> Run:
    """Runs `genjin` with these words and settings."""

    def act(*words: str, said: str = "", **settings: str) -> Result:
        return CliRunner().invoke(app, list(words), input=said, env=settings)

    return act


@pytest.fixture(params=["sqlite", "postgresql"])
def filled(
    request: pytest.FixtureRequest, databases: Databases, monkeypatch: pytest.MonkeyPatch
) -> Iterator[Database]:
    """The demo company, in the database that the commands use."""
    with company(databases, request.param, NOW) as url:
        monkeypatch.setenv("GENJIN_DATABASE_URL", url)
        for name, value in GOOD.items():
            monkeypatch.setenv(name, value)
        opened = connect(url)
        yield opened
        opened.close()


def a_failed_message(database: Database) -> int:
    """A message whose handler failed yesterday."""
    incoming = Incoming("wecom", "main", "zhangwei", "zhangwei", Kind.TEXT, "d1", NOW, text=VISIT)
    row: dict[str, Any] = {
        "platform": "wecom",
        "app": "main",
        "delivery_id": "d1",
        "conversation": "zhangwei",
    }
    row |= {"sender": "zhangwei", "kind": "text", "raw": to_json(incoming)}
    with Session(database.writer) as session:
        number, _ = inbox.receive(session, row, NOW)
        inbox.fail(
            session,
            number,
            error_id="ab12",
            error="Traceback …\nValueError: no such month",
            answer=None,
            handler="visits.x",
        )
        session.commit()
    return number


def a_parked_letter(database: Database) -> int:
    """A letter that the platform has refused."""
    letter = outbox.Letter(
        platform="wecom",
        app="main",
        lane="wecom:main:zhangwei",
        idem_key="k1",
        receiver="zhangwei",
        body=b"{}",
    )
    with Session(database.writer) as session:
        number = outbox.put(session, letter, NOW)
        assert number is not None
        outbox.park(session, number, "Rejected message/send code=40058")
        session.commit()
    return number


def test_help_names_every_command_and_each_has_a_help_of_its_own(run: Run) -> None:
    shown = run("--help", TERMINAL_WIDTH="200").output
    for command in COMMANDS:
        assert command in shown
        one = run(command, "--help")
        assert one.exit_code == 0
        assert re.search("[\u4e00-\u9fff]", one.output)


@pytest.mark.parametrize("group", ["inbox", "outbox", "members", "corrections"])
def test_every_command_word_of_a_group_has_a_help(run: Run, group: str) -> None:
    words = re.findall(r"│ (\w+) ", run(group, "--help").output.split("Commands", 1)[1])
    assert words
    for word in words:
        assert run(group, word, "--help").exit_code == 0


def test_the_installed_command_answers() -> None:
    command = Path(sys.executable).with_name("genjin")
    done = subprocess.run([command, "--help"], capture_output=True, text=True, timeout=300, check=True)
    assert "serve" in done.stdout


def test_serve_refuses_without_settings_and_says_where_they_are(run: Run) -> None:
    done = run("serve")
    assert done.exit_code == 2
    for part in (
        "还不能启动",
        "GENJIN_SIGNING_KEY",
        "token_urlsafe",
        "GENJIN_WECOM__MAIN__CORP_ID",
        "企业ID",
    ):
        assert part in done.output


@pytest.mark.parametrize(
    ("name", "value"),
    [
        ("SECRET", ""),
        ("SECRET", "changeme"),
        ("TOKEN", "token"),
        ("ENCODING_AES_KEY", "short-but-secret"),
        ("CORP_ID", ""),
        ("AGENT_ID", "0"),
    ],
)
def test_serve_names_each_missing_or_default_value(run: Run, name: str, value: str) -> None:
    done = run("serve", **(GOOD | {f"GENJIN_WECOM__MAIN__{name}": value}))
    assert done.exit_code == 2
    assert f"GENJIN_WECOM__MAIN__{name}" in done.output
    assert WECOM_PLACES[name.lower()] in done.output
    for secret in ("geheim-secret", "geheimtoken", "k" * 43, "s" * 40, "short-but-secret"):
        assert secret not in done.output


def test_serve_says_kindly_that_its_port_is_taken(run: Run) -> None:
    with socket.socket() as taken:
        taken.bind(("127.0.0.1", 0))
        taken.listen()
        port = str(taken.getsockname()[1])
        done = run("serve", **(GOOD | {"GENJIN_PORT": port}))
    assert done.exit_code == 1
    assert f"端口 {port} 已被占用" in done.output
    assert "Traceback" not in done.output


def test_serve_answers_and_stops_when_it_is_told(tmp_path: Path) -> None:
    port = free_port()
    own = os.environ | GOOD | {"GENJIN_PORT": str(port), "GENJIN_DATABASE_URL": "sqlite:///new/genjin.db"}
    command = [str(Path(sys.executable).with_name("genjin")), "serve"]
    with subprocess.Popen(command, env=own, cwd=tmp_path, stderr=subprocess.PIPE, text=True) as child:
        assert child.stderr is not None
        lines = []
        for line in child.stderr:
            lines.append(line)
            if "serve.started" in line:
                break
        with urllib.request.urlopen(f"http://127.0.0.1:{port}/healthz", timeout=60) as answer:
            assert orjson.loads(answer.read())["status"] == "ok"
        child.send_signal(signal.SIGTERM)
        _, rest = child.communicate(timeout=120)
    assert child.returncode == 0
    whole = "".join(lines) + rest
    assert "serve.stopping" in whole
    assert "geheim" not in whole
    assert "Traceback" not in whole


async def test_a_stop_signal_is_heard_before_anybody_waits_for_it() -> None:
    stopped = told_to_stop()
    os.kill(os.getpid(), signal.SIGTERM)
    async with asyncio.timeout(60):
        await stopped.wait()


def test_a_value_that_cannot_be_read_is_named(run: Run) -> None:
    done = run("check", GENJIN_PORT="many")
    assert done.exit_code == 2
    assert "GENJIN_PORT 填得不对" in done.output


@pytest.mark.parametrize("command", [("migrate",), ("check",), ("inbox", "list")])
def test_a_database_of_another_kind_is_named(run: Run, command: tuple[str, ...]) -> None:
    done = run(*command, GENJIN_DATABASE_URL="mysql://root:geheim@localhost/x")
    assert done.exit_code == 2
    assert "postgresql://" in done.output
    assert "geheim" not in done.output


@pytest.mark.parametrize("command", [("inbox", "list"), ("outbox", "list"), ("inbox", "replay")])
def test_a_database_without_tables_says_what_to_do(run: Run, command: tuple[str, ...]) -> None:
    done = run(*command, **GOOD)
    assert done.exit_code == 1
    assert "genjin migrate" in done.output
    assert "Traceback" not in done.output


def test_check_prints_the_whole_picture_without_secrets(run: Run) -> None:
    done = run("check", **GOOD, GENJIN_PUBLIC_URL="https://crm.example.com/")
    assert done.exit_code == 0
    for part in (
        "ww0123456789abcdef",
        "1000002",
        "https://crm.example.com/callback/wecom/main",
        "SQLite",
        "可以启动",
    ):
        assert part in done.output
    for secret in ("geheim-secret", "geheimtoken", "k" * 43, "s" * 40):
        assert secret not in done.output


def test_the_example_as_it_is_says_what_is_missing(run: Run, tmp_path: Path) -> None:
    example = Path(__file__).parents[2] / ".env.example"
    (tmp_path / ".env").write_text(example.read_text(encoding="utf-8"), encoding="utf-8")
    done = run("check")
    assert done.exit_code == 1
    for name in ("SIGNING_KEY", *(f"WECOM__MAIN__{one.upper()}" for one in WECOM_PLACES)):
        assert f"GENJIN_{name}" in done.output
    filled_in = "\n".join(f"{name}={value}" for name, value in GOOD.items())
    (tmp_path / ".env").write_text(filled_in, encoding="utf-8")
    assert run("check").exit_code == 0


def test_check_says_what_is_missing(run: Run) -> None:
    done = run("check", GENJIN_DATABASE_URL="postgresql://genjin:geheim@127.0.0.1:9/genjin")
    assert done.exit_code == 1
    for part in ("连不上", "GENJIN_SIGNING_KEY", "还不能启动"):
        assert part in done.output
    assert "geheim" not in done.output


@pytest.mark.parametrize(("userid", "known"), [("lina", True), ("nobody", False)])
@pytest.mark.usefixtures("filled")
def test_check_says_who_has_no_manager_to_be(run: Run, userid: str, known: bool) -> None:
    done = run("check", GENJIN_DEFAULT_MANAGER=userid)
    assert f"默认上级    {userid}" in done.output if known else "GENJIN_DEFAULT_MANAGER" in done.output
    assert done.exit_code == 0


def test_migrate_builds_the_database_once(run: Run, tmp_path: Path) -> None:
    first, second = run("migrate"), run("migrate")
    assert "数据库已升级：空 →" in first.output
    assert "数据库已是最新" in second.output
    assert (tmp_path / "var" / "genjin.db").exists()


def test_the_inbox_lists_shows_and_replays_what_failed(run: Run, filled: Database) -> None:
    assert "没有失败的消息" in run("inbox", "list").output
    number = a_failed_message(filled)
    listed = run("inbox", "list").output
    assert str(number) in listed
    assert "ab12" in listed
    assert "华润" not in listed
    assert "ValueError: no such month" in run("inbox", "show", str(number)).output
    done = run("inbox", "replay", str(number))
    assert done.exit_code == 0
    assert "处理成功 1 条，仍然失败 0 条" in done.output
    with Session(filled.reader) as session:
        activity = session.exec(select(Activity).where(col(Activity.inbox_id) == number)).one()
        assert activity.raw == VISIT
        assert session.exec(select(Outbox).where(col(Outbox.state) == OutboxState.PENDING)).all()
    assert "没有失败的消息" in run("inbox", "list").output
    assert "处理成功 0 条" in run("inbox", "replay").output


def test_the_inbox_says_that_a_number_is_unknown(run: Run, filled: Database) -> None:
    assert filled.reader
    assert run("inbox", "show", "1").exit_code == 1
    assert run("inbox", "replay", "1").exit_code == 1


def test_the_outbox_lists_and_sends_again_what_was_refused(run: Run, filled: Database) -> None:
    number = a_parked_letter(filled)
    listed = run("outbox", "list").output
    assert f"{number}  wecom/main" in listed
    assert "40058" in listed
    assert "发不出 1" in listed
    assert "已重新排队" in run("outbox", "retry", str(number)).output
    assert "等待 1" in run("outbox", "list").output
    again = run("outbox", "retry", str(number))
    assert again.exit_code == 1
    assert "genjin outbox list" in again.output


def test_colleagues_come_from_a_file_and_are_not_doubled(run: Run, filled: Database, tmp_path: Path) -> None:
    file = tmp_path / "members.csv"
    file.write_text(
        "userid,name,role,department,position,superior\n"
        "laoban,老板,总监,,,\nXinLai,新来的,销售,销售三部,客户经理,laoban\n",
        encoding="utf-8-sig",
    )
    assert "新加入 2 位，更新 0 位" in run("members", "import", str(file)).output
    assert "新加入 0 位，更新 0 位" in run("members", "import", str(file)).output
    with Session(filled.reader) as session:
        query = select(Member).join(Identity).where(col(Identity.external_id) == "xinlai")
        assert session.exec(query).one().name == "新来的"


@pytest.mark.parametrize(
    ("content", "part"),
    [
        (b"", "缺少列"),
        ("userid,name,role\nx,某某,国王\n".encode(), "国王"),
        ("userid,name,superior\nx,某某,nobody\n".encode(), "nobody"),
        ("userid,name\n,某某\n".encode(), "第 2 行"),
        ("userid,name\nx,李娜\n".encode("gbk"), "UTF-8"),
    ],
)
def test_a_wrong_list_changes_nothing_and_says_why(
    run: Run, tmp_path: Path, content: bytes, part: str
) -> None:
    run("migrate")
    file = tmp_path / "members.csv"
    file.write_bytes(content)
    done = run("members", "import", str(file))
    assert done.exit_code == 1
    assert part in done.output
    database = connect("sqlite:///var/genjin.db")
    with Session(database.reader) as session:
        assert session.exec(select(Member)).all() == []
    database.close()
    assert run("members", "import", "nowhere.csv").exit_code == 1


def test_understand_reads_lines_and_touches_no_database(run: Run, tmp_path: Path) -> None:
    customers = tmp_path / "customers.json"
    customers.write_text('[{"name": "华润置地（华东）有限公司", "aliases": ["华润置地"]}]', encoding="utf-8")
    lines = [
        {"id": "1", "text": VISIT, "reference_time": "2026-11-20T15:00:00"},
        {"id": "2", "text": "😀", "reference_time": "2026-11-20T15:00:00"},
    ]
    said = "\n".join(orjson.dumps(line).decode() for line in lines)
    done = run("understand", "--customers", str(customers), said=said)
    answers = [orjson.loads(line) for line in done.stdout.splitlines()]
    assert [one["id"] for one in answers] == ["1", "2"]
    assert "华润置地（华东）有限公司" in done.stdout
    assert sorted(path.name for path in tmp_path.iterdir()) == ["customers.json"]


def test_corrections_are_exported_as_lines(run: Run, filled: Database) -> None:
    assert filled.reader
    done = run("corrections", "export", "--since", "2026-01-01")
    assert (done.exit_code, done.stdout) == (0, "")


def test_the_demo_says_kindly_that_its_port_is_taken(run: Run) -> None:
    with socket.socket() as taken:
        taken.bind(("127.0.0.1", 0))
        taken.listen()
        port = taken.getsockname()[1]
        done = run("demo", "--port", str(port))
    assert done.exit_code == 1
    assert f"端口 {port} 用不了" in done.output
    assert f"genjin demo --port {port + 1}" in done.output
    assert "Traceback" not in done.output
