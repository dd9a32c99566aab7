"""What a run of thousands of tests need not pay for each of them.

Nothing here changes what is tested: files lie in memory where there is enough of it, and garbage is
looked for less often.
"""

from __future__ import annotations

import gc
import os
import shutil
from pathlib import Path

MEMORY = Path("/dev/shm")
MEMORY_BYTES_MIN = 4 * 1024**3
"""Containers often have 64 MiB there; the databases of a run take about a tenth of this."""

GARBAGE_OBJECTS = 50_000


def folder_in_memory() -> Path | None:
    """A folder that lives in memory and has room for the databases of a run, if there is one."""
    if not MEMORY.is_dir() or not os.access(MEMORY, os.W_OK | os.X_OK):
        return None
    return MEMORY if shutil.disk_usage(MEMORY).free >= MEMORY_BYTES_MIN else None


def keep_files_in_memory() -> None:
    """Let pytest make its temporary folders in memory, unless somebody said where."""
    if folder := folder_in_memory():
        os.environ.setdefault("PYTEST_DEBUG_TEMPROOT", str(folder))


def look_for_garbage_less_often() -> None:
    """Leave what was imported and collected alone: it lives as long as the process."""
    gc.collect()
    gc.freeze()
    gc.set_threshold(GARBAGE_OBJECTS, 20, 50)
