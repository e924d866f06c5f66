/* gan.hpp: gan.h for C++11 and later, in this header alone; link with libgan as C programs do.
 *
 *     gan::dataset digits = gan::dataset::open("digits/");
 *     gan::trainer trainer(digits, gan::options().set("seed", 7));
 *     trainer.run(20);
 *     trainer.save("digits.safetensors");
 *
 *     gan::sampler sampler(gan::generator::load("digits.safetensors"));
 *     sampler.write_png("grid.png", 7, 0, 64);
 *
 * What a function does, its units and its errors stand in gan.h beside the C function of the same name.
 *
 * Errors.     Every failure is thrown as gan::error with the library's sentence, status() and name().
 * Handles.    Objects own their handle: they move and do not copy, and may be destroyed in any order. get() lends the
 *             handle to a C function. A moved-from object gives GAN_E_INVALID_ARGUMENT.
 * Threads.    As gan.h says: a dataset or a generator may be shared, any other object is for one thread at a time, and
 *             trainer::cancel may be called from any thread.
 * Callbacks.  May throw: the library stops, and the call that called them throws the same exception.
 * Images.     std::vector, [count, height, width, channels] without gaps; where C++20's std::span exists, also into the
 *             caller's memory, and then drawing allocates nothing.
 */
#ifndef GAN_HPP
#define GAN_HPP

#include <gan.h>

#include <cstddef>
#include <cstdint>
#include <exception>
#include <functional>
#include <initializer_list>
#include <limits>
#include <memory>
#include <stdexcept>
#include <string>
#include <type_traits>
#include <utility>
#include <vector>

#if __cplusplus >= 202002L
#include <span>
#endif

namespace gan {

/** A failed call: what() is the library's sentence, status() a GAN_E_… code, name() its name. */
class error : public std::runtime_error {
public:
    /** The calling thread's last failure, which had this status. */
    explicit error(std::int32_t status) : std::runtime_error(gan_error_message()), status_(status) {}

    std::int32_t status() const noexcept { return status_; }
    const char *name() const noexcept { return gan_status_name(status_); }

private:
    std::int32_t status_;
};

/** What a progress callback is told. Ignore a number you do not know. */
enum class event : std::int32_t { epoch = GAN_EVENT_EPOCH, progress = GAN_EVENT_PROGRESS };

/** How sampler::path goes from one latent to another. */
enum class path : std::int32_t { linear = GAN_PATH_LINEAR, spherical = GAN_PATH_SPHERICAL };

/** The size of one image. */
struct shape {
    std::int32_t height, width, channels;

    /** Values in an image; 0 for a shape that no image has. */
    std::size_t size() const noexcept {
        std::size_t values = 1;
        for (const std::int32_t axis : {height, width, channels}) {
            if (axis <= 0 || values > std::numeric_limits<std::size_t>::max() / static_cast<std::size_t>(axis)) return 0;
            values *= static_cast<std::size_t>(axis);
        }
        return values;
    }
};

/** The library that is loaded; compare with GAN_VERSION. */
inline std::int32_t version() noexcept { return gan_version(); }
inline std::string version_string() { return gan_version_string(); }
inline std::string instruction_set() { return gan_instruction_set(); }

namespace detail {

/** What a callback threw, on its way past the library: it may not travel through C. Callbacks run on the calling thread. */
inline std::exception_ptr &thrown() noexcept {
    static thread_local std::exception_ptr exception;
    return exception;
}

inline void check(std::int32_t status) {
    if (status == GAN_OK) return;
    if (thrown()) {
        std::exception_ptr exception;
        std::swap(exception, thrown());
        std::rethrow_exception(exception);
    }
    throw error(status);
}

/** A string for C, which would read it up to a byte 0. */
inline const char *c_string(const std::string &text) {
    if (text.find('\0') != std::string::npos) throw std::invalid_argument("'" + std::string(text.c_str()) + "' goes on after a byte 0.");
    return text.c_str();
}

/** An owned handle. */
template <typename T, void (*destroy)(T *)>
class handle {
public:
    handle(handle &&other) noexcept : pointer(other.pointer) { other.pointer = nullptr; }
    handle &operator=(handle &&other) noexcept {
        std::swap(pointer, other.pointer);
        return *this;
    }
    handle(const handle &) = delete;
    handle &operator=(const handle &) = delete;
    ~handle() { destroy(pointer); }

    T *get() const noexcept { return pointer; }
    explicit operator bool() const noexcept { return pointer != nullptr; }

protected:
    handle() = default;
    explicit handle(T *owned) noexcept : pointer(owned) {}

    T *pointer = nullptr;
};

/** Text that a function of the library copies into a buffer, by its name or number: first its size, then itself. */
template <typename T, typename Key>
std::string text(std::int32_t (*read)(const T *, Key, char *, std::size_t, std::size_t *), const T *object, Key key) {
    std::size_t size = 0;
    check(read(object, key, nullptr, 0, &size));
    std::string result(size, '\0');
    check(read(object, key, &result[0], size, &size));
    result.resize(size - 1); // without the terminating 0
    return result;
}

/** The same of the one text that an object has. */
template <typename T>
std::string text(std::int32_t (*read)(const T *, char *, std::size_t, std::size_t *), const T *object) {
    std::size_t size = 0;
    check(read(object, nullptr, 0, &size));
    std::string result(size, '\0');
    check(read(object, &result[0], size, &size));
    result.resize(size - 1);
    return result;
}

/** The same by two numbers. */
template <typename T>
std::string text(std::int32_t (*read)(const T *, std::int32_t, std::int32_t, char *, std::size_t, std::size_t *), const T *object,
                 std::int32_t first, std::int32_t second) {
    std::size_t size = 0;
    check(read(object, first, second, nullptr, 0, &size));
    std::string result(size, '\0');
    check(read(object, first, second, &result[0], size, &size));
    result.resize(size - 1);
    return result;
}

template <typename T>
std::string text(std::int32_t (*read)(const T *, std::int32_t, std::int64_t, char *, std::size_t, std::size_t *), const T *object,
                 std::int32_t first, std::int64_t second) {
    std::size_t size = 0;
    check(read(object, first, second, nullptr, 0, &size));
    std::string result(size, '\0');
    check(read(object, first, second, &result[0], size, &size));
    result.resize(size - 1);
    return result;
}

/** Bytes that a function of the library copies into a buffer: first their number, then themselves. */
template <typename T>
std::vector<std::uint8_t> bytes(std::int32_t (*read)(T *, void *, std::size_t, std::size_t *), T *object) {
    std::size_t size = 0;
    check(read(object, nullptr, 0, &size));
    std::vector<std::uint8_t> result(size);
    check(read(object, result.data(), size, &size));
    result.resize(size);
    return result;
}

/** How many items of a size there are among values. */
inline std::int64_t items(std::size_t values, std::size_t size, const char *what) {
    if (size == 0) throw std::invalid_argument(std::string("The size of ") + what + " is not positive, or too large.");
    if (values % size != 0)
        throw std::invalid_argument(std::to_string(values) + " values are not a whole number of " + what + " of " +
                                    std::to_string(size) + " values.");
    return static_cast<std::int64_t>(values / size);
}

/** Values in so many items; a negative number is left to the library, which has a sentence for it. */
inline std::size_t values(std::int64_t count, std::size_t size) {
    if (count <= 0) return 0;
    if (static_cast<std::uint64_t>(count) > std::numeric_limits<std::size_t>::max() / sizeof(float) / (size + 1))
        throw std::length_error(std::to_string(count) + " items of " + std::to_string(size) + " values do not fit into memory.");
    return static_cast<std::size_t>(count) * size;
}

/** release of memory and callbacks that a dataset keeps. */
template <typename T>
void release(void *context) {
    delete static_cast<T *>(context);
}

} // namespace detail

/** Settings; what is not set has its default. */
class options : public detail::handle<gan_options, gan_options_destroy> {
public:
    options() { detail::check(gan_options_create(&pointer)); }

