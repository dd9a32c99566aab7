/**
 * Removes lists, items and quotations that deleting has left empty.
 *
 * The schema allows them, because two people who delete at once can make them; but nothing can be
 * typed in them. Only a person's own edit tidies, so opening or reading a text writes nothing.
 */

import type { Node } from "prosemirror-model";
import { type EditorState, Plugin, type Transaction } from "prosemirror-state";
import { ySyncPluginKey } from "y-prosemirror";

const CONTAINERS = new Set(["bulletList", "orderedList", "listItem", "blockquote"]);

export function tidying(): Plugin {
  return new Plugin({
    appendTransaction: (transactions, _before, state) =>
      transactions.some(isOwnEdit) ? tidied(state) : null,
  });
}

/** The transaction that removes every empty container; null if there is none. */
export function tidied(state: EditorState): Transaction | null {
  const empty: [number, number][] = [];
  state.doc.descendants((node, position) => {
    if (!isHollow(node)) return true;
    empty.push([position, position + node.nodeSize]);
    return false;
  });
  const tr = state.tr;
  for (const [from, to] of empty.reverse()) tr.delete(from, to);
  return empty.length > 0 ? tr : null;
}

/** A container without any block that could hold text. */
function isHollow(node: Node): boolean {
  return CONTAINERS.has(node.type.name) && node.children.every(isHollow);
}

function isOwnEdit(transaction: Transaction): boolean {
  const change = transaction.getMeta(ySyncPluginKey) as { isChangeOrigin?: boolean } | undefined;
  return transaction.docChanged && !change?.isChangeOrigin;
}
