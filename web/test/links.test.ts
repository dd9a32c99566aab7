import assert from "node:assert/strict";
import { test } from "node:test";
import { safeHref, typedHref } from "../src/editor/text/links";

test("a link may lead to web pages and mail addresses only", () => {
  assert.equal(safeHref("https://berlin.de/a?b=c#d"), "https://berlin.de/a?b=c#d");
  assert.equal(safeHref("http://berlin.de"), "http://berlin.de/");
  assert.equal(safeHref("mailto:a@b.de"), "mailto:a@b.de");
  for (const bad of [
    "javascript:alert(1)",
    "JaVaScRiPt:alert(1)",
    " javascript:alert(1)",
    "java\nscript:alert(1)",
    "java\tscript:alert(1)",
    "\u0001javascript:alert(1)",
    "data:text/html,<script>alert(1)</script>",
    "vbscript:x",
    "file:///etc/passwd",
    "ftp://a.de",
    "//berlin.de",
    "/ideas",
    "",
    null,
    undefined,
    7,
    `https://a.de/${"a".repeat(2001)}`,
  ]) {
    assert.equal(safeHref(bad), null, String(bad));
  }
});

test("a typed address gets the scheme that it lacks", () => {
  assert.equal(typedHref("berlin.de"), "https://berlin.de/");
  assert.equal(typedHref(" www.berlin.de/a b "), null);
  assert.equal(typedHref("www.berlin.de/weg"), "https://www.berlin.de/weg");
  assert.equal(typedHref("berlin.de:8080/x"), "https://berlin.de:8080/x");
  assert.equal(typedHref("a@b.de"), "mailto:a@b.de");
  assert.equal(typedHref("https://berlin.de"), "https://berlin.de/");
  for (const bad of ["javascript:alert(1)", "Berlin", "", "ftp://berlin.de"]) {
    assert.equal(typedHref(bad), null, bad);
  }
});
