// Command probe is what the tests run in containers: it serves, asks, writes, or fails, as its arguments say.
package main

import (
	"fmt"
	"io"
	"net/http"
	"os"
	"strings"
	"time"
)

func main() {
	command, arguments := os.Args[1], os.Args[2:]
	switch command {
	case "serve":
		serve()
	case "get":
		get(arguments[0])
	case "say":
		fmt.Println(strings.Join(arguments, " "))
	case "fail":
		fmt.Println(strings.Join(arguments, " "))
		os.Exit(3)
	}
}

func serve() {
	host, err := os.Hostname()
	exitOn(err)
	fmt.Printf("serving as %d:%d with GREETING=%s\n", os.Getuid(), os.Getgid(), os.Getenv("GREETING"))
	http.HandleFunc("/", func(w http.ResponseWriter, _ *http.Request) {
		fmt.Fprintf(w, "hello from %s\n", host)
	})
	exitOn(http.ListenAndServe(":8080", nil))
}

func get(url string) {
	client := http.Client{Timeout: 5 * time.Second}
	answer, err := client.Get(url)
	exitOn(err)
	defer answer.Body.Close()
	_, err = io.Copy(os.Stdout, answer.Body)
	exitOn(err)
}

func exitOn(err error) {
	if err != nil {
		fmt.Fprintln(os.Stderr, err)
		os.Exit(1)
	}
}
