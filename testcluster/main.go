// Command testcluster is a throw-away Kubernetes control plane in one process, on loopback only.
// This file: its flags, and how long it lives.
package main

import (
	"context"
	"errors"
	"flag"
	"fmt"
	"os"
	"os/signal"
	"strings"
	"syscall"
	"time"

	"gitlab_kube/testcluster/sandbox"
)

// defaultControllers is what Deployments, Jobs, ServiceAccounts, RBAC aggregation, quotas and deletion need; nothing else runs.
const defaultControllers = "serviceaccount-controller,serviceaccount-token-controller,root-ca-certificate-publisher-controller," +
	"namespace-controller,garbage-collector-controller,clusterrole-aggregation-controller,resourcequota-controller," +
	"endpoints-controller,endpointslice-controller,deployment-controller,replicaset-controller,statefulset-controller," +
	"daemonset-controller,job-controller,cronjob-controller,ttl-after-finished-controller," +
	"persistentvolumeclaim-protection-controller"

type options struct {
	dir           string
	port          int
	nodes         int
	controllers   string
	compaction    time.Duration
	startRevision int
	withParent    bool
	frontAge      time.Duration
	frontGrace    time.Duration
	apiserverArgs []string
}

func parseFlags() options {
	var o options
	flag.StringVar(&o.dir, "dir", "", "work directory (default: a fresh temporary directory, removed at exit)")
	flag.IntVar(&o.port, "port", 0, "apiserver port (0: a free one)")
	flag.IntVar(&o.nodes, "nodes", 1, "number of nodes (0: no kubelet, no scheduler)")
	flag.StringVar(&o.controllers, "controllers", defaultControllers, "kube-controller-manager --controllers (empty: none)")
	flag.DurationVar(&o.compaction, "etcd-compaction", 5*time.Minute, "etcd compaction interval (short values make 410 Gone easy to provoke)")
	flag.IntVar(&o.startRevision, "start-revision", 1000, "etcd's revision before the apiserver starts: a watch from an older one is 410 Gone")
	flag.BoolVar(&o.withParent, "exit-on-stdin-eof", false, "exit when standard input closes, or when the process that started this one ends")
	flag.DurationVar(&o.frontAge, "front-age", 0, "open a second door whose connections are sent GOAWAY at this age (0: none)")
	flag.DurationVar(&o.frontGrace, "front-grace", 100*time.Millisecond, "and are closed this long after it")
	apiserverArgs := flag.String("apiserver-args", "", "extra kube-apiserver flags, separated by spaces")
	flag.Parse()
	o.apiserverArgs = strings.Fields(*apiserverArgs)
	return o
}

func main() {
	sandbox.InitIfAsked() // in a container's first process this never returns
	o := parseFlags()
	ctx, stop := signal.NotifyContext(context.Background(), os.Interrupt, syscall.SIGTERM, syscall.SIGHUP)
	defer stop()
	if o.withParent {
		ctx = untilParentEnds(ctx)
	}
	if err := run(ctx, o); err != nil && !errors.Is(err, context.Canceled) {
		fmt.Fprintln(os.Stderr, "testcluster:", err)
		os.Exit(1)
	}
}
