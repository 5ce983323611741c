#include "floor.h"

#include <amqp_framing.h>
#include <amqp_tcp_socket.h>
#include <stdlib.h>
#include <sys/epoll.h>
#include <sys/time.h>

static amqp_connection_state_t connection;
static bool may_read = true; // edge-triggered: until a read finds nothing

// Which tags are done: one byte each in a ring as large as the prefetch needs, because no more can be open.
static uint8_t *done;
static uint64_t ring_mask;
static uint64_t oldest = 1;   // the lowest tag that is not done
static uint64_t settled;      // the highest tag that was acknowledged
static int64_t ripe_since;    // when the first of those not yet acknowledged was done
enum { BATCH = 32, PATIENCE = 2000000 };

static void check(amqp_rpc_reply_t reply, const char *what) {
    if (reply.reply_type == AMQP_RESPONSE_NORMAL) return;
    fail(what, reply.reply_type == AMQP_RESPONSE_LIBRARY_EXCEPTION ? amqp_error_string2(reply.library_error)
                                                                   : "refused by the broker");
}

void intake_open(const struct options *options) {
    connection = amqp_new_connection();
    amqp_socket_t *socket = amqp_tcp_socket_new(connection);
    if (amqp_socket_open(socket, "127.0.0.1", options->broker_port) != 0) fail("broker", "no connection");
    check(amqp_login(connection, "/", 0, 131072, 0, AMQP_SASL_METHOD_PLAIN, "guest", "guest"), "login");
    amqp_channel_open(connection, 1);
    check(amqp_get_rpc_reply(connection), "channel");
    amqp_basic_qos(connection, 1, 0, (uint16_t)options->prefetch, 0);
    check(amqp_get_rpc_reply(connection), "prefetch");
    amqp_basic_consume(connection, 1, amqp_cstring_bytes(options->queue), amqp_empty_bytes, 0, 0, 0, amqp_empty_table);
    check(amqp_get_rpc_reply(connection), "consume");

    uint64_t size = 1;
    while (size < (uint64_t)options->prefetch + 1) size *= 2;
    ring_mask = size - 1;
    done = calloc(size, 1);

    struct epoll_event event = {.events = EPOLLIN | EPOLLET, .data.u64 = (uint64_t)SOURCE_BROKER << 32};
    epoll_ctl(epoll_handle, EPOLL_CTL_ADD, amqp_get_sockfd(connection), &event);
}

void intake_readable(void) { may_read = true; }

// The next frame of the channel; false when none has arrived.
static bool next_frame(amqp_frame_t *frame) {
    struct timeval none = {0, 0};
    int status = amqp_simple_wait_frame_noblock(connection, frame, &none);
    if (status == AMQP_STATUS_TIMEOUT) return false;
    if (status != AMQP_STATUS_OK) fail("broker", amqp_error_string2(status));
    return true;
}

// As next_frame, but the rest of a message that began is waited for.
static void rest_of_message(amqp_frame_t *frame) {
    int status = amqp_simple_wait_frame(connection, frame);
    if (status != AMQP_STATUS_OK) fail("broker", amqp_error_string2(status));
}

static char *assembly;
static size_t assembly_size;

bool intake_next(struct message *message) {
    if (!may_read && !amqp_data_in_buffer(connection) && !amqp_frames_enqueued(connection)) return false;
    amqp_maybe_release_buffers(connection);
    amqp_frame_t frame;
    do {
        if (!next_frame(&frame)) {
            may_read = false;
            return false;
        }
        if (frame.frame_type == AMQP_FRAME_METHOD && frame.payload.method.id != AMQP_BASIC_DELIVER_METHOD)
            fail("broker", amqp_method_name(frame.payload.method.id));
    } while (frame.frame_type != AMQP_FRAME_METHOD);
    message->tag = ((amqp_basic_deliver_t *)frame.payload.method.decoded)->delivery_tag;
    rest_of_message(&frame);
    size_t size = frame.payload.properties.body_size, have = 0;
    while (have < size) {
        rest_of_message(&frame);
        amqp_bytes_t part = frame.payload.body_fragment;
        if (have == 0 && part.len == size) {
            message->body = part; // all of it in one frame, as nearly always: no copy
            have = size;
            break;
        }
        if (assembly_size < size) assembly = realloc(assembly, assembly_size = size);
        for (size_t index = 0; index < part.len; index++) assembly[have + index] = ((char *)part.bytes)[index];
        have += part.len;
        message->body = (amqp_bytes_t){.len = size, .bytes = assembly};
    }
    return true;
}

void intake_done(uint64_t tag) {
    done[tag & ring_mask] = 1;
    if (tag != oldest) return;
    if (oldest == settled + 1) ripe_since = now();
    while (done[oldest & ring_mask] != 0) {
        done[oldest & ring_mask] = 0;
        oldest++;
    }
}

int64_t intake_acknowledge(int64_t time) {
    uint64_t ripe = oldest - 1 - settled;
    if (ripe == 0) return -1;
    if (ripe < BATCH && time - ripe_since < PATIENCE) return PATIENCE - (time - ripe_since);
    // Everything below the oldest open message at once; its highest tag is open still, as the broker demands.
    if (amqp_basic_ack(connection, 1, oldest - 1, 1) != AMQP_STATUS_OK) fail("acknowledge", "the connection broke");
    settled = oldest - 1;
    return -1;
}
