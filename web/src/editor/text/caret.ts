/**
 * Where a person's caret and selection are after others have changed the text.
 *
 * y-prosemirror ties a place to the character behind it, and at the end of a paragraph to that end.
 * Two people who wrote there would write into each other's words, and what somebody puts behind a
 * selection would belong to it. Here the caret keeps to the character before it, and a selection to
 * its own characters. And where these are gone because the paragraph was split, joined or made
 * another kind of block, which deletes its text and writes it anew, the words around the caret say
 * where it is.
 */

import {
  type EditorState,
  NodeSelection,
  Selection,
  TextSelection,
  type Transaction,
} from "prosemirror-state";
import { absolutePositionToRelativePosition, ySyncPluginKey } from "y-prosemirror";
import * as Y from "yjs";
import { indexAt, moving, type Words, wordsOf } from "../anchors/passage";
import { CONTEXT_CHARACTERS, findPassage } from "../suggestions/place";

/** The two ends of a selection as places in the shared text. */
interface Ends {
  type: string;
  anchor: Y.RelativePosition;
  head: Y.RelativePosition;
}

/** What y-prosemirror keeps for one editor; it restores `beforeTransactionSelection`. */
interface Binding {
  doc: Y.Doc;
  type: Y.XmlFragment;
  // biome-ignore lint/suspicious/noExplicitAny: as in the types of y-prosemirror
  mapping: any;
  beforeTransactionSelection: Ends | null;
}

interface SyncState {
  binding: Binding;
}

interface SyncChange {
  isChangeOrigin?: boolean;
  isUndoRedoOperation?: boolean;
}

/** Note where the selection is, before others change the text. */
export function noteSelection(state: EditorState): void {
  const { selection } = state;
  const binding = bindingOf(state);
  if (!binding || !(selection instanceof TextSelection)) return;
  const { anchor, head, from, empty } = selection;
  const place = (at: number) => placeOf(binding, at, !empty && at === from);
  binding.beforeTransactionSelection ??= {
    type: "text",
    anchor: place(anchor),
    head: place(head),
  };
}

/** Is this what others, or their programs, have changed? */
export function isForeign(tr: Transaction): boolean {
  const change = tr.getMeta(ySyncPluginKey) as SyncChange | undefined;
  return change?.isChangeOrigin === true && !change.isUndoRedoOperation;
}

/** In a change of others: leave the selection on its words, and what is typed next as chosen. */
export function keepSelection(tr: Transaction, before: EditorState): void {
  const ends = bindingOf(before)?.beforeTransactionSelection;
  const { selection } = before;
  if (selection instanceof NodeSelection) return keepNode(tr, selection);
  if (!ends || !(selection instanceof TextSelection)) return;
  const { doc } = bindingOf(before) as Binding;
  if (isGone(doc, ends.anchor) || isGone(doc, ends.head)) {
    const carry = carrying(wordsOf(before.doc), wordsOf(tr.doc));
    const end = (place: Y.RelativePosition, at: number, now: number) =>
      tr.doc.resolve(isGone(doc, place) ? carry(at) : now);
    const anchor = end(ends.anchor, selection.anchor, tr.selection.anchor);
    tr.setSelection(
      TextSelection.between(anchor, end(ends.head, selection.head, tr.selection.head)),
    );
  }
  tr.setStoredMarks(before.storedMarks);
}

/** Carries a caret by the text before it; where that has changed all around, by the words there. */
export function carrying(before: Words, after: Words): (position: number) => number {
  const moved = moving(before.text, after.text);
  return (position) => {
    const old = indexAt(before, position);
    const { index, isInDoubt } = moved(old);
    const around = {
      quote: "",
      prefix: before.text.slice(Math.max(old - CONTEXT_CHARACTERS, 0), old),
      suffix: before.text.slice(old, old + CONTEXT_CHARACTERS),
    };
    const now = (isInDoubt ? findPassage(after.text, around) : null) ?? index;
    return now === 0 ? 0 : (after.at[now - 1] ?? 0) + 1;
  };
}

/** A rule that is gone leaves its place; y-prosemirror would select the first block instead. */
function keepNode(tr: Transaction, { node, from }: NodeSelection): void {
  const { selection } = tr;
  if (selection instanceof NodeSelection && selection.node.type === node.type) return;
  const at = tr.doc.resolve(Math.min(from, tr.doc.content.size));
  tr.setSelection(Selection.near(at));
}

function bindingOf(state: EditorState): Binding | null {
  return (ySyncPluginKey.getState(state) as SyncState | undefined)?.binding ?? null;
}

function placeOf({ doc, type, mapping }: Binding, at: number, isBefore: boolean) {
  const place = absolutePositionToRelativePosition(at, type, mapping) as Y.RelativePosition;
  const found = isBefore ? null : Y.createAbsolutePositionFromRelativePosition(place, doc);
  if (!(found?.type instanceof Y.XmlText)) return place;
  return Y.createRelativePositionFromTypeIndex(found.type, found.index, -1);
}

/** Has the character, or the block, that the place keeps to been deleted? */
function isGone(doc: Y.Doc, { item, type }: Y.RelativePosition): boolean {
  const id = item ?? type;
  if (!id) return false;
  const found = Y.getItem(doc.store, id);
  return !(found instanceof Y.Item) || found.deleted;
}
