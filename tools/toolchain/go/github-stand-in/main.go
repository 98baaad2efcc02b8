// Stands in for GitHub's API where there is no token for it, in front of Prow's own fakeghserver: it answers what Prow's
// components ask at their start and fakeghserver does not know, as a GitHub without pull requests and without forks, and
// hands all else on.
package main

import (
	"fmt"
	"io"
	"log"
	"net/http"
	"net/http/httputil"
	"net/url"
	"os"
	"strings"
	"time"
)

// What a search has in it, by the words with which a query asks for it. The clients refuse fields that they did not ask
// for.
var search = []struct{ word, answer string }{
	{"pageInfo", `"pageInfo":{"hasNextPage":false,"endCursor":""}`},
	{"nodes", `"nodes":[]`},
}

func main() {
	if len(os.Args) != 3 {
		log.Fatalf("usage: %s address upstream", os.Args[0])
	}
	upstream, err := url.Parse(os.Args[2])
	if err != nil {
		log.Fatalf("cannot use the upstream: %v", err)
	}
	mux := http.NewServeMux()
	mux.HandleFunc("POST /graphql", graphql)
	mux.HandleFunc("GET /users/{user}/repos", func(w http.ResponseWriter, _ *http.Request) {
		answer(w, "[]")
	})
	mux.Handle("/", httputil.NewSingleHostReverseProxy(upstream))
	server := http.Server{Addr: os.Args[1], Handler: mux, ReadHeaderTimeout: 10 * time.Second}
	log.Fatal(server.ListenAndServe())
}

// graphql answers a search, of which nothing is found.
func graphql(w http.ResponseWriter, r *http.Request) {
	body, err := io.ReadAll(io.LimitReader(r.Body, 1<<20))
	if err != nil {
		http.Error(w, err.Error(), http.StatusBadRequest)
		return
	}
	query := string(body)
	if !strings.Contains(query, "search(") {
		http.Error(w, "this stands in for GitHub and knows searches only", http.StatusNotImplemented)
		return
	}
	var found []string
	for _, part := range search {
		if strings.Contains(query, part.word) {
			found = append(found, part.answer)
		}
	}
	parts := []string{fmt.Sprintf(`"search":{%s}`, strings.Join(found, ","))}
	if strings.Contains(query, "rateLimit") {
		parts = append(parts, `"rateLimit":{"cost":0,"remaining":5000}`)
	}
	answer(w, fmt.Sprintf(`{"data":{%s}}`, strings.Join(parts, ",")))
}

func answer(w http.ResponseWriter, body string) {
	w.Header().Set("Content-Type", "application/json")
	_, _ = io.WriteString(w, body)
}
