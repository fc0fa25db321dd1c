export { asTty, type Tty } from './as-tty'
export { cooked } from './cooked'
export { LineDiscipline, type DisciplineStep } from './line-discipline/line-discipline'
export {
  rawSettings,
  terminalSettings,
  type TerminalSettings,
} from './line-discipline/terminal-settings'
export type { TtyInput } from './tty-input'
export type { TtyOutput } from './tty-output'
