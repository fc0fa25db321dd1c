export { childProcess } from './child-process'
export { defaultEnvironment } from './default-environment'
export { hasRealPipes } from './real-pipes'
export type { Argv, ChildProcessOptions } from './spawn-program'
