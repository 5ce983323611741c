#include "floor.h"

#include <errno.h>
#include <getopt.h>
#include <signal.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/epoll.h>
#include <sys/resource.h>
#include <time.h>

int epoll_handle;
static volatile sig_atomic_t is_over;

void fail(const char *what, const char *why) {
    fprintf(stderr, "floor: %s: %s\n", what, why);
    exit(1);
}

int64_t now(void) {
    struct timespec time;
    clock_gettime(CLOCK_MONOTONIC, &time);
    return (int64_t)time.tv_sec * 1000000000 + time.tv_nsec;
}

static void stop(int signal) {
    (void)signal;
    is_over = 1;
}

static struct options parse(int count, char **arguments) {
    static const struct option names[] = {
        {"broker", required_argument, NULL, 'b'},    {"queue", required_argument, NULL, 'q'},
        {"scheme", required_argument, NULL, 's'},    {"sink", required_argument, NULL, 'p'},
        {"hosts", required_argument, NULL, 'h'},     {"in-flight", required_argument, NULL, 'i'},
        {"prefetch", required_argument, NULL, 'f'},  {"handles", required_argument, NULL, 'm'},
        {"certificate", required_argument, NULL, 'c'}, {"latencies", required_argument, NULL, 'l'},
        {NULL, 0, NULL, 0},
    };
    struct options options = {.scheme = "http", .in_flight = 100, .prefetch = 500, .handles = 1};
    int option;
    while ((option = getopt_long(count, arguments, "", names, NULL)) != -1) {
        switch (option) {
        case 'b': options.broker_port = atoi(optarg); break;
        case 'q': options.queue = optarg; break;
        case 's': options.scheme = optarg; break;
        case 'p': options.sink_port = atoi(optarg); break;
        case 'h': options.hosts = atoi(optarg); break;
        case 'i': options.in_flight = atoi(optarg); break;
        case 'f': options.prefetch = atoi(optarg); break;
        case 'm': options.handles = atoi(optarg); break;
        case 'c': options.certificate = optarg; break;
        case 'l': options.latencies = optarg; break;
        default: exit(2);
        }
    }
    if (options.broker_port < 1 || options.sink_port < 1 || options.queue == NULL || options.in_flight < 1 ||
        options.prefetch < 1 || options.prefetch > 65535 || options.handles < 1)
        fail("usage", "floor --broker PORT --queue NAME --sink PORT [--scheme http|https] [--certificate FILE] "
                      "[--hosts N] [--in-flight N] [--prefetch N] [--handles N] [--latencies FILE]");
    return options;
}

// Milliseconds for epoll_wait until the sooner of two times in nanoseconds, of which -1 is never.
static int patience(int64_t one, int64_t other) {
    int64_t sooner = one < 0 ? other : other < 0 || one < other ? one : other;
    if (sooner < 0) return 1000;
    return (int)((sooner + 999999) / 1000000);
}

int main(int count, char **arguments) {
    struct options options = parse(count, arguments);
    struct rlimit files;
    getrlimit(RLIMIT_NOFILE, &files);
    files.rlim_cur = files.rlim_max;
    setrlimit(RLIMIT_NOFILE, &files);
    signal(SIGPIPE, SIG_IGN);
    struct sigaction action = {.sa_handler = stop};
    sigaction(SIGTERM, &action, NULL);
    epoll_handle = epoll_create1(EPOLL_CLOEXEC);
    outlet_open(&options);
    intake_open(&options);

    struct epoll_event events[256];
    while (!is_over) {
        struct message message;
        while (outlet_has_room() && intake_next(&message)) outlet_start(&message);
        int64_t timer = outlet_timers(now());
        int over = outlet_reap();
        int64_t acknowledgement = intake_acknowledge(now());
        // What ended just now made room, and messages may lie in the library's buffer, of which epoll knows nothing.
        int wait = over > 0 ? 0 : patience(timer, acknowledgement);
        int ready = epoll_wait(epoll_handle, events, 256, wait);
        if (ready < 0 && errno != EINTR) fail("epoll", strerror(errno));
        for (int index = 0; index < ready; index++) {
            uint64_t source = events[index].data.u64;
            if (source >> 32 == SOURCE_BROKER)
                intake_readable();
            else
                outlet_ready((int)(uint32_t)source, events[index].events);
        }
        outlet_reap();
    }
    outlet_close();
    return 0;
}
