// Steps of a generator, one depending on the other.
const STEPS = 100000 // The constant to change: 80000 costs exactly 20 % less.

export function work(x) {
  for (let step = 0; step < STEPS; step++) {
    x ^= x << 13
    x ^= x >>> 17
    x ^= x << 5
  }
  return x
}
