import { expect, test } from '@jest/globals';
import { createMemoryModelQueue } from '../../../stream/memory-model-queue.ts';
import { measuredQueue } from '../../../workers/measured-queue.ts';
import { createWorkerMetrics } from '../../../workers/metrics.ts';
import { PLENTY, takeFree } from '../../contracts/model-queue/rig.ts';

test('places are counted by what became of the call, and how many there are is read when somebody asks', async () => {
  const metrics = createWorkerMetrics();
  const queue = measuredQueue(
    createMemoryModelQueue(() => ({ ...PLENTY, concurrency: 2 })),
    'first',
    metrics,
  );
  const place = await takeFree(queue);
  await takeFree(queue, { rank: 'background' });
  await expect(takeFree(queue)).rejects.toThrow('no free place');
  const waiting = queue.enter({ rank: 'live', share: 'anna', tokens: 1, withinMs: 500 }, new AbortController().signal);
  const read = async () => {
    const text = await metrics.registry.metrics();
    return text.split('\n').filter((line) => /^duradesk_model_queue_(calls|admitted|refused|slow)/.test(line));
  };
  expect(await read()).toEqual([
    'duradesk_model_queue_admitted_total{model="first",rank="live"} 1',
    'duradesk_model_queue_admitted_total{model="first",rank="background"} 1',
    'duradesk_model_queue_refused_total{model="first",rank="live"} 1',
    'duradesk_model_queue_calls{model="first",what="waiting"} 1',
    'duradesk_model_queue_calls{model="first",what="talking"} 2',
    'duradesk_model_queue_calls{model="first",what="limit"} 2',
  ]);
  place.leave({ result: 'slow_down', retryAfterMs: 1 });
  expect(await waiting).toBeNull();
  expect(await read()).toContain('duradesk_model_queue_slow_downs_total{model="first"} 1');
}, 20_000);
