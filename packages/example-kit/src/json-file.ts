import { z } from 'zod'
import { publicKeyOf } from './public-key'
import { StartError } from './start-error'

/** The line of a `.pub` file, in a file of JSON; becomes the key. */
export const publicKeyLine = z.string().transform((text, context) => {
  const key = publicKeyOf(text.trim())
  if (typeof key !== 'string') return key
  context.addIssue({ code: 'custom', message: key })
  return z.NEVER
})

/**
 * Reads a file of JSON by its schema. Throws a `StartError` that names the file, and the place and what was expected
 * there; `example` is what is shown to whoever has written no JSON.
 */
export function parseJsonFile<Schema extends z.ZodType>(
  schema: Schema,
  { file, text, example }: JsonFile,
): z.output<Schema> {
  const parsed = schema.safeParse(jsonOf(text, file, example))
  if (parsed.success) return parsed.data
  throw new StartError(`${file}: ${problemOf(parsed.error)}`)
}

/** A file of JSON that was read. */
export interface JsonFile {
  readonly file: string
  readonly text: string
  readonly example: string
}

function jsonOf(text: string, file: string, example: string): unknown {
  try {
    return JSON.parse(text) as unknown
  } catch {
    throw new StartError(`${file} is not JSON; expected ${example}`)
  }
}

function problemOf({ issues: [issue] }: z.ZodError): string {
  if (issue === undefined) return 'it cannot be read'
  const place = issue.path.join('.')
  const reason = issue.code === 'invalid_key' ? issue.issues[0]?.message : issue.message
  return `${place === '' ? '' : `${place}: `}${reason ?? issue.message}`
}
