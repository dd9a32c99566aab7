/**
 * Joins what is said beside the text with the text: choose a passage and comment on it or ask
 * something of it, go from a comment or a requirement to its passage, and see which passages have
 * changed.
 */

import { _ } from "../../messages";
import { say } from "../../status";
import type { Section } from "../text/section";
import { type Anchor, anchorFor, parseAnchor, QUOTE_CHARACTERS_MAX } from "./anchor";
import { draw, drawnKeys, seek } from "./highlights";

const SAID = "#comments, #requirements";

export class Talk {
  private readonly composer = document.querySelector<HTMLFormElement>("#composer");

  constructor(private readonly sections: readonly Section[]) {
    const observer = new MutationObserver(() => this.redraw());
    for (const said of document.querySelectorAll(SAID)) {
      observer.observe(said, { childList: true, subtree: true });
    }
    document.addEventListener("click", (event) => this.follow(event));
    this.composer?.addEventListener("reset", () => choose(this.composer, null));
    for (const field of document.querySelectorAll<HTMLElement>("[data-passage]")) {
      this.offerPassage(field);
    }
    this.redraw();
  }

  /** Is there a form to comment with? */
  static get isOpen(): boolean {
    return document.querySelector("#composer [name='anchor']") !== null;
  }

  /** Make the selected words the passage of the comment being written. */
  commentOnSelection(): void {
    if (!this.take(this.composer)) return;
    this.composer?.querySelector<HTMLTextAreaElement>("textarea")?.focus();
  }

  /** Let a form take the selected words; the button must not take the selection away. */
  private offerPassage(field: HTMLElement): void {
    const button = field.querySelector("[data-take-passage]");
    field.hidden = false;
    button?.addEventListener("mousedown", (event) => event.preventDefault());
    button?.addEventListener("click", () => this.take(field));
    field.closest("form")?.addEventListener("reset", () => choose(field, null));
    const quote = field.querySelector<HTMLElement>("[data-anchor-quote]:not([hidden])");
    quote?.append(" ", dropping(field));
  }

  /** Put the selected words into the form; says what is wrong if that cannot be done. */
  private take(form: HTMLElement | null): boolean {
    const anchor = this.selected();
    if (!anchor) say(_("Wählen Sie zuerst im Text eine Stelle aus"));
    else if (anchor.quote.length > QUOTE_CHARACTERS_MAX) {
      say(_("Bitte wählen Sie eine kürzere Stelle aus"));
    } else {
      choose(form, anchor);
      return true;
    }
    return false;
  }

  private selected(): Anchor | null {
    const selection = document.getSelection();
    if (!selection || selection.rangeCount === 0 || selection.isCollapsed) return null;
    const range = selection.getRangeAt(0);
    const section = this.sections.find(({ view }) =>
      view.dom.contains(range.commonAncestorContainer),
    );
    if (!section) return null;
    const { view } = section;
    const from = view.posAtDOM(range.startContainer, range.startOffset);
    const to = view.posAtDOM(range.endContainer, range.endOffset);
    return anchorFor(section.root, view.state, { from, to });
  }

  private redraw(): void {
    const anchors = anchorsOnPage();
    for (const section of this.sections) {
      const own = [...anchors].filter(([, anchor]) => anchor.section === section.root);
      draw(section.view, new Map(own));
    }
    const found = new Set(this.sections.flatMap(({ view }) => [...drawnKeys(view.state)]));
    for (const id of anchors.keys()) markLost(id, !found.has(id));
  }

  /** A click on the quoted words of a comment leads to the words in the text. */
  private follow(event: MouseEvent): void {
    if (!(event.target instanceof Element)) return;
    const link = event.target.closest("[data-anchor-link]");
    const id = link?.closest("[data-anchor]")?.id;
    const wasFound = id && this.sections.map(({ view }) => seek(view, id)).some(Boolean);
    if (!wasFound) return;
    event.preventDefault();
    document.querySelector(".commented.is-sought")?.scrollIntoView({ block: "center" });
  }
}

/** Make `anchor` the passage of what is being written, or none. */
function choose(form: HTMLElement | null, anchor: Anchor | null): void {
  const field = form?.querySelector<HTMLInputElement>("input[type='hidden'][name$='anchor']");
  const quote = form?.querySelector<HTMLElement>("[data-anchor-quote]");
  if (!form || !field || !quote) return;
  field.value = anchor ? JSON.stringify(anchor) : "";
  quote.hidden = anchor === null;
  quote.textContent = anchor?.quote ?? "";
  if (anchor) quote.append(" ", dropping(form));
}

function dropping(form: HTMLElement): HTMLButtonElement {
  const button = document.createElement("button");
  button.type = "button";
  button.className = "button quiet small";
  button.textContent = _("Ohne Textstelle");
  button.addEventListener("click", () => {
    choose(form, null);
    form.closest("form")?.querySelector<HTMLTextAreaElement>("textarea")?.focus();
  });
  return button;
}

function anchorsOnPage(): Map<string, Anchor> {
  const anchors = new Map<string, Anchor>();
  const found = document.querySelectorAll<HTMLElement>(`:is(${SAID}) [data-anchor][id]`);
  for (const said of found) {
    const anchor = parseAnchor(said.dataset.anchor ?? "");
    if (anchor) anchors.set(said.id, anchor);
  }
  return anchors;
}

/** Say beside the quotation that its words are no longer in the text. */
function markLost(id: string, isLost: boolean): void {
  const quote = document.getElementById(id)?.querySelector(".comment-quote");
  const said = quote?.querySelector("[data-anchor-lost]");
  if (!isLost) return said?.remove();
  if (!quote || said) return;
  const note = document.createElement("small");
  note.dataset.anchorLost = "";
  note.textContent = _("Diese Textstelle wurde geändert.");
  quote.append(" ", note);
}
