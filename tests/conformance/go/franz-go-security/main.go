// Produces one record with franz-go over whatever the environment says; see ../../security/clients.ts.
package main

import (
	"context"
	"crypto/tls"
	"crypto/x509"
	"fmt"
	"os"
	"time"

	"github.com/twmb/franz-go/pkg/kgo"
	"github.com/twmb/franz-go/pkg/sasl/oauth"
	"github.com/twmb/franz-go/pkg/sasl/plain"
	"github.com/twmb/franz-go/pkg/sasl/scram"
)

func main() {
	options := []kgo.Opt{kgo.SeedBrokers(os.Args[1]), kgo.DefaultProduceTopic(os.Args[2]), kgo.RecordDeliveryTimeout(8 * time.Second), kgo.RequestRetries(1)}
	user, password := os.Getenv("SASL_USERNAME"), os.Getenv("SASL_PASSWORD")
	account := scram.Auth{User: user, Pass: password, IsToken: os.Getenv("SASL_IS_TOKEN") != ""}
	switch os.Getenv("SASL_MECHANISM") {
	case "PLAIN":
		options = append(options, kgo.SASL(plain.Auth{User: user, Pass: password, Zid: os.Getenv("SASL_AUTHZID")}.AsMechanism()))
	case "SCRAM-SHA-256":
		options = append(options, kgo.SASL(account.AsSha256Mechanism()))
	case "SCRAM-SHA-512":
		options = append(options, kgo.SASL(account.AsSha512Mechanism()))
	case "OAUTHBEARER":
		options = append(options, kgo.SASL(oauth.Auth{Token: os.Getenv("SASL_TOKEN")}.AsMechanism()))
	}
	if authority := os.Getenv("TLS_CA"); authority != "" {
		settings := &tls.Config{RootCAs: x509.NewCertPool()}
		text, err := os.ReadFile(authority)
		check(err)
		settings.RootCAs.AppendCertsFromPEM(text)
		if path := os.Getenv("TLS_CERTIFICATE"); path != "" {
			certificate, err := tls.LoadX509KeyPair(path, os.Getenv("TLS_KEY"))
			check(err)
			settings.Certificates = []tls.Certificate{certificate}
		}
		options = append(options, kgo.DialTLSConfig(settings))
	}
	client, err := kgo.NewClient(options...)
	check(err)
	deadline, cancel := context.WithTimeout(context.Background(), 10*time.Second)
	defer cancel()
	check(client.Ping(deadline))
	check(client.ProduceSync(deadline, kgo.StringRecord("from franz-go")).FirstErr())
	fmt.Println("ok")
}

func check(err error) {
	if err != nil {
		fmt.Fprintln(os.Stderr, err)
		os.Exit(1)
	}
}
