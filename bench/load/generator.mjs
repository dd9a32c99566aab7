// The load generator for machines without a C compiler: generator.c in JavaScript, same options,
// same lines of JSON. It reaches its limit earlier and waits in whole milliseconds.
import fs from 'node:fs'
import net from 'node:net'
import { performance } from 'node:perf_hooks'

const SETUP_CLOCKS = 3
const FRAME_BYTES_MAX = 64 << 20
const TEXT = new TextDecoder()

// ---- options ------------------------------------------------------------------------------

const [mode, ...words] = process.argv.slice(2)
const o = {
  root: 'benefit', chars: 1, at_once: 32, typists: 0, pid: 0, slow: -1, keep: 0, seed: 1, warm: 1,
  window: 5, drain: 5, connect: 60, limit_ms: 0, settle: 0, bytes_min: 0, base: 0x80000000, rates: '5'
}
for (const word of words) {
  const at = word.indexOf('=')
  const [key, value] = [word.slice(0, at), word.slice(at + 1)]
  o[key] = ['protocol', 'clients', 'root', 'rates'].includes(key) ? value : Number(value)
}

function die (text) {
  process.stderr.write(`generator: ${text}\n`)
  process.exit(2)
}

// ---- time, dice, figures --------------------------------------------------------------------

const now = () => performance.now()
const turn = ms => new Promise(resolve => ms > 0 ? setTimeout(resolve, ms) : setImmediate(resolve))
let dice = o.seed >>> 0
function unit () { // mulberry32
  dice = (dice + 0x6D2B79F5) >>> 0
  let z = Math.imul(dice ^ (dice >>> 15), 1 | dice)
  z = (z + Math.imul(z ^ (z >>> 7), 61 | z)) ^ z
  return (((z ^ (z >>> 14)) >>> 0) + 0.5) / 4294967296
}

// Microseconds in logarithmic buckets, each 1/64 wide.
class Histogram {
  count = new Float64Array(64 * 40)
  total = 0
  max = 0
  sum = 0

  note (ms) {
    const us = Math.max(0, ms * 1000)
    const e = us < 64 ? 0 : Math.floor(Math.log2(us))
    this.count[us < 64 ? Math.floor(us) : (e - 5) * 64 + (Math.floor(us / 2 ** (e - 6)) & 63)]++
    this.total++
    this.sum += us
    if (us > this.max) this.max = us
  }

  quantileMs (q) {
    if (!this.total) return 0
    const rank = Math.ceil(q * this.total)
    for (let b = 0, seen = 0; b < this.count.length; b++) {
      if ((seen += this.count[b]) < rank) continue
      if (b < 64) return (b + 0.5) / 1000
      return (64 + (b % 64) + 0.5) * 2 ** (Math.floor(b / 64) - 1) / 1000
    }
    return this.max / 1000
  }
}

function read (path) {
  try { return fs.readFileSync(path, 'utf8') } catch { return '' }
}

function cpuOfServerS () {
  let ns = 0
  try {
    for (const task of fs.readdirSync(`/proc/${o.pid}/task`)) {
      ns += Number(read(`/proc/${o.pid}/task/${task}/schedstat`).split(' ')[0] || 0)
    }
  } catch { return 0 }
  return ns / 1e9
}

const memoryOfServerKb = field =>
  Number(read(`/proc/${o.pid}/status`).match(new RegExp(`^${field}:\\s*(\\d+)`, 'm'))?.[1] ?? 0)

function cpuOfSelfS () {
  const used = process.cpuUsage()
  return (used.user + used.system) / 1e6
}

// ---- clients --------------------------------------------------------------------------------

let f
function forget () {
  f = {
    operations: 0, expected: 0, delivered: 0, acksExpected: 0, acks: 0, refused: 0, gaps: 0, frames: 0,
    bytes: 0, arrivals: 0, closes: 0, latency: new Histogram(), ack: new Histogram(), lag: new Histogram()
  }
}
forget()

let readyCount = 0
let closedCount = 0
let begunCount = 0
const rooms = []
const clients = read(o.clients).split('\n').map(line => line.split(' ')).filter(words => words.length >= 4)
  .map(([room, path, document, token, port = o.port], index) => {
    const members = rooms[Number(room)] ??= []
    const client = {
      index, room: members, place: members.length, path, document, token, port, state: 'closed', socket: null,
      rest: null, reads: index !== o.slow, types: false, begunAt: 0, syncedAt: 0, updateBytes: 0,
      wasEarly: false, clock: 0, acked: 0, known: null, unknownSetups: 0, sent: [], scheduled: []
    }
    members.push(client)
    return client
  })
