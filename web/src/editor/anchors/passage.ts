/** The words of a text in a row with their places, and finding a quoted passage among them. */

import type { Node } from "prosemirror-model";

/** Each character of the text and its position in the document; blocks are parted by a space. */
export interface Words {
  readonly text: string;
  readonly at: readonly number[];
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

export function wordsOf(doc: Node): Words {
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
  return { text, at };
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

/**
 * Where the quoted words stand now; null if they are gone. Of several places the one with the
 * most of the old surroundings counts, then the one nearest to `near`.
 */
export function findQuote(words: Words, wanted: Quoted, near: number | null): Range | null {
  let best: { range: Range; score: number } | null = null;
  const { quote } = wanted;
  for (
    let first = quote ? words.text.indexOf(quote) : -1;
    first >= 0;
    first = words.text.indexOf(quote, first + 1)
  ) {
    const range = rangeOf(words, first, first + quote.length);
    if (!range) continue;
    const distance = near === null ? 0 : Math.abs(range.from - near) / (words.text.length + 1);
    const score = surroundings(words.text, first, wanted) - distance;
    if (!best || score > best.score) best = { range, score };
  }
  return best?.range ?? null;
}

/** How many characters before and after are still the same. */
function surroundings(text: string, first: number, { quote, prefix, suffix }: Quoted): number {
  const end = first + quote.length;
  let same = 0;
  while (same < prefix.length && text[first - 1 - same] === prefix.at(-1 - same)) same += 1;
  let after = 0;
  while (after < suffix.length && text[end + after] === suffix[after]) after += 1;
  return same + after;
}

function rangeOf(words: Words, first: number, last: number): Range | null {
  const from = words.at[first];
  const end = words.at[last - 1];
  return from === undefined || end === undefined || last <= first ? null : { from, to: end + 1 };
}

/** The index of the first character at or after a position. */
function indexAt(words: Words, position: number): number {
  const index = words.at.findIndex((each) => each >= position);
  return index < 0 ? words.text.length : index;
}
