// The apiserver on a container's own loopback, for pods that ask for it: the one thing outside that they can reach.
package kubelet

import (
	"io"
	"net"

	corev1 "k8s.io/api/core/v1"

	"gitlab_kube/testcluster/sandbox"
)

// annotationAPI "true" makes KUBERNETES_SERVICE_HOST and _PORT lead to the apiserver.
const annotationAPI = "testcluster/api"

// offerAPI adds the variables every in-cluster client reads, and for isolated containers the relay they lead to.
func (k *Kubelet) offerAPI(pod *corev1.Pod, env map[string]string, spec *sandbox.Spec) {
	if pod.Annotations[annotationAPI] != "true" {
		return
	}
	host, port := k.apiAddress()
	env["KUBERNETES_SERVICE_HOST"], env["KUBERNETES_SERVICE_PORT"] = host, port
	if k.isolation != sandbox.Isolated {
		return
	}
	env["KUBERNETES_SERVICE_HOST"], env["KUBERNETES_SERVICE_PORT"] = "127.0.0.1", "6443"
	spec.Prepare = func(p *sandbox.Process) error {
		l, err := p.Listen(6443)
		if err == nil {
			go relay(l, net.JoinHostPort(host, port))
		}
		return err
	}
}

// relay joins every connection to the target, until the listener is closed.
func relay(l net.Listener, target string) {
	for {
		in, err := l.Accept()
		if err != nil {
			return
		}
		go func() {
			defer in.Close()
			out, err := net.Dial("tcp", target)
			if err != nil {
				return
			}
			defer out.Close()
			join(in, out)
		}()
	}
}

// join copies both ways until the answering side is done; the asking side may end earlier.
func join(asking io.ReadWriter, answering net.Conn) {
	go func() {
		_, _ = io.Copy(answering, asking)
		if half, ok := answering.(interface{ CloseWrite() error }); ok {
			_ = half.CloseWrite()
		}
	}()
	_, _ = io.Copy(asking, answering)
}
