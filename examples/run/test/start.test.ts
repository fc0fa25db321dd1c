import { runClient } from '@hawse/conformance'
import { describe, expect, it } from '@jest/globals'
import { join } from 'node:path'
import { program } from './hosts-under-test'

describe('starting it as somebody new', () => {
  it('prints its usage, with an example', async () => {
    const { code, stdout } = await runClient(process.execPath, [program])
    expect({ code, hasExample: stdout.includes('hawse-run web1 web2') }).toEqual({
      code: 0,
      hasExample: true,
    })
  })

  it('says in one line what is wrong, with code 2', async () => {
    const { code, stderr } = await runClient(process.execPath, [program, 'web1'])
    expect(code).toBe(2)
    expect(stderr.toString()).toMatch(/^hawse-run: there is no command; [^\n]+\n$/)
  })

  it('has two hosts of its own to try it on, by the start script', async () => {
    const start = join(program, '..', 'start.js')
    const { code, stdout, stderr } = await runClient(process.execPath, [start])
    expect(code).toBe(0)
    expect(stdout.toString().match(/^127\.0\.0\.1:\d+: part three of process \d+$/gm)).toHaveLength(
      2,
    )
    expect(stderr.toString().match(/^127\.0\.0\.1:\d+ +exited +0 /gm)).toHaveLength(2)
  })
})
