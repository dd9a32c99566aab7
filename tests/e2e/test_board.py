"""The board with two moderators: live, dragged, by keyboard, and nobody loses his place."""

from __future__ import annotations

from typing import Any

from playwright.async_api import Locator, Page, expect

from tests.e2e.idea_page import READY_MS
from tests.e2e.test_every_page import look_at
from tests.e2e.visits import Visits
from tests.harness.api import Api
from tests.harness.ideas import open_idea
from tests.harness.process import ArenaProcess

REFUSED = r"status of 4\d\d"


class BoardPage:
    """One window on the board, narrowed to what a test is about."""

    def __init__(self, page: Page) -> None:
        self.page = page

    async def open(self, address: str) -> BoardPage:
        await self.page.goto(address)
        await expect(self.page.locator(".board")).to_be_visible()
        return self

    def card(self, ref: str) -> Locator:
        return self.page.locator(f'.board-card[data-ref="{ref}"]')

    def column(self, stage: str) -> Locator:
        return self.page.locator(f'.column[data-stage="{stage}"]')

    def card_in(self, stage: str, ref: str) -> Locator:
        return self.column(stage).locator(f'.board-card[data-ref="{ref}"]')

    @property
    def dialog(self) -> Locator:
        return self.page.locator("dialog.board-dialog")

    async def answer(self, reason: str, button: str = "Jetzt verschieben") -> None:
        """Give the reason that the dialog asks for."""
        await self.dialog.get_by_label("Begründung", exact=True).fill(reason)
        await self.dialog.get_by_role("button", name=button).click()


async def ideas(arena: ArenaProcess, tokens: dict[str, str], word: str, n: int) -> list[str]:
    """Some open ideas that a search for ``word`` finds."""
    return [
        (await open_idea(arena.origin, tokens["participant"], f"{word} {number}")).ref
        for number in range(1, n + 1)
    ]


async def two(visits: Visits, word: str, **options: Any) -> tuple[BoardPage, BoardPage]:
    """Two moderators at the same part of the board; ``options`` are the first one's window."""
    address = f"/board?q={word}"
    one = BoardPage(await visits.enter("moderator", **options))
    other = BoardPage(await visits.enter("moderator-2"))
    return await one.open(address), await other.open(address)


async def place(page: Page) -> dict[str, Any]:
    """Where a person is on the page: focus, selection, and how far it is scrolled."""
    found: dict[str, Any] = await page.evaluate(
        """() => {
            const active = document.activeElement;
            return {
                focus: active.id || active.getAttribute('href'),
                selection: active.selectionStart === undefined ? null
                    : [active.selectionStart, active.selectionEnd],
                value: active.value ?? null,
                y: scrollY,
                x: document.querySelector('.board').scrollLeft,
            };
        }"""
    )
    return found


async def test_b3_what_one_moderator_does_appears_at_the_other_and_moves_nothing_of_his(
    visits: Visits, arena: ArenaProcess, tokens: dict[str, str]
) -> None:
    first, second, third = await ideas(arena, tokens, "Wetterhahn", 3)
    one, other = await two(visits, "Wetterhahn")
    await other.page.locator("#many > summary").click()
    reason = other.page.locator("#f-many-reason")
    await reason.fill("Ich schreibe gerade")
    await reason.evaluate("element => element.setSelectionRange(4, 9)")
    await other.page.locator(".board").evaluate("board => { board.scrollLeft = 40; }")
    before = await place(other.page)
    assert before["selection"] == [4, 9]

    await one.card(first).get_by_role("button", name="Ich kümmere mich").click()
    await expect(other.card(first)).to_contain_text("kümmert sich bis")
    await one.card(second).get_by_role("link", name="Verschieben").click()
    await one.dialog.get_by_label("Zurückgeben").check()
    await one.answer("Bitte kürzen.")
    await expect(other.card_in("returned", second)).to_be_visible()
    await expect(other.card_in("open", second)).to_have_count(0)
    assert await place(other.page) == before

    await other.card(third).locator("h3 a").focus()
    await expect(one.card(third)).to_contain_text("sieht sich das an")
    before = await place(other.page)
    await one.card(third).get_by_role("link", name="Verschieben").click()
    await one.dialog.get_by_label("Zurückgeben").check()
    await one.answer("Auch das.")
    moved = other.card_in("returned", third)
    await expect(moved).to_be_visible()
    await expect(moved.locator("h3 a")).to_be_focused()
    assert await place(other.page) == before


