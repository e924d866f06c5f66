-- What gan.lua promises beyond digits.lua: nothing is cut, wrapped or reinterpreted, Ctrl-C ends what takes long, and what a
-- program rarely uses works too.
--
--     luajit behaviour.lua CHECKPOINT OUTPUT DIGITS

local ffi = require "ffi"
local gan = require "gan"

local checkpoint, output, data = arg[1], arg[2] .. "/", arg[3]
ffi.cdef "int getpid(void); unsigned int sleep(unsigned int seconds);"

-- In a process of its own: what takes long is to end with an error that is Ctrl-C's, and the trainer stands as it should.
if arg[4] then
    local digits = gan.open(data)
    local trainer, sampler = gan.trainer(digits), gan.load(checkpoint):sampler { threads = 1 }
    local latents = ffi.new "float[640000]"
    local long = {
        step = function() trainer:step(1e9) end,
        run = function() trainer:run(1e6) end,
        ["run with progress"] = function() trainer:run(1e6, function() end) end,
        ["a progress function"] = function() trainer:run(1e6, function() while true do trainer:metric "step" end end) end,
        ["step that calls back"] = function()
            trainer = gan.trainer(gan.from_callback(function(_, count, values) ffi.fill(values, 4 * count) end, 1000, 1, 1))
            trainer:step(1e9)
        end,
        draw = function() while true do sampler:draw(7, 0, 20000) end end,
        decode = function() while true do sampler:decode(latents) end end,
    }
    os.execute("(sleep 0.4; kill -INT " .. ffi.C.getpid() .. "; sleep 5; kill -KILL " .. ffi.C.getpid() .. ") >/dev/null 2>&1 &")
    local good, problem = pcall(long[arg[4]])
    local step = trainer:metric "step"
    trainer:step(1)
    os.exit(not good and tostring(problem):find "interrupted" and trainer:metric "step" == step + 1 and 0 or 1)
end

local passed, failed = 0, 0

local function check(good, what)
    if good then passed = passed + 1 else failed = failed + 1; io.stderr:write("lua: failed: ", what, "\n") end
end

local function fails(name, what, call, ...)
    local good, problem = pcall(call, ...)
    check(not good and type(problem) == "table" and problem.name == name and problem.message ~= "", what .. ": " .. tostring(problem))
end
local function refused(...) fails("GAN_E_INVALID_ARGUMENT", ...) end

local generator = gan.load(checkpoint)
local sampler = generator:sampler()
local latents = sampler:latents(7, 0, 2)
local images = sampler:draw(7, 0, 2)
local function same(a, b, size) return ffi.string(a, 4 * size) == ffi.string(b, 4 * size) end

-- Arrays.
local doubles, list = ffi.new "double[256]", {}
for i = 0, 255 do doubles[i], list[i + 1] = latents[i], latents[i] end
check(same(sampler:decode(doubles), images, 2 * 784), "doubles are converted by value")
check(same(sampler:decode(list), images, 2 * 784), "a table is")
check(sampler:decode_bytes(latents) == sampler:draw_bytes(7, 0, 2), "latents to bytes")
refused("a string is no array of floats", sampler.decode, sampler, ffi.string(latents, 1024))
refused("a pointer has no length", sampler.decode, sampler, latents + 128)
refused("words are no numbers", sampler.decode, sampler, { "one" })
refused("a latent is short", sampler.decode, sampler, { 0, 1 })
refused("the end of a path is short", sampler.path, sampler, latents, { 0, 1 }, 3)
refused("300 is no byte", gan.from_bytes, { 300, 0 }, 1, 1)
refused("0.5 is no byte", gan.from_bytes, ffi.new("double[2]", 0.5), 1, 1)
refused("2^32 is no label", gan.from_bytes, "ab", 1, 1, 1, { 0, 2 ^ 32 })
refused("1.5 is no label", gan.from_bytes, "ab", 1, 1, 1, { 0, 1.5 })
refused("a number is no image", gan.from_bytes, 5, 1, 1)
check(gan.from_bytes({ 0, 255 }, 1, 1):read(1, 1)[0] == 1 and gan.from_bytes(ffi.new("uint8_t[2]", 255), 1, 1):read(0, 1)[0] == 1, "bytes in tables and arrays")

