import assert from "node:assert/strict";
import { test } from "node:test";
import { wording } from "../src/editor/sync/indicator";
import { movement, type Present, present } from "../src/editor/sync/presence";
import { stampOf } from "../src/editor/text/cursors";
import { _, ngettext } from "../src/messages";
import { Queue } from "../src/status";
import { relative } from "../src/times";
import { element } from "./browser";

element(
  `<script type="application/json" id="messages">${JSON.stringify({
    Gespeichert: "Saved",
    "%(name)s ist gegangen": "%(name)s has left",
    "%(n)s neuer Kommentar": ["%(n)s new comment", "%(n)s new comments"],
    "Nicht übersetzt": "",
  })}</script>`,
);

test("words come from the catalogue of the page, else they are German", () => {
  assert.equal(_("Gespeichert"), "Saved");
  assert.equal(_("%(name)s ist gegangen", { name: "Ana" }), "Ana has left");
  assert.equal(ngettext("%(n)s neuer Kommentar", "%(n)s neue Kommentare", 1), "1 new comment");
  assert.equal(ngettext("%(n)s neuer Kommentar", "%(n)s neue Kommentare", 3), "3 new comments");
  assert.equal(ngettext("%(n)s Idee", "%(n)s Ideen", 2), "2 Ideen");
  assert.equal(_("Nicht übersetzt"), "Nicht übersetzt");
  assert.equal(_("%(name)s fehlt"), "%(name)s fehlt");
});

test("offline never claims that the device keeps what it does not keep", () => {
  const offline = { state: "offline", mayWrite: true, n: 2 } as const;
  const kept = { ...offline, kept: true };
  assert.equal(wording(kept), "Offline – auf diesem Gerät behalten: 2 Änderungen");
  assert.equal(wording({ ...kept, n: 1 }), "Offline – auf diesem Gerät behalten: 1 Änderung");
  assert.equal(wording({ ...kept, n: 0 }), "Offline");
  assert.match(wording({ ...offline, kept: false }), /noch nicht gespeichert/);
  assert.equal(wording({ ...offline, kept: true, mayWrite: false }), "Offline");
  assert.equal(wording({ state: "unsaved", n: 1 }), "Noch nicht gespeichert: 1 Änderung");
});

test("announcements that come together are spoken together, at most every five seconds", () => {
  const spoken: string[] = [];
  const timers: [() => void, number][] = [];
  const queue = new Queue(
    (text) => spoken.push(text),
    (act, ms) => timers.push([act, ms]),
  );
  queue.add("a", 0);
  queue.add("b", 10);
  queue.add("a", 20);
  assert.equal(timers.length, 1);
  timers[0]?.[0]();
  assert.deepEqual(spoken, ["a · b"]);
  queue.add("c", 1_000);
  assert.equal(timers[1]?.[1], 4_150);
  timers[1]?.[0]();
  assert.deepEqual(spoken, ["a · b", "c"]);
});

test("c23: what arrives one by one is announced once, added up", () => {
  const spoken: string[] = [];
  const timers: (() => void)[] = [];
  const queue = new Queue(
    (text) => spoken.push(text),
    (act) => timers.push(act),
  );
  const words = (n: number) => `${n} neu`;
  queue.add({ of: "comments", n: 1, words }, 0);
  queue.add("Gesendet", 5);
  queue.add({ of: "comments", n: 2, words }, 10);
  timers[0]?.();
  queue.add({ of: "comments", n: 1, words }, 6_000);
  timers[1]?.();
  assert.deepEqual(spoken, ["3 neu · Gesendet", "1 neu"]);
});

test("relative times name the largest unit that has passed", () => {
  const minute = 60_000;
  assert.equal(relative(0, 20_000, "de"), "jetzt");
  assert.equal(relative(0, minute, "de"), "vor 1 Minute");
  assert.equal(relative(0, 119 * minute, "de"), "vor 1 Stunde");
  assert.equal(relative(0, 24 * 60 * minute, "de"), "gestern");
  assert.equal(relative(0, 3 * minute, "en"), "3 minutes ago");
});

test("presence lists people once, oneself first, and only those the server stamped", () => {
  const states = new Map<number, unknown>([
    [1, { user: { id: "b", name: "Berta", colour: "c1" } }],
    [2, { user: { id: "b", name: "Berta", colour: "c1" } }],
    [3, { user: { id: "a", name: "Ana", colour: "c9; x" } }],
    [4, { user: { id: "z", name: "Zoe", colour: "c3" } }],
    [5, {}],
    [6, null],
  ]);
  const people = present(states, { id: "me", name: "Ich" });
  assert.deepEqual(
    people.map(({ name, colour, isSelf }) => [name, colour, isSelf]),
    [
      ["Ich", "", true],
      ["Ana", "c0", false],
      ["Berta", "c1", false],
      ["Zoe", "c3", false],
    ],
  );
  assert.deepEqual(present(states, { id: "z", name: "Zoe" })[0]?.colour, "c3");
  assert.equal(stampOf({ user: { id: 1, name: "x" } }), null);
});

test("oneself neither comes nor goes", () => {
  const person = (id: string, isSelf = false): Present => ({ id, name: id, colour: "c0", isSelf });
  const { came, went } = movement([person("a"), person("me", true)], [person("b")]);
  assert.deepEqual([came.map(({ id }) => id), went.map(({ id }) => id)], [["b"], ["a"]]);
});
