// A worker as one would write it in Go: amqp091-go, net/http, a goroutine for each request that may be under way.
// It parses the event, sends the request, acknowledges. No validation, no retries, no metrics.
package main

import (
	"crypto/tls"
	"crypto/x509"
	"encoding/json"
	"flag"
	"fmt"
	"io"
	"log"
	"net/http"
	"net/url"
	"os"
	"os/signal"
	"sync"
	"syscall"
	"time"

	amqp "github.com/rabbitmq/amqp091-go"
)

type event struct {
	ClickID string `json:"click_id"`
	OfferID string `json:"offer_id"`
	Payout  struct {
		Amount string `json:"amount"`
	} `json:"payout"`
}

func check(err error) {
	if err != nil {
		log.Fatal("peer: ", err)
	}
}

func main() {
	broker := flag.Int("broker", 0, "AMQP port on 127.0.0.1")
	queue := flag.String("queue", "", "queue to consume")
	sink := flag.Int("sink", 0, "port of the sink on 127.0.0.1")
	scheme := flag.String("scheme", "http", "http or https")
	certificate := flag.String("certificate", "", "to trust, for https")
	inFlight := flag.Int("in-flight", 100, "requests under way")
	prefetch := flag.Int("prefetch", 500, "messages held")
	latencies := flag.String("latencies", "", "file for microseconds from receipt to completion, one a line")
	flag.Parse()

	var notes *os.File
	var notesLock sync.Mutex
	if *latencies != "" {
		file, err := os.Create(*latencies)
		check(err)
		notes = file
	}

	transport := &http.Transport{MaxIdleConns: *inFlight, MaxIdleConnsPerHost: *inFlight}
	if *certificate != "" {
		text, err := os.ReadFile(*certificate)
		check(err)
		pool := x509.NewCertPool()
		pool.AppendCertsFromPEM(text)
		transport.TLSClientConfig = &tls.Config{RootCAs: pool}
	}
	client := &http.Client{Transport: transport}

	connection, err := amqp.Dial(fmt.Sprintf("amqp://guest:guest@127.0.0.1:%d/", *broker))
	check(err)
	channel, err := connection.Channel()
	check(err)
	check(channel.Qos(*prefetch, 0, false))
	deliveries, err := channel.Consume(*queue, "", false, false, false, false, nil)
	check(err)

	base := fmt.Sprintf("%s://127.0.0.1:%d/pb?cid=", *scheme, *sink)
	for number := 0; number < *inFlight; number++ {
		go func() {
			for delivery := range deliveries {
				received := time.Now()
				var e event
				check(json.Unmarshal(delivery.Body, &e))
				answer, err := client.Get(base + url.QueryEscape(e.ClickID) + "&offer=" + url.QueryEscape(e.OfferID) +
					"&payout=" + url.QueryEscape(e.Payout.Amount))
				check(err)
				io.Copy(io.Discard, answer.Body)
				answer.Body.Close()
				if answer.StatusCode/100 != 2 {
					log.Fatal("peer: ", answer.Status)
				}
				check(delivery.Ack(false))
				if notes != nil {
					notesLock.Lock()
					fmt.Fprintln(notes, time.Since(received).Microseconds())
					notesLock.Unlock()
				}
			}
		}()
	}
	over := make(chan os.Signal, 1)
	signal.Notify(over, syscall.SIGTERM)
	<-over
}
