"""Tables: comma-separated values in, a generator of rows, and rows out, also of those that meet conditions."""
import csv
import json
import os
import struct

from support import *


def people(folder, count=600):
    gan(folder, 'data', 'people', 'people.csv', '--count', str(count))
    return 'people.csv'


SMALL = ['--set', 'generator.hidden=32', '--set', 'discriminator.hidden=32', '--set', 'batch-size=100', '--threads', '1']


def rows_of(text):
    return list(csv.DictReader(text.splitlines()))


def a_table_is_learnt_and_drawn(folder):
    real = rows_of(read(folder, people(folder)).decode())
    assert len(real) == 600 and list(real[0])[:3] == ['age', 'sex', 'city']
    done = gan(folder, 'train', 'people.csv', '--recipe', 'table', '--epochs', '3', '-o', 't.safetensors', '--samples', 'DIR', *SMALL)
    assert '600 rows from people.csv' in done.err and '--csv' in done.err and len(done.out.splitlines()) == 3
    assert sorted(os.listdir(os.path.join(folder, 'DIR'))) == ['0001.csv', '0003.csv', 'log.csv', 'loss.png']
    assert len(rows_of(read(folder, 'DIR/0003.csv').decode())) == 10
    plain = gan(folder, 'train', 'people.csv', '--epochs', '3', '-o', 'u.safetensors', *SMALL)
    assert read(folder, 'u.safetensors') == read(folder, 't.safetensors'), 'a table asks for its recipe by itself'
    gan(folder, 'sample', 't.safetensors', '--count', '50', '--seed', '7', '--csv', 'out.csv', word='50 rows')
    made = rows_of(read(folder, 'out.csv').decode())
    assert len(made) == 50 and list(made[0]) == list(real[0])
    assert {row['city'] for row in made} <= {row['city'] for row in real} and all(17 <= int(row['age']) <= 90 for row in made)
    out = gan(folder, 'sample', 't.safetensors', '--count', '50', '--seed', '7', '--csv', '-').out
    assert out.encode() == read(folder, 'out.csv')
    out = gan(folder, 'sample', 't.safetensors', '--count', '3', '--seed', '7', '--first', '5', '--csv', '-').out
    assert rows_of(out) == made[5:8]
    few = gan(folder, 'sample', 't.safetensors', '--count', '9', '--where', 'city=Jeju', '--where', 'age>=40', '--csv', '-').out
    assert len(rows_of(few)) == 9 and all(row['city'] == 'Jeju' and int(row['age']) >= 40 for row in rows_of(few))
    gan(folder, 'resume', 't.safetensors', 'people.csv', '--epochs', '4')
    told = gan(folder, 'inspect', 't.safetensors').out
    assert 'Columns' in told and 'Busan, Daegu' in told, told
    columns = json.loads(gan(folder, 'inspect', 't.safetensors', '--json').out)['columns']
    assert [column['kind'] for column in columns][:3] == ['integer', 'category', 'category'] and columns[1]['categories'] == ['f', 'm']


