import assert from "node:assert/strict";
import { test } from "node:test";
import * as Y from "yjs";
import { misfitIn, misfitOf } from "../src/editor/text/guard";
import { plainText } from "../src/editor/text/plain";

type Build = (root: Y.XmlFragment, doc: Y.Doc) => void;

function block(name: string, ...content: (string | Y.XmlElement)[]): Y.XmlElement {
  const element = new Y.XmlElement(name);
  element.insert(
    0,
    content.map((each) => (typeof each === "string" ? new Y.XmlText(each) : each)),
  );
  return element;
}

function documentOf(build: Build, root = "need"): Y.Doc {
  const doc = new Y.Doc();
  build(doc.getXmlFragment(root), doc);
  return doc;
}

function survives(build: Build, root = "need"): boolean {
  return misfitOf(Y.encodeStateAsUpdate(documentOf(build, root)), ["title", "need"]) === null;
}

const GOOD: Record<string, Build> = {
  "an empty root": () => undefined,
  "an empty paragraph": (root) => root.push([block("paragraph")]),
  "a list": (root) => root.push([block("bulletList", block("listItem", block("paragraph", "a")))]),
  "a heading first in a list item": (root) =>
    root.push([block("bulletList", block("listItem", block("heading", "a")))]),
  "marked text": (root) => {
    const text = new Y.XmlText();
    const paragraph = new Y.XmlElement("paragraph");
    root.push([paragraph]);
    paragraph.push([text]);
    text.insert(0, "Weg", { strong: {}, link: { href: "https://berlin.de/" } });
  },
  "a list whose items two people deleted": (root) => root.push([block("bulletList")]),
  "an item and a quotation left empty": (root) =>
    root.push([block("bulletList", block("listItem")), block("blockquote")]),
  "a link without an address": (root) => {
    const text = new Y.XmlText();
    root.push([block("paragraph")]);
    (root.get(0) as Y.XmlElement).push([text]);
    text.insert(0, "Weg", { link: {} });
  },
};

const BAD: Record<string, Build> = {
  "an unknown block": (root) => root.push([block("table", "a")]),
  "an unknown block deep inside": (root) => root.push([block("blockquote", block("table"))]),
  "text directly in the root": (root) => root.push([new Y.XmlText("a")]),
  "text directly in a list item": (root) =>
    root.push([block("bulletList", block("listItem", "a"))]),
  "an unknown mark on one word": (root) => {
    const text = new Y.XmlText("ein Weg");
    root.push([block("paragraph")]);
    (root.get(0) as Y.XmlElement).push([text]);
    text.format(4, 3, { highlight: {} });
  },
  "an object inside of text": (root) => {
    const text = new Y.XmlText("a");
    root.push([block("paragraph")]);
    (root.get(0) as Y.XmlElement).push([text]);
    text.insertEmbed(1, { image: "x" });
  },
};

for (const [what, build] of Object.entries(GOOD)) {
  test(`${what} is edited`, () => assert.equal(survives(build), true));
}

for (const [what, build] of Object.entries(BAD)) {
  test(`${what} stops the editor from mounting`, () => assert.equal(survives(build), false));
}

test("a title of two lines is edited, a heading in the title is not", () => {
  const lines: Build = (root) => root.push([block("paragraph", "a"), block("paragraph", "b")]);
  assert.equal(survives(lines, "title"), true);
  assert.equal(
    survives((root) => root.push([block("heading", "a")]), "title"),
    false,
  );
});

test("a state that cannot be read stops the editor from mounting", () => {
  assert.notEqual(misfitOf(new Uint8Array([1, 2, 3]), ["need"]), null);
});

test("the trial leaves the document as it is", () => {
  const doc = documentOf((root) => root.push([block("table", "a")]));
  const before = Y.encodeStateAsUpdate(doc);
  misfitOf(before, ["need"]);
  assert.deepEqual(Y.encodeStateAsUpdate(doc), before);
});

function fitsRemotely(build: Build): boolean {
  const doc = documentOf((root) => root.push([block("paragraph", "da")]));
  const other = new Y.Doc();
  Y.applyUpdate(other, Y.encodeStateAsUpdate(doc));
  build(other.getXmlFragment("need"), other);
  let verdict = true;
  doc.on("beforeObserverCalls", (transaction) => {
    verdict = verdict && misfitIn(transaction) === null;
  });
  Y.applyUpdate(doc, Y.encodeStateAsUpdate(other));
  return verdict;
}

for (const [what, build] of Object.entries(GOOD)) {
  test(`${what} from others goes to the editors`, () => assert.equal(fitsRemotely(build), true));
}

for (const [what, build] of Object.entries(BAD)) {
  test(`${what} from others is held off`, () => assert.equal(fitsRemotely(build), false));
}

test("an unknown mark put on existing text by others is held off", () => {
  const marked = fitsRemotely((root) => {
    const text = (root.get(0) as Y.XmlElement).get(0) as Y.XmlText;
    text.format(0, 1, { highlight: {} });
  });
  assert.equal(marked, false);
});

test("others may empty and delete what they like", () => {
  assert.equal(
    fitsRemotely((root) => root.delete(0, root.length)),
    true,
  );
});

test("the plain text has a line for every block and tolerates what it does not know", () => {
  const doc = documentOf((root) =>
    root.push([
      block("heading", "Ziel"),
      block("bulletList", block("listItem", block("paragraph", "eins"), block("paragraph", "x"))),
      block("table", block("row", "Zelle")),
    ]),
  );
  doc.getXmlFragment("title").push([block("paragraph", "Ein Weg")]);
  const labels = new Map([
    ["title", "Titel"],
    ["need", "Bedarf"],
    ["empty", "Leer"],
  ]);
  assert.equal(plainText(doc, labels), "Ein Weg\n\n\nBedarf\n\nZiel\n- eins\n  x\nZelle");
});
