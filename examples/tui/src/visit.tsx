import type { HandlerContext } from '@hawse/core'
import { asTty } from '@hawse/node-tty'
import { render } from 'ink'
import type { Room } from './room'
import { RoomScreen } from './room-screen'

const alternateScreen = { enter: '\u001b[?1049h\u001b[H', leave: '\u001b[?1049l' }
const clearScreen = '\u001b[2J\u001b[H'

/** Somebody sits in the room until they leave, or their connection does; their terminal is then as it was. */
export async function visit(context: HandlerContext, room: Room, name: string): Promise<number> {
  const { stdin, stdout, stderr } = asTty(context)
  const guest = room.enter(name)
  stdout.write(alternateScreen.enter)
  // Lines of another width are wrapped anew by the terminal: what was drawn is of no use.
  stdout.prependListener('resize', () => stdout.write(clearScreen))
  // Ink is made for the streams of Node's own terminal, which these stand for.
  const streams = { stdin, stdout, stderr } as unknown as NodeJS.Process
  const app = render(<RoomScreen room={room} guest={guest} />, {
    ...{ stdin: streams.stdin, stdout: streams.stdout, stderr: streams.stderr },
    patchConsole: false,
  })
  stdin.once('close', () => app.unmount())
  // Ended from without, the program still gives the terminal back.
  context.receivedSignal$.subscribe(() => app.unmount())
  try {
    await app.waitUntilExit()
  } finally {
    guest.leave()
    stdout.write(alternateScreen.leave)
  }
  return 0
}
