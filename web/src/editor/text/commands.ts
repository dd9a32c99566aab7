/** What the toolbar and the keys do to a section; ProseMirror commands. */

import { setBlockType, toggleMark, wrapIn } from "prosemirror-commands";
import type { MarkType, NodeType } from "prosemirror-model";
import { liftListItem, wrapInList } from "prosemirror-schema-list";
import type { Command, EditorState } from "prosemirror-state";
import { liftTarget } from "prosemirror-transform";
import { isKind, sectionSchema } from "./schema";

const { nodes, marks } = sectionSchema;

export const toggleStrong: Command = toggleMark(kept(marks.strong));
export const toggleEm: Command = toggleMark(kept(marks.em));
export const toggleBulletList: Command = toggleList("bulletList");
export const toggleOrderedList: Command = toggleList("orderedList");

/** Make the block a heading of the level, or a paragraph again if it is one. */
export function toggleHeading(level: number): Command {
  return (state, dispatch) => {
    const command = isInBlock(state, "heading", { level })
      ? setBlockType(kept(nodes.paragraph))
      : setBlockType(kept(nodes.heading), { level });
    return command(state, dispatch);
  };
}

/** Quote the block, or take it out of its quotation. */
export const toggleQuote: Command = (state, dispatch) => {
  if (!isInside(state, "blockquote")) return wrapIn(kept(nodes.blockquote))(state, dispatch);
  const range = state.selection.$from.blockRange(state.selection.$to, (node) => {
    return isKind(node, "blockquote");
  });
  const depth = range && liftTarget(range);
  if (!range || depth === null || depth === undefined) return false;
  dispatch?.(state.tr.lift(range, depth).scrollIntoView());
  return true;
};

/** Is the text at the selection marked throughout, or what is typed next? */
export function isMarked(state: EditorState, mark: string): boolean {
  const { from, to, empty, $from } = state.selection;
  const type = state.schema.marks[mark];
  if (!type) return false;
  if (empty) return type.isInSet(state.storedMarks ?? $from.marks()) !== undefined;
  return state.doc.rangeHasMark(from, to, type);
}

/** Is the selection in a text block of this kind? */
export function isInBlock(
  state: EditorState,
  kind: string,
  attributes: Record<string, unknown> = {},
): boolean {
  return isKind(state.selection.$from.parent, kind, attributes);
}

/** Does the selection lie in a node of this kind, however deep? */
export function isInside(state: EditorState, kind: string): boolean {
  const { $from } = state.selection;
  for (let depth = $from.depth; depth > 0; depth -= 1) {
    if (isKind($from.node(depth), kind)) return true;
  }
  return false;
}

/** The innermost list around the selection. */
export function listAround(state: EditorState): string | null {
  const { $from } = state.selection;
  for (let depth = $from.depth; depth > 0; depth -= 1) {
    const { name } = $from.node(depth).type;
    if (name === "bulletList" || name === "orderedList") return name;
  }
  return null;
}

/** The link at the selection: its address and extent; null if there is none. */
export function linkAt(state: EditorState): { href: string; from: number; to: number } | null {
  const { $from } = state.selection;
  const link = kept(marks.link);
  const at =
    $from.marks().find((mark) => mark.type === link) ??
    $from.nodeAfter?.marks.find((mark) => mark.type === link);
  if (!at) return null;
  const parent = $from.parent;
  let from = $from.start();
  let found: { from: number; to: number } | null = null;
  parent.forEach((child, offset) => {
    const start = $from.start() + offset;
    const end = start + child.nodeSize;
    const isSame = at.isInSet(child.marks);
    if (!isSame) from = end;
    else if (from <= $from.pos && $from.pos <= end) found = { from, to: end };
  });
  return found && { href: String(at.attrs.href), ...(found as { from: number; to: number }) };
}

/** Link the selection, or the link at the selection, to `href`; null removes the link. */
export function setLink(href: string | null): Command {
  return (state, dispatch) => {
    const link = kept(marks.link);
    const around = linkAt(state);
    const { empty } = state.selection;
    const from = around && empty ? around.from : state.selection.from;
    const to = around && empty ? around.to : state.selection.to;
    const tr = state.tr;
    if (href !== null && from === to) {
      tr.insert(from, state.schema.text(href.replace(/^mailto:/, ""), [link.create({ href })]));
    } else {
      tr.removeMark(from, to, link);
      if (href !== null) tr.addMark(from, to, link.create({ href }));
    }
    dispatch?.(tr.removeStoredMark(link).scrollIntoView());
    return true;
  };
}

function toggleList(kind: "bulletList" | "orderedList"): Command {
  return (state, dispatch, view) => {
    const around = listAround(state);
    if (around === kind) return liftListItem(kept(nodes.listItem))(state, dispatch, view);
    if (around !== null) return changeList(kind)(state, dispatch, view);
    return wrapInList(kept(nodes[kind]))(state, dispatch, view);
  };
}

/** Turn the innermost list around the selection into one of the other kind. */
function changeList(kind: "bulletList" | "orderedList"): Command {
  return (state, dispatch) => {
    const { $from } = state.selection;
    for (let depth = $from.depth; depth > 0; depth -= 1) {
      const list = $from.node(depth);
      if (list.type.name !== "bulletList" && list.type.name !== "orderedList") continue;
      dispatch?.(state.tr.setNodeMarkup($from.before(depth), kept(nodes[kind])));
      return true;
    }
    return false;
  };
}

/** The schema is ours, so its types are there. */
export function kept<T extends NodeType | MarkType>(type: T | undefined): T {
  if (!type) throw new Error("a type is missing in the schema");
  return type;
}
