// The phase, as a table.

package kubelet

import (
	"testing"

	corev1 "k8s.io/api/core/v1"
	metav1 "k8s.io/apimachinery/pkg/apis/meta/v1"
)

func is(state string) corev1.ContainerStatus {
	now := metav1.Now()
	switch state {
	case "waiting":
		return corev1.ContainerStatus{State: corev1.ContainerState{Waiting: &corev1.ContainerStateWaiting{}}}
	case "again": // waiting for a restart
		return corev1.ContainerStatus{RestartCount: 1, State: corev1.ContainerState{Waiting: &corev1.ContainerStateWaiting{}}}
	case "runs":
		return corev1.ContainerStatus{State: corev1.ContainerState{Running: &corev1.ContainerStateRunning{}}}
	case "well":
		return corev1.ContainerStatus{State: corev1.ContainerState{Terminated: terminated(0, now, now)}}
	}
	return corev1.ContainerStatus{State: corev1.ContainerState{Terminated: terminated(3, now, now)}}
}

func all(states []string) (result []corev1.ContainerStatus) {
	for _, s := range states {
		result = append(result, is(s))
	}
	return result
}

func TestPhaseFollowsFromTheContainers(t *testing.T) {
	const always, onFailure, never = corev1.RestartPolicyAlways, corev1.RestartPolicyOnFailure, corev1.RestartPolicyNever
	for _, c := range []struct {
		policy     corev1.RestartPolicy
		init, main []string
		want       corev1.PodPhase
	}{
		{never, nil, []string{"waiting"}, corev1.PodPending},
		{never, nil, []string{"runs", "waiting"}, corev1.PodPending},
		{never, nil, []string{"runs", "badly"}, corev1.PodRunning},
		{never, nil, []string{"well", "well"}, corev1.PodSucceeded},
		{never, nil, []string{"well", "badly"}, corev1.PodFailed},
		{never, nil, []string{"badly", "well"}, corev1.PodFailed},
		{onFailure, nil, []string{"badly"}, corev1.PodRunning},
		{onFailure, nil, []string{"again"}, corev1.PodRunning},
		{onFailure, nil, []string{"well"}, corev1.PodSucceeded},
		{always, nil, []string{"well"}, corev1.PodRunning},
		{always, nil, []string{"again"}, corev1.PodRunning},
		{never, []string{"runs"}, []string{"waiting"}, corev1.PodPending},
		{never, []string{"well", "badly"}, []string{"waiting"}, corev1.PodFailed},
		{always, []string{"badly"}, []string{"waiting"}, corev1.PodPending},
		{always, []string{"well"}, []string{"runs"}, corev1.PodRunning},
	} {
		if got := phaseOf(c.policy, all(c.init), all(c.main)); got != c.want {
			t.Errorf("%s %v %v: %s, not %s", c.policy, c.init, c.main, got, c.want)
		}
	}
}
