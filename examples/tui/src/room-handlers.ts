import { handler, type SessionHandlers } from '@hawse/core'
import type { Room } from './room'
import { visit } from './visit'

/** What a session may ask for: a place in the room, or one line said in it. */
export function roomHandlers(room: Room, name: string): SessionHandlers {
  return {
    shell: handler(async (context) => {
      if (context.pty !== undefined) return visit(context, room, name)
      await context.stderr.write(
        'the room needs a terminal: ssh -t, or say something: ssh HOST say hello\n',
      )
      return 1
    }),
    exec: handler(async ({ command, stdout, stderr }) => {
      const [, text] = /^say\s+(.+)$/s.exec(command.trim()) ?? []
      if (text === undefined) {
        await stderr.write(
          'only "say TEXT" can be run here; without a command you are in the room\n',
        )
        return 2
      }
      room.post(name, text)
      await stdout.write('said\n')
      return 0
    }),
  }
}
