/* The fuzzer of gan.h: fuzz PART [SECONDS]
 *
 * PART is calls, threads, files, kills or memory. SEED=n in the environment runs the one case of that seed and tells every call;
 * BASE=n is where the seeds of a run come from, by default the time. The last line is "fuzz-PART: N passed, N failed".
 */
#include "fuzz.h"

#include <dirent.h>
#include <execinfo.h>
#include <fcntl.h>
#include <ftw.h>
#include <inttypes.h>
#include <signal.h>
#include <sys/mman.h>
#include <sys/prctl.h>
#include <sys/resource.h>
#include <sys/wait.h>
#include <time.h>

static const struct {
    const char *name;
    void (*run)(void);
    int is_limited; /* in address space and in the size of files */
} parts[] = {
    {"calls", case_of_calls, 1}, {"threads", case_of_threads, 1}, {"files", case_of_files, 1},
    {"kills", case_of_kills, 0}, {"memory", case_of_memory, 0},
};

/* Seconds after which a case hangs. A busy machine may be slow. */
enum { PATIENCE = 90, MAXIMUM_OF_FAULTS = 10 };

const char *source_folder = ".";
static int is_traced, report = 2;

/* What the process of a case leaves for its parent to read. */
static struct {
    const char *now; /* a constant, at the same address in both processes */
    int is_told;
    struct {
        const char *name;
        int64_t made, succeeded;
    } calls[256];
} *shared;

/* ------------------------------------------------------------------------------------------------- Chance */

static __thread uint64_t state;

void seed_dice(uint64_t seed) { state = seed; }

/* Steele, Lea and Flood, "Fast splittable pseudorandom number generators", 2014. */
uint64_t dice(void) {
    uint64_t z = (state += 0x9e3779b97f4a7c15u);
    z = (z ^ (z >> 30)) * 0xbf58476d1ce4e5b9u;
    z = (z ^ (z >> 27)) * 0x94d049bb133111ebu;
    return z ^ (z >> 31);
}

int64_t one_of(int64_t below) { return below <= 1 ? 0 : (int64_t)(dice() % (uint64_t)below); }
int chance(int percent) { return one_of(100) < percent; }

/* --------------------------------------------------------------------------------------------- The judge */

void trace(const char *format, ...) {
    char line[1024];
    va_list arguments;
    int length;
    if (!is_traced) return;
    va_start(arguments, format);
    length = vsnprintf(line, sizeof line - 1, format, arguments);
    va_end(arguments);
    if (length > (int)sizeof line - 2) length = sizeof line - 2;
    line[length++] = '\n';
    if (write(report, line, (size_t)length) < 0) _exit(3);
}

void fault(const char *file, int line, const char *format, ...) {
    char text[2048];
    va_list arguments;
    int length = snprintf(text, sizeof text, "  %s:%d: ", file, line);
    va_start(arguments, format);
    length += vsnprintf(text + length, sizeof text - (size_t)length - 1, format, arguments);
    va_end(arguments);
    if (length > (int)sizeof text - 2) length = sizeof text - 2;
    text[length++] = '\n';
    shared->is_told = 1;
    if (write(report, text, (size_t)length) < 0) _exit(3);
    _exit(1);
}

void begin(const char *function) {
    shared->now = function;
    trace("%s", function);
}

void count_call(const char *function, int succeeded) {
    int i;
    for (i = 0; i < COUNT_OF(shared->calls); i++) {
        const char *name = __atomic_load_n(&shared->calls[i].name, __ATOMIC_ACQUIRE), *none = NULL;
        if (name == NULL && __atomic_compare_exchange_n(&shared->calls[i].name, &none, function, 0, __ATOMIC_ACQ_REL, __ATOMIC_ACQUIRE))
            name = function;
        else if (name == NULL) name = none;
        if (strcmp(name, function) != 0) continue;
        __atomic_fetch_add(&shared->calls[i].made, 1, __ATOMIC_RELAXED);
        if (succeeded) __atomic_fetch_add(&shared->calls[i].succeeded, 1, __ATOMIC_RELAXED);
        return;
    }
}

