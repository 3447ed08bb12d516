// Prints the committed records of partition 0 of a topic, one line each with its offset, for as
// long as it lives; see ../../src/copy/copy-run.ts.
package main

import (
	"bufio"
	"context"
	"fmt"
	"os"
	"time"

	"millrace/history/wire"

	"github.com/twmb/franz-go/pkg/kgo"
)

func main() {
	bootstrap, topic := os.Args[1], os.Args[2]
	start := map[string]map[int32]kgo.Offset{topic: {0: kgo.NewOffset().AtStart()}}
	client, err := kgo.NewClient(append(wire.Options(bootstrap, wire.NewNetwork()),
		kgo.ConsumePartitions(start),
		kgo.FetchIsolationLevel(kgo.ReadCommitted()),
		kgo.FetchMaxWait(200*time.Millisecond),
	)...)
	if err != nil {
		fmt.Fprintln(os.Stderr, err)
		os.Exit(1)
	}
	output := bufio.NewWriter(os.Stdout)
	for {
		client.PollFetches(context.Background()).EachRecord(func(record *kgo.Record) {
			fmt.Fprintf(output, "%d %s\n", record.Offset, record.Value)
		})
		output.Flush()
	}
}
