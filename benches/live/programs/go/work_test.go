package work

import "testing"

var sink uint64

func TestZeroStaysZero(t *testing.T) {
	if Work(0) != 0 {
		t.Fatal("zero moved")
	}
}

func BenchmarkWork(b *testing.B) {
	sink = 88172645463325252
	for i := 0; i < b.N; i++ {
		sink = Work(sink)
	}
}
