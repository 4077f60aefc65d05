// kube-apiserver, with one change: it dials loopback and the cluster's own pods, and nothing else.

package main

import (
	"context"
	"fmt"
	"time"

	"github.com/spf13/pflag"
	utilerrors "k8s.io/apimachinery/pkg/util/errors"
	utilnet "k8s.io/apimachinery/pkg/util/net"
	"k8s.io/apiserver/pkg/server/egressselector"
	"k8s.io/client-go/rest"
	"k8s.io/kubernetes/cmd/kube-apiserver/app"
	kasoptions "k8s.io/kubernetes/cmd/kube-apiserver/app/options"
)

func (c *cluster) apiserverFlags(etcdURL string) []string {
	return append([]string{
		"--etcd-servers=" + etcdURL,
		"--etcd-compaction-interval=" + c.compaction.String(),
		"--bind-address=127.0.0.1", "--advertise-address=127.0.0.1",
		fmt.Sprintf("--secure-port=%d", c.port),
		"--endpoint-reconciler-type=none",
		"--cert-dir=" + c.pki.dir,
		"--tls-cert-file=" + c.pki.path("apiserver.crt"), "--tls-private-key-file=" + c.pki.path("apiserver.key"),
		"--client-ca-file=" + c.pki.path("ca.crt"),
		"--kubelet-certificate-authority=" + c.pki.path("ca.crt"),
		"--kubelet-client-certificate=" + c.pki.path("kubelet-client.crt"), "--kubelet-client-key=" + c.pki.path("kubelet-client.key"),
		"--kubelet-preferred-address-types=InternalIP",
		"--authorization-mode=Node,RBAC",
		"--service-account-issuer=https://kubernetes.default.svc.cluster.local",
		"--service-account-key-file=" + c.pki.path("sa.pub"),
		"--service-account-signing-key-file=" + c.pki.path("sa.key"),
		"--service-cluster-ip-range=10.96.0.0/16",
		"--allow-privileged=true",
		"--profiling=false",
		"--shutdown-delay-duration=0s",
	}, c.apiserverArgs...)
}

// runAPIServer is kube-apiserver's own app.Run with dial put in place of its dialers for pods, services and nodes.
func runAPIServer(ctx context.Context, args []string, dial utilnet.DialFunc) error {
	completed, err := apiserverOptions(ctx, args)
	if err != nil {
		return err
	}
	config, err := app.NewConfig(completed)
	if err != nil {
		return err
	}
	config.KubeAPIs.ControlPlane.ProxyTransport.DialContext = dial
	config.KubeAPIs.KubeletClientConfig.Lookup = func(egressselector.NetworkContext) (utilnet.DialFunc, error) { return dial, nil }
	ready, err := config.Complete()
	if err != nil {
		return err
	}
	server, err := app.CreateServerChain(ready)
	if err != nil {
		return err
	}
	server.GenericAPIServer.ShutdownTimeout = time.Second // else it waits a minute for open watches
	prepared, err := server.PrepareRun()
	if err != nil {
		return err
	}
	return prepared.Run(ctx)
}

func apiserverOptions(ctx context.Context, args []string) (kasoptions.CompletedOptions, error) {
	o := kasoptions.NewServerRunOptions()
	flags := pflag.NewFlagSet("kube-apiserver", pflag.ContinueOnError)
	for _, set := range o.Flags().FlagSets {
		flags.AddFlagSet(set)
	}
	if err := flags.Parse(args); err != nil {
		return kasoptions.CompletedOptions{}, err
	}
	if err := o.GenericServerRunOptions.ComponentGlobalsRegistry.Set(); err != nil {
		return kasoptions.CompletedOptions{}, err
	}
	rest.SetDefaultWarningHandler(rest.NoWarnings{})
	completed, err := o.Complete(ctx)
	if err != nil {
		return completed, err
	}
	return completed, utilerrors.NewAggregate(completed.Validate())
}
