import assert from "node:assert/strict";
import { test } from "node:test";
import type { Node } from "prosemirror-model";
import { EditorState } from "prosemirror-state";
import cases from "../../tests/collab/process/talk/anchors.json";
import { parseAnchor } from "../src/editor/anchors/anchor";
import { findQuote, quoted, trimmed, wordsOf } from "../src/editor/anchors/passage";
import { standingOf } from "../src/editor/anchors/placing";
import { sectionSchema } from "../src/editor/text/schema";

function textOf(...paragraphs: string[]): Node {
  const blocks = paragraphs.map((text) =>
    sectionSchema.node("paragraph", null, text ? [sectionSchema.text(text)] : []),
  );
  return sectionSchema.node("doc", null, blocks);
}

function places(doc: Node, quote: string, prefix: string, suffix: string, near?: number) {
  const known = near === undefined ? [] : [{ from: near, to: near + quote.length }];
  return findQuote(wordsOf(doc), { quote, prefix, suffix }, known)?.from;
}

test("words and places belong together, also after emoji and across blocks", () => {
  const doc = textOf("Ein 🌳 Weg", "", "für alle");
  const words = wordsOf(doc);
  assert.equal(words.text, "Ein 🌳 Weg  für alle");
  const found = findQuote(words, { quote: "Weg  für", prefix: "", suffix: "" });
  assert.deepEqual(found, { from: 8, to: 18, isSame: true, isKnown: false });
  assert.equal(quoted(words, { from: 8, to: 11 }, 4).prefix, " 🌳 ".slice(-4));
});

// The server decides by the same cases: tests/collab/process/talk/test_anchoring.py.
for (const { says, sections, anchor, state, section, words } of cases) {
  test(`c20: ${says}`, () => {
    const states = new Map(
      Object.entries(sections).map(([name, text]) => [
        name,
        EditorState.create({ doc: textOf(...text.split("\n")) }),
      ]),
    );
    const standing = standingOf({ ...anchor, start: "", end: "" }, states);
    assert.equal(standing?.section ?? null, section);
    if (!standing) return assert.equal(state, "gone");
    const doc = states.get(standing.section)?.doc;
    const found = doc?.textBetween(standing.from, standing.to, " ", " ");
    assert.equal(found, words.replaceAll("\n", " "));
    const isHome = standing.section === anchor.section;
    assert.equal(standing.isSame ? (isHome ? "here" : "moved") : "changed", state);
  });
}

test("c20: of equal passages the one with the old surroundings counts, then where it stood", () => {
  const doc = textOf("der Weg ist weit", "der Weg ist kurz");
  assert.equal(places(doc, "Weg", "der ", " ist kurz"), 23);
  assert.equal(places(doc, "Weg", "der ", " ist", 23), 23);
  assert.equal(places(doc, "Weg", "der ", " ist", 5), 5);
});

test("c20: what stood at a place a moment ago counts more than the same words elsewhere", () => {
  const doc = textOf("Der neue Radweg endet am breiten Ufer", "Der Radweg endet am Ufer");
  const wanted = { quote: "Der Radweg endet am Ufer", prefix: "x", suffix: "x" };
  assert.equal(findQuote(wordsOf(doc), wanted, [{ from: 1, to: 38 }])?.to, 38);
  assert.equal(findQuote(wordsOf(doc), wanted)?.from, 40);
});

test("spaces at the ends of a selection do not belong to the passage", () => {
  const doc = textOf("Ein Weg ");
  assert.deepEqual(trimmed(wordsOf(doc), { from: 4, to: 9 }), { from: 5, to: 8 });
  assert.equal(trimmed(wordsOf(doc), { from: 4, to: 5 }), null);
});

test("what is no anchor is passed over", () => {
  assert.equal(parseAnchor("null"), null);
  assert.equal(parseAnchor("{"), null);
  assert.equal(parseAnchor('{"section": "need"}'), null);
  assert.equal(parseAnchor('{"section": "need", "quote": "Weg"}')?.start, "");
});
