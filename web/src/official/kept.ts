/**
 * Official acts that could not be sent: kept on this device, per person, until the person sends or
 * discards them. Nothing here sends anything.
 */

import { keys, officialKey, read, remove, write } from "../person";

export interface KeptAct {
  readonly id: string;
  /** Where the form goes to. */
  readonly action: string;
  readonly fields: readonly (readonly [string, string])[];
  /** The words of the button that was pressed. */
  readonly title: string;
  /** What was chosen and written, in the words of the form. */
  readonly said: readonly (readonly [string, string])[];
  /** The idea it is about, if it is about one. */
  readonly ref: string | null;
  /** The stage and the text version that the person saw. */
  readonly stage: string;
  readonly version: string;
  readonly at: number;
}

export type Keeping = "kept" | "too-many" | "too-big" | "no-room";

export const ACTS_MAX = 10;
export const CHARS_MAX = 16_384;
export const KEPT_MS = 7 * 24 * 60 * 60 * 1_000;

/** Keep an act; the same one again takes the place of the first. */
export function keep(person: string, act: KeptAct): Keeping {
  const text = JSON.stringify(act);
  if (text.length > CHARS_MAX) return "too-big";
  const before = kept(person, act.at);
  const same = before.find((each) => isSame(each, act));
  if (!same && before.length >= ACTS_MAX) return "too-many";
  if (!write(officialKey(person, act.id), text)) return "no-room";
  if (same) discard(person, same.id);
  return "kept";
}

/** What is kept for the person, the oldest first; what has expired or cannot be read goes. */
export function kept(person: string, now: number): KeptAct[] {
  const found: KeptAct[] = [];
  for (const key of keys()) {
    if (!key.startsWith(officialKey(person, ""))) continue;
    const act = parsed(read(key));
    if (act && now - act.at < KEPT_MS) found.push(act);
    else remove(key);
  }
  return found.sort((one, other) => one.at - other.at);
}

export function discard(person: string, id: string): void {
  remove(officialKey(person, id));
}

function isSame(one: KeptAct, other: KeptAct): boolean {
  return one.action === other.action && String(one.fields) === String(other.fields);
}

function parsed(text: string | null): KeptAct | null {
  try {
    const found = JSON.parse(text ?? "null") as Partial<KeptAct> | null;
    const isWhole = found?.id && found.action && Array.isArray(found.fields) && found.said;
    return isWhole && typeof found.at === "number" ? (found as KeptAct) : null;
  } catch {
    return null;
  }
}
