// Lists the benchmarks of a mitata script, or runs one in a single batch of as many iterations as it is told. Nothing
// of the script is edited: its `import 'mitata'` leads to the same module with another `run`.
import { register } from 'node:module'
import { resolve } from 'node:path'
import { pathToFileURL } from 'node:url'

const [mode, script, wanted, iterations, results] = process.argv.slice(1)
const file = resolve(script)
process.argv = [process.execPath, file]
const task = { mode, wanted, n: Number(iterations), results, listed: false }
globalThis[Symbol.for('optiloop.mitata')] = task

// What stands in for the module; REAL is its address.
const module = `
import { writeFileSync } from 'node:fs'
import { B, measure } from 'REAL'
export * from 'REAL'
const task = globalThis[Symbol.for('optiloop.mitata')]
const trials = new Set()
const { name } = B.prototype
B.prototype.name = function (...words) {
  trials.add(this)
  return name.apply(this, words)
}
function* cases(trial) {
  let all = [{}]
  for (const [key, values] of Object.entries(trial._args))
    all = all.flatMap((args) => values.map((value) => ({ ...args, [key]: value })))
  for (const args of all) {
    let name = trial._name
    for (const key of Object.keys(args)) name = name.replaceAll('$' + key, args[key])
    yield { name, args }
  }
}
function options(trial, args) {
  if (task.n === 0) return { args, inner_gc: trial._gc === 'inner', gc: trial._gc ? undefined : false }
  // One batch; a benchmark that keeps the time itself knows no batches.
  return {
    args, gc: false, min_cpu_time: 0, warmup_threshold: Infinity, batch_threshold: Infinity, batch_unroll: 1,
    batch_samples: task.n,
    get min_samples() { return this.manual ? task.n : 1 },
    get max_samples() { return this.manual ? task.n : 1 },
  }
}
async function tell(trial, args) {
  const { avg, p50, ticks } = await measure(trial.f, options(trial, args))
  const told = { nanoseconds: task.n === 0 ? p50 : avg, iterations: task.n === 0 ? undefined : ticks }
  writeFileSync(task.results, JSON.stringify(told))
  // What the script does with the benchmarks that did not run is not asked for.
  process.exit(0)
}
export async function run() {
  for (const trial of trials)
    for (const { name, args } of cases(trial))
      if (task.mode === 'list') console.log('mitata: ' + JSON.stringify(name))
      else if (name === task.wanted) await tell(trial, args)
  trials.clear()
  task.listed = task.mode === 'list'
  return { layout: [], context: {}, benchmarks: [] }
}
`
const hooks = `
const module = ${JSON.stringify(module)}
export async function resolve(specifier, context, next) {
  const found = await next(specifier, context)
  if (specifier !== 'mitata') return found
  const text = module.replaceAll('REAL', found.url)
  return { url: 'data:text/javascript,' + encodeURIComponent(text), format: 'module', shortCircuit: true }
}
`
register('data:text/javascript,' + encodeURIComponent(hooks))

process.on('unhandledRejection', (error) => {
  if (!task.listed) throw error
})
try {
  await import(pathToFileURL(file).href)
} catch (error) {
  if (!task.listed) throw error
}
