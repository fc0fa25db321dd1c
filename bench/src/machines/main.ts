import { hotPaths } from './hot-paths'
import type { MachineFigure } from './machine-figures'
import { measureEvents } from './measure'

const figures = hotPaths.map(({ name, event, eventsPerStep, prepare }): MachineFigure => ({
  name,
  event,
  ...measureEvents(prepare(), eventsPerStep),
}))
process.stdout.write(JSON.stringify(figures))
