/** Draws the passages that comments are about. */

import { type EditorState, Plugin, PluginKey } from "prosemirror-state";
import { Decoration, DecorationSet, type EditorView } from "prosemirror-view";
import { ySyncPluginKey } from "y-prosemirror";
import { type Anchor, placeOf } from "./anchor";

/** The anchors of a section by the key of their comment. */
export type Anchors = ReadonlyMap<string, Anchor>;

interface Drawn {
  anchors: Anchors;
  decorations: DecorationSet;
}

const key = new PluginKey<Drawn>("highlights");

export function highlights(): Plugin<Drawn> {
  return new Plugin<Drawn>({
    key,
    state: {
      init: () => ({ anchors: new Map(), decorations: DecorationSet.empty }),
      apply: (tr, { anchors, decorations }, _before, state) => {
        const given = tr.getMeta(key) as Anchors | undefined;
        if (given) return drawn(given, state);
        if (!tr.docChanged) return { anchors, decorations };
        // A change of others replaces the whole text in ProseMirror, so mapping is of no use.
        const isForeign = ySyncPluginKey.getState(state)?.isChangeOrigin === true;
        if (isForeign) return drawn(anchors, state);
        return { anchors, decorations: decorations.map(tr.mapping, tr.doc) };
      },
    },
    props: { decorations: (state) => key.getState(state)?.decorations },
  });
}

/** Draw these anchors from now on. */
export function draw(view: EditorView, anchors: Anchors): void {
  view.dispatch(view.state.tr.setMeta(key, anchors).setMeta("addToHistory", false));
}

/** The comments whose passages are still in the text. */
export function drawnKeys(state: EditorState): Set<string> {
  const found = key.getState(state)?.decorations.find() ?? [];
  return new Set(found.map(({ spec }) => String((spec as { comment: string }).comment)));
}

function drawn(anchors: Anchors, state: EditorState): Drawn {
  const decorations: Decoration[] = [];
  for (const [comment, anchor] of anchors) {
    const place = placeOf(anchor, state);
    if (!place) continue;
    const attributes = { class: "commented", "data-comment": comment };
    decorations.push(Decoration.inline(place.from, place.to, attributes, { comment }));
  }
  return { anchors, decorations: DecorationSet.create(state.doc, decorations) };
}
