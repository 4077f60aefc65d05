// A scheduler with one rule: every pod without a node gets the next one.

package main

import (
	"context"
	"fmt"
	"sync/atomic"

	corev1 "k8s.io/api/core/v1"
	metav1 "k8s.io/apimachinery/pkg/apis/meta/v1"
	"k8s.io/apimachinery/pkg/fields"
	"k8s.io/client-go/kubernetes"
	"k8s.io/client-go/tools/cache"
	"k8s.io/klog/v2"
)

func schedule(ctx context.Context, client kubernetes.Interface, nodes int) {
	queue := make(chan *corev1.Pod, 100_000)
	enqueue := func(o any) {
		if pod := o.(*corev1.Pod); pod.DeletionTimestamp == nil && len(pod.Spec.SchedulingGates) == 0 && pod.Spec.SchedulerName == corev1.DefaultSchedulerName {
			queue <- pod
		}
	}
	pods := cache.NewListWatchFromClient(client.CoreV1().RESTClient(), "pods", "", fields.OneTermEqualSelector("spec.nodeName", ""))
	_, informer := cache.NewInformerWithOptions(cache.InformerOptions{ListerWatcher: pods, ObjectType: &corev1.Pod{},
		Handler: cache.ResourceEventHandlerFuncs{AddFunc: enqueue, UpdateFunc: func(_, o any) { enqueue(o) }}})
	var next atomic.Uint32
	for range 8 {
		go func() {
			for {
				select {
				case <-ctx.Done():
					return
				case pod := <-queue:
					bind(ctx, client, pod, fmt.Sprintf("node-%d", int(next.Add(1)-1)%nodes))
				}
			}
		}()
	}
	informer.RunWithContext(ctx)
}

func bind(ctx context.Context, client kubernetes.Interface, pod *corev1.Pod, node string) {
	b := &corev1.Binding{
		ObjectMeta: metav1.ObjectMeta{Namespace: pod.Namespace, Name: pod.Name, UID: pod.UID},
		Target:     corev1.ObjectReference{Kind: "Node", Name: node},
	}
	if err := client.CoreV1().Pods(pod.Namespace).Bind(ctx, b, metav1.CreateOptions{}); err != nil {
		klog.InfoS("bind failed", "pod", klog.KObj(pod), "err", err)
	}
}
