// Many members of groups in one process, each with a network of its own that can be killed or
// held. Commands come as lines: "join MEMBER GROUP PROTOCOL", "leave MEMBER", "kill MEMBER",
// "pause MEMBER", "resume MEMBER", "watch GROUP", "queue GROUP", "end". What happens to them goes to standard output as
// lines of JSON; see ../../../groups/src/group-event.ts.
package main

import (
	"bufio"
	"context"
	"encoding/json"
	"fmt"
	"os"
	"sort"
	"strconv"
	"strings"
	"sync"
	"time"

	"millrace/history/wire"

	"github.com/twmb/franz-go/pkg/kadm"
	"github.com/twmb/franz-go/pkg/kgo"
)

const (
	topic             = "chaos"
	heartbeatInterval = 500 * time.Millisecond
	rebalanceTimeout  = 12 * time.Second
	producePause      = 5 * time.Millisecond
	watchPause        = 100 * time.Millisecond
)

var sessionTimeout time.Duration

type event struct {
	At         float64 `json:"atMs"`
	Group      string  `json:"group"`
	Member     string  `json:"member"`
	Kind       string  `json:"kind"`
	Partitions []int32 `json:"partitions,omitempty"`
	Held       []int32 `json:"held,omitempty"`
	Generation int32   `json:"generation,omitempty"`
	SentAt     float64 `json:"sentAtMs,omitempty"`
	Partition  int32   `json:"partition,omitempty"`
	Offset     int64   `json:"offset,omitempty"`
	Reason     string  `json:"reason,omitempty"`
	Offsets    []int64 `json:"offsets,omitempty"`
	Counts     []int32 `json:"counts,omitempty"`
	Released   []int64 `json:"released,omitempty"`
	DeadlineMs float64 `json:"deadlineMs,omitempty"`
}

var (
	outputMutex sync.Mutex
	output      = bufio.NewWriterSize(os.Stdout, 1<<16)
)

func milliseconds(moment time.Time) float64 { return float64(moment.UnixMicro()) / 1000 }

func emit(one event) {
	outputMutex.Lock()
	defer outputMutex.Unlock()
	// Under the lock, so that the order of the lines is that of their times.
	if one.At == 0 {
		one.At = milliseconds(time.Now())
	}
	line, _ := json.Marshal(one)
	output.Write(line)
	output.WriteByte('\n')
	output.Flush()
}

type member struct {
	name, group, protocol string
	network               *wire.Network
	client                *kgo.Client
	mutex                 sync.Mutex
	held                  map[int32]bool
	stop                  chan struct{}
	// The id under which it was last told what it has.
	assignedAs string
}

func main() {
	bootstrap := os.Args[1]
	partitions, _ := strconv.Atoi(os.Args[2])
	session, _ := strconv.Atoi(os.Args[3])
	sessionTimeout = time.Duration(session) * time.Millisecond
	client, err := kgo.NewClient(append(wire.Options(bootstrap, wire.NewNetwork()),
		kgo.RecordPartitioner(kgo.RoundRobinPartitioner()))...)
	check(err)
	admin := kadm.NewClient(client)
	_, err = admin.CreateTopics(context.Background(), int32(partitions), 1, nil, topic)
	check(err)
	_, err = admin.CreateTopics(context.Background(), queuePartitions, 1, nil, queueTopic)
	check(err)
	go produce(client)
	stopQueue := make(chan struct{})

	members := map[string]*member{}
	input := bufio.NewScanner(os.Stdin)
	for input.Scan() {
		words := strings.Fields(input.Text())
		if words[0] == "end" {
			close(stopQueue)
			continue
		}
		one := members[words[1]]
		switch words[0] {
		case "watch":
			go watch(admin, words[1])
		case "queue":
			beginAtStart(client, words[1])
			go produceQueue(client, words[1], stopQueue)
			go watchShare(admin, words[1])
		case "join":
			if words[3] == "share" {
				members[words[1]] = joinShare(bootstrap, words[1], words[2], int64(len(members)))
			} else {
				members[words[1]] = join(bootstrap, words[1], words[2], words[3])
			}
		case "leave":
			if one.protocol == "" {
				// What a member of a share group has acquired is released at some moment of this.
				emit(event{Group: one.group, Member: one.name, Kind: "gone"})
			}
			close(one.stop)
			go one.client.CloseAllowingRebalance()
		case "kill":
			// Said first: from here on it owns nothing, whatever its callbacks say.
			emit(event{Group: one.group, Member: one.name, Kind: "gone"})
			one.network.Kill()
			close(one.stop)
			go one.client.CloseAllowingRebalance()
		case "pause":
			emit(event{Group: one.group, Member: one.name, Kind: "standing"})
			one.network.Pause()
		case "resume":
			one.network.Resume()
			emit(event{Group: one.group, Member: one.name, Kind: "going"})
		}
	}
}

func produce(client *kgo.Client) {
	for number := 0; ; number++ {
		record := &kgo.Record{Topic: topic, Value: []byte(strconv.Itoa(number))}
		client.Produce(context.Background(), record, nil)
		time.Sleep(producePause)
	}
}

