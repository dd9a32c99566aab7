/** What a service worker is given, as far as this one uses it; the types of pages know none of it. */

export interface LastingEvent extends Event {
  waitUntil(work: Promise<unknown>): void;
}

export interface AskedEvent extends LastingEvent {
  readonly request: Request;
  respondWith(answer: Promise<Response>): void;
}

export interface ToldEvent extends LastingEvent {
  readonly data: unknown;
}

/** What this build consists of; the server writes it before the script (server/pages/device). */
export interface Shell {
  /** Scripts, styles and icons, with hashes in their names. */
  readonly files: readonly string[];
  /** By language: the page for what is not kept, and for a form that was not sent. */
  readonly offline: Readonly<Record<string, string>>;
  readonly unsent: Readonly<Record<string, string>>;
}

export interface WorkerScope {
  readonly shell: Shell;
  readonly clients: { claim(): Promise<void> };
  addEventListener(type: "install" | "activate", act: (event: LastingEvent) => void): void;
  addEventListener(type: "message", act: (event: ToldEvent) => void): void;
  addEventListener(type: "fetch", act: (event: AskedEvent) => void): void;
}