    using handle::get;

    options &set(const std::string &name, const std::string &value) {
        detail::check(gan_options_set(pointer, detail::c_string(name), detail::c_string(value)));
        return *this;
    }
    options &set(const std::string &name, const char *value) {
        detail::check(gan_options_set(pointer, detail::c_string(name), value));
        return *this;
    }
    /** Numbers and booleans. */
    template <typename Number, typename std::enable_if<std::is_arithmetic<Number>::value, int>::type = 0>
    options &set(const std::string &name, Number value) {
        return set_number(name, value, std::is_floating_point<Number>());
    }
    /** Lists: set("generator.hidden", {256, 256}). */
    options &set(const std::string &name, std::initializer_list<std::int64_t> list) {
        std::string value;
        for (std::int64_t item : list) value += (value.empty() ? "" : ",") + std::to_string(item);
        return set(name, value);
    }

    std::string get(const std::string &name) const { return detail::text<gan_options>(gan_options_get, pointer, detail::c_string(name)); }

private:
    template <typename Number>
    options &set_number(const std::string &name, Number value, std::true_type) {
        detail::check(gan_options_set_real(pointer, detail::c_string(name), static_cast<double>(value)));
        return *this;
    }
    template <typename Number>
    options &set_number(const std::string &name, Number value, std::false_type) {
        if (value > 0 && static_cast<std::uint64_t>(value) > static_cast<std::uint64_t>(INT64_MAX)) return set(name, std::to_string(value));
        detail::check(gan_options_set_integer(pointer, detail::c_string(name), static_cast<std::int64_t>(value)));
        return *this;
    }
};

/** What the library tells about an option. */
struct option_description {
    std::string name, type, standard, range, summary;
    std::string condition; // "network=mlp": when the option has a meaning; empty for always
    double minimum, maximum; // both 0 for an option without bounds
};

/** Every option there is. */
inline std::vector<option_description> describe_options() {
    std::vector<option_description> all;
    for (std::int32_t i = 0; i < gan_option_count(); i++) {
        all.push_back({gan_option_name(i), gan_option_type(i), gan_option_default(i), gan_option_range(i), gan_option_summary(i), gan_option_condition(i), 0, 0});
        gan_option_bounds(i, &all.back().minimum, &all.back().maximum);
    }
    return all;
}

/** Every metric of a trainer: its name and what it means. */
inline std::vector<std::pair<std::string, std::string>> describe_metrics() {
    std::vector<std::pair<std::string, std::string>> all;
    for (std::int32_t i = 0; i < gan_metric_count(); i++) all.emplace_back(gan_metric_name(i), gan_metric_summary(i));
    return all;
}

/** What can be trained: a value of the option "recipe". */
struct recipe {
    std::string name, summary, paper;
    std::string options; // the names of those that only it has, with commas between them
};

/** Everything that can be trained. */
inline std::vector<recipe> recipes() {
    std::vector<recipe> all;
    for (std::int32_t i = 0; i < gan_recipe_count(); i++)
        all.push_back({gan_recipe_name(i), gan_recipe_summary(i), gan_recipe_paper(i), gan_recipe_options(i)});
    return all;
}

/** The data sets that the library makes itself: their names, and what they are. */
inline std::vector<std::pair<std::string, std::string>> made_data() {
    std::vector<std::pair<std::string, std::string>> all;
    for (std::int32_t i = 0; i < gan_made_count(); i++) all.emplace_back(gan_made_name(i), gan_made_summary(i));
    return all;
}

/** What samples are made of. */
struct input {
    std::string name;
    std::string kind; // "latent", "label", "category", "code", "tags", "text" or "picture"
    std::int32_t width; // numbers a row
    std::vector<std::string> classes; // their names, by their numbers; of tags theirs
};

/** Images, with labels or without, or other fields. */
class dataset : public detail::handle<gan_dataset, gan_dataset_destroy> {
public:
    /** Fills values, [indices.size(), height, width, channels], with the images that are asked for, from 0 to 1. */
    using fill = std::function<void(const std::vector<std::int64_t> &indices, float *values)>;

    static dataset open(const std::string &file, const options &settings = options()) {
        dataset made;
        detail::check(gan_dataset_open(detail::c_string(file), settings.get(), &made.pointer));
        return made;
    }

    static dataset open_idx(const std::string &images, const options &settings = options()) {
        dataset made;
        detail::check(gan_dataset_open_idx(detail::c_string(images), nullptr, settings.get(), &made.pointer));
        return made;
    }

    static dataset open_idx(const std::string &images, const std::string &labels, const options &settings = options()) {
        dataset made;
        detail::check(gan_dataset_open_idx(detail::c_string(images), detail::c_string(labels), settings.get(), &made.pointer));
        return made;
    }

    /** Data that the library makes itself: a name of made_data(), and how many items, 0 for as many as are usual. */
    static dataset make(const std::string &name, std::int64_t count = 0, std::uint64_t seed = 0) {
        dataset made;
        detail::check(gan_dataset_make(detail::c_string(name), count, seed, nullptr, &made.pointer));
        return made;
    }

    /** The same, made of the pictures of another. */
    static dataset make(const std::string &name, std::int64_t count, std::uint64_t seed, const dataset &from) {
        dataset made;
        detail::check(gan_dataset_make(detail::c_string(name), count, seed, from.pointer, &made.pointer));
        return made;
    }

    /** Writes everything into a file: NPY where its name ends in .npy, else IDX. */
    void write(const std::string &file) const { detail::check(gan_dataset_write(pointer, detail::c_string(file), nullptr)); }

    void write(const std::string &file, const std::string &labels) const {
        detail::check(gan_dataset_write(pointer, detail::c_string(file), detail::c_string(labels)));
    }

    /** Images of bytes, 0 (black) to 255. The dataset takes the vector over: with std::move nothing is copied. */
    static dataset from_bytes(std::vector<std::uint8_t> pixels, gan::shape size, const std::vector<std::int32_t> &labels = {},
                              std::int32_t classes = 0) {
        dataset made;
        const std::int64_t count = detail::items(pixels.size(), size.size(), "images");
        std::unique_ptr<std::vector<std::uint8_t>> kept(new std::vector<std::uint8_t>(std::move(pixels)));
        detail::check(gan_dataset_create_bytes(kept->data(), count, size.height, size.width, size.channels, checked(labels, count), classes,
                                               detail::release<std::vector<std::uint8_t>>, kept.get(), &made.pointer));
        kept.release();
        return made;
    }

