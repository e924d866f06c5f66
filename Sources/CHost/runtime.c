/* What of Swift's runtime a guest must not, or need not, bring into a process. */
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

/* Two names by which the runtime's backtraces come into every product that holds it: a constructor that reads SWIFT_BACKTRACE of
 * the environment and may set handlers of the host's signals, and 64 KiB of settings. Where the names are here already, none of that
 * is taken from the archive. Weak: an archive that is taken for another reason goes first. */
bool _swift_backtrace_isThunkFunction(const char *mangled);
__attribute__((weak)) bool _swift_backtrace_isThunkFunction(const char *mangled) {
	(void)mangled;
	return false;
}

/* All off, which is 0; with room for more settings than there are. */
extern uint64_t _swift_backtraceSettings[64];
__attribute__((weak)) uint64_t _swift_backtraceSettings[64] = {0};

/* Unicode.Scalar.Properties.name, by --wrap: the names of all characters are 550 kB. Nothing here asks for one; the answer
 * is that of a character that has none. */
intptr_t __wrap__swift_stdlib_getScalarName(uint32_t scalar, uint8_t *buffer, intptr_t capacity);
intptr_t __wrap__swift_stdlib_getScalarName(uint32_t scalar, uint8_t *buffer, intptr_t capacity) {
	(void)scalar, (void)buffer, (void)capacity;
	return 0;
}
