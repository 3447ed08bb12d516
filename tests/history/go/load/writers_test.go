package main

import (
	"context"
	"os"
	"testing"
	"time"

	"millrace/history/wire"

	"github.com/twmb/franz-go/pkg/kadm"
	"github.com/twmb/franz-go/pkg/kgo"
)

// Run by ../../test/load.test.ts, which says where a broker is.
func TestAWriterDoesNotWaitForAnswersThatCannotCome(t *testing.T) {
	bootstrap := os.Getenv("BOOTSTRAP")
	network := wire.NewNetwork()
	client, err := kgo.NewClient(transactional(bootstrap, "cut-off", network)...)
	if err != nil {
		t.Fatal(err)
	}
	ctx := context.Background()
	if _, err := kadm.NewClient(client).CreateTopics(ctx, 1, 1, nil, inputTopic); err != nil {
		t.Fatal(err)
	}
	if err := client.BeginTransaction(); err != nil {
		t.Fatal(err)
	}
	first, sends := oneRecord()
	if produceAll(ctx, client, first, sends) || sends[0].Offset == nil {
		t.Fatal("the first record is not written")
	}
	// The next request is on its way, and its answer never comes.
	network.Pause()
	time.AfterFunc(300*time.Millisecond, network.Kill)
	limited, cancel := context.WithTimeout(ctx, time.Second)
	defer cancel()
	ended := make(chan bool)
	go func() {
		second, sends := oneRecord()
		ended <- produceAll(limited, client, second, sends)
	}()
	select {
	case failed := <-ended:
		if !failed {
			t.Error("a record without an answer counts as written")
		}
	case <-time.After(10 * time.Second):
		t.Error("it still waits, long after its context ended")
	}
}

func oneRecord() ([]*kgo.Record, []send) {
	records := []*kgo.Record{{Topic: inputTopic, Value: []byte("v")}}
	return records, make([]send, 1)
}
