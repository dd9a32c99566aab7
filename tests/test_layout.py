"""The design as a test: import order, purity, sizes, names, rules, lock files, variables.

A failure here names the file and says what the design wants; it is no style question.
"""

from __future__ import annotations

import ast
import importlib.metadata
import re
import sys
from collections import Counter
from pathlib import Path

import pytest

from tests import sources
from tests.conftest import LONGEST_FIRST
from tests.sources import ROOT, Import, Source, listing

FILE_LINES_MAX = 300
TEST_FILE_LINES_MAX = 500
FUNCTION_LINES_MAX = 60
FOLDER_MODULES_MAX = 12
TEST_FOLDER_MODULES_MAX = 24

MAY_IMPORT = {
    "collab": {"collab"},
    "storage": {"storage", "collab"},
    "server": {"server", "storage", "collab", "web"},
    "web": {"web"},
}

# What collab may use of the standard library: nothing that waits, asks the time, throws dice or
# touches files and sockets. A new name here is a decision; write why in the commit.
PURE_MODULES = {
    "__future__", "abc", "array", "base64", "binascii", "bisect", "collections", "contextlib",
    "dataclasses", "datetime", "decimal", "difflib", "enum", "fractions", "functools", "hashlib",
    "heapq", "html", "itertools", "json", "math", "operator", "re", "statistics", "string",
    "struct", "textwrap", "types", "typing", "unicodedata", "urllib.parse", "uuid",
}  # fmt: skip

# Rules may be data files beside the code that reads them, once, when the process starts.
READS_TEMPLATES = "collab/process/"

IMPURE_CALLS = {
    "open", "print", "input", "datetime.now", "datetime.utcnow", "datetime.today", "date.today",
    "datetime.datetime.now", "datetime.date.today", "uuid4", "uuid1", "uuid.uuid4", "uuid.uuid1",
}  # fmt: skip

# Only server/ asks the clock and the environment and starts tasks.
CLOCK_AND_ENVIRONMENT = re.compile(
    r"^(datetime(\.datetime)?\.(now|utcnow|today)|date\.today|time\.(time|time_ns|monotonic)"
    r"|os\.(getenv|environ\.get)|asyncio\.create_task|asyncio\.ensure_future)$"
)

VAGUE_NAMES = re.compile(r"^_?(utils?|helpers?|commons?|base|manager|managers|misc|core|stuff)$")
UNFINISHED = re.compile(r"\b(TODO|FIXME|XXX|HACK)\b|NotImplementedError")
REGISTRY = re.compile(
    r"--index-url|--extra-index-url|--find-links|\"resolved\"|--trusted-host|\.tgz\b|\.whl\b|\.zip"
)
RULE_ID = re.compile(r"^\W*\b([A-Z]{1,2}[0-9]{1,3})\b", re.MULTILINE)
VARIABLE = re.compile(r"\bARENA_[A-Z][A-Z_]*[A-Z]\b")
READ_VARIABLE = re.compile(r"[\"'](ARENA_[A-Z][A-Z_]*[A-Z])[\"']")


def package_of(name: str) -> str:
    """The first part of a dotted name or of a path."""
    return re.split(r"[./]", name)[0]


def test_packages_import_only_downward() -> None:
    wrong = [
        f"{each.where} imports {each.target}"
        for package, allowed in MAY_IMPORT.items()
        for source in sources.python(package)
        for each in source.imports()
        if package_of(each.target) in {*MAY_IMPORT, sources.BENCH, "tests"} - allowed
    ]
    assert not wrong, listing(wrong)


@pytest.mark.parametrize(("side", "other"), [("process", "sync"), ("sync", "process")])
def test_process_and_sync_do_not_know_each_other(side: str, other: str) -> None:
    wrong = [
        f"{each.where} imports {each.target}"
        for source in sources.python(f"collab/{side}")
        for each in source.imports()
        if each.is_inside(f"collab.{other}")
    ]
    assert not wrong, listing(wrong)


def test_collab_imports_nothing_that_waits_asks_the_time_or_does_io() -> None:
    wrong = [
        f"{each.where} imports {each.target}"
        for source in sources.python("collab")
        for each in source.imports()
        if not is_pure(each, source)
    ]
    assert not wrong, listing(wrong)


def is_pure(imported: Import, source: Source) -> bool:
    """``collab`` may import this."""
    if imported.is_inside("importlib.resources"):
        return source.name.startswith(READS_TEMPLATES)
    return imported.is_inside("collab", "pycrdt", *PURE_MODULES)


