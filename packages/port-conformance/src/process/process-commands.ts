import type { ProcessCommand } from '@hawse/core'

/** One command of every type, for asking that a port survives all of them. */
export const everyCommand: readonly ProcessCommand[] = [
  { type: 'process.start' },
  { type: 'process.write', bytes: Buffer.from('too late\n') },
  { type: 'process.closeInput' },
  { type: 'process.closeOutput', output: 'stdout' },
  { type: 'process.closeOutput', output: 'stderr' },
  { type: 'process.pauseOutput' },
  { type: 'process.resumeOutput' },
  { type: 'process.signal', signal: 'TERM' },
  {
    type: 'process.resize',
    size: { columns: 100, rows: 30, widthPixels: 0, heightPixels: 0 },
  },
  { type: 'process.sendBreak', lengthMs: 0 },
  { type: 'process.disconnect' },
]
