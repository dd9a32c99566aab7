/**
 * Where most of a quoted passage stands when it was changed inside: its words in their order,
 * laid against the words of the text. At least half of its letters must still be there.
 */

import type { Found, Span } from "./finding";
import {
  denseOf,
  isLetter,
  kept,
  type Letters,
  PART_CHARACTERS,
  type Word,
  wordsIn,
} from "./letters";
import type { Quoted } from "./passage";

const WINDOWS_MAX = 4;
const CONTEXT_CHARACTERS = 8;
const CONTEXT_CHARACTERS_MIN = 4;
const CONTEXTS_MAX = 8;
const GAP_WORDS = 8;
const EXTENSION_CHARACTERS_MIN = 12;
const ALONE_CHARACTERS = 16;
const ALONE_WORDS = 3;

interface Pair {
  /** The number of the word in the quotation and in the text, and how many letters are kept. */
  readonly quoted: number;
  readonly word: number;
  readonly letters: number;
}

interface Laid extends Found {
  readonly letters: number;
  readonly words: number;
}

/** What is left of the passage where it is known to stand; null if that is less than half. */
export function alignedAt(text: Letters, wanted: Quoted, known: Span): Found | null {
  const words = quotedWords(wanted);
  const from = text.wordIndex(known.first);
  const to = text.wordIndex(known.last - 1) + 1;
  const strict = laid(text, words, from, to);
  // A paragraph that was split or became a heading has taken words out of what is known.
  const wide = laid(text, words, Math.max(from - words.length, 0), to + words.length);
  const isMore = (wide?.letters ?? 0) >= (strict?.letters ?? 0) + EXTENSION_CHARACTERS_MIN;
  return isMore ? wide : strict;
}

/** Where else enough of the passage is left to know it again, and most of it. */
export function aligned(text: Letters, wanted: Quoted): Found | null {
  const words = quotedWords(wanted);
  let best: Laid | null = null;
  const take = (windows: readonly [number, number][]) => {
    for (const [from, to] of windows) {
      const each = laid(text, words, from, to);
      if (!each || !(standsAlone(each) || hasNeighbours(text, wanted, each))) continue;
      const isMore = !best || each.letters > best.letters;
      if (isMore || (each.letters === best?.letters && each.first < best.first)) best = each;
    }
    return best;
  };
  // Only where the words do not tell, what stood around them does.
  return take(votedWindows(text, words)) ?? take(contextWindows(text, wanted, words.length));
}

function standsAlone({ letters, words }: Laid): boolean {
  return letters >= ALONE_CHARACTERS && words >= ALONE_WORDS;
}

/** The quotation laid against a window of the text; null if less than half of it is there. */
function laid(text: Letters, words: readonly QuotedWord[], from: number, to: number): Laid | null {
  const end = Math.min(to, text.words.length, from + 4 * words.length + 64);
  const pairs = densest(pairsIn(text, words, from, end));
  const letters = pairs.reduce((sum, pair) => sum + pair.letters, 0);
  const total = words.reduce((sum, each) => sum + each.word.length, 0);
  if (total === 0 || letters * 2 < total) return null;
  const span = spanOf(text, words, pairs);
  return { ...span, isSame: false, isKnown: false, letters, words: pairs.length };
}

interface QuotedWord extends Word {
  /** Was only the end, or only the beginning, of a word quoted? */
  readonly isTail: boolean;
  readonly isHead: boolean;
}

function quotedWords({ quote, prefix, suffix }: Quoted): QuotedWord[] {
  return wordsIn(quote).map((each) => ({
    ...each,
    isTail: each.first === 0 && isLetter(prefix.at(-1)),
    isHead: each.last === quote.length && isLetter(suffix[0]),
  }));
}

/** Windows of the text in which many of the words stand as far apart as they were. */
function votedWindows(text: Letters, words: readonly Word[]): [number, number][] {
  const votes = new Map<number, number>();
  const slack = 3 + (words.length >> 1);
  words.forEach(({ word }, number) => {
    for (const place of text.placesOf(word)) {
      // Neighbouring diagonals belong together, so each vote counts for a step of them.
      const step = Math.floor((place - number) / slack);
      votes.set(step, (votes.get(step) ?? 0) + word.length);
      votes.set(step - 1, (votes.get(step - 1) ?? 0) + word.length);
    }
  });
  const steps = [...votes].sort(([a, m], [b, n]) => n - m || a - b).slice(0, WINDOWS_MAX);
  return steps.map(([step]) => {
    const from = Math.max(step * slack, 0);
    return [from, Math.min((step + 2) * slack + words.length, text.words.length)];
  });
}

/** Windows behind what stood before the passage, and before what stood behind it. */
function contextWindows(text: Letters, wanted: Quoted, words: number): [number, number][] {
  const found: [number, number][] = [];
  const tail = tailOf(wanted);
  for (const index of indexesOf(text.dense, tail)) {
    const from = text.wordIndex(text.at[index + tail.length - 1] ?? 0);
    found.push([from, Math.min(from + words + 3, text.words.length)]);
  }
  for (const index of indexesOf(text.dense, headOf(wanted))) {
    const to = text.wordIndex(text.at[index] ?? 0) + 1;
    found.push([Math.max(to - words - 3, 0), to]);
  }
  return found;
}

