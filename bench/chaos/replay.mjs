// Documents replayed by yjs: one line of JSON in, `{"roots", "updates"}` with updates in base64;
// one line out, `{"text", "state"}`: canonical JSON of the roots, and the whole state in base64.
//
// Run in a folder whose node_modules hold yjs.

import { createRequire } from 'node:module';
import { createInterface } from 'node:readline';

const Y = createRequire(`${process.cwd()}/`)('yjs');

function canonical(value) {
  if (Array.isArray(value)) {
    return `[${value.map(canonical).join(',')}]`;
  }
  if (value !== null && typeof value === 'object') {
    const members = Object.keys(value).sort();
    return `{${members.map((name) => `${JSON.stringify(name)}:${canonical(value[name])}`).join(',')}}`;
  }
  return JSON.stringify(value);
}

function chunks(text) {
  const found = [];
  for (const { insert, attributes } of text.toDelta()) {
    const marks = Object.fromEntries(Object.entries(attributes ?? {}).filter(([, value]) => value !== null));
    const last = found.at(-1);
    if (last && canonical(last[1]) === canonical(marks)) {
      last[0] += insert;
    } else {
      found.push([insert, marks]);
    }
  }
  return found;
}

function nodeOf(type) {
  if (type instanceof Y.XmlText) {
    return chunks(type);
  }
  return {
    tag: type.nodeName,
    attributes: type.getAttributes(),
    children: type.toArray().map(nodeOf),
  };
}

for await (const line of createInterface({ input: process.stdin })) {
  const { roots, updates } = JSON.parse(line);
  const doc = new Y.Doc();
  for (const update of updates) {
    Y.applyUpdate(doc, Buffer.from(update, 'base64'));
  }
  const text = Object.fromEntries(roots.map((name) => [name, doc.getXmlFragment(name).toArray().map(nodeOf)]));
  const state = Buffer.from(Y.encodeStateAsUpdate(doc)).toString('base64');
  process.stdout.write(`${JSON.stringify({ text: canonical(text), state })}\n`);
}
