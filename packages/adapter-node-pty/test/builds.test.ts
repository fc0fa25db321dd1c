import { spawnSync } from 'node:child_process'
import { cpSync, mkdirSync, mkdtempSync, realpathSync, rmSync, symlinkSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { dirname, join } from 'node:path'
import { afterEach, beforeEach, describe, expect, it } from '@jest/globals'

const packageDirectory = dirname(__dirname)
const program = `
const size = { columns: 80, rows: 24, widthPixels: 0, heightPixels: 0 }
const port = ptyProcess(['echo', 'hi'], { pty: { term: '', size, modes: new Map() }, env: {} })
port.event$.subscribe((event) => {
  if (event.type === 'process.output') console.log(Buffer.from(event.bytes).toString().trim())
  if (event.type === 'process.startFailed') console.log(event.message)
})
port.perform({ type: 'process.start' })`
const sources = {
  module: `import { ptyProcess } from '@hawse/adapter-node-pty'\n${program}`,
  commonjs: `const { ptyProcess } = require('@hawse/adapter-node-pty')\n${program}`,
}

describe.each(['module', 'commonjs'] as const)('the built package as %s', (format) => {
  let directory: string
  beforeEach(() => {
    directory = realpathSync(mkdtempSync(join(tmpdir(), 'package-')))
    const modules = join(directory, 'node_modules')
    mkdirSync(join(modules, '@hawse', 'adapter-node-pty'), { recursive: true })
    for (const name of ['dist', 'package.json']) {
      const copy = join(modules, '@hawse', 'adapter-node-pty', name)
      cpSync(join(packageDirectory, name), copy, { recursive: true })
    }
    install('@hawse/core')
    install('rxjs')
  })
  afterEach(() => rmSync(directory, { recursive: true }))

  function install(name: string): void {
    const target = realpathSync(join(packageDirectory, 'node_modules', name))
    const link = join(directory, 'node_modules', name)
    mkdirSync(dirname(link), { recursive: true })
    symlinkSync(target, link)
  }

  function run(): string {
    const options = { cwd: directory, encoding: 'utf8' } as const
    const words = [`--input-type=${format}`, '-e', sources[format]]
    const { stdout, stderr } = spawnSync(process.execPath, words, options)
    expect(stderr).toBe('')
    return stdout.trim()
  }

  it('loads node-pty when a program starts', () => {
    install('@lydell/node-pty')
    expect(run()).toBe('hi')
  })

  it('imports without node-pty, and says at the start what to install', () => {
    expect(run()).toMatch(/no node-pty could be loaded .* install node-pty or @lydell\/node-pty/)
  })
})
