// @hocuspocus/server as it comes: hocuspocus.mjs PORT [FLUSH_DELAY] [FOLDER]
// With a folder it keeps documents there: in SQLite by its own extension where that is built, else
// in SQLite by Node's own module, else in plain files. It says which on standard output.
import { Server } from '@hocuspocus/server'
import { Database } from '@hocuspocus/extension-database'
import { existsSync, mkdirSync, readFileSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'

const [port, flushDelay, folder] = process.argv.slice(2)

async function storage () {
  if (!folder) return { name: 'nothing', extensions: [] }
  mkdirSync(folder, { recursive: true })
  try {
    const { SQLite } = await import('@hocuspocus/extension-sqlite')
    const extension = new SQLite({ database: join(folder, 'documents.sqlite') })
    await extension.onConfigure?.()
    return { name: 'extension-sqlite', extensions: [extension] }
  } catch {
    return await withoutExtension()
  }
}

async function withoutExtension () {
  let sqlite
  try {
    sqlite = await import('node:sqlite')
  } catch {
    const path = name => join(folder, `${encodeURIComponent(name)}.bin`)
    const fetch = async ({ documentName }) =>
      existsSync(path(documentName)) ? readFileSync(path(documentName)) : null
    const store = async ({ documentName, state }) => writeFileSync(path(documentName), state)
    return { name: 'plain files', extensions: [new Database({ fetch, store })] }
  }
  const db = new sqlite.DatabaseSync(join(folder, 'documents.sqlite'))
  db.exec('CREATE TABLE IF NOT EXISTS documents (name TEXT PRIMARY KEY, data BLOB NOT NULL)')
  const read = db.prepare('SELECT data FROM documents WHERE name = ?')
  const write = db.prepare('INSERT OR REPLACE INTO documents (name, data) VALUES (?, ?)')
  const fetch = async ({ documentName }) => read.get(documentName)?.data ?? null
  const store = async ({ documentName, state }) => { write.run(documentName, state) }
  return { name: 'node:sqlite', extensions: [new Database({ fetch, store })] }
}

const kept = await storage()
const server = new Server({
  port: Number(port),
  address: '127.0.0.1',
  quiet: true,
  extensions: kept.extensions,
  ...(flushDelay && flushDelay !== '-' ? { flushDelay: Number(flushDelay) } : {})
})
await server.listen()
console.log(`ready ${kept.name}`)
