#define _GNU_SOURCE
#include "floor.h"

#include <string.h>

static const char digits[] = "0123456789ABCDEF";

static bool is_unreserved(unsigned char byte) {
    return (byte >= 'a' && byte <= 'z') || (byte >= 'A' && byte <= 'Z') || (byte >= '0' && byte <= '9') ||
           byte == '-' || byte == '.' || byte == '_' || byte == '~';
}

static char *append(char *to, const char *limit, const char *text) {
    while (*text != 0 && to < limit) *to++ = *text++;
    return to;
}

// The string behind `key`, which includes the quotation marks and the colon, percent-encoded. No JSON parser: a bound
// does not check what it reads.
static char *append_field(char *to, const char *limit, amqp_bytes_t event, const char *key) {
    const char *end = (const char *)event.bytes + event.len;
    const char *at = memmem(event.bytes, event.len, key, strlen(key));
    if (at == NULL) return NULL;
    for (at += strlen(key); at < end && *at != '"'; at++) {
        unsigned char byte = (unsigned char)*at;
        if (to + 3 > limit) return NULL;
        if (is_unreserved(byte)) {
            *to++ = (char)byte;
        } else {
            *to++ = '%';
            *to++ = digits[byte >> 4];
            *to++ = digits[byte & 15];
        }
    }
    return to;
}

bool target_write(amqp_bytes_t event, char *target, size_t size) {
    static const char *const names[] = {"/pb?cid=", "&offer=", "&payout="};
    static const char *const keys[] = {"\"click_id\":\"", "\"offer_id\":\"", "\"amount\":\""};
    const char *limit = target + size - 1;
    char *to = target;
    for (int field = 0; field < 3; field++) {
        to = append(to, limit, names[field]);
        to = append_field(to, limit, event, keys[field]);
        if (to == NULL) return false;
    }
    *to = 0;
    return true;
}
