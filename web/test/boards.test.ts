import "./browser";
import assert from "node:assert/strict";
import { test } from "node:test";
import * as Y from "yjs";
import { Board, type Changes } from "../src/boards/board";
import { type Answer, Outbox } from "../src/boards/outbox";
import { splice, TextBinding, wordsOf } from "../src/boards/text";
import { COLOURS, GROUPS_MAX, NOTES_MAX } from "../src/boards/things";
import { element } from "./browser";

const SEED = Number(process.env.ARENA_TEST_SEED ?? Math.floor(Math.random() * 1e9));

/** Frames that come when the test says so. */
const frames: (() => void)[] = [];
Object.assign(globalThis, {
  requestAnimationFrame: (act: () => void) => frames.push(act),
  cancelAnimationFrame: () => undefined,
});

function nextFrame(): void {
  for (const act of frames.splice(0)) act();
}

function dice(seed: number): (n: number) => number {
  let state = seed;
  return (n) => {
    state = (state * 1664525 + 1013904223) % 4294967296;
    return Math.floor((state / 4294967296) * n);
  };
}

function boardOf(doc = new Y.Doc()): { board: Board; doc: Y.Doc; told: Changes[] } {
  const told: Changes[] = [];
  return { board: new Board(doc, (changes) => told.push(changes)), doc, told };
}

function mirror(from: Y.Doc, to: Y.Doc): void {
  Y.applyUpdate(to, Y.encodeStateAsUpdate(from), "remote");
}

test("BD4: any text becomes any other by one change that cuts no character", () => {
  console.log(`ARENA_TEST_SEED=${SEED}`);
  const below = dice(SEED);
  const letters = ["a", "é", "😀", "😁", "👩‍👩‍👧", "𝔘", "\n", "ß"];
  const some = () => Array.from({ length: below(9) }, () => letters[below(8)]).join("");
  for (let round = 0; round < 500; round++) {
    const [before, after] = [some(), some()];
    const change = splice(before, after);
    if (!change) {
      assert.equal(before, after);
      continue;
    }
    const { at, removed, added } = change;
    assert.equal(before.slice(0, at) + added + before.slice(at + removed), after);
    for (const place of [at, at + removed]) {
      const [left, right] = [before.charCodeAt(place - 1), before.charCodeAt(place)];
      assert.ok(
        !(left >= 0xd800 && left < 0xdc00 && right >= 0xdc00),
        JSON.stringify([before, after]),
      );
    }
    assert.doesNotThrow(() => encodeURIComponent(added));
  }
});

function bound(words: string) {
  const { board, doc } = boardOf();
  const id = board.addNote({ x: 0, y: 0 }, { text: words }) ?? "";
  const text = board.textOf(id) as Y.XmlText;
  const field = element("<textarea></textarea>").firstElementChild as HTMLTextAreaElement;
  const binding = new TextBinding(field, text, (act) => board.transact(act));
  const type = (value: string) => {
    field.value = value;
    field.dispatchEvent(new Event("input"));
  };
  return { board, doc, text, field, binding, type };
}

test("BD4: what is typed is in the text, what others type in the field, and the caret stays", () => {
  const { doc, text, field, type } = bound("Radweg");
  type("Radwege 😀");
  assert.equal(wordsOf(text), "Radwege 😀");
  field.focus();
  field.setSelectionRange(7, 7);
  doc.transact(() => text.insert(0, "Der "), "remote");
  assert.equal(field.value, "Der Radwege 😀");
  assert.equal(field.selectionStart, 11);
  doc.transact(() => text.insert(14, "!"), "remote");
  assert.equal(field.selectionStart, 11);
});

