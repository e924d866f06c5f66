"""Drawing in SQL, and looking into checkpoints and options: the bytes and the words are the library's."""

import ctypes
import os
import re
import shutil
import sqlite3
import threading
import time
import zlib

from support import (
    connect, contents, draw_by_library, extension, fails, library, made_by_library, model, OPTIONS, raw_images, scratch, train, with_images)


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
    fails("too many arguments", database, "SELECT * FROM gan_sample(1, 2, 3, 4, 5, 6)")
    fails("may not be modified|read.only", database, "DELETE FROM gan_sample")


def a_label_is_an_argument():
    database, path = connect(), made_by_library("labelled", labels=True, condition="labels")
    drawn = [draw_by_library(path, 7, 0, 20, 36, [("label", str(label))]) for label in range(3)]
    assert len(set(drawn)) == 3
    for label in range(3):
        for argument in (label, float(label), str(label), f"label={label}", f" label = {label} "):
            for i in (0, 19):
                image, file, plain = database.execute(
                    "SELECT gan_image(?1, 7, ?2, ?3), gan_png(?1, 7, ?2, ?3), gan_png(?1, 7, ?2)", (path, i, argument)).fetchone()
                assert image == drawn[label][36 * i:36 * i + 36], (label, argument)
                assert file.startswith(b"\x89PNG") and (file == plain) == (i % 3 == label)
            rows = database.execute("SELECT pixels FROM gan_sample(?, 7, 20, 0, ?)", (path, argument)).fetchall()
            assert b"".join(row[0] for row in rows) == drawn[label]
    # Without one, and with none, sample i is of class i mod 3; several stand for samples in turn.
    turns = b"".join(drawn[i % 3][36 * i:36 * i + 36] for i in range(20))
    for argument in ("NULL", "''", "'0,1,2'", "'label=0,1,2'"):
        rows = database.execute(f"SELECT pixels, gan_image(model, seed, \"index\", {argument}) FROM gan_sample(?, 7, 20, 0, {argument})", (path,)).fetchall()
        assert b"".join(row[0] for row in rows) == b"".join(row[1] for row in rows) == turns, argument
    # A class for each row of a table, and the hidden column in a condition.
    database.execute("CREATE TABLE wanted(class)")
    database.executemany("INSERT INTO wanted VALUES (?)", [(2,), (0,)])
    rows = database.execute('SELECT class, inputs, "index", pixels FROM wanted, gan_sample(?, 7, 2, 1, class)', (path,)).fetchall()
    assert sorted(rows) == sorted((label, label, i, drawn[label][36 * i:36 * i + 36]) for label in (2, 0) for i in (1, 2))
    rows = database.execute("SELECT pixels FROM gan_sample WHERE model = ? AND seed = 7 AND count = 1 AND inputs = 'label=2'", (path,)).fetchall()
    assert rows == [(drawn[2][:36],)]


def tags_are_an_argument():
    common = "recipe=tags; batch-size=10; generator.channels=3; discriminator.channels=3; generator.blocks=1; latent.size=5; threads=1"
    database, path = connect(), made_by_library("characters", tags=("blue-hair", "glasses", "hat"), side=8, common=common)
    asked = draw_by_library(path, 7, 0, 5, 64, [("tags", "blue-hair,glasses")])
    assert asked != draw_by_library(path, 7, 0, 5, 64)
    for argument in ("tags=blue-hair,glasses", "blue-hair,glasses", " tags = glasses , blue-hair"):
        rows = database.execute("SELECT pixels, gan_image(model, seed, \"index\", ?2) FROM gan_sample(?1, 7, 5, 0, ?2)", (path, argument)).fetchall()
        assert b"".join(row[0] for row in rows) == b"".join(row[1] for row in rows) == asked, argument
    fails("'glasses'", database, "SELECT gan_png(?, 7, 0, ?)", path, "tags=glases")


def readers_of_one_model_do_not_disturb_each_other():
    database, path = connect(), made_by_library("labelled", labels=True, condition="labels")
    readers = [database.execute("SELECT pixels FROM gan_sample(?, 7, 20, 0, ?)", (path, label)) for label in range(3)]
    drawn = [b""] * 3
    for i in range(20):
        for label, rows in enumerate(readers):
            drawn[label] += next(rows)[0]
            database.execute("SELECT gan_png(?, 1, 1, ?)", (path, (label + i) % 3)).fetchone()
    assert drawn == [draw_by_library(path, 7, 0, 20, 36, [("label", str(label))]) for label in range(3)]
    assert database.execute("SELECT gan_image(?, 7, 2)", (path,)).fetchone()[0] == drawn[2][72:108]


