/** The words of a text in a row with their places, and finding a quoted passage among them. */

import type { Node } from "prosemirror-model";
import { find, type Span } from "./finding";
import { firstFrom, Letters, sameAfter, sameBefore } from "./letters";

/** Each character of the text and its position in the document; blocks are parted by a space. */
export interface Words {
  readonly text: string;
  readonly at: readonly number[];
  readonly letters: Letters;
}

export interface Range {
  readonly from: number;
  readonly to: number;
}

export interface Quoted {
  readonly quote: string;
  readonly prefix: string;
  readonly suffix: string;
}

export interface Place extends Range {
  /** Are these still the quoted words, or were they changed inside? */
  readonly isSame: boolean;
  /** Is it where the passage was known to stand, or was it looked for? */
  readonly isKnown: boolean;
}

const read = new WeakMap<Node, Words>();

/** The words of a document, read once however many ask. */
export function wordsOf(doc: Node): Words {
  const known = read.get(doc);
  if (known) return known;
  const words = wordsIn(doc);
  read.set(doc, words);
  return words;
}

function wordsIn(doc: Node): Words {
  let text = "";
  const at: number[] = [];
  const add = (characters: string, position: number, step: number) => {
    for (let i = 0; i < characters.length; i += 1) at.push(position + i * step);
    text += characters;
  };
  doc.descendants((node, position) => {
    if (node.isTextblock && text) add(" ", position, 0);
    else if (node.isText) add(node.text ?? "", position, 1);
    else if (node.isInline) add(" ", position, 0);
  });
  return { text, at, letters: new Letters(text) };
}

/** The words in the range, with what stands before and after them. */
export function quoted(words: Words, range: Range, context_characters: number): Quoted {
  const first = indexAt(words, range.from);
  const last = indexAt(words, range.to);
  return {
    quote: words.text.slice(first, last),
    prefix: words.text.slice(Math.max(first - context_characters, 0), first),
    suffix: words.text.slice(last, last + context_characters),
  };
}

/** The range without spaces at its ends. */
export function trimmed(words: Words, range: Range): Range | null {
  let first = indexAt(words, range.from);
  let last = indexAt(words, range.to);
  while (first < last && words.text[first]?.trim() === "") first += 1;
  while (first < last && words.text[last - 1]?.trim() === "") last -= 1;
  return rangeOf(words, first, last);
}

/** Where the quoted words stand, of several places near `known`, where they stood just now. */
export function findQuote(
  words: Words,
  wanted: Quoted,
  known: readonly Range[] = [],
  near: number | null = null,
): Place | null {
  const spans = known.map((range) => spanOf(words, range)).filter(isSpan);
  const place = near === null ? null : indexAt(words, near);
  const found = find(words.letters, wanted, spans, place);
  const range = found && rangeOf(words, found.first, found.last);
  return found && range ? { ...range, isSame: found.isSame, isKnown: found.isKnown } : null;
}

/** Carries places over a change of which nothing is known but the text before and after it. */
export function carrying(before: Words, after: Words): (range: Range) => Range | null {
  const moved = moving(before.text, after.text);
  return ({ from, to }) =>
    rangeOf(after, moved(indexAt(before, from)).index, moved(indexAt(before, to)).index);
}

/** Where the index of a text lies in another; in doubt where only what is around both is alike. */
export function moving(old: string, fresh: string) {
  const shortest = Math.min(old.length, fresh.length);
  const head = sameAfter(fresh, 0, old);
  const tail = Math.min(sameBefore(fresh, fresh.length, old), shortest - head);
  return (index: number): { index: number; isInDoubt: boolean } => {
    if (index <= head) return { index, isInDoubt: false };
    const fromEnd = old.length - index;
    if (fromEnd <= tail) return { index: fresh.length - fromEnd, isInDoubt: false };
    return { index: head, isInDoubt: true };
  };
}

function spanOf(words: Words, { from, to }: Range): Span {
  return { first: indexAt(words, from), last: indexAt(words, to) };
}

function isSpan({ first, last }: Span): boolean {
  return first < last;
}

function rangeOf(words: Words, first: number, last: number): Range | null {
  const from = words.at[first];
  const end = words.at[last - 1];
  return from === undefined || end === undefined || last <= first ? null : { from, to: end + 1 };
}

/** The index of the first character at or after a position. */
export function indexAt({ at }: Words, position: number): number {
  return firstFrom(at.length, (index) => (at[index] ?? 0) >= position);
}
