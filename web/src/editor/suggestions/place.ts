/**
 * Where the passage of a suggestion stands now; the same rule as the server's, by which it is
 * accepted (collab/sync/suggesting/passages.py). What stands there twice alike is not guessed.
 */

import { sameAfter, sameBefore } from "../anchors/letters";
import type { Range, Words } from "../anchors/passage";

// As in collab/sync/suggesting/passages.py.
export const QUOTE_CHARACTERS_MAX = 5000;
export const CONTEXT_CHARACTERS = 64;
const ALIKE_CHARACTERS_MIN = 12;
const EDGE_CHARACTERS = 6;
const TELLING_CHARACTERS = 24;

/** A point is looked for only where so much of one side still stands. */
const NEIGHBOUR_CHARACTERS = 6;

export interface Passage {
  readonly quote: string;
  readonly prefix: string;
  readonly suffix: string;
}

/** The index of the passage's first character in the text; null if it is gone or in doubt. */
export function findPassage(text: string, passage: Passage): number | null {
  const quote = inOneLine(passage.quote);
  const around = { prefix: inOneLine(passage.prefix), suffix: inOneLine(passage.suffix) };
  const places = quote ? occurrences(text, quote) : points(text, around);
  let best = -1;
  let meant: number[] = [];
  for (const at of places) {
    const score = alike(text, at, at + quote.length, around);
    if (score > best) meant = [];
    best = Math.max(best, score);
    if (score === best) meant.push(at);
  }
  const [only] = meant;
  if (only === undefined || meant.length > 1) return null;
  const isTelling = quote.length >= TELLING_CHARACTERS && places.length === 1;
  const { prefix, suffix } = around;
  const wanted = Math.min(ALIKE_CHARACTERS_MIN, (prefix.length + suffix.length) >> 1);
  if (best < wanted && !isTelling) return null;
  return !quote && !prefix && !suffix && text.trim() ? null : only;
}

/** The positions in the document of `length` characters from `index` on. */
export function rangeAt(words: Words, index: number, length: number, end: number): Range {
  const from = positionOf(words, index, end);
  const last = words.at[index + length - 1];
  return { from, to: length && last !== undefined ? last + 1 : from };
}

/** A point behind a character, or before the first of a block. */
function positionOf(words: Words, index: number, end: number): number {
  const before = words.at[index - 1];
  const at = words.at[index];
  if (before === undefined) return at ?? Math.min(1, end);
  // A break between blocks has the place of the block behind it: the point ends the one before.
  return words.text[index - 1] !== " " || at === undefined ? before + 1 : at;
}

function inOneLine(text: string): string {
  return text.replaceAll("\n", " ");
}

function occurrences(text: string, wanted: string): number[] {
  const found: number[] = [];
  for (let at = text.indexOf(wanted); at >= 0; at = text.indexOf(wanted, at + 1)) found.push(at);
  return found;
}

function points(text: string, { prefix, suffix }: { prefix: string; suffix: string }): number[] {
  const found = new Set([0, text.length]);
  const before = prefix.slice(-NEIGHBOUR_CHARACTERS);
  const after = suffix.slice(0, NEIGHBOUR_CHARACTERS);
  if (before) for (const at of occurrences(text, before)) found.add(at + before.length);
  if (after) for (const at of occurrences(text, after)) found.add(at);
  return [...found];
}

function alike(
  text: string,
  start: number,
  end: number,
  { prefix, suffix }: { prefix: string; suffix: string },
): number {
  const before = sameBefore(text, start, prefix);
  const after = sameAfter(text, end, suffix);
  const atStart = before === prefix.length && before === start ? EDGE_CHARACTERS : 0;
  const atEnd = after === suffix.length && after === text.length - end ? EDGE_CHARACTERS : 0;
  return before + after + atStart + atEnd;
}
