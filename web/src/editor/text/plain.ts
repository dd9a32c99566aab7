/** The plain text of a document's roots, for copying; tolerates any structure. */

import * as Y from "yjs";

const DEPTH_MAX = 64;

/** The texts of the sections under their labels, empty ones left out. */
export function plainText(doc: Y.Doc, labels: ReadonlyMap<string, string>): string {
  const parts: string[] = [];
  for (const [root, label] of labels) {
    const text = rootText(doc.getXmlFragment(root));
    if (text) parts.push(root === "title" ? text : `${label}\n\n${text}`);
  }
  return parts.join("\n\n\n");
}

/** The text of one root: a line per block, list items with a dash. */
export function rootText(fragment: Y.XmlFragment): string {
  return linesOf(fragment, 0).join("\n").trim();
}

function linesOf(parent: Y.XmlFragment, depth: number): string[] {
  if (depth > DEPTH_MAX) return [];
  const lines: string[] = [];
  let line = "";
  for (const child of parent.toArray()) {
    if (child instanceof Y.XmlText) line += wordsOf(child);
    else if (child instanceof Y.XmlElement && child.nodeName === "hardBreak") line += "\n";
    else if (child instanceof Y.XmlElement) lines.push(...blockLines(child, depth));
  }
  return line ? [line, ...lines] : lines;
}

function blockLines(block: Y.XmlElement, depth: number): string[] {
  if (block.nodeName === "horizontalRule") return ["—"];
  const lines = linesOf(block, depth + 1);
  if (block.nodeName === "listItem") return lines.map((each, i) => (i === 0 ? "- " : "  ") + each);
  return lines.length > 0 ? lines : [""];
}

function wordsOf(text: Y.XmlText): string {
  const chunks = text.toDelta() as { insert: unknown }[];
  return chunks.map(({ insert }) => (typeof insert === "string" ? insert : "")).join("");
}
