/**
 * What comes from others waits while an input method composes a word. It owns the text around its
 * caret, a phone's keyboard with nearly every word; what is drawn there in between breaks the word
 * up or doubles it.
 */

import { HocuspocusProvider, type HocuspocusProviderConfiguration } from "@hocuspocus/provider";

/** Who stops in the middle of a word sees what others write all the same. */
const IDLE_MS_MAX = 1_500;
const WAIT_MS_MAX = 5_000;
const WAITING_MAX = 500;
/** ProseMirror puts in order what a composed word has left. */
const SETTLED_MS = 50;

const SIGNS = ["compositionstart", "compositionupdate", "compositionend"] as const;

export class Patience {
  private waiting: (() => void)[] = [];
  private since: number | null = null;
  private timer: ReturnType<typeof setTimeout> | undefined;

  /** Watches for composing in `place`. */
  constructor(private readonly place: HTMLElement) {
    for (const sign of SIGNS) place.addEventListener(sign, this.watch, true);
  }

  /** Do this as soon as no word is being composed. */
  do(act: () => void): void {
    this.waiting.push(act);
    if (this.since === null || this.waiting.length >= WAITING_MAX) this.hurry();
  }

  /** Do all that waits at once, in its order. */
  readonly hurry = (): void => {
    clearTimeout(this.timer);
    this.since = null;
    for (let act = this.waiting.shift(); act; act = this.waiting.shift()) act();
  };

  /** Forget what waits, and wait for nothing any more. */
  end(): void {
    clearTimeout(this.timer);
    this.since = null;
    this.waiting = [];
    for (const sign of SIGNS) this.place.removeEventListener(sign, this.watch, true);
  }

  private readonly watch = ({ type }: Event): void => {
    const now = Date.now();
    this.since ??= now;
    const patience_ms = type === "compositionend" ? SETTLED_MS : IDLE_MS_MAX;
    clearTimeout(this.timer);
    const left_ms = this.since + WAIT_MS_MAX - now;
    this.timer = setTimeout(this.hurry, Math.max(0, Math.min(patience_ms, left_ms)));
  };
}

/** A provider that waits so with what the server sends. */
export class PatientProvider extends HocuspocusProvider {
  constructor(
    configuration: HocuspocusProviderConfiguration,
    private readonly patience: Patience | null,
  ) {
    super(configuration);
  }

  override onMessage(event: MessageEvent): void {
    if (this.patience) this.patience.do(() => super.onMessage(event));
    else super.onMessage(event);
  }

  /** Acknowledgements of this connection would be taken for those of the next. */
  override onClose(): void {
    this.patience?.hurry();
    super.onClose();
  }

  override destroy(): void {
    this.patience?.end();
    super.destroy();
  }
}
