/** Who is here: the list above the text, and a polite word when somebody comes or goes. */

import { _, ngettext } from "../../messages";
import { say } from "../../status";
import { stampOf } from "../text/cursors";

const NAMES_SPOKEN_MAX = 3;

export interface Present {
  id: string;
  name: string;
  colour: string;
  isSelf: boolean;
}

/** Each person once, whatever tabs and devices; oneself (null for a guest) first, then by name. */
export function present(
  states: ReadonlyMap<number, unknown>,
  self: { id: string; name: string } | null,
): Present[] {
  const people = new Map<string, Present>();
  // The stamp on one's own state does not come back through the protocol, so the page names us.
  if (self) people.set(self.id, { ...self, colour: "", isSelf: true });
  for (const state of states.values()) {
    const stamp = stampOf(state);
    if (stamp) people.set(stamp.id, { ...stamp, isSelf: stamp.id === self?.id });
  }
  return [...people.values()].sort(
    (a, b) => Number(b.isSelf) - Number(a.isSelf) || a.name.localeCompare(b.name),
  );
}

/** Who of the others has come and gone between two lists. */
export function movement(
  before: readonly Present[],
  now: readonly Present[],
): { came: Present[]; went: Present[] } {
  const missing = (from: readonly Present[], inThese: readonly Present[]) =>
    from.filter((each) => !each.isSelf && !inThese.some(({ id }) => id === each.id));
  return { came: missing(now, before), went: missing(before, now) };
}

export class PresenceList {
  private last: Present[] = [];

  constructor(private readonly element: HTMLElement | null) {}

  /** Show the people; `isQuiet` while the connection itself comes or goes. */
  show(people: Present[], isQuiet: boolean): void {
    if (!isQuiet) this.announce(movement(this.last, people));
    this.last = people;
    this.element?.replaceChildren(...people.map(itemOf));
  }

  private announce({ came, went }: { came: Present[]; went: Present[] }): void {
    if (came.length > NAMES_SPOKEN_MAX) {
      say(
        ngettext("%(n)s Person ist dazugekommen", "%(n)s Personen sind dazugekommen", came.length),
      );
    } else for (const { name } of came) say(_("%(name)s ist jetzt hier", { name }));
    if (went.length > NAMES_SPOKEN_MAX) {
      say(ngettext("%(n)s Person ist gegangen", "%(n)s Personen sind gegangen", went.length));
    } else for (const { name } of went) say(_("%(name)s ist gegangen", { name }));
  }
}

// As the page's own list of those who are here (idea/dossier.html).
function itemOf(person: Present): HTMLElement {
  const item = document.createElement("li");
  item.className = `person ${person.colour}`.trim();
  const dot = document.createElement("span");
  dot.className = "dot";
  const name = document.createElement("bdi");
  name.textContent = person.name;
  item.append(dot, name);
  if (person.isSelf) item.append(` ${_("(Sie)")}`);
  return item;
}
