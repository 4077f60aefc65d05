// The kubelet's HTTPS server: the paths the apiserver calls, for callers with a certificate of the cluster's authority.

package kubelet

import (
	"crypto/tls"
	"crypto/x509"
	"errors"
	"net"
	"net/http"
	"os"
	"strings"
	"time"

	"k8s.io/cri-streaming/pkg/streaming/portforward"
	"k8s.io/cri-streaming/pkg/streaming/remotecommand"
)

// listen serves on a free port of loopback.
func (k *Kubelet) listen(supervise func(string, func() error)) (int32, error) {
	ca, err := os.ReadFile(k.Certificates.CA)
	if err != nil {
		return 0, err
	}
	callers := x509.NewCertPool()
	if !callers.AppendCertsFromPEM(ca) {
		return 0, errors.New("no authority")
	}
	l, err := net.Listen("tcp", hostIP+":0")
	if err != nil {
		return 0, err
	}
	s := &http.Server{Handler: k, TLSConfig: &tls.Config{ClientCAs: callers, ClientAuth: tls.RequireAndVerifyClientCert}}
	supervise("kubelet", func() error { return s.ServeTLS(l, k.Certificates.Cert, k.Certificates.Key) })
	return int32(l.Addr().(*net.TCPAddr).Port), nil
}

// idle ends a stream on which nothing happened for so long.
const idle = 4 * time.Hour

// ServeHTTP answers /containerLogs|exec|attach/NAMESPACE/POD/CONTAINER and /portForward/NAMESPACE/POD.
func (k *Kubelet) ServeHTTP(w http.ResponseWriter, r *http.Request) {
	parts := strings.Split(strings.Trim(r.URL.Path, "/"), "/")
	if len(parts) < 3 {
		http.NotFound(w, r)
		return
	}
	pod := k.pod(parts[1], parts[2])
	if pod == nil {
		http.NotFound(w, r)
		return
	}
	name, container := parts[1]+"/"+parts[2], parts[len(parts)-1]
	switch parts[0] {
	case "containerLogs":
		k.serveLogs(w, r, pod, container)
	case "exec", "attach":
		k.serveCommand(w, r, parts[0], name, container)
	case "portForward":
		o, err := portforward.NewV4Options(r)
		if err != nil {
			http.Error(w, err.Error(), http.StatusBadRequest)
			return
		}
		portforward.ServePortForward(w, r, k, name, "", o, idle, remotecommand.DefaultStreamCreationTimeout, portforward.SupportedProtocols)
	default:
		http.NotFound(w, r)
	}
}

func (k *Kubelet) serveCommand(w http.ResponseWriter, r *http.Request, kind, name, container string) {
	o, err := remotecommand.NewOptions(r)
	if err != nil {
		http.Error(w, err.Error(), http.StatusBadRequest)
		return
	}
	const wait = remotecommand.DefaultStreamCreationTimeout
	if kind == "attach" {
		remotecommand.ServeAttach(w, r, k, name, "", container, o, idle, wait, remotecommand.SupportedStreamingProtocols)
		return
	}
	remotecommand.ServeExec(w, r, k, name, "", container, r.URL.Query()["command"], o, idle, wait, remotecommand.SupportedStreamingProtocols)
}
