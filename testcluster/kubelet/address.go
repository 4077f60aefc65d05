// Pod addresses: names that only this process understands.
//
// They come from 240.0.0.0/4, which RFC 6890 §2.2.2 says is neither a valid source nor destination and never
// forwarded. No interface and no route has them: the apiserver reaches a pod through Dial, which never puts a packet
// with such an address on any network. (Loopback addresses would need no Dial, but the API refuses them for pods.)

package kubelet

import (
	"context"
	"fmt"
	"net"
	"net/netip"
	"strconv"
	"sync"

	corev1 "k8s.io/api/core/v1"
	metav1 "k8s.io/apimachinery/pkg/apis/meta/v1"
	"k8s.io/apimachinery/pkg/types"
)

var podCIDR = netip.MustParsePrefix("240.244.0.0/16")

// addresses remembers whose each address is; the zero value has given none.
type addresses struct {
	mu   sync.Mutex
	last netip.Addr
	pods map[netip.Addr]types.NamespacedName
}

// take gives the pod the next free address, or nothing when all are taken.
func (a *addresses) take(pod types.NamespacedName) string {
	a.mu.Lock()
	defer a.mu.Unlock()
	if a.pods == nil {
		a.pods, a.last = map[netip.Addr]types.NamespacedName{}, podCIDR.Addr()
	}
	for range 1 << (32 - podCIDR.Bits()) {
		if a.last = a.last.Next(); !podCIDR.Contains(a.last) {
			a.last = podCIDR.Addr().Next()
		}
		if _, taken := a.pods[a.last]; !taken {
			a.pods[a.last] = pod
			return a.last.String()
		}
	}
	return ""
}

func (a *addresses) release(ip string) {
	if addr, err := netip.ParseAddr(ip); err == nil {
		a.mu.Lock()
		delete(a.pods, addr)
		a.mu.Unlock()
	}
}

func (a *addresses) owner(ip netip.Addr) (types.NamespacedName, bool) {
	a.mu.Lock()
	defer a.mu.Unlock()
	pod, ok := a.pods[ip]
	return pod, ok
}

// place gives the pod its host and its address.
func (k *Kubelet) place(pod *corev1.Pod) {
	now := metav1.Now()
	if pod.Status.StartTime == nil {
		pod.Status.StartTime = &now
	}
	pod.Status.HostIP, pod.Status.HostIPs = hostIP, []corev1.HostIP{{IP: hostIP}}
	if pod.Status.PodIP == "" {
		if ip := k.addresses.take(types.NamespacedName{Namespace: pod.Namespace, Name: pod.Name}); ip != "" {
			pod.Status.PodIP, pod.Status.PodIPs = ip, []corev1.PodIP{{IP: ip}}
		}
	}
}

// Dial is the apiserver's only way out: loopback, and the cluster's own pods.
func (k *Kubelet) Dial(ctx context.Context, network, address string) (net.Conn, error) {
	to, err := netip.ParseAddrPort(address)
	if err != nil {
		return nil, fmt.Errorf("testcluster dials addresses, not names: %s", address)
	}
	if to.Addr().IsLoopback() {
		return new(net.Dialer).DialContext(ctx, network, address)
	}
	if name, ok := k.addresses.owner(to.Addr()); ok {
		return k.dialPod(ctx, name, int(to.Port()))
	}
	return nil, fmt.Errorf("testcluster dials only loopback and its own pods, not %s", address)
}

// dialPod connects to where the pod's annotation leads, or to the port on the loopback of its running container.
func (k *Kubelet) dialPod(ctx context.Context, name types.NamespacedName, port int) (net.Conn, error) {
	pod := k.pod(name.Namespace, name.Name)
	if pod == nil {
		return nil, fmt.Errorf("pod %s is gone", name)
	}
	if target := pod.Annotations[annotationServe]; target != "" {
		return new(net.Dialer).DialContext(ctx, "tcp", target)
	}
	if run := k.runOf(pod.UID); run != nil {
		return run.dial(ctx, port)
	}
	return nil, fmt.Errorf("nothing listens on port %s of pod %s", strconv.Itoa(port), name)
}