def test_collab_calls_no_clock_no_dice_and_no_files() -> None:
    wrong = [
        f"{where} calls {called}()"
        for source in sources.python("collab")
        for called, where in source.calls()
        if called in IMPURE_CALLS
    ]
    assert not wrong, listing(wrong)


def test_only_server_asks_the_clock_and_the_environment() -> None:
    wrong = [
        f"{where} calls {called}()"
        for package in ("collab", "storage", "web")
        for source in sources.python(package)
        for called, where in source.calls()
        if CLOCK_AND_ENVIRONMENT.match(called)
    ]
    assert not wrong, listing(wrong)


def test_init_files_hold_a_docstring_only() -> None:
    wrong = [
        source.name
        for folder in (*sources.PACKAGES, sources.BENCH, "tests")
        for source in sources.python(folder)
        if source.path.name == "__init__.py" and not is_docstring_only(source.tree)
    ]
    assert not wrong, listing(wrong)


def is_docstring_only(tree: ast.Module) -> bool:
    """The module is one string and nothing else."""
    return len(tree.body) == 1 and ast.get_docstring(tree) is not None


def test_modules_say_what_lives_in_them() -> None:
    wrong = [
        source.name
        for source in (*sources.product(), *sources.python("tests"))
        if ast.get_docstring(source.tree) is None
    ]
    assert not wrong, listing(wrong)


def test_modules_have_names_that_say_something() -> None:
    paths = [
        path
        for folder in (*sources.PACKAGES, sources.BENCH, "tests")
        for path in sources.files(folder, ".py", ".ts")
    ]
    wrong = [path.relative_to(ROOT).as_posix() for path in paths if is_vague(path)]
    assert not wrong, listing(wrong)


def is_vague(path: Path) -> bool:
    """The file or one of its folders has a name that fits anything."""
    names = path.relative_to(ROOT).with_suffix("").parts
    return any(VAGUE_NAMES.match(name) for name in names)


def test_product_files_stay_within_300_lines() -> None:
    scripts = sources.files("web/src", ".ts", ".css")
    lengths = {source.name: source.lines for source in sources.product()}
    lengths |= {
        path.relative_to(ROOT).as_posix(): path.read_text(encoding="utf-8").count("\n")
        for path in scripts
        if not path.name.endswith(".test.ts")
    }
    wrong = [f"{name}: {lines}" for name, lines in lengths.items() if lines > FILE_LINES_MAX]
    assert not wrong, listing(wrong)


def test_test_files_stay_within_500_lines() -> None:
    wrong = [
        f"{source.name}: {source.lines}"
        for source in sources.python("tests")
        if source.lines > TEST_FILE_LINES_MAX
    ]
    assert not wrong, listing(wrong)


def test_functions_stay_within_60_lines() -> None:
    wrong = [
        f"{source.name}:{function.lineno} {function.name}: {sources.body_lines(function)}"
        for source in (*sources.product(), *sources.python("tests"))
        for function in source.functions()
        if sources.body_lines(function) > FUNCTION_LINES_MAX
    ]
    assert not wrong, listing(wrong)


def test_folders_hold_a_dozen_modules_at_most() -> None:
    modules = [
        source.path.parent.relative_to(ROOT).as_posix()
        for folder in (*sources.PACKAGES, sources.BENCH, "tests")
        for source in sources.python(folder)
        if source.path.name != "__init__.py" and source.path.parent.name != "versions"
    ]
    wrong = [
        f"{folder}: {count}"
        for folder, count in Counter(modules).items()
        if count
        > (TEST_FOLDER_MODULES_MAX if package_of(folder) == "tests" else FOLDER_MODULES_MAX)
    ]
    assert not wrong, listing(wrong)


def test_nothing_in_the_product_is_marked_unfinished() -> None:
    paths = [ROOT / "run.py"]
    for package in sources.PACKAGES:
        paths += sources.files(package, ".py", ".ts", ".css", ".html")
    wrong = [
        f"{path.relative_to(ROOT).as_posix()}: {found[0]}"
        for path in paths
        if (found := UNFINISHED.search(path.read_text(encoding="utf-8")))
    ]
    assert not wrong, listing(wrong)