def codes_are_arguments():
    database, path = connect(), made_by_library("coded", **{"recipe": "infogan", "info.categories": "3", "info.codes": "2"})
    drawn = draw_by_library(path, 7, 5, 1, 36, [("c1", "2"), ("c2", "0.5"), ("c3", "-1")])
    for argument in ("c1=2, c2=0.5, c3=-1", "c3=-1;c1=2&c2=0.5", "2, c3=-1.0, c2=5e-1"):
        assert database.execute("SELECT gan_image(?, 7, 5, ?)", (path, argument)).fetchone() == (drawn,), argument
    # Those that are not given are drawn, as ever.
    assert database.execute("SELECT gan_image(?, 7, 5)", (path,)).fetchone() == (draw_by_library(path, 7, 5, 1, 36),)
    assert database.execute("SELECT gan_image(?, 7, 5, 1)", (path,)).fetchone() == (draw_by_library(path, 7, 5, 1, 36, [("c1", "1")]),)


def wrong_inputs_are_told():
    database, plain = connect(), model()
    labelled = made_by_library("labelled", labels=True, condition="labels")
    coded = made_by_library("coded", **{"recipe": "infogan", "info.categories": "3", "info.codes": "2"})
    for path, argument, pattern in [
        (plain, 1, "no input 'label'; it has 'latents'"), (plain, "c1=1", "no input 'c1'"), (labelled, 3, "no class '3'; it has the classes 0 … 2"),
        (labelled, -1, "no class '-1'"), (labelled, "cat", "no class 'cat'"), (labelled, "lable=1", "no input 'lable'.*Did you mean 'label'"),
        (labelled, "label=1,label=2", "'label' is set twice"), (labelled, "label=", "'label' is set to nothing"), (labelled, "=1", "no input ''"),
        (labelled, 1.5, "'inputs' is the number 1.5"), (labelled, b"1", "'inputs' is a blob; text such as 'label=7'"), (labelled, "a\0b", "'inputs' holds a character 0"),
        (coded, "c2=7", "'c2' is a number from -1 to 1, and not 7"), (coded, "c2=x", "'c2' takes numbers"), (coded, "c2=0,c9=0", "takes numbers, and 'c9=0'"),
        (coded, "c1=3", "no class '3'"), (coded, "latents=1", "rows of 5"),
    ]:
        for call in ("SELECT gan_png(?, 1, 1, ?)", "SELECT gan_image(?, 1, 1, ?)", "SELECT count(*) FROM gan_sample(?, 1, 1, 0, ?)"):
            fails(pattern, database, call, path, argument)
        # What was refused is forgotten.
        assert database.execute("SELECT gan_image(?, 1, 1)", (path,)).fetchone()[0] == draw_by_library(path, 1, 1, 1, 36)
    fails("wrong number of arguments", database, "SELECT gan_png(?, 1, 1, 1, 1)", plain)


def a_blob_has_sqlites_limit():
    database, path = connect(), model()
    database.setlimit(sqlite3.SQLITE_LIMIT_LENGTH, 35)
    assert isinstance(fails("too big", database, "SELECT length(gan_image('" + path + "', 1, 1))"), sqlite3.Error)


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


def models_are_evaluated():
    database, path = with_images(raw_images()), model()
    cursor = database.execute("SELECT * FROM gan_evaluate(?, 'SELECT image FROM images', 60, NULL, 6, 6)", (path,))
    assert [column[0] for column in cursor.description] == ["measure", "value", "spread", "better"]
    rows = cursor.fetchall()
    told = {row[0]: row[1:] for row in rows}
    assert {"frechet-distance", "kernel-distance", "precision", "recall", "density", "coverage", "copies", "duplicates"} <= set(told) and "modes" not in told, told
    assert told["frechet-distance"][0] > 0 and 0 <= told["recall"][0] <= 1 and told["kernel-distance"][1] > 0 and told["recall"][1] is None
    assert told["frechet-distance"][2] == "lower" and told["recall"][2] == "higher"
    assert database.execute("SELECT * FROM gan_evaluate(?, 'SELECT image FROM images', 60, NULL, 6, 6)", (path,)).fetchall() == rows
    assert database.execute("SELECT * FROM gan_evaluate(NULL, 'SELECT image FROM images')").fetchall() == []
    for arguments, pattern in [
        (("absent", "SELECT image FROM images", 60, None, 6, 6), "absent.*no such file"), ((path, "SELECT image FROM images", 0, None, 6, 6), "1 or more"),
        ((path, "SELECT image FROM images", 60, path, 6, 6), "no classifier"), ((path, "SELECT image FROM absent", 60, None, 6, 6), "no such table"),
    ]:
        fails(pattern, database, "SELECT * FROM gan_evaluate(?, ?, ?, ?, ?, ?)", *arguments)
