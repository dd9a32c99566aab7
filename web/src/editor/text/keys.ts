/**
 * The keys of the editors. Tab is bound to nothing: it leaves the editor (WCAG 2.1.2); lists are
 * indented with Mod-] and Mod-[.
 */

import { baseKeymap, chainCommands, exitCode, setBlockType } from "prosemirror-commands";
import { undoInputRule } from "prosemirror-inputrules";
import { keymap } from "prosemirror-keymap";
import { liftListItem, sinkListItem, splitListItem } from "prosemirror-schema-list";
import type { Command, Plugin } from "prosemirror-state";
import {
  kept,
  toggleBulletList,
  toggleEm,
  toggleHeading,
  toggleOrderedList,
  toggleQuote,
  toggleStrong,
} from "./commands";
import { sectionSchema } from "./schema";

const { nodes } = sectionSchema;

/** What keys do outside of the text. */
export interface Outside {
  undo(): void;
  redo(): void;
  toToolbar(): void;
  editLink(): void;
  comment(): void;
  toNextSection(): void;
}

export function sectionKeys(outside: Outside): Plugin[] {
  return [
    keymap({
      ...shared(outside),
      "Mod-b": toggleStrong,
      "Mod-i": toggleEm,
      "Mod-k": act(outside.editLink),
      "Mod-Alt-0": setBlockType(kept(nodes.paragraph)),
      "Mod-Alt-2": toggleHeading(2),
      "Mod-Alt-3": toggleHeading(3),
      "Mod-Alt-4": toggleHeading(4),
      "Mod-Shift-7": toggleOrderedList,
      "Mod-Shift-8": toggleBulletList,
      "Mod-Shift-9": toggleQuote,
      "Mod-]": sinkListItem(kept(nodes.listItem)),
      "Mod-[": liftListItem(kept(nodes.listItem)),
      "Shift-Enter": chainCommands(exitCode, breakLine),
      Backspace: undoInputRule,
      Enter: splitListItem(kept(nodes.listItem)),
    }),
    keymap(baseKeymap),
  ];
}

/** The title is one line: Enter goes on to the first section. */
export function titleKeys(outside: Outside): Plugin[] {
  const onward = act(outside.toNextSection);
  return [
    keymap({ ...shared(outside), Enter: onward, "Shift-Enter": onward, "Mod-Enter": onward }),
    keymap(baseKeymap),
  ];
}

function shared(outside: Outside): Record<string, Command> {
  return {
    "Mod-z": act(outside.undo),
    "Mod-y": act(outside.redo),
    "Mod-Shift-z": act(outside.redo),
    "Alt-F10": act(outside.toToolbar),
    "Mod-Alt-m": act(outside.comment),
  };
}

function act(deed: () => void): Command {
  return () => {
    deed();
    return true;
  };
}

const breakLine: Command = (state, dispatch) => {
  const line = kept(nodes.hardBreak).create();
  dispatch?.(state.tr.replaceSelectionWith(line).scrollIntoView());
  return true;
};
