// Addresses and the dialer, without a cluster.

package kubelet

import (
	"net/netip"
	"strings"
	"testing"

	"k8s.io/apimachinery/pkg/types"
	"k8s.io/client-go/tools/cache"
)

func TestAddressesAreGivenOnceUntilReleased(t *testing.T) {
	var a addresses
	first := a.take(types.NamespacedName{Name: "first"})
	seen := map[string]bool{first: true}
	for range 1<<16 - 2 {
		ip := a.take(types.NamespacedName{Name: "other"})
		if seen[ip] || !podCIDR.Contains(netip.MustParseAddr(ip)) {
			t.Fatalf("%s given twice, or not ours", ip)
		}
		seen[ip] = true
	}
	if ip := a.take(types.NamespacedName{}); ip != "" {
		t.Fatalf("%s given though none is left", ip)
	}
	a.release(first)
	if ip := a.take(types.NamespacedName{Name: "heir"}); ip != first {
		t.Errorf("%s instead of the released %s", ip, first)
	}
	if owner, _ := a.owner(netip.MustParseAddr(first)); owner.Name != "heir" {
		t.Errorf("%s still belongs to %s", first, owner)
	}
}

func TestDialRefusesEverythingOutside(t *testing.T) {
	k := &Kubelet{pods: cache.NewStore(cache.MetaNamespaceKeyFunc)}
	gone := k.addresses.take(types.NamespacedName{Namespace: "n", Name: "gone"})
	for address, words := range map[string]string{
		"192.0.2.1:80":    "dials only loopback and its own pods",
		"240.244.9.9:80":  "dials only loopback and its own pods",
		"10.96.0.1:443":   "dials only loopback and its own pods",
		"example.com:443": "dials addresses, not names",
		gone + ":80":      "pod n/gone is gone",
	} {
		if _, err := k.Dial(t.Context(), "tcp", address); err == nil || !strings.Contains(err.Error(), words) {
			t.Errorf("%s: %v", address, err)
		}
	}
}
