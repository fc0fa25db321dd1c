import { execFileSync } from 'node:child_process'
import { readFileSync, writeFileSync } from 'node:fs'
import { expect } from 'expect'
import type { ServerUnderTest } from '../../servers/server-under-test'
import { digestOfFile, makeFile } from './files-to-send'
import { hostKeyFingerprint } from './host-key-fingerprint'
import { runTool, succeed, toolBoundMs } from './run-tool'
import { expectSameBytes } from '../same-bytes'
import { scenario, type Scenario, type ScenarioContext } from '../scenario'

/** `curl`, whose SSH is that of libssh2 on most systems. */
export const curlScenarios: readonly Scenario[] = [
  ...(['sftp', 'scp'] as const).map((scheme) =>
    scenario(
      `carries ${scheme}:// of curl both ways`,
      [3, 9, 10],
      (context) => transfer(context, scheme),
      proves(`${scheme}:// both ways`, scheme),
    ),
  ),
  scenario(
    'takes an sftp:// of curl up where it was cut short',
    [3, 9],
    resume,
    proves('sftp:// with --continue-at', 'sftp'),
  ),
]

async function transfer(context: ScenarioContext, scheme: string): Promise<void> {
  const { server, folder } = context
  const { local, remote, back } = makeFile(folder.path)
  const url = `${scheme}://${server.host}:${server.port}`
  await succeed(context, 'curl', [...curlOptions(server), '-T', local, `${url}${remote}`])
  await succeed(context, 'curl', [...curlOptions(server), '-o', back, `${url}${remote}`])
  expect(digestOfFile(remote)).toBe(digestOfFile(local))
  expect(digestOfFile(back)).toBe(digestOfFile(local))
  const missing = `${url}${folder.file('missing')}`
  const failed = await runTool(context, 'curl', [...curlOptions(server), '-o', back, missing])
  expect(failed.code).toBe(remoteFileNotFound)
}

/** Exit code of curl. */
const remoteFileNotFound = 78

async function resume(context: ScenarioContext): Promise<void> {
  const { server, folder } = context
  const { local, back } = makeFile(folder.path)
  const part = Buffer.alloc(1_000_000)
  writeFileSync(back, part)
  const url = `sftp://${server.host}:${server.port}${local}`
  await succeed(context, 'curl', [...curlOptions(server), '-C', '-', '-o', back, url])
  const resumed = Buffer.concat([part, readFileSync(local).subarray(part.length)])
  expectSameBytes(readFileSync(back), resumed)
}

function curlOptions(server: ServerUnderTest): readonly string[] {
  return [
    ...['-q', '--silent', '--show-error', '--user', `${server.user}:`],
    ...['--key', server.clientKeyFile, '--pubkey', `${server.clientKeyFile}.pub`],
    ...['--hostpubsha256', hostKeyFingerprint(server)],
  ]
}

function proves(capability: string, scheme: string): Partial<Scenario> {
  return {
    programs: ['curl'],
    unless: () => missingProtocol(scheme),
    boundMs: toolBoundMs,
    peer: { name: 'curl', capability },
  }
}

function missingProtocol(scheme: string): string | undefined {
  const protocols = execFileSync('curl', ['-q', '--version'], { encoding: 'utf8' })
  if (new RegExp(`^Protocols:.* ${scheme}\\b`, 'm').test(protocols)) return undefined
  return `this curl knows no ${scheme}: install one that was built with libssh2`
}
