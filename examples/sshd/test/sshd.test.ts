import { afterAll, beforeAll, describe, expect, it } from '@jest/globals'
import { killPrinted } from '@hawse/conformance'
import { execFileSync, spawn } from 'node:child_process'
import { once } from 'node:events'
import { readFileSync, writeFileSync } from 'node:fs'
import { connect } from 'node:net'
import { homedir, userInfo } from 'node:os'
import { join } from 'node:path'
import { randomBytes } from 'node:crypto'
import { outputWith, runLine, startExample, type ExampleServer } from './example-server'
import { temporaryFolder, writeFile } from './temporary-folder'

const folder = temporaryFolder()
let server: ExampleServer

beforeAll(async () => {
  server = await startExample(folder, [], { SERVER_SECRET: 'not for sessions', LC_TIME: 'server' })
})

afterAll(async () => {
  server.kill('SIGTERM')
  expect(await server.ended).toBe(0)
})

describe('the printed line', () => {
  it('names a free port on loopback and files beside the keys', () => {
    expect(server.address).toMatch(/^127\.0\.0\.1:[1-9]\d*$/)
    expect(server.line).toContain(`-i ${folder}/hawse/client_ed25519 `)
    expect(server.line).toContain(`UserKnownHostsFile=${folder}/hawse/known_hosts `)
  })

  it('logs in without a question and runs a command: output, errors, exit code', async () => {
    const run = await runLine(`${server.line} 'echo out; echo err >&2; exit 3'`)
    expect(run).toEqual({ code: 3, stdout: 'out\n', stderr: 'err\n' })
  })

  it('passes input through and its end on', async () => {
    const run = await runLine(`${server.line} sort`, 'b\na\n')
    expect(run).toEqual({ code: 0, stdout: 'a\nb\n', stderr: '' })
  })

  it('gives a login shell without a command, in the home folder', async () => {
    const run = await runLine(`${server.line} -T`, 'echo "$0"; pwd; exit 4\n')
    expect(run.code).toBe(4)
    expect(run.stdout.split('\n').slice(-3)).toEqual([`-${shellName()}`, homedir(), ''])
  })

  it('gives a terminal of the kind and modes asked for', async () => {
    const command = 'tty; echo $SSH_TTY $TERM; stty -a'
    const run = await runLine(`TERM=vt100 ${server.line} -tt '${command}'`)
    const [terminal = '', variables, modes] = run.stdout.split('\r\n')
    expect(run.code).toBe(0)
    expect(terminal).toMatch(/^\/dev\/(pts\/|tty)/)
    expect(variables).toBe(`${terminal} vt100`)
    expect(modes).toContain('speed')
  })

  it('serves files to sftp', async () => {
    const source = join(folder, 'source')
    const target = join(folder, 'target')
    writeFileSync(source, randomBytes(300_000))
    const batch = writeFile(folder, 'batch', `get ${source} ${target}\n`)
    const sftp = server.line.replace(/^ssh -p/, `sftp -b ${batch} -P`)
    expect(await runLine(sftp)).toMatchObject({ code: 0 })
    expect(readFileSync(target).equals(readFileSync(source))).toBe(true)
  })

  it('refuses a subsystem it does not have, and the client always shows why', async () => {
    for (let round = 0; round < 10; round += 1) {
      const run = await runLine(`${server.line} -s nonesuch`)
      expect(run.code).toBe(255)
      expect(run.stderr).toContain('no subsystem "nonesuch" here')
      expect(run.stderr).toContain('subsystem request failed')
    }
  })

  it('ends a program that nobody reads any more', async () => {
    expect(await runLine(`${server.line} yes | head -1`)).toMatchObject({ code: 0, stdout: 'y\n' })
  })

  it('passes commands that are not UTF-8 on byte by byte', async () => {
    const run = await runLine(`${server.line} "$(printf 'printf \\351 | od -An -tx1')"`)
    expect(run).toEqual({ code: 0, stdout: ' e9\n', stderr: '' })
  })
})

describe('the environment of a session', () => {
  async function environment(options: string, env: NodeJS.ProcessEnv): Promise<string[]> {
    const run = await runLine(`${server.line} ${options} env`, '', env)
    return run.stdout.split('\n')
  }

  it('is what sshd sets, with the locale of the client and nothing of the server', async () => {
    const variables = await environment('-o SendEnv=LC_TIME -o SendEnv=OTHER', {
      LC_TIME: 'client',
      OTHER: 'refused',
    })
    const { username } = userInfo()
    const [, port] = server.address.split(':')
    expect(variables).toEqual(
      expect.arrayContaining([
        `USER=${username}`,
        `LOGNAME=${username}`,
        `HOME=${homedir()}`,
        'LC_TIME=client',
        expect.stringMatching(
          new RegExp(`^SSH_CONNECTION=127\\.0\\.0\\.1 \\d+ 127\\.0\\.0\\.1 ${port}$`),
        ),
      ]),
    )
    expect(
      variables.filter((line) => /^(SERVER_SECRET|OTHER|XDG_STATE_HOME|TERM)=/.test(line)),
    ).toEqual([])
  })
})

