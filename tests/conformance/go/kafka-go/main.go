// A ten-line kafka-go program for each thing a user does first; see ../../src/clients.ts.
package main

import (
	"bufio"
	"context"
	"fmt"
	"os"
	"strconv"
	"time"

	"github.com/segmentio/kafka-go"
)

var codecs = map[string]kafka.Compression{
	"gzip": kafka.Gzip, "snappy": kafka.Snappy, "lz4": kafka.Lz4, "zstd": kafka.Zstd,
}

func main() {
	command, broker, topic := os.Args[1], os.Args[2], os.Args[3]
	deadline, cancel := context.WithTimeout(context.Background(), 30*time.Second)
	defer cancel()
	switch command {
	case "create":
		partitions, _ := strconv.Atoi(os.Args[4])
		client := &kafka.Client{Addr: kafka.TCP(broker)}
		topics := []kafka.TopicConfig{{Topic: topic, NumPartitions: partitions, ReplicationFactor: 1}}
		response, err := client.CreateTopics(deadline, &kafka.CreateTopicsRequest{Topics: topics})
		check(err)
		check(response.Errors[topic])
	case "produce":
		writer := &kafka.Writer{
			Addr: kafka.TCP(broker), Topic: topic, Compression: codecs[os.Args[4]],
			RequiredAcks: kafka.RequireAll, BatchTimeout: 10 * time.Millisecond,
		}
		var messages []kafka.Message
		lines := bufio.NewScanner(os.Stdin)
		for lines.Scan() {
			messages = append(messages, kafka.Message{Value: []byte(lines.Text())})
		}
		check(writer.WriteMessages(deadline, messages...))
		check(writer.Close())
	case "group":
		count, _ := strconv.Atoi(os.Args[4])
		config := kafka.ReaderConfig{Brokers: []string{broker}, Topic: topic, GroupID: topic, StartOffset: kafka.FirstOffset}
		reader := kafka.NewReader(config)
		for seen := 0; seen < count; seen++ {
			message, err := reader.ReadMessage(deadline)
			check(err)
			fmt.Println(string(message.Value))
		}
		check(reader.Close())
	case "consume":
		count, _ := strconv.Atoi(os.Args[4])
		reader := kafka.NewReader(kafka.ReaderConfig{Brokers: []string{broker}, Topic: topic, Partition: 0, MaxBytes: 10e6})
		for seen := 0; seen < count; seen++ {
			message, err := reader.ReadMessage(deadline)
			check(err)
			fmt.Println(string(message.Value))
		}
	}
}

func check(err error) {
	if err != nil {
		fmt.Fprintln(os.Stderr, err)
		os.Exit(1)
	}
}
