// An ssh-like command on ssh2: HOST PORT USER KEY KNOWN_HOSTS SIZE [COMMAND], where SIZE is none or 80x24.
import { readFileSync } from 'node:fs'
import { createRequire } from 'node:module'
import process from 'node:process'
import ssh2 from 'ssh2'

if (process.argv[2] === '--version') {
  console.log(createRequire(import.meta.url)('ssh2/package.json').version)
} else {
  connect(...process.argv.slice(2))
}

function connect(host, port, username, keyFile, knownHostsFile, size, command) {
  const client = new ssh2.Client()
  client.on('ready', () => {
    const started = (error, stream) => forward(client, error, stream)
    if (command === undefined) client.shell(terminal(size), started)
    else client.exec(command, { pty: terminal(size) }, started)
  })
  client.on('error', (error) => {
    console.error(error.message)
    process.exitCode = 255
  })
  const privateKey = readFileSync(keyFile)
  const hostKeys = knownHostKeys(knownHostsFile, `[${host}]:${port}`)
  const hostVerifier = (key) => hostKeys.includes(key.toString('base64'))
  client.connect({ host, port: Number(port), username, privateKey, hostVerifier })
}

function terminal(size) {
  if (size === 'none') return false
  const [cols, rows] = size.split('x').map(Number)
  return { cols, rows, term: process.env.TERM ?? 'vt100' }
}

function knownHostKeys(file, name) {
  const lines = readFileSync(file, 'utf8').split('\n')
  return lines
    .map((line) => line.split(' '))
    .flatMap((words) => (words[0] === name ? words[2] : []))
}

function forward(client, error, stream) {
  if (error) throw error
  process.exitCode = 255
  stream.on('exit', (code, signal) => {
    if (code === null) console.error(`died of ${signal}`)
    else process.exitCode = code
  })
  stream.on('close', () => {
    process.stdin.destroy()
    client.end()
  })
  process.stdin.pipe(stream)
  stream.pipe(process.stdout)
  stream.stderr.pipe(process.stderr)
}