if (!clients.length) die(`no clients in ${o.clients}`)
for (const c of clients) {
  c.known = new Uint32Array(c.room.length)
  c.types = mode === 'type' && (!o.typists || c.place < o.typists) && c.reads
}
for (const c of clients) c.unknownSetups = c.room.filter(other => other.types && other !== c).length

const idOf = c => o.base + c.index
const isOpen = c => c.state !== 'closed'

// ---- frames ---------------------------------------------------------------------------------

const bytesOf = text => [...Buffer.from(text)]
function uint (value) {
  const out = []
  while (value > 127) {
    out.push(0x80 | (value % 128))
    value = Math.floor(value / 128)
  }
  out.push(value)
  return out
}
const prefixed = bytes => [...uint(bytes.length), ...bytes]

function putFrame (c, opcode, payload) {
  if (!isOpen(c)) return
  const n = payload.length
  const head = n < 126 ? [0x80 | n] : n < 65536 ? [0xFE, n >> 8, n & 255] : die('frame too big')
  const frame = Buffer.allocUnsafe(1 + head.length + 4 + n)
  frame[0] = 0x80 | opcode
  frame.set(head, 1)
  const mask = 1 + head.length
  frame.writeUInt32LE(Math.floor(unit() * 4294967296), mask)
  for (let i = 0; i < n; i++) frame[mask + 4 + i] = payload[i] ^ frame[mask + (i & 3)]
  c.socket.write(frame)
}

function putSync (c, subtype, payload) {
  const prefix = o.protocol === 'hocuspocus' ? prefixed(bytesOf(c.document)) : []
  putFrame(c, 2, [...prefix, 0, subtype, ...prefixed(payload)])
}

function expectAck (c, at, end, counts) {
  if (o.protocol === 'hocuspocus') c.sent.push({ at, end, counts })
}

// A paragraph with a text that begins with one letter: clocks 0, 1 and 2.
function putSetup (c) {
  const id = uint(idOf(c))
  const paragraph = [7, 1, ...prefixed(bytesOf(o.root)), 3, ...prefixed(bytesOf('paragraph'))]
  const text = [7, 0, ...id, 0, 6]
  const letter = [4, 0, ...id, 1, ...prefixed(bytesOf('a'))]
  c.clock = SETUP_CLOCKS
  expectAck(c, 0, c.clock, false)
  putSync(c, 2, [1, SETUP_CLOCKS, ...id, 0, ...paragraph, ...text, ...letter, 0])
}

const LETTERS = prefixed(bytesOf('x'.repeat(o.chars)))
function putInsert (c, scheduled, counts) {
  const id = uint(idOf(c))
  const update = [1, 1, ...id, ...uint(c.clock), 0x84, ...id, ...uint(c.clock - 1), ...LETTERS, 0]
  c.scheduled.push({ at: scheduled, counts })
  c.clock += o.chars
  expectAck(c, scheduled, c.clock, counts)
  putSync(c, 2, update)
}

// ---- what arrives ---------------------------------------------------------------------------

class Reader {
  constructor (data, at = 0, end = data.length) {
    this.data = data
    this.at = at
    this.end = end
  }

  uint () {
    let value = 0
    for (let unit = 1; this.at < this.end; unit *= 128) {
      const byte = this.data[this.at++]
      value += (byte & 127) * unit
      if (byte < 128) return value
    }
    return die('an update that cannot be read')
  }

  bytes () {
    const length = this.uint()
    if (length > this.end - this.at) die('an update that cannot be read')
    this.at += length
    return new Reader(this.data, this.at - length, this.at)
  }
}

function skipAny (r) {
  const kind = r.data[r.at++]
  if (kind === 125) while (r.data[r.at++] > 127);
  else if (kind === 124) r.at += 4
  else if (kind === 123 || kind === 122) r.at += 8
  else if (kind === 119 || kind === 116) r.bytes()
  else if (kind === 118 || kind === 117) {
    for (let n = r.uint(); n; n--) {
      if (kind === 118) r.bytes()
      skipAny(r)
    }
  }
}

function utf16Length (r) {
  let isAscii = true
  for (let at = r.at; at < r.end && isAscii; at++) isAscii = r.data[at] < 128
  return isAscii ? r.end - r.at : TEXT.decode(r.data.subarray(r.at, r.end)).length
}

