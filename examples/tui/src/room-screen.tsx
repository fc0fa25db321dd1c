import { Box, Text } from 'ink'
import type { ReactElement } from 'react'
import { Conversation } from './conversation'
import { InputLine } from './input-line'
import { colourOf } from './name-colour'
import type { Guest, Room } from './room'
import { useDraft } from './use-draft'
import { useRoom } from './use-room'
import { useWindowSize } from './use-window-size'

/** Width of the list of names, in columns, and the least of a window that shows it. */
const guestColumns = 22
const leastColumnsWithGuests = 60

/** The room, as one of its guests sees it: what is said, who is there, and what they are about to say. */
export function RoomScreen({
  room,
  guest,
}: {
  readonly room: Room
  readonly guest: Guest
}): ReactElement {
  const { lines, guests } = useRoom(room)
  const { columns, rows } = useWindowSize()
  const draft = useDraft((line) => guest.say(line))
  const hasGuests = columns >= leastColumnsWithGuests
  const talkColumns = columns - (hasGuests ? guestColumns : 0)
  return (
    <Box flexDirection="column" width={columns} height={rows - 1}>
      <Box flexGrow={1}>
        <Box borderStyle="round" borderColor="cyan" width={talkColumns} paddingX={1}>
          <Conversation lines={lines} columns={talkColumns - 4} rows={rows - 7} />
        </Box>
        {hasGuests && (
          <Box borderStyle="round" width={guestColumns} paddingX={1} flexDirection="column">
            <Text bold>{guests.length} here</Text>
            {guests.slice(0, rows - 8).map((name) => (
              <Text key={name} color={colourOf(name)} wrap="truncate">
                {name === guest.name ? `${name} (you)` : name}
              </Text>
            ))}
          </Box>
        )}
      </Box>
      <InputLine draft={draft} columns={columns} />
      <Text dimColor wrap="truncate">
        {' '}
        Enter says it, Ctrl-C leaves
      </Text>
    </Box>
  )
}
