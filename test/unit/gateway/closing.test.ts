import { expect, test } from '@jest/globals';
import { ServiceError } from '@temporalio/client';
import { acrossClosing } from '../../../gateway/closing.ts';

/** As the client passes on what the server answered. */
const refused = (code: number, details: string): ServiceError => {
  const cause = Object.assign(new Error(`${code} ${details}`), { code, details, metadata: {} });
  return new ServiceError('Failed to signalWithStart Workflow', { cause });
};

const CLOSING = refused(8, 'workflow operation can not be applied because workflow is closing');

/** Rejects with each of `errors`, then resolves. */
const after = (...errors: Error[]) => {
  let calls = 0;
  const work = async (): Promise<string> => {
    calls += 1;
    const error = errors.shift();
    if (error) throw error;
    return 'delivered';
  };
  return { work, calls: () => calls };
};

test('a message that meets the end of a run is delivered to the next one', async () => {
  const { work, calls } = after(CLOSING, CLOSING);
  await expect(acrossClosing(work)).resolves.toBe('delivered');
  expect(calls()).toBe(3);
});

test('what goes on being refused is given back within a second', async () => {
  const begun = performance.now();
  const { work, calls } = after(...Array.from({ length: 10 }, () => CLOSING));
  await expect(acrossClosing(work)).rejects.toBe(CLOSING);
  expect(calls()).toBe(6);
  expect(performance.now() - begun).toBeGreaterThan(700);
});

test.each([
  ['an exhausted server', refused(8, 'namespace rate limit exceeded')],
  ['an absent server', refused(14, 'no connection established')],
  ['anything else', new Error('workflow is closing')],
])('%s is not asked again', async (_, error) => {
  const { work, calls } = after(error);
  await expect(acrossClosing(work)).rejects.toBe(error);
  expect(calls()).toBe(1);
});
