import assert from "node:assert/strict";
import { test } from "node:test";
import type { Node } from "prosemirror-model";
import { type Command, EditorState, TextSelection } from "prosemirror-state";
import {
  isInside,
  linkAt,
  listAround,
  setLink,
  toggleBulletList,
  toggleHeading,
  toggleOrderedList,
  toggleQuote,
} from "../src/editor/text/commands";
import { sectionSchema } from "../src/editor/text/schema";
import { tidied } from "../src/editor/text/tidy";

const p = (...content: (string | Node)[]) => node("paragraph", ...content);

function node(name: string, ...content: (string | Node)[]): Node {
  const children = content.map((each) =>
    typeof each === "string" ? sectionSchema.text(each) : each,
  );
  return sectionSchema.node(name, null, children);
}

function linked(text: string, href = "https://berlin.de/"): Node {
  return sectionSchema.text(text, [sectionSchema.mark("link", { href })]);
}

function stateOf(content: Node[], from = 1, to = from): EditorState {
  const doc = sectionSchema.node("doc", null, content);
  return EditorState.create({ doc, selection: TextSelection.create(doc, from, to) });
}

function after(state: EditorState, command: Command): EditorState {
  let next = state;
  command(state, (tr) => {
    next = state.apply(tr);
  });
  return next;
}

test("the same button makes a list and takes it back, and the other one changes its kind", () => {
  const start = stateOf([p("Weg")]);
  const bullets = after(start, toggleBulletList);
  assert.equal(listAround(bullets), "bulletList");
  const numbers = after(bullets, toggleOrderedList);
  assert.equal(listAround(numbers), "orderedList");
  const back = after(numbers, toggleOrderedList);
  assert.ok(back.doc.eq(start.doc));
});

test("heading and quotation are toggles", () => {
  const start = stateOf([p("Weg")]);
  const heading = after(start, toggleHeading(3));
  assert.equal(heading.doc.firstChild?.attrs.level, 3);
  assert.ok(after(heading, toggleHeading(3)).doc.eq(start.doc));
  const quote = after(start, toggleQuote);
  assert.ok(isInside(quote, "blockquote"));
  assert.ok(after(quote, toggleQuote).doc.eq(start.doc));
});

test("a link is found with its whole extent and removed from anywhere inside", () => {
  const state = stateOf([p("vor ", linked("der Weg"), " nach")], 8);
  assert.deepEqual(linkAt(state), { href: "https://berlin.de/", from: 5, to: 12 });
  const plain = after(state, setLink(null));
  assert.equal(linkAt(plain), null);
  assert.equal(plain.doc.textContent, "vor der Weg nach");
});

test("a link without selected words brings its address as words", () => {
  const state = after(stateOf([p("vor ")], 5), setLink("mailto:a@b.de"));
  assert.equal(state.doc.textContent, "vor a@b.de");
});

test("what deleting has left empty is removed with the next edit", () => {
  const hollow = node("bulletList", node("listItem"), node("listItem", node("blockquote")));
  const half = node("bulletList", node("listItem", p("a")), node("listItem"));
  const doc = sectionSchema.node("doc", null, [p("Weg"), hollow, half, node("blockquote")]);
  const state = EditorState.create({ doc });
  const tr = tidied(state);
  assert.ok(tr);
  const wanted = sectionSchema.node("doc", null, [
    p("Weg"),
    node("bulletList", node("listItem", p("a"))),
  ]);
  assert.equal(tr.doc.toString(), wanted.toString());
  assert.equal(tidied(EditorState.create({ doc: wanted })), null);
});

test("when nothing else is left, a paragraph is", () => {
  const doc = sectionSchema.node("doc", null, [node("bulletList")]);
  const tr = tidied(EditorState.create({ doc }));
  assert.equal(tr?.doc.toString(), "doc(paragraph)");
});
