"""Who may write what: ownership of client ids, news, and what a turn does to both."""

from collab.sync.document import Admission
from collab.sync.guard import NOTHING_NEW
from collab.sync.refusals import CATCH_UP_REASONS, FrameRefused, RefusalReason
from collab.sync.yjs.limits import Limits
from tests.collab.sync import wire
from tests.collab.sync.pens import ADA, BEN, MALLORY, Pen, admit, admitted, seeded


def reason_of(verdict: Admission | FrameRefused) -> RefusalReason | None:
    return verdict.reason if isinstance(verdict, FrameRefused) else None


def test_new_text_is_news_with_its_clocks() -> None:
    document, seed = seeded()
    update = Pen(ADA, seed).type("abc")
    (admission,) = admitted(document, update)
    assert admission == Admission(
        news=True, new_clients=frozenset(), inserted=((ADA, 0, 3),), deleted=(), brought=update
    )


def test_text_that_is_known_is_no_news() -> None:
    document, seed = seeded()
    update = Pen(ADA, seed).type("abc")
    admitted(document, update)
    assert admitted(document, update, b"\x00\x00") == [NOTHING_NEW, NOTHING_NEW]


def test_only_the_part_that_is_new_is_reported() -> None:
    document, seed = seeded()
    ada = Pen(ADA, seed)
    admitted(document, ada.type("abc"))
    ada.type("def", at=3)
    whole = ada.doc.get_update()
    (admission,) = admitted(document, whole)
    assert admission.inserted == ((ADA, 3, 6),)


def test_a_delete_is_news_although_the_state_vector_stays() -> None:
    document, seed = seeded()
    before = document.state_vector()
    update = Pen(ADA, seed).erase(0, 2)
    (admission,) = admitted(document, update)
    assert admission == Admission(True, frozenset(), (), ((1, 9, 11),), update)
    assert document.state_vector() == before
    assert admitted(document, update) == [NOTHING_NEW]


def test_deletes_are_news_as_far_as_they_are_new() -> None:
    document, seed = seeded()
    admitted(document, Pen(ADA, seed).erase(1, 2))
    (admission,) = admitted(document, Pen(BEN, seed).erase(0, 4), actor="ben")
    assert admission.deleted == ((1, 9, 10), (1, 11, 13))


def test_an_id_that_nobody_has_used_is_to_be_claimed() -> None:
    document, seed = seeded()
    (admission,) = admitted(document, Pen(77, seed).type("x"))
    assert admission.new_clients == {77}


def test_an_id_claimed_earlier_in_the_turn_is_taken() -> None:
    document, seed = seeded()
    first, second = Pen(77, seed), Pen(77, seed)
    turn = [(first.type("x"), "ada"), (first.type("y", at=1), "ada"), (second.type("zzz"), "ben")]
    verdicts = document.admit_and_apply(turn, {})
    assert [reason_of(verdict) for verdict in verdicts] == [
        None,
        None,
        RefusalReason.FOREIGN_CLIENT,
    ]


def test_new_text_under_the_id_of_another_is_refused() -> None:
    document, seed = seeded()
    update = Pen(BEN, seed).type("nicht von Ada")
    assert reason_of(admit(document, update, "ada")) is RefusalReason.FOREIGN_CLIENT
    admitted(document, update, actor="ben")


def test_an_id_in_use_without_an_owner_is_nobodys() -> None:
    document, seed = seeded()
    pen = Pen(77, seed)
    admitted(document, pen.type("x"))
    verdict = document.admit_and_apply([(pen.type("y"), "ada")], {})[0]
    assert reason_of(verdict) is RefusalReason.FOREIGN_CLIENT


def test_known_text_of_others_may_be_sent_again() -> None:
    document, seed = seeded()
    from_ben = Pen(BEN, seed).type("von Ben ")
    admitted(document, from_ben, actor="ben")
    ada = Pen(ADA, seed, from_ben)
    ada.type("von Ada ")
    (admission,) = admitted(document, ada.doc.get_update())
    assert admission.inserted == ((ADA, 0, 8),)


def test_judging_alone_changes_nothing() -> None:
    document, seed = seeded()
    update = Pen(77, seed).type("abc")
    judged = [document.admit(update, actor="ada", owners={}) for _ in range(2)]
    assert judged[0] == judged[1]
    assert judged[0].new_clients == {77}
    assert admitted(document, update) == [judged[0]]


def test_a_refused_update_does_not_concern_the_others_of_its_turn() -> None:
    document, seed = seeded()
    good = Pen(ADA, seed).type("gut ")
    bad = wire.update((MALLORY, 5, [wire.text("x", origin=(1, 9))]))
    verdicts = document.admit_and_apply([(bad, "m"), (good, "ada"), (b"\xff", "m")], {ADA: "ada"})
    assert [reason_of(verdict) for verdict in verdicts] == [
        RefusalReason.GAP,
        None,
        RefusalReason.MALFORMED,
    ]


def test_reasons_that_a_longer_log_may_cure() -> None:
    assert {
        RefusalReason.FOREIGN_CLIENT,
        RefusalReason.GAP,
        RefusalReason.DANGLING,
    } == CATCH_UP_REASONS


def test_an_update_of_more_bytes_than_allowed_is_not_even_read() -> None:
    document, _ = seeded(Limits(update_bytes_max=100))
    assert reason_of(admit(document, b"\xff" * 101)) is RefusalReason.TOO_BIG
    assert reason_of(admit(document, b"\xff" * 100)) is RefusalReason.MALFORMED


def test_new_structs_and_new_ids_of_one_update_are_counted() -> None:
    document, _ = seeded(Limits(structs_max=3, clients_max=2))
    four = wire.update((ADA, 0, [wire.element("paragraph")] * 4))
    three_ids = wire.update(*((id_, 0, [wire.element("paragraph")]) for id_ in (70, 71, 72)))
    assert reason_of(admit(document, four)) is RefusalReason.TOO_MANY
    assert reason_of(admit(document, three_ids)) is RefusalReason.TOO_MANY
    admitted(document, wire.update((ADA, 0, [wire.element("paragraph")] * 3)))


def test_s35_a_full_document_takes_deletes_only() -> None:
    document, seed = seeded(Limits(document_bytes_max=2_000))
    ada = Pen(ADA, seed)
    admitted(document, ada.type("x" * 1_700))
    assert reason_of(admit(document, ada.type("y" * 200))) is RefusalReason.QUOTA
    ben = Pen(BEN, document.state())
    admitted(document, ben.erase(0, 1_700), actor="ben")
    admitted(document, ben.type("Platz " * 20), actor="ben")
