import assert from "node:assert/strict";
import { test } from "node:test";
import {
  type ConnectionNotice,
  type Facts,
  firstFacts,
  isAllKept,
  isUnsaved,
  learned,
  mayType,
  shown,
} from "../src/editor/sync/connection";
import { parseVerdict } from "../src/editor/sync/line";

const open: ConnectionNotice = { type: "socket", status: "open" };
const closed: ConnectionNotice = { type: "socket", status: "closed" };
const connecting: ConnectionNotice = { type: "socket", status: "connecting" };
const synced: ConnectionNotice = { type: "synced" };
const unsynced = (n: number): ConnectionNotice => ({ type: "unsynced", n });

/** As the provider tells it: the handshake counts as one change until it is acknowledged. */
const HANDSHAKE = [connecting, open, unsynced(1), synced];

function after(notices: ConnectionNotice[], mayWrite = true): Facts {
  return notices.reduce(learned, firstFacts(mayWrite));
}

function state(notices: ConnectionNotice[], mayWrite = true): string {
  return shown(after(notices, mayWrite)).state;
}

test("it is saved only when the server has acknowledged everything", () => {
  assert.equal(state([connecting, open, unsynced(1)]), "connecting");
  assert.equal(state(HANDSHAKE), "connecting");
  assert.equal(state([...HANDSHAKE, unsynced(0)]), "saved");
  assert.deepEqual(shown(after([...HANDSHAKE, unsynced(0), unsynced(1), unsynced(2)])), {
    state: "unsaved",
    n: 2,
  });
  assert.equal(state([...HANDSHAKE, unsynced(0), unsynced(1), unsynced(0)]), "saved");
});

test("what is typed during the handshake counts, the handshake itself does not", () => {
  assert.deepEqual(shown(after([...HANDSHAKE, unsynced(2)])), { state: "unsaved", n: 1 });
});

test("a lost connection is offline until the texts are in step again", () => {
  const lost = [...HANDSHAKE, unsynced(0), closed];
  assert.equal(state(lost), "offline");
  assert.equal(state([...lost, connecting]), "offline");
  assert.equal(state([...lost, connecting, closed]), "offline");
  assert.equal(state([...lost, connecting, open, unsynced(1)]), "offline");
  assert.equal(state([...lost, ...HANDSHAKE]), "connecting");
  assert.equal(state([...lost, ...HANDSHAKE, unsynced(0)]), "saved");
});

test("a dead network is offline at once, whatever the socket believes", () => {
  const dead = after([...HANDSHAKE, unsynced(0), { type: "network", up: false }, unsynced(1)]);
  assert.deepEqual(shown(dead), { state: "offline", kept: false, mayWrite: true, n: 1 });
});

test("offline says whether this device keeps the text", () => {
  const facts = after([{ type: "kept", kept: true, own: 0 }, closed]);
  assert.deepEqual(shown(facts), { state: "offline", kept: true, mayWrite: true, n: 0 });
});

test("who may not write reads along, and nothing is called saved", () => {
  assert.equal(state(HANDSHAKE, false), "reading");
  assert.equal(state([...HANDSHAKE, unsynced(0)], false), "reading");
});

test("a right taken away counts at once and can come back", () => {
  const facts = after([...HANDSHAKE, unsynced(0), { type: "access", mayWrite: false }]);
  assert.equal(mayType(facts), false);
  assert.equal(shown(facts).state, "reading");
  assert.equal(mayType(learned(facts, { type: "access", mayWrite: true })), true);
});

test("a document closed by the server alone is not saved until it is back", () => {
  const detached: ConnectionNotice[] = [...HANDSHAKE, unsynced(0), { type: "detached" }];
  assert.equal(state(detached), "connecting");
  assert.equal(state([...detached, unsynced(1), synced, unsynced(0)]), "saved");
});

test("an ending is final, and its first reason stays", () => {
  const facts = after([
    ...HANDSHAKE,
    { type: "ended", why: "refused" },
    closed,
    ...HANDSHAKE,
    { type: "ended", why: "denied" },
  ]);
  assert.deepEqual(shown(facts), { state: "ended", why: "refused" });
  assert.equal(mayType(facts), false);
});

test("leaving asks back only while something is unsaved", () => {
  assert.equal(isUnsaved(after(HANDSHAKE)), false);
  assert.equal(isUnsaved(after([...HANDSHAKE, unsynced(0)])), false);
  assert.equal(isUnsaved(after([...HANDSHAKE, unsynced(0), unsynced(1)])), true);
  assert.equal(
    isUnsaved(after([...HANDSHAKE, unsynced(0), closed, unsynced(1), unsynced(2)])),
    true,
  );
});

test("only our own stateless messages are verdicts", () => {
  assert.deepEqual(parseVerdict('{"type":"access","write":false,"reason":"muted"}'), {
    type: "access",
    write: false,
    reason: "muted",
  });
  assert.equal(parseVerdict('{"type":"hello"}'), null);
  assert.equal(parseVerdict("null"), null);
  assert.equal(parseVerdict("hello"), null);
});

test("what came late is all kept once the server has answered everything", () => {
  const late: ConnectionNotice = { type: "late" };
  assert.equal(isAllKept(after(HANDSHAKE, false)), false);
  assert.equal(isAllKept(after([...HANDSHAKE, late], false)), true);
  assert.equal(isAllKept(after([...HANDSHAKE, unsynced(2), late], false)), false);
  assert.equal(isAllKept(after([...HANDSHAKE, unsynced(2), late, late], false)), true);
  assert.equal(isAllKept(after([...HANDSHAKE, late, closed, ...HANDSHAKE], false)), false);
});

test("of6: offline the device counts what only it has, earlier visits included", () => {
  const before: ConnectionNotice = { type: "kept", kept: true, own: 4 };
  const typed: ConnectionNotice = { type: "own", n: 5 };
  const offline = { state: "offline", kept: true, mayWrite: true };
  const found = after([before, { type: "network", up: false }]);
  assert.deepEqual(shown(found), { ...offline, n: 4 });
  assert.deepEqual(shown(learned(found, typed)), { ...offline, n: 5 });
});
