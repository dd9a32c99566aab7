"""The figures, and what an erasure leaves of reports and hidings."""

from sqlalchemy import text as sql

from server.actions.erasure.holdings import holdings_of
from server.actions.erasure.people import CHOICES, erase_person
from storage import people
from tests.server.abuse.reporting import call, cases, comment, decide, hide, report
from tests.server.idea.arena_of_all import Everyone


async def test_d13_everybody_reads_the_figures_and_finds_nobody_in_them(arena: Everyone) -> None:
    ref = await arena.idea("open")
    for number in range(6):
        said = await comment(arena, ref, text=f"Unsinn {number}")
        await report(arena, ref, said, ground="hate" if number == 5 else "spam")
    for case in await cases(arena):
        await decide(arena, case["id"], "dismissed")
    answer = await call(arena, "guest", "GET", "/api/v1/moderation/figures")
    months = answer.json()["months"]
    assert (len(months), months[0]["month"]) == (12, "2026-11")
    first = months[0]
    assert (first["received"], first["by_ground"]["spam"], first["by_ground"]["hate"]) == (
        6, None, None
    )  # fmt: skip
    assert (first["by_outcome"]["dismissed"], first["median_hours"]) == (6, 0)
    page = await (await arena.client("guest")).get("/moderation/figures")
    assert page.status_code == 200
    assert "2026-11" in page.text
    assert "Moderator" not in page.text.replace("Moderation", "")


async def words(arena: Everyone) -> str:
    """Everything that is stored of reports and hidings."""
    async with arena.arena.services.database.read() as tx:
        found = [
            list(await tx.run(sql(f"SELECT * FROM {name}")))
            for name in ("report", "report_case", "hiding", "slow_mode", "slow_turn")
        ]
    return str(found)


async def test_d14_an_erasure_takes_words_and_addresses_and_leaves_decisions(
    arena: Everyone,
) -> None:
    ref = await arena.idea("open")
    said, other = await comment(arena, ref), await comment(arena, ref, "lead", "Na ja.")
    path = f"/api/v1/ideas/{ref}"
    slow = {"seconds": 60, "hours": 1, "reason": "Ruhe."}
    await call(arena, "moderator", "PUT", f"{path}/slow-mode", **slow)
    await call(arena, "participant", "POST", f"{path}/comments", text="Noch etwas.")
    await hide(arena, ref, said, reason="Participant beleidigt.")
    await call(
        arena, "participant", "POST", f"{path}/comments/{said}/appeal", words="Kanarienvogel"
    )
    given = {"words": "Kanarienwort", "email": "kanarie@example.org", "quote": "Zitat"}
    await report(arena, ref, other, "participant", **given)
    services = arena.arena.services
    async with services.database.read() as tx:
        person = await people.by_handle(tx, "participant")
    assert person is not None
    held = await holdings_of(services, person)
    assert held["reports"][0]["words"] == "Kanarienwort"
    assert held["hidings"][0]["appeal"] == "Kanarienvogel"
    assert "secret_hash" not in str(held)
    await erase_person(services, "participant", CHOICES["erase"])
    left = await words(arena)
    for gone in ("Kanarie", "kanarie", "Participant"):
        assert gone not in left
    (case,) = await cases(arena)
    assert (case["target_id"], case["count"]) == (other, 1)
    await call(arena, "moderator", "GET", "/moderation")
