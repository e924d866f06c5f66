"""Training in SQL: rows, resumed trainings, interruptions, and what cannot be done."""

import ctypes
import os
import sqlite3
import threading
import time

from support import connect, contents, fails, library, OPTIONS, pictures, pixels, png, raw_images, train, with_images


def labels_are_a_second_column():
    database = with_images(raw_images())
    options = OPTIONS + "; condition=labels; generator.initial-deviation=0.7"
    for out, query in (("told", "SELECT image, (id - 1) % 3 FROM images ORDER BY id"), ("told-again", "SELECT image, (id + 2) % 3 FROM images ORDER BY id"),
                       ("told-otherwise", "SELECT image, id % 3 FROM images ORDER BY id")):
        train(database, out, query=query, options=options).fetchall()
    assert contents("told") == contents("told-again") != contents("told-otherwise")
    assert len({database.execute("SELECT gan_image('told', 7, 0, ?)", (label,)).fetchone() for label in range(3)}) == 3
    fails("no class '3'; it has the classes 0 … 2", database, "SELECT gan_image('told', 7, 0, 3)")
    assert database.execute("SELECT data FROM gan_resume('told', 'SELECT image, (id - 1) % 3 FROM images ORDER BY id', 3, 'told-on', '', 6, 6)").fetchall() == [("same",)]
    # Labels that nobody asks for change nothing.
    train(database, "labels-unused", query="SELECT image, id FROM images ORDER BY id").fetchall()
    train(database, "labels-absent").fetchall()
    assert contents("labels-unused") == contents("labels-absent")


def metrics_of_the_library():
    gan = ctypes.CDLL(library)
    gan.gan_metric_name.restype = ctypes.c_char_p
    return [gan.gan_metric_name(index).decode() for index in range(gan.gan_metric_count())]


# Those of recipes that came after the first one.
OTHER_METRICS = [name.replace(".", "_").replace("-", "_") for name in metrics_of_the_library() if name not in (
    "epoch", "step", "steps-per-epoch", "discriminator.loss", "generator.loss", "discriminator.real", "discriminator.fake", "images-per-second")]


def a_recipe_has_metrics_of_its_own():
    assert "information" in OTHER_METRICS
    columns = "epoch, discriminator_loss < 0, information IS NULL, information < 0"
    database, query = with_images(raw_images()), "SELECT image FROM images ORDER BY id"
    rows = database.execute(f"SELECT {columns} FROM gan_train(?, 2, 'informed', ?, 6, 6)", (query, OPTIONS + "; recipe=infogan")).fetchall()
    assert rows == [(1, 1, 0, 1), (2, 1, 0, 1)], rows
    assert database.execute(f"SELECT {columns} FROM gan_train(?, 1, 'plain', ?, 6, 6)", (query, OPTIONS)).fetchall() == [(1, 1, 1, None)]


def more_training_is_not_written_over():
    database, query = with_images(raw_images()), "SELECT image FROM images ORDER BY id"
    train(database, "much", epochs=3).fetchall()
    before = contents("much")
    for call in ("SELECT * FROM gan_train(?, 2, 'much', ?, 6, 6)", "SELECT gan_train(?, 2, 'much', ?, 6, 6)"):
        fails("'out' is \"much\", which holds a training of 12 steps, and this one would end after 8; the name of another file.*gan_resume", database, call, query, OPTIONS)
    assert contents("much") == before
    # As much, or more, may take its place, as always.
    train(database, "much", epochs=3).fetchall()
    assert contents("much") == before
    train(database, "much", epochs=4).fetchall()
    assert contents("much") != before


def other_images_are_told():
    database, query = with_images(raw_images()), "SELECT image FROM images ORDER BY id"
    train(database, "first", epochs=1).fetchall()
    before = contents("first")
    for wanted, expected in [(query, "same"), (query + " DESC", "other"), ("SELECT image FROM images WHERE id < 30 ORDER BY id", "other")]:
        cursor = database.execute("SELECT * FROM gan_resume('first', ?, 3, 'second', '', 6, 6)", (wanted,))
        assert cursor.description[-1][0] == "data" and cursor.fetchall()[-1][-1] == expected, wanted
    # The checkpoint remembers the new images.
    assert database.execute("SELECT data FROM gan_resume('second', ?, 4, 'third', '', 6, 6)", ("SELECT image FROM images WHERE id < 30 ORDER BY id",)).fetchall() == [("same",)]
    assert contents("first") == before


def training_gives_a_row_an_epoch():
    database = with_images(raw_images())
    cursor = train(database, "rows.safetensors", epochs=3)
    assert [column[0] for column in cursor.description] == [
        "epoch", "step", "discriminator_loss", "generator_loss", "discriminator_real", "discriminator_fake", "images_per_second", *OTHER_METRICS]
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
        ("CREATE TABLE other(x)", "writes|gives no rows"), ("", "is empty"), ("  -- nothing", "is empty"), ("SELECT image, id, id FROM images", "blob in the column"),
        ("SELECT image, 'cat' FROM images", "Row 1 of the query has text for a label; the number of a class"), ("SELECT image, -1 FROM images", "has the number -1 for a label"),
        ("SELECT image, NULL FROM images", "has NULL for a label"), ("SELECT image, 1.5 FROM images", "has a number for a label"),
        ("SELECT image, 2147483647 FROM images", "has the number 2147483647 for a label"), ("SELECT image, image FROM images", "has a blob for a label"),
        ("SELECT image FROM images; SELECT 1", "more than one statement"), ("SELECT image FROM images; nonsense", "more than one statement"),
        ("BEGIN", "gives no rows"), ("SELEKT image", "syntax error"), ("SELECT image FROM nowhere", "no such table: nowhere"),
        ("SELECT absent FROM images", "no such column"), ("SELECT NULL", "Row 1 of the query is NULL"), ("SELECT 'text'", "Row 1 of the query is text"),
        ("SELECT 12", "Row 1 of the query is a number"), ("SELECT 1.5", "is a number"), ("SELECT image FROM images WHERE 0", "gave no images"),
        ("SELECT image FROM images UNION ALL SELECT NULL", "Row 41 of the query is NULL"),
        ("SELECT image FROM images UNION ALL SELECT x'00'", "Row 41 of the query has 1 bytes; an image of 6×6 pixels with 1 channel has 36"),
        ("SELECT x''", "has 0 bytes"), ("SELECT zeroblob(35)", "has 35 bytes"), ("SELECT image FROM images LIMIT 3", "3.*10|10.*3"),
        ("SELECT abs(-9223372036854775808)", "integer overflow"), ("EXPLAIN SELECT 1", "Row|rows|value|nothing to learn|batch"), ("PRAGMA user_version", "a number"),
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