async def test_b4_two_want_the_same_idea_and_the_second_is_told_who_was_first(
    visits: Visits, arena: ArenaProcess, tokens: dict[str, str]
) -> None:
    (ref,) = await ideas(arena, tokens, "Laterne", 1)
    one, other = await two(visits, "Laterne")
    await other.page.route("**/fragments/board**", lambda route: route.abort())
    visits.expect(other.page, rf"{REFUSED}|net::ERR_FAILED")
    await one.card(ref).get_by_role("button", name="Ich kümmere mich").click()
    await expect(one.card(ref)).to_contain_text("Sie kümmern sich bis")
    await other.card(ref).get_by_role("button", name="Ich kümmere mich").click()
    await expect(other.card(ref).locator(".form-error")).to_contain_text("kümmert sich schon um")
    await other.page.unroute("**/fragments/board**")
    await other.page.reload()
    await other.card(ref).locator("summary").click()
    await other.card(ref).get_by_label("Ein Wort an").fill("Du bist im Urlaub.")
    await other.card(ref).get_by_role("button", name="Übernehmen").click()
    await expect(one.card(ref)).to_contain_text("Du bist im Urlaub.")


async def test_b5_b6_a_card_is_dragged_and_the_loser_keeps_his_words(
    visits: Visits, arena: ArenaProcess, tokens: dict[str, str]
) -> None:
    (ref,) = await ideas(arena, tokens, "Parkbank", 1)
    # Wide enough for all columns: the tests' mouse does not scroll with a card in its hand.
    one, other = await two(visits, "Parkbank", viewport={"width": 7600, "height": 900})
    visits.expect(other.page, REFUSED)
    await other.card(ref).get_by_role("link", name="Verschieben").click()
    await other.dialog.get_by_label("Ablehnen").check()
    await one.card(ref).drag_to(one.column("returned"))
    await expect(one.dialog.locator("input[value=returned]")).to_be_checked()
    await expect(one.card_in("open", ref)).to_be_visible()
    await one.answer("Bitte die Kosten ergänzen.")
    await expect(one.card_in("returned", ref)).to_be_visible()
    await expect(one.card_in("returned", ref).locator("h3 a")).to_be_focused()

    await other.answer("Meine lange Begründung.")
    alert = other.dialog.get_by_role("alert")
    await expect(alert).to_contain_text("hat die Idee am")
    await expect(alert).to_contain_text("Bitte die Kosten ergänzen.")
    reason = other.dialog.get_by_label("Begründung", exact=True)
    await expect(reason).to_have_value("Meine lange Begründung.")
    await other.dialog.get_by_role("button", name="Mit dem jetzigen Stand ausführen").click()
    await expect(other.dialog).to_be_hidden()


async def test_b5_everything_goes_by_keyboard(
    visits: Visits, arena: ArenaProcess, tokens: dict[str, str]
) -> None:
    first, second = await ideas(arena, tokens, "Zebra", 2)
    board = await BoardPage(await visits.enter("moderator")).open("/board?q=Zebra")
    keys = board.page.keyboard
    await board.card(first).locator("h3 a").focus()
    await keys.press("ArrowDown")
    await expect(board.card(second).locator("h3 a")).to_be_focused()
    await keys.press("Home")
    await expect(board.card(first).locator("h3 a")).to_be_focused()
    await keys.press("Space")
    await expect(board.card(first).locator(".pick input")).to_be_checked()
    await expect(board.page.locator("#many-count")).to_have_text("1 Karte gewählt")
    await keys.press("v")
    await expect(board.dialog.locator("input[name=to]").first).to_be_focused()
    await keys.press("Escape")
    await expect(board.card(first).locator("h3 a")).to_be_focused()
    await keys.press("v")
    await board.dialog.locator("input[value=returned]").focus()
    await keys.press("Space")
    await board.answer("Mit der Tastatur.")
    await expect(board.card_in("returned", first).locator("h3 a")).to_be_focused()
    await keys.press("ArrowLeft")
    await expect(board.card(second).locator("h3 a")).to_be_focused()


