export { stdioChannel, type StdioChannelOptions } from './stdio-channel'
