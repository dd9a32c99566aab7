/** What a swapped region has to say to people who do not see it change. */

import { _, ngettext } from "../messages";
import type { Count } from "../status";

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
  const counted = (words: Count["words"]) => (n ? { of: topic, n, words } : null);
  switch (topic) {
    case "comments":
      return counted((all) => ngettext("%(n)s neuer Kommentar", "%(n)s neue Kommentare", all));
    case "judgements":
      return isTextDifferent(region, fresh) ? _("Die Einschätzungen haben sich geändert") : null;
    case "stage":
      return isTextDifferent(region, fresh) ? _("Die Phase hat sich geändert") : null;
    case "arena":
      return counted((all) => ngettext("%(n)s neue Idee", "%(n)s neue Ideen", all));
    default:
      return null;
  }
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
