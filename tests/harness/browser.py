"""A browser for everyone, without root: the machine's Chromium, else the one npm carries.

``CHROMIUM`` names one by path. The carried one is unpacked once beside its package, with the
libraries and the font that a bare machine lacks.
"""

from __future__ import annotations

import ctypes.util
import json
import os
import platform
import shutil
import subprocess
import sys
import tarfile
import tempfile
from dataclasses import dataclass, field
from pathlib import Path

from tests.harness.node import NODE_FOLDER, node, packages

SYSTEM_NAMES = ("chromium", "chromium-browser", "google-chrome", "google-chrome-stable")

# Root cannot use Chromium's sandbox, and small machines have a small /dev/shm. The pages under
# test are Arena's own.
FLAGS = ("--no-sandbox", "--disable-dev-shm-usage", "--disable-gpu", "--font-render-hinting=none")

FONTS = """<?xml version="1.0"?>
<!DOCTYPE fontconfig SYSTEM "fonts.dtd">
<fontconfig>
  <dir>/usr/share/fonts</dir>
  <dir>{folder}/fonts</dir>
  <cachedir>{folder}/font-cache</cachedir>
</fontconfig>
"""


@dataclass(frozen=True, slots=True)
class Chromium:
    """A browser binary and the environment that it needs."""

    path: Path
    environment: dict[str, str] = field(default_factory=dict)


def find() -> Chromium:
    """The browser of this machine.

    Raises:
        FileNotFoundError: there is none; the message says what to do.
    """
    if named := os.environ.get("CHROMIUM"):
        return Chromium(_existing(Path(named)))
    for name in SYSTEM_NAMES:
        if found := shutil.which(name):
            return Chromium(Path(found))
    return carried()


def carried() -> Chromium:
    """The browser that @sparticuz/chromium carries, unpacked if it is not yet."""
    if (sys.platform, platform.machine()) != ("linux", "x86_64"):
        raise FileNotFoundError("no browser found; install Chromium or name one with CHROMIUM")
    package = json.loads((packages() / "@sparticuz" / "chromium" / "package.json").read_text())
    folder = packages() / ".cache" / f"chromium-{package['version']}"
    if not folder.is_dir():
        _unpack(folder)
    environment = {"FONTCONFIG_FILE": str(folder / "fonts.conf")}
    if ctypes.util.find_library("nss3") is None:
        environment["LD_LIBRARY_PATH"] = str(folder / "lib")
    return Chromium(folder / "chromium", environment)


def _unpack(folder: Path) -> None:
    """Unpack beside the target and rename, so that nobody sees half a browser."""
    folder.parent.mkdir(exist_ok=True)
    with tempfile.TemporaryDirectory(dir=folder.parent) as temporary:
        fresh = Path(temporary) / "chromium"
        fresh.mkdir()
        command = [node(), str(NODE_FOLDER / "unpack-browser.mjs"), str(fresh)]
        subprocess.run(command, check=True, timeout=120)
        for archive in sorted(fresh.glob("*.tar")):
            _extract(archive, fresh)
        (fresh / "fonts.conf").write_text(FONTS.format(folder=folder))
        try:
            fresh.rename(folder)
        except OSError:
            # Another test process may have been first; its browser is the same.
            if not folder.is_dir():
                raise


def _extract(archive: Path, folder: Path) -> None:
    with tarfile.open(archive) as opened:
        # Python before 3.11.4 knows no filters; the archive is pinned by its hash anyway.
        opened.extraction_filter = getattr(tarfile, "data_filter", lambda member, _path: member)
        opened.extractall(folder)
    archive.unlink()


def _existing(path: Path) -> Path:
    if not path.exists():
        raise FileNotFoundError(f"CHROMIUM names {path}, which does not exist")
    return path
