"""``doctor``: whether all is well, thing by thing, with a sentence for what is not."""

from dataclasses import asdict
from typing import Annotated

import typer

from server.commands.console import JSON_HELP, explained, note, run, settings_of, show_json
from server.starting.checks import State, findings

MARKS = {State.GOOD: "ok   ", State.HINT: "hint ", State.WRONG: "WRONG"}


def doctor(as_json: Annotated[bool, typer.Option("--json", help=JSON_HELP)] = False) -> None:
    """Look at everything that a start rests on, and say what is wrong and what to do.

    Ends with code 1 if anything is wrong; hints do not count. Changes nothing.
    """
    with explained():
        settings = settings_of()
    found = run(findings(settings))
    wrong = [each for each in found if each.state is State.WRONG]
    if as_json:
        show_json([asdict(each) for each in found])
    else:
        for each in found:
            typer.echo(f"{MARKS[each.state]} {each.name:9} {each.told}")
        note(f"{len(wrong)} wrong." if wrong else "All is well.")
    if wrong:
        raise typer.Exit(1)