    /** Images of floats from minimum (black) to maximum (white). The dataset takes the vector over. */
    static dataset from_floats(std::vector<float> values, gan::shape size, float minimum = 0, float maximum = 1,
                               const std::vector<std::int32_t> &labels = {}, std::int32_t classes = 0) {
        dataset made;
        const std::int64_t count = detail::items(values.size(), size.size(), "images");
        std::unique_ptr<std::vector<float>> kept(new std::vector<float>(std::move(values)));
        detail::check(gan_dataset_create_floats(kept->data(), count, size.height, size.width, size.channels, minimum, maximum,
                                                checked(labels, count), classes, detail::release<std::vector<float>>, kept.get(), &made.pointer));
        kept.release();
        return made;
    }

    /** Values of any rank, [count] + axes; their range is their own where minimum is maximum too. The dataset takes the vector over. */
    static dataset from_values(std::vector<float> values, const std::vector<std::int64_t> &axes, float minimum = 0, float maximum = 0,
                               const std::string &name = "image") {
        dataset made;
        std::size_t size = 1;
        for (const std::int64_t axis : axes) size = detail::values(axis, size);
        const std::int64_t count = detail::items(values.size(), size, "items");
        std::unique_ptr<std::vector<float>> kept(new std::vector<float>(std::move(values)));
        detail::check(gan_dataset_create_values(kept->data(), count, axes.data(), static_cast<std::int32_t>(axes.size()), minimum, maximum,
                                                detail::c_string(name), detail::release<std::vector<float>>, kept.get(), &made.pointer));
        kept.release();
        return made;
    }

    /** A table out of memory, as comma-separated values: what open does with a file that ends in .csv. */
    static dataset table(const std::string &text, const options &settings = options()) {
        dataset made;
        detail::check(gan_dataset_create_table(text.data(), text.size(), settings.get(), &made.pointer));
        return made;
    }

    /** The fields of several datasets as those of one, named as they are here. Those that are not paired have each a number of items of
     *  their own, and are taken in an order of their own. */
    static dataset combine(const std::vector<std::pair<std::string, const dataset *>> &parts, bool paired = true) {
        dataset made;
        std::vector<const gan_dataset *> handles;
        std::string names;
        for (const auto &part : parts) {
            handles.push_back(part.second == nullptr ? nullptr : part.second->pointer);
            names += part.first + "\n";
        }
        detail::check(gan_dataset_combine(handles.data(), static_cast<std::int32_t>(handles.size()), detail::c_string(names), paired ? 1 : 0,
                                          &made.pointer));
        return made;
    }

    /** The same dataset with a label more for each item. */
    dataset with_labels(const std::vector<std::int32_t> &labels, const std::vector<std::string> &names = {}, const std::string &name = "label",
                        std::int32_t classes = 0) const {
        dataset made;
        each(labels.size(), 1, "labels");
        detail::check(gan_dataset_add_labels(pointer, detail::c_string(name), labels.data(), classes, detail::c_string(lines(names)), &made.pointer));
        return made;
    }

    /** The same dataset with tags, [count, names.size()] zeros and ones. */
    dataset with_tags(const std::vector<std::uint8_t> &tags, const std::vector<std::string> &names, const std::string &name = "tags") const {
        dataset made;
        each(tags.size(), names.size(), "tags");
        detail::check(gan_dataset_add_tags(pointer, detail::c_string(name), tags.data(), detail::c_string(lines(names)), &made.pointer));
        return made;
    }

    /** The same dataset with a text for each item, of at most `length` characters; 0 for those of the longest. */
    dataset with_texts(const std::vector<std::string> &texts, std::int32_t length = 0, const std::string &name = "text") const {
        dataset made;
        std::string whole;
        for (const std::string &text : texts) {
            whole += detail::c_string(text);
            whole += '\0';
        }
        detail::check(gan_dataset_add_texts(pointer, detail::c_string(name), whole.data(), whole.size(), length, &made.pointer));
        return made;
    }

    /** A field of the items. */
    struct field {
        std::string name, kind;
        std::vector<std::int64_t> shape;
        std::int64_t items;
        float minimum, maximum;
        /** What its classes, tags or characters are called. */
        std::vector<std::string> classes;

        std::size_t size() const {
            std::size_t values = 1;
            for (const std::int64_t axis : shape) values *= static_cast<std::size_t>(axis);
            return values;
        }
    };

    /** What an item has. */
    std::vector<field> fields() const {
        std::int32_t count = 0;
        detail::check(gan_dataset_field_count(pointer, &count));
        std::vector<field> all;
        for (std::int32_t i = 0; i < count; i++) {
            field one;
            std::size_t rank = 0;
            std::int32_t classes = 0;
            one.name = detail::text<gan_dataset>(gan_dataset_field_name, pointer, i);
            one.kind = detail::text<gan_dataset>(gan_dataset_field_kind, pointer, i);
            detail::check(gan_dataset_field_shape(pointer, i, nullptr, 0, &rank));
            one.shape.resize(rank);
            if (rank > 0) detail::check(gan_dataset_field_shape(pointer, i, one.shape.data(), rank, &rank));
            detail::check(gan_dataset_field_items(pointer, i, &one.items));
            detail::check(gan_dataset_field_range(pointer, i, &one.minimum, &one.maximum));
            detail::check(gan_dataset_field_classes(pointer, i, &classes));
            for (std::int32_t k = 0; k < classes; k++)
                one.classes.push_back(detail::text<gan_dataset>(gan_dataset_field_class_name, pointer, i, k));
            all.push_back(one);
        }
        return all;
    }

    /** Items of a field as floats, within its range. */
    std::vector<float> read_field(std::int32_t index, std::int64_t first, std::int64_t count) const {
        const std::vector<field> all = fields();
        const std::size_t size = index >= 0 && static_cast<std::size_t>(index) < all.size() ? all[static_cast<std::size_t>(index)].size() : 1;
        std::vector<float> values(detail::values(count, size));
        detail::check(gan_dataset_field_read(pointer, index, first, count, values.data(), values.size()));
        return values;
    }

    /** The name of an item's class, its tags with commas between them, or its text. */
    std::string field_text(std::int32_t index, std::int64_t item) const {
        return detail::text<gan_dataset>(gan_dataset_field_text, pointer, index, item);
    }

    /** Images that a function delivers when they are needed. */
    static dataset from_callback(fill function, std::int64_t count, gan::shape size) {
        dataset made;
        std::unique_ptr<fill> kept(new fill(std::move(function)));
        detail::check(gan_dataset_create_callback(filled, count, size.height, size.width, size.channels, detail::release<fill>, kept.get(), &made.pointer));
        kept.release();
        return made;
    }

    std::int64_t count() const { return whole_shape().first; }
    gan::shape shape() const { return whole_shape().second; }

    /** How many classes the labels name; 0 without labels. */
    std::int32_t classes() const {
        std::int32_t result = 0;
        detail::check(gan_dataset_classes(pointer, &result));
        return result;
    }

    /** What the data call class `index`: the name of its folder, or its number. */
    std::string class_name(std::int32_t index) const {
        return detail::text<gan_dataset>(gan_dataset_class_name, pointer, index);
    }

    /** Images as floats from 0 (black) to 1. */
    std::vector<float> read(std::int64_t first, std::int64_t count) const {
        std::vector<float> values(detail::values(count, shape().size()));
        detail::check(gan_dataset_read(pointer, first, count, values.data(), values.size()));
        return values;
    }

    std::vector<std::int32_t> read_labels(std::int64_t first, std::int64_t count) const {
        std::vector<std::int32_t> labels(detail::values(count, 1));
        detail::check(gan_dataset_read_labels(pointer, first, count, labels.data(), labels.size()));
        return labels;
    }

private:
    dataset() = default;

