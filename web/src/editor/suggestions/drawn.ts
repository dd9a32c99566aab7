/**
 * Draws suggested wording into the text: what would go as `<del>`, what would come as `<ins>` with
 * a button that opens the card. It is never part of the document.
 */

import { type EditorState, Plugin, PluginKey } from "prosemirror-state";
import { Decoration, DecorationSet, type EditorView } from "prosemirror-view";
import { ySyncPluginKey } from "y-prosemirror";
import { _ } from "../../messages";
import { wordsOf } from "../anchors/passage";
import { findPassage, type Passage, rangeAt } from "./place";

export interface Suggestion {
  readonly id: string;
  readonly section: string;
  /** The new words; none if the passage would only go. */
  readonly text: string;
  readonly passage: Passage;
  /** Whose it is, for those who hear it. */
  readonly label: string;
}

/** Suggestions of one section that meet in the same words have one card. */
interface Drawn {
  suggestions: readonly Suggestion[];
  shown: ReadonlySet<string>;
  decorations: DecorationSet;
}

type Wish = Partial<Pick<Drawn, "suggestions" | "shown">>;

const key = new PluginKey<Drawn>("suggestions");

export function suggestionsDrawn(): Plugin<Drawn> {
  return new Plugin<Drawn>({
    key,
    state: {
      init: () => ({ suggestions: [], shown: new Set(), decorations: DecorationSet.empty }),
      apply: (tr, before, _old, state) => {
        const wish = tr.getMeta(key) as Wish | undefined;
        if (wish) return drawn({ ...before, ...wish }, state);
        if (!tr.docChanged || before.suggestions.length === 0) return before;
        // A change of others replaces the whole text in ProseMirror, so mapping is of no use.
        const isForeign = ySyncPluginKey.getState(state)?.isChangeOrigin === true;
        if (isForeign) return drawn(before, state);
        return { ...before, decorations: before.decorations.map(tr.mapping, tr.doc) };
      },
    },
    props: { decorations: (state) => key.getState(state)?.decorations },
  });
}

/** Draw these suggestions from now on. */
export function drawSuggestions(view: EditorView, suggestions: readonly Suggestion[]): void {
  wish(view, { suggestions });
}

/** Point out those whose card is open. */
export function showSuggestions(view: EditorView, shown: ReadonlySet<string>): void {
  wish(view, { shown });
}

function wish(view: EditorView, wished: Wish): void {
  view.dispatch(view.state.tr.setMeta(key, wished).setMeta("addToHistory", false));
}

function drawn({ suggestions, shown }: Omit<Drawn, "decorations">, state: EditorState): Drawn {
  const words = wordsOf(state.doc);
  const decorations: Decoration[] = [];
  for (const suggestion of suggestions) {
    const { quote } = suggestion.passage;
    const index = findPassage(words.text, suggestion.passage);
    if (index === null) continue;
    const { from, to } = rangeAt(words, index, quote.length, state.doc.content.size);
    const isShown = shown.has(suggestion.id);
    if (from < to) decorations.push(Decoration.inline(from, to, gone(suggestion, isShown)));
    const id = `suggestion-${suggestion.id}-${suggestion.text}-${isShown}`;
    const options = { key: id, side: 1, ignoreSelection: true, stopEvent: () => true };
    decorations.push(Decoration.widget(to, () => coming(suggestion, isShown), options));
  }
  return { suggestions, shown, decorations: DecorationSet.create(state.doc, decorations) };
}

function gone({ id }: Suggestion, isShown: boolean): Record<string, string> {
  const look = isShown ? "suggested-del is-shown" : "suggested-del";
  return { nodeName: "del", class: look, "data-suggested": id };
}

function coming({ id, text, label }: Suggestion, isShown: boolean): HTMLElement {
  const button = document.createElement("button");
  button.type = "button";
  button.className = isShown ? "suggested-ins is-shown" : "suggested-ins";
  button.dataset.suggested = id;
  button.setAttribute("aria-expanded", String(isShown));
  button.setAttribute("aria-controls", "suggested");
  button.title = label;
  if (!text) {
    button.setAttribute("aria-label", `${_("streichen")}: ${label}`);
    button.textContent = "⌫";
    button.contentEditable = "false";
    return button;
  }
  button.textContent = text;
  const around = document.createElement("ins");
  around.contentEditable = "false";
  around.append(button);
  return around;
}
