// The words of a pod's status; pure.

package kubelet

import (
	corev1 "k8s.io/api/core/v1"
	metav1 "k8s.io/apimachinery/pkg/apis/meta/v1"
)

func newStatus(pod *corev1.Pod, c corev1.Container) corev1.ContainerStatus {
	no := false
	return corev1.ContainerStatus{
		Name: c.Name, Image: c.Image, ImageID: c.Image, Started: &no,
		ContainerID: "testcluster://" + string(pod.UID) + "/" + c.Name,
		State:       corev1.ContainerState{Waiting: &corev1.ContainerStateWaiting{Reason: "PodInitializing"}},
	}
}

func terminated(code int32, started, ended metav1.Time) *corev1.ContainerStateTerminated {
	t := &corev1.ContainerStateTerminated{ExitCode: code, Reason: "Completed", StartedAt: started, FinishedAt: ended}
	if code != 0 {
		t.Reason = "Error"
	}
	return t
}

// phaseOf is the pod's phase as its containers' states decide it (pod lifecycle, "Pod phase").
func phaseOf(policy corev1.RestartPolicy, init, containers []corev1.ContainerStatus) corev1.PodPhase {
	for _, s := range init {
		switch {
		case s.State.Terminated == nil:
			return corev1.PodPending
		case s.State.Terminated.ExitCode != 0 && policy == corev1.RestartPolicyNever:
			return corev1.PodFailed
		case s.State.Terminated.ExitCode != 0:
			return corev1.PodPending
		}
	}
	phase := corev1.PodSucceeded
	for _, s := range containers {
		switch t := s.State.Terminated; {
		case s.State.Waiting != nil && s.RestartCount == 0 && s.LastTerminationState.Terminated == nil:
			return corev1.PodPending
		case t == nil || policy == corev1.RestartPolicyAlways || (t.ExitCode != 0 && policy == corev1.RestartPolicyOnFailure):
			phase = corev1.PodRunning
		case t.ExitCode != 0 && phase == corev1.PodSucceeded:
			phase = corev1.PodFailed
		}
	}
	return phase
}

// setPhase sets the phase and the conditions that follow from it and from the containers.
func setPhase(pod *corev1.Pod, phase corev1.PodPhase) {
	pod.Status.Phase = phase
	ready := phase == corev1.PodRunning
	for _, s := range pod.Status.ContainerStatuses {
		ready = ready && s.Ready
	}
	reason := ""
	if phase == corev1.PodSucceeded {
		reason = "PodCompleted"
	}
	setCondition(pod, corev1.PodScheduled, true, "")
	setCondition(pod, corev1.PodInitialized, phase != corev1.PodPending || len(pod.Spec.InitContainers) == 0, reason)
	setCondition(pod, corev1.ContainersReady, ready, reason)
	setCondition(pod, corev1.PodReady, ready, reason)
}

func setCondition(pod *corev1.Pod, kind corev1.PodConditionType, holds bool, reason string) {
	status := corev1.ConditionFalse
	if holds {
		status = corev1.ConditionTrue
	}
	for i := range pod.Status.Conditions {
		if c := &pod.Status.Conditions[i]; c.Type == kind {
			if c.Status != status {
				c.LastTransitionTime = metav1.Now()
			}
			c.Status, c.Reason = status, reason
			return
		}
	}
	pod.Status.Conditions = append(pod.Status.Conditions,
		corev1.PodCondition{Type: kind, Status: status, Reason: reason, LastTransitionTime: metav1.Now()})
}
