"""Tables in SQL: trainings on the rows of a query, and rows with the table's own columns."""

import sqlite3

from support import connect, fails

SMALL = "batch-size=100; generator.hidden=16; discriminator.hidden=16; threads=1; seed=3"
QUERY = "SELECT city, age, height, born, \"odd \"\" name\", note FROM people ORDER BY id"


def people(count=600):
    database = connect()
    database.execute('CREATE TABLE people(id INTEGER PRIMARY KEY, city TEXT, age INTEGER, height REAL, born TEXT, "odd "" name" INTEGER, note TEXT)')
    database.executemany("INSERT INTO people VALUES (?, ?, ?, ?, ?, ?, ?)", [
        (i, ("Seoul", "Busan", "a, \"b\"\nc")[i % 3], 20 + i * 7 % 50, None if i % 6 == 0 else 150 + i % 40 + 0.5, f"19{50 + i % 50}-0{1 + i % 9}-15", i % 4,
         ("yes", "no", None)[i % 3]) for i in range(count)])
    return database


def trained(name="table.safetensors"):
    database = people()
    rows = database.execute("SELECT epoch, step, condition_loss IS NOT NULL FROM gan_train(?, 3, ?, ?)", (QUERY, name, SMALL)).fetchall()
    assert rows == [(1, 6, 1), (2, 12, 1), (3, 18, 1)], rows
    return database, name


NAMES = ["city", "age", "height", "born", "odd \" name", "note"]


def a_table_is_made_of_a_model():
    database, path = trained()
    database.execute("CREATE TABLE fake AS SELECT * FROM gan_rows(?, 7, 1000)", (path,))
    cursor = database.execute("SELECT * FROM fake")
    assert [column[0] for column in cursor.description] == NAMES
    rows = cursor.fetchall()
    assert len(rows) == 1000
    assert {row[0] for row in rows} <= {"Seoul", "Busan", "a, \"b\"\nc"} and {row[5] for row in rows} <= {"yes", "no", None}
    kinds = [{type(row[column]) for row in rows} for column in range(6)]
    assert kinds[1] == {int} and kinds[2] == {float, type(None)} and kinds[3] == {str} and kinds[4] == {int}, kinds
    assert all(20 <= row[1] <= 69 and len(row[3]) == 10 for row in rows)
    again = database.execute("SELECT * FROM gan_rows(?, 7, 10, 5)", (path,)).fetchall()
    assert again == rows[5:15], "row i under a seed is always the same"
    assert database.execute("SELECT count(*) FROM gan_rows(?, 7, 0)", (path,)).fetchone() == (0,)
    asked = database.execute("SELECT city, age FROM gan_rows(?, 7, 20, 0, 'city=Busan; age>=40')", (path,)).fetchall()
    assert len(asked) == 20 and all(city == "Busan" and age >= 40 for city, age in asked)
    assert database.execute("SELECT * FROM gan_rows(NULL, 7, 3)").fetchall() == []


def each_model_has_its_columns():
    database, path = trained()
    database.execute("SELECT gan_train('SELECT age, city, note FROM people ORDER BY id', 1, 'other.safetensors', ?)", (SMALL,))
    for _ in range(3):
        for name, columns in ((path, NAMES), ("other.safetensors", ["age", "city", "note"])):
            cursor = database.execute("SELECT * FROM gan_rows(?, 1, 2)", (name,))
            assert len(cursor.fetchall()) == 2 and [column[0] for column in cursor.description] == columns
    # Two at once have a table each.
    database.execute(f"CREATE VIRTUAL TABLE temp.one USING gan_rows('{path}')")
    database.execute("CREATE VIRTUAL TABLE temp.two USING gan_rows ( 'other.safetensors' )")
    rows = database.execute("SELECT one.born, two.age, two.note FROM one(1, 2), two(1, 2, 3, 'age<50')").fetchall()
    assert len(rows) == 4 and all(row[1] < 50 for row in rows)
    assert database.execute("SELECT count(*) FROM one(1, 400) WHERE city = 'Seoul'").fetchone()[0] > 50
    database.execute("DROP TABLE one")
    fails("needs its argument 'seed'", database, "SELECT * FROM two")
    fails("columns of one model|ambiguous|schema", database, "SELECT a.age FROM gan_rows(?, 1, 2) a, gan_rows('other.safetensors', 1, 2) b", path)
    assert len(database.execute("SELECT * FROM gan_rows(?, 1, 2)", (path,)).fetchall()) == 2, "and the next statement is as good as before"


def a_table_of_a_file_stays():
    _, path = trained()
    database = connect("rows.db")
    database.execute(f"CREATE VIRTUAL TABLE folk USING gan_rows('{path}')")
    database.commit()
    database.close()
    database = connect("rows.db")
    assert len(database.execute("SELECT city, age FROM folk(7, 5)").fetchall()) == 5
    database.execute("CREATE TABLE kept AS SELECT * FROM folk(7, 50)")
    assert database.execute("SELECT count(*), count(city) FROM kept").fetchone() == (50, 50)


def trainings_go_on_and_are_measured():
    database, path = trained("resumed.safetensors")
    assert database.execute("SELECT epoch, data FROM gan_resume(?, ?, 4)", (path, QUERY)).fetchall() == [(4, "same")]
    values = dict(database.execute("SELECT measure, value FROM gan_evaluate(?, ?, 300)", (path, QUERY)).fetchall())
    assert values["exact-copies"] == 0 and 0 < values["column-difference"] < 1 and 0 < values["pair-difference"] < 1, values
    # Of one column the recipe has to be told.
    assert database.execute("SELECT gan_train('SELECT city FROM people', 1, 'narrow.safetensors', ?)", (SMALL + "; recipe=table",)).fetchone()[0] == 6


def what_is_no_table_is_told():
    database, path = trained()
    for statement, word in (
            ("SELECT * FROM gan_rows('nothing.safetensors', 1, 2)", "nothing.safetensors"), ("SELECT * FROM gan_rows(?1, 1)", "needs its argument 'count'"),
            ("SELECT * FROM gan_rows(?1, 1.5, 2)", "whole number"), ("SELECT * FROM gan_rows(?1, 1, -2)", "0 or more"),
            ("SELECT * FROM gan_rows(?1, 1, 2, 0, 'town=Seoul')", "town"), ("SELECT * FROM gan_rows(?1, 1, 2, 0, 'age>200')", "No row can meet"),
            ("CREATE VIRTUAL TABLE temp.x USING gan_rows", "path of a model"), ("CREATE VIRTUAL TABLE temp.x USING gan_rows(y)", "quotation marks")):
        fails(word, database, statement, *([path] if "?1" in statement else []))
    fails("blob in the column \"b\"", database, "SELECT gan_train('SELECT 1 AS a, x''01'' AS b, 2 AS c', 1, 'no.safetensors')")
    fails("no rows", database, "SELECT gan_train('SELECT 1 AS a, 2 AS b, 2 AS c WHERE 0', 1, 'no.safetensors')")
    assert sqlite3.sqlite_version
