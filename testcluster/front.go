// A door in front of the apiserver whose connections grow old, as those to GitLab's agent server do: each is told to go
// (GOAWAY, RFC 9113 section 6.8) at an age, and closed after a grace, whatever is still under way on it.

package main

import (
	"context"
	"crypto/tls"
	"net"
	"net/http"
	"net/http/httputil"
	"net/url"
	"time"

	"golang.org/x/net/http2"
	"k8s.io/client-go/rest"
)

type front struct {
	age, grace time.Duration
	proxy      http.Handler
}

// startFront answers the door's URL. Who comes through it is the administrator.
func (c *cluster) startFront(ctx context.Context) (string, error) {
	pair, err := tls.LoadX509KeyPair(c.pki.path("apiserver.crt"), c.pki.path("apiserver.key"))
	if err != nil {
		return "", err
	}
	proxy, err := c.adminProxy()
	if err != nil {
		return "", err
	}
	listener, err := tls.Listen("tcp", "127.0.0.1:0", &tls.Config{Certificates: []tls.Certificate{pair}, NextProtos: []string{"h2"}})
	if err != nil {
		return "", err
	}
	context.AfterFunc(ctx, func() { _ = listener.Close() })
	f := &front{age: c.frontAge, grace: c.frontGrace, proxy: proxy}
	go f.accept(listener)
	return "https://" + listener.Addr().String(), nil
}

func (c *cluster) adminProxy() (http.Handler, error) {
	target, err := url.Parse(c.server)
	if err != nil {
		return nil, err
	}
	transport, err := rest.TransportFor(c.config)
	if err != nil {
		return nil, err
	}
	proxy := httputil.NewSingleHostReverseProxy(target)
	proxy.Transport = transport
	proxy.FlushInterval = -1 // an event is passed on when it comes
	return proxy, nil
}

func (f *front) accept(listener net.Listener) {
	for {
		conn, err := listener.Accept()
		if err != nil {
			return
		}
		go f.serve(conn.(*tls.Conn))
	}
}

// serve gives each connection a server of its own: only a whole server can be asked to say GOAWAY.
func (f *front) serve(conn *tls.Conn) {
	defer conn.Close()
	if conn.Handshake() != nil {
		return
	}
	server, h2 := &http.Server{Handler: f.proxy}, &http2.Server{}
	if http2.ConfigureServer(server, h2) != nil {
		return
	}
	old := time.AfterFunc(f.age, func() { _ = server.Shutdown(context.Background()) })
	dead := time.AfterFunc(f.age+f.grace, func() { _ = conn.NetConn().Close() })
	defer old.Stop()
	defer dead.Stop()
	h2.ServeConn(conn, &http2.ServeConnOpts{BaseConfig: server})
}
