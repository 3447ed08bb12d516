// Load with a history: transactional and plain writers, readers, and a group that copies, all of
// whose operations go to standard output as lines of JSON. It ends what it does when its input
// says "drain", and then reads everything; see ../../src/history-run.ts.
package main

import (
	"bufio"
	"context"
	"fmt"
	"math/rand"
	"os"
	"strconv"
	"sync"
	"time"

	"millrace/history/wire"

	"github.com/twmb/franz-go/pkg/kadm"
	"github.com/twmb/franz-go/pkg/kgo"
)

const (
	inputPartitions = 4
	writerCount     = 4
	readerCount     = 2
	copierCount     = 3
	drainTime       = 60 * time.Second
)

func main() {
	bootstrap, protocol := os.Args[1], os.Args[2]
	seed, _ := strconv.ParseInt(os.Args[3], 10, 64)
	plain, err := kgo.NewClient(wire.Options(bootstrap, wire.NewNetwork())...)
	check(err)
	admin := kadm.NewClient(plain)
	_, err = admin.CreateTopics(context.Background(), inputPartitions, 1, nil, inputTopic, outputTopic)
	check(err)

	stopWriting, stopCopying, stopDisturbing := make(chan struct{}), make(chan struct{}), make(chan struct{})
	var writing, copying sync.WaitGroup
	start := func(group *sync.WaitGroup, number int, run func(random *rand.Rand)) {
		group.Add(1)
		go func() {
			defer group.Done()
			run(rand.New(rand.NewSource(seed*1000 + int64(number))))
		}()
	}
	for number := range writerCount {
		start(&writing, number, func(random *rand.Rand) { runWriter(bootstrap, number, random, stopWriting) })
	}
	start(&writing, 100, func(random *rand.Rand) { runPlainWriter(bootstrap, random, stopWriting) })
	for number := range readerCount {
		start(&writing, 200+number, func(random *rand.Rand) { runReader(bootstrap, number, random, stopWriting) })
	}
	for number := range copierCount {
		start(&copying, 300+number, func(random *rand.Rand) {
			runCopier(bootstrap, protocol, number, random, stopCopying, stopDisturbing)
		})
	}

	input := bufio.NewScanner(os.Stdin)
	for input.Scan() && input.Text() != "drain" {
	}
	close(stopWriting)
	writing.Wait()
	deadline := time.Now().Add(drainTime)
	endTransactions(bootstrap, "writer", writerCount)
	ends := stableEnds(admin, inputTopic, deadline)
	for partition, end := range ends {
		check(readAll(bootstrap, inputTopic, partition, end))
	}
	close(stopDisturbing)
	waitForCopies(admin, ends, deadline)
	close(stopCopying)
	copying.Wait()
	endTransactions(bootstrap, "copier", copierCount)
	for partition, end := range stableEnds(admin, outputTopic, deadline) {
		check(readAll(bootstrap, outputTopic, partition, end))
	}
}

// Takes over every transactional id, so that whatever is open is ended.
func endTransactions(bootstrap, name string, count int) {
	for number := range count {
		id := fmt.Sprintf("%s-%d", name, number)
		client, err := kgo.NewClient(transactional(bootstrap, id, wire.NewNetwork())...)
		check(err)
		ctx, cancel := context.WithTimeout(context.Background(), drainTime)
		_, _, err = client.ProducerID(ctx)
		cancel()
		check(err)
		client.Close()
	}
}

// Waits until no transaction is open in a topic, and gives where its partitions end.
func stableEnds(admin *kadm.Client, topic string, deadline time.Time) map[int32]int64 {
	for {
		stable, err := admin.ListCommittedOffsets(context.Background(), topic)
		check(err)
		all, err := admin.ListEndOffsets(context.Background(), topic)
		check(err)
		ends := map[int32]int64{}
		open := ""
		all.Each(func(offset kadm.ListedOffset) {
			check(offset.Err)
			found, _ := stable.Lookup(topic, offset.Partition)
			check(found.Err)
			ends[offset.Partition] = offset.Offset
			if found.Offset != offset.Offset {
				open += fmt.Sprintf(" %s: %d of %d", partitionName(topic, offset.Partition), found.Offset, offset.Offset)
			}
		})
		if open == "" {
			return ends
		}
		if time.Now().After(deadline) {
			fail("transactions stay open: last stable offsets" + open)
		}
		time.Sleep(100 * time.Millisecond)
	}
}

// Waits until the group has committed an offset behind which there is nothing to copy: the last
// record's is known from having been read.
func waitForCopies(admin *kadm.Client, ends map[int32]int64, deadline time.Time) {
	for {
		offsets, err := admin.FetchOffsets(context.Background(), copyGroup)
		behind := ""
		for partition := range ends {
			found, _ := offsets.Lookup(inputTopic, partition)
			if last := lastRead[partition]; err != nil || found.At <= last {
				behind += fmt.Sprintf(" %s: %d of %d", partitionName(inputTopic, partition), found.At, last+1)
			}
		}
		if behind == "" {
			return
		}
		if time.Now().After(deadline) {
			fail(fmt.Sprintf("the group does not go on (%v): committed%s", err, behind))
		}
		time.Sleep(100 * time.Millisecond)
	}
}

func check(err error) {
	if err != nil {
		fail(err.Error())
	}
}

func fail(text string) {
	fmt.Fprintln(os.Stderr, text)
	os.Exit(1)
}
