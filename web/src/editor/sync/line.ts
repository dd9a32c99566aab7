/**
 * The line to the server for one document: the provider's many events as few notices, and the
 * habits that keep the line alive and honest.
 */

import type { Awareness } from "y-protocols/awareness";
import type * as Y from "yjs";
import type { ConnectionNotice, Facts } from "./connection";
import { type Patience, PatientProvider } from "./patience";
import { CollabSocket } from "./socket";

const ANSWER_MS_MAX = 10_000;
const HEARTBEAT_MS = 2_500;
const REATTACH_MS_MIN = 1_000;
const REATTACH_MS_MAX = 30_000;

/** What the server says: who may write, what it refused, how full the text is. */
export interface Verdict {
  type: "access" | "refused" | "fullness";
  write?: boolean;
  reason?: string;
  message?: string;
  percent?: number;
}

const VERDICTS = new Set<string | undefined>(["access", "refused", "fullness"]);

export interface Listener {
  notice(notice: ConnectionNotice): void;
  /** A message is about to be applied. */
  arriving?(): void;
  verdict(verdict: Verdict): void;
  denied(reason: string): void;
}

export class Line {
  readonly awareness: Awareness;
  private readonly socket = new CollabSocket();
  private readonly provider: PatientProvider;
  private readonly heartbeat: ReturnType<typeof setInterval>;
  private waitingSince: number | null = null;
  private detachments = 0;
  private isHungUp = false;

  constructor(
    documentId: string,
    doc: Y.Doc,
    private readonly listener: Listener,
    patience: Patience | null = null,
  ) {
    // The session cookie says who this is; the protocol only wants some token.
    const place = { websocketProvider: this.socket, name: documentId, document: doc };
    this.provider = new PatientProvider({ ...place, token: "cookie" }, patience);
    if (!this.provider.awareness) throw new Error("the provider has no awareness");
    this.awareness = this.provider.awareness;
    // Peers pass over a first state with clock 0 (y-protocols); setting it again makes it 1.
    this.awareness.setLocalState({});
    this.listen();
    this.provider.attach();
    this.heartbeat = setInterval(() => this.checkAnswers(), HEARTBEAT_MS);
    addEventListener("offline", this.goOffline);
    addEventListener("online", this.goOnline);
  }

  /** Leave for good. */
  hangUp(): void {
    if (this.isHungUp) return;
    this.isHungUp = true;
    clearInterval(this.heartbeat);
    removeEventListener("offline", this.goOffline);
    removeEventListener("online", this.goOnline);
    this.provider.destroy();
    this.socket.destroy();
  }

  /** Start over with this document: the handshake brings what either side lacks. */
  resync(): void {
    if (this.isHungUp) return;
    this.listener.notice({ type: "detached" });
    this.provider.detach();
    this.provider.attach();
  }

  private listen(): void {
    const { listener, provider } = this;
    this.socket.on("status", ({ status }: { status: string }) => {
      const facts: Record<string, Facts["socket"]> = {
        connected: "open",
        connecting: "connecting",
      };
      listener.notice({ type: "socket", status: facts[status] ?? "closed" });
    });
    this.socket.on("maxAttemptsFailed", ({ error }: { error: unknown }) => {
      console.error("line: the provider has given up", error);
    });
    provider.on("message", () => listener.arriving?.());
    provider.on("synced", () => {
      this.detachments = 0;
      listener.notice({ type: "synced" });
    });
    provider.on("unsyncedChanges", ({ number }: { number: number }) => this.count(number));
    provider.on("authenticated", ({ scope }: { scope: string }) => {
      listener.notice({ type: "access", mayWrite: scope === "read-write" });
    });
    provider.on("authenticationFailed", ({ reason }: { reason: string }) =>
      listener.denied(reason),
    );
    provider.on("stateless", ({ payload }: { payload: string }) => this.hear(payload));
    provider.on("close", ({ event }: { event: object }) => {
      // A closing frame for this document alone is no event of the browser.
      if (!(event instanceof CloseEvent)) this.reattachLater();
    });
  }

  private count(n: number): void {
    if (n === 0) this.waitingSince = null;
    else this.waitingSince ??= Date.now();
    this.listener.notice({ type: "unsynced", n });
  }

  private hear(payload: string): void {
    const verdict = parseVerdict(payload);
    if (verdict) this.listener.verdict(verdict);
  }

  /** The server let go of this document only, perhaps to reload it: come back, ever more slowly. */
  private reattachLater(): void {
    this.listener.notice({ type: "detached" });
    const longest_ms = Math.min(REATTACH_MS_MIN * 2 ** this.detachments++, REATTACH_MS_MAX);
    setTimeout(() => this.resync(), longest_ms * (0.5 + Math.random() / 2));
  }

  /** A dead network may look open for minutes; unanswered changes show it. */
  private checkAnswers(): void {
    const now = Date.now();
    if (this.waitingSince === null || this.socket.status !== "connected") return;
    const silentSince = Math.max(this.waitingSince, this.socket.lastMessageReceived);
    if (now - silentSince < ANSWER_MS_MAX) return;
    this.waitingSince = now;
    this.socket.restart();
  }

  private readonly goOffline = () => {
    this.listener.notice({ type: "network", up: false });
    this.socket.disconnect();
  };

  private readonly goOnline = () => {
    this.listener.notice({ type: "network", up: true });
    void this.socket.connect();
  };
}

/** A stateless message of ours; null for anything else. */
export function parseVerdict(payload: string): Verdict | null {
  try {
    const found = JSON.parse(payload) as Verdict | null;
    return VERDICTS.has(found?.type) ? found : null;
  } catch {
    return null;
  }
}
