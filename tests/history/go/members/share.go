package main

import (
	"context"
	"math/rand"
	"net"
	"strconv"
	"sync"
	"sync/atomic"
	"time"

	"millrace/history/wire"

	"github.com/twmb/franz-go/pkg/kadm"
	"github.com/twmb/franz-go/pkg/kerr"
	"github.com/twmb/franz-go/pkg/kgo"
	"github.com/twmb/franz-go/pkg/kmsg"
)

const (
	queueTopic      = "queue"
	queuePartitions = 4
	// Every so many records one is never accepted by anybody.
	poisonEvery = 97
	poison      = "poison"
	// Longer than the lock of a record that the broker is told to use.
	longWork = 5 * time.Second
)

// What a member did with the records of one partition.
type handled struct {
	accepted, rejected, released []int64
}

type shareMember struct {
	*member
	// Partitions whose acknowledgements were refused since the last flush.
	failed sync.Map
	random *rand.Rand
}

func joinShare(bootstrap, name, group string, seed int64) *member {
	one := &shareMember{
		member: &member{name: name, group: group, network: wire.NewNetwork(), stop: make(chan struct{})},
		random: rand.New(rand.NewSource(seed)),
	}
	client, err := kgo.NewClient(append(wire.Options(bootstrap, one.network),
		kgo.ClientID(name),
		kgo.ShareGroup(group),
		kgo.ConsumeTopics(queueTopic),
		kgo.ShareMaxRecords(20),
		// Without it records wait in the client, with their locks running, while it works.
		kgo.ShareMaxRecordsStrict(),
		kgo.FetchMaxWait(300*time.Millisecond),
		kgo.ShareAckCallback(one.answered),
		kgo.WithHooks(one),
	)...)
	check(err)
	one.client = client
	go one.work()
	return one.member
}

func (one *shareMember) answered(_ *kgo.Client, results kgo.ShareAckResults) {
	for _, result := range results {
		if result.Err != nil {
			one.failed.Store(result.Partition, true)
		}
	}
}

// OnBrokerDisconnect tells that a connection is gone, and with it what was acquired through it.
func (one *shareMember) OnBrokerDisconnect(kgo.BrokerMetadata, net.Conn) {
	emit(event{Group: one.group, Member: one.name, Kind: "dropped"})
}

func (one *shareMember) work() {
	for {
		select {
		case <-one.stop:
			return
		default:
		}
		ctx, cancel := context.WithTimeout(context.Background(), 500*time.Millisecond)
		records := one.client.PollRecords(ctx, 20).Records()
		cancel()
		if len(records) == 0 {
			continue
		}
		one.tellAcquired(records)
		work := time.Duration(one.random.Intn(60)) * time.Millisecond
		if one.random.Intn(200) == 0 {
			work = longWork
		}
		time.Sleep(work)
		one.finish(records)
	}
}

func (one *shareMember) tellAcquired(records []*kgo.Record) {
	now := milliseconds(time.Now())
	byPartition := map[int32]*event{}
	for _, record := range records {
		told := byPartition[record.Partition]
		if told == nil {
			deadline := milliseconds(record.AcquisitionDeadline())
			told = &event{
				Group: one.group, Member: one.name, Kind: "acquired", At: now,
				Partition: record.Partition, DeadlineMs: deadline,
			}
			byPartition[record.Partition] = told
		}
		told.Offsets = append(told.Offsets, record.Offset)
		told.Counts = append(told.Counts, record.DeliveryCount())
	}
	for _, told := range byPartition {
		emit(*told)
	}
}

