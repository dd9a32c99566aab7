import assert from "node:assert/strict";
import { test } from "node:test";
import { left, spell } from "../src/workshop/clock";

test("a clock says minutes, hours only when there are any", () => {
  assert.deepEqual([0, 5, 65, 3_599, 3_600, 28_800].map(spell), [
    "0:00",
    "0:05",
    "1:05",
    "59:59",
    "1:00:00",
    "8:00:00",
  ]);
});

test("the last second is shown until it is over, and nothing below zero", () => {
  assert.deepEqual(
    [0, 1, 999, 1_000, 1_001].map((now) => left(1_000, now)),
    [1, 1, 1, 0, 0],
  );
});
