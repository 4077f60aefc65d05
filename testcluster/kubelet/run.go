// A pod that really runs: its volumes, its init containers in order, then its containers side by side.

package kubelet

import (
	"context"
	"fmt"
	"net"
	"os"
	"path/filepath"
	"sync"
	"syscall"
	"time"

	corev1 "k8s.io/api/core/v1"
	metav1 "k8s.io/apimachinery/pkg/apis/meta/v1"
	"k8s.io/apimachinery/pkg/types"
	"k8s.io/client-go/util/retry"
	"k8s.io/klog/v2"
)

type podRun struct {
	k      *Kubelet
	pod    *corev1.Pod // as it was when it began, with its address
	dir    string      // on the host, the pod's own
	ctx    context.Context
	cancel context.CancelFunc
	ended  chan struct{} // closed when no process is left

	init, containers []*containerRun

	publishing sync.Mutex // one status at a time, the newest last
}

func (k *Kubelet) runOf(uid types.UID) *podRun {
	k.mu.Lock()
	defer k.mu.Unlock()
	return k.runs[uid]
}

// startRun begins the pod, once.
func (k *Kubelet) startRun(pod *corev1.Pod) {
	k.mu.Lock()
	defer k.mu.Unlock()
	if k.runs == nil || k.runs[pod.UID] != nil {
		return
	}
	r := &podRun{k: k, pod: pod.DeepCopy(), dir: filepath.Join(k.Dir, "pods", string(pod.UID)), ended: make(chan struct{})}
	r.ctx, r.cancel = context.WithCancel(context.Background()) // ends with the pod, or with Close
	k.place(r.pod)
	for _, c := range r.pod.Spec.InitContainers {
		r.init = append(r.init, newContainerRun(r, c, true))
	}
	for _, c := range r.pod.Spec.Containers {
		r.containers = append(r.containers, newContainerRun(r, c, false))
	}
	k.runs[pod.UID] = r
	go r.run()
}

func (r *podRun) run() {
	defer close(r.ended)
	defer r.cancel()
	r.publish()
	if !r.prepare() {
		return
	}
	for _, c := range r.init {
		if !c.untilDone() {
			return
		}
	}
	var all sync.WaitGroup
	for _, c := range r.containers {
		all.Go(func() { c.untilDone() })
	}
	all.Wait()
}

// prepare makes the volumes, again and again until what they refer to exists, as the kubelet does.
func (r *podRun) prepare() bool {
	for {
		err := os.MkdirAll(r.dir, 0o711)
		if err == nil {
			err = r.k.makeVolumes(r.ctx, r.pod, r.dir)
		}
		if err == nil {
			return true
		}
		klog.InfoS("volumes not ready", "pod", klog.KObj(r.pod), "err", err)
		for _, c := range append(r.init, r.containers...) {
			c.waiting("ContainerCreating", err.Error())
		}
		r.publish()
		if !r.sleep(time.Second) {
			return false
		}
	}
}

func (r *podRun) sleep(d time.Duration) bool {
	select {
	case <-r.ctx.Done():
		return false
	case <-time.After(d):
		return true
	}
}

// publish writes the containers' states to the pod's status.
func (r *podRun) publish() {
	r.publishing.Lock()
	defer r.publishing.Unlock()
	err := retry.RetryOnConflict(retry.DefaultBackoff, func() error {
		p, err := r.k.client.CoreV1().Pods(r.pod.Namespace).Get(r.ctx, r.pod.Name, metav1.GetOptions{})
		if err != nil || p.UID != r.pod.UID {
			return err
		}
		p.Status.HostIP, p.Status.HostIPs = r.pod.Status.HostIP, r.pod.Status.HostIPs
		p.Status.PodIP, p.Status.PodIPs, p.Status.StartTime = r.pod.Status.PodIP, r.pod.Status.PodIPs, r.pod.Status.StartTime
		p.Status.InitContainerStatuses, p.Status.ContainerStatuses = statuses(r.init), statuses(r.containers)
		setPhase(p, phaseOf(p.Spec.RestartPolicy, p.Status.InitContainerStatuses, p.Status.ContainerStatuses))
		_, err = r.k.client.CoreV1().Pods(p.Namespace).UpdateStatus(r.ctx, p, metav1.UpdateOptions{})
		return err
	})
	if err != nil && r.ctx.Err() == nil {
		klog.InfoS("status not published", "pod", klog.KObj(r.pod), "err", err)
	}
}

func statuses(containers []*containerRun) []corev1.ContainerStatus {
	var result []corev1.ContainerStatus
	for _, c := range containers {
		result = append(result, c.currentStatus())
	}
	return result
}

// stop asks every process to end, and after the grace period makes it.
func (r *podRun) stop(grace time.Duration) {
	r.cancel() // nothing is restarted
	r.signal(syscall.SIGTERM)
	select {
	case <-r.ended:
	case <-time.After(grace):
		r.kill()
		<-r.ended
	}
}

func (r *podRun) kill() {
	r.cancel()
	r.signal(syscall.SIGKILL)
}

func (r *podRun) signal(s syscall.Signal) {
	for _, c := range append(r.init, r.containers...) {
		c.signal(s)
	}
}

// longestGrace cuts the grace period: a command that is process 1 of its container ignores SIGTERM unless it says
// otherwise (pid_namespaces(7)), and no test wants to wait half a minute for it.
const longestGrace = time.Second

func grace(pod *corev1.Pod) time.Duration {
	if s := pod.DeletionGracePeriodSeconds; s != nil && time.Duration(*s)*time.Second < longestGrace {
		return time.Duration(*s) * time.Second
	}
	return longestGrace
}

func (r *podRun) container(name string) *containerRun {
	for _, c := range append(r.init, r.containers...) {
		if c.spec.Name == name {
			return c
		}
	}
	return nil
}

func (r *podRun) over(container string) bool {
	c := r.container(container)
	return c != nil && c.isOver()
}

// dial connects to the port in whichever container listens on it.
func (r *podRun) dial(ctx context.Context, port int) (net.Conn, error) {
	err := fmt.Errorf("no container of pod %s/%s runs", r.pod.Namespace, r.pod.Name)
	for _, c := range r.containers {
		if p := c.running(); p != nil {
			var conn net.Conn
			if conn, err = p.Dial(ctx, port); err == nil {
				return conn, nil
			}
		}
	}
	return nil, err
}
