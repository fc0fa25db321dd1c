import { Box, Text } from 'ink'
import type { ReactElement } from 'react'
import stringWidth from 'string-width'
import { charactersOf } from './draft'

/** What somebody is about to say, in a box of one line: of a long text, its end. */
export function InputLine({
  draft,
  columns,
}: {
  readonly draft: string
  readonly columns: number
}): ReactElement {
  return (
    <Box borderStyle="round" borderColor="green" width={columns} paddingX={1} height={3}>
      <Text wrap="truncate-start">
        {endOf(draft, columns - 5)}
        <Text inverse> </Text>
      </Text>
    </Box>
  )
}

/** As many of its last characters as fit into so many columns. */
function endOf(text: string, columns: number): string {
  const characters = charactersOf(text)
  while (stringWidth(characters.join('')) > Math.max(0, columns)) characters.shift()
  return characters.join('')
}
