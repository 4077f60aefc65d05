// The administrator's way in: a kubeconfig, and the client made from it.

package main

import (
	"os"

	"k8s.io/client-go/kubernetes"
	"k8s.io/client-go/rest"
	"k8s.io/client-go/tools/clientcmd"
	clientcmdapi "k8s.io/client-go/tools/clientcmd/api"
)

func (c *cluster) kubeconfig() *clientcmdapi.Config {
	k := clientcmdapi.NewConfig()
	k.Clusters["testcluster"] = &clientcmdapi.Cluster{Server: c.server, CertificateAuthorityData: c.pki.ca}
	k.AuthInfos["admin"] = &clientcmdapi.AuthInfo{ClientCertificateData: c.pki.adminCrt, ClientKeyData: c.pki.adminKey}
	k.Contexts["admin"] = &clientcmdapi.Context{Cluster: "testcluster", AuthInfo: "admin", Namespace: "default"}
	k.CurrentContext = "admin"
	return k
}

// writeKubeconfig appears all at once: who waits for the file never reads half of it.
func (c *cluster) writeKubeconfig(path string) error {
	content, err := clientcmd.Write(*c.kubeconfig())
	if err != nil {
		return err
	}
	if err := os.WriteFile(path+".new", content, 0o600); err != nil {
		return err
	}
	return os.Rename(path+".new", path)
}

func (c *cluster) connect() (*rest.Config, kubernetes.Interface, error) {
	// The controllers read theirs from a file; the cluster's own is not announced before it is usable.
	if err := c.writeKubeconfig(c.pki.path("kubeconfig")); err != nil {
		return nil, nil, err
	}
	config, err := clientcmd.NewDefaultClientConfig(*c.kubeconfig(), nil).ClientConfig()
	if err != nil {
		return nil, nil, err
	}
	config.QPS, config.Burst = 5000, 5000
	client, err := kubernetes.NewForConfig(config)
	return config, client, err
}