func join(bootstrap, name, group, protocol string) *member {
	one := &member{
		name: name, group: group, protocol: protocol,
		network: wire.NewNetwork(), held: map[int32]bool{}, stop: make(chan struct{}),
	}
	options := append(wire.Options(bootstrap, one.network),
		kgo.ClientID(name),
		kgo.ConsumerGroup(group),
		kgo.ConsumeTopics(topic),
		kgo.ConsumeResetOffset(kgo.NewOffset().AtStart()),
		kgo.FetchMaxWait(500*time.Millisecond),
		kgo.SessionTimeout(sessionTimeout),
		kgo.HeartbeatInterval(heartbeatInterval),
		kgo.RebalanceTimeout(rebalanceTimeout),
		kgo.DisableAutoCommit(),
		kgo.BlockRebalanceOnPoll(),
		kgo.OnPartitionsAssigned(one.assigned),
		kgo.OnPartitionsRevoked(one.given("revoked")),
		kgo.OnPartitionsLost(one.given("lost")),
		kgo.WithHooks(one),
	)
	switch protocol {
	case "range":
		options = append(options, kgo.Balancers(kgo.RangeBalancer()))
	case "cooperative":
		options = append(options, kgo.Balancers(kgo.CooperativeStickyBalancer()))
	case "consumer":
		options = append(options, kgo.ServerSideBalancer())
	}
	client, err := kgo.NewClient(options...)
	check(err)
	one.client = client
	go one.consume()
	return one
}

func (one *member) consume() {
	for {
		select {
		case <-one.stop:
			return
		default:
		}
		ctx, cancel := context.WithTimeout(context.Background(), time.Second)
		records := one.client.PollRecords(ctx, 100).Records()
		cancel()
		if len(records) > 0 && one.isStillWho() {
			ctx, cancel = context.WithTimeout(context.Background(), 2*time.Second)
			_ = one.client.CommitRecords(ctx, records...)
			cancel()
		}
		one.client.AllowRebalance()
	}
}

// franz-go v1.22.2 keeps the partitions of a member id that is unknown when it joins again, and
// would commit under its new id what another member has gone beyond: nobody but it could stop that.
func (one *member) isStillWho() bool {
	one.mutex.Lock()
	defer one.mutex.Unlock()
	id, _ := one.client.GroupMetadata()
	return id == one.assignedAs
}

func (one *member) assigned(_ context.Context, client *kgo.Client, added map[string][]int32) {
	one.mutex.Lock()
	defer one.mutex.Unlock()
	for _, partition := range added[topic] {
		one.held[partition] = true
	}
	id, generation := client.GroupMetadata()
	one.assignedAs = id
	one.tell("assigned", added[topic], generation)
}

func (one *member) given(kind string) func(context.Context, *kgo.Client, map[string][]int32) {
	return func(_ context.Context, client *kgo.Client, removed map[string][]int32) {
		one.mutex.Lock()
		defer one.mutex.Unlock()
		for _, partition := range removed[topic] {
			delete(one.held, partition)
		}
		_, generation := client.GroupMetadata()
		one.tell(kind, removed[topic], generation)
	}
}

func (one *member) tell(kind string, partitions []int32, generation int32) {
	held := []int32{}
	for partition := range one.held {
		held = append(held, partition)
	}
	sort.Slice(held, func(left, right int) bool { return held[left] < held[right] })
	emit(event{Group: one.group, Member: one.name, Kind: kind, Partitions: partitions, Held: held, Generation: generation})
}

// OnBrokerE2E tells of answers that show a member alive: Heartbeat, SyncGroup, ConsumerGroupHeartbeat.
func (one *member) OnBrokerE2E(_ kgo.BrokerMetadata, key int16, e2e kgo.BrokerE2E) {
	if (key == 12 || key == 14 || key == 68) && e2e.Err() == nil {
		sent := time.Now().Add(-e2e.DurationE2E())
		emit(event{Group: one.group, Member: one.name, Kind: "heartbeat", SentAt: milliseconds(sent)})
	}
}

// OnGroupManageError tells why a member's session ended.
func (one *member) OnGroupManageError(err error) {
	emit(event{Group: one.group, Member: one.name, Kind: "note", Reason: err.Error()})
}

// Asks for a group's committed offsets, again and again.
func watch(admin *kadm.Client, group string) {
	last := map[int32]int64{}
	for ; ; time.Sleep(watchPause) {
		ctx, cancel := context.WithTimeout(context.Background(), 3*time.Second)
		offsets, err := admin.FetchOffsets(ctx, group)
		cancel()
		if err != nil {
			continue
		}
		offsets.Each(func(found kadm.OffsetResponse) {
			if found.Err == nil && found.At != last[found.Partition] {
				last[found.Partition] = found.At
				emit(event{Group: group, Kind: "committed", Partition: found.Partition, Offset: found.At})
			}
		})
	}
}

func check(err error) {
	if err != nil {
		fmt.Fprintln(os.Stderr, err)
		os.Exit(1)
	}
}