    std::pair<std::int64_t, gan::shape> whole_shape() const {
        std::int64_t count = 0;
        gan::shape size = {0, 0, 0};
        detail::check(gan_dataset_shape(pointer, &count, &size.height, &size.width, &size.channels));
        return {count, size};
    }

    static std::string lines(const std::vector<std::string> &names) {
        std::string all;
        for (const std::string &name : names) all += name + "\n";
        return all;
    }

    void each(std::size_t values, std::size_t size, const char *what) const {
        if (values != detail::values(count(), size))
            throw std::invalid_argument("There are " + std::to_string(values) + " " + what + " for " + std::to_string(count()) + " items.");
    }

    static const std::int32_t *checked(const std::vector<std::int32_t> &labels, std::int64_t count) {
        if (labels.empty()) return nullptr;
        if (static_cast<std::int64_t>(labels.size()) != count)
            throw std::invalid_argument("There are " + std::to_string(labels.size()) + " labels for " + std::to_string(count) + " images.");
        return labels.data();
    }

    static std::int32_t filled(void *context, const std::int64_t *indices, std::int64_t count, float *values) {
        try {
            (*static_cast<fill *>(context))(std::vector<std::int64_t>(indices, indices + count), values);
            return 0;
        } catch (...) {
            detail::thrown() = std::current_exception();
            return 1;
        }
    }
};

/** A trained generator: immutable, and shared freely. */
class generator : public detail::handle<gan_generator, gan_generator_destroy> {
public:
    static generator load(const std::string &file) {
        generator made;
        detail::check(gan_generator_load(detail::c_string(file), &made.pointer));
        return made;
    }

    /** From the contents of a checkpoint file. */
    static generator load_memory(const void *bytes, std::size_t size) {
        generator made;
        detail::check(gan_generator_load_memory(bytes, size, &made.pointer));
        return made;
    }

    void save(const std::string &file) const { detail::check(gan_generator_save(pointer, detail::c_string(file))); }

    /** The contents of the file that save writes. */
    std::vector<std::uint8_t> save_memory() const { return detail::bytes<const gan_generator>(gan_generator_save_memory, pointer); }

    std::int32_t latent_size() const {
        std::int32_t size = 0;
        detail::check(gan_generator_latent_size(pointer, &size));
        return size;
    }

    gan::shape shape() const {
        gan::shape size = {0, 0, 0};
        detail::check(gan_generator_shape(pointer, &size.height, &size.width, &size.channels));
        return size;
    }

    /** Axes of what is made: {height, width, channels}, {n}, {depth, height, width, channels}. */
    std::vector<std::int64_t> axes() const {
        std::size_t rank = 0;
        detail::check(gan_generator_axes(pointer, nullptr, 0, &rank));
        std::vector<std::int64_t> all(rank);
        if (rank > 0) detail::check(gan_generator_axes(pointer, all.data(), rank, &rank));
        return all;
    }

    /** What is black and what is white among the floats of an image. */
    std::pair<float, float> range() const {
        std::pair<float, float> ends;
        detail::check(gan_generator_range(pointer, &ends.first, &ends.second));
        return ends;
    }

    /** What samples are made of; sampler::set sets all but the first. */
    std::vector<gan::input> inputs() const {
        std::int32_t count = 0, classes = 0;
        std::vector<gan::input> all;
        detail::check(gan_generator_input_count(pointer, &count));
        for (std::int32_t i = 0; i < count; i++) {
            gan::input one = {detail::text<gan_generator>(gan_generator_input_name, pointer, i),
                              detail::text<gan_generator>(gan_generator_input_kind, pointer, i), 0, {}};
            detail::check(gan_generator_input_width(pointer, i, &one.width));
            detail::check(gan_generator_input_classes(pointer, i, &classes));
            for (std::int32_t number = 0; number < classes; number++) {
                std::size_t size = 0;
                detail::check(gan_generator_input_class_name(pointer, i, number, nullptr, 0, &size));
                std::vector<char> name(size);
                detail::check(gan_generator_input_class_name(pointer, i, number, name.data(), size, &size));
                one.classes.push_back(name.data());
            }
            all.push_back(one);
        }
        return all;
    }

    /** A column of the rows that a generator of the recipe table makes: "category", "integer", "real" or "date". */
    struct column {
        std::string name, kind;
        std::vector<std::string> categories;
    };

    std::vector<column> columns() const {
        std::int32_t count = 0, categories = 0;
        std::vector<column> all;
        detail::check(gan_generator_column_count(pointer, &count));
        for (std::int32_t i = 0; i < count; i++) {
            column one = {detail::text<gan_generator>(gan_generator_column_name, pointer, i),
                          detail::text<gan_generator>(gan_generator_column_kind, pointer, i), {}};
            detail::check(gan_generator_column_categories(pointer, i, &categories));
            for (std::int32_t number = 0; number < categories; number++) one.categories.push_back(cell_text(i, number));
            all.push_back(one);
        }
        return all;
    }

    /** A cell of sampler::draw_rows as the data write it. */
    std::string cell_text(std::int32_t index, double cell) const {
        std::size_t size = 0;
        detail::check(gan_generator_column_text(pointer, index, cell, nullptr, 0, &size));
        std::vector<char> text(size);
        detail::check(gan_generator_column_text(pointer, index, cell, text.data(), size, &size));
        return text.data();
    }

    std::string option(const std::string &name) const { return detail::text<gan_generator>(gan_generator_option, pointer, detail::c_string(name)); }

private:
    friend class trainer;
    generator() = default;
};

/** Tells the classes of pictures; what the recipe classifier trains. One thread at a time. */
class classifier : public detail::handle<gan_classifier, gan_classifier_destroy> {
public:
    static classifier load(const std::string &file, const options &settings = options()) {
        classifier made;
        detail::check(gan_classifier_load(detail::c_string(file), settings.get(), &made.pointer));
        return made;
    }

    /** From the contents of a checkpoint file. */
    static classifier load_memory(const void *bytes, std::size_t size, const options &settings = options()) {
        classifier made;
        detail::check(gan_classifier_load_memory(bytes, size, settings.get(), &made.pointer));
        return made;
    }

    gan::shape shape() const {
        gan::shape size = {0, 0, 0};
        detail::check(gan_classifier_shape(pointer, &size.height, &size.width, &size.channels));
        return size;
    }

    std::int32_t classes() const {
        std::int32_t count = 0;
        detail::check(gan_classifier_classes(pointer, &count));
        return count;
    }

    std::string class_name(std::int32_t index) const { return detail::text<gan_classifier>(gan_classifier_class_name, pointer, index); }

    /** "labels", "tags", or "" for an autoencoder. */
    std::string target() const { return detail::text<gan_classifier>(gan_classifier_target, pointer); }

    /** How many numbers the features of a picture are. */
    std::int32_t features() const {
        std::int32_t count = 0;
        detail::check(gan_classifier_features(pointer, &count));
        return count;
    }

