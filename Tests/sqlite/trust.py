"""What SQL may not do with files and schemas."""

import os
import sqlite3

from support import connect, contents, fails, model, OPTIONS, pixels, png, raw_images, train, with_images


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
