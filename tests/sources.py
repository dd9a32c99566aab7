"""What the layout test reads: the project's own files, parsed once, and what they import.

Files that git ignores (``node_modules``, ``dist``, ``var``) are not looked at.
"""

from __future__ import annotations

import ast
import functools
from collections.abc import Iterable, Iterator
from dataclasses import dataclass
from pathlib import Path

ROOT = Path(__file__).resolve().parent.parent
PACKAGES = ("collab", "storage", "server", "web")
BENCH = "bench"
SKIPPED_FOLDERS = frozenset({"node_modules", "dist", "__pycache__", "var", ".venv"})


@dataclass(frozen=True, slots=True)
class Import:
    """One imported module or name, absolute, and the file and line that import it."""

    target: str
    where: str

    def is_inside(self, *packages: str) -> bool:
        """The target is one of the packages or lies in one."""
        return any(self.target == each or self.target.startswith(f"{each}.") for each in packages)


@dataclass(frozen=True, slots=True)
class Source:
    """One Python file."""

    path: Path
    text: str
    tree: ast.Module

    @property
    def name(self) -> str:
        """The path from the root, as people write it."""
        return self.path.relative_to(ROOT).as_posix()

    @property
    def lines(self) -> int:
        """How long the file is."""
        return self.text.count("\n")

    def imports(self) -> Iterator[Import]:
        """Everything imported anywhere in the file, also inside functions."""
        for node in ast.walk(self.tree):
            if not isinstance(node, ast.Import | ast.ImportFrom):
                continue
            module, where = "", f"{self.name}:{node.lineno}"
            if isinstance(node, ast.ImportFrom):
                module = f"{'.' * node.level}{node.module or ''}."
            yield from (Import(module + alias.name, where) for alias in node.names)

    def functions(self) -> Iterator[ast.FunctionDef | ast.AsyncFunctionDef]:
        """Every function and method of the file."""
        for node in ast.walk(self.tree):
            if isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef):
                yield node

    def calls(self) -> Iterator[tuple[str, str]]:
        """What is called, dotted as written (``datetime.now``), and where."""
        for node in ast.walk(self.tree):
            if isinstance(node, ast.Call):
                yield ast.unparse(node.func), f"{self.name}:{node.lineno}"


def body_lines(function: ast.FunctionDef | ast.AsyncFunctionDef) -> int:
    """The length of a function from its first line to its last, without the docstring."""
    first, last = function.lineno, function.end_lineno or function.lineno
    head = function.body[0]
    is_documented = isinstance(head, ast.Expr) and isinstance(head.value, ast.Constant)
    docstring = (head.end_lineno or 0) - head.lineno + 1 if is_documented else 0
    return last - first + 1 - docstring


def files(folder: str, *suffixes: str) -> list[Path]:
    """The project's own files below ``folder`` whose names end so, in a stable order."""
    return sorted(_walk(ROOT / folder, suffixes))


def _walk(folder: Path, suffixes: tuple[str, ...]) -> Iterator[Path]:
    for path in folder.iterdir() if folder.is_dir() else ():
        if path.is_dir():
            if path.name not in SKIPPED_FOLDERS and not path.name.startswith("."):
                yield from _walk(path, suffixes)
        elif path.name.endswith(suffixes):
            yield path


@functools.cache
def python(folder: str) -> tuple[Source, ...]:
    """Every Python file below ``folder``, parsed."""
    return tuple(_read(path) for path in files(folder, ".py"))


def product() -> tuple[Source, ...]:
    """Every Python file of the four packages and of the benches, and ``run.py``."""
    own = (source for package in (*PACKAGES, BENCH) for source in python(package))
    return (*own, _read(ROOT / "run.py"))


def listing(lines: Iterable[str]) -> str:
    """What a failed check prints: one finding per line."""
    return "\n".join(sorted(lines))


@functools.cache
def _read(path: Path) -> Source:
    text = path.read_text(encoding="utf-8")
    return Source(path, text, ast.parse(text, filename=str(path)))
