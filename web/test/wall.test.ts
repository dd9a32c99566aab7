import assert from "node:assert/strict";
import { test } from "node:test";
import { remaining, ServerClock } from "../src/wall/countdown";

test("a wall counts whole minutes, and in the last one steps of ten seconds", () => {
  const said = [600_000, 599_000, 61_000, 60_000, 51_000, 50_000, 1, 0, -5].map(remaining);
  assert.deepEqual(said, [
    "10 min",
    "10 min",
    "2 min",
    "60 s",
    "60 s",
    "50 s",
    "10 s",
    "Zeit ist um",
    "Zeit ist um",
  ]);
});

test("the server's clock counts, whatever this machine's says", () => {
  const clock = new ServerClock();
  const there = Date.now() + 3_600_000;
  clock.told(new Date(there).toISOString());
  assert.ok(Math.abs(clock.now() - there) < 1_000);
  clock.told("no time");
  clock.told(null);
  assert.ok(Math.abs(clock.now() - there) < 1_000);
});
