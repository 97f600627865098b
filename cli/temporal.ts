import { Client, Connection } from '@temporalio/client';

const CONNECT = '5s';

/** Does `work` with a client of one namespace and lets go of it. Rejects within 5 s when nobody answers at `address`. */
export const withTemporal = async <T>(
  {
    TEMPORAL_ADDRESS: address,
    TEMPORAL_NAMESPACE: namespace,
  }: { TEMPORAL_ADDRESS: string; TEMPORAL_NAMESPACE: string },
  work: (client: Client, connection: Connection) => Promise<T>,
): Promise<T> => {
  const connection = await Connection.connect({ address, connectTimeout: CONNECT }).catch((error: unknown) => {
    throw new Error(`no Temporal answers at TEMPORAL_ADDRESS=${address}: start it or correct the address`, {
      cause: error,
    });
  });
  try {
    return await work(new Client({ connection, namespace }), connection);
  } finally {
    await connection.close();
  }
};