async def test_b5_b7_without_scripts_the_list_does_all_of_it(
    visits: Visits, arena: ArenaProcess, tokens: dict[str, str]
) -> None:
    refs = await ideas(arena, tokens, "Hochbeet", 2)
    page = await visits.enter("moderator", java_script_enabled=False)
    await page.goto("/board?view=list&q=Hochbeet")
    for ref in refs:
        await page.locator(f'.board-card[data-ref="{ref}"] .pick input').check()
    await page.locator("#many > summary").click()
    await page.get_by_label("Neue Phase").select_option("returned")
    await page.get_by_label("Begründung für alle").fill("Für beide.")
    await page.get_by_role("button", name="Weiter").click()
    await page.locator("textarea[name=reason]").nth(1).fill("Für die zweite etwas anderes.")
    await page.get_by_role("button", name="Jetzt ausführen").click()
    await expect(page.locator("main")).to_contain_text("2 von 2 ausgeführt")
    async with Api(arena.origin, tokens["moderator"]) as api:
        reasons = [
            (await api.call("GET", f"/ideas/{ref}/stages"))["changes"][-1]["reason"] for ref in refs
        ]
    assert reasons == ["Für beide.", "Für die zweite etwas anderes."]


async def test_b10_two_write_the_notes_together_and_the_author_sees_none_of_it(
    visits: Visits, arena: ArenaProcess, tokens: dict[str, str]
) -> None:
    (ref,) = await ideas(arena, tokens, "Schaukel", 1)
    one = await visits.enter("moderator", f"/ideas/{ref}/notes")
    await one.get_by_role("button", name="Notizen beginnen").click()
    ready = one.locator("#dossier")
    await expect(ready).to_have_attribute("data-ready", "true", timeout=READY_MS)
    other = await visits.enter("moderator-2", f"/ideas/{ref}/notes")
    await expect(other.locator("#dossier")).to_have_attribute(
        "data-ready", "true", timeout=READY_MS
    )
    await one.locator('[data-section="notes"]').click()
    await one.keyboard.type("Wer ruft beim Bezirk an?")
    await expect(other.locator('[data-section="notes"]')).to_contain_text(
        "Wer ruft beim Bezirk an?"
    )
    await expect(one.locator("#connection")).to_have_attribute("data-state", "saved")
    await look_at(one, "board-notes")
    author = await visits.enter("participant", f"/ideas/{ref}")
    await expect(author.locator("main")).not_to_contain_text("Wer ruft")
    visits.expect(author, REFUSED)
    await author.goto(f"/ideas/{ref}/notes")
    await expect(author.locator("main")).to_contain_text("Dafür fehlt Ihnen hier das Recht")


async def test_the_pages_of_the_board_are_accessible_and_fit(
    visits: Visits, arena: ArenaProcess, tokens: dict[str, str]
) -> None:
    first, second = await ideas(arena, tokens, "Klettern", 2)
    async with Api(arena.origin, tokens["moderator"]) as api:
        await api.call("PUT", f"/ideas/{first}/claim")
    page = await visits.enter("moderator-2", "/board")
    await expect(page.locator(".board-card").first).to_be_visible()
    await look_at(page, "board")
    for name, path in (
        ("list", "/board?view=list"),
        ("found", "/board?q=Klettern&open=declined"),
        ("empty", "/board?q=zzzzqqq"),
        ("move", f"/board/move?ref={second}"),
        ("decisions-of-others", "/board/decisions"),
        ("notes-none", f"/ideas/{second}/notes"),
        ("english", "/board?lang=en"),
    ):
        await page.goto(path)
        await look_at(page, f"board-{name}")
    await page.goto("/board?q=Klettern&lang=de")
    await page.locator("#many > summary").click()
    await page.locator(".pick input").first.check()
    await page.get_by_label("Neue Phase").select_option("declined")
    await page.get_by_role("button", name="Weiter").click()
    await look_at(page, "board-many")
    await page.locator("details.fold > summary").click()
    await page.get_by_role("button", name="Vormerken").click()
    await expect(page.locator("main")).to_contain_text("vorgemerkt von")
    await page.get_by_role("button", name="Diese Entscheidung veröffentlichen").click()
    await expect(page.locator("main")).to_contain_text("0 von 1 ausgeführt")
    await look_at(page, "board-results")
    await page.goto("/board/decisions")
    await expect(page.locator("main")).to_contain_text("Beim letzten Mal nicht ausgeführt")
    await look_at(page, "board-decisions")
    visits.expect(page, REFUSED)
    await page.goto(f"/board/move?ref={second}&to=returned")
    await page.get_by_role("button", name="Jetzt verschieben").click()
    await expect(page.locator(".error-summary")).to_be_visible()
    await look_at(page, "board-move-refused")
