/* Makes every fsync and fdatasync take SLOW_DISK_US microseconds longer, as on a disk without a protected write cache. */
#define _GNU_SOURCE
#include <stdlib.h>
#include <sys/syscall.h>
#include <time.h>
#include <unistd.h>

static void seek(void) {
    const char *wanted = getenv("SLOW_DISK_US");
    long us = wanted ? atol(wanted) : 0;
    struct timespec span = {us / 1000000, (us % 1000000) * 1000};
    if (us > 0) nanosleep(&span, NULL);
}

int fsync(int file) { seek(); return (int)syscall(SYS_fsync, file); }
int fdatasync(int file) { seek(); return (int)syscall(SYS_fdatasync, file); }
