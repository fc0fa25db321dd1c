import { hotPaths } from './hot-paths'
import type { MachineFigure } from './machine-figures'
import { measureEvents } from './measure'

const scale = Number(process.argv[2])
const figures = hotPaths.map(({ name, event, eventsPerStep, prepare }): MachineFigure => ({
  name,
  event,
  ...measureEvents(prepare(), eventsPerStep, scale),
}))
process.stdout.write(JSON.stringify(figures))
