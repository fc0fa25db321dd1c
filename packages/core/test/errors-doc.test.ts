import { describe, expect, it } from '@jest/globals'
import { readFileSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { errorCodes, type ErrorCode, type Fault } from '../src/errors/error-code'

const path = join(__dirname, '../../../docs/errors.md')

describe('docs/errors.md', () => {
  it('prints the table of error codes; `pnpm run docs:write` renews it', () => {
    const page = errorsPage()
    if (process.env['UPDATE_DOCS'] === '1') writeFileSync(path, page)
    expect(readFileSync(path, 'utf8')).toBe(page)
  })
})

const introduction = `# Errors

<!-- Generated from packages/core/src/errors/error-code.ts; see CONTRIBUTING.md. -->

Every error that Hawse itself throws is a \`HawseError\`. Its \`code\` is one of the headings below and
does not change between versions; its \`message\` says what happened, what was expected and what to do, and
may change; its \`cause\` holds what was caught, if anything was. Match on the code:

<!-- frame: caught-error -->

\`\`\`ts
import { isHawseError } from '@hawse/core'

if (isHawseError(error) && error.code === 'INVALID_ARGUMENT') console.error(error.message)
\`\`\`

What a session is expected to do is no error: a non-zero exit, a signal, a lost connection and a time limit
are values of its outcome. Of a process that is run by \`run\` they are rejections, unless \`shouldReject\` is false: its
errors are \`RunError\`s, which have the \`result\` too.
`

const faultHeadings: Readonly<Record<Fault, string>> = {
  local: "## `fault: 'local'`: the code that uses Hawse",
  remote: "## `fault: 'remote'`: the other end of the connection",
  system: "## `fault: 'system'`: the machine or what is installed on it",
}

function errorsPage(): string {
  const faults = Object.keys(faultHeadings) as Fault[]
  return `${[introduction.trimEnd(), ...faults.flatMap(faultSection)].join('\n\n')}\n`
}

function faultSection(fault: Fault): readonly string[] {
  const codes = (Object.keys(errorCodes) as ErrorCode[]).filter(
    (code) => errorCodes[code].fault === fault,
  )
  return [
    faultHeadings[fault],
    ...codes.flatMap((code) => [`### ${code}`, errorCodes[code].sentence]),
  ]
}