    /** Class probabilities, [count, classes], and features, [count, features], of images of floats from 0 (black) to 1. */
    std::pair<std::vector<float>, std::vector<float>> run(const std::vector<float> &images) {
        std::int64_t count = detail::items(images.size(), shape().size(), "images");
        std::vector<float> probabilities(detail::values(count, static_cast<std::size_t>(classes())));
        std::vector<float> vectors(detail::values(count, static_cast<std::size_t>(features())));
        detail::check(gan_classifier_run(pointer, images.data(), count, probabilities.data(), probabilities.size(), vectors.data(), vectors.size()));
        return {std::move(probabilities), std::move(vectors)};
    }

private:
    friend class trainer;
    classifier() = default;
};

/** What an evaluation can measure. */
struct measure {
    std::string name, summary, paper, range;
    std::string goal; // "higher" or "lower"
    std::string needs; // "features", "classes", "labels" or "pictures"
    std::string samples; // how it depends on their number
    std::int64_t minimum;
};

/** Everything that evaluations can measure. */
inline std::vector<measure> measures() {
    std::vector<measure> all;
    for (std::int32_t i = 0; i < gan_measure_count(); i++) {
        std::int64_t minimum = 0;
        detail::check(gan_measure_minimum(i, &minimum));
        all.push_back({gan_measure_name(i), gan_measure_summary(i), gan_measure_paper(i), gan_measure_range(i), gan_measure_goal(i), gan_measure_needs(i),
                       gan_measure_samples(i), minimum});
    }
    return all;
}

/** Samples beside data. */
class evaluation : public detail::handle<gan_evaluation, gan_evaluation_destroy> {
public:
    /** Samples 0 … count − 1 under the seed; judge may be NULL. */
    evaluation(const generator &source, const dataset &data, const classifier *judge, std::int64_t count = 10000, std::uint64_t seed = 0,
               const options &settings = options()) {
        detail::check(gan_evaluate_generator(source.get(), data.get(), judge ? judge->get() : nullptr, settings.get(), seed, count, &pointer));
    }

    /** Pictures, whoever made them; judge may be NULL. */
    evaluation(const dataset &samples, const dataset &data, const classifier *judge, const options &settings = options()) {
        detail::check(gan_evaluate_dataset(samples.get(), data.get(), judge ? judge->get() : nullptr, settings.get(), &pointer));
    }

    /** Features of any network, rows of `width` numbers. */
    evaluation(const std::vector<float> &samples, const std::vector<float> &data, std::int32_t width, const options &settings = options()) {
        std::size_t size = width > 0 ? static_cast<std::size_t>(width) : 0;
        detail::check(gan_evaluate_features(samples.data(), detail::items(samples.size(), size, "samples"), data.data(),
                                            detail::items(data.size(), size, "items"), width, settings.get(), &pointer));
    }

    /** How many samples and how many items of the data. */
    std::pair<std::int64_t, std::int64_t> counts() const {
        std::pair<std::int64_t, std::int64_t> both;
        detail::check(gan_evaluation_counts(pointer, &both.first, &both.second));
        return both;
    }

    /** A measure's value and its spread, which is NaN where the measure has none. */
    std::pair<double, double> value(const std::string &name) const {
        std::pair<double, double> both;
        detail::check(gan_evaluation_value(pointer, detail::c_string(name), &both.first, &both.second));
        return both;
    }

    /** The item of the data nearest to a sample, and how far their features are from each other. */
    std::pair<std::int64_t, double> nearest(std::int64_t sample) const {
        std::pair<std::int64_t, double> both;
        detail::check(gan_evaluation_nearest(pointer, sample, &both.first, &both.second));
        return both;
    }

    /** What the classifier takes a sample for, and how sure it is. */
    std::pair<std::int32_t, float> class_of(std::int64_t sample) const {
        std::pair<std::int32_t, float> both;
        detail::check(gan_evaluation_class(pointer, sample, &both.first, &both.second));
        return both;
    }

    /** How many samples, and how many items, the classifier takes for a class. */
    std::pair<std::int64_t, std::int64_t> class_counts(std::int32_t index) const {
        std::pair<std::int64_t, std::int64_t> both;
        detail::check(gan_evaluation_class_counts(pointer, index, &both.first, &both.second));
        return both;
    }
};

/** A generator and a discriminator in training. */
class trainer : public detail::handle<gan_trainer, gan_trainer_destroy> {
public:
    explicit trainer(const dataset &images, const options &settings = options()) {
        detail::check(gan_trainer_create(settings.get(), images.get(), &pointer));
    }

    /** Goes on from a checkpoint as if the training had never stopped. */
    static trainer load(const std::string &file, const dataset &images, const options &settings = options()) {
        gan_trainer *made = nullptr;
        detail::check(gan_trainer_load(detail::c_string(file), settings.get(), images.get(), &made));
        return trainer(made);
    }

    /** From the contents of a checkpoint file. */
    static trainer load_memory(const void *bytes, std::size_t size, const dataset &images, const options &settings = options()) {
        gan_trainer *made = nullptr;
        detail::check(gan_trainer_load_memory(bytes, size, settings.get(), images.get(), &made));
        return trainer(made);
    }

    /** GAN_DATA_SAME, GAN_DATA_OTHER or GAN_DATA_UNKNOWN: whether a training that was loaded has the images of before. */
    std::int32_t data() const {
        std::int32_t comparison = 0;
        detail::check(gan_trainer_data(pointer, &comparison));
        return comparison;
    }

    void save(const std::string &file) const { detail::check(gan_trainer_save(pointer, detail::c_string(file))); }
    /** Throws what save would throw, and leaves everything as it is. */
    void check_save(const std::string &file) const { detail::check(gan_trainer_check_save(pointer, detail::c_string(file))); }

    /** The contents of the file that save writes. */
    std::vector<std::uint8_t> save_memory() const { return detail::bytes<gan_trainer>(gan_trainer_save_memory, pointer); }

    void step(std::int64_t steps = 1) { detail::check(gan_trainer_step(pointer, steps)); }

    void run(std::int64_t epochs) { detail::check(gan_trainer_run(pointer, epochs, nullptr, nullptr)); }

    /** progress(trainer &, gan::event) is called on this thread after every epoch and about twenty times a second between;
     *  when it returns true, run throws GAN_E_CANCELLED. It may also return nothing. */
    template <typename Progress>
    void run(std::int64_t epochs, Progress &&progress) {
        watch<typename std::remove_reference<Progress>::type> context = {*this, progress};
        detail::check(gan_trainer_run(pointer, epochs, context.called, &context));
    }

    /** Ends a run; may be called from any thread. */
    void cancel() const { detail::check(gan_trainer_cancel(pointer)); }

    /** "step", "epoch", "discriminator.loss", … as gan_trainer_metric lists them. */
    double metric(const std::string &name) const {
        double value = 0;
        detail::check(gan_trainer_metric(pointer, detail::c_string(name), &value));
        return value;
    }

    /** The size of a row of a preview. */
    gan::shape preview_shape() const {
        gan::shape size = {0, 0, 0};
        detail::check(gan_trainer_preview_shape(pointer, &size.height, &size.width, &size.channels));
        return size;
    }

    /** Rows of what is read of the data, what is made of it and the truth, as bytes. */
    std::vector<std::uint8_t> preview(std::int64_t first, std::int64_t count) const {
        std::vector<std::uint8_t> pixels(detail::values(count, preview_shape().size()));
        detail::check(gan_trainer_preview(pointer, first, count, pixels.data(), pixels.size()));
        return pixels;
    }

