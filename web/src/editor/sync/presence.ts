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

/** Each person once, whatever tabs and devices; oneself first, then by name. */
export function present(states: ReadonlyMap<number, unknown>, ownClient: number): Present[] {
  const own = stampOf(states.get(ownClient))?.id;
  const people = new Map<string, Present>();
  for (const state of states.values()) {
    const stamp = stampOf(state);
    if (stamp) people.set(stamp.id, { ...stamp, isSelf: stamp.id === own });
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
  private last: Present[] | null = null;

  constructor(private readonly element: HTMLElement | null) {}

  /** Show the people; `isQuiet` while the connection itself comes or goes. */
  show(people: Present[], isQuiet: boolean): void {
    if (this.last !== null && !isQuiet) this.announce(movement(this.last, people));
    if (!isQuiet || this.last === null) this.last = isQuiet ? null : people;
    this.element?.replaceChildren(...people.map(itemOf));
  }

  /** Forget who was here, so that those who are here after a reconnect are no news. */
  forget(): void {
    this.last = null;
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

function itemOf(person: Present): HTMLElement {
  const item = document.createElement("li");
  item.className = `person ${person.colour}`;
  item.dataset.key = person.id;
  const avatar = document.createElement("span");
  avatar.className = `avatar ${person.colour}`;
  avatar.setAttribute("aria-hidden", "true");
  avatar.textContent = initials(person.name);
  const name = document.createElement("span");
  name.textContent = person.isSelf ? _("%(name)s (Sie)", { name: person.name }) : person.name;
  item.append(avatar, name);
  return item;
}

/** As the avatar macro makes them: the first letters of the first and the last word. */
export function initials(name: string): string {
  const words = name.trim().split(/\s+/).filter(Boolean);
  const letters = [words[0], words.length > 1 ? words.at(-1) : undefined];
  return letters.map((word) => [...(word ?? "")][0] ?? "").join("") || "?";
}
