package main

import "testing"

func TestWalkIsTheSameEveryTime(t *testing.T) {
	if walk(3) != 3453997556048239312 {
		t.Fatal(walk(3))
	}
}
