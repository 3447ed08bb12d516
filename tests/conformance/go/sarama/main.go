// A ten-line sarama program for each thing a user does first; see ../../src/clients.ts.
package main

import (
	"bufio"
	"context"
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
	case "group":
		count, _ := strconv.Atoi(os.Args[4])
		config.Consumer.Offsets.Initial = sarama.OffsetOldest
		group, err := sarama.NewConsumerGroup(brokers, topic, config)
		check(err)
		deadline, cancel := context.WithTimeout(context.Background(), 30*time.Second)
		defer cancel()
		reader := &printer{left: count, done: cancel}
		check(group.Consume(deadline, []string{topic}, reader))
		check(group.Close())
		if reader.left > 0 {
			check(fmt.Errorf("%d records are missing after 30 s", reader.left))
		}
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

// printer prints the records of a session until it has enough of them.
type printer struct {
	left int
	done func()
}

func (*printer) Setup(sarama.ConsumerGroupSession) error   { return nil }
func (*printer) Cleanup(sarama.ConsumerGroupSession) error { return nil }

func (p *printer) ConsumeClaim(session sarama.ConsumerGroupSession, claim sarama.ConsumerGroupClaim) error {
	for message := range claim.Messages() {
		fmt.Println(string(message.Value))
		session.MarkMessage(message, "")
		p.left--
		if p.left == 0 {
			p.done()
		}
	}
	return nil
}

func check(err error) {
	if err != nil {
		fmt.Fprintln(os.Stderr, err)
		os.Exit(1)
	}
}
