/** How long a step still runs, said quietly: whole minutes, in the last one steps of ten seconds. */

import { _ } from "../messages";

const MINUTE_MS = 60_000;
const STEP_S = 10;

/** What the timer says so many milliseconds before its end. */
export function remaining(left_ms: number): string {
  if (left_ms <= 0) return _("Zeit ist um");
  if (left_ms > MINUTE_MS) return _("%(n)s min", { n: Math.ceil(left_ms / MINUTE_MS) });
  return _("%(n)s s", { n: Math.ceil(left_ms / 1000 / STEP_S) * STEP_S });
}

/** The server's clock, told by what it said last; this machine's own may be wrong. */
export class ServerClock {
  private offset_ms = 0;

  /** The server said that it is `iso` now. */
  told(iso: string | null | undefined): void {
    const at = Date.parse(iso ?? "");
    if (!Number.isNaN(at)) this.offset_ms = at - Date.now();
  }

  now(): number {
    return Date.now() + this.offset_ms;
  }
}