    /** The names of this training's metrics. */
    std::vector<std::string> metrics() const {
        std::int32_t count = 0;
        std::vector<std::string> all;
        detail::check(gan_trainer_metric_count(pointer, &count));
        for (std::int32_t i = 0; i < count; i++) all.push_back(detail::text<gan_trainer>(gan_trainer_metric_name, pointer, i));
        return all;
    }

    std::string option(const std::string &name) const { return detail::text<gan_trainer>(gan_trainer_option, pointer, detail::c_string(name)); }

    /** A snapshot, which further training does not change. */
    gan::generator generator() const {
        gan::generator made;
        detail::check(gan_trainer_generator(pointer, &made.pointer));
        return made;
    }

    /** A snapshot of what the recipe classifier trains. */
    gan::classifier classifier() const {
        gan::classifier made;
        detail::check(gan_trainer_classifier(pointer, &made.pointer));
        return made;
    }

    /** Lets a classifier judge in the evaluations of the option evaluate.every; NULL for random features. */
    void judge(const gan::classifier *one) { detail::check(gan_trainer_judge(pointer, one ? one->get() : nullptr)); }

private:
    explicit trainer(gan_trainer *owned) noexcept : handle(owned) {}

    /** A run's trainer and callback. */
    template <typename Progress>
    struct watch {
        trainer &self;
        Progress &progress;

        static std::int32_t called(void *context, gan_trainer *, std::int32_t number) {
            watch &now = *static_cast<watch *>(context);
            try {
                using result = decltype(now.progress(now.self, gan::event::epoch));
                return now.call(static_cast<gan::event>(number), std::is_void<result>()) ? 1 : 0;
            } catch (...) {
                detail::thrown() = std::current_exception();
                return 1;
            }
        }
        bool call(gan::event number, std::true_type) {
            progress(self, number);
            return false;
        }
        bool call(gan::event number, std::false_type) { return static_cast<bool>(progress(self, number)); }
    };
};

/** Draws from a generator; one a thread. Sample i under a seed is the same whatever it is drawn together with. */
class sampler : public detail::handle<gan_sampler, gan_sampler_destroy> {
public:
    explicit sampler(const generator &source, const options &settings = options())
        : image(source.shape().size()), latent(static_cast<std::size_t>(source.latent_size())) {
        detail::check(gan_sampler_create(source.get(), settings.get(), &pointer));
    }

    /** Sets an input from text ("7", a class's name, "0,1,2"); "" unsets it. */
    void set(const std::string &name, const std::string &value) {
        detail::check(gan_sampler_set(pointer, detail::c_string(name), detail::c_string(value)));
    }

    /** Sets an input from rows of numbers; sample i is made of row i mod their number. */
    void set(const std::string &name, const std::vector<float> &rows) {
        detail::check(gan_sampler_set_values(pointer, detail::c_string(name), rows.data(), static_cast<std::int64_t>(rows.size())));
    }
    void set(const std::string &name, std::initializer_list<float> rows) { set(name, std::vector<float>(rows)); }

    /** Sets an input to a number: a class by its number, or a code. (Without this a literal 0 would be a string that is NULL.) */
    template <typename Number, typename std::enable_if<std::is_arithmetic<Number>::value, int>::type = 0>
    void set(const std::string &name, Number value) {
        set(name, std::vector<float>(1, static_cast<float>(value)));
    }

    /** Latents of samples first … first + count − 1. */
    std::vector<float> latents(std::uint64_t seed, std::int64_t first, std::int64_t count) {
        std::vector<float> values(detail::values(count, latent));
        detail::check(gan_sampler_latents(pointer, seed, first, count, values.data(), values.size()));
        return values;
    }

    /** Samples first … first + count − 1, as floats in the generator's range. */
    std::vector<float> draw(std::uint64_t seed, std::int64_t first, std::int64_t count) {
        std::vector<float> images(detail::values(count, image));
        detail::check(gan_sampler_draw(pointer, seed, first, count, images.data(), images.size()));
        return images;
    }

    /** Samples as bytes from 0 (black) to 255. */
    std::vector<std::uint8_t> draw_bytes(std::uint64_t seed, std::int64_t first, std::int64_t count) {
        std::vector<std::uint8_t> pixels(detail::values(count, image));
        detail::check(gan_sampler_draw_bytes(pointer, seed, first, count, pixels.data(), pixels.size()));
        return pixels;
    }

    /** Images of the caller's latents. */
    std::vector<float> decode(const std::vector<float> &latents) {
        const std::int64_t count = detail::items(latents.size(), latent, "latents");
        std::vector<float> images(detail::values(count, image));
        detail::check(gan_sampler_decode(pointer, latents.data(), count, images.data(), images.size()));
        return images;
    }

    std::vector<std::uint8_t> decode_bytes(const std::vector<float> &latents) {
        const std::int64_t count = detail::items(latents.size(), latent, "latents");
        std::vector<std::uint8_t> pixels(detail::values(count, image));
        detail::check(gan_sampler_decode_bytes(pointer, latents.data(), count, pixels.data(), pixels.size()));
        return pixels;
    }

    /** Latents on the way from one to another, both included, for decode. */
    std::vector<float> path(const std::vector<float> &from, const std::vector<float> &to, std::int64_t count,
                            gan::path way = gan::path::spherical) {
        if (from.size() != latent || to.size() != latent) throw std::invalid_argument("A latent has " + std::to_string(latent) + " numbers.");
        std::vector<float> values(detail::values(count, latent));
        detail::check(gan_sampler_path(pointer, from.data(), to.data(), static_cast<std::int32_t>(way), count, values.data(), values.size()));
        return values;
    }

    /** The latent at a place, from 0 to 1, of that way. */
    std::vector<float> path_at(const std::vector<float> &from, const std::vector<float> &to, double place,
                               gan::path way = gan::path::spherical) {
        if (from.size() != latent || to.size() != latent) throw std::invalid_argument("A latent has " + std::to_string(latent) + " numbers.");
        std::vector<float> values(latent);
        detail::check(gan_sampler_path_at(pointer, from.data(), to.data(), static_cast<std::int32_t>(way), place, values.data(), values.size()));
        return values;
    }

#if defined(__cpp_lib_span)
    /** As many samples as there is room for, from the sample first on. */
    void draw(std::uint64_t seed, std::int64_t first, std::span<float> images) {
        detail::check(gan_sampler_draw(pointer, seed, first, detail::items(images.size(), image, "images"), images.data(), images.size()));
    }
    void draw_bytes(std::uint64_t seed, std::int64_t first, std::span<std::uint8_t> pixels) {
        detail::check(gan_sampler_draw_bytes(pointer, seed, first, detail::items(pixels.size(), image, "images"), pixels.data(), pixels.size()));
    }
    void decode(std::span<const float> latents, std::span<float> images) {
        detail::check(gan_sampler_decode(pointer, latents.data(), detail::items(latents.size(), latent, "latents"), images.data(), images.size()));
    }
#endif

    /** A grid of samples, row by row, as the bytes of a PNG. */
    std::vector<std::uint8_t> png(std::uint64_t seed, std::int64_t first, std::int64_t count, std::int32_t columns = 8,
                                  std::int32_t margin = 2, std::int32_t scale = 1) {
        std::size_t size = 0;
        detail::check(gan_sampler_encode_png(pointer, seed, first, count, columns, margin, scale, nullptr, 0, &size));
        std::vector<std::uint8_t> bytes(size);
        detail::check(gan_sampler_encode_png(pointer, seed, first, count, columns, margin, scale, bytes.data(), bytes.size(), &size));
        bytes.resize(size);
        return bytes;
    }

