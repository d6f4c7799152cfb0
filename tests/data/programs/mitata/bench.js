import { bench, group, run } from 'mitata'
import { work } from './generator.js'

group('generator', () => {
  bench('work', () => work(2463534242))
  bench('seed $seed of $kind', function* (state) {
    const seed = state.get('seed')
    yield () => work(seed)
  }).args({ seed: [1, 2], kind: ['a', 'b'] })
  bench('parameter', function* () {
    yield { [0]: () => 7, bench: (seed) => work(seed) }
  })
  bench('state', (state) => {
    for (const _ of state) work(3)
  })
})
const { benchmarks } = await run()
console.log(benchmarks[0].runs[0].stats.avg)
