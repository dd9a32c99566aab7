import assert from "node:assert/strict";
import { beforeEach, test } from "node:test";
import {
  copyOf,
  dropForeign,
  KEEP,
  KEPT_MS,
  keepCopy,
  keptPages,
  PAGE_CHARS_MAX,
  PAGES_MAX,
  SIGN_IN,
  titleIn,
} from "../src/worker/copies";
import { isLeaving, openPage, sendForm } from "../src/worker/pages";
import type { AskedEvent, Shell } from "../src/worker/scope";
import { dropOldFiles, keepShell } from "../src/worker/shell";

const NOW = Date.parse("2026-11-26T19:42:00Z");
const ORIGIN = "http://arena.test";
const SHELL: Shell = {
  files: ["/assets/main.AAAAAAAA.js"],
  offline: { de: "/offline?lang=de", en: "/offline?lang=en" },
  unsent: { de: "/offline/unsent?lang=de", en: "/offline/unsent?lang=en" },
};

/** As much of a browser's cache as the worker uses: by address, in the order of writing. */
class FakeCache {
  private readonly held = new Map<string, Response>();

  async put(key: RequestInfo, response: Response): Promise<void> {
    this.held.set(addressOf(key), response);
  }
  async match(key: RequestInfo): Promise<Response | undefined> {
    return this.held.get(addressOf(key))?.clone();
  }
  async delete(key: RequestInfo): Promise<boolean> {
    return this.held.delete(addressOf(key));
  }
  async keys(): Promise<{ url: string }[]> {
    return [...this.held.keys()].map((url) => ({ url }));
  }
  async addAll(keys: RequestInfo[]): Promise<void> {
    for (const key of keys) await this.put(key, await fetch(key));
  }
}

function addressOf(key: RequestInfo): string {
  return new URL(typeof key === "string" ? key : key.url, ORIGIN).href;
}

/** Answers by path; what is not there cannot be reached. */
let network: Map<string, () => Response>;
let opened: Map<string, FakeCache>;

beforeEach(() => {
  network = new Map();
  opened = new Map();
  const caches = {
    open: async (name: string) => {
      const found = opened.get(name) ?? new FakeCache();
      opened.set(name, found);
      return found;
    },
    keys: async () => [...opened.keys()],
    delete: async (name: string) => opened.delete(name),
  };
  const reach = async (key: RequestInfo) => {
    const { pathname, search } = new URL(addressOf(key));
    const answer = network.get(pathname + search);
    if (!answer) throw new TypeError("unreachable");
    return answer();
  };
  const navigator = { language: "en-GB" };
  Object.defineProperty(globalThis, "navigator", { value: navigator, configurable: true });
  Object.defineProperty(globalThis, "caches", { value: caches, configurable: true });
  Object.defineProperty(globalThis, "fetch", { value: reach, configurable: true });
  const RelativeRequest = class {
    readonly url: string;
    constructor(url: string) {
      this.url = url;
    }
  };
  Object.defineProperty(globalThis, "Request", { value: RelativeRequest, configurable: true });
});

function page(owner: string, text = "Text", headers: Record<string, string> = { [KEEP]: "page" }) {
  const html = `<title>${text} – Arena</title><body class="x"><script src="/assets/idea.BBBBBBBB.js">`;
  return new Response(html, { headers: { [SIGN_IN]: owner, ...headers } });
}

/** Open a page as the browser does; returns what is shown, once all of it has been kept. */
async function open(path: string): Promise<Response> {
  const work: Promise<unknown>[] = [];
  const event = {
    request: { url: ORIGIN + path, method: "GET" },
    waitUntil: (each: Promise<unknown>) => work.push(each),
  } as unknown as AskedEvent;
  const answer = await openPage(event, SHELL);
  await Promise.all(work);
  return answer;
}

async function paths(): Promise<string[]> {
  return (await keptPages()).map(({ path }) => path).sort();
}

test("of3: only what the server marks is kept, and only for who is signed in", async () => {
  await keepCopy("/ideas/1", page("ana"), NOW);
  await keepCopy("/ideas/2", page("ana", "Text", {}), NOW);
  await keepCopy("/ideas/3", page("none"), NOW);
  await keepCopy("/ideas/4", new Response("x", { headers: { [KEEP]: "page" } }), NOW);
  assert.deepEqual(await paths(), ["/ideas/1"]);
});

