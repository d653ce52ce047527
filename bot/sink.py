"""Where a file goes while it comes from a platform: a temporary file, bounded, counted and summed up."""

from __future__ import annotations

import asyncio
import hashlib
import os
import tempfile
from dataclasses import dataclass
from pathlib import Path
from typing import IO, Final, Protocol

WRITE_FROM: Final = 256 * 1024  # bytes that are gathered before they go to the disk, off the loop


class TooLarge(Exception):
    """More bytes came than are kept."""


class Sink(Protocol):
    """Takes a file in parts. `restart` forgets what came so far: the platform is asked again."""

    async def restart(self) -> None:
        """Begin anew."""
        ...

    async def write(self, part: bytes) -> None:
        """The next part. Raises TooLarge."""
        ...


@dataclass(frozen=True, slots=True)
class Kept:
    """A file that is there for good: its path below the folder, its SHA-256, its bytes."""

    path: str
    digest: str
    size: int


class FileSink:
    """Writes into a folder. Nothing is to be seen there under its name before all of it is on the disk."""

    def __init__(self, folder: Path, most: int) -> None:
        self._folder = folder
        self._most = most
        self._file: IO[bytes] | None = None
        self._sum = hashlib.sha256()
        self._size = 0
        self._gathered = bytearray()

    async def restart(self) -> None:
        """Begin anew, with an empty file."""
        await self.discard()
        self._file = await asyncio.to_thread(_temporary, self._folder)
        self._sum, self._size, self._gathered = hashlib.sha256(), 0, bytearray()

    async def write(self, part: bytes) -> None:
        """The next part. Raises TooLarge."""
        self._size += len(part)
        if self._size > self._most:
            raise TooLarge
        self._gathered += part
        if len(self._gathered) >= WRITE_FROM:
            await asyncio.to_thread(self._flush)

    async def keep(self) -> Kept:
        """Put the file in its place, named by its content: the same bytes are there once."""
        return await asyncio.to_thread(self._keep)

    async def discard(self) -> None:
        """Forget what came."""
        file, self._file = self._file, None
        if file is not None:
            await asyncio.to_thread(_remove, file)

    def _flush(self) -> IO[bytes]:
        if self._file is None:
            raise ValueError("nothing was begun")
        part, self._gathered = bytes(self._gathered), bytearray()
        self._sum.update(part)
        self._file.write(part)
        return self._file

    def _keep(self) -> Kept:
        file, self._file = self._flush(), None
        digest = self._sum.hexdigest()
        path = f"{digest[:2]}/{digest}"
        target = self._folder / path
        target.parent.mkdir(mode=0o700, exist_ok=True)
        if target.exists():
            _remove(file)
        else:
            file.flush()
            os.fsync(file.fileno())
            file.close()
            Path(file.name).replace(target)
        return Kept(path, digest, self._size)


def _temporary(folder: Path) -> IO[bytes]:
    """A new file that only its owner reads."""
    folder.mkdir(mode=0o700, parents=True, exist_ok=True)
    descriptor, name = tempfile.mkstemp(prefix=".coming-", dir=folder)
    os.close(descriptor)
    return Path(name).open("wb")


def _remove(file: IO[bytes]) -> None:
    file.close()
    Path(file.name).unlink(missing_ok=True)
