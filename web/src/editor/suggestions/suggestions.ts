/**
 * Suggested wording on the page of an idea: draws what people suggest into the text, opens its card
 * at the words, and lets somebody suggest other words for those he has selected.
 */

import { morphChildren } from "../../live/morph";
import { _ } from "../../messages";
import { say } from "../../status";
import { refreshTimes } from "../../times";
import { quoted, wordsOf } from "../anchors/passage";
import type { Section } from "../text/section";
import { fetchCards } from "./cards";
import { drawSuggestions, type Suggestion, showSuggestions } from "./drawn";
import { CONTEXT_CHARACTERS, QUOTE_CHARACTERS_MAX } from "./place";

export class Suggestions {
  private readonly card = document.querySelector<HTMLElement>("#suggested");
  private readonly cards = document.querySelector<HTMLElement>("#suggested [data-cards]");
  private readonly dialog = document.querySelector<HTMLDialogElement>("#suggest");
  private turn = 0;
  private opener: HTMLElement | null = null;
  /** The section whose words the open card is about. */
  private section: string | null = null;
  private open: ReadonlySet<string> = new Set();

  constructor(private readonly sections: readonly Section[]) {
    const line = document.querySelector("#suggestions");
    const observer = new MutationObserver(() => void this.fetch());
    if (line) observer.observe(line, { attributes: true, childList: true, subtree: true });
    document.addEventListener("click", (event) => this.click(event));
    document.addEventListener("keydown", (event) => this.press(event));
    this.dialog?.querySelector("form")?.addEventListener("reset", () => this.dialog?.close());
    void this.fetch();
  }

  /** Is there a form to suggest with? */
  static get isOpen(): boolean {
    return document.querySelector("#suggest") !== null;
  }

  /** Ask for other words for the selected ones, or for words at the caret. */
  suggestForSelection(): void {
    const form = this.dialog?.querySelector("form");
    const found = this.selected();
    if (!form || !this.dialog) return;
    if (!found) return say(_("Wählen Sie zuerst im Text eine Stelle aus"));
    const { passage, section, text } = found;
    if (passage.quote.length > QUOTE_CHARACTERS_MAX) {
      return say(_("Bitte wählen Sie eine kürzere Stelle aus"));
    }
    const field = (name: string) => form.elements.namedItem(name) as HTMLInputElement;
    field("section").value = section;
    field("passage").value = JSON.stringify(passage);
    field("text").value = text;
    const quote = form.querySelector<HTMLElement>("[data-quote]");
    if (quote) {
      quote.textContent = text;
      quote.hidden = text === "";
    }
    this.dialog.showModal();
    field("text").focus();
  }

  /** Open the card of the next suggestion behind the caret, round and round. */
  toNext(): void {
    const drawn = [...document.querySelectorAll<HTMLElement>("button[data-suggested]")];
    const place = document.getSelection()?.anchorNode ?? null;
    const isBehind = (button: HTMLElement) =>
      place !== null &&
      (place.compareDocumentPosition(button) & Node.DOCUMENT_POSITION_FOLLOWING) !== 0;
    const at = this.opener ? drawn.findIndex((each) => isSame(each, this.opener)) : -1;
    const next = at >= 0 ? drawn[(at + 1) % drawn.length] : (drawn.find(isBehind) ?? drawn[0]);
    if (next) this.show(next);
    else say(_("Hier gibt es keine offenen Vorschläge."));
  }

  /** Of several fetches at once the one that began last counts. */
  private async fetch(): Promise<void> {
    this.turn += 1;
    const { turn } = this;
    const fresh = this.card && (await fetchCards(this.card.dataset.from ?? ""));
    if (!fresh || !this.cards || turn !== this.turn) return;
    const hadFocus = this.hasFocus();
    morphChildren(this.cards, fresh.body);
    refreshTimes(this.cards);
    const all = suggestionsIn(this.cards);
    for (const { root, view } of this.sections) {
      drawSuggestions(
        view,
        all.filter(({ section }) => section === root),
      );
    }
    const left = [...this.open].filter((id) => all.some((each) => each.id === id));
    // Somebody has decided: who is in the card goes back to the text, who is elsewhere stays there.
    if (this.open.size > 0 && left.length === 0) this.hide(hadFocus);
    else if (this.open.size > 0) this.reveal(left[0] ?? "");
  }

