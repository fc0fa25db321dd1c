import { generateEd25519Key, parseKey } from '@hawse/example-kit'
import { describe, expect, it } from '@jest/globals'
import { chmodSync, writeFileSync } from 'node:fs'
import { authorizedKeysFrom } from '../src/authorized-key-source'
import { temporaryFolder, writeFile } from './temporary-folder'

const folder = temporaryFolder()
const owner = { uid: process.getuid?.() ?? 0, home: folder }
const key = parseKey(generateEd25519Key(''))
if (key instanceof Error) throw key
const line = `ssh-ed25519 ${key.getPublicSSH().toString('base64')}\n`

describe('authorizedKeysFrom', () => {
  it('gives the keys of all files, as they are at the moment', () => {
    const first = writeFile(folder, 'first', line)
    const second = writeFile(folder, 'second', '')
    const keys = authorizedKeysFrom([first, second], owner, () => undefined)
    expect(keys()).toHaveLength(1)
    writeFileSync(second, line)
    expect(keys()).toHaveLength(2)
    writeFileSync(first, '')
    writeFileSync(second, '')
    expect(keys()).toEqual([])
  })

  it('lets nobody in by a file that others can write to by now, and tells of it once', () => {
    const log: string[] = []
    const file = writeFile(folder, 'opened', line)
    const keys = authorizedKeysFrom([file], owner, (text) => log.push(text))
    chmodSync(file, 0o666)
    expect([keys(), keys()]).toEqual([[], []])
    expect(log).toEqual([expect.stringContaining(`chmod go-w ${file}`)])
  })

  it('tells of a line that lets nobody in at the start, and once', () => {
    const log: string[] = []
    const file = writeFile(folder, 'odd', `odd\n${line}`)
    const keys = authorizedKeysFrom([file], owner, (text) => log.push(text))
    expect(log).toEqual([expect.stringContaining(`${file}:1 lets nobody in`)])
    expect(keys()).toHaveLength(1)
    expect(log).toHaveLength(1)
  })

  it('does not start with a file that is not to be trusted', () => {
    const file = writeFile(folder, 'open', line)
    chmodSync(file, 0o666)
    expect(() => authorizedKeysFrom([file], owner, () => undefined)).toThrow('writable by others')
  })
})