def test_tables_keep_their_annotations() -> None:
    """SQLModel reads them at run time; postponed ones break its relationships."""
    wrong = [
        each.where
        for source in sources.python("storage/tables")
        for each in source.imports()
        if each.target == "__future__.annotations"
    ]
    assert not wrong, listing(wrong)


def test_only_the_transaction_chooses_what_a_dialect_says() -> None:
    """ON CONFLICT is ``Transaction.insert``; the rest of ``storage`` knows no dialect's words."""
    wrong = [
        each.where
        for source in sources.product()
        if source.name != "storage/database.py"
        for each in source.imports()
        if each.target.startswith("sqlalchemy.dialects.")
        and each.target.removeprefix("sqlalchemy.dialects.") in ("postgresql", "sqlite")
    ]
    assert not wrong, listing(wrong)


def test_no_other_distribution_provides_our_packages() -> None:
    providers = importlib.metadata.packages_distributions()
    foreign = {name: set(providers.get(name, ())) - {"arena-ideation"} for name in sources.PACKAGES}
    assert not any(foreign.values()), foreign


def test_packages_do_not_shadow_the_standard_library() -> None:
    assert not set(sources.PACKAGES) & sys.stdlib_module_names


def documented_rules() -> set[str]:
    """The ids of docs/rules.md: the first word of a line, a heading or a table row."""
    return set(RULE_ID.findall((ROOT / "docs" / "rules.md").read_text(encoding="utf-8")))


def carried_rules() -> set[str]:
    """The ids that test names carry: ``test_g3_…`` in Python, ``"g3 …"`` in TypeScript."""
    python = [
        function.name.removeprefix("test_")
        for source in sources.python("tests")
        for function in source.functions()
        if function.name.startswith("test_")
    ]
    scripts = [
        title
        for path in sources.files("web", ".test.ts", ".test.js")
        for title in re.findall(r"""(?:test|it)\(\s*["'`](\w+)""", path.read_text(encoding="utf-8"))
    ]
    words = (name.split("_")[0].upper() for name in (*python, *scripts))
    return {word for word in words if RULE_ID.fullmatch(word)}


def test_every_rule_has_a_test_that_carries_its_number() -> None:
    untested = documented_rules() - carried_rules()
    assert documented_rules(), "docs/rules.md lists no rule"
    assert not untested, listing(untested)


def test_every_number_in_a_test_name_is_a_rule() -> None:
    unknown = carried_rules() - documented_rules()
    assert not unknown, listing(unknown)


def test_what_is_run_first_is_there() -> None:
    wrong = [path for path in LONGEST_FIRST if not (ROOT / path).exists()]
    assert not wrong, listing(wrong)


def test_lock_files_name_no_registry() -> None:
    locks = [
        *(ROOT / "requirements").glob("*.txt"),
        *(ROOT / folder / "package-lock.json" for folder in ("web", "tests/node")),
        *sources.files("bench", "package-lock.json"),
    ]
    wrong = [
        f"{path.relative_to(ROOT).as_posix()}: {found[0]}"
        for path in locks
        if (found := REGISTRY.search(path.read_text(encoding="utf-8")))
    ]
    assert not wrong, listing(wrong)


def test_every_variable_is_documented() -> None:
    known = {f"ARENA_{name.upper()}" for name in settings_fields()}
    for source in (*sources.product(), *sources.python("tests")):
        known |= set(READ_VARIABLE.findall(source.text))
    documents = [ROOT / "README.md", ROOT / "CONTRIBUTING.md", *sources.files("docs", ".md")]
    documented = set(
        VARIABLE.findall("\n".join(path.read_text(encoding="utf-8") for path in documents))
    )
    assert not known - documented, listing(known - documented)


def settings_fields() -> list[str]:
    """The fields of ``server.settings.Settings``, read without importing it."""
    modules = (source for source in sources.python("server") if source.name == "server/settings.py")
    return [
        field.target.id
        for module in modules
        for node in module.tree.body
        if isinstance(node, ast.ClassDef) and node.name == "Settings"
        for field in node.body
        if isinstance(field, ast.AnnAssign) and isinstance(field.target, ast.Name)
    ]


def test_tests_do_not_sleep() -> None:
    """Waiting for a condition with a deadline lives in one place, tests/harness/waiting.py."""
    wrong = [
        where
        for source in sources.python("tests")
        for called, where in source.calls()
        if called.endswith("sleep") and source.name != "tests/harness/waiting.py"
    ]
    assert not wrong, listing(wrong)
