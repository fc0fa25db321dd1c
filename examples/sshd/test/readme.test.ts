import { execFile, spawn, type ChildProcess } from 'node:child_process'
import { mkdtemp, readFile, rm, writeFile } from 'node:fs/promises'
import { connect } from 'node:net'
import { join } from 'node:path'
import { promisify } from 'node:util'
import { afterAll, beforeAll, describe, expect, it } from '@jest/globals'

const run = promisify(execFile)
const exampleFolder = join(__dirname, '..')

/** What the reader of the README brings: here everybody with a key is let in, on loopback, for a moment. */
const authenticate = `
export function authenticate(attempt) {
  if (attempt.method === 'publickey') attempt.accept()
  else attempt.reject(['publickey'])
}
`

describe('the server in the README', () => {
  let folder: string
  let server: ChildProcess

  beforeAll(async () => {
    // Inside the example, so that the packages resolve by their public names.
    folder = await mkdtemp(join(exampleFolder, '.readme-'))
    const port = await freePort()
    const code = (await codeOfReadme()).replace('2222', String(port))
    await writeFile(join(folder, 'server.mjs'), code)
    await writeFile(join(folder, 'authenticate.mjs'), authenticate)
    await run('ssh-keygen', ['-q', '-t', 'ed25519', '-N', '', '-f', join(folder, 'host_key')])
    await run('ssh-keygen', ['-q', '-t', 'ed25519', '-N', '', '-f', join(folder, 'client_key')])
    await writeFile(join(folder, 'port'), String(port))
    server = spawn(process.execPath, ['server.mjs'], { cwd: folder, stdio: 'inherit' })
    await untilListening(port)
  })

  afterAll(async () => {
    server.kill('SIGKILL')
    await rm(folder, { recursive: true })
  })

  it('runs a command and reports its exit code, as the README shows', async () => {
    const port = await readFile(join(folder, 'port'), 'utf8')
    const options = ['-F', 'none', '-p', port, '-i', join(folder, 'client_key')]
    const quiet = ['-o', 'BatchMode=yes', '-o', 'StrictHostKeyChecking=no', '-o', 'LogLevel=ERROR']
    const known = ['-o', `UserKnownHostsFile=${join(folder, 'known_hosts')}`]
    const call = run('ssh', [...options, ...quiet, ...known, '127.0.0.1', 'echo hi; exit 3'])
    await expect(call).rejects.toMatchObject({ code: 3, stdout: 'hi\n' })
  })
})

/** The code block that follows the comment naming this file. */
async function codeOfReadme(): Promise<string> {
  const readme = await readFile(join(exampleFolder, '../../README.md'), 'utf8')
  const block = /<!-- run by examples\/sshd\/test\/readme.test.ts -->\s*```js\n([\s\S]*?)```/.exec(
    readme,
  )
  if (block?.[1] === undefined) throw new Error('the README has no server that names this test')
  return block[1]
}

async function freePort(): Promise<number> {
  const { createServer } = await import('node:net')
  return new Promise((resolve) => {
    const probe = createServer().listen(0, '127.0.0.1', () => {
      const address = probe.address()
      probe.close(() => resolve(typeof address === 'object' ? (address?.port ?? 0) : 0))
    })
  })
}

/** Tries to connect until the server takes a connection; the test's own limit bounds it. */
async function untilListening(port: number): Promise<void> {
  const isOpen = await new Promise<boolean>((resolve) => {
    const socket = connect(port, '127.0.0.1', () => {
      socket.destroy()
      resolve(true)
    })
    socket.on('error', () => resolve(false))
  })
  if (!isOpen) await untilListening(port)
}