static int is_utf8(const char *text) {
    const unsigned char *byte = (const unsigned char *)text;
    while (*byte != 0) {
        int more = *byte < 0x80 ? 0 : *byte >= 0xc2 && *byte < 0xe0 ? 1 : *byte >= 0xe0 && *byte < 0xf0 ? 2 : *byte >= 0xf0 && *byte < 0xf5 ? 3 : -1;
        if (more < 0) return 0;
        byte++;
        for (; more > 0; more--, byte++)
            if ((*byte & 0xc0) != 0x80) return 0;
    }
    return 1;
}

int32_t settled_quietly(const char *function, int32_t status) {
    count_call(function, status == GAN_OK);
    trace("    %s", gan_status_name(status));
    if (strcmp(gan_status_name(status), "GAN_E_UNKNOWN") == 0) FAULT("%s answered %d, which is no status", function, (int)status);
    if (status == GAN_E_INTERNAL) FAULT("%s: GAN_E_INTERNAL: %s", function, gan_error_message());
    return status;
}

int32_t settled(const char *function, int32_t status) {
    const char *message;
    size_t length;
    settled_quietly(function, status);
    if (status == GAN_OK) return status;
    message = gan_error_message();
    length = strlen(message);
    trace("    %.300s", message);
    if (length < 12 || strchr(message, ' ') == NULL || (message[length - 1] != '.' && message[length - 1] != '?'))
        FAULT("%s: %s with no sentence: \"%.200s\", of %zu bytes", function, gan_status_name(status), message, length);
    if (!is_utf8(message)) FAULT("%s: %s with a message that is not UTF-8: \"%.200s\"", function, gan_status_name(status), message);
    return status;
}

/* -------------------------------------------------------------------------------------------- The corpus */

static Bytes corpus[1024];
static int corpus_size;

int corpus_count(void) { return corpus_size; }
Bytes corpus_entry(int index) { return corpus[index % corpus_size]; }

Bytes read_whole(const char *path) {
    Bytes contents = {NULL, 0};
    struct stat information;
    int file = open(path, O_RDONLY | O_CLOEXEC);
    ssize_t got;
    if (file < 0) return contents;
    if (fstat(file, &information) == 0 && S_ISREG(information.st_mode)) {
        contents.bytes = malloc((size_t)information.st_size + 1);
        while (contents.bytes != NULL && contents.size < (size_t)information.st_size) {
            got = read(file, contents.bytes + contents.size, (size_t)information.st_size - contents.size);
            if (got <= 0) break;
            contents.size += (size_t)got;
        }
    }
    close(file);
    return contents;
}

void write_whole(const char *path, Bytes contents) {
    int file = open(path, O_WRONLY | O_CREAT | O_TRUNC | O_CLOEXEC, 0666);
    if (file < 0 || write(file, contents.bytes, contents.size) != (ssize_t)contents.size) FAULT("%s: %s", path, strerror(errno));
    close(file);
}

void add_to_corpus(const char *path) {
    Bytes contents = read_whole(path);
    if (contents.bytes == NULL || contents.size > 200000 || corpus_size == COUNT_OF(corpus)) free(contents.bytes);
    else corpus[corpus_size++] = contents;
}

static int by_name(const struct dirent **a, const struct dirent **b) { return strcmp((*a)->d_name, (*b)->d_name); }

static void add_folder(const char *name) {
    char path[4096];
    struct dirent **entries;
    int i, count;
    snprintf(path, sizeof path, "%s/%s", source_folder, name);
    count = scandir(path, &entries, NULL, by_name);
    for (i = 0; i < count; i++) {
        snprintf(path, sizeof path, "%s/%s/%s", source_folder, name, entries[i]->d_name);
        add_to_corpus(path);
        free(entries[i]);
    }
    if (count >= 0) free(entries);
}

/* ------------------------------------------------------------------------------------------------- Cases */

static int remove_entry(const char *path, const struct stat *information, int type, struct FTW *position) {
    (void)information, (void)type, (void)position;
    return remove(path);
}

