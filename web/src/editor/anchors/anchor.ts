/**
 * An anchor ties a comment to a passage: two positions that travel with the text, and the words
 * themselves. Positions alone are lost when a paragraph becomes a heading or is moved; then the
 * words find the place again.
 */

import * as base64 from "lib0/buffer";
import type { EditorState } from "prosemirror-state";
import {
  absolutePositionToRelativePosition,
  relativePositionToAbsolutePosition,
  ySyncPluginKey,
} from "y-prosemirror";
import * as Y from "yjs";
import {
  findQuote,
  type Place,
  type Quoted,
  quoted,
  type Range,
  trimmed,
  wordsOf,
} from "./passage";

// As in collab/process/talk/comments.py.
export const QUOTE_CHARACTERS_MAX = 500;
export const CONTEXT_CHARACTERS = 64;

export interface Anchor extends Quoted {
  readonly section: string;
  /** Relative positions of Yjs in base64; opaque to the server. */
  readonly start: string;
  readonly end: string;
}

/** The anchor for a range of a section; null if there are no words in it. */
export function anchorFor(section: string, state: EditorState, range: Range): Anchor | null {
  const words = wordsOf(state.doc);
  const exact = trimmed(words, range);
  if (!exact) return null;
  return {
    section,
    start: encoded(state, exact.from),
    end: encoded(state, exact.to),
    ...quoted(words, exact, CONTEXT_CHARACTERS),
  };
}

/** Where the anchored passage stands now; null if its words are no longer in the section. */
export function placeOf(anchor: Anchor, state: EditorState): Range | null {
  const place = placed(anchor, state);
  return place && { from: place.from, to: place.to };
}

/**
 * As `placeOf`, and whether the words were changed inside. `before` is where the passage stood a
 * moment ago, if somebody knows: positions are lost when a paragraph becomes a heading.
 */
export function placed(anchor: Anchor, state: EditorState, before?: Range): Place | null {
  const from = decoded(state, anchor.start);
  const to = decoded(state, anchor.end);
  const known = from !== null && to !== null && from < to ? [{ from, to }] : [];
  return findQuote(wordsOf(state.doc), anchor, before ? [...known, before] : known, from);
}

/** The anchor in an attribute of the page; null if it is none. */
export function parseAnchor(text: string): Anchor | null {
  try {
    const found = JSON.parse(text) as Partial<Anchor> | null;
    if (typeof found?.section !== "string" || typeof found.quote !== "string") return null;
    const { section, quote, start = "", end = "", prefix = "", suffix = "" } = found;
    return { section, quote, start, end, prefix, suffix };
  } catch {
    return null;
  }
}

function encoded(state: EditorState, position: number): string {
  const { type, binding } = ySyncPluginKey.getState(state);
  const relative = absolutePositionToRelativePosition(position, type, binding.mapping);
  return base64.toBase64(Y.encodeRelativePosition(relative));
}

/** A passage that was quoted in a form without an editor has no positions. */
function decoded(state: EditorState, position: string): number | null {
  if (!position) return null;
  const { doc, type, binding } = ySyncPluginKey.getState(state);
  try {
    const relative = Y.decodeRelativePosition(base64.fromBase64(position));
    return relativePositionToAbsolutePosition(doc, type, relative, binding.mapping);
  } catch {
    return null;
  }
}
