// What gan.hpp promises beyond digits.cpp: nothing is cut or wrapped.
//
//     behaviour CHECKPOINT OUTPUT
#include <algorithm>
#include <gan.hpp>

#include <cmath>
#include <cstdio>
#include <fstream>
#include <iostream>
#include <memory>

static int passed, failed;

static void check(bool good, const std::string &what) {
    (good ? passed : failed)++;
    if (!good) std::cerr << "cpp: failed: " << what << "\n";
}

template <typename Exception, typename Call>
static void refused(const std::string &what, Call call) {
    try {
        call();
        check(false, what + ": no exception");
    } catch (const Exception &problem) {
        check(problem.what()[0] != '\0', what);
    } catch (const std::exception &problem) {
        check(false, what + ": " + problem.what());
    }
}

int main(int argc, char **argv) try {
    if (argc != 3) return 2;
    const std::string checkpoint = argv[1], output = std::string(argv[2]) + "/", nul("\0x", 2);
    const gan::generator generator = gan::generator::load(checkpoint);
    gan::sampler sampler(generator);
    gan::options options;

    using wrong = std::invalid_argument;
    refused<wrong>("load takes no byte 0", [&] { gan::generator::load(checkpoint + nul); });
    refused<wrong>("open takes no byte 0", [&] { gan::dataset::open("m" + nul); });
    refused<wrong>("open_idx takes no byte 0", [&] { gan::dataset::open_idx("m", "m" + nul); });
    refused<wrong>("save takes no byte 0", [&] { generator.save(output + "nul" + nul); });
    refused<wrong>("a checkpoint's path takes no byte 0", [&] { gan::checkpoint file(checkpoint + nul); });
    refused<wrong>("set takes no byte 0", [&] { options.set("seed", "7" + nul); });
    refused<wrong>("get takes no byte 0", [&] { options.get("seed" + nul); });
    refused<wrong>("write_png takes no byte 0", [&] { sampler.write_png(output + "nul" + nul, 7, 0, 1); });
    check(!std::ifstream(output + "nul").good(), "nothing was written");

    const std::int32_t most = std::numeric_limits<std::int32_t>::max();
    refused<wrong>("negative sizes", [] { gan::dataset::from_bytes({0, 0}, gan::shape{-1, -2, 1}); });
    refused<wrong>("sizes that overflow", [&] { gan::dataset::from_bytes({0, 0}, gan::shape{most, most, most}); });
    refused<wrong>("a latent is short", [&] { sampler.decode(std::vector<float>(127)); });
    refused<wrong>("the end of a path is short", [&] { sampler.path(std::vector<float>(128), std::vector<float>(1), 3); });
    refused<std::length_error>("more than memory holds", [&] { sampler.draw(7, 0, std::numeric_limits<std::int64_t>::max()); });
    refused<gan::error>("a count below zero", [&] { sampler.draw(7, 0, -1); });
    refused<gan::error>("NaN is no learning rate", [&] { options.set("generator.learning-rate", std::nan("")); });
    check(options.set("seed", std::numeric_limits<std::int64_t>::max()).get("seed") == "9223372036854775807", "64 bits go through");
    refused<gan::error>("a seed of 64 bits without sign", [&] { options.set("seed", std::numeric_limits<std::uint64_t>::max()); });

    const gan::checkpoint file(checkpoint);
    const auto tensors = file.tensors();
    for (std::size_t i = 0; i < tensors.size(); i++)
        if (tensors[i].name == "generator.1.weight")
            check(tensors[i].type == "F32" && file.read(static_cast<std::int64_t>(i)).size() == 256 * 256, "a checkpoint gives its numbers");
    const std::vector<std::uint8_t> png = sampler.png(7, 0, 1, 1, 0);
    check(gan::decode_image(png.data(), png.size()).first == sampler.draw_bytes(7, 0, 1), "a picture is decoded");
    gan::picture deep = gan::decode_image_floats(png.data(), png.size());
    check(deep.depth == 8 && deep.pixels.size() == deep.size.size(), "a picture is decoded to numbers");
    deep.depth = 16;
    const auto encoded = gan::encode_png(deep);
    const gan::picture again = gan::decode_image_floats(encoded.data(), encoded.size());
    check(again.depth == 16 && std::abs(again.pixels[50] - deep.pixels[50]) < 1e-5f, "numbers are encoded with 16 bits");
    const gan::mesh cell = gan::shape_mesh({1}, gan::volume_size{1, 1, 1});
    check(cell.positions.size() == 18 && cell.normals.size() == 18 && cell.triangles.size() == 24, "a volume becomes a mesh");
    check(gan::shape_mesh({0, 0}, gan::volume_size{1, 2, 1}).triangles.empty(), "an empty one has no triangles");
    check(gan::shape_render({1}, gan::volume_size{1, 1, 1}, 0.5f, 0, 0, 8)[36] < 255, "and a picture");
    gan::shape_write(output + "cell.obj", {1}, gan::volume_size{1, 1, 1});
    refused<std::invalid_argument>("too few cells", [&] { gan::shape_mesh({1}, gan::volume_size{2, 2, 2}); });
    refused<gan::error>("a format that there is not", [&] { gan::shape_write(output + "cell.ply", {1}, gan::volume_size{1, 1, 1}); });
    const gan::dataset labelled = gan::dataset::from_bytes(std::vector<std::uint8_t>(400), gan::shape{2, 1, 1}, std::vector<std::int32_t>(200, 1));
    check(labelled.class_name(1) == "1", "classes have names");
    const gan::trainer saved(labelled);
    const std::vector<std::uint8_t> bytes = saved.save_memory();
    check(gan::trainer::load_memory(bytes.data(), bytes.size(), labelled).data() == GAN_DATA_SAME, "a training goes on from memory");
    saved.check_save(output + "memory.safetensors");
    refused<gan::error>("a folder that is not there", [&] { saved.check_save(output + "no/such/file"); });
    const std::vector<std::uint8_t> alone = generator.save_memory();
    check(gan::sampler(gan::generator::load_memory(alone.data(), alone.size())).draw(7, 0, 2) == sampler.draw(7, 0, 2), "a generator in memory");
    for (const gan::option_description &option : gan::describe_options())
        if (option.name == "generator.channels") check(!option.condition.empty(), "options tell when they matter");

    bool has_ring = false;
    for (const auto &one : gan::made_data()) has_ring = has_ring || (one.first == "ring" && one.second.size() > 20);
    const gan::dataset digits = gan::dataset::make("digits", 20), stacked = gan::dataset::make("stacked", 6, 1, digits);
    stacked.write(output + "stacked.idx", output + "stacked-labels.idx");
    const gan::dataset read = gan::dataset::open_idx(output + "stacked.idx", output + "stacked-labels.idx");
    check(has_ring && stacked.classes() == 1000 && read.read_labels(0, 6) == stacked.read_labels(0, 6) && read.read(0, 6) == stacked.read(0, 6), "data are made, written and read");

    // What samples are made of besides chance; sample i has class i mod 2 unless it is told.
    bool own = false;
    for (const gan::recipe &recipe : gan::recipes())
        own = own || (recipe.name == "infogan" && recipe.options.find("info.categories") != std::string::npos && !recipe.summary.empty() && !recipe.paper.empty());
    check(own, "recipes are listed");
    std::vector<std::uint8_t> pixels(400);
    std::vector<std::int32_t> labels(200);
    for (std::size_t i = 0; i < 400; i++) pixels[i] = static_cast<std::uint8_t>(i % 200);
    for (std::size_t i = 0; i < 200; i++) labels[i] = i % 2;
    gan::trainer told(gan::dataset::from_bytes(pixels, gan::shape{2, 1, 1}, labels), gan::options().set("condition", "labels"));
    told.step(2);
    bool listed = false;
    for (const std::string &name : told.metrics()) listed = listed || (name == "generator.loss" && std::isfinite(told.metric(name)));
    check(listed, "a trainer lists its metrics");
    const gan::generator of_labels = told.generator();
    const std::vector<gan::input> inputs = of_labels.inputs();
    check(inputs.size() == 2 && inputs[0].name == "latents" && inputs[0].kind == "latent" && inputs[0].width == of_labels.latent_size() && inputs[0].classes.empty(), "a generator lists its latents");
    check(inputs.size() == 2 && inputs[1].name == "label" && inputs[1].kind == "label" && inputs[1].width == 1 && inputs[1].classes == std::vector<std::string>{"0", "1"}, "and its label");
    gan::sampler by_label(of_labels);
    const std::vector<float> free = by_label.draw(7, 0, 2);
    by_label.set("label", "1");
    const std::vector<float> set = by_label.draw(7, 0, 2);
    check(set[0] != free[0] && set[2] == free[2] && set[3] == free[3], "an input is set");
    const auto gives = [&](const std::vector<float> &expected, const std::string &what) { check(by_label.draw(7, 0, 2) == expected, what); };
    by_label.set("label", std::string());
    gives(free, "an input is unset");
    by_label.set("label", 1);
    gives(set, "an input is set to a whole number");
    by_label.set("label", 0);
    check(by_label.draw(7, 0, 1)[0] == free[0] && by_label.draw(7, 1, 1)[0] != free[2], "an input is set to 0");
    by_label.set("label", 1.0);
    gives(set, "an input is set to a number");
    by_label.set("label", {0, 1});
    gives(free, "an input is set to a list");
    by_label.set("label", std::vector<float>{1});
    gives(set, "an input is set to rows");
    refused<gan::error>("a class that is not there", [&] { by_label.set("label", "2"); });
    refused<gan::error>("a class's number that is not there", [&] { by_label.set("label", 2); });
    refused<gan::error>("an input that is not there", [&] { by_label.set("labels", "1"); });
    refused<wrong>("an input takes no byte 0", [&] { by_label.set("label", "1" + nul); });

    // Measures, a classifier, and an evaluation of features whose distance is known.
    std::vector<std::uint8_t> rows(40 * 64);
    std::vector<std::int32_t> classes(40);
    for (std::size_t i = 0; i < rows.size(); i++) rows[i] = (i / 64 % 2 == i % 64 / 32) ? 255 : 0;
    for (std::size_t i = 0; i < 40; i++) classes[i] = static_cast<std::int32_t>(i % 2);
    const gan::dataset halves = gan::dataset::from_bytes(rows, gan::shape{8, 8, 1}, classes);
    gan::trainer judged(halves, gan::options().set("recipe", "classifier").set("classifier.channels", 2).set("batch-size", 10));
    judged.run(2);
    judged.save(output + "judge");
    gan::classifier judge = judged.classifier();
    check(judge.classes() == 2 && judge.shape().height == 8 && judge.features() > 0 && judge.class_name(1) == "1" && judge.target() == "labels", "a classifier tells of itself");
    const auto seen = judge.run(halves.read(0, 3));
    check(seen.first.size() == 6 && seen.second.size() == 3 * static_cast<std::size_t>(judge.features()), "and of pictures");
    check(gan::classifier::load(output + "judge").run(halves.read(0, 3)) == seen, "a classifier is loaded");
    const std::vector<std::uint8_t> saved_judge = judged.save_memory();
    check(gan::classifier::load_memory(saved_judge.data(), saved_judge.size()).run(halves.read(0, 3)) == seen, "and from memory");
    refused<gan::error>("a classifier draws nothing", [&] { judged.generator(); });
    gan::evaluation same(halves, halves, &judge);
    check(same.value("copies").first == 1 && same.counts().first == 40 && same.nearest(3).second == 0, "data beside themselves are copies");
    check(same.class_of(0).second >= 0.5f && same.class_counts(0).first + same.class_counts(1).first == 40, "classes are told");
    gan::trainer measured(halves, gan::options().set("batch-size", 10).set("evaluate.every", 1).set("evaluate.count", 16));
    measured.judge(&judge);
    measured.run(1);
    check(measured.metric("evaluate.modes") >= 1 && gan::evaluation(measured.generator(), halves, nullptr, 20).value("recall").first >= 0, "a generator is evaluated");
    gan::evaluation known({3, 0, -3, 0, 0, 1, 0, -1}, {1, 0, -1, 0, 0, 1, 0, -1}, 2);
    check(std::abs(known.value("frechet-distance").first - 8.0 / 3) < 1e-12 && std::isnan(known.value("frechet-distance").second), "the distance of features");
    check(gan::measures().size() >= 15 && gan::measures()[0].minimum >= 1 && gan::measures()[0].goal == "lower", "measures are listed");
    refused<gan::error>("a measure that is not there", [&] { known.value("recal"); });
    refused<wrong>("features that are no rows", [&] { gan::evaluation({1, 2, 3}, {1, 2}, 2); });

    // Pictures of pictures.
    refused<gan::error>("a generator of numbers is no applier", [&] { gan::applier one(generator); });
    gan::trainer resolving(halves, gan::options().set("recipe", "super-resolution").set("scale", 2).set("generator.channels", 4).set("generator.blocks", 1).set("batch-size", 10));
    check(resolving.preview_shape().width == 28 && resolving.preview(0, 2).size() == 448, "rows of input, output and truth");
    refused<gan::error>("rows before the first", [&] { resolving.preview(-1, 1); });
    gan::applier larger(resolving.generator(), gan::options().set("threads", 1));
    const gan::shape doubled = larger.shape(5, 7);
    check(larger.channels().input == 1 && larger.channels().output == 1 && !larger.channels().takes_mask, "an applier tells of itself");
    check(doubled.height == 10 && doubled.width == 14 && doubled.channels == 1, "and of what it makes");
    const std::vector<float> floats = larger.apply(std::vector<float>(35, 1), 5, 7);
    const std::vector<std::uint8_t> made = larger.apply_bytes(std::vector<std::uint8_t>(35, 255), 5, 7);
    check(floats.size() == 140 && made.size() == 140 && std::abs(floats[60] * 255 - made[60]) < 0.51f, "a picture of a picture");
    refused<wrong>("a picture is short", [&] { larger.apply(std::vector<float>(34), 5, 7); });
    refused<wrong>("a mask is short", [&] { larger.apply_bytes(std::vector<std::uint8_t>(35), 5, 7, 0, std::vector<std::uint8_t>(1)); });
    refused<gan::error>("a mask where none is wanted", [&] { larger.apply(std::vector<float>(35), 5, 7, 0, std::vector<float>(35)); });
    refused<gan::error>("a picture without a side", [&] { larger.apply(std::vector<float>(), 0, 7); });
    check(larger.frames() == 0, "a picture is none of several");

    // Frames that follow.
    gan::options film;
    film.set("recipe", "next-frame").set("frames.past", 2).set("frames.ahead", 1).set("batch-size", 5);
    gan::trainer watching(gan::dataset::make("moving", 10, 3), film.set("generator.channels", 2).set("discriminator.channels", 2));
    gan::applier following(watching.generator(), gan::options().set("threads", 1));
    std::vector<std::uint8_t> given;
    std::vector<float> shades;
    for (int i = 1; i <= 70; i++) {
        given.push_back(static_cast<std::uint8_t>(i * 7 % 256));
        shades.push_back(static_cast<float>(given.back()) / 255);
    }
    const std::vector<std::uint8_t> five = following.predict_bytes(given, 5, 7, 5), two = following.predict_bytes(given, 5, 7, 2);
    check(following.frames() == 2 && five.size() == 175 && std::equal(two.begin(), two.end(), five.begin()), "frames that follow");
    const std::vector<float> one_more = following.predict(shades, 5, 7);
    check(one_more.size() == 35 && std::abs(one_more[12] * 255 - five[12]) < 0.6f, "frames of floats");
    refused<wrong>("a frame is short", [&] { following.predict(std::vector<float>(1), 5, 7); });
    refused<gan::error>("too few frames", [&] { following.predict_bytes(std::vector<std::uint8_t>(35), 5, 7); });
    refused<gan::error>("a picture where frames are read", [&] { following.apply(std::vector<float>(35), 5, 7); });

    // A function lives as long as somebody needs it.
    const auto counted = std::make_shared<int>(0);
    {
        gan::dataset images = gan::dataset::from_callback([counted](const std::vector<std::int64_t> &indices, float *values) {
            for (std::int64_t index : indices) *values++ = static_cast<float>(index) / 1000;
            *counted += static_cast<int>(indices.size());
        }, 1000, gan::shape{1, 1, 1});
        gan::trainer trainer(images);
        { const gan::dataset gone = std::move(images); }
        trainer.step(2);
        check(*counted == 200 && counted.use_count() == 2, "a function fills batches");
    }
    check(counted.use_count() == 1, "and goes with the last that needs it");
    std::printf("cpp: %d passed, %d failed\n", passed, failed);
    return failed != 0;
} catch (const std::exception &exception) {
    std::cerr << "cpp: failed: " << exception.what() << "\n";
    return 1;
}
