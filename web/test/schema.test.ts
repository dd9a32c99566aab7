import assert from "node:assert/strict";
import { test } from "node:test";
import { DOMParser, DOMSerializer, type Node } from "prosemirror-model";
import { sectionSchema, titleSchema } from "../src/editor/text/schema";
import { element } from "./browser";

function parsed(html: string, schema = sectionSchema): Node {
  return DOMParser.fromSchema(schema).parse(element(html));
}

function rendered(node: Node): string {
  const box = document.createElement("div");
  box.append(DOMSerializer.fromSchema(node.type.schema).serializeFragment(node.content));
  return box.innerHTML;
}

test("the names are those of schema number 1", () => {
  assert.deepEqual(Object.keys(sectionSchema.nodes).sort(), [
    "blockquote",
    "bulletList",
    "doc",
    "hardBreak",
    "heading",
    "horizontalRule",
    "listItem",
    "orderedList",
    "paragraph",
    "text",
  ]);
  assert.deepEqual(Object.keys(sectionSchema.marks).sort(), ["em", "link", "strong"]);
});

test("what the server renders comes back as it was", () => {
  const html =
    "<h2>Ziel</h2><p>Ein <strong>Weg</strong> <em>für</em> alle<br>hier</p>" +
    "<ul><li><p>eins</p></li><li><p>zwei</p></li></ul>" +
    '<ol start="3"><li><p>drei</p></li></ol><blockquote><p>so</p></blockquote><hr>';
  const node = parsed(html);
  node.check();
  assert.equal(rendered(node), html);
});

test("a pasted link with a foreign scheme keeps its words and loses its address", () => {
  const node = parsed('<p><a href="javascript:alert(1)">hier</a></p>');
  assert.equal(rendered(node), "<p>hier</p>");
});

test("a link mark of somebody else's making is never drawn with a foreign scheme", () => {
  const link = sectionSchema.mark("link", { href: "javascript:alert(1)" });
  const node = sectionSchema.node("doc", null, [
    sectionSchema.node("paragraph", null, [sectionSchema.text("hier", [link])]),
  ]);
  assert.equal(rendered(node), "<p><span>hier</span></p>");
});

test("a safe link opens nothing in the name of this page", () => {
  const node = parsed('<p><a href="https://berlin.de/">hier</a></p>');
  assert.equal(
    rendered(node),
    '<p><a href="https://berlin.de/" rel="noopener noreferrer nofollow ugc">hier</a></p>',
  );
});

test("the title takes plain lines only", () => {
  const node = parsed("<h1>Ein <b>Weg</b></h1><ul><li>für alle</li></ul>", titleSchema);
  node.check();
  for (const line of node.children) assert.equal(line.type.name, "paragraph");
  assert.equal(node.textContent, "Ein Wegfür alle");
});

test("structures that concurrent edits make are valid", () => {
  const item = (...content: Node[]) => sectionSchema.node("listItem", null, content);
  const heading = sectionSchema.node("heading", { level: 2 }, [sectionSchema.text("a")]);
  const list = sectionSchema.node("bulletList", null, [item(heading), item(heading, heading)]);
  sectionSchema.node("doc", null, [list, sectionSchema.node("blockquote", null, [list])]).check();
});

test("a heading without or with a strange level is drawn all the same", () => {
  for (const level of [undefined, 1, 7, "2", "x", null, 2.0]) {
    const attributes = level === undefined ? null : { level };
    const node = sectionSchema.node("heading", attributes, [sectionSchema.text("a")]);
    const html = rendered(sectionSchema.node("doc", null, [node]));
    assert.match(html, /^<h[234]>a<\/h[234]>$/);
  }
});