    void write_png(const std::string &file, std::uint64_t seed, std::int64_t first, std::int64_t count, std::int32_t columns = 8,
                   std::int32_t margin = 2, std::int32_t scale = 1) {
        detail::check(gan_sampler_write_png(pointer, seed, first, count, columns, margin, scale, detail::c_string(file)));
    }
    void write_idx(const std::string &file, std::uint64_t seed, std::int64_t first, std::int64_t count) {
        detail::check(gan_sampler_write_idx(pointer, seed, first, count, detail::c_string(file)));
    }
    void write_npy(const std::string &file, std::uint64_t seed, std::int64_t first, std::int64_t count) {
        detail::check(gan_sampler_write_npy(pointer, seed, first, count, detail::c_string(file)));
    }

    /** What rows of a table are to meet, "city=Seoul", a line each; "" for any. */
    void where(const std::string &conditions) { detail::check(gan_sampler_where(pointer, detail::c_string(conditions))); }

    /** Rows of a table of so many columns, [count, columns]: places of categories, numbers, seconds since 1970; NaN where a value is missing. */
    std::vector<double> draw_rows(std::uint64_t seed, std::int64_t first, std::int64_t count, std::size_t columns) {
        std::vector<double> cells(detail::values(count, columns));
        detail::check(gan_sampler_draw_rows(pointer, seed, first, count, cells.data(), cells.size()));
        return cells;
    }

    /** Rows of a table as comma-separated values. */
    void write_csv(const std::string &file, std::uint64_t seed, std::int64_t first, std::int64_t count) {
        detail::check(gan_sampler_write_csv(pointer, seed, first, count, detail::c_string(file)));
    }

private:
    std::size_t image, latent; // values in each
};

/** Makes pictures of pictures, of any size, what the recipes image-to-image, super-resolution and inpainting train; or says which
 *  frames follow, what next-frame trains. One thread at a time. */
class applier : public detail::handle<gan_applier, gan_applier_destroy> {
public:
    /** Channels of what is read and of what is made, and whether a mask goes with every picture. */
    struct channel_counts {
        std::int32_t input, output;
        bool takes_mask;
    };

    explicit applier(const generator &source, const options &settings = options()) {
        detail::check(gan_applier_create(source.get(), settings.get(), &pointer));
    }

    channel_counts channels() const {
        std::int32_t input = 0, output = 0, takes_mask = 0;
        detail::check(gan_applier_channels(pointer, &input, &output, &takes_mask));
        return {input, output, takes_mask != 0};
    }

    /** The shape of what is made of a picture. */
    gan::shape shape(std::int32_t height, std::int32_t width) const {
        gan::shape made = {0, 0, channels().output};
        detail::check(gan_applier_shape(pointer, height, width, &made.height, &made.width));
        return made;
    }

    /** Of a picture of floats from 0 to 1, [height, width, channels]; mask, [height, width], is above 0.5 where it is missing. */
    std::vector<float> apply(const std::vector<float> &pixels, std::int32_t height, std::int32_t width, std::uint64_t seed = 0,
                             const std::vector<float> &mask = {}) {
        return applied(gan_applier_apply, pixels, height, width, seed, mask);
    }

    /** The same of bytes, 0 to 255; the mask is above 127 where the picture is missing. */
    std::vector<std::uint8_t> apply_bytes(const std::vector<std::uint8_t> &pixels, std::int32_t height, std::int32_t width,
                                          std::uint64_t seed = 0, const std::vector<std::uint8_t> &mask = {}) {
        return applied(gan_applier_apply_bytes, pixels, height, width, seed, mask);
    }

    /** How many frames are looked at to say which one follows; 0 for a model that makes a picture of one picture. */
    std::int32_t frames() const {
        std::int32_t past = 0;
        detail::check(gan_applier_frames(pointer, &past));
        return past;
    }

    /** The frames that follow frames of floats from 0 to 1, [given, height, width, channels], the oldest first. */
    std::vector<float> predict(const std::vector<float> &given, std::int32_t height, std::int32_t width, std::int32_t count = 1,
                               std::uint64_t seed = 0) {
        return predicted(gan_applier_predict, given, height, width, count, seed);
    }

    /** The same of bytes. */
    std::vector<std::uint8_t> predict_bytes(const std::vector<std::uint8_t> &given, std::int32_t height, std::int32_t width,
                                            std::int32_t count = 1, std::uint64_t seed = 0) {
        return predicted(gan_applier_predict_bytes, given, height, width, count, seed);
    }

private:
    template <typename Value>
    std::vector<Value> predicted(std::int32_t (*call)(gan_applier *, std::uint64_t, const Value *, std::int32_t, std::int32_t, std::int32_t,
                                                      std::int32_t, Value *, std::size_t),
                                 const std::vector<Value> &given, std::int32_t height, std::int32_t width, std::int32_t count,
                                 std::uint64_t seed) {
        const std::size_t made = shape(height, width).size(), frame = gan::shape{height, width, channels().input}.size();
        if (given.size() % frame != 0 || given.size() / frame > 0x7fffffff)
            throw std::invalid_argument("A frame of that size has " + std::to_string(frame) + " values; here are " +
                                        std::to_string(given.size()) + ".");
        std::vector<Value> result(count > 0 ? made * static_cast<std::size_t>(count) : 0);
        detail::check(call(pointer, seed, given.data(), static_cast<std::int32_t>(given.size() / frame), height, width, count, result.data(),
                           result.size()));
        return result;
    }

    template <typename Value>
    std::vector<Value> applied(std::int32_t (*call)(gan_applier *, std::uint64_t, const Value *, const Value *, std::int32_t, std::int32_t,
                                                    Value *, std::size_t),
                               const std::vector<Value> &pixels, std::int32_t height, std::int32_t width, std::uint64_t seed,
                               const std::vector<Value> &mask) {
        const std::size_t made = shape(height, width).size();
        sized(pixels.size(), gan::shape{height, width, channels().input}, "A picture");
        if (!mask.empty()) sized(mask.size(), gan::shape{height, width, 1}, "A mask");
        std::vector<Value> result(made);
        detail::check(call(pointer, seed, pixels.data(), mask.empty() ? nullptr : mask.data(), height, width, result.data(), result.size()));
        return result;
    }

    static void sized(std::size_t values, gan::shape expected, const char *what) {
        if (values != expected.size())
            throw std::invalid_argument(std::string(what) + " of that size has " + std::to_string(expected.size()) + " values; here are " +
                                        std::to_string(values) + ".");
    }
};

/** A checkpoint to be looked at; to draw from it load a generator, to train on a trainer. It may be shared. */
class checkpoint : public detail::handle<gan_checkpoint, gan_checkpoint_destroy> {
public:
    /** A tensor in the file; shape is [inputs, outputs] for a fully connected layer. */
    struct tensor {
        std::string name;
        std::vector<std::int64_t> shape;
        std::string type; // "F32"
    };

    explicit checkpoint(const std::string &file) { detail::check(gan_checkpoint_open(detail::c_string(file), &pointer)); }

    /** "kind", "step", "seed", "images", "data" or "edited". */
    std::string text(const std::string &name) const { return detail::text<gan_checkpoint>(gan_checkpoint_text, pointer, detail::c_string(name)); }
    std::string option(const std::string &name) const { return detail::text<gan_checkpoint>(gan_checkpoint_option, pointer, detail::c_string(name)); }

