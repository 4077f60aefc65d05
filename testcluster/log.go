// One log file for every component.

package main

import (
	"flag"
	"os"

	"k8s.io/klog/v2"
)

// openLog sends klog to DIR/testcluster.log and answers its path, for etcd's own logger.
func (c *cluster) openLog() (string, error) {
	f, err := os.Create(c.path("testcluster.log"))
	if err != nil {
		return "", err
	}
	flags := flag.NewFlagSet("klog", flag.ContinueOnError)
	klog.InitFlags(flags)
	for name, value := range map[string]string{"logtostderr": "false", "alsologtostderr": "false", "stderrthreshold": "FATAL", "one_output": "true"} {
		if err := flags.Set(name, value); err != nil {
			return "", err
		}
	}
	klog.SetOutput(f)
	return f.Name(), nil
}
