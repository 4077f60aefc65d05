// The apiserver on a container's own loopback, for pods that ask for it: the one thing outside that they can reach.

package kubelet

import (
	"io"
	"net"
	"net/url"

	"gitlab_kube/testcluster/sandbox"
)

// annotationAPI "true" makes KUBERNETES_SERVICE_HOST and _PORT lead to the apiserver.
const annotationAPI = "testcluster/api"

// offerAPI adds the variables every in-cluster client reads. For an isolated container they lead to a relay in its network.
func (c *containerRun) offerAPI(env map[string]string, spec *sandbox.Spec) {
	k := c.pod.k
	if c.pod.pod.Annotations[annotationAPI] != "true" {
		return
	}
	host, port := k.apiAddress()
	env["KUBERNETES_SERVICE_HOST"], env["KUBERNETES_SERVICE_PORT"] = host, port
	if k.isolation != sandbox.Isolated {
		return
	}
	env["KUBERNETES_SERVICE_HOST"], env["KUBERNETES_SERVICE_PORT"] = "127.0.0.1", "6443"
	spec.Prepare = func(p *sandbox.Process) (err error) {
		if c.api, err = p.Listen(6443); err == nil {
			go relay(c.api, net.JoinHostPort(host, port))
		}
		return err
	}
}

func (k *Kubelet) apiAddress() (host, port string) {
	u, err := url.Parse(k.Server)
	if err != nil {
		return "", ""
	}
	return u.Hostname(), u.Port()
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
