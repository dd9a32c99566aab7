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
import { findQuote, type Quoted, quoted, type Range, trimmed, wordsOf } from "./passage";

// As in collab/process/talk/comments.py.
export const QUOTE_CHARACTERS_MAX = 500;
const CONTEXT_CHARACTERS = 64;

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
  const from = decoded(state, anchor.start);
  const to = decoded(state, anchor.end);
  const words = wordsOf(state.doc);
  if (from !== null && to !== null && from < to) {
    if (quoted(words, { from, to }, 0).quote === anchor.quote) return { from, to };
  }
  return findQuote(words, anchor, from);
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

function decoded(state: EditorState, position: string): number | null {
  const { doc, type, binding } = ySyncPluginKey.getState(state);
  try {
    const relative = Y.decodeRelativePosition(base64.fromBase64(position));
    return relativePositionToAbsolutePosition(doc, type, relative, binding.mapping);
  } catch {
    return null;
  }
}
