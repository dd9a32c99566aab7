/**
 * One person's session in one document: loads, connects, mounts the surface to write on, and says
 * the truth about what is saved. What a person has written is never dropped without a word.
 *
 * Order matters: the copy in this browser is loaded before connecting, so that the handshake
 * carries it; the surface is mounted only after the first sync (or, if the server stays away, on
 * a copy that has text), and only if it would leave the document as it is.
 */

import type { IndexeddbPersistence } from "y-indexeddb";
import * as Y from "yjs";
import { _ } from "../../messages";
import { isUnsent, markSent, onLeft } from "../../person";
import { say } from "../../status";
import { countUnsent, noteUnsent } from "../../unsent";
import type { Mounted, Surface } from "../surface";
import { plainText } from "../text/plain";
import { isRootChanged, labelsOf } from "../text/roots";
import {
  type ConnectionNotice,
  type Ending,
  type Facts,
  firstFacts,
  isAllKept,
  isUnsaved,
  learned,
  mayType,
  shown,
} from "./connection";
import { dropCopy, openCopy, takeOldCopies } from "./copy";
import { endingWords, fullWords, HEALED, READ_ONLY, readOnlyWords } from "./endings";
import { Indicator } from "./indicator";
import { handOver, lateNotice } from "./late";
import { Line, type Listener, type Verdict } from "./line";
import { hideNotice, showNotice } from "./notice";
import { Patience } from "./patience";
import { PresenceList, present } from "./presence";
import { keepRescue, offerRescue } from "./rescue";

