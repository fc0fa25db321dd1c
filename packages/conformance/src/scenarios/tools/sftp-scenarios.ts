import { existsSync, readFileSync, readdirSync, writeFileSync } from 'node:fs'
import { expect } from 'expect'
import type { ClientResult } from '../../servers/run-client'
import { clientOptions } from '../../servers/server-under-test'
import { digestOfFile, fileByteCount, makeFile, modeOf } from './files-to-send'
import { runTool, toolBoundMs } from './run-tool'
import { expectSameBytes } from '../same-bytes'
import { scenario, type Scenario, type ScenarioContext } from '../scenario'

/** What people do with `sftp` in batches. */
export const sftpScenarios: readonly Scenario[] = [
  scenario('carries sftp both ways', [3, 9, 10], transfer, proves('put and get')),
  scenario(
    'keeps house with sftp',
    [3, 9, 10],
    keepHouse,
    proves('mkdir, rename, chmod, ls, df, rm and rmdir'),
  ),
  scenario(
    'takes sftp transfers up where they were cut short',
    [3, 9, 10],
    resume,
    proves('reget and reput'),
  ),
  scenario(
    'ends an sftp batch at its first error',
    [3, 20],
    stopAtError,
    proves('batch errors and exit codes'),
  ),
]

async function transfer(context: ScenarioContext): Promise<void> {
  const { local, remote, back } = makeFile(context.folder.path)
  const { code } = await batch(context, [`put ${local} ${remote}`, `get ${remote} ${back}`])
  expect(code).toBe(0)
  expect(digestOfFile(remote)).toBe(digestOfFile(local))
  expect(digestOfFile(back)).toBe(digestOfFile(local))
}

async function keepHouse(context: ScenarioContext): Promise<void> {
  const { local } = makeFile(context.folder.path, 5000)
  const place = context.folder.file('place')
  const { code, stdout } = await batch(context, [
    `mkdir ${place}`,
    `mkdir ${place}/empty`,
    `put ${local} ${place}/old-name`,
    `put ${local} ${place}/unwanted`,
    `rename ${place}/old-name ${place}/new-name`,
    `chmod 640 ${place}/new-name`,
    `ls -l ${place}`,
    `df -h ${place}`,
    `rm ${place}/unwanted`,
    `rmdir ${place}/empty`,
  ])
  expect(code).toBe(0)
  expect(stdout.toString()).toMatch(/^-rw-r-----.* 5000 .*new-name\r?$/m)
  expect(stdout.toString()).toMatch(/Size +Used +Avail/)
  expect(readdirSync(place)).toEqual(['new-name'])
  expect(modeOf(`${place}/new-name`)).toBe('640')
  expect(digestOfFile(`${place}/new-name`)).toBe(digestOfFile(local))
}

/** The part that is there already differs from the original: that it stays so shows that the rest alone was sent. */
async function resume(context: ScenarioContext): Promise<void> {
  const { local, remote, back } = makeFile(context.folder.path)
  const part = Buffer.alloc(fileByteCount / 4)
  writeFileSync(back, part)
  expect((await batch(context, [`put ${local} ${remote}`])).code).toBe(0)
  expect((await batch(context, [`reget ${remote} ${back}`])).code).toBe(0)
  const resumed = Buffer.concat([part, readFileSync(local).subarray(part.length)])
  expectSameBytes(readFileSync(back), resumed)
  const partial = `${remote}-partial`
  const { code } = await batch(context, [`put ${local} ${partial}`, `chmod 666 ${partial}`])
  expect(code).toBe(0)
  writeFileSync(partial, part)
  expect((await batch(context, [`reput ${local} ${partial}`])).code).toBe(0)
  expectSameBytes(readFileSync(partial), resumed)
}

async function stopAtError(context: ScenarioContext): Promise<void> {
  const { local, remote, back } = makeFile(context.folder.path, 5000)
  const missing = context.folder.file('missing')
  const stopped = await batch(context, [`get ${missing} ${back}`, `put ${local} ${remote}`])
  expect(stopped.code).toBe(1)
  expect(stopped.stderr.toString()).toContain(`File "${missing}" not found.`)
  expect(existsSync(remote)).toBe(false)
  const goneOn = await batch(context, [`-get ${missing} ${back}`, `put ${local} ${remote}`])
  expect(goneOn.code).toBe(0)
  expect(digestOfFile(remote)).toBe(digestOfFile(local))
}

function batch(context: ScenarioContext, commands: readonly string[]): Promise<ClientResult> {
  const { server } = context
  const input = `${[...commands, 'bye'].join('\n')}\n`
  return runTool(context, 'sftp', ['-b', '-', ...clientOptions(server), server.host], { input })
}

function proves(capability: string): Partial<Scenario> {
  return { programs: ['sftp'], boundMs: toolBoundMs, peer: { name: 'sftp', capability } }
}