-- Integers.
for what, call in pairs {
    ["a negative seed"] = function() sampler:draw(-1, 0, 1) end,
    ["a negative seed, LL"] = function() sampler:draw(-1LL, 0, 1) end,
    ["a seed of 65 bits"] = function() sampler:draw(2 ^ 64 + 5, 0, 1) end,
    ["a seed that is not whole"] = function() sampler:draw(0.5, 0, 1) end,
    ["a seed in a string"] = function() sampler:draw("7", 0, 1) end,
    ["a first sample of 64 bits"] = function() sampler:draw(7, 18446744073709551615ULL, 1) end,
    ["columns of 33 bits"] = function() sampler:png(7, 0, 4, { columns = 2 ^ 32 + 2 }) end,
    ["columns of 33 bits, LL"] = function() sampler:png(7, 0, 4, { columns = 4294967298LL }) end,
    ["half a step"] = function() gan.trainer(gan.open(data)):step(0.5) end,
    ["half an epoch"] = function() gan.trainer(gan.open(data)):run(0.5) end,
    ["a height of 33 bits"] = function() gan.from_bytes("ab", 2 ^ 32 + 1, 1) end,
    ["a seed that an option cannot hold"] = function() gan.options():set_integer("seed", 18446744073709551615ULL) end,
    ["a count below zero"] = function() sampler:draw(7, 0, -1) end,
} do refused(what, call) end
local good, problem = pcall(sampler.draw, sampler, 7, 0, 2 ^ 50)
check(not good and problem.name == "GAN_E_OUT_OF_MEMORY", "more than memory holds")
check(pcall(sampler.draw, sampler, 18446744073709551615ULL, 9007199254740993LL, 1), "numbers of 64 bits go through")

-- Strings.
for what, call in pairs {
    load = function() gan.load(checkpoint .. "\0x") end,
    open = function() gan.open(data .. "\0x") end,
    save = function() generator:save(output .. "nul\0x") end,
    set = function() gan.options { seed = "7\0x" } end,
    get = function() gan.options():get "seed\0x" end,
    ["a path that is a table"] = function() gan.load {} end,
} do refused(what .. " takes no byte 0", call) end
check(io.open(output .. "nul") == nil, "nothing was written")

