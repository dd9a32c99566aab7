/**
 * Makes one element's children look like another's while leaving the person's things alone:
 * what has not changed stays the same node, so focus, selection, open details and half-written
 * forms survive.
 */

const FIELDS = "input, textarea, select, [contenteditable='true']";

/** Replace the children of `region` by copies of the children of `fresh`, node by node. */
export function morphChildren(region: Element, fresh: Element): void {
  const kept = keyed(region);
  const wantedKeys = new Set(keyed(fresh).keys());
  let place = nextWanted(region.firstChild, wantedKeys);
  for (const wanted of [...fresh.childNodes]) {
    // Mostly spaces between blocks, which are there or not as it happens.
    while (wanted.nodeType === 1 && place?.nodeType === 3) {
      const next = nextWanted(place.nextSibling, wantedKeys);
      place.remove();
      place = next;
    }
    const match = matchFor(wanted, place, kept);
    if (!match) {
      region.insertBefore(document.importNode(wanted, true), place);
      continue;
    }
    if (match === place) place = nextWanted(place.nextSibling, wantedKeys);
    else region.insertBefore(match, place);
    morphNode(match, wanted);
  }
  while (place) {
    const next: ChildNode | null = place.nextSibling;
    drop(place);
    place = next;
  }
}

/** Is somebody writing in it, or has somebody written what is not sent yet? */
export function isBusy(element: Element): boolean {
  const active = element.ownerDocument.activeElement;
  if (active?.matches(FIELDS) && element.contains(active)) return true;
  return [...element.querySelectorAll(FIELDS)].some(isChanged);
}

function morphNode(node: ChildNode, wanted: ChildNode): void {
  if (node.isEqualNode(wanted)) return;
  if (!(node instanceof Element) || !(wanted instanceof Element)) {
    if (node.nodeValue !== wanted.nodeValue) node.nodeValue = wanted.nodeValue;
    return;
  }
  if (node.localName === "form" && isBusy(node)) return;
  if (isChanged(node)) return;
  morphAttributes(node, wanted);
  if (node instanceof HTMLTextAreaElement) node.value = wanted.textContent ?? "";
  else morphChildren(node, wanted);
}

function morphAttributes(node: Element, wanted: Element): void {
  for (const { name } of [...node.attributes]) {
    if (!wanted.hasAttribute(name) && !isPersons(node, name)) node.removeAttribute(name);
  }
  for (const { name, value } of [...wanted.attributes]) {
    if (node.getAttribute(name) !== value && !isPersons(node, name)) node.setAttribute(name, value);
  }
}

/** Whether an element is open is the reader's choice, not the server's. */
function isPersons(node: Element, attribute: string): boolean {
  return attribute === "open" && (node.localName === "details" || node.localName === "dialog");
}

function matchFor(
  wanted: ChildNode,
  place: ChildNode | null,
  kept: Map<string, Element>,
): ChildNode | null {
  const key = keyOf(wanted);
  if (key !== null) {
    const match = kept.get(key) ?? null;
    kept.delete(key);
    return match;
  }
  return place && keyOf(place) === null && isAlike(place, wanted) ? place : null;
}

function isAlike(node: ChildNode, wanted: ChildNode): boolean {
  return node.nodeName === wanted.nodeName;
}

function keyed(region: Element): Map<string, Element> {
  const found = new Map<string, Element>();
  for (const child of region.children) {
    const key = keyOf(child);
    if (key !== null) found.set(key, child);
  }
  return found;
}

function keyOf(node: ChildNode): string | null {
  if (!(node instanceof Element)) return null;
  const name = node.getAttribute("data-key") ?? node.id;
  return name ? `${node.nodeName} ${name}` : null;
}

function isChanged(node: Element): boolean {
  if (node instanceof HTMLTextAreaElement) return node.value !== node.defaultValue;
  if (node instanceof HTMLSelectElement) return isSelectionChanged(node);
  if (!(node instanceof HTMLInputElement) || node.type === "hidden") return false;
  if (node.type === "checkbox" || node.type === "radio")
    return node.checked !== node.defaultChecked;
  return node.value !== node.defaultValue;
}

function isSelectionChanged(select: HTMLSelectElement): boolean {
  const options = [...select.options];
  // Without a default of its own a single choice starts at the first option.
  if (!options.some((option) => option.defaultSelected)) return select.selectedIndex > 0;
  return options.some((option) => option.selected !== option.defaultSelected);
}

/** The next node that stays; what goes is removed before it, because moving a node loses focus. */
function nextWanted(start: ChildNode | null, wantedKeys: ReadonlySet<string>): ChildNode | null {
  let node = start;
  while (node) {
    const key = keyOf(node);
    if (key === null || wantedKeys.has(key)) return node;
    const next: ChildNode | null = node.nextSibling;
    drop(node);
    node = next;
  }
  return null;
}

/** Remove what the server no longer shows, unless the person is still writing in it. */
function drop(node: ChildNode): void {
  if (!(node instanceof Element && isBusy(node))) node.remove();
}
