// The least a worker between RabbitMQ and HTTP can do: what `Tests/Benchmarks/run` takes ratios to.
// One thread, librabbitmq's frames, libcurl's socket interface, epoll. No validation, no retries, no metrics.
#ifndef FLOOR_H
#define FLOOR_H

#include <amqp.h>
#include <curl/curl.h>
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

struct options {
    int broker_port;
    const char *queue;
    const char *scheme;      // http or https
    int sink_port;
    int hosts;               // 0: 127.0.0.1; else that many addresses from 127.1.0.0 on
    int in_flight;
    int prefetch;
    int handles;             // libcurl multi handles, over which the transfers are spread
    const char *certificate; // to trust, for https
    const char *latencies;   // file for microseconds from receipt to completion, one a line; or NULL
};

// Says what failed and ends the program.
void fail(const char *what, const char *why) __attribute__((noreturn));

// Monotonic nanoseconds.
int64_t now(void);

// What the event loop found ready: which of the two it is, and the socket.
enum { SOURCE_BROKER = 1, SOURCE_TRANSFER = 2 };
extern int epoll_handle;

// --- intake.c: messages from the queue and their acknowledgements ---

struct message {
    uint64_t tag;
    amqp_bytes_t body; // valid until the next call of intake_next
};

void intake_open(const struct options *options);
// Whether there was a message. False: none is here now.
bool intake_next(struct message *message);
void intake_readable(void);
void intake_done(uint64_t tag);
// Sends what is ripe; nanoseconds until more will be, or -1.
int64_t intake_acknowledge(int64_t time);

// --- outlet.c: requests ---

void outlet_open(const struct options *options);
bool outlet_has_room(void);
void outlet_start(const struct message *message);
void outlet_ready(int socket, uint32_t events);
// Runs timers that are due; nanoseconds until the next, or -1.
int64_t outlet_timers(int64_t time);
// Takes what is over and tells the intake; how many.
int outlet_reap(void);
void outlet_close(void);

// --- target.c: the request's path and query from the event ---

// Writes path and query into target, ended by a zero; false when the event lacks a field.
bool target_write(amqp_bytes_t event, char *target, size_t size);

#endif
