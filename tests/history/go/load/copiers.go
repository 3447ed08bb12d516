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

const endTxnKey = 26

// Copies input to output in a group, exactly once, as one member after another.
func runCopier(bootstrap, protocol string, number int, random *rand.Rand, stop, stopDisturbing <-chan struct{}) {
	for life := 0; !isClosed(stop); life++ {
		// A new life is a new member of the group and the same transactional id.
		lifetime := time.Duration(1000+random.Intn(4000)) * time.Millisecond
		copier := newCopier(bootstrap, protocol, number, life)
		end := time.Now().Add(lifetime)
		switch random.Intn(4) {
		case 0: // It dies in the middle of what it does.
			end = end.Add(time.Minute)
			time.AfterFunc(lifetime, func() {
				if !isClosed(stopDisturbing) {
					copier.network.Kill()
				}
			})
		case 1: // It stands still until others may have taken over, and goes on where it was.
			still := time.Duration(1000+random.Intn(5000)) * time.Millisecond
			end = end.Add(still)
			time.AfterFunc(lifetime/2, copier.network.Pause)
			time.AfterFunc(lifetime/2+still, copier.network.Resume)
		case 2: // The same between a commit of offsets and the end of its transaction.
			end = end.Add(10 * time.Second)
			time.AfterFunc(lifetime/2, func() {
				copier.network.PauseBefore(endTxnKey, sessionTimeout+time.Duration(random.Intn(2500))*time.Millisecond)
			})
		}
		for !isClosed(stop) && !copier.network.IsDead() && (time.Now().Before(end) || isClosed(stopDisturbing)) {
			if !copier.step(isClosed(stopDisturbing)) {
				break
			}
		}
		closed := make(chan struct{})
		go func() {
			copier.session.CloseAllowingRebalance()
			close(closed)
		}()
		select {
		case <-closed:
		case <-time.After(2 * time.Second):
			copier.network.Kill()
		}
	}
}

type copier struct {
	process string
	network *wire.Network
	session *kgo.GroupTransactSession
	// Set when positions may have changed since the last poll.
	moved atomic.Bool
}

func newCopier(bootstrap, protocol string, number, life int) *copier {
	one := &copier{process: fmt.Sprintf("copier-%d.%d", number, life), network: wire.NewNetwork()}
	one.moved.Store(true)
	move := func(context.Context, *kgo.Client, map[string][]int32) { one.moved.Store(true) }
	options := append(transactional(bootstrap, fmt.Sprintf("copier-%d", number), one.network),
		kgo.ConsumerGroup(copyGroup),
		kgo.ConsumeTopics(inputTopic),
		kgo.ConsumeResetOffset(kgo.NewOffset().AtStart()),
		kgo.FetchIsolationLevel(kgo.ReadCommitted()),
		kgo.FetchMaxWait(200*time.Millisecond),
		kgo.SessionTimeout(sessionTimeout),
		kgo.HeartbeatInterval(500*time.Millisecond),
		kgo.RebalanceTimeout(6*time.Second),
		kgo.RequireStableFetchOffsets(),
		kgo.OnPartitionsAssigned(move),
		kgo.OnPartitionsRevoked(move),
		kgo.OnPartitionsLost(move),
	)
	if protocol == "consumer" {
		options = append(options, kgo.ServerSideBalancer())
	} else {
		options = append(options, kgo.Balancers(kgo.CooperativeStickyBalancer()))
	}
	session, err := kgo.NewGroupTransactSession(options...)
	if err != nil {
		panic(err)
	}
	one.session = session
	return one
}

// Copies what one poll gives; false when this member is of no use any more. When all is calm, it
// must not take long.
func (copier *copier) step(isCalm bool) bool {
	ctx, cancel := context.WithTimeout(context.Background(), 500*time.Millisecond)
	records := copier.session.PollRecords(ctx, 40).Records()
	cancel()
	if len(records) == 0 {
		return true
	}
	if copier.moved.Swap(false) {
		emit(event{Phase: "ok", Process: copier.process, Operation: "assign"})
	}
	emit(event{Phase: "ok", Process: copier.process, Operation: "poll", Records: seenOf(records)})
	if err := copier.session.Begin(); err != nil {
		return false
	}
	copies := make([]*kgo.Record, len(records))
	sends := make([]send, len(records))
	next := map[string]int64{}
	for index, record := range records {
		copies[index] = &kgo.Record{Topic: outputTopic, Partition: record.Partition, Value: []byte(newValue())}
		source := partitionName(record.Topic, record.Partition)
		sends[index] = send{
			Partition: partitionName(outputTopic, record.Partition),
			Value:     string(copies[index].Value),
			Source:    &place{source, record.Offset},
		}
		next[source] = record.Offset + 1
	}
	commits := []commit{}
	for partition, offset := range next {
		commits = append(commits, commit{copyGroup, partition, offset})
	}
	emit(event{Phase: "invoke", Process: copier.process, Operation: "write", Sends: sends, Commits: commits})
	ctx, cancel = copier.network.WithTimeout(25 * time.Second)
	defer cancel()
	failed := produceAll(ctx, copier.session.Client(), copies, sends)
	committed, err := copier.session.End(ctx, kgo.TransactionEndTry(!failed))
	if isCalm && ctx.Err() == context.DeadlineExceeded {
		fail(fmt.Sprintf("%s: no end of a transaction in 25 s, and nothing disturbs it: %v", copier.process, err))
	}
	phase := "ok"
	switch {
	case failed || (err == nil && !committed):
		phase = "fail"
	case err != nil:
		phase = "info"
	}
	if !committed {
		copier.moved.Store(true)
	}
	emit(event{Phase: phase, Process: copier.process, Operation: "write", Sends: sends, Commits: commits})
	return err == nil
}
