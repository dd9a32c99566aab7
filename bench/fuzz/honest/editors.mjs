// Honest editors without a browser: yjs, y-prosemirror and our own schema, commands and undo, with
// several people in one document who type, paste, format, undo, go offline for long, and reload.
//
//   node editors.mjs SEED_UPDATE_BASE64 RANDOM_SEED UPDATES
//
// Prints a line for each update in the order a server would take them in, `u ACTOR BASE64`; at the
// end of each text `t JSON`, what all editors show; then the next text begins from the seed.
// Chance and clock come from the seed, so the same seed prints the same lines.
import { EditorState, NodeSelection, TextSelection } from 'prosemirror-state'
import { Fragment, Slice } from 'prosemirror-model'
import * as commands from 'prosemirror-commands'
import * as lists from 'prosemirror-schema-list'
import { initProseMirrorDoc, ySyncPlugin, yUndoPlugin } from 'y-prosemirror'
import * as Y from 'yjs'
import * as ours from '../../../web/src/editor/text/commands'
import { schemaOf, sectionSchema as schema } from '../../../web/src/editor/text/schema'
import { tidying } from '../../../web/src/editor/text/tidy'
import { undoManagerFor } from '../../../web/src/editor/text/undo'

const [seedUpdate, randomSeed, updatesWanted] = [
  Buffer.from(process.argv[2], 'base64'), Number(process.argv[3]), Number(process.argv[4])
]
const ROOTS = ['title', 'need', 'idea']
const STEPS_PER_TEXT = 400
const POSITIONS_MAX = 1_500

let state = randomSeed | 0
const random = () => {
  state = (state + 0x6d2b79f5) | 0
  let t = Math.imul(state ^ (state >>> 15), 1 | state)
  t = (t + Math.imul(t ^ (t >>> 7), 61 | t)) ^ t
  return ((t ^ (t >>> 14)) >>> 0) / 4294967296
}
const below = n => Math.floor(random() * n)
const pick = array => array[below(array.length)]

let clock = 1_700_000_000_000
Date.now = () => clock

// y-prosemirror fails if a remote change takes away the selected node; a person clicks elsewhere.
const createNodeSelection = NodeSelection.create
NodeSelection.create = (doc, at) => at !== null && doc.nodeAt(at)
  ? createNodeSelection(doc, at)
  : TextSelection.near(doc.resolve(Math.min(at ?? 0, doc.content.size)))

/** What y-prosemirror needs of a ProseMirror view, without a page to show it on. */
class Screen {
  constructor (fragment, manager) {
    const kind = schemaOf(fragment.root)
    const { doc, mapping } = initProseMirrorDoc(fragment, kind)
    this.state = EditorState.create({
      doc,
      schema: kind,
      plugins: [
        ySyncPlugin(fragment, { mapping }),
        yUndoPlugin({ undoManager: manager }),
        ...(fragment.root === 'title' ? [] : [tidying()])
      ]
    })
    this.views = []
    this.views = this.state.plugins.map(plugin => plugin.spec.view?.(this)).filter(Boolean)
  }

  dispatch = tr => {
    const before = this.state
    this.state = before.apply(tr)
    for (const view of this.views) view.update?.(this, before)
  }

  hasFocus () { return false }

  destroy () { for (const view of this.views) view.destroy?.() }
}

let told = 0
let nextClient = 1

class Server {
  constructor () {
    this.doc = new Y.Doc()
    this.people = []
    Y.applyUpdate(this.doc, seedUpdate)
  }

  submit (sender, update) {
    process.stdout.write(`u ${sender.actor} ${Buffer.from(update).toString('base64')}\n`)
    told += 1
    Y.applyUpdate(this.doc, update)
    for (const person of this.people) {
      if (person !== sender && person.online) person.inbox.push(update)
    }
  }
}

class Person {
  constructor (actor, server) {
    this.actor = actor
    this.server = server
    this.online = true
    this.inbox = []
    this.outbox = []
    this.open(Y.encodeStateAsUpdate(server.doc))
  }

  open (update) {
    this.screens?.forEach(screen => screen.destroy())
    this.doc = new Y.Doc()
    this.doc.clientID = 2 + (nextClient++ * 2654435761) % 4294967291
    Y.applyUpdate(this.doc, update, 'remote')
    const fragments = ROOTS.map(root => Object.assign(this.doc.getXmlFragment(root), { root }))
    this.undo = undoManagerFor(fragments)
    this.screens = fragments.map(fragment => new Screen(fragment, this.undo))
    this.doc.on('update', (update, origin) => {
      if (origin === 'remote') return
      if (this.online) this.server.submit(this, update)
      else this.outbox.push(update)
    })
  }

