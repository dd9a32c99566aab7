/**
 * One person's session in one text: loads, connects, mounts the editors, and says the truth
 * about what is saved. What a person has written is never dropped without a word.
 *
 * Order matters: the copy in this browser is loaded before connecting, so that the handshake
 * carries it; editors are mounted only after the first sync (or, if the server stays away, on a
 * copy that has text), and only if they would leave the text as it is.
 */

import type { IndexeddbPersistence } from "y-indexeddb";
import * as Y from "yjs";
import { _ } from "../../messages";
import { copyName, deleteCopy, isUnsent, markUnsent, onLeft } from "../../person";
import { say } from "../../status";
import { misfitIn, misfitOf } from "../text/guard";
import { plainText } from "../text/plain";
import { isRootChanged } from "../text/roots";
import {
  type ConnectionNotice,
  type Ending,
  type Facts,
  firstFacts,
  isUnsaved,
  learned,
  mayType,
  shown,
} from "./connection";
import { contentOf, openCopy, takeOldCopies } from "./copy";
import { Desk } from "./desk";
import { endingWords, readOnlyWords } from "./endings";
import { Indicator } from "./indicator";
import { Line, type Verdict } from "./line";
import { hideNotice, showNotice } from "./notice";
import { PresenceList, present } from "./presence";
import { keepRescue, offerRescue } from "./rescue";

const SYNC_MS_MAX = 4_000;
const LAST_ACKNOWLEDGEMENT_MS = 1_000;

export class Session {
  private readonly doc = new Y.Doc();
  private readonly documentId: string;
  private readonly person: string | null;
  private readonly labels: ReadonlyMap<string, string>;
  private readonly indicator = new Indicator(document.getElementById("connection"));
  private readonly presence = new PresenceList(document.getElementById("presence"));
  private readonly touched = new Set<string>();
  private facts: Facts;
  private copy: IndexeddbPersistence | null = null;
  private line: Line | null = null;
  private desk: Desk | null = null;

  constructor(private readonly dossier: HTMLElement) {
    this.documentId = dossier.dataset.document ?? "";
    this.person = dossier.dataset.person || null;
    this.labels = labelsOf(dossier);
    this.facts = firstFacts(dossier.dataset.access === "write");
  }

  async start(): Promise<void> {
    this.show();
    await this.recover();
    this.doc.on("afterTransaction", (transaction) => this.noteOwn(transaction));
    this.doc.on("beforeObserverCalls", (transaction) => this.check(transaction));
    addEventListener("beforeunload", (event) => {
      if (isUnsaved(this.facts) && !this.facts.kept) event.preventDefault();
    });
    if (this.person) onLeft(this.person, () => this.end("left"));
    this.connect();
    setTimeout(() => this.mountOnCopy(), SYNC_MS_MAX);
  }

  /** What this browser still has: the current copy goes on, anything else is offered as text. */
  private async recover(): Promise<void> {
    if (this.person) {
      const { person, documentId } = this;
      for (const old of await takeOldCopies(person, documentId)) this.rescue(old);
      if (this.facts.mayWrite) await this.openCopy(person);
      else if (isUnsent(person, documentId)) {
        this.rescue(await contentOf(person, documentId));
        await this.dropCopy();
      }
    }
    offerRescue(this.person, this.documentId, this.dossier);
  }

  private async openCopy(person: string): Promise<void> {
    this.copy = await openCopy(person, this.documentId, this.doc);
    this.take({ type: "kept", kept: this.copy !== null });
  }

  private connect(): void {
    this.line = new Line(this.documentId, this.doc, {
      notice: (notice) => this.take(notice),
      verdict: (verdict) => this.judge(verdict),
      denied: (reason) => this.end(reason === "stale-document" ? "stale" : "denied", reason),
    });
    const { awareness } = this.line;
    awareness.on("change", () => {
      const people = present(awareness.getStates(), this.doc.clientID);
      this.presence.show(people, !this.facts.synced);
    });
  }

  private take(notice: ConnectionNotice): void {
    const before = this.facts;
    this.facts = learned(before, notice);
    if (before.synced && !this.facts.synced) this.presence.forget();
    if (!before.synced && this.facts.synced) this.mount();
    if (this.facts.settled && this.facts.unsynced === 0) this.settle();
    if (before.mayWrite !== this.facts.mayWrite) this.changeAccess("", before.mayWrite);
    this.show();
  }

  private show(): void {
    const state = shown(this.facts);
    this.dossier.dataset.state = state.state;
    this.indicator.show(state);
  }

  private mount(): void {
    if (this.desk || this.facts.ended || !this.line) return;
    const misfit = misfitOf(Y.encodeStateAsUpdate(this.doc), [...this.labels.keys()]);
    if (misfit) return this.end("unknown-content", misfit);
    this.desk = new Desk(this.dossier, {
      doc: this.doc,
      awareness: this.line.awareness,
      mayWrite: () => mayType(this.facts),
    });
    this.dossier.dataset.ready = "true";
  }

