// Command egress is the way out of a network namespace that has none: an HTTP proxy that listens inside of it, and
// connects from another one. Only who knows the password is served, so that the way out is that of one process.
//
//	EGRESS_PASSWORD=... egress 127.0.0.1:3128 3< <network namespace to connect from>
package main

import (
	"crypto/subtle"
	"encoding/base64"
	"fmt"
	"io"
	"log"
	"net"
	"net/http"
	"os"
	"runtime"
	"strconv"
	"strings"
	"syscall"
	"time"

	"golang.org/x/sys/unix"
)

const (
	// outside is the descriptor of the network namespace to connect from.
	outside = 3
	// listenerVariable names the descriptor of the listener for the program's second life.
	listenerVariable = "EGRESS_LISTENER"
	passwordVariable = "EGRESS_PASSWORD"
	dialTimeout      = 30 * time.Second
)

func main() {
	if descriptor := os.Getenv(listenerVariable); descriptor != "" {
		serve(descriptor)
		return
	}
	if len(os.Args) != 2 {
		log.Fatal("usage: egress ADDRESS, with a network namespace as descriptor 3")
	}
	leave(os.Args[1])
}

// leave listens here, and starts the program again in the other namespace: a socket stays where it was made, and all
// threads of a program that is started are in the namespace of the one that started it.
func leave(address string) {
	listener, err := net.Listen("tcp", address)
	exitOn(err)
	file, err := listener.(*net.TCPListener).File()
	exitOn(err)
	descriptor := file.Fd()
	_, err = unix.FcntlInt(descriptor, unix.F_SETFD, 0)
	exitOn(err)
	self, err := os.Executable()
	exitOn(err)
	runtime.LockOSThread()
	exitOn(unix.Setns(outside, unix.CLONE_NEWNET))
	variable := listenerVariable + "=" + strconv.Itoa(int(descriptor))
	exitOn(syscall.Exec(self, os.Args, append(os.Environ(), variable)))
}

func serve(descriptor string) {
	number, err := strconv.Atoi(descriptor)
	exitOn(err)
	listener, err := net.FileListener(os.NewFile(uintptr(number), "listener"))
	exitOn(err)
	proxy := &proxy{credentials: credentials(os.Getenv(passwordVariable))}
	exitOn((&http.Server{Handler: proxy, ReadHeaderTimeout: dialTimeout}).Serve(listener))
}

// credentials is what a client with the user egress and this password sends (RFC 7617).
func credentials(password string) string {
	return "Basic " + base64.StdEncoding.EncodeToString([]byte("egress:"+password))
}

type proxy struct {
	credentials string
	transport   http.Transport
}

func (p *proxy) ServeHTTP(w http.ResponseWriter, r *http.Request) {
	given := []byte(r.Header.Get("Proxy-Authorization"))
	if subtle.ConstantTimeCompare(given, []byte(p.credentials)) != 1 {
		http.Error(w, "this way out is not for everybody", http.StatusProxyAuthRequired)
		return
	}
	if r.Method == http.MethodConnect {
		connect(w, r)
		return
	}
	p.forward(w, r)
}

// connect joins the client with the host that it asks for, which speaks TLS with it.
func connect(w http.ResponseWriter, r *http.Request) {
	server, err := net.DialTimeout("tcp", r.Host, dialTimeout)
	client, buffered, hijackErr := w.(http.Hijacker).Hijack()
	if hijackErr != nil {
		log.Print(hijackErr)
		return
	}
	defer client.Close()
	if err != nil {
		// The client shows the text of the status line, and nothing else.
		reason := strings.Join(strings.Fields(err.Error()), " ")
		fmt.Fprintf(client, "HTTP/1.1 502 %s\r\nContent-Length: 0\r\n\r\n", reason)
		return
	}
	defer server.Close()
	fmt.Fprint(client, "HTTP/1.1 200 Connected\r\n\r\n")
	done := make(chan struct{}, 2)
	go pipe(server, buffered, done)
	go pipe(client, server, done)
	<-done
	<-done
}

// pipe copies until the source ends, and says so to the destination.
func pipe(to net.Conn, from io.Reader, done chan<- struct{}) {
	_, _ = io.Copy(to, from)
	if half, ok := to.(*net.TCPConn); ok {
		_ = half.CloseWrite()
	}
	done <- struct{}{}
}

// forward sends a request on that is not for TLS.
func (p *proxy) forward(w http.ResponseWriter, r *http.Request) {
	r.Header.Del("Proxy-Authorization")
	r.Header.Del("Proxy-Connection")
	answer, err := p.transport.RoundTrip(r)
	if err != nil {
		http.Error(w, err.Error(), http.StatusBadGateway)
		return
	}
	defer answer.Body.Close()
	for name, values := range answer.Header {
		w.Header()[name] = values
	}
	w.WriteHeader(answer.StatusCode)
	_, _ = io.Copy(w, answer.Body)
}

func exitOn(err error) {
	if err != nil {
		log.Fatal(err)
	}
}
