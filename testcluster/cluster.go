// The cluster: its parts in the order they start, and its end.

package main

import (
	"context"
	"fmt"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"time"

	rbacv1 "k8s.io/api/rbac/v1"
	metav1 "k8s.io/apimachinery/pkg/apis/meta/v1"
	"k8s.io/client-go/kubernetes"
	"k8s.io/client-go/rest"

	"gitlab_kube/testcluster/kubelet"
)

type cluster struct {
	options
	pki    *pki
	server string
	config *rest.Config
	client kubernetes.Interface
	failed chan error // what stopped that should not have
}

func (c *cluster) path(name string) string { return filepath.Join(c.dir, name) }

// run starts everything, says READY and waits for the end of ctx or of any part.
func run(ctx context.Context, o options) error {
	start := time.Now()
	c := &cluster{options: o, failed: make(chan error, 8)}
	cleanUp, err := c.prepareDir()
	if err != nil {
		return err
	}
	defer cleanUp()
	log, err := c.openLog()
	if err != nil {
		return err
	}
	ctx, cancel := context.WithCancel(ctx)
	defer cancel()

	if c.pki, err = newPKI(c.dir); err != nil {
		return err
	}
	etcdURL, err := startEtcd(ctx, c.path("etcd"), c.path("etcd.sock"), log, c.startRevision)
	if err != nil {
		return fmt.Errorf("etcd: %w", err)
	}
	port, release, err := holdPort(c.port)
	if err != nil {
		return fmt.Errorf("port %d: %w", c.port, err)
	}
	defer release()
	c.port = port
	c.server = fmt.Sprintf("https://127.0.0.1:%d", c.port)
	if c.config, c.client, err = c.connect(); err != nil {
		return err
	}
	node := kubelet.New(kubelet.Options{Dir: c.dir, Config: c.config, Server: c.server, Nodes: c.nodes, Certificates: c.pki.kubelet})
	defer node.Close()
	c.supervise("kube-apiserver", func() error {
		return c.serveAPI(ctx, func(life context.Context) error { return runAPIServer(life, c.apiserverFlags(etcdURL), node.Dial) })
	})
	if err := c.waitFor(ctx, "readyz", c.readyz); err != nil {
		return err
	}
	readyz := time.Since(start)
	if c.controllers != "" {
		c.supervise("kube-controller-manager", func() error { return runControllers(ctx, c.controllerFlags()) })
	}
	if c.nodes > 0 {
		if err := node.Start(ctx, func(what string, run func() error) { c.supervise(what, run) }); err != nil {
			return fmt.Errorf("kubelet: %w", err)
		}
		go schedule(ctx, c.client, c.nodes)
	}
	if err := c.waitFor(ctx, "usable", c.usable); err != nil {
		return err
	}
	if err := c.writeKubeconfig(c.path("kubeconfig")); err != nil {
		return err
	}
	front := "none"
	if c.frontAge > 0 {
		if front, err = c.startFront(ctx); err != nil {
			return err
		}
	}
	fmt.Printf("READY kubeconfig=%s server=%s front=%s readyz_ms=%d usable_ms=%d pods=%s\n",
		c.path("kubeconfig"), c.server, front, readyz.Milliseconds(), time.Since(start).Milliseconds(), node.Isolation())
	select {
	case <-ctx.Done():
		return nil
	case err := <-c.failed:
		return err
	}
}

// supervise runs a part that must not stop before the cluster does.
func (c *cluster) supervise(what string, run func() error) {
	go func() {
		if err := run(); err != nil {
			c.failed <- fmt.Errorf("%s: %w", what, err)
		} else {
			c.failed <- fmt.Errorf("%s stopped", what)
		}
	}()
}

func (c *cluster) readyz(ctx context.Context) bool {
	body, err := c.client.Discovery().RESTClient().Get().AbsPath("/readyz").Timeout(2 * time.Second).DoRaw(ctx)
	return err == nil && string(body) == "ok"
}

// usable is true when what a first test needs exists: the default ServiceAccount, filled aggregated roles, nodes.
func (c *cluster) usable(ctx context.Context) bool {
	if c.runs("serviceaccount-controller") {
		if _, err := c.client.CoreV1().ServiceAccounts("default").Get(ctx, "default", metav1.GetOptions{}); err != nil {
			return false
		}
	}
	if c.runs("clusterrole-aggregation-controller") && !c.aggregated(ctx) {
		return false
	}
	nodes, err := c.client.CoreV1().Nodes().List(ctx, metav1.ListOptions{})
	return err == nil && len(nodes.Items) == c.nodes
}

// aggregated is true when admin may read pods: that comes from view by way of edit, so it is the last to be filled.
func (c *cluster) aggregated(ctx context.Context) bool {
	admin, err := c.client.RbacV1().ClusterRoles().Get(ctx, "admin", metav1.GetOptions{})
	return err == nil && slices.ContainsFunc(admin.Rules, func(rule rbacv1.PolicyRule) bool {
		return slices.Contains(rule.Resources, "pods") && slices.Contains(rule.Verbs, "list")
	})
}

func (c *cluster) runs(controller string) bool {
	return c.controllers == "*" || strings.Contains(","+c.controllers+",", ","+controller+",")
}

func (c *cluster) waitFor(ctx context.Context, what string, done func(context.Context) bool) error {
	for deadline := time.Now().Add(2 * time.Minute); time.Now().Before(deadline); {
		if done(ctx) {
			return nil
		}
		select {
		case err := <-c.failed:
			return err
		case <-ctx.Done():
			return ctx.Err()
		case <-time.After(25 * time.Millisecond):
		}
	}
	return fmt.Errorf("not %s after 2 minutes (see %s)", what, c.path("testcluster.log"))
}

// prepareDir makes the work directory and says how to leave it: gone if it is ours, else with nothing but the logs.
func (c *cluster) prepareDir() (cleanUp func(), err error) {
	ours := c.dir == ""
	if ours {
		c.dir, err = os.MkdirTemp("", "testcluster-")
	} else {
		c.dir, err = filepath.Abs(c.dir)
	}
	if err != nil {
		return nil, err
	}
	if err := os.MkdirAll(c.dir, 0o700); err != nil {
		return nil, err
	}
	c.removeAllBut() // what a killed run may have left
	return func() {
		c.removeAllBut("testcluster.log", "logs")
		if ours {
			_ = os.RemoveAll(c.dir)
		}
	}, nil
}

// made lists every name testcluster may create in its directory.
var made = []string{"etcd", "etcd.sock", "pods", "pki", "kubeconfig", "testcluster.log", "logs"}

func (c *cluster) removeAllBut(kept ...string) {
	for _, name := range made {
		if !strings.Contains(" "+strings.Join(kept, " ")+" ", " "+name+" ") {
			_ = os.RemoveAll(c.path(name))
		}
	}
}