const HEALINGS_MAX = 3;
const SYNC_MS_MAX = 4_000;
const GREETING_MS = 2_000;
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
  private healings = 0;
  private syncedAt = 0;
  /** The copy came with changes of an earlier visit; nobody knows where they are. */
  private hasOldUnsent = false;
  private copy: IndexeddbPersistence | null = null;
  private line: Line | null = null;
  private desk: Mounted | null = null;

  constructor(
    private readonly dossier: HTMLElement,
    private readonly surface: Surface,
  ) {
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
    setTimeout(() => this.mountOnCopy(), document.body.dataset.keptAt ? 0 : SYNC_MS_MAX);
  }

  /** What this browser still has: the current copy goes on, anything else is offered as text. */
  private async recover(): Promise<void> {
    if (this.person) {
      const { person, documentId } = this;
      for (const old of await takeOldCopies(person, documentId)) this.rescue(old);
      if (this.facts.mayWrite) await this.openCopy(person);
      else if (isUnsent(person, documentId))
        void handOver(person, documentId, this.labels, this.dossier);
    }
    offerRescue(this.person, this.documentId, this.dossier);
  }

  private async openCopy(person: string): Promise<void> {
    this.hasOldUnsent = isUnsent(person, this.documentId);
    this.copy = await openCopy(person, this.documentId, this.doc);
    const own = countUnsent(person, this.documentId);
    this.take({ type: "kept", kept: this.copy !== null, own });
  }

  private connect(): void {
    const listener: Listener = {
      notice: (notice) => this.take(notice),
      arriving: () => this.desk?.hear?.(),
      verdict: (verdict) => this.judge(verdict),
      denied: (reason) => this.end(reason === "stale-document" ? "stale" : "denied", reason),
    };
    this.line = new Line(this.documentId, this.doc, listener, new Patience(this.dossier));
    this.line.awareness.on("change", () => this.showPresence());
  }

  private take(notice: ConnectionNotice): void {
    if (notice.type === "access") return this.takeAccess(notice.mayWrite, "");
    const before = this.facts;
    this.facts = learned(before, notice);
    if (!before.synced && this.facts.synced) this.step();
    if (this.facts.settled && this.facts.unsynced === 0) this.settle();
    this.show();
  }

  private step(): void {
    this.mount();
    this.syncedAt = Date.now();
    this.showPresence();
  }

  private showPresence(): void {
    if (!this.line) return;
    // Who was here before us is told to us only after the text, and is no news.
    const isQuiet = !this.facts.synced || Date.now() - this.syncedAt < GREETING_MS;
    this.presence.show(present(this.line.awareness.getStates(), this.self()), isQuiet);
  }

  private show(): void {
    const state = shown(this.facts);
    this.dossier.dataset.state = state.state;
    this.indicator.show(state);
  }

  private mount(): void {
    if (this.desk || this.facts.ended || !this.line) return;
    const misfit = this.surface.misfitOf(Y.encodeStateAsUpdate(this.doc), [...this.labels.keys()]);
    if (misfit) return this.end("unknown-content", misfit);
    this.desk = this.surface.mount(this.dossier, {
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
    this.facts = learned(this.facts, { type: "own", n: this.facts.own + 1 });
    if (this.person) noteUnsent(this.person, this.documentId, this.facts.own);
    this.show();
  }

  private settle(): void {
    this.touched.clear();
    this.hasOldUnsent = false;
    this.facts = learned(this.facts, { type: "own", n: 0 });
    if (this.person) markSent(this.person, this.documentId);
  }

  /** Before the editors see a change of others: if they would delete part of it, stop them. */
  private check(transaction: Y.Transaction): void {
    if (!this.desk || transaction.local) return;
    const misfit = this.surface.misfitIn(transaction);
    if (!misfit) return;
    this.desk.freeze();
    this.desk = null;
    this.end("unknown-content", misfit);
  }

  private judge({ type, write = false, reason = "", percent = 0 }: Verdict): void {
    if (type === "fullness") showNotice(this.dossier, { id: "full", ...fullWords(percent) });
    else if (type === "access") this.takeAccess(write, reason);
    else if (reason === "late") this.keepLate();
    else if (READ_ONLY.has(reason)) this.refuseWriting(reason);
    else if (HEALED.has(reason) && ++this.healings <= HEALINGS_MAX) this.line?.resync();
    else this.end(reason === "stale-document" ? "stale" : "refused", reason);
  }

  /** The server keeps what came after the text was settled: the copy here has done its work. */
  private keepLate(): void {
    this.facts = learned(this.facts, { type: "late" });
    showNotice(this.dossier, lateNotice(this.ownText(), true));
    if (isAllKept(this.facts)) void this.dropCopy().then(() => this.settle());
  }

  private takeAccess(mayWrite: boolean, reason: string): void {
    if (mayWrite === this.facts.mayWrite) return;
    this.facts = learned(this.facts, { type: "access", mayWrite });
    this.dossier.dataset.access = mayWrite ? "write" : "read";
    this.desk?.refresh();
    this.show();
    hideNotice("access");
    if (mayWrite) this.gainWriting();
    else this.loseWriting(reason);
  }

  /** A change came back; where writing had ended already, the reason is news. */
  private refuseWriting(reason: string): void {
    if (this.facts.mayWrite) this.takeAccess(false, reason);
    else this.loseWriting(reason);
  }

  private gainWriting(): void {
    if (this.desk) say(_("Sie können hier jetzt schreiben"));
    if (this.person && !this.copy) void this.openCopy(this.person);
    // What was refused meanwhile is sent once more.
    if (this.hasUnsent()) this.line?.resync();
  }

  private loseWriting(reason: string): void {
    showNotice(this.dossier, { id: "access", ...readOnlyWords(reason) });
    // Acknowledgements may still be on their way; what stays open after that was not taken.
    setTimeout(() => this.offerUnsent(reason), LAST_ACKNOWLEDGEMENT_MS);
  }

  private offerUnsent(reason: string): void {
    if (this.facts.mayWrite || this.facts.ended || !this.hasUnsent()) return;
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
    const rescue = this.hasUnsent() && why !== "left" ? this.ownText() : "";
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
    if (this.hasUnsent() && (isCopyBad || !this.copy)) this.rescue(this.doc);
    if (isCopyBad) await this.dropCopy();
    this.touched.clear();
    this.facts = { ...this.facts, unsynced: 0 };
    location.reload();
  }

  private async dropCopy(): Promise<void> {
    const { person, copy } = this;
    this.copy = null;
    if (person) await dropCopy(person, this.documentId, copy);
  }

  private rescue(doc: Y.Doc): void {
    const text = doc === this.doc ? this.ownText() : plainText(doc, this.labels);
    keepRescue(this.person, this.documentId, text);
  }

  private self() {
    const name = this.dossier.dataset.name ?? "";
    return this.person ? { id: this.person, name } : null;
  }

  private hasUnsent(): boolean {
    return this.touched.size > 0 || this.hasOldUnsent;
  }

  /** The sections that hold unsent changes; all of them if nobody knows which. */
  private ownText(): string {
    const own = new Map([...this.labels].filter(([root]) => this.touched.has(root)));
    return plainText(this.doc, this.hasOldUnsent ? this.labels : own);
  }
}