test("BD4: while somebody composes nothing is touched, and then nothing is lost", () => {
  const { doc, text, field } = bound("Weg");
  field.dispatchEvent(new Event("compositionstart"));
  field.value = "Wegに";
  field.dispatchEvent(new Event("input"));
  doc.transact(() => text.insert(0, "Ein langer "), "remote");
  assert.equal(field.value, "Wegに");
  assert.equal(wordsOf(text), "Ein langer Weg");
  field.value = "Weg日";
  field.dispatchEvent(new Event("compositionend"));
  assert.equal(wordsOf(text), "Ein langer Weg日");
  assert.equal(field.value, "Ein langer Weg日");
});

test("BD4: the caret is behind the composed word, whatever others have typed meanwhile", () => {
  for (const [composed, end] of [
    ["Weg日", "Ein langer Weg日".length],
    ["Weg", "Ein langer Weg".length],
  ] as const) {
    const { doc, text, field } = bound("Weg");
    field.focus();
    field.setSelectionRange(3, 3);
    field.dispatchEvent(new Event("compositionstart"));
    field.value = composed;
    field.setSelectionRange(composed.length, composed.length);
    doc.transact(() => text.insert(0, "Ein "), "remote");
    doc.transact(() => text.insert(4, "langer "), "remote");
    doc.transact(() => text.insert(text.length, "!"), "remote");
    field.dispatchEvent(new Event("compositionend"));
    assert.equal(field.value.includes(`langer ${composed}`), true);
    assert.equal(field.selectionStart, end, field.value);
  }
});

test("BD4: two who type into one note at random read the same", () => {
  console.log(`ARENA_TEST_SEED=${SEED}`);
  const below = dice(SEED + 1);
  const one = bound("Start");
  const other = new Y.Doc();
  mirror(one.doc, other);
  const { board } = boardOf(other);
  const there = board.textOf(board.notes()[0]?.id ?? "") as Y.XmlText;
  for (let round = 0; round < 100; round++) {
    const at = [...one.field.value];
    at.splice(below(at.length + 1), below(3), ["x", "😀", ""][below(3)] ?? "");
    one.type(at.join(""));
    const far = [...wordsOf(there)];
    const before = wordsOf(there);
    far.splice(below(far.length + 1), below(2), ["y", "😁"][below(2)] ?? "");
    const change = splice(before, far.join(""));
    if (change?.removed) there.delete(change.at, change.removed);
    if (change?.added) there.insert(change.at, change.added);
    if (below(3) === 0) {
      mirror(one.doc, other);
      mirror(other, one.doc);
      assert.equal(one.field.value, wordsOf(there));
    }
  }
});

test("BD2: a board is read as the server reads it", () => {
  const { board, doc } = boardOf();
  const root = doc.getXmlFragment("notes");
  const put = (tag: string, attributes: object) => {
    const made = new Y.XmlElement(tag);
    for (const [key, value] of Object.entries(attributes)) made.setAttribute(key, value);
    root.push([made]);
  };
  put("group", { id: "group-1", x: 5, y: 0 });
  put("note", { id: "note-1", x: 0, y: 400, group: "group-9", colour: "?" });
  put("note", { id: "note-2", x: 300, y: 0, group: "group-1", label: "Ort" });
  put("note", { id: "note-2", x: 1, y: 1 });
  put("note", { x: 7 });
  put("note", { id: "note-3", x: 1, y: 10, group: "note-1" });
  nextFrame();
  assert.deepEqual(
    board.notes().map(({ id, group }) => [id, group]),
    [
      ["note-3", null],
      ["note-2", "group-1"],
      ["note-1", null],
    ],
  );
  assert.equal(board.note("note-1")?.colour, COLOURS[0]);
  root.delete(0, 1);
  nextFrame();
  assert.equal(board.note("note-2")?.group, null);
});

