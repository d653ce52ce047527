"""Programs that the contract tests run: bots on the vendors' libraries, in processes of their own."""

from __future__ import annotations

import asyncio
import functools
import os
import shutil
import subprocess
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from pathlib import Path

import pytest

PATIENCE = 60.0  # real seconds that anything may take
FILLED_BY_MAKE_NODE = Path(__file__).parents[2] / "var" / "node" / "node_modules"


def environment(**more: str) -> dict[str, str]:
    """The environment of a program: node finds its packages, and nothing goes through a proxy."""
    paths = [os.environ.get("NODE_PATH", ""), str(FILLED_BY_MAKE_NODE)]
    found = os.pathsep.join(one for one in paths if one)
    return {**os.environ, "NODE_PATH": found, "NO_PROXY": "*", "no_proxy": "*", **more}


def node_with(package: str) -> str:
    """The program `node` where it finds a package; elsewhere the test is skipped."""
    program = shutil.which("node")
    if program is None:
        pytest.skip("node is not installed")
    if not _finds(program, package):
        pytest.skip(f"the node package {package} is not installed: make node")
    return program


@functools.cache
def _finds(program: str, package: str) -> bool:
    look = [program, "-e", f"require.resolve('{package}')"]
    return subprocess.run(look, env=environment(), stderr=subprocess.DEVNULL, check=False).returncode == 0


@asynccontextmanager
async def running(*command: str, **more: str) -> AsyncIterator[None]:
    """A program that ends well when its input does; `more` goes into its environment."""
    started = await asyncio.create_subprocess_exec(*command, env=environment(**more), stdin=subprocess.PIPE)
    try:
        yield
    finally:
        if started.stdin is not None:
            started.stdin.close()
        try:
            await asyncio.wait_for(started.wait(), PATIENCE)
        except TimeoutError:
            started.kill()
            await started.wait()
    assert started.returncode == 0, f"{command} ended with {started.returncode}"
