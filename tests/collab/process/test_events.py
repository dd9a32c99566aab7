"""Events: payloads that come back, topics, and what is public."""

import json
from dataclasses import fields
from uuid import UUID

import pytest

from collab.errors import Invalid
from collab.process.events import (
    board,
    casefile,
    catalogues,
    ideas,
    kinds,
    measures,
    people,
    responsibility,
    seam,
    support,
    talk,
)
from collab.process.events.asking import experts
from collab.process.events.conduct import abuse, hiding
from collab.process.events.event import Event, is_public
from collab.process.events.feasibility import judging
from collab.process.events.gathering import harvest
from collab.process.events.gathering.workshops import WorkshopEvent
from collab.process.events.kinds import parse_event
from collab.process.events.texts import suggestions, versions
from collab.process.events.ties import alignment, districts, following, linking, merging
from collab.process.version import TextVersion

VERSION = TextVersion(1, 7, "c" * 64)
PERSON = UUID(int=5)

EVENTS = [
    ideas.IdeaCreated("Mehr Bänke", "need", "draft"),
    ideas.StageChanged("submit", "draft", "open", "", VERSION),
    talk.CommentAdded(UUID(int=1), "question", None),
    talk.CommentAdded(UUID(int=2), "note", UUID(int=1)),
    talk.CommentEdited(UUID(int=1)),
    talk.CommentHidden(UUID(int=1), "beleidigend"),
    talk.CommentDeleted(UUID(int=1)),
    talk.CommentResolved(UUID(int=1), True),
    talk.CommentBecame(UUID(int=1), "task", "3"),
    talk.TaskAdded("3", None),
    talk.TaskAdded("4", PERSON),
    talk.TaskChanged("3", PERSON),
    talk.TaskSettled("3", "done"),
    talk.JudgementGiven("legal", "open", "low", VERSION),
    talk.JudgementGiven("legal", None, None, VERSION),
    judging.JudgementRoundOpened(UUID(int=7), "legal,social", "open", "2026-12-24", VERSION),
    judging.JudgementRoundClosed(UUID(int=7), 3, "Alle haben geurteilt."),
    judging.JudgementRoundClosed(UUID(int=7), 0, None),
    judging.JudgementKept("legal", VERSION),
    judging.JudgementWithdrawn("legal"),
    judging.JudgementsOutdated(2, VERSION),
    ideas.ProcessChanged("gdb-arena", 1, 2, "open", "open", "Neue Fassung."),
    ideas.KindChanged("need", "proposal"),
    following.IdeaStalled(31),
    ideas.TeamChanged(PERSON, "editor", False),
    ideas.TextReverted(PERSON, "Werbung.", VERSION),
    ideas.TextErased(VERSION),
    versions.VersionNamed(UUID(int=9), VERSION),
    versions.VersionRenamed(UUID(int=9)),
    versions.TextRestored(VERSION, VERSION, "idea", "Versehentlich gelöscht."),
    suggestions.SuggestionMade(UUID(int=4), "idea"),
    suggestions.SuggestionChanged(UUID(int=4), "idea"),
    suggestions.SuggestionWithdrawn(UUID(int=4), "idea"),
    suggestions.SuggestionAccepted(UUID(int=4), "idea"),
    suggestions.SuggestionDeclined(UUID(int=4), "idea"),
    seam.LateTextKept(UUID(int=3)),
    seam.LateTextApplied(UUID(int=3)),
    seam.LateTextSetAside(UUID(int=3)),
    casefile.EvidenceRecorded("mandate", True),
    casefile.RequirementRaised(UUID(int=1)),
    casefile.RequirementAnswered(UUID(int=1), "partly", "Das Geld reicht nicht."),
    casefile.ConditionSettled("legal", PERSON, "accepted", "Gilt nur ein Jahr."),
    casefile.IndicatorSet("1", False),
    casefile.ValueMeasured("1", "2027-01-31"),
    people.PersonMuted(PERSON, "Werbung"),
    people.PersonUnmuted(PERSON),
    people.PersonSuspended(PERSON, "Drohung"),
    people.PersonErased(PERSON),
    people.PersonRestored(PERSON),
    people.PersonRoleChanged(PERSON, "moderator", granted=True),
    responsibility.ResponsibilityOffered(UUID(int=1), UUID(int=2), "Amt", "lead", None),
    responsibility.ResponsibilityConfirmed(UUID(int=1), UUID(int=2), "Amt", "lead", PERSON),
    responsibility.ResponsibilityEnded(
        UUID(int=1), UUID(int=2), "Amt", "partner", "released", "Kein Personal.", PERSON
    ),
    responsibility.RoleTermSet(PERSON, "deputy", "2026-11-26T00:00:00", "2026-12-24T22:59:59"),
    responsibility.RoleTermEnded(PERSON, "deputy"),
    measures.CommitmentDrafted(UUID(int=1), "Verein"),
    measures.CommitmentSigned(UUID(int=1), UUID(int=2), "Verein", "1"),
    measures.CommitmentWithdrawn(UUID(int=1), "Verein", "Zu teuer."),
    measures.RenewalOpened(UUID(int=2), "Verein", "lead", "2027-01-20"),
    measures.MeasureNumbered("M-2026-0001", "network"),
    measures.RecognitionChanged("A-2026-0001", "valid", "Verein", "Alles da."),
    measures.CentralMeasureEntered("M-2026-0002", "Dashboard"),
    measures.CentralMeasureChanged("M-2026-0002", "Dashboard", "Fertig."),
    measures.CentralMeasureRefused("Dashboard"),
    measures.CentralLinked("M-2026-0002", "Dashboard", "builds_on"),
    measures.CentralUnlinked("M-2026-0002", "Dashboard", "builds_on"),
    catalogues.CataloguePublished("principles", "2", "Neue Namen"),
    catalogues.OrganisationChanged(UUID(int=3), "replaced", UUID(int=4), "Neuer Senat"),
    catalogues.OrganisationChanged(UUID(int=3), "ended", None, "Aufgelöst"),
    catalogues.InitiativeRelated(UUID(int=6), "Baumkarte", "builds_on"),
    catalogues.InitiativeUnrelated(UUID(int=6), "Baumkarte"),
    support.SupportAsked(UUID(int=1), "workshop"),
    support.SupportMoved(UUID(int=1), "accepted", "Am Montag."),
    support.SupportEscalated(UUID(int=1)),
    responsibility.AffiliationChanged(PERSON, UUID(int=2), "Amt", "confirmed", True),
    board.IdeaClaimed(None, ""),
    board.IdeaClaimed(PERSON, "Urlaubsvertretung."),
    board.ClaimReleased(),
    board.ActPrepared("Sitzung im Mai", "declined", prepared=True),
    board.NotesOpened(),
    board.NotesErased(VERSION),
    alignment.AlignmentStated("guiding-ideas", "resilient"),
    alignment.AlignmentWithdrawn("guiding-ideas", "resilient"),
    alignment.AlignmentReviewed("guiding-ideas", "resilient", "doubt"),
    alignment.AlignmentAnswered("guiding-ideas", "resilient"),
    districts.DistrictsSet("mitte pankow"),
    merging.MergeProposed(UUID(int=9), "2026-00001", "2026-00002"),
    merging.MergeAnswered(UUID(int=9), "2026-00001", "2026-00002", "yes"),
    merging.MergeWithdrawn(UUID(int=9), "2026-00001", "2026-00002"),
    merging.IdeasMerged(UUID(int=9), "2026-00001", "2026-00002"),
    merging.IdeasUnmerged(UUID(int=9), "2026-00001", "2026-00002"),
    merging.SectionTakenOver(UUID(int=9), "2026-00001", "2026-00002", "idea"),
    linking.IdeasLinked("answers", "2026-00002", "2026-00001"),
    linking.IdeasUnlinked("answers", "2026-00002", "2026-00001"),
    linking.ChangeOffered(UUID(int=8), "2026-00002", "benefit"),
    linking.OfferedChangeSettled(UUID(int=8), "benefit", "taken"),
    experts.ExpertInvited(UUID(int=5), PERSON),
    experts.ExpertAnswered(UUID(int=5), PERSON, "declined"),
    linking.DependencyClosed("2026-00002", "closed_learned"),
    abuse.ReportReceived(UUID(int=9), "comment", "insult"),
    abuse.ReportClaimed(UUID(int=9), True),
    abuse.ReportsDecided(UUID(int=9), "comment", "dismissed", "Scharf, aber sachlich."),
    abuse.CommentShown(UUID(int=1), "Es war ein Zitat."),
    abuse.HidingAppealed(UUID(int=1)),
    abuse.AppealDecided(UUID(int=1), "granted", "Es war ein Zitat."),
    hiding.ContributionHidden("suggestion", str(UUID(int=1)), "Beleidigt."),
    hiding.ContributionShown("requirement", str(UUID(int=1)), "Es war ein Zitat."),
    hiding.ContributionAppealed("judgement", str(UUID(int=1))),
    hiding.ContributionAppealDecided("judgement", str(UUID(int=1)), "granted", "Ein Zitat."),
    abuse.SlowModeSet(60, 24, "Es geht hoch her."),
    abuse.SlowModeEnded("over"),
    harvest.WorkshopHarvested(UUID(int=11), "Bänke am Kanal", 3),
]