describe('who is let in', () => {
  const stranger = join(folder, 'stranger')

  beforeAll(() => {
    execFileSync('ssh-keygen', ['-q', '-t', 'ed25519', '-N', '', '-f', stranger])
  })

  it('refuses an unknown key, and offers no other way', async () => {
    const line = server.line.replace(/-i \S+/, `-i ${stranger}`)
    const run = await runLine(`${line} echo in`)
    expect(run.code).toBe(255)
    expect(run.stdout).toBe('')
    expect(run.stderr).toContain('Permission denied (publickey)')
  })

  it('refuses other users, also with the right key', async () => {
    const line = server.line.replace(/\S+@/, 'somebody-else@')
    expect(await runLine(`${line} echo in`)).toMatchObject({ code: 255, stdout: '' })
  })

  it('lets in the keys of --authorized-keys instead, as long as they are there', async () => {
    const file = writeFile(folder, 'authorized', `# me\n${readFileSync(`${stranger}.pub`, 'utf8')}`)
    const other = await startExample(folder, ['--authorized-keys', file])
    const asStranger = `${other.line} -o IdentitiesOnly=yes -i ${stranger} echo in`
    const asOwner = `${other.line} -o IdentitiesOnly=yes -i ${folder}/hawse/client_ed25519 echo in`
    expect(other.line).not.toContain(' -i ')
    expect(await runLine(asStranger)).toMatchObject({ code: 0, stdout: 'in\n' })
    expect(await runLine(asOwner)).toMatchObject({ code: 255, stdout: '' })
    writeFileSync(file, '')
    expect(await runLine(asStranger)).toMatchObject({ code: 255, stdout: '' })
    other.kill('SIGTERM')
    expect(await other.ended).toBe(0)
  })

  it('lives on after clients that speak no SSH, or stop in the middle', async () => {
    const [host, port] = server.address.split(':')
    for (const text of ['GET / HTTP/1.1\r\n\r\n', 'SSH-2.0-x\r\n\0\0\0\0', '']) {
      const socket = connect(Number(port), host)
      socket.on('error', () => undefined)
      socket.on('data', () => undefined)
      socket.end(text)
      await once(socket, 'close')
    }
    expect(await runLine(`${server.line} echo alive`)).toMatchObject({ code: 0, stdout: 'alive\n' })
  })
})

describe('--force-command', () => {
  it('runs for everything asked, and tells what that was', async () => {
    const command = 'echo "forced: $SSH_ORIGINAL_COMMAND"'
    const other = await startExample(folder, ['--force-command', command])
    expect((await runLine(`${other.line} rm x`)).stdout).toBe('forced: rm x\n')
    expect((await runLine(`${other.line} -T`, 'ignored')).stdout).toBe('forced: \n')
    expect((await runLine(`${other.line} -s sftp`)).stdout).toMatch(/^forced: .*sftp-server\n$/)
    other.kill('SIGTERM')
    expect(await other.ended).toBe(0)
  })
})

describe('SIGTERM', () => {
  it('ends the sessions and then the server, with code 0', async () => {
    const other = await startExample(folder)
    const client = spawn('/bin/sh', ['-c', `${other.line} 'echo $$; exec sleep 1000'`])
    const pid = Number(await outputWith(client, '\n'))
    const clientEnded = once(client, 'close')
    other.kill('SIGTERM')
    expect(await other.ended).toBe(0)
    await clientEnded
    expect(() => process.kill(pid, 0)).toThrow('ESRCH')
  })

  it('ends the server at once when it comes twice, whatever the sessions do', async () => {
    const other = await startExample(folder)
    const stubborn = `trap "" HUP TERM; echo $$; while :; do sleep 1000; done`
    const client = spawn('/bin/sh', ['-c', `${other.line} '${stubborn}'`])
    const group = await outputWith(client, '\n')
    const clientEnded = once(client, 'close')
    other.kill('SIGINT')
    other.kill('SIGTERM')
    expect([130, 143]).toContain(await other.ended)
    await clientEnded
    killPrinted(`-${group}`)
  })
})

function shellName(): string {
  return (userInfo().shell ?? '/bin/sh').split('/').pop() ?? ''
}
