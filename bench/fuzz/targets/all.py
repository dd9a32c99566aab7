"""The targets by their names."""

from __future__ import annotations

from bench.fuzz.targets.presence import PresenceTarget
from bench.fuzz.targets.rooms import Protocol
from bench.fuzz.targets.target import Target
from bench.fuzz.targets.updates import Updates
from bench.fuzz.targets.words import Codec

TARGETS: dict[str, Target] = {
    target.name: target
    for target in (
        Codec(),
        Updates(),
        PresenceTarget(),
        Protocol("ywebsocket"),
        Protocol("hocuspocus"),
    )
}
