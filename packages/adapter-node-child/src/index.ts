export { childProcess } from './child-process'
export { defaultEnvironment } from './default-environment'
export type { Argv, ChildProcessOptions } from './spawn-program'
