// A ten-line sarama program for each thing a user does first; see ../../src/clients.ts.
package main

import (
	"bufio"
	"fmt"
	"os"
	"strconv"
	"time"

	"github.com/IBM/sarama"
)

var codecs = map[string]sarama.CompressionCodec{
	"none": sarama.CompressionNone, "gzip": sarama.CompressionGZIP, "snappy": sarama.CompressionSnappy,
	"lz4": sarama.CompressionLZ4, "zstd": sarama.CompressionZSTD,
}

func main() {
	command, brokers, topic := os.Args[1], []string{os.Args[2]}, os.Args[3]
	config := sarama.NewConfig()
	config.Version = sarama.MaxVersion
	config.Producer.Return.Successes = true
	switch command {
	case "create":
		partitions, _ := strconv.Atoi(os.Args[4])
		admin, err := sarama.NewClusterAdmin(brokers, config)
		check(err)
		check(admin.CreateTopic(topic, &sarama.TopicDetail{NumPartitions: int32(partitions), ReplicationFactor: 1}, false))
	case "produce":
		config.Producer.Compression = codecs[os.Args[4]]
		config.Producer.RequiredAcks = sarama.WaitForAll
		producer, err := sarama.NewSyncProducer(brokers, config)
		check(err)
		var messages []*sarama.ProducerMessage
		lines := bufio.NewScanner(os.Stdin)
		for lines.Scan() {
			messages = append(messages, &sarama.ProducerMessage{Topic: topic, Value: sarama.StringEncoder(lines.Text())})
		}
		check(producer.SendMessages(messages))
	case "consume":
		count, _ := strconv.Atoi(os.Args[4])
		consumer, err := sarama.NewConsumer(brokers, config)
		check(err)
		partition, err := consumer.ConsumePartition(topic, 0, sarama.OffsetOldest)
		check(err)
		deadline := time.After(30 * time.Second)
		for seen := 0; seen < count; seen++ {
			select {
			case message := <-partition.Messages():
				fmt.Println(string(message.Value))
			case <-deadline:
				check(fmt.Errorf("%d of %d records in 30 s", seen, count))
			}
		}
	}
}

func check(err error) {
	if err != nil {
		fmt.Fprintln(os.Stderr, err)
		os.Exit(1)
	}
}