static void remove_folder(const char *path) { nftw(path, remove_entry, 16, FTW_DEPTH | FTW_PHYS); }

static int open_files(void) {
    int file, count = 0;
    for (file = 0; file < 1024; file++)
        if (fcntl(file, F_GETFD) >= 0) count++;
    return count;
}

static void limit(int resource, rlim_t most) {
    struct rlimit limits = {most, most};
    setrlimit(resource, &limits);
}

void forget_printing(void) {
    int null = open("/dev/null", O_RDWR);
    dup2(null, 1);
    dup2(null, 2);
    close(null);
}

static int is_sanitized(void) {
#if defined(__SANITIZE_ADDRESS__)
    return 1;
#elif defined(__has_feature)
#if __has_feature(address_sanitizer)
    return 1;
#endif
#endif
    return getenv("SANITIZED") != NULL && *getenv("SANITIZED") != 0;
}

/* Where it was, for those who have the library with its symbols. A sanitizer has handlers of its own. */
static void tell_place(int number) {
    void *places[40];
    char text[96];
    int length = snprintf(text, sizeof text, "  signal %d at\n", number);
    signal(number, SIG_DFL);
    if (write(report, text, (size_t)length) == length) backtrace_symbols_fd(places, backtrace(places, COUNT_OF(places)), report);
    raise(number);
}

static void watch_signals(void) {
    static const int numbers[] = {SIGSEGV, SIGBUS, SIGILL, SIGTRAP, SIGFPE, SIGABRT};
    void *place;
    int i;
    if (is_sanitized()) return;
    backtrace(&place, 1); /* the first one allocates */
    for (i = 0; i < COUNT_OF(numbers); i++) signal(numbers[i], tell_place);
}

/* With a sanitizer: what nobody can reach any more was not freed. Elsewhere NULL. */
int __lsan_do_recoverable_leak_check(void) __attribute__((weak));

static void run_case(int part, uint64_t seed, const char *folder) {
    int printed, before;
    struct stat information;
    if (chdir(folder) != 0) _exit(3);
    prctl(PR_SET_PDEATHSIG, SIGKILL);
    setpgid(0, 0);
    report = fcntl(2, F_DUPFD_CLOEXEC, 10);
    printed = open("../printed", O_RDWR | O_CREAT | O_TRUNC | O_APPEND, 0666);
    dup2(printed, 1);
    dup2(printed, 2);
    signal(SIGPIPE, SIG_IGN);
    signal(SIGXFSZ, SIG_IGN);
    limit(RLIMIT_CORE, 0);
    watch_signals();
    if (parts[part].is_limited) {
        limit(RLIMIT_FSIZE, 16 << 20);
        if (!is_sanitized()) limit(RLIMIT_AS, (rlim_t)1536 << 20);
    }
    before = open_files();
    seed_dice(seed);
    parts[part].run();
    if (__lsan_do_recoverable_leak_check != NULL && __lsan_do_recoverable_leak_check() != 0) FAULT("memory was lost");
    if (open_files() != before) FAULT("%d files stayed open", open_files() - before);
    if (fstat(printed, &information) != 0 || information.st_size != 0) FAULT("something was printed");
    _exit(0);
}

static double now(void) {
    struct timespec time;
    clock_gettime(CLOCK_MONOTONIC, &time);
    return (double)time.tv_sec + (double)time.tv_nsec / 1e9;
}

