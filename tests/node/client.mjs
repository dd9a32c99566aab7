// One npm client at one document, told what to do by lines of JSON on stdin.
//
//   node client.mjs y-websocket|hocuspocus ORIGIN DOCUMENT TOKEN
//
// Each line {"id", "do", …} is answered by {"id", "result"} or {"id", "error"}; what happens in
// between is told by {"event", …}. The packages are used as they are.

import { createInterface } from 'node:readline';
import { HocuspocusProvider, HocuspocusProviderWebsocket } from '@hocuspocus/provider';
import { WebSocket } from 'ws';
import { WebsocketProvider } from 'y-websocket';
import * as Y from 'yjs';

const [protocol, origin, documentName, token] = process.argv.slice(2);
const doc = new Y.Doc();

function tell(message) {
  process.stdout.write(`${JSON.stringify(message)}\n`);
}

function yWebsocket() {
  class Socket extends WebSocket {
    constructor(url, protocols) {
      super(url, protocols, { headers: token ? { authorization: `Bearer ${token}` } : {} });
    }
  }
  const provider = new WebsocketProvider(`${origin}/collab`, documentName, doc, {
    WebSocketPolyfill: Socket,
    connect: false,
    disableBc: true,
  });
  provider.on('sync', (synced) => tell({ event: 'synced', synced }));
  provider.on('connection-close', (event) => tell({ event: 'closed', code: event?.code ?? null }));
  provider.on('closed', ({ code, reason }) => tell({ event: 'ended', code, reason }));
  return {
    awareness: provider.awareness,
    connect: () => provider.connect(),
    disconnect: () => provider.disconnect(),
    unsaved: () => null,
  };
}

function hocuspocus() {
  const socket = new HocuspocusProviderWebsocket({
    url: `${origin}/collab`,
    WebSocketPolyfill: WebSocket,
    autoConnect: false,
    delay: 100,
    minDelay: 100,
    maxDelay: 500,
  });
  const provider = new HocuspocusProvider({
    websocketProvider: socket,
    name: documentName,
    document: doc,
    token: token || 'none',
    onSynced: ({ state }) => tell({ event: 'synced', synced: state }),
    onAuthenticated: ({ scope }) => tell({ event: 'authenticated', scope }),
    onAuthenticationFailed: ({ reason }) => tell({ event: 'denied', reason }),
    onStateless: ({ payload }) => tell({ event: 'notice', payload: JSON.parse(payload) }),
    onClose: ({ event }) => tell({ event: 'closed', code: event?.code ?? null, reason: event?.reason ?? '' }),
    onUnsyncedChanges: ({ number }) => tell({ event: 'unsaved', number }),
  });
  provider.attach();
  return {
    awareness: provider.awareness,
    connect: () => socket.connect(),
    disconnect: () => socket.disconnect(),
    unsaved: () => provider.unsyncedChanges,
  };
}

const provider = protocol === 'hocuspocus' ? hocuspocus() : yWebsocket();

function plain(node) {
  if (node instanceof Y.XmlText) {
    return node.toDelta().map(({ insert }) => (typeof insert === 'string' ? insert : '')).join('');
  }
  return node.toArray().map(plain).join(node instanceof Y.XmlElement ? '' : '\n');
}

function read(section) {
  return plain(doc.getXmlFragment(section));
}

function textOf(section) {
  const paragraph = doc.getXmlFragment(section).get(0);
  let text = paragraph.toArray().find((child) => child instanceof Y.XmlText);
  if (text === undefined) {
    text = new Y.XmlText();
    paragraph.insert(0, [text]);
  }
  return text;
}

// Calls `holds` after every change of the document or of somebody's presence, until it is true.
function until(holds) {
  return new Promise((resolve) => {
    const check = () => {
      if (!holds()) {
        return;
      }
      doc.off('update', check);
      provider.awareness.off('change', check);
      resolve(true);
    };
    doc.on('update', check);
    provider.awareness.on('change', check);
    check();
  });
}

function presences() {
  return [...provider.awareness.getStates().entries()]
    .filter(([client]) => client !== doc.clientID)
    .map(([client, state]) => ({ client, state }));
}

const commands = {
  client: () => doc.clientID,
  connect: () => provider.connect(),
  disconnect: () => provider.disconnect(),
  read: ({ section }) => read(section),
  xml: ({ section }) => doc.getXmlFragment(section).toString(),
  type: ({ section, text, at }) => doc.transact(() => {
    const target = textOf(section);
    target.insert(at ?? target.length, text);
  }),
  erase: ({ section, at, length }) => textOf(section).delete(at, length),
  untilReads: ({ section, text }) => until(() => read(section).includes(text)),
  untilGone: ({ section, text }) => until(() => !read(section).includes(text)),
  untilPresent: ({ name }) => until(() => presences().some(({ state }) => state.user?.name === name)),
  point: ({ field, value }) => provider.awareness.setLocalStateField(field, value),
  presences,
  unsaved: () => provider.unsaved(),
};

for await (const line of createInterface({ input: process.stdin })) {
  const { id, do: name, ...rest } = JSON.parse(line);
  Promise.resolve()
    .then(() => commands[name](rest))
    .then((result) => tell({ id, result: result ?? null }))
    .catch((error) => tell({ id, error: String(error) }));
}
process.exit(0);
