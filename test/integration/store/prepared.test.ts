import { expect, test } from '@jest/globals';
import { sql } from 'kysely';
import { createDatabase } from '../../../store/database.ts';
import { freshDatabase } from '../../database.ts';

test('a statement with parameters is prepared once per connection, and one that fails leaves the next in order', async () => {
  const database = await freshDatabase();
  const db = createDatabase(database.url, () => {}, 1);
  try {
    const half = (of: number) => sql<{ half: number }>`select 10 / ${of}::integer as half`.execute(db);
    expect((await half(2)).rows).toEqual([{ half: 5 }]);
    await expect(half(0)).rejects.toThrow('division by zero');
    expect((await half(5)).rows).toEqual([{ half: 2 }]);
    const prepared = await sql<{ statement: string }>`select statement from pg_prepared_statements`.execute(db);
    expect(prepared.rows).toEqual([{ statement: 'select 10 / $1::integer as half' }]);
  } finally {
    await db.destroy();
    await database.close();
  }
});