/** Does what stood around the passage still stand there, but for quoted words that are missing? */
function hasNeighbours(text: Letters, wanted: Quoted, span: Laid): boolean {
  if (!wanted.prefix && !wanted.suffix) return true;
  const missing = Math.max(denseOf(wanted.quote).length - span.letters, 0);
  const reach = missing + 2 * CONTEXT_CHARACTERS;
  const first = text.denseIndex(span.first);
  const last = text.denseIndex(span.last);
  const tail = tailOf(wanted);
  const head = headOf(wanted);
  const before = text.dense.slice(Math.max(first - reach, 0), first);
  const after = text.dense.slice(last, last + reach);
  return (tail !== "" && before.includes(tail)) || (head !== "" && after.includes(head));
}

function tailOf({ prefix }: Quoted): string {
  const tail = denseOf(prefix).slice(-CONTEXT_CHARACTERS);
  return tail.length < CONTEXT_CHARACTERS_MIN ? "" : tail;
}

function headOf({ suffix }: Quoted): string {
  const head = denseOf(suffix).slice(0, CONTEXT_CHARACTERS);
  return head.length < CONTEXT_CHARACTERS_MIN ? "" : head;
}

function indexesOf(dense: string, wanted: string): number[] {
  const found: number[] = [];
  let index = wanted ? dense.indexOf(wanted) : -1;
  for (; index >= 0 && found.length < CONTEXTS_MAX; index = dense.indexOf(wanted, index + 1)) {
    found.push(index);
  }
  return found;
}

/** The words of the quotation that stand in the window in the same order, most letters first. */
function pairsIn(text: Letters, words: readonly QuotedWord[], from: number, to: number): Pair[] {
  const width = Math.max(to - from, 0);
  const fits = words.map((quoted) =>
    Array.from({ length: width }, (_, j) => fit(quoted, text.words[from + j]?.word ?? "")),
  );
  const most = Array.from({ length: words.length + 1 }, () => new Uint32Array(width + 1));
  for (let i = words.length - 1; i >= 0; i -= 1) {
    for (let j = width - 1; j >= 0; j -= 1) {
      const letters = fits[i]?.[j] ?? 0;
      const taken = letters > 0 ? letters + cell(most, i + 1, j + 1) : 0;
      const row = most[i];
      if (row) row[j] = Math.max(taken, cell(most, i + 1, j), cell(most, i, j + 1));
    }
  }
  const pairs: Pair[] = [];
  for (let i = 0, j = 0; i < words.length && j < width; ) {
    const letters = fits[i]?.[j] ?? 0;
    if (letters > 0 && cell(most, i, j) === letters + cell(most, i + 1, j + 1)) {
      pairs.push({ quoted: i, word: from + j, letters });
      i += 1;
      j += 1;
    } else if (cell(most, i, j) === cell(most, i, j + 1)) j += 1;
    else i += 1;
  }
  return pairs;
}

function cell(table: readonly Uint32Array[], i: number, j: number): number {
  return table[i]?.[j] ?? 0;
}

function fit({ word, isTail, isHead }: QuotedWord, other: string): number {
  if (isTail && other.endsWith(word)) return word.length;
  if (isHead && other.startsWith(word)) return word.length;
  return kept(word, other);
}

/** The run of pairs with most letters; a word far off from the others is not part of it. */
function densest(pairs: readonly Pair[]): Pair[] {
  let best: Pair[] = [];
  let run: Pair[] = [];
  const weight = (some: readonly Pair[]) => some.reduce((sum, pair) => sum + pair.letters, 0);
  for (const pair of pairs) {
    const before = run.at(-1);
    const isFar = before && pair.word - before.word > pair.quoted - before.quoted + GAP_WORDS;
    run = isFar ? [pair] : [...run, pair];
    if (weight(run) > weight(best)) best = run;
  }
  return best;
}

/** From the first to the last word that is left; of a longer word only the part that is. */
function spanOf(text: Letters, words: readonly QuotedWord[], pairs: readonly Pair[]): Span {
  const ends = [pairs[0], pairs.at(-1)].map((pair) => {
    const quoted = words[pair?.quoted ?? 0];
    const word = text.words[pair?.word ?? 0];
    return quoted && word ? partOf(quoted, word) : { first: 0, last: 0 };
  });
  return { first: ends[0]?.first ?? 0, last: ends[1]?.last ?? 0 };
}

function partOf({ word, isTail, isHead }: QuotedWord, other: Word): Span {
  if (isTail && other.word.endsWith(word)) {
    return { first: other.last - word.length, last: other.last };
  }
  const isPart = isHead ? other.word.startsWith(word) : word.length >= PART_CHARACTERS;
  const index = isPart ? other.word.indexOf(word) : -1;
  if (index < 0) return other;
  return { first: other.first + index, last: other.first + index + word.length };
}