  receive (count) {
    while (this.inbox.length && count-- > 0) Y.applyUpdate(this.doc, this.inbox.shift(), 'remote')
  }

  goOffline () {
    this.online = false
    this.outbox = []
  }

  comeBack ({ reload, how }) {
    if (reload) this.open(Y.encodeStateAsUpdate(this.doc))
    this.inbox = []
    const known = Y.encodeStateVector(this.server.doc)
    const answer = Y.encodeStateAsUpdate(this.server.doc, Y.encodeStateVector(this.doc))
    const step2 = Y.encodeStateAsUpdate(this.doc, known)
    if (how !== 'step2-last') Y.applyUpdate(this.doc, answer, 'remote')
    const sent = {
      'step2-first': () => [step2],
      'step2-last': () => [step2],
      each: () => [...this.outbox, step2],
      merged: () => this.outbox.length ? [Y.mergeUpdates(this.outbox), step2] : [step2],
      whole: () => [Y.encodeStateAsUpdate(this.doc)]
    }[how]()
    for (const update of sent) this.server.submit(this, update)
    if (how === 'step2-last') Y.applyUpdate(this.doc, answer, 'remote')
    this.outbox = []
    this.online = true
  }
}

const WORDS = [
  'Radweg', 'Schule', 'für alle', 'Bürger:innen', '😀', '👩‍👩‍👧', 'ß', ' ', 'x', '𝔘', 'e\u0301', '123', '日本', 'א',
  'Straße ohne Ausweg', '…'
]

const sentence = () => Array.from({ length: 1 + below(8) }, () => pick(WORDS)).join(' ')

function textPositions (doc) {
  const found = []
  doc.descendants((node, position) => {
    if (!node.isTextblock) return
    let at = position + 1
    found.push(at)
    node.forEach(child => {
      if (!child.isText) { found.push(++at); return }
      for (const char of child.text) { at += char.length; found.push(at) }
    })
  })
  return found
}

function select (screen, span) {
  const positions = textPositions(screen.state.doc)
  if (!positions.length) return false
  const from = below(positions.length)
  const to = Math.min(positions.length - 1, from + below(span + 1))
  const { doc, tr } = screen.state
  screen.dispatch(tr.setSelection(TextSelection.between(doc.resolve(positions[from]), doc.resolve(positions[to]))))
  return true
}

const run = (screen, command) => command(screen.state, screen.dispatch)
const insert = (screen, text) => screen.dispatch(screen.state.tr.insertText(text))
const on = (span, act) => screen => { if (select(screen, span)) act(screen) }
const doing = (span, command) => on(span, screen => run(screen, command))

const plain = [
  ...Array(12).fill(on(0, screen => { for (const c of sentence()) { clock += below(400); insert(screen, c) } })),
  on(0, screen => insert(screen, pick(WORDS))),
  doing(6, commands.deleteSelection),
  on(0, screen => { for (let n = below(6); n > 0; n--) backspace(screen) }),
  on(3, screen => insert(screen, pick(WORDS))),
  doing(0, commands.splitBlock),
  doing(0, commands.joinBackward),
  doing(0, commands.joinForward),
  ...Array(3).fill((_, person) => { for (let n = 1 + below(4); n > 0; n--) person.undo.undo() }),
  ...Array(2).fill((_, person) => { for (let n = 1 + below(4); n > 0; n--) person.undo.redo() }),
  (_, person) => person.undo.stopCapturing()
]

function backspace (screen) {
  const { $from } = screen.state.selection
  const before = $from.nodeBefore
  if (!before?.isText) return run(screen, commands.joinBackward)
  const size = [...before.text].at(-1).length
  screen.dispatch(screen.state.tr.delete($from.pos - size, $from.pos))
}

function tableOfMarks (screen) {
  for (let n = 4 + below(8); n > 0; n--) {
    if (!select(screen, 3)) return
    run(screen, pick([ours.toggleStrong, ours.toggleEm, ours.setLink(`https://example.org/${below(9)}`), ours.setLink(null)]))
  }
}

