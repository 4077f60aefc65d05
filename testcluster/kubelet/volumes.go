// A pod's volumes, as directories that its containers mount.

package kubelet

import (
	"context"
	"fmt"
	"maps"
	"os"
	"path/filepath"

	securejoin "github.com/cyphar/filepath-securejoin"
	authenticationv1 "k8s.io/api/authentication/v1"
	corev1 "k8s.io/api/core/v1"
	apierrors "k8s.io/apimachinery/pkg/api/errors"
	metav1 "k8s.io/apimachinery/pkg/apis/meta/v1"
	"k8s.io/kubernetes/pkg/volume/configmap"
	"k8s.io/kubernetes/pkg/volume/secret"
	volumeutil "k8s.io/kubernetes/pkg/volume/util"

	"gitlab_kube/testcluster/sandbox"
)

type files = map[string]volumeutil.FileProjection

func volumeDir(dir, name string) string { return filepath.Join(dir, "volumes", name) }

// makeVolumes fills a directory for every volume of the pod. They are filled once: later changes aren't followed.
func (k *Kubelet) makeVolumes(ctx context.Context, pod *corev1.Pod, dir string) error {
	for _, v := range pod.Spec.Volumes {
		if err := k.makeVolume(ctx, pod, v, volumeDir(dir, v.Name)); err != nil {
			return fmt.Errorf("volume %s: %w", v.Name, err)
		}
	}
	return nil
}

func (k *Kubelet) makeVolume(ctx context.Context, pod *corev1.Pod, v corev1.Volume, dir string) error {
	if v.EmptyDir != nil {
		if err := os.MkdirAll(dir, 0o777); err != nil {
			return err
		}
		return os.Chmod(dir, 0o777) // whatever the umask is
	}
	content, err := k.content(ctx, pod, v)
	if err != nil {
		return err
	}
	if os.Geteuid() == 0 {
		owner := int64(sandbox.Nobody)
		for name, f := range content {
			f.FsUser = &owner
			content[name] = f
		}
	}
	if err := os.MkdirAll(dir, 0o755); err != nil {
		return err
	}
	writer, err := volumeutil.NewAtomicWriter(dir, pod.Name)
	if err != nil {
		return err
	}
	return writer.Write(content, nil)
}

func (k *Kubelet) content(ctx context.Context, pod *corev1.Pod, v corev1.Volume) (files, error) {
	from := k.objects(ctx, pod.Namespace)
	switch {
	case v.ConfigMap != nil:
		return configMapFiles(from, v.ConfigMap.Name, v.ConfigMap.Items, v.ConfigMap.DefaultMode, v.ConfigMap.Optional)
	case v.Secret != nil:
		return secretFiles(from, v.Secret.SecretName, v.Secret.Items, v.Secret.DefaultMode, v.Secret.Optional)
	case v.DownwardAPI != nil:
		return fieldFiles(pod, v.DownwardAPI.Items, v.DownwardAPI.DefaultMode)
	case v.Projected != nil:
		return k.projected(ctx, pod, v.Projected)
	}
	return nil, fmt.Errorf("this kind is not supported by testcluster")
}

func (k *Kubelet) projected(ctx context.Context, pod *corev1.Pod, v *corev1.ProjectedVolumeSource) (files, error) {
	from, all := k.objects(ctx, pod.Namespace), files{}
	for _, s := range v.Sources {
		var some files
		var err error
		switch {
		case s.ConfigMap != nil:
			some, err = configMapFiles(from, s.ConfigMap.Name, s.ConfigMap.Items, v.DefaultMode, s.ConfigMap.Optional)
		case s.Secret != nil:
			some, err = secretFiles(from, s.Secret.Name, s.Secret.Items, v.DefaultMode, s.Secret.Optional)
		case s.DownwardAPI != nil:
			some, err = fieldFiles(pod, s.DownwardAPI.Items, v.DefaultMode)
		case s.ServiceAccountToken != nil:
			some, err = k.tokenFile(ctx, pod, s.ServiceAccountToken, v.DefaultMode)
		default:
			err = fmt.Errorf("this kind of projection is not supported by testcluster")
		}
		if err != nil {
			return nil, err
		}
		maps.Copy(all, some)
	}
	return all, nil
}

