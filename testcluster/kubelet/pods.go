// What happens to a pod: it is settled in a phase or run, and in the end deleted.

package kubelet

import (
	"context"
	"os"
	"path/filepath"
	"time"

	corev1 "k8s.io/api/core/v1"
	apierrors "k8s.io/apimachinery/pkg/api/errors"
	metav1 "k8s.io/apimachinery/pkg/apis/meta/v1"
	"k8s.io/client-go/tools/cache"
	"k8s.io/klog/v2"
)

func (k *Kubelet) work(ctx context.Context, queue <-chan *corev1.Pod) {
	for {
		select {
		case <-ctx.Done():
			return
		case pod := <-queue:
			if err := k.sync(ctx, pod); err != nil && !apierrors.IsConflict(err) && !apierrors.IsNotFound(err) && ctx.Err() == nil {
				klog.InfoS("pod sync failed", "pod", klog.KObj(pod), "err", err)
			}
		}
	}
}

func (k *Kubelet) sync(ctx context.Context, pod *corev1.Pod) error {
	switch {
	case pod.DeletionTimestamp != nil:
		return k.terminate(ctx, pod)
	case finished(pod):
		return nil
	case really(pod):
		k.startRun(pod)
		return nil
	default:
		return k.settle(ctx, pod)
	}
}

func really(pod *corev1.Pod) bool { return pod.Annotations[annotationRun] == "true" }

func finished(pod *corev1.Pod) bool {
	return pod.Status.Phase == corev1.PodSucceeded || pod.Status.Phase == corev1.PodFailed
}

// terminate stops what runs, and tells the apiserver that the pod is gone, at once or after its deletion delay.
func (k *Kubelet) terminate(ctx context.Context, pod *corev1.Pod) error {
	remove := func() error {
		now := int64(0)
		return k.client.CoreV1().Pods(pod.Namespace).Delete(ctx, pod.Name,
			metav1.DeleteOptions{GracePeriodSeconds: &now, Preconditions: metav1.NewUIDPreconditions(string(pod.UID))})
	}
	delay, _ := time.ParseDuration(pod.Annotations[annotationDeletionDelay])
	run := k.runOf(pod.UID)
	if run == nil && delay <= 0 {
		return remove()
	}
	go func() {
		time.Sleep(delay)
		if run != nil {
			run.stop(grace(pod))
		}
		_ = remove()
	}()
	return nil
}

// forget is called when the pod is gone from the API, however that came about.
func (k *Kubelet) forget(o any) {
	if d, ok := o.(cache.DeletedFinalStateUnknown); ok {
		o = d.Obj
	}
	pod, ok := o.(*corev1.Pod)
	if !ok {
		return
	}
	k.mu.Lock()
	run := k.runs[pod.UID]
	delete(k.runs, pod.UID)
	k.mu.Unlock()
	k.addresses.release(pod.Status.PodIP)
	if run != nil {
		k.addresses.release(run.pod.Status.PodIP)
		run.kill()
		go func() {
			<-run.ended
			_ = os.RemoveAll(run.dir)
		}()
	}
	// Logs of a pod that is gone are gone too; a later pod of the same name starts with none.
	if really(pod) {
		_ = os.RemoveAll(filepath.Join(k.Dir, "logs", pod.Namespace, pod.Name))
	}
}
