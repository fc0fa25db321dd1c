import { chmodSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { describe, expect, it } from '@jest/globals'
import { makeTemporaryFolder, readmeConfiguration } from '@hawse/conformance'
import { parseConfig, readConfig } from '../src/config'

describe('the configuration', () => {
  it('of the README is read as the README says', () => {
    const config = parseConfig(textOfReadme(), '/etc/gateway/gateway.json')
    expect(config).toMatchObject({
      listen: { host: '0.0.0.0', port: 2223 },
      hostKeyFile: '/etc/gateway/host_ed25519',
      recordingsFolder: '/etc/gateway/recordings',
    })
    expect(config.users.get('ann')).toMatchObject({ name: 'ann', hosts: ['*'], isAdmin: false })
    expect(config.users.get('bob')?.hosts).toEqual(['web2'])
    expect(config.users.get('admin')).toMatchObject({ hosts: [], isAdmin: true })
    expect(config.users.get('ann')?.keys).toHaveLength(1)
    const web1 = { name: 'web1', address: '10.0.0.1', port: 22, user: 'deploy' }
    expect(config.hosts.get('web1')).toEqual(web1)
    expect(config.hosts.get('web2')?.port).toBe(2200)
  })

  it.each<readonly [string, (config: Written) => void, string]>([
    ['a port that is none', ({ hosts }) => (hosts['web1']!['port'] = 70_000), 'hosts.web1.port: '],
    ['a setting that it does not know', ({ users }) => (users['ann']!['host'] = []), '"host"'],
    [
      'an isAdmin that is neither true nor false',
      ({ users }) => (users['ann']!['isAdmin'] = 'no'),
      'users.ann.isAdmin: ',
    ],
    [
      'a key that is cut short',
      ({ users }) => (users['bob']!['keys'] = ['ssh-ed25519 AAAAC3... bob@desk']),
      'users.bob.keys.0: it is not a complete ssh-ed25519 key',
    ],
    [
      'a host that there is not',
      ({ users }) => (users['bob']!['hosts'] = ['web2', 'web9']),
      'users.bob.hosts.1: there is no host web9',
    ],
    [
      'a name that is no part of a file name',
      ({ hosts }) => (hosts['../x'] = hosts['web1']!),
      'hosts.../x: expected letters, digits',
    ],
  ])('with %s is refused, with its place', (_, spoil, words) => {
    const written = JSON.parse(textOfReadme()) as Written
    spoil(written)
    const read = (): unknown => parseConfig(JSON.stringify(written), '/etc/gateway.json')
    expect(read).toThrow(words)
    expect(read).toThrow(/^\/etc\/gateway\.json: /)
  })

  it('that is not JSON is refused', () => {
    expect(() => parseConfig('{', 'gateway.json')).toThrow(/^gateway\.json is not JSON/)
  })

  it('that others can write to is refused', async () => {
    const folder = await makeTemporaryFolder()
    const file = folder.file('gateway.json')
    writeFileSync(file, textOfReadme())
    chmodSync(file, 0o666)
    expect(() => readConfig(file)).toThrow(`chmod go-w ${file}`)
    await folder.remove()
  })
})

interface Written {
  readonly users: Record<string, Record<string, unknown>>
  readonly hosts: Record<string, Record<string, unknown>>
}

function textOfReadme(): string {
  return readmeConfiguration(join(__dirname, '../README.md'))
}
