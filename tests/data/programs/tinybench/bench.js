import { Bench } from 'tinybench'
import { work } from './generator.js'

const bench = new Bench({ name: 'generator', time: 100 })
bench.add('work', () => work(2463534242)).add('one', () => work(1))
await bench.run()
console.table(bench.table())
console.log(bench.tasks.map(({ name, result }) => `${name} ${result.latency.p99}`).join('\n'))
