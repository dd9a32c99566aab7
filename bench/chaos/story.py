"""What happens in a world: a number of events by chance, then everything becomes whole again."""

from __future__ import annotations

import asyncio
from collections.abc import Callable
from datetime import timedelta
from uuid import UUID

from bench.chaos.machines.servers import Process
from bench.chaos.people.copies import Copy
from bench.chaos.people.devices import Device
from bench.chaos.world import SEED_PARAGRAPHS, World

PACE_S = 0.4
SETTLE_S = 10.0
SETTLES_MAX = 40
DEVICES_MAX = 8


class Story:
    """Lets events happen to a world."""

    def __init__(self, world: World) -> None:
        self._world = world
        self._dice = world.dice("story")
        self._events: dict[str, Callable[[], None]] = {
            "edit": self.edit, "burst": self.burst, "offline": self.offline, "lose": self.lose,
            "reconnect": self.reconnect, "hold": self.hold, "slow": self.slow,
            "crash": self.crash, "restart": self.restart, "away": self.away, "mute": self.mute,
            "moderate": self.moderate, "rest": self.rest, "trim": self.trim,
            "rewrite": self.rewrite, "join": self.join,
        }  # fmt: skip

    async def happen(self) -> None:
        """One event after the other, as many as the recipe says; stops at the first finding."""
        names = list(self._world.recipe.weights)
        weights = list(self._world.recipe.weights.values())
        await asyncio.sleep(self._dice.random())
        for _ in range(self._world.recipe.steps):
            name = self._dice.choices(names, weights)[0]
            self._world.trace.note(f"* {name}")
            self._events[name]()
            await asyncio.sleep(self._dice.expovariate(1 / PACE_S))
            if self._world.judge.found:
                return

    async def end_well(self) -> None:
        """Heal everything, let everybody come back, and wait until nothing moves."""
        self._heal()
        quiet = 0
        for _ in range(SETTLES_MAX):
            await asyncio.sleep(SETTLE_S)
            quiet = quiet + 1 if self._is_quiet() else 0
            if self._world.judge.found or quiet == 2:
                return
        for copy in self._copies():
            if not copy.is_settled:
                self._world.judge.object_to(
                    f"{copy.name} does not settle: {copy.unsynced} unsynced"
                )

    def _heal(self) -> None:
        world = self._world
        world.trace.note("* heal")
        world.relay.calm()
        for process in world.processes:
            process.weather.calm()
            if not process.is_up:
                process.start()
        for document in world.documents:
            for each, person in list(world.archive.muted):
                if each == document:
                    self._unmute(document, person)
        for device in world.devices:
            device.go_online()
            if device.line is not None:
                device.line.release()

    def _is_quiet(self) -> bool:
        """Everybody is connected and in step, and every open room is at the head of its log."""
        world = self._world
        heads = world.archive.log.heads(world.documents)
        rooms = [room for process in world.processes for room in process.rooms]
        return all(copy.is_settled for copy in self._copies()) and all(
            not len(room.inbox) and room.head == heads[room.document_id] for room in rooms
        )

    def _copies(self) -> list[Copy]:
        return [copy for device in self._world.devices for copy in device.copies.values()]

    # Events.

    def edit(self) -> None:
        writers = [copy for copy in self._copies() if self._may_edit(copy)]
        if writers:
            self._dice.choice(writers).edit()

    def _may_edit(self, copy: Copy) -> bool:
        """An editor is open once the text has come, for those who may write."""
        if copy.device.person.id is None or not copy.may_write:
            return False
        return copy.is_synced or bool(copy.typed)

    def burst(self) -> None:
        """Somebody types fast, others at the same moment."""
        for _ in range(self._dice.randint(3, 10)):
            self.edit()

    def offline(self) -> None:
        self._device().go_offline(self._dice.choice((1.0, 10.0, 100.0, 1_000.0)))

    def lose(self) -> None:
        self._device().lose()

    def reconnect(self) -> None:
        self._device().reconnect()

    def hold(self) -> None:
        """A partition: nothing arrives on either side, and all of it later."""
        for device in self._world.devices:
            if device.line is not None and self._dice.random() < 0.5:
                device.line.hold(self._dice.choice((0.5, 3.0, 20.0)), both=True)

    def slow(self) -> None:
        """Somebody does not read."""
        line = self._device().line
        if line is not None:
            line.hold(self._dice.choice((1.0, 5.0, 40.0)), both=False)

    def crash(self) -> None:
        process = self._process()
        if process.is_up:
            process.crash()
            self._world.loop.call_later(self._dice.choice((0.0, 1.0, 8.0)), self._start, process)

    def restart(self) -> None:
        process = self._process()
        if process.is_up and not process.is_draining:
            self._world.background(self._restart(process))

    async def _restart(self, process: Process) -> None:
        await process.stop()
        self._start(process)

    def _start(self, process: Process) -> None:
        if not process.is_up:
            process.start()

    def away(self) -> None:
        """Storage is away for everybody, or for one process."""
        every = self._world.processes
        chosen = every if self._dice.random() < 0.5 else [self._process()]
        for process in chosen:
            process.weather.is_away = True
        self._world.loop.call_later(self._dice.choice((0.05, 1.0, 5.0)), self._back, chosen)

    def _back(self, processes: list[Process]) -> None:
        for process in processes:
            process.weather.is_away = False

    def mute(self) -> None:
        """Somebody is muted in one document, or may write again."""
        archive = self._world.archive
        if archive.muted and self._dice.random() < 0.5:
            self._unmute(*sorted(archive.muted)[0])
            return
        document = self._dice.choice(self._world.documents)
        person = self._dice.choice([each.id for each in self._world.people if each.id is not None])
        archive.muted.add((document, person))
        archive.ever_muted.add((document, person))
        self._rights_changed(document)

    def _unmute(self, document: UUID, person: UUID) -> None:
        self._world.archive.muted.discard((document, person))
        self._rights_changed(document)
        for device in self._world.devices:
            # The y-websocket protocol has no word for it: the person loads the page again.
            if device.person.id == person and not device.is_hocuspocus:
                self._world.loop.call_later(2.0, device.reconnect)

    def _rights_changed(self, document: UUID) -> None:
        """Committed, and announced to each process in its time."""
        self._world.archive.log.bump_access(document)
        for process in self._world.processes:
            self._world.loop.call_later(self._dice.random(), process.regrant, document)

    def moderate(self) -> None:
        self._world.moderate(self._dice)

    def rest(self) -> None:
        """Everybody leaves for so long that rooms are unloaded."""
        for device in self._world.devices:
            device.go_offline(self._dice.uniform(80, 100))

    def trim(self) -> None:
        archive = self._world.archive
        for document in self._world.documents:
            archive.log.trim(document, archive.clock + timedelta(seconds=1))

    def rewrite(self) -> None:
        document = self._dice.choice(self._world.documents)
        self._world.archive.rewrite(document, SEED_PARAGRAPHS[:1])

    def join(self) -> None:
        world = self._world
        if len(world.devices) < DEVICES_MAX:
            world.add_device(self._dice.choice(world.people))

    def _device(self) -> Device:
        return self._dice.choice(self._world.devices)

    def _process(self) -> Process:
        return self._dice.choice(self._world.processes)
