// Steps of a generator, one depending on the other.
const STEPS = 100000;

function work(x) {
  for (let step = 0; step < STEPS; step++) {
    x ^= x << 13;
    x ^= x >>> 17;
    x ^= x << 5;
  }
  return x;
}

let x = 2463534242 | 0;
for (let n = Number(process.argv[2] ?? 0); n > 0; n--) x = work(x);
console.log(x);