// The length of a struct in clocks; negative for one that is left out.
function takeStruct (r) {
  const info = r.data[r.at++]
  const kind = info & 31
  if (info === 0) return r.uint()
  if (kind === 10) return -r.uint()
  for (const flag of [0x80, 0x40]) if (info & flag) { r.uint(); r.uint() }
  if (!(info & 0xC0)) {
    if (r.uint() === 1) r.bytes()
    else { r.uint(); r.uint() }
    if (info & 0x20) r.bytes()
  }
  switch (kind) {
    case 1: return r.uint()
    case 4: return utf16Length(r.bytes())
    case 5: r.bytes(); return 1
    case 6: r.bytes(); r.bytes(); return 1
    case 7: if ([3, 5].includes(r.uint())) r.bytes(); return 1
    case 8: {
      const n = r.uint()
      for (let i = 0; i < n; i++) skipAny(r)
      return n
    }
    default: return die('an update that cannot be read')
  }
}

const operationsUntil = clock => clock <= SETUP_CLOCKS ? 0 : Math.floor((clock - SETUP_CLOCKS) / o.chars)

function arrived (c, from, start, end, at) {
  const known = c.known[from.place]
  if (end <= known) return
  if (start > known && c !== from) f.gaps += start - known
  c.known[from.place] = end
  if (known < SETUP_CLOCKS && end >= SETUP_CLOCKS && from.types && from !== c) c.unknownSetups--
  const first = operationsUntil(Math.max(start, known))
  const last = Math.min(operationsUntil(end), from.scheduled.length)
  const isEcho = c === from
  if (isEcho && o.protocol === 'hocuspocus') return
  if (isEcho) c.acked = end
  else f.arrivals += last - first
  for (let k = first; k < last; k++) {
    const operation = from.scheduled[k]
    if (!operation.counts) continue
    if (isEcho) f.acks++
    else f.delivered++
    ;(isEcho ? f.ack : f.latency).note(at - operation.at)
  }
}

function takeUpdate (c, r, at) {
  for (let blocks = r.uint(); blocks; blocks--) {
    let structs = r.uint()
    const from = clients[r.uint() - o.base]
    let clock = r.uint()
    let start = clock
    const isOurs = from !== undefined && from.room === c.room
    for (; structs; structs--) {
      const length = takeStruct(r)
      if (length < 0) {
        if (isOurs && clock > start) arrived(c, from, start, clock, at)
        start = clock - length
      }
      clock += Math.abs(length)
    }
    if (isOurs && clock > start) arrived(c, from, start, clock, at)
  }
}

function synced (c, at) {
  c.state = 'ready'
  c.syncedAt = at
  readyCount++
  if (o.protocol === 'floor') {
    c.clock = SETUP_CLOCKS
    c.known.fill(SETUP_CLOCKS)
    c.unknownSetups = 0
  } else if (c.types) putSetup(c)
  if (!c.reads) c.socket.pause()
}

function takeSync (c, r, at) {
  const subtype = r.uint()
  const body = r.bytes()
  if (subtype === 0) {
    expectAck(c, 0, c.clock, false)
    putSync(c, 1, [0, 0])
    return
  }
  c.updateBytes += body.end - body.at
  if (!o.bytes_min || mode === 'clocks') takeUpdate(c, body, at)
  if (c.state !== 'syncing') return
  if (c.updateBytes >= o.bytes_min) synced(c, at)
  else if (subtype === 1) c.wasEarly = true
}

function takeAck (c, value, at) {
  const sent = c.sent.shift()
  if (sent === undefined) f.gaps++
  else if (value !== 1) f.refused++
  else {
    c.acked = sent.end
    if (sent.counts) {
      f.acks++
      f.ack.note(at - sent.at)
    }
  }
}

function takeMessage (c, r, at) {
  const isHocuspocus = o.protocol === 'hocuspocus'
  if (isHocuspocus) {
    if (r.end - r.at === 1 && r.data[r.at] === 9) return
    r.bytes()
  }
  const type = r.uint()
  if (type === 0 || type === 4) takeSync(c, r, at)
  else if (type === 2 && r.data[r.at] === (isHocuspocus ? 1 : 0)) {
    process.stderr.write(`generator: client ${c.index} was denied\n`)
    closeClient(c)
  } else if (type === 8 && isHocuspocus) takeAck(c, r.uint(), at)
}