-- What digits.lua does not use.
local options = gan.options():set_integer("seed", 4611686018427387905LL):set_real("generator.learning-rate", 0.25)
check(options:get "seed" == "4611686018427387905" and options:get "generator.learning-rate" == "0.25", "options are set from numbers")
local described = {}
for _, option in ipairs(gan.describe_options()) do described[option.name] = option end
check(described["batch-size"].minimum == 1 and described.preset.minimum == nil and #described.loss.summary > 0, "options are described")
check(gan.describe_metrics()["generator.loss"] and gan.version_number() >= 100, "metrics and the version")
sampler:write_idx(output .. "written.idx", 7, 0, 4)
sampler:write_npy(output .. "written.npy", 7, 0, 2)
check(gan.open_idx(output .. "written.idx"):shape() == 4, "an IDX file")
local pixels, height, width, channels = gan.decode_png(sampler:png(7, 0, 1, { columns = 1, margin = 0 }))
check(pixels == sampler:draw_bytes(7, 0, 1) and height == 28 and width == 28 and channels == 1, "a PNG is decoded")
gan.write_png(output .. "again.png", sampler:draw_bytes(7, 0, 64), 28, 28)
check(assert(io.open(output .. "again.png", "rb")):read "*a" == sampler:png(7, 0, 64), "a PNG of the caller's pixels")
local file, found = gan.checkpoint(checkpoint), false
for place, tensor in ipairs(file:tensors()) do
    if tensor.name == "generator.1.weight" then
        found = table.concat(tensor.shape, ",") == "256,256" and tensor.type == "F32" and select(2, file:read(place)) == 256 * 256
    end
end
check(gan.decode_image(sampler:png(7, 0, 1, { columns = 1, margin = 0 })) == pixels, "a picture is decoded")
do
    local numbers, height, width, channels, depth = gan.decode_image_floats(sampler:png(7, 0, 1, { columns = 1, margin = 0 }))
    local again, _, _, _, deep = gan.decode_image_floats(gan.encode_png(numbers, height, width, channels, 16))
    check(depth == 8 and deep == 16 and math.abs(again[50] - numbers[50]) < 1e-5, "numbers go into a picture and out")
end
do
    local positions, normals, triangles, vertices, faces = gan.shape_mesh({ 1 }, 1, 1, 1)
    check(vertices == 6 and faces == 8 and positions[0] > -1 and normals[0] ~= nil and triangles[23] < 6, "a volume becomes a mesh")
    check(select(5, gan.shape_mesh({ 0, 0 }, 1, 2, 1)) == 0, "an empty one has no triangles")
    check(gan.shape_render({ 1 }, 1, 1, 1, { side = 8 }):byte(36) < 255, "and a picture")
    gan.shape_write(arg[2] .. "/cell.obj", { 1 }, 1, 1, 1)
    refused("too few cells", gan.shape_mesh, { 1 }, 2, 2, 2)
    refused("a format that there is not", gan.shape_write, arg[2] .. "/cell.ply", { 1 }, 1, 1, 1)
end
check(described.seed.condition == "" and described["generator.channels"].condition ~= "", "options tell when they matter")
local digits = gan.open(data)
check(digits:class_name(7) == "7", "classes have names")
local saved = gan.trainer(digits)
saved:save(output .. "memory.safetensors")
saved:check_save(output .. "memory.safetensors")
local allowed, missing = pcall(saved.check_save, saved, output .. "no/such/file")
check(not allowed and missing.name == "GAN_E_NOT_FOUND", "a folder that is not there")
check(assert(io.open(output .. "memory.safetensors", "rb")):read "*a" == saved:to_string(), "a checkpoint in memory is the file")
check(gan.load_trainer_string(saved:to_string(), digits):data() == "same", "a training goes on from memory")
check(same(gan.load_string(generator:to_string()):sampler():draw(7, 0, 2), images, 2 * 784), "a generator in memory")
check(found and file:text "kind" == "trainer" and file:option "seed" == "7", "a checkpoint tells what it holds")
local whole, pieces = sampler:draw(7, 5, 3000), generator:sampler()
local last = sampler:draw(7, 3004, 1)
check(same(pieces:draw(7, 5, 3000), whole, 3000 * 784) and same(whole + 2999 * 784, last, 784), "images in pieces are the same images")

local stacked = gan.make("stacked", 6, 1, gan.make("digits", 20))
stacked:write(output .. "stacked.idx", output .. "stacked-labels.idx")
local written = gan.open_idx(output .. "stacked.idx", output .. "stacked-labels.idx")
check(#gan.made_data().ring > 20 and stacked:classes() == 1000 and table.concat(written:read_labels(0, 6), ",") == table.concat(stacked:read_labels(0, 6), ",")
    and same(written:read(0, 6), stacked:read(0, 6), 6 * 2352), "data are made, written and read")

-- What samples are made of besides chance; sample i has class i mod 2 unless it is told.
local recipes = {}
for _, recipe in ipairs(gan.recipes()) do recipes[recipe.name] = recipe end
check(recipes.infogan.options:find("info.categories", 1, true) and recipes.gan.options:find("condition", 1, true) and #recipes.gan.summary > 20 and #recipes.gan.paper > 20, "recipes are listed")
do
    local grey, labels = ffi.new "uint8_t[400]", {}
    for i = 0, 399 do grey[i] = i % 200 end
    for i = 1, 200 do labels[i] = (i - 1) % 2 end
    local told = gan.trainer(gan.from_bytes(grey, 2, 1, 1, labels), { condition = "labels" })
    told:step(2)
    local metrics = {}
    for _, name in ipairs(told:metrics()) do metrics[name] = told:metric(name) end
    check(metrics["generator.loss"] and metrics.step == 2, "a trainer lists its metrics")
    local of_labels = told:generator()
    local inputs = of_labels:inputs()
    check(#inputs == 2 and inputs[1].name == "latents" and inputs[1].kind == "latent" and inputs[1].width == of_labels:latent_size() and next(inputs[1].classes) == nil, "a generator lists its latents")
    check(inputs[2].name == "label" and inputs[2].kind == "label" and inputs[2].width == 1 and inputs[2].classes[0] == "0" and inputs[2].classes[1] == "1" and not inputs[2].classes[2], "and its label")
    local by_label = of_labels:sampler()
    local free = by_label:draw(7, 0, 2)
    by_label:set("label", "1")
    local set = by_label:draw(7, 0, 2)
    check(set[0] ~= free[0] and same(set + 2, free + 2, 2), "an input is set")
    for _, one in ipairs { { nil, free }, { 1, set }, { "", free }, { { 1 }, set }, { { 0, 1 }, free }, { ffi.new("float[1]", 1), set }, { "0,1", free } } do
        by_label:set("label", one[1])
        check(same(by_label:draw(7, 0, 2), one[2], 4), "an input is set to " .. tostring(one[1]))
    end
    for what, arguments in pairs { GAN_E_UNKNOWN_NAME = { "label", "2" }, GAN_E_OUT_OF_RANGE = { "label", 2 } } do
        local good, problem = pcall(by_label.set, by_label, arguments[1], arguments[2])
        check(not good and problem.name == what, "a class that is not there: " .. tostring(problem))
    end
    refused("an input takes no byte 0", by_label.set, by_label, "label", "1\0")
    refused("true is no number", by_label.set, by_label, "label", true)
end

-- Measures, a classifier, and an evaluation of features whose distance is known.
do
    local rows, labels = {}, {}
    for i = 0, 40 * 64 - 1 do rows[i + 1] = math.floor(i / 64) % 2 == math.floor(i % 64 / 32) and 255 or 0 end
    for i = 1, 40 do labels[i] = (i - 1) % 2 end
    local halves = gan.from_bytes(rows, 8, 8, 1, labels)
    local judged = gan.trainer(halves, { recipe = "classifier", ["classifier.channels"] = 2, ["batch-size"] = 10 })
    judged:step(6)
    judged:save(arg[2] .. "/judge")
    local judge = judged:classifier()
    check(judge:classes() == 2 and judge:shape() == 8 and judge:class_name(1) == "1" and judge:target() == "labels", "a classifier tells of itself")
    local probabilities, features, count = judge:run(halves:read(0, 3))
    check(count == 3 and math.abs(probabilities[0] + probabilities[1] - 1) < 1e-5 and judge:features() > 0, "and of pictures")
    for _, other in ipairs { gan.load_classifier(arg[2] .. "/judge"), gan.load_classifier_string(judged:to_string()) } do
        check(other:run(halves:read(0, 3))[5] == probabilities[5], "a classifier is loaded")
    end
    fails("GAN_E_MISMATCH", "a classifier draws nothing", judged.generator, judged)
    local same = gan.evaluate_dataset(halves, halves, { classifier = judge })
    local _, distance = same:nearest(3)
    check(same:value "copies" == 1 and same:counts() == 40 and distance == 0, "data beside themselves are copies")
    local _, sure = same:class(0)
    check(sure >= 0.5 and same:class_counts(0) + same:class_counts(1) == 40, "classes are told")
    local drawing = gan.trainer(halves, { ["batch-size"] = 10, ["evaluate.every"] = 1, ["evaluate.count"] = 16 })
    drawing:judge(judge)
    drawing:run(1)
    check(drawing:metric "evaluate.modes" >= 1 and gan.evaluate(drawing:generator(), halves, { count = 20 }):value "recall" >= 0, "a generator is evaluated")
    local known = gan.evaluate_features({ 3, 0, -3, 0, 0, 1, 0, -1 }, { 1, 0, -1, 0, 0, 1, 0, -1 }, 2)
    local value, spread = known:value "frechet-distance"
    check(math.abs(value - 8 / 3) < 1e-12 and spread ~= spread, "the distance of features")
    local listed = gan.measures()
    check(#listed >= 15 and listed[1].minimum >= 1 and listed[1].goal == "lower", "measures are listed")
    fails("GAN_E_UNKNOWN_NAME", "a measure that is not there", known.value, known, "recal")
    refused("features that are no rows", gan.evaluate_features, { 1 }, { 1, 2 }, 2)
end

-- Pictures of pictures.
do
    local pixels, floats = {}, {}
    for i = 1, 40 * 64 do pixels[i] = i % 251 end
    for i = 1, 35 do floats[i] = 1 end
    fails("GAN_E_MISMATCH", "a generator of numbers is no applier", generator.applier, generator)
    local settings = { recipe = "super-resolution", scale = 2, ["generator.channels"] = 4, ["generator.blocks"] = 1, ["batch-size"] = 10 }
    local resolving = gan.trainer(gan.from_bytes(pixels, 8, 8), settings)
    local rows, across, deep = resolving:preview_shape()
    check(rows == 8 and across == 28 and deep == 1 and #resolving:preview(0, 2) == 448, "rows of input, output and truth")
    fails("GAN_E_INVALID_ARGUMENT", "rows before the first", resolving.preview, resolving, -1, 1)
    local applier = resolving:generator():applier { threads = 1 }
    local read, written, takes_mask = applier:channels()
    local height, width, channels = applier:shape(5, 7)
    check(read == 1 and written == 1 and takes_mask == false and height == 10 and width == 14 and channels == 1, "an applier tells of itself")
    local values, count = applier:apply(floats, 5, 7)
    local bytes = applier:apply_bytes(("\255"):rep(35), 5, 7)
    check(count == 140 and #bytes == 140 and math.abs(values[60] * 255 - bytes:byte(61)) < 0.51, "a picture of a picture")
    refused("a picture is short", applier.apply, applier, { 1 }, 5, 7)
    refused("a mask is short", applier.apply_bytes, applier, ("x"):rep(35), 5, 7, "x")
    refused("a mask where none is wanted", applier.apply, applier, floats, 5, 7, floats)
    fails("GAN_E_OUT_OF_RANGE", "a picture without a side", applier.apply, applier, {}, 0, 7)
    check(applier:frames() == 0, "a picture is none of several")
end

-- Frames that follow.
do
    local settings = { recipe = "next-frame", ["frames.past"] = 2, ["frames.ahead"] = 1, ["generator.channels"] = 2, ["discriminator.channels"] = 2,
        ["batch-size"] = 5 }
    local applier = gan.trainer(gan.make("moving", 10, 3), settings):generator():applier { threads = 1 }
    local given, floats = {}, {}
    for i = 1, 70 do given[i], floats[i] = i * 7 % 256, i * 7 % 256 / 255 end
    local five, two = applier:predict_bytes(given, 5, 7, 5), applier:predict_bytes(given, 5, 7, 2)
    check(applier:frames() == 2 and #five == 175 and five:sub(1, 70) == two, "frames that follow")
    local values, count = applier:predict(floats, 5, 7)
    check(count == 35 and math.abs(values[12] * 255 - five:byte(13)) < 0.6, "frames of floats")
    refused("a frame is short", applier.predict, applier, { 1 }, 5, 7)
    fails("GAN_E_OUT_OF_RANGE", "too few frames", applier.predict_bytes, applier, ("x"):rep(35), 5, 7)
    fails("GAN_E_MISMATCH", "a picture where frames are read", applier.apply, applier, { unpack(floats, 1, 35) }, 5, 7)
end

-- Callbacks. What is used is not collected, and a function that is no longer needed gives its place back.
local filled = 0
local function fill(indices, count, values)
    for i = 0, count - 1 do values[i] = tonumber(indices[i]) / 1000 end
    filled = filled + count
end
local function training()
    local set = gan.from_callback(fill, 1000, 1, 1)
    check(math.abs(set:read(500, 1)[0] - 0.5) < 1e-6, "a function's images are read")
    local trainer = gan.trainer(set)
    set:close()
    return trainer
end
local trainer = training()
for _ = 1, 3 do collectgarbage() end
trainer:step(2)
check(filled == 201, "a function fills batches")
trainer:run(1)
check(trainer:metric "epoch" == 1 and trainer:metric "step" == 10, "a run ends with its epoch")
local broken = gan.from_callback(function() error { mine = true } end, 1000, 1, 1)
for what, call in pairs {
    step = function() gan.trainer(broken):step(1) end,
    run = function() gan.trainer(broken):run(1, function() end) end,
    read = function() broken:read(0, 1) end,
} do
    local good, problem = pcall(call)
    check(not good and type(problem) == "table" and problem.mine, "an error of the function comes out of " .. what)
end
good, problem = pcall(trainer.run, trainer, 1, function(now) now:cancel() end)
check(not good and problem.name == "GAN_E_CANCELLED", "a run is cancelled from its progress function")
for _ = 1, 3000 do gan.from_callback(fill, 1000, 1, 1):close(); if _ % 200 == 0 then collectgarbage() collectgarbage() end end
check(true, "three thousand functions")

local command = arg[-1] .. " '" .. arg[0] .. "' '" .. checkpoint .. "' '" .. arg[2] .. "' '" .. data .. "' "
for _, what in ipairs { "step", "run", "run with progress", "a progress function", "step that calls back", "draw", "decode" } do check(os.execute(command .. "'" .. what .. "'") == 0, "Ctrl-C ends " .. what) end
check(os.execute("GAN_LIBRARY=/no/such/libgan.so " .. arg[-1] .. " -e 'require \"gan\"' 2>&1 | grep -q 'libgan cannot be loaded.*GAN_LIBRARY='") == 0, "a missing library is explained")

print(string.format("lua: %d passed, %d failed", passed, failed))
os.exit(failed == 0 and 0 or 1, true)
