// One container of a pod that runs: started, waited for, and started again where the restart policy says so.

package kubelet

import (
	"context"
	"io"
	"net"
	"os"
	"path/filepath"
	"sync"
	"syscall"
	"time"

	corev1 "k8s.io/api/core/v1"
	metav1 "k8s.io/apimachinery/pkg/apis/meta/v1"

	"gitlab_kube/testcluster/sandbox"
)

type containerRun struct {
	pod    *podRun
	spec   corev1.Container
	isInit bool

	mu      sync.Mutex
	status  corev1.ContainerStatus
	process *sandbox.Process // while it runs
	out     *output          // while it runs
	stdin   *io.PipeWriter   // while it runs, if the spec wants one
	api     net.Listener     // while it runs, if the pod asks for it; it would keep the container's network alive
	over    bool             // it ended, and won't be started again
}

func newContainerRun(r *podRun, c corev1.Container, isInit bool) *containerRun {
	return &containerRun{pod: r, spec: c, isInit: isInit, status: newStatus(r.pod, c)}
}

// untilDone runs the container until it needn't be run again; true if it ended well.
func (c *containerRun) untilDone() bool {
	defer c.finish()
	for pause := firstPause; ; pause = min(2*pause, longestPause) {
		code, ok := c.once()
		if !ok || !c.restarts(code) {
			return ok && code == 0
		}
		c.backOff()
		if !c.pod.sleep(pause) {
			return false
		}
	}
}

// Restarts are quicker than the kubelet's, which begin at 10 s.
const (
	firstPause   = 500 * time.Millisecond
	longestPause = 10 * time.Second
)

func (c *containerRun) restarts(code int) bool {
	switch c.pod.pod.Spec.RestartPolicy {
	case corev1.RestartPolicyNever:
		return false
	case corev1.RestartPolicyOnFailure:
		return code != 0
	}
	return code != 0 || !c.isInit
}

// once starts the command and waits for its end. It is not ok when the pod ended before the command could begin.
func (c *containerRun) once() (code int, ok bool) {
	spec, err := c.prepare()
	for err != nil {
		c.waiting("CreateContainerConfigError", err.Error())
		c.pod.publish()
		if !c.pod.sleep(time.Second) {
			return 0, false
		}
		spec, err = c.prepare()
	}
	defer os.RemoveAll(spec.Scratch)
	started := metav1.Now()
	p, err := c.start(spec)
	if err != nil {
		c.ended(&corev1.ContainerStateTerminated{ExitCode: startError, Reason: "StartError", Message: err.Error(), StartedAt: started, FinishedAt: metav1.Now()})
		return startError, c.pod.ctx.Err() == nil
	}
	c.pod.publish()
	code, err = p.Wait()
	t := terminated(int32(code), started, metav1.Now())
	if err != nil {
		t.Message = err.Error()
	}
	c.ended(t)
	return code, true
}

// startError is the exit code of a container that could not be started, as containerd has it.
const startError = 128

// prepare resolves all that the container refers to.
func (c *containerRun) prepare() (sandbox.Spec, error) {
	r := c.pod
	spec := sandbox.Spec{Dir: workingDir, Hostname: hostname(r.pod), Scratch: filepath.Join(r.dir, "containers", c.spec.Name)}
	if c.spec.WorkingDir != "" {
		spec.Dir = c.spec.WorkingDir
	}
	base := baseEnvironment(r.pod)
	c.offerAPI(base, &spec)
	env, err := environment(r.k.objects(r.ctx, r.pod.Namespace), r.pod, &c.spec, base)
	if err != nil {
		return spec, err
	}
	spec.Env, spec.Args = words(env), commandLine(&c.spec, env)
	if spec.Mounts, err = mounts(r.pod, &c.spec, r.dir); err != nil {
		return spec, err
	}
	return spec, os.MkdirAll(spec.Scratch, 0o755)
}

func (c *containerRun) start(spec sandbox.Spec) (*sandbox.Process, error) {
	out, err := newOutput(c.pod.k.logPath(c.pod.pod, c.spec.Name))
	if err != nil {
		return nil, err
	}
	streams := sandbox.Streams{Out: out, Err: out}
	var in *io.PipeWriter
	if c.spec.Stdin {
		streams.In, in = io.Pipe()
	}
	c.mu.Lock()
	defer c.mu.Unlock()
	if err := c.pod.ctx.Err(); err != nil { // killed while it was prepared; under the lock, so that signal can't miss it
		out.Close()
		return nil, err
	}
	p, err := sandbox.Start(c.pod.k.isolation, spec, streams)
	if err != nil {
		out.Close()
		return nil, err
	}
	yes := true
	c.process, c.out, c.stdin = p, out, in
	c.status.State = corev1.ContainerState{Running: &corev1.ContainerStateRunning{StartedAt: metav1.Now()}}
	c.status.Ready, c.status.Started = true, &yes
	return p, nil
}

// ended records the end, and closes the log before anybody can see it.
func (c *containerRun) ended(t *corev1.ContainerStateTerminated) {
	c.mu.Lock()
	if c.out != nil {
		c.out.Close()
	}
	if c.stdin != nil {
		c.stdin.Close()
	}
	if c.api != nil {
		c.api.Close()
	}
	no := false
	t.ContainerID = c.status.ContainerID
	c.process, c.out, c.stdin, c.api = nil, nil, nil, nil
	c.status.State, c.status.Ready, c.status.Started = corev1.ContainerState{Terminated: t}, c.isInit && t.ExitCode == 0, &no
	c.mu.Unlock()
	c.pod.publish()
}

func (c *containerRun) backOff() {
	c.mu.Lock()
	c.status.LastTerminationState = c.status.State
	c.status.RestartCount++
	c.status.State = corev1.ContainerState{Waiting: &corev1.ContainerStateWaiting{Reason: "CrashLoopBackOff"}}
	c.mu.Unlock()
	c.pod.publish()
}

func (c *containerRun) waiting(reason, message string) {
	c.mu.Lock()
	defer c.mu.Unlock()
	c.status.State = corev1.ContainerState{Waiting: &corev1.ContainerStateWaiting{Reason: reason, Message: message}}
}

func (c *containerRun) finish() {
	c.mu.Lock()
	defer c.mu.Unlock()
	c.over = true
}

func (c *containerRun) isOver() bool {
	c.mu.Lock()
	defer c.mu.Unlock()
	return c.over
}

func (c *containerRun) currentStatus() corev1.ContainerStatus {
	c.mu.Lock()
	defer c.mu.Unlock()
	return *c.status.DeepCopy()
}

func (c *containerRun) running() *sandbox.Process {
	c.mu.Lock()
	defer c.mu.Unlock()
	return c.process
}

func (c *containerRun) signal(s syscall.Signal) {
	if p := c.running(); p != nil {
		p.Signal(s)
	}
}

// objects reads through the API, so that a reference made a moment ago is found.
func (k *Kubelet) objects(ctx context.Context, namespace string) objects {
	return objects{
		configMap: func(name string) (*corev1.ConfigMap, error) {
			return k.client.CoreV1().ConfigMaps(namespace).Get(ctx, name, metav1.GetOptions{})
		},
		secret: func(name string) (*corev1.Secret, error) {
			return k.client.CoreV1().Secrets(namespace).Get(ctx, name, metav1.GetOptions{})
		},
	}
}
