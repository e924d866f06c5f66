"""The SQLite extension through Python's own sqlite3 module: what it gives, held to the library's bytes, and what it
says to everything that can be wrong.

Usage: extension.py EXTENSION LIBRARY SCRATCH-FOLDER
"""

import ctypes
import os
import re
import shutil
import sqlite3
import struct
import sys
import threading
import time
import zlib

pictures = os.path.join(os.path.dirname(os.path.abspath(__file__)), "..", "Pictures")
extension, library, scratch = (os.path.abspath(path) for path in sys.argv[1:4])
shutil.rmtree(scratch, ignore_errors=True)
os.makedirs(scratch)
os.chdir(scratch)


def connect(path=":memory:"):
    database = sqlite3.connect(path, check_same_thread=False)
    database.enable_load_extension(True)
    database.load_extension(extension)
    return database


def pixels(i, side=6, channels=1):
    return bytes((i * 37 + p * 7 + i * i * p) % 256 for p in range(side * side * channels))


def chunk(name, data):
    return struct.pack(">I", len(data)) + name + data + struct.pack(">I", zlib.crc32(name + data))


def png(data, side=6, channels=1):
    rows = b"".join(b"\0" + data[side * channels * y:side * channels * (y + 1)] for y in range(side))
    header = struct.pack(">IIBBBBB", side, side, 8, {1: 0, 3: 2}[channels], 0, 0, 0)
    return b"\x89PNG\r\n\x1a\n" + chunk(b"IHDR", header) + chunk(b"IDAT", zlib.compress(rows)) + chunk(b"IEND", b"")


OPTIONS = "batch-size=10; generator.hidden=9,8; discriminator.hidden=7; latent.size=5; seed=42; threads=1"


def with_images(blobs, database=None):
    database = database or connect()
    database.execute("CREATE TABLE images(id INTEGER PRIMARY KEY, image)")
    database.executemany("INSERT INTO images(image) VALUES (?)", [(blob,) for blob in blobs])
    database.commit()
    return database


def raw_images(count=40):
    return [pixels(i) for i in range(count)]


def train(database, out, epochs=2, query="SELECT image FROM images ORDER BY id", options=OPTIONS, size=(6, 6), more=()):
    marks = ", ".join("?" * (4 + len(size) + len(more)))
    return database.execute(f"SELECT * FROM gan_train({marks})", (query, epochs, out, options, *size, *more))


def model(name="model.safetensors", **settings):
    if not os.path.exists(name):
        train(with_images(raw_images()), name, **settings).fetchall()
    return name


def contents(path):
    with open(path, "rb") as file:
        return file.read()


def fails(pattern, database, statement, *arguments):
    try:
        rows = database.execute(statement, arguments).fetchall()
    except sqlite3.Error as error:
        assert re.search(pattern, str(error)), f"{statement} {arguments}: {error!r} does not match {pattern!r}"
        return error
    raise AssertionError(f"{statement} {arguments}: gave {rows!r:.200}")


def draw_by_library(path, seed, first, count, size):
    gan = ctypes.CDLL(library)
    generator, sampler, images = ctypes.c_void_p(), ctypes.c_void_p(), ctypes.create_string_buffer(count * size)
    assert gan.gan_generator_load(path.encode(), ctypes.byref(generator)) == 0
    assert gan.gan_sampler_create(generator, None, ctypes.byref(sampler)) == 0
    assert gan.gan_sampler_draw_bytes(
        sampler, ctypes.c_uint64(seed & (2**64 - 1)), ctypes.c_int64(first), ctypes.c_int64(count), images,
        ctypes.c_size_t(len(images.raw))) == 0
    gan.gan_sampler_destroy(sampler)
    gan.gan_generator_destroy(generator)
    return images.raw


# ------------------------------------------------------------------------------------------------- Drawing


def the_version_is_the_librarys():
    gan = ctypes.CDLL(library)
    gan.gan_version_string.restype = ctypes.c_char_p
    assert connect().execute("SELECT gan_version()").fetchone()[0] == gan.gan_version_string().decode()


def samples_are_the_librarys():
    database, path = connect(), model()
    for seed in (0, 7, -1, 2**63 - 1, -2**63):
        expected = draw_by_library(path, seed, 0, 20, 36)
        for i in (0, 1, 19):
            image, file = database.execute("SELECT gan_image(?1, ?2, ?3), gan_png(?1, ?2, ?3)", (path, seed, i)).fetchone()
            assert image == expected[36 * i:36 * i + 36]
            rows = zlib.decompress(re.search(rb"IDAT(.*?)....IEND", file, re.S)[1][:-4])
            assert len(rows) == 6 * 7 and file.startswith(b"\x89PNG")
        rows = database.execute('SELECT "index", width, height, channels, pixels FROM gan_sample(?, ?, 20)', (path, seed)).fetchall()
        assert [row[:4] for row in rows] == [(i, 6, 6, 1) for i in range(20)]
        assert b"".join(row[4] for row in rows) == expected


def a_png_holds_the_sample():
    database, path = connect(), model()
    # What the extension wrote is read by the extension: a training on PNG is one on the pixels.
    database.execute("CREATE TABLE drawn AS SELECT \"index\" AS i, pixels, gan_png(?1, 3, \"index\") AS png FROM gan_sample(?1, 3, 30)", (path,))
    train(database, "from-pixels", query="SELECT pixels FROM drawn ORDER BY i").fetchall()
    train(database, "from-png", query="SELECT png FROM drawn ORDER BY i", size=()).fetchall()
    assert contents("from-pixels") == contents("from-png")


