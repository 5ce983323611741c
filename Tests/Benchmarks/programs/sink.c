// A sink for requests to any loopback address: answers 204 to everything after a fixed time.
//
// usage: sink --port PORT [--delay MILLISECONDS]
//
// One thread. GET /_count answers with the numbers of requests answered and of connections accepted. GET /_arrivals
// answers with the microseconds between the stamp in each request and its arrival, one a line, and forgets them; the
// stamp is `cid=tN-`, N the monotonic clock in nanoseconds. Bodies are not understood.
#define _GNU_SOURCE
#include <errno.h>
#include <getopt.h>
#include <netinet/in.h>
#include <netinet/tcp.h>
#include <signal.h>
#include <stdbool.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/epoll.h>
#include <sys/resource.h>
#include <sys/socket.h>
#include <time.h>
#include <unistd.h>

enum { CONNECTIONS = 1 << 16, REQUEST = 4096 };

struct connection {
    char *request; // what has come of it; kept for the next one
    uint32_t length;
    uint32_t generation; // tells apart two connections that had the same number
};

// An answer that waits for its time. All wait equally long, so the first in is the first out.
struct pending {
    int64_t due;
    int descriptor;
    uint32_t generation;
};

static struct connection connections[CONNECTIONS];
static struct pending *line;
static size_t line_size, line_head, line_count;
static int64_t *arrivals;
static size_t arrival_count, arrival_size;
static uint64_t answered, accepted;
static int64_t delay;
static int epoll_handle;

static int64_t now(void) {
    struct timespec time;
    clock_gettime(CLOCK_MONOTONIC, &time);
    return (int64_t)time.tv_sec * 1000000000 + time.tv_nsec;
}

static void fail(const char *what) {
    fprintf(stderr, "sink: %s: %s\n", what, strerror(errno));
    exit(1);
}

static void hang_up(int descriptor) {
    connections[descriptor].generation++;
    connections[descriptor].length = 0;
    close(descriptor);
}

// Answers are small and go to a peer that reads; one that does not fit is a peer to do without.
static void answer(int descriptor) {
    static const char text[] = "HTTP/1.1 204 No Content\r\n\r\n";
    if (send(descriptor, text, sizeof text - 1, MSG_NOSIGNAL) != sizeof text - 1) {
        hang_up(descriptor);
        return;
    }
    answered++;
}

static void send_all(int descriptor, const char *text, size_t length) {
    while (length > 0) {
        ssize_t sent = send(descriptor, text, length, MSG_NOSIGNAL);
        if (sent < 0 && errno == EAGAIN) {
            usleep(1000);
            continue;
        }
        if (sent < 0) return;
        text += sent;
        length -= (size_t)sent;
    }
}

static void tell(int descriptor, const char *body, size_t length) {
    char head[128];
    int size = snprintf(head, sizeof head, "HTTP/1.1 200 OK\r\nContent-Length: %zu\r\n\r\n", length);
    send_all(descriptor, head, (size_t)size);
    send_all(descriptor, body, length);
}

static void tell_count(int descriptor) {
    char text[64];
    tell(descriptor, text, (size_t)snprintf(text, sizeof text, "%llu %llu\n", (unsigned long long)answered,
                                                (unsigned long long)accepted));
}

static void tell_arrivals(int descriptor) {
    char *text = malloc(arrival_count * 24 + 1);
    size_t length = 0;
    for (size_t index = 0; index < arrival_count; index++)
        length += (size_t)sprintf(text + length, "%lld\n", (long long)arrivals[index]);
    tell(descriptor, text, length);
    free(text);
    arrival_count = 0;
}

static void note_arrival(const char *request) {
    const char *stamp = strstr(request, "cid=t");
    if (stamp == NULL) return;
    if (arrival_count == arrival_size)
        arrivals = realloc(arrivals, sizeof *arrivals * (arrival_size = arrival_size * 2 + 1024));
    arrivals[arrival_count++] = (now() - strtoll(stamp + 5, NULL, 10)) / 1000;
}

static void wait_in_line(int descriptor) {
    if (line_count == line_size) {
        size_t size = line_size * 2 + 1024;
        struct pending *longer = malloc(sizeof *longer * size);
        for (size_t index = 0; index < line_count; index++) longer[index] = line[(line_head + index) % line_size];
        free(line);
        line = longer;
        line_size = size;
        line_head = 0;
    }
    line[(line_head + line_count++) % line_size] =
        (struct pending){now() + delay, descriptor, connections[descriptor].generation};
}

