/** A line chart as SVG, readable without colour and without eyes: dashes, marks, a title and a description. */

export interface Series {
  name: string
  points: readonly Point[]
}

type Point = readonly [x: number, y: number]

export interface Chart {
  title: string
  /** What a person who does not see the chart has to know. */
  description: string
  xLabel: string
  yLabel: string
  /** On a logarithmic scale points at 0 or below have no place and are left out. */
  yScale: 'linear' | 'log'
  series: readonly Series[]
}

const width = 820
const height = 520
const plot = { left: 90, top: 50, right: 790, bottom: 450 }
const legendLine = 18

// Okabe and Ito's colours, which people with any colour vision tell apart.
const colours = ['#0072b2', '#d55e00', '#009e73', '#cc79a7', '#e69f00', '#56b4e9', '#000000']
const dashes = ['none', '8 4', '2 3', '8 3 2 3', '14 4']

export function chartSvg(chart: Chart): string {
  const { title, description, xLabel, yLabel, yScale } = chart
  const series = chart.series.map(({ name, points }) => ({ name, points: points.filter((at) => hasPlace(at, yScale)) }))
  const all = series.flatMap(({ points }) => points)
  const xAxis = linearAxis(all.map(([x]) => x))
  const yAxis = (yScale === 'log' ? logAxis : linearAxis)(all.map(([, y]) => y))
  const place = ([x, y]: Point): [number, number] => [
    short(plot.left + xAxis.share(x) * (plot.right - plot.left)),
    short(plot.bottom - yAxis.share(y) * (plot.bottom - plot.top)),
  ]
  const tall = height + legendLine * series.length
  const middle = (plot.left + plot.right) / 2
  return `<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 ${width} ${tall}" role="img" aria-labelledby="title desc" font-family="sans-serif" font-size="13">
<title id="title">${escaped(title)}</title>
<desc id="desc">${escaped(description)}</desc>
<rect width="${width}" height="${tall}" fill="#fff"/>
<text x="${middle}" y="28" text-anchor="middle" font-size="17">${escaped(title)}</text>
${xAxis.ticks.map((x) => xTick(short(plot.left + xAxis.share(x) * (plot.right - plot.left)), tickWords(x))).join('\n')}
${yAxis.ticks.map((y) => yTick(short(plot.bottom - yAxis.share(y) * (plot.bottom - plot.top)), tickWords(y))).join('\n')}
<rect x="${plot.left}" y="${plot.top}" width="${plot.right - plot.left}" height="${plot.bottom - plot.top}" fill="none" stroke="#333"/>
<text x="${middle}" y="${plot.bottom + 42}" text-anchor="middle">${escaped(xLabel)}</text>
<text transform="translate(24 ${(plot.top + plot.bottom) / 2}) rotate(-90)" text-anchor="middle">${escaped(yLabel)}</text>
${series.map((one, index) => curve(one.name, one.points.map(place), index)).join('\n')}
</svg>
`
}

function hasPlace([x, y]: Point, scale: Chart['yScale']): boolean {
  return Number.isFinite(x) && Number.isFinite(y) && (scale === 'linear' || y > 0)
}

interface Axis {
  ticks: number[]
  /** Where a value stands, 0 at the low end and 1 at the high one. */
  share: (value: number) => number
}

function linearAxis(values: readonly number[]): Axis {
  const [least, most] = extent(values)
  const step = niceStep(most - least)
  const lo = Math.floor(least / step + 1e-9) * step
  const hi = Math.max(lo + step, Math.ceil(most / step - 1e-9) * step)
  const ticks = Array.from({ length: Math.round((hi - lo) / step) + 1 }, (_, i) =>
    Number((lo + i * step).toPrecision(12)),
  )
  return { ticks, share: (value) => (value - lo) / (hi - lo) }
}

/** Whole decades, at most a dozen of them marked. */
function logAxis(values: readonly number[]): Axis {
  const [least, most] = extent(values.map(Math.log10))
  const lo = Math.floor(least + 1e-9)
  const hi = Math.max(lo + 1, Math.ceil(most - 1e-9))
  const every = Math.ceil((hi - lo) / 12)
  const ticks = Array.from({ length: Math.floor((hi - lo) / every) + 1 }, (_, i) => 10 ** (lo + i * every))
  return { ticks, share: (value) => (Math.log10(value) - lo) / (hi - lo) }
}

/** 0 to 1 where there is nothing to show. */
function extent(values: readonly number[]): [least: number, most: number] {
  if (values.length === 0) return [0, 1]
  return values.reduce(
    ([least, most], value) => [Math.min(least, value), Math.max(most, value)],
    [Number.POSITIVE_INFINITY, Number.NEGATIVE_INFINITY],
  )
}

/** 1, 2 or 5 times a power of ten, for about seven ticks. */
function niceStep(range: number): number {
  const rough = range > 0 ? range / 7 : 1 / 7
  const power = 10 ** Math.floor(Math.log10(rough))
  return (([1, 2, 5].find((factor) => factor * power >= rough) ?? 10) as number) * power
}

function tickWords(value: number): string {
  const size = Math.abs(value)
  return size !== 0 && (size < 1e-3 || size >= 1e6) ? value.toExponential().replace('e+', 'e') : String(value)
}

function xTick(x: number, words: string): string {
  return `<path d="M${x} ${plot.top}V${plot.bottom}" stroke="#ddd"/><text x="${x}" y="${plot.bottom + 18}" text-anchor="middle">${words}</text>`
}

function yTick(y: number, words: string): string {
  return `<path d="M${plot.left} ${y}H${plot.right}" stroke="#ddd"/><text x="${plot.left - 8}" y="${y + 4}" text-anchor="end">${words}</text>`
}

/** The line, a mark on every point, and its line in the legend. */
function curve(name: string, places: readonly (readonly [number, number])[], index: number): string {
  const colour = colours[index % colours.length]!
  const stroke = `stroke="${colour}" stroke-width="2" stroke-dasharray="${dashes[index % dashes.length]!}" fill="none"`
  const y = height + index * legendLine - 4
  const path = places.length > 0 ? `<path d="M${places.map((at) => at.join(' ')).join('L')}" ${stroke}/>` : ''
  const marks = places.map(([x, at]) => `<circle cx="${x}" cy="${at}" r="2.5" fill="${colour}"/>`).join('')
  const label = places.length > 0 ? name : `${name} (nothing above 0)`
  const legend = `<path d="M${plot.left} ${y - 4}h40" ${stroke}/><text x="${plot.left + 50}" y="${y}">${escaped(label)}</text>`
  return `<g>${path}${marks}${legend}</g>`
}

function short(value: number): number {
  return Math.round(value * 100) / 100
}

function escaped(text: string): string {
  return text.replace(/[&<>"]/g, (character) => `&#${character.charCodeAt(0)};`)
}
