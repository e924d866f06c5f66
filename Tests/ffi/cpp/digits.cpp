// A GAN for digits from C++: trains, stops, goes on, saves, loads, draws. Its files equal those that C writes.
//
//     digits DATA OUTPUT
#include <gan.hpp>

#include <algorithm>
#include <cstdio>
#include <cstring>
#include <fstream>
#include <iostream>
#include <iterator>
#include <type_traits>

static int passed, failed;

static void check(bool good, const std::string &what) {
    (good ? passed : failed)++;
    if (!good) std::cerr << "cpp: failed: " << what << "\n";
}

/** The sentence of the error that a call must fail with. */
template <typename Call>
static std::string fails(std::int32_t status, Call call) {
    try {
        call();
    } catch (const gan::error &error) {
        check(error.status() == status, std::string(error.name()) + ": " + error.what());
        return error.what();
    }
    check(false, std::string("no error, but ") + gan_status_name(status) + " was expected");
    return "";
}

template <typename T>
static void write(const std::string &path, const std::vector<T> &values) {
    std::ofstream(path, std::ios::binary).write(reinterpret_cast<const char *>(values.data()), static_cast<std::streamsize>(values.size() * sizeof(T)));
}

static bool progress(gan::trainer &trainer, gan::event event) {
    if (event != gan::event::epoch) return false;
    std::printf("epoch %.0f   discriminator %.3f   generator %.3f\n", trainer.metric("epoch"), trainer.metric("discriminator.loss"),
                trainer.metric("generator.loss"));
    return trainer.metric("epoch") == 2;
}

static_assert(!std::is_copy_constructible<gan::trainer>::value && std::is_nothrow_move_constructible<gan::trainer>::value,
              "handles move and do not copy");

