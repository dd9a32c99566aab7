/** One section of the text as an editor: a ProseMirror view on one root of the shared document. */

import { Fragment, Slice } from "prosemirror-model";
import { EditorState, Plugin, type Transaction } from "prosemirror-state";
import { EditorView } from "prosemirror-view";
import { initProseMirrorDoc, yCursorPlugin, ySyncPlugin, yUndoPlugin } from "y-prosemirror";
import type { Awareness } from "y-protocols/awareness";
import type * as Y from "yjs";
import { highlights } from "../anchors/highlights";
import { suggestionsDrawn } from "../suggestions/drawn";
import { isForeign, keepSelection, noteSelection } from "./caret";
import { cursorOptions } from "./cursors";
import { type Outside, sectionKeys, titleKeys } from "./keys";
import { sectionRules } from "./rules";
import { schemaOf, titleSchema } from "./schema";
import { keepStanding } from "./standing";
import { tidying } from "./tidy";

const WRITING_ATTRIBUTES = [
  "contenteditable",
  "role",
  "aria-multiline",
  "aria-label",
  "aria-describedby",
  "spellcheck",
  "translate",
];

/** What all sections of one document share. */
export interface Surroundings {
  doc: Y.Doc;
  awareness: Awareness;
  undo: Y.UndoManager;
  outside: Outside;
  mayWrite(): boolean;
  onFocus(section: Section): void;
  onChange(section: Section): void;
}

export class Section {
  readonly root: string;
  readonly view: EditorView;
  private isFrozen = false;
  private isTaking = false;
  /** What others have changed is being shown. */
  private isForeign = false;

  /** Mounts in `host`, whose server-rendered text it replaces by the same text, alive. */
  constructor(
    readonly host: HTMLElement,
    private readonly around: Surroundings,
  ) {
    this.root = host.dataset.section ?? "";
    host.replaceChildren();
    // Before y-prosemirror, which notes where the caret is when a change of others begins.
    around.doc.on("beforeAllTransactions", this.note);
    this.view = new EditorView(
      { mount: host },
      {
        state: this.initialState(),
        dispatchTransaction: (tr) => this.take(tr),
        editable: () => around.mayWrite(),
        attributes: () => this.attributes(),
        handleClickOn: (_view, _pos, _node, _nodePos, event) => openLink(event),
        handleDOMEvents: { focus: () => around.onFocus(this), keydown: () => this.hear() },
        handleKeyDown: (_view, event) => this.endStepOn(event),
        // y-prosemirror wants the end of the selection in sight whenever others write.
        handleScrollToSelection: () => this.isForeign,
        handlePaste: () => this.endStep(),
        transformPasted: (slice) => (this.isTitle ? oneLine(slice) : slice),
      },
    );
  }

  get isTitle(): boolean {
    return this.root === "title";
  }

  /** Read the right to write again. */
  refresh(): void {
    this.view.setProps({});
  }

  focus(): void {
    this.view.focus();
  }

  /** Stop editing and leave the text on the page as it is now. */
  freeze(): void {
    const still = this.host.cloneNode(true) as HTMLElement;
    for (const mark of still.querySelectorAll(".cursor, .ProseMirror-widget")) mark.remove();
    for (const name of WRITING_ATTRIBUTES) still.removeAttribute(name);
    still.classList.remove("ProseMirror", "ProseMirror-focused");
    this.isFrozen = true;
    this.around.doc.off("beforeAllTransactions", this.note);
    this.view.destroy();
    this.host.replaceWith(still);
  }

  /**
   * Let the view read where the browser has put the caret. Keys move it at once, but the browser
   * says so in a task of its own; what others draw in between would take the caret back, and a key
   * that the editor acts on would act where the caret was before.
   */
  hear(): void {
    if (this.isTaking || this.isFrozen || this.view.composing) return;
    // The view has no public name for what its listener of `selectionchange` does.
    (this.view as unknown as { domObserver: { flush(): void } }).domObserver.flush();
  }

