#define _GNU_SOURCE
#include "CShims.h"
#include <curl/curl.h>
#if __has_include(<rabbitmq-c/amqp.h>)
#include <rabbitmq-c/amqp.h>
#else
#include <amqp.h>
#endif

int shim_easy_set_long(void *easy, int option, long value) {
  return curl_easy_setopt(easy, (CURLoption)option, value);
}
int shim_easy_set_pointer(void *easy, int option, const void *value) {
  return curl_easy_setopt(easy, (CURLoption)option, value);
}
int shim_easy_set_function(void *easy, int option, void (*value)(void)) {
  return curl_easy_setopt(easy, (CURLoption)option, value);
}
int shim_easy_get_long(void *easy, int info, long *value) {
  return curl_easy_getinfo(easy, (CURLINFO)info, value);
}
int shim_easy_get_offset(void *easy, int info, int64_t *value) {
  curl_off_t offset = 0;
  int code = curl_easy_getinfo(easy, (CURLINFO)info, &offset);
  *value = offset;
  return code;
}
int shim_easy_get_pointer(void *easy, int info, void **value) {
  return curl_easy_getinfo(easy, (CURLINFO)info, value);
}
int shim_multi_set_long(void *multi, int option, long value) {
  return curl_multi_setopt(multi, (CURLMoption)option, value);
}
int shim_multi_set_pointer(void *multi, int option, void *value) {
  return curl_multi_setopt(multi, (CURLMoption)option, value);
}
int shim_easy_set_write(void *easy, int option, shim_write_callback callback) {
  return curl_easy_setopt(easy, (CURLoption)option, callback);
}
int shim_easy_set_prereq(void *easy, shim_prereq_callback callback) {
  return curl_easy_setopt(easy, CURLOPT_PREREQFUNCTION, callback);
}
int shim_easy_set_open(void *easy, shim_open_callback callback) {
  return curl_easy_setopt(easy, CURLOPT_OPENSOCKETFUNCTION, (curl_opensocket_callback)(void (*)(void))callback);
}
int shim_easy_set_close(void *easy, shim_close_callback callback) {
  return curl_easy_setopt(easy, CURLOPT_CLOSESOCKETFUNCTION, callback);
}
int shim_multi_set_socket(void *multi, shim_socket_callback callback) {
  return curl_multi_setopt(multi, CURLMOPT_SOCKETFUNCTION, callback);
}
int shim_multi_set_timer(void *multi, shim_timer_callback callback) {
  return curl_multi_setopt(multi, CURLMOPT_TIMERFUNCTION, callback);
}
void shim_amqp_login(void *connection, const char *vhost, int channel_max, int frame_max, int heartbeat,
                     const void *properties, const char *user, const char *password, void *reply) {
  *(amqp_rpc_reply_t *)reply =
      amqp_login_with_properties(connection, vhost, channel_max, frame_max, heartbeat, properties,
                                 AMQP_SASL_METHOD_PLAIN, user, password);
}
int shim_socket(int family, int type, int protocol) {
  return socket(family, type | SOCK_CLOEXEC, protocol);
}
int shim_thread_start(pthread_t *thread, size_t stack_bytes, const char *name, void *(*body)(void *), void *context) {
  pthread_attr_t attributes;
  int error = pthread_attr_init(&attributes);
  if (error) return error;
  error = pthread_attr_setstacksize(&attributes, stack_bytes);
  if (!error) error = pthread_create(thread, &attributes, body, context);
  pthread_attr_destroy(&attributes);
  if (!error) pthread_setname_np(*thread, name);
  return error;
}
