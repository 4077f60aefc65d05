// pods/portforward.

package kubelet

import (
	"context"
	"fmt"
	"io"
	"net"
)

// PortForward leads to the pod's annotated target, or into its running container; a pod that has neither echoes.
func (k *Kubelet) PortForward(ctx context.Context, name, _ string, port int32, stream io.ReadWriteCloser) error {
	defer stream.Close()
	pod := k.named(name)
	if pod == nil {
		return fmt.Errorf("pod %s is gone", name)
	}
	var to net.Conn
	var err error
	switch target, run := pod.Annotations[annotationForward], k.runOf(pod.UID); {
	case target != "":
		to, err = new(net.Dialer).DialContext(ctx, "tcp", target)
	case run != nil:
		to, err = run.dial(ctx, int(port))
	default:
		_, err = io.Copy(stream, stream)
		return err
	}
	if err != nil {
		return err
	}
	defer to.Close()
	join(stream, to)
	return nil
}
