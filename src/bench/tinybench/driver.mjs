// Lists the tasks of a tinybench script, or runs one with as many iterations as it is told. Nothing of the script is
// edited: `Bench` is one class for both, and its `run` is what is replaced.
import { writeFileSync } from 'node:fs'
import { createRequire } from 'node:module'
import { resolve } from 'node:path'
import { pathToFileURL } from 'node:url'

const [mode, script, wanted, iterations, results] = process.argv.slice(1)
const file = resolve(script)
process.argv = [process.execPath, file]
const n = Number(iterations)
let listed = false

const classes = new Set()
for (const load of [() => import('tinybench'), () => createRequire(file)('tinybench')]) {
  try {
    const { Bench } = await load()
    classes.add(Bench)
  } catch {}
}
if (classes.size === 0) throw new Error('tinybench is not installed where the script is')

const named = (bench, task) => (bench.name ? `${bench.name} > ${task.name}` : task.name)

function list(bench) {
  for (const task of bench.tasks) console.log(`tinybench: ${JSON.stringify(named(bench, task))}`)
  listed = true
  return bench.tasks
}

function narrow(bench) {
  for (const task of [...bench.tasks]) if (named(bench, task) !== wanted) bench.remove(task.name)
  if (n > 0) for (const options of [bench, bench.opts, bench.options]) fix(options ?? {})
  return bench.tasks[0]
}

function fix(options) {
  if (typeof options.warmup === 'boolean') options.warmup = false
  for (const [name, value] of Object.entries({ iterations: n, time: 0, warmupIterations: 0, warmupTime: 0 }))
    if (name in options) options[name] = value
}

function tell({ result }) {
  if (result?.error) throw result.error
  const { samples } = result.latency ?? result
  const sorted = samples && Float64Array.from(samples).sort()
  const median = result.latency?.p50 ?? (sorted ? sorted[sorted.length >> 1] : result.mean)
  const count = result.latency?.samplesCount ?? samples?.length
  writeFileSync(results, JSON.stringify({ milliseconds: median, iterations: count }))
  // What the script does with the tasks that did not run is not asked for.
  process.exit(0)
}

for (const Bench of classes) {
  const { run, runSync } = Bench.prototype
  const has = (bench) => bench.tasks.some((task) => named(bench, task) === wanted)
  Bench.prototype.run = async function () {
    if (mode === 'list') return list(this)
    if (!has(this)) return this.tasks
    const task = narrow(this)
    await run.call(this)
    return tell(task)
  }
  if (runSync)
    Bench.prototype.runSync = function () {
      if (mode === 'list') return list(this)
      if (!has(this)) return this.tasks
      const task = narrow(this)
      runSync.call(this)
      return tell(task)
    }
  // Version 2 is told to warm up by the script.
  if (typeof Bench.prototype.warmup === 'function' && (n > 0 || mode === 'list')) Bench.prototype.warmup = async () => {}
}

process.on('unhandledRejection', (error) => {
  if (!listed) throw error
})
try {
  await import(pathToFileURL(file).href)
} catch (error) {
  if (!listed) throw error
}