MERGED = ["links", "comments", "judgements", "people", "requirements", "tasks", "stage"]
TOPICS = {
    "idea_created": ["arena"],
    "stage_changed": ["arena", "stage", "text", "comments", "judgements", "people"],
    "comment_added": ["arena", "comments"],
    "comment_edited": ["comments"],
    "comment_hidden": ["arena", "moderation", "comments"],
    "comment_deleted": ["arena", "comments"],
    "comment_resolved": ["comments"],
    "comment_became": ["comments"],
    "task_added": ["tasks"],
    "task_changed": ["tasks"],
    "task_settled": ["tasks"],
    "judgement_given": ["arena", "judgements"],
    "judgement_round_opened": ["judgements"],
    "judgement_round_closed": ["judgements"],
    "judgement_kept": ["judgements"],
    "judgement_withdrawn": ["arena", "judgements"],
    "judgements_outdated": ["judgements"],
    "process_changed": ["arena", "stage"],
    "evidence_recorded": ["logbook"],
    "requirement_raised": ["requirements"],
    "requirement_answered": ["requirements"],
    "condition_settled": ["judgements"],
    "districts_set": ["arena", "districts"],
    "indicator_set": ["indicators"],
    "value_measured": ["indicators"],
    "idea_stalled": ["stage"],
    "kind_changed": ["arena", "stage", "text"],
    "team_changed": ["people", "stage", "text"],
    "text_reverted": ["text"],
    "version_named": ["versions"],
    "version_renamed": ["versions"],
    "text_restored": ["text", "versions"],
    "text_erased": ["arena", "text", "comments", "judgements", "people"],
    "late_text_kept": ["late"],
    "late_text_applied": ["late"],
    "late_text_set_aside": ["late"],
    "person_muted": ["people", "text"],
    "person_unmuted": ["people", "text"],
    "person_suspended": [],
    "person_erased": [],
    "person_restored": [],
    "person_role_changed": [],
    "affiliation_changed": [],
    "expert_invited": ["experts"],
    "expert_answered": ["experts"],
    "support_asked": ["support"],
    "support_moved": ["support"],
    "support_escalated": ["support"],
    "role_term_set": ["people"],
    "role_term_ended": ["people"],
    "responsibility_offered": ["responsibility"],
    "responsibility_confirmed": ["arena", "responsibility", "people", "stage", "text"],
    "responsibility_ended": ["arena", "responsibility", "people", "stage", "text"],
    "catalogue_published": [],
    "commitment_drafted": ["commitment", "stage"],
    "commitment_signed": ["commitment", "stage"],
    "commitment_withdrawn": ["commitment", "stage"],
    "renewal_opened": ["commitment"],
    "measure_numbered": ["arena", "stage"],
    "recognition_changed": ["arena", "stage", "commitment"],
    "central_measure_entered": ["arena"],
    "central_measure_changed": [],
    "central_measure_refused": [],
    "central_linked": ["central", "stage"],
    "central_unlinked": ["central", "stage"],
    "organisation_changed": [],
    "initiative_related": ["initiatives"],
    "initiative_unrelated": ["initiatives"],
    "idea_claimed": ["board"],
    "claim_released": ["board"],
    "act_prepared": ["board"],
    "notes_opened": ["board"],
    "notes_erased": [],
    "alignment_stated": ["arena", "alignment"],
    "alignment_withdrawn": ["arena", "alignment"],
    "alignment_reviewed": ["alignment"],
    "alignment_answered": ["alignment"],
    "ideas_linked": ["links", "stage"],
    "ideas_unlinked": ["links", "stage"],
    "merge_proposed": ["merge", "links"],
    "merge_answered": ["merge", "links"],
    "merge_withdrawn": ["merge", "links"],
    "ideas_merged": ["arena", "board", "merge", *MERGED],
    "ideas_unmerged": ["arena", "board", "merge", *MERGED],
    "section_taken_over": ["versions", "since"],
    "change_offered": ["links"],
    "offered_change_settled": ["links"],
    "suggestion_made": ["suggestions"],
    "suggestion_changed": ["suggestions"],
    "suggestion_withdrawn": ["suggestions"],
    "suggestion_accepted": ["suggestions"],
    "suggestion_declined": ["suggestions"],
    "dependency_closed": ["links"],
    "report_received": ["moderation"],
    "report_claimed": ["moderation"],
    "reports_decided": ["moderation"],
    "comment_shown": ["arena", "moderation", "comments"],
    "hiding_appealed": ["moderation"],
    "appeal_decided": ["moderation"],
    "contribution_hidden": ["moderation", "suggestions"],
    "contribution_shown": ["moderation", "requirements"],
    "contribution_appealed": ["moderation"],
    "contribution_appeal_decided": ["moderation"],
    "slow_mode_set": ["slow"],
    "slow_mode_ended": ["slow"],
    "workshop_harvested": ["tasks", "versions"],
}


