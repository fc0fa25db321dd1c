import { Box, Text } from 'ink'
import type { ReactElement } from 'react'
import stringWidth from 'string-width'
import { colourOf } from './name-colour'
import type { RoomLine } from './room'

/** The newest lines that fit into a box of this size, in characters. */
export function Conversation({
  lines,
  columns,
  rows,
}: {
  readonly lines: readonly RoomLine[]
  readonly columns: number
  readonly rows: number
}): ReactElement {
  return (
    <Box
      flexDirection="column"
      justifyContent="flex-end"
      width={columns}
      height={rows}
      overflow="hidden"
    >
      {newest(lines, columns, rows).map((line) => (
        <Text key={line.id} wrap="wrap">
          <Text dimColor>{timeOf(line.at)} </Text>
          {line.from !== '' && <Text bold color={colourOf(line.from)}>{`${line.from}: `}</Text>}
          <Text dimColor={line.from === ''}>{line.text}</Text>
        </Text>
      ))}
    </Box>
  )
}

/** As many as fit, each with the rows that it takes once it is wrapped; one too many is cut at the top. */
function newest(lines: readonly RoomLine[], columns: number, rows: number): readonly RoomLine[] {
  let count = 0
  let usedRows = 0
  while (count < lines.length && usedRows < rows) {
    count += 1
    const { from, text } = lines[lines.length - count] as RoomLine
    const width = stringWidth(`00:00 ${from}: ${text}`)
    usedRows += Math.max(1, Math.ceil(width / Math.max(1, columns)))
  }
  return lines.slice(lines.length - count)
}

function timeOf(moment: Date): string {
  return moment.toTimeString().slice(0, 5)
}
