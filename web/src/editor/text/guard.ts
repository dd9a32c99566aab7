/**
 * An editor may never delete what it does not know.
 *
 * y-prosemirror removes from the shared document, for everybody, what the schema of this page
 * rejects. So the text is tried on a scratch document before an editor is mounted, and each
 * change of others is read before the editors see it (y-prosemirror#39, #258).
 */

import type { Mark, Node, Schema } from "prosemirror-model";
import { initProseMirrorDoc } from "y-prosemirror";
import * as Y from "yjs";
import type { SharedType } from "./roots";
import { schemaOf } from "./schema";

// y-prosemirror adds this to the names of marks that may overlap themselves.
const MARK_HASH = /--[a-zA-Z0-9+/=]{8}$/;

/** Why editors of these roots would not leave the document as it is; null if they would. */
export function misfitOf(state: Uint8Array, roots: readonly string[]): string | null {
  const scratch = new Y.Doc();
  try {
    Y.applyUpdate(scratch, state);
    let isTouched = false;
    scratch.on("update", () => {
      isTouched = true;
    });
    for (const root of roots) tryRoot(scratch.getXmlFragment(root), schemaOf(root));
    return isTouched ? "the editor would change the text" : null;
  } catch (error) {
    return String(error);
  } finally {
    scratch.destroy();
  }
}

/** Why the editors would delete some of what this transaction changed; null if they would not. */
export function misfitIn(transaction: Y.Transaction): string | null {
  for (const type of transaction.changed.keys()) {
    const root = rootOf(type);
    if (root === null || type._item?.deleted) continue;
    try {
      readType(type, schemaOf(root));
    } catch (error) {
      return String(error);
    }
  }
  return null;
}

function tryRoot(fragment: Y.XmlFragment, schema: Schema): void {
  // A root that two people emptied at once; the editor shows a paragraph and writes nothing.
  if (fragment.length === 0) return;
  readType(fragment, schema);
  initProseMirrorDoc(fragment, schema).doc.check();
}

/** Build what ProseMirror would build, without y-prosemirror's deleting. Throws if it cannot. */
function readType(type: SharedType, schema: Schema): void {
  if (type instanceof Y.XmlText) readText(type, schema);
  else if (type instanceof Y.XmlElement) readElement(type, schema);
  else if (type instanceof Y.XmlFragment) readRoot(type, schema);
  else throw new TypeError(`unknown shared type ${type.constructor.name}`);
}

function readRoot(fragment: Y.XmlFragment, schema: Schema): void {
  const children = fragment.toArray().map((child) => readElement(child, schema));
  if (children.length > 0) schema.topNodeType.createChecked(null, children).check();
}

function readElement(element: unknown, schema: Schema): Node {
  if (!(element instanceof Y.XmlElement)) throw new TypeError("text outside of a block");
  const children = element.toArray().flatMap((child) => {
    return child instanceof Y.XmlText ? readText(child, schema) : [readElement(child, schema)];
  });
  return schema.node(element.nodeName, element.getAttributes(), children);
}

function readText(text: Y.XmlText, schema: Schema): Node[] {
  return text.toDelta().map(({ insert, attributes }: Chunk) => {
    if (typeof insert !== "string") throw new TypeError("an object inside of text");
    return schema.text(insert, readMarks(attributes ?? {}, schema));
  });
}

function readMarks(attributes: Record<string, unknown>, schema: Schema): Mark[] {
  return Object.entries(attributes).map(([name, value]) => {
    return schema.mark(name.replace(MARK_HASH, ""), value as Record<string, unknown>);
  });
}

/** The name of the root under which a shared type lies; null if it hangs in no document. */
function rootOf(type: SharedType): string | null {
  let top = type;
  while (top._item) top = top._item.parent as SharedType;
  return top.doc ? Y.findRootTypeKey(top) : null;
}

interface Chunk {
  insert: unknown;
  attributes?: Record<string, unknown>;
}
