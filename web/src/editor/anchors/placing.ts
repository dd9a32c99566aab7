/** Where an anchored passage stands among all sections of a text: in its own, or moved to another. */

import type { EditorState } from "prosemirror-state";
import { type Anchor, placed } from "./anchor";
import { findQuote, type Place, type Range, wordsOf } from "./passage";

export interface Standing extends Place {
  readonly section: string;
}

/** The sections of a text by name. */
export type Sections = ReadonlyMap<string, EditorState>;

/** Where the passage stands now; `before` is where it stood in its own section a moment ago. */
export function standingOf(anchor: Anchor, sections: Sections, before?: Range): Standing | null {
  const home = sections.get(anchor.section);
  const place = home ? placed(anchor, home, before) : null;
  const own = place && { section: anchor.section, ...place };
  if (own?.isSame || own?.isKnown) return own;
  const elsewhere: Standing[] = [];
  for (const [section, state] of sections) {
    if (section === anchor.section) continue;
    const found = findQuote(wordsOf(state.doc), anchor);
    if (found) elsewhere.push({ section, ...found });
  }
  return elsewhere.find(({ isSame }) => isSame) ?? own ?? elsewhere[0] ?? null;
}
