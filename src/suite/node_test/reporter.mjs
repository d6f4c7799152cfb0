// Tells each test's start and end as a line of JSON, with its file and how deep it lies.
import { relative } from 'node:path'

const place = (path) => relative(process.cwd(), path)

export default async function* report(source) {
  for await (const { type, data } of source) {
    if (type !== 'test:start' && type !== 'test:pass' && type !== 'test:fail') continue
    const { nesting, skip, todo, details } = data
    const file = data.file ? place(data.file) : ''
    // A file that could not run is told as a test called like it.
    const name = data.name === data.file ? file : data.name
    const passed_over = skip !== undefined && skip !== false ? 'skip' : todo !== undefined && todo !== false ? 'todo' : null
    yield JSON.stringify({ type, file, name, nesting, passed_over, suite: details?.type === 'suite' }) + '\n'
  }
}
