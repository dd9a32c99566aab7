/** The buttons of the toolbar: what each does, when it is on and when it can be used. */

import type { Command, EditorState } from "prosemirror-state";
import { _ } from "../../messages";
import {
  isInBlock,
  isInside,
  isMarked,
  linkAt,
  listAround,
  toggleBulletList,
  toggleEm,
  toggleHeading,
  toggleOrderedList,
  toggleQuote,
  toggleStrong,
} from "../text/commands";

/** What also those may do who may not write: say something about the selected words. */
export type Saying = "comment" | "suggest";

export interface Button {
  /** Of the sprite that is in every page (macros/sprite.html). */
  icon: string;
  label: string;
  keys: string;
  /** A command on the section, or a deed of the toolbar by its name. */
  does: Command | "undo" | "redo" | "link" | Saying;
  /** Present on toggles only. */
  isOn?: (state: EditorState) => boolean;
}

export function toolbarButtons(): Button[][] {
  return [
    [
      {
        icon: "bold",
        label: _("Fett"),
        keys: "Control+B",
        does: toggleStrong,
        isOn: (state) => isMarked(state, "strong"),
      },
      {
        icon: "italic",
        label: _("Kursiv"),
        keys: "Control+I",
        does: toggleEm,
        isOn: (state) => isMarked(state, "em"),
      },
      {
        icon: "link",
        label: _("Link"),
        keys: "Control+K",
        does: "link",
        isOn: (state) => linkAt(state) !== null,
      },
    ],
    [
      {
        icon: "heading",
        label: _("Überschrift"),
        keys: "Control+Alt+3",
        does: toggleHeading(3),
        isOn: (state) => isInBlock(state, "heading"),
      },
      {
        icon: "list",
        label: _("Liste"),
        keys: "Control+Shift+8",
        does: toggleBulletList,
        isOn: (state) => listAround(state) === "bulletList",
      },
      {
        icon: "list-ordered",
        label: _("Nummeriert"),
        keys: "Control+Shift+7",
        does: toggleOrderedList,
        isOn: (state) => listAround(state) === "orderedList",
      },
      {
        icon: "quote",
        label: _("Zitat"),
        keys: "Control+Shift+9",
        does: toggleQuote,
        isOn: (state) => isInside(state, "blockquote"),
      },
    ],
    [
      { icon: "undo", label: _("Rückgängig"), keys: "Control+Z", does: "undo" },
      { icon: "redo", label: _("Wiederholen"), keys: "Control+Y", does: "redo" },
    ],
    [
      { icon: "comment", label: _("Kommentieren"), keys: "Control+Alt+M", does: "comment" },
      { icon: "pencil", label: _("Vorschlagen"), keys: "Control+Alt+V", does: "suggest" },
    ],
  ];
}

/** Whether a button says something about the text instead of changing it. */
export function isSaying(does: Button["does"]): does is Saying {
  return does === "comment" || does === "suggest";
}
