// A small HTTP service: each request costs the same, but for a tail.
package main

import (
	"fmt"
	"log"
	"net/http"
	"os"
)

func main() {
	address := "127.0.0.1:" + os.Getenv("OPTILOOP_PORT")
	http.HandleFunc("/health", func(w http.ResponseWriter, _ *http.Request) {
		fmt.Fprintln(w, "ready")
	})
	http.HandleFunc("/render", func(w http.ResponseWriter, _ *http.Request) {
		fmt.Fprintln(w, render())
	})
	log.Fatal(http.ListenAndServe(address, nil))
}