// tokenFile asks for a token bound to the pod, as the kubelet does. It isn't rotated.
func (k *Kubelet) tokenFile(ctx context.Context, pod *corev1.Pod, p *corev1.ServiceAccountTokenProjection, mode *int32) (files, error) {
	request := &authenticationv1.TokenRequest{Spec: authenticationv1.TokenRequestSpec{
		ExpirationSeconds: p.ExpirationSeconds,
		BoundObjectRef:    &authenticationv1.BoundObjectReference{APIVersion: "v1", Kind: "Pod", Name: pod.Name, UID: pod.UID},
	}}
	if p.Audience != "" {
		request.Spec.Audiences = []string{p.Audience}
	}
	answer, err := k.client.CoreV1().ServiceAccounts(pod.Namespace).CreateToken(ctx, pod.Spec.ServiceAccountName, request, metav1.CreateOptions{})
	if err != nil {
		return nil, err
	}
	return files{p.Path: {Data: []byte(answer.Status.Token), Mode: modeOf(nil, mode)}}, nil
}

func configMapFiles(from objects, name string, items []corev1.KeyToPath, mode *int32, optional *bool) (files, error) {
	m, err := from.configMap(name)
	if apierrors.IsNotFound(err) && yes(optional) {
		m, err = &corev1.ConfigMap{}, nil
	}
	if err != nil {
		return nil, err
	}
	return configmap.MakePayload(items, m, mode, yes(optional))
}

func secretFiles(from objects, name string, items []corev1.KeyToPath, mode *int32, optional *bool) (files, error) {
	s, err := from.secret(name)
	if apierrors.IsNotFound(err) && yes(optional) {
		s, err = &corev1.Secret{}, nil
	}
	if err != nil {
		return nil, err
	}
	return secret.MakePayload(items, s, mode, yes(optional))
}

func fieldFiles(pod *corev1.Pod, items []corev1.DownwardAPIVolumeFile, mode *int32) (files, error) {
	result := files{}
	for _, item := range items {
		if item.FieldRef == nil {
			return nil, fmt.Errorf("resourceFieldRef is not supported by testcluster in volumes")
		}
		value, err := field(pod, item.FieldRef.FieldPath)
		if err != nil {
			return nil, err
		}
		result[item.Path] = volumeutil.FileProjection{Data: []byte(value), Mode: modeOf(item.Mode, mode)}
	}
	return result, nil
}

// mounts are the container's volume mounts. A subPath can't lead out of its volume, whatever links the volume holds.
func mounts(pod *corev1.Pod, c *corev1.Container, dir string) ([]sandbox.Mount, error) {
	var result []sandbox.Mount
	for _, m := range c.VolumeMounts {
		source, err := securejoin.SecureJoin(volumeDir(dir, m.Name), m.SubPath)
		if err != nil {
			return nil, err
		}
		if m.SubPathExpr != "" {
			return nil, fmt.Errorf("subPathExpr is not supported by testcluster")
		}
		if _, err := os.Stat(source); os.IsNotExist(err) { // an emptyDir's subdirectory
			if err := os.MkdirAll(source, 0o777); err != nil {
				return nil, err
			}
		}
		result = append(result, sandbox.Mount{Source: source, Target: m.MountPath, ReadOnly: m.ReadOnly})
	}
	return result, nil
}

func yes(b *bool) bool { return b != nil && *b }

func modeOf(own, fallback *int32) int32 {
	switch {
	case own != nil:
		return *own
	case fallback != nil:
		return *fallback
	}
	return 0o644
}
