// Typed faces of the variadic functions of libcurl and librabbitmq, which Swift cannot call, and the system headers
// that Swift's Glibc module leaves out. No logic. Pointers to library types pass as void *, so that each library is
// imported in one place only.
#pragma once
#include <stddef.h>
#include <stdint.h>
#include <netinet/in.h>
#include <netinet/tcp.h>
#include <poll.h>
#include <pthread.h>
#include <signal.h>
#include <sys/epoll.h>
#include <sys/eventfd.h>
#include <sys/resource.h>
#include <sys/socket.h>

// curl_easy_setopt, by the type of the value. Each returns a CURLcode.
int shim_easy_set_long(void *easy, int option, long value);
int shim_easy_set_pointer(void *easy, int option, const void *value);
int shim_easy_set_function(void *easy, int option, void (*value)(void));

// curl_easy_getinfo, by the type of the value. Each returns a CURLcode.
int shim_easy_get_long(void *easy, int info, long *value);
int shim_easy_get_offset(void *easy, int info, int64_t *value);
int shim_easy_get_pointer(void *easy, int info, void **value);

// curl_multi_setopt, by the type of the value. Each returns a CURLMcode.
int shim_multi_set_long(void *multi, int option, long value);
int shim_multi_set_pointer(void *multi, int option, void *value);

typedef size_t (*shim_write_callback)(char *data, size_t size, size_t count, void *context);
typedef int (*shim_prereq_callback)(void *context, char *remote_ip, char *local_ip, int remote_port, int local_port);
typedef int (*shim_close_callback)(void *context, int descriptor);
typedef int (*shim_socket_callback)(void *easy, int descriptor, int what, void *context, void *socket_context);
typedef int (*shim_timer_callback)(void *multi, long milliseconds, void *context);
// The address arrives as libcurl's struct curl_sockaddr.
typedef int (*shim_open_callback)(void *context, int purpose, void *address);

int shim_easy_set_write(void *easy, int option, shim_write_callback callback);
int shim_easy_set_prereq(void *easy, shim_prereq_callback callback);
int shim_easy_set_open(void *easy, shim_open_callback callback);
int shim_easy_set_close(void *easy, shim_close_callback callback);
int shim_multi_set_socket(void *multi, shim_socket_callback callback);
int shim_multi_set_timer(void *multi, shim_timer_callback callback);

// amqp_login_with_properties with SASL PLAIN. `properties` is an amqp_table_t *, `reply` an amqp_rpc_reply_t *.
void shim_amqp_login(void *connection, const char *vhost, int channel_max, int frame_max, int heartbeat,
                     const void *properties, const char *user, const char *password, void *reply);

// A stream or datagram socket that a child process does not inherit; -1 and errno on failure.
int shim_socket(int family, int type, int protocol);

// Starts a joinable thread with a stack of `stack_bytes` and a name of at most 15 bytes; returns an errno value.
int shim_thread_start(pthread_t *thread, size_t stack_bytes, const char *name, void *(*body)(void *), void *context);