test("of3: what is kept is bounded in number, size and age", async () => {
  for (let i = 0; i <= PAGES_MAX; i++) await keepCopy(`/ideas/${i}`, page("ana"), NOW + i);
  assert.equal((await paths()).length, PAGES_MAX);
  assert.equal(await copyOf("/ideas/0", NOW), null, "the oldest has made room");
  await keepCopy("/long", page("ana", "x".repeat(PAGE_CHARS_MAX)), NOW);
  assert.equal(await copyOf("/long", NOW), null);
  assert.notEqual(await copyOf("/ideas/1", NOW + KEPT_MS), null);
  assert.equal(await copyOf("/ideas/1", NOW + 1 + KEPT_MS), null);
});

test("of1: a copy says when it was made, in the page itself", async () => {
  await keepCopy("/ideas/1", page("ana"), NOW);
  const html = (await (await copyOf("/ideas/1", NOW))?.text()) ?? "";
  assert.match(html, /<body data-kept-at="2026-11-26T19:42:00.000Z" class="x">/);
});

test("of2: another sign-in, or none, takes the copies away", async () => {
  await keepCopy("/ideas/1", page("ana"), NOW);
  await dropForeign("ana");
  assert.deepEqual(await paths(), ["/ideas/1"]);
  network.set("/about", () => page("bernd", "Über uns", {}));
  await open("/about");
  assert.deepEqual(await paths(), []);
});

test("of2: what a proxy says of a server that is away takes nothing and is not shown", async () => {
  network.set("/assets/idea.BBBBBBBB.js", () => new Response("js"));
  network.set("/device", () => page("ana", "Dieses Gerät"));
  network.set("/ideas/1", () => page("ana", "Radweg"));
  await open("/ideas/1");
  assert.deepEqual(await paths(), ["/device", "/ideas/1"]);
  network.set("/ideas/1", () => new Response("Bad gateway", { status: 502 }));
  const shown = await open("/ideas/1");
  assert.match(await shown.text(), /data-kept-at/);
  assert.deepEqual(await paths(), ["/device", "/ideas/1"]);
});

test("of3: what is not kept is said to be not there, and a form to be not sent", async () => {
  for (const address of [...Object.values(SHELL.offline), ...Object.values(SHELL.unsent)]) {
    network.set(address, () => new Response(address));
  }
  network.set("/assets/main.AAAAAAAA.js", () => new Response("js"));
  await keepShell(SHELL);
  network.clear();
  const missing = await open("/measures");
  assert.deepEqual([missing.status, await missing.text()], [503, "/offline?lang=en"]);
  const form = { url: `${ORIGIN}/ideas`, method: "POST" } as Request;
  const refused = await sendForm(form, SHELL);
  assert.deepEqual([refused.status, await refused.text()], [503, "/offline/unsent?lang=en"]);
  assert.deepEqual(await paths(), []);
});

test("of4: files of an older build stay as long as a kept page needs them", async () => {
  const files = await caches.open("arena-files");
  for (const name of ["main.AAAAAAAA.js", "idea.BBBBBBBB.js", "old.CCCCCCCC.js"]) {
    await files.put(`/assets/${name}`, new Response("js"));
  }
  await keepCopy("/ideas/1", page("ana"), NOW);
  await dropOldFiles(SHELL);
  const left = (await files.keys()).map(({ url }) => new URL(url).pathname);
  assert.deepEqual(left, ["/assets/main.AAAAAAAA.js", "/assets/idea.BBBBBBBB.js"]);
});

test("of7: leaving is seen by the worker, and left to the browser", () => {
  const asked = (path: string, method: string) => ({ url: ORIGIN + path, method }) as Request;
  assert.equal(isLeaving(asked("/sign-out", "POST")), true);
  assert.equal(isLeaving(asked("/device/clear", "POST")), true);
  assert.equal(isLeaving(asked("/device/clear", "GET")), false);
  assert.equal(isLeaving(asked("/ideas", "POST")), false);
});

test("titles are read as they are shown", () => {
  assert.equal(titleIn("<title>Rad &amp; Weg &#34;A&#34; – Arena</title>"), 'Rad & Weg "A"');
  assert.equal(titleIn("nothing"), "");
});
