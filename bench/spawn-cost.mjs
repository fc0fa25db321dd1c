/**
 * What a start of a program costs Node, by how much memory the process has: `node bench/spawn-cost.mjs`.
 *
 * Node forks, and a fork copies the page tables of all memory, which the child frees again when it becomes the program.
 */
import { spawn } from 'node:child_process'
import { readFileSync } from 'node:fs'

const startCount = 300
const ticksPerSecond = 100
const ballast = []

console.log('| MiB resident | CPU ms of Node per start | CPU ms of the child | elapsed ms |')
console.log('| --- | --- | --- | --- |')
for (const addedMebibytes of [0, 50, 50, 100]) {
  ballast.push(Buffer.alloc(addedMebibytes * 2 ** 20, 1))
  await start(50)
  const before = cost()
  await start(startCount)
  const after = cost()
  const each = (key) => ((after[key] - before[key]) / startCount).toFixed(2)
  const residentMebibytes = Math.round(process.memoryUsage.rss() / 2 ** 20)
  console.log(`| ${residentMebibytes} | ${each('own')} | ${each('children')} | ${each('wall')} |`)
}

async function start(count) {
  for (let started = 0; started < count; started += 1) {
    const child = spawn('/bin/true', [], { stdio: 'ignore', env: {} })
    await new Promise((resolve) => child.once('exit', resolve))
  }
}

/** Milliseconds so far; those of children are counted in ticks of 10 ms. */
function cost() {
  const fields = readFileSync('/proc/self/stat', 'utf8').split(') ')[1].split(' ')
  const { user, system } = process.cpuUsage()
  const childTicks = Number(fields[13]) + Number(fields[14])
  return {
    own: (user + system) / 1000,
    children: (childTicks * 1000) / ticksPerSecond,
    wall: performance.now(),
  }
}