  private take(tr: Transaction): void {
    // y-prosemirror has timers that reach a view after its end, and would write.
    if (this.isFrozen) return;
    const { state } = this.view;
    if (!tr.docChanged && !tr.selectionSet) this.hear();
    const now = this.view.state;
    if (!isForeign(tr)) return this.show(now === state ? tr : anew(tr, now));
    keepSelection(tr, state);
    keepStanding(this.view, () => this.show(tr));
  }

  private show(tr: Transaction): void {
    const [wasTaking, wasForeign] = [this.isTaking, this.isForeign];
    this.isTaking = true;
    this.isForeign = isForeign(tr);
    try {
      this.view.updateState(this.view.state.apply(tr));
    } finally {
      [this.isTaking, this.isForeign] = [wasTaking, wasForeign];
    }
  }

  /** The text is about to change, perhaps by others. */
  private readonly note = (): void => {
    if (!this.isTaking) noteSelection(this.view.state);
  };

  private initialState(): EditorState {
    const { around } = this;
    const { doc, awareness, undo } = around;
    const fragment = doc.getXmlFragment(this.root);
    const schema = schemaOf(this.root);
    const { doc: content, mapping } = initProseMirrorDoc(fragment, schema);
    const isEmpty = content.childCount === 0;
    return EditorState.create({
      // An empty root shows a paragraph, and nothing is written until somebody types.
      doc: isEmpty ? (schema.topNodeType.createAndFill() ?? content) : content,
      schema,
      plugins: [
        ySyncPlugin(fragment, isEmpty ? {} : { mapping }),
        yCursorPlugin(awareness, cursorOptions()),
        yUndoPlugin({ undoManager: undo }),
        highlights(() => around.mayWrite()),
        suggestionsDrawn(),
        ...(this.isTitle ? [] : [sectionRules(), tidying()]),
        ...this.keys(),
        new Plugin({ view: () => ({ update: () => this.around.onChange(this) }) }),
      ],
    });
  }

  private keys(): Plugin[] {
    return (this.isTitle ? titleKeys : sectionKeys)(this.around.outside);
  }

  /** While writing it is a text box with a name; while reading it is simply text. */
  private attributes(): Record<string, string> {
    if (!this.around.mayWrite()) return {};
    const { label = "", describedby } = this.host.dataset;
    return {
      role: "textbox",
      "aria-multiline": String(!this.isTitle),
      "aria-label": label,
      ...(describedby ? { "aria-describedby": describedby } : {}),
      lang: this.host.closest<HTMLElement>("[lang]")?.lang || "de",
      spellcheck: "true",
    };
  }

  private endStepOn(event: KeyboardEvent): boolean {
    if (event.key === "Enter") this.endStep();
    return false;
  }

  private endStep(): boolean {
    this.around.undo.stopCapturing();
    return false;
  }
}

/** The same wishes, which change no text, for the state that the view has come to meanwhile. */
function anew(tr: Transaction, state: EditorState): Transaction {
  const fresh = state.tr;
  const { meta } = tr as unknown as { meta: Record<string, unknown> };
  for (const [name, value] of Object.entries(meta)) fresh.setMeta(name, value);
  return tr.storedMarksSet ? fresh.setStoredMarks(tr.storedMarks) : fresh;
}

/** What is pasted into the title becomes plain words on one line. */
function oneLine(slice: Slice): Slice {
  const words = slice.content.textBetween(0, slice.content.size, " ", " ");
  const text = words.replace(/\s+/g, " ").trim();
  return text ? new Slice(Fragment.from(titleSchema.text(text)), 0, 0) : Slice.empty;
}

/** With Ctrl or ⌘ a link is followed instead of edited. */
function openLink(event: MouseEvent): boolean {
  if (!(event.ctrlKey || event.metaKey) || !(event.target instanceof Element)) return false;
  const link = event.target.closest<HTMLAnchorElement>("a[href]");
  if (link) window.open(link.href, "_blank", "noopener,noreferrer");
  return link !== null;
}
