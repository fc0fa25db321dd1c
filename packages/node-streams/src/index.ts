export { fromFile, toFile, type FileSinkOptions } from './file'
export { fromNodeReadable, nodeReadableOf } from './node-readable'
export { nodeWritableOf, toNodeWritable, type NodeWritableOptions } from './node-writable'
