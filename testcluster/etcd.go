// etcd, embedded, listening for clients on a unix socket.

package main

import (
	"context"
	"errors"
	"net/url"
	"time"

	"go.etcd.io/etcd/api/v3/etcdserverpb"
	"go.etcd.io/etcd/server/v3/embed"
)

func startEtcd(ctx context.Context, dir, socket, log string, revision int) (clientURL string, err error) {
	c := embed.NewConfig()
	c.Dir = dir
	client := url.URL{Scheme: "unix", Path: socket}
	peer := url.URL{Scheme: "http", Host: "127.0.0.1:0"} // etcd insists on host:port here; nobody dials it
	c.ListenClientUrls, c.AdvertiseClientUrls = []url.URL{client}, []url.URL{peer}
	c.ListenPeerUrls, c.AdvertisePeerUrls = []url.URL{peer}, []url.URL{peer}
	c.InitialCluster = c.InitialClusterFromName(c.Name)
	c.UnsafeNoFsync = true // a throw-away store survives no crash anyway
	c.WarningUnaryRequestDuration = time.Second
	c.Logger, c.LogLevel, c.LogOutputs = "zap", "error", []string{log}
	e, err := embed.StartEtcd(c)
	if err != nil {
		return "", err
	}
	select {
	case <-e.Server.ReadyNotify():
		return client.String(), raiseRevision(ctx, e, revision)
	case err := <-e.Err():
		return "", err
	case <-ctx.Done():
		return "", ctx.Err()
	case <-time.After(time.Minute):
		return "", errors.New("not ready after a minute")
	}
}

// raiseRevision writes one key until the store's revision is reached: the apiserver's watch cache starts there, and
// answers 410 Gone for anything older instead of, perhaps, an empty watch.
func raiseRevision(ctx context.Context, e *embed.Etcd, revision int) error {
	for range revision {
		if _, err := e.Server.Put(ctx, &etcdserverpb.PutRequest{Key: []byte("testcluster"), Value: []byte("x")}); err != nil {
			return err
		}
	}
	return nil
}