def what_a_table_cannot_be(folder):
    people(folder)
    gan(folder, 'train', 'people.csv', '--epochs', '1', '-o', 't.safetensors', *SMALL)
    for condition, word in (('city=Seol', 'Seoul'), ('town=Seoul', 'town'), ('age>200', 'from 17 to'), ('city', 'COLUMN=VALUE')):
        gan(folder, 'sample', 't.safetensors', '--where', condition, '--csv', 'x.csv', code=64, word=word)
    assert not os.path.exists(os.path.join(folder, 'x.csv'))
    gan(folder, 'sample', 't.safetensors', '--png', 'x.png', code=65, word='--csv')
    gan(folder, 'sample', 't.safetensors', '--where', 'city=Seoul', '--npy', 'x.npy', code=64, word="'--csv")
    gan(folder, 'sample', 't.safetensors', '--csv', 'x.csv', '--png', 'x.png', code=64, word="'--csv'")
    write(folder, 'ragged.csv', 'a,b\n1,2\n3\n')
    gan(folder, 'train', 'ragged.csv', code=65, word='Line 3')
    write(folder, 'photo.csv', '\x89PNG\r\n\x1a\n and more')
    gan(folder, 'train', 'photo.csv', code=65, word='PNG')
    write(folder, 'names.csv', 'name,b\n' + ''.join(f'n{i},{i % 2}\n' for i in range(3000)))
    gan(folder, 'train', 'names.csv', code=65, word='table.leave-out')
    gan(folder, 'train', 'people.csv', '--set', 'table.continuous=aeg', code=64, word='"age"')
    gan(folder, 'train', data(folder), '--recipe', 'table', code=65, word='rows of a table')
    gan(folder, 'train', 'people.csv', '--recipe', 'infogan', code=65, word='pictures')
    gan(folder, 'data', 'people', 'folder', code=64, word='.csv')
    write(folder, 'mine.txt', 'a letter\n')
    gan(folder, 'sample', 't.safetensors', '--csv', 'mine.txt', code=73, word='mine.txt')


def rows_are_measured(folder):
    people(folder, 500)
    gan(folder, 'train', 'people.csv', '--epochs', '2', '-o', 't.safetensors', *SMALL)
    done = gan(folder, 'evaluate', 't.safetensors', 'people.csv', '--csv')
    values = {row['measure']: float(row['value']) for row in rows_of(done.out)}
    assert values['exact-copies'] == 0 and 0 < values['column-difference'] < 1 and 0 < values['pair-difference'] < 1, values
    assert values['closest-record'] > 0.5 and 'precision' in values and 'sliced-wasserstein' not in values, values
    done = gan(folder, 'evaluate', 'people.csv', 'people.csv', '--csv')
    values = {row['measure']: float(row['value']) for row in rows_of(done.out)}
    assert values['exact-copies'] == 1 and values['column-difference'] == 0 and values['pair-difference'] == 0 and values['closest-record'] == 0, values


def write(folder, name, text):
    with open(os.path.join(folder, name), 'w', encoding='latin-1') as file:
        file.write(text)


def with_fields(folder, name, fields, out):
    """The same checkpoint, which says that its data had other fields."""
    whole = read(folder, name)
    size = struct.unpack('<Q', whole[:8])[0]
    header = json.loads(whole[8:8 + size])
    header['__metadata__'].update({'fields': fields, 'edited': 'by a test', 'format-version': '2'})
    header['__metadata__'].pop('label', None)
    text = json.dumps(header).encode()
    text += b' ' * (-len(text) % 8)
    with open(os.path.join(folder, out), 'wb') as file:
        file.write(struct.pack('<Q', len(text)) + text + whole[8 + size:])


def a_file_that_speaks_of_rows_makes_none(folder):
    # Pictures of few pixels, beside rows of many numbers, and the other way about.
    rows = 'table row 1\ncategories 0 900\nc\n\n' + '\n'.join(f'1 n{i}' for i in range(900))
    model(folder)
    with_fields(folder, 'digits.safetensors', f'values image {HEIGHT} {WIDTH} 1\n' + rows, 'x.safetensors')
    gan(folder, 'sample', 'x.safetensors', '--csv', 'x.csv', code=65, word='900')
    gan(folder, 'sample', 'digits.safetensors', '--csv', 'x.csv', code=65, word='no rows of a table')
    people(folder)
    gan(folder, 'train', 'people.csv', '--epochs', '1', '-o', 't.safetensors', *SMALL)
    for fields in (rows, 'table row 1\ncategories 0 2\nc\n\n1 a\n1 b', 'table row 1\ncategories 0 1\nc\n\n1 a', 'table row 1\nquantity 0 1 integer 5 1\nc\n\n1 2 3',
                   'table row 9999\n', 'table row 1\n', 'values image 1 4 1'):
        with_fields(folder, 't.safetensors', fields, 'x.safetensors')
        gan(folder, 'sample', 'x.safetensors', '--csv', 'x.csv', code=65)
