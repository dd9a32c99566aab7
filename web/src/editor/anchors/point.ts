/** Where a point between words stands now: where something is to be put in, and nothing is quoted. */

import { denseOf, sameAfter, sameBefore } from "./letters";
import type { Quoted, Words } from "./passage";

const PROOF_CHARACTERS = 4;

type Around = Pick<Quoted, "prefix" | "suffix">;

/**
 * The position between what stood before and what stood after. Where both are gone the point is
 * gone; where the text is empty, as it was then, it is at its beginning.
 */
export function findPoint(words: Words, around: Around, position: number | null): number | null {
  const prefix = denseOf(around.prefix);
  const suffix = denseOf(around.suffix);
  const { dense, at } = words.letters;
  const startOf = (index: number) => words.at[at[index] ?? -1];
  const endOf = (index: number) => {
    const before = words.at[at[index - 1] ?? -1];
    return before === undefined ? undefined : before + 1;
  };
  if (!prefix && !suffix) return dense === "" ? position : null;
  let best: { score: number; index: number; isBehind: boolean } | null = null;
  for (let index = 0; index <= dense.length; index += 1) {
    const before = sameBefore(dense, index, prefix);
    const after = sameAfter(dense, index, suffix);
    const isBehind = before >= Math.min(PROOF_CHARACTERS, prefix.length) && prefix !== "";
    const isAhead = after >= Math.min(PROOF_CHARACTERS, suffix.length) && suffix !== "";
    if (!isBehind && !isAhead) continue;
    const place = isBehind ? endOf(index) : startOf(index);
    const distance =
      position === null ? 0 : Math.abs((place ?? 0) - position) / (1 + 2 * at.length);
    const score = before + after - Math.min(distance, 0.9);
    if (!best || score > best.score) best = { score, index, isBehind };
  }
  if (!best) return null;
  const { index, isBehind } = best;
  const exact = position !== null && isBetween(endOf(index), position, startOf(index));
  return exact ? position : ((isBehind ? endOf(index) : startOf(index)) ?? null);
}

/** Is the position still in the gap between the two, also behind a space? */
function isBetween(end: number | undefined, position: number, start: number | undefined): boolean {
  return (end ?? 0) <= position && position <= (start ?? Number.POSITIVE_INFINITY);
}
