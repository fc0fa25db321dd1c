import { expect, it } from '@jest/globals'
import { readFileSync, statSync } from 'node:fs'
import { join } from 'node:path'
import { runLine, startExample } from './example-server'
import { temporaryFolder } from './temporary-folder'

const stateHome = temporaryFolder()

it('keeps private keys to their files, which nobody else can read, and says nothing of them', async () => {
  const server = await startExample(stateHome)
  const { code } = await runLine(`${server.line} true`)
  expect(code).toBe(0)
  server.kill('SIGTERM')
  await server.ended
  const said = `${server.address}\n${server.line}\n${server.log()}`
  expect(said).toContain('SHA256:')
  for (const name of ['host_ed25519', 'client_ed25519']) {
    const file = join(stateHome, 'hawse', name)
    expect(statSync(file).mode & 0o777).toBe(0o600)
    const secretLines = readFileSync(file, 'utf8').split('\n').slice(1, -2)
    expect(secretLines.length).toBeGreaterThan(2)
    for (const line of secretLines) expect(said).not.toContain(line)
  }
})
