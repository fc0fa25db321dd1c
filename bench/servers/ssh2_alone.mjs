/**
 * What ssh2 itself costs: a server that runs no program. It makes, drops or sends back the bytes of the transfers in its
 * own memory, by ssh2's public API. A server that also moves them between a program and itself cannot cost less.
 *
 * Usage: node ssh2_alone.mjs HOST_KEY AUTHORIZED_KEYS
 */
import { readFileSync } from 'node:fs'
import ssh2 from 'ssh2'

const [hostKeyFile, authorizedKeysFile] = process.argv.slice(2)
const authorizedKey = ssh2.utils.parseKey(readFileSync(authorizedKeysFile))
const block = Buffer.alloc(64 * 1024)

const server = new ssh2.Server({ hostKeys: [readFileSync(hostKeyFile)] }, (client) => {
  client.setNoDelay(true)
  client.on('authentication', authenticate)
  client.on('session', (accept) => {
    accept().on('exec', (acceptExec, _reject, { command }) => answer(acceptExec(), command))
  })
  client.on('error', () => undefined)
})

server.listen(0, '127.0.0.1', () => {
  const { address, port } = server.address()
  console.log(`listening on ${address}:${port}`)
})

function authenticate(context) {
  if (context.method !== 'publickey') return context.reject(['publickey'])
  const isKnown = authorizedKey.getPublicSSH().equals(context.key.data)
  const isSigned =
    context.signature === undefined ||
    authorizedKey.verify(context.blob, context.signature, context.hashAlgo) === true
  if (isKnown && isSigned) context.accept()
  else context.reject(['publickey'])
}

function answer(channel, command) {
  const end = () => {
    channel.exit(0)
    channel.end()
  }
  const [, byteCount] = /^head -c (\d+)/.exec(command) ?? []
  channel.on('end', byteCount === undefined ? end : () => undefined)
  if (byteCount !== undefined) return write(channel, Number(byteCount), end)
  if (command === 'cat') channel.on('data', (bytes) => sendBack(channel, bytes))
  else channel.resume()
  if (command === 'true') end()
}

function write(channel, byteCount, end) {
  let leftBytes = byteCount
  const go = () => {
    while (leftBytes > 0) {
      const bytes = block.subarray(0, Math.min(block.length, leftBytes))
      leftBytes -= bytes.length
      if (!channel.write(bytes)) return channel.once('drain', go)
    }
    end()
  }
  go()
}

function sendBack(channel, bytes) {
  if (channel.write(bytes)) return
  channel.pause()
  channel.once('drain', () => channel.resume())
}
