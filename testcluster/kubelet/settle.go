// Pods that aren't run: a phase is set, as if containers had started or ended.

package kubelet

import (
	"context"

	corev1 "k8s.io/api/core/v1"
	metav1 "k8s.io/apimachinery/pkg/apis/meta/v1"
)

// settle brings the pod to the phase its annotation asks for; else to Running, and a Job's pod to Succeeded.
func (k *Kubelet) settle(ctx context.Context, pod *corev1.Pod) error {
	phase := wantedPhase(pod)
	if pod.Status.Phase == phase && pod.Status.StartTime != nil {
		return nil
	}
	p := pod.DeepCopy()
	k.place(p)
	now := metav1.Now()
	p.Status.ContainerStatuses = nil
	for _, c := range p.Spec.Containers {
		s := newStatus(p, c)
		s.State = settledState(phase, now)
		running := s.State.Running != nil
		s.Ready, s.Started = running, &running
		p.Status.ContainerStatuses = append(p.Status.ContainerStatuses, s)
	}
	setPhase(p, phase)
	_, err := k.client.CoreV1().Pods(p.Namespace).UpdateStatus(ctx, p, metav1.UpdateOptions{})
	if err != nil && pod.Status.PodIP == "" {
		k.addresses.release(p.Status.PodIP) // nobody learned of it
	}
	return err
}

func wantedPhase(pod *corev1.Pod) corev1.PodPhase {
	if phase := pod.Annotations[annotationPhase]; phase != "" {
		return corev1.PodPhase(phase)
	}
	if owner := metav1.GetControllerOf(pod); owner != nil && owner.Kind == "Job" {
		return corev1.PodSucceeded
	}
	return corev1.PodRunning
}

func settledState(phase corev1.PodPhase, now metav1.Time) corev1.ContainerState {
	switch phase {
	case corev1.PodRunning:
		return corev1.ContainerState{Running: &corev1.ContainerStateRunning{StartedAt: now}}
	case corev1.PodSucceeded:
		return corev1.ContainerState{Terminated: terminated(0, now, now)}
	case corev1.PodFailed:
		return corev1.ContainerState{Terminated: terminated(1, now, now)}
	}
	return corev1.ContainerState{Waiting: &corev1.ContainerStateWaiting{Reason: "ContainerCreating"}}
}