static void answer_what_is_due(void) {
    int64_t time = line_count > 0 ? now() : 0;
    while (line_count > 0 && line[line_head].due <= time) {
        struct pending *first = &line[line_head];
        if (connections[first->descriptor].generation == first->generation) answer(first->descriptor);
        line_head = (line_head + 1) % line_size;
        line_count--;
    }
}

static void take(int descriptor, const char *request) {
    if (strncmp(request, "GET /_count ", 12) == 0) {
        tell_count(descriptor);
    } else if (strncmp(request, "GET /_arrivals ", 15) == 0) {
        tell_arrivals(descriptor);
    } else {
        note_arrival(request);
        if (delay == 0) answer(descriptor);
        else wait_in_line(descriptor);
    }
}

static void readable(int descriptor) {
    struct connection *connection = &connections[descriptor];
    if (connection->request == NULL) connection->request = malloc(REQUEST);
    ssize_t count = recv(descriptor, connection->request + connection->length, REQUEST - 1 - connection->length, 0);
    if (count < 0 && errno == EAGAIN) return;
    if (count <= 0) {
        hang_up(descriptor);
        return;
    }
    connection->length += (uint32_t)count;
    connection->request[connection->length] = 0;
    if (connection->length >= 4 && memcmp(connection->request + connection->length - 4, "\r\n\r\n", 4) == 0) {
        connection->length = 0;
        take(descriptor, connection->request);
    } else if (connection->length == REQUEST - 1) {
        hang_up(descriptor);
    }
}

static void accept_all(int listener) {
    int descriptor;
    while ((descriptor = accept4(listener, NULL, NULL, SOCK_NONBLOCK | SOCK_CLOEXEC)) >= 0) {
        if (descriptor >= CONNECTIONS) {
            close(descriptor);
            continue;
        }
        accepted++;
        int one = 1;
        setsockopt(descriptor, IPPROTO_TCP, TCP_NODELAY, &one, sizeof one);
        struct epoll_event event = {.events = EPOLLIN, .data.fd = descriptor};
        epoll_ctl(epoll_handle, EPOLL_CTL_ADD, descriptor, &event);
    }
}

static int listen_on(int port) {
    int one = 1, listener = socket(AF_INET, SOCK_STREAM | SOCK_NONBLOCK | SOCK_CLOEXEC, 0);
    struct sockaddr_in address = {.sin_family = AF_INET, .sin_port = htons((uint16_t)port)};
    // All of 127.0.0.0/8, and nothing that comes from outside.
    address.sin_addr.s_addr = htonl(INADDR_ANY);
    if (setsockopt(listener, SOL_SOCKET, SO_BINDTODEVICE, "lo", 3) != 0) fail("only the loopback device");
    setsockopt(listener, SOL_SOCKET, SO_REUSEADDR, &one, sizeof one);
    if (bind(listener, (struct sockaddr *)&address, sizeof address) != 0) fail("bind");
    if (listen(listener, 16384) != 0) fail("listen");
    return listener;
}

int main(int count, char **arguments) {
    static const struct option names[] = {
        {"port", required_argument, NULL, 'p'}, {"delay", required_argument, NULL, 'd'}, {NULL, 0, NULL, 0}};
    int option, port = 0;
    while ((option = getopt_long(count, arguments, "", names, NULL)) != -1) {
        if (option == 'p') port = atoi(optarg);
        else if (option == 'd') delay = atoll(optarg) * 1000000;
        else return 2;
    }
    if (port < 1 || port > 65535 || delay < 0) {
        fprintf(stderr, "usage: sink --port PORT [--delay MILLISECONDS]\n");
        return 2;
    }
    struct rlimit files;
    getrlimit(RLIMIT_NOFILE, &files);
    files.rlim_cur = files.rlim_max;
    setrlimit(RLIMIT_NOFILE, &files);
    int listener = listen_on(port);
    epoll_handle = epoll_create1(EPOLL_CLOEXEC);
    struct epoll_event event = {.events = EPOLLIN, .data.fd = listener}, events[256];
    epoll_ctl(epoll_handle, EPOLL_CTL_ADD, listener, &event);
    for (;;) {
        int wait = -1;
        if (line_count > 0) {
            int64_t left = line[line_head].due - now();
            wait = left <= 0 ? 0 : (int)((left + 999999) / 1000000);
        }
        int ready = epoll_wait(epoll_handle, events, 256, wait);
        if (ready < 0 && errno != EINTR) fail("epoll");
        answer_what_is_due();
        for (int index = 0; index < ready; index++) {
            if (events[index].data.fd == listener) accept_all(listener);
            else readable(events[index].data.fd);
        }
    }
}
