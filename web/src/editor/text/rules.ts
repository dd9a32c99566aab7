/** What is written as in Markdown becomes what it means; Backspace takes the change back. */

import {
  InputRule,
  inputRules,
  textblockTypeInputRule,
  wrappingInputRule,
} from "prosemirror-inputrules";
import type { MarkType } from "prosemirror-model";
import type { Plugin } from "prosemirror-state";
import { kept } from "./commands";
import { sectionSchema } from "./schema";

const { nodes, marks } = sectionSchema;

/** "## " heading, "- " list, "1. " numbered list, "> " quotation, "---" rule, **bold**, *italic*. */
export function sectionRules(): Plugin {
  return inputRules({
    rules: [
      textblockTypeInputRule(/^(#{1,4})\s$/, kept(nodes.heading), ([, signs]) => ({
        level: Math.max(signs?.length ?? 0, 2),
      })),
      wrappingInputRule(/^\s*[-*]\s$/, kept(nodes.bulletList)),
      orderedListRule(),
      wrappingInputRule(/^\s*>\s$/, kept(nodes.blockquote)),
      ruleRule(),
      markRule(/\*\*([^*\s](?:[^*]*[^*\s])?)\*\*$/, kept(marks.strong)),
      markRule(/(?<![*\w])\*([^*\s](?:[^*]*[^*\s])?)\*$/, kept(marks.em)),
      markRule(/(?<![_\w])_([^_\s](?:[^_]*[^_\s])?)_$/, kept(marks.em)),
    ],
  });
}

function orderedListRule(): InputRule {
  return wrappingInputRule(
    /^(\d{1,3})\.\s$/,
    kept(nodes.orderedList),
    ([, number]) => ({ start: Number(number) > 1 ? Number(number) : null }),
    ([, number], list) => list.childCount + (list.attrs.start ?? 1) === Number(number),
  );
}

function ruleRule(): InputRule {
  return new InputRule(/^---$/, (state, _match, start, end) => {
    const $start = state.doc.resolve(start);
    // Only on a line of its own directly in the text, where a rule may stand.
    if ($start.depth !== 1) return null;
    const rule = kept(nodes.horizontalRule).create();
    return state.tr.delete(start, end).insert($start.before(), rule);
  });
}

/** The text between the signs gets the mark; the signs go. */
function markRule(pattern: RegExp, mark: MarkType): InputRule {
  return new InputRule(pattern, (state, match, start, end) => {
    const [whole, words] = match;
    if (!words || state.doc.rangeHasMark(start, end, mark)) return null;
    const from = start + whole.indexOf(words);
    const tr = state.tr;
    if (from + words.length < end) tr.delete(from + words.length, end);
    if (from > start) tr.delete(start, from);
    tr.addMark(start, start + words.length, mark.create());
    return tr.removeStoredMark(mark);
  });
}
