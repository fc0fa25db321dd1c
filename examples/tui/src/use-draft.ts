import { useInput } from 'ink'
import { useRef, useState } from 'react'
import { typed, withoutLast } from './draft'

/** The line that is being typed; `say` is told of each that was ended. Keys may come faster than the screen is drawn. */
export function useDraft(say: (line: string) => void): string {
  const current = useRef('')
  const [, redraw] = useState('')
  useInput((input, key) => {
    const { said, draft } = changed(current.current, input, key)
    current.current = draft
    redraw(draft)
    said.forEach(say)
  })
  return current.current
}

function changed(
  draft: string,
  input: string,
  key: Parameters<Parameters<typeof useInput>[0]>[1],
): ReturnType<typeof typed> {
  if (key.return) return typed(draft, '\n')
  if (key.backspace || key.delete) return { said: [], draft: withoutLast(draft) }
  if (key.ctrl && input === 'u') return { said: [], draft: '' }
  return key.ctrl || key.meta ? { said: [], draft } : typed(draft, input)
}
