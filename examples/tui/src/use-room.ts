import { useEffect, useState } from 'react'
import type { Room, RoomState } from './room'

/** What everybody in a room sees, now and after each change. */
export function useRoom(room: Room): RoomState {
  const [state, setState] = useState(() => room.state())
  useEffect(() => {
    const subscription = room.state$.subscribe(setState)
    return () => subscription.unsubscribe()
  }, [room])
  return state
}
