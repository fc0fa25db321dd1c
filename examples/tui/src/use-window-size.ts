import { useStdout } from 'ink'
import { useEffect, useState } from 'react'

/** A window, in characters. */
export interface WindowSize {
  readonly columns: number
  readonly rows: number
}

/** The size of the window now, and after each change. */
export function useWindowSize(): WindowSize {
  const { stdout } = useStdout()
  const [size, setSize] = useState<WindowSize>({ columns: stdout.columns, rows: stdout.rows })
  useEffect(() => {
    const update = (): void => setSize({ columns: stdout.columns, rows: stdout.rows })
    stdout.on('resize', update)
    return () => void stdout.off('resize', update)
  }, [stdout])
  return size
}
