"""The house: its rooms, its sizes, its borders, and that what is written about it is true."""

from __future__ import annotations

import ast
import re
import subprocess
import tomllib
from collections.abc import Iterator
from dataclasses import dataclass
from functools import cache
from importlib.metadata import distributions
from pathlib import Path
from typing import Any

import pytest

ROOT = Path(__file__).parents[1]
ROOMS = ("bot", "cards", "config", "crm", "handlers", "nlu", "sandbox", "scheduler", "store", "tests")
LONGEST = 500
MEDIAN = 120
GENERATED = ("store/migrations/versions/",)
WRITTEN = {
    ".md",
    ".py",
    ".toml",
    ".yaml",
    ".yml",
    ".cfg",
    ".ini",
    ".js",
    ".css",
    ".html",
    ".lock",
    ".example",
    "",
}
FORBIDDEN = {
    "a machine's path": re.compile(r"/(?<![\w./-]/)(?:work|home|Users|tmp|mnt)/(?![\s`'\")]|$)\w"),
    "a registry": re.compile(
        r"(?i)pypi\.org|files\.pythonhosted|pypi\.tuna|mirrors\.(?:aliyun|tuna|ustc)|registry\.npmjs|--index-url"
        r"|--extra-index|--find-links"
    ),
}
ONE_ROOM_ONLY = {
    "wechatpy": {"bot/wecom/crypto.py"},
    "dingtalk": {"bot/dingtalk/crypto.py"},
    "apscheduler": {"scheduler/clockwork.py"},
}


@cache
def files() -> tuple[Path, ...]:
    """What belongs to the repository: tracked, or new and not ignored."""
    command = ["git", "ls-files", "--cached", "--others", "--exclude-standard", "-z"]
    done = subprocess.run(command, cwd=ROOT, capture_output=True, check=True)
    named = (ROOT / name for name in done.stdout.decode().split("\0") if name)
    return tuple(path for path in named if path.is_file())


Function = ast.FunctionDef | ast.AsyncFunctionDef


@dataclass(frozen=True, slots=True)
class Source:
    """A Python file that a person wrote, and what of it is asked for here.

    `bare` are functions by place; `words` are the strings of the product, not of its tests.
    """

    name: str
    lines: int
    bare: tuple[str, ...]
    imported: frozenset[str]
    words: frozenset[str]


@cache
def sources() -> tuple[Source, ...]:
    """Every Python file that a person wrote; each is read once."""
    named = ((path, path.relative_to(ROOT).as_posix()) for path in files() if path.suffix == ".py")
    return tuple(_read(path, name) for path, name in named if not name.startswith(GENERATED))


def _read(path: Path, name: str) -> Source:
    text = path.read_text(encoding="utf-8")
    tree = ast.parse(text)
    nodes = list(statements(tree))
    functions = [node for node in nodes if isinstance(node, Function)]
    bare = tuple(f"{name}:{one.lineno} {one.name}" for one in functions if _lacks(one))
    words = frozenset() if name.startswith("tests/") else _words(tree)
    return Source(name, text.count("\n"), bare, imported(nodes), words)


def statements(tree: ast.Module) -> Iterator[ast.AST]:
    """Every statement of a file, at any depth; what stands within expressions is left out."""
    waiting: list[ast.AST] = [tree]
    while waiting:
        node = waiting.pop()
        yield node
        for part in ("body", "orelse", "finalbody", "handlers", "cases"):
            inner = getattr(node, part, ())
            if isinstance(inner, list):  # the body of a lambda is an expression
                waiting += inner


def _words(tree: ast.Module) -> frozenset[str]:
    constants = (node.value for node in ast.walk(tree) if isinstance(node, ast.Constant))
    return frozenset(value for value in constants if isinstance(value, str))


def project() -> dict[str, Any]:
    """The project's own description."""
    return tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))


def test_no_dependency_takes_the_name_of_a_room() -> None:
    taken = {}
    for dist in distributions():
        name = dist.metadata["Name"]
        if name == "genjin":
            continue
        for file in dist.files or ():
            top = file.parts[0].removesuffix(".py")
            if top in ROOMS and file.suffix in (".py", ".so", ".pyd"):
                taken[top] = name
    assert taken == {}


def test_every_room_is_packaged_and_held_by_the_contracts() -> None:
    described = project()
    packaged = described["tool"]["hatch"]["build"]["targets"]["wheel"]["packages"]
    assert set(packaged) == set(ROOMS) - {"tests"}
    assert set(described["tool"]["importlinter"]["root_packages"]) == set(packaged)
    assert set(described["tool"]["mypy"]["packages"]) == set(ROOMS)
    dockerfile = (ROOT / "Dockerfile").read_text(encoding="utf-8")
    assert all(f"COPY {room} {room}" in dockerfile for room in packaged)
    assert "Private :: Do Not Upload" in described["project"]["classifiers"]


