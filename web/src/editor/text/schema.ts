/**
 * What a text may contain: schema number 1, the same names as in collab/sync/schema.py.
 *
 * Content expressions are permissive on purpose. Whatever the schema rejects, y-prosemirror
 * deletes for everybody, so every node that the server lets in must be valid here, and every
 * node that two people can leave behind by deleting at once. text/tidy.ts removes empty ones.
 */

import {
  type DOMOutputSpec,
  type Mark,
  type MarkSpec,
  type Node,
  type NodeSpec,
  Schema,
} from "prosemirror-model";
import { safeHref } from "./links";

const HEADING_LEVELS = [2, 3, 4];
const HEADING_LEVEL_DEFAULT = 3;

const paragraph: NodeSpec = {
  content: "inline*",
  group: "block",
  parseDOM: [{ tag: "p" }],
  toDOM: () => ["p", 0],
};

const blocks: Record<string, NodeSpec> = {
  doc: { content: "block+" },
  paragraph,
  heading: {
    attrs: { level: { default: HEADING_LEVEL_DEFAULT } },
    content: "inline*",
    group: "block",
    defining: true,
    parseDOM: [1, 2, 3, 4, 5, 6].map((level) => ({
      tag: `h${level}`,
      attrs: { level: headingLevel(level) },
    })),
    toDOM: (node) => [`h${headingLevel(node.attrs.level)}`, 0],
  },
  bulletList: {
    content: "listItem*",
    group: "block",
    parseDOM: [{ tag: "ul" }],
    toDOM: () => ["ul", 0],
  },
  orderedList: {
    // Absent in the document where the list starts at one.
    attrs: { start: { default: null } },
    content: "listItem*",
    group: "block",
    parseDOM: [{ tag: "ol", getAttrs: (list) => ({ start: listStart(list) }) }],
    toDOM: (node) =>
      node.attrs.start ? ["ol", { start: String(node.attrs.start) }, 0] : ["ol", 0],
  },
  listItem: {
    content: "block*",
    defining: true,
    parseDOM: [{ tag: "li" }],
    toDOM: () => ["li", 0],
  },
  blockquote: {
    content: "block*",
    group: "block",
    defining: true,
    parseDOM: [{ tag: "blockquote" }],
    toDOM: () => ["blockquote", 0],
  },
  horizontalRule: {
    group: "block",
    parseDOM: [{ tag: "hr" }],
    toDOM: () => ["hr"],
  },
  hardBreak: {
    group: "inline",
    inline: true,
    selectable: false,
    parseDOM: [{ tag: "br" }],
    toDOM: () => ["br"],
  },
  text: { group: "inline" },
};

const marks: Record<string, MarkSpec> = {
  link: {
    attrs: { href: { default: "" } },
    inclusive: false,
    parseDOM: [{ tag: "a[href]", getAttrs: (link) => linkAttributes(link) }],
    toDOM: linkToDOM,
  },
  strong: {
    parseDOM: [
      { tag: "strong" },
      // Some word processors wrap everything in a <b> that is not bold.
      { tag: "b", getAttrs: (b) => (b.style.fontWeight === "normal" ? false : null) },
      { style: "font-weight=bold" },
    ],
    toDOM: () => ["strong", 0],
  },
  em: {
    parseDOM: [{ tag: "em" }, { tag: "i" }, { style: "font-style=italic" }],
    toDOM: () => ["em", 0],
  },
};

/** The schema of a section. */
export const sectionSchema = new Schema({ nodes: blocks, marks });

/** The schema of the title: plain lines. Marks are known, so that a stray one deletes nothing. */
export const titleSchema = new Schema({
  nodes: {
    doc: { content: "paragraph+" },
    paragraph: { ...paragraph, content: "text*" },
    text: {},
  },
  marks,
});

/** The schema of a root of the document. */
export function schemaOf(root: string): Schema {
  return root === "title" ? titleSchema : sectionSchema;
}

/** Is this node of the kind, and has it these attributes? */
export function isKind(
  node: Node,
  kind: string,
  attributes: Record<string, unknown> = {},
): boolean {
  const wanted = Object.entries(attributes);
  return node.type.name === kind && wanted.every(([name, value]) => node.attrs[name] === value);
}

function headingLevel(level: unknown): number {
  const nearest = Math.min(Math.max(Number(level) || HEADING_LEVEL_DEFAULT, 2), 4);
  return HEADING_LEVELS.includes(nearest) ? nearest : HEADING_LEVEL_DEFAULT;
}

function listStart(list: HTMLElement): number | null {
  const start = Number.parseInt(list.getAttribute("start") ?? "", 10);
  return start > 1 ? start : null;
}

function linkAttributes(link: HTMLElement): { href: string } | false {
  const href = safeHref(link.getAttribute("href"));
  return href === null ? false : { href };
}

// Checked here too: a mark may come from somebody else's program.
function linkToDOM(mark: Mark): DOMOutputSpec {
  const href = safeHref(mark.attrs.href);
  if (href === null) return ["span", 0];
  return ["a", { href, rel: "noopener noreferrer nofollow ugc" }, 0];
}
