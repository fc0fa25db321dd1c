// Loaded into a server under test with NODE_OPTIONS. At SIGUSR2 it collects garbage and logs a line
// `soak-probe {...}` that says what the server holds.
const { setFlagsFromString } = require('node:v8')
const { runInNewContext } = require('node:vm')

setFlagsFromString('--expose-gc')
const collectGarbage = runInNewContext('gc')
let reportCount = 0

process.on('SIGUSR2', () => {
  collectGarbage()
  reportCount += 1
  const resources = {}
  for (const kind of process.getActiveResourcesInfo()) resources[kind] = (resources[kind] ?? 0) + 1
  const { rss: residentBytes, heapUsed: heapBytes, external, arrayBuffers } = process.memoryUsage()
  const listeners = process.eventNames().reduce((sum, name) => sum + process.listenerCount(name), 0)
  const externalBytes = external + arrayBuffers
  const report = { reportCount, resources, listeners, residentBytes, heapBytes, externalBytes }
  process.stderr.write(`soak-probe ${JSON.stringify(report)}\n`)
})
