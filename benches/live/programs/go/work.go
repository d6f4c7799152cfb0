// Package work does steps of a generator, one depending on the other.
package work

const steps = 100000

// Work returns the state after all steps.
func Work(x uint64) uint64 {
	for step := 0; step < steps; step++ {
		x ^= x << 13
		x ^= x >> 7
		x ^= x << 17
	}
	return x
}
