// A container's environment variables, from where its spec says: words, ConfigMaps, Secrets, and the pod's own fields.

package kubelet

import (
	"errors"
	"fmt"
	"maps"
	"slices"
	"strings"

	corev1 "k8s.io/api/core/v1"
	apierrors "k8s.io/apimachinery/pkg/api/errors"
	"k8s.io/kubernetes/pkg/api/v1/resource"
	"k8s.io/kubernetes/pkg/fieldpath"
	"k8s.io/kubernetes/third_party/forked/golang/expansion"
)

// objects reads what a pod may refer to, in the pod's namespace.
type objects struct {
	configMap func(name string) (*corev1.ConfigMap, error)
	secret    func(name string) (*corev1.Secret, error)
}

// environment follows the kubelet's order: envFrom first, then env, each able to use $(NAME) of what came before.
func environment(from objects, pod *corev1.Pod, c *corev1.Container, base map[string]string) (map[string]string, error) {
	result := maps.Clone(base)
	for _, source := range c.EnvFrom {
		values, err := everything(from, source)
		if err != nil {
			return nil, err
		}
		for name, value := range values {
			result[source.Prefix+name] = value
		}
	}
	own := map[string]string{}
	mapping := expansion.MappingFuncFor(own, result)
	for _, e := range c.Env {
		value, set := expansion.Expand(e.Value, mapping), true
		if e.ValueFrom != nil {
			var err error
			if value, set, err = valueFrom(from, pod, c, e.ValueFrom); err != nil {
				return nil, fmt.Errorf("%s: %w", e.Name, err)
			}
		}
		if set {
			own[e.Name] = value
		}
	}
	maps.Copy(result, own)
	return result, nil
}

func everything(from objects, source corev1.EnvFromSource) (map[string]string, error) {
	if ref := source.ConfigMapRef; ref != nil {
		m, err := from.configMap(ref.Name)
		if err != nil {
			return nil, unlessOptional(err, ref.Optional)
		}
		return m.Data, nil
	}
	if ref := source.SecretRef; ref != nil {
		s, err := from.secret(ref.Name)
		if err != nil {
			return nil, unlessOptional(err, ref.Optional)
		}
		return texts(s.Data), nil
	}
	return nil, nil
}

// valueFrom answers set false for what is missing and optional.
func valueFrom(from objects, pod *corev1.Pod, c *corev1.Container, source *corev1.EnvVarSource) (value string, set bool, err error) {
	switch {
	case source.ConfigMapKeyRef != nil:
		ref := source.ConfigMapKeyRef
		m, err := from.configMap(ref.Name)
		if err != nil {
			return "", false, unlessOptional(err, ref.Optional)
		}
		return key(m.Data, "configmap "+ref.Name, ref.Key, ref.Optional)
	case source.SecretKeyRef != nil:
		ref := source.SecretKeyRef
		s, err := from.secret(ref.Name)
		if err != nil {
			return "", false, unlessOptional(err, ref.Optional)
		}
		return key(texts(s.Data), "secret "+ref.Name, ref.Key, ref.Optional)
	case source.FieldRef != nil:
		value, err := field(pod, source.FieldRef.FieldPath)
		return value, err == nil, err
	case source.ResourceFieldRef != nil:
		value, err := resource.ExtractContainerResourceValue(source.ResourceFieldRef, c)
		return value, err == nil, err
	}
	return "", false, errors.New("this kind of valueFrom is not supported by testcluster")
}

// field reads the pod's field; those that fieldpath leaves to the kubelet first.
func field(pod *corev1.Pod, path string) (string, error) {
	switch path {
	case "spec.nodeName":
		return pod.Spec.NodeName, nil
	case "spec.serviceAccountName":
		return pod.Spec.ServiceAccountName, nil
	case "status.hostIP", "status.hostIPs":
		return pod.Status.HostIP, nil
	case "status.podIP", "status.podIPs":
		return pod.Status.PodIP, nil
	}
	return fieldpath.ExtractFieldPathAsString(pod, path)
}

func key(data map[string]string, where, name string, optional *bool) (string, bool, error) {
	value, ok := data[name]
	if !ok && (optional == nil || !*optional) {
		return "", false, fmt.Errorf("couldn't find key %s in %s", name, where)
	}
	return value, ok, nil
}

func unlessOptional(err error, optional *bool) error {
	if optional != nil && *optional && apierrors.IsNotFound(err) {
		return nil
	}
	return err
}

func texts(data map[string][]byte) map[string]string {
	result := make(map[string]string, len(data))
	for name, value := range data {
		result[name] = string(value)
	}
	return result
}

// words is the environment as a process takes it, sorted.
func words(environment map[string]string) []string {
	var result []string
	for _, name := range slices.Sorted(maps.Keys(environment)) {
		result = append(result, name+"="+environment[name])
	}
	return result
}

// commandLine is the container's command and args with $(NAME) replaced; the words of an image's entrypoint don't exist here.
func commandLine(c *corev1.Container, environment map[string]string) []string {
	mapping := expansion.MappingFuncFor(environment)
	var result []string
	for _, word := range slices.Concat(c.Command, c.Args) {
		result = append(result, expansion.Expand(word, mapping))
	}
	return result
}

// baseEnvironment is what every container has.
func baseEnvironment(pod *corev1.Pod) map[string]string {
	return map[string]string{
		"PATH":     "/usr/local/sbin:/usr/local/bin:/usr/sbin:/usr/bin:/sbin:/bin",
		"HOME":     workingDir,
		"HOSTNAME": hostname(pod),
	}
}

// workingDir is an empty directory of the container's own.
const workingDir = "/tmp"

func hostname(pod *corev1.Pod) string {
	name := pod.Name
	if pod.Spec.Hostname != "" {
		name = pod.Spec.Hostname
	}
	return strings.TrimRight(name[:min(len(name), 63)], "-.")
}
