"""gan_apply: pictures of pictures in SQL."""

from support import connect, fails, model, picture_model, pixels, png, png_header, png_of, with_images


def a_picture_is_made_of_a_picture():
    database = connect()
    colours = picture_model("colours.safetensors", "image-to-image", source="grey")
    picture = png(pixels(3, 20, 3), 20, 3)
    made, = database.execute("SELECT gan_apply(?, ?)", (colours, picture)).fetchone()
    again, other = database.execute("SELECT gan_apply(?1, ?2, 0), gan_apply(?1, ?2, 7)", (colours, picture)).fetchone()
    assert png_header(made) == (20, 20, 8, 2) and made == again and made != other
    enlarging = picture_model("enlarging.safetensors", "super-resolution", scale=2)
    large, = database.execute("SELECT gan_apply(?, ?)", (enlarging, picture)).fetchone()
    assert png_header(large) == (40, 40, 8, 2)
    # 16 bits stay 16, transparency stays.
    deep = png_of(20, 16, 6, bytes(i * 13 % 256 for i in range(20 * 20 * 8)))
    large, = database.execute("SELECT gan_apply(?, ?)", (enlarging, deep)).fetchone()
    assert png_header(large) == (40, 40, 16, 6)
    # Each row's own, and NULL for NULL.
    rows = with_images([png(pixels(i, 20, 3), 20, 3) for i in range(3)] + [None]).execute(
        "SELECT gan_apply(?, image) FROM images ORDER BY id", (colours,)).fetchall()
    assert len({row[0] for row in rows}) == 4 and rows[3] == (None,)


def holes_of_a_picture_are_filled():
    database = connect()
    filling = picture_model("filling.safetensors", "inpainting")
    picture = png(pixels(5, 20, 3), 20, 3)
    mask = png(bytes(255 if 4 <= p % 20 < 10 and 6 <= p // 20 < 12 else 0 for p in range(400)), 20)
    by_box, by_mask = database.execute("SELECT gan_apply(?1, ?2, 0, '4,6,6,6'), gan_apply(?1, ?2, NULL, ?3)", (filling, picture, mask)).fetchone()
    assert by_box == by_mask != picture and png_header(by_box) == (20, 20, 8, 2)
    clear = bytearray(b"".join(pixels(5, 20, 3)[3 * p:3 * p + 3] + b"\xff" for p in range(400)))
    for p in range(400):
        if 4 <= p % 20 < 10 and 6 <= p // 20 < 12:
            clear[4 * p + 3] = 0
    by_transparency, = database.execute("SELECT gan_apply(?, ?)", (filling, png_of(20, 8, 6, bytes(clear)))).fetchone()
    assert by_transparency == by_box
    fails("Nothing is to be filled", database, "SELECT gan_apply(?, ?)", filling, picture)
    fails("'mask' has 6 × 6 pixels, and the picture has 20 × 20", database, "SELECT gan_apply(?, ?, 0, ?)", filling, picture, png(pixels(1)))
    for box in ("1,1,1", "a", "", "1,1,0,4", "-1,0,4,4", "1,1,99999999999999999999,2"):
        fails("column, row, width and height", database, "SELECT gan_apply(?, ?, 0, ?)", filling, picture, box)
    fails("begins beyond", database, "SELECT gan_apply(?, ?, 0, '20,0,1,1')", filling, picture)
    fails("'mask' is the number 5", database, "SELECT gan_apply(?, ?, 0, 5)", filling, picture)


def wrong_pictures_are_told():
    database = connect()
    colours = picture_model("colours.safetensors", "image-to-image", source="grey")
    picture = png(pixels(3, 20, 3), 20, 3)
    fails("'picture' is text; a PNG or JPEG file", database, "SELECT gan_apply(?, 'a.png')", colours)
    fails("'picture' is an empty blob", database, "SELECT gan_apply(?, x'')", colours)
    fails("neither", database, "SELECT gan_apply(?, x'0102')", colours)
    fails("cut short", database, "SELECT gan_apply(?, ?)", colours, picture[:60])
    fails("fills no holes", database, "SELECT gan_apply(?, ?, 0, '1,1,1,1')", colours, picture)
    fails("draw from it with a sampler", database, "SELECT gan_apply(?, ?)", model(), picture)
    fails("no such file", database, "SELECT gan_apply('absent.safetensors', ?)", picture)
    fails("'seed' is text", database, "SELECT gan_apply(?, ?, 'x')", colours, picture)
    fails("wrong number of arguments", database, "SELECT gan_apply(?)", colours)