def rows_are_made_when_they_are_wanted():
    database, path = connect(), model()
    started = time.monotonic()
    assert database.execute("SELECT count(*) FROM gan_sample(?, 1, 1000000)", (path,)).fetchone() == (1000000,)
    rows = database.execute("SELECT rowid, pixels FROM gan_sample(?, 1, 9223372036854775806) LIMIT 3", (path,)).fetchall()
    assert [row[0] for row in rows] == [0, 1, 2]
    last = database.execute('SELECT "index", pixels FROM gan_sample(?, 1, 2, ?)', (path, 2**63 - 4)).fetchall()
    assert [row[0] for row in last] == [2**63 - 4, 2**63 - 3]
    assert last[0][1] == database.execute("SELECT gan_image(?, 1, ?)", (path, 2**63 - 4)).fetchone()[0]
    assert time.monotonic() - started < 20


def arguments_may_stand_in_where():
    database, path = connect(), model()
    rows = database.execute(
        'SELECT seed, "index", model, count, first FROM gan_sample WHERE model = ? AND seed IN (4, 5) AND count = 2 AND first = 1', (path,)).fetchall()
    assert rows == [(4, 1, path, 2, 1), (4, 2, path, 2, 1), (5, 1, path, 2, 1), (5, 2, path, 2, 1)]
    # In whatever order the planner puts them.
    database.execute("CREATE TABLE wanted(path, seed)")
    database.executemany("INSERT INTO wanted VALUES (?, ?)", [(path, 1), (path, 2), (None, 3)])
    rows = database.execute('SELECT wanted.seed, "index" FROM gan_sample JOIN wanted ON model = path AND gan_sample.seed = wanted.seed WHERE count = 2').fetchall()
    assert sorted(rows) == [(1, 0), (1, 1), (2, 0), (2, 1)]


def null_gives_null():
    database, path = connect(), model()
    for arguments in [(None, 1, 1), (path, None, 1), (path, 1, None), (None, None, None)]:
        assert database.execute("SELECT gan_png(?1, ?2, ?3), gan_image(?1, ?2, ?3)", arguments).fetchone() == (None, None)
        assert database.execute("SELECT * FROM gan_sample(?, ?, ?)", arguments).fetchall() == []
    assert len(database.execute("SELECT * FROM gan_sample(?, 1, 3, NULL)", (path,)).fetchall()) == 3


def wrong_arguments_are_named():
    database, path = connect(), model()
    for function in ("gan_png", "gan_image"):
        call = f"SELECT {function}(?, ?, ?)"
        for arguments, pattern in [
            ((5, 1, 1), "'model' is the number 5; text"), ((b"x", 1, 1), "'model' is a blob; text"),
            (("", 1, 1), "."), (("a\0b", 1, 1), "'model' holds a character 0"), (("x" * 70000, 1, 1), "65536"),
            ((path, "x", 1), "'seed' is text; a whole number"), ((path, 1.5, 1), "'seed' is the number 1.5; a whole"),
            ((path, b"1", 1), "'seed' is a blob"), ((path, 1, "x"), "'i' is text"), ((path, 1, -1), "'i' is -1; 0 or more"),
            ((path, 1, -2**63), "'i' is -9223372036854775808"), ((path, 1, 2**63 - 1), "'i' is 9223372036854775807; at most"),
            ((path, 1, 1e300), "'i' is the number 1e"), (("/no/such/model", 1, 1), "/no/such/model.*no such file"),
            ((scratch, 1, 1), "folder|directory"),
        ]:
            fails(pattern, database, call, *arguments)
        assert database.execute(call, (path, "7", " 3 ")).fetchone() == database.execute(call, (path, 7, 3)).fetchone()
        fails("wrong number of arguments", database, f"SELECT {function}(?, 1)", path)
    for arguments, pattern in [
        ((path, 1, -1), "'count' is -1; 0 or more"), ((path, 1, "many"), "'count' is text"), ((path, 1, 2.5), "'count' is the number 2.5"),
        ((path, 1, 3, -1), "'first' is -1"), ((path, 1, 2**62, 2**62 + 2**61), "go beyond the last"), ((3, 1, 1), "'model' is the number"),
    ]:
        fails(pattern, database, f"SELECT * FROM gan_sample({', '.join('?' * len(arguments))})", *arguments)
    assert database.execute("SELECT * FROM gan_sample(?, 1, 0)", (path,)).fetchall() == []
    # Numbers that are whole are whole numbers, however they are written.
    for function in ("gan_png", "gan_image"):
        call = f"SELECT {function}(?, ?, ?)"
        assert database.execute(call, (path, 7.0, 3.0)).fetchone() == database.execute(call, (path, 7, 3)).fetchone()
        assert database.execute(call, (path, "7.0", "3e0")).fetchone() == database.execute(call, (path, 7, 3)).fetchone()
        assert database.execute(call, (path, -2.0**53, 3)).fetchone() == database.execute(call, (path, -2**53, 3)).fetchone()
        fails("'seed' is the real number .*too large to be exact", database, call, path, 2.0**53 + 2, 1)
        fails("'seed' is the number .*a whole number", database, call, path, float("inf"), 1)
        fails("'i' is -1; 0 or more", database, call, path, 1, -1.0)
    assert database.execute("SELECT pixels FROM gan_sample(?, 7.0, 2.0, 1.0)", (path,)).fetchall() == \
        database.execute("SELECT pixels FROM gan_sample(?, 7, 2, 1)", (path,)).fetchall()
    images = with_images(raw_images())
    for numbers in ((2, 6, 6, 1), (2.0, 6.0, 6.0, 1.0), ("2.0", "6", "6.0", "1e0")):
        name = f"whole-{type(numbers[0]).__name__}"
        train(images, name, epochs=numbers[0], size=numbers[1:3], more=numbers[3:]).fetchall()
        assert contents(name) == contents("whole-int")
    fails("needs its argument 'model'", database, "SELECT * FROM gan_sample")
    fails("needs its argument 'seed'", database, "SELECT * FROM gan_sample(?)", path)
    fails("too many arguments", database, "SELECT * FROM gan_sample(1, 2, 3, 4, 5)")
    fails("may not be modified|read.only", database, "DELETE FROM gan_sample")


