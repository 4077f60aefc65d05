// Environments from tables, without a cluster.

package kubelet

import (
	"maps"
	"slices"
	"strings"
	"testing"

	corev1 "k8s.io/api/core/v1"
	apierrors "k8s.io/apimachinery/pkg/api/errors"
	metav1 "k8s.io/apimachinery/pkg/apis/meta/v1"
	"k8s.io/apimachinery/pkg/runtime/schema"
)

// namespace holds one ConfigMap and one Secret, "there"; no other is found.
var namespace = objects{
	configMap: func(name string) (*corev1.ConfigMap, error) {
		if name != "there" {
			return nil, apierrors.NewNotFound(schema.GroupResource{Resource: "configmaps"}, name)
		}
		return &corev1.ConfigMap{Data: map[string]string{"a": "1", "b": "2"}}, nil
	},
	secret: func(name string) (*corev1.Secret, error) {
		if name != "there" {
			return nil, apierrors.NewNotFound(schema.GroupResource{Resource: "secrets"}, name)
		}
		return &corev1.Secret{Data: map[string][]byte{"key": []byte("hidden")}}, nil
	},
}

var yesPlease = true

func there() corev1.LocalObjectReference   { return corev1.LocalObjectReference{Name: "there"} }
func missing() corev1.LocalObjectReference { return corev1.LocalObjectReference{Name: "missing"} }

func fromConfigMap(ref corev1.LocalObjectReference, key string, optional *bool) *corev1.EnvVarSource {
	return &corev1.EnvVarSource{ConfigMapKeyRef: &corev1.ConfigMapKeySelector{LocalObjectReference: ref, Key: key, Optional: optional}}
}

func fromField(path string) *corev1.EnvVarSource {
	return &corev1.EnvVarSource{FieldRef: &corev1.ObjectFieldSelector{FieldPath: path}}
}

func pod() *corev1.Pod {
	return &corev1.Pod{
		ObjectMeta: metav1.ObjectMeta{Name: "p", Namespace: "n", Labels: map[string]string{"app": "web"}},
		Spec:       corev1.PodSpec{NodeName: "node-0", ServiceAccountName: "default"},
		Status:     corev1.PodStatus{PodIP: "240.244.0.1", HostIP: "127.0.0.1"},
	}
}

func TestEnvironmentComesFromWhereTheSpecSays(t *testing.T) {
	c := &corev1.Container{
		EnvFrom: []corev1.EnvFromSource{
			{Prefix: "M_", ConfigMapRef: &corev1.ConfigMapEnvSource{LocalObjectReference: there()}},
			{SecretRef: &corev1.SecretEnvSource{LocalObjectReference: missing(), Optional: &yesPlease}},
		},
		Env: []corev1.EnvVar{
			{Name: "WORD", Value: "w"},
			{Name: "EXPANDED", Value: "$(WORD)-$(M_a)-$(LATER)-$$(WORD)"},
			{Name: "LATER", Value: "l"},
			{Name: "B", ValueFrom: fromConfigMap(there(), "b", nil)},
			{Name: "GONE", ValueFrom: fromConfigMap(missing(), "b", &yesPlease)},
			{Name: "SECRET", ValueFrom: &corev1.EnvVarSource{SecretKeyRef: &corev1.SecretKeySelector{LocalObjectReference: there(), Key: "key"}}},
			{Name: "IP", ValueFrom: fromField("status.podIP")},
			{Name: "NODE", ValueFrom: fromField("spec.nodeName")},
			{Name: "LABEL", ValueFrom: fromField("metadata.labels['app']")},
		},
	}
	want := map[string]string{
		"BASE": "x", "M_a": "1", "M_b": "2", "WORD": "w", "EXPANDED": "w-1-$(LATER)-$(WORD)", "LATER": "l", "B": "2",
		"SECRET": "hidden", "IP": "240.244.0.1", "NODE": "node-0", "LABEL": "web",
	}
	got, err := environment(namespace, pod(), c, map[string]string{"BASE": "x"})
	if err != nil || !maps.Equal(got, want) {
		t.Errorf("got %v, %v\nnot %v", got, err, want)
	}
}

func TestEnvironmentFailsOnWhatIsMissingAndNotOptional(t *testing.T) {
	for words, e := range map[string]*corev1.EnvVarSource{
		`configmaps "missing" not found`:             fromConfigMap(missing(), "a", nil),
		"couldn't find key zz in configmap there":    fromConfigMap(there(), "zz", nil),
		"unsupported fieldPath: spec.activeDeadline": fromField("spec.activeDeadline"),
	} {
		_, err := environment(namespace, pod(), &corev1.Container{Env: []corev1.EnvVar{{Name: "X", ValueFrom: e}}}, nil)
		if err == nil || !strings.Contains(err.Error(), words) {
			t.Errorf("got %v, not %s", err, words)
		}
	}
}

func TestCommandLineExpandsWhatIsKnown(t *testing.T) {
	c := &corev1.Container{Command: []string{"run", "$(A)"}, Args: []string{"$(B)", "$$(A)", "$A"}}
	got := commandLine(c, map[string]string{"A": "1"})
	if want := []string{"run", "1", "$(B)", "$(A)", "$A"}; !slices.Equal(got, want) {
		t.Errorf("got %q, not %q", got, want)
	}
}
