#!/bin/sh
# Machines that lack something: what .ci/requirements does about it, tried with an apt-get, an id and a sudo of our own,
# which write down what they are asked for; and a build where the headers of the plugins' hosts are hidden.
# Usage: machine.sh SCRATCH-FOLDER      (MAKE, CC, SWIFT and BUILD from the environment)
set -u
mkdir -p "$1"
scratch=$(cd "$1" && pwd)
make=${MAKE:-make} real=${CC:-cc}
passed=0 failed=0
rm -rf "$scratch"/*

result() { # result STATUS NAME
	if [ "$1" -eq 0 ]; then passed=$((passed + 1)); else failed=$((failed + 1)); echo "machine: failed: $2" >&2; fi
}

# A compiler that finds no header whose name lies in the folder "hidden".
mkdir "$scratch/hidden" "$scratch/bin"
cat >"$scratch/cc" <<FILE
#!/bin/sh
exec $real -isystem "$scratch/hidden" "\$@"
FILE
hide() { for header; do echo '#error this header is hidden' >"$scratch/hidden/$header"; done; }

cat >"$scratch/bin/id" <<FILE
#!/bin/sh
cat "$scratch/user"
FILE
# Where "several" is there, names are refused unless they come one by one, as when one of them is not known.
cat >"$scratch/bin/apt-get" <<FILE
#!/bin/sh
echo "\$*" >>"$scratch/asked"
[ "\$1" = install ] || exit 0
while [ "\${1#libpng}" = "\$1" ]; do
	shift
	[ \$# -gt 0 ] || exit 0
done
if [ -e "$scratch/several" ] && tail -n 1 "$scratch/asked" | grep -q 'recommends [^ ]* '; then exit 100; fi
rm -f "$scratch/hidden/png.h"
FILE
cat >"$scratch/bin/sudo" <<FILE
#!/bin/sh
[ -e "$scratch/sudoer" ] && [ "\$1" = -n ] || exit 1
shift
echo "sudo \$*" >>"$scratch/asked"
exec "\$@"
FILE
chmod +x "$scratch/cc" "$scratch"/bin/*

requirements() { # requirements USER PURPOSE [NAME=VALUE...]: its exit code; what it says is in "said", what it asked for in "asked"
	echo "$1" >"$scratch/user"
	purpose=$2
	shift 2
	: >"$scratch/asked"
	env PATH="$scratch/bin:$PATH" CC="$scratch/cc" GAN_INSTALL=yes "$@" sh .ci/requirements "$purpose" >"$scratch/said" 2>&1
}
said() { grep -q -e "$1" "$scratch/said" || { cat "$scratch/said" >&2; return 1; }; }
asked() { grep -q -e "$1" "$scratch/asked" || { cat "$scratch/asked" >&2; return 1; }; }

requirements 0 build && [ ! -s "$scratch/said" ] && [ ! -s "$scratch/asked" ]
result $? 'where nothing is missing, nothing is said or installed'
hide png.h
requirements 0 build && said '^Installing libpng-dev$' && asked '^install .* libpng-dev$' && ! grep -q sudo "$scratch/asked"
result $? 'root installs what a build needs'
hide png.h
requirements 1000 build
[ $? -eq 1 ] && said 'sudo apt-get install libpng-dev$' && [ ! -s "$scratch/asked" ]
result $? 'who may not install is told what to install'
hide png.h
requirements 0 build GAN_INSTALL=no
[ $? -eq 1 ] && said 'sudo apt-get install libpng-dev$' && [ ! -s "$scratch/asked" ]
result $? 'GAN_INSTALL=no installs nothing'
touch "$scratch/sudoer"
requirements 1000 build && asked '^sudo env .*apt-get install .* libpng-dev$'
result $? 'sudo is used where it asks for no password'
rm "$scratch/sudoer"
hide png.h zlib.h
touch "$scratch/several"
requirements 0 build
[ $? -eq 1 ] && asked 'recommends libpng-dev$' && said 'sudo apt-get install zlib1g-dev$'
result $? 'one package that cannot be had costs no other'
rm "$scratch/several" "$scratch/hidden"/*
requirements 1000 check CXX=no-such-compiler && said '^Missing, so tests that use it are skipped:.* g++'
result $? 'what only the tests use is missed without failing'
hide png.h
requirements 1000 check
[ $? -eq 1 ] && said 'sudo apt-get install libpng-dev$'
result $? 'what a build needs is missed by the tests too'
rm "$scratch/hidden"/*
requirements 0 build SWIFT=no-such-swift
[ $? -eq 1 ] && said 'https://www.swift.org/install'
result $? 'Swift is for people to install'

[ "$(sed -n 's/^build  *\([^ ]*\).*/\1/p' .ci/requirements | sort | xargs)" = "$(sed -n 's/^    apt-get install //p' README.md | tr ' ' '\n' | sort | xargs)" ]
result $? 'README.md names the packages of the list'

# --- make

# What is built without plugins is the same library and command, in a folder beside.
hidden() { # hidden TARGET...
	GAN_INSTALL=no "$make" CC="$scratch/cc" OUT="$scratch/out" BUILD="${BUILD:-.build}" "$@" >"$scratch/log" 2>&1 ||
		{ status=$?; cat "$scratch/log" >&2; return $status; }
}
hide frei0r.h sqlite3ext.h
hidden all && [ -e "$scratch/out/lib/libgan.so" ]
result $? 'make, with the headers of both plugins hidden'
grep -q 'Left out: the frei0r plugin.*frei0r-plugins-dev' "$scratch/log" && grep -q 'Left out: the SQLite.*libsqlite3-dev' "$scratch/log"
result $? 'it says what was left out and what to install'
[ ! -e "$scratch/out/frei0r-1" ] && [ ! -e "$scratch/out/sqlite" ]
result $? 'no plugin was built'
hidden install DESTDIR="$scratch/stage" && [ -e "$scratch/stage/usr/local/lib/libgan.so" ] && [ -z "$(find "$scratch/stage" -name '*sqlite*' -o -name frei0r-1)" ]
result $? 'make install, with the headers hidden'
for plugin in frei0r.h:ganfrei0r frei0r.h:ganfrei0rapply sqlite3ext.h:gansqlite; do
	rm -f "$scratch/hidden"/*
	hide "${plugin%:*}"
	hidden -n all && ! grep -q -e "--product ${plugin#*:} " "$scratch/log"
	result $? "the plugin ${plugin#*:} is not asked for where ${plugin%:*} is hidden"
	rm "$scratch/hidden"/*
	# A header of our own in its place, so that this holds on every machine.
	echo '/* here */' >"$scratch/hidden/${plugin%:*}"
	hidden -n all && { [ -n "${GAN_LIBRARY_ONLY:-}" ] || grep -q -e "--product ${plugin#*:} " "$scratch/log"; }
	result $? "the plugin ${plugin#*:} is asked for where ${plugin%:*} is found"
	rm "$scratch/hidden"/*
done
hide png.h
! hidden all 2>/dev/null && grep -q 'sudo apt-get install libpng-dev$' "$scratch/log" && ! grep -q 'swift build' "$scratch/log"
result $? 'make says what to install before it builds'

echo "machine: $passed passed, $failed failed"
[ "$failed" -eq 0 ]
