# Reads gan.h: holds its documentation to the rules at its top, and prints the contract in lines that can be compared.
#
#     awk -f Tests/c/contract.awk include/gan.h        what every function, callback and value is, without parameter names
#
# Complaints go to standard error, and the exit code is 1 when there is one. Asked of every function: what it does; each
# parameter, in order, and the shape of each array; the result and its statuses; who owns what is handed over or out;
# threads; errors; the version that brought it. Asked of a callback: what it does, parameters, result, version. Asked of a
# value: what it means.

function complain(text) { print "gan.h: " name ": " text | "cat >&2"; complaints++ }

# The words of one @param, which goes on until the next @ or heading.
function words_of(parameter,    at, rest) {
	at = index(block, "@param " parameter " ")
	if (!at) return ""
	rest = substr(block, at + length("@param " parameter " "))
	at = match(rest, /@param|@return|Ownership:|Threads:|Errors:|Since:/)
	if (at) rest = substr(rest, 1, at - 1)
	gsub(/^ +| +$/, "", rest)
	return rest
}

function documentation(result, parameters, callback,    i, count, list, parameter, words, last, at, owns, returned, what) {
	if (block == "") { complain("has no comment"); return }
	what = block
	sub(/@param.*|@return.*|Threads:.*/, "", what)
	if (what !~ /^ *[A-Z][a-z']* .*[^ ][.:]/) complain("does not say in a sentence what it does")

	owns = 0; last = 0
	count = split(parameters, list, /, */)
	for (i = 1; i <= count; i++) {
		parameter = list[i]
		if (parameter == "void" || parameter == "") continue
		sub(/^.*[ *]/, "", parameter)
		words = words_of(parameter)
		if (words == "") { complain("does not document its parameter " parameter); continue }
		at = index(block, "@param " parameter " ")
		if (at < last) complain("documents " parameter " out of order")
		last = at
		if (list[i] ~ /(float|uint8_t|int64_t|int32_t) \*/ && parameter ~ /^(pixels|values|images|latents|labels|indices|from|to)$/ && words !~ /\[/)
			complain("does not give the shape of " parameter)
		# What may be kept or given away: strings, arrays, callbacks, buffers, handles that are made.
		if (list[i] ~ /char \*|\*\*|void \*bytes|_fn / || parameter ~ /^(pixels|values|images|latents|labels|buffer|from|to)$/) owns = 1
	}
	count = split(block, list, /@param /)
	for (i = 2; i <= count; i++) {
		parameter = list[i]
		sub(/ .*/, "", parameter)
		if ((", " parameters ",") !~ ("[ *]" parameter ",")) complain("documents " parameter ", which it does not take")
	}

	if (result != "void") {
		returned = block
		if (!sub(/.*@return +/, "", returned)) complain("does not say what it returns")
		else if (result == "int32_t" && block !~ /Errors: none/ && !callback && returned !~ /^GAN_OK|^as gan_/) complain("does not begin its @return with GAN_OK or \"as gan_…\"")
		if (result ~ /char/ && block !~ /owned by the library/) complain("does not say who owns the string")
	}
	if (!callback) {
		if (owns && block !~ /Ownership: +[^ ]/) complain("has no Ownership:")
		if (block !~ /Threads: +(any|one at a time)/) complain("has no Threads: that begins with \"any\" or \"one at a time\"")
		if (result != "int32_t" && block !~ /Errors: none/) complain("has no Errors:")
	}
	if (!match(block, /Since: [0-9]+\.[0-9]+\.[0-9]+/)) complain("has no Since:")
	else if (number(substr(block, RSTART + 7, RLENGTH - 7)) > version && block !~ /Since: [0-9.]+ \(settling\)/)
		complain("is of a version that is not there yet")
}

function number(text,    part) { split(text, part, "."); return 10000 * part[1] + 100 * part[2] + part[3] }

# "const char *name" becomes "const char *".
function types(parameters,    i, count, list, text) {
	count = split(parameters, list, /, */)
	for (i = 1; i <= count; i++) {
		if (list[i] != "void") sub(/ ?[a-z_0-9]+$/, "", list[i])
		text = text (i > 1 ? ", " : "") list[i]
	}
	return text
}

/^#define GAN_VERSION [0-9]+/ { version = $3 }

# Comments that document: from /** to */.
/^\/\*\*/ { block = ""; inside = 1 }
inside {
	line = $0
	if (line ~ /\*\//) inside = 0
	gsub(/^\/\*\* ?|^ \*\/?|\*\/$/, "", line)
	block = block " " line
	if (!inside) gsub(/  +/, " ", block)
	next
}

/^#define GAN_[A-Z_]+ \(?-?[0-9]+\)?$/ && $2 != "GAN_VERSION" {
	name = $2
	if (block !~ /[a-z][.:]/) complain("has no comment that says what it means")
	print "value " name " = " $3
	block = ""
}

/^GAN_API |^typedef .*\(\*/ { declaration = ""; declaring = 1 }
declaring {
	declaration = declaration " " $0
	if ($0 !~ /;/) next
	declaring = 0
	gsub(/[ \t]+/, " ", declaration)
	sub(/;.*/, "", declaration)
	callback = declaration ~ /^ typedef/
	sub(/^ (GAN_API|typedef) /, "", declaration)
	result = parameters = declaration
	sub(/ ?\(.*/, "", result)
	if (callback) { name = declaration; sub(/.*\(\*/, "", name); sub(/\).*/, "", name); sub(/^[^)]*\)\(/, "", parameters) }
	else { name = result; sub(/.*[ *]/, "", name); sub(/ ?gan_[a-z_0-9]+$/, "", result); sub(/^[^(]*\(/, "", parameters) }
	sub(/\)$/, "", parameters)
	documentation(result, parameters, callback)
	print (callback ? "callback " : "function ") result (result ~ /\*$/ ? "" : " ") name "(" types(parameters) ")"
	block = ""
	next
}

# A comment belongs to what follows it at once.
/^$/ { block = "" }

END { exit complaints > 0 }