int main(int argc, char **argv) try {
    if (argc != 3) return 2;
    const std::string data = argv[1], output = std::string(argv[2]) + "/";
    std::printf("libgan %s on %s from C++ of %ld\n", gan::version_string().c_str(), gan::instruction_set().c_str(), static_cast<long>(__cplusplus));

    gan::dataset digits = gan::dataset::open(data);
    const gan::shape size = digits.shape();
    std::printf("%d images of %d x %d x %d in %d classes\n", static_cast<int>(digits.count()), size.height, size.width, size.channels, digits.classes());
    check(digits.count() == 10000 && size.size() == 784 && digits.classes() == 10, "the shape of the dataset");
    check(digits.read(9999, 1).size() == 784 && digits.read_labels(0, 3) == (std::vector<std::int32_t>{7, 2, 1}), "images and labels are read");

    // Two of three epochs, then the callback stops the run; another trainer goes on with the file.
    std::vector<float> taken;
    {
        gan::options settings;
        settings.set("seed", 7).set("generator.hidden", {256, 256}).set("generator.learning-rate", 1e-3).set("discriminator.learning-rate", "1e-3");
        gan::trainer trainer(digits, settings);
        check(trainer.option("generator.hidden") == "256,256", "an option of the trainer");
        fails(GAN_E_CANCELLED, [&] { trainer.run(3, progress); });
        trainer.save(output + "stopped.safetensors");
        try {
            trainer.run(1, [](gan::trainer &, gan::event) { throw std::string("mine"); });
            check(false, "an exception of the callback comes out of run");
        } catch (const std::string &mine) {
            check(mine == "mine", "an exception of the callback comes out of run");
        }
    }
    {
        gan::trainer trainer = gan::trainer::load(output + "stopped.safetensors", digits);
        trainer.run(1, progress);
        check(trainer.metric("epoch") == 3 && trainer.metric("step") == 300, "the metrics");
        trainer.save(output + "digits.safetensors");
        taken = gan::sampler(trainer.generator()).draw(7, 0, 64);
    }

    gan::generator generator = gan::generator::load(output + "digits.safetensors");
    check(generator.shape().size() == 784 && generator.axes() == std::vector<std::int64_t>{28, 28, 1} && generator.latent_size() == 128 && generator.range() == std::make_pair(0.0f, 1.0f), "the generator's shape");
    check(generator.option("seed") == "7", "an option of the generator");
    gan::sampler sampler(generator, gan::options().set("threads", 1));
    const std::vector<float> images = sampler.draw(7, 0, 64), latents = sampler.latents(7, 0, 64);
    check(images == taken && images == sampler.decode(latents), "a snapshot, a file and decoding give the same images");
    check(sampler.draw_bytes(7, 0, 64) == sampler.decode_bytes(latents), "and the same bytes");
    const std::vector<float> first(latents.begin(), latents.begin() + 128), second(latents.begin() + 128, latents.begin() + 256);
    const std::vector<float> way = sampler.path(first, second, 5);
    check(std::equal(first.begin(), first.end(), way.begin()), "a path begins where it should");
    const std::vector<float> quarter = sampler.path_at(first, second, 0.25);
    check(std::equal(quarter.begin(), quarter.end(), way.begin() + 128), "a place of a path");
    write(output + "images.f32", images);
    write(output + "images.u8", sampler.draw_bytes(7, 0, 64));
    write(output + "far.f32", sampler.draw(UINT64_MAX - 4, INT64_C(1) << 40, 2));
    write(output + "path.f32", sampler.decode(way));
    write(output + "grid.png", sampler.png(7, 0, 64));
    sampler.write_png(output + "written.png", 7, 0, 64);
    gan::write_png(output + "again.png", sampler.draw_bytes(7, 0, 64), generator.shape());
    const std::vector<std::uint8_t> grid = sampler.png(7, 0, 1, 1, 0);
    const auto decoded = gan::decode_png(grid.data(), grid.size());
    check(decoded.first == sampler.draw_bytes(7, 0, 1) && decoded.second.size() == 784, "a PNG is decoded to what it was made of");
    const gan::checkpoint checkpoint(output + "digits.safetensors");
    const auto tensors = checkpoint.tensors();
    const auto weight = std::find_if(tensors.begin(), tensors.end(), [](const gan::checkpoint::tensor &one) { return one.name == "generator.1.weight"; });
    check(weight != tensors.end() && weight->shape == (std::vector<std::int64_t>{256, 256}), "a checkpoint tells its tensors");
    check(checkpoint.text("step") == "300" && checkpoint.option("generator.hidden") == "256,256", "a checkpoint tells its step and options");
    sampler.write_idx(output + "written.idx", 7, 0, 4);
    sampler.write_npy(output + "written.npy", 7, 0, 4);
    check(gan::dataset::open(output + "written.idx").count() == 4, "an IDX file is written");
    generator.save(output + "generator.safetensors");
    check(gan::sampler(gan::generator::load(output + "generator.safetensors")).draw(7, 0, 64) == images, "a generator is saved alone");
#if defined(__cpp_lib_span)
    std::vector<float> room(2 * 784);
    sampler.draw(7, 1, std::span<float>(room));
    check(std::equal(room.begin(), room.end(), images.begin() + 784), "drawing into a span");
    sampler.decode(std::span<const float>(latents).first(256), room);
    check(std::equal(room.begin(), room.end(), images.begin()), "decoding into a span");
#endif

    const std::vector<std::uint8_t> pixels = sampler.draw_bytes(1, 0, 1);
    for (std::size_t row = 0; row < 28; row += 2) {
        for (std::size_t column = 0; column < 28; column++) std::putchar(" .:-=+*#%@"[pixels[row * 28 + column] * 10 / 256]);
        std::putchar('\n');
    }

    // Data from memory and from a function; a function that throws.
    std::ifstream file(output + "digits.safetensors", std::ios::binary);
    const std::string bytes((std::istreambuf_iterator<char>(file)), std::istreambuf_iterator<char>());
    check(gan::sampler(gan::generator::load_memory(bytes.data(), bytes.size())).draw(7, 0, 64) == images, "a generator from memory draws the same");
    gan::dataset noise = gan::dataset::from_bytes(std::vector<std::uint8_t>(200 * 64, 77), gan::shape{8, 8, 1});
    gan::trainer trainer(noise);
    trainer.step(3);
    check(trainer.metric("step") == 3, "training on bytes from memory");
    gan::dataset floats = gan::dataset::from_floats({0, 0.5f, 1, 0.25f, 0, 0.5f, 1, 0.25f}, gan::shape{2, 2, 1}, 0, 1, {4, 0});
    check(floats.read(1, 1) == (std::vector<float>{0, 0.5f, 1, 0.25f}) && floats.read_labels(0, 2) == (std::vector<std::int32_t>{4, 0}), "a dataset of floats");
    const gan::dataset told = floats.with_tags({1, 0, 1, 1}, {"hat", "smile"}).with_texts({"a \xC3\xA9", "b"}).with_labels({0, 1}, {"no", "yes"}, "answer");
    const gan::dataset rows = gan::dataset::from_values({1, 2, 3, 4}, {2});
    const gan::dataset pairs = gan::dataset::combine({{"source", &told}, {"target", &rows}});
    const std::vector<gan::dataset::field> fields = pairs.fields();
    check(fields.size() == 6 && fields[2].name == "source.tags" && fields[2].kind == "tags" && fields[2].classes == (std::vector<std::string>{"hat", "smile"})
              && fields[5].shape == (std::vector<std::int64_t>{2}) && fields[5].items == 2 && fields[5].minimum == 1 && fields[5].maximum == 4,
          "fields of a dataset");
    check(pairs.field_text(2, 1) == "hat,smile" && pairs.field_text(3, 0) == "a \xC3\xA9" && pairs.field_text(4, 1) == "yes"
              && pairs.read_field(5, 1, 1) == (std::vector<float>{3, 4}),
          "items of fields");
    gan::options small;
    small.set("batch-size", "50");
    small.set("generator.hidden", "8");
    small.set("discriminator.hidden", "8");
    std::string table = "city,size\n";
    for (int i = 0; i < 100; i++) table += "Seoul,1.5\nBusan,2.5\n";
    gan::trainer learnt(gan::dataset::table(table, small), small);
    learnt.step(2);
    const gan::generator made = learnt.generator();
    const std::vector<gan::generator::column> columns = made.columns();
    check(columns.size() == 2 && columns[0].name == "city" && columns[0].categories == (std::vector<std::string>{"Busan", "Seoul"}) && made.cell_text(0, 1) == "Seoul",
          "columns of a table");
    gan::sampler some(made);
    some.where("city=Seoul");
    const std::vector<double> cells = some.draw_rows(7, 0, 3, 2);
    check(cells[0] == 1 && cells[2] == 1 && cells[4] == 1, "rows of a table");
    some.write_csv(output + "rows.csv", 7, 0, 3);
    {
        std::ifstream csv(output + "rows.csv");
        std::string line;
        std::getline(csv, line);
        check(line == "city,size" && std::getline(csv, line) && line.compare(0, 6, "Seoul,") == 0, "a table in a file");
    }

    const auto fill = [](const std::vector<std::int64_t> &indices, float *values) {
        for (std::int64_t index : indices) *values++ = static_cast<float>(index) / 1000;
    };
    gan::trainer(gan::dataset::from_callback(fill, 1000, gan::shape{1, 1, 1})).step(2);
    gan::trainer broken(gan::dataset::from_callback([](const std::vector<std::int64_t> &, float *) { throw 5; }, 1000, gan::shape{1, 1, 1}));
    try {
        broken.step();
        check(false, "an exception of a dataset's function comes out of step");
    } catch (int number) {
        check(number == 5, "an exception of a dataset's function comes out of step");
    }

    // Errors.
    check(fails(GAN_E_NOT_FOUND, [] { gan::generator::load("no-such-file.safetensors"); }).find("no-such-file") != std::string::npos,
          "the sentence names the file");
    check(fails(GAN_E_UNKNOWN_NAME, [] { gan::options().set("batchsize", 64); }).find("batch-size") != std::string::npos,
          "the sentence gives the nearest option");
    check(gan::options().set("batch-size", 64u).get("batch-size") == "64" && gan::describe_options().size() > 20 && gan::describe_metrics().size() > 4, "options are listed and read");
    gan::sampler moved = std::move(sampler);
    fails(GAN_E_INVALID_ARGUMENT, [&] { sampler.draw(7, 0, 1); });
    check(moved.draw(7, 0, 64) == images, "a sampler moves");

    std::printf("cpp: %d passed, %d failed\n", passed, failed);
    return failed != 0;
} catch (const std::exception &exception) {
    std::cerr << "cpp: failed: " << exception.what() << "\n";
    return 1;
}
