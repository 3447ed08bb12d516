// A ten-line franz-go program for each thing a user does first; see ../../src/clients.ts.
package main

import (
	"bufio"
	"context"
	"fmt"
	"os"
	"strconv"
	"time"

	"github.com/twmb/franz-go/pkg/kadm"
	"github.com/twmb/franz-go/pkg/kgo"
)

var codecs = map[string]kgo.CompressionCodec{
	"none": kgo.NoCompression(), "gzip": kgo.GzipCompression(), "snappy": kgo.SnappyCompression(),
	"lz4": kgo.Lz4Compression(), "zstd": kgo.ZstdCompression(),
}

func main() {
	command, broker, topic := os.Args[1], os.Args[2], os.Args[3]
	options := []kgo.Opt{kgo.SeedBrokers(broker)}
	switch command {
	case "create":
		partitions, _ := strconv.Atoi(os.Args[4])
		admin := kadm.NewClient(newClient(options))
		_, err := admin.CreateTopic(context.Background(), int32(partitions), 1, nil, topic)
		check(err)
	case "produce":
		options = append(options, kgo.DefaultProduceTopic(topic), kgo.ProducerBatchCompression(codecs[os.Args[4]]))
		client := newClient(options)
		lines := bufio.NewScanner(os.Stdin)
		for lines.Scan() {
			client.Produce(context.Background(), kgo.StringRecord(lines.Text()), func(_ *kgo.Record, err error) { check(err) })
		}
		check(client.Flush(context.Background()))
	case "group":
		count, _ := strconv.Atoi(os.Args[4])
		options = append(options, kgo.ConsumeTopics(topic), kgo.ConsumerGroup(topic), kgo.ConsumeResetOffset(kgo.NewOffset().AtStart()))
		print(newClient(options), count, true)
	case "consumer-group":
		count, _ := strconv.Atoi(os.Args[4])
		options = append(options, kgo.ConsumeTopics(topic), kgo.ConsumerGroup(topic+"-next"), kgo.ServerSideBalancer(),
			kgo.Balancers(kgo.StickyBalancer()), kgo.ConsumeResetOffset(kgo.NewOffset().AtStart()))
		print(newClient(options), count, true)
	case "consume":
		count, _ := strconv.Atoi(os.Args[4])
		start := map[int32]kgo.Offset{0: kgo.NewOffset().AtStart()}
		print(newClient(append(options, kgo.ConsumePartitions(map[string]map[int32]kgo.Offset{topic: start}))), count, false)
	}
}

func print(client *kgo.Client, count int, commits bool) {
	deadline, cancel := context.WithTimeout(context.Background(), 30*time.Second)
	defer cancel()
	for seen := 0; seen < count; {
		fetches := client.PollFetches(deadline)
		check(fetches.Err())
		fetches.EachRecord(func(record *kgo.Record) { fmt.Println(string(record.Value)); seen++ })
	}
	if commits {
		check(client.CommitUncommittedOffsets(deadline))
		client.LeaveGroup()
	}
}

func newClient(options []kgo.Opt) *kgo.Client {
	client, err := kgo.NewClient(options...)
	check(err)
	return client
}

func check(err error) {
	if err != nil {
		fmt.Fprintln(os.Stderr, err)
		os.Exit(1)
	}
}
