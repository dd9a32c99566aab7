"""Passwords: argon2id with the RFC 9106 low-memory parameters, off the event loop.

One hash takes tens of milliseconds of a core and 64 MiB, so only a few run at once; the rest
wait in line.
"""

import asyncio
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from functools import cached_property
from typing import TypeVar

from argon2 import PasswordHasher
from argon2.exceptions import InvalidHashError, VerificationError

from collab.errors import Invalid, Limited

T = TypeVar("T")

LENGTH_MIN = 10
LENGTH_MAX = 200
THREADS = 2
WAITING_MAX = 64


class Passwords:
    """Hashes and checks passwords in a bounded pool of threads."""

    def __init__(self, hasher: PasswordHasher | None = None) -> None:
        self._hasher = hasher or PasswordHasher()
        self._pool = ThreadPoolExecutor(THREADS, thread_name_prefix="argon2")
        self._waiting = 0

    def prepare(self) -> None:
        """Make what checking passwords needs in the background, before the first is checked."""
        self._pool.submit(lambda: self._decoy)

    async def hash(self, password: str) -> str:
        """The hash to keep; raises Invalid for a password that is too short or too long."""
        check_length(password)
        return await self._run(lambda: self._hasher.hash(password))

    async def matches(self, password: str, password_hash: str | None) -> bool:
        """Whether ``password`` is the one of ``password_hash``; as slow without a hash."""
        found = await self._run(lambda: self._verify(password_hash or self._decoy, password))
        return found and password_hash is not None

    @cached_property
    def _decoy(self) -> str:
        """Checked when there is no such person, so that both answers take equally long."""
        return self._hasher.hash("nobody has this password")

    def close(self) -> None:
        """Let the threads end."""
        self._pool.shutdown(wait=False, cancel_futures=True)

    def _verify(self, password_hash: str, password: str) -> bool:
        try:
            return self._hasher.verify(password_hash, password[:LENGTH_MAX])
        except (VerificationError, InvalidHashError):
            return False

    async def _run(self, work: Callable[[], T]) -> T:
        if self._waiting >= WAITING_MAX:
            raise Limited(retry_after_s=5)
        self._waiting += 1
        try:
            return await asyncio.get_running_loop().run_in_executor(self._pool, work)
        finally:
            self._waiting -= 1


def check_length(password: str) -> None:
    """Raise Invalid unless ``password`` has an acceptable length; nothing else is demanded."""
    if len(password) < LENGTH_MIN:
        raise Invalid(fields={"password": "too-short"})
    if len(password) > LENGTH_MAX:
        raise Invalid(fields={"password": "too-long"})
