"""Runs the generator against a server and reads what it measured."""

from __future__ import annotations

import json
import subprocess
from collections.abc import Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from bench.load import building
from bench.load.machine import on
from bench.load.servers import Server

CPU_MAX = 0.9
LAG_P99_MS_MAX = 5.0

Step = dict[str, Any]
"""One line of the generator: its figures by name."""


class GeneratorFailed(Exception):
    """The generator gave up; the message is its own."""


@dataclass(frozen=True, slots=True)
class Generator:
    """The program that makes the load, on a processor of its own."""

    command: list[str]
    processor: int
    seed: int = 1

    @classmethod
    def found(cls, processor: int, seed: int = 1) -> Generator:
        """The best one that this machine can run."""
        return cls(building.generator(), processor, seed)

    def run(
        self,
        mode: str,
        server: Server,
        rooms: Sequence[int],
        folder: Path,
        *,
        timeout_s: float,
        **options: object,
    ) -> list[Step]:
        """Run ``mode`` with one client for each entry of ``rooms`` (its room) to the end.

        Raises:
            GeneratorFailed: connections failed, or it took longer than ``timeout_s``.
        """
        process = self.start(mode, server, rooms, folder, **options)
        return finish(process, timeout_s)

    def start(
        self, mode: str, server: Server, rooms: Sequence[int], folder: Path, **options: object
    ) -> subprocess.Popen[str]:
        """Start it and let it run; end it with ``finish``."""
        clients = folder / "clients.txt"
        lines = [f"{room} {' '.join(server.place(at, room))}\n" for at, room in enumerate(rooms)]
        clients.write_text("".join(lines), encoding="utf-8")
        given = {
            "port": server.port,
            "protocol": server.protocol,
            "clients": clients,
            "pid": server.pid,
            "seed": self.seed,
            **options,
        }
        words = [f"{name}={value}" for name, value in given.items()]
        with on(self.processor):
            return subprocess.Popen(
                [*self.command, mode, *words],
                stdout=subprocess.PIPE,
                stderr=subprocess.PIPE,
                text=True,
            )


def finish(process: subprocess.Popen[str], timeout_s: float) -> list[Step]:
    """Wait for the generator and return its lines.

    Raises:
        GeneratorFailed: it gave up, or took longer than ``timeout_s``.
    """
    try:
        printed, complained = process.communicate(timeout=timeout_s)
    except subprocess.TimeoutExpired as error:
        process.kill()
        process.communicate()
        raise GeneratorFailed(f"not done within {timeout_s:g} s") from error
    if process.returncode != 0:
        raise GeneratorFailed(complained.strip()[-400:] or f"exit {process.returncode}")
    return [json.loads(line) for line in printed.splitlines()]


def faults(step: Step) -> list[str]:
    """Why a row does not say anything about the server; empty if it does."""
    found = []
    if step.get("generator_cpu", 0) >= CPU_MAX:
        found.append(f"generator-bound: {step['generator_cpu']:.2f} of its processor")
    if step.get("lag_p99_ms", 0) > LAG_P99_MS_MAX:
        found.append(f"generator-bound: sent {step['lag_p99_ms']:.1f} ms late (p99)")
    return found


def losses(step: Step) -> list[str]:
    """What did not arrive; empty if everything did."""
    found = []
    if step["delivered"] < step["expected"]:
        share = step["delivered"] / step["expected"]
        found.append(f"{step['expected'] - step['delivered']} not delivered ({share:.1%} were)")
    if step["acks"] < step["acks_expected"]:
        found.append(f"{step['acks_expected'] - step['acks']} not acknowledged")
    if step["refused"]:
        found.append(f"{step['refused']} refused")
    if step["closed"]:
        found.append(f"{step['closed']} connections closed")
    return found
