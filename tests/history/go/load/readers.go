package main

import (
	"context"
	"fmt"
	"math/rand"
	"time"

	"millrace/history/wire"

	"github.com/twmb/franz-go/pkg/kgo"
)

// Reads all input partitions by itself, again and again from other positions.
func runReader(bootstrap string, number int, random *rand.Rand, stop <-chan struct{}) {
	highest := map[int32]int64{}
	for life := 0; !isClosed(stop); life++ {
		process := fmt.Sprintf("reader-%d.%d", number, life)
		starts := map[int32]kgo.Offset{}
		positions := []place{}
		for partition := int32(0); partition < inputPartitions; partition++ {
			offset := int64(0)
			if highest[partition] > 0 && random.Intn(3) > 0 {
				offset = random.Int63n(highest[partition])
			}
			starts[partition] = kgo.NewOffset().At(offset)
			positions = append(positions, place{partitionName(inputTopic, partition), offset})
		}
		network := wire.NewNetwork()
		client, err := kgo.NewClient(append(wire.Options(bootstrap, network),
			kgo.ConsumePartitions(map[string]map[int32]kgo.Offset{inputTopic: starts}),
			kgo.FetchIsolationLevel(kgo.ReadCommitted()),
			kgo.FetchMaxWait(200*time.Millisecond),
		)...)
		if err != nil {
			panic(err)
		}
		emit(event{Phase: "ok", Process: process, Operation: "assign", Positions: positions})
		end := time.Now().Add(time.Duration(2000+random.Intn(4000)) * time.Millisecond)
		for time.Now().Before(end) && !isClosed(stop) {
			ctx, cancel := context.WithTimeout(context.Background(), 500*time.Millisecond)
			records := client.PollFetches(ctx).Records()
			cancel()
			if len(records) == 0 {
				continue
			}
			emit(event{Phase: "ok", Process: process, Operation: "poll", Records: seenOf(records)})
			for _, record := range records {
				highest[record.Partition] = max(highest[record.Partition], record.Offset)
			}
		}
		network.Kill()
		go client.Close()
	}
}

// The offset of the last record of each input partition, once all of it was read; -1 for none.
var lastRead = map[int32]int64{}

// Reads a partition up to its last stable offset, which the caller got when nothing was open.
func readAll(bootstrap, topic string, partition int32, end int64) error {
	name := partitionName(topic, partition)
	emit(event{Phase: "invoke", Process: "final", Operation: "read-all", Partition: name})
	records := []*kgo.Record{}
	if end > 0 {
		client, err := kgo.NewClient(append(wire.Options(bootstrap, wire.NewNetwork()),
			kgo.ConsumePartitions(map[string]map[int32]kgo.Offset{topic: {partition: kgo.NewOffset().AtStart()}}),
			kgo.FetchIsolationLevel(kgo.ReadCommitted()),
			// Markers show that the end was reached.
			kgo.KeepControlRecords(),
		)...)
		if err != nil {
			return err
		}
		defer client.Close()
		deadline := time.Now().Add(30 * time.Second)
		for last := int64(-1); last < end-1; {
			ctx, cancel := context.WithTimeout(context.Background(), time.Second)
			fetches := client.PollFetches(ctx)
			cancel()
			for _, record := range fetches.Records() {
				last = record.Offset
				if !record.Attrs.IsControl() {
					records = append(records, record)
				}
			}
			if time.Now().After(deadline) {
				return fmt.Errorf("%s: read up to %d of %d in 30 s", name, last, end)
			}
		}
	}
	if topic == inputTopic {
		lastRead[partition] = -1
		for _, record := range records {
			lastRead[partition] = record.Offset
		}
	}
	emit(event{Phase: "ok", Process: "final", Operation: "read-all", Partition: name, Records: seenOf(records)})
	return nil
}