def test_no_file_is_too_long() -> None:
    assert [(one.name, one.lines) for one in sources() if one.lines > LONGEST] == []
    ours = sorted(one.lines for one in sources() if not one.name.startswith("tests/"))
    assert ours[len(ours) // 2] <= MEDIAN


def test_every_function_is_fully_annotated() -> None:
    assert [place for one in sources() for place in one.bare] == []


def _lacks(function: Function) -> bool:
    given = function.args
    named = [*given.posonlyargs, *given.args, *given.kwonlyargs]
    named += [one for one in (given.vararg, given.kwarg) if one is not None]
    free = [one for one in named if one.annotation is None and one.arg not in ("self", "cls", "mcs")]
    return bool(free) or function.returns is None


def test_vendor_libraries_stay_where_they_are() -> None:
    found: dict[str, set[str]] = {library: set() for library in ONE_ROOM_ONLY}
    for one in sources():
        if one.name.startswith("tests/"):
            continue
        for library in one.imported & ONE_ROOM_ONLY.keys():
            found[library].add(one.name)
    assert found == ONE_ROOM_ONLY


def imported(nodes: list[ast.AST]) -> frozenset[str]:
    """The top-level names that a file imports, anywhere in it."""
    names = set()
    for node in nodes:
        if isinstance(node, ast.Import):
            names |= {alias.name.split(".")[0] for alias in node.names}
        elif isinstance(node, ast.ImportFrom) and node.level == 0 and node.module:
            names.add(node.module.split(".")[0])
    return frozenset(names)


def test_the_repository_speaks_of_the_product_alone() -> None:
    found = []
    for path in files():
        if path == Path(__file__) or path.suffix not in WRITTEN:
            continue
        text = path.read_text(encoding="utf-8", errors="replace")
        for what, pattern in FORBIDDEN.items():
            found += [f"{path.relative_to(ROOT)}: {what} {hit.group()}" for hit in pattern.finditer(text)]
    assert found == []


def lock() -> dict[str, str]:
    """The exact version of every package in the lock file, by its plain name."""
    lines = (ROOT / "requirements.lock").read_text(encoding="utf-8").splitlines()
    found = [
        re.fullmatch(r"([a-zA-Z0-9._-]+)(?:\[[\w,]+\])?==([^\s;]+)(?: ;.*)?", line) for line in lines if line
    ]
    assert all(found), "only exact versions"
    return {plain(one[1]): one[2] for one in found if one}


def plain(name: str) -> str:
    """A package's name as indexes compare it."""
    return re.sub(r"[-_.]+", "-", name).lower()


def needed() -> Iterator[str]:
    """The plain names of everything that the project asks for."""
    described = project()
    groups = [described["project"]["dependencies"], *described["dependency-groups"].values()]
    for requirement in (one for group in groups for one in group):
        match = re.match(r"[\w.-]+", requirement)
        assert match
        yield plain(match.group())


def test_the_lock_names_no_index_and_holds_every_dependency() -> None:
    assert sorted(set(needed()) - lock().keys()) == []
    text = (ROOT / "requirements.lock").read_text(encoding="utf-8")
    assert "://" not in text
    assert "--" not in text


def test_every_dependency_says_why() -> None:
    text = (ROOT / "pyproject.toml").read_text(encoding="utf-8")
    listed = re.findall(r'^    "[a-zA-Z][\w.\[\]-]*[<>=][^"]*",(.*)$', text, re.MULTILINE)
    assert len(listed) == len(list(needed()))
    assert all(re.match(r" +# \w", reason) for reason in listed)


@pytest.mark.parametrize("name", ["README.md", "README.zh-CN.md", "CONTRIBUTING.md", "docs/operations.md"])
def test_what_a_page_points_to_exists(name: str) -> None:
    page = (ROOT / name).read_text(encoding="utf-8")
    folder = (ROOT / name).parent
    for target in re.findall(r"\]\(([^)#:]+)(?:#[^)]*)?\)", page):
        assert (folder / target).exists(), target
    for target in re.findall(
        r"`((?:bot|cards|config|crm|handlers|nlu|sandbox|scheduler|store)/[\w/]+\.py)`", page
    ):
        assert (ROOT / target).exists(), target


@pytest.mark.parametrize("name", ["README.md", "README.zh-CN.md", "CONTRIBUTING.md", "docs/operations.md"])
def test_every_command_that_a_page_names_exists(name: str) -> None:
    from typer.main import get_command

    from bot.cli import app

    page = (ROOT / name).read_text(encoding="utf-8")
    makefile = (ROOT / "Makefile").read_text(encoding="utf-8")
    for target in re.findall(r"(?:^|`)make ([a-z]+)", page, re.MULTILINE):
        assert re.search(rf"^{target}:", makefile, re.MULTILINE), target
    for words in re.findall(r"\bgenjin ([a-z]+(?: [a-z]+)?)(?=[`\s]|$)", page, re.MULTILINE):
        command: Any = get_command(app)
        for word in words.split():
            if not hasattr(command, "commands"):
                break
            assert word in command.commands, words
            command = command.commands[word]


def test_every_event_that_the_page_names_is_logged() -> None:
    page = (ROOT / "docs" / "operations.md").read_text(encoding="utf-8")
    events = {
        one
        for row in re.findall(r"^\| (`[a-z_.]+`(?:, `[a-z_.]+`)*) \|", page, re.MULTILINE)
        for one in re.findall("`([^`]+)`", row)
    }
    logged = {word for one in sources() for word in one.words}
    assert len(events) > 5
    assert events - logged == set()


def test_the_makefile_explains_each_of_its_commands() -> None:
    makefile = (ROOT / "Makefile").read_text(encoding="utf-8")
    phony = re.search(r"^\.PHONY: (.+)$", makefile, re.MULTILINE)
    assert phony
    for target in phony[1].split():
        assert re.search(rf"^{target}:.*## \w", makefile, re.MULTILINE), target
    done = subprocess.run(["make", "help"], cwd=ROOT, capture_output=True, text=True, check=True)
    assert all(target in done.stdout for target in phony[1].split())
