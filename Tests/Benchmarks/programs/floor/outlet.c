#include "floor.h"

#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/epoll.h>
#include <unistd.h>

// One request under way, its handle used again and again.
struct transfer {
    CURL *easy;
    struct handle *handle;
    struct transfer *next;
    int host;
    uint64_t tag;
    int64_t received;
    char target[4096];
};

struct handle {
    CURLM *multi;
    int64_t due;           // monotonic nanoseconds of its timer, or -1
    struct transfer *idle; // its transfers that are not under way
    int next_host;         // in turn those whose number is the handle's modulo the number of handles
};

// A socket stays in epoll between two transfers, and so mostly for its whole life: two epoll_ctl less for each.
struct socket {
    struct handle *handle; // NULL while no transfer uses it
    uint32_t events;       // what epoll watches; 0: it does not know it
};

static const struct options *settings;
static struct handle *handles;
static struct transfer *transfers;
static struct socket *sockets;
static CURLU **origins;
static int busy, next_handle;
static FILE *latencies;
enum { SOCKETS = 1 << 16 };

static size_t discard(char *data, size_t size, size_t count, void *context) {
    (void)data;
    (void)context;
    return size * count;
}

static int watch(CURL *easy, curl_socket_t descriptor, int what, void *context, void *memory) {
    (void)easy;
    (void)memory;
    struct socket *socket = &sockets[descriptor];
    if (what == CURL_POLL_REMOVE) {
        socket->handle = NULL;
        return 0;
    }
    uint32_t events = (what & CURL_POLL_IN ? EPOLLIN : 0) | (what & CURL_POLL_OUT ? EPOLLOUT : 0);
    socket->handle = context;
    if (socket->events == events) return 0;
    struct epoll_event event = {.events = events, .data.u64 = (uint64_t)SOURCE_TRANSFER << 32 | (uint32_t)descriptor};
    epoll_ctl(epoll_handle, socket->events == 0 ? EPOLL_CTL_ADD : EPOLL_CTL_MOD, descriptor, &event);
    socket->events = events;
    return 0;
}

// Closing takes a socket out of epoll by itself; only the note of it must go.
static int close_socket(void *context, curl_socket_t descriptor) {
    (void)context;
    sockets[descriptor] = (struct socket){0};
    return close(descriptor);
}

static int set_timer(CURLM *multi, long milliseconds, void *context) {
    (void)multi;
    ((struct handle *)context)->due = milliseconds < 0 ? -1 : now() + milliseconds * 1000000;
    return 0;
}

static CURLU *make_origin(int number) {
    char text[128];
    if (settings->hosts == 0)
        snprintf(text, sizeof text, "%s://127.0.0.1:%d/", settings->scheme, settings->sink_port);
    else
        snprintf(text, sizeof text, "%s://127.%d.%d.%d:%d/", settings->scheme, 1 + (number >> 16), number >> 8 & 255,
                 number & 255, settings->sink_port);
    CURLU *origin = curl_url();
    if (curl_url_set(origin, CURLUPART_URL, text, 0) != CURLUE_OK) fail("origin", text);
    return origin;
}

void outlet_open(const struct options *options) {
    settings = options;
    curl_global_init(CURL_GLOBAL_ALL);
    sockets = calloc(SOCKETS, sizeof *sockets);
    int hosts = options->hosts > 0 ? options->hosts : 1;
    origins = calloc((size_t)hosts, sizeof *origins);
    for (int host = 0; host < hosts; host++) origins[host] = make_origin(host);
    handles = calloc((size_t)options->handles, sizeof *handles);
    for (int number = 0; number < options->handles; number++) {
        struct handle *handle = &handles[number];
        handle->multi = curl_multi_init();
        handle->due = -1;
        handle->next_host = number % hosts;
        curl_multi_setopt(handle->multi, CURLMOPT_SOCKETFUNCTION, watch);
        curl_multi_setopt(handle->multi, CURLMOPT_SOCKETDATA, handle);
        curl_multi_setopt(handle->multi, CURLMOPT_TIMERFUNCTION, set_timer);
        curl_multi_setopt(handle->multi, CURLMOPT_TIMERDATA, handle);
        curl_multi_setopt(handle->multi, CURLMOPT_MAXCONNECTS, (long)(options->in_flight + hosts));
    }
    struct curl_slist *headers = curl_slist_append(NULL, "Accept:");
    transfers = calloc((size_t)options->in_flight, sizeof *transfers);
    for (int number = 0; number < options->in_flight; number++) {
        struct transfer *transfer = &transfers[number];
        transfer->handle = &handles[number % options->handles];
        transfer->host = -1;
        transfer->easy = curl_easy_init();
        curl_easy_setopt(transfer->easy, CURLOPT_PRIVATE, transfer);
        curl_easy_setopt(transfer->easy, CURLOPT_NOSIGNAL, 1L);
        // No worker can be without: 3 % of libcurl's instructions.
        curl_easy_setopt(transfer->easy, CURLOPT_TIMEOUT_MS, 30000L);
        // The least it takes, where 16 KiB are usual: an answer is short, and ten thousand buffers are in no cache.
        curl_easy_setopt(transfer->easy, CURLOPT_BUFFERSIZE, 1024L);
        curl_easy_setopt(transfer->easy, CURLOPT_PROXY, "");
        curl_easy_setopt(transfer->easy, CURLOPT_HTTP_VERSION, (long)CURL_HTTP_VERSION_1_1);
        curl_easy_setopt(transfer->easy, CURLOPT_HTTPHEADER, headers);
        curl_easy_setopt(transfer->easy, CURLOPT_WRITEFUNCTION, discard);
        curl_easy_setopt(transfer->easy, CURLOPT_CLOSESOCKETFUNCTION, close_socket);
        if (options->certificate != NULL) curl_easy_setopt(transfer->easy, CURLOPT_CAINFO, options->certificate);
        transfer->next = transfer->handle->idle;
        transfer->handle->idle = transfer;
    }
    if (options->latencies != NULL && (latencies = fopen(options->latencies, "w")) == NULL)
        fail("latencies", options->latencies);
}

