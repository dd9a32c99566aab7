/** What people write on in a session: the editors of a text, or a board. */

import type { Awareness } from "y-protocols/awareness";
import type * as Y from "yjs";

export interface Material {
  doc: Y.Doc;
  awareness: Awareness;
  mayWrite(): boolean;
}

/** What is on the page while the session goes on. */
export interface Mounted {
  /** The right to write has changed. */
  refresh(): void;
  /** What others have done is about to come: take in what the person has done so far. */
  hear?(): void;
  /** Let go of the document at once and leave what is shown standing. */
  freeze(): void;
}

export interface Surface {
  /** Why it would not leave these roots as they are; null if it would. */
  misfitOf(state: Uint8Array, roots: readonly string[]): string | null;
  /** Why it would delete some of what this transaction changed; null if it would not. */
  misfitIn(transaction: Y.Transaction): string | null;
  mount(place: HTMLElement, material: Material): Mounted;
}
