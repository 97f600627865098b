import { Worker } from '@temporalio/worker';

/** A recorded history and the name to call it by: a file or a workflow id. */
export type RecordedHistory = { name: string; history: unknown };

/** The workflow code does not do what a recorded history says it did: conversations that run now would get stuck. */
export class ReplayBroken extends Error {
  override readonly name = 'ReplayBroken';
  readonly broken: string[];

  constructor(failures: { name: string; reason: string }[], remedy: string) {
    super(
      [
        ...failures.map(({ name, reason }) => `${name}: ${reason}`),
        'Workflow code must replay every history. Put the change behind a dated patch (docs/operations.md), then run again:',
        remedy,
      ].join('\n'),
    );
    this.broken = failures.map(({ name }) => name);
  }
}

/**
 * Replays histories against a workflow bundle, side effects off. `remedy` is the command to run when that fails.
 *
 * @returns how many were replayed; rejects with `ReplayBroken` that names each history that no longer fits
 */
export const replay = async (
  bundle: string,
  histories: Iterable<RecordedHistory> | AsyncIterable<RecordedHistory>,
  remedy: string,
): Promise<number> => {
  const failures: { name: string; reason: string }[] = [];
  let replayed = 0;
  const results = Worker.runReplayHistories(
    { workflowBundle: { code: bundle }, replayName: 'duradesk' },
    named(histories),
  );
  for await (const { workflowId, error } of results) {
    replayed += 1;
    if (error) failures.push({ name: workflowId, reason: error.message });
  }
  if (failures.length > 0) throw new ReplayBroken(failures, remedy);
  return replayed;
};

async function* named(histories: Iterable<RecordedHistory> | AsyncIterable<RecordedHistory>) {
  for await (const { name, history } of histories) yield { workflowId: name, history };
}
