// Command client-go is what kubectl is made of, as a peer in the benches. It answers each line on its standard input with one of JSON:
// "ready" collects garbage, anything else does the work once.
package main

import (
	"bufio"
	"context"
	"encoding/json"
	"fmt"
	"log"
	"os"
	"runtime"
	"runtime/debug"
	"time"

	corev1 "k8s.io/api/core/v1"
	metav1 "k8s.io/apimachinery/pkg/apis/meta/v1"
	"k8s.io/client-go/kubernetes"
	"k8s.io/client-go/rest"
)

// works are what can be done, by name; each says how many things it saw.
var works = map[string]func(context.Context, *kubernetes.Clientset, string) (int, error){
	"typed": typed,
	"touch": touch,
	"raw":   raw,
	"get":   get,
	"watch": watch,
	"log":   follow,
}

func main() {
	if len(os.Args) != 5 || works[os.Args[3]] == nil {
		log.Fatal("client-go CA-FILE URL WORK NAMESPACE")
	}
	work, namespace := works[os.Args[3]], os.Args[4]
	config := &rest.Config{Host: os.Args[2], QPS: -1, TLSClientConfig: rest.TLSClientConfig{CAFile: os.Args[1]}}
	config.BearerToken = os.Getenv("BENCH_TOKEN")
	config.ContentType = "application/json" // what every server and every custom resource speaks, and what the others here ask for
	clients, err := kubernetes.NewForConfig(config)
	if err != nil {
		log.Fatal(err)
	}
	lines := bufio.NewScanner(os.Stdin)
	for lines.Scan() {
		if lines.Text() == "ready" {
			debug.FreeOSMemory()
			fmt.Println("{}")
			continue
		}
		answer(func() (int, error) { return work(context.Background(), clients, namespace) })
	}
}

// answer does the work and says what it took. Objects are what was allocated, as Ruby counts them.
func answer(work func() (int, error)) {
	var before, after runtime.MemStats
	runtime.ReadMemStats(&before)
	started := time.Now()
	count, err := work()
	seconds := time.Since(started).Seconds()
	if err != nil {
		log.Fatal(err)
	}
	runtime.ReadMemStats(&after)
	line, err := json.Marshal(map[string]any{
		"seconds": seconds, "objects": after.Mallocs - before.Mallocs, "extra": map[string]int{"count": count},
	})
	if err != nil {
		log.Fatal(err)
	}
	fmt.Println(string(line))
}

func typed(ctx context.Context, clients *kubernetes.Clientset, namespace string) (int, error) {
	pods, err := clients.CoreV1().Pods(namespace).List(ctx, metav1.ListOptions{})
	if err != nil {
		return 0, err
	}
	return len(pods.Items), nil
}

func touch(ctx context.Context, clients *kubernetes.Clientset, namespace string) (int, error) {
	pods, err := clients.CoreV1().Pods(namespace).List(ctx, metav1.ListOptions{})
	if err != nil {
		return 0, err
	}
	rows := make([][2]string, 0, len(pods.Items))
	for i := range pods.Items {
		rows = append(rows, [2]string{pods.Items[i].Name, string(pods.Items[i].Status.Phase)})
	}
	return len(rows), nil
}

func raw(ctx context.Context, clients *kubernetes.Clientset, namespace string) (int, error) {
	body, err := clients.CoreV1().RESTClient().Get().Namespace(namespace).Resource("pods").DoRaw(ctx)
	return len(body), err
}

func get(ctx context.Context, clients *kubernetes.Clientset, namespace string) (int, error) {
	for range 300 {
		if _, err := clients.CoreV1().Pods(namespace).Get(ctx, "x", metav1.GetOptions{}); err != nil {
			return 0, err
		}
	}
	return 300, nil
}

func watch(ctx context.Context, clients *kubernetes.Clientset, namespace string) (int, error) {
	events, err := clients.CoreV1().Pods(namespace).Watch(ctx, metav1.ListOptions{})
	if err != nil {
		return 0, err
	}
	defer events.Stop()
	count := 0
	for range events.ResultChan() {
		count++
	}
	return count, nil
}

func follow(ctx context.Context, clients *kubernetes.Clientset, namespace string) (int, error) {
	stream, err := clients.CoreV1().Pods(namespace).GetLogs("x", &corev1.PodLogOptions{Follow: true}).Stream(ctx)
	if err != nil {
		return 0, err
	}
	defer stream.Close()
	count := 0
	for lines := bufio.NewScanner(stream); lines.Scan(); {
		count++
	}
	return count, nil
}
