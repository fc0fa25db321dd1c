import { setTimeout as delay } from 'node:timers/promises'
import { FieldReader, uint32 } from '../wire/fields'
import {
  adjust,
  data,
  eof,
  exec,
  pty,
  shell,
  signal,
  subsystem,
  windowChange,
} from '../wire/raw-messages'
import { digestLine, onTerminal, printing, upload } from './soak-programs'
import {
  requireBytes,
  requireEnd,
  sendAll,
  untilClosed,
  withOwnClient,
  type SoakContext,
  type SoakSession,
} from './soak-session'

/** Sessions that nobody cuts short: every byte and every exit is accounted for. */
export const exactSessions: readonly [SoakSession, ...SoakSession[]] = [
  { name: 'a command that prints on both outputs', run: printOnBoth },
  { name: 'a command that takes an upload', run: takeUpload },
  { name: 'a command that gives back what it gets', run: giveBack },
  { name: 'a shell', run: runShell },
  { name: 'the sftp subsystem', run: speakSftp },
  { name: 'a terminal', run: printOnTerminal },
  { name: 'a storm of resizes', run: resizeStorm },
  { name: 'a signal from the client', run: signalFromClient },
  { name: 'a program killed from inside', run: killFromInside },
  { name: 'a command that is not there', run: noSuchCommand },
  { name: 'a reader that stalls', run: stalledReader },
  { name: 'a socket that nobody reads for a while', run: slowSocket },
  { name: 'new keys in the middle', run: newKeysInTheMiddle },
]

async function printOnBoth({ client, random }: SoakContext): Promise<void> {
  const { command, output } = printing(random)
  const [word, code] = [`error ${random.integer(0, 1e9)}`, random.integer(0, 255)]
  const channel = await client.openSession()
  channel.send(exec(`${command}; echo ${word} >&2; exit ${code}`))
  await untilClosed(client, channel)
  requireBytes(channel, { stdout: output, stderr: Buffer.from(`${word}\n`) })
  requireEnd(channel, { code })
}

async function takeUpload({ client, random }: SoakContext): Promise<void> {
  const [bytes, code] = [upload(random), random.integer(0, 255)]
  const channel = await client.openSession()
  channel.send(exec(`sha256sum; exit ${code}`))
  await sendAll(channel, bytes)
  channel.send(eof)
  await untilClosed(client, channel)
  requireBytes(channel, { stdout: digestLine(bytes) })
  requireEnd(channel, { code })
}

async function giveBack({ client, random }: SoakContext): Promise<void> {
  const bytes = upload(random)
  const channel = await client.openSession()
  channel.send(exec('exec cat'))
  await sendAll(channel, bytes)
  channel.send(eof)
  await untilClosed(client, channel)
  requireBytes(channel, { stdout: bytes })
  requireEnd(channel, { code: 0 })
}

async function runShell({ client, random }: SoakContext): Promise<void> {
  const [{ command, output }, code] = [printing(random), random.integer(0, 255)]
  const channel = await client.openSession()
  channel.send(shell(), data(`${command}\nexit ${code}\n`), eof)
  await untilClosed(client, channel)
  requireBytes(channel, { stdout: output })
  requireEnd(channel, { code })
}

/** INIT of version 3 is answered by VERSION, the end of input, which sftp-server may see first, by its end. */
async function speakSftp({ client }: SoakContext): Promise<void> {
  const channel = await client.openSession()
  channel.send(subsystem('sftp'), data(Buffer.concat([uint32(5), Buffer.of(1), uint32(3)])))
  await channel.until(() => channel.stdout.length >= 9, 'VERSION should come')
  channel.send(eof)
  await untilClosed(client, channel)
  const answer = new FieldReader(new FieldReader(channel.stdout).string())
  const [packetType, version] = [answer.byte(), answer.uint32()]
  if (packetType !== 2 || version !== 3) throw new Error(`sftp said ${packetType}, ${version}`)
  requireEnd(channel, { code: 0 })
}

