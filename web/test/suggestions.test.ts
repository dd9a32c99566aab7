import assert from "node:assert/strict";
import { test } from "node:test";
import { findPassage, rangeAt } from "../src/editor/suggestions/place";

// The same cases as in tests/collab/sync/suggesting/test_passages.py.
const TEXT = "Am See steht eine Bank. Am Park steht eine Bank. Am Ufer steht keine.";

function passage(text: string, start: number, end: number) {
  return {
    quote: text.slice(start, end),
    prefix: text.slice(Math.max(0, start - 64), start),
    suffix: text.slice(end, end + 64),
  };
}

test("of the same words those with the same surroundings are meant", () => {
  const second = TEXT.indexOf("eine Bank", 30);
  const wanted = passage(TEXT, second, second + 9);
  assert.equal(findPassage(TEXT, wanted), second);
  assert.equal(findPassage(`Neu davor. ${TEXT}`, wanted), second + 11);
});

test("short words in other surroundings and words that stand twice alike are not meant", () => {
  assert.equal(findPassage("Ganz anders ist es Am Tag nach allem.", passage(TEXT, 0, 2)), null);
  assert.equal(findPassage("ja nein ja", { quote: "ja", prefix: "", suffix: "" }), null);
});

test("a point is found between its surroundings", () => {
  const point = passage(TEXT, 23, 23);
  assert.equal(findPassage(TEXT, point), 23);
  assert.equal(findPassage(TEXT.replace("Am Park", "Im Park"), point), 23);
  assert.equal(findPassage("Nichts davon steht noch hier.", point), null);
  assert.equal(findPassage("", { quote: "", prefix: "", suffix: "" }), 0);
  assert.equal(findPassage("etwas", { quote: "", prefix: "", suffix: "" }), null);
});

test("breaks count as spaces, and places are those of the document", () => {
  const words = { text: "eins zwei", at: [1, 2, 3, 4, 6, 7, 8, 9, 10] };
  const index = findPassage(words.text, { quote: "eins\nzwei", prefix: "", suffix: "" });
  assert.equal(index, 0);
  assert.deepEqual(rangeAt(words as never, 0, 9, 12), { from: 1, to: 11 });
  assert.deepEqual(rangeAt(words as never, 4, 0, 12), { from: 5, to: 5 });
});
