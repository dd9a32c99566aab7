import assert from "node:assert/strict";
import { test } from "node:test";
import type { Node } from "prosemirror-model";
import { parseAnchor } from "../src/editor/anchors/anchor";
import { findQuote, quoted, trimmed, wordsOf } from "../src/editor/anchors/passage";
import { sectionSchema } from "../src/editor/text/schema";

function textOf(...paragraphs: string[]): Node {
  const blocks = paragraphs.map((text) =>
    sectionSchema.node("paragraph", null, text ? [sectionSchema.text(text)] : []),
  );
  return sectionSchema.node("doc", null, blocks);
}

function found(doc: Node, quote: string, prefix = "", suffix = "", near: number | null = null) {
  const range = findQuote(wordsOf(doc), { quote, prefix, suffix }, near);
  return range && doc.textBetween(range.from, range.to, " ", " ");
}

test("words and places belong together, also after emoji and across blocks", () => {
  const doc = textOf("Ein 🌳 Weg", "", "für alle");
  const words = wordsOf(doc);
  assert.equal(words.text, "Ein 🌳 Weg  für alle");
  const range = findQuote(words, { quote: "Weg  für", prefix: "", suffix: "" }, null);
  assert.deepEqual(range, { from: 8, to: 18 });
  assert.equal(quoted(words, { from: 8, to: 11 }, 4).prefix, " 🌳 ".slice(-4));
});

test("a passage is found where its words stand now, and is gone with them", () => {
  assert.equal(found(textOf("neu davor", "Ein Weg für alle"), "Weg für"), "Weg für");
  assert.equal(found(textOf("Ein Steig für alle"), "Weg für"), null);
  assert.equal(found(textOf("egal"), ""), null);
});

test("of equal passages the one with the old surroundings counts, then the nearest", () => {
  const doc = textOf("der Weg ist weit", "der Weg ist kurz");
  const words = wordsOf(doc);
  const far = findQuote(words, { quote: "Weg", prefix: "der ", suffix: " ist kurz" }, 1);
  assert.equal(far?.from, 23);
  assert.equal(findQuote(words, { quote: "Weg", prefix: "", suffix: "" }, 24)?.from, 23);
  assert.equal(findQuote(words, { quote: "Weg", prefix: "", suffix: "" }, 2)?.from, 5);
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