def a_blob_has_sqlites_limit():
    database, path = connect(), model()
    database.setlimit(sqlite3.SQLITE_LIMIT_LENGTH, 35)
    assert isinstance(fails("too big", database, "SELECT length(gan_image('" + path + "', 1, 1))"), sqlite3.Error)


# ------------------------------------------------------------------------------------------------- Models


def a_replaced_model_is_seen():
    database = connect()
    model("first.safetensors")
    model("second.safetensors", options=OPTIONS.replace("seed=42", "seed=43"))
    shutil.copy("first.safetensors", "changing")
    call = "SELECT gan_image('changing', 1, 1)"
    one = database.execute(call).fetchone()
    assert database.execute(call).fetchone() == one
    rows = database.execute("SELECT pixels FROM gan_sample('changing', 1, 5)")
    begun = [next(rows)[0]]
    shutil.copy("second.safetensors", "new")
    os.replace("new", "changing")
    two = database.execute(call).fetchone()
    assert two != one and two == database.execute("SELECT gan_image('second.safetensors', 1, 1)").fetchone()
    # Rows that are being read stay those of the model that they began with.
    begun += [row[0] for row in rows]
    assert begun == [row[0] for row in database.execute("SELECT pixels FROM gan_sample('first.safetensors', 1, 5)")]
    os.remove("changing")
    fails("changing.*no such file", database, call)
    fails("changing.*no such file", database, "SELECT * FROM gan_sample('changing', 1, 1)")
    with open("changing", "wb") as file:
        file.write(contents("first.safetensors")[:100])
    fails("changing", database, call)
    shutil.copy("first.safetensors", "changing")
    assert database.execute(call).fetchone() == one


def broken_models_are_refused():
    database, whole = connect(), contents(model())
    for name, data, pattern in [
        ("empty", b"", "empty"), ("text", b"This is not a model, whatever its name may say.", "text"), ("cut", whole[:-5], "cut"),
        ("damaged", whole[:-5] + bytes([whole[-5] ^ 1]) + whole[-4:], "damaged.*checksum"),
    ]:
        with open(name, "wb") as file:
            file.write(data)
        fails(pattern, database, "SELECT gan_png(?, 1, 1)", name)


def many_models_are_used_at_once():
    database = connect()
    names = [model(f"model-{i}", options=OPTIONS.replace("seed=42", f"seed={i}"), epochs=1) for i in range(12)]
    expected = {name: draw_by_library(name, 5, 0, 1, 36) for name in names}
    assert len(set(expected.values())) == 12
    for _ in range(3):
        for name in names:
            assert database.execute("SELECT gan_image(?, 5, 0)", (name,)).fetchone()[0] == expected[name]