test("BD5: only what changed is told of, once a frame", () => {
  const { board, told } = boardOf();
  const ids = Array.from({ length: 20 }, (_, at) => board.addNote({ x: at, y: 0 }) ?? "");
  nextFrame();
  assert.deepEqual(
    told.map(({ changed }) => changed.size),
    [20],
  );
  const [one = "", other = ""] = ids;
  board.setText(one, "Radweg");
  board.set(one, { x: 900 });
  board.set(other, { colour: "blue" });
  board.set(other, { colour: "blue" });
  nextFrame();
  assert.deepEqual(told.at(-1), { changed: new Set([one, other]), removed: new Set() });
  board.remove(one);
  nextFrame();
  assert.deepEqual(told.at(-1), { changed: new Set(), removed: new Set([one]) });
  assert.equal(told.length, 3);
});

test("BD6: what was deleted comes back by undo, and others' work stays", () => {
  const { board, doc } = boardOf();
  const id = board.addNote({ x: 0, y: 0 }, { text: "meins", colour: "green" }) ?? "";
  const other = new Y.Doc();
  mirror(doc, other);
  boardOf(other).board.addNote({ x: 300, y: 0 }, { text: "seins" });
  board.remove(id);
  mirror(other, doc);
  assert.equal(board.undo.undo() !== null, true);
  nextFrame();
  assert.deepEqual(
    board.notes().map(({ text, colour }) => [text, colour]),
    [
      ["meins", "green"],
      ["seins", "yellow"],
    ],
  );
  assert.equal(board.note(id)?.text, "meins");
});

test("BD6: a step up or down in the list lets two notes change places", () => {
  const { board } = boardOf();
  for (const text of ["eins", "zwei"]) board.addNote({ x: 5, y: 5 }, { text });
  nextFrame();
  const order = () => board.notes().map(({ text }) => text);
  const before = order();
  const [one, other] = board.notes();
  if (one && other) board.swap(one, other);
  nextFrame();
  assert.deepEqual(order(), before.reverse());
});

test("BD2: a full board takes no more", () => {
  const { board } = boardOf();
  board.transact(() => {
    for (let at = 0; at < GROUPS_MAX; at++) assert.ok(board.addGroup({ x: at, y: 0 }));
  });
  assert.equal(board.addGroup({ x: 0, y: 0 }), null);
  assert.equal(NOTES_MAX, 1_000);
});

test("BD8: a note stays on the device until the server has it, and goes out under one id", async () => {
  const answers: Answer[] = ["unknown", "taken", "unknown", "refused", "taken"];
  const sent: string[] = [];
  const back: string[] = [];
  const outbox = new Outbox(
    "ana",
    "ABC234",
    async ({ id }) => {
      sent.push(id);
      return answers.shift() ?? "unknown";
    },
    () => undefined,
    ({ id }) => back.push(id),
  );
  for (const id of ["note-1", "note-2", "note-3"]) outbox.put({ id, text: id, colour: "blue" });
  await outbox.send();
  assert.equal(outbox.waiting.length, 3);
  await outbox.send();
  assert.deepEqual(
    outbox.waiting.map(({ id }) => id),
    ["note-2", "note-3"],
  );
  await outbox.send();
  assert.deepEqual(sent, ["note-1", "note-1", "note-2", "note-2", "note-3"]);
  assert.deepEqual([back, outbox.waiting], [["note-2"], []]);
  assert.equal(localStorage.getItem("arena:draft:ana:notes:ABC234"), null);
});

test("BD8: so many wait and no more, and what is no note is dropped", () => {
  const outbox = new Outbox(
    "bo",
    "ABC234",
    async () => "unknown",
    () => undefined,
  );
  for (let at = 0; at < 100; at++)
    assert.ok(outbox.put({ id: `note-${at}`, text: "x", colour: "blue" }));
  assert.equal(outbox.put({ id: "one-more", text: "x", colour: "blue" }), false);
  localStorage.setItem("arena:draft:bo:notes:ABC234", '[{"id":1},null,"x"]');
  assert.deepEqual(outbox.waiting, []);
  localStorage.setItem("arena:draft:bo:notes:ABC234", "{");
  assert.deepEqual(outbox.waiting, []);
});
