/** Draws the passages that comments are about. */

import { type EditorState, Plugin, PluginKey, TextSelection } from "prosemirror-state";
import { Decoration, DecorationSet, type EditorView } from "prosemirror-view";
import { ySyncPluginKey } from "y-prosemirror";
import { type Anchor, placeOf } from "./anchor";

/** The anchors of a section by the key of their comment. */
export type Anchors = ReadonlyMap<string, Anchor>;

interface Drawn {
  anchors: Anchors;
  /** The comment whose passage was looked up last. */
  sought: string | null;
  decorations: DecorationSet;
}

type Wish = Partial<Pick<Drawn, "anchors" | "sought">>;

const key = new PluginKey<Drawn>("highlights");

export function highlights(): Plugin<Drawn> {
  return new Plugin<Drawn>({
    key,
    state: {
      init: () => ({ anchors: new Map(), sought: null, decorations: DecorationSet.empty }),
      apply: (tr, before, _old, state) => {
        const wish = tr.getMeta(key) as Wish | undefined;
        if (wish) return drawn({ ...before, ...wish }, state);
        if (!tr.docChanged) return before;
        // A change of others replaces the whole text in ProseMirror, so mapping is of no use.
        const isForeign = ySyncPluginKey.getState(state)?.isChangeOrigin === true;
        if (isForeign) return drawn(before, state);
        return { ...before, decorations: before.decorations.map(tr.mapping, tr.doc) };
      },
    },
    props: { decorations: (state) => key.getState(state)?.decorations },
  });
}

/** Draw these anchors from now on. */
export function draw(view: EditorView, anchors: Anchors): void {
  wish(view, { anchors });
}

/** Point out the passage of one comment and select it, so that it can be heard and changed. */
export function seek(view: EditorView, comment: string): boolean {
  const [found] =
    key.getState(view.state)?.decorations.find(undefined, undefined, isOf(comment)) ?? [];
  wish(view, { sought: found ? comment : null });
  if (!found) return false;
  const selection = TextSelection.create(view.state.doc, found.from, found.to);
  view.dispatch(view.state.tr.setSelection(selection).scrollIntoView());
  view.focus();
  return true;
}

/** The comments whose passages are still in the text. */
export function drawnKeys(state: EditorState): Set<string> {
  const found = key.getState(state)?.decorations.find() ?? [];
  return new Set(found.map(({ spec }) => String((spec as { comment: string }).comment)));
}

function isOf(comment: string): (spec: unknown) => boolean {
  return (spec) => (spec as { comment: string }).comment === comment;
}

function wish(view: EditorView, wished: Wish): void {
  view.dispatch(view.state.tr.setMeta(key, wished).setMeta("addToHistory", false));
}

function drawn({ anchors, sought }: Omit<Drawn, "decorations">, state: EditorState): Drawn {
  const decorations: Decoration[] = [];
  for (const [comment, anchor] of anchors) {
    const place = placeOf(anchor, state);
    if (!place) continue;
    const attributes = {
      class: comment === sought ? "commented is-sought" : "commented",
      "data-comment": comment,
    };
    decorations.push(Decoration.inline(place.from, place.to, attributes, { comment }));
  }
  return { anchors, sought, decorations: DecorationSet.create(state.doc, decorations) };
}