def threads_have_connections_of_their_own():
    path, wrong = model(), []
    expected = draw_by_library(path, 9, 0, 50, 36)

    def work():
        database = connect()
        for _ in range(5):
            if b"".join(row[0] for row in database.execute("SELECT pixels FROM gan_sample(?, 9, 50)", (path,))) != expected:
                wrong.append(1)
        database.close()

    threads = [threading.Thread(target=work) for _ in range(4)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert not wrong


def connections_come_and_go():
    path = model()
    for _ in range(100):
        database = connect()
        database.load_extension(extension)  # twice in one connection
        assert len(database.execute("SELECT gan_image(?, 1, 1)", (path,)).fetchone()[0]) == 36
        database.close()
    open_files = len(os.listdir("/proc/self/fd")) if os.path.exists("/proc/self/fd") else 0
    assert open_files < 50


# ------------------------------------------------------------------------------------------------ Training


def training_gives_a_row_an_epoch():
    database = with_images(raw_images())
    cursor = train(database, "rows.safetensors", epochs=3)
    assert [column[0] for column in cursor.description] == [
        "epoch", "step", "discriminator_loss", "generator_loss", "discriminator_real", "discriminator_fake", "images_per_second"]
    rows = cursor.fetchall()
    assert [row[:2] for row in rows] == [(1, 4), (2, 8), (3, 12)]
    for row in rows:
        assert row[2] < 0 and row[3] < 0 and 0 <= row[4] <= 1 and 0 <= row[5] <= 1 and row[6] > 0
    assert "batch-size" in contents("rows.safetensors")[:4000].decode("latin-1")


def a_training_is_exact():
    database = with_images(raw_images())
    train(database, "once", epochs=3).fetchall()
    train(database, "twice", epochs=3, options=OPTIONS.replace("threads=1", "threads=2")).fetchall()
    train(database, "longer", epochs=4).fetchall()
    assert contents("once") == contents("twice") != contents("longer")


def rows_appear_as_epochs_end():
    database = with_images(raw_images())
    rows = train(database, "endless", epochs=10**18)
    first = next(rows)
    after_one = contents("endless")
    second = next(rows)
    assert (first[0], second[0]) == (1, 2) and contents("endless") != after_one
    rows.close()
    # LIMIT ends it too, and what lies there is the state of the last row.
    assert len(database.execute("SELECT * FROM gan_train(?, 1000000000, 'limited', ?, 6, 6) LIMIT 2",
                                ("SELECT image FROM images ORDER BY id", OPTIONS)).fetchall()) == 2
    train(database, "two", epochs=2).fetchall()
    assert contents("limited") == contents("two")


def pictures_train_as_their_pixels():
    grey = raw_images()
    train(with_images(grey), "grey-raw").fetchall()
    train(with_images([png(image) for image in grey]), "grey-png", size=()).fetchall()
    mixed = [png(image) if i % 2 else image for i, image in enumerate(grey)]
    train(with_images(mixed), "grey-mixed").fetchall()
    assert contents("grey-raw") == contents("grey-png") == contents("grey-mixed")

    colour = [pixels(i, channels=3) for i in range(20)]
    train(with_images(colour), "colour-raw").fetchall()  # as many channels as the bytes give
    train(with_images(colour), "colour-said", more=(3,)).fetchall()
    train(with_images([png(image, channels=3) for image in colour]), "colour-png", size=()).fetchall()
    assert contents("colour-raw") == contents("colour-said") == contents("colour-png")
    assert connect().execute("SELECT width, height, channels, length(pixels) FROM gan_sample('colour-png', 1, 1)").fetchone() == (6, 6, 3, 108)


def jpeg_trains_as_its_pixels():
    with open(os.path.join(pictures, "baseline.jpg"), "rb") as file:
        jpeg = file.read()
    try:
        ctypes.CDLL("libturbojpeg.so.0")
    except OSError:
        fails("Row 1 of the query cannot be read: .*apt-get install libturbojpeg0", with_images([jpeg]), "SELECT * FROM gan_train('SELECT image FROM images', 1, 'never')")
        return
    decoded = ctypes.create_string_buffer(11 * 17 * 3)
    sizes = [ctypes.c_int32() for _ in range(3)]
    status = ctypes.CDLL(library).gan_image_decode(
        jpeg, ctypes.c_size_t(len(jpeg)), 0, decoded, ctypes.c_size_t(len(decoded)), *(ctypes.byref(size) for size in sizes))
    assert status == 0 and [size.value for size in sizes] == [11, 17, 3]
    train(with_images([jpeg] * 20), "jpeg", size=()).fetchall()
    train(with_images([decoded.raw] * 20), "jpeg-raw", size=(17, 11)).fetchall()
    assert contents("jpeg") == contents("jpeg-raw")
    # Raw pixels that begin as JPEG files do.
    bright = [b"\xff\xd8\xff" + bytes(33)] * 20
    train(with_images(bright), "bright").fetchall()
    assert connect().execute("SELECT channels FROM gan_sample('bright', 1, 1)").fetchone() == (1,)
    fails("Row 1 of the query cannot be read: .*cut short", with_images([bright[0]]), "SELECT * FROM gan_train('SELECT image FROM images', 1, 'never')")


def grey_pictures_among_coloured_ones_become_rgb():
    images = [pixels(i) for i in range(10)] + [pixels(i, channels=3) for i in range(10)]
    wide = [bytes(value for value in image for _ in range(3)) if len(image) == 36 else image for image in images]
    train(with_images(wide), "widened-by-hand").fetchall()
    train(with_images([png(image, channels=len(image) // 36) for image in images]), "widened", size=()).fetchall()
    assert contents("widened-by-hand") == contents("widened")
    train(with_images([png(image, channels=len(image) // 36) for image in images]), "narrowed", size=(None, None), more=(1,)).fetchall()
    assert connect().execute("SELECT channels FROM gan_sample('narrowed', 1, 1)").fetchone() == (1,)


def the_query_must_give_images():
    database = with_images(raw_images())
    before = database.execute("SELECT count(*) FROM images").fetchone()
    for query, pattern in [
        ("DELETE FROM images", "writes to the database"), ("INSERT INTO images(image) VALUES (1) RETURNING image", "writes to the database"),
        ("CREATE TABLE other(x)", "writes|gives no rows"), ("", "is empty"), ("  -- nothing", "is empty"), ("SELECT image, id FROM images", "gives 2 columns"),
        ("SELECT image FROM images; SELECT 1", "more than one statement"), ("SELECT image FROM images; nonsense", "more than one statement"),
        ("BEGIN", "gives no rows"), ("SELEKT image", "syntax error"), ("SELECT image FROM nowhere", "no such table: nowhere"),
        ("SELECT absent FROM images", "no such column"), ("SELECT NULL", "Row 1 of the query is NULL"), ("SELECT 'text'", "Row 1 of the query is text"),
        ("SELECT 12", "Row 1 of the query is a number"), ("SELECT 1.5", "is a number"), ("SELECT image FROM images WHERE 0", "gave no images"),
        ("SELECT image FROM images UNION ALL SELECT NULL", "Row 41 of the query is NULL"),
        ("SELECT image FROM images UNION ALL SELECT x'00'", "Row 41 of the query has 1 bytes; an image of 6×6 pixels with 1 channel has 36"),
        ("SELECT x''", "has 0 bytes"), ("SELECT zeroblob(35)", "has 35 bytes"), ("SELECT image FROM images LIMIT 3", "3.*10|10.*3"),
        ("SELECT abs(-9223372036854775808)", "integer overflow"), ("EXPLAIN SELECT 1", "columns"), ("PRAGMA user_version", "a number"),
    ]:
        fails(pattern, database, "SELECT * FROM gan_train(?, 1, 'never', ?, 6, 6)", query, OPTIONS)
    fails("40 bytes that is neither PNG nor JPEG; for raw pixels give their size", database, "SELECT * FROM gan_train('SELECT zeroblob(40)', 1, 'never')")
    assert database.execute("SELECT count(*) FROM images").fetchone() == before and not os.path.exists("never")
    # Comments and a semicolon may follow.
    assert len(train(database, "commented", query="SELECT image FROM images; -- all of them\n").fetchall()) == 2


def pictures_must_fit():
    good, other = png(pixels(1)), png(pixels(1, side=5), side=5)
    cut, damaged = good[:-8], good[:45] + bytes([good[45] ^ 1]) + good[46:]
    for blobs, size, pattern in [
        ([good] * 20 + [other], (), "Row 21 of the query is 5×5 pixels, and the first image 6×6"), ([other], (6, 6), "Row 1 of the query is 5×5 pixels; the arguments ask for 6×6"),
        ([good, cut], (), "Row 2 of the query cannot be read: .*cut short"), ([good, damaged], (), "Row 2 of the query cannot be read: .*checksum"),
        ([b"\x89PNG\r\n\x1a\n"], (), "Row 1 of the query cannot be read"), ([b"\x89PNG\r\n\x1a\n" + b"x" * 60], (), "Row 1 of the query cannot be read"),
        ([pixels(1, channels=2), good], (6, 6), "Row 2 of the query is PNG.*has 2"),
    ]:
        fails(pattern, with_images(blobs), f"SELECT * FROM gan_train('SELECT image FROM images ORDER BY id', 1, 'never', ''{', ?' * len(size)})", *size)
    fails("'channels' is 4", with_images([good]), "SELECT * FROM gan_train('SELECT image FROM images', 1, 'never', '', NULL, NULL, 4)")


def training_arguments_are_checked():
    database = with_images(raw_images())
    query = "SELECT image FROM images"
    os.makedirs("a-folder", exist_ok=True)
    for arguments, pattern in [
        ((None, 1, "never"), "'query' is NULL; text"), ((query, None, "never"), "'epochs' is NULL; a whole number"), ((query, 1, None), "'out' is NULL; text"),
        ((7, 1, "never"), "'query' is the number 7"), ((query, "x", "never"), "'epochs' is text"), ((query, 0, "never"), "'epochs' is 0; 1 or more"),
        ((query, -3, "never"), "'epochs' is -3"), ((query, 1.5, "never"), "'epochs' is the number 1.5"), ((query, 1, 9), "'out' is the number 9"),
        ((query, 1, "/no/such/folder/x", OPTIONS, 6, 6), "/no/such/folder"), ((query, 1, "a-folder", OPTIONS, 6, 6), "a-folder"), ((query, 1, "", OPTIONS, 6, 6), "'path' is empty|empty"),
        ((query, 1, "never", "batch-size", 6, 6), "hold 'batch-size'; settings as name=value"), ((query, 1, "never", "bach-size=9", 6, 6), "Did you mean 'batch-size'"),
        ((query, 1, "never", "batch-size=many", 6, 6), "batch-size"), ((query, 1, "never", "batch-size=-1", 6, 6), "batch-size"), ((query, 1, "never", b"x", 6, 6), "'options' is a blob"),
        ((query, 1, "never", "", 6), "'width' and 'height', one was given"), ((query, 1, "never", "", 0, 6), "'width' is 0; 1 or more"),
        ((query, 1, "never", "", 6, -6), "'height' is -6"), ((query, 1, "never", "", 2**31 - 1, 2**31 - 1), "too large"), ((query, 1, "never", "", 2**40, 6), "at most 2147483647"),
        ((query, 1, "never", "", "six", 6), "'width' is text"), ((query, 1, "never", "", 6, 6, 0), "'channels' is 0"), ((query, 1, "never", "", 6, 6, 2), "36 bytes.*72"),
        ((query, 1, "never", "batch-size=41", 6, 6), "41"),
    ]:
        fails(pattern, database, f"SELECT * FROM gan_train({', '.join('?' * len(arguments))})", *arguments)
    fails("needs its argument 'epochs'", database, "SELECT * FROM gan_train('SELECT 1')")
    assert not os.path.exists("never")


def an_interruption_stops_a_training():
    # Large enough that an epoch takes seconds: what is interrupted is an epoch, not the time between two.
    database = with_images([os.urandom(28 * 28) for _ in range(2000)])
    options = "batch-size=100; generator.hidden=2048,2048; discriminator.hidden=2048; seed=1"
    stopped = {}

    def interrupt():
        time.sleep(1)
        stopped["at"] = time.monotonic()
        database.interrupt()

    thread = threading.Thread(target=interrupt)
    thread.start()
    error = fails("interrupted", database, "SELECT * FROM gan_train('SELECT image FROM images', 1000000, 'interrupted', ?, 28, 28)", options)
    took = time.monotonic() - stopped["at"]
    thread.join()
    assert isinstance(error, sqlite3.OperationalError) and getattr(error, "sqlite_errorcode", sqlite3.SQLITE_INTERRUPT) == sqlite3.SQLITE_INTERRUPT
    assert took < 2, took
    # The connection goes on, and so does another training.
    assert database.execute("SELECT count(*) FROM images").fetchone() == (2000,)
    small = with_images(raw_images())
    assert len(train(small, "after").fetchall()) == 2

    # Between epochs: the checkpoint is that of the last row.
    rows, seen = train(small, "kept", epochs=10**9), []
    try:
        for row in rows:
            seen.append(row[0])
            if len(seen) == 3:
                small.interrupt()
        raise AssertionError("it was not interrupted")
    except sqlite3.OperationalError as error:
        assert "interrupted" in str(error) and seen == [1, 2, 3]
    # Python asks for the row behind the one that it hands out, so the last row that SQLite gave is the fourth.
    kept = []
    for epochs in (3, 4):
        train(small, "as-many", epochs=epochs).fetchall()
        kept.append(contents("as-many"))
    assert contents("kept") in kept


def a_progress_handler_stops_a_training():
    database = with_images([os.urandom(28 * 28) for _ in range(2000)])
    options = "batch-size=100; generator.hidden=2048,2048; discriminator.hidden=2048; seed=1"
    for statement in ("SELECT * FROM gan_train(?, 1000000, 'handled', ?, 28, 28)", "SELECT gan_train(?, 1000000, 'handled', ?, 28, 28)"):
        calls, stopped = [], []

        def handler():
            calls.append(time.monotonic())
            # The query with the images takes it some times too.
            if calls[-1] - calls[0] < 1.5:
                return 0
            stopped.append(calls[-1])
            return 1

        database.set_progress_handler(handler, 1000)
        fails("interrupted", database, statement, "SELECT image FROM images", options)
        took = time.monotonic() - stopped[0]
        # Called all the while, so that it decides when it likes.
        assert len(calls) > 20 and stopped[0] - calls[0] < 4 and took < 2, (len(calls), stopped[0] - calls[0], took)
        database.set_progress_handler(None, 0)
    assert database.execute("SELECT count(*) FROM images").fetchone() == (2000,)
    assert len(train(with_images(raw_images()), "after-handler").fetchall()) == 2


def an_authorizer_may_forbid_recursion():
    database = with_images(raw_images())
    database.set_authorizer(lambda action, *_: sqlite3.SQLITE_DENY if action == sqlite3.SQLITE_RECURSIVE else sqlite3.SQLITE_OK)
    assert len(train(database, "authorized").fetchall()) == 2
    train(with_images(raw_images()), "unasked").fetchall()
    assert contents("authorized") == contents("unasked")


def the_query_may_be_interrupted_too():
    database = connect()
    thread = threading.Timer(0.3, database.interrupt)
    thread.start()
    fails("interrupted", database, """SELECT * FROM gan_train(
        'WITH RECURSIVE n(i) AS (SELECT 0 UNION ALL SELECT i + 1 FROM n) SELECT zeroblob(4) FROM n WHERE i % 100000 = 0', 1, 'never', '', 2, 2)""")
    thread.join()
    assert not os.path.exists("never")


def a_training_is_resumed():
    database, query = with_images(raw_images()), "SELECT image FROM images ORDER BY id"
    train(database, "five", epochs=5).fetchall()
    whole = database.execute("SELECT * FROM gan_train(?, 5, 'five', ?, 6, 6)", (query, OPTIONS)).fetchall()
    train(database, "two-of-five", epochs=2).fetchall()
    before = contents("two-of-five")
    # Into another file; with other threads, since what a checkpoint holds does not depend on them.
    cursor = database.execute("SELECT * FROM gan_resume('two-of-five', ?, 5, 'resumed', 'threads=2', 6, 6)", (query,))
    assert [column[0] for column in cursor.description][:3] == ["epoch", "step", "discriminator_loss"]
    rows = cursor.fetchall()
    assert [row[:6] for row in rows] == [row[:6] for row in whole[2:]] and [row[0] for row in rows] == [3, 4, 5]
    assert contents("resumed") == contents("five") and contents("two-of-five") == before
    # Into itself, in steps, another connection each.
    for epochs in (3, 5):
        other = with_images(raw_images())
        rows = other.execute("SELECT epoch FROM gan_resume('two-of-five', ?, ?, NULL, NULL, 6, 6)", (query, epochs)).fetchall()
        assert rows[-1] == (epochs,)
    assert contents("two-of-five") == contents("five")
    # LIMIT leaves the last row's, which goes on too.
    train(database, "limited-again", epochs=1).fetchall()
    assert database.execute("SELECT epoch FROM gan_resume('limited-again', ?, 9, 'limited-again', '', 6, 6) LIMIT 2", (query,)).fetchall() == [(2,), (3,)]
    assert database.execute("SELECT gan_resume('limited-again', ?, 5.0, 'limited-again', '', 6, 6)", (query,)).fetchone() == (20,)
    assert contents("limited-again") == contents("five")


def what_cannot_be_resumed_is_told():
    query = "SELECT image FROM images ORDER BY id"
    database = with_images(raw_images(), connect("resumed.db"))
    train(database, "to-resume", epochs=2).fetchall()
    before, data = contents("to-resume"), contents("resumed.db")
    for arguments, pattern in [
        (("to-resume", query, 2, None, None, 6, 6), "'epochs' is 2, and \"to-resume\" has 2 already; the number of epochs in all"),
        (("to-resume", query, 0, None, None, 6, 6), "'epochs' is 0; 1 or more"), (("absent", query, 3, None, None, 6, 6), "absent.*no such file"),
        ((None, query, 3), "'model' is NULL; text"), (("to-resume", None, 3), "'query' is NULL"), (("to-resume", query, None), "'epochs' is NULL"),
        (("to-resume", "SELECT 1 WHERE 0", 3), "gave no images"), (("to-resume", query, 3, 5, None, 6, 6), "'out' is the number 5"),
        (("to-resume", query, 3, None, "batch-size=20", 6, 6), "batch-size"), (("to-resume", query, 3, None, "nothing=1", 6, 6), "no option 'nothing'"),
        (("to-resume", query, 3, None, None, 4, 9), "."), (("resumed.db", query, 3, None, None, 6, 6), "open database"),
        (("to-resume", query, 3, "resumed.db", None, 6, 6), "'out' is .*open database"), (("to-resume", query, 3, "/no/such/x", None, 6, 6), "/no/such"),
        (("resumed.db", query, 3, "elsewhere.safetensors", None, 6, 6), "resumed.db"),
    ]:
        marks = ", ".join("?" * len(arguments))
        fails(pattern, database, f"SELECT * FROM gan_resume({marks})", *arguments)
        fails(pattern, database, f"SELECT gan_resume({marks})", *arguments)
    fails("needs its argument 'query'", database, "SELECT * FROM gan_resume('to-resume')")
    assert contents("to-resume") == before and contents("resumed.db") == data and not os.path.exists("elsewhere.safetensors")


def a_training_as_a_function_is_the_same():
    database, query = with_images(raw_images()), "SELECT image FROM images ORDER BY id"
    train(database, "as-a-table", epochs=3).fetchall()
    assert database.execute("SELECT gan_train(?, 3, 'as-a-function', ?, 6, 6)", (query, OPTIONS)).fetchone() == (12,)
    assert contents("as-a-table") == contents("as-a-function")
    fails("gan_train.*needs its argument 'query'", database, "SELECT gan_train()")
    fails("gan_train.*needs its argument 'out'", database, "SELECT gan_train(?, 3)", query)
    fails("at most 7 arguments, and 8 were given", database, "SELECT gan_train(1, 2, 3, 4, 5, 6, 7, 8)")
    fails("'out' is NULL; text", database, "SELECT gan_train(?, 3, NULL)", query)
    fails("no such column|no such table", database, "SELECT gan_train('SELECT image FROM nowhere', 3, 'never')")


def others_may_write_while_a_function_trains():
    for mode in ("delete", "wal"):
        database = connect(f"shared-{mode}.db")
        database.execute(f"PRAGMA journal_mode = {mode}")
        with_images([os.urandom(28 * 28) for _ in range(500)], database)
        other = sqlite3.connect(f"shared-{mode}.db", timeout=0, check_same_thread=False)
        written, wrong = [], []

        def write():
            for _ in range(600):
                time.sleep(0.1)
                if os.path.exists(f"shared-{mode}.safetensors"):
                    break
            try:
                other.execute("CREATE TABLE meanwhile(x)")
                other.execute("INSERT INTO images(image) VALUES ('text, which would be no image')")
                other.commit()
                written.append(1)
            except sqlite3.Error as error:
                wrong.append(error)
            database.interrupt()

        thread = threading.Thread(target=write)
        thread.start()
        fails("interrupted", database, "SELECT gan_train('SELECT image FROM images', 1000000, ?, 'batch-size=100', 28, 28)", f"shared-{mode}.safetensors")
        thread.join()
        assert written and not wrong, (mode, wrong)
        assert database.execute("SELECT count(*) FROM images").fetchone() == (501,)


def others_may_write_to_a_logged_database_while_a_table_trains():
    database = connect("logged.db")
    database.execute("PRAGMA journal_mode = wal")
    rows = train(with_images(raw_images(), database), "logged.safetensors", epochs=10**9)
    next(rows)
    other = sqlite3.connect("logged.db", timeout=0)
    other.execute("INSERT INTO images(image) VALUES ('text')")
    other.commit()
    next(rows)
    rows.close()
    assert database.execute("SELECT count(*) FROM images").fetchone() == (41,)


# ------------------------------------------------------------------------------------------------ Looking


def a_checkpoint_is_inspected():
    database, path = with_images(raw_images()), model()
    rows = database.execute("SELECT part, name, value FROM gan_inspect(?)", (path,)).fetchall()
    file = {name: value for part, name, value in rows if part == "file"}
    assert file == {"kind": "trainer", "step": 8, "seed": 42, "images": 40, "width": 6, "height": 6, "channels": 1}, file
    options = {name: value for part, name, value in rows if part == "option"}
    assert options["batch-size"] == "10" and options["generator.hidden"] == "9,8" and options["seed"] == "42"
    assert set(options) == {name for name, in database.execute("SELECT name FROM gan_options")}
    tensors = {name: value for part, name, value in rows if part == "tensor"}
    assert tensors["generator.0.weight"] == "[5,9]" and tensors["generator.0.bias"] == "[9]" and tensors["generator.2.weight"] == "[8,36]", tensors
    assert "discriminator.0.weight.adam.m" in tensors and len(rows) == len(file) + len(options) + len(tensors)
    assert database.execute("SELECT value FROM gan_inspect WHERE model = ? AND name = 'step'", (path,)).fetchall() == [(8,)]
    assert database.execute("SELECT * FROM gan_inspect(NULL)").fetchall() == []
    # A seed is its 64 bits here as everywhere.
    train(database, "seeded", options=OPTIONS.replace("seed=42", f"seed={2**63 - 1}"), epochs=1).fetchall()
    assert database.execute("SELECT value FROM gan_inspect('seeded') WHERE part = 'file' AND name = 'seed'").fetchone() == (2**63 - 1,)
    with open("no-checkpoint", "wb") as other:
        other.write(contents(path)[:200])
    for arguments, pattern in [(("absent",), "absent.*no such file"), (("no-checkpoint",), "no-checkpoint"), ((5,), "'model' is the number 5"), (("a\0b",), "character 0")]:
        fails(pattern, database, "SELECT * FROM gan_inspect(?)", *arguments)
    fails("needs its argument 'model'", database, "SELECT * FROM gan_inspect")


def options_are_a_table():
    database = connect()
    gan = ctypes.CDLL(library)
    told = []
    for index in range(gan.gan_option_count()):
        row = []
        for what in ("name", "type", "default", "range", "summary", "condition"):
            function = getattr(gan, "gan_option_" + what)
            function.restype = ctypes.c_char_p
            row.append(function(index).decode())
        told.append(tuple(row))
    cursor = database.execute("SELECT * FROM gan_options()")
    assert [column[0] for column in cursor.description] == ["name", "type", "default", "range", "summary", "condition"]
    assert cursor.fetchall() == told and len(told) > 20
    assert database.execute("SELECT \"default\", summary <> '' FROM gan_options WHERE name = 'batch-size'").fetchone() == ("100", 1)
    fails("too many arguments", database, "SELECT * FROM gan_options(1)")


# ------------------------------------------------------------------------------------------------- Trust


def an_open_database_is_no_checkpoint():
    database = with_images(raw_images(), connect("trained.db"))
    with sqlite3.connect("attached.db") as other:
        other.execute("CREATE TABLE t(x)")
    database.execute("ATTACH 'attached.db' AS other")
    os.link("trained.db", "hard.db")
    os.symlink("trained.db", "soft.db")
    os.symlink("trained.db-wal", "soft wal")
    os.makedirs("elsewhere", exist_ok=True)
    os.symlink(os.path.abspath("."), "elsewhere/here")
    before = open("trained.db", "rb").read(), open("attached.db", "rb").read()
    for out in ("trained.db", os.path.abspath("trained.db"), "./trained.db", "hard.db", "soft.db", "elsewhere/here/trained.db", "attached.db",
                "trained.db-wal", "trained.db-journal", "soft wal", "elsewhere/here/attached.db-shm"):
        fails("'out' is .*open database", database, "SELECT * FROM gan_train('SELECT image FROM images', 1, ?, ?, 6, 6)", out, OPTIONS)
    assert (open("trained.db", "rb").read(), open("attached.db", "rb").read()) == before
    assert not os.path.exists("trained.db-wal") and database.execute("SELECT count(*) FROM images").fetchone() == (40,)
    train(database, "beside.safetensors")
    assert sorted(name for name in os.listdir(".") if name.startswith(".gan")) == []


def a_checkpoint_that_cannot_be_written_is_told_before_training():
    database = with_images(raw_images())
    os.makedirs("a-folder", exist_ok=True)
    for out, word in (("/no/such/folder/x", "/no/such/folder"), ("a-folder", "a-folder"), ("/proc/x", "/proc/x")):
        fails(word, database, "SELECT * FROM gan_train('SELECT image FROM images', 1000000000, ?, ?, 6, 6)", out, OPTIONS)


def nothing_else_is_written_over():
    database = with_images(raw_images())
    sqlite3.connect("closed.db").executescript("CREATE TABLE t(x); INSERT INTO t VALUES (1)")
    for name, data in (("photo.png", png(pixels(1))), ("short", b"12345678"), ("text", b"What somebody wrote, and wants to keep.\n"), ("closed.db", contents("closed.db"))):
        with open(name, "wb") as file:
            file.write(data)
        os.path.exists("link") and os.remove("link")
        os.symlink(name, "link")
        for out in (name, "link"):
            for start in ("gan_train(", f"gan_resume('{model()}', "):
                for select in ("SELECT * FROM ", "SELECT "):
                    fails("there already and is no checkpoint", database, select + start + "'SELECT image FROM images', 9, ?, '', 6, 6)", out)
        assert contents(name) == data
    # One that was made for the purpose, and what a training made.
    open("made", "wb").close()
    for _ in range(2):
        assert len(train(database, "made").fetchall()) == 2


def a_schema_cannot_train():
    database, path = with_images(raw_images()), model()
    database.execute("CREATE VIEW trap AS SELECT * FROM gan_train('SELECT image FROM images', 1, 'trapped', '', 6, 6)")
    fails("unsafe use of virtual table", database, "SELECT * FROM trap")
    database.execute("CREATE TABLE bait(x)")
    database.execute("CREATE TRIGGER sprung AFTER INSERT ON bait BEGIN SELECT count(*) FROM gan_train('SELECT image FROM images', 1, 'trapped', '', 6, 6); END")
    fails("unsafe use of virtual table", database, "INSERT INTO bait VALUES (1)")
    database.execute("CREATE VIEW snare AS SELECT gan_train('SELECT image FROM images', 1, 'trapped', '', 6, 6)")
    fails("unsafe use of gan_train", database, "SELECT * FROM snare")
    database.execute("CREATE VIEW noose AS SELECT * FROM gan_resume('model.safetensors', 'SELECT image FROM images', 9, 'trapped', '', 6, 6)")
    fails("unsafe use of virtual table", database, "SELECT * FROM noose")
    assert not os.path.exists("trapped")
    # A view may draw, unless the schema is not trusted.
    database.execute(f"CREATE VIEW faces AS SELECT gan_image('{path}', 1, 1) AS face")
    database.execute(f"CREATE VIEW more AS SELECT pixels AS face FROM gan_sample('{path}', 1, 2)")
    assert len(database.execute("SELECT face FROM faces").fetchone()[0]) == 36 and len(database.execute("SELECT * FROM more").fetchall()) == 2
    database.execute("PRAGMA trusted_schema = OFF")
    fails("unsafe use of gan_image", database, "SELECT face FROM faces")
    fails("unsafe use of virtual table", database, "SELECT * FROM more")
    assert len(database.execute("SELECT gan_image(?, 1, 1)", (path,)).fetchone()[0]) == 36


def drawing_is_not_for_indices():
    database = with_images(raw_images())
    fails("non-deterministic functions prohibited in index expressions", database, "CREATE INDEX drawn ON images(gan_image('model.safetensors', 1, id))")
    database.execute("CREATE INDEX versions ON images(gan_version())")
    fails("no such module|already|not allowed|reserved|may not", database, "CREATE VIRTUAL TABLE mine USING gan_sample('model.safetensors', 1, 1)")


TESTS = [value for name, value in list(globals().items())
         if callable(value) and getattr(value, "__module__", "") == "__main__" and value.__code__.co_argcount == 0
         and name not in ("connect", "raw_images", "model")]
passed = failed = 0
for test in TESTS:
    started = time.monotonic()
    try:
        test()
        passed += 1
    except Exception as error:  # noqa: BLE001: every failure is told, and the next test goes on
        failed += 1
        place = error.__traceback__.tb_next
        print(f"sqlite-python: failed: {test.__name__}, line {place.tb_lineno if place else '?'}: {type(error).__name__}: {error}")
    if time.monotonic() - started > 5:
        print(f"{test.__name__} took {time.monotonic() - started:.1f} s")
print(f"sqlite-python: {passed} passed, {failed} failed")
sys.exit(failed > 0)
