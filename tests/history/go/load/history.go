package main

import (
	"bufio"
	"encoding/json"
	"fmt"
	"os"
	"sync"

	"github.com/twmb/franz-go/pkg/kgo"
)

// The shapes of src/history.ts.
type event struct {
	Phase     string   `json:"phase"`
	Process   string   `json:"process"`
	Operation string   `json:"operation"`
	Sends     []send   `json:"sends,omitempty"`
	Commits   []commit `json:"commits,omitempty"`
	Records   []seen   `json:"records,omitempty"`
	Positions []place  `json:"positions,omitempty"`
	Partition string   `json:"partition,omitempty"`
}

type place struct {
	Partition string `json:"partition"`
	Offset    int64  `json:"offset"`
}

type send struct {
	Partition string `json:"partition"`
	Value     string `json:"value"`
	Offset    *int64 `json:"offset,omitempty"`
	Source    *place `json:"source,omitempty"`
}

type commit struct {
	Group     string `json:"group"`
	Partition string `json:"partition"`
	Offset    int64  `json:"offset"`
}

type seen struct {
	Partition string `json:"partition"`
	Offset    int64  `json:"offset"`
	Value     string `json:"value"`
}

var (
	outputMutex sync.Mutex
	output      = bufio.NewWriterSize(os.Stdout, 1<<16)
)

func emit(one event) {
	line, err := json.Marshal(one)
	if err != nil {
		panic(err)
	}
	outputMutex.Lock()
	output.Write(line)
	output.WriteByte('\n')
	output.Flush()
	outputMutex.Unlock()
}

func partitionName(topic string, partition int32) string {
	return fmt.Sprintf("%s-%d", topic, partition)
}

func seenOf(records []*kgo.Record) []seen {
	found := make([]seen, 0, len(records))
	for _, record := range records {
		found = append(found, seen{partitionName(record.Topic, record.Partition), record.Offset, string(record.Value)})
	}
	return found
}