// Takes one frame off the front; how many bytes it had, 0 if it is not whole yet.
function takeFrame (c, data, at, time) {
  const length = data.length - at
  if (length < 2) return 0
  let head = 2
  let size = data[at + 1] & 127
  if (size === 126) {
    if (length < (head = 4)) return 0
    size = data.readUInt16BE(at + 2)
  } else if (size === 127) {
    if (length < (head = 10)) return 0
    size = Number(data.readBigUInt64BE(at + 2))
  }
  if (size > FRAME_BYTES_MAX) die(`a frame of ${size} bytes`)
  if (length < head + size) return 0
  const opcode = data[at] & 15
  if (!(data[at] & 0x80) || opcode === 0) die('fragmented frames are not understood')
  if (opcode === 2) {
    f.frames++
    takeMessage(c, new Reader(data, at + head, at + head + size), time)
  } else if (opcode === 9) putFrame(c, 10, data.subarray(at + head, at + head + size))
  else if (opcode === 8) closeClient(c)
  return head + size
}

function takeUpgrade (c, data, time) {
  const end = data.indexOf('\r\n\r\n')
  if (end < 0) return 0
  const answer = data.toString('latin1', 0, end)
  if (!answer.startsWith('HTTP/1.1 101')) die(`the upgrade was refused: ${answer}`)
  c.state = 'syncing'
  if (o.protocol === 'floor') synced(c, time)
  else {
    const name = prefixed(bytesOf(c.document))
    if (o.protocol === 'hocuspocus') putFrame(c, 2, [...name, 2, 0, ...prefixed(bytesOf(c.token))])
    putSync(c, 0, [0])
  }
  return end + 4
}

function takeInput (c, chunk) {
  const time = now()
  f.bytes += chunk.length
  const data = c.rest ? Buffer.concat([c.rest, chunk]) : chunk
  let at = 0
  while (isOpen(c) && at < data.length) {
    const used = c.state === 'upgrading' ? takeUpgrade(c, data, time) : takeFrame(c, data, at, time)
    if (!used) break
    at += used
  }
  c.rest = at < data.length ? data.subarray(at) : null
}

// ---- connections ----------------------------------------------------------------------------

function closeClient (c) {
  if (!isOpen(c)) return
  if (c.state === 'ready') readyCount--
  c.state = 'closed'
  c.socket.destroy()
  closedCount++
  f.closes++
}

function beginClient (c) {
  begunCount++
  c.begunAt = now()
  c.state = 'upgrading'
  c.socket = net.connect({ host: '127.0.0.1', port: Number(c.port), noDelay: true })
  c.socket.on('connect', () => {
    const identity = c.token === '-' ? '' : `Authorization: Bearer ${c.token}\r\n`
    c.socket.write(`GET ${c.path} HTTP/1.1\r\nHost: 127.0.0.1:${c.port}\r\nUpgrade: websocket\r\n` +
      'Connection: Upgrade\r\nSec-WebSocket-Key: YSBub25jZSBvZiBieXRlcw==\r\n' +
      `Sec-WebSocket-Version: 13\r\n${identity}\r\n`)
  })
  c.socket.on('data', chunk => takeInput(c, chunk))
  c.socket.on('error', () => closeClient(c))
  c.socket.on('close', () => closeClient(c))
}

async function connectAll (list) {
  const deadline = now() + o.connect * 1000
  const before = readyCount
  let next = 0
  while (now() < deadline) {
    while (next < list.length && begunCount - readyCount - closedCount < o.at_once) beginClient(list[next++])
    await turn(1)
    if (closedCount) die(`${closedCount} of ${list.length} connections were closed while connecting`)
    if (next === list.length && readyCount - before === list.length) return
  }
  die(`only ${readyCount - before} of ${list.length} clients were synced within ${o.connect} s`)
}

async function settle (s) {
  const end = now() + s * 1000
  while (now() < end) await turn(Math.min(50, end - now()))
}

// ---- modes ----------------------------------------------------------------------------------

const print = line => process.stdout.write(`${JSON.stringify(line)}\n`)
const allArrived = () => f.delivered >= f.expected &&
  (o.protocol === 'floor' || f.acks + f.refused >= f.acksExpected)

