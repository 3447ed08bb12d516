package main

import (
	"context"
	"fmt"
	"math/rand"
	"sync/atomic"
	"time"

	"millrace/history/wire"

	"github.com/twmb/franz-go/pkg/kgo"
)

const (
	inputTopic  = "a"
	outputTopic = "b"
	copyGroup   = "copiers"
	// Shorter than a run, so that what is abandoned is aborted by the coordinator.
	transactionTimeout = 6 * time.Second
	// Shorter than that, so that a member that stands still is taken for dead while its transaction
	// is open.
	sessionTimeout = 3 * time.Second
)

var valueCount atomic.Int64

func newValue() string { return fmt.Sprintf("v%d", valueCount.Add(1)) }

func transactional(bootstrap, id string, network *wire.Network) []kgo.Opt {
	return append(wire.Options(bootstrap, network),
		kgo.TransactionalID(id),
		kgo.TransactionTimeout(transactionTimeout),
		kgo.RecordPartitioner(kgo.ManualPartitioner()),
		kgo.ProducerLinger(0),
		kgo.RecordDeliveryTimeout(20*time.Second),
	)
}

// Writes transactions until it is told to stop; a client that fails is followed by another with
// the same transactional id, which fences it.
func runWriter(bootstrap string, number int, random *rand.Rand, stop <-chan struct{}) {
	id := fmt.Sprintf("writer-%d", number)
	for life := 0; !isClosed(stop); life++ {
		network := wire.NewNetwork()
		client, err := kgo.NewClient(transactional(bootstrap, id, network)...)
		if err != nil {
			panic(err)
		}
		process := fmt.Sprintf("%s.%d", id, life)
		for !isClosed(stop) && writeTransaction(client, process, random) {
			time.Sleep(time.Duration(random.Intn(10)) * time.Millisecond)
		}
		// Nobody says goodbye: what is open stays open until the next life or the time-out.
		network.Kill()
		go client.Close()
	}
}

// False when this client is of no use any more.
func writeTransaction(client *kgo.Client, process string, random *rand.Rand) bool {
	ctx, cancel := context.WithTimeout(context.Background(), 25*time.Second)
	defer cancel()
	records := make([]*kgo.Record, 1+random.Intn(8))
	sends := make([]send, len(records))
	for index := range records {
		partition := int32(random.Intn(inputPartitions))
		records[index] = &kgo.Record{Topic: inputTopic, Partition: partition, Value: []byte(newValue())}
		sends[index] = send{Partition: partitionName(inputTopic, partition), Value: string(records[index].Value)}
	}
	if err := client.BeginTransaction(); err != nil {
		return false
	}
	emit(event{Phase: "invoke", Process: process, Operation: "write", Sends: sends})
	failed := produceAll(ctx, client, records, sends)
	chance := random.Float64()
	switch {
	case chance < 0.03:
		emit(event{Phase: "fail", Process: process, Operation: "write", Sends: sends})
		return false
	case failed || chance < 0.25:
		err := client.AbortBufferedRecords(ctx)
		if err == nil {
			err = client.EndTransaction(ctx, kgo.TryAbort)
		}
		// Nobody ever asked for a commit of it.
		emit(event{Phase: "fail", Process: process, Operation: "write", Sends: sends})
		return err == nil
	default:
		err := client.EndTransaction(ctx, kgo.TryCommit)
		phase := "ok"
		if err != nil {
			phase = "info"
		}
		emit(event{Phase: phase, Process: process, Operation: "write", Sends: sends})
		return err == nil
	}
}

// Produces, waits for the answers, and notes the offsets; true when one is not known to be written.
//
// It is this function that ends with the context: the client keeps a record whose request was sent
// until it is answered, however long that takes, since it would not know the next sequence number.
func produceAll(ctx context.Context, client *kgo.Client, records []*kgo.Record, sends []send) bool {
	type answer struct {
		index  int
		offset int64
		err    error
	}
	answers := make(chan answer, len(records))
	for index, record := range records {
		client.Produce(ctx, record, func(record *kgo.Record, err error) {
			answers <- answer{index, record.Offset, err}
		})
	}
	failed := false
	for range records {
		var one answer
		select {
		case one = <-answers:
		case <-ctx.Done():
			return true
		}
		if one.err != nil {
			failed = true
			continue
		}
		offset := one.offset
		sends[one.index].Offset = &offset
	}
	return failed
}

// Writes single records, without transactions, among those of the others.
func runPlainWriter(bootstrap string, random *rand.Rand, stop <-chan struct{}) {
	for life := 0; !isClosed(stop); life++ {
		network := wire.NewNetwork()
		options := append(wire.Options(bootstrap, network), kgo.RecordPartitioner(kgo.ManualPartitioner()), kgo.ProducerLinger(0))
		client, err := kgo.NewClient(options...)
		if err != nil {
			panic(err)
		}
		process := fmt.Sprintf("plain.%d", life)
		failed := false
		for !failed && !isClosed(stop) {
			ctx, cancel := context.WithTimeout(context.Background(), 25*time.Second)
			partition := int32(random.Intn(inputPartitions))
			record := &kgo.Record{Topic: inputTopic, Partition: partition, Value: []byte(newValue())}
			sends := []send{{Partition: partitionName(inputTopic, partition), Value: string(record.Value)}}
			emit(event{Phase: "invoke", Process: process, Operation: "write", Sends: sends})
			failed = produceAll(ctx, client, []*kgo.Record{record}, sends)
			phase := "ok"
			if failed {
				phase = "info"
			}
			emit(event{Phase: phase, Process: process, Operation: "write", Sends: sends})
			cancel()
			time.Sleep(time.Duration(random.Intn(20)) * time.Millisecond)
		}
		network.Kill()
		go client.Close()
	}
}

func isClosed(stop <-chan struct{}) bool {
	select {
	case <-stop:
		return true
	default:
		return false
	}
}
