"""How far measures are, and which stages are theirs."""

from collab.process.measures.register import Progress, measure_stages, progress_of, stages_at
from collab.process.processes import every_process, every_stage
from collab.process.stages import MADE_BY, Claim
from collab.process.templates.walk import standings

WORDS = {
    "measure_decentral": Progress.PLANNED,
    "measure_network_pending": Progress.PLANNED,
    "measure_network": Progress.PLANNED,
    "prototype": Progress.RUNNING,
    "implementation": Progress.RUNNING,
    "permanent": Progress.RUNNING,
    "scaled": Progress.RUNNING,
    "closed_learned": Progress.FINISHED,
}


def test_m8_every_stage_of_a_measure_says_how_far_it_is() -> None:
    assert {stage: progress_of(stage) for stage in measure_stages()} == WORDS
    assert progress_of("archived") is Progress.FINISHED


def test_m8_every_stage_is_at_exactly_one_point() -> None:
    found = [stage for progress in Progress for stage in stages_at(progress)]
    assert sorted(found) == sorted(every_stage())


def test_ac_a1_the_stages_of_measures_are_those_where_nothing_else_comes() -> None:
    claimed = {
        stage.id
        for process in every_process()
        for stage in process.stages
        if stage.holds & {Claim.MEASURE, Claim.NETWORK, Claim.DECENTRAL}
    }
    assert claimed <= measure_stages()
    made = {
        way.target
        for process in every_process()
        for way in process.transitions
        if MADE_BY.keys() & set(way.effects)
    }
    assert made <= measure_stages()
    never = {
        each.stage
        for process in every_process()
        for each in standings(process)
        if each.measure is None
    }
    assert measure_stages() & never <= {"closed_learned"}, "only what was archived comes back to it"