// One step: warm up, measure, wait until everything has arrived. True if it held the limit.
async function runStep (rate, typists) {
  const gap = 1000 / (rate * typists.length)
  const start = now()
  const from = start + o.warm * 1000
  const to = from + o.window * 1000
  let next = start
  forget()
  let before = null
  for (;;) {
    const time = now()
    if (!before && time >= from) {
      before = { server: cpuOfServerS(), self: cpuOfSelfS(), arrivals: f.arrivals, frames: f.frames, bytes: f.bytes }
    }
    if (time >= to || readyCount === 0) break
    for (let burst = 0; burst < 64 && next <= time && next < to; burst++) {
      const c = typists[Math.floor(unit() * typists.length)]
      const counts = next >= from
      const readers = c.room.filter(other => other.reads && other !== c).length
      if (counts) f.expected += readers
      if (isOpen(c)) {
        putInsert(c, next, counts)
        if (counts) {
          f.operations++
          if (o.protocol !== 'floor') f.acksExpected++
          f.lag.note(now() - next)
        }
      }
      next += -Math.log(unit()) * gap
    }
    await turn(Math.min(next, to) - now())
  }
  before ??= { server: 0, self: 0, arrivals: 0, frames: 0, bytes: 0 }
  const self = (cpuOfSelfS() - before.self) / o.window
  const deadline = now() + o.drain * 1000
  while (!allArrived() && now() < deadline && readyCount) await turn(1)
  const p99 = f.latency.quantileMs(0.99)
  const clocks = o.keep ? { sent: clients.map(c => c.clock), acked: clients.map(c => c.acked) } : {}
  print({
    event: 'step', rate, clients: clients.length, window_s: o.window, span_s: (now() - from) / 1000,
    operations: f.operations, expected: f.expected, delivered: f.delivered, acks_expected: f.acksExpected,
    acks: f.acks, refused: f.refused, gaps: f.gaps, closed: f.closes, arrivals: f.arrivals - before.arrivals,
    frames: f.frames - before.frames, bytes: f.bytes - before.bytes, p50_ms: f.latency.quantileMs(0.5),
    p90_ms: f.latency.quantileMs(0.9), p99_ms: p99, max_ms: f.latency.max / 1000,
    mean_ms: f.latency.total ? f.latency.sum / f.latency.total / 1000 : 0, ack_p50_ms: f.ack.quantileMs(0.5),
    ack_p99_ms: f.ack.quantileMs(0.99), ack_max_ms: f.ack.max / 1000, lag_p50_ms: f.lag.quantileMs(0.5),
    lag_p99_ms: f.lag.quantileMs(0.99), generator_cpu: self, server_cpu_s: cpuOfServerS() - before.server,
    rss_kb: memoryOfServerKb('VmRSS'), rss_peak_kb: memoryOfServerKb('VmHWM'),
    until_s: Number(process.hrtime.bigint()) / 1e9, ...clocks
  })
  return allArrived() && !f.refused && (!o.limit_ms || p99 <= o.limit_ms)
}

async function typeMode () {
  const deadline = now() + o.connect * 1000
  await connectAll(clients)
  while (clients.some(c => isOpen(c) && c.reads && c.unknownSetups)) {
    if (now() > deadline) die(`the clients did not see each other within ${o.connect} s`)
    await turn(5)
  }
  const typists = clients.filter(c => c.types)
  for (const rate of o.rates.split(',').map(Number)) {
    await settle(0.3)
    if (o.keep) print({ event: 'typing' })
    let held = await runStep(rate, typists)
    if (!held && o.limit_ms) { // once more: it may have been a hiccup of the machine
      await settle(0.3)
      held = await runStep(rate, typists)
    }
    if (!held) break
  }
}

async function joinMode () {
  const tenth = o.settle > 0 ? Math.floor(clients.length / 10) : 0
  const cpu = cpuOfServerS()
  let before = memoryOfServerKb('VmRSS')
  if (tenth) { // idle: memory between the first tenth and all
    await connectAll(clients.slice(0, tenth))
    await settle(o.settle)
    before = memoryOfServerKb('VmRSS')
  }
  const start = now()
  const ownCpu = cpuOfSelfS()
  await connectAll(clients.slice(tenth))
  const self = (cpuOfSelfS() - ownCpu) / ((now() - start) / 1000)
  const all = Math.max(...clients.map(c => c.syncedAt)) - start
  const used = cpuOfServerS() - cpu
  const each = clients.map(c => c.syncedAt - c.begunAt).sort((a, b) => a - b)
  await settle(o.settle)
  print({
    event: 'joined', clients: clients.length, all_ms: all, p50_ms: each[each.length >> 1],
    p99_ms: each[Math.floor(0.99 * (each.length - 1))], early: clients.filter(c => c.wasEarly).length,
    bytes: f.bytes, server_cpu_s: used, rss_before_kb: before, rss_kb: memoryOfServerKb('VmRSS'),
    measured_clients: clients.length - tenth, generator_cpu: self
  })
}

async function clocksMode () {
  await connectAll(clients.filter(c => c.place === 0))
  await settle(o.settle)
  print({ event: 'clocks', stored: clients.map(c => c.room[0].known[c.place]) })
}

const modes = { type: typeMode, join: joinMode, clocks: clocksMode }
if (!modes[mode]) die(`unknown mode ${mode}`)
await modes[mode]()
process.exit(0)
