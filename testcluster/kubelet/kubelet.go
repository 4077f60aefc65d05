// Package kubelet stands in for every node's kubelet: it settles pods in a phase, or really runs them where asked.
// This file: the stand-in itself, and how it starts and ends.
package kubelet

import (
	"context"
	"os"
	"path/filepath"
	"sync"

	corev1 "k8s.io/api/core/v1"
	"k8s.io/apimachinery/pkg/fields"
	"k8s.io/apimachinery/pkg/types"
	"k8s.io/client-go/kubernetes"
	"k8s.io/client-go/rest"
	"k8s.io/client-go/tools/cache"

	"gitlab_kube/testcluster/sandbox"
)

// Annotations of a pod, all optional.
const (
	annotationRun           = "testcluster/run"            // "true": really run the containers' commands
	annotationPhase         = "testcluster/phase"          // the phase to settle in, for a pod that isn't run
	annotationDeletionDelay = "testcluster/deletion-delay" // how long a deleted pod stays Terminating
	annotationForward       = "testcluster/forward"        // where port-forward leads
	annotationServe         = "testcluster/serve"          // where the pod's address leads: pods/proxy and services/proxy
)

// Certificates are paths of PEM files: the authority, and the kubelet's own pair.
type Certificates struct{ CA, Cert, Key string }

// Options of New.
type Options struct {
	Dir          string // the cluster's work directory: logs/ and pods/ are made in it
	Config       *rest.Config
	Server       string // the apiserver's URL
	Nodes        int
	Certificates Certificates
}

// Kubelet serves all nodes of the cluster at once.
type Kubelet struct {
	Options
	isolation sandbox.Isolation
	client    kubernetes.Interface
	pods      cache.Store
	addresses addresses

	mu   sync.Mutex
	runs map[types.UID]*podRun // the pods that really run
}

// New makes a kubelet that does nothing until it is started.
func New(o Options) *Kubelet {
	return &Kubelet{Options: o, isolation: sandbox.Detect(), runs: map[types.UID]*podRun{}}
}

// Isolation says how far the processes of pods are kept apart from this machine.
func (k *Kubelet) Isolation() sandbox.Isolation { return k.isolation }

// Start registers the nodes and follows their pods; supervise runs what must not stop.
func (k *Kubelet) Start(ctx context.Context, supervise func(string, func() error)) error {
	config := rest.CopyConfig(k.Config)
	config.ContentType, config.AcceptContentTypes = "application/vnd.kubernetes.protobuf", "application/vnd.kubernetes.protobuf,application/json"
	client, err := kubernetes.NewForConfig(config)
	if err != nil {
		return err
	}
	k.client = client
	follow := k.follow(ctx) // fills k.pods, which requests read
	port, err := k.listen(supervise)
	if err != nil {
		return err
	}
	if err := k.registerNodes(ctx, port); err != nil {
		return err
	}
	go follow()
	return nil
}

// Close kills every process of every pod and removes their directories.
func (k *Kubelet) Close() {
	k.mu.Lock()
	runs := k.runs
	k.runs = nil // nothing starts any more
	k.mu.Unlock()
	for _, r := range runs {
		r.kill()
	}
	for _, r := range runs {
		<-r.ended
	}
	_ = os.RemoveAll(filepath.Join(k.Dir, "pods"))
}

// follow prepares the watch of all pods that have a node; the answer runs it.
func (k *Kubelet) follow(ctx context.Context) func() {
	queue := make(chan *corev1.Pod, 100_000)
	enqueue := func(o any) { queue <- o.(*corev1.Pod) }
	bound := cache.NewListWatchFromClient(k.client.CoreV1().RESTClient(), "pods", "", fields.OneTermNotEqualSelector("spec.nodeName", ""))
	store, informer := cache.NewInformerWithOptions(cache.InformerOptions{ListerWatcher: bound, ObjectType: &corev1.Pod{},
		Handler: cache.ResourceEventHandlerFuncs{AddFunc: enqueue, UpdateFunc: func(_, o any) { enqueue(o) }, DeleteFunc: k.forget}})
	k.pods = store
	return func() {
		for range 8 {
			go k.work(ctx, queue)
		}
		informer.RunWithContext(ctx)
	}
}

// pod is the pod as last seen, or nil.
func (k *Kubelet) pod(namespace, name string) *corev1.Pod {
	if o, ok, _ := k.pods.GetByKey(namespace + "/" + name); ok {
		return o.(*corev1.Pod)
	}
	return nil
}
