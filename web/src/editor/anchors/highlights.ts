/** Draws the passages that comments are about, where they were placed last. */

import {
  type EditorState,
  Plugin,
  PluginKey,
  TextSelection,
  type Transaction,
} from "prosemirror-state";
import { Decoration, DecorationSet, type EditorView } from "prosemirror-view";
import { ySyncPluginKey } from "y-prosemirror";
import { _ } from "../../messages";
import { carrying, type Range, wordsOf } from "./passage";

/** A passage of a section and the key of the comment about it. */
export interface Drawing extends Range {
  readonly comment: string;
  readonly isSame: boolean;
}

interface Drawn {
  drawings: readonly Drawing[];
  /** The comment whose passage was looked up last. */
  sought: string | null;
  decorations: DecorationSet;
}

type Wish = Partial<Pick<Drawn, "drawings" | "sought">>;

const key = new PluginKey<Drawn>("highlights");

/** `mayWrite`: who only reads gets the passages as stops of the keyboard, like links. */
export function highlights(mayWrite: () => boolean): Plugin<Drawn> {
  const shown = (drawn: Omit<Drawn, "decorations">, state: EditorState): Drawn => ({
    ...drawn,
    decorations: decorationsOf(drawn, state, mayWrite()),
  });
  return new Plugin<Drawn>({
    key,
    state: {
      init: () => ({ drawings: [], sought: null, decorations: DecorationSet.empty }),
      apply: (tr, before, old, state) => {
        const wish = tr.getMeta(key) as Wish | undefined;
        if (wish) return shown({ ...before, ...wish }, state);
        if (!tr.docChanged) return before;
        return shown({ ...before, drawings: carried(before.drawings, tr, old, state) }, state);
      },
    },
    props: { decorations: (state) => key.getState(state)?.decorations },
  });
}

/** Draw these passages from now on. */
export function draw(view: EditorView, drawings: readonly Drawing[]): void {
  const before = key.getState(view.state)?.drawings ?? [];
  const isAsBefore =
    before.length === drawings.length &&
    drawings.every((each, i) => before[i] && isEqual(each, before[i]));
  if (!isAsBefore) wish(view, { drawings });
}

/** The passages as they stand now, moved with every change since they were placed. */
export function drawings(state: EditorState): readonly Drawing[] {
  return key.getState(state)?.drawings ?? [];
}

/** Point out the passage of one comment and select it, so that it can be heard and changed. */
export function seek(view: EditorView, comment: string): boolean {
  const found = drawings(view.state).find((each) => each.comment === comment);
  wish(view, { sought: found ? comment : null });
  if (!found) return false;
  const selection = TextSelection.create(view.state.doc, found.from, found.to);
  view.dispatch(view.state.tr.setSelection(selection).scrollIntoView());
  view.focus();
  return true;
}

/** The comments whose passages hold a position, the shortest passage first. */
export function commentsAt(state: EditorState, position: number): string[] {
  return drawings(state)
    .filter(({ from, to }) => from <= position && position <= to)
    .sort((one, other) => one.to - one.from - (other.to - other.from))
    .map(({ comment }) => comment);
}

/** A change of others replaces the whole text in ProseMirror, so its mapping is of no use. */
function carried(
  places: readonly Drawing[],
  tr: Transaction,
  old: EditorState,
  state: EditorState,
): Drawing[] {
  const isForeign = ySyncPluginKey.getState(state)?.isChangeOrigin === true;
  const carry = isForeign
    ? carrying(wordsOf(old.doc), wordsOf(state.doc))
    : ({ from, to }: Range) => ({ from: tr.mapping.map(from, 1), to: tr.mapping.map(to, -1) });
  return places.flatMap((each) => {
    const range = carry(each);
    return range && range.from < range.to ? [{ ...each, ...range }] : [];
  });
}

function isEqual(one: Drawing, other: Drawing): boolean {
  const isThere = one.from === other.from && one.to === other.to;
  return isThere && one.comment === other.comment && one.isSame === other.isSame;
}

function wish(view: EditorView, wished: Wish): void {
  view.dispatch(view.state.tr.setMeta(key, wished).setMeta("addToHistory", false));
}

function decorationsOf(
  { drawings, sought }: Omit<Drawn, "decorations">,
  state: EditorState,
  mayWrite: boolean,
): DecorationSet {
  const decorations = drawings.map(({ from, to, comment, isSame }) => {
    const names = ["commented", isSame ? "" : "is-changed", comment === sought ? "is-sought" : ""];
    const attributes = {
      nodeName: "mark",
      class: names.filter(Boolean).join(" "),
      "data-comment": comment,
      "aria-description": _("Dazu gibt es einen Beitrag"),
      ...(mayWrite ? {} : { tabindex: "0", role: "link" }),
    };
    return Decoration.inline(from, to, attributes, { comment });
  });
  return DecorationSet.create(state.doc, decorations);
}
