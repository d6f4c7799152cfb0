// Package text counts words, slowly.
package text

import "strings"

// Count says how often each word occurs.
func Count(input string) map[string]int {
	counts := map[string]int{}
	for _, word := range strings.Fields(input) {
		counts[normalise(word)]++
	}
	return counts
}

func normalise(word string) string {
	out := ""
	for _, r := range word {
		out += strings.ToLower(string(r))
	}
	return out
}

// Depth is recursive.
func Depth(n int) int {
	if n == 0 {
		return 0
	}
	return 1 + Depth(n-1)
}