def test_every_kind_of_event_is_tested_here() -> None:
    elsewhere = {kind for kind, each in kinds.EVENTS.items() if issubclass(each, WorkshopEvent)}
    assert {event.kind for event in EVENTS} == set(kinds.EVENTS) - elsewhere == set(TOPICS)


@pytest.mark.parametrize("event", EVENTS, ids=lambda event: event.kind)
def test_e1_event_comes_back_through_json(event: Event) -> None:
    stored = json.dumps(event.payload)
    assert parse_event(event.kind, json.loads(stored)) == event


@pytest.mark.parametrize("event", EVENTS, ids=lambda event: event.kind)
def test_e3_topics_name_what_changed(event: Event) -> None:
    expected = [
        t if t in ("arena", "board", "moderation") or ":" in t else f"idea:2026-00042:{t}"
        for t in TOPICS[event.kind]
    ]
    assert list(event.topics("2026-00042")) == expected


def test_e3_without_an_idea_only_lists_change() -> None:
    assert EVENTS[1].topics(None) == ("arena",)


@pytest.mark.parametrize("event", EVENTS, ids=lambda event: event.kind)
def test_i4_nothing_of_a_draft_is_public(event: Event) -> None:
    assert not is_public(event, "draft")


def test_events_about_people_stay_out_of_the_public_log() -> None:
    private = {event.kind for event in EVENTS if not is_public(event, "open")}
    assert private == {
        "text_reverted", "person_muted", "person_unmuted", "person_suspended", "person_restored",
        "person_erased",
        "person_role_changed", "role_term_set", "role_term_ended",
        "affiliation_changed",
        "late_text_kept", "late_text_applied", "late_text_set_aside",
        "idea_claimed", "claim_released", "act_prepared", "notes_opened", "notes_erased",
        "commitment_drafted", "central_measure_refused",
        "report_received", "report_claimed", "reports_decided", "hiding_appealed", "appeal_decided",
        "contribution_appealed", "contribution_appeal_decided",
        "expert_invited", "expert_answered",

    }  # fmt: skip


def test_event_without_an_idea_is_public_by_its_kind() -> None:
    assert is_public(EVENTS[0], None)
    assert not is_public(people.PersonRestored(PERSON), None)


@pytest.mark.parametrize("event", EVENTS, ids=lambda event: event.kind)
def test_e1_spoilt_payload_is_refused(event: Event) -> None:
    for field in fields(event):
        without = {k: v for k, v in event.payload.items() if k != field.name}
        for spoilt in (without, event.payload | {field.name: [7]}, event.payload | {"more": 1}):
            with pytest.raises(Invalid):
                parse_event(event.kind, spoilt)


@pytest.mark.parametrize(("kind", "payload"), [("unheard_of", {}), ("idea_created", None)])
def test_e1_unknown_event_is_refused(kind: str, payload: object) -> None:
    with pytest.raises(Invalid):
        parse_event(kind, payload)