/* Whether the case went well. */
static int judge_case(int part, uint64_t seed, const char *scratch) {
    char folder[256], printed[256];
    int status = 0;
    double started = now();
    pid_t child;
    Bytes text;
    snprintf(folder, sizeof folder, "%s/case", scratch);
    snprintf(printed, sizeof printed, "%s/printed", scratch);
    mkdir(folder, 0777);
    unlink(printed);
    shared->is_told = 0;
    fflush(NULL);
    child = fork();
    if (child == 0) run_case(part, seed, folder);
    if (child < 0) {
        perror("fork");
        exit(3);
    }
    while (waitpid(child, &status, WNOHANG) == 0) {
        if (now() - started > PATIENCE) {
            char command[128];
            snprintf(command, sizeof command, "command -v gdb >/dev/null && timeout 60 gdb -p %d -batch -ex 'thread apply all bt 12' 2>/dev/null", (int)child);
            fprintf(stderr, "  it hangs in %s\n", shared->now);
            if (getenv("GDB") != NULL && system(command) != 0) fprintf(stderr, "  no debugger\n");
            kill(child, SIGKILL);
            waitpid(child, &status, 0);
            shared->is_told = 1;
            status = -1;
            break;
        }
        usleep(1000);
    }
    kill(-child, SIGKILL); /* what it started */
    if (status != 0) {
        if (!shared->is_told)
            fprintf(stderr, "  it ended by %s %d in %s\n", WIFSIGNALED(status) ? "signal" : "exit code",
                    WIFSIGNALED(status) ? WTERMSIG(status) : WEXITSTATUS(status), shared->now ? shared->now : "no call");
        text = read_whole(printed);
        if (text.size > 0) fprintf(stderr, "  it printed:\n%.*s\n", (int)(text.size > 6000 ? 6000 : text.size), (const char *)text.bytes);
        free(text.bytes);
        fprintf(stderr, "seed %" PRIu64 " of %s. To repeat it: make fuzz PART=%s SEED=%" PRIu64 "\n", seed, parts[part].name, parts[part].name, seed);
    }
    remove_folder(folder);
    return status == 0;
}

static void tell_calls(void) {
    int i;
    for (i = 0; i < COUNT_OF(shared->calls) && shared->calls[i].name != NULL; i++)
        printf("%12" PRId64 " %12" PRId64 "  %s\n", shared->calls[i].made, shared->calls[i].succeeded, shared->calls[i].name);
}

int main(int count, char **arguments) {
    char scratch[] = "/tmp/gan-fuzz-XXXXXX";
    const char *one = getenv("SEED"), *base = getenv("BASE");
    double seconds = count > 2 ? atof(arguments[2]) : 10, started = now();
    uint64_t seed = base != NULL && *base != 0 ? strtoull(base, NULL, 10) : (uint64_t)time(NULL) * 1000003u ^ (uint64_t)getpid();
    int part = -1, i, passed = 0, failed = 0;
    int64_t made = 0;
    for (i = 0; count > 1 && i < COUNT_OF(parts); i++)
        if (strcmp(parts[i].name, arguments[1]) == 0) part = i;
    if (part < 0) {
        fprintf(stderr, "usage: fuzz calls|threads|files|kills|memory [SECONDS]\n");
        return 2;
    }
    if (getenv("SOURCE") != NULL) source_folder = getenv("SOURCE");
    shared = mmap(NULL, sizeof *shared, PROT_READ | PROT_WRITE, MAP_SHARED | MAP_ANONYMOUS, -1, 0);
    if (shared == MAP_FAILED || mkdtemp(scratch) == NULL) return 3;
    add_folder("Tests/Pictures");
    add_folder("Tests/Malformed/images");
    add_folder("Tests/CheckpointTests/Fixtures");
    if (one != NULL && *one != 0) {
        is_traced = 1;
        judge_case(part, strtoull(one, NULL, 10), scratch) ? passed++ : failed++;
    } else {
        seed_dice(seed);
        while (now() - started < seconds && failed < MAXIMUM_OF_FAULTS) {
            uint64_t next = state, of_case = dice() >> 1;
            if (judge_case(part, of_case, scratch)) passed++;
            else failed++;
            seed_dice(next);
            dice();
        }
    }
    for (i = 0; i < COUNT_OF(shared->calls); i++) made += shared->calls[i].made;
    if (getenv("STATISTICS") != NULL && *getenv("STATISTICS") != 0) tell_calls();
    remove_folder(scratch);
    printf("%" PRId64 " calls in %.0f seconds\n", made, now() - started);
    printf("fuzz-%s: %d passed, %d failed\n", parts[part].name, passed, failed);
    return failed > 0;
}
