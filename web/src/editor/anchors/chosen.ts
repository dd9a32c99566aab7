/** The passage that is selected on the page, in an editor or in text that only stands there. */

import type { Section } from "../text/section";
import { type Anchor, anchorFor, CONTEXT_CHARACTERS } from "./anchor";

const BLOCKS = "p, h1, h2, h3, h4, h5, h6, li, blockquote";

/** The anchor of the selected words; null if nothing of the text is selected. */
export function selectedAnchor(sections: readonly Section[]): Anchor | null {
  const selection = document.getSelection();
  if (!selection || selection.rangeCount === 0 || selection.isCollapsed) return null;
  const range = selection.getRangeAt(0);
  const section = sections.find(({ view }) => view.dom.contains(range.commonAncestorContainer));
  if (!section) return plainAnchor(range);
  const { view } = section;
  const from = view.posAtDOM(range.startContainer, range.startOffset);
  const to = view.posAtDOM(range.endContainer, range.endOffset);
  return anchorFor(section.root, view.state, { from, to });
}

/** Words of a text without an editor have no live positions; they are found by themselves. */
export function plainAnchor(range: Range): Anchor | null {
  const { commonAncestorContainer: inside } = range;
  const element = inside instanceof Element ? inside : inside.parentElement;
  const host = element?.closest<HTMLElement>("#dossier [data-section]");
  if (!host) return null;
  let text = "";
  let [first, last] = [-1, -1];
  let block: Element | null = null;
  for (const node of textsIn(host)) {
    const own = node.parentElement?.closest(BLOCKS) ?? host;
    if (block && own !== block) text += " ";
    block = own;
    if (range.intersectsNode(node)) {
      const begin = node === range.startContainer ? range.startOffset : 0;
      const end = node === range.endContainer ? range.endOffset : node.data.length;
      if (first < 0) first = text.length + begin;
      last = text.length + end;
    }
    text += node.data;
  }
  const quote = text.slice(Math.max(first, 0), Math.max(last, 0));
  if (!quote.trim()) return null;
  first += quote.length - quote.trimStart().length;
  last -= quote.length - quote.trimEnd().length;
  return {
    section: host.dataset.section ?? "",
    start: "",
    end: "",
    quote: text.slice(first, last),
    prefix: text.slice(Math.max(first - CONTEXT_CHARACTERS, 0), first),
    suffix: text.slice(last, last + CONTEXT_CHARACTERS),
  };
}

function textsIn(host: HTMLElement): Text[] {
  const walker = document.createTreeWalker(host, NodeFilter.SHOW_TEXT);
  const found: Text[] = [];
  for (let node = walker.nextNode(); node; node = walker.nextNode()) found.push(node as Text);
  return found;
}
