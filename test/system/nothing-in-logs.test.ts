import { readdirSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { setTimeout as pause } from 'node:timers/promises';
import { expect, test } from '@jest/globals';
import { createDeskClient } from '../../web/client.ts';
import { forgetfulStorage } from '../../web/memory.ts';
import { nodeSocket } from '../../web/node-socket.ts';
import { until } from '../../web/until.ts';
import { bundleWorkflows } from '../../workers/bundle.ts';
import { startDeployment } from './deployment.ts';

/** What a customer might write and nobody may find outside the transcript. Letters only, so that no tokenizer splits it. */
const CANARY = 'zxqvcanaryzxqv';

test('what a customer writes is in no log line and no metric, whatever fails on the way', async () => {
  const desk = await startDeployment(0, { LOG_LEVEL: 'trace' });
  try {
    const bundle = join(desk.logs, '..', 'workflows.js');
    writeFileSync(bundle, await bundleWorkflows());
    const [worker, gateway] = await Promise.all([desk.startWorker(bundle), desk.startGateway(bundle)]);
    const client = createDeskClient({
      url: `${gateway.url.replace('http', 'ws')}/v1/socket`,
      WebSocket: nodeSocket(gateway.url),
      storage: forgetfulStorage(),
    });
    const ask = async (text: string, turn: number) => {
      client.send(text);
      await until(
        client,
        `the end of turn ${turn}`,
        ({ view }) => view.messages.some(({ id }) => id === `a:${turn}`),
        60_000,
      );
    };
    await ask(`Where is my order? My name is ${CANARY}`, 1);
    // The slow path, where Temporal logs each attempt that failed, and a refusal, which fails the turn.
    await desk.faults([{ fault: 'rate_limited', times: 2 }]);
    await ask(`And how long does delivery take, ${CANARY}?`, 2);
    await desk.faults([{ fault: 'status', status: 401, times: 1 }]);
    await ask(`Are you there? ${CANARY}`, 3);
    client.end();

    expect(await desk.transcript()).toContain(CANARY);
    const metrics = await Promise.all([worker, gateway].map(async ({ url }) => (await fetch(`${url}/metrics`)).text()));
    await Promise.all([desk.stop(worker), desk.stop(gateway)]);
    await pause(100);
    const logs = readdirSync(desk.logs).map((file) => readFileSync(join(desk.logs, file), 'utf8'));
    const lines = logs.flatMap((log) => log.split('\n'));
    expect(
      lines.filter((line) => line.includes('"conversationId":"cnv_') && line.includes('"runId":"')).length,
    ).toBeGreaterThan(3);
    expect(lines.filter((line) => line.includes(CANARY))).toEqual([]);
    expect(metrics.filter((page) => page.includes(CANARY))).toEqual([]);
    expect(metrics[0]).toMatch(/^duradesk_first_delta_seconds_count [1-9]/m);
    expect(metrics[0]).toMatch(/^duradesk_model_calls_total\{result="rate_limited"\} [1-9]/m);
    expect(metrics[0]).toMatch(/^temporal_workflow_completed|^temporal_workflow_task_execution_latency_seconds/m);
  } finally {
    await desk.close();
  }
}, 240_000);
