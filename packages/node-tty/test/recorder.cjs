// Notes what a program on a terminal reads, and which signals it gets.
const { appendFileSync } = require('node:fs')

const [, , log] = process.argv
const note = (text) => appendFileSync(log, text, 'latin1')
process.stdin.on('data', (bytes) => note(bytes.toString('latin1')))
process.stdin.on('end', () => note('<end>'))
for (const signal of ['INT', 'QUIT']) process.on(`SIG${signal}`, () => note(`<${signal}>`))
note('<ready>')
setInterval(() => undefined, 1000)