    std::vector<tensor> tensors() const {
        std::int64_t count = 0;
        detail::check(gan_checkpoint_tensor_count(pointer, &count));
        std::vector<tensor> all(static_cast<std::size_t>(count));
        for (std::int64_t i = 0; i < count; i++) {
            tensor &one = all[static_cast<std::size_t>(i)];
            one.name = detail::text<gan_checkpoint>(gan_checkpoint_tensor_name, pointer, i);
            std::size_t rank = 0;
            detail::check(gan_checkpoint_tensor_shape(pointer, i, nullptr, 0, &rank));
            one.shape.resize(rank);
            if (rank > 0) detail::check(gan_checkpoint_tensor_shape(pointer, i, one.shape.data(), rank, &rank));
            one.type = detail::text<gan_checkpoint>(gan_checkpoint_tensor_type, pointer, i);
        }
        return all;
    }

    /** The numbers of the tensor at that place among tensors(). */
    std::vector<float> read(std::int64_t index) const {
        std::size_t count = 0;
        detail::check(gan_checkpoint_tensor_read(pointer, index, nullptr, 0, &count));
        std::vector<float> values(count);
        if (count > 0) detail::check(gan_checkpoint_tensor_read(pointer, index, values.data(), count, &count));
        return values;
    }
};

namespace detail {
using decoder = std::int32_t (*)(const void *, std::size_t, std::int32_t, std::uint8_t *, std::size_t, std::int32_t *, std::int32_t *,
                                 std::int32_t *);
inline std::pair<std::vector<std::uint8_t>, shape> decode(decoder call, const void *bytes, std::size_t size, std::int32_t convert) {
    shape found = {0, 0, 0};
    check(call(bytes, size, convert, nullptr, 0, &found.height, &found.width, &found.channels));
    std::vector<std::uint8_t> pixels(found.size());
    check(call(bytes, size, convert, pixels.data(), pixels.size(), &found.height, &found.width, &found.channels));
    return {std::move(pixels), found};
}
} // namespace detail

/** Decodes a PNG file that is in memory, to [height, width, channels] of bytes and their shape; convert as
 *  gan_image_decode_png says: 0 for the file's own channels, 1 for grey, 3 for RGB. */
inline std::pair<std::vector<std::uint8_t>, shape> decode_png(const void *bytes, std::size_t size, std::int32_t convert = 0) {
    return detail::decode(gan_image_decode_png, bytes, size, convert);
}

/** The same for a picture that is PNG or JPEG, as gan_image_decode says; 4 is RGBA. */
inline std::pair<std::vector<std::uint8_t>, shape> decode_image(const void *bytes, std::size_t size, std::int32_t convert = 0) {
    return detail::decode(gan_image_decode, bytes, size, convert);
}

/** What a picture holds: [height, width, channels] of numbers from 0 to 1, and how many bits a channel its file has, 8 or 16. */
struct picture {
    std::vector<float> pixels;
    shape size;
    std::int32_t depth;
};

/** Decodes a picture to numbers, with all of 16 bits. */
inline picture decode_image_floats(const void *bytes, std::size_t size, std::int32_t convert = 0) {
    picture found = {{}, {0, 0, 0}, 0};
    auto decode = [&] {
        detail::check(gan_image_decode_floats(bytes, size, convert, found.pixels.empty() ? nullptr : found.pixels.data(), found.pixels.size(),
                                              &found.size.height, &found.size.width, &found.size.channels, &found.depth));
    };
    decode();
    found.pixels.resize(found.size.size());
    decode();
    return found;
}

/** One picture as the bytes of a PNG. */
inline std::vector<std::uint8_t> encode_png(const picture &made) {
    if (made.pixels.size() != made.size.size()) throw std::invalid_argument("gan::encode_png: the pixels are not as many as the size says");
    std::size_t size = 0;
    detail::check(gan_image_encode_png(made.pixels.data(), made.size.height, made.size.width, made.size.channels, made.depth, nullptr, 0, &size));
    std::vector<std::uint8_t> bytes(size);
    detail::check(gan_image_encode_png(made.pixels.data(), made.size.height, made.size.width, made.size.channels, made.depth, bytes.data(),
                                       bytes.size(), &size));
    return bytes;
}

/** Writes the caller's images, [count, height, width, channels] of bytes, into one PNG: a grid, row by row. */
inline void write_png(const std::string &file, const std::vector<std::uint8_t> &pixels, shape size, std::int32_t columns = 8,
                      std::int32_t margin = 2, std::int32_t scale = 1) {
    detail::check(gan_image_write_png(pixels.data(), detail::items(pixels.size(), size.size(), "images"), size.height, size.width,
                                      size.channels, columns, margin, scale, detail::c_string(file)));
}

/** The size of a volume: cells along x, y, which is up, and z. */
struct volume_size {
    std::int32_t depth, height, width;
    std::size_t size() const { return shape{depth, height, width}.size(); }
};

/** A closed surface: x, y and z of each vertex, those of its normal, outwards, and three vertices for each triangle, anticlockwise as seen
 *  from outside. */
struct mesh {
    std::vector<float> positions, normals;
    std::vector<std::int32_t> triangles;
};

namespace detail {
inline const float *volume(const std::vector<float> &values, volume_size size) {
    if (values.empty() || values.size() != size.size()) throw std::invalid_argument("gan: the values are not as many as the volume's size says");
    return values.data();
}
} // namespace detail

/** The surface of the shape that a volume holds: what is greater than the level. */
inline mesh shape_mesh(const std::vector<float> &values, volume_size size, float level = 0.5f) {
    const float *first = detail::volume(values, size);
    std::size_t vertices = 0, faces = 0;
    detail::check(gan_shape_mesh(first, size.depth, size.height, size.width, level, nullptr, nullptr, 0, &vertices, nullptr, 0, &faces));
    mesh made;
    made.positions.resize(3 * vertices);
    made.normals.resize(3 * vertices);
    made.triangles.resize(3 * faces);
    if (vertices > 0)
        detail::check(gan_shape_mesh(first, size.depth, size.height, size.width, level, made.positions.data(), made.normals.data(), vertices,
                                     &vertices, made.triangles.data(), faces, &faces));
    return made;
}

/** A picture of the shape that a volume holds, side × side bytes; seen from the front at azimuth 0 and from the right at 90, in degrees. */
inline std::vector<std::uint8_t> shape_render(const std::vector<float> &values, volume_size size, float level = 0.5f, double azimuth = 35,
                                              double elevation = 25, std::int32_t side = 128) {
    const float *first = detail::volume(values, size);
    std::vector<std::uint8_t> pixels(shape{side, side, 1}.size());
    detail::check(gan_shape_render(first, size.depth, size.height, size.width, level, azimuth, elevation, side, pixels.data(), pixels.size()));
    return pixels;
}

/** Writes the shape of a volume: .obj, .stl, .binvox; or of several: .npy, or .png with views of each. */
inline void shape_write(const std::string &file, const std::vector<float> &values, volume_size size, float level = 0.5f) {
    detail::check(gan_shape_write(values.data(), detail::items(values.size(), size.size(), "volumes"), size.depth, size.height, size.width, level,
                                  detail::c_string(file)));
}

} // namespace gan

#endif /* GAN_HPP */
