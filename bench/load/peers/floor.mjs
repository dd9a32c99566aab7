// Fan-out without a document: hands every binary frame to the others on the same path.
import { WebSocketServer } from 'ws'

const rooms = new Map()
const sockets = new WebSocketServer({
  port: Number(process.argv[2]),
  host: '127.0.0.1',
  perMessageDeflate: false
})
sockets.on('connection', (ws, request) => {
  const room = rooms.get(request.url) ?? new Set()
  rooms.set(request.url, room.add(ws))
  ws.on('message', (data, isBinary) => {
    for (const other of room) if (other !== ws) other.send(data, { binary: isBinary })
  })
  ws.on('close', () => room.delete(ws))
  ws.on('error', () => ws.terminate())
})
sockets.on('listening', () => console.log('ready nothing'))
