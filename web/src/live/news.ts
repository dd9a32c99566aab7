/** What a swapped region has to say to people who do not see it change. */

import { _, ngettext } from "../messages";
import type { Count } from "../status";

const COUNTED: Record<string, Count["words"]> = {
  comments: (n) => ngettext("%(n)s neuer Kommentar", "%(n)s neue Kommentare", n),
  arena: (n) => ngettext("%(n)s neue Idee", "%(n)s neue Ideen", n),
};

const CHANGED: Record<string, () => string> = {
  judgements: () => _("Die Einschätzungen haben sich geändert"),
  stage: () => _("Die Phase hat sich geändert"),
};

/**
 * The announcement for what `fresh` brings to `region`; null if nothing is worth hearing.
 *
 * Items are the elements with a `data-key`; one inside another that is new as well does not
 * count again. What a person added himself carries `data-own` and is not announced to him.
 */
export function newsIn(region: HTMLElement, fresh: Element): string | Count | null {
  const before = new Set(items(region).map(keyOf));
  const added = items(fresh).filter((item) => !before.has(keyOf(item)));
  const outer = added.filter(
    (item) => !added.some((other) => other !== item && other.contains(item)),
  );
  const n = outer.filter((item) => !isOwn(item)).length;
  const topic = region.dataset.topic?.split(" ")[0]?.split(":").at(-1) ?? "";
  const words = COUNTED[topic];
  if (words) return n ? { of: topic, n, words } : null;
  const text = CHANGED[topic];
  return text && isTextDifferent(region, fresh) ? text() : null;
}

function items(root: Element): HTMLElement[] {
  return [...root.querySelectorAll<HTMLElement>("[data-key]")];
}

function isOwn(item: HTMLElement): boolean {
  return (item.querySelector("[data-key]") ?? item).hasAttribute("data-own");
}

function keyOf(item: HTMLElement): string {
  return item.dataset.key ?? "";
}

// Relative times go on by themselves and are no news.
function isTextDifferent(one: Element, other: Element): boolean {
  return wordsOf(one) !== wordsOf(other);
}

function wordsOf(element: Element): string {
  const copy = element.cloneNode(true) as Element;
  for (const time of copy.querySelectorAll("time")) time.remove();
  return (copy.textContent ?? "").replace(/\s+/g, " ").trim();
}
