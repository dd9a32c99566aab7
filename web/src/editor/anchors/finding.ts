/**
 * Where a quoted passage stands in a text now. What counts, in this order: the same letters where
 * the passage is known to stand; at least half of its letters there; the same letters elsewhere;
 * at least half of them elsewhere. Elsewhere a place must prove itself by what stands around it or
 * by being long, for another "der Weg" is not the one that was meant.
 *
 * The same rules, without known places, stand in collab/process/talk/anchoring.py, and both are
 * held to tests/collab/process/talk/anchors.json.
 */

import { aligned, alignedAt } from "./alignment";
import { denseOf, isLetter, type Letters, sameAfter, sameBefore, wordsIn } from "./letters";
import type { Quoted } from "./passage";

/** Characters of the text, from `first` up to `last`. */
export interface Span {
  readonly first: number;
  readonly last: number;
}

export interface Found extends Span {
  /** Are these still the quoted letters, apart from spaces? */
  readonly isSame: boolean;
  /** Is it where the passage was known to stand? */
  readonly isKnown: boolean;
}

const PROOF_CHARACTERS = 4;
const ALONE_CHARACTERS = 12;
const ALONE_WORDS = 3;
const SAME_MAX = 256;

interface Exact extends Found {
  readonly around: number;
  readonly isProven: boolean;
}

/** Where the passage is; `known` are spans in which it stood a moment ago, the surest first. */
export function find(
  letters: Letters,
  wanted: Quoted,
  known: readonly Span[] = [],
  near: number | null = null,
): Found | null {
  const quote = denseOf(wanted.quote);
  const unmoved = known.find((span) => letters.denseIn(span) === quote);
  if (unmoved && quote) return { ...unmoved, isSame: true, isKnown: true };
  const exact = exactly(letters, wanted);
  for (const span of known) {
    const here = exact.filter((each) => each.first < span.last && span.first < each.last);
    if (here.length > 0) return sure(best(here, span.first));
    const left = alignedAt(letters, wanted, span);
    if (left) return sure(left);
  }
  const proven = exact.filter(({ isProven }) => isProven);
  if (proven.length > 0) return best(proven, near ?? known[0]?.first ?? null);
  const left = aligned(letters, wanted);
  // The same letters may be proven only by what stands a little further off.
  return (
    exact.find(({ first, last }) => first === left?.first && last === left.last) ?? left ?? null
  );
}

function sure(found: Found | null): Found | null {
  return found && { ...found, isKnown: true };
}

/** All places with the quoted letters. */
function exactly(letters: Letters, wanted: Quoted): Exact[] {
  const quote = denseOf(wanted.quote);
  const prefix = denseOf(wanted.prefix);
  const suffix = denseOf(wanted.suffix);
  const { dense, at } = letters;
  const found: Exact[] = [];
  let index = quote ? dense.indexOf(quote) : -1;
  for (; index >= 0 && found.length < SAME_MAX; index = dense.indexOf(quote, index + 1)) {
    const end = index + quote.length;
    const first = at[index] ?? 0;
    const last = (at[end - 1] ?? 0) + 1;
    const before = sameBefore(dense, index, prefix);
    const after = sameAfter(dense, end, suffix);
    const isBesideSame = isProof(before, prefix) || isProof(after, suffix);
    const isProven =
      isBesideSame || (isWhole(letters, wanted, first, last) && standsAlone(wanted, quote));
    found.push({ first, last, isSame: true, isKnown: false, around: before + after, isProven });
  }
  return found;
}

/** A long quotation says by itself which passage it is; so does one that came without any more. */
function standsAlone(wanted: Quoted, quote: string): boolean {
  if (!wanted.prefix && !wanted.suffix) return true;
  return quote.length >= ALONE_CHARACTERS && wordsIn(wanted.quote).length >= ALONE_WORDS;
}

/** Does it begin and end with a word where the quotation did? */
function isWhole(letters: Letters, wanted: Quoted, first: number, last: number): boolean {
  const began = isLetter(wanted.prefix.at(-1)) || letters.isEdge(first);
  const ended = isLetter(wanted.suffix[0]) || letters.isEdge(last);
  return began && ended;
}

function isProof(same: number, wanted: string): boolean {
  return wanted !== "" && same >= Math.min(PROOF_CHARACTERS, wanted.length);
}

function best(found: readonly Exact[], near: number | null): Exact | null {
  const distance = ({ first }: Exact) => (near === null ? 0 : Math.abs(first - near));
  return found.reduce<Exact | null>((kept, each) => {
    if (!kept || each.around > kept.around) return each;
    return each.around === kept.around && distance(each) < distance(kept) ? each : kept;
  }, null);
}
