"""What killed once is refused in any company."""

import hashlib

from collab.sync.refusals import FrameRefused, RefusalReason
from collab.sync.yjs.barred import Barred
from collab.sync.yjs.update import parse_update
from tests.collab.sync.pens import ADA, BEN, Pen, admit, admitted, seeded


def test_s26_a_barred_update_is_refused_alone_and_in_company() -> None:
    document, seed = seeded()
    ada, ben = Pen(ADA, seed), Pen(BEN, seed)
    killer = ada.type("tot")
    (block,) = parse_update(killer).blocks
    document.barred = Barred.of(
        [(hashlib.sha256(killer).hexdigest(), [(block.client, block.clock, block.end)])]
    )
    for update in (killer, ada.doc.get_update(), document.merge([killer, ada.type("mehr")])):
        verdict = admit(document, update)
        assert isinstance(verdict, FrameRefused)
        assert verdict.reason is RefusalReason.QUARANTINED
    admitted(document, ben.type("lebendig"), actor="ben")


def test_s26_what_touches_no_barred_clock_is_admitted() -> None:
    document, seed = seeded()
    ada = Pen(ADA, seed)
    first = ada.type("gut")
    (block,) = parse_update(first).blocks
    document.barred = Barred.of([("0" * 64, [(block.client, block.end, block.end + 3)])])
    admitted(document, first)
    assert isinstance(admit(document, ada.type("tot")), FrameRefused)


class Diary:
    """A watch that writes down what it is told."""

    def __init__(self) -> None:
        self.told: list[object] = []

    def applying(self, update: bytes, actor: object) -> None:
        self.told.append((update, actor))

    def applied(self) -> None:
        self.told.append("applied")


def test_s26_the_watch_hears_of_each_update_before_it_is_applied() -> None:
    document, seed = seeded()
    diary = Diary()
    document.watch = diary
    one, two = Pen(ADA, seed).type("eins"), b"no update"
    document.admit_and_apply([(one, "ada"), (two, "eve")], {})
    assert diary.told == [(one, "ada"), (two, "eve"), "applied"]
