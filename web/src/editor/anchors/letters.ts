/**
 * A text as its letters and words, indexed once and asked by many anchors: the letters in a row
 * without any space, because a split, a join or a new list changes spaces only, and the words with
 * their places. The same rules stand in collab/process/talk/letters.py.
 */

export interface Word {
  /** In small letters. */
  readonly word: string;
  readonly first: number;
  readonly last: number;
}

const SPACE = /\s/u;
const LETTER = /[\p{L}\p{N}\p{M}]/u;
const WORD = /[\p{L}\p{N}\p{M}]+/gu;
/** Words that stand everywhere say nothing of a place. */
const PLACES_MAX = 64;
/** Shorter words are part of too many others: "Platz" is not what "Marktplatz" says. */
export const PART_CHARACTERS = 8;

export class Letters {
  /** The text without spaces. */
  readonly dense: string;
  /** The place in the text of each character of `dense`. */
  readonly at: readonly number[];
  private foundWords: readonly Word[] | null = null;
  private foundPlaces: ReadonlyMap<string, readonly number[]> | null = null;

  constructor(readonly text: string) {
    const at: number[] = [];
    let dense = "";
    for (const part of text.matchAll(/\S+/gu)) {
      dense += part[0];
      for (let i = 0; i < part[0].length; i += 1) at.push(part.index + i);
    }
    this.dense = dense;
    this.at = at;
  }

  get words(): readonly Word[] {
    this.foundWords ??= wordsIn(this.text);
    return this.foundWords;
  }

  /** The numbers of the words that are `word`; none if it stands everywhere. */
  placesOf(word: string): readonly number[] {
    if (!this.foundPlaces) {
      const places = new Map<string, number[]>();
      this.words.forEach((each, number) => {
        const known = places.get(each.word);
        if (known) known.push(number);
        else places.set(each.word, [number]);
      });
      this.foundPlaces = places;
    }
    const found = this.foundPlaces.get(word) ?? [];
    return found.length > PLACES_MAX ? [] : found;
  }

  /** The letters between two places, without spaces. */
  denseIn({ first, last }: { first: number; last: number }): string {
    return this.dense.slice(this.denseIndex(first), this.denseIndex(last));
  }

  /** How many characters that are no space stand before this place. */
  denseIndex(place: number): number {
    return firstFrom(this.at.length, (index) => (this.at[index] ?? 0) >= place);
  }

  /** The number of the first word that ends behind this place. */
  wordIndex(place: number): number {
    const { words } = this;
    return firstFrom(words.length, (index) => (words[index]?.last ?? 0) > place);
  }

  /** Does a word begin or end here, or is there none? */
  isEdge(place: number): boolean {
    return !(isLetter(this.text[place - 1]) && isLetter(this.text[place]));
  }
}

export function denseOf(text: string): string {
  return text.replace(/\s+/gu, "");
}

export function wordsIn(text: string): Word[] {
  return [...text.matchAll(WORD)].map((found) => ({
    word: found[0].toLowerCase(),
    first: found.index,
    last: found.index + found[0].length,
  }));
}

export function isLetter(character: string | undefined): boolean {
  return character !== undefined && !SPACE.test(character) && LETTER.test(character);
}

/**
 * How much of a word is kept in another: all its letters, most of them, or none. Another number is
 * another word, however alike the two look.
 */
export function kept(word: string, other: string): number {
  if (word === other) return word.length;
  // Written together with another, or the rest of a longer word.
  if (word.length >= PART_CHARACTERS && other.includes(word)) return word.length;
  const longest = Math.max(word.length, other.length);
  const edits_max = longest < 4 ? 0 : Math.max(1, Math.floor(longest / 4));
  if (Math.abs(word.length - other.length) > edits_max) return 0;
  // A word that is corrected keeps its beginning or its end.
  if (word[0] !== other[0] && word.at(-1) !== other.at(-1)) return 0;
  if (digitsOf(word) !== digitsOf(other)) return 0;
  const edits = editsBetween(word, other, edits_max);
  return edits > edits_max ? 0 : Math.max(word.length - edits, 0);
}

function digitsOf(word: string): string {
  return word.replace(/[^0-9]+/g, "");
}

/** The fewest letters to add, drop or exchange; gives up beyond `most`. */
function editsBetween(one: string, other: string, most: number): number {
  let row = Array.from({ length: other.length + 1 }, (_, i) => i);
  for (let i = 1; i <= one.length; i += 1) {
    const next = [i];
    for (let j = 1; j <= other.length; j += 1) {
      const exchanged = (row[j - 1] ?? 0) + (one[i - 1] === other[j - 1] ? 0 : 1);
      next.push(Math.min(exchanged, (row[j] ?? 0) + 1, (next[j - 1] ?? 0) + 1));
    }
    if (Math.min(...next) > most) return most + 1;
    row = next;
  }
  return row.at(-1) ?? 0;
}

/** The first index from 0 for which `is` holds, as it does for all after it. */
export function firstFrom(count: number, is: (index: number) => boolean): number {
  let low = 0;
  let high = count;
  while (low < high) {
    const middle = (low + high) >> 1;
    if (is(middle)) high = middle;
    else low = middle + 1;
  }
  return low;
}

/** How many characters before `end` are the last ones of `wanted`. */
export function sameBefore(dense: string, end: number, wanted: string): number {
  let same = 0;
  while (same < wanted.length && same < end && dense[end - 1 - same] === wanted.at(-1 - same)) {
    same += 1;
  }
  return same;
}

/** How many characters from `start` are the first ones of `wanted`. */
export function sameAfter(dense: string, start: number, wanted: string): number {
  let same = 0;
  while (same < wanted.length && dense[start + same] === wanted[same]) same += 1;
  return same;
}
