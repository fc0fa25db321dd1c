import { describe, expect, it } from '@jest/globals'
import { chmodSync } from 'node:fs'
import { runExample, runLine, startExample } from './example-server'
import { temporaryFolder, writeFile } from './temporary-folder'

const folder = temporaryFolder()

describe('starting the example', () => {
  it('prints its options with --help', async () => {
    const run = await runExample(folder, ['--help'])
    expect(run).toMatchObject({ code: 0, stderr: '' })
    expect(run.stdout).toContain('--on-disconnect POLICY')
  })

  it.each([
    [['--prot'], '--help'],
    [['--listen', 'nowhere'], 'HOST:PORT'],
    [['--shell', 'zsh'], 'absolute path'],
  ])('answers %j with one line that says what to do, and code 2', async (args, advice) => {
    const run = await runExample(folder, args)
    expect(run).toMatchObject({ code: 2, stdout: '' })
    expect(run.stderr).toMatch(/^sshd: [^\n]+\n$/)
    expect(run.stderr).toContain(advice)
  })

  it('answers a port in use with one line, and code 1', async () => {
    const first = await startExample(folder)
    const run = await runExample(folder, ['--listen', first.address])
    expect(run).toMatchObject({ code: 1, stdout: '' })
    expect(run.stderr).toBe(
      `sshd: cannot listen on ${first.address}: another program listens there; choose another port, or 0 for any free one\n`,
    )
    first.kill('SIGTERM')
    expect(await first.ended).toBe(0)
  })

  it('does not start with an authorized keys file that others can write to', async () => {
    const file = writeFile(folder, 'keys', '')
    chmodSync(file, 0o666)
    const run = await runExample(folder, ['--listen', '127.0.0.1:0', '--authorized-keys', file])
    expect(run).toMatchObject({ code: 1, stdout: '' })
    expect(run.stderr).toBe(
      `sshd: ${file} is not used because it is writable by others; to mend that: chmod go-w ${file}\n`,
    )
  })

  it('tells of lines in an authorized keys file that let nobody in', async () => {
    const file = writeFile(folder, 'options', 'cert-authority ssh-ed25519 AAAAC3Nza\n')
    const server = await startExample(folder, ['--authorized-keys', file])
    expect(server.log()).toContain(
      `${file}:1 lets nobody in: the option cert-authority is not understood`,
    )
    server.kill('SIGTERM')
    expect(await server.ended).toBe(0)
  })

  it('keeps its keys in a folder of any name, and lets the line be pasted all the same', async () => {
    const server = await startExample(`${folder}/it's a "50%" folder`)
    expect(await runLine(`${server.line} echo in`)).toEqual({ code: 0, stdout: 'in\n', stderr: '' })
    server.kill('SIGINT')
    expect(await server.ended).toBe(0)
  })

  it('serves IPv6, and a line for it', async () => {
    const server = await startExample(folder, ['--listen', '[::1]:0'])
    expect(server.address).toMatch(/^\[::1\]:\d+$/)
    expect(await runLine(`${server.line} echo in`)).toMatchObject({ code: 0, stdout: 'in\n' })
    server.kill('SIGTERM')
    expect(await server.ended).toBe(0)
  })
})
