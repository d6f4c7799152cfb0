package text

import (
	"fmt"
	"os"
	"strings"
	"testing"
)

func read(t testing.TB) string {
	raw, err := os.ReadFile("testdata/input.txt")
	if err != nil {
		t.Fatal(err)
	}
	return strings.Repeat(string(raw), 50)
}

func TestCount(t *testing.T) {
	if got := Count("a b A")["a"]; got != 2 {
		t.Fatalf("got %d", got)
	}
}

func TestTable(t *testing.T) {
	for _, name := range []string{"one", "two words", "a/b"} {
		t.Run(name, func(t *testing.T) {})
	}
}

func TestSkipped(t *testing.T) { t.Skip("needs net") }

func BenchmarkCount(b *testing.B) {
	input := read(b)
	b.ReportAllocs()
	b.SetBytes(int64(len(input)))
	b.ResetTimer()
	for i := 0; i < b.N; i++ {
		Count(input)
	}
}

func BenchmarkDepth(b *testing.B) {
	for _, n := range []int{10, 1000} {
		b.Run(fmt.Sprintf("n=%d", n), func(b *testing.B) {
			for i := 0; i < b.N; i++ {
				Depth(n)
			}
			b.ReportMetric(float64(n), "depth/op")
		})
	}
	b.Run("a/b c-3", func(b *testing.B) {
		for b.Loop() {
			Depth(3)
		}
	})
}

func BenchmarkNoisy(b *testing.B) {
	fmt.Println("hello from the benchmark")
	for i := 0; i < b.N; i++ {
		Depth(3)
	}
}

func BenchmarkFails(b *testing.B) {
	if os.Getenv("FAIL") != "" {
		b.Fatal("it broke")
	}
	b.Skip("not today")
}

func BenchmarkPanics(b *testing.B) {
	if os.Getenv("FAIL") != "" {
		panic("ouch")
	}
}
