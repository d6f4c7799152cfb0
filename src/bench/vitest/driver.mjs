// Lists vitest's benchmarks, or runs one, through vitest's own interface: its command line lists tests only.
import { relative } from 'node:path'
import { startVitest } from 'vitest/node'

const [mode, pattern, results, ...files] = process.argv.slice(1)
process.argv = [process.execPath, 'vitest']
const options = { run: true, watch: false, testNamePattern: pattern, allowOnly: true, fileParallelism: false }
if (mode === 'run') options.benchmark = { outputJson: results }
// A pattern that nothing fits: files are read, nothing runs.
else Object.assign(options, { testNamePattern: '$^', reporters: [{}], passWithNoTests: true })
const vitest = await startVitest('benchmark', files, options)
if (mode === 'list') {
  const tell = (tasks, path) => {
    for (const task of tasks) {
      const name = [...path, task.name]
      if (task.tasks) tell(task.tasks, name)
      else console.log('vitest: ' + JSON.stringify(name.join(' > ')))
    }
  }
  for (const file of vitest.state.getFiles()) {
    if (file.result?.errors?.length) throw new Error(`${file.filepath}: ${file.result.errors[0].message}`)
    tell(file.tasks, [relative(process.cwd(), file.filepath)])
  }
}
await vitest.close()
process.exit()
