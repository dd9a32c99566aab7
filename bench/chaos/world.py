"""One simulated world: people, devices, networks, processes and a storage, led by a seed."""

from __future__ import annotations

import asyncio
from collections.abc import Coroutine
from random import Random
from typing import Any
from uuid import UUID

from pycrdt import Doc, XmlFragment

from bench.chaos.judge import Judge, Trace
from bench.chaos.machines.ledger import Archive
from bench.chaos.machines.loop import VirtualLoop
from bench.chaos.machines.memory import MemoryLog
from bench.chaos.machines.network import Line
from bench.chaos.machines.relay import Relay
from bench.chaos.machines.servers import Process
from bench.chaos.machines.sockets import Socket
from bench.chaos.machines.weather import StorageAway, Weather
from bench.chaos.people.devices import Device, Person
from bench.chaos.people.pens import Pen
from bench.chaos.recipe import Recipe
from collab.sync.rooms.turns import ServerUpdate
from server.realtime.rooms.elsewhere.written import Written

MODERATOR = UUID(int=999)
SEED_PARAGRAPHS = ("Der Weg ist zu schmal.", "Abends ist es dunkel. 😀")


class World:
    """Everything that takes part in a run."""

    def __init__(self, recipe: Recipe, loop: VirtualLoop, *, keeps_lines: bool = False) -> None:
        self.recipe = recipe
        self.loop = loop
        self.trace = Trace(loop, keeps_lines=keeps_lines)
        self.judge = Judge(self.trace)
        self.archive = Archive(MemoryLog(), self.judge, loop.time)
        numbers = self.dice("documents")
        self.documents = [UUID(int=numbers.getrandbits(128)) for _ in range(recipe.documents)]
        self.processes: list[Process] = []
        self.relay = Relay(loop, self.processes, self.dice("relay"), recipe.untold)
        self.people: list[Person] = []
        self.devices: list[Device] = []
        self._tasks: dict[asyncio.Task[None], None] = {}
        self._ids = self.dice("client ids")
        self._net = self.dice("network")
        loop.set_exception_handler(self._failed)

    def dice(self, name: str) -> Random:
        """Chance for one purpose, so that one more throw here changes nothing elsewhere."""
        return Random(f"{self.recipe.seed} {name}")

    def begin(self) -> None:
        """Create the documents, start the processes, let everybody come."""
        recipe = self.recipe
        for document in self.documents:
            self.archive.create(document, SEED_PARAGRAPHS)
        for number in range(recipe.processes):
            self.processes.append(self._process(f"P{number}"))
            self.processes[-1].start()
        for number in range(recipe.people):
            self.people.append(Person(f"p{number}", UUID(int=1_000 + number)))
            self.add_device(self.people[-1])
        if recipe.seed % 5 == 0:
            self.people.append(Person("guest", None))
            self.add_device(self.people[-1])

    def add_device(self, person: Person) -> None:
        """Somebody opens a page, maybe a second one."""
        dice = self.dice(f"device {len(self.devices)}")
        is_hocuspocus = dice.random() < 0.6
        wanted = list(self.documents)
        dice.shuffle(wanted)
        device = Device(
            self,
            person,
            f"{person.name}.{len(self.devices)}{'h' if is_hocuspocus else 'y'}",
            dice,
            is_hocuspocus,
            wanted if is_hocuspocus else wanted[:1],
            slack=dice.choice((0, 1, 3)),
        )
        self.devices.append(device)
        device.come()

    # What devices ask of the world.

    def new_client_id(self) -> int:
        return self._ids.choice((self._ids.getrandbits(31), self._ids.getrandbits(52))) + 2

    def epoch(self, document_id: UUID) -> int:
        return self.archive.log.heads([document_id])[document_id].epoch

    def dial(self, device: Device) -> Line | None:
        """A connection to some process that serves, as a load balancer gives it."""
        up = [each for each in self.processes if each.is_up and not each.is_draining]
        if not up:
            return None
        process = self._net.choice(up)
        line = Line(self.loop, lambda: self._net.expovariate(1 / self.recipe.delay_s))
        socket = Socket(process, line, device.person.id, device.name, device.slack)
        line.connect(device.take(line), socket.take)
        address = None
        if not device.is_hocuspocus:
            address = next(iter(device.copies.values())).address
        process.spawn(socket.serve(address))
        return line

    def hung_up(self, line: Line, dice: Random) -> None:
        """A client has left; what it had sent still arrives, or some of it, or nothing."""
        self.loop.call_later(
            dice.choice((0.0, 0.01, 1.0)) * dice.random(),
            lambda: line.cut(client_after_s=0, server_after_s=dice.choice((0.0, 0.5, 30.0))),
        )

    def moderate(self, dice: Random) -> None:
        """The server itself changes a text, as a revert does, through some process."""
        up = [each for each in self.processes if each.is_up and not each.is_draining]
        if not up:
            return
        document = dice.choice(self.documents)
        doc: Doc[XmlFragment] = Doc(client_id=self.new_client_id())
        for update, _ in self.judge.durable((document, self.epoch(document))).rows:
            doc.apply_update(update)
        before, pen = doc.get_state(), Pen(doc, dice)
        for _ in range(dice.randint(1, 3)):
            pen.edit()
        process = dice.choice(up)
        process.spawn(self._write(process, document, doc.get_update(before)))

    async def _write(self, process: Process, document: UUID, update: bytes) -> None:
        try:
            await process.write(document, ServerUpdate(update, MODERATOR))
        except Exception as error:
            self.trace.note(f"not written: {type(error).__name__}")

    def background(self, coroutine: Coroutine[Any, Any, None]) -> None:
        """Something that takes its time while other things happen."""
        task = self.loop.create_task(coroutine)
        self._tasks[task] = None
        task.add_done_callback(lambda done: self._tasks.pop(done, None))

    def _process(self, name: str) -> Process:
        recipe = self.recipe
        weather = Weather(
            self.dice(f"weather {name}"),
            recipe.latency_s,
            recipe.failing,
            recipe.lost,
            recipe.unknown,
            recipe.again,
        )
        return Process(
            name, self.archive, weather, self.dice(f"crash {name}"), self.judge, self._publish
        )

    def _publish(self, sender: Process, document_id: UUID, written: Written) -> None:
        """Where there is no relay, processes learn of each other from the log alone."""
        if self.recipe.untold < 1:
            self.relay.publish(sender, document_id, written)

    def _failed(self, loop: asyncio.AbstractEventLoop, context: dict[str, Any]) -> None:
        error = context.get("exception")
        if not isinstance(error, StorageAway):
            self.judge.object_to(f"{context['message']}: {error!r}")
