/**
 * A server "by hand": what people write on the public APIs of ssh2, child_process and node-pty, to show what the
 * scenarios guard against. Written with care, as for a project of one's own; nothing in it is wrong on purpose, and
 * nothing in it is mended when a scenario fails.
 *
 * Usage: node server.mjs HOST_KEY_FILE AUTHORIZED_KEYS_FILE SFTP_SERVER
 */
import { spawn } from 'node:child_process'
import { readFileSync } from 'node:fs'
import { userInfo } from 'node:os'
import pty from '@lydell/node-pty'
import ssh2 from 'ssh2'

const [hostKeyFile, authorizedKeysFile, sftpServer] = process.argv.slice(2)
const { username, homedir, shell } = userInfo()
const authorizedKey = ssh2.utils.parseKey(readFileSync(authorizedKeysFile))
const subsystems = { sftp: sftpServer }

const server = new ssh2.Server(
  // With this name OpenSSH's client is as talkative as with its own server.
  { hostKeys: [readFileSync(hostKeyFile)], ident: 'OpenSSH_9.9 ByHand' },
  (client, info) => {
    client.on('authentication', authenticate)
    client.on('session', (accept) => serveSession(accept(), addresses(client, info)))
    client.on('error', (error) => console.error('client error:', error.message))
  },
)

server.listen(0, '127.0.0.1', () => {
  const { address, port } = server.address()
  console.log(`listening on ${address}:${port}`)
})

function authenticate(context) {
  if (context.method !== 'publickey' || context.username !== username) {
    return context.reject(['publickey'])
  }
  const isKnown =
    context.key.algo === authorizedKey.type && authorizedKey.getPublicSSH().equals(context.key.data)
  if (!isKnown) return context.reject(['publickey'])
  // Without a signature the client only asks whether the key would do.
  const isSigned =
    context.signature === undefined ||
    authorizedKey.verify(context.blob, context.signature, context.hashAlgo) === true
  if (isSigned) context.accept()
  else context.reject(['publickey'])
}

function addresses(client, { ip, port }) {
  const local = server.address()
  return { remote: `${ip} ${port}`, local: `${local.address} ${local.port}`, port: local.port }
}

function serveSession(session, { remote, local, port }) {
  const accepted = {}
  let terminal = undefined
  let program = undefined

  const environment = () => ({
    ...accepted,
    USER: username,
    LOGNAME: username,
    HOME: homedir,
    SHELL: shell,
    PATH: '/usr/local/bin:/usr/bin:/bin:/usr/games',
    SSH_CLIENT: `${remote} ${port}`,
    SSH_CONNECTION: `${remote} ${local}`,
  })

  const start = (stream, args) => {
    program =
      terminal === undefined
        ? startChild(stream, args, environment())
        : startTerminal(stream, args, environment(), terminal)
  }

  session.on('env', (accept, reject, { key, val }) => {
    if (key !== 'LANG' && !key.startsWith('LC_')) return reject?.()
    accepted[key] = val
    accept?.()
  })
  session.on('pty', (accept, reject, info) => {
    terminal = info
    accept?.()
  })
  session.on('window-change', (accept, reject, { cols, rows }) => {
    program?.resize?.(cols, rows)
    accept?.()
  })
  session.on('signal', (accept, reject, { name }) => {
    program?.kill(`SIG${name}`)
    accept?.()
  })
  session.on('shell', (accept) => start(accept(), ['-l']))
  session.on('exec', (accept, reject, { command }) => start(accept(), ['-c', command]))
  session.on('subsystem', (accept, reject, { name }) => {
    const command = subsystems[name]
    if (command === undefined) return reject()
    start(accept(), ['-c', command])
  })
}

function startChild(stream, args, env) {
  const child = spawn(shell, args, { cwd: homedir, env })
  stream.pipe(child.stdin)
  // Not ended by the pipes: that would close the channel before the exit code is sent.
  child.stdout.pipe(stream, { end: false })
  child.stderr.pipe(stream.stderr, { end: false })
  child.stdin.on('error', () => {})
  child.on('error', (error) => {
    stream.stderr.write(`${error.message}\n`)
    stream.exit(127)
    stream.end()
  })
  child.on('close', (code, signal) => {
    stream.exit(signal === null ? code : signal.replace(/^SIG/, ''))
    stream.end()
  })
  stream.on('close', () => child.kill())
  return child
}

function startTerminal(stream, args, env, { cols, rows, term }) {
  const terminal = pty.spawn(shell, args, {
    name: term,
    cols: cols || 80,
    rows: rows || 24,
    cwd: homedir,
    env,
  })
  terminal.onData((data) => stream.write(data))
  stream.on('data', (data) => terminal.write(data))
  terminal.onExit(({ exitCode }) => {
    stream.exit(exitCode)
    stream.end()
  })
  stream.on('close', () => terminal.kill())
  return terminal
}
