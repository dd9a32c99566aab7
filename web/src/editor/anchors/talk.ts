/**
 * Joins comments and text on the page: choose a passage and comment on it, go from a comment to
 * its passage, and see which passages have changed.
 */

import { _ } from "../../messages";
import { say } from "../../status";
import type { Section } from "../text/section";
import { type Anchor, anchorFor, parseAnchor, QUOTE_CHARACTERS_MAX } from "./anchor";
import { draw, drawnKeys, seek } from "./highlights";

export class Talk {
  private readonly composer = document.querySelector<HTMLFormElement>("#composer");

  constructor(private readonly sections: readonly Section[]) {
    const comments = document.getElementById("comments");
    if (comments) {
      const observer = new MutationObserver(() => this.redraw());
      observer.observe(comments, { childList: true, subtree: true });
    }
    document.addEventListener("click", (event) => this.follow(event));
    this.composer?.addEventListener("reset", () => this.choose(null));
    this.redraw();
  }

  /** Is there a form to comment with? */
  static get isOpen(): boolean {
    return document.querySelector("#composer [name='anchor']") !== null;
  }

  /** Make the selected words the passage of the comment being written. */
  commentOnSelection(): void {
    const anchor = this.selected();
    if (!anchor) return say(_("Wählen Sie zuerst im Text eine Stelle aus"));
    if (anchor.quote.length > QUOTE_CHARACTERS_MAX) {
      return say(_("Bitte wählen Sie eine kürzere Stelle aus"));
    }
    this.choose(anchor);
    this.composer?.querySelector<HTMLTextAreaElement>("textarea")?.focus();
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

  private choose(anchor: Anchor | null): void {
    const field = this.composer?.querySelector<HTMLInputElement>("[name='anchor']");
    const quote = this.composer?.querySelector<HTMLElement>("[data-anchor-quote]");
    if (!field || !quote) return;
    field.value = anchor ? JSON.stringify(anchor) : "";
    quote.hidden = anchor === null;
    quote.textContent = anchor?.quote ?? "";
    if (anchor) quote.append(" ", this.dropping());
  }

  private dropping(): HTMLButtonElement {
    const button = document.createElement("button");
    button.type = "button";
    button.className = "button quiet small";
    button.textContent = _("Ohne Textstelle");
    button.addEventListener("click", () => {
      this.choose(null);
      this.composer?.querySelector<HTMLTextAreaElement>("textarea")?.focus();
    });
    return button;
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

function anchorsOnPage(): Map<string, Anchor> {
  const anchors = new Map<string, Anchor>();
  for (const comment of document.querySelectorAll<HTMLElement>("#comments [data-anchor][id]")) {
    const anchor = parseAnchor(comment.dataset.anchor ?? "");
    if (anchor) anchors.set(comment.id, anchor);
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
