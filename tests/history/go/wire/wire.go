// Package wire has what the programs of this module share: a client's network that can be cut or
// held, and options with short times.
package wire

import (
	"context"
	"encoding/binary"
	"errors"
	"net"
	"sync"
	"time"

	"github.com/twmb/franz-go/pkg/kgo"
)

// Network is what one client sees of the world.
type Network struct {
	mutex       sync.Mutex
	changed     *sync.Cond
	paused      bool
	dead        bool
	gone        chan struct{}
	connections map[net.Conn]struct{}
	// A request of this key makes everything stand still before it is written; 0 for none.
	holdKey  int16
	holdTime time.Duration
}

// NewNetwork gives one that works.
func NewNetwork() *Network {
	network := &Network{gone: make(chan struct{}), connections: map[net.Conn]struct{}{}}
	network.changed = sync.NewCond(&network.mutex)
	return network
}

// Kill closes every connection and lets none come, as if the process had been killed.
func (network *Network) Kill() {
	network.mutex.Lock()
	if !network.dead {
		close(network.gone)
	}
	network.dead = true
	connections := network.connections
	network.connections = map[net.Conn]struct{}{}
	network.changed.Broadcast()
	network.mutex.Unlock()
	for connection := range connections {
		connection.Close()
	}
}

// IsDead says whether it was killed.
func (network *Network) IsDead() bool {
	network.mutex.Lock()
	defer network.mutex.Unlock()
	return network.dead
}

// WithTimeout gives a context that ends after a time, and when the network is killed.
func (network *Network) WithTimeout(limit time.Duration) (context.Context, context.CancelFunc) {
	ctx, cancel := context.WithTimeout(context.Background(), limit)
	go func() {
		select {
		case <-network.gone:
			cancel()
		case <-ctx.Done():
		}
	}()
	return ctx, cancel
}

// Pause holds every byte in both directions; Resume lets them go on.
func (network *Network) Pause() { network.set(true) }

// Resume ends a pause.
func (network *Network) Resume() { network.set(false) }

// PauseBefore makes the next request of a key (not 0) wait for a time, and all else with it.
func (network *Network) PauseBefore(key int16, duration time.Duration) {
	network.mutex.Lock()
	network.holdKey, network.holdTime = key, duration
	network.mutex.Unlock()
}

func (network *Network) meet(request []byte) {
	network.mutex.Lock()
	defer network.mutex.Unlock()
	if network.holdKey == 0 || len(request) < 6 || int16(binary.BigEndian.Uint16(request[4:])) != network.holdKey {
		return
	}
	network.holdKey = 0
	network.paused = true
	time.AfterFunc(network.holdTime, network.Resume)
}

func (network *Network) set(paused bool) {
	network.mutex.Lock()
	network.paused = paused
	network.changed.Broadcast()
	network.mutex.Unlock()
}

var errDead = errors.New("this client's network is gone")

func (network *Network) wait() error {
	network.mutex.Lock()
	defer network.mutex.Unlock()
	for network.paused && !network.dead {
		network.changed.Wait()
	}
	if network.dead {
		return errDead
	}
	return nil
}

// Dial is for kgo.Dialer.
func (network *Network) Dial(ctx context.Context, kind, host string) (net.Conn, error) {
	if err := network.wait(); err != nil {
		return nil, err
	}
	dialer := net.Dialer{Timeout: 2 * time.Second}
	connection, err := dialer.DialContext(ctx, kind, host)
	if err != nil {
		return nil, err
	}
	held := &heldConnection{connection, network}
	network.mutex.Lock()
	network.connections[held] = struct{}{}
	network.mutex.Unlock()
	return held, nil
}

type heldConnection struct {
	net.Conn
	network *Network
}

func (held *heldConnection) Read(bytes []byte) (int, error) {
	count, err := held.Conn.Read(bytes)
	if waited := held.network.wait(); waited != nil {
		return 0, waited
	}
	return count, err
}

func (held *heldConnection) Write(bytes []byte) (int, error) {
	held.network.meet(bytes)
	if err := held.network.wait(); err != nil {
		return 0, err
	}
	return held.Conn.Write(bytes)
}

func (held *heldConnection) Close() error {
	held.network.mutex.Lock()
	delete(held.network.connections, held)
	held.network.mutex.Unlock()
	return held.Conn.Close()
}

// Options have times that fit a run of seconds.
func Options(bootstrap string, network *Network) []kgo.Opt {
	return []kgo.Opt{
		kgo.SeedBrokers(bootstrap),
		kgo.Dialer(network.Dial),
		kgo.RequestTimeoutOverhead(3 * time.Second),
		kgo.RetryTimeout(15 * time.Second),
		kgo.RetryBackoffFn(func(int) time.Duration { return 100 * time.Millisecond }),
		kgo.MetadataMinAge(100 * time.Millisecond),
	}
}