  /** The server stays away: go on with the copy, if it has the text at all. */
  private mountOnCopy(): void {
    if (this.copy && this.doc.store.clients.size > 0) this.mount();
  }

  /** What this person writes is marked as unsent until it is acknowledged. */
  private noteOwn(transaction: Y.Transaction): void {
    if (!transaction.local || transaction.changed.size === 0) return;
    for (const root of this.labels.keys()) {
      if (isRootChanged(this.doc, root, transaction.changedParentTypes)) this.touched.add(root);
    }
    if (this.person) markUnsent(this.person, this.documentId, true);
  }

  private settle(): void {
    this.touched.clear();
    if (this.person) markUnsent(this.person, this.documentId, false);
  }

  /** Before the editors see a change of others: if they would delete part of it, stop them. */
  private check(transaction: Y.Transaction): void {
    if (!this.desk || transaction.local) return;
    const misfit = misfitIn(transaction);
    if (!misfit) return;
    this.desk.freeze();
    this.desk = null;
    this.end("unknown-content", misfit);
  }

  private judge(verdict: Verdict): void {
    if (verdict.type === "refused") {
      const reason = verdict.reason ?? "";
      this.end(reason === "stale-document" ? "stale" : "refused", reason);
    } else if (this.facts.mayWrite !== (verdict.write === true)) {
      const before = this.facts.mayWrite;
      this.facts = learned(this.facts, { type: "access", mayWrite: verdict.write === true });
      this.changeAccess(verdict.reason ?? "", before);
      this.show();
    }
  }

  private changeAccess(reason: string, couldWrite: boolean): void {
    this.dossier.dataset.access = this.facts.mayWrite ? "write" : "read";
    this.desk?.refresh();
    hideNotice("access");
    if (this.facts.mayWrite) return say(_("Sie können hier jetzt schreiben"));
    if (!couldWrite) return;
    showNotice(this.dossier, { id: "access", ...readOnlyWords(reason) });
    // Acknowledgements may still be on their way; what stays open after that was not taken.
    setTimeout(() => this.offerUnsent(reason), LAST_ACKNOWLEDGEMENT_MS);
  }

  private offerUnsent(reason: string): void {
    if (this.facts.mayWrite || this.facts.ended || this.touched.size === 0) return;
    const { title, text } = readOnlyWords(reason);
    const unsent = _("Ihre letzten Änderungen wurden nicht übernommen; Sie finden sie hier.");
    showNotice(this.dossier, {
      id: "access",
      title,
      text: `${text} ${unsent}`,
      rescue: this.ownText(),
      deeds: [{ label: _("Neu laden"), act: () => void this.reload(true) }],
    });
  }

  /** No more editing on this page: keep the text visible and the person's own at hand. */
  private end(why: Ending, reason = ""): void {
    if (this.facts.ended) return;
    console.info(`session ended: ${why} ${reason}`);
    const isLeft = why === "left";
    const rescue = this.touched.size > 0 && !isLeft ? this.ownText() : "";
    this.facts = learned(this.facts, { type: "ended", why });
    this.desk?.refresh();
    this.line?.hangUp();
    this.show();
    hideNotice("access");
    showNotice(this.dossier, {
      id: "ended",
      ...endingWords(why, reason, rescue !== ""),
      rescue,
      // A refused change would be refused again, so the copy that holds it must go; after a new
      // sign-in, or on a new document, the copy is what brings the text back.
      deeds: [{ label: _("Neu laden"), act: () => void this.reload(why === "refused") }],
    });
  }

  private async reload(isCopyBad: boolean): Promise<void> {
    if (this.touched.size > 0 && (isCopyBad || !this.copy)) this.rescue(this.doc);
    if (isCopyBad) await this.dropCopy();
    this.touched.clear();
    this.facts = { ...this.facts, unsynced: 0 };
    location.reload();
  }

  private async dropCopy(): Promise<void> {
    if (!this.person) return;
    await this.copy?.destroy();
    await deleteCopy(copyName(this.person, this.documentId));
    markUnsent(this.person, this.documentId, false);
  }

  private rescue(doc: Y.Doc): void {
    const text = doc === this.doc ? this.ownText() : plainText(doc, this.labels);
    keepRescue(this.person, this.documentId, text);
  }

  /** The sections that hold unsent changes; all of them if nobody knows which. */
  private ownText(): string {
    const own = [...this.labels].filter(([root]) => this.touched.has(root));
    return plainText(this.doc, own.length > 0 ? new Map(own) : this.labels);
  }
}

function labelsOf(dossier: HTMLElement): Map<string, string> {
  const hosts = [...dossier.querySelectorAll<HTMLElement>("[data-section]")];
  return new Map(hosts.map(({ dataset }) => [dataset.section ?? "", dataset.label ?? ""]));
}