func (one *shareMember) finish(records []*kgo.Record) {
	results := map[int32]*handled{}
	statuses := make([]kgo.AckStatus, len(records))
	for index, record := range records {
		result := results[record.Partition]
		if result == nil {
			result = &handled{}
			results[record.Partition] = result
		}
		chance := one.random.Intn(100)
		switch {
		case string(record.Value) == poison || chance < 8:
			statuses[index] = kgo.AckRelease
			result.released = append(result.released, record.Offset)
		case chance < 12:
			statuses[index] = kgo.AckReject
			result.rejected = append(result.rejected, record.Offset)
		default:
			statuses[index] = kgo.AckAccept
			result.accepted = append(result.accepted, record.Offset)
		}
	}
	// Said first: from here on the broker may give released records to others.
	one.tellHandled("acknowledging", results)
	one.failed.Clear()
	for index, record := range records {
		record.Ack(statuses[index])
	}
	ctx, cancel := context.WithTimeout(context.Background(), 5*time.Second)
	defer cancel()
	if one.client.FlushAcks(ctx) != nil {
		return
	}
	one.failed.Range(func(partition, _ any) bool {
		delete(results, partition.(int32))
		return true
	})
	one.tellHandled("acknowledged", results)
}

func (one *shareMember) tellHandled(kind string, results map[int32]*handled) {
	for partition, result := range results {
		emit(event{
			Group: one.group, Member: one.name, Kind: kind, Partition: partition,
			Offsets: append(result.accepted, result.rejected...), Released: result.released,
		})
	}
}

// Writes to the queue until it is told to stop, and tells then where its partitions end.
func produceQueue(client *kgo.Client, group string, stop <-chan struct{}) {
	var ends [queuePartitions]atomic.Int64
	var unanswered sync.WaitGroup
	for number := 1; ; number++ {
		select {
		case <-stop:
			unanswered.Wait()
			for partition := range ends {
				emit(event{Group: group, Kind: "produced", Partition: int32(partition), Offset: ends[partition].Load()})
			}
			return
		default:
		}
		value := strconv.Itoa(number)
		if number%poisonEvery == 0 {
			value = poison
		}
		unanswered.Add(1)
		record := &kgo.Record{Topic: queueTopic, Value: []byte(value)}
		client.Produce(context.Background(), record, func(record *kgo.Record, err error) {
			check(err)
			if end := &ends[record.Partition]; end.Load() <= record.Offset {
				end.Store(record.Offset + 1)
			}
			unanswered.Done()
		})
		time.Sleep(producePause)
	}
}

// Makes a share group begin at the start of its topic.
func beginAtStart(client *kgo.Client, group string) {
	request := kmsg.NewPtrIncrementalAlterConfigsRequest()
	resource := kmsg.NewIncrementalAlterConfigsRequestResource()
	resource.ResourceType = kmsg.ConfigResourceTypeGroupConfig
	resource.ResourceName = group
	config := kmsg.NewIncrementalAlterConfigsRequestResourceConfig()
	config.Name, config.Value = "share.auto.offset.reset", kmsg.StringPtr("earliest")
	resource.Configs = append(resource.Configs, config)
	request.Resources = append(request.Resources, resource)
	answer, err := request.RequestWith(context.Background(), client)
	check(err)
	for _, one := range answer.Resources {
		check(kerr.ErrorForCode(one.ErrorCode))
	}
}

// Asks for a share group's start offsets and for what is left to do, again and again.
func watchShare(admin *kadm.Client, group string) {
	last, lastLag := map[int32]int64{}, map[int32]int64{}
	for ; ; time.Sleep(watchPause) {
		ctx, cancel := context.WithTimeout(context.Background(), 3*time.Second)
		described, err := admin.DescribeShareGroupOffsets(ctx, group)
		cancel()
		if err != nil {
			continue
		}
		for _, one := range described {
			one.Offsets.Each(func(found kadm.ShareOffset) {
				if found.Err != nil || found.StartOffset < 0 {
					return
				}
				told := event{Group: group, Partition: found.Partition}
				if found.StartOffset != last[found.Partition] {
					last[found.Partition] = found.StartOffset
					told.Kind, told.Offset = "committed", found.StartOffset
					emit(told)
				}
				if lag, known := lastLag[found.Partition]; !known || lag != found.Lag {
					lastLag[found.Partition] = found.Lag
					told.Kind, told.Offset = "lag", found.Lag
					emit(told)
				}
			})
		}
	}
}
