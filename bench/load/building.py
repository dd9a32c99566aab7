"""Builds the generator and the floor with the machine's compiler, once per change of the source.

Where there is no compiler, the generator for Node takes its place.
"""

from __future__ import annotations

import contextlib
import hashlib
import os
import shutil
import subprocess
from pathlib import Path

from bench.load.machine import Unsuitable
from tests.harness.node import node

FOLDER = Path(__file__).parent
BUILD = FOLDER.parent / "build"
COMPILERS = ("cc", "gcc", "clang")
COMPILE_S = 60
INSTALL_S = 300


def compiler() -> str | None:
    """The machine's C compiler, if it has one."""
    return next((path for each in COMPILERS if (path := shutil.which(each))), None)


def generator() -> list[str]:
    """The command of the generator: C, else Node.

    Raises:
        Unsuitable: there is neither.
    """
    if compiler() is not None:
        return [str(built("generator"))]
    try:
        return [node(), str(FOLDER / "generator.mjs")]
    except FileNotFoundError as error:
        raise Unsuitable("neither a C compiler nor Node is here to make load with") from error


def built(name: str) -> Path:
    """The program of ``name.c``, compiled if it is not there yet.

    Raises:
        Unsuitable: there is no compiler, or it refuses; the message is the compiler's.
    """
    found = compiler()
    if found is None:
        raise Unsuitable(f"there is no C compiler for {name}.c")
    source = FOLDER / f"{name}.c"
    digest = hashlib.sha256(source.read_bytes()).hexdigest()[:12]
    program = BUILD / f"{name}-{digest}"
    if not program.exists():
        BUILD.mkdir(exist_ok=True)
        # Two runs may compile at once: each writes its own file, and one of them is kept.
        fresh = BUILD / f"{name}-{os.getpid()}"
        command = [found, "-O2", "-o", str(fresh), str(source), "-lm"]
        done = subprocess.run(command, capture_output=True, text=True, timeout=COMPILE_S)
        if done.returncode != 0:
            raise Unsuitable(f"{name}.c does not compile here: {done.stderr}")
        fresh.replace(program)
    return program


def peers() -> Path:
    """The folder of the servers from npm, installed as the lock file says.

    Raises:
        Unsuitable: they are not installed and cannot be; the message says why.
    """
    folder = FOLDER / "peers"
    installed = folder / "node_modules" / ".package-lock.json"
    wanted = folder / "package-lock.json"
    if not installed.exists() or installed.stat().st_mtime < wanted.stat().st_mtime:
        _npm(folder, "ci", "--ignore-scripts", "--no-audit", "--no-fund")
        _build_sqlite(folder)
    return folder


def _build_sqlite(folder: Path) -> None:
    """Compile the SQLite of hocuspocus where Node's headers are; without it, another one serves."""
    prefix = Path(node()).resolve().parents[1]
    if (prefix / "include" / "node").is_dir() and shutil.which("c++"):
        options = ("--ignore-scripts=false", f"--nodedir={prefix}")
        with contextlib.suppress(Unsuitable):
            _npm(folder, "rebuild", "better-sqlite3", *options)


def _npm(folder: Path, *arguments: str) -> None:
    npm = shutil.which("npm")
    if npm is None:
        raise Unsuitable("npm is not here to install the other servers with")
    done = subprocess.run(
        [npm, *arguments], cwd=folder, capture_output=True, text=True, timeout=INSTALL_S
    )
    if done.returncode != 0:
        raise Unsuitable(f"the other servers cannot be installed: {done.stderr[-400:]}")
