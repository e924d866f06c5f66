-- A GAN for digits from LuaJIT: trains, stops, goes on, saves, loads, draws. Its files equal those that C writes.
--
--     luajit digits.lua DATA OUTPUT

local ffi = require "ffi"
local gan = require "gan"

local data, output = arg[1], arg[2] .. "/"
local passed, failed = 0, 0

local function check(good, what)
    if good then passed = passed + 1 else failed = failed + 1; io.stderr:write("lua: failed: ", what, "\n") end
end

-- The sentence of the error that a call must fail with.
local function fails(name, call, ...)
    local good, problem = pcall(call, ...)
    check(not good and problem.name == name and problem.status < 0, name .. " was expected, but there was: " .. tostring(problem))
    return tostring(problem)
end

local function write(name, bytes, size)
    local file = assert(io.open(output .. name, "wb"))
    file:write(type(bytes) == "string" and bytes or ffi.string(bytes, 4 * size))
    file:close()
end

local function same(a, b, size)
    return ffi.string(a, 4 * size) == ffi.string(b, 4 * size)
end

local function progress(trainer, event)
    if event ~= gan.EPOCH then return false end
    print(string.format("epoch %d   discriminator %.3f   generator %.3f", trainer:metric "epoch", trainer:metric "discriminator.loss",
        trainer:metric "generator.loss"))
    return trainer:metric "epoch" == 2
end

print("libgan " .. gan.version() .. " on " .. gan.instruction_set() .. " from " .. jit.version)
local digits = gan.open(data)
local count, height, width, channels = digits:shape()
print(string.format("%d images of %d x %d x %d in %d classes", count, height, width, channels, digits:classes()))
check(count == 10000 and height == 28 and width == 28 and channels == 1 and digits:classes() == 10, "the shape of the dataset")
check(select(2, digits:read(9999, 1)) == 784 and table.concat(digits:read_labels(0, 3), " ") == "7 2 1", "images and labels are read")

-- Two of three epochs, then the callback stops the run; another trainer goes on with the file.
local settings = { seed = 7, ["generator.hidden"] = { 256, 256 }, ["generator.learning-rate"] = 1e-3, ["discriminator.learning-rate"] = "1e-3" }
local trainer = gan.trainer(digits, settings)
check(trainer:option "generator.hidden" == "256,256", "an option of the trainer")
fails("GAN_E_CANCELLED", trainer.run, trainer, 3, progress)
trainer:save(output .. "stopped.safetensors")
local good, problem = pcall(trainer.run, trainer, 1, function() error({ mine = true }) end)
check(not good and problem.mine, "an error of the callback comes out of run")
trainer:close()
fails("GAN_E_INVALID_HANDLE", trainer.step, trainer, 1)

trainer = gan.load_trainer(output .. "stopped.safetensors", digits)
trainer:run(1, progress)
check(trainer:metric "epoch" == 3 and trainer:metric "step" == 300, "the metrics")
trainer:save(output .. "digits.safetensors")
local taken = trainer:generator():sampler():draw(7, 0, 64)

local generator = gan.load(output .. "digits.safetensors")
check(select("#", generator:shape()) == 3 and table.concat(generator:axes(), " ") == "28 28 1" and generator:latent_size() == 128 and select(2, generator:range()) == 1, "the generator's shape")
check(generator:option "seed" == "7", "an option of the generator")
local sampler = generator:sampler { threads = 1 }
local images, size = sampler:draw(7, 0, 64)
local latents = sampler:latents(7, 0, 64)
check(size == 64 * 784 and same(images, taken, size) and same(images, sampler:decode(latents), size), "a snapshot, a file and decoding give the same images")
local way = sampler:path(latents, latents + 128, 5)
check(same(way, latents, 128), "a path begins where it should")
check(same(sampler:path_at(latents, latents + 128, 0.25), way + 128, 128), "a place of a path")
write("images.f32", images, size)
write("images.u8", sampler:draw_bytes(7, 0, 64))
write("far.f32", sampler:draw(18446744073709551611ULL, 2 ^ 40, 2))
write("path.f32", sampler:decode(way))
write("grid.png", sampler:png(7, 0, 64))
sampler:write_png(output .. "written.png", 7, 0, 64)
for _ = 1, 200 do collectgarbage(); sampler:draw(7, 0, 1) end -- what is still used is not closed

