/** One line of a chart. */
export interface ChartSeries {
  readonly name: string
  /** Points by x; a point whose y is 0 or less lies on the lower edge. */
  readonly points: readonly (readonly [x: number, y: number])[]
}

/** A chart with logarithmic axes. */
export interface Chart {
  readonly title: string
  readonly series: readonly ChartSeries[]
}

const panelWidth = 420
const panelHeight = 300
const margin = { top: 40, right: 90, bottom: 40, left: 60 }
const colours = ['#555555', '#0b6e99', '#b5541c', '#3f7d3f']

/** Charts side by side as one SVG picture; both axes are logarithmic, so that in-line growth is a straight line. */
export function chartsAsSvg(charts: readonly Chart[], xTitle: string): string {
  const width = panelWidth * charts.length
  const panels = charts.map(
    (chart, index) =>
      `<g transform="translate(${index * panelWidth} 0)">\n${panel(chart, xTitle)}\n</g>`,
  )
  return [
    `<svg xmlns="http://www.w3.org/2000/svg" width="${width}" height="${panelHeight}" viewBox="0 0 ${width} ${panelHeight}" font-family="sans-serif" font-size="12">`,
    `<rect width="${width}" height="${panelHeight}" fill="#ffffff"/>`,
    ...panels,
    '</svg>\n',
  ].join('\n')
}

function panel({ title, series }: Chart, xTitle: string): string {
  const points = series.flatMap((one) => one.points)
  const x = scale(decades(points.map(([value]) => value)), margin.left, panelWidth - margin.right)
  const y = scale(
    decades(points.map(([, value]) => value)),
    panelHeight - margin.bottom,
    margin.top,
  )
  return [
    text(margin.left, 20, 'start', title, ' font-weight="bold"'),
    text((x.start + x.end) / 2, panelHeight - 6, 'middle', xTitle),
    ...x.ticks.flatMap(([value, at]) => [
      line(at, y.start, at, y.end),
      text(at, y.start + 16, 'middle', label(value)),
    ]),
    ...y.ticks.flatMap(([value, at]) => [
      line(x.start, at, x.end, at),
      text(x.start - 6, at + 4, 'end', label(value)),
    ]),
    ...series.map((one, index) => curve(one, colours[index % colours.length] ?? '', x, y)),
  ].join('\n')
}

function curve({ name, points }: ChartSeries, colour: string, x: Scale, y: Scale): string {
  const places = points.map(([px, py]) => [x.place(px), y.place(py)] as const)
  const [lastX = 0, lastY = 0] = places.at(-1) ?? []
  return [
    `<polyline fill="none" stroke="${colour}" stroke-width="2" points="${places.map((place) => place.map(rounded).join(',')).join(' ')}"/>`,
    ...places.map(
      ([px, py]) => `<circle cx="${rounded(px)}" cy="${rounded(py)}" r="3" fill="${colour}"/>`,
    ),
    text(lastX + 8, lastY + 4, 'start', name, ` fill="${colour}"`),
  ].join('\n')
}

/** A logarithmic axis. */
interface Scale {
  readonly start: number
  readonly end: number
  readonly ticks: readonly (readonly [value: number, at: number])[]
  readonly place: (value: number) => number
}

function scale(exponents: readonly [number, number], start: number, end: number): Scale {
  const [low, high] = exponents
  const placeExponent = (exponent: number): number =>
    start + ((Math.max(exponent, low) - low) / (high - low)) * (end - start)
  const place = (value: number): number => placeExponent(value > 0 ? Math.log10(value) : low)
  const ticks = Array.from({ length: high - low + 1 }, (_, index) => low + index)
  return {
    start,
    end,
    place,
    ticks: ticks.map((exponent) => [10 ** exponent, placeExponent(exponent)] as const),
  }
}

/** The powers of ten that enclose the values above 0. */
function decades(values: readonly number[]): readonly [number, number] {
  const exponents = values.filter((value) => value > 0).map(Math.log10)
  if (exponents.length === 0) return [0, 1]
  const low = Math.floor(Math.min(...exponents))
  return [low, Math.max(low + 1, Math.ceil(Math.max(...exponents)))]
}

function line(x1: number, y1: number, x2: number, y2: number): string {
  const [ax, ay, bx, by] = [x1, y1, x2, y2].map(rounded)
  return `<line x1="${ax ?? ''}" y1="${ay ?? ''}" x2="${bx ?? ''}" y2="${by ?? ''}" stroke="#dddddd"/>`
}

function text(x: number, y: number, anchor: string, content: string, more = ''): string {
  return `<text x="${rounded(x)}" y="${rounded(y)}" text-anchor="${anchor}"${more}>${content}</text>`
}

function label(value: number): string {
  return value >= 1 ? value.toLocaleString('en-US') : String(Number(value.toPrecision(1)))
}

function rounded(value: number): string {
  return value.toFixed(1)
}
