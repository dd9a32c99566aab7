/**
 * What is true about the connection of a text, without sockets: facts, how notices change them,
 * and the one state that is shown. "Saved" means that the server has acknowledged everything,
 * and it acknowledges only what is durable.
 */

export type Ending = "denied" | "stale" | "refused" | "unknown-content" | "left";

export interface Facts {
  readonly network: boolean;
  readonly socket: "connecting" | "open" | "closed";
  /** Connections lost or failed since the text was last in step with the server. */
  readonly failures: number;
  /** The server's text has arrived on this connection. */
  readonly synced: boolean;
  /** On this connection everything was acknowledged at least once. */
  readonly settled: boolean;
  /** Changes that the server has not acknowledged. */
  readonly unsynced: number;
  /** This person's changes that are on this device only, those of earlier visits included. */
  readonly own: number;
  /** Changes that came after the text was settled: the server keeps them and has said so. */
  readonly late: number;
  readonly mayWrite: boolean;
  /** This browser keeps the text until it is saved. */
  readonly kept: boolean;
  readonly ended: Ending | null;
}

export type ConnectionNotice =
  | { type: "network"; up: boolean }
  | { type: "socket"; status: Facts["socket"] }
  | { type: "detached" }
  | { type: "synced" }
  | { type: "unsynced"; n: number }
  | { type: "own"; n: number }
  | { type: "late" }
  | { type: "access"; mayWrite: boolean }
  | { type: "kept"; kept: boolean; own: number }
  | { type: "ended"; why: Ending };

export type Shown =
  | { state: "connecting" }
  | { state: "saved" }
  | { state: "unsaved"; n: number }
  | { state: "offline"; kept: boolean; mayWrite: boolean; n: number }
  | { state: "reading" }
  | { state: "ended"; why: Ending };

export function firstFacts(mayWrite: boolean): Facts {
  return {
    network: true,
    socket: "connecting",
    failures: 0,
    synced: false,
    settled: false,
    unsynced: 0,
    own: 0,
    late: 0,
    mayWrite,
    kept: false,
    ended: null,
  };
}

/** The facts after `notice`. */
export function learned(facts: Facts, notice: ConnectionNotice): Facts {
  switch (notice.type) {
    case "network":
      return { ...facts, network: notice.up };
    case "socket":
      return withSocket(facts, notice.status);
    case "detached":
      return { ...facts, synced: false, settled: false, late: 0 };
    case "synced":
      return { ...facts, synced: true, failures: 0, settled: facts.unsynced === 0 };
    case "unsynced":
      return withUnsynced(facts, notice.n);
    case "own":
      return { ...facts, own: notice.n };
    case "late":
      return { ...facts, late: facts.late + 1 };
    case "access":
      return { ...facts, mayWrite: notice.mayWrite };
    case "kept":
      return { ...facts, kept: notice.kept, own: notice.own };
    case "ended":
      return { ...facts, ended: facts.ended ?? notice.why };
  }
}

/** What to show for these facts. */
export function shown(facts: Facts): Shown {
  const { mayWrite, kept, unsynced } = facts;
  if (facts.ended) return { state: "ended", why: facts.ended };
  if (!facts.network || facts.failures > 0)
    return { state: "offline", kept, mayWrite, n: kept ? facts.own : unsynced };
  if (facts.socket !== "open" || !facts.synced) return { state: "connecting" };
  if (!mayWrite) return { state: "reading" };
  if (facts.settled) return unsynced === 0 ? { state: "saved" } : { state: "unsaved", n: unsynced };
  // One is the handshake itself, which the provider counts like a change.
  return unsynced > 1 ? { state: "unsaved", n: unsynced - 1 } : { state: "connecting" };
}

/** May the person type now? Also offline: what is typed then is sent later. */
export function mayType(facts: Facts): boolean {
  return facts.mayWrite && facts.ended === null;
}

/** Has the server answered everything, some of it by keeping it beside the text? */
export function isAllKept(facts: Facts): boolean {
  return facts.late > 0 && facts.unsynced <= facts.late;
}

/** Is anything on this page that would be lost if nobody kept it? */
export function isUnsaved(facts: Facts): boolean {
  return facts.mayWrite && facts.unsynced > 0 && !(facts.unsynced === 1 && !facts.settled);
}

function withSocket(facts: Facts, status: Facts["socket"]): Facts {
  const after = { ...facts, socket: status };
  if (status === "open") return after;
  const failures = status === "closed" ? facts.failures + 1 : facts.failures;
  return { ...after, failures, synced: false, settled: false, late: 0 };
}

function withUnsynced(facts: Facts, n: number): Facts {
  const settled = facts.settled || (facts.synced && n === 0);
  return { ...facts, unsynced: n, settled };
}
