/**
 * Joins what is said beside the text with the text: choose a passage and comment on it or ask
 * something of it, go from a comment or a requirement to its passage and back, and see which
 * passages have changed, moved or gone.
 */

import { _ } from "../../messages";
import { say } from "../../status";
import type { Section } from "../text/section";
import { type Anchor, parseAnchor, QUOTE_CHARACTERS_MAX } from "./anchor";
import { choose, dropping } from "./choosing";
import { selectedAnchor } from "./chosen";
import { commentsAt, type Drawing, draw, drawings, seek } from "./highlights";
import { listOrphans, note, type Whereabouts } from "./notes";
import { Offer } from "./offer";
import { type Standing, standingOf } from "./placing";

const SAID = "#comments, #requirements";
const SETTLED_MS = 250;
const SLICE_MS = 8;

export class Talk {
  private readonly composer = document.querySelector<HTMLFormElement>("#composer");
  private readonly seen = new Map<Section, unknown>();
  private sections: readonly Section[] = [];
  private timer: ReturnType<typeof setTimeout> | undefined;

  constructor() {
    const observer = new MutationObserver(() => this.redraw());
    for (const said of document.querySelectorAll(SAID)) {
      observer.observe(said, { childList: true, subtree: true, attributeFilter: ["data-anchor"] });
    }
    document.addEventListener("click", (event) => this.follow(event));
    document.addEventListener("keydown", (event) => this.press(event));
    this.composer?.addEventListener("reset", () => choose(this.composer, null));
    for (const field of document.querySelectorAll<HTMLElement>("[data-passage]")) {
      this.offerPassage(field);
    }
    new Offer({
      canComment: () => Talk.isOpen && selectedAnchor(this.sections) !== null,
      comment: () => this.commentOnSelection(),
      commentsHere: () => this.commentsHere(),
      goTo: (comment) => goTo(comment),
    });
  }

  /** Is there a form to comment with? */
  static get isOpen(): boolean {
    return document.querySelector("#composer [name='anchor']") !== null;
  }

  /** From now on the text is in these editors. */
  serve(sections: readonly Section[]): void {
    this.sections = sections;
    this.redraw();
  }

  /** A section shows something new; places are looked up again when the writing pauses. */
  changed(section: Section): void {
    const { doc } = section.view.state;
    if (this.seen.get(section) === doc) return;
    this.seen.set(section, doc);
    clearTimeout(this.timer);
    this.timer = setTimeout(() => this.redraw(), SETTLED_MS);
  }

  /** Make the selected words the passage of the comment being written, or go to what is said. */
  commentOnSelection(): void {
    const [comment] = document.getSelection()?.isCollapsed ? this.commentsHere() : [];
    if (comment) return goTo(comment);
    if (!this.take(this.composer)) return;
    this.composer?.querySelector<HTMLTextAreaElement>("textarea")?.focus();
    say(_("Textstelle übernommen"));
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
    const anchor = selectedAnchor(this.sections);
    if (!anchor) say(_("Wählen Sie zuerst im Text eine Stelle aus"));
    else if (anchor.quote.length > QUOTE_CHARACTERS_MAX) {
      say(_("Bitte wählen Sie eine kürzere Stelle aus"));
    } else {
      choose(form, anchor);
      return true;
    }
    return false;
  }

  /** Look all places up; in slices, so that nobody who types waits for it. */
  private redraw(): void {
    clearTimeout(this.timer);
    if (this.sections.length === 0) return;
    const anchors = anchorsOnPage();
    const states = new Map(this.sections.map(({ root, view }) => [root, view.state]));
    const before = new Map(
      [...states].flatMap(([root, state]) =>
        drawings(state).map((each) => [`${root} ${each.comment}`, each] as const),
      ),
    );
    const places = new Map<string, Standing | null>();
    const left = anchors.entries();
    const slice = () => {
      const until = performance.now() + SLICE_MS;
      for (const [comment, anchor] of left) {
        places.set(comment, standingOf(anchor, states, before.get(`${anchor.section} ${comment}`)));
        if (performance.now() < until) continue;
        this.timer = setTimeout(slice);
        return;
      }
      // Who typed in the meantime starts it anew.
      if (this.sections.every(({ root, view }) => view.state.doc === states.get(root)?.doc)) {
        this.show(anchors, places);
      }
    };
    slice();
  }

  private show(anchors: ReadonlyMap<string, Anchor>, places: ReadonlyMap<string, Standing | null>) {
    const placed = new Map<string, Drawing[]>();
    const gone = new Set<string>();
    for (const [comment, anchor] of anchors) {
      const place = places.get(comment) ?? null;
      note(comment, whereabouts(anchor, place));
      if (!place) gone.add(comment);
      else placed.set(place.section, [...(placed.get(place.section) ?? []), { ...place, comment }]);
    }
    for (const { root, view } of this.sections) draw(view, placed.get(root) ?? []);
    const said = [...anchors].filter(([id]) => id.startsWith("comment-"));
    listOrphans(new Map(said.map(([id, { quote }]) => [id, quote])), gone);
  }

  /** From the quoted words of a comment to the text, and from the words of the text to it. */
  private follow(event: MouseEvent): void {
    if (!(event.target instanceof Element)) return;
    const link = event.target.closest("[data-anchor-link]");
    const id = link?.closest("[data-anchor]")?.id;
    if (!id) return this.followWords(event.target);
    const wasFound = this.sections.map(({ view }) => seek(view, id)).some(Boolean);
    if (!wasFound) return;
    event.preventDefault();
    document.querySelector(".commented.is-sought")?.scrollIntoView({ block: "center" });
  }

  /** Who writes sets the cursor with a click and has the bar; who reads is taken there. */
  private followWords(target: Element): void {
    const comment = target.closest<HTMLElement>(".commented")?.dataset.comment;
    const isWriting = target.closest("[contenteditable='true']") !== null;
    if (comment && !isWriting && document.getSelection()?.isCollapsed !== false) goTo(comment);
  }

  private press(event: KeyboardEvent): void {
    const { target, key, code, ctrlKey, metaKey, altKey } = event;
    if (event.defaultPrevented || !(target instanceof HTMLElement)) return;
    if (key === "Enter" && target.matches(".commented[tabindex]")) {
      event.preventDefault();
      return this.followWords(target);
    }
    if (!(code === "KeyM" && altKey && (ctrlKey || metaKey)) || !Talk.isOpen) return;
    event.preventDefault();
    this.commentOnSelection();
  }

  private commentsHere(): string[] {
    const selection = document.getSelection();
    const node = selection?.focusNode;
    const section = this.sections.find(({ view }) => node && view.dom.contains(node));
    if (!section || !node || !selection) return [];
    const { view } = section;
    return commentsAt(view.state, view.posAtDOM(node, selection.focusOffset));
  }
}

/** Show a comment and let the keyboard go on from there. */
function goTo(comment: string): void {
  const said = document.getElementById(comment);
  if (!said) return;
  for (
    let fold = said.closest("details");
    fold;
    fold = fold.parentElement?.closest("details") ?? null
  ) {
    fold.open = true;
  }
  said.focus({ preventScroll: true });
  said.scrollIntoView({ block: "center" });
}

function whereabouts({ section }: Anchor, place: Standing | null): Whereabouts {
  if (!place) return "gone";
  if (!place.isSame) return "changed";
  return place.section === section ? "here" : "moved";
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
