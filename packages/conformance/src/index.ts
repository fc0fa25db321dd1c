export { describeProcessPort } from './process/process-contract'
export type { MakeProcess, ProcessCapabilities } from './process/process-suite'
