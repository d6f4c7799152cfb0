import { bench, describe } from 'vitest'
import { work } from './generator.js'

describe('generator', () => {
  bench('work', () => {
    work(2463534242)
  })
  bench('one (1 + 0)', () => {
    work(1)
  })
})
bench('top', () => {
  work(2)
}, { time: 50 })
