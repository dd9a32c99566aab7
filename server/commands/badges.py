"""Badges at the command line: checking a badge file, and making a key to sign badges with."""

import json
import sys
from pathlib import Path
from typing import Annotated, Any

import typer

from collab.errors import Invalid
from collab.process.measures.badge import BYTES_MAX, keys_in, parse_signed
from server.badges.keys import is_signed_by, new_seed, signer_of
from server.commands.console import JSON_HELP, explained, fail, note, settings_of, show_json

app = typer.Typer(no_args_is_help=True, help="Check badges of measures, and make their key.")

File = Annotated[Path, typer.Argument(help="badge.json of a measure; - reads it from the input.")]
Keys = Annotated[
    Path | None,
    typer.Option(help="The keys of the arena that signed it: its /.well-known/arena-keys.json."),
]


@app.command()
def verify(
    file: File,
    keys: Keys = None,
    as_json: Annotated[bool, typer.Option("--json", help=JSON_HELP)] = False,
) -> None:
    """Check who signed a badge file, and that nobody changed it; without --keys, by our own key.

    What it says was so when it was issued. Whether it still is, its address says.
    """
    try:
        badge, key_id, signature = parse_signed(_read(file))
        known = keys_in(json.loads(_read(keys)) if keys else _own_keys())
    except (Invalid, ValueError) as error:
        fail(f"That is no badge, or no set of keys: {error}")
    if key_id not in known:
        fail(f"It was signed with the key {key_id}, which is not among {', '.join(known)}.")
    if not is_signed_by(known[key_id], badge, signature):
        fail("The signature does not belong to this badge: somebody has changed it.")
    if as_json:
        show_json(badge)
        return
    note(_told(badge))


@app.command()
def key() -> None:
    """Print a new private key for ARENA_SIGNING_KEY; keep it secret."""
    typer.echo(new_seed())


def _own_keys() -> object:
    with explained():
        return signer_of(settings_of()).jwks


def _told(badge: dict[str, Any]) -> str:
    said = f"{badge.get('recognition')} ({badge.get('measure')}, {badge.get('organisation')})"
    issued = f"{badge.get('state')} when issued at {badge.get('issued_at')}"
    return f"Genuine: {said}, {issued}. Its state now: {badge.get('url')}"


def _read(file: Path) -> bytes:
    try:
        if str(file) == "-":
            return sys.stdin.buffer.read(BYTES_MAX + 1)
        with file.open("rb") as reading:
            return reading.read(BYTES_MAX + 1)
    except OSError as error:
        fail(f"{file} cannot be read: {error.strerror}")
