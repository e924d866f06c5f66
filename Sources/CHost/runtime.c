/* What of Swift's runtime a guest must not, or need not, bring into a process. */
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

/* Every product that holds the runtime asks for this function, so that its backtraces come with it: a constructor that reads
 * SWIFT_BACKTRACE of the environment and may set handlers of the host's signals, and 64 KiB of settings. Where the name is
 * here already, none of that is taken from the archive. Weak: an archive that is taken for another reason goes first. */
bool _swift_backtrace_isThunkFunction(const char *mangled);
__attribute__((weak)) bool _swift_backtrace_isThunkFunction(const char *mangled) {
	(void)mangled;
	return false;
}

/* Unicode.Scalar.Properties.name, by --wrap: the names of all characters are 550 kB. Nothing here asks for one; the answer
 * is that of a character that has none. */
intptr_t __wrap__swift_stdlib_getScalarName(uint32_t scalar, uint8_t *buffer, intptr_t capacity);
intptr_t __wrap__swift_stdlib_getScalarName(uint32_t scalar, uint8_t *buffer, intptr_t capacity) {
	(void)scalar, (void)buffer, (void)capacity;
	return 0;
}