local pixels = sampler:draw_bytes(1, 0, 1)
for row = 0, 27, 2 do
    print((pixels:sub(row * 28 + 1, row * 28 + 28):gsub(".", function(value)
        local shade = math.floor(value:byte() * 10 / 256)
        return (" .:-=+*#%@"):sub(shade + 1, shade + 1)
    end)))
end

local file = assert(io.open(output .. "digits.safetensors", "rb"))
check(same(gan.load_string(file:read "*a"):sampler():draw(7, 0, 64), images, size), "a generator from memory draws the same")
file:close()
local noise = gan.trainer(gan.from_bytes(("libgan\0\255"):rep(200 * 8), 8, 8))
noise:step(3)
check(noise:metric "step" == 3, "training on bytes from memory")
local floats = gan.from_floats({ 0, 0.5, 1, 0.25, 0, 0.5, 1, 0.25 }, 2, 2, 1, 0, 1, { 4, 0 })
check(floats:read(1, 1)[3] == 0.25 and table.concat(floats:read_labels(0, 2), " ") == "4 0", "a dataset of floats")
local told = floats:with_tags({ 1, 0, 1, 1 }, { "hat", "smile" }):with_texts { "a é", "b" }:with_labels({ 0, 1 }, { "no", "yes" }, "answer")
local pairs_of = gan.combine { { "source", told }, { "target", gan.from_values({ 1, 2, 3, 4 }, { 2 }) } }
local fields = pairs_of:fields()
check(#fields == 6 and fields[3].name == "source.tags" and fields[3].kind == "tags" and table.concat(fields[3].classes, " ") == "hat smile"
    and fields[6].shape[1] == 2 and fields[6].items == 2 and fields[6].minimum == 1 and fields[6].maximum == 4, "fields of a dataset")
check(pairs_of:field_text(2, 1) == "hat,smile" and pairs_of:field_text(3, 0) == "a é" and pairs_of:field_text(4, 1) == "yes"
    and pairs_of:read_field(5, 1, 1)[1] == 4, "items of fields")

local small = { ["batch-size"] = 50, ["generator.hidden"] = "8", ["discriminator.hidden"] = "8" }
local learnt = gan.trainer(gan.from_csv("city,size\n" .. ("Seoul,1.5\nBusan,2.5\n"):rep(100), small), small)
learnt:step(2)
local made = learnt:generator()
local columns, rows = made:columns(), made:sampler()
check(#columns == 2 and columns[1].name == "city" and columns[1].categories[0] == "Busan" and made:cell_text(1, 1) == "Seoul", "columns of a table")
rows:where "city=Seoul"
local cells = rows:draw_rows(7, 0, 3, 2)
check(cells[0] == 1 and cells[2] == 1 and cells[4] == 1, "rows of a table")
rows:write_csv(output .. "rows.csv", 7, 0, 3)
check(io.open(output .. "rows.csv"):read "*a":sub(1, 16) == "city,size\nSeoul,", "a table in a file")

check(fails("GAN_E_NOT_FOUND", gan.load, "no-such-file.safetensors"):find("no-such-file", 1, true), "the sentence names the file")
check(fails("GAN_E_UNKNOWN_NAME", gan.options, { batchsize = 64 }):find("batch-size", 1, true), "the sentence gives the nearest option")
check(gan.options({ ["data.shuffle"] = false, seed = 9007199254740993LL }):get "seed" == "9007199254740993", "options are read, with all their digits")
fails("GAN_E_INVALID_ARGUMENT", sampler.draw, sampler, 2 ^ 60, 0, 1)
fails("GAN_E_INVALID_ARGUMENT", sampler.draw, sampler, 7, 0.5, 1)
collectgarbage()

print(string.format("lua: %d passed, %d failed", passed, failed))
os.exit(failed == 0 and 0 or 1, true)