function pasteSlice (screen) {
  const { doc } = screen.state
  const positions = textPositions(doc)
  const from = below(positions.length)
  const slice = doc.slice(positions[from] ?? 0, positions[from + below(60)] ?? doc.content.size)
  if (select(screen, 4)) screen.dispatch(screen.state.tr.replaceSelection(slice))
}

function pasteParagraphs (screen) {
  const paragraphs = [1, 2, 3].map(i => schema.nodes.paragraph.create(null, schema.text(`Absatz ${i}${pick(WORDS).trim()}.`)))
  if (select(screen, 4)) screen.dispatch(screen.state.tr.replaceSelection(new Slice(Fragment.from(paragraphs), 1, 1)))
}

function clear (screen) {
  if (below(30) !== 0 && textPositions(screen.state.doc).length < POSITIONS_MAX) return
  run(screen, commands.selectAll)
  run(screen, commands.deleteSelection)
}

const item = schema.nodes.listItem
const rich = [
  ...plain,
  doing(9, ours.toggleStrong), doing(9, ours.toggleEm),
  screen => { if (select(screen, 9)) run(screen, ours.setLink(`https://example.org/${below(9)}`)) },
  tableOfMarks,
  screen => { if (select(screen, 9)) run(screen, ours.toggleHeading(2 + below(3))) },
  doing(20, ours.toggleBulletList), doing(20, ours.toggleOrderedList), doing(20, ours.toggleQuote),
  screen => { if (select(screen, 9)) run(screen, lists.wrapInList(schema.nodes.orderedList, { start: 1 + below(9) })) },
  doing(0, lists.splitListItem(item)), doing(9, lists.sinkListItem(item)), doing(9, lists.liftListItem(item)),
  doing(9, commands.lift),
  on(0, screen => screen.dispatch(screen.state.tr.replaceSelectionWith(schema.nodes.hardBreak.create()))),
  on(0, screen => screen.dispatch(screen.state.tr.replaceSelectionWith(schema.nodes.horizontalRule.create()))),
  pasteSlice, pasteParagraphs, clear
]

function work (person) {
  const which = random() < 0.1 ? 0 : 1 + below(2)
  clock += random() < 0.2 ? 1_000 + below(20_000) : below(600)
  try {
    pick(which === 0 ? plain : rich)(person.screens[which], person)
  } catch (error) {
    // ProseMirror declines an impossible step; yjs 13.6 fails in an undo beside what is collected.
    if (String(error.stack).includes('redoItem')) person.open(Y.encodeStateAsUpdate(person.doc))
    else if (!(error instanceof RangeError)) throw error
  }
}

const HOW = ['step2-first', 'step2-last', 'each', 'merged', 'whole']

function writeText () {
  const server = new Server()
  const people = server.people
  for (const actor of ['ada', 'ben', 'cleo', 'dora'].slice(0, 2 + below(3))) people.push(new Person(actor, server))
  for (let step = 0; step < STEPS_PER_TEXT && told < updatesWanted; step++) {
    const person = pick(people)
    for (let n = person.online ? 1 : 1 + below(12); n > 0; n--) work(person)
    const listener = pick(people)
    if (listener.online) listener.receive(1 + below(6))
    if (random() < 0.012) person.online ? person.goOffline() : person.comeBack({ reload: random() < 0.4, how: pick(HOW) })
    else if (person.online && random() < 0.004) { person.receive(1e9); person.open(Y.encodeStateAsUpdate(person.doc)) }
  }
  for (const person of people) if (!person.online) person.comeBack({ reload: false, how: 'step2-first' })
  for (let round = 0; round < 5; round++) for (const person of people) person.receive(1e9)
  // Marks on line breaks exist in the editor that set them only; y-prosemirror does not share them.
  const bare = (_, value) => value?.type === 'hardBreak' ? { type: 'hardBreak' } : value
  const shown = people.map(person => JSON.stringify(person.screens.map(screen => screen.state.doc.toJSON()), bare))
  const same = shown.every(text => text === shown[0])
  const vector = Buffer.from(Y.encodeStateVector(server.doc)).toString('base64')
  process.stdout.write(`t ${JSON.stringify({ same, vector, shown: JSON.parse(shown[0]) })}\n`)
  people.forEach(person => person.screens.forEach(screen => screen.destroy()))
}

while (told < updatesWanted) writeText()
