/**
 * Which fragments must be fetched, and when: the rules of a live page, without page or socket.
 *
 * A region shows one fragment and names the topics that change it. Notices mark regions as
 * stale; one fetch per region runs at a time; a notice during a fetch asks for one more.
 */

export interface Region {
  readonly fragment: string;
  readonly topics: readonly string[];
}

export type Notice =
  | { type: "changed"; topics: readonly string[] }
  | { type: "subscribed"; event: number; first: boolean }
  | { type: "started"; fragment: string }
  | { type: "finished"; fragment: string };

export interface Freshness {
  readonly regions: readonly Region[];
  /** The last event that the page as loaded already shows; null if the page does not say. */
  readonly seen: number | null;
  readonly stale: ReadonlySet<string>;
  readonly running: ReadonlySet<string>;
}

export function freshness(regions: readonly Region[], seen: number | null): Freshness {
  return { regions, seen, stale: new Set(), running: new Set() };
}

/** The freshness after `notice`. */
export function after(before: Freshness, notice: Notice): Freshness {
  switch (notice.type) {
    case "changed":
      return spoiled(before, (region) => region.topics.some((t) => notice.topics.includes(t)));
    case "subscribed":
      return spoiled(before, () => missedSomething(before, notice));
    case "started":
      return {
        ...before,
        stale: without(before.stale, notice.fragment),
        running: new Set([...before.running, notice.fragment]),
      };
    case "finished":
      return { ...before, running: without(before.running, notice.fragment) };
  }
}

/** The fragments to fetch now. */
export function due(state: Freshness): string[] {
  return [...state.stale].filter((fragment) => !state.running.has(fragment));
}

/** Every topic that some region of the page waits for, each once. */
export function topicsOf(regions: readonly Region[]): string[] {
  return [...new Set(regions.flatMap((region) => region.topics))].sort();
}

// After a reconnect nothing is known about what was missed; there is no replay.
function missedSomething(before: Freshness, notice: { event: number; first: boolean }): boolean {
  return !notice.first || (before.seen !== null && notice.event > before.seen);
}

function spoiled(before: Freshness, hit: (region: Region) => boolean): Freshness {
  const fragments = before.regions.filter(hit).map((region) => region.fragment);
  return { ...before, stale: new Set([...before.stale, ...fragments]) };
}

function without(set: ReadonlySet<string>, item: string): Set<string> {
  return new Set([...set].filter((other) => other !== item));
}
