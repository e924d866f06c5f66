// The runtime's C++ makes strings by functions that libstdc++.so holds instances of, and those ask for memory where the linker
// cannot send them elsewhere, and throw. An instance in the product itself is an object like any other: it asks reserve.c.
#if defined(__linux__)
#include <string>

template class std::basic_string<char>;
#endif