async function printOnTerminal({ client, random }: SoakContext): Promise<void> {
  const [{ command, output }, code] = [printing(random), random.integer(0, 255)]
  const channel = await client.openSession()
  channel.send(pty(), exec(`${command}; exit ${code}`))
  await untilClosed(client, channel)
  requireBytes(channel, { stdout: onTerminal(output) })
  requireEnd(channel, { code })
}

async function resizeStorm({ client, random }: SoakContext): Promise<void> {
  const channel = await client.openSession()
  channel.send(pty(), exec('stty -echo; echo ready; read line; stty size'))
  await channel.untilOutput('ready')
  for (let count = 0; count < 50; count += 1) {
    channel.send(windowChange(random.integer(0, 2 ** 32 - 1), random.integer(0, 500), false))
  }
  const [columns, rows] = [random.integer(1, 500), random.integer(1, 500)]
  channel.send(windowChange(columns, rows, false), data('go\n'))
  await untilClosed(client, channel)
  requireBytes(channel, { stdout: Buffer.from(`ready\r\n${rows} ${columns}\r\n`) })
  requireEnd(channel, { code: 0 })
}

async function signalFromClient({ client, random }: SoakContext): Promise<void> {
  const name = random.pick(['TERM', 'KILL', 'HUP', 'USR1'])
  const channel = await client.openSession()
  channel.send(exec('echo ready; exec sleep 1000'))
  await channel.untilOutput('ready')
  channel.send(signal(name, false))
  await untilClosed(client, channel)
  requireEnd(channel, { signal: name })
}

async function killFromInside({ client, random }: SoakContext): Promise<void> {
  const { command, output } = printing(random)
  const name = random.pick(['KILL', 'KILL', 'TERM', 'ABRT', 'USR2'])
  const channel = await client.openSession()
  channel.send(exec(`ulimit -c 0; ${command}; kill -${name} $$`))
  await untilClosed(client, channel)
  requireBytes(channel, { stdout: output })
  requireEnd(channel, { signal: name })
}

async function noSuchCommand({ client }: SoakContext): Promise<void> {
  const channel = await client.openSession()
  channel.send(exec('no-such-command-anywhere'))
  await untilClosed(client, channel)
  requireEnd(channel, { code: 127 })
}

/** The window fills and stays full until the client gives some back, bit by bit. */
async function stalledReader({ client, random }: SoakContext): Promise<void> {
  const { command, output } = printing(random)
  const windowBytes = random.integer(1, 40_000)
  const channel = await client.openSession({ windowBytes, keepsWindow: false })
  channel.send(exec(command))
  let openedBytes = windowBytes
  while (openedBytes < output.length) {
    const fullBytes = openedBytes
    await channel.until(() => channel.stdout.length === fullBytes, 'the window should fill')
    openedBytes += random.integer(20_000, 200_000)
    channel.send(adjust(openedBytes - fullBytes))
  }
  await untilClosed(client, channel)
  requireBytes(channel, { stdout: output })
  requireEnd(channel, { code: 0 })
}

async function slowSocket({ server, random }: SoakContext): Promise<void> {
  await withOwnClient(server, async (client) => {
    const output = Buffer.alloc(2 ** 20, 'slow\n')
    const channel = await client.openSession({ windowBytes: 2 ** 24 })
    channel.send(exec(`yes slow | head -c ${output.length}; exit 5`))
    await channel.untilOutput('slow')
    client.connection.socket.pause()
    await delay(random.integer(10, 100))
    client.connection.socket.resume()
    await untilClosed(client, channel)
    requireBytes(channel, { stdout: output })
    requireEnd(channel, { code: 5 })
  })
}

async function newKeysInTheMiddle({ server, random }: SoakContext): Promise<void> {
  await withOwnClient(server, async (client) => {
    const bytes = upload(random)
    const channel = await client.openSession()
    channel.send(exec('yes | head -c 500000; cat'))
    const sent = sendAll(channel, bytes)
    await client.connection.rekey()
    await client.connection.rekey()
    await sent
    channel.send(eof)
    await untilClosed(client, channel)
    requireBytes(channel, { stdout: Buffer.concat([Buffer.alloc(500_000, 'y\n'), bytes]) })
    requireEnd(channel, { code: 0 })
  })
}
