/**
 * Notes that were written while everybody writes silently: kept on this device until the server
 * has answered, sent again under the same id as often as it takes.
 */

import { outboxKey, read, remove, write } from "../person";

export interface Waiting {
  id: string;
  text: string;
  colour: string;
}

/** What became of a note: the server has it, refuses it for good, or nobody knows yet. */
export type Answer = "taken" | "refused" | "unknown";

const WAITING_MAX = 100;

export class Outbox {
  private readonly key: string;
  private isSending = false;

  constructor(
    person: string,
    code: string,
    private readonly post: (note: Waiting) => Promise<Answer>,
    private readonly onChange: () => void,
    private readonly onRefused: (note: Waiting) => void = () => undefined,
  ) {
    this.key = outboxKey(person, code);
  }

  get waiting(): Waiting[] {
    return waitingIn(read(this.key));
  }

  /** Keep a note; false where the device keeps no more. */
  put(note: Waiting): boolean {
    const before = this.waiting.filter(({ id }) => id !== note.id);
    if (before.length >= WAITING_MAX) return false;
    return this.keep([...before, note]);
  }

  /** Send what waits, one after the other; what gets no answer stays. */
  async send(): Promise<void> {
    if (this.isSending) return;
    this.isSending = true;
    try {
      for (const note of this.waiting) {
        const answer = await this.post(note);
        if (answer === "unknown") return;
        this.keep(this.waiting.filter(({ id }) => id !== note.id));
        if (answer === "refused") this.onRefused(note);
      }
    } finally {
      this.isSending = false;
    }
  }

  private keep(notes: Waiting[]): boolean {
    if (notes.length === 0) remove(this.key);
    const isKept = notes.length === 0 || write(this.key, JSON.stringify(notes));
    this.onChange();
    return isKept;
  }
}

/** Hand a note to the server. */
export async function postNote(code: string, note: Waiting): Promise<Answer> {
  try {
    const response = await fetch(`/api/v1/workshops/${code}/board/notes`, {
      method: "POST",
      headers: { "Content-Type": "application/json", Accept: "application/json" },
      body: JSON.stringify(note),
    });
    if (response.ok) return "taken";
    // While hands are down, or too much comes at once, it waits; what is faulty stays faulty.
    return response.status === 422 || response.status === 404 ? "refused" : "unknown";
  } catch {
    return "unknown";
  }
}

/** What was kept; anything else than notes is dropped. */
export function waitingIn(kept: string | null): Waiting[] {
  try {
    const found = JSON.parse(kept ?? "[]") as Partial<Waiting>[];
    return Array.isArray(found) ? (found.filter(isNote) as Waiting[]) : [];
  } catch {
    return [];
  }
}

function isNote(found: Partial<Waiting> | null): boolean {
  return [found?.id, found?.text, found?.colour].every((each) => typeof each === "string");
}
