"""What a run of thousands of tests need not pay for each of them.

Nothing here changes what is tested: garbage is looked for less often.
"""

from __future__ import annotations

import gc

GARBAGE_OBJECTS = 50_000


def look_for_garbage_less_often() -> None:
    """Leave what was imported and collected alone: it lives as long as the process."""
    gc.collect()
    gc.freeze()
    gc.set_threshold(GARBAGE_OBJECTS, 20, 50)
