/** Other people's cursors: a caret with a name in the colour that the server gave the person. */

const COLOUR = /^c[0-7]$/;
const WORD_JOINER = "\u2060";

/** What the server stamps on a presence state; everything in it is other people's input. */
export interface Stamp {
  id: string;
  name: string;
  colour: string;
}

/** The stamp of a presence state, cleaned; null if the server has not stamped it. */
export function stampOf(state: unknown): Stamp | null {
  const user = (state as { user?: Partial<Stamp> } | null)?.user;
  if (!user || typeof user.id !== "string" || typeof user.name !== "string") return null;
  const colour = COLOUR.test(String(user.colour)) ? String(user.colour) : "c0";
  return { id: user.id, name: user.name, colour };
}

/** How y-prosemirror draws the cursors: by classes, for the page allows no style attributes. */
export function cursorOptions() {
  return {
    awarenessStateFilter: (own: number, client: number, state: unknown) =>
      own !== client && stampOf(state) !== null,
    cursorBuilder: (user: unknown) => caret(stampOf({ user })),
    selectionBuilder: (user: unknown) => ({
      class: `selection ${stampOf({ user })?.colour ?? "c0"}`,
    }),
  };
}

// Hidden from screen readers, or they would read a name in the middle of a sentence.
function caret(stamp: Stamp | null): HTMLElement {
  const cursor = document.createElement("span");
  cursor.className = `cursor ${stamp?.colour ?? "c0"}`;
  cursor.setAttribute("aria-hidden", "true");
  const label = document.createElement("span");
  label.className = "cursor-name";
  label.textContent = stamp?.name ?? "";
  cursor.append(WORD_JOINER, label, WORD_JOINER);
  return cursor;
}
