package main

import "sync/atomic"

const (
	// Steps of one request.
	steps = 400000
	// The planted tail: one request in twelve (8 %) does so many times the work.
	tail = 5
)

var requests atomic.Uint64

func render() uint64 {
	n := steps
	if requests.Add(1)%12 == 0 {
		n *= tail
	}
	return walk(n)
}

func walk(n int) uint64 {
	x := uint64(88172645463325252)
	for i := 0; i < n; i++ {
		x ^= x << 13
		x ^= x >> 7
		x ^= x << 17
	}
	return x
}
