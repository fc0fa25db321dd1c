import { readFileSync } from 'node:fs'
import { dirname, join } from 'node:path'
import { describe, expect, it } from '@jest/globals'
import { waitUntil } from '@hawse/port-conformance'
import { debianPackageOf, findProgram, missingPeerReason } from '../src/peers/missing-peer'
import { scenarioTable } from '../src/scenarios/scenario-table'
import { toolVersion } from '../src/peers/tool-versions'
import { readDigest, readSlowly } from '../src/servers/output-reader'
import { runClient } from '../src/servers/run-client'

describe('missing peers', () => {
  it('finds a program on PATH', () => {
    expect(findProgram('sh')).toMatch(/^\/.*\/sh$/)
    expect(missingPeerReason(['sh'])).toBeUndefined()
  })

  it('names the missing programs and what to install', () => {
    expect(missingPeerReason(['sh', 'no-such-program'])).toBe(
      'no-such-program not found: install the Debian package no-such-program',
    )
  })

  it('are all installed by the check of a clone', () => {
    const script = readFileSync(join(dirname(__filename), '..', '..', '..', '.ci', 'run'), 'utf8')
    const installed = /^peers=\(([^)]*)\)/m.exec(script)?.[1]?.trim().split(/\s+/) ?? []
    const needed = scenarioTable.flatMap(({ programs }) => programs).map(debianPackageOf)
    expect(needed.filter((name) => !installed.includes(name))).toEqual([])
  })
})

describe('versions of tools', () => {
  it.each(['git', 'tar', 'curl', 'sftp', 'tmux'])('%s tells its own', (name) => {
    if (findProgram(name) === undefined) expect(toolVersion(name)).toBeUndefined()
    else expect(toolVersion(name)).toMatch(/\d+\.\d+\S*$/)
  })

  it('is undefined for what is not installed', () => {
    expect(toolVersion('no-such-program')).toBeUndefined()
  })
})

describe('waiting for a condition', () => {
  it('ends when the condition holds', async () => {
    let askedCount = 0
    await waitUntil(
      () => (askedCount += 1) > 3,
      () => 'the fourth time',
    )
    expect(askedCount).toBe(4)
  })

  it('throws what was waited for when the condition does not hold within the bound', async () => {
    const wait = waitUntil(
      () => false,
      () => 'a miracle was expected',
      20,
    )
    await expect(wait).rejects.toThrow('not within 20 ms: a miracle was expected')
  })
})

describe('running a client', () => {
  it('gives the exit code and every byte of both outputs', async () => {
    const result = await runClient('sh', ['-c', 'cat; echo err >&2; exit 3'], { input: 'in' })
    expect(result).toMatchObject({ code: 3, signal: null })
    expect(result.stdout.toString()).toBe('in')
    expect(result.stderr.toString()).toBe('err\n')
  })

  it('gives the signal that ended it', async () => {
    const result = await runClient('sh', ['-c', 'kill -KILL $$'])
    expect(result).toMatchObject({ code: null, signal: 'SIGKILL' })
  })

  it('reads slowly or by digest without losing a byte', async () => {
    const script = ['-c', 'seq 1 50000; seq 1 50000 >&2']
    const slow = await runClient('sh', script, { stdoutReader: readSlowly(1) })
    const digests = await runClient('sh', script, {
      stdoutReader: readDigest,
      stderrReader: readDigest,
    })
    expect(slow.stdout.equals(slow.stderr)).toBe(true)
    expect(digests.stdout.toString()).toMatch(/^[0-9a-f]{64}$/)
    expect(digests.stdout.equals(digests.stderr)).toBe(true)
  })

  it('kills a client that takes too long, and says what it had said', async () => {
    const run = runClient('sh', ['-c', 'echo begun; exec sleep 600'], { timeoutMs: 300 })
    await expect(run).rejects.toThrow(/sh did not end within 300 ms: .*begun/)
  })

  it('lets a client leave its input unread', async () => {
    const input = Buffer.alloc(4_000_000)
    const result = await runClient('sh', ['-c', 'exit 4'], { input })
    expect(result.code).toBe(4)
  })
})
