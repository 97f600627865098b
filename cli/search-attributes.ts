import type { Connection } from '@temporalio/client';
import proto from '@temporalio/proto';
import { searchAttributes } from '../contracts/search-attributes.ts';

const types = proto.temporal.api.enums.v1.IndexedValueType;

const TYPE = {
  KEYWORD: types.INDEXED_VALUE_TYPE_KEYWORD,
  INT: types.INDEXED_VALUE_TYPE_INT,
  DATETIME: types.INDEXED_VALUE_TYPE_DATETIME,
};

const missingIn = async (connection: Connection, namespace: string) => {
  const { customAttributes } = await connection.operatorService.listSearchAttributes({ namespace });
  return Object.values(searchAttributes).filter(({ name }) => !(name in customAttributes));
};

/**
 * Registers what a namespace lacks of the search attributes. Safe to run again. Rejects where the caller may not do this:
 * Temporal Cloud, for one, lets only its own console and `tcld` do it.
 *
 * @returns the names of those that were added
 */
export const addSearchAttributes = async (connection: Connection, namespace: string): Promise<string[]> => {
  const missing = await missingIn(connection, namespace);
  if (missing.length === 0) return [];
  await connection.operatorService.addSearchAttributes({
    namespace,
    searchAttributes: Object.fromEntries(missing.map(({ name, type }) => [name, TYPE[type]])),
  });
  return missing.map(({ name }) => name);
};

/** The names of those that a namespace lacks. */
export const missingSearchAttributes = async (connection: Connection, namespace: string): Promise<string[]> =>
  (await missingIn(connection, namespace)).map(({ name }) => name);