bool outlet_has_room(void) { return busy < settings->in_flight; }

// A transfer of the next handle that has one. A host belongs to one handle, so its connections lie in one pool.
static struct transfer *take_idle(void) {
    for (;;) {
        struct handle *handle = &handles[next_handle];
        next_handle = (next_handle + 1) % settings->handles;
        struct transfer *transfer = handle->idle;
        if (transfer == NULL) continue;
        handle->idle = transfer->next;
        return transfer;
    }
}

static int host_for(struct handle *handle) {
    if (settings->hosts == 0) return 0;
    int host = handle->next_host;
    handle->next_host += settings->handles;
    if (handle->next_host >= settings->hosts) handle->next_host = (int)(handle - handles) % settings->hosts;
    return host;
}

void outlet_start(const struct message *message) {
    struct transfer *transfer = take_idle();
    transfer->tag = message->tag;
    if (latencies != NULL) transfer->received = now();
    if (!target_write(message->body, transfer->target, sizeof transfer->target)) fail("event", "a field is missing");
    int host = host_for(transfer->handle);
    if (transfer->host != host) {
        curl_easy_setopt(transfer->easy, CURLOPT_CURLU, origins[host]);
        transfer->host = host;
    }
    curl_easy_setopt(transfer->easy, CURLOPT_REQUEST_TARGET, transfer->target);
    busy++;
    if (curl_multi_add_handle(transfer->handle->multi, transfer->easy) != CURLM_OK) fail("libcurl", "add_handle");
}

void outlet_ready(int descriptor, uint32_t events) {
    struct socket *socket = &sockets[descriptor];
    if (socket->handle == NULL) {
        // Nobody waits for it: the peer closed. libcurl finds that out when it wants the connection again.
        epoll_ctl(epoll_handle, EPOLL_CTL_DEL, descriptor, NULL);
        socket->events = 0;
        return;
    }
    int what = (events & EPOLLIN ? CURL_CSELECT_IN : 0) | (events & EPOLLOUT ? CURL_CSELECT_OUT : 0) |
               (events & (EPOLLERR | EPOLLHUP) ? CURL_CSELECT_ERR : 0);
    int running;
    curl_multi_socket_action(socket->handle->multi, descriptor, what, &running);
}

int64_t outlet_timers(int64_t time) {
    int64_t soonest = -1;
    for (int number = 0; number < settings->handles; number++) {
        struct handle *handle = &handles[number];
        if (handle->due >= 0 && handle->due <= time) {
            int running;
            handle->due = -1;
            curl_multi_socket_action(handle->multi, CURL_SOCKET_TIMEOUT, 0, &running);
        }
        if (handle->due >= 0) {
            int64_t wait = handle->due > time ? handle->due - time : 0;
            if (soonest < 0 || wait < soonest) soonest = wait;
        }
    }
    return soonest;
}

int outlet_reap(void) {
    int count = 0, left;
    for (int number = 0; number < settings->handles; number++) {
        CURLMsg *over;
        while ((over = curl_multi_info_read(handles[number].multi, &left)) != NULL) {
            struct transfer *transfer;
            if (over->data.result != CURLE_OK) fail("request", curl_easy_strerror(over->data.result));
            long status = 0;
            curl_easy_getinfo(over->easy_handle, CURLINFO_RESPONSE_CODE, &status);
            if (status / 100 != 2) fail("request", "the sink refused it");
            curl_easy_getinfo(over->easy_handle, CURLINFO_PRIVATE, &transfer);
            curl_multi_remove_handle(transfer->handle->multi, transfer->easy);
            transfer->next = transfer->handle->idle;
            transfer->handle->idle = transfer;
            busy--;
            intake_done(transfer->tag);
            if (latencies != NULL) fprintf(latencies, "%ld\n", (long)((now() - transfer->received) / 1000));
            count++;
        }
    }
    return count;
}

void outlet_close(void) {
    if (latencies != NULL) fclose(latencies);
}
