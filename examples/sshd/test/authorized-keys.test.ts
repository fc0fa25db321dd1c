import { describe, expect, it } from '@jest/globals'
import { execFileSync } from 'node:child_process'
import { chmodSync, chownSync, mkdirSync, readFileSync, symlinkSync } from 'node:fs'
import { join } from 'node:path'
import { parseAuthorizedKeys, readAuthorizedKeys } from '../src/authorized-keys'
import { temporaryFolder, writeFile } from './temporary-folder'

const folder = temporaryFolder()
const owner = { uid: process.getuid?.() ?? 0, home: folder }
const isRoot = owner.uid === 0

const publicLines = new Map(
  [
    ['ed25519', '256'],
    ['rsa', '2048'],
    ['ecdsa', '256'],
    ['ecdsa', '384'],
    ['ecdsa', '521'],
  ].map(([type = '', bits = '']) => [`${type}${bits}`, makePublicLine(type, bits)] as const),
)
const ed25519Line = publicLines.get('ed25519256') ?? ''

describe('parseAuthorizedKeys', () => {
  it('takes keys of every type that ssh-keygen makes', () => {
    const { keys, warnings } = parseAuthorizedKeys([...publicLines.values()].join('\n'), 'file')
    const blobs = [...publicLines.values()].map((line) => line.split(' ')[1])
    expect(keys.map(({ key }) => key.getPublicSSH().toString('base64'))).toEqual(blobs)
    expect(warnings).toEqual([])
  })

  it('skips comments and blank lines, and minds neither indents, tabs nor line ends of other systems', () => {
    const tabbed = ed25519Line.replace(' ', '\t')
    const text = `# ${ed25519Line}\n\n   \r\n  ${ed25519Line}\r\n${tabbed}`
    const { keys, warnings } = parseAuthorizedKeys(text, 'file')
    expect(keys).toHaveLength(2)
    expect(warnings).toEqual([])
  })

  it('reads the options before a key', () => {
    const line = `restrict,command="echo \\"a  b\\"" ${ed25519Line}`
    expect(parseAuthorizedKeys(line, 'file')).toMatchObject({
      keys: [{ options: { forceCommand: 'echo "a  b"', permitsTerminal: false } }],
      warnings: [],
    })
  })

  it.each([
    ['command="echo \\"hi\\" there",quiet', 'the option quiet is not understood'],
    ['principals="a"', 'the option principals= is not understood'],
    ['cert-authority', 'the option cert-authority is not understood'],
    ['garbage=', 'its options are malformed'],
    ['command="secret', 'a quote in its options is not closed'],
    ['command="secret\\"', 'a quote in its options is not closed'],
  ])('lets nobody in by a key after %s, and shows nothing of its values', (prefix, warning) => {
    const { keys, warnings } = parseAuthorizedKeys(`\n${prefix} ${ed25519Line}`, '/a/file')
    expect(keys).toEqual([])
    expect(warnings).toEqual([expect.stringContaining(`/a/file:2 lets nobody in: ${warning}`)])
    expect(warnings[0]).not.toMatch(/secret|echo|AAAA/)
  })

  it.each([
    ['hello world', 'not a public key'],
    ['ssh-dss AAAAB3NzaC1kc3M=', 'type ssh-dss are not taken'],
    ['sk-ssh-ed25519@openssh.com AAAAGnNr', 'type sk-ssh-ed25519@openssh.com are not taken'],
    ['restrict', 'not a public key'],
    ['restrict ssh-dss AAAAB3NzaC1kc3M=', 'type ssh-dss are not taken'],
    ['restrict ssh-ed25519 AAAA', 'not a complete ssh-ed25519 key'],
    ['ssh-ed25519', 'not a complete ssh-ed25519 key'],
    ['ssh-ed25519 AAAA', 'not a complete ssh-ed25519 key'],
    [ed25519Line.slice(0, 50), 'not a complete ssh-ed25519 key'],
    [ed25519Line.replace('ssh-ed25519', 'ssh-rsa'), 'not a complete ssh-rsa key'],
  ])('warns of %j by file and line, and lets nobody in by it', (line, warning) => {
    const { keys, warnings } = parseAuthorizedKeys(line, 'file')
    expect(keys).toEqual([])
    expect(warnings).toEqual([expect.stringContaining(warning)])
    expect(warnings[0]).toMatch(/^file:1 lets nobody in: [^\n]*$/)
  })
})

describe('readAuthorizedKeys', () => {
  it('reads a file that only its owner can write to', () => {
    const file = writeFile(folder, 'good', ed25519Line)
    expect(readAuthorizedKeys(file, owner).keys).toHaveLength(1)
  })

  it.each([0o620, 0o602])('refuses a file of mode 0%o and says how to mend it', (mode) => {
    const file = writeFile(folder, `mode-${mode}`, ed25519Line)
    chmodSync(file, mode)
    expect(() => readAuthorizedKeys(file, owner)).toThrow(`chmod go-w ${file}`)
  })

  it('refuses a file in a folder that others can write to, also through a link', () => {
    const open = join(folder, 'open')
    mkdirSync(open)
    const file = writeFile(open, 'keys', ed25519Line)
    const link = join(folder, 'link')
    symlinkSync(file, link)
    chmodSync(open, 0o777)
    expect(() => readAuthorizedKeys(link, owner)).toThrow(`chmod go-w ${open}`)
    chmodSync(open, 0o1777)
    expect(readAuthorizedKeys(link, owner).keys).toHaveLength(1)
  })

  it('refuses a file that is not there, and a folder', () => {
    expect(() => readAuthorizedKeys(join(folder, 'none'), owner)).toThrow('cannot be read')
    expect(() => readAuthorizedKeys(folder, owner)).toThrow('cannot be read')
  })

  const itAsRoot = isRoot ? it : it.skip
  itAsRoot("refuses a file of another account, and one in another account's folder", () => {
    const theirs = join(folder, 'theirs')
    mkdirSync(theirs)
    const file = writeFile(theirs, 'keys', ed25519Line)
    chownSync(file, 65_534, 65_534)
    expect(() => readAuthorizedKeys(file, owner)).toThrow('belongs to uid 65534')
    chownSync(file, 0, 0)
    chownSync(theirs, 65_534, 65_534)
    expect(() => readAuthorizedKeys(file, owner)).toThrow('belongs to uid 65534')
  })
})

function makePublicLine(type: string, bits: string): string {
  const file = join(folder, `${type}${bits}`)
  execFileSync('ssh-keygen', ['-q', '-t', type, '-b', bits, '-N', '', '-C', 'me@here', '-f', file])
  return readFileSync(`${file}.pub`, 'utf8').trim()
}
