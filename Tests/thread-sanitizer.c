// What the thread sanitizer must be told of Synchronization.Mutex: a contended one is handed over inside the library,
// which is not instrumented, so the sanitizer misses the order and reports a race where there is none. Preloaded by
// `Tests/run --sanitize`, these stand before the library's two functions, do as they do, and tell it.
#define _GNU_SOURCE
#include <dlfcn.h>
#include <stdint.h>

#define LOCK "$s15Synchronization12_MutexHandleV9_lockSlowyys6UInt32VF"
#define UNLOCK "$s15Synchronization12_MutexHandleV11_unlockSlowyyF"
#define SWIFT __attribute__((swiftcall))
#define SELF __attribute__((swift_context)) void *self

// Of the sanitizer; missing in programs that were not built with it, such as the broker's.
void __tsan_acquire(void *address) __attribute__((weak));
void __tsan_release(void *address) __attribute__((weak));

typedef SWIFT void (*lock_function)(uint32_t thread, SELF);
typedef SWIFT void (*unlock_function)(SELF);

SWIFT void lock_and_tell(uint32_t thread, SELF) __asm__(LOCK);
SWIFT void tell_and_unlock(SELF) __asm__(UNLOCK);

SWIFT void lock_and_tell(uint32_t thread, SELF) {
    lock_function next = (lock_function)dlsym(RTLD_NEXT, LOCK);
    next(thread, self);
    if (__tsan_acquire) __tsan_acquire(self);
}

SWIFT void tell_and_unlock(SELF) {
    unlock_function next = (unlock_function)dlsym(RTLD_NEXT, UNLOCK);
    if (__tsan_release) __tsan_release(self);
    next(self);
}