  private click(event: MouseEvent): void {
    if (!(event.target instanceof Element)) return;
    if (event.target.closest("#suggest [data-close]")) return this.dialog?.close();
    if (event.target.closest("#suggested [data-close]")) return this.hide();
    const drawn = event.target.closest<HTMLElement>("[data-suggested]");
    if (drawn) this.show(drawn);
    else if (!event.target.closest("#suggested") && this.open.size > 0) this.hide(false);
  }

  private press(event: KeyboardEvent): void {
    if (event.key === "Escape" && this.open.size > 0) return this.hide(this.hasFocus());
    if (!(event.ctrlKey || event.metaKey) || !event.altKey || event.repeat) return;
    const deed = { v: () => this.suggestForSelection(), j: () => this.toNext() }[event.key];
    if (!deed) return;
    event.preventDefault();
    deed();
  }

  /** Open the card of a drawn suggestion, with those that compete with it. */
  private show(drawn: HTMLElement): void {
    if (!this.card) return;
    const id = drawn.dataset.suggested ?? "";
    this.opener = drawn;
    this.section = drawn.closest<HTMLElement>("[data-section]")?.dataset.section ?? null;
    this.card.hidden = false;
    this.reveal(id);
    this.place(drawn);
    this.card.focus({ preventScroll: true });
    this.card.scrollIntoView({ block: "nearest" });
  }

  private reveal(id: string): void {
    const group = document.getElementById(`suggestion-${id}`)?.closest(".drawn-group");
    for (const each of this.cards?.querySelectorAll<HTMLElement>(".drawn-group") ?? []) {
      each.hidden = each !== group;
    }
    this.open = new Set(suggestionsIn(group).map((each) => each.id));
    for (const { view } of this.sections) showSuggestions(view, this.open);
  }

  private place(drawn: HTMLElement): void {
    const around = this.card?.offsetParent?.getBoundingClientRect();
    if (!this.card || !around) return;
    const here = drawn.getBoundingClientRect();
    this.card.style.setProperty("--at-block", `${here.bottom - around.top + 4}px`);
    this.card.style.setProperty("--at-inline", `${Math.max(0, here.left - around.left)}px`);
  }

  private hide(givesFocusBack = true): void {
    if (!this.card) return;
    const id = this.opener?.dataset.suggested;
    this.card.hidden = true;
    this.open = new Set();
    this.opener = null;
    for (const { view } of this.sections) showSuggestions(view, this.open);
    if (!givesFocusBack) return;
    const drawn = document.querySelector<HTMLElement>(`button[data-suggested="${id}"]`);
    if (drawn) drawn.focus();
    else this.sections.find(({ root }) => root === this.section)?.focus();
  }

  private hasFocus(): boolean {
    return this.card?.contains(document.activeElement) === true;
  }

  private selected() {
    const selection = document.getSelection();
    if (!selection || selection.rangeCount === 0) return null;
    const range = selection.getRangeAt(0);
    const section = this.sections.find(({ view }) =>
      view.dom.contains(range.commonAncestorContainer),
    );
    if (!section) return null;
    const { view, root } = section;
    const from = view.posAtDOM(range.startContainer, range.startOffset);
    const to = view.posAtDOM(range.endContainer, range.endOffset);
    const passage = quoted(wordsOf(view.state.doc), { from, to }, CONTEXT_CHARACTERS);
    return { section: root, passage, text: view.state.doc.textBetween(from, to, "\n", "\n") };
  }
}

function isSame(one: HTMLElement, other: HTMLElement | null): boolean {
  return one.dataset.suggested === other?.dataset.suggested;
}

function suggestionsIn(group: Element | null | undefined): Suggestion[] {
  const found = group?.querySelectorAll<HTMLElement>("[data-suggestion][id]") ?? [];
  return [...found].map((card) => {
    const data = JSON.parse(card.dataset.suggestion ?? "{}") as Omit<Suggestion, "id" | "label">;
    const id = card.id.slice("suggestion-".length);
    return { ...data, id, label: card.getAttribute("aria-label") ?? "" };
  });
}
